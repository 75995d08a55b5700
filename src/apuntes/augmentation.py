r"""Aumento de datos: mover y girar un poco las imágenes.

Capítulo: 13-regularizacion

Las imágenes van en un arreglo `(N, H, W)`, de `H` filas y `W` columnas contadas desde
arriba y desde la izquierda, y el resultado es otro de la misma forma y tipo. Lo que
viene de fuera de la imagen es 0, y lo que sale por un lado no vuelve por el otro.
"""

import numpy as np

from apuntes._checks import check_array, check_floating, check_nonnegative, check_rng


# --8<-- [start:shift_images]
def shift_images(images: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Mueve cada imagen un número entero de píxeles.

    Args:
        images: imágenes `(N, H, W)`, de cualquier tipo.
        shifts: enteros `(N, 2)`: cuánto baja y cuánto va a la derecha cada una.

    Raises:
        TypeError: si los desplazamientos no son enteros.
        ValueError: si las formas no casan.

    Examples:
        >>> image = np.array([[[1, 2], [3, 4]]])
        >>> shift_images(image, np.array([[0, 1]]))
        array([[[0, 1],
                [0, 3]]])
    """
    _check_images(images)
    _check_shifts(images, shifts)
    n, height, width = images.shape
    # De qué fila y columna viene cada píxel de la imagen movida.
    rows = np.arange(height) - shifts[:, :1]
    cols = np.arange(width) - shifts[:, 1:]
    moved = images[
        np.arange(n)[:, None, None],
        rows.clip(0, height - 1)[:, :, None],
        cols.clip(0, width - 1)[:, None, :],
    ]
    moved[(rows < 0) | (rows >= height)] = 0
    moved.swapaxes(1, 2)[(cols < 0) | (cols >= width)] = 0
    return moved
    # --8<-- [end:shift_images]


# --8<-- [start:rotate_images]
def rotate_images(images: np.ndarray, degrees: np.ndarray) -> np.ndarray:
    r"""Gira cada imagen alrededor de su centro, con interpolación bilineal.

    Cada píxel del resultado mira de dónde viene: a su posición respecto del centro se
    le deshace el giro, y vale la media, ponderada por cercanía, de los cuatro píxeles
    que rodean ese punto.

    Args:
        images: imágenes `(N, H, W)` de coma flotante.
        degrees: ángulos `(N,)` en grados, en contra de las agujas del reloj.

    Raises:
        TypeError: si no son arreglos de coma flotante.
        ValueError: si las formas no casan.

    Examples:
        >>> image = np.array([[[1.0, 2.0], [3.0, 4.0]]])
        >>> rotate_images(image, np.array([90.0])).round(6)
        array([[[2., 4.],
                [1., 3.]]])
    """
    _check_images(images)
    check_floating(images=images)
    _check_degrees(images, degrees)
    _, height, width = images.shape
    down = (np.arange(height) - (height - 1) / 2)[:, None]
    right = np.arange(width) - (width - 1) / 2
    angle = np.radians(degrees)[:, None, None]
    rows = np.cos(angle) * down + np.sin(angle) * right + (height - 1) / 2
    cols = np.cos(angle) * right - np.sin(angle) * down + (width - 1) / 2
    return _interpolate(images, rows, cols)


def _interpolate(images: np.ndarray, rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
    """Valor bilineal de cada imagen en esos puntos, con un marco de ceros."""
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    top, y = _cell(rows + 1, images.shape[1])
    left, x = _cell(cols + 1, images.shape[2])
    x, y = x.astype(images.dtype), y.astype(images.dtype)
    n = np.arange(len(images))[:, None, None]
    upper = (1 - x) * framed[n, top, left] + x * framed[n, top, left + 1]
    lower = (1 - x) * framed[n, top + 1, left] + x * framed[n, top + 1, left + 1]
    return (1 - y) * upper + y * lower


def _cell(position: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """En qué hueco entre píxeles cae y a qué distancia del primero, de 0 a 1."""
    # A más de un píxel de la imagen ya todo es 0: basta con llegar al marco.
    position = position.clip(0, size + 1)
    start = np.minimum(position.astype(np.intp), size)
    return start, position - start
    # --8<-- [end:rotate_images]


# --8<-- [start:random_shift]
def random_shift(
    images: np.ndarray, *, max_shift: int, rng: np.random.Generator
) -> np.ndarray:
    """`shift_images` de hasta `max_shift` píxeles en cada eje, todos por igual.

    Raises:
        TypeError: si `max_shift` no es un entero.
        ValueError: si es negativo.
    """
    check_rng(rng)
    check_nonnegative(max_shift=max_shift)
    if not isinstance(max_shift, int | np.integer):
        kind = type(max_shift).__name__
        raise TypeError(f"max_shift debe ser un entero; se recibió {kind}")
    shifts = rng.integers(-max_shift, max_shift, size=(len(images), 2), endpoint=True)
    return shift_images(images, shifts)


def random_rotation(
    images: np.ndarray, *, max_degrees: float, rng: np.random.Generator
) -> np.ndarray:
    """`rotate_images` de un ángulo uniforme entre `-max_degrees` y `max_degrees`.

    Raises:
        ValueError: si `max_degrees` es negativo.
    """
    check_rng(rng)
    check_nonnegative(max_degrees=max_degrees)
    degrees = rng.uniform(-max_degrees, max_degrees, size=len(images))
    return rotate_images(images, degrees)
    # --8<-- [end:random_shift]


def _check_images(images: np.ndarray) -> None:
    if not isinstance(images, np.ndarray) or images.ndim != 3 or images.size == 0:
        raise ValueError(
            f"images debe tener forma (N, H, W) y datos; se recibió {np.shape(images)}"
        )


def _check_shifts(images: np.ndarray, shifts: np.ndarray) -> None:
    if not isinstance(shifts, np.ndarray) or shifts.dtype.kind != "i":
        kind = getattr(shifts, "dtype", type(shifts).__name__)
        raise TypeError(f"shifts debe ser un arreglo de enteros; se recibió {kind}")
    check_array("shifts", shifts, shape=(len(images), 2), dtype=shifts.dtype)


def _check_degrees(images: np.ndarray, degrees: np.ndarray) -> None:
    check_floating(degrees=degrees)
    check_array("degrees", degrees, shape=(len(images),), dtype=degrees.dtype)
