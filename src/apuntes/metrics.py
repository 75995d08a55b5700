"""Lo que responde una red y cuánto acierta, sin entrenarla.

Capítulo: 06-entrenar-y-diagnosticar
"""

import math
from collections.abc import Callable

import numpy as np

from apuntes._checks import check_counts
from apuntes.layers import Layer

# Una pérdida, y una pareja (x, target), como en `apuntes.training`.
Loss = Callable[[np.ndarray, np.ndarray], float]
Data = tuple[np.ndarray, np.ndarray]


# --8<-- [start:accuracy]
def accuracy(pred: np.ndarray, target: np.ndarray) -> float:
    """Exactitud: fracción de ejemplos cuya salida mayor es la de su clase.

    Args:
        pred: salidas de la red, `(N, K)`; tanto da logits que probabilidades.
        target: clases `(N,)`, o vectores `(N, K)` cuya componente mayor es la clase.

    Returns:
        Un número entre 0 y 1; `nan` si `K` es 1, porque no hay clases que elegir.

    Raises:
        ValueError: si las formas no casan o no hay datos.

    Examples:
        >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
        0.5
    """
    fits = np.shape(target) in (pred.shape, pred.shape[:1])
    if pred.ndim != 2 or not fits or pred.size == 0:
        raise ValueError(
            "se esperaba pred (N, K) y target (N,) o (N, K), no vacíos; "
            f"se recibió {pred.shape} y {np.shape(target)}"
        )
    if pred.shape[1] == 1:
        return math.nan
    classes = target if target.ndim == 1 else target.argmax(axis=1)
    return float((pred.argmax(axis=1) == classes).mean())
    # --8<-- [end:accuracy]


# --8<-- [start:predict]
def predict(model: Layer, x: np.ndarray, *, batch_size: int = 4096) -> np.ndarray:
    """Salidas de la red para todos los ejemplos, en modo de evaluación.

    La clase elegida es `predict(model, x).argmax(axis=1)`.

    Args:
        model: red, que vuelve después al modo en que estaba.
        x: entradas, de forma `(N, D)`.
        batch_size: ejemplos por trozo; solo cambia la memoria que hace falta.

    Returns:
        Salidas, de forma `(N, K)`.
    """
    check_counts(examples=len(x), batch_size=batch_size)
    training = model.training
    model.eval()
    try:
        starts = range(0, len(x), batch_size)
        return np.concatenate([model.forward(x[i : i + batch_size]) for i in starts])
    finally:
        model.train(training)
    # --8<-- [end:predict]


# --8<-- [start:evaluate]
def evaluate(model: Layer, loss: Loss, data: Data) -> tuple[float, float]:
    """Pérdida y exactitud de la red, tal como está, en unos datos `(x, target)`.

    Si alguna salida no es finita, porque la red divergió, son `inf` y `nan`.
    """
    x, target = data
    return score(loss, predict(model, x), target)
    # --8<-- [end:evaluate]


def score(loss: Loss, pred: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Pérdida y exactitud de unas salidas ya calculadas; `inf` y `nan` si divergió."""
    if not np.isfinite(pred).all():
        return math.inf, math.nan
    return loss(pred, target), accuracy(pred, target)
