"""Figuras de los pesos sorteados: romper la simetría y la varianza de una neurona."""

from functools import partial

import numpy as np
from matplotlib.axes import Axes

from apuntes.activations import relu
from apuntes.data import flatten_images, mnist_sample
from apuntes.figures._images import mosaic, show, signed
from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.initialization import (
    WIDTH,
    deep_network,
    signals,
)
from apuntes.figures.mnist import THREE
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, Drawing, drawing
from apuntes.initialization import kaiming_normal, normal, xavier_normal, xavier_uniform
from apuntes.layers import Linear, ReLU, Sequential, Sigmoid, Tanh
from apuntes.losses import cross_entropy_grad
from apuntes.minibatch import minibatches
from apuntes.optimizers import SGD
from apuntes.training import train_epoch


def constant(shape: tuple[int, ...], *, rng, dtype) -> np.ndarray:
    """Todos los pesos a 0,02."""
    return np.full(shape, 0.02, dtype=dtype)


def trained(init, *, epochs: int = 4) -> Sequential:
    """La red 784-15-10 entrenada con la muestra, lotes de 10 y tasa 0,1."""
    images, labels = mnist_sample("train")
    x, rng = flatten_images(images, dtype=np.float64), np.random.default_rng(0)
    hidden, last = (Linear(n, m, rng=rng, init=init) for n, m in ((784, 15), (15, 10)))
    network = Sequential(hidden, Sigmoid(), last)
    optimizer = SGD(network.parameters(), lr=0.1)
    for _ in range(epochs):
        batches = minibatches(len(x), 10, rng)
        train_epoch(network, optimizer, cross_entropy_grad, (x, labels), batches)
    return network


@drawing
def fifteen_neurons() -> Drawing:
    """Los 784 pesos de cada neurona oculta, tras entrenar desde dos inicios."""
    figure = Drawing(figsize=(WIDTH, 5.6))
    panels = figure.subplots(2, 1)
    for axes, init, title in (
        (panels[0], constant, "todas empezaron iguales"),
        (panels[1], xavier_uniform, "cada una empezó con su sorteo"),
    ):
        weight = trained(init)[0].weight
        tiles = weight.reshape(15, 28, 28)
        image = mosaic(tiles, columns=5, gap=2)
        show(axes, signed(image, limit=np.quantile(np.abs(weight), 0.98)))
        axes.set_title(title)
    return figure


@drawing
def separation() -> Drawing:
    """Cuánto se alejan quince neuronas que empiezan iguales, o casi."""
    figure = Drawing(figsize=(WIDTH, 6.0))
    top, bottom = figure.subplots(2, 1, sharex=True)
    results = measured("inicializacion")["simetria"]
    for name, color, label in (
        ("milesima", GREEN, "ruido de 0,001"),
        ("float32", ORANGE, "iguales, float32"),
        ("float64", BLUE, "iguales, float64"),
    ):
        distance = np.array(results[name]["distancia"])
        steps = results["cada"] * np.arange(len(distance))
        seen = distance > 0
        top.plot(steps[seen], distance[seen], color=color, label=label)
        bottom.plot(steps, results[name]["aciertos_pct"], color=color)
    top.set(yscale="log", ylabel="distancia a la media")
    bottom.set(xlabel="paso", ylabel="% de aciertos", ylim=(0, 100), xlim=(0, 10_000))
    bottom.set_xticks([0, 2500, 5000, 7500, 10_000])
    figure.legend(loc="outside upper center", ncols=2)
    return figure


# -- una neurona -----------------------------------------------------------------


@drawing
def one_neuron() -> Drawing:
    """La suma de una neurona ante una imagen, con 20 000 sorteos de sus pesos."""
    images, _ = mnist_sample("train")
    x = flatten_images(images[[THREE]], dtype=np.float64)[0]
    figure, rng = Drawing(figsize=(WIDTH, 3.7)), np.random.default_rng(0)
    axes = figure.add_subplot()
    for std, color in ((0.05, BLUE), (0.1, ORANGE), (0.2, GREEN)):
        spread = std * np.linalg.norm(x)
        draws = rng.uniform(-1, 1, size=(20_000, 784)) @ x * std * 3**0.5
        edges = np.linspace(-4 * spread, 4 * spread, 41)
        axes.hist(draws, edges, density=True, color=color, alpha=0.35)
        bell = np.exp(-((edges / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))
        axes.plot(edges, bell, color=color, label=f"σ = {number(std)}")
    axes.set(xlabel="z", ylabel="densidad", xlim=(-6, 6))
    figure.legend(loc="outside upper center", ncols=3)
    return with_commas(figure)


def variance_ratios(repeats: int = 40_000) -> dict[str, float]:
    """Media de z², dividida entre la que da la fórmula, según qué hipótesis falla."""
    rng, n = np.random.default_rng(0), 50
    h = rng.standard_normal((repeats, n))
    w = 0.1 * rng.standard_normal((repeats, n))
    images, _ = mnist_sample("train")
    pixels = flatten_images(images, dtype=np.float64)[:, 350:400]
    pixels = pixels[rng.integers(len(pixels), size=repeats)]
    x = flatten_images(images[:1000], dtype=np.float64)
    hidden = trained(xavier_uniform)[0].weight

    def ratio(w, h):
        return float(np.mean((w * h).sum(axis=1) ** 2) / (n * 0.01 * np.mean(h**2)))

    after = np.mean((x @ hidden.T) ** 2) / (784 * np.var(hidden) * np.mean(x**2))
    return {
        "todas se cumplen": ratio(w, h),
        "entradas que dependen entre sí": ratio(w, pixels),
        "entradas de media no nula": ratio(w, relu(h)),
        "pesos de media 0,1": ratio(w + 0.1, relu(h)),
        "pesos iguales por parejas": ratio(np.repeat(w[:, ::2], 2, axis=1), relu(h)),
        "los 50 pesos iguales": ratio(w[:, :1], relu(h)),
        "pesos ya entrenados": float(after),
    }


@drawing
def hypotheses() -> Drawing:
    """Qué hipótesis hacen falta: las que, si fallan, apartan la medida."""
    ratios = variance_ratios()
    figure = Drawing(figsize=(WIDTH, 3.7))
    axes = figure.add_subplot()
    rows = np.arange(len(ratios))[::-1]
    colors = [GREEN if value < 1.05 else ORANGE for value in ratios.values()]
    axes.axvline(1, color=INK, linewidth=1, linestyle="--")
    axes.hlines(rows, 1, list(ratios.values()), color=colors)
    axes.scatter(ratios.values(), rows, s=60, color=colors, zorder=3)
    for row, value in zip(rows, ratios.values(), strict=True):
        axes.text(value * 1.16, row, number(value, ".2f"), va="center")
    axes.set_yticks(rows, list(ratios))
    axes.set(xscale="log", xlim=(0.8, 120), xlabel="media de z² / la de la fórmula")
    axes.set_xticks([1, 10, 100], ["1", "10", "100"])
    axes.minorticks_off()
    return figure


# -- histogramas -----------------------------------------------------------------

SHOWN = {
    "σ = 0,01": (partial(normal, std=0.01), Tanh),
    "σ = 1": (partial(normal, std=1.0), Tanh),
    "Glorot": (xavier_normal, Tanh),
    "He, con ReLU": (kaiming_normal, ReLU),
}


def _ridges(axes: Axes, values: list[np.ndarray], edges: np.ndarray) -> None:
    """Un histograma por capa, de la primera (arriba) a la última."""
    chosen = (0, 3, 6, 9)
    for row, layer in enumerate(chosen):
        counts, _ = np.histogram(values[layer], edges)
        base, shade = len(chosen) - 1 - row, 1 - 0.2 * row
        height = base + 0.85 * counts / counts.max()
        line = {"baseline": base, "color": BLUE, "zorder": row}
        axes.stairs(height, edges, fill=True, alpha=0.55 * shade, **line)
        axes.stairs(height, edges, linewidth=1, **line)
    axes.set_yticks([3, 2, 1, 0], [f"capa {n + 1}" for n in chosen])
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)


def _grid(part: int, edges: np.ndarray) -> tuple[Drawing, list[Axes]]:
    figure = Drawing(figsize=(WIDTH, 5.8))
    panels = figure.subplots(2, 2, sharex=True, sharey=True).ravel()
    for axes, (name, recipe) in zip(panels, SHOWN.items(), strict=True):
        values = signals(deep_network(*recipe))[part]
        values = [v[v != 0] for v in values]
        if part:
            values = [np.log10(np.abs(v)) for v in values]
        _ridges(axes, values, edges)
        axes.set_title(name)
    return figure, list(panels)


@drawing
def activation_histograms() -> Drawing:
    """Cómo se reparten las activaciones de cuatro capas, según el inicio."""
    figure, panels = _grid(0, np.linspace(-1.05, 1.05, 43))
    for axes in panels[2:]:
        axes.set_xlabel("activación h")
    return with_commas(figure)


@drawing
def gradient_histograms() -> Drawing:
    """El orden de magnitud de los gradientes que no son cero."""
    figure, panels = _grid(1, np.linspace(-14, 4, 55))
    for axes in panels[2:]:
        axes.set(xlabel="tamaño de Δ")
        axes.set_xticks([-12, -8, -4, 0], ["10⁻¹²", "10⁻⁸", "10⁻⁴", "1"])
    return figure
