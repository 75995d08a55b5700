"""Figuras del lote: qué le hace su tamaño al paso y al gradiente."""

import itertools
from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes

from apuntes.descent import linear_regression_loss, linear_regression_loss_grad
from apuntes.figures._results import measured
from apuntes.figures._text import number, plain_powers, with_commas
from apuntes.figures.style import (
    BLUE,
    CYCLE,
    INK,
    ORANGE,
    PAPER,
    Drawing,
    drawing,
)
from apuntes.minibatch import minibatches
from apuntes.stochastic import stochastic_descent

# Algo menos que la anchura común: los rótulos se leen mejor en un teléfono.
WIDTH = 5.3
N, LR, START = 64, 0.05, np.array([-3.0, -0.5])


def line_data() -> tuple[np.ndarray, np.ndarray]:
    """Los 64 puntos alrededor de una recta que usa el capítulo."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-2, 3, size=N)
    return x, 1 + 2 * x + rng.normal(size=N)


def batches(batch_size: int, *, epochs: int, seed: int) -> Iterator[np.ndarray]:
    """Los lotes de varias épocas, uno detrás de otro."""
    rng = np.random.default_rng(seed)
    passes = (minibatches(N, batch_size, rng) for _ in range(epochs))
    return itertools.chain.from_iterable(passes)


def line_cost(path: np.ndarray) -> np.ndarray:
    """Coste, la media de los 64 cuadrados, en cada punto del camino."""
    x, y = line_data()
    return np.array([linear_regression_loss(beta, x, y) / N for beta in path])


def line_path(
    batch_size: int, *, epochs: int, lr: float, mean: bool = True, seed: int = 0
) -> np.ndarray:
    """Camino de la recta con lotes, con la media o la suma de cada uno."""
    x, y = line_data()

    def grad(beta: np.ndarray, batch: np.ndarray) -> np.ndarray:
        total = linear_regression_loss_grad(beta, x[batch], y[batch])
        return total / len(batch) if mean else total

    with np.errstate(over="ignore", invalid="ignore"):
        return stochastic_descent(
            grad, START, batches(batch_size, epochs=epochs, seed=seed), lr=lr
        )


def contours(axes: Axes) -> None:
    """Curvas de nivel del coste de la recta, y su mínimo."""
    x, y = line_data()
    b0, b1 = np.meshgrid(np.linspace(-3.6, 3.4, 90), np.linspace(-1.1, 4.1, 90))
    cost = np.mean(
        (b0[..., None] + b1[..., None] * x - y) ** 2, axis=-1, dtype=np.float64
    )
    axes.contour(
        b0, b1, cost, np.geomspace(1.1, 60, 9), colors=INK, alpha=0.3, linewidths=0.8
    )
    best = np.linalg.lstsq(np.column_stack([np.ones(N), x]), y, rcond=None)[0]
    axes.plot(*best, "*", color=INK, markersize=11, zorder=4)


@drawing
def three_rules() -> Drawing:
    """Cuatro épocas con todos los ejemplos por paso, con ocho y con uno."""
    figure = Drawing(figsize=(WIDTH, 7.2))
    panels = figure.subplots(3, 1, sharex=True, sharey=True)
    names = ("lote completo", "mini-lotes de 8", "un ejemplo")
    for axes, size, name, color in zip(panels, (N, 8, 1), names, CYCLE, strict=False):
        path = line_path(size, epochs=4, lr=LR)
        contours(axes)
        style = {"linewidth": 1.8 if size > 1 else 1, "zorder": 3}
        axes.plot(*path.T, "-", color=color, **style)
        axes.plot(*path.T, "o", color=color, markersize=4 if size > 1 else 2)
        axes.plot(*START, "o", color=PAPER, markeredgecolor=INK, zorder=5)
        steps = len(path) - 1
        axes.set_title(
            f"{name}: {steps} pasos, J = {number(line_cost(path)[-1], '.2f')}"
        )
        axes.set(ylabel="pendiente β₁", xlim=(-3.6, 3.4), ylim=(-1.1, 4.1))
        axes.grid(visible=False)
    panels[-1].set_xlabel("ordenada en el origen β₀")
    return with_commas(figure)


@drawing
def sum_or_mean() -> Drawing:
    """Con la media, una tasa sirve para todos los lotes; con la suma, no."""
    figure = Drawing(figsize=(WIDTH, 4.6))
    top, bottom = figure.subplots(2, 1, sharey=True)
    for axes, mean, lr in ((top, True, 0.08), (bottom, False, 0.01)):
        for size, color in zip((2, 8, 64), CYCLE, strict=False):
            path = line_path(size, epochs=size, lr=lr, mean=mean)[:33]
            axes.plot(line_cost(path), color=color, label=f"m = {size}")
        axes.set(yscale="log", ylim=(0.6, 3e3), xlim=(0, 32), ylabel="coste J")
        plain_powers(axes)
        name = "media" if mean else "suma"
        axes.set_title(f"{name} del lote, η = {number(lr)}")
    bottom.text(4, 800, "m = 64, se sale", color=CYCLE[2])
    top.legend(loc="upper right", ncols=3)
    bottom.set_xlabel("paso")
    return figure


@drawing
def gradient_histograms() -> Drawing:
    """Qué parte del gradiente verdadero lleva el de cada lote."""
    figure = Drawing(figsize=(WIDTH, 5.6))
    noise = measured("minilotes")["ruido"]
    low, high, count = noise["bordes"]
    edges = np.linspace(low, high, count + 1)
    panels = figure.subplots(3, 1, sharex=True)
    for axes, (size, drawn) in zip(panels, noise["direccion"].items(), strict=True):
        heights = 100 * np.array(drawn["cuentas"]) / noise["sorteos"]["direccion"]
        color = np.where(edges[1:] <= 1e-9, ORANGE, BLUE)
        axes.bar(edges[:-1], heights, np.diff(edges), align="edge", color=color, lw=0)
        axes.axvline(1, color=INK, linewidth=1, linestyle="--")
        against = number(drawn["en_contra_pct"], ".0f")
        axes.text(0.98, 0.86, f"m = {size}", transform=axes.transAxes, ha="right")
        axes.text(
            *(0.98, 0.66, f"en contra: {against} %"),
            **{"transform": axes.transAxes, "ha": "right", "color": ORANGE},
        )
        axes.set(ylabel="% de lotes", xlim=(-4, 8))
    panels[-1].set_xlabel("parte del gradiente verdadero que lleva el del lote")
    return with_commas(figure)


@drawing
def variance_by_size() -> Drawing:
    """Varianza del gradiente del lote frente a su tamaño, medida y exacta."""
    figure = Drawing(figsize=(WIDTH, 3.8))
    axes, noise = figure.add_subplot(), measured("minilotes")["ruido"]
    n, table = noise["ejemplos"], noise["varianza_medida_exacta_sesgo"]
    sizes, spread = np.array(noise["lotes"]), table["con"][0][1]
    dense = np.geomspace(1, n, 400)
    axes.plot(dense, spread / dense, color=ORANGE, linewidth=1.5)
    kept = dense[dense < n - 0.5]
    axes.plot(kept, spread / kept * (n - kept) / (n - 1), color=BLUE, linewidth=1.5)
    for name, color, mark, text in (
        ("con", ORANGE, "D", "con reposición"),
        ("sin", BLUE, "o", "sin reposición"),
    ):
        values = np.array(table[name])[:, 0]
        shown = values > 1e-9
        axes.plot(sizes[shown], values[shown], mark, color=color, label=text)
    axes.annotate(
        "con los 1000, cero ↓",
        *((560, 0.0032), (-6, 0)),
        **{"textcoords": "offset points", "ha": "right", "color": BLUE},
    )
    axes.set(xscale="log", yscale="log", xlim=(0.8, 1300), ylim=(0.0025, 12))
    axes.set(xlabel="tamaño de lote m", ylabel="varianza del gradiente")
    plain_powers(axes)
    axes.legend(loc="upper right")
    return figure
