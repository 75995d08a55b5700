"""Figuras de la neurona de umbral y del perceptrón."""

import itertools

import numpy as np
from matplotlib.axes import Axes

from apuntes.data import mnist_sample
from apuntes.figures._images import show, signed
from apuntes.figures._text import with_commas
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, PAPER, Drawing, drawing
from apuntes.perceptron import Perceptron, parity_network, threshold_layer

BITS = np.array([*itertools.product([0.0, 1.0], repeat=2)])
OR, XOR = np.array([-1.0, 1, 1, 1]), np.array([-1.0, 1, 1, -1])
SLOPE, OFFSET, GAP = np.array([0.8, 0.6]), 0.15, 0.15
LABELS = (-0.3, 1.2), (1.3, 1.25)  # dónde se nombra cada neurona oculta


def points() -> tuple[np.ndarray, np.ndarray]:
    """Treinta puntos a los dos lados de una recta, a `GAP` de ella o más."""
    x = np.random.default_rng(26).uniform(-1, 1, size=(80, 2))
    z = x @ SLOPE + OFFSET
    keep = np.flatnonzero(np.abs(z) > GAP)[:30]
    return x[keep], np.sign(z[keep])


def path() -> list[tuple[np.ndarray, float, int]]:
    """Pesos y sesgo tras cada corrección en `points`, y el ejemplo que la causó."""
    (x, target), neuron, steps = points(), Perceptron(2), []
    while not np.array_equal(neuron.predict(x), target):
        for i in range(len(x)):
            if neuron.update(x[i], target[i]):
                steps.append((neuron.weight, float(neuron.bias), i))
    return steps


def _scatter(axes: Axes, x: np.ndarray, positive: np.ndarray, size: float) -> None:
    """Los unos, discos naranjas; los demás, aros azules."""
    axes.scatter(*x[positive].T, s=size, color=ORANGE, zorder=3)
    ring = {"facecolor": PAPER, "edgecolor": BLUE, "linewidth": 2}
    axes.scatter(*x[~positive].T, s=size, zorder=3, **ring)


def _half_plane(axes: Axes, weight: np.ndarray, bias: float, color: str) -> None:
    """Sombrea donde la neurona se enciende y traza su frontera."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    grid = np.meshgrid(np.linspace(left, right, 60), np.linspace(low, high, 60))
    z = weight[0] * grid[0] + weight[1] * grid[1] + bias
    axes.contourf(*grid, z, levels=[0, np.inf], colors=[color], alpha=0.15)
    axes.contour(*grid, z, levels=[0], colors=[color], linewidths=2)


def _bits_plane(axes: Axes, names: str = "x") -> None:
    axes.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=(0, 1), yticks=(0, 1))
    axes.set(xlabel=f"${names}_1$", aspect="equal")
    axes.set_ylabel(f"${names}_2$", rotation=0, labelpad=8)
    axes.grid(visible=False)


@drawing
def gates() -> Drawing:
    """«Y» y «o» con una neurona; con «o exclusivo» no hay recta que valga."""
    figure = Drawing(figsize=(5.0, 2.2))
    panels = {"y": (-1.5, (0, 0, 0, 1)), "o": (-0.5, (0, 1, 1, 1))}
    panels["o exclusivo"] = (None, (0, 1, 1, 0))
    for axes, (title, (bias, truth)) in zip(
        figure.subplots(1, 3), panels.items(), strict=True
    ):
        _bits_plane(axes)
        axes.set_title(title)
        _scatter(axes, BITS, np.array(truth) == 1, 110)
        if bias is not None:
            _half_plane(axes, np.ones(2), bias, ORANGE)
    return figure


@drawing
def learning() -> Drawing:
    """La frontera tras la primera corrección, la segunda, la mitad y la última."""
    figure, (x, target), steps = Drawing(figsize=(5.0, 5.2)), points(), path()
    shown = (1, 2, len(steps) // 2, len(steps))
    for axes, k in zip(figure.subplots(2, 2).flat, shown, strict=True):
        weight, bias, i = steps[k - 1]
        axes.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), xticks=(), yticks=())
        axes.set(aspect="equal", title=f"corrección {k}")
        _half_plane(axes, weight, bias, ORANGE)
        _scatter(axes, x, target > 0, 26)
        ring = {"facecolor": "none", "edgecolor": INK, "linewidth": 1.5}
        axes.scatter(*x[i], s=150, zorder=4, **ring)
    return figure


@drawing
def novikoff() -> Drawing:
    """La longitud de los pesos, entre una recta y una raíz que se acaban cruzando."""
    (x, target), figure = points(), Drawing(figsize=(5.0, 3.3))
    extended = np.column_stack([x, np.ones(len(x))])
    best = np.array([*SLOPE, OFFSET]) / np.hypot(1, OFFSET)
    margin = (target * (extended @ best)).min()
    radius = np.linalg.norm(extended, axis=1).max()
    lengths = [0.0, *(np.hypot(np.linalg.norm(w), b) for w, b, _ in path())]
    k, bound = (
        np.linspace(0, 1.12 * (radius / margin) ** 2, 300),
        (radius / margin) ** 2,
    )
    axes = figure.add_subplot()
    axes.plot(k, radius * np.sqrt(k), color=BLUE, label="como mucho, $R$√$k$")
    axes.plot(k, margin * k, color=GREEN, label="como poco, $\\gamma k$")
    label = "$\\|(w,b)\\|$, medida"
    axes.plot(range(len(lengths)), lengths, "o-", color=ORANGE, ms=4, label=label)
    axes.axvline(bound, color=INK, linewidth=1, linestyle=":")
    axes.text(bound, 0.3, f"cota {bound:.0f} ", ha="right")
    axes.set(xlabel="correcciones $k$", xlim=(0, None), ylim=(0, None))
    axes.legend(loc="upper left")
    return with_commas(figure)


@drawing
def xor_cycle() -> Drawing:
    """Correcciones de cada pasada: «o» acaba y «o exclusivo» no."""
    figure = Drawing(figsize=(5.0, 2.5))
    axes = figure.add_subplot()
    for target, color, label in ((OR, BLUE, "o"), (XOR, ORANGE, "o exclusivo")):
        corrections = Perceptron(2).fit(BITS, target, epochs=15)
        passes = range(1, len(corrections) + 1)
        axes.plot(passes, corrections, "o-", color=color, label=label)
    axes.set(xlabel="pasada", ylabel="correcciones", ylim=(-0.2, 4.6), yticks=range(5))
    axes.legend(loc="center right")
    return with_commas(figure)


@drawing
def xor_network() -> Drawing:
    """Dos neuronas ocultas mueven los puntos hasta que una recta los separa."""
    figure, ((weight, bias), (out, out_bias)) = Drawing((5.0, 2.9)), parity_network(2)
    hidden, one = threshold_layer(BITS, weight, bias), XOR > 0
    left, right = figure.subplots(1, 2)
    _bits_plane(left)
    for j, (color, name) in enumerate(((GREEN, "$h_1$"), (BLUE, "$h_2$"))):
        _half_plane(left, weight[j], bias[j], color)
        left.text(*LABELS[j], name, color=color, fontsize=12, ha="center")
    _scatter(left, BITS, one, 110)
    left.set_title("lo que entra")
    _bits_plane(right, "h")
    _half_plane(right, out[0], out_bias[0], ORANGE)
    _scatter(right, hidden, one, 110)
    right.text(1.0, -0.16, "los dos", ha="center", va="top")
    right.set_title("lo que ve la salida")
    return figure


def zeros_and_ones(split: str) -> tuple[np.ndarray, np.ndarray]:
    """Los ceros (−1) y los unos (1) de la muestra, `(N, 784)` y `(N,)`."""
    images, labels = mnist_sample(split)
    keep = labels < 2
    return images[keep].reshape(-1, 784) / 255, np.where(labels[keep] == 1, 1.0, -1.0)


@drawing
def digit_weights() -> Drawing:
    """Los 784 pesos tras una, cinco y todas las correcciones."""
    (x, target), neuron, history = zeros_and_ones("train"), Perceptron(784), []
    while not np.array_equal(neuron.predict(x), target):
        for i in range(len(x)):
            if neuron.update(x[i], target[i]):
                history.append(neuron.weight.reshape(28, 28))
    figure = Drawing(figsize=(5.0, 1.95))
    for axes, k in zip(figure.subplots(1, 3), (1, 5, len(history)), strict=True):
        image = history[k - 1]
        show(axes, signed(image, limit=np.abs(image).max()))
        axes.set_title("1 corrección" if k == 1 else f"{k} correcciones")
    return figure
