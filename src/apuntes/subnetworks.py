r"""Las $2^n$ subredes que el dropout sortea, una a una.

Capítulo: 13-regularizacion
"""

import numpy as np

from apuntes._checks import check_counts, check_nonnegative, check_unit_interval


# --8<-- [start:all_masks]
def all_masks(n: int) -> np.ndarray:
    """Las $2^n$ máscaras de `n` neuronas: 1 si está encendida y 0 si apagada.

    Raises:
        ValueError: si `n` no está entre 1 y 20: más de un millón no caben.

    Examples:
        >>> all_masks(2)
        array([[0., 0.],
               [0., 1.],
               [1., 0.],
               [1., 1.]])
    """
    check_counts(n=n)
    if n > 20:
        raise ValueError(f"n debe ser como mucho 20; se recibió {n}")
    return (np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1).astype(float)


def mask_probabilities(masks: np.ndarray, *, p: float) -> np.ndarray:
    r"""Probabilidad de cada máscara $q$, $\prod_jp^{1-q_j}(1-p)^{q_j}$.

    Args:
        masks: máscaras de ceros y unos, de forma `(R, n)`.
        p: probabilidad de apagar cada neurona.

    Raises:
        ValueError: si hay otra cosa que ceros y unos, o `p` no está entre 0 y 1.

    Examples:
        >>> mask_probabilities(all_masks(2), p=0.2).round(2)
        array([0.04, 0.16, 0.16, 0.64])
    """
    check_nonnegative(p=p)
    check_unit_interval(p=p)
    if masks.ndim != 2 or not np.isin(masks, (0, 1)).all():
        raise ValueError(
            f"masks debe ser (R, n), de ceros y unos; se recibió {masks.shape}"
        )
    return np.where(masks == 1, 1 - p, p).prod(axis=1)
    # --8<-- [end:all_masks]
