"""Redes hondas por dentro, con normalización y sin ella; se entrenan al dibujarlas."""

from collections.abc import Callable

import numpy as np

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
from apuntes.initialization import kaiming_normal, xavier_normal
from apuntes.layers import Layer, Linear, ReLU, Sequential, Sigmoid
from apuntes.losses import cross_entropy_grad
from apuntes.minibatch import minibatches
from apuntes.normalization import BatchNorm1d, LayerNorm
from apuntes.optimizers import SGD
from apuntes.training import train_epoch

WIDTH, LR, BATCH_SIZE = 5.3, 0.1, 64


def deep_network(
    norm: type[Layer] | None,
    *,
    activation: Callable[[], Layer] = ReLU,
    init: Callable[..., np.ndarray] = kaiming_normal,
    depth: int = 8,
) -> Sequential:
    """Red 784-64-…-64-10; la normalización, si la hay, antes de cada activación."""
    rng, layers, size = np.random.default_rng(0), [], 784
    for _ in range(depth):
        layers.append(Linear(size, 64, rng=rng, init=init, dtype=np.float32))
        layers += [norm(64, dtype=np.float32)] if norm else []
        layers.append(activation())
        size = 64
    return Sequential(*layers, Linear(64, 10, rng=rng, dtype=np.float32))


def into_activation(network: Sequential, x: np.ndarray, depth: int) -> np.ndarray:
    """Lo que recibe la función de activación de la capa oculta `depth`, desde 1."""
    hidden = 0
    for layer in network.layers:
        if isinstance(layer, ReLU | Sigmoid):
            hidden += 1
            if hidden == depth:
                break
        x = layer.forward(x)
    return x


def sample() -> tuple[np.ndarray, np.ndarray]:
    """Las 5000 imágenes de la muestra, como vectores."""
    images, labels = mnist_sample("train")
    return flatten_images(images, dtype=np.float32), labels


def drift(norm: type[Layer] | None, epochs: int = 5) -> list[np.ndarray]:
    """Lo que recibe una activación de la capa 4 ante mil imágenes, época a época."""
    data, network, rng = sample(), deep_network(norm), np.random.default_rng(0)
    optimizer, seen = SGD(network.parameters(), lr=LR), []
    for epoch in range(epochs + 1):
        if epoch:
            batches = minibatches(len(data[0]), BATCH_SIZE, rng)
            train_epoch(network, optimizer, cross_entropy_grad, data, batches)
        seen.append(into_activation(network, data[0][:1000], 4)[:, 0])
    return seen


@drawing
def activation_drift() -> Drawing:
    """El reparto de una misma suma ponderada, época a época, de dos maneras."""
    figure = Drawing(figsize=(WIDTH, 6.4))
    for axes, norm, color, title in zip(
        figure.subplots(2, 1),
        (None, BatchNorm1d),
        (ORANGE, BLUE),
        ("sin normalizar", "normalizada por lotes"),
        strict=True,
    ):
        values = drift(norm)
        low, high = min(map(np.min, values)), max(map(np.max, values))
        edges = np.linspace(low, high, 41)
        for epoch, drawn in enumerate(values):
            height = np.histogram(drawn, edges, density=True)[0]
            height = 1.5 * height / height.max()
            place, base = (edges[1:] + edges[:-1]) / 2, -float(epoch)
            axes.fill_between(
                place, base, base + height, color=color, alpha=0.55, lw=0, zorder=epoch
            )
            axes.plot(place, base + height, color=INK, lw=0.7, zorder=epoch)
            axes.plot(drawn.mean(), base, "|", color=INK, ms=9, mew=2, zorder=20)
        axes.set(yticks=-np.arange(len(values)), title=title, ylabel="época")
        axes.set_yticklabels(range(len(values)))
    axes.set_xlabel("lo que recibe la función de activación")
    return with_commas(figure)


def share_of_images(z: np.ndarray) -> float:
    """Parte de la varianza, en %, que se debe a qué imagen es."""
    return float(100 * z.var(axis=0).mean() / z.var())


STRIPES = {"sin normalizar": None, "por capas": LayerNorm, "por lotes": BatchNorm1d}


@drawing
def sigmoid_stripes() -> Drawing:
    """Lo que llega a la octava capa de sigmoides, por imagen y por neurona."""
    figure = Drawing(figsize=(WIDTH, 6.6))
    x = sample()[0][:500]
    panels = figure.subplots(3, 1, sharex=True)
    for axes, (name, norm) in zip(panels, STRIPES.items(), strict=True):
        network = deep_network(norm, activation=Sigmoid, init=xavier_normal)
        z = into_activation(network, x, 8)
        shown = np.clip((z[:24] - z.mean()) / (2 * z.std()), -1, 1)
        # Pocos tonos: la imagen pesa poco.
        image = axes.imshow(np.round(8 * shown) / 8, cmap="PuOr_r", aspect="auto")
        image.set(clim=(-1, 1), gid=f"franjas-{norm and norm.__name__}")
        share = share_of_images(z)
        text = "menos del 0,001" if share < 0.001 else f"el {number(share, '.0f')}"
        axes.set_title(f"{name}: depende de la imagen {text} %", loc="left")
        axes.set(yticks=(), ylabel="imágenes", xticks=())
        axes.grid(visible=False)
    axes.set_xlabel("las 64 neuronas")
    return figure


def batch_means(steps: int = 156) -> tuple[np.ndarray, np.ndarray]:
    """Media de una neurona de la capa 4 en cada lote, y la de mil imágenes."""
    data, network = sample(), deep_network(BatchNorm1d)
    optimizer, rng = SGD(network.parameters(), lr=LR), np.random.default_rng(0)
    # La cuarta capa lineal, que es lo que mide la cuarta normalización.
    inside = network.layers[:10]
    batches, seen, whole = [], [], []
    while len(batches) < steps:
        batches += minibatches(len(data[0]), BATCH_SIZE, rng)
    for batch in batches[:steps]:
        for where, store in ((batch, seen), (slice(1000), whole)):
            h = data[0][where]
            for layer in inside:
                h = layer.forward(h)
            store.append(float(h[:, 0].mean()))
        train_epoch(network, optimizer, cross_entropy_grad, data, [batch])
    return np.array(seen), np.array(whole)


def moving_average(values: np.ndarray, rate: float) -> np.ndarray:
    """Media móvil desde 0, como la de `BatchNorm1d`."""
    average, path = 0.0, []
    for value in values:
        average += rate * (value - average)
        path.append(average)
    return np.array(path)


@drawing
def running_statistics() -> Drawing:
    """La media de los lotes y tres medias móviles que la siguen."""
    figure = Drawing(figsize=(WIDTH, 3.8))
    axes, (seen, whole) = figure.add_subplot(), batch_means()
    steps = np.arange(1, len(seen) + 1)
    axes.plot(steps, seen, ".", color=INK, alpha=0.35, ms=5, label="cada lote")
    axes.plot(steps, whole, "--", color=INK, lw=1.4, label="mil imágenes")
    for rate, color in ((0.01, PINK), (0.1, BLUE), (0.5, GREEN)):
        label = f"α = {number(rate)}"
        axes.plot(steps, moving_average(seen, rate), color=color, label=label, lw=1.6)
    axes.set(xlabel="paso", ylabel="media de una neurona", xlim=(0, len(seen)))
    axes.legend(ncols=2, loc="best")
    return with_commas(figure)
