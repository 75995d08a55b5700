"""Figuras del descenso de gradiente sobre un valle, una recta y la cuadrática q."""

import numpy as np

from apuntes.descent import (
    gradient_descent,
    linear_regression_loss_grad,
    quadratic,
    quadratic_grad,
    quadratic_hessian,
)
from apuntes.figures._maps import (
    WIDE,
    boxed,
    grid,
    level_curves,
    marked,
    surface,
    trail,
)
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, PINK, Drawing, drawing

START = np.array([1.0, -1.0])
LEVELS = (0, 0.05, 0.2, 0.5, 1, 1.7, 2.6, 3.5, 5, 7, 9.5, 13)
# Los datos de la regresión de la sección 3.3.
X, Y = np.arange(4.0), np.array([1.0, 3.0, 2.0, 5.0])


def descent(lr: float, steps: int) -> np.ndarray:
    """Trayectoria sobre la cuadrática desde (1, −1)."""
    return gradient_descent(quadratic_grad, START, lr=lr, steps=steps)


def values(path: np.ndarray) -> np.ndarray:
    """La cuadrática en cada punto de una trayectoria `(T, 2)`."""
    return quadratic(path.T[:, None])[0]


def valley(w: np.ndarray) -> np.ndarray:
    """Una curva con dos valles, el de la derecha más hondo."""
    return w**4 / 4 - w**2 - w / 4 + 1.5


def valley_grad(w: np.ndarray) -> np.ndarray:
    """Derivada de `valley`."""
    return w**3 - 2 * w - 1 / 4


@drawing
def two_valleys() -> Drawing:
    """La bola que baja: dos inicios, dos valles."""
    figure = Drawing(figsize=(WIDE, 3.0))
    axes, w = figure.add_subplot(), np.linspace(-2.15, 2.2, 300)
    axes.plot(w, valley(w), color=BLUE, linewidth=2.5)
    for start, color in ((-0.55, ORANGE), (0.3, GREEN)):
        path = gradient_descent(valley_grad, [start], lr=0.18, steps=25)[:, 0]
        trail(axes, np.stack([path, valley(path)], axis=1), color=color, size=8)
    axes.set(xlabel="parámetro θ", ylabel="coste J(θ)", ylim=(-0.1, 2.2))
    return with_commas(figure)


@drawing
def quadratic_surface() -> Drawing:
    """La superficie de la cuadrática con la trayectoria encima."""
    figure = Drawing(figsize=(6.6, 5), dpi=100, layout="none")
    p = grid((-1.3, 1.3), (-1.3, 1.3), 141)
    axes = surface(figure, p, quadratic(p), cmap="viridis")
    path = descent(0.1, 50)
    line = *path.T, values(path) + 0.05
    axes.plot(*line, "o-", color=ORANGE, markersize=4.5, linewidth=1.8, zorder=5)
    axes.view_init(elev=38, azim=28)
    axes.set_box_aspect((1, 1, 0.6), zoom=1.1)
    axes.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1), zticks=(0, 2, 4))
    return with_commas(figure)


@drawing
def descent_directions() -> Drawing:
    """El gradiente en (1, −1), las direcciones que bajan y la que más baja."""
    figure = Drawing(figsize=(WIDE, 4.6))
    axes, slope = figure.add_subplot(), quadratic_grad(START)
    level_curves(axes, quadratic, (-0.35, 2.35), (-2.2, 0.2), LEVELS)
    level = np.array([slope[1], -slope[0]]) / np.linalg.norm(slope)
    turn = np.linspace(0, np.pi, 60)
    up = slope / np.linalg.norm(slope)
    half = START + 0.62 * (np.cos(turn)[:, None] * level - np.sin(turn)[:, None] * up)
    axes.fill(*half.T, color=GREEN, alpha=0.35, linewidth=0)
    axes.plot(*(START + np.outer((-1.1, 1.1), level)).T, color=INK, linewidth=1)
    arrows = (
        (slope, 0.17, PINK, "∇q", (14, -2)),
        (-slope, 0.17, ORANGE, "−∇q", (-18, 4)),
        (np.array([-1.0, 0.15]), 0.75, GREEN, "d", (-8, 8)),
    )
    for vector, scale, color, text, offset in arrows:
        tip = START + scale * vector
        style = {"arrowstyle": "-|>", "color": color, "linewidth": 2.5}
        axes.annotate("", tip, START, arrowprops=style | {"mutation_scale": 18})
        boxed(axes, tip, text, offset)
    boxed(axes, START + 0.95 * level, "a 90°", (0, -13))
    marked(axes, START, "o", INK)
    axes.set(xlabel="x", ylabel="y", aspect="equal")
    return with_commas(figure)


@drawing
def along_the_gradient() -> Drawing:
    """La cuadrática a lo largo de −∇q, con las tres rectas en disputa."""
    figure = Drawing(figsize=(WIDE, 3.5))
    axes, eta = figure.add_subplot(), np.linspace(0, 0.5, 200)
    slope = quadratic_grad(START)
    axes.plot(eta, quadratic((START - eta[:, None] * slope).T[:, None])[0], linewidth=3)
    square, q0 = float(slope @ slope), quadratic(START)
    lines = (
        (0.5, GREEN, "c = ½", (0.4, -1.3)),
        (1, INK, "c = 1, tangente", (0.335, -3.6)),
        (2, PINK, "c = 2", (0.07, -3.3)),
    )
    for factor, color, text, place in lines:
        heights = q0 - factor * eta * square
        axes.plot(eta, heights, "--", color=color, linewidth=1.8)
        boxed(axes, place, text, (0, 0), color=color)
    curvature = float(slope @ quadratic_hessian(START) @ slope)
    best = square / curvature
    axes.plot(best, q0 - best * square / 2, "o", color=ORANGE, markersize=8)
    boxed(axes, (best, q0 - best * square / 2), number(best, ".3f"), (0, 15))
    axes.axhline(q0, color=INK, linewidth=0.8, linestyle=":")
    axes.set(xlabel="paso η", ylabel="q tras el paso", ylim=(-4.2, 5), xlim=(0, 0.5))
    return with_commas(figure)


@drawing
def regression() -> Drawing:
    """Curvas de nivel de la pérdida con los iterados 0 a 4, y la recta de cada uno."""
    figure = Drawing(figsize=(WIDE, 7.2))
    top, bottom = figure.subplots(2, 1, height_ratios=(1.15, 1))

    def loss(beta: np.ndarray) -> np.ndarray:
        residuals = (beta[0] + beta[1] * x - y for x, y in zip(X, Y, strict=True))
        return sum(residual**2 for residual in residuals)

    path = gradient_descent(
        lambda beta: linear_regression_loss_grad(beta, X, Y), (0, 0), lr=0.02, steps=400
    )
    levels = (0, 2.8, 3.2, 4, 5.5, 8, 12, 18, 26, 39, 55, 75)
    level_curves(top, loss, (-0.4, 2.6), (-0.25, 2.15), levels)
    top.plot(*path[4:].T, color=ORANGE, linewidth=1.4)
    trail(top, path[:5], size=7)
    for k, offset in enumerate(((-9, 3), (-11, 4), (-11, 4), (-8, 9), (4, 12))):
        boxed(top, path[k], str(k), offset)
    marked(top, path[-1], "*", ORANGE, 15)
    top.set(xlabel="ordenada en el origen β₀", ylabel="pendiente β₁")
    ends = np.array([-0.3, 3.5])
    for k, (intercept, slope) in enumerate(path[:5]):
        strong = 0.3 + 0.14 * k
        line = intercept + slope * ends
        bottom.plot(ends, line, color=ORANGE, alpha=strong, linewidth=1.6)
        if k < 2:
            boxed(bottom, (3.2, intercept + slope * 3.2), str(k), (0, 0))
    bottom.plot(ends, path[-1] @ [np.ones(2), ends], "--", color=INK, linewidth=1.4)
    boxed(bottom, (2.4, path[4] @ [1, 2.4]), "2, 3, 4", (-14, 14))
    bottom.plot(X, Y, "o", color=BLUE, markersize=9)
    bottom.set(xlabel="x", ylabel="y", xlim=(-0.3, 3.5), ylim=(-0.6, 5.8))
    return with_commas(figure)


@drawing
def two_steps() -> Drawing:
    """Curvas de nivel de la cuadrática, con su valor, y los dos primeros pasos."""
    figure = Drawing(figsize=(WIDE, 4.9))
    axes, path = figure.add_subplot(), descent(0.1, 2)
    level_curves(axes, quadratic, (-1.3, 1.5), (-1.25, 0.85), LEVELS)
    for level in (0.2, 1, 2.6, 5):
        # Hacia abajo a la izquierda, x = y, la cuadrática vale 3x²/2.
        boxed(axes, -np.full(2, np.sqrt(level / 1.5)), number(level), (0, 0))
    trail(axes, path, size=8)
    for point, value in zip(path, values(path), strict=True):
        text = f"({number(point[0])}; {number(point[1])})\nq = {number(value, '.3g')}"
        boxed(axes, point, text, (9, 0), ha="left")
    marked(axes, np.zeros(2), "*", ORANGE, 15)
    axes.set(xlabel="x", ylabel="y", aspect="equal")
    return with_commas(figure)


@drawing
def many_steps() -> Drawing:
    """La trayectoria tras 8, 18 y 48 pasos, y lo que bajan q y su gradiente."""
    figure = Drawing(figsize=(WIDE, 6.6))
    top, bottom = figure.subplots(2, 1, height_ratios=(1.25, 1))
    path, marks = descent(0.1, 50), (8, 18, 48)
    level_curves(top, quadratic, (-0.2, 1.15), (-1.1, 0.3), LEVELS)
    trail(top, path)
    boxed(top, path[0], "q = 3,5", (-26, 4))
    bottom.semilogy(values(path), "o-", markersize=3, label="q")
    norms = np.linalg.norm([quadratic_grad(p) for p in path], axis=1)
    bottom.semilogy(norms, "o-", color=PINK, markersize=3, label="‖∇q‖")
    for k, offset in zip(marks, ((4, 16), (4, 16), (0, 16)), strict=True):
        marked(top, path[k], "D", GREEN, 8)
        boxed(top, path[k], str(k), offset)
        bottom.axvline(k, color=GREEN, linewidth=1, linestyle="--")
        marked(bottom, (k, values(path)[k]), "D", GREEN, 8)
        marked(bottom, (k, norms[k]), "D", GREEN, 8)
    top.set(xlabel="x", ylabel="y")
    bottom.set(xlabel="paso t", xticks=(0, *marks), yticks=(1, 0.1, 0.01, 0.001))
    bottom.set_yticklabels(["1", "0,1", "0,01", "0,001"])
    bottom.minorticks_off()
    bottom.legend(loc="upper right")
    return with_commas(figure)
