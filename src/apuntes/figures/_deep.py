"""Redes densas hondas para las figuras, y lo que miden sus capas."""

from collections.abc import Callable

import numpy as np

from apuntes.data import flatten_images, mnist_sample
from apuntes.gradients import grad_norms
from apuntes.layers import Layer, Linear, Sequential
from apuntes.losses import cross_entropy_grad

Wrap = Callable[[int, Linear, Layer], list[Layer]]


def digits(count: int = 256) -> tuple[np.ndarray, np.ndarray]:
    """Las primeras imágenes de la muestra, aplanadas, y sus clases."""
    images, labels = mnist_sample("train")
    return flatten_images(images[:count], dtype=np.float64), labels[:count]


def deep(
    activation: Callable[[], Layer],
    *,
    depth: int,
    width: int,
    init: Callable[..., np.ndarray],
    gain: float = 1.0,
    seed: int = 0,
    wrap: Wrap | None = None,
) -> Sequential:
    """Red de `depth` capas ocultas; `wrap` dice en qué se convierte cada una."""
    rng, layers = np.random.default_rng(seed), []
    for i in range(depth):
        linear = Linear(width if i else 784, width, rng=rng, init=init)
        linear.weight = gain * linear.weight
        layers += wrap(i, linear, activation()) if wrap else [linear, activation()]
    return Sequential(*layers, Linear(width, 10, rng=rng))


def activation_sizes(network: Sequential, *, every: int = 2) -> np.ndarray:
    """Media cuadrática de lo que sale de cada capa oculta."""
    x, _ = digits()
    sizes = []
    for i, layer in enumerate(network.layers[:-1]):
        x = layer.forward(x)
        if i % every == every - 1:
            sizes.append(np.sqrt(np.mean(x * x)))
    return np.array(sizes)


def gradient_sizes(network: Sequential, *, every: int = 1) -> np.ndarray:
    """Norma del gradiente de cada capa oculta, de la primera a la última."""
    x, labels = digits()
    network.write_gradients(cross_entropy_grad(network.forward(x), labels))
    return np.array(grad_norms(network)[:-1:every])
