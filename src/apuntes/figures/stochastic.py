"""Figuras del ruido: los dos pozos, la silla, la bola y bajar la tasa."""

import itertools

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter

from apuntes.descent import gradient_descent
from apuntes.figures._results import measured
from apuntes.figures._text import with_commas
from apuntes.figures.epochs import mean_curve
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
from apuntes.minibatch import gradient_variance, minibatches
from apuntes.stochastic import (
    double_well,
    double_well_grad,
    stationary_variance,
    stochastic_descent,
)

# Algo menos que la anchura común: los rótulos se leen mejor en un teléfono.
WIDTH = 5.3
N, LR, STEPS = 1000, 0.05, 2000
DEEP, RIDGE, SHALLOW = np.sort(np.roots([4, 0, -4, 0.3]).real)


def tilts(mean: tuple[float, float]) -> np.ndarray:
    """Inclinación de cada ejemplo, `(1000, 2)`, con esa media: las del capítulo."""
    noise = np.random.default_rng(0).normal(scale=4.0, size=(N, 2))
    return noise - noise.mean(axis=0) + mean


def noisy_path(
    start: tuple[float, float],
    *,
    batch_size: int,
    seed: int,
    mean: tuple[float, float] = (0.3, 0.0),
    steps: int = STEPS,
    decreasing: bool = True,
) -> np.ndarray:
    """Un descenso con lotes por los dos pozos."""
    tilt, rng = tilts(mean), np.random.default_rng(seed)
    passes = (minibatches(N, batch_size, rng) for _ in itertools.count())
    return stochastic_descent(
        lambda p, batch: double_well_grad(p, tilt=tilt[batch].mean(axis=0)),
        start,
        itertools.islice(itertools.chain.from_iterable(passes), steps),
        lr=(lambda t: LR * (1 - t / steps)) if decreasing else LR,
    )


def crossing() -> np.ndarray:
    """Un camino elegido porque visita el pozo somero y lo deja por el hondo."""
    return noisy_path((0.15, 1.0), batch_size=2, seed=16)


def terrain(axes: Axes) -> None:
    """Curvas de nivel de los dos pozos, sus fondos y la silla."""
    grid = np.array(
        np.meshgrid(np.linspace(-1.8, 1.8, 150), np.linspace(-1.4, 1.6, 110))
    )
    levels = np.linspace(-0.3, 3.2, 15)
    axes.contour(
        *grid, double_well(grid), levels, colors=INK, alpha=0.3, linewidths=0.8
    )
    axes.plot(DEEP, 0, "*", color=INK, markersize=12, zorder=5)
    axes.plot(SHALLOW, 0, "P", color=INK, markersize=8, zorder=5)
    axes.plot(RIDGE, 0, "x", color=INK, markersize=8, mew=2, zorder=5)
    axes.set(ylabel="y", xlim=(-1.8, 1.8), ylim=(-1.4, 1.6))
    axes.grid(visible=False)


@drawing
def two_wells() -> Drawing:
    """Sin ruido, el pozo lo decide la salida; con ruido, no siempre."""
    figure = Drawing(figsize=(WIDTH, 6.6))
    top, bottom = figure.subplots(2, 1, sharex=True)
    for axes in (top, bottom):
        terrain(axes)
    for start, color in (((0.0, 1.0), BLUE), ((0.15, 1.0), ORANGE)):
        path = gradient_descent(double_well_grad, start, lr=LR, steps=200)
        top.plot(*path.T, "o-", color=color, markersize=3, zorder=4)
        top.plot(*start, "o", color=PAPER, markeredgecolor=color, mew=2, zorder=6)
    path = crossing()
    bottom.plot(*path.T, "-", color=ORANGE, linewidth=0.5, alpha=0.75, zorder=3)
    bottom.plot(0.15, 1.0, "o", color=PAPER, markeredgecolor=ORANGE, mew=2, zorder=6)
    bottom.plot(*path[-1], "o", color=ORANGE, markersize=6, zorder=6)
    top.set_title("con los 1000 ejemplos en cada paso")
    bottom.set_title("con lotes de 2, saliendo de x = 0,15")
    for x, text in ((DEEP, "hondo"), (SHALLOW, "somero")):
        top.text(x, -0.32, text, ha="center", va="center")
    top.text(RIDGE, -0.32, "silla", ha="center", va="center")
    bottom.set_xlabel("x")
    return with_commas(figure)


@drawing
def escape_by_size() -> Drawing:
    """Cuántos descensos acaban en el pozo hondo, según el lote y la salida."""
    figure = Drawing(figsize=(WIDTH, 3.5))
    axes, wells = figure.add_subplot(), measured("ruido")["pozos"]
    for start, text, color, mark in (
        ("desde_0", "saliendo de x = 0", BLUE, "o"),
        ("desde_015", "saliendo de x = 0,15", ORANGE, "D"),
        ("desde_somero", "saliendo del fondo somero", GREEN, "s"),
    ):
        sizes = [int(size) for size in wells[start]]
        rows = wells[start].values()
        share = np.array([row["hondo_pct"] for row in rows])
        error = 2 * np.array([row["error_pct"] for row in rows])
        axes.errorbar(
            *(sizes, share, error),
            **{"fmt": f"{mark}-", "color": color, "capsize": 3, "label": text},
        )
    axes.set(xscale="log", xlabel="tamaño de lote m", ylim=(-4, 104))
    axes.set_ylabel("% que acaba en el hondo")
    axes.set_xticks([1, 4, 16, 64, 250, 1000], ["1", "4", "16", "64", "250", "1000"])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.minorticks_off()
    figure.legend(loc="outside upper center", ncols=1)
    return figure


@drawing
def leaving_the_saddle() -> Drawing:
    """La coordenada x desde la cresta: quieta sin ruido, y con él hacia un lado."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    axes, flat = figure.add_subplot(), {"mean": (0.0, 0.0), "decreasing": False}
    for seed in range(8):
        path = noisy_path((0, 1), batch_size=64, seed=seed, steps=150, **flat)
        label = "lotes de 64, 8 semillas" if seed == 0 else None
        axes.plot(path[:, 0], color=ORANGE, linewidth=1, alpha=0.8, label=label)
    for start, color, label in (
        (1e-6, GREEN, "todos los ejemplos, x₀ = 10⁻⁶"),
        (0.0, BLUE, "todos los ejemplos, x₀ = 0"),
    ):
        path = gradient_descent(
            lambda p: double_well_grad(p, tilt=(0, 0)), (start, 1.0), lr=LR, steps=150
        )
        axes.plot(path[:, 0], color=color, label=label)
    axes.set(xlabel="paso", ylabel="x", xlim=(0, 150), ylim=(-1.35, 1.35))
    figure.legend(loc="outside upper center", ncols=1)
    return with_commas(figure)


def mean_paths(rates: list, *, steps: int) -> tuple[np.ndarray, float, list]:
    """Datos, varianza de un ejemplo y caminos que estiman su media con cada tasa."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(N, 1))
    x -= x.mean()
    drawn = rng.integers(N, size=(steps, 1))
    paths = [
        stochastic_descent(lambda m, b: m - x[b].mean(axis=0), [3.0], drawn, lr=lr)
        for lr in rates
    ]
    return x, gradient_variance(x, 1, replace=True), paths


@drawing
def noise_ball() -> Drawing:
    """Con tasa fija se acaba dando vueltas en una franja; con 1/(t+1), no."""
    figure = Drawing(figsize=(WIDTH, 6.4))
    rates = [0.5, 0.05, lambda t: 1 / (t + 1)]
    names = ("η = 0,5", "η = 0,05", "η = 1/(t+1)")
    _, variance, paths = mean_paths(rates, steps=400)
    panels = figure.subplots(3, 1, sharex=True, sharey=True)
    for axes, lr, name, path, color in zip(
        panels, rates, names, paths, CYCLE, strict=False
    ):
        if not callable(lr):
            width = 2 * stationary_variance(variance, lr=lr) ** 0.5
            axes.axhspan(-width, width, color=color, alpha=0.15, lw=0)
        axes.axhline(0, color=INK, linewidth=1, linestyle="--")
        axes.plot(path[:, 0], color=color, linewidth=1.2)
        axes.set(ylabel="θ", title=name, ylim=(-2.6, 3.2), xlim=(0, 400))
    panels[-1].set_xlabel("paso")
    return with_commas(figure)


@drawing
def lower_the_rate() -> Drawing:
    """Coste de la red con tasa fija y con la tasa dividida entre 10."""
    figure = Drawing(figsize=(WIDTH, 3.5))
    axes, drop = figure.add_subplot(), measured("minilotes")["bajar"]
    for name, color, label in (
        ("fija", ORANGE, "tasa fija"),
        ("baja", BLUE, "dividida entre 10 en la época 20"),
    ):
        mean, spread = (np.array(drop[name][k]) for k in ("media", "desviacion"))
        epochs = np.arange(len(mean))
        kept = epochs >= (drop["baja_en"] if name == "baja" else 1)
        known = {"color": color, "label": label}
        mean_curve(axes, epochs[kept], mean[kept], spread[kept], **known)
        one = np.array(drop[name]["semilla_0"])[kept]
        axes.plot(epochs[kept], one, ":", color=color, linewidth=1.2)
    axes.set(xlabel="época", ylabel="coste J", yscale="log", xlim=(1, 30))
    axes.set_yticks([0.05, 0.1, 0.2, 0.5], ["0,05", "0,1", "0,2", "0,5"])
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.legend(loc="upper right")
    return figure
