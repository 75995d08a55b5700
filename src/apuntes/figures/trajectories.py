"""Figuras de los caminos de todos los optimizadores en tres funciones."""

from collections.abc import Callable

import numpy as np

from apuntes.descent import himmelblau, himmelblau_grad, quadratic, quadratic_grad
from apuntes.figures._maps import WIDE, level_curves, marked
from apuntes.figures._text import with_commas
from apuntes.figures.schedules import COMPACT
from apuntes.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    PINK,
    Drawing,
    drawing,
)
from apuntes.optimizers import SGD, Adadelta, Adagrad, Adam, RMSprop
from apuntes.trajectories import rosenbrock, rosenbrock_grad, trajectory

KINDS = {  # nombre: (cómo se hace, color, marca)
    "SGD": (SGD, {}, INK, "o"),
    "momento": (SGD, {"momentum": 0.9}, ORANGE, "D"),
    "Nesterov": (SGD, {"momentum": 0.9, "nesterov": True}, PINK, "s"),
    "Adagrad": (Adagrad, {}, INK, "o"),
    "Adadelta": (Adadelta, {}, PINK, "s"),
    "RMSprop": (RMSprop, {"alpha": 0.9}, GREEN, "^"),
    "Adam": (Adam, {}, ORANGE, "D"),
}
FAMILIES = (("SGD", "momento", "Nesterov"), ("Adagrad", "Adadelta", "RMSprop", "Adam"))
# Las de la tabla del capítulo, en la cuadrática; en las otras, la que deja más abajo de
# la rejilla 1, 2 y 5 por potencias de 10.
RATES = {
    "quadratic": (0.1, 0.02, 0.02, 0.1, 1.0, 0.01, 0.1),
    "himmelblau": (0.01, 0.01, 0.01, 1.0, 20.0, 0.05, 1.0),
    "rosenbrock": (0.002, 0.0005, 0.001, 2.0, 20.0, 0.1, 1.0),
}
PLACES = {  # función, gradiente, salida y pasos
    "quadratic": (quadratic, quadratic_grad, (1.0, -1.0), 50),
    "himmelblau": (himmelblau, himmelblau_grad, (0.0, -1.0), 100),
    "rosenbrock": (rosenbrock, rosenbrock_grad, (-1.5, 1.0), 200),
}


def path_of(name: str, grad: Callable, start: tuple, *, lr: float, steps: int):
    """El camino de ese optimizador."""
    make, options, *_ = KINDS[name]
    return trajectory(make([np.array(start)], lr=lr, **options), grad, steps=steps)


def paths(place: str) -> dict[str, np.ndarray]:
    """Los siete caminos en esa función."""
    _, grad, start, steps = PLACES[place]
    rates = zip(KINDS, RATES[place], strict=True)
    return {name: path_of(name, grad, start, lr=lr, steps=steps) for name, lr in rates}


def two_families(place: str, x, y, levels, minima) -> Drawing:
    """Dos mapas, el de los que usan el gradiente y el de los que lo dividen."""
    figure, (f, _, start, _) = Drawing(figsize=(WIDE, 7.2)), PLACES[place]
    walked, panels = paths(place), figure.subplots(2, 1, sharex=True)
    for axes, family in zip(panels, FAMILIES, strict=True):
        level_curves(axes, f, x, y, levels)
        for name in family:
            *_, color, mark = KINDS[name]
            axes.plot(*walked[name].T, color=color, linewidth=1.5, zorder=4)
            # La marca lleva el nombre: en la leyenda salen las dos, marca y línea.
            style = {"markersize": 8, "markeredgecolor": PAPER, "zorder": 6}
            end = walked[name][-1:].T
            axes.plot(*end, f"{mark}-", color=color, label=name, **style)
        for point in minima:
            marked(axes, point, "*", BLUE, 13)
        axes.plot(*start, "o", color=PAPER, markeredgecolor=INK, mew=2, zorder=7)
        axes.set(ylabel="y", xlim=x, ylim=y)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=4, **COMPACT)
    panels[-1].set_xlabel("x")
    return with_commas(figure)


@drawing
def quadratic_paths() -> Drawing:
    """Los siete sobre la cuadrática, con las tasas de la tabla."""
    levels = (0, 0.02, 0.1, 0.3, 0.7, 1.3, 2.2, 3.5, 5, 7, 9.5)
    return two_families("quadratic", (-1.2, 1.3), (-1.2, 1.2), levels, [(0, 0)])


@drawing
def himmelblau_paths() -> Drawing:
    """Los siete sobre Himmelblau desde el mismo punto."""
    levels = (0, 5, 15, 35, 60, 90, 130, 180, 240, 320)
    minima = [(3, 2), (3.584428, -1.848127)]
    return two_families("himmelblau", (-1, 5.2), (-4, 4), levels, minima)


@drawing
def rosenbrock_paths() -> Drawing:
    """Los siete en el valle curvo de Rosenbrock."""
    levels = (0, 0.5, 2, 6, 15, 40, 100, 250, 600, 1400)
    return two_families("rosenbrock", (-2.1, 1.8), (-1.2, 3.2), levels, [(1, 1)])
