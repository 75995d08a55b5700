"""Figuras que explican la normalización: qué hace y sobre qué números."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Polygon

from apuntes._standardize import standardize, standardize_grad
from apuntes.figures._text import with_commas
from apuntes.figures.style import (
    BLUE,
    INK,
    ORANGE,
    PAPER,
    PINK,
    Drawing,
    drawing,
)

# Algo menos que la anchura común: los rótulos se leen mejor en un teléfono.
WIDTH = 5.3
# El lote de cuatro ejemplos y dos neuronas que el capítulo hace a mano.
BATCH = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 60.0], [6.0, 30.0]])


@drawing
def batch_by_hand() -> Drawing:
    """Las dos neuronas del ejemplo, antes y después de normalizar y de reescalar."""
    hat = standardize(BATCH, axis=0, eps=1e-5)[0]
    gamma, beta = np.array([0.5, 2.0]), np.array([2.0, 1.0])
    stages = (
        (BATCH, "lo que llega, $x$", (-3, 66)),
        (hat, r"normalizado, $\hat x$: media 0 y desviación 1", (-3.2, 5.2)),
        (hat * gamma + beta, r"lo que sale, $y=\gamma\hat x+\beta$", (-3.2, 5.2)),
    )
    figure = Drawing(figsize=(WIDTH, 4.4))
    for axes, (values, title, limits) in zip(figure.subplots(3), stages, strict=True):
        for neuron, color in enumerate((BLUE, ORANGE)):
            row, mean = 1.0 - neuron, values[:, neuron].mean()
            spread = values[:, neuron].std()
            bar = {"color": color, "alpha": 0.3, "linewidth": 9, "zorder": 1}
            axes.plot([mean - spread, mean + spread], [row, row], **bar)
            axes.plot(values[:, neuron], np.full(4, row), "o", color=color, zorder=3)
            axes.plot(mean, row, "|", color=INK, markersize=15, zorder=4)
        axes.set(ylim=(-0.6, 1.6), xlim=limits, yticks=(1, 0))
        axes.set_yticklabels(["neurona 1", "neurona 2"])
        axes.set_title(title, loc="left")
        axes.grid(visible=False, axis="y")
    return with_commas(figure)


# Cajas del grafo: rótulo, lugar en el dibujo y anchura.
NODES = {
    "x": ("$x_i$", (0.45, 2.0), 0.6),
    "d": (r"$d_i=x_i-\mu$", (2.2, 2.0), 1.42),
    "hat": (r"$\hat x_i=d_i/s$", (4.15, 2.0), 1.34),
    "mean": (r"$\mu=\sum_i x_i/m$", (1.25, 3.1), 1.66),
    "var": (r"$\sigma^2=\sum_i d_i^2/m$", (2.2, 0.9), 1.66),
    "scale": (r"$s=(\sigma^2+\epsilon)^{1/2}$", (4.15, 0.9), 1.62),
    "out": (r"$y_i=\gamma\hat x_i+\beta$", (4.15, 3.1), 1.7),
}
# Derivada local de cada arista, y dónde se escribe.
LOCAL = {
    "x-d": ("$1$", (1.12, 2.2)),
    "x-mean": ("$1/m$", (0.42, 2.6)),
    "mean-d": ("$-1$", (2.16, 2.62)),
    "d-hat": ("$1/s$", (3.2, 2.22)),
    "d-var": ("$2d_i/m$", (1.78, 1.45)),
    "var-scale": ("$1/(2s)$", (3.2, 1.27)),
    "scale-hat": (r"$-\hat x_i/s$", (4.6, 1.45)),
    "hat-out": (r"$\gamma$", (4.33, 2.55)),
}


@drawing
def graph() -> Drawing:
    """El grafo de una neurona del lote, con la derivada local de cada flecha."""
    figure = Drawing(figsize=(WIDTH, 3.1))
    axes = figure.add_subplot()
    axes.set(xlim=(0.05, 5.35), ylim=(0.45, 3.5), aspect="equal")
    axes.set_axis_off()
    for edge in LOCAL:
        start, end = (NODES[name] for name in edge.split("-"))
        axes.add_patch(_arrow(start, end))
    for text, place, width in NODES.values():
        corner = (place[0] - width / 2, place[1] - 0.21)
        style = {"boxstyle": "round,pad=0,rounding_size=0.12", "zorder": 3}
        box = FancyBboxPatch(corner, width, 0.42, fc=PAPER, ec=INK, **style)
        axes.add_patch(box)
        axes.text(*place, text, ha="center", va="center", zorder=4)
    for text, place in LOCAL.values():
        axes.text(*place, text, color=ORANGE, ha="center", va="center", zorder=5)
    return figure


def _arrow(start: tuple, end: tuple) -> FancyArrowPatch:
    """Flecha del borde de una caja al de otra."""
    (_, (x0, y0), w0), (_, (x1, y1), w1) = start, end
    if y0 == y1:
        x0, x1 = x0 + w0 / 2, x1 - w1 / 2
    else:
        y0, y1 = y0 + 0.21 * np.sign(y1 - y0), y1 - 0.21 * np.sign(y1 - y0)
        x0, x1 = (
            np.clip((x0, x1), x1 - w1 / 2.6, x1 + w1 / 2.6) if w0 > w1 else (x0, x1)
        )
    style = {"arrowstyle": "-|>", "mutation_scale": 12, "linewidth": 1.2, "zorder": 2}
    return FancyArrowPatch((x0, y0), (x1, y1), color=INK, shrinkA=0, shrinkB=0, **style)


# Base del plano de los vectores de tres números que suman 0.
PLANE = np.array([[1.0, -1.0, 0.0], [-1.0, -1.0, 2.0]]) / np.sqrt([[2.0], [6.0]])
EXAMPLE, ARRIVES = np.array([1.0, 3.0, 5.0]), np.array([1.6, -0.7, 0.6])


def projection_parts() -> dict[str, np.ndarray]:
    """El ejemplo de la figura: de lo que llega, lo que se quita y lo que queda."""
    column = EXAMPLE[:, None]
    hat, mean, var = standardize(column, axis=0, eps=0.0)
    grad = standardize_grad(ARRIVES[:, None], hat, np.sqrt(var), axis=0)
    flat = ARRIVES - ARRIVES.mean()
    along = hat[:, 0] * (flat @ hat[:, 0]) / 3
    return {
        "x": EXAMPLE - mean[0],
        "hat": hat[:, 0],
        "flat": flat,
        "along": along,
        "left": flat - along,
        "grad": grad[:, 0] * np.sqrt(var[0, 0]),
    }


@drawing
def projections() -> Drawing:
    """Con lotes de tres, el plano de media 0, el círculo y las dos proyecciones."""
    figure = Drawing(figsize=(4.9, 4.5))
    axes, parts = figure.add_subplot(), projection_parts()
    p = {name: PLANE @ vector for name, vector in parts.items()}
    axes.add_patch(Circle((0, 0), np.sqrt(3), fill=False, ec=INK, lw=1.2))
    ray = np.outer([0, 1.12], p["x"])
    axes.plot(*ray.T, "--", color=INK, lw=1)
    axes.plot(*p["x"], "o", color=INK)
    axes.plot(*p["hat"], "o", color=BLUE, ms=9, zorder=5)
    for start, vector, color in (
        (p["hat"], p["flat"], INK),
        (p["hat"], p["left"], ORANGE),
        (p["hat"] + p["left"], p["along"], PINK),
    ):
        _vector(axes, start, vector, color)
    axes.plot(0, 0, "+", color=INK, ms=11)
    corner = p["hat"] + p["left"]
    for text, place, offset, color in (
        ("los tres, iguales", (0, 0), (-52, -20), INK),
        ("$x-\\mu$", p["x"], (-2, 11), INK),
        (r"$\hat x$", p["hat"], (-19, -7), BLUE),
        ("$g-\\overline{g}$", p["hat"] + 0.5 * p["flat"], (-8, -16), INK),
        ("lo que queda", corner, (-14, 9), ORANGE),
        (r"lo que va con $\hat x$", corner + 0.5 * p["along"], (8, 2), PINK),
    ):
        axes.annotate(text, place, offset, textcoords="offset points", color=color)
    axes.set(aspect="equal")
    axes.set_axis_off()
    return figure


def _vector(axes: Axes, start: np.ndarray, vector: np.ndarray, color: str) -> None:
    style = {"arrowstyle": "-|>", "mutation_scale": 15, "linewidth": 2.2, "zorder": 4}
    place = {"posA": start, "posB": start + vector, "shrinkA": 0, "shrinkB": 0}
    axes.add_patch(FancyArrowPatch(**place, color=color, **style))


# Qué comparten los números de un mismo color, en `(N, C, posiciones)`.
KINDS = {
    "por lotes": lambda n, c, p: c == 1,
    "por capas": lambda n, c, p: n == 0,
    "por instancias": lambda n, c, p: (n == 0) & (c == 1),
    "por grupos (de 2)": lambda n, c, p: (n == 0) & (c < 2),
}
SIZES = {"n": 4, "c": 4, "p": 5}
# Hacia dónde va cada eje en el dibujo: canales, posiciones y ejemplos.
ALONG = {"c": (0.30, 0.0), "p": (0.0, 0.30), "n": (0.145, 0.145)}


@drawing
def averaged_axes() -> Drawing:
    """Qué números comparten media y varianza en cada normalización de imágenes."""
    figure = Drawing(figsize=(WIDTH, 5.0))
    panels = figure.subplots(2, 2)
    for axes, (name, shared) in zip(panels.flat, KINDS.items(), strict=True):
        for face in _faces(shared):
            axes.add_patch(face)
        axes.set(xlim=(-0.35, 2.2), ylim=(-0.42, 2.3), aspect="equal", title=name)
        axes.set_axis_off()
    left = panels[1, 0]
    left.text(0.6, -0.1, "canales", ha="center", va="top")
    left.text(-0.1, 0.75, "posiciones", ha="right", va="center", rotation=90)
    left.text(1.62, 0.1, "ejemplos", ha="center", va="center", rotation=45)
    return figure


def _faces(shared) -> list[Polygon]:
    """Las tres caras que se ven del bloque: la de delante, la de arriba y la del lado.

    Los ejemplos van de delante, el primero, hacia atrás.
    """
    n, c, p = SIZES["n"], SIZES["c"], SIZES["p"]
    front = [((0, j, k), "c", "p", (0, j, k)) for j in range(c) for k in range(p)]
    top = [((i, j, p), "c", "n", (i, j, p - 1)) for i in range(n) for j in range(c)]
    side = [((i, c, k), "n", "p", (i, c - 1, k)) for i in range(n) for k in range(p)]
    return [_face(*face, shared) for face in front + top + side]


def _face(corner: tuple, first: str, second: str, cell: tuple, shared) -> Polygon:
    origin = sum(np.multiply(ALONG[a], v) for a, v in zip("ncp", corner, strict=True))
    u, v = np.array(ALONG[first]), np.array(ALONG[second])
    color = BLUE if shared(*map(np.asarray, cell)) else PAPER
    points = [origin, origin + u, origin + u + v, origin + v]
    return Polygon(points, facecolor=color, edgecolor=INK, linewidth=0.7)
