"""Figuras del paisaje: mínimos, valles y direcciones."""

import numpy as np

from apuntes.figures._maps import (
    IVORY,
    WIDE,
    boxed,
    grid,
    level_curves,
    marked,
    surface,
)
from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import (
    BLUE,
    CYCLE,
    GREEN,
    INK,
    ORANGE,
    PINK,
    WIDTH,
    Drawing,
    drawing,
)
from apuntes.landscape import (
    pairwise_angles,
)

# -- mínimos --------------------------------------------------------------------


def double_well(x: np.ndarray) -> np.ndarray:
    """Doble pozo inclinado, $(x^2-1)^2+0{,}3x$."""
    return (x**2 - 1) ** 2 + 0.3 * x


@drawing
def local_and_global() -> Drawing:
    """Un mínimo local, el global y la cima que los separa."""
    figure = Drawing(figsize=(WIDTH, 3.0))
    axes, x = figure.add_subplot(), np.linspace(-1.65, 1.6, 400)
    axes.plot(x, double_well(x), color=BLUE)
    low, top, local = np.sort(np.roots([4, 0, -4, 0.3]).real)
    for place, text, color, shift in (
        (low, "mínimo global", GREEN, -17),
        (local, "mínimo local", ORANGE, -17),
        (top, "máximo local", INK, 9),
    ):
        point = (place, double_well(place))
        axes.plot(*point, "o", color=color, markersize=8)
        label = f"{text}\n{number(point[1], '.3f')}"
        options = {"textcoords": "offset points", "ha": "center"}
        alignment = "bottom" if shift > 0 else "top"
        axes.annotate(label, point, (0, shift / 2), va=alignment, **options)
    axes.set(xlabel="θ", ylabel="J(θ)", ylim=(-1.1, 2.6))
    return with_commas(figure)


@drawing
def convex_shapes() -> Drawing:
    """Tres funciones convexas: un mínimo, un valle de mínimos y ninguno."""
    figure = Drawing(figsize=(WIDTH, 2.6))
    w = np.linspace(-3, 3, 301)
    shapes = {
        "un mínimo": w**2 / 3,
        "muchos": np.maximum(np.abs(w) - 1, 0) ** 2 * 0.75,
        "ninguno": np.log1p(np.exp(-w)),
    }
    chords = ((20, 220), (10, 215), (30, 230))
    for axes, (title, values), ends in zip(
        figure.subplots(1, 3, sharey=True), shapes.items(), chords, strict=True
    ):
        axes.plot(w, values, color=BLUE)
        lowest = values <= values.min() + 1e-12
        if title != "ninguno":
            axes.plot(w[lowest], values[lowest], "o", color=GREEN, markersize=5)
        axes.plot(w[list(ends)], values[list(ends)], "o--", color=ORANGE, markersize=4)
        axes.set(title=title, xlabel="w", xticks=(-2, 0, 2), ylim=(-0.15, 3.2))
    return with_commas(figure)


def two_weight_cost(w: np.ndarray) -> np.ndarray:
    """Coste de tanh(w₁x) + tanh(w₂x) frente a la misma red con pesos 3 y 0,4.

    Args:
        w: pesos, de forma `(2, H, W)` o `(2,)`.
    """
    x = np.linspace(-3, 3, 31)
    target = np.tanh(3 * x) + np.tanh(0.4 * x)
    return np.mean((np.tanh(w[..., None] * x).sum(axis=0) - target) ** 2, axis=-1)


def diagonal_saddle() -> float:
    """El mejor par de pesos iguales: en el plano entero es una silla."""
    line = np.linspace(0.2, 3, 28001)
    return float(line[np.argmin(two_weight_cost(np.stack([line, line])))])


@drawing
def two_valleys_surface() -> Drawing:
    """La superficie del coste de una red de dos pesos, con sus dos mínimos."""
    figure = Drawing(figsize=(WIDE, 4.3), dpi=144, layout="none")
    p = grid((-0.6, 4.6), (-0.6, 4.6), 221)
    axes = surface(figure, p, np.log10(0.01 + two_weight_cost(p)), cmap="viridis")
    for x, y in ((3, 0.4), (0.4, 3)):
        style = {"color": ORANGE, "markeredgecolor": IVORY, "markersize": 9}
        axes.plot([x], [y], [-1.9], "o", zorder=5, **style)
    ticks = (0, 0.1, 1)
    axes.set(xlabel="w₁", ylabel="w₂", zticks=np.log10(0.01 + np.array(ticks)))
    axes.set_zticklabels([number(tick) for tick in ticks])
    axes.view_init(elev=50, azim=45)
    axes.set_box_aspect((1, 1, 0.45), zoom=1.25)
    return with_commas(figure)


@drawing
def two_valleys() -> Drawing:
    """El mismo coste visto desde arriba: los valles son espejo uno del otro."""
    figure = Drawing(figsize=(WIDE, 5.0))
    axes, reach = figure.add_subplot(), (-0.9, 4.6)
    levels = (0, 0.003, 0.01, 0.03, 0.06, 0.1, 0.15, 0.25, 0.4, 0.7, 1.2, 2, 3.5, 6)
    level_curves(axes, two_weight_cost, reach, reach, levels)
    axes.plot(reach, reach, ":", color=INK, linewidth=1.2)
    middle = diagonal_saddle()
    for point, text, mark, color in (
        ((3, 0.4), "mínimo", "o", ORANGE),
        ((0.4, 3), "mínimo", "o", ORANGE),
        ((middle, middle), "silla", "X", PINK),
    ):
        marked(axes, point, mark, color, 11)
        boxed(axes, point, text, (32, 14))
    axes.set(xlabel="w₁", ylabel="w₂", aspect="equal")
    return with_commas(figure)


# -- contraejemplos ---------------------------------------------------------------

RELU_X, RELU_Y = np.array([-1.0, 0.0, 1.0, 2.0]), np.array([0.0, 0.0, 1.0, 2.0])
TANH_X = np.linspace(-6, 6, 25)
TANH_MINIMA = ((-1.7095, 5.6433, 0.5339, 0.0679), (-2.4947, -9.1359, -0.2069, 0.2286))


def tanh_target() -> np.ndarray:
    """Objetivo que sube en −3 y baja en 3: pide dos neuronas y solo hay una."""
    rise, fall = ((1 + np.tanh(TANH_X - c)) / 2 for c in (-3, 3))
    return rise - 1.5 * fall


@drawing
def bad_minima() -> Drawing:
    """Dos redes mínimas con un mínimo local que no es el global."""
    figure = Drawing(figsize=(WIDTH, 5.6))
    top, bottom = figure.subplots(2, 1)
    x = np.linspace(-1.4, 2.4, 200)
    top.plot(x, np.maximum(x, 0), color=GREEN, label="global: suma 0")
    top.plot(x, np.full(200, 0.75), "--", color=ORANGE, label="local: suma 2,75")
    top.plot(RELU_X, RELU_Y, "o", color=INK, markersize=6)
    top.set_title("una neurona ReLU")
    x = np.linspace(-6.4, 6.4, 400)
    for (w, b, a, c), style, color, text in zip(
        TANH_MINIMA, ("-", "--"), (GREEN, ORANGE), ("0,114", "0,267"), strict=True
    ):
        curve = a * np.tanh(w * x + b) + c
        bottom.plot(x, curve, style, color=color, label=f"mínimo: media {text}")
    bottom.plot(TANH_X, tanh_target(), "o", color=INK, markersize=4)
    bottom.set(title="una neurona tanh", xlabel="x")
    for axes in (top, bottom):
        axes.set_ylabel("y")
        axes.legend(loc="upper left" if axes is top else "lower left")
    return with_commas(figure)


@drawing
def cost_histograms() -> Drawing:
    """Pérdida de prueba de muchas redes según cuántas neuronas ocultas tienen."""
    results = measured("paisaje")["minimos"]
    figure = Drawing(figsize=(WIDTH, 4.6))
    panels = figure.subplots(4, 1, sharex=True)
    values = {h: results[f"h{h}"]["prueba"]["todos"] for h in (10, 25, 50, 100)}
    everything = np.concatenate(list(values.values()))
    bins = np.linspace(everything.min() - 0.003, everything.max() + 0.003, 46)
    for axes, (hidden, losses), color in zip(
        panels, values.items(), CYCLE, strict=False
    ):
        axes.hist(losses, bins, color=color, alpha=0.75)
        axes.axvline(np.mean(losses), color=INK, linewidth=1, linestyle="--")
        side = "left" if hidden == 10 else "right"
        axes.set_title(f"{hidden} neuronas ocultas", loc=side, fontsize=11, y=0.6)
        axes.spines["left"].set_visible(False)
        axes.set_yticks([])
    panels[-1].set_xlabel("pérdida de prueba al acabar")
    return with_commas(figure)


# -- alta dimensión -----------------------------------------------------------------


@drawing
def random_angles() -> Drawing:
    """Ángulos entre direcciones al azar en 3, 10 y 100 dimensiones."""
    figure = Drawing(figsize=(WIDTH, 3.4))
    axes, rng = figure.add_subplot(), np.random.default_rng(0)
    degrees = np.linspace(0, 180, 721)
    for d, color in zip((3, 10, 100), CYCLE, strict=False):
        angles = pairwise_angles(rng.normal(size=(400, d)))
        density = np.sin(np.radians(degrees)) ** (d - 2)
        density /= density.sum() * (degrees[1] - degrees[0])
        style = {"density": True, "color": color, "alpha": 0.35}
        axes.hist(angles, bins=90, range=(0, 180), **style)
        axes.plot(degrees, density, color=color, label=f"d = {d}")
    axes.axvline(60, color=INK, linewidth=1, linestyle="--")
    axes.set(xlabel="ángulo entre dos direcciones (grados)", yticks=[])
    axes.set(xticks=range(0, 181, 30), xlim=(0, 180))
    axes.spines["left"].set_visible(False)
    axes.legend(loc="upper left")
    return figure
