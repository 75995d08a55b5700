"""Figuras de las conexiones residuales."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch

from apuntes.figures._deep import deep, gradient_sizes
from apuntes.figures._results import measured
from apuntes.figures._text import with_commas
from apuntes.figures.depth import decades
from apuntes.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    Drawing,
    drawing,
)
from apuntes.initialization import xavier_normal
from apuntes.layers import Residual, Tanh

WIDTH = 5.3


def _box(axes: Axes, x: float, y: float, text: str, *, width: float = 1.15) -> None:
    corner = x - width / 2, y - 0.27
    style = {"boxstyle": "round,pad=0,rounding_size=0.1", "zorder": 3}
    axes.add_patch(
        FancyBboxPatch(corner, width, 0.54, facecolor=PAPER, edgecolor=INK, **style)
    )
    axes.text(x, y, text, ha="center", va="center", zorder=4)


def _arrow(axes: Axes, start, end, color: str) -> None:
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 1.6}
    axes.annotate("", end, start, arrowprops=style | {"shrinkA": 0, "shrinkB": 0})


def _sum(axes: Axes, x: float, y: float) -> None:
    axes.add_patch(Circle((x, y), 0.16, facecolor=PAPER, edgecolor=INK, zorder=3))
    axes.text(x, y, "+", ha="center", va="center_baseline", zorder=4)


@drawing
def block() -> Drawing:
    """Un bloque residual: arriba, la ida; abajo, la vuelta."""
    figure = Drawing(figsize=(5.0, 3.9))
    axes = figure.add_subplot()
    axes.set(xlim=(-0.15, 5.0), ylim=(-2.05, 1.75), aspect="equal")
    axes.set_axis_off()
    _way(axes, 0.5, BLUE, ("lineal", "activación"), (0.0, 4.85), 4.2)
    _way(axes, -1.6, ORANGE, ("$\\times W$", "$\\times f'$"), (4.85, 0.0), 0.7)
    for x, y, text, color in (
        *((0.05, 0.72, "$x$", BLUE), (4.75, 0.72, "$x+f(x)$", BLUE)),
        *(
            (4.8, -1.4, "$\\Delta$", ORANGE),
            (0.0, -1.4, "$\\Delta+\\Delta J_f$", ORANGE),
        ),
        *((2.45, 1.5, "atajo", BLUE), (2.45, -0.6, "$\\Delta$, entero", ORANGE)),
    ):
        axes.text(x, y, text, ha="center", color=color)
    return figure


def _way(axes: Axes, y: float, color: str, texts, ends, total: float) -> None:
    """Una ida (o una vuelta): las dos cajas, el atajo que las rodea y la suma."""
    sign, split = np.sign(ends[1] - ends[0]), 4.9 - total
    for x, text in zip((1.65, 3.25), texts, strict=True):
        _box(axes, x, y, text, width=1.2)
    stops = sorted((*ends, 1.05, 2.25, 2.65, 3.85, total - 0.16, total + 0.16))
    for a, b in zip(stops[::2], stops[1::2], strict=True):
        _arrow(axes, *(((a, y), (b, y))[:: int(sign)]), color)
    axes.plot([split, split, total], [y, y + 0.8, y + 0.8], color=color, linewidth=1.6)
    _arrow(axes, (total, y + 0.8), (total, y + 0.16), color)
    _sum(axes, total, y)


@drawing
def shortcut_gradients() -> Drawing:
    """Norma del gradiente por capa en 50 capas de tanh, con atajos y sin ellos."""
    figure = Drawing(figsize=(WIDTH, 3.5))
    axes, layer = figure.add_subplot(), np.arange(1, 51)
    for wrap, color, label in (
        (None, ORANGE, "sin atajos"),
        (lambda i, *b: [Residual(*b)] if i else list(b), BLUE, "con atajos"),
    ):
        options = {"init": xavier_normal, "gain": 0.5, "wrap": wrap}
        network = deep(Tanh, depth=50, width=64, **options)
        axes.plot(layer, gradient_sizes(network), color=color, label=label)
    axes.set(yscale="log", xlabel="capa", ylabel="norma del gradiente")
    decades(axes)
    axes.legend(loc="center right")
    return figure


@drawing
def degradation() -> Drawing:
    """Coste de entrenamiento frente a la profundidad, con atajos y sin ellos."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    axes = figure.add_subplot()
    for name, color, label in (
        ("llana", ORANGE, "sin atajos"),
        ("residual", BLUE, "con atajos"),
    ):
        rows = measured("residuales")["degradacion"][name]
        depths = np.array([int(depth) for depth in rows])
        costs = np.array([row["coste"] for row in rows.values()])
        jitter = depths[:, None] * np.ones_like(costs)
        axes.plot(jitter, costs, ".", color=color, alpha=0.6)
        axes.plot(depths, costs.mean(axis=1), color=color, label=label)
    axes.set(yscale="log", ylim=(0.1, 3), xlim=(0, 42))
    axes.set(xlabel="capas ocultas", ylabel="coste de entrenamiento")
    axes.set_yticks([0.1, 0.3, 1, 3], ["0,1", "0,3", "1", "3"])
    axes.yaxis.set_minor_formatter(lambda *_: "")
    axes.legend(loc="upper left")
    return figure


@drawing
def path_lengths() -> Drawing:
    """Cuántos caminos hay de cada longitud y cuánto gradiente traen."""
    figure = Drawing(figsize=(WIDTH, 4.8))
    top, bottom = figure.subplots(2, 1, sharex=True)
    paths = measured("residuales")["caminos"]
    count = paths["bloques"]
    length = np.arange(count + 1)
    ways = np.array([_choose(count, r) for r in length])
    top.bar(length, 100 * ways / 2**count, color=GREEN)
    top.set(ylabel="% de los caminos")
    for shift, name, color, label in (
        (-0.2, "al_empezar", ORANGE, "al empezar"),
        (0.2, "entrenada", BLUE, "entrenada"),
    ):
        share = paths[name]["porcentaje"]
        bottom.bar(length + shift, share, 0.4, color=color, label=label)
    bottom.set(ylabel="% del gradiente", xlabel="bloques que atraviesa el camino")
    bottom.set_xticks(range(0, count + 1, 2))
    bottom.legend(loc="upper right")
    return with_commas(figure)


def _choose(n: int, r: int) -> float:
    return float(np.prod([(n - i) / (i + 1) for i in range(r)]))


@drawing
def lesions() -> Drawing:
    """Exactitud al quitar una capa de la red entrenada, con atajos y sin ellos."""
    figure = Drawing(figsize=(WIDTH, 3.4))
    axes, table = figure.add_subplot(), measured("residuales")["lesiones"]
    for name, color, label in (
        ("residual", BLUE, "con atajos"),
        ("llana", ORANGE, "sin atajos"),
    ):
        row = table[name]
        removed = np.arange(2, table["capas"] + 1)
        axes.plot(removed, row["sin_una"], "o-", color=color, label=label, ms=4)
        axes.axhline(row["entera"], color=color, linewidth=1, linestyle="--")
    axes.set(xlabel="capa que se quita", ylabel="exactitud, %", ylim=(0, 104))
    axes.set_xticks((2, 5, 10, 15, 20))
    axes.legend(loc="center right")
    return with_commas(figure)
