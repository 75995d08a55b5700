r"""Adónde lleva un optimizador en una función de dos variables.

Capítulo: 12-optimizacion-avanzada

Para verlos trabajar: el camino que hacen, y la función de Rosenbrock, un valle curvo y
estrecho. La cuadrática y la de Himmelblau están en `descent`.
"""

from collections.abc import Callable

import numpy as np

from apuntes._checks import check_counts, check_floating
from apuntes.optimizers import Optimizer
from apuntes.schedules import Schedule


# --8<-- [start:trajectory]
def trajectory(
    optimizer: Optimizer,
    grad: Callable[[np.ndarray], np.ndarray],
    *,
    steps: int,
    schedule: Schedule | None = None,
) -> np.ndarray:
    r"""Los puntos por los que pasa un optimizador, el de salida incluido.

    Args:
        optimizer: hecho con un solo arreglo, `[theta]`, que se moverá.
        grad: gradiente $\nabla J$, que recibe y da arreglos como ese.
        steps: número de pasos.
        schedule: tasa de cada paso, que se cuenta desde 0; si falta, la que tenga.

    Returns:
        Los puntos, de forma `(steps + 1, ...)`.

    Raises:
        TypeError: si `steps` no es un entero.
        ValueError: si `steps` no es positivo o el optimizador lleva más de un arreglo.

    Examples:
        >>> from apuntes.optimizers import SGD
        >>> trajectory(SGD([np.array([1.0])], lr=0.25), lambda p: 2 * p, steps=2)
        array([[1.  ],
               [0.5 ],
               [0.25]])
    """
    check_counts(steps=steps)
    if len(optimizer.params) != 1:
        raise ValueError(
            f"el optimizador debe llevar un arreglo; se recibió {len(optimizer.params)}"
        )
    [theta] = optimizer.params
    path = [theta.copy()]
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(steps):
            if schedule is not None:
                optimizer.lr = schedule(t)
            optimizer.step([grad(theta)])
            path.append(theta.copy())
    return np.array(path)
    # --8<-- [end:trajectory]


# --8<-- [start:rosenbrock]
def rosenbrock(p: np.ndarray) -> float | np.ndarray:
    r"""Función de Rosenbrock, $(1-x)^2+100(y-x^2)^2$: un valle curvo hasta $(1,1)$.

    Fuente:
        Rosenbrock (1960), doi:10.1093/comjnl/3.3.175.

    Examples:
        >>> rosenbrock(np.array([-1.0, 1.0]))
        4.0
    """
    x, y = _coordinates(p)
    value = (1 - x) ** 2 + 100 * (y - x**2) ** 2
    return float(value) if np.ndim(value) == 0 else value


def rosenbrock_grad(p: np.ndarray) -> np.ndarray:
    r"""Gradiente, $(-2(1-x)-400x(y-x^2),\;200(y-x^2))$, con la forma de `p`."""
    x, y = _coordinates(p)
    return np.stack([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])


def rosenbrock_hessian(p: np.ndarray) -> np.ndarray:
    """Matriz `(2, 2)` de segundas derivadas en un punto `(2,)`."""
    x, y = _coordinates(p)
    mixed = -400 * x
    return np.array([[1200 * x**2 - 400 * y + 2, mixed], [mixed, 200 + 0 * y]])
    # --8<-- [end:rosenbrock]


def _coordinates(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    check_floating(p=p)
    if p.shape[:1] != (2,):
        raise ValueError(f"p debe tener forma (2,) o (2, H, W); se recibió {p.shape}")
    return p[0], p[1]
