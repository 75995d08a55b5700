"""Figuras de la inicialización: la señal y el gradiente, capa a capa."""

import itertools
from collections.abc import Callable
from functools import partial

import numpy as np
from matplotlib.axes import Axes

from apuntes.activations import leaky_relu, relu, sigmoid, tanh
from apuntes.data import flatten_images, mnist_sample
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PINK,
    Drawing,
    drawing,
)
from apuntes.initialization import (
    kaiming_normal,
    normal,
    xavier_normal,
)
from apuntes.layers import Layer, Linear, ReLU, Sequential, Tanh
from apuntes.losses import cross_entropy_grad

# Algo menos que la anchura común: los rótulos se leen mejor en un teléfono.
WIDTH, DEPTH = 5.3, 10
FIXED = {
    std: partial(normal, std=std) for std in (0.01, 0.1, 1.0)
}  # escala fija: la misma en todas las capas
COLORS = dict(zip(FIXED, (BLUE, GREEN, ORANGE), strict=True))


def deep_network(
    init: Callable, activation: type[Layer], *, width: int = 100, depth: int = DEPTH
) -> Sequential:
    """La red 784-100-…-100-10, siempre con la misma semilla."""
    rng, sizes = np.random.default_rng(0), (784, *[width] * depth)
    layers = [
        layer
        for n_in, n_out in itertools.pairwise(sizes)
        for layer in (Linear(n_in, n_out, rng=rng, init=init), activation())
    ]
    return Sequential(*layers, Linear(width, 10, rng=rng, init=init))


def digits(n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Las primeras imágenes de la muestra, como vectores, y sus clases."""
    images, labels = mnist_sample("train")
    return flatten_images(images[:n], dtype=np.float64), labels[:n]


def signals(network: Sequential) -> tuple[list[np.ndarray], list[np.ndarray]]:
    r"""Lo que sale de cada capa oculta, $h$, y el gradiente que le llega a cada $z$.

    El gradiente es el de la pérdida de cada ejemplo, sin el $1/n$ de la media.
    """
    x, labels = digits()
    outputs, deltas = [], []
    for layer in network.layers:
        x = layer.forward(x)
        outputs.append(x)
    grad = cross_entropy_grad(x, labels) * len(x)
    for layer in reversed(network.layers):
        grad = layer.backward(grad)
        deltas.append(grad)
    return outputs[1:-1:2], deltas[1::2][::-1]


def rms(values: list[np.ndarray]) -> np.ndarray:
    """Raíz de la media de los cuadrados de cada arreglo."""
    return np.array([np.sqrt(np.mean(v**2)) for v in values])


def layer_sizes(axes: Axes, values: np.ndarray, **style) -> None:
    """Dibuja un número por capa, contadas desde 1."""
    axes.plot(range(1, len(values) + 1), values, **{"marker": "o", "ms": 4} | style)


@drawing
def fixed_scales() -> Drawing:
    """Tres escalas fijas en una red de diez capas tanh."""
    figure = Drawing(figsize=(WIDTH, 6.2))
    top, bottom = figure.subplots(2, 1, sharex=True)
    for std, init in FIXED.items():
        outputs, deltas = signals(deep_network(init, Tanh))
        style = {"color": COLORS[std], "label": f"σ = {number(std)}"}
        layer_sizes(top, rms(outputs), **style)
        layer_sizes(bottom, rms(deltas), **style)
        if std == 1.0:
            median = np.array([np.median(np.abs(delta)) for delta in deltas])
            dotted = {"linestyle": ":", "label": "σ = 1, mediana"}
            layer_sizes(bottom, median, **style | dotted)
    top.set(yscale="log", ylabel="activaciones h", ylim=(1e-10, 30))
    bottom.set(yscale="log", ylabel="gradientes Δ", xlabel="capa oculta")
    bottom.set_xticks(range(1, DEPTH + 1))
    figure.legend(
        *bottom.get_legend_handles_labels(), loc="outside upper center", ncols=2
    )
    return figure


@drawing
def same_scale() -> Drawing:
    """La misma desviación, 0,1, en redes ReLU de cuatro anchuras."""
    figure = Drawing(figsize=(WIDTH, 3.5))
    axes = figure.add_subplot()
    for width, color in ((25, BLUE), (100, ORANGE), (200, GREEN), (400, PINK)):
        outputs, _ = signals(deep_network(FIXED[0.1], ReLU, width=width))
        layer_sizes(axes, rms(outputs), color=color, label=f"{width} neuronas")
    axes.set(yscale="log", xlabel="capa oculta", ylabel="activaciones h")
    axes.set_xticks(range(1, DEPTH + 1))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


# -- cuánto deja pasar cada activación -------------------------------------------

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(120)


def kept(function: Callable, variance: np.ndarray) -> np.ndarray:
    r"""$\mathbb{E}[f(z)^2]$ con $z$ normal de media 0 y esa varianza (cuadratura)."""
    z = np.sqrt(variance)[..., None] * NODES
    return function(z) ** 2 @ WEIGHTS / np.sqrt(2 * np.pi)


@drawing
def kept_by_activation() -> Drawing:
    """Qué fracción de la varianza de z queda en la media de h²."""
    figure = Drawing(figsize=(WIDTH, 3.9))
    axes, deviation = figure.add_subplot(), np.linspace(0.05, 3, 120)
    for label, function, color in (
        ("identidad", lambda z: z, INK),
        ("fuga de 0,5", partial(leaky_relu, negative_slope=0.5), GREEN),
        ("ReLU", relu, ORANGE),
        ("tanh", tanh, BLUE),
        ("sigmoide", sigmoid, PINK),
    ):
        # La esquina de la ReLU cae en un nodo: la cuadratura es exacta por simetría.
        share = kept(function, deviation**2) / deviation**2
        axes.plot(deviation, share, color=color, label=label)
    axes.set(xlabel="desviación típica de z", ylabel="E[h²] / Var(z)")
    axes.set(xlim=(0, 3), ylim=(0, 1.5))
    figure.legend(loc="outside upper center", ncols=3)
    return with_commas(figure)


@drawing
def tanh_decay() -> Drawing:
    """Cincuenta capas tanh con Glorot: la señal se apaga, pero despacio."""
    figure = Drawing(figsize=(WIDTH, 3.8))
    axes, layers = figure.add_subplot(), np.arange(1, 51)
    for gain, color, label in ((1.0, BLUE, "1"), (5 / 3, ORANGE, "5/3")):
        init = partial(xavier_normal, gain=gain)
        outputs, _ = signals(deep_network(init, Tanh, width=200, depth=50))
        measured = rms(outputs)
        axes.plot(layers, measured, "o", ms=3.5, color=color, label=f"ganancia {label}")
        variance = np.array(gain**2 * measured[0] ** 2)
        predicted = [measured[0]]
        for _ in layers[1:]:
            predicted.append(float(np.sqrt(kept(tanh, variance))))
            variance = np.array(gain**2 * predicted[-1] ** 2)
        axes.plot(layers, predicted, color=color, linewidth=1.3)
    axes.plot(layers, 1 / np.sqrt(2 * layers), "--", color=INK, lw=1, label="1/√(2ℓ)")
    axes.set(xlabel="capa oculta ℓ", ylabel="activaciones h", ylim=(0, 0.8))
    figure.legend(loc="outside upper center", ncols=3)
    return with_commas(figure)


# -- la ida y la vuelta, en un embudo --------------------------------------------

FUNNEL = (512, 256, 128, 64, 32, 16)


def funnel_signals(init: Callable, *, repeats: int = 60) -> tuple[np.ndarray, ...]:
    """Medias de $z^2$ y $Δ^2$ por capa en redes ReLU que se estrechan a la mitad."""
    rng, squares = np.random.default_rng(0), []
    for _ in range(repeats):
        weights = [init((m, n), rng=rng) for n, m in itertools.pairwise(FUNNEL)]
        h, zs = rng.standard_normal((8, FUNNEL[0])), []
        for weight in weights:
            zs.append(h @ weight.T)
            h = relu(zs[-1])
        delta, deltas = rng.standard_normal(zs[-1].shape), []
        for z, weight in zip(reversed(zs), reversed(weights), strict=True):
            delta = delta * (z > 0)
            deltas.append(delta)
            delta = delta @ weight
        squares.append([rms(zs) ** 2, rms(deltas[::-1]) ** 2])
    forward, backward = np.mean(squares, axis=0)
    return forward, backward


@drawing
def funnel() -> Drawing:
    """fan_in conserva la ida, fan_out la vuelta y Glorot queda entre las dos."""
    figure = Drawing(figsize=(WIDTH, 5.6))
    top, bottom = figure.subplots(2, 1, sharex=True)
    for name, color, init in (
        ("fan_in", BLUE, kaiming_normal),
        ("fan_out", ORANGE, partial(kaiming_normal, mode="fan_out")),
        ("Glorot con √2", GREEN, partial(xavier_normal, gain=2**0.5)),
    ):
        forward, backward = funnel_signals(init)
        layer_sizes(top, forward / forward[0], color=color, label=name)
        layer_sizes(bottom, backward / backward[-1], color=color)
    names = [f"{n}→{m}" for n, m in itertools.pairwise(FUNNEL)]
    top.set(yscale="log", ylabel="media de z²", ylim=(0.5, 30))
    bottom.set(yscale="log", ylabel="media de Δ²", xlabel="capa", ylim=(0.03, 2))
    bottom.set_xticks(range(1, len(FUNNEL)), names)
    for axes, ticks in ((top, (1, 4, 16)), (bottom, (1 / 16, 1 / 4, 1))):
        axes.set_yticks(
            ticks, ["1/16", "1/4", "1"] if ticks[0] < 1 else ["1", "4", "16"]
        )
        axes.minorticks_off()
    figure.legend(loc="outside upper center", ncols=3)
    return figure
