"""Encontrar la tinta de una cifra en una foto, con sombras, grano y motas.

El papel se reconstruye tapando lo oscuro que no llena una ventana (un *cierre*, el de
la morfología matemática): sigue las sombras, y un marco oscuro se queda en papel. Tinta
es lo que se tapó.
"""

import numpy as np
from PIL import Image, ImageFilter

CLOSE = 96  # píxeles de lado con que se mira
FAINT = 0.25  # lo que no llega a esta parte de la tinta más fuerte es papel
SPECK = 0.1  # una mancha con menos de esta parte de la tinta de la mayor es una mota
FLAT = 0.1  # un papel liso tiene grano, pero no pasa de aquí
DARK = 0.2  # con menos luz que esta no se distingue la tinta del grano


def find_ink(gray: np.ndarray) -> np.ndarray | None:
    """La tinta, de 0 a 1, recortada; `None` si no hay.

    Args:
        gray: imagen `(H, W)` entre 0 y 1, con trazo oscuro o claro.
    """
    image = np.float32(gray if _is_dark(gray) else 1 - gray)
    region = (0, 0, *image.shape[::-1])
    for _ in range(2):  # de lejos se encuentra; de cerca se ve bien
        ink, scale = _look(image, region)
        if not ink.any():
            return None
        box = _bounds(ink)
        region = _around(box, scale, region, image.shape)
    left, top, right, bottom = box
    return ink[top:bottom, left:right]


def _is_dark(gray: np.ndarray) -> bool:
    """Si lo poco que se aparta de lo que lo rodea, que es la tinta, es oscuro."""
    picture = Image.fromarray(np.uint8(255 * gray))
    picture.thumbnail((48, 48), Image.Resampling.BOX)
    around = picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 8))
    away = np.asarray(picture, dtype=float) - np.asarray(around)
    return (away**3).sum() <= 0


def _look(image: np.ndarray, region: tuple) -> tuple[np.ndarray, float]:
    """La tinta de un trozo, mirado con menos píxeles, y cuántas veces menos."""
    left, top, right, bottom = region
    scale = max(1.0, max(right - left, bottom - top) / CLOSE)
    size = [max(1, round(side / scale)) for side in (right - left, bottom - top)]
    small = Image.fromarray(image).resize(size, Image.Resampling.BOX, box=region)
    return _ink(np.asarray(small)), scale


def _ink(gray: np.ndarray) -> np.ndarray:
    half = max(gray.shape) // 4 + 1
    # Con sitio fuera de la imagen: lo oscuro que llega al borde también es papel.
    outside = np.pad(gray, 2 * half, mode="edge")
    paper = _sweep(np.minimum, _sweep(np.maximum, outside, half), half)
    # Parte de la luz que falta: la sombra quita la misma al papel y a la tinta.
    ink = (paper - gray) / np.maximum(paper, DARK)
    ink = (ink - np.median(ink)).clip(0)
    strongest = ink.max()
    if strongest < FLAT:
        return np.zeros_like(ink)
    ink /= strongest
    strokes = _without_specks(ink)
    return np.where(_sweep(np.maximum, np.pad(strokes, 1), 1), ink, 0)  # y su borde


def _sweep(pick: np.ufunc, image: np.ndarray, half: int) -> np.ndarray:
    """El máximo o el mínimo de lo que hay a `half` o menos; pierde ese borde."""
    for _ in range(2):  # por columnas y por filas
        image, reach = image.T, 1
        while reach <= 2 * half:  # de dos ventanas, una casi el doble de ancha
            more = min(reach, 2 * half + 1 - reach)
            image, reach = pick(image[more:], image[:-more]), reach + more
    return image


def _without_specks(ink: np.ndarray) -> np.ndarray:
    """Dónde hay tinta que no sea una mota."""
    mask = ink >= FAINT
    labels, before = mask * np.arange(1, mask.size + 1).reshape(mask.shape), None
    # Cada píxel toma el número mayor de los que toca, hasta que cada mancha tiene uno.
    while not np.array_equal(labels, before):
        labels, before = mask * _sweep(np.maximum, np.pad(labels, 1), 1), labels
    amounts = np.bincount(labels.ravel(), (mask * ink).ravel())
    return amounts[labels] * mask > SPECK * amounts.max()


def _bounds(ink: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def _around(box: tuple, scale: float, region: tuple, shape: tuple) -> tuple:
    """Lo encontrado, en píxeles de la imagen, y papel alrededor."""
    left, top, right, bottom = (scale * side for side in box)
    margin = max(right - left, bottom - top) / 2
    return (
        max(0, region[0] + left - margin),
        max(0, region[1] + top - margin),
        min(shape[1], region[0] + right + margin),
        min(shape[0], region[1] + bottom + margin),
    )
