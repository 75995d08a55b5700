"""Mide de qué está hecho un paso de la receta `rapida`: results/mnist-paso.json.

Se ejecuta con `python benchmarks/paso_mnist.py`, con MNIST completo en APUNTES_DATA
o en la caché y un hilo; tarda menos de un minuto. Reparte el tiempo de un paso entre
sus operaciones con el perfilador de PyTorch, las cuenta, y compara, alternándolas, tres
parejas de maneras de hacer lo mismo.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import time
from collections.abc import Callable

import torch
from acta import acta, guardar
from torch import nn
from torch.profiler import ProfilerActivity, profile
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.data import DataLoader

from apuntes.mnist_gpu.data import load
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.reference import Pictures
from apuntes.mnist_gpu.runtime import Shortcuts, decide
from apuntes.mnist_gpu.settings import from_recipe
from apuntes.mnist_gpu.steps import prepare
from apuntes.mnist_gpu.trainer import Trainer

CPU, STEPS, ROUNDS = torch.device("cpu"), 4, 15
# A qué parte del paso va cada operación; lo demás es «resto».
PARTS = {
    "convoluciones": ("convolution", "mkldnn"),
    "reducir": ("max_pool",),
    "capas densas": ("addmm", "aten::mm"),
    "activaciones": ("relu", "threshold", "clamp_min"),
    "leer el lote": ("aten::index", "aten::mul_", "aten::sub_", "aten::_to_copy"),
    "Adam": ("adam",),
}
# Vistas: cambian cómo se mira un tensor y no calculan nada.
VIEWS = ("view", "reshape", "detach", "aten.t.", "as_strided", "expand", "alias")


class Count(TorchDispatchMode):
    """Cuenta las operaciones que de verdad calculan algo."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.total += not any(name in str(func) for name in VIEWS)
        return func(*args, **(kwargs or {}))


def trainer_for(data, *, recipe: str = "rapida", channels_last: bool = True):
    """Una receta lista para dar pasos."""
    settings = from_recipe(recipe, validation=0)
    shortcuts = Shortcuts(channels_last=channels_last)
    return Trainer(settings, decide(CPU, settings, shortcuts, World()), data)


def budget(trainer: Trainer) -> dict:
    """Microsegundos de un paso, por partes; cada operación, sin las que llama."""
    best = {}
    for _ in range(ROUNDS):
        parts = _profiled(trainer)
        # El intento más rápido es el que menos interrumpieron otros programas.
        if not best or sum(parts.values()) < sum(best.values()):
            best = parts
    return {name: round(value, 1) for name, value in best.items()}


def _profiled(trainer: Trainer) -> dict:
    with profile(activities=[ProfilerActivity.CPU]) as found:
        for row in range(STEPS):
            trainer.steps.run(row, row)
    parts = dict.fromkeys([*PARTS, "resto"], 0.0)
    for event in found.key_averages():
        name = event.key.lower()
        fits = [part for part, keys in PARTS.items() if any(k in name for k in keys)]
        parts[[*fits, "resto"][0]] += event.self_cpu_time_total / STEPS
    return parts


def operations(trainer: Trainer) -> int:
    """Cuántas operaciones hay en un paso."""
    with Count() as count:
        trainer.steps.run(0, 0)
    return count.total


def asking() -> float:
    """Microsegundos de pedir una operación que no calcula casi nada."""
    x = torch.zeros(1)

    def ask() -> None:
        for _ in range(1000):
            x.add_(1.0)

    return 1000 * min(_seconds(ask) for _ in range(10))


def _seconds(action: Callable[[], None]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def duel(first: Callable[[], None], second: Callable[[], None]) -> dict:
    """Milisegundos de dos maneras de hacer lo mismo: la mejor vez de cada una."""
    first(), second()
    pairs = [(_seconds(first), _seconds(second)) for _ in range(ROUNDS)]
    best = [1000 * min(column) for column in zip(*pairs, strict=True)]
    return {
        "ms": [round(value, 3) for value in best],
        "cociente": round(best[1] / best[0], 2),
    }


def reading(data, settings) -> dict:
    """Un lote del dispositivo, o imagen a imagen con un `DataLoader`."""
    index = torch.randperm(len(data.train))[: settings.batch_size]
    loader = iter(DataLoader(Pictures("train", sample=False), settings.batch_size))
    return duel(
        lambda: prepare(data.train.images[index], settings),
        lambda: next(loader),
    )


def pooling(settings) -> dict:
    """Reducir antes de activar, o después, con la vuelta."""
    x = torch.randn(settings.batch_size, settings.width, 24, 24)
    x = x.to(memory_format=torch.channels_last).requires_grad_()
    pool, relu = nn.MaxPool2d(2), nn.ReLU()
    return duel(
        lambda: relu(pool(x)).sum().backward(),
        lambda: pool(relu(x)).sum().backward(),
    )


def stepping(trainers: list[Trainer]) -> dict:
    """Cinco pasos de dos entrenamientos."""

    def run(trainer: Trainer) -> Callable[[], None]:
        return lambda: [trainer.steps.run(row, row) for row in range(5)]

    return duel(*[run(trainer) for trainer in trainers])


def main() -> None:
    """Mide y guarda."""
    torch.set_num_threads(1)
    settings = from_recipe("rapida", validation=0)
    data = load(settings, CPU)
    trainer = trainer_for(data)
    found = {
        "receta": settings.as_dict(),
        "partes_us": budget(trainer),
        "operaciones": {
            recipe: operations(trainer_for(data, recipe=recipe))
            for recipe in ("curso", "rapida", "precisa")
        },
        "pedir_us": round(asking(), 2),
        "leer": reading(data, settings),
        "reducir": pooling(settings),
        "canales": stepping([trainer, trainer_for(data, channels_last=False)]),
    }
    found["paso_us"] = round(sum(found["partes_us"].values()), 1)
    guardar("mnist-paso", found | {"acta": acta() | {"torch": torch.__version__}})


if __name__ == "__main__":
    main()
