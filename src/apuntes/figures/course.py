"""Figuras del capítulo 0: el primer entrenamiento y el mapa del curso."""

import numpy as np
from matplotlib.axes import Axes

from apuntes.descent import gradient_descent
from apuntes.figures._text import with_commas
from apuntes.figures.style import (
    BLUE,
    INK,
    ORANGE,
    PAPER,
    Drawing,
    drawing,
)
from apuntes.losses import mse_loss, mse_loss_grad

# Un muelle: kilos que se cuelgan y centímetros que se estira.
KILOS, STRETCH = np.array([1.0, 2.0]), np.array([3.0, 5.0])


def spring_cost(w: float) -> float:
    """Error cuadrático medio de la predicción «`w` por los kilos»."""
    return mse_loss(w * KILOS, STRETCH)


def spring_path(steps: int = 5) -> np.ndarray:
    """Los valores de `w` que visita el descenso desde 0 con tasa 0,1."""

    def slope(w: np.ndarray) -> np.ndarray:
        return np.array([mse_loss_grad(w[0] * KILOS, STRETCH) @ KILOS])

    return gradient_descent(slope, [0.0], lr=0.1, steps=steps)[:, 0]


@drawing
def first_training() -> Drawing:
    """Arriba, lo que predice cada `w`; abajo, el coste por el que baja."""
    path, figure = spring_path(), Drawing(figsize=(5.0, 5.6))
    top, bottom = figure.subplots(2, 1)
    load = np.array([0, 3.2])
    shades = np.linspace(0.35, 1, len(path))
    for w, shade in zip(path, shades, strict=True):
        top.plot(load, w * load, color=BLUE, alpha=shade, linewidth=1.6)
    top.plot(KILOS, STRETCH, "o", color=ORANGE, markersize=9, zorder=3)
    for t in (0, 1, 2, len(path) - 1):
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
        top.text(3.27, path[t] * 3.2, f"paso {t}", va="center", bbox=box)
    top.set(xlabel="kilos", ylabel="centímetros", xlim=(0, 3.9), ylim=(-0.6, 8.6))
    top.set_xticks(range(4))
    w = np.linspace(-0.4, 5.2, 200)
    bottom.plot(w, [spring_cost(one) for one in w], color=INK, linewidth=1.4)
    costs = [spring_cost(one) for one in path]
    bottom.plot(path, costs, "o-", color=BLUE)
    for t in (0, 1, 2):
        bottom.text(path[t] + 0.12, costs[t] + 0.6, f"paso {t}")
    bottom.set(xlabel="$w$, centímetros por kilo", ylabel="coste $J(w)$")
    bottom.set(ylim=(-0.8, 20))
    return with_commas(figure)


# Capítulo → los que necesita. Los de `OPTIONAL` no los necesita ninguno.
NEEDS = {0: (), 1: (0,), 2: (0,), 3: (2,), 4: (3,), 5: (3,), 6: (5,), 7: (2,)}
NEEDS |= {8: (7,), 9: (7,), 10: (9,), 11: (10,), 12: (6,), 13: (12,), 14: (11, 13)}
OPTIONAL = (1, 4, 8)
TITLES = {
    0: "Presentación",
    1: "De programar neuronas\na entrenarlas",
    2: "Red, datos y coste",
    3: "Descenso de gradiente",
    4: "El paisaje de la pérdida",
    5: "Mini-lotes",
    6: "Laboratorio 1",
    7: "Retropropagación",
    8: "Ejercicios de cadena",
    9: "Activaciones\ny gradientes",
    10: "Inicialización",
    11: "Normalización",
    12: "Optimización",
    13: "Regularización",
    14: "Laboratorio 2: todo junto",
}
# Las tres líneas del plano: el tronco, la de bajar y la de derivar.
LINES = {INK: (0, 1, 2), BLUE: (2, 3, 4, 5, 6, 12, 13, 14), ORANGE: (7, 8, 9, 10, 11)}
RIGHT = 2.75  # pulgadas de la segunda columna


def _places() -> dict[int, tuple[float, float]]:
    """Estación de cada capítulo: `x` en pulgadas, `y` en filas."""
    left = {n: (0.25, row) for row, n in enumerate((0, 1, 2, 3, 4, 5, 6, 12, 13, 14))}
    return left | {n: (RIGHT, 3 + row) for row, n in enumerate(LINES[ORANGE])}


def _lines(axes: Axes, places: dict[int, tuple[float, float]]) -> None:
    for color, stops in LINES.items():
        route = [places[n] for n in stops]
        if color == ORANGE:  # sale del capítulo 2 y acaba en el 14
            start = [(0.25, 2), (0.54, 2.5), (RIGHT - 0.29, 2.5), (RIGHT, 3)]
            end = [(x, 11 - y) for x, y in reversed(start)]
            route = [*start, *route, *end]
        line = {"color": color, "linewidth": 5, "solid_joinstyle": "round"}
        axes.plot(*zip(*route, strict=True), zorder=1, **line)


@drawing
def course_map() -> Drawing:
    """El curso como un plano de metro: dos líneas que salen del 2 y acaban en el 14."""
    places, figure = _places(), Drawing(figsize=(5.0, 6.0), layout="none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 5), ylim=(9.9, -0.5))
    axes.set_axis_off()
    _lines(axes, places)
    colors = {n: color for color, stops in LINES.items() for n in stops}
    for n, (x, y) in places.items():
        ring, color = n in OPTIONAL, INK if n in (2, 14) else colors[n]
        fill = {"facecolor": PAPER if ring else color, "edgecolor": color}
        axes.scatter(x, y, s=420, linewidth=3, zorder=2, **fill)
        number = {"color": INK if ring else PAPER, "fontweight": "bold", "zorder": 3}
        axes.text(x, y, str(n), ha="center", va="center_baseline", **number)
        axes.text(x + 0.28, y, TITLES[n], va="center", fontsize=10.5)
    return figure
