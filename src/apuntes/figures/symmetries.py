"""Figuras de las simetrías: dos redes distintas con la misma salida."""

import numpy as np
from matplotlib.axes import Axes

from apuntes.figures._text import number
from apuntes.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    WIDTH,
    Drawing,
    drawing,
)
from apuntes.layers import Linear, Sequential, Tanh
from apuntes.symmetries import permute_neurons

COLORS = np.array([BLUE, ORANGE, GREEN])
ORDER = np.array([2, 0, 1])
INPUT = np.array([[0.5, -1.0]])


def small_network() -> Sequential:
    """La red 2-3-1 del texto, con pesos redondos."""
    rng = np.random.default_rng(0)
    model = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng))
    model[0].weight = [[1.0, -0.5], [-1.5, 0.5], [0.5, 2.0]]
    model[0].bias = [0.0, 0.5, -0.5]
    model[2].weight = [[1.0, -2.0, 0.5]]
    model[2].bias = [0.25]
    return model


def _wires(axes: Axes, model: Sequential, colors: np.ndarray) -> None:
    """Dibuja la red: el grosor de cada línea es el tamaño de su peso."""
    inputs, hidden, output = ((0, 0.72), (0, 0.28)), (0.9, 0.5, 0.1), (2, 0.5)
    for h, (height, color) in enumerate(zip(hidden, colors, strict=True)):
        for place, weight in zip(inputs, model[0].weight[h], strict=True):
            _wire(axes, place, (1, height), weight, color)
        _wire(axes, (1, height), output, model[2].weight[0, h], color)
        axes.scatter(1, height, s=330, color=color, edgecolor=PAPER, zorder=3)
    for place, value in zip(inputs, INPUT[0], strict=True):
        axes.scatter(*place, s=520, color=PAPER, edgecolor=INK, zorder=3)
        text = {"ha": "center", "va": "center", "zorder": 4, "fontsize": 11}
        axes.text(*place, number(value), **text)
    axes.scatter(*output, s=1300, color=PAPER, edgecolor=INK, zorder=3)
    axes.text(*output, number(float(model.forward(INPUT)[0, 0]), ".3f"), **text)
    axes.set(xlim=(-0.2, 2.25), ylim=(-0.02, 1.06))
    axes.set_axis_off()


def _wire(axes: Axes, start, end, weight: float, color: str) -> None:
    style = "-" if weight > 0 else "--"
    (x0, y0), (x1, y1) = start, end
    width = 0.8 + 2.2 * abs(weight)
    axes.plot([x0, x1], [y0, y1], style, color=color, linewidth=width, zorder=1)


@drawing
def permuted_networks() -> Drawing:
    """Una red y la misma con las neuronas ocultas en otro orden."""
    figure = Drawing(figsize=(WIDTH, 4.9))
    model = small_network()
    twin = permute_neurons(model, ORDER)
    top, bottom = figure.subplots(2, 1)
    _wires(top, model, COLORS)
    _wires(bottom, twin, COLORS[ORDER])
    top.set_title("una red")
    bottom.set_title("otra: las mismas neuronas en otro orden")
    return figure
