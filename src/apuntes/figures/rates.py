"""Figuras de la tasa de aprendizaje, su umbral y las garantías de convergencia."""

import numpy as np

from apuntes.descent import (
    critical_rate,
    gradient_descent,
    himmelblau,
    himmelblau_grad,
    himmelblau_hessian,
    quadratic,
    quadratic_hessian,
)
from apuntes.figures._maps import WIDE, boxed, level_curves, trail
from apuntes.figures._text import number, with_commas
from apuntes.figures.descent import LEVELS, START, descent, values
from apuntes.figures.himmelblau import STARTS
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, PINK, Drawing, drawing

RATES = (0.02, 0.1, 0.46, 0.5)
WORDS = ("pequeña", "buena", "oscila", "diverge")


@drawing
def parabola() -> Drawing:
    """Cuatro tasas sobre la parábola de curvatura 1."""
    figure = Drawing(figsize=(WIDE, 4.6))
    w = np.linspace(-3.6, 3.6, 120)
    panels = figure.subplots(2, 2, sharex=True, sharey=True)
    for axes, lr in zip(panels.flat, (0.1, 0.7, 1.9, 2.1), strict=True):
        axes.plot(w, w**2 / 2, linewidth=2)
        path = gradient_descent(lambda p: p, [-2.0], lr=lr, steps=6)
        trail(axes, np.hstack([path, path**2 / 2]), size=6)
        axes.set(title=f"η = {number(lr)}", ylim=(-0.3, 6.6), xlim=(-3.7, 3.7))
        axes.set(xticks=(-2, 0, 2), yticks=(0, 2, 4))
    figure.supxlabel("parámetro θ", fontsize="medium")
    figure.supylabel("J(θ) = ½θ²", fontsize="medium")
    return with_commas(figure)


@drawing
def four_rates() -> Drawing:
    """Veinte pasos sobre la cuadrática con cada tasa."""
    figure = Drawing(figsize=(WIDE, 5.6))
    panels = figure.subplots(2, 2, sharex=True, sharey=True)
    levels = (*LEVELS, 18, 24, 32)
    for axes, lr, word in zip(panels.flat, RATES, WORDS, strict=True):
        level_curves(axes, quadratic, (-2, 2), (-2, 2), levels)
        trail(axes, descent(lr, 20))
        axes.set(title=f"η = {number(lr)}: {word}", xticks=(-1, 0, 1))
        axes.set(yticks=(-1, 0, 1), xlim=(-2, 2), ylim=(-2, 2))
    figure.supxlabel("x", fontsize="medium")
    figure.supylabel("y", fontsize="medium")
    return with_commas(figure)


@drawing
def four_rates_values() -> Drawing:
    """La cuadrática, paso a paso, con cada tasa."""
    figure = Drawing(figsize=(WIDE, 3.4))
    axes = figure.add_subplot()
    styles = zip(RATES, WORDS, (GREEN, BLUE, ORANGE, PINK), strict=True)
    for lr, word, color in styles:
        path = descent(lr, 100)
        axes.semilogy(values(path), color=color, label=f"{number(lr)}, {word}")
    ticks = (1e4, 1e2, 1, 1e-2, 1e-4, 1e-6)
    axes.set(xlabel="paso t", ylabel="q", ylim=(3e-7, 3e4), xlim=(0, 100), yticks=ticks)
    axes.minorticks_off()
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawing
def contraction() -> Drawing:
    """Por cuánto multiplica cada paso la distancia al mínimo: predicho y medido."""
    figure = Drawing(figsize=(WIDE, 3.8))
    axes, eta = figure.add_subplot(), np.linspace(0, 0.54, 300)
    eigenvalues = np.linalg.eigvalsh(quadratic_hessian(START))
    factors = np.abs(1 - eta[:, None] * eigenvalues)
    for factor, color in zip(factors.T, (BLUE, PINK), strict=True):
        axes.plot(eta, factor, color=color, linewidth=1.2, linestyle="--")
    axes.plot(eta, factors.max(axis=1), color=INK, linewidth=2.2)
    tried = np.arange(0.02, 0.54, 0.04)
    axes.plot(tried, [measured_factor(lr) for lr in tried], "o", color=ORANGE)
    limit, best = critical_rate(quadratic_hessian(START)), 2 / eigenvalues.sum()
    axes.axhline(1, color=INK, linewidth=0.8, linestyle=":")
    for place, text in ((limit, "0,465"), (best, "0,4")):
        axes.axvline(place, color=GREEN, linewidth=1.2)
        boxed(axes, (place, 0.08), text, (0, 0))
    boxed(axes, (0.075, 0.3), "λ = 4,303", (0, 0), color=PINK)
    boxed(axes, (0.21, 0.85), "λ = 0,697", (0, -18), color=BLUE)
    boxed(axes, (best, factors.max(axis=1).min()), "0,721", (-28, -8))
    axes.set(xlabel="tasa η", ylabel="factor por paso", ylim=(0, 1.35), xlim=(0, 0.54))
    return with_commas(figure)


def measured_factor(lr: float) -> float:
    """Media geométrica de lo que encoge la distancia, entre los pasos 100 y 200."""
    path = descent(lr, 200)
    sizes = np.linalg.norm(path, axis=1)
    return float((sizes[200] / sizes[100]) ** (1 / 100))


@drawing
def guarantees() -> Drawing:
    """Tres descensos y la cota que el teorema da a cada uno."""
    figure = Drawing(figsize=(WIDE, 7.6))
    panels = zip(figure.subplots(3, 1), (_any_cost, _convex, _quadratic), strict=True)
    for axes, case in panels:
        title, measured, bound = case()
        t = np.arange(1, len(bound) + 1)
        axes.plot(t, bound, "--", color=INK, linewidth=1.5, label="cota")
        axes.plot(t, measured, color=BLUE, linewidth=2.5, label="medido")
        # Con los dos ejes logarítmicos 1/T es una recta; con uno, una potencia.
        scale = "linear" if case is _quadratic else "log"
        axes.set(title=title, xscale=scale, yscale="log", ylim=(1e-6, None))
        axes.minorticks_off()
        axes.legend(loc="lower left")
    figure.axes[-1].set_xlabel("pasos T")
    return figure


def _any_cost() -> tuple[str, np.ndarray, np.ndarray]:
    """Himmelblau desde (0, 1): el menor ‖∇J‖² hasta el paso t."""
    lr, steps = 0.01, 300
    path = gradient_descent(himmelblau_grad, STARTS[0], lr=lr, steps=steps)
    squares = (himmelblau_grad(path.T[:, None])[:, 0] ** 2).sum(axis=0)
    drop = lr * (1 - lr * smoothness(path) / 2)
    bound = himmelblau(path[0]) / (drop * np.arange(1, steps + 1))
    return "cualquier coste suave: ‖∇J‖²", np.minimum.accumulate(squares)[:-1], bound


def smoothness(path: np.ndarray) -> float:
    """Mayor curvatura de Himmelblau, en valor absoluto, por donde pasa `path`."""
    mix = np.linspace(0, 1, 20)[:, None, None]
    points = (path[:-1] + mix * np.diff(path, axis=0)).reshape(-1, 2)
    return max(np.abs(np.linalg.eigvalsh(himmelblau_hessian(p))).max() for p in points)


def _convex() -> tuple[str, np.ndarray, np.ndarray]:
    """θ⁴/4 desde 1, donde la curvatura no pasa de 3."""
    steps = 3000
    path = gradient_descent(lambda p: p**3, [1.0], lr=1 / 3, steps=steps)
    bound = 3 / (2 * np.arange(1, steps + 1))
    return "convexo, J = θ⁴/4: J − J*", path[1:, 0] ** 4 / 4, bound


def _quadratic() -> tuple[str, np.ndarray, np.ndarray]:
    """La cuadrática con la tasa 1/M."""
    low, high = np.linalg.eigvalsh(quadratic_hessian(START))
    path, steps = descent(1 / high, 100), 100
    bound = 3.5 * (1 - low / high) ** np.arange(1, steps + 1)
    return "fuertemente convexo, J = q: J − J*", values(path)[1:], bound
