"""Lo que responde una red y cuánto acierta, sin entrenarla."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from apuntes.mnist_gpu.data import Split
from apuntes.mnist_gpu.runtime import Runtime
from apuntes.mnist_gpu.settings import Settings
from apuntes.mnist_gpu.steps import prepare

CHUNK = 2000  # imágenes que se pasan de una vez


@dataclass(frozen=True)
class Measured:
    """Pérdida, exactitud y logits `(N, 10)` en unos datos."""

    loss: float
    accuracy: float
    logits: Tensor


@torch.inference_mode()
def answer(
    net: nn.Module, images: Tensor, settings: Settings, runtime: Runtime
) -> Tensor:
    """Logits `(N, 10)` de imágenes `uint8` `(N, 1, 28, 28)`, siempre en `float32`."""
    net.eval()
    found = []
    for chunk in images.split(CHUNK):
        x = prepare(chunk, settings).to(memory_format=runtime.layout)
        found.append(net(x))
    return torch.cat(found)


def measure(
    net: nn.Module, split: Split, settings: Settings, runtime: Runtime
) -> Measured:
    """Mide la red en unos datos; la pérdida es la entropía cruzada, sin suavizar."""
    logits = answer(net, split.images, settings, runtime)
    loss = functional.cross_entropy(logits, split.labels).item()
    right = (logits.argmax(1) == split.labels).sum().item()
    return Measured(loss, right / len(split), logits)
