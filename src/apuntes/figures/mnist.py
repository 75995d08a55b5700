"""Figuras de MNIST: qué aspecto tiene y cómo lo recibe una red."""

import numpy as np
from matplotlib.patches import Rectangle

from apuntes.data import mnist_sample
from apuntes.figures._images import ink, mosaic, show
from apuntes.figures._text import with_commas
from apuntes.figures.style import BLUE, ORANGE, WIDTH, Drawing, drawing

THREE, EIGHT = 6, 23  # un 3 y un 8 de la muestra de entrenamiento
CROP = 8  # lado, en píxeles, del recuadro ampliado
ROW, COLUMN = 5, 9  # dónde empieza


def vectors(split: str) -> tuple[np.ndarray, np.ndarray]:
    """La muestra como vectores `(N, 784)` entre 0 y 1, y sus clases `(N,)`."""
    images, labels = mnist_sample(split)
    return images.reshape(len(images), -1) / 255, labels


@drawing
def mnist_digits() -> Drawing:
    """Cinco cifras de cada clase, una clase por columna."""
    images, labels = mnist_sample("train")
    chosen = [np.flatnonzero(labels == k)[row] for row in range(5) for k in range(10)]
    figure = Drawing(figsize=(WIDTH, 2.95))
    show(figure.add_subplot(), ink(mosaic(images[chosen], columns=10)))
    return figure


@drawing
def image_as_vector() -> Drawing:
    """Una imagen como dibujo, como tabla de números y como vector."""
    image = mnist_sample("train")[0][THREE]
    figure = Drawing(figsize=(WIDTH, 4.6))
    panels = figure.subplot_mosaic("AB;CC", height_ratios=(2, 1))
    show(panels["A"], ink(image))
    corner = (COLUMN - 0.5, ROW - 0.5)
    box = Rectangle(corner, CROP, CROP, fill=False, edgecolor=ORANGE, linewidth=2)
    panels["A"].add_patch(box)
    crop = image[ROW : ROW + CROP, COLUMN : COLUMN + CROP]
    show(panels["B"], ink(crop) * (1, 1, 1, 0.45))
    for (row, column), value in np.ndenumerate(crop):
        panels["B"].text(column, row, value, ha="center", va="center")
    places, values = np.flatnonzero(image), image[image > 0] / 255
    panels["C"].vlines(places, 0, values, color=BLUE, linewidth=0.8)
    panels["C"].set(xlabel="componente de x", xlim=(0, 784), ylim=(0, 1.02))
    return with_commas(figure)
