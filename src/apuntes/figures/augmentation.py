"""Figura del aumento de datos: las mismas cifras, movidas y giradas."""

import numpy as np

from apuntes.augmentation import random_rotation, random_shift
from apuntes.data import mnist_sample
from apuntes.figures._images import ink, mosaic, show
from apuntes.figures.style import Drawing, drawing

DIGITS, VERSIONS = (2, 4, 6, 9), 5


def versions() -> np.ndarray:
    """Cuatro cifras y cinco versiones al azar de cada una, `(24, 28, 28)`."""
    images, labels = mnist_sample("train")
    rng, tiles = np.random.default_rng(4), []
    for digit in DIGITS:
        image = images[labels == digit][3].astype(float)
        copies = np.repeat(image[None], VERSIONS, axis=0)
        turned = random_rotation(copies, max_degrees=15, rng=rng)
        tiles += [image, *random_shift(turned, max_shift=2, rng=rng)]
    return np.array(tiles)


@drawing
def augmented_digits() -> Drawing:
    """La primera columna, sin tocar; las otras, movidas y giradas."""
    figure = Drawing(figsize=(5.3, 3.7))
    axes = figure.add_subplot()
    show(axes, ink(mosaic(versions(), columns=VERSIONS + 1, gap=4)))
    axes.axvline(29.5, color="#808080", linewidth=1)
    return figure
