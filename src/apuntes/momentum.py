r"""El momento sobre una cuadrática: cuánto encoge el error en cada paso.

Capítulo: 12-optimizacion-avanzada

En la dirección de un autovector de la hessiana, de autovalor $\lambda$, el error de un
paso sale del de los dos anteriores, $\delta_{t+1}=b\,\delta_t-c\,\delta_{t-1}$: es una
combinación de potencias de las dos raíces de $z^2-bz+c$, y manda la mayor.
"""

import math

import numpy as np

from apuntes._checks import check_nonnegative, check_positive


# --8<-- [start:momentum_roots]
def momentum_roots(
    curvature: np.ndarray | float,
    *,
    lr: float,
    momentum: float,
    nesterov: bool = False,
) -> np.ndarray:
    r"""Raíces de $z^2-(1+\mu-\eta\lambda)z+\mu$, lo que encoge el error en un paso.

    Con Nesterov son las de $z^2-(1+\mu)(1-\eta\lambda)z+\mu(1-\eta\lambda)$.

    Args:
        curvature: autovalor $\lambda$ de la hessiana, un número o un arreglo de ellos.
        lr: tasa de aprendizaje $\eta$.
        momentum: factor $\mu$; con 0, una raíz es la del descenso, $1-\eta\lambda$, y
            la otra es 0.
        nesterov: si el momento es el de Nesterov.

    Returns:
        Las dos raíces, complejas, en el primer eje de un arreglo `(2, ...)`.

    Raises:
        ValueError: si `lr` o `momentum` son negativas.

    Examples:
        >>> abs(momentum_roots(1.0, lr=0.25, momentum=0.25))
        array([0.5, 0.5])
    """
    check_nonnegative(lr=lr, momentum=momentum)
    scaled = lr * np.asarray(curvature, dtype=np.float64)
    if nesterov:
        b, c = (1 + momentum) * (1 - scaled), momentum * (1 - scaled)
    else:
        b, c = 1 + momentum - scaled, momentum * np.ones_like(scaled)
    root = np.sqrt(b**2 - 4 * c + 0j)
    return np.stack([(b + root) / 2, (b - root) / 2])
    # --8<-- [end:momentum_roots]


# --8<-- [start:critical_momentum]
def critical_momentum(curvature: float, *, lr: float) -> float:
    r"""Momento crítico, $\mu=(1-\sqrt{\eta\lambda})^2$: las dos raíces se juntan.

    Si $\eta\lambda<1$, con menos el error baja sin oscilar y más despacio; con más,
    oscila.

    Args:
        curvature: autovalor $\lambda$ de la hessiana.
        lr: tasa de aprendizaje $\eta$.

    Raises:
        ValueError: si algo no es positivo.

    Examples:
        >>> critical_momentum(1.0, lr=0.25)
        0.25
    """
    check_positive(curvature=curvature, lr=lr)
    return (1 - math.sqrt(lr * curvature)) ** 2
    # --8<-- [end:critical_momentum]


# --8<-- [start:optimal_momentum]
def optimal_momentum(smallest: float, largest: float) -> tuple[float, float]:
    r"""Tasa y momento con que el peor autovalor encoge más: $\sqrt\mu$ en todos.

    $\eta=\frac{4}{(\sqrt{\lambda_{\max}}+\sqrt{\lambda_{\min}})^2}$ y
    $\sqrt\mu=\frac{\sqrt\kappa-1}{\sqrt\kappa+1}$, con
    $\kappa=\lambda_{\max}/\lambda_{\min}$.

    Args:
        smallest: $\lambda_{\min}$.
        largest: $\lambda_{\max}$.

    Returns:
        La pareja $(\eta,\mu)$.

    Raises:
        ValueError: si algo no es positivo.

    Fuente:
        Polyak (1964), doi:10.1016/0041-5553(64)90137-5.

    Examples:
        >>> optimal_momentum(1.0, 9.0)
        (0.25, 0.25)
    """
    check_positive(smallest=smallest, largest=largest)
    low, high = math.sqrt(smallest), math.sqrt(largest)
    return 4 / (high + low) ** 2, ((high - low) / (high + low)) ** 2
    # --8<-- [end:optimal_momentum]
