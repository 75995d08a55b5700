r"""Ajustar polinomios: el laboratorio más pequeño donde se sobreajusta.

Capítulo: 13-regularizacion

El polinomio es $\hat y(x)=\sum_k w_kP_k(x)$, con $P_k$ el polinomio de Legendre de
grado $k$. Con las potencias $x^k$ saldría la misma curva, pero a partir de grado 10 son
tan parecidas entre sí que las cuentas pierden cifras.
"""

import numpy as np

from apuntes._checks import (
    check_array,
    check_floating,
    check_nonnegative,
    check_same_shape,
    check_unit_interval,
)


# --8<-- [start:polynomial_features]
def polynomial_features(x: np.ndarray, *, degree: int) -> np.ndarray:
    r"""Los $P_k(x_i)$: una fila por dato y una columna por grado, desde 0.

    Args:
        x: datos entre −1 y 1, de forma `(N,)`.
        degree: mayor grado.

    Raises:
        TypeError: si `x` no es de coma flotante o `degree` no es un entero.
        ValueError: si `x` no tiene forma `(N,)` o sale de ahí, o `degree` es negativo.

    Examples:
        >>> polynomial_features(np.array([1.0, 0.5]), degree=2)
        array([[ 1.   ,  1.   ,  1.   ],
               [ 1.   ,  0.5  , -0.125]])
    """
    check_floating(x=x)
    check_array("x", x, shape=("N",), dtype=x.dtype)
    check_unit_interval(abs_x=np.abs(x))
    check_nonnegative(degree=degree)
    if not isinstance(degree, int | np.integer):
        kind = type(degree).__name__
        raise TypeError(f"degree debe ser un entero; se recibió {kind}")
    return np.polynomial.legendre.legvander(x, degree)


def fit_polynomial(
    x: np.ndarray, y: np.ndarray, *, degree: int, lam: float = 0.0
) -> np.ndarray:
    r"""Pesos del polinomio que mejor pasa por los datos, con penalización ℓ2.

    Hacen mínimo $\frac{1}{2N}\sum_i(\hat y_i-y_i)^2+\frac\lambda2\sum_{k\ge1}w_k^2$. El
    $w_0$ hace de sesgo y no se penaliza. Sin penalización y con más pesos que datos hay
    infinitos mínimos; da el de norma más pequeña.

    Args:
        x: datos entre −1 y 1, de forma `(N,)`.
        y: objetivos, de forma `(N,)`.
        degree: grado del polinomio.
        lam: fuerza $\lambda$ de la penalización.

    Examples:
        >>> x = np.array([-1.0, 0.0, 1.0])
        >>> fit_polynomial(x, x**2, degree=2).round(3)
        array([0.333, 0.   , 0.667])
        >>> fit_polynomial(x, 2 * x, degree=1, lam=1.0).round(3)
        array([0. , 0.8])
    """
    check_nonnegative(lam=lam)
    check_floating(y=y)
    check_same_shape(x=x, y=y)
    features = polynomial_features(x, degree=degree)
    # Cada penalización es un dato más: √(Nλ)·w_k debería valer 0.
    penalty = (float(lam) * len(x)) ** 0.5 * np.eye(degree + 1, dtype=x.dtype)[1:]
    design = np.concatenate([features, penalty])
    goal = np.concatenate([y, np.zeros(degree, y.dtype)])
    return np.linalg.lstsq(design, goal, rcond=None)[0]
    # --8<-- [end:polynomial_features]


# --8<-- [start:bias_variance]
def bias_variance(preds: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    r"""Sesgo al cuadrado y varianza de unas predicciones, medios en los puntos.

    Args:
        preds: lo que predice cada ajuste, uno por fila, de forma `(R, N)`.
        truth: lo que habría que predecir, sin ruido, de forma `(N,)`.

    Returns:
        La media de $(\bar y_j-f_j)^2$, con $\bar y_j$ la predicción media en el punto
        $j$, y la de $\frac1R\sum_r(\hat y_{rj}-\bar y_j)^2$.

    Raises:
        TypeError: si no son arreglos de coma flotante.
        ValueError: si las formas no casan.

    Examples:
        >>> bias_variance(np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([0.0, 5.0]))
        (2.0, 0.5)
    """
    check_floating(preds=preds, truth=truth)
    check_array("preds", preds, shape=("R", "N"), dtype=preds.dtype)
    check_array("truth", truth, shape=(preds.shape[1],), dtype=truth.dtype)
    bias = preds.mean(axis=0) - truth
    return float(np.mean(bias**2)), float(np.mean(preds.var(axis=0)))
    # --8<-- [end:bias_variance]
