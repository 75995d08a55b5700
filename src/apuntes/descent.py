r"""Descenso de gradiente y las tres funciones con que se estudia.

Capítulo: 03-descenso-de-gradiente

Las funciones de dos variables reciben el punto $p=(x,y)$ como arreglo `(2,)` y dan un
`float`; con una rejilla `(2, H, W)`, como la de `np.meshgrid`, dan un arreglo `(H, W)`.
"""

from collections.abc import Callable, Sequence

import numpy as np

from apuntes._checks import (
    check_array,
    check_counts,
    check_floating,
    check_nonnegative,
    check_same_shape,
)


# --8<-- [start:gradient_descent]
def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray | Sequence[float],
    *,
    lr: float,
    steps: int,
) -> np.ndarray:
    r"""Trayectoria de $\theta_{k+1}=\theta_k-\eta\,\nabla L(\theta_k)$.

    Con una tasa demasiado grande la trayectoria crece hasta `inf` y después `nan`; se
    devuelve entera y sin avisos, para dibujarla. `np.isfinite(path).all(axis=1)` dice
    hasta dónde llega.

    Args:
        grad: gradiente $\nabla L$, que recibe y devuelve un arreglo `(D,)`.
        start: punto de partida $\theta_0$, de forma `(D,)`; los enteros pasan a reales.
        lr: tasa de aprendizaje $\eta$.
        steps: número de pasos.

    Returns:
        Los puntos visitados, de forma `(steps + 1, D)`; el primero es `start`.

    Raises:
        TypeError: si `steps` no es entero, o `start` no es de números reales.
        ValueError: si `lr` es negativa, o `start` o `grad` no dan forma `(D,)`.

    Fuente:
        Cauchy (1847), «Méthode générale pour la résolution des systèmes d'équations
        simultanées», Comptes rendus 25, 536–538.

    Examples:
        >>> gradient_descent(quadratic_grad, (1, -1), lr=0.1, steps=2)
        array([[ 1.  , -1.  ],
               [ 0.8 , -0.5 ],
               [ 0.67, -0.22]])
    """
    check_nonnegative(lr=lr)
    check_counts(steps=steps)
    theta = np.asarray(start)
    if theta.dtype.kind in "iu":
        theta = theta.astype(np.float64)
    check_floating(start=theta)
    check_array("start", theta, shape=("D",), dtype=theta.dtype)
    path = [theta]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            slope = grad(path[-1])
            if np.shape(slope) != theta.shape:
                raise ValueError(
                    f"grad debe dar forma {theta.shape}; se recibió {np.shape(slope)}"
                )
            path.append(path[-1] - float(lr) * slope)
    return np.array(path)
    # --8<-- [end:gradient_descent]


# --8<-- [start:quadratic]
def quadratic(p: np.ndarray) -> float | np.ndarray:
    r"""Cuadrática $g(x,y)=\frac12x^2+2y^2-xy$, con su único mínimo, 0, en el origen.

    Examples:
        >>> quadratic(np.array([1.0, -1.0]))
        3.5
    """
    x, y = _coordinates(p)
    return _value(x**2 / 2 + 2 * y**2 - x * y)


def quadratic_grad(p: np.ndarray) -> np.ndarray:
    r"""Gradiente de `quadratic`: $(x-y,\;4y-x)$, con la forma de `p`."""
    x, y = _coordinates(p)
    return np.stack([x - y, 4 * y - x])
    # --8<-- [end:quadratic]


# --8<-- [start:himmelblau]
def himmelblau(p: np.ndarray) -> float | np.ndarray:
    r"""Función de Himmelblau, $(x^2+y-11)^2+(x+y^2-7)^2$.

    Tiene cuatro mínimos, todos de valor 0; uno está en $(3,2)$.

    Fuente:
        Himmelblau (1972), «Applied Nonlinear Programming», McGraw-Hill.

    Examples:
        >>> himmelblau(np.array([0.0, 1.0]))
        136.0
    """
    x, y = _coordinates(p)
    return _value((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2)


def himmelblau_grad(p: np.ndarray) -> np.ndarray:
    r"""Gradiente de `himmelblau`: $(4xa+2b,\;2a+4yb)$, con la forma de `p`.

    Con $a=x^2+y-11$ y $b=x+y^2-7$, las dos cantidades que se elevan al cuadrado.
    """
    x, y = _coordinates(p)
    a, b = x**2 + y - 11, x + y**2 - 7
    return np.stack([4 * x * a + 2 * b, 2 * a + 4 * y * b])
    # --8<-- [end:himmelblau]


# --8<-- [start:linear_regression_loss]
def linear_regression_loss(
    beta: np.ndarray, x: np.ndarray, target: np.ndarray
) -> float:
    r"""Suma de cuadrados de la recta, $\sum_i(\beta_0+\beta_1x_i-y_i)^2$.

    Es la suma, no la media: la tasa que conviene depende del número de datos.

    Args:
        beta: ordenada en el origen y pendiente, $(\beta_0,\beta_1)$, de forma `(2,)`.
        x: abscisas, de forma `(N,)`.
        target: ordenadas $y$, de forma `(N,)`.

    Examples:
        >>> x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0, 5.0])
        >>> linear_regression_loss(np.array([0.0, 0.0]), x, y)
        39.0
    """
    return float(np.sum(_residuals(beta, x, target) ** 2))


def linear_regression_loss_grad(
    beta: np.ndarray, x: np.ndarray, target: np.ndarray
) -> np.ndarray:
    r"""Gradiente respecto de `beta`: $2\sum_i r_i\,(1,x_i)$, con $r_i$ el residuo."""
    residuals = _residuals(beta, x, target)
    return 2 * np.stack([residuals.sum(), residuals @ x])
    # --8<-- [end:linear_regression_loss]


def _residuals(beta: np.ndarray, x: np.ndarray, target: np.ndarray) -> np.ndarray:
    check_floating(beta=beta)
    check_same_shape(x=x, target=target)
    check_array("beta", beta, shape=(2,), dtype=beta.dtype)
    intercept, slope = beta
    return intercept + slope * x - target


def _coordinates(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    check_floating(p=p)
    if p.shape[:1] != (2,):
        raise ValueError(f"p debe tener forma (2,) o (2, H, W); se recibió {p.shape}")
    return p[0], p[1]


def _value(value: np.ndarray) -> float | np.ndarray:
    """`float` si es un solo número: `np.float64(3.5)` confunde al leerlo."""
    return value if np.ndim(value) else float(value)
