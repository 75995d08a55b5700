r"""El descenso con lotes, el ruido que arrastra y adónde lo lleva.

Capítulo: 05-descenso-estocastico

Los lotes llegan de fuera, como índices: los de `minibatch.minibatches`, los sacados con
reposición o siempre todos. Así el mismo bucle es las tres reglas del capítulo.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from apuntes._checks import (
    check_array,
    check_floating,
    check_nonnegative,
    check_positive,
)

BatchGrad = Callable[[np.ndarray, np.ndarray], np.ndarray]


# --8<-- [start:stochastic_descent]
def stochastic_descent(
    grad: BatchGrad,
    start: np.ndarray | Sequence[float],
    batches: Iterable[np.ndarray],
    *,
    lr: float | Callable[[int], float],
) -> np.ndarray:
    r"""Trayectoria de $\theta_{t+1}=\theta_t-\eta_t\,g_{B_t}(\theta_t)$.

    Args:
        grad: gradiente medio de un lote, `grad(theta, batch)`, de forma `(D,)`.
        start: punto de partida $\theta_0$, de forma `(D,)`; los enteros pasan a reales.
        batches: índices de cada lote $B_t$; hay tantos pasos como lotes.
        lr: tasa de aprendizaje $\eta$, o función que da la de cada paso, desde el 0.

    Returns:
        Los puntos visitados, de forma `(T + 1, D)` con `T` lotes.

    Raises:
        TypeError: si `start` no es de números reales.
        ValueError: si `lr` es negativa, o `start` o `grad` no dan forma `(D,)`.

    Fuente:
        Robbins y Monro (1951), doi:10.1214/aoms/1177729586.

    Examples:
        >>> x = np.array([[1.0], [5.0]])
        >>> mean_grad = lambda theta, batch: theta - x[batch].mean(axis=0)
        >>> stochastic_descent(mean_grad, [0.0], [[0], [1]], lr=0.5)
        array([[0.  ],
               [0.5 ],
               [2.75]])
    """
    theta = np.asarray(start)
    if theta.dtype.kind in "iu":
        theta = theta.astype(np.float64)
    check_floating(start=theta)
    check_array("start", theta, shape=("D",), dtype=theta.dtype)
    path = [theta]
    for step, batch in enumerate(batches):
        rate = lr(step) if callable(lr) else lr
        check_nonnegative(lr=rate)
        slope = grad(path[-1], batch)
        if np.shape(slope) != theta.shape:
            raise ValueError(
                f"grad debe dar forma {theta.shape}; se recibió {np.shape(slope)}"
            )
        path.append(path[-1] - float(rate) * slope)
    return np.array(path)
    # --8<-- [end:stochastic_descent]


# --8<-- [start:stationary_variance]
def stationary_variance(variance: float, *, lr: float, curvature: float = 1.0) -> float:
    r"""Varianza final de $\theta$: $\frac{\eta}{J''(2-\eta J'')}\cdot\frac{S}{m}$.

    Vale con tasa fija, en una dimensión, para un coste cuadrático cuyo gradiente lleva
    en cada paso un ruido independiente de varianza $S/m$.

    Args:
        variance: varianza $S/m$ del gradiente del lote, la que da `gradient_variance`
            con `replace=True`.
        lr: tasa de aprendizaje $\eta$.
        curvature: segunda derivada $J''$ del coste.

    Raises:
        ValueError: si algo no es positivo, o la tasa llega a $2/J''$ y se diverge.

    Examples:
        >>> stationary_variance(3.0, lr=0.5)
        1.0
    """
    check_nonnegative(variance=variance)
    check_positive(lr=lr, curvature=curvature)
    step = lr * curvature
    if step >= 2:
        raise ValueError(f"lr·curvature debe ser menor que 2; se recibió {step}")
    return float(lr * variance / (curvature * (2 - step)))
    # --8<-- [end:stationary_variance]


# --8<-- [start:double_well]
def double_well(
    p: np.ndarray, *, tilt: np.ndarray | Sequence[float] = (0.3, 0.0)
) -> float | np.ndarray:
    r"""Dos pozos inclinados, $(x^2-1)^2+\frac12y^2+\rho_1x+\rho_2y$.

    Args:
        p: punto `(2,)`, o rejilla `(2, H, W)`.
        tilt: inclinación $\rho$, de forma `(2,)`.

    Examples:
        >>> double_well(np.array([0.0, 1.0]))
        1.5
    """
    x, y = _coordinates(p)
    a, b = _tilt(tilt)
    value = (x**2 - 1) ** 2 + y**2 / 2 + a * x + b * y
    return value if np.ndim(value) else float(value)


def double_well_grad(
    p: np.ndarray, *, tilt: np.ndarray | Sequence[float] = (0.3, 0.0)
) -> np.ndarray:
    r"""Gradiente de `double_well`: $(4x^3-4x,\;y)+\rho$, con la forma de `p`."""
    x, y = _coordinates(p)
    a, b = _tilt(tilt)
    return np.stack([4 * x**3 - 4 * x + a, y + b])
    # --8<-- [end:double_well]


def _coordinates(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    check_floating(p=p)
    if p.shape[:1] != (2,):
        raise ValueError(f"p debe tener forma (2,) o (2, H, W); se recibió {p.shape}")
    return p[0], p[1]


def _tilt(tilt: np.ndarray | Sequence[float]) -> tuple[float, float]:
    if np.shape(tilt) != (2,):
        raise ValueError(f"tilt debe tener forma (2,); se recibió {np.shape(tilt)}")
    # float y no float64: una rejilla en float32 sigue siéndolo.
    return float(tilt[0]), float(tilt[1])
