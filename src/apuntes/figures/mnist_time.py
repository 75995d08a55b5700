"""Figuras del laboratorio 2: en qué se va el tiempo y cuánto se acierta con él."""

import numpy as np

from apuntes import schedules
from apuntes.figures._results import measured
from apuntes.figures._text import number, plain_powers, with_commas
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, Drawing, drawing

WIDTH = 5.3
RUNS = {
    "rapida": ("rapida", BLUE, "o"),
    "precisa-25k": ("precisa, w = 16", GREEN, "s"),
    "precisa": ("precisa, w = 32", GREEN, "D"),
}


def example_curve() -> tuple[np.ndarray, np.ndarray]:
    """Segundos y fallos por diez mil del ejemplo de PyTorch, tras cada época."""
    run = measured("mnist_cpu")["ejemplo"]
    return np.cumsum(run["segundos_por_epoca"]), failures(run["exactitudes"])


def failures(percent) -> np.ndarray:
    """De exactitud en tanto por ciento a fallos de cada 10 000."""
    return 100 * (100 - np.asarray(percent, dtype=float))


@drawing
def time_to_accuracy() -> Drawing:
    """Fallos en la prueba frente a segundos de entrenamiento, en CPU."""
    figure = Drawing(figsize=(WIDTH, 4.0))
    axes, table = figure.add_subplot(), measured("mnist_cpu")
    axes.plot(*example_curve(), "o-", color=ORANGE, label="ejemplo de PyTorch")
    for name, (label, color, mark) in RUNS.items():
        seconds, wrong = (
            table[name]["segundos"]["todas"],
            failures(table[name]["exactitud"]["todas"]),
        )
        axes.plot(seconds, wrong, mark, color=color, alpha=0.35, markersize=5)
        mean = (np.median(seconds), np.mean(wrong))
        style = {"color": color, "markersize": 10, "markeredgecolor": "none"}
        axes.plot(*mean, mark, label=label, zorder=4, **style)
    axes.axhline(100, color=INK, linewidth=1, linestyle=":")
    axes.set(xscale="log", ylim=(0, None), xlabel="segundos de entrenamiento")
    axes.set_ylabel("fallos de cada 10 000")
    plain_powers(axes)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawing
def step_budget() -> Drawing:
    """Qué parte de un paso de `rapida` se lleva cada clase de operación."""
    figure = Drawing(figsize=(WIDTH, 3.2))
    axes, parts = figure.add_subplot(), measured("mnist-paso")["partes_us"]
    total, names = sum(parts.values()), sorted(parts, key=parts.get)
    shares = [100 * parts[name] / total for name in names]
    axes.barh(names, shares, color=BLUE, alpha=0.8)
    for place, share in enumerate(shares):
        axes.text(share + 0.8, place, f"{number(share, '.0f')} %", va="center")
    axes.set(xlabel="parte de un paso, %", xlim=(0, max(shares) + 8))
    axes.grid(axis="y", visible=False)
    return with_commas(figure)


def recipe_rates(name: str) -> np.ndarray:
    """La tasa de cada paso de la receta medida, como la calcula `apuntes-mnist`."""
    run = measured("mnist_cpu")[name]
    recipe, total = run["receta"], run["pasos"]
    rise = max(2, round(recipe["warmup"] * total))
    rate = schedules.one_cycle(
        max_lr=recipe["lr"],
        total_steps=total,
        pct_start=rise / total,
        anneal_strategy="linear",
    )
    return np.array([rate(step) for step in range(total)])


@drawing
def one_cycle_rates() -> Drawing:
    """La tasa de las dos recetas de convoluciones, paso a paso."""
    figure = Drawing(figsize=(WIDTH, 3.0))
    for axes, name, color in zip(
        figure.subplots(1, 2, sharey=True),
        ("rapida", "precisa-25k"),
        (BLUE, GREEN),
        strict=True,
    ):
        axes.plot(recipe_rates(name), color=color)
        axes.set(title=name.partition("-")[0], xlabel="paso")
        axes.locator_params(axis="x", nbins=4)
    figure.axes[0].set(ylabel="tasa η", ylim=(0, None))
    return with_commas(figure)


def candidates() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """De cada combinación sorteada, segundos, exactitud apartada y cuántas semillas.

    La elegida es la primera.
    """
    table = measured("mnist-busqueda")["rapida"]["tabla"]
    columns = ("segundos_1_hilo", "media", "n")
    return tuple(np.array([row[key] for row in table]) for key in columns)


@drawing
def search() -> Drawing:
    """La búsqueda de `rapida`: lo que tarda y lo que acierta cada combinación."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    axes, (seconds, hits, seeds) = figure.add_subplot(), candidates()
    price = measured("mnist-busqueda")["rapida"]["puntos_por_segundo"]
    for count, size in ((1, 4), (4, 6), (10, 9)):
        mine = seeds == count
        label = f"{count} semillas" if count > 1 else "1 semilla"
        axes.plot(seconds[mine], hits[mine], "o", ms=size, color=BLUE, label=label)
    axes.plot(seconds[0], hits[0], "o", markersize=9, color=ORANGE, label="la elegida")
    ends = np.array([seconds.min(), seconds.max()])
    same = hits[0] + price * (ends - seconds[0])
    axes.plot(ends, same, ":", color=INK, linewidth=1, label="la misma nota")
    axes.set(xlabel="segundos en un hilo", ylabel="aciertos en las apartadas, %")
    axes.set_ylim(hits.min() - 0.1, hits.max() + 0.1)
    figure.legend(loc="outside upper center", ncols=3)
    return with_commas(figure)
