r"""Capas que normalizan cada ejemplo por separado.

Capítulo: 11-normalizacion
"""

import numpy as np
from numpy.typing import DTypeLike

from apuntes._checks import (
    check_array,
    check_counts,
    check_floating,
    check_nonnegative,
)
from apuntes._layer import Layer, parameter
from apuntes._standardize import (
    rms_normalize,
    rms_normalize_grad,
    standardize,
    standardize_grad,
)


# --8<-- [start:Normalization]
class Normalization(Layer):
    """Lo común a las tres: el tamaño, `eps` y los gradientes de los parámetros."""

    weight = parameter(0, r"Peso $\gamma$, `(D,)`; asignarle otro copia sus valores.")

    def __init__(
        self, size: int, *, eps: float, dtype: DTypeLike, bias: bool = True
    ) -> None:
        check_nonnegative(eps=eps)
        # Un np.float64 llevaría a float64 las cuentas en float32.
        self.eps = float(eps)
        weight = np.ones(size, dtype)
        check_floating(weight=weight)
        self._parameters = [weight, np.zeros(size, dtype)] if bias else [weight]
        self._gradients = [np.zeros_like(p) for p in self._parameters]

    def _check(self, x: np.ndarray) -> None:
        check_array("x", x, shape=("N", self.weight.size), dtype=self.weight.dtype)

    def _output(self, hat: np.ndarray, scale: np.ndarray) -> np.ndarray:
        """Guarda lo de la vuelta y da $y$."""
        self._saved, self._scale = hat, scale
        out = hat * self.weight
        for bias in self._parameters[1:]:
            out += bias
        return out

    def write_gradients(self, grad: np.ndarray) -> None:
        r"""Escribe $\sum_i\Delta_i\odot\hat x_i$ y, si hay sesgo, $\sum_i\Delta_i$."""
        hat = self._recall(grad)
        np.sum(grad * hat, axis=0, out=self._gradients[0])
        for bias_grad in self._gradients[1:]:
            grad.sum(axis=0, out=bias_grad)
        # --8<-- [end:Normalization]

    def __repr__(self) -> str:
        """La capa con su tamaño."""
        return f"{type(self).__name__}({self.weight.size})"


# --8<-- [start:LayerNorm]
class LayerNorm(Normalization):
    r"""Normalización por capas: cada ejemplo, con las estadísticas de sus neuronas.

    $$\mu_i=\frac1D\sum_j x_{ij},\qquad
    \sigma_i^2=\frac1D\sum_j(x_{ij}-\mu_i)^2,\qquad
    y_i=\gamma\odot\frac{x_i-\mu_i}{\sqrt{\sigma_i^2+\epsilon}}+\beta.$$

    No mira el lote: vale con un solo ejemplo y hace lo mismo al entrenar y al evaluar.

    Args:
        normalized_shape: neuronas por ejemplo, $D$.
        eps: $\epsilon$, que se suma a la varianza.
        dtype: tipo de los parámetros, que será el de la entrada y la salida.

    Fuente:
        Ba, Kiros y Hinton (2016), arXiv:1607.06450.

    Examples:
        >>> LayerNorm(2).forward(np.array([[1.0, 3.0], [5.0, 5.0]])).round(3).tolist()
        [[-1.0, 1.0], [0.0, 0.0]]
    """

    bias = parameter(1, r"Sesgo $\beta$, `(D,)`; asignarle otro copia sus valores.")

    def __init__(
        self,
        normalized_shape: int,
        *,
        eps: float = 1e-5,
        dtype: DTypeLike = np.float64,
    ) -> None:
        check_counts(normalized_shape=normalized_shape)
        super().__init__(normalized_shape, eps=eps, dtype=dtype)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Normaliza cada fila."""
        self._check(x)
        hat, _, var = standardize(x, axis=1, eps=self.eps)
        return self._output(hat, np.sqrt(var + self.eps))

    def backward(self, grad: np.ndarray) -> np.ndarray:
        r"""Gradiente de la entrada: `standardize_grad` de $\gamma\odot\Delta$."""
        self.write_gradients(grad)
        return standardize_grad(grad * self.weight, self._saved, self._scale, axis=1)
        # --8<-- [end:LayerNorm]


# --8<-- [start:RMSNorm]
class RMSNorm(Normalization):
    r"""Como `LayerNorm`, pero sin restar la media y sin sesgo.

    $$y_i=\gamma\odot\frac{x_i}{\sqrt{\frac1D\sum_j x_{ij}^2+\epsilon}}.$$

    Args:
        normalized_shape: neuronas por ejemplo, $D$.
        eps: $\epsilon$; con `None`, como en PyTorch, el épsilon de la máquina.
        dtype: tipo de los parámetros, que será el de la entrada y la salida.

    Fuente:
        Zhang y Sennrich (2019), arXiv:1910.07467.

    Examples:
        >>> RMSNorm(2).forward(np.array([[1.0, 7.0]]))
        array([[0.2, 1.4]])
    """

    def __init__(
        self,
        normalized_shape: int,
        *,
        eps: float | None = None,
        dtype: DTypeLike = np.float64,
    ) -> None:
        check_counts(normalized_shape=normalized_shape)
        given = 0 if eps is None else eps
        super().__init__(normalized_shape, eps=given, dtype=dtype, bias=False)
        if eps is None:
            self.eps = float(np.finfo(dtype).eps)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Divide cada fila entre su media cuadrática."""
        self._check(x)
        return self._output(*rms_normalize(x, eps=self.eps))

    def backward(self, grad: np.ndarray) -> np.ndarray:
        r"""Gradiente de la entrada: `rms_normalize_grad` de $\gamma\odot\Delta$."""
        self.write_gradients(grad)
        return rms_normalize_grad(grad * self.weight, self._saved, self._scale)
        # --8<-- [end:RMSNorm]
