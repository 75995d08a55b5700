"""Figuras de los caminos entre dos redes: plano, perfil y lo que responde cada una."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba

from apuntes.activations import softmax
from apuntes.connectivity import bezier, costs_along, plane_basis, spiral
from apuntes.figures._maps import WIDE, boxed, level_curves, marked
from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    PINK,
    WIDTH,
    Drawing,
    drawing,
)
from apuntes.layers import Linear, Sequential, Tanh
from apuntes.losses import cross_entropy

NAMES = {  # clave del resultado: rótulo, color y trazo
    "segmento": ("segmento", ORANGE, "--"),
    "alineado": ("segmento, alineadas", PINK, "-."),
    "curva": ("curva de Bézier", GREEN, "-"),
}
# Del azul de una clase al naranja de la otra, transparente donde la red duda.
CLASSES = LinearSegmentedColormap.from_list(
    "classes", [to_rgba(BLUE, 0.55), to_rgba(BLUE, 0), to_rgba(ORANGE, 0.55)]
)


def example() -> dict[str, np.ndarray]:
    """Los parámetros medidos de la pareja que se dibuja, y los costes del camino."""
    saved = measured("paisaje")["conectividad"]["ejemplo"]
    names = ("inicio", "fin", "alineada", "control", "t")
    return {name: np.array(saved[name]) for name in names} | {"costes": saved["costes"]}


@cache
def network_and_data() -> tuple[Sequential, tuple[np.ndarray, np.ndarray]]:
    """La red 2-32-2 cuya forma tienen esos parámetros, y la espiral."""
    rng = np.random.default_rng(0)
    model = Sequential(Linear(2, 32, rng=rng), Tanh(), Linear(32, 2, rng=rng))
    return model, spiral(300, noise=0.1, rng=np.random.default_rng(0))


@drawing
def loss_plane() -> Drawing:
    """El coste en el plano que contiene a las dos redes y al punto de control."""
    model, data = network_and_data()
    points = example()
    corners = points["inicio"], points["control"], points["fin"]
    axes_3, places = plane_basis(*corners)
    width = places[2, 0]

    def cost(p: np.ndarray) -> np.ndarray:
        plane = corners[0] + np.tensordot(p, axes_3, axes=([0], [0]))
        flat = plane.reshape(-1, plane.shape[-1])
        return costs_along(model, flat, cross_entropy, data)[0].reshape(p[0].shape)

    figure = Drawing(figsize=(WIDE, 4.4))
    axes = figure.add_subplot()
    levels = (0, 0.005, 0.02, 0.06, 0.15, 0.35, 0.7, 1.3, 2.2, 3.5, 5.5, 9, 60)
    x, y = (-0.22 * width, 1.22 * width), (-0.4 * width, 0.55 * width)
    level_curves(axes, cost, x, y, levels, points=71)
    curve = (bezier(*corners, np.linspace(0, 1, 101)) - corners[0]) @ axes_3.T
    axes.plot(*curve.T, color=PAPER, linewidth=5, alpha=0.7)
    axes.plot(*curve.T, color=GREEN, linewidth=3)
    axes.plot([0, width], [0, 0], "--", color=ORANGE, linewidth=2.5)
    names = ("red A", "punto de control", "red B")
    for place, mark, text in zip(places, "oXo", names, strict=True):
        marked(axes, place, mark, INK, 11)
        boxed(axes, place, text, (0, 16 if mark == "X" else -17))
    for place, name in (((width / 2, 0), "segmento"), (curve[50], "curva")):
        halfway = number(points["costes"][name][25], ".2g")
        boxed(axes, place, f"coste {halfway}", (0, -14))
    axes.set(aspect="equal", xlabel="de A a B", ylabel="hacia el punto de control")
    return with_commas(figure)


@drawing
def path_profiles() -> Drawing:
    """El coste a lo largo de los tres caminos, en escala logarítmica."""
    figure, points = Drawing(figsize=(WIDTH, 3.4)), example()
    axes = figure.add_subplot()
    for name, (label, color, style) in NAMES.items():
        axes.plot(points["t"], points["costes"][name], style, color=color, label=label)
    axes.axhline(np.log(2), color=INK, linewidth=1, linestyle=":")
    axes.annotate(
        "no saber nada: ln 2",
        (0.5, np.log(2)),
        (0, 4),
        ha="center",
        textcoords="offset points",
    )
    axes.set(yscale="log", xlabel="t, de la red A a la red B", ylabel="coste")
    figure.legend(loc="outside upper center", ncols=3, columnspacing=1.2)
    return with_commas(figure)


@drawing
def responses() -> Drawing:
    """Lo que contesta la red en los extremos y a mitad de cada camino."""
    model, (x, labels) = network_and_data()
    points = example()
    start, end = points["inicio"], points["fin"]
    shown = {
        "red A": start,
        "red B": end,
        "mitad del segmento": (start + end) / 2,
        "mitad de la curva": bezier(start, points["control"], end, np.array([0.5]))[0],
    }
    figure = Drawing(figsize=(WIDTH, 6.0), dpi=144)
    for axes, (title, theta) in zip(
        figure.subplots(2, 2).flat, shown.items(), strict=True
    ):
        _response(axes, model, theta)
        for k, (color, mark) in enumerate(((BLUE, "o"), (ORANGE, "^"))):
            axes.plot(*x[labels == k].T, mark, color=color, markersize=2.6)
        axes.set(title=title, xticks=(), yticks=(), aspect="equal")
        axes.grid(visible=False)
    return figure


def _response(axes: Axes, model: Sequential, theta: np.ndarray) -> None:
    """Tiñe el plano con la probabilidad que la red da a la clase 1."""
    side = np.linspace(-2.5, 2.5, 241)
    flat = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    model.parameters()[0][:] = theta
    probs = softmax(model.forward(flat))[:, 1].reshape(241, 241)
    box = {"extent": (-2.5, 2.5, -2.5, 2.5), "origin": "lower"}
    # Con pocos tonos la imagen pesa diez veces menos y se ve igual.
    tones = np.round(7 * probs) / 7
    axes.imshow(tones, cmap=CLASSES, vmin=0, vmax=1, interpolation="none", **box)
    axes.contour(side, side, probs, [0.5], colors=INK, linewidths=0.8)
