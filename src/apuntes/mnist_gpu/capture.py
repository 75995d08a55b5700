"""Los atajos que tocan el paso: compilarlo y capturarlo como grafo de CUDA.

Un grafo repite las mismas operaciones sobre las mismas direcciones. Antes de grabarlo
hay que dar unos pasos de verdad, y después dejarlo todo como estaba. El atajo que no se
puede tomar se apunta, y se sigue sin él.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch
from torch import Tensor

from apuntes.mnist_gpu.problems import first_line
from apuntes.mnist_gpu.runtime import Runtime
from apuntes.mnist_gpu.steps import Steps

BACKEND = "inductor"  # el de torch.compile
WARMUP = 3  # pasos de prueba, que PyTorch pide para que todo esté reservado


def take_shortcuts(steps: Steps, state: Iterable[Tensor], runtime: Runtime) -> Runtime:
    """Compila y captura lo que diga `runtime`; devuelve lo que de verdad se pudo.

    Args:
        steps: con una época ya empezada.
        state: todo lo que un paso cambia, que queda como estaba.
        runtime: los atajos que se quieren.
    """
    state = list(state)
    for name, label, attempt in (
        ("compile", "torch.compile", try_to_compile),
        ("graph", "el grafo de CUDA", try_to_capture),
    ):
        problem = attempt(steps, state) if getattr(runtime, name) else None
        if problem:
            note = f"{label} no se pudo usar y se va sin él: {problem}"
            runtime = replace(runtime, **{name: False}, notes=(*runtime.notes, note))
    return runtime


def try_to_capture(steps: Steps, state: Iterable[Tensor]) -> str | None:
    """Pone en `steps.replay` el paso capturado, o dice por qué no se pudo."""
    kept = [*state, steps.loss, steps.right, steps.counters]
    try:
        with unchanged(kept):
            _rehearse(steps)
            steps.replay = _capture(steps)
    except RuntimeError as error:
        return first_line(error)
    return None


def _rehearse(steps: Steps) -> None:
    """Da unos pasos en otro flujo; el último, sin dejar que Python espere a la GPU.

    Lo que espera no se puede capturar. Se busca aquí porque una captura que falla a la
    mitad deja a medias la memoria y el azar de PyTorch.
    """
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARMUP):
            steps.step(*steps.counters)
        torch.cuda.set_sync_debug_mode("error")
        try:
            steps.step(*steps.counters)
        finally:
            torch.cuda.set_sync_debug_mode("default")
    torch.cuda.current_stream().wait_stream(stream)


def _capture(steps: Steps) -> Callable[[], None]:
    # Sin gradientes: los que se capturen vivirán en la memoria del grafo.
    steps.optimizer.zero_grad()
    graph = torch.cuda.CUDAGraph()
    try:
        with torch.cuda.graph(graph):
            steps.step(*steps.counters)
            steps.counters += 1
    except RuntimeError as error:
        _recover()
        # El error de cerrar la captura tapa al que la estropeó.
        raise error.__context__ or error from None
    return graph.replay


def _recover() -> None:
    """Tras una captura fallida, el flujo de siempre y un generador que no la espere."""
    torch.cuda.set_stream(torch.cuda.default_stream())
    fresh = torch.Generator("cuda").graphsafe_get_state()
    index = torch.cuda.current_device()
    torch.cuda.default_generators[index].graphsafe_set_state(fresh)


def try_to_compile(steps: Steps, state: Iterable[Tensor]) -> str | None:
    """Compila la red con `torch.compile`, o dice por qué no se pudo."""
    plain = steps.net
    try:
        with unchanged([*state, steps.loss, steps.right]):
            steps.net = torch.compile(plain, backend=BACKEND)
            steps.step(0, 0)
    except Exception as error:  # cada compilador falla con el suyo
        steps.net = plain
        return first_line(error)
    return None


@contextmanager
def unchanged(tensors: Iterable[Tensor]) -> Iterator[None]:
    """Lo que se haga dentro no deja huella en esos tensores ni en el azar."""
    tensors = list(tensors)
    kept = [tensor.clone() for tensor in tensors]
    on_gpu = [t.device for t in tensors if t.device.type == "cuda"]
    with torch.random.fork_rng(devices=on_gpu[:1]):
        try:
            yield
        finally:
            for tensor, value in zip(tensors, kept, strict=True):
                tensor.copy_(value)
