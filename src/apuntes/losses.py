r"""Pérdidas y su gradiente respecto de la salida de la red.

Capítulo: 02-red-datos-coste

Cada pérdida `f` da la media del lote como `float`; su pareja `f_grad` da el gradiente
de esa media respecto del primer argumento, con la forma de este. Salvo donde se dice,
los dos argumentos son arreglos de coma flotante de la misma forma, la que sea, y la
media recorre todos sus componentes, como en PyTorch: $n$ ejemplos de $D$ componentes
dan el factor $1/(nD)$. Rechazan con `TypeError` lo que no es de coma flotante y con
`ValueError` las formas distintas (no hay difusión) y los lotes vacíos.
"""

import numpy as np

from apuntes._checks import (
    check_logits_target,
    check_positive,
    check_pred_target,
    check_signs,
    check_unit_interval,
)
from apuntes.activations import log_softmax, sigmoid, softmax, softplus


# --8<-- [start:quadratic_cost]
def quadratic_cost(pred: np.ndarray, target: np.ndarray) -> float:
    r"""Coste cuadrático, $\frac{1}{2n}\sum_x\lVert y(x)-a(x)\rVert^2$.

    Suma los componentes de cada ejemplo y promedia los ejemplos; el ½ se va al derivar.

    Raises:
        ValueError: si las formas difieren, no son `(N, D)` o no hay datos.

    Examples:
        >>> quadratic_cost(np.array([[0.5, 1.0]]), np.array([[0.0, 1.0]]))
        0.125
    """
    _check_examples(pred, target)
    return float(np.sum((target - pred) ** 2) / (2 * len(pred)))


def quadratic_cost_grad(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    r"""Gradiente de `quadratic_cost`: $(a-y)/n$."""
    _check_examples(pred, target)
    return (pred - target) / len(pred)
    # --8<-- [end:quadratic_cost]


def _check_examples(pred: np.ndarray, target: np.ndarray) -> None:
    check_pred_target(pred, target)
    # Con un solo eje no se sabría si son n ejemplos o n componentes de uno.
    if pred.ndim != 2:
        raise ValueError(f"pred debe tener forma (N, D); se recibió {pred.shape}")


# --8<-- [start:mse_loss]
def mse_loss(pred: np.ndarray, target: np.ndarray) -> float:
    r"""Error cuadrático medio, $\frac{1}{nD}\sum_{i,d}(\hat y_{id}-y_{id})^2$.

    Examples:
        >>> mse_loss(np.array([[1.0, 4.0]]), np.array([[1.0, 2.0]]))
        2.0
    """
    check_pred_target(pred, target)
    return float(np.mean((pred - target) ** 2))


def mse_loss_grad(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    r"""Gradiente de `mse_loss`: $2(\hat y-y)/(nD)$."""
    check_pred_target(pred, target)
    return 2 * (pred - target) / pred.size
    # --8<-- [end:mse_loss]


# --8<-- [start:l1_loss]
def l1_loss(pred: np.ndarray, target: np.ndarray) -> float:
    r"""Error absoluto medio, $\frac{1}{nD}\sum_{i,d}\lvert\hat y_{id}-y_{id}\rvert$.

    Examples:
        >>> l1_loss(np.array([1.0, 4.0]), np.array([1.0, 2.0]))
        1.0
    """
    check_pred_target(pred, target)
    return float(np.mean(np.abs(pred - target)))


def l1_loss_grad(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    r"""Gradiente: $\operatorname{signo}(\hat y-y)/(nD)$; el subgradiente 0 en 0."""
    check_pred_target(pred, target)
    return np.sign(pred - target) / pred.size
    # --8<-- [end:l1_loss]


# --8<-- [start:huber_loss]
def huber_loss(pred: np.ndarray, target: np.ndarray, *, delta: float = 1.0) -> float:
    r"""Huber: media de $\frac12r^2$ si $|r|<\delta$, $\delta(|r|-\frac12\delta)$ si no.

    Aquí $r=\hat y-y$; en $|r|=\delta$ coinciden las dos ramas y sus derivadas.

    Raises:
        ValueError: si `delta` no es positivo.

    Fuente:
        Huber (1964), doi:10.1214/aoms/1177703732.

    Examples:
        >>> huber_loss(np.array([2.5, 5.0]), np.array([2.0, 2.0]))
        1.3125
    """
    check_pred_target(pred, target)
    check_positive(delta=delta)
    residual = np.abs(pred - target)
    # Con m = min(|r|, δ), m(|r| - m/2) es cada rama donde toca.
    capped = np.minimum(residual, delta)
    return float(np.mean(capped * (residual - capped / 2)))


def huber_loss_grad(
    pred: np.ndarray, target: np.ndarray, *, delta: float = 1.0
) -> np.ndarray:
    r"""Gradiente: $r$ recortado, $\min(\max(r,-\delta),\delta)$, entre $nD$."""
    check_pred_target(pred, target)
    check_positive(delta=delta)
    return np.clip(pred - target, -delta, delta) / pred.size
    # --8<-- [end:huber_loss]


# --8<-- [start:hinge_loss]
def hinge_loss(pred: np.ndarray, target: np.ndarray) -> float:
    r"""Bisagra, media de $\max(1-y\hat y,\,0)$ con $y\in\{-1,1\}$.

    Raises:
        ValueError: si `target` tiene algo que no sea -1 o 1.

    Examples:
        >>> hinge_loss(np.array([0.5, 2.0]), np.array([1.0, 1.0]))
        0.25
    """
    check_pred_target(pred, target)
    check_signs(target)
    return float(np.mean(np.maximum(1 - target * pred, 0)))


def hinge_loss_grad(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    r"""Gradiente: $-y/(nD)$ si $y\hat y<1$, 0 si no (subgradiente 0 si $y\hat y=1$)."""
    check_pred_target(pred, target)
    check_signs(target)
    return np.where(target * pred < 1, -target, 0) / pred.size
    # --8<-- [end:hinge_loss]


# --8<-- [start:binary_cross_entropy]
def binary_cross_entropy(pred: np.ndarray, target: np.ndarray) -> float:
    r"""Entropía cruzada binaria, media de $-y\ln p-(1-y)\ln(1-p)$, con $0\ln 0=0$.

    Vale `inf` si se falla con toda seguridad ($p=0$, $y=1$); PyTorch la deja en 100.

    Raises:
        ValueError: si algún $p$ o algún $y$ no está en $[0,1]$.

    Examples:
        >>> binary_cross_entropy(np.array([1.0, 0.0]), np.array([1.0, 1.0]))
        inf
    """
    check_pred_target(pred, target)
    check_unit_interval(pred=pred, target=target)
    # Donde el factor es 0 se cambia p para no formar 0·inf; lo demás puede ser inf.
    with np.errstate(divide="ignore"):
        one = target * np.log(np.where(target == 0, 1, pred))
        zero = (1 - target) * np.log1p(-np.where(target == 1, 0, pred))
    return float(np.mean(0 - one - zero))


def binary_cross_entropy_grad(pred: np.ndarray, target: np.ndarray) -> np.ndarray:
    r"""Gradiente: $-y/p+(1-y)/(1-p)=(p-y)/(p(1-p))$, entre $nD$.

    Es infinito, y sin aviso, justo donde `binary_cross_entropy` vale `inf`.
    """
    check_pred_target(pred, target)
    check_unit_interval(pred=pred, target=target)
    with np.errstate(divide="ignore"):
        one = target / np.where(target == 0, 1, pred)
        zero = (1 - target) / (1 - np.where(target == 1, 0, pred))
    return (zero - one) / pred.size
    # --8<-- [end:binary_cross_entropy]


# --8<-- [start:binary_cross_entropy_with_logits]
def binary_cross_entropy_with_logits(pred: np.ndarray, target: np.ndarray) -> float:
    r"""`binary_cross_entropy` de $p=\sigma(z)$ a partir de los logits $z$, estable.

    Como $-\ln\sigma(z)=\ln(1+e^{-z})$, no hay logaritmo de 0 que recortar.

    Examples:
        >>> binary_cross_entropy_with_logits(np.array([-800.0]), np.array([1.0]))
        800.0
    """
    check_pred_target(pred, target)
    check_unit_interval(target=target)
    return float(np.mean(target * softplus(-pred) + (1 - target) * softplus(pred)))


def binary_cross_entropy_with_logits_grad(
    pred: np.ndarray, target: np.ndarray
) -> np.ndarray:
    r"""Gradiente de `binary_cross_entropy_with_logits`: $(\sigma(z)-y)/(nD)$."""
    check_pred_target(pred, target)
    check_unit_interval(target=target)
    return (sigmoid(pred) - target) / pred.size
    # --8<-- [end:binary_cross_entropy_with_logits]


# --8<-- [start:cross_entropy]
def cross_entropy(logits: np.ndarray, target: np.ndarray) -> float:
    r"""Entropía cruzada, $-\frac1n\sum_{i,k} y_{ik}\ln\mathrm{softmax}(z_i)_k$.

    Args:
        logits: puntuaciones $z$ sin normalizar, de forma `(N, K)`.
        target: la clase de cada ejemplo, enteros de forma `(N,)`, o sus
            probabilidades $y$, de forma `(N, K)` y con filas que suman 1.

    Raises:
        TypeError: si las clases no son enteras o `logits` no es de coma flotante.
        ValueError: si las formas no casan, hay una clase fuera de `[0, K)` o una
            fila que no es una distribución de probabilidad.

    Fuente:
        Blanchard, Higham y Higham (2021), doi:10.1093/imanum/draa038.

    Examples:
        >>> cross_entropy(np.array([[0.0, 800.0]]), np.array([0]))
        800.0
    """
    check_logits_target(logits, target)
    log_p = log_softmax(logits)
    # 0 - x y no -x: la pérdida nula es 0.0, no -0.0.
    if target.ndim == 1:
        return float(0 - log_p[np.arange(len(target)), target].mean())
    return float(0 - (target * log_p).sum(axis=1).mean())


def cross_entropy_grad(logits: np.ndarray, target: np.ndarray) -> np.ndarray:
    r"""Gradiente de `cross_entropy`: $(\mathrm{softmax}(z)-y)/n$, `(N, K)`."""
    check_logits_target(logits, target)
    if target.ndim == 1:  # con clases, la suya vale 1 y las demás 0
        target = target[:, None] == np.arange(logits.shape[1])
    return (softmax(logits) - target) / len(target)
    # --8<-- [end:cross_entropy]
