"""De una foto o un dibujo de una cifra a una imagen como las de MNIST.

Las de MNIST son blancas sobre negro, caben en 20 × 20 píxeles sin deformarse y tienen
el centro de masas en medio de 28 × 28. Una red que solo vio eso no reconoce otra cosa.

Fuente:
    LeCun, Cortes y Burges, «The MNIST database of handwritten digits».
"""

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

BOX, SIDE = 20, 28
FAINT = 0.2  # lo que no llega a esta parte de la tinta más fuerte es papel


def read_picture(path: Path) -> np.ndarray:
    """La imagen en gris, `float32` `(H, W)` entre 0 y 1, derecha y sobre blanco.

    Raises:
        ValueError: si no es una imagen, o es demasiado grande.
        OSError: si no se puede leer el fichero.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                picture = ImageOps.exif_transpose(file).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError(f"la imagen es enorme; se recibió {str(path)!r}") from error
    except UnidentifiedImageError as error:
        raise ValueError(f"no es una imagen; se recibió {str(path)!r}") from error
    except (OSError, SyntaxError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # no está, o no se puede abrir
        raise ValueError(
            f"la imagen está incompleta; se recibió {str(path)!r}"
        ) from error
    white = Image.new("RGBA", picture.size, "white")
    gray = Image.alpha_composite(white, picture).convert("L")
    return np.asarray(gray, dtype=np.float32) / 255


def like_mnist(gray: np.ndarray) -> np.ndarray:
    """Recorta, invierte si hace falta, encoge y centra.

    Args:
        gray: imagen `(H, W)` entre 0 y 1, con trazo oscuro o claro.

    Returns:
        Imagen `uint8` `(28, 28)`, blanca sobre negro.

    Raises:
        ValueError: si no hay ningún trazo.
    """
    ink = _ink(gray)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if rows.size == 0:
        raise ValueError("en la imagen no hay ningún trazo; se recibió una lisa")
    crop = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(crop.shape)
    height, width = (max(1, round(side * scale)) for side in crop.shape)
    small = Image.fromarray(crop).resize((width, height), Image.Resampling.BOX)
    return _centered(np.asarray(small))


def _ink(gray: np.ndarray) -> np.ndarray:
    """La tinta, de 0 a 1: lo que se aparta del papel, que es lo que hay en el borde."""
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    ink = np.abs(gray - np.median(border))
    strongest = ink.max()
    # Un papel liso tiene grano, pero no trazo.
    if strongest < 0.1:
        return np.zeros_like(ink)
    ink /= strongest
    return np.where(ink < FAINT, 0, ink)


def _centered(small: np.ndarray) -> np.ndarray:
    """Pone el centro de masas en medio, sin que nada se salga."""
    total = small.sum()
    corner = []
    for axis, side in enumerate(small.shape):
        along = small.sum(axis=1 - axis) @ np.arange(side) / total
        corner.append(int(np.clip(round((SIDE - 1) / 2 - along), 0, SIDE - side)))
    canvas = np.zeros((SIDE, SIDE), dtype=np.float32)
    top, left = corner
    canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    # Encoger aclara: la tinta más fuerte vuelve a ser del todo blanca.
    return (255 * canvas / canvas.max()).round().astype(np.uint8)
