r"""Capas de normalización.

Capítulo: 11-normalizacion

Normalizan y después dejan que la red elija otra media y otra escala: cada neurona
tiene un peso $\gamma$, que empieza en 1, y un sesgo $\beta$, que empieza en 0, y la
salida es $y=\gamma\odot\hat x+\beta$. Dado el gradiente de la salida, $\Delta$, el de
$\gamma$ es $\sum_i\Delta_i\odot\hat x_i$, el de $\beta$ es $\sum_i\Delta_i$ y el de
$\hat x$, $\gamma\odot\Delta$; de ahí al de la entrada, `apuntes._standardize`.
"""

import copy

import numpy as np
from numpy.typing import DTypeLike

from apuntes._checks import (
    check_counts,
    check_nonnegative,
    check_unit_interval,
)
from apuntes._layer import parameter
from apuntes._layer_norm import LayerNorm, Normalization, RMSNorm
from apuntes._standardize import standardize, standardize_grad
from apuntes.layers import Linear

# fmt: off
__all__ = ["BatchNorm1d", "LayerNorm", "RMSNorm", "fuse_linear_bn_eval", "standardize",
           "standardize_grad"]
# fmt: on


# --8<-- [start:BatchNorm1d]
class BatchNorm1d(Normalization):
    r"""Normalización por lotes: cada neurona, con las estadísticas del lote.

    $$\mu_B=\frac1m\sum_{i\in B}x_i,\qquad
    \sigma_B^2=\frac1m\sum_{i\in B}(x_i-\mu_B)^2,\qquad
    y_i=\gamma\odot\frac{x_i-\mu_B}{\sqrt{\sigma_B^2+\epsilon}}+\beta.$$

    Al entrenar se anotan, en `running_mean` y `running_var`, medias móviles de $\mu_B$
    y de la varianza insesgada, $\frac{m}{m-1}\sigma_B^2$:
    $v\leftarrow(1-\alpha)\,v+\alpha\,v_B$. Al evaluar se usan esas, que no dependen del
    lote, y la capa es una función lineal de cada ejemplo. Así lo hace PyTorch.

    Args:
        num_features: neuronas que se normalizan, $D$.
        eps: $\epsilon$, que se suma a la varianza.
        momentum: peso $\alpha$ del lote nuevo en la media móvil (no es el momento de
            un optimizador); con `None`, la media de todos los lotes por igual.
        dtype: tipo de los parámetros, que será el de la entrada y la salida.

    Raises:
        ValueError: si `eps` es negativo o `momentum` no está en [0, 1].

    Fuente:
        Ioffe y Szegedy (2015), arXiv:1502.03167.

    Examples:
        >>> layer = BatchNorm1d(1)
        >>> layer.forward(np.array([[1.0], [3.0]])).round(3).tolist()
        [[-1.0], [1.0]]
        >>> layer.running_mean, layer.running_var  # 0.9·0 + 0.1·2, 0.9·1 + 0.1·2
        (array([0.2]), array([1.1]))
    """

    bias = parameter(1, r"Sesgo $\beta$, `(D,)`; asignarle otro copia sus valores.")

    def __init__(
        self,
        num_features: int,
        *,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        dtype: DTypeLike = np.float64,
    ) -> None:
        check_counts(num_features=num_features)
        super().__init__(num_features, eps=eps, dtype=dtype)
        if momentum is not None:
            check_nonnegative(momentum=momentum)
            check_unit_interval(momentum=momentum)
        self.momentum = momentum
        self.running_mean = np.empty(num_features, dtype)
        self.running_var = np.empty(num_features, dtype)
        self.reset_running_stats()

    def reset_running_stats(self) -> None:
        """Olvida los lotes vistos: media 0 y varianza 1, como al empezar."""
        self.running_mean[:], self.running_var[:] = 0, 1
        self.num_batches_tracked = 0

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Normaliza con el lote, y lo anota, o con lo anotado si se evalúa.

        Raises:
            TypeError: si `x` no tiene el tipo de los parámetros.
            ValueError: si `x` no es `(N, D)` o se entrena con menos de 2 ejemplos.
        """
        self._check(x)
        if self.training:
            _check_batch(x)
        self._from_batch = self.training
        if not self.training:
            scale = np.sqrt(self.running_var + self.eps)
            return self._output((x - self.running_mean) / scale, scale)
        hat, mean, var = standardize(x, axis=0, eps=self.eps)
        self._track(mean[0], var[0] * (len(x) / (len(x) - 1)))
        return self._output(hat, np.sqrt(var + self.eps))

    def _track(self, mean: np.ndarray, unbiased_var: np.ndarray) -> None:
        self.num_batches_tracked += 1
        cumulative = self.momentum is None
        rate = 1 / self.num_batches_tracked if cumulative else self.momentum
        self.running_mean += rate * (mean - self.running_mean)
        self.running_var += rate * (unbiased_var - self.running_var)

    def backward(self, grad: np.ndarray) -> np.ndarray:
        r"""Gradiente de la entrada, en el modo en que estuvo el último `forward`.

        Si se normalizó con el lote es `standardize_grad` de $\gamma\odot\Delta$, donde
        cada ejemplo recibe algo de los demás; si no, $\gamma\odot\Delta/s$.
        """
        self.write_gradients(grad)
        hat_grad = grad * self.weight
        if self._from_batch:
            return standardize_grad(hat_grad, self._saved, self._scale, axis=0)
        return hat_grad / self._scale
        # --8<-- [end:BatchNorm1d]


def _check_batch(x: np.ndarray) -> None:
    if len(x) < 2:
        raise ValueError(
            "para entrenar, BatchNorm1d necesita al menos 2 ejemplos por lote, porque "
            "con uno la varianza es 0 y la salida no depende de él: cambia batch_size, "
            f"o usa eval() si no estás entrenando; se recibió {len(x)}"
        )


# --8<-- [start:fuse_linear_bn_eval]
def fuse_linear_bn_eval(linear: Linear, norm: BatchNorm1d) -> Linear:
    r"""Capa lineal que hace ella sola lo que `linear` y, detrás, `norm` al evaluar.

    Con $\mu$ y $v$ las estadísticas móviles y $s=\sqrt{v+\epsilon}$, que no cambian,
    $\gamma\odot(Wx+b-\mu)/s+\beta$ es otra función lineal de $x$:

    $$W'=\operatorname{diag}(\gamma/s)\,W,\qquad
    b'=\frac{\gamma}{s}\odot(b-\mu)+\beta.$$

    Args:
        linear: capa lineal, que no cambia.
        norm: normalización de su salida, en modo de evaluación.

    Raises:
        ValueError: si `norm` se está entrenando o es de otro tamaño.

    Examples:
        >>> linear = Linear(1, 1, rng=np.random.default_rng(0))
        >>> linear.weight, linear.bias = [[3.0]], [5.0]
        >>> norm = BatchNorm1d(1, eps=3).eval()
        >>> fused = fuse_linear_bn_eval(linear, norm)
        >>> fused.weight, fused.bias  # entre s, que es 2
        (array([[1.5]]), array([2.5]))
    """
    if norm.training:
        raise ValueError(
            "solo se puede fusionar una normalización que ya no cambia: llama antes a "
            f"eval(); se recibió {norm!r} con training=True"
        )
    norm._check(linear.bias[None])
    fused = copy.deepcopy(linear)
    factor = norm.weight / np.sqrt(norm.running_var + norm.eps)
    fused.weight = factor[:, None] * linear.weight
    fused.bias = factor * (linear.bias - norm.running_mean) + norm.bias
    return fused
    # --8<-- [end:fuse_linear_bn_eval]
