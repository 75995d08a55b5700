"""Figuras de la época: lo que cuesta, lo que reparte y lo que baja en ella el coste."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter

from apuntes.figures._results import measured
from apuntes.figures._text import count, number, plain_powers, with_commas
from apuntes.figures.minibatch import WIDTH
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
        plain_powers(axes)
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


def mean_curve(axes: Axes, at, mean, spread, *, color: str, label: str) -> None:
    """Media de varias semillas, con su desviación como banda."""
    axes.fill_between(
        at, mean - spread, mean + spread, color=color, alpha=0.2, linewidth=0
    )
    axes.plot(at, mean, "o-", color=color, markersize=3, label=label)


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
            known = {"color": color, "label": f"m = {size}"}
            mean_curve(axes, at, mean[kept], spread[kept], **known)
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
        axes.annotate(count(k), (k, 938), (shift, -9), **place)
    axes.set(xlabel="ejemplos de entrenamiento n", ylabel="pasos por época")
    axes.set(yticks=range(936, 942), ylim=(936, 940.6), xlim=(n[0], n[-1]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: count(v)))
    axes.set_xticks([59_900, 60_000, 60_100])
    return figure
