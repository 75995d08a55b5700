r"""Regularización: penalizaciones, dropout y etiquetas suaves.

Capítulo: 13-regularizacion

También se importan de aquí la parada temprana y el promedio de pesos, de `_snapshots`;
`update_bn`, de `_update_bn`, y los conjuntos de redes, de `_ensembles`. El ruido está
en `noise`, y las transformaciones de imágenes, en `augmentation`.
"""

import numpy as np
from numpy.typing import DTypeLike

from apuntes._checks import (
    check_classes,
    check_counts,
    check_floating,
    check_nonnegative,
    check_rng,
    check_unit_interval,
)
from apuntes._ensembles import ensemble_probabilities, ensemble_variance
from apuntes._layer import Layer
from apuntes._snapshots import AveragedWeights, EarlyStopping
from apuntes._update_bn import update_bn

__all__ = [
    "AveragedWeights",
    "Dropout",
    "EarlyStopping",
    "ensemble_probabilities",
    "ensemble_variance",
    "l1_penalty",
    "l1_penalty_grad",
    "l2_penalty",
    "l2_penalty_grad",
    "smooth_labels",
    "update_bn",
]


# --8<-- [start:l1_penalty]
def l1_penalty(w: np.ndarray, *, lam: float) -> float:
    r"""Penalización ℓ1, $\lambda\sum_k\lvert w_k\rvert$.

    Se suma al coste medio, una por matriz de pesos; los sesgos no se penalizan.

    Args:
        w: pesos, de cualquier forma.
        lam: fuerza $\lambda$ de la penalización.

    Raises:
        TypeError: si `w` no es de coma flotante.
        ValueError: si `lam` es negativa.

    Examples:
        >>> l1_penalty(np.array([3.0, -4.0]), lam=0.5)
        3.5
    """
    check_floating(w=w)
    check_nonnegative(lam=lam)
    return float(lam * np.abs(w).sum())


def l1_penalty_grad(w: np.ndarray, *, lam: float) -> np.ndarray:
    r"""Gradiente: $\lambda\operatorname{signo}(w)$; el subgradiente 0 en 0."""
    check_floating(w=w)
    check_nonnegative(lam=lam)
    # float: un np.float64 llevaría a float64 los pesos en float32.
    return float(lam) * np.sign(w)
    # --8<-- [end:l1_penalty]


# --8<-- [start:l2_penalty]
def l2_penalty(w: np.ndarray, *, lam: float) -> float:
    r"""Penalización ℓ2, $\frac12\lambda\sum_k w_k^2$, como `l1_penalty`.

    Con `SGD` da los mismos pasos que `weight_decay=lam`.

    Examples:
        >>> l2_penalty(np.array([3.0, -4.0]), lam=0.5)
        6.25
    """
    check_floating(w=w)
    check_nonnegative(lam=lam)
    return float(lam * np.vdot(w, w) / 2)


def l2_penalty_grad(w: np.ndarray, *, lam: float) -> np.ndarray:
    r"""Gradiente: $\lambda w$."""
    check_floating(w=w)
    check_nonnegative(lam=lam)
    return float(lam) * w
    # --8<-- [end:l2_penalty]


# --8<-- [start:Dropout]
class Dropout(Layer):
    r"""Dropout invertido: al entrenar, $h\odot q/(1-p)$; al evaluar, $h$.

    Cada componente de la máscara $q$ vale 0 con probabilidad $p$ y 1 si no; se sortea
    otra en cada `forward`. Dividir entre $1-p$ deja igual la media, así que al evaluar
    no hay nada que escalar.

    Args:
        p: probabilidad de **anular** cada activación, como en PyTorch; en otros textos,
            la de conservarla.
        rng: generador de números aleatorios de las máscaras.

    Raises:
        ValueError: si `p` no está entre 0 y 1.

    Fuente:
        Srivastava y otros (2014), «Dropout: a simple way to prevent neural networks
        from overfitting», JMLR 15, 1929-1958.

    Examples:
        >>> layer = Dropout(0.5, rng=np.random.default_rng(0))
        >>> layer.forward(np.ones((1, 6)))
        array([[2., 2., 2., 0., 0., 0.]])
        >>> layer.backward(np.full((1, 6), 3.0))
        array([[6., 6., 6., 0., 0., 0.]])
        >>> layer.eval().forward(np.ones((1, 6)))
        array([[1., 1., 1., 1., 1., 1.]])
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator) -> None:
        check_nonnegative(p=p)
        check_unit_interval(p=p)
        check_rng(rng)
        self.p = float(p)
        self._rng = rng

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Sortea una máscara y la aplica; en modo de evaluación devuelve `x`."""
        check_floating(x=x)
        if not self.training or self.p == 0:
            # Un 1 con la forma de x, que no ocupa memoria.
            self._saved = np.broadcast_to(np.ones((), x.dtype), x.shape)
            return x
        # En float32, que basta y es más rápido, sea cual sea el tipo de x: la misma
        # semilla da siempre la misma máscara.
        keep = self._rng.random(x.shape, dtype=np.float32) >= self.p
        scale = 1 / (1 - self.p) if self.p < 1 else 0.0
        self._saved = np.multiply(keep, scale, dtype=x.dtype)
        return x * self._saved

    def backward(self, grad: np.ndarray) -> np.ndarray:
        r"""Devuelve $\Delta\odot q/(1-p)$, con la máscara del último `forward`."""
        return grad * self._recall(grad)
        # --8<-- [end:Dropout]

    def __repr__(self) -> str:
        """La capa con su probabilidad."""
        return f"Dropout(p={self.p})"


# --8<-- [start:smooth_labels]
def smooth_labels(
    target: np.ndarray,
    *,
    num_classes: int,
    epsilon: float,
    spread: str = "all",
    dtype: DTypeLike = np.float64,
) -> np.ndarray:
    r"""Etiquetas suaves, $(1-\varepsilon)\,y_{ik}+\varepsilon/K$.

    Aquí $y_{ik}$ es 1 si $k$ es la clase del ejemplo $i$, y 0 si no.

    Args:
        target: clase de cada ejemplo, enteros de forma `(N,)`.
        num_classes: número de clases $K$.
        epsilon: probabilidad $\varepsilon$ que se quita a la etiqueta.
        spread: `"all"` la reparte entre todas las clases, incluida la buena, como
            PyTorch; `"others"`, solo entre las demás, $\varepsilon/(K-1)$, y entonces
            $\varepsilon$ es la probabilidad de que la etiqueta esté mal.
        dtype: tipo de coma flotante del resultado, que ha de ser el de los logits.

    Returns:
        Probabilidades, de forma `(N, K)`, que `cross_entropy` admite como objetivo.

    Raises:
        ValueError: si hay una clase fuera de rango, `epsilon` no está entre 0 y 1,
            hay menos de dos clases o `spread` es otro.

    Fuente:
        Szegedy y otros (2016), doi:10.1109/CVPR.2016.308.

    Examples:
        >>> smooth_labels(np.array([1]), num_classes=4, epsilon=0.1)
        array([[0.025, 0.925, 0.025, 0.025]])
        >>> smooth_labels(np.array([1]), num_classes=5, epsilon=0.1, spread="others")
        array([[0.025, 0.9  , 0.025, 0.025, 0.025]])
    """
    _check_smoothing(target, num_classes, epsilon)
    shares = {"all": epsilon / num_classes, "others": epsilon / (num_classes - 1)}
    if spread not in shares:
        raise ValueError(f'spread debe ser "all" u "others"; se recibió {spread!r}')
    share = shares[spread]
    smooth = np.full((len(target), num_classes), share, dtype=dtype)
    smooth[np.arange(len(target)), target] = 1 - share * (num_classes - 1)
    return smooth
    # --8<-- [end:smooth_labels]


def _check_smoothing(target: np.ndarray, num_classes: int, epsilon: float) -> None:
    check_counts(num_classes=num_classes)
    check_nonnegative(epsilon=epsilon)
    check_unit_interval(epsilon=epsilon)
    check_classes(target, num_classes)
    if num_classes < 2 or target.ndim != 1:
        raise ValueError(
            "hacen falta dos clases o más y target de forma (N,); "
            f"se recibió {num_classes} y {target.shape}"
        )
