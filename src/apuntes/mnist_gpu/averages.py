r"""La media exponencial de los pesos (capítulo 13, `AveragedWeights`).

Empieza en cero y se corrige al leerla, como las de Adam:
$\bar\theta_t=\beta\bar\theta_{t-1}+(1-\beta)\theta_t$ y se usa
$\bar\theta_t/(1-\beta^t)$. Así `update` es siempre la misma cuenta y cabe en un grafo.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


class Averages:
    """Media de los parámetros y de lo que la normalización recuerda.

    Args:
        net: red que se entrena.
        decay: lo que queda de la media en cada paso; con 0 no hay media.
    """

    def __init__(self, net: nn.Module, *, decay: float) -> None:
        self.decay = decay
        self.live = {
            name: value
            for name, value in net.state_dict(keep_vars=False).items()
            if decay and value.is_floating_point()
        }
        self.sums = {name: torch.zeros_like(value) for name, value in self.live.items()}

    @torch.no_grad()
    def update(self) -> None:
        """Mete en la media los pesos de ahora."""
        if self.decay:
            sums, live = list(self.sums.values()), list(self.live.values())
            torch._foreach_lerp_(sums, live, 1 - self.decay)

    @torch.no_grad()
    def apply(self, steps: int) -> None:
        """Pone en la red la media de `steps` pasos."""
        for name, value in self.live.items():
            torch.div(self.sums[name], 1 - self.decay**steps, out=value)

    @contextmanager
    @torch.no_grad()
    def applied(self, steps: int) -> Iterator[None]:
        """Dentro del `with`, la red tiene la media; al salir, los pesos de antes."""
        before = {name: value.clone() for name, value in self.live.items()}
        try:
            self.apply(steps)
            yield
        finally:
            for name, value in self.live.items():
                value.copy_(before[name])
