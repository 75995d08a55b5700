r"""Optimizadores: cómo se mueven los parámetros una vez conocido el gradiente.

Capítulo: 12-optimizacion

Un optimizador guarda los arreglos que recibe y `step(grads)` los cambia en su sitio;
los gradientes, no. La tasa es el atributo `lr`, que se puede cambiar entre pasos.
"""

from collections.abc import Sequence

import numpy as np

from apuntes._checks import check_floating, check_nonnegative


# --8<-- [start:SGD]
class SGD:
    r"""Descenso de gradiente (estocástico, si el gradiente es el de un lote).

    Con el gradiente $g\leftarrow\nabla L+\lambda\theta$ y la velocidad
    $m\leftarrow\mu m+g$, que empieza en 0, el paso es $\theta\leftarrow\theta-\eta m$;
    con Nesterov, $\theta\leftarrow\theta-\eta\,(g+\mu m)$. Así lo hace PyTorch.

    Args:
        params: lista de arreglos que `step` modificará, como `model.parameters()`.
        lr: tasa de aprendizaje $\eta$.
        momentum: coeficiente $\mu$; con 0 no hay momento.
        nesterov: si el momento es el de Nesterov.
        weight_decay: penalización $\lambda$ de $\frac12\lambda\lVert\theta\rVert^2$.

    Raises:
        TypeError: si `params` no es una lista de arreglos de coma flotante.
        ValueError: si un hiperparámetro es negativo, `params` está vacía o se pide
            Nesterov sin momento.

    Fuente:
        Robbins y Monro (1951), doi:10.1214/aoms/1177729586; el momento, Polyak (1964),
        doi:10.1016/0041-5553(64)90137-5.

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
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        _check_params(params)
        check_nonnegative(lr=lr, momentum=momentum, weight_decay=weight_decay)
        if nesterov and momentum == 0:
            raise ValueError(f"nesterov necesita momentum > 0; se recibió {momentum}")
        self.params = list(params)
        self.lr = lr
        self.momentum = momentum
        self.nesterov = nesterov
        self.weight_decay = weight_decay
        self._velocity = [np.zeros_like(p) for p in params]
        self._scratch = [np.empty_like(p) for p in params]

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """Da un paso: resta a cada parámetro `lr` por su dirección.

        Args:
            grads: gradientes, en el orden y con las formas de `params`.

        Raises:
            ValueError: si no casan con `params`.
        """
        _check_grads(self.params, grads)
        # Un np.float64, que es lo que dan muchas programaciones de la tasa, llevaría
        # a float64 las cuentas en float32.
        lr = float(self.lr)
        for i, (param, grad) in enumerate(zip(self.params, grads, strict=True)):
            step = np.multiply(self._direction(i, grad), lr, out=self._scratch[i])
            np.subtract(param, step, out=param)

    def _direction(self, i: int, grad: np.ndarray) -> np.ndarray:
        if self.weight_decay:
            decay = np.multiply(self.params[i], self.weight_decay, out=self._scratch[i])
            grad = np.add(grad, decay, out=decay)
        if not self.momentum:
            return grad
        velocity = self._velocity[i]
        velocity *= self.momentum
        velocity += grad
        return grad + self.momentum * velocity if self.nesterov else velocity
        # --8<-- [end:SGD]


def _check_params(params: Sequence[np.ndarray]) -> None:
    if not isinstance(params, list | tuple):
        raise TypeError(
            "params debe ser una lista de arreglos, como model.parameters(); "
            f"se recibió {type(params).__name__}"
        )
    if not params:
        raise ValueError("params no puede estar vacía; se recibió []")
    check_floating(**{f"params[{i}]": param for i, param in enumerate(params)})


def _check_grads(params: list[np.ndarray], grads: Sequence[np.ndarray]) -> None:
    expected = [param.shape for param in params]
    shapes = [np.shape(grad) for grad in grads]
    if shapes != expected:
        raise ValueError(
            f"se esperaban gradientes de formas {expected}; se recibió {shapes}"
        )
