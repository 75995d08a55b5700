"""Figuras del recorte: qué le hace al vector y qué le hace al descenso."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle

from apuntes.activations import sigmoid
from apuntes.figures._text import with_commas
from apuntes.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    Drawing,
    drawing,
)
from apuntes.gradients import clip_grad_norm, clip_grad_value

WIDTH = 5.3
W, STEPS, TARGET, LR = 5.0, 16, 0.7, 0.02


def _arrow(axes: Axes, vector: np.ndarray, color: str, label: str) -> None:
    arrow = {"arrowstyle": "-|>", "color": color, "linewidth": 2}
    axes.annotate("", vector, (0, 0), arrowprops=arrow | {"shrinkA": 0, "shrinkB": 0})
    axes.plot([], [], color=color, label=label)


@drawing
def two_ways() -> Drawing:
    """Un gradiente recortado por la norma y por el valor."""
    figure = Drawing(figsize=(WIDTH, 3.7))
    axes, g = figure.add_subplot(), np.array([3.0, 0.8])
    [shorter], _ = clip_grad_norm([g], max_norm=1.0)
    [squashed] = clip_grad_value([g], clip_value=1.0)
    line = {"fill": False, "edgecolor": INK, "linewidth": 1, "linestyle": "--"}
    axes.add_patch(Circle((0, 0), 1, **line))
    axes.add_patch(Rectangle((-1, -1), 2, 2, **line))
    _arrow(axes, g, INK, "gradiente")
    _arrow(axes, squashed, ORANGE, "por el valor")
    _arrow(axes, shorter, BLUE, "por la norma")
    axes.set(xlim=(-1.25, 3.25), ylim=(-1.2, 1.6), aspect="equal")
    figure.legend(loc="outside upper center", ncols=3, handlelength=1.2)
    return with_commas(figure)


def recurrent_cost(bias: np.ndarray, *, steps: int = STEPS) -> np.ndarray:
    """Coste de una neurona que se alimenta de sí misma, según su sesgo."""
    h = np.full_like(bias, 0.5)
    for _ in range(steps):
        h = W * sigmoid(h) + bias
    return (h - TARGET) ** 2


def recurrent_slope(bias: np.ndarray, *, steps: int = STEPS) -> np.ndarray:
    """Derivada de `recurrent_cost`, arrastrando la de `h` en cada vuelta."""
    h, dh = np.full_like(bias, 0.5), np.zeros_like(bias)
    for _ in range(steps):
        a = sigmoid(h)
        h, dh = W * a + bias, W * a * (1 - a) * dh + 1
    return 2 * (h - TARGET) * dh


def descend(max_norm: float, *, start: float = -1.2, count: int = 50) -> np.ndarray:
    """Los sesgos que visita el descenso con recorte (o sin él, con `inf`)."""
    path = [np.array([start])]
    for _ in range(count):
        [slope], _ = clip_grad_norm([recurrent_slope(path[-1])], max_norm=max_norm)
        path.append(path[-1] - LR * slope)
    return np.concatenate(path)


@drawing
def cliff() -> Drawing:
    """El coste con una pared y el descenso que choca con ella."""
    figure = Drawing(figsize=(WIDTH, 5.6))
    top, bottom = figure.subplots(2, 1)
    bias = np.linspace(-3.2, -1, 2000)
    top.plot(bias, recurrent_cost(bias), color=INK, linewidth=1.4)
    for limit, color, mark, name in (
        (np.inf, ORANGE, "o", "sin recorte"),
        (2.0, BLUE, "s", "recorte τ = 2"),
    ):
        path = descend(limit)
        inside = (path >= bias[0]) & (path <= bias[-1])
        top.plot(path[inside], recurrent_cost(path[inside]), mark, color=color, ms=4)
        bottom.plot(path, mark + "-", color=color, ms=3.5, lw=1.2, label=name)
    top.set(xlabel="sesgo $b$", ylabel="coste $J(b)$")
    bottom.set(xlabel="paso", ylabel="sesgo $b$")
    bottom.axhline(_wall(), color=GREEN, linewidth=1, linestyle="--")
    bottom.legend(loc="upper right")
    return with_commas(figure)


def _wall() -> float:
    """Sesgo en el que el coste salta más."""
    bias = np.linspace(-3.2, -1, 20001)
    return float(bias[np.argmax(np.abs(np.diff(recurrent_cost(bias))))])
