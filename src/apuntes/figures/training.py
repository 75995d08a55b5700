"""Figuras del laboratorio 1: reciben lo que pasó al entrenar y lo dibujan."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from apuntes.figures._images import ink, mosaic, show, signed
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PINK,
    WIDTH,
    Drawing,
    drawing,
)
from apuntes.training import History


def _plot(axes: Axes, history: History, measure: str, *, legend: bool = True) -> None:
    """Curvas de entrenamiento y de validación, al final de cada época."""
    for part, style in (("train", "-"), ("validation", "--")):
        values = getattr(history, f"{part}_{measure}")
        label = "entrenamiento" if part == "train" else "validación"
        axes.plot(range(1, len(values) + 1), values, style, label=label)
    axes.set_xlabel("época")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if legend:
        axes.legend()


@drawing
def loss_curves(history: History) -> Drawing:
    """Pérdida y exactitud, época a época, con el mínimo de validación señalado."""
    figure = Drawing(figsize=(WIDTH, 2.9))
    left, right = figure.subplots(1, 2)
    _plot(left, history, "loss")
    _plot(right, history, "accuracy", legend=False)
    best = int(np.argmin(history.validation_loss))
    point = (best + 1, history.validation_loss[best])
    left.plot(*point, "o", color=ORANGE)
    left.set(title="pérdida", ylim=(0, None))
    # El rótulo, abajo y del lado de dentro: arriba taparía las curvas.
    left.vlines(point[0], 0, point[1], color=ORANGE, linestyle=":", linewidth=1)
    late = best > len(history.validation_loss) / 2
    foot, shift = 0.1 * left.get_ylim()[1], -5 if late else 5
    side = {"textcoords": "offset points", "ha": "right" if late else "left"}
    left.annotate(f"época {best + 1}", (point[0], foot), (shift, 0), **side)
    right.set(title="exactitud", ylim=(None, 1))
    return with_commas(figure)


@drawing
def during_and_after(
    step_losses: Sequence[float], *, train: float, validation: float
) -> Drawing:
    """Pérdida de cada lote de una época, su media y las medidas al acabarla."""
    figure = Drawing(figsize=(WIDTH, 3.0))
    axes, steps = figure.add_subplot(), len(step_losses)
    axes.plot(range(1, steps + 1), step_losses, alpha=0.7, linewidth=1)
    axes.axhline(np.mean(step_losses), color=INK, label="media durante la época")
    for value, label, color, mark, size in (
        (train, "entrenamiento, al acabar", ORANGE, "o", 11),
        (validation, "validación, al acabar", GREEN, "D", 5),
    ):
        style = {"color": color, "markersize": size, "clip_on": False}
        axes.plot(steps, value, mark, label=label, **style)
    axes.set(xlabel="paso", ylabel="pérdida", xlim=(0, steps), ylim=(0, None))
    axes.legend()
    return with_commas(figure)


@drawing
def compare_losses(
    panels: Mapping[str, Mapping[str, History]],
    *,
    levels: Mapping[str, tuple[float, str]] | None = None,
) -> Drawing:
    """Pérdida de validación de varios entrenamientos, un panel por grupo.

    Args:
        panels: título del panel → rótulo de la curva → historial.
        levels: título del panel → altura y rótulo de una línea de referencia.
    """
    figure = Drawing(figsize=(WIDTH, 3.3 if len(panels) == 1 else 4.2))
    for axes, (title, runs) in zip(
        figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True
    ):
        for (label, history), style in zip(
            runs.items(), ("-", "--", "-."), strict=False
        ):
            values = history.validation_loss
            axes.plot(range(1, len(values) + 1), values, style, label=label)
        if title in (levels or {}):
            height, label = levels[title]
            axes.axhline(height, color=INK, linewidth=1, linestyle=":", label=label)
        axes.set(title=title, xlabel="época", ylim=(0, None))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        # Debajo, para no tapar ninguna curva.
        columns = 3 if len(panels) == 1 else 1
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=columns)
    figure.axes[0].set_ylabel("pérdida de validación")
    return with_commas(figure)


@drawing
def overlapping_curves(runs: Mapping[str, History]) -> Drawing:
    """Curvas de entrenamiento y validación de varias redes, con el mismo eje."""
    figure = Drawing(figsize=(WIDTH, 2.8))
    panels = figure.subplots(1, len(runs), sharey=True)
    for axes, (label, history) in zip(panels, runs.items(), strict=True):
        _plot(axes, history, "loss", legend=False)
        axes.set_title(label)
    panels[0].set(ylabel="pérdida", ylim=(0, None))
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return with_commas(figure)


@drawing
def loss_by_depth(
    train: Sequence[float], validation: Sequence[float], *, floor: float
) -> Drawing:
    """Pérdida final según el número de capas ocultas, y la del modelo verdadero."""
    figure = Drawing(figsize=(WIDTH, 2.8))
    axes, depth = figure.add_subplot(), np.arange(len(train))
    axes.plot(depth, train, "o-", label="entrenamiento")
    axes.plot(depth, validation, "D--", label="validación")
    axes.axhline(floor, color=INK, linewidth=1, linestyle=":")
    axes.annotate(
        "validación del modelo verdadero",
        (depth[-1], floor),
        (0, -12),
        textcoords="offset points",
        ha="right",
    )
    axes.set(xlabel="capas ocultas", ylabel="pérdida", xticks=depth)
    axes.set_ylim(min(train) - 0.02, max(validation) + 0.03)
    axes.legend(loc="upper left", ncols=2)
    return with_commas(figure)


@drawing
def best_of_many(scores: np.ndarray, *, again: float) -> Drawing:
    """Exactitudes de muchos modelos, la del elegido y la suya con datos nuevos."""
    figure = Drawing(figsize=(WIDTH, 2.9))
    axes, best = figure.add_subplot(), float(scores.max())
    bins = np.arange(scores.min(), best + 0.008, 0.004) - 0.002
    heights, _, _ = axes.hist(scores, bins, color=BLUE, alpha=0.6)
    for value, text, color, side in (
        (best, f"el elegido:\n{number(best, '.3f')}", ORANGE, "right"),
        (again, f"con datos nuevos:\n{number(again, '.3f')}", PINK, "left"),
    ):
        axes.axvline(value, color=color)
        axes.text(value, heights.max() * 1.25, f" {text} ", ha=side, va="center")
    axes.set(xlabel="exactitud en los datos de elegir", ylabel="modelos")
    axes.set_ylim(0, heights.max() * 1.45)
    return with_commas(figure)


@drawing
def weight_maps(weights: np.ndarray, *, columns: int = 5) -> Drawing:
    """Pesos de cada neurona, de forma `(H, 784)`, como imágenes de 28 por 28."""
    figure = Drawing(figsize=(WIDTH, WIDTH * np.ceil(len(weights) / columns) / columns))
    axes, maps = figure.add_subplot(), weights.reshape(-1, 28, 28)
    limit = float(np.quantile(np.abs(weights), 0.99))
    show(axes, signed(mosaic(maps, columns=columns), limit=limit))
    for j in range(len(maps)):
        row, column = divmod(j, columns)
        axes.text(30 * column + 1, 30 * row + 4, str(j))
    return figure


@drawing
def confusion_matrix(counts: np.ndarray) -> Drawing:
    """Cuántas veces se contestó cada clase (columna) ante cada una (fila).

    Solo se tiñen los fallos, para que los muchos aciertos no los tapen.
    """
    figure = Drawing(figsize=(WIDTH, WIDTH * 0.86))
    axes, wrong = figure.add_subplot(), counts * (1 - np.eye(len(counts)))
    shade = ink(255 * 0.85 * wrong / max(wrong.max(), 1), color=ORANGE)
    axes.imshow(shade, interpolation="none")
    for (true, answer), count in np.ndenumerate(counts):
        weight = "bold" if true == answer else "normal"
        text = str(count) if count else "·"
        axes.text(answer, true, text, ha="center", va="center", weight=weight)
    classes = range(len(counts))
    axes.set(xlabel="contestada", ylabel="verdadera", xticks=classes, yticks=classes)
    axes.grid(visible=False)
    return figure


@drawing
def worst_mistakes(
    images: np.ndarray, labels: np.ndarray, probs: np.ndarray, *, columns: int = 5
) -> Drawing:
    """Las imágenes a cuya clase verdadera se dio menos probabilidad, por orden.

    Args:
        images: `uint8`, de forma `(N, 28, 28)`.
        labels: clase verdadera de cada una, `(N,)`.
        probs: probabilidades que da la red, `(N, K)`.
        columns: imágenes por fila; hay dos filas.
    """
    figure = Drawing(figsize=(WIDTH, 4.2))
    worst = np.argsort(probs[np.arange(len(labels)), labels])[: 2 * columns]
    for axes, index in zip(figure.subplots(2, columns).ravel(), worst, strict=True):
        answer = probs[index].argmax()
        show(axes, ink(images[index]))
        sure = number(100 * probs[index, answer], ".1f")
        axes.set_title(f"es {labels[index]}\ndice {answer}\n{sure} %")
    return figure
