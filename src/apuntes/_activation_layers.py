r"""Activaciones cuya derivada se escribe con la entrada.

Capítulo: 09-activaciones-y-gradientes

La de la sigmoide, la tangente y la ReLU sale de la salida, que es lo que guardan sus
capas. La de la SiLU o la GELU no: bajan y vuelven a subir, de modo que a una misma
salida le corresponden dos entradas. Estas guardan la entrada y valen para cualquier
pareja de `apuntes.activations`.
"""

from collections.abc import Callable

import numpy as np

from apuntes._layer import Layer
from apuntes.activations import (
    elu,
    elu_grad,
    gelu,
    gelu_grad,
    leaky_relu,
    leaky_relu_grad,
    silu,
    silu_grad,
    softplus,
    softplus_grad,
)


# --8<-- [start:Activation]
class Activation(Layer):
    r"""Función $f$ de cada número, con su derivada: $a=f(z)$ y, a la vuelta, $f'(z)$.

    Args:
        function: $f$, como `silu`.
        derivative: $f'$, como `silu_grad`.
        options: argumentos por nombre que toman las dos, como `alpha=1.0`.

    Raises:
        TypeError, ValueError: si `function` no acepta esas opciones.

    Examples:
        >>> layer = Activation(np.square, lambda z: 2 * z)
        >>> layer.forward(np.array([[3.0, -1.0]]))
        array([[9., 1.]])
        >>> layer.backward(np.array([[1.0, 10.0]]))
        array([[  6., -20.]])
    """

    def __init__(
        self,
        function: Callable[..., np.ndarray],
        derivative: Callable[..., np.ndarray],
        **options: float | str,
    ) -> None:
        function(np.ones(1), **options)  # que una opción mala falle ya, y no al usarla
        self._function = function
        self._derivative = derivative
        self._options = options

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Guarda la entrada y devuelve $f(z)$."""
        out = self._function(x, **self._options)
        self._saved = x
        return out

    def backward(self, grad: np.ndarray) -> np.ndarray:
        r"""Devuelve $\Delta\odot f'(z)$."""
        return grad * self._derivative(self._recall(grad), **self._options)
        # --8<-- [end:Activation]

    def __repr__(self) -> str:
        """La capa con sus opciones."""
        options = ", ".join(f"{k}={v!r}" for k, v in self._options.items())
        return f"{type(self).__name__}({options})"


class LeakyReLU(Activation):
    r"""Rectificador con fuga: $z$ si $z>0$ y `negative_slope`$·z$ si no."""

    def __init__(self, *, negative_slope: float = 0.01) -> None:
        # Un np.float64 llevaría a float64 las cuentas en float32; igual en ELU.
        negative_slope = float(negative_slope)
        super().__init__(leaky_relu, leaky_relu_grad, negative_slope=negative_slope)


class ELU(Activation):
    r"""Unidad exponencial lineal: $z$ si $z>0$ y $\alpha(e^z-1)$ si no."""

    def __init__(self, *, alpha: float = 1.0) -> None:
        super().__init__(elu, elu_grad, alpha=float(alpha))


class GELU(Activation):
    r"""$z\,\Phi(z)$, exacta o, con `approximate="tanh"`, aproximada y más rápida."""

    def __init__(self, *, approximate: str = "none") -> None:
        super().__init__(gelu, gelu_grad, approximate=approximate)


class SiLU(Activation):
    r"""$z\,\sigma(z)$."""

    def __init__(self) -> None:
        super().__init__(silu, silu_grad)


class Softplus(Activation):
    r"""Rectificador suave: $\ln(1+e^z)$."""

    def __init__(self) -> None:
        super().__init__(softplus, softplus_grad)
