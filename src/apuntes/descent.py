r"""Descenso de gradiente y las tres funciones con que se estudia.

Capítulo: 03-descenso-de-gradiente

Las funciones de dos variables reciben el punto $(x,y)$ como arreglo `(2,)` y dan un
`float`; con una rejilla `(2, H, W)`, como la de `np.meshgrid`, dan un arreglo `(H, W)`.
"""

from collections.abc import Callable, Sequence

import numpy as np

from apuntes._checks import (
    check_array,
    check_counts,
    check_floating,
    check_nonnegative,
    check_positive,
    check_same_shape,
    check_symmetric,
)


# --8<-- [start:gradient_descent]
def gradient_descent(
    grad: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray | Sequence[float],
    *,
    lr: float,
    steps: int,
    tol: float = 0.0,
) -> np.ndarray:
    r"""Trayectoria de $\theta_{t+1}=\theta_t-\eta\,\nabla J(\theta_t)$.

    Con una tasa demasiado grande crece hasta `inf` y después `nan`, sin avisos.

    Args:
        grad: gradiente $\nabla J$, que recibe y devuelve un arreglo `(D,)`.
        start: punto de partida $\theta_0$, de forma `(D,)`; los enteros pasan a reales.
        lr: tasa de aprendizaje $\eta$.
        steps: número máximo de pasos.
        tol: se para antes en cuanto $\lVert\nabla J\rVert$ es menor; con 0, nunca.

    Returns:
        Los puntos visitados desde `start`: `(steps + 1, D)`, o menos si paró antes.

    Raises:
        TypeError: si `steps` no es entero, o `start` no es de números reales.
        ValueError: si `lr` o `tol` son negativas, o alguna forma no es `(D,)`.

    Fuente:
        Cauchy (1847), Comptes rendus 25, 536–538.

    Examples:
        >>> gradient_descent(quadratic_grad, (1, -1), lr=0.1, steps=2)
        array([[ 1.  , -1.  ],
               [ 0.8 , -0.5 ],
               [ 0.67, -0.22]])
    """
    check_nonnegative(lr=lr, tol=tol)
    check_counts(steps=steps)
    theta = _real_vector(start)
    path = [theta]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            slope = np.asarray(grad(path[-1]))
            if slope.shape != theta.shape:
                raise ValueError(
                    f"grad debe dar forma {theta.shape}; se recibió {slope.shape}"
                )
            if np.linalg.norm(slope) < tol:
                break
            path.append(path[-1] - float(lr) * slope)
    return np.array(path)
    # --8<-- [end:gradient_descent]


# --8<-- [start:quadratic]
def quadratic(p: np.ndarray) -> float | np.ndarray:
    r"""Cuadrática $q(x,y)=\frac12x^2+2y^2-xy$, con su único mínimo, 0, en el origen.

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


def quadratic_hessian(p: np.ndarray) -> np.ndarray:
    """Matriz `(2, 2)` de segundas derivadas, la misma en todos los puntos `(2,)`."""
    _coordinates(p)
    return np.array([[1, -1], [-1, 4]], dtype=p.dtype)
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
    r"""Gradiente, $(4xa+2b,\;2a+4yb)$, con $a=x^2+y-11$ y $b=x+y^2-7$."""
    x, y = _coordinates(p)
    a, b = x**2 + y - 11, x + y**2 - 7
    return np.stack([4 * x * a + 2 * b, 2 * a + 4 * y * b])


def himmelblau_hessian(p: np.ndarray) -> np.ndarray:
    """Matriz `(2, 2)` de segundas derivadas de `himmelblau` en un punto `(2,)`."""
    x, y = _coordinates(p)
    mixed = 4 * (x + y)
    return np.array([[12 * x**2 + 4 * y - 42, mixed], [mixed, 12 * y**2 + 4 * x - 26]])
    # --8<-- [end:himmelblau]


# --8<-- [start:critical_rate]
def critical_rate(hessian: np.ndarray) -> float:
    r"""Tasa $2/\lambda_{\max}$ a partir de la cual un mínimo deja de atraer.

    Args:
        hessian: segundas derivadas en el mínimo, matriz simétrica `(D, D)`.

    Raises:
        TypeError: si no es de coma flotante.
        ValueError: si no es cuadrada y simétrica, o su mayor autovalor no es positivo.

    Examples:
        >>> critical_rate(np.array([[2.0, 0.0], [0.0, 8.0]]))
        0.25
    """
    check_symmetric(hessian=hessian)  # `eigvalsh` solo lee media matriz
    largest = float(np.linalg.eigvalsh(hessian)[-1])
    check_positive(largest_eigenvalue=largest)
    return 2 / largest
    # --8<-- [end:critical_rate]


# --8<-- [start:basins]
def basins(
    grad: Callable[[np.ndarray], np.ndarray],
    starts: np.ndarray,
    minima: np.ndarray,
    *,
    lr: float,
    steps: int,
) -> tuple[np.ndarray, np.ndarray]:
    """A cuál de los `minima`, `(K, 2)`, llega cada inicio, y en qué paso.

    Los inicios son una rejilla `(2, H, W)`, y `grad` recibe y da arreglos `(2, N)`.
    Llegar es estar a menos de una milésima. Da dos arreglos `(H, W)` de enteros, `-1`
    donde no se llegó a ninguno.
    """
    check_nonnegative(lr=lr)
    check_counts(steps=steps)
    check_floating(starts=starts)
    check_array("starts", starts, shape=(2, "H", "W"), dtype=starts.dtype)
    check_array("minima", minima, shape=("K", 2), dtype=starts.dtype)
    which, arrival = np.full((2, *starts.shape[1:]), -1)
    p, alive = starts.reshape(2, -1), np.arange(which.size)
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(steps + 1):
            distance = np.hypot(*(p[:, None] - minima.T[..., None]))
            there = distance.min(axis=0) < 1e-3
            which.flat[alive[there]] = distance.argmin(axis=0)[there]
            arrival.flat[alive[there]] = t
            p, alive = p[:, ~there], alive[~there]
            p = p - float(lr) * grad(p)
    return which, arrival
    # --8<-- [end:basins]


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


def _real_vector(start: np.ndarray | Sequence[float]) -> np.ndarray:
    """`start` como arreglo `(D,)` de reales; los enteros pasan a `float64`."""
    theta = np.asarray(start)
    if theta.dtype.kind in "iu":
        theta = theta.astype(np.float64)
    check_floating(start=theta)
    check_array("start", theta, shape=("D",), dtype=theta.dtype)
    return theta


def _residuals(beta: np.ndarray, x: np.ndarray, target: np.ndarray) -> np.ndarray:
    check_floating(beta=beta, x=x, target=target)
    check_array("beta", beta, shape=(2,), dtype=beta.dtype)
    check_array("x", x, shape=("N",), dtype=x.dtype)
    check_same_shape(x=x, target=target)
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
