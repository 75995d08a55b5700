"""Un paso como grafo de CUDA, con marcha atrás si no se puede.

Un grafo repite las mismas operaciones sobre las mismas direcciones. Antes de grabarlo
hay que dar unos pasos de verdad, y después dejarlo todo como estaba.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from apuntes.mnist_gpu.problems import first_line
from apuntes.mnist_gpu.steps import Steps

BACKEND = "inductor"  # el de torch.compile
WARMUP = 3  # pasos de prueba, que PyTorch pide para que todo esté reservado


def try_to_capture(steps: Steps, state: Iterable[Tensor]) -> str | None:
    """Pone en `steps.replay` el paso capturado, o dice por qué no se pudo.

    Args:
        steps: con una época ya empezada.
        state: todo lo que un paso cambia, que queda como estaba.
    """
    kept = [*state, steps.loss, steps.right, steps.counters]
    try:
        with unchanged(kept):
            steps.replay = _capture(steps)
    except RuntimeError as error:
        steps.replay = None
        return first_line(error)
    return None


def _capture(steps: Steps) -> Callable[[], None]:
    row, step = steps.counters
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARMUP):
            steps.step(row, step)
    torch.cuda.current_stream().wait_stream(stream)
    steps.optimizer.zero_grad()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        steps.step(row, step)
        steps.counters += 1
    return graph.replay


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
@torch.no_grad()
def unchanged(tensors: Iterable[Tensor]) -> Iterator[None]:
    """Lo que se haga dentro no deja huella en esos tensores ni en el azar."""
    tensors = list(tensors)
    kept = [tensor.clone() for tensor in tensors]
    on_gpu = [t.device for t in tensors if t.device.type == "cuda"]
    with torch.random.fork_rng(devices=on_gpu[:1]):
        try:
            with torch.enable_grad():
                yield
        finally:
            for tensor, value in zip(tensors, kept, strict=True):
                tensor.copy_(value)
