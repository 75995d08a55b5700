r"""El paisaje de la pérdida: curvatura, sillas y direcciones en alta dimensión.

Capítulo: 04-paisaje

Las funciones de dos variables reciben el punto $p=(x,y)$ como arreglo `(2,)` y dan un
`float`; con una rejilla `(2, H, W)` dan un arreglo `(H, W)`.
"""

import math
from collections.abc import Callable

import numpy as np

from apuntes._checks import check_array, check_counts, check_floating, check_positive


# --8<-- [start:saddle]
def saddle(p: np.ndarray) -> float | np.ndarray:
    r"""La silla más sencilla, $f(x,y)=x^2-y^2$, con su punto crítico en el origen.

    Examples:
        >>> saddle(np.array([2.0, 1.0]))
        3.0
    """
    x, y = _coordinates(p)
    return _value(x**2 - y**2)


def saddle_grad(p: np.ndarray) -> np.ndarray:
    r"""Gradiente de `saddle`: $(2x,\;-2y)$, con la forma de `p`."""
    x, y = _coordinates(p)
    return np.stack([2 * x, -2 * y])
    # --8<-- [end:saddle]


# --8<-- [start:linear_network_loss]
def linear_network_loss(p: np.ndarray) -> float | np.ndarray:
    r"""Coste $(w_1w_2-1)^2$ de la red lineal $\hat y=w_2w_1x$ con el dato $x=y=1$.

    Examples:
        >>> linear_network_loss(np.array([0.0, 0.0]))
        1.0
    """
    w1, w2 = _coordinates(p)
    return _value((w1 * w2 - 1) ** 2)


def linear_network_loss_grad(p: np.ndarray) -> np.ndarray:
    r"""Gradiente: $2(w_1w_2-1)\,(w_2,\;w_1)$, con la forma de `p`."""
    w1, w2 = _coordinates(p)
    return 2 * (w1 * w2 - 1) * np.stack([w2, w1])
    # --8<-- [end:linear_network_loss]


# --8<-- [start:hessian]
def hessian(
    grad: Callable[[np.ndarray], np.ndarray], theta: np.ndarray, *, eps: float = 1e-5
) -> np.ndarray:
    r"""Hessiana $\nabla^2J$, de forma `(P, P)`, por diferencias centradas de `grad`.

    Args:
        grad: gradiente $\nabla J$, que recibe y devuelve un arreglo `(P,)`.
        theta: punto, `float64` de forma `(P,)`; no se modifica.
        eps: paso $\epsilon$ de las diferencias.

    Raises:
        TypeError: si `theta` no es un arreglo `float64`.
        ValueError: si `theta` no tiene forma `(P,)` o `eps` no es positivo.

    Examples:
        >>> hessian(saddle_grad, np.zeros(2)).round(6)
        array([[ 2.,  0.],
               [ 0., -2.]])
    """
    check_array("theta", theta, shape=("P",), dtype=np.float64)
    check_positive(eps=eps)
    rows = [
        (grad(theta + move) - grad(theta - move)) / (2 * eps)
        for move in eps * np.eye(len(theta))
    ]
    # El redondeo rompe la simetría de las derivadas segundas; la media la repone.
    return (np.array(rows) + np.array(rows).T) / 2
    # --8<-- [end:hessian]


# --8<-- [start:escape_steps]
def escape_steps(distance: float, *, radius: float, curvature: float, lr: float) -> int:
    r"""Pasos para salir de una silla: el menor $k$ con $\xi(1+\eta\gamma)^k\ge\rho$.

    Args:
        distance: $\xi$, distancia inicial a la silla por la dirección de bajada.
        radius: $\rho$, distancia a la que se da por escapada.
        curvature: $\gamma=-\lambda_{\min}$, lo que la silla se curva hacia abajo.
        lr: tasa de aprendizaje $\eta$.

    Raises:
        ValueError: si algún número no es positivo; con $\xi=0$ no se sale nunca.

    Examples:
        >>> escape_steps(0.001, radius=1.0, curvature=2.0, lr=0.1)
        38
    """
    check_positive(distance=distance, radius=radius, curvature=curvature, lr=lr)
    growth = math.log1p(lr * curvature)
    return max(0, math.ceil((math.log(radius) - math.log(distance)) / growth))
    # --8<-- [end:escape_steps]


# --8<-- [start:pairwise_angles]
def pairwise_angles(directions: np.ndarray) -> np.ndarray:
    """Ángulo, en grados, entre cada dos filas de `directions`.

    Args:
        directions: vectores no nulos, de forma `(N, d)`.

    Returns:
        Ángulos, de forma `(N * (N - 1) / 2,)`.

    Raises:
        ValueError: si alguna fila es nula o no hay forma `(N, d)`.

    Examples:
        >>> pairwise_angles(np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 0.0]]))
        array([ 90., 180.,  90.])
    """
    check_floating(directions=directions)
    check_array("directions", directions, shape=("N", "d"), dtype=directions.dtype)
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    if not lengths.all():
        raise ValueError(f"directions no admite filas nulas; se recibió {directions}")
    units = directions / lengths
    cosines = (units @ units.T)[np.triu_indices(len(units), k=1)]
    return np.degrees(np.arccos(np.clip(cosines, -1, 1)))


def cap_fraction(dim: int, angle: float) -> float:
    r"""Fracción de la esfera de $\mathbb{R}^d$ a menos de `angle` grados de un punto.

    Es $\int_0^{\vartheta}\sin^{d-2}t\,dt$ entre esa integral hasta $\pi$: la
    probabilidad de que una dirección al azar forme con otra un ángulo menor.

    Args:
        dim: dimensión $d$, al menos 2.
        angle: ángulo $\vartheta$, de más de 0 a 180.

    Examples:
        >>> round(cap_fraction(3, 60), 12)
        0.25
    """
    check_counts(dim=dim)
    if dim < 2 or not 0 < angle <= 180:
        raise ValueError(
            f"hacen falta dim >= 2 y 0 < angle <= 180; se recibió {dim} y {angle}"
        )
    nodes, weights = np.polynomial.legendre.leggauss(200)
    # Pasados los 90 grados se mide lo que falta: con d grande, el seno elevado a d - 2
    # es un pico en 90 que los nodos solo ven si cae en un extremo, donde se aprietan.
    half = math.radians(min(angle, 180 - angle)) / 2
    part = half * (weights @ np.sin(half * (nodes + 1)) ** (dim - 2))
    whole = math.lgamma((dim - 1) / 2) - math.lgamma(dim / 2)
    fraction = float(part / (math.sqrt(math.pi) * math.exp(whole)))
    return fraction if angle <= 90 else 1 - fraction
    # --8<-- [end:pairwise_angles]


def _coordinates(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    check_floating(p=p)
    if p.shape[:1] != (2,):
        raise ValueError(f"p debe tener forma (2,) o (2, H, W); se recibió {p.shape}")
    return p[0], p[1]


def _value(value: np.ndarray) -> float | np.ndarray:
    return value if np.ndim(value) else float(value)
