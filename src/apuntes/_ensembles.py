r"""Conjuntos de redes.

Capítulo: 13-regularizacion
"""

from collections.abc import Sequence

import numpy as np

from apuntes._checks import (
    check_counts,
    check_floating,
    check_nonnegative,
    check_same_shape,
    check_unit_interval,
)
from apuntes.activations import softmax


# --8<-- [start:ensemble_probabilities]
def ensemble_probabilities(logits: Sequence[np.ndarray]) -> np.ndarray:
    """Probabilidades de un conjunto de redes: la media de las softmax de cada una.

    Su entropía cruzada nunca pasa de la media de las de las redes.

    Args:
        logits: los de cada red, todos de la misma forma `(N, K)`.

    Raises:
        ValueError: si no hay ninguno o las formas difieren.

    Examples:
        >>> sure, unsure = np.array([[800.0, 0.0]]), np.array([[0.0, 0.0]])
        >>> ensemble_probabilities([sure, unsure])
        array([[0.75, 0.25]])
    """
    if len(logits) == 0:
        raise ValueError(f"hacen falta los logits de alguna red; se recibió {logits}")
    named = {f"logits[{i}]": z for i, z in enumerate(logits)}
    check_floating(**named)
    check_same_shape(**named)
    return sum(softmax(z) for z in logits) / len(logits)
    # --8<-- [end:ensemble_probabilities]


# --8<-- [start:ensemble_variance]
def ensemble_variance(variance: float, *, correlation: float, count: int) -> float:
    r"""Varianza de la media de $R$ errores, $\rho v+(1-\rho)\frac vR$.

    Args:
        variance: varianza $v$ de cada uno.
        correlation: correlación $\rho$ de cada pareja, entre 0 y 1.
        count: cuántos se promedian, $R$.

    Raises:
        ValueError: si la varianza es negativa, la correlación no está entre 0 y 1 o no
            hay ninguno.

    Examples:
        >>> ensemble_variance(4.0, correlation=0.25, count=3)
        2.0
    """
    check_nonnegative(variance=variance, correlation=correlation)
    check_unit_interval(correlation=correlation)
    check_counts(count=count)
    return float(correlation * variance + (1 - correlation) * variance / count)
    # --8<-- [end:ensemble_variance]
