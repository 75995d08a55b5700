"""Figuras de la red 784-15-10."""

import functools
import itertools

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import FancyBboxPatch

from apuntes.activations import sigmoid
from apuntes.figures._images import ink, mosaic, show, signed
from apuntes.figures._text import with_commas
from apuntes.figures.mnist import EIGHT, THREE, vectors
from apuntes.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    WIDTH,
    Drawing,
    drawing,
)
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import quadratic_cost, quadratic_cost_grad
from apuntes.optimizers import SGD
from apuntes.training import fit

DOUBTFUL = 663  # un 3 de la muestra de prueba que a la red le parece casi un 5


@functools.cache
def trained_network() -> Sequential:
    """La red 784-15-10 entrenada con la muestra y el coste cuadrático."""
    x, labels = vectors("train")
    rng = np.random.default_rng(0)
    layers = Linear(784, 15, rng=rng), Sigmoid(), Linear(15, 10, rng=rng), Sigmoid()
    network = Sequential(*layers)
    fit(
        network,
        SGD(network.parameters(), lr=3.0),
        (quadratic_cost, quadratic_cost_grad),
        (x, np.eye(10)[labels]),
        epochs=20,
        batch_size=10,
        rng=rng,
        evaluate_train=False,
        progress=False,
    )
    return network


LAYERS = {  # rótulo, neuronas que se dibujan, color
    "entrada x\n784 valores": (8, BLUE),
    "capa oculta h\n15 neuronas": (15, ORANGE),
    "salida a\n10 neuronas": (10, GREEN),
}
SHAPES = ("W⁽¹⁾: 15 × 784\nb⁽¹⁾: 15", "W⁽²⁾: 10 × 15\nb⁽²⁾: 10")


def _column(x: float, count: int) -> np.ndarray:
    """Posiciones `(count, 2)` de las neuronas de una capa; la entrada deja un hueco."""
    height = np.linspace(1, 0, count if x else count + 2)
    kept = height if x else np.delete(height, (count // 2, count // 2 + 1))
    return np.column_stack([np.full(count, x), 0.5 + 0.92 * (kept - 0.5)])


@drawing
def architecture() -> Drawing:
    """La red 784-15-10, con sus capas y las formas de sus parámetros."""
    figure = Drawing(figsize=(WIDTH, 4.4))
    axes = figure.add_subplot()
    columns = [_column(x, count) for x, (count, _) in enumerate(LAYERS.values())]
    for left, right in itertools.pairwise(columns):
        lines = [(start, end) for start in left for end in right]
        axes.add_collection(LineCollection(lines, color=INK, alpha=0.18, linewidth=0.6))
    for x, (title, (_, color)) in enumerate(LAYERS.items()):
        axes.scatter(*columns[x].T, s=110, color=color, edgecolor=PAPER, zorder=3)
        axes.text(x, 1.12, title, ha="center", va="center")
    axes.text(0, 0.5, "⋮", ha="center", va="center", fontsize=16)
    for digit, (x, y) in enumerate(columns[2]):
        axes.text(x + 0.1, y, str(digit), va="center")
    for x, text in enumerate(SHAPES):
        axes.text(x + 0.5, -0.12, text, ha="center", va="center")
    axes.set(xlim=(-0.35, 2.3), ylim=(-0.2, 1.2))
    axes.set_axis_off()
    return figure


def _digit_bars(axes: Axes, heights: np.ndarray, color: str, title: str) -> None:
    axes.bar(range(10), heights, color=color)
    axes.set(title=title, ylim=(0, 1.05), yticks=(0, 1), xticks=range(10))
    axes.grid(visible=False)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    style = {"arrowstyle": "->", "color": INK, "linewidth": 1.4}
    axes.annotate("", end, start, arrowprops=style)


def _box(axes: Axes, x: float, y: float, text: str) -> None:
    shape = FancyBboxPatch(
        (x - 0.62, y - 0.28), 1.24, 0.56, boxstyle="round,pad=0.06", fill=False
    )
    axes.add_patch(shape)
    axes.text(x, y, text, ha="center", va="center")


@drawing
def approximation() -> Drawing:
    """De la imagen a la salida, de la etiqueta al objetivo y de ambos a la pérdida."""
    digit = vectors("test")[0][[DOUBTFUL]]
    figure = Drawing(figsize=(WIDTH, 2.9), layout="none")
    sketch = figure.add_axes((0, 0, 1, 1))
    sketch.set(xlim=(0, 10), ylim=(0, 5))
    sketch.set_axis_off()
    show(figure.add_axes((0.02, 0.6, 0.17, 0.34)), ink(digit.reshape(28, 28) * 255))
    sketch.text(1.05, 1.25, "etiqueta: 3", ha="center", va="center")
    _box(sketch, 3.3, 3.85, "red\na(x; θ)")
    _box(sketch, 3.3, 1.25, "un 1 en\nsu lugar")
    _box(sketch, 9.2, 2.55, "pérdida\nL(a, y)")
    for y, start in ((3.85, 2.05), (1.25, 2.1)):
        _arrow(sketch, (start, y), (2.55, y))
        _arrow(sketch, (4.05, y), (4.5, y))
        _arrow(sketch, (8.0, y), (8.7, 2.55 + (0.5 if y > 2.55 else -0.5)))
    bars = figure.add_axes((0.48, 0.66, 0.31, 0.24))
    _digit_bars(bars, trained_network().forward(digit)[0], BLUE, "salida a(x; θ)")
    bars = figure.add_axes((0.48, 0.13, 0.31, 0.24))
    _digit_bars(bars, np.eye(10)[3], ORANGE, "objetivo y(x)")
    return figure


def hidden_activations(x: np.ndarray) -> np.ndarray:
    """Activaciones `(N, 15)` de la capa oculta de la red entrenada."""
    network = trained_network()
    return network[1].forward(network[0].forward(x))


@drawing
def hidden_layer() -> Drawing:
    """Los pesos de las 15 neuronas ocultas y su activación ante dos cifras."""
    x, _ = vectors("train")
    weights = trained_network()[0].weight.reshape(-1, 28, 28)
    active = hidden_activations(x[[THREE, EIGHT]])
    figure = Drawing(figsize=(WIDTH, 4.9))
    top, bottom = figure.subplots(2, 1, height_ratios=(2.4, 1))
    limit = float(np.quantile(np.abs(weights), 0.99))
    show(top, signed(mosaic(weights, columns=5), limit=limit))
    for j in range(15):
        top.text(30 * (j % 5) + 1, 30 * (j // 5) + 4, str(j))
    neurons = np.arange(15)
    bottom.bar(neurons - 0.2, active[0], 0.4, label="ante un 3")
    bottom.bar(neurons + 0.2, active[1], 0.4, label="ante un 8")
    bottom.set(xlabel="neurona oculta", ylabel="activación", xticks=neurons)
    bottom.set_ylim(0, 1.05)
    bottom.grid(axis="x", visible=False)
    figure.legend(loc="outside lower center", ncols=2)
    return with_commas(figure)


def cost_and_error_rates(biases: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coste y fracción de fallos al mover solo el sesgo de la salida «4»."""
    x, labels = (array[:200] for array in vectors("test"))
    last, target = trained_network()[2], np.eye(10)[labels]
    logits = last.forward(hidden_activations(x))
    costs, errors = [], []
    for shift in biases - last.bias[4]:
        output = sigmoid(logits + shift * np.eye(10)[4])
        costs.append(quadratic_cost(output, target))
        errors.append(np.mean(output.argmax(axis=1) != labels))
    return np.array(costs), np.array(errors)


def _mark_minima(axes: Axes, biases, costs, errors) -> None:
    """Señala el coste mínimo y el tramo donde los fallos son los menos."""
    best, fewest = costs.argmin(), biases[errors == errors.min()]
    axes.axvspan(fewest[0], fewest[-1], color=ORANGE, alpha=0.18, linewidth=0)
    axes.text(fewest.mean(), 0.17, "menos\nfallos", ha="center")
    axes.vlines(biases[best], 0, costs[best], color=BLUE, linestyle="--", linewidth=1)
    axes.plot(biases[best], costs[best], "o", color=BLUE)
    axes.text(biases[best] - 0.2, 0.015, "coste mínimo", ha="right")


@drawing
def cost_and_errors() -> Drawing:
    """El coste es suave donde los fallos van a saltos."""
    biases = np.linspace(-8, 8, 641)
    costs, errors = cost_and_error_rates(biases)
    figure = Drawing(figsize=(WIDTH, 3.1))
    axes = figure.add_subplot()
    axes.step(biases, errors, color=ORANGE, linewidth=1.4, label="fracción de fallos")
    axes.plot(biases, costs, color=BLUE, label="coste cuadrático")
    _mark_minima(axes, biases, costs, errors)
    axes.set(xlabel="sesgo de la salida «4»", ylim=(0, None))
    figure.legend(loc="outside upper center", ncols=2)
    return with_commas(figure)
