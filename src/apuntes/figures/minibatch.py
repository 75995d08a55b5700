"""Figuras del tamaño de lote: qué le hace al gradiente, al coste y a la cuenta."""

import itertools
from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from apuntes.descent import linear_regression_loss, linear_regression_loss_grad
from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import (
    BLUE,
    CYCLE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    Drawing,
    drawing,
)
from apuntes.minibatch import dataset_sizes, minibatches, steps_per_epoch
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
        _plain(axes)
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
    _plain(axes)
    axes.legend(loc="upper right")
    return figure


def _count(value: float) -> str:
    """Número con coma decimal y, a partir de diez mil, los millares separados."""
    return (
        f"{value:,.0f}".replace(",", "\u202f") if value >= 1e4 else number(value, "g")
    )


def _plain(axes: Axes) -> None:
    """Potencias de diez escritas del todo: 0,01 y 1000 en vez de 10⁻² y 10³."""
    for axis in (axes.xaxis, axes.yaxis):
        if axis.get_scale() == "log":
            axis.set_major_locator(LogLocator(10, numticks=8))
            axis.set_major_formatter(FuncFormatter(lambda v, _: _count(v)))
            axis.set_minor_formatter(NullFormatter())


@drawing
def cost_by_size() -> Drawing:
    """Lo que tardan un paso y una época según el tamaño de lote."""
    figure = Drawing(figsize=(WIDTH, 4.8))
    top, bottom = figure.subplots(2, 1, sharex=True)
    time = measured("minilotes")["tiempo"]
    sizes = np.array(time["lotes"])
    steps, epochs = np.array(time["ms_por_paso"]), np.array(time["s_por_epoca"])
    top.plot(sizes, steps, "o-", color=BLUE)
    top.plot(sizes, steps[-1] * sizes / sizes[-1], "--", color=INK, linewidth=1)
    bottom.plot(sizes, epochs, "o-", color=ORANGE)
    for axes, values, spec in ((top, steps, ".2g"), (bottom, epochs, ".2g")):
        for i, side in ((0, "left"), (len(sizes) - 1, "right")):
            axes.annotate(
                number(values[i], spec if values[i] < 100 else ".0f"),
                *((sizes[i], values[i]), (0, 8)),
                **{"textcoords": "offset points", "ha": side},
            )
        axes.set(xscale="log", yscale="log", xlim=(0.7, 90_000))
        axes.margins(y=0.25)
        _plain(axes)
    top.set_title("un paso (a trazos, proporcional a m)")
    top.set_ylabel("milisegundos")
    bottom.set_title("una época de 60\u202f000 ejemplos")
    bottom.set(xlabel="tamaño de lote m", ylabel="segundos")
    return figure


@drawing
def shuffled_epochs() -> Drawing:
    """Tres épocas de 14 ejemplos en lotes de 4: cada uno sale una vez en cada una."""
    figure = Drawing(figsize=(WIDTH, 2.4))
    axes, rng = figure.add_subplot(), np.random.default_rng(0)
    colors = (BLUE, ORANGE, GREEN, CYCLE[3])
    for row in range(3):
        place = 0.0
        for batch, color in zip(minibatches(14, 4, rng), colors, strict=True):
            for example in batch:
                axes.barh(-row, 0.92, 0.72, left=place, color=color, alpha=0.3, lw=0)
                axes.text(
                    place + 0.46, -row, str(example + 1), ha="center", va="center"
                )
                place += 1
            place += 0.5
    axes.set(yticks=[0, -1, -2], yticklabels=["época 1", "época 2", "época 3"])
    axes.set(xticks=[2, 6.5, 11, 14.5], xticklabels=[f"paso {i}" for i in range(1, 5)])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    return figure


@drawing
def loss_by_epoch() -> Drawing:
    """Coste según las épocas y según los pasos, por tamaño de lote."""
    figure = Drawing(figsize=(WIDTH, 6.0))
    top, bottom = figure.subplots(2, 1, sharey=True)
    losses = measured("minilotes")["perdida"]
    sizes = [key for key in losses if key.isdigit()]
    for size, color in zip(sizes, CYCLE, strict=True):
        run = losses[size]
        mean, spread = np.array(run["media"]), np.array(run["desviacion"])
        epochs = np.arange(len(mean))
        for axes, scale in ((top, 1), (bottom, run["pasos_por_epoca"])):
            kept = epochs >= (axes is bottom)
            at = scale * epochs[kept]
            band = (mean - spread)[kept], (mean + spread)[kept]
            axes.fill_between(at, *band, color=color, alpha=0.2, linewidth=0)
            axes.plot(
                at, mean[kept], "o-", color=color, markersize=3, label=f"m = {size}"
            )
    top.set(xlabel="épocas", ylabel="coste J", xlim=(0, 10))
    bottom.set(xlabel="pasos", ylabel="coste J", xscale="log")
    top.set_yscale("log")
    for axes in (top, bottom):
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_yticks([0.1, 0.2, 0.5, 1, 2], ["0,1", "0,2", "0,5", "1", "2"])
    bottom.set_xticks(
        [1, 10, 100, 1000, 10_000], ["1", "10", "100", "1000", "10\u202f000"]
    )
    figure.legend(*top.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return with_commas(figure)


@drawing
def steps_staircase() -> Drawing:
    """Pasos por época con lotes de 64, alrededor de los 938."""
    figure = Drawing(figsize=(WIDTH, 3.0))
    axes, sizes = figure.add_subplot(), dataset_sizes(938, 64)
    n = np.arange(sizes[0] - 96, sizes[-1] + 97)
    axes.plot(n, [steps_per_epoch(int(k), 64) for k in n], color=BLUE)
    axes.fill_between([sizes[0], sizes[-1]], 936, 938, color=ORANGE, alpha=0.2, lw=0)
    axes.plot(60_000, 938, "o", color=PAPER, markeredgecolor=ORANGE, mew=2)
    for k, side, shift in ((sizes[0], "right", -6), (sizes[-1], "left", 6)):
        axes.plot(k, 938, "o", color=ORANGE)
        place = {"textcoords": "offset points", "ha": side, "va": "center"}
        axes.annotate(_count(k), (k, 938), (shift, -9), **place)
    axes.set(xlabel="ejemplos de entrenamiento n", ylabel="pasos por época")
    axes.set(yticks=range(936, 942), ylim=(936, 940.6), xlim=(n[0], n[-1]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: _count(v)))
    axes.set_xticks([59_900, 60_000, 60_100])
    return figure
