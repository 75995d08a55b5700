"""Las tres redes, con la activación, el comienzo y la normalización que digas."""

from collections.abc import Callable

import torch
from torch import nn

from apuntes.mnist_gpu.parallel import SyncedBatchNorm
from apuntes.mnist_gpu.settings import Settings

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "softplus": nn.Softplus,
}
INITS: dict[str, Callable] = {
    "zeros": lambda weight: nn.init.zeros_(weight),
    "normal": lambda weight: nn.init.normal_(weight, std=0.01),
    "xavier_uniform": nn.init.xavier_uniform_,
    "xavier_normal": nn.init.xavier_normal_,
    "kaiming_uniform": lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu"),
    "kaiming_normal": lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"),
}


def build(settings: Settings, *, processes: int = 1) -> nn.Sequential:
    """La red de la receta, en la CPU; la semilla fija sus pesos en cualquier sitio."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        net = _RECIPES[settings.recipe](_Parts(settings, processes > 1))
        if settings.init != "pytorch":
            net.apply(lambda layer: _initialize(layer, INITS[settings.init]))
    return net


def _initialize(layer: nn.Module, init: Callable) -> None:
    if isinstance(layer, nn.Linear | nn.Conv2d):
        init(layer.weight)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


class _Parts:
    """Las piezas de una red según los ajustes."""

    def __init__(self, settings: Settings, synced: bool) -> None:
        self.settings, self.synced = settings, synced
        self.width = settings.width

    def conv(self, inputs: int, outputs: int, size: int) -> list[nn.Module]:
        """Convolución sin marco y su normalización, que hace de sesgo si la hay."""
        norm = self.norm(outputs, flat=False)
        return [nn.Conv2d(inputs, outputs, size, bias=not norm), *norm]

    def norm(self, channels: int, *, flat: bool) -> list[nn.Module]:
        """La normalización, o nada."""
        if self.settings.norm == "none":
            return []
        if self.settings.norm == "layer":
            return [nn.GroupNorm(1, channels)]  # un solo grupo: todos los canales
        if self.synced:
            return [SyncedBatchNorm(channels)]
        return [nn.BatchNorm1d(channels) if flat else nn.BatchNorm2d(channels)]

    def activation(self) -> nn.Module:
        return ACTIVATIONS[self.settings.activation]()

    def dropout(self) -> list[nn.Module]:
        """Dropout antes de la última capa, o nada."""
        return [nn.Dropout(self.settings.dropout)] * (self.settings.dropout > 0)


def _course(parts: _Parts) -> nn.Sequential:
    """784-15-10, la de la lección."""
    width = parts.width
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, width),
        *parts.norm(width, flat=True),
        parts.activation(),
        *parts.dropout(),
        nn.Linear(width, 10),
    )


def _fast(parts: _Parts) -> nn.Sequential:
    """Dos convoluciones; se reduce antes de activar, que así hay cuatro veces menos."""
    width = parts.width
    return nn.Sequential(
        *parts.conv(1, width, 5),
        nn.MaxPool2d(2),
        parts.activation(),
        *parts.conv(width, 4 * width, 3),
        nn.MaxPool2d(2),
        parts.activation(),
        nn.Flatten(),
        nn.Linear(100 * width, 128),
        parts.activation(),
        *parts.dropout(),
        nn.Linear(128, 10),
    )


# --8<-- [start:accurate]
def _accurate(parts: _Parts) -> nn.Sequential:
    """Dos parejas de convoluciones; con 16 canales, 21 594 parámetros."""
    layers: list[nn.Module] = []
    for inputs, outputs in ((1, parts.width), (parts.width, 2 * parts.width)):
        layers += [*parts.conv(inputs, outputs, 3), parts.activation()]
        layers += [
            *parts.conv(outputs, outputs, 3),
            nn.MaxPool2d(2),
            parts.activation(),
        ]
    last = nn.Linear(32 * parts.width, 10)
    return nn.Sequential(*layers, nn.Flatten(), *parts.dropout(), last)
    # --8<-- [end:accurate]


_RECIPES = {"curso": _course, "rapida": _fast, "precisa": _accurate}


def parameters(net: nn.Module) -> int:
    """Cuántos parámetros se entrenan."""
    return sum(p.numel() for p in net.parameters())
