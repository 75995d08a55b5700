"""Figuras de Adam, de dónde falla y de la comparación entre optimizadores."""

import math

import numpy as np

from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.schedules import COMPACT, rate_axis, swept
from apuntes.figures.style import (
    BLUE,
    CYCLE,
    GREEN,
    INK,
    ORANGE,
    PINK,
    Drawing,
    drawing,
)
from apuntes.optimizers import Adam, AdamW

# Algo menos que la anchura común: los rótulos se leen mejor en un teléfono.
WIDTH = 5.3


def steps_of_adam(grads: np.ndarray) -> np.ndarray:
    """Lo que mide, en tasas, cada paso de Adam con esos gradientes."""
    theta, moved = np.array([0.0]), []
    optimizer = Adam([theta], lr=1.0)
    for grad in grads:
        before = float(theta[0])
        optimizer.step([np.array([grad])])
        moved.append(before - float(theta[0]))
    return np.array(moved)


@drawing
def first_steps() -> Drawing:
    """Los primeros pasos de Adam, con las medias corregidas y sin corregir."""
    figure = Drawing(figsize=(WIDTH, 6.0))
    top, bottom = figure.subplots(2, 1)
    t = np.arange(1, 1001)
    bare = (1 - 0.9**t) / np.sqrt(1 - 0.999**t)
    top.plot(t, bare, "--", color=ORANGE, label="sin corregir")
    top.plot(t, steps_of_adam(np.ones(1000)), color=BLUE, label="corregida")
    top.set(xscale="log", xlabel="paso t", ylabel="paso, en tasas", ylim=(0, 7.5))
    top.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    top.legend(loc="upper right")
    rng = np.random.default_rng(0)
    for ratio, color in zip((0.0, 1.0, 10.0), (BLUE, GREEN, PINK), strict=True):
        grads = 1 + ratio * rng.normal(size=400)
        label = f"ruido {number(ratio)} veces la señal"
        bottom.plot(steps_of_adam(grads), color=color, linewidth=1.3, label=label)
    bottom.set(xlabel="paso t", ylabel="paso, en tasas", xlim=(0, 400), ylim=(-1, 2.1))
    bottom.legend(loc="upper right", **COMPACT)
    return with_commas(figure)


def on_the_interval(lr: float, grads, *, beta2: float, amsgrad: bool) -> np.ndarray:
    """Adam sin momento en `[-1, 1]`, con tasa decreciente y el máximo de v o sin él."""
    x, v, top, path = 0.0, 0.0, 0.0, [0.0]
    for t, grad in enumerate(grads, start=1):
        v = beta2 * v + (1 - beta2) * grad**2
        top = max(top, v) if amsgrad else v
        step = lr / math.sqrt(t) * grad / math.sqrt(top / (1 - beta2**t))
        x = min(1.0, max(-1.0, x - step))
        path.append(x)
    return np.array(path)


@drawing
def wrong_way() -> Drawing:
    """El ejemplo en el que Adam se va al extremo peor."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    axes, c = figure.add_subplot(), 3.0
    grads = np.tile([c, -1.0, -1.0], 400)
    for amsgrad, color, label in (
        (False, ORANGE, "Adam"),
        (True, BLUE, "con el máximo (AMSGrad)"),
    ):
        path = on_the_interval(0.5, grads, beta2=1 / (1 + c**2), amsgrad=amsgrad)
        axes.plot(path, color=color, linewidth=1.2, label=label)
    axes.axhline(-1, color=INK, linestyle="--", linewidth=1)
    axes.text(1190, -0.93, "el mínimo", ha="right", va="bottom")
    axes.set(xlabel="paso", ylabel="x", xlim=(0, 1200), ylim=(-1.1, 1.25))
    figure.legend(loc="outside upper center", ncols=2)
    return with_commas(figure)


def decayed(make, spread: float) -> np.ndarray:
    """Un peso que solo recibe ruido de esa desviación, con decaimiento."""
    rng, theta, path = np.random.default_rng(0), np.array([1.0]), [1.0]
    optimizer = make([theta], lr=1e-3, weight_decay=0.5)
    for _ in range(3000):
        optimizer.step([spread * rng.normal(size=1)])
        path.append(float(theta[0]))
    return np.array(path)


@drawing
def decay() -> Drawing:
    """Dos pesos con el mismo decaimiento: uno de gradientes grandes y otro pequeños."""
    figure = Drawing(figsize=(WIDTH, 3.8))
    axes = figure.add_subplot()
    for spread, style in ((0.1, "-"), (10.0, "--")):
        for make, name, color in ((Adam, "Adam", ORANGE), (AdamW, "AdamW", BLUE)):
            label = f"{name}, gradientes de {number(spread)}"
            line = {"linestyle": style, "color": color, "linewidth": 1.6}
            axes.plot(decayed(make, spread)[::10], label=label, **line)
    axes.set(xlabel="paso", ylabel="peso", xlim=(0, 300))
    axes.set_xticks([0, 100, 200, 300], ["0", "1000", "2000", "3000"])
    figure.legend(loc="outside upper center", ncols=2, **COMPACT)
    return with_commas(figure)


@drawing
def sensitivity() -> Drawing:
    """Coste final de cada optimizador según la tasa, fija."""
    figure = Drawing(figsize=(WIDTH, 6.4))
    table = measured("optimizadores")["optimizadores"]
    groups = ("SGD", "momento", "Nesterov", "Adadelta"), (
        "Adagrad", "RMSprop", "Adam", "AdamW"
    )  # fmt: skip
    panels = figure.subplots(2, 1, sharex=True)
    for axes, group, corner in zip(panels, groups, ("left", "right"), strict=True):
        for name, color, mark in zip(group, CYCLE, "oDs^", strict=False):
            style = "--" if name == "AdamW" else "-"
            pairs = swept(table[name]["fija"])
            axes.plot(*pairs, f"{mark}{style}", color=color, label=name)
        rate_axis(axes, {1e-4: "0,0001", 0.01: "0,01", 1: "1", 100: "100"})
        axes.legend(loc=f"upper {corner}", **COMPACT)
    axes.set_xlabel("tasa η")
    return with_commas(figure)


@drawing
def contest() -> Drawing:
    """Coste en la prueba de cada optimizador con su mejor tasa, fija y programada."""
    figure = Drawing(figsize=(WIDTH, 4.4))
    axes, table = figure.add_subplot(), measured("optimizadores")["optimizadores"]
    names = list(table)[::-1]
    for kind, color, mark, shift, label in (
        ("fija", ORANGE, "o", 0.15, "tasa fija"),
        ("coseno", BLUE, "D", -0.15, "calentamiento y coseno"),
    ):
        tests = [table[name][kind]["prueba"] for name in names]
        axes.errorbar(
            [test["coste"] for test in tests],
            np.arange(len(names)) + shift,
            xerr=[test["coste_desviacion"] for test in tests],
            **{"fmt": mark, "color": color, "capsize": 4, "label": label},
        )
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="coste en la prueba", ylim=(-0.6, len(names) - 0.4))
    figure.legend(loc="outside upper center", ncols=2)
    return with_commas(figure)
