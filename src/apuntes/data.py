"""MNIST, completo o en la muestra que viaja con el paquete, y cómo se prepara.

Módulo de apoyo, sin capítulo propio.
"""

import gzip
import os
from importlib import resources

import numpy as np
from numpy.typing import DTypeLike

from apuntes._checks import check_array, check_counts, check_rng
from apuntes._mnist_files import FILES, content


def load_mnist(
    split: str, *, root: str | os.PathLike | None = None, download: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Lee MNIST; sin carpeta, lo descarga una vez y lo guarda en la caché del usuario.

    Args:
        split: `"train"` (60 000 imágenes) o `"test"` (10 000).
        root: carpeta con los ficheros idx o idx.gz; si falta, la de `APUNTES_DATA`.
        download: si se descargan cuando no están ni hay carpeta.

    Returns:
        Imágenes `uint8` `(N, 28, 28)`, con 0 de fondo, y etiquetas `int64` `(N,)`.

    Raises:
        ValueError: si `split` es otro, o un fichero está truncado o no es de MNIST.
        FileNotFoundError: si en la carpeta dada, o sin descargar, faltan los ficheros.
        ConnectionError: si ningún espejo da los datos buenos.
    """
    images, labels = (
        _parse_idx(content(name, root, download)) for name in _files(split)
    )
    return images, labels.astype(np.int64)


def mnist_sample(split: str) -> tuple[np.ndarray, np.ndarray]:
    """Muestra equilibrada de MNIST que viaja con el paquete y no necesita red.

    Args:
        split: `"train"` (5 000 imágenes, 500 por cifra) o `"test"` (1 000, 100).

    Returns:
        Imágenes y etiquetas como las de `load_mnist`, en el orden que tienen allí.

    Examples:
        >>> images, labels = mnist_sample("test")
        >>> images.shape, np.bincount(labels)[7].item()
        ((1000, 28, 28), 100)
    """
    folder = resources.files("apuntes") / "datos"
    packed = [(folder / f"muestra-{name}.gz").read_bytes() for name in _files(split)]
    images, labels = (_parse_idx(gzip.decompress(raw)) for raw in packed)
    return images, labels.astype(np.int64)


def _files(split: str) -> tuple[str, str]:
    if split not in list(FILES):
        raise ValueError(f'split debe ser "train" o "test"; se recibió {split!r}')
    return FILES[split]


def _parse_idx(data: bytes) -> np.ndarray:
    """Bytes de un fichero idx: dos ceros, tipo, número de ejes, ejes y datos."""
    ndim = data[3]
    shape = np.frombuffer(data, dtype=">u4", count=ndim, offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * ndim).reshape(shape).copy()


# --8<-- [start:flatten_images]
def flatten_images(images: np.ndarray, *, dtype: DTypeLike = np.float32) -> np.ndarray:
    """Imágenes de bytes como filas de números entre 0 (fondo) y 1 (tinta).

    Args:
        images: `uint8`, de forma `(N, H, W)`.
        dtype: tipo de coma flotante del resultado, de forma `(N, H·W)`.

    Raises:
        TypeError: si `images` no es de `uint8`: no se sabría qué valor es el 1.
        ValueError: si no tiene forma `(N, H, W)`.

    Examples:
        >>> flatten_images(np.array([[[0, 255], [51, 0]]], dtype=np.uint8))
        array([[0. , 1. , 0.2, 0. ]], dtype=float32)
    """
    check_array("images", images, shape=("N", "H", "W"), dtype=np.uint8)
    pixels = images.reshape(len(images), -1).astype(dtype)
    pixels /= 255
    return pixels
    # --8<-- [end:flatten_images]


# --8<-- [start:split_validation]
def split_validation(
    n: int, *, size: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Reparte al azar los índices de `n` ejemplos entre entrenamiento y validación.

    Args:
        n: número de ejemplos.
        size: cuántos van a validación; un entero, o una fracción si es menor que 1.
        rng: generador de números aleatorios.

    Returns:
        Los índices de entrenamiento y los de validación.

    Raises:
        ValueError: si alguna de las dos partes quedaría vacía.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> train, validation = split_validation(10, size=0.2, rng=rng)
        >>> len(train), len(validation)
        (8, 2)
    """
    check_counts(n=n)
    check_rng(rng)
    count = round(n * size) if 0 < size < 1 else size
    if count != int(count) or not 0 < count < n:
        raise ValueError(f"size debe dejar datos en las dos partes; se recibió {size}")
    order = rng.permutation(n)
    return order[int(count) :], order[: int(count)]
    # --8<-- [end:split_validation]
