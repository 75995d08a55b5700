"""Los datos, enteros y en el dispositivo: 47 megas de bytes caben en cualquiera."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from apuntes.data import load_mnist, mnist_sample, split_validation
from apuntes.mnist_gpu.settings import Settings

# Media y desviación típica de los píxeles de entrenamiento, de 0 a 1.
MEAN, STD = 0.1307, 0.3081


@dataclass(frozen=True)
class Split:
    """Imágenes `uint8` `(N, 1, 28, 28)` y sus clases `(N,)`."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Data:
    """Lo que se aprende, lo apartado para mirar, si hay, y la prueba."""

    train: Split
    validation: Split | None
    test: Split


def load(settings: Settings, device: torch.device) -> Data:
    """Lee los datos y los lleva al dispositivo.

    Las imágenes apartadas son siempre las mismas, con cualquier semilla: así dos
    entrenamientos se comparan con la misma vara.

    Raises:
        ValueError: si no queda con qué entrenar.
    """
    read = load_mnist if settings.data == "mnist" else mnist_sample
    images, labels = read("train")
    test = _split(*read("test"), device)
    if settings.validation == 0:
        return Data(_split(images, labels, device), None, test)
    if settings.validation >= len(labels):
        raise ValueError(
            f"validation debe dejar alguna imagen, de {len(labels)}, para entrenar; "
            f"se recibió {settings.validation}"
        )
    rng = np.random.default_rng(0)
    parts = split_validation(len(labels), size=settings.validation, rng=rng)
    train, validation = (_split(images[i], labels[i], device) for i in parts)
    return Data(train, validation, test)


def _split(images: np.ndarray, labels: np.ndarray, device: torch.device) -> Split:
    return Split(
        torch.from_numpy(images)[:, None].to(device),
        torch.from_numpy(labels).to(device),
    )


def to_floats(images: Tensor) -> Tensor:
    """De bytes a números entre 0 (fondo) y 1 (tinta)."""
    return images.to(torch.float32).mul_(1 / 255)


def standardize(x: Tensor) -> Tensor:
    """Resta la media y divide entre la desviación típica de MNIST, en su sitio."""
    return x.sub_(MEAN).mul_(1 / STD)
