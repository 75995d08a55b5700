r"""Optimizadores: cómo se mueven los parámetros una vez conocido el gradiente.

Capítulo: 12-optimizacion-avanzada

Un optimizador guarda los arreglos que recibe y `step(grads)` los cambia en su sitio;
los gradientes, no. La tasa es el atributo `lr`, que se puede cambiar entre pasos.
"""

from collections.abc import Sequence

import numpy as np

from apuntes._adam import Adam, AdamW
from apuntes._adaptive import Adadelta, Adagrad, RMSprop
from apuntes._checks import check_nonnegative
from apuntes._moving_average import exponential_moving_average
from apuntes._optimizer import Optimizer

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Optimizer",
    "RMSprop",
    "exponential_moving_average",
]


# --8<-- [start:SGD]
class SGD(Optimizer):
    r"""Descenso de gradiente (estocástico, si el gradiente es el de un lote).

    Con el gradiente $g\leftarrow\nabla J+\lambda\theta$ y la velocidad
    $u\leftarrow\mu u+g$, que empieza en 0, el paso es
    $\theta\leftarrow\theta-\eta u$; con Nesterov,
    $\theta\leftarrow\theta-\eta\,(g+\mu u)$. Así lo hace PyTorch.

    Args:
        params: lista de arreglos que `step` modificará, como `model.parameters()`.
        lr: tasa de aprendizaje $\eta$.
        momentum: factor $\mu$; con 0 no hay momento.
        dampening: cuánto se le quita a lo que entra en la velocidad, que desde el
            segundo paso es $(1-\,$`dampening`$)\,g$.
        nesterov: si el momento es el de Nesterov.
        weight_decay: penalización $\lambda$ de $\frac12\lambda\lVert\theta\rVert^2$.

    Raises:
        TypeError: si `params` no es una lista de arreglos de coma flotante.
        ValueError: si un hiperparámetro es negativo, `params` está vacía o se pide
            Nesterov sin momento o con amortiguación.

    Fuente:
        Robbins y Monro (1951), doi:10.1214/aoms/1177729586; el momento, Polyak (1964),
        doi:10.1016/0041-5553(64)90137-5; el de Nesterov en redes, Sutskever et al.
        (2013), «On the importance of initialization and momentum in deep learning».

    Examples:
        >>> theta = np.array([1.0, -1.0])
        >>> optimizer = SGD([theta], lr=0.5)
        >>> optimizer.step([np.array([2.0, 0.0])])
        >>> theta
        array([ 0., -1.])
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        *,
        lr: float,
        momentum: float = 0.0,
        dampening: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr=lr, weight_decay=weight_decay, memories=1)
        check_nonnegative(momentum=momentum, dampening=dampening)
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError(
                "nesterov necesita momentum > 0 y dampening = 0; "
                f"se recibió {momentum} y {dampening}"
            )
        self.momentum = momentum
        self.dampening = dampening
        self.nesterov = nesterov
        self._moving = False

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """Da un paso: resta a cada parámetro `lr` por su dirección."""
        # Un np.float64, que es lo que dan muchas programaciones de la tasa, llevaría
        # a float64 las cuentas en float32.
        lr, mu = float(self.lr), float(self.momentum)
        entering = 1 - float(self.dampening) if self._moving else 1.0
        for theta, g, u in self._walk(grads, decay=self.weight_decay):
            d = g
            if mu:
                u *= mu
                u += entering * g
                d = g + mu * u if self.nesterov else u
            theta -= lr * d
        self._moving = self._moving or mu > 0
        # --8<-- [end:SGD]
