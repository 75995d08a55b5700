"""Figuras de las sillas: dónde están, cómo se sale de ellas y cuánto se tarda."""

import numpy as np
from matplotlib.ticker import NullFormatter

from apuntes.descent import gradient_descent, himmelblau_grad
from apuntes.figures._maps import (
    IVORY,
    WIDE,
    boxed,
    grid,
    level_curves,
    marked,
    surface,
    trail,
)
from apuntes.figures._text import with_commas
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
    escape_steps,
    hessian,
    linear_network_loss,
    linear_network_loss_grad,
    saddle,
    saddle_grad,
)

SADDLE_LR = 0.1
HIMMELBLAU_LR = 0.005
HIMMELBLAU_SADDLE = np.array([3.385, 0.074])  # se afina con Newton


@drawing
def linear_network() -> Drawing:
    """La red lineal de dos pesos: mínimos en una hipérbola, silla y trayectorias."""
    figure = Drawing(figsize=(WIDE, 5.4))
    axes, reach = figure.add_subplot(), 2.4
    levels, side = (0, 0.1, 0.5, 1, 2, 4, 8, 16, 32, 46), (-reach, reach)
    level_curves(axes, linear_network_loss, side, side, levels)
    branch = np.geomspace(1 / reach, reach, 100)
    for sign in (1, -1):
        axes.plot(sign * branch, sign / branch, color=GREEN, linewidth=3.5)
    axes.plot([-reach, reach], [reach, -reach], "--", color=PINK, linewidth=2)
    starts = ((-1.2, 1.9), (1.5, -1.2), (-1.9, 1.2), (1.2, -1.5), (-1.6, 1.6))
    colors = (INK, INK, ORANGE, ORANGE, PINK)  # el color dice adónde se llega
    for start, color in zip(starts, colors, strict=True):
        path = gradient_descent(linear_network_loss_grad, start, lr=0.04, steps=400)
        trail(axes, path, color=color, size=4)
        marked(axes, path[0], "o", color, 9)
    marked(axes, (0, 0), "X", INK, 12)
    boxed(axes, (0, 0), "silla", (28, 12))
    boxed(axes, (1.75, 1 / 1.75), "mínimos", (6, 20))
    axes.set(xlabel="w₁", ylabel="w₂", aspect="equal")
    return with_commas(figure)


@drawing
def saddle_surface() -> Drawing:
    """La silla $x^2-y^2$ con tres trayectorias: dos escapan y una no."""
    figure = Drawing(figsize=(WIDE, 4.3), dpi=144, layout="none")
    p = grid((-1.25, 1.25), (-1.25, 1.25), 181)
    axes = surface(figure, p, saddle(p), cmap="viridis")
    starts = ((1.2, 0.01), (1.2, -0.01), (-1.2, 0.0))
    for start, color in zip(starts, (ORANGE, BLUE, PINK), strict=True):
        path = gradient_descent(saddle_grad, start, lr=0.05, steps=100)
        path = path[np.abs(path[:, 1]) <= 1.25]
        points = *path.T, saddle(path.T[:, None])[0] + 0.04
        axes.plot(*points, color=IVORY, linewidth=4.5, zorder=4)
        style = {"markeredgecolor": IVORY, "markeredgewidth": 0.6, "markersize": 6}
        axes.plot(*points, "o-", color=color, linewidth=1.6, zorder=5, **style)
        start_style = style | {"markersize": 10, "zorder": 6}
        axes.plot(*np.array(points)[:, :1], "o", color=color, **start_style)
    axes.plot([0], [0], [0.06], "X", color=INK, markersize=11, zorder=6)
    axes.set(zlabel="f", xticks=(-1, 0, 1), yticks=(-1, 0, 1), zticks=(-1, 0, 1))
    axes.view_init(elev=47, azim=-28)
    axes.set_box_aspect((1, 1, 0.6), zoom=1.4)
    return figure


def count_escape(grad, place: np.ndarray, move: np.ndarray, **settings) -> int:
    """Pasos medidos hasta alejarse `radius` de la silla por la dirección `move`."""
    radius, lr = settings["radius"], settings["lr"]
    path = gradient_descent(grad, place + settings["distance"] * move, lr=lr, steps=600)
    away = np.abs((path - place) @ move) >= radius
    return int(np.argmax(away))


def himmelblau_saddle() -> np.ndarray:
    """La silla, con todas las cifras: empezar a una billonésima de ella lo pide."""
    p = HIMMELBLAU_SADDLE
    for _ in range(20):
        p = p - np.linalg.solve(hessian(himmelblau_grad, p), himmelblau_grad(p))
    return p


def escape_measurements(distances: np.ndarray) -> dict[str, tuple[list, list]]:
    """Pasos medidos y predichos en la silla sencilla y en una de Himmelblau."""
    cases = {
        "x² − y²": (saddle_grad, np.zeros(2), SADDLE_LR, 1.0),
        "Himmelblau": (himmelblau_grad, himmelblau_saddle(), HIMMELBLAU_LR, 0.2),
    }
    found = {}
    for name, (grad, place, lr, radius) in cases.items():
        values, vectors = np.linalg.eigh(hessian(grad, place))
        known = {"radius": radius, "lr": lr}
        found[name] = (
            [
                count_escape(grad, place, vectors[:, 0], distance=d, **known)
                for d in distances
            ],
            [escape_steps(d, curvature=-values[0], **known) for d in distances],
        )
    return found


@drawing
def escape_times() -> Drawing:
    """El coste se queda plano junto a la silla, y cuánto: una recta en logaritmos."""
    figure = Drawing(figsize=(WIDTH, 6.0))
    top, bottom = figure.subplots(2, 1)
    for power, color, style in zip((2, 5, 8), CYCLE, ("-", "--", "-."), strict=False):
        start = np.array([-1.0, 1.0]) + 10.0**-power
        path = gradient_descent(linear_network_loss_grad, start, lr=0.05, steps=250)
        top.plot(linear_network_loss(path.T[:, None])[0], style, color=color)
        place = np.argmax(linear_network_loss(path.T[:, None])[0] < 0.5)
        label = f"10{str(-power).translate(str.maketrans('-258', '⁻²⁵⁸'))}"
        top.annotate(label, (place, 0.5), (7, 0), textcoords="offset points")
    top.set(xlabel="paso", ylabel="J", ylim=(0, 4.1))
    distances = np.logspace(-12, -2, 11)
    for (name, (real, law)), color, mark in zip(
        escape_measurements(distances).items(), (BLUE, ORANGE), "os", strict=True
    ):
        bottom.plot(distances, law, color=color, linewidth=1.2)
        bottom.plot(distances, real, mark, color=color, label=name)
    bottom.set(xscale="log", xlabel="desvío inicial ξ", ylabel="pasos hasta salir")
    bottom.set_ylim(0, None)
    bottom.xaxis.set_minor_formatter(NullFormatter())
    bottom.legend()
    return with_commas(figure)
