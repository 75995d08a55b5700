"""Figuras del capítulo de retropropagación, menos los grafos de `draw_graph`."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle

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
from apuntes.graph import Value
from apuntes.paths import delta_sum, deltas, path_sum

Places = Mapping[str, tuple[float, float]]
RADIUS = 0.25


def _canvas(height: float) -> tuple[Drawing, Axes]:
    figure = Drawing(figsize=(WIDTH, height))
    axes = figure.add_subplot()
    axes.set(xlim=(0, WIDTH), ylim=(0, height), aspect="equal")
    axes.set_axis_off()
    return figure, axes


def _text(axes: Axes, x: float, y: float, text: str, color: str = INK) -> None:
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}
    axes.text(x, y, text, color=color, ha="center", va="center", bbox=box, zorder=4)


def _nodes(axes: Axes, places: Places) -> None:
    for name, (x, y) in places.items():
        circle = Circle((x, y), RADIUS, facecolor=PAPER, edgecolor=INK, zorder=3)
        axes.add_patch(circle)
        axes.text(x, y, name, ha="center", va="center", zorder=5)


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], color: str = INK
) -> None:
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 1.3}
    style |= {"shrinkA": 20, "shrinkB": 20}
    axes.annotate("", end, start, arrowprops=style)


def tanh_chain() -> tuple[list[Value], list[Value], Value, Value]:
    """La cadena R-15: pesos, activaciones desde la entrada, salida y pérdida."""
    weights = [Value(w) for w in (0.5, -1.2, 0.8, 1.5)]
    h = [Value(0.7)]
    for w in weights[:3]:
        h.append((w * h[-1]).tanh())
    output = weights[3] * h[3]
    return weights, h, output, (output - 1) ** 2


@drawing
def chain() -> Drawing:
    """Una cadena de neuronas, con lo que va y lo que vuelve."""
    weights, h, output, loss = tanh_chain()
    delta = deltas(loss)
    figure, axes = _canvas(1.9)
    names = ["x", "h₁", "h₂", "h₃", "ŷ", "L"]
    places = {name: (0.4 + i * 1.0, 0.95) for i, name in enumerate(names)}
    for (start, end), w in zip(_pairs(names), [*weights, None], strict=True):
        _arrow(axes, places[start], places[end])
        if w is not None:
            x = (places[start][0] + places[end][0]) / 2
            _text(axes, x, 1.2, number(w.data), GREEN)
            _text(axes, x, 0.68, number(delta[w], ".2f"), ORANGE)
    _nodes(axes, places)
    for name, node in zip(names, [*h, output, loss], strict=True):
        x, y = places[name]
        _text(axes, x, y + 0.48, number(node.data, ".3g"), BLUE)
        _text(axes, x, y - 0.5, number(delta[node], ".3g"), ORANGE)
    return figure


def _pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    return list(itertools.pairwise(names))


@drawing
def two_paths() -> Drawing:
    """Dos caminos de `w` a `o`: cada uno aporta el producto de sus aristas."""
    w = 0.5
    u, v = w * w, -3 * w
    p, q = np.sin(u), np.exp(v)
    figure, axes = _canvas(3.3)
    places = {"w": (0.5, 1.65), "u": (2.1, 2.35), "v": (2.1, 0.85)}
    places |= {"p": (3.7, 2.35), "q": (3.7, 0.85), "o": (5.3, 1.65)}
    values = {"w": w, "u": u, "v": v, "p": p, "q": q, "o": p * q}
    slopes = [2 * w, np.cos(u), q, -3, q, p]
    edges = ["wu", "up", "po", "wv", "vq", "qo"]
    for i, ((start, end), slope) in enumerate(zip(edges, slopes, strict=True)):
        color = BLUE if i < 3 else ORANGE
        _arrow(axes, places[start], places[end], color)
        middle = np.mean([places[start], places[end]], axis=0)
        _text(axes, *middle, number(slope, ".3g"), color)
    _nodes(axes, places)
    for name, value in values.items():
        x, y = places[name]
        _text(axes, x, y + 0.38, number(value, ".3g"))
    _text(axes, 2.9, 3.1, _product(slopes[:3]), BLUE)
    _text(axes, 2.9, 0.3, _product(slopes[3:]), ORANGE)
    return figure


def _product(slopes: Sequence[float]) -> str:
    factors = " · ".join(number(slope, ".3g") for slope in slopes)
    return f"{factors} = {number(np.prod(slopes), '.4f')}"


def squarings(depth: int) -> tuple[Value, Value]:
    """`w` multiplicado por sí mismo `depth` veces: dos aristas por capa."""
    w = node = Value(1.0)
    for _ in range(depth):
        node = node * node
    return w, node


@drawing
def products() -> Drawing:
    """Productos de cada manera de derivar, según la profundidad."""
    figure = Drawing(figsize=(WIDTH, 3.0))
    axes, depths = figure.add_subplot(), np.arange(1, 17)
    counts = {
        "camino a camino": [path_sum(o, w).products for w, o in map(squarings, depths)],
        "recursión Δ": [delta_sum(o, w).products for w, o in map(squarings, depths)],
    }
    for (name, values), color in zip(counts.items(), (ORANGE, BLUE), strict=True):
        axes.semilogy(depths, values, "o-", color=color, markersize=4, label=name)
        text = f"{values[-1]:,}".replace(",", " ")
        axes.annotate(
            text, (16, values[-1]), (0, 8), textcoords="offset points", ha="right"
        )
    axes.set(xlabel="capas de dos aristas", ylabel="productos", ylim=(1, 1e6))
    axes.set_xticks(range(2, 17, 2))
    ticks = [1, 100, 10_000, 1_000_000]
    axes.set_yticks(ticks, [f"{tick:,}".replace(",", " ") for tick in ticks])
    axes.minorticks_off()
    axes.legend(loc="upper left")
    return figure


def small_network() -> tuple[dict[str, Value], Value]:
    """La red 2-2-1 de R-16, nodo a nodo: sus nodos por nombre y la pérdida."""
    x = [Value(1.0), Value(2.0)]
    rows, biases = [[0.1, -0.2], [0.4, 0.3]], [0.05, -0.1]
    h = []
    for row, bias in zip(rows, biases, strict=True):
        h.append((row[0] * x[0] + row[1] * x[1] + bias).sigmoid())
    output = (0.7 * h[0] - 0.5 * h[1] + 0.2).sigmoid()
    loss = (output - 1) ** 2 * 0.5
    named = {"x₁": x[0], "x₂": x[1], "h₁": h[0], "h₂": h[1], "a": output, "L": loss}
    return named, loss


@drawing
def delta_flow() -> Drawing:
    """Las Δ de la red 2-2-1, de la pérdida a las entradas."""
    named, loss = small_network()
    delta = deltas(loss)
    figure, axes = _canvas(3.0)
    places = {"x₁": (0.5, 2.3), "x₂": (0.5, 0.7), "h₁": (2.2, 2.3), "h₂": (2.2, 0.7)}
    places |= {"a": (3.9, 1.5), "L": (5.3, 1.5)}
    edges = [("x₁", "h₁"), ("x₁", "h₂"), ("x₂", "h₁"), ("x₂", "h₂")]
    edges += [("h₁", "a"), ("h₂", "a"), ("a", "L")]
    weights = [0.1, 0.4, -0.2, 0.3, 0.7, -0.5, None]
    for (start, end), w in zip(edges, weights, strict=True):
        _arrow(axes, places[end], places[start], ORANGE)
        if w is not None:
            near, far = np.array(places[start]), np.array(places[end])
            _text(axes, *(near + 0.36 * (far - near)), number(w), GREEN)
    _nodes(axes, places)
    for name, node in named.items():
        x, y = places[name]
        _text(axes, x, y + 0.4, number(node.data, ".3g"), BLUE)
        _text(axes, x, y - 0.42, number(delta[node], ".4f"), ORANGE)
    return figure


def _matrix(axes: Axes, x: float, y: float, sides: str, text: str, color: str) -> float:
    """Una matriz con sus dos lados escritos; devuelve dónde acaba."""
    height, width = (SIDES[side] for side in sides)
    corner = x, y - height / 2
    for style in ({"facecolor": color, "alpha": 0.3}, {"fill": False, "linewidth": 1}):
        axes.add_patch(Rectangle(corner, width, height, **style))
    axes.text(x + width / 2, y, text, ha="center", va="center")
    axes.text(x - 0.06, y, sides[0], ha="right", va="center")
    axes.text(x + width / 2, y + height / 2 + 0.05, sides[1], ha="center", va="bottom")
    return x + width


SIDES = {"N": 1.4, "D": 1.05, "H": 0.6}  # lote, entradas y neuronas, en pulgadas


@drawing
def shapes() -> Drawing:
    """Las formas de las tres cuentas de una capa lineal."""
    figure, axes = _canvas(6.1)
    rows = {
        "ida": [("Z", "NH", BLUE), ("X", "ND", BLUE), ("Wᵀ", "DH", GREEN)],
        "vuelta,\na la entrada": [
            *(("∂J/∂X", "ND", ORANGE), ("Δ", "NH", ORANGE), ("W", "HD", GREEN)),
        ],
        "vuelta,\na los pesos": [
            *(("∂J/∂W", "HD", ORANGE), ("Δᵀ", "HN", ORANGE), ("X", "ND", BLUE)),
        ],
    }
    for i, (title, matrices) in enumerate(rows.items()):
        x, y = 0.3, 5.05 - 2 * i
        for k, (name, sides, color) in enumerate(matrices):
            x = _matrix(axes, x, y, sides, name, color) + 0.32
            if k == 0:
                axes.text(x - 0.12, y, "=", ha="center", va="center")
                x += 0.3
        axes.text(WIDTH - 0.05, y, title, ha="right", va="center")
    return figure
