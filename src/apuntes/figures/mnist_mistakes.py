"""Figuras del laboratorio 2 con imágenes: en qué falla una red y cómo se deforman."""

import base64

import numpy as np

from apuntes.figures import training
from apuntes.figures._images import ink, mosaic, show
from apuntes.figures._results import measured
from apuntes.figures._text import number
from apuntes.figures.style import WIDTH, Drawing, drawing


def decoded(text: str, *shape: int) -> np.ndarray:
    """Los píxeles guardados en base 64, `uint8` con esa forma."""
    return np.frombuffer(base64.b64decode(text), dtype=np.uint8).reshape(shape)


@drawing
def confusion() -> Drawing:
    """La matriz de confusión de una red `precisa` en la prueba."""
    return training.confusion_matrix(np.array(measured("mnist-fallos")["confusion"]))


@drawing
def worst() -> Drawing:
    """Las diez cifras de la prueba a las que menos probabilidad se dio."""
    figure = Drawing(figsize=(WIDTH, 4.2))
    mistakes = measured("mnist-fallos")["peores"]
    for axes, row in zip(figure.subplots(2, 5).ravel(), mistakes, strict=True):
        answer = row["contestada"]
        show(axes, ink(decoded(row["pixeles"], 28, 28)))
        sure = number(100 * row["probabilidades"][answer], ".1f")
        axes.set_title(f"es {row['verdadera']}\ndice {answer}\n{sure} %")
    return figure


@drawing
def warped_digits() -> Drawing:
    """Tres cifras: la original, cada número en su tope y tres deformaciones al azar."""
    saved = measured("mnist-deformaciones")
    tiles = decoded(saved["pixeles"], *saved["forma"])
    rows, columns = tiles.shape[:2]
    figure = Drawing(figsize=(WIDTH, 0.6 + 0.63 * rows))
    axes, gap = figure.add_subplot(), 4
    flat = tiles.reshape(-1, 28, 28)
    show(axes, ink(mosaic(flat, columns=columns, gap=gap)))
    names = {"original": "tal cual", "inclinación": "inclina", "estirón": "estira"}
    for place, name in enumerate(saved["columnas"]):
        where, label = (place * (28 + gap) + 11, -3), names.get(name, name)
        axes.text(*where, label, rotation=40, va="bottom", rotation_mode="anchor")
    return figure
