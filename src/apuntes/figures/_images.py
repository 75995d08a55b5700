"""Imágenes de fondo transparente, que se leen sobre papel claro y oscuro."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from apuntes.figures.style import BLUE, ORANGE


def ink(pixels: np.ndarray, *, color: str = BLUE) -> np.ndarray:
    """Imagen RGBA `(H, W, 4)`: la opacidad es el trazo, de `0` a `255`."""
    return _tint(np.full(pixels.shape, 1.0), pixels / 255, color, color)


def signed(values: np.ndarray, *, limit: float) -> np.ndarray:
    """Imagen RGBA: naranja lo positivo, azul lo negativo, transparente el cero."""
    return _tint(values, np.minimum(np.abs(values) / limit, 1), ORANGE, BLUE)


def _tint(values, opacity, positive: str, negative: str) -> np.ndarray:
    rgb = np.where(values[..., None] >= 0, to_rgb(positive), to_rgb(negative))
    return np.concatenate([rgb, opacity[..., None]], axis=-1)


def mosaic(tiles: np.ndarray, *, columns: int, gap: int = 2) -> np.ndarray:
    """Une `(N, H, W)` teselas en una sola imagen de `columns` columnas."""
    padded = np.pad(tiles, ((0, 0), (0, gap), (0, gap)))
    rows = padded.reshape(-1, columns, *padded.shape[1:])
    return np.block([list(row) for row in rows])[:-gap, :-gap]


def show(axes: Axes, image: np.ndarray, **kwargs) -> None:
    """Dibuja `image` sin ejes ni rejilla y sin suavizar los píxeles."""
    axes.imshow(image, interpolation="none", **kwargs)
    axes.grid(False)
    axes.set_axis_off()
