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

from apuntes.mnist_gpu.ink import FLAT, find_ink

BOX, SIDE = 20, 28


def read_picture(path: Path) -> np.ndarray:
    """La imagen en gris, `float32` `(H, W)` entre 0 y 1, y derecha.

    Raises:
        ValueError: si no es una imagen, o es demasiado grande.
        OSError: si no se puede leer el fichero.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # una etiqueta rota no impide ver la cifra
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                return _gray(ImageOps.exif_transpose(file))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError(f"la imagen es enorme; se recibió {str(path)!r}") from error
    except UnidentifiedImageError as error:
        raise ValueError(f"no es una imagen; se recibió {str(path)!r}") from error
    except (OSError, SyntaxError, ValueError) as error:  # según el formato
        if getattr(error, "errno", None) is not None:
            raise  # no está, o no se puede abrir
        raise ValueError(
            f"la imagen está incompleta; se recibió {str(path)!r}"
        ) from error


def _gray(picture: Image.Image) -> np.ndarray:
    if picture.mode[0] in "IF":  # más de ocho bits: el blanco es lo más claro que haya
        pixels = np.asarray(picture, dtype=np.float32).clip(0)
        return pixels / (pixels.max() or 1)
    layers = picture.convert("RGBA")
    for paper in ("white", "black"):  # bajo un trazo blanco y nada más, papel negro
        sheet = Image.alpha_composite(Image.new("RGBA", layers.size, paper), layers)
        gray = np.asarray(sheet.convert("L"), dtype=np.float32) / 255
        if np.ptp(gray) > FLAT:
            break
    return gray


def like_mnist(gray: np.ndarray) -> np.ndarray:
    """Recorta, invierte si hace falta, encoge y centra.

    Args:
        gray: imagen `(H, W)` entre 0 y 1, con trazo oscuro o claro.

    Returns:
        Imagen `uint8` `(28, 28)`, blanca sobre negro.

    Raises:
        ValueError: si no hay ningún trazo.
    """
    crop = find_ink(gray)
    if crop is None:
        raise ValueError("en la imagen no hay ningún trazo; se recibió una lisa")
    scale = BOX / max(crop.shape)
    height, width = (max(1, round(side * scale)) for side in crop.shape)
    small = Image.fromarray(crop).resize((width, height), Image.Resampling.BOX)
    return _centered(np.asarray(small))


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
