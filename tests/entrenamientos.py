"""Entrenamientos pequeños de `mnist_gpu`, para sus pruebas."""

import torch

from apuntes.mnist_gpu.data import load
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.runtime import Runtime
from apuntes.mnist_gpu.settings import from_recipe
from apuntes.mnist_gpu.trainer import Trainer

CPU = torch.device("cpu")


def trainer_for(
    recipe: str = "rapida",
    *,
    world: World | None = None,
    runtime: Runtime | None = None,
    **changes,
) -> Trainer:
    """Un entrenamiento pequeño en la CPU."""
    small = {"data": "muestra", "width": 2, "epochs": 0.2} | changes
    settings = from_recipe(recipe, **small)
    return Trainer(settings, runtime or Runtime(device=CPU), load(settings, CPU), world)
