"""Figuras de la softmax y de su gradiente."""

import numpy as np

from apuntes.activations import softmax
from apuntes.data import mnist_sample
from apuntes.figures._images import mosaic, show, signed
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import BLUE, GREEN, ORANGE, WIDTH, Drawing, drawing
from apuntes.losses import cross_entropy_grad

LOGITS, CLASS = np.array([[2.0, 1.0, 0.1]]), np.array([0])


@drawing
def softmax_bars() -> Drawing:
    """Logits, probabilidades y gradiente de un ejemplo de tres clases."""
    figure = Drawing(figsize=(WIDTH, 2.7))
    panels = {
        "logits z": (LOGITS[0], BLUE, (0, 2.5)),
        "probabilidades p": (softmax(LOGITS)[0], GREEN, (0, 1)),
        "gradiente p − y": (cross_entropy_grad(LOGITS, CLASS)[0], ORANGE, (-0.5, 0.5)),
    }
    for axes, (title, (values, color, limits)) in zip(
        figure.subplots(1, 3), panels.items(), strict=True
    ):
        bars = axes.bar(range(3), values, color=color)
        axes.bar_label(bars, [number(v, ".2f") for v in values], padding=2)
        axes.set(title=title, ylim=limits, xlabel="clase")
        axes.set(xlim=(-0.7, 2.7), xticks=range(3))
        axes.grid(axis="x", visible=False)
    return with_commas(figure)


def first_step_weights() -> np.ndarray:
    """Menos el gradiente de la entropía cruzada en `W = 0`, `(10, 784)`."""
    images, labels = mnist_sample("train")
    x = images.reshape(len(images), -1) / 255
    return -cross_entropy_grad(np.zeros((len(x), 10)), labels).T @ x


@drawing
def first_step() -> Drawing:
    """El primer paso de una capa softmax, dibujado como diez imágenes."""
    figure = Drawing(figsize=(WIDTH, 2.5))
    axes, weights = figure.add_subplot(), first_step_weights().reshape(-1, 28, 28)
    show(axes, signed(mosaic(weights, columns=5), limit=np.abs(weights).max()))
    for k in range(10):
        axes.text(30 * (k % 5) + 1, 30 * (k // 5) + 4, str(k), fontsize=12)
    return with_commas(figure)
