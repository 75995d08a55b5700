r"""Caminos entre dos redes entrenadas y el coste a lo largo de ellos.

Capítulo: 04-paisaje

Un camino es un arreglo `(T, P)`: una fila de parámetros $\theta$ por cada valor de $t$.
"""

import copy

import numpy as np

from apuntes._checks import (
    check_array,
    check_counts,
    check_floating,
    check_nonnegative,
    check_rng,
    check_same_shape,
    check_unit_interval,
)
from apuntes.layers import Sequential
from apuntes.metrics import Data, Loss, evaluate
from apuntes.optimizers import SGD
from apuntes.training import LossGrad


# --8<-- [start:spiral]
def spiral(n: int, *, noise: float, rng: np.random.Generator) -> Data:
    r"""Dos clases en espiral: dos brazos de una vuelta, cada uno enfrente del otro.

    Args:
        n: número de ejemplos, alternando las clases.
        noise: desviación típica del ruido que se suma a cada coordenada.
        rng: generador de números aleatorios.

    Returns:
        Puntos `(n, 2)`, a menos de 2 del origen salvo el ruido, y sus clases `(n,)`.
    """
    check_counts(n=n)
    check_nonnegative(noise=noise)
    check_rng(rng)
    labels = np.arange(n) % 2
    turn = np.sqrt(rng.uniform(0.03, 1, n))  # la raíz reparte por igual en el plano
    angle = 2 * np.pi * turn + np.pi * labels
    arms = 2 * turn * np.stack([np.cos(angle), np.sin(angle)])
    return arms.T + noise * rng.standard_normal((n, 2)), labels
    # --8<-- [end:spiral]


# --8<-- [start:bezier]
def bezier(
    start: np.ndarray, bend: np.ndarray, end: np.ndarray, t: np.ndarray
) -> np.ndarray:
    r"""Curva de Bézier $\varphi(t)=(1-t)^2\theta_A+2t(1-t)\theta_C+t^2\theta_B$.

    Args:
        start: extremo $\theta_A$, de forma `(P,)`.
        bend: punto de control $\theta_C$, hacia el que se curva sin llegar a él.
        end: extremo $\theta_B$.
        t: valores entre 0 y 1, de forma `(T,)`.

    Returns:
        Puntos de la curva, de forma `(T, P)`.

    Raises:
        ValueError: si las formas difieren o algún `t` cae fuera de `[0, 1]`.

    Examples:
        >>> A, C, B = np.array([0.0, 0.0]), np.array([1.0, 2.0]), np.array([2.0, 0.0])
        >>> bezier(A, C, B, np.array([0.5]))
        array([[1., 1.]])
    """
    check_floating(start=start, bend=bend, end=end)
    check_same_shape(start=start, bend=bend, end=end)
    check_unit_interval(t=t)
    t = np.asarray(t, dtype=start.dtype)[:, None]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end
    # --8<-- [end:bezier]


# --8<-- [start:fit_bend]
def fit_bend(
    model: Sequential,
    start: np.ndarray,
    end: np.ndarray,
    loss_grad: LossGrad,
    data: Data,
    *,
    lr: float,
    steps: int,
    rng: np.random.Generator,
    momentum: float = 0.9,
) -> np.ndarray:
    r"""Punto de control que baja el coste medio de la curva, $\int_0^1J(\varphi(t))dt$.

    Empieza en el punto medio del segmento; en cada paso sortea $t\sim U(0,1)$ y usa
    `bend_grad`.

    Args:
        model: red cuya forma tienen los parámetros; no se modifica.
        start: parámetros $\theta_A$ de un extremo, `(P,)`.
        end: parámetros $\theta_B$ del otro, `(P,)`.
        loss_grad: gradiente de la pérdida, como `cross_entropy_grad`.
        data: datos `(x, target)`, todos en cada paso.
        lr: tasa de aprendizaje.
        steps: número de pasos.
        rng: generador de números aleatorios.
        momentum: coeficiente del momento.

    Fuente:
        Garipov, Izmailov, Podoprikhin, Vetrov y Wilson (2018), «Loss Surfaces, Mode
        Connectivity, and Fast Ensembling of DNNs», NeurIPS 31.
    """
    check_counts(steps=steps)
    check_rng(rng)
    check_same_shape(start=start, end=end)
    bend = (start + end) / 2
    optimizer = SGD([bend], lr=lr, momentum=momentum)
    for t in rng.uniform(size=steps):
        optimizer.step([bend_grad(model, (start, bend, end), t, loss_grad, data)])
    return bend


def bend_grad(
    model: Sequential,
    curve: tuple[np.ndarray, np.ndarray, np.ndarray],
    t: float,
    loss_grad: LossGrad,
    data: Data,
) -> np.ndarray:
    r"""Gradiente de $J(\varphi(t))$ respecto de $\theta_C$.

    Es $2t(1-t)\nabla J(\varphi(t))$, porque $\partial\varphi/\partial\theta_C=2t(1-t)$.

    `curve` son los tres puntos $(\theta_A,\theta_C,\theta_B)$ de `bezier`.
    """
    [theta] = bezier(*curve, np.array([t]))
    return 2 * t * (1 - t) * cost_grad(model, theta, loss_grad, data)
    # --8<-- [end:fit_bend]


# --8<-- [start:costs_along]
def costs_along(
    model: Sequential, points: np.ndarray, loss: Loss, data: Data
) -> tuple[np.ndarray, np.ndarray]:
    """Coste y exactitud de la red con cada fila de `points` como parámetros.

    Args:
        model: red; no se modifica.
        points: parámetros, de forma `(T, P)`, como los que da `bezier`.
        loss: pérdida, como `cross_entropy`.
        data: datos `(x, target)`.

    Returns:
        Dos arreglos `(T,)`; la exactitud es `nan` si la salida tiene una componente.
    """
    work = copy.deepcopy(model)
    [theta] = work.parameters()
    check_array("points", points, shape=("T", theta.size), dtype=theta.dtype)
    measured = np.empty((len(points), 2))
    for i, point in enumerate(points):
        theta[:] = point
        measured[i] = evaluate(work, loss, data)
    return measured[:, 0], measured[:, 1]


def cost_grad(
    model: Sequential, theta: np.ndarray, loss_grad: LossGrad, data: Data
) -> np.ndarray:
    r"""Gradiente del coste de la red con parámetros `theta`, de forma `(P,)`."""
    work = copy.deepcopy(model)
    [parameters] = work.parameters()
    check_array("theta", theta, shape=(parameters.size,), dtype=parameters.dtype)
    parameters[:] = theta
    work.write_gradients(loss_grad(work.forward(data[0]), data[1]))
    return work.gradients()[0]
    # --8<-- [end:costs_along]


# --8<-- [start:plane_basis]
def plane_basis(
    start: np.ndarray, bend: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    r"""Ejes del plano que pasa por tres puntos y coordenadas de los tres en él.

    El origen es `start`; el primer eje va hacia `end` y el segundo, perpendicular,
    hacia el lado de `bend`.

    Returns:
        Los dos ejes, ortonormales, de forma `(2, P)`, y las coordenadas `(3, 2)`. El
        punto de coordenadas $(u,v)$ es `start + u * axes[0] + v * axes[1]`.

    Raises:
        ValueError: si los tres puntos están en una recta.

    Examples:
        >>> axes, coordinates = plane_basis(np.zeros(2), np.ones(2), np.array([2.0, 0]))
        >>> coordinates
        array([[0., 0.],
               [1., 1.],
               [2., 0.]])
    """
    check_floating(start=start, bend=bend, end=end)
    check_same_shape(start=start, bend=bend, end=end)
    along, aside = end - start, bend - start
    width = np.linalg.norm(along)
    first = along / (width or 1)
    across = aside - (aside @ first) * first
    height = np.linalg.norm(across)
    if not min(width, height) > np.finfo(start.dtype).eps * np.linalg.norm(aside):
        raise ValueError(f"los puntos deben formar un triángulo; se recibió {bend}")
    axes = np.stack([first, across / height])
    coordinates = np.array([[0.0, 0.0], [aside @ first, height], [width, 0.0]])
    return axes, coordinates
    # --8<-- [end:plane_basis]
