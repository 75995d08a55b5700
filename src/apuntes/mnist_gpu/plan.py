"""Lo que se sortea antes de una época."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from apuntes.mnist_gpu import augment
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.settings import Settings


@dataclass(frozen=True)
class Plan:
    """Lo aleatorio de una época, que depende de la semilla y de la época, y nada más.

    Por eso continuar un entrenamiento no necesita guardar ningún generador.

    Attributes:
        order: qué ejemplos van en cada paso, `(pasos, lote)`.
        noise: cómo se deforma cada uno, `(pasos, lote, 5)`; vacío si no se deforman.
        seed: semilla de lo que la red sortea por su cuenta: dropout.
    """

    order: Tensor
    noise: Tensor
    seed: int


def plan_epoch(settings: Settings, epoch: int, examples: int, world: World) -> Plan:
    """Sortea una época entera; los ejemplos que no llenan un lote esperan a otra."""
    words = np.random.SeedSequence([settings.seed, epoch]).generate_state(2)
    generator = torch.Generator().manual_seed(int(words[0]))
    batch = settings.batch_size
    steps = examples // batch
    order = torch.randperm(examples, generator=generator)
    noise = torch.empty(steps, batch, augment.NUMBERS if settings.augment else 0)
    noise.uniform_(-1, 1, generator=generator)
    order = order[: steps * batch].view(steps, batch)
    return Plan(world.slice(order), world.slice(noise), int(words[1]) + world.rank)


def check_batch(settings: Settings, examples: int, world: World) -> None:
    """Exige un lote que quepa en los datos, se reparta y tenga varianza.

    Raises:
        ValueError: si no.
    """
    batch = settings.batch_size
    if batch > examples:
        raise ValueError(
            "batch_size no puede pasar de las imágenes que hay para entrenar, "
            f"{examples}; se recibió {batch}"
        )
    if batch % world.size:
        raise ValueError(
            f"batch_size debe repartirse entre los {world.size} procesos; "
            f"se recibió {batch}"
        )
    if settings.recipe == "curso" and settings.norm == "batch" and batch == 1:
        raise ValueError(
            "con norm=batch, batch_size debe ser al menos 2: un ejemplo solo no tiene "
            "varianza; se recibió 1"
        )
