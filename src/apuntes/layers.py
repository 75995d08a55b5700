r"""Capas que saben ir hacia delante y hacia atrás.

Capítulo: 07-retropropagacion

`forward(x)` calcula la salida y guarda lo que hará falta a la vuelta; `backward(grad)`
recibe el gradiente $\Delta$ de la pérdida respecto de la salida, escribe el de cada
parámetro, sin sumarlo al anterior, y devuelve el de la entrada. El lote va primero.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike

from apuntes._activation_layers import ELU, GELU, Activation, LeakyReLU, SiLU, Softplus
from apuntes._checks import check_array, check_counts
from apuntes._layer import Layer, parameter
from apuntes._residual import Residual
from apuntes._sequential import Sequential
from apuntes.activations import relu, sigmoid, tanh
from apuntes.initialization import xavier_uniform

# fmt: off
__all__ = ["ELU", "GELU", "Activation", "Layer", "LeakyReLU", "Linear", "ReLU",
           "Residual", "Sequential", "SiLU", "Sigmoid", "Softplus", "Tanh"]
# fmt: on


# --8<-- [start:Linear]
class Linear(Layer):
    r"""Capa lineal, $Z=XW^\top+b$, con el peso `(out, in)` como en PyTorch.

    Args:
        in_features: números por ejemplo a la entrada.
        out_features: números por ejemplo a la salida.
        rng: generador de números aleatorios para el peso; el sesgo empieza en 0.
        init: función de `apuntes.initialization` que sortea el peso; las que piden
            más argumentos, con `functools.partial(normal, std=0.01)`.
        dtype: tipo de los parámetros, que será el de la entrada y la salida.

    Examples:
        >>> layer = Linear(2, 1, rng=np.random.default_rng(0))
        >>> layer.weight = [[2.0, -1.0]]
        >>> layer.forward(np.array([[3.0, 1.0]]))
        array([[5.]])
        >>> layer.backward(np.array([[1.0]]))
        array([[ 2., -1.]])
        >>> layer.gradients()
        [array([[3., 1.]]), array([1.])]
    """

    weight = parameter(0, "Peso $W$, `(out, in)`; asignarle otro copia sus valores.")
    bias = parameter(1, "Sesgo $b$, `(out,)`; asignarle otro copia sus valores.")

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        rng: np.random.Generator,
        init: Callable[..., np.ndarray] = xavier_uniform,
        dtype: DTypeLike = np.float64,
    ) -> None:
        check_counts(in_features=in_features, out_features=out_features)
        self.in_features = in_features
        self.out_features = out_features
        shape = (out_features, in_features)
        weight = np.array(init(shape, rng=rng, dtype=dtype))
        check_array("lo que da init", weight, shape=shape, dtype=dtype)
        bias = np.zeros(out_features, dtype=dtype)
        self._parameters = [weight, bias]
        self._gradients = [np.zeros_like(weight), np.zeros_like(bias)]

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Salida $Z$, de forma `(N, out)`, para `x` de forma `(N, in)`.

        Raises:
            TypeError: si `x` no tiene el tipo de los parámetros.
            ValueError: si `x` no tiene forma `(N, in)`.
        """
        weight, bias = self._parameters
        check_array("x", x, shape=("N", self.in_features), dtype=weight.dtype)
        self._saved = x
        return x @ weight.T + bias

    def backward(self, grad: np.ndarray) -> np.ndarray:
        r"""Escribe los gradientes de $W$ y $b$, y devuelve $\Delta W$."""
        self.write_gradients(grad)
        return grad @ self.weight

    def write_gradients(self, grad: np.ndarray) -> None:
        r"""El de $W$ es $\Delta^\top X$; el de $b$, la suma de filas de $\Delta$."""
        x = self._recall(grad, self.out_features)
        weight_grad, bias_grad = self._gradients
        np.matmul(grad.T, x, out=weight_grad)
        grad.sum(axis=0, out=bias_grad)
        # --8<-- [end:Linear]

    def __repr__(self) -> str:
        """La capa con su tamaño."""
        return f"Linear({self.in_features}, {self.out_features})"


# --8<-- [start:elementwise]
class _Elementwise(Layer):
    """Función de cada número cuya derivada se escribe con su salida $a$."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Guarda la salida: con ella, la derivada no pide otra exponencial."""
        self._saved = self._function(x)
        return self._saved

    def backward(self, grad: np.ndarray) -> np.ndarray:
        r"""Devuelve $\Delta\odot f'(z)$."""
        return grad * self._slope(self._recall(grad))


class Sigmoid(_Elementwise):
    r"""Sigmoide: $a=\sigma(z)$, con derivada $a(1-a)$."""

    _function = staticmethod(sigmoid)
    _slope = staticmethod(lambda a: a * (1 - a))


class Tanh(_Elementwise):
    r"""Tangente hiperbólica: $a=\tanh z$, con derivada $1-a^2$."""

    _function = staticmethod(tanh)
    _slope = staticmethod(lambda a: 1 - a * a)


class ReLU(_Elementwise):
    r"""Rectificador: $a=\max(z,0)$, con derivada 1 donde $a>0$ y 0 donde no."""

    _function = staticmethod(relu)
    _slope = staticmethod(lambda a: a > 0)
    # --8<-- [end:elementwise]
