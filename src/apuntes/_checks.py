"""Comprobación de argumentos; módulo de apoyo, sin capítulo propio.

Cada función recibe los valores por su nombre, para nombrarlos en el error, y no
devuelve nada: o todo está bien o se lanza `TypeError` (tipo) o `ValueError`
(forma o rango).
"""

from numbers import Integral, Real

import numpy as np
from numpy.typing import DTypeLike


def check_floating(**arrays: np.ndarray) -> None:
    """Exige arreglos de NumPy (o escalares de NumPy) de coma flotante.

    Raises:
        TypeError: si alguno no lo es; con enteros, `pred - target` daría la
            vuelta en silencio (`uint8`) y una derivada quedaría truncada.
    """
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray | np.floating) or array.dtype.kind != "f":
            kind = getattr(array, "dtype", type(array).__name__)
            raise TypeError(
                f"{name} debe ser un arreglo de coma flotante; se recibió {kind}"
            )


def check_array(
    name: str, array: np.ndarray, *, shape: tuple[int | str, ...], dtype: DTypeLike
) -> None:
    """Exige un arreglo de ese tipo y de esa forma, en la que una letra es comodín.

    Raises:
        TypeError: si no es un arreglo de `dtype`.
        ValueError: si su forma no es `shape`, como `("N", 784)`.
    """
    if not isinstance(array, np.ndarray) or array.dtype != dtype:
        kind = getattr(array, "dtype", type(array).__name__)
        wanted = np.dtype(dtype)
        raise TypeError(f"{name} debe ser un arreglo de {wanted}; se recibió {kind}")
    # La comparación directa basta si no hay comodines, y es cuatro veces más rápida.
    fits = array.shape == shape or (
        array.ndim == len(shape)
        and all(
            size == wanted or isinstance(wanted, str)
            for size, wanted in zip(array.shape, shape, strict=True)
        )
    )
    if not fits:
        expected = str(shape).replace("'", "")
        raise ValueError(
            f"{name} debe tener forma {expected}; se recibió {array.shape}"
        )


def check_same_shape(**arrays: np.ndarray) -> None:
    """Exige que los arreglos tengan la misma forma, no vacía.

    Raises:
        ValueError: si las formas difieren (no hay difusión) o falta algún dato.
    """
    shapes = {name: np.shape(array) for name, array in arrays.items()}
    if len(set(shapes.values())) > 1:
        raise ValueError(f"las formas deben coincidir; se recibió {shapes}")
    if any(0 in shape for shape in shapes.values()):
        raise ValueError(f"no se admiten arreglos vacíos; se recibió {shapes}")


def check_symmetric(**matrices: np.ndarray) -> None:
    """Exige matrices simétricas de coma flotante, salvo redondeo.

    Raises:
        TypeError: si alguna no es de coma flotante.
        ValueError: si no es cuadrada y no vacía, o no coincide con su traspuesta.
    """
    check_floating(**matrices)
    for name, matrix in matrices.items():
        if matrix.ndim != 2 or not 0 < matrix.shape[0] == matrix.shape[1]:
            raise ValueError(f"{name} debe ser cuadrada; se recibió {matrix.shape}")
        gap = np.abs(matrix - matrix.T).max()
        if gap > 1e-4 * np.abs(matrix).max():
            raise ValueError(
                f"{name} debe ser simétrica; se recibió una que dista {gap:g} de serlo"
            )


def check_pred_target(pred: np.ndarray, target: np.ndarray) -> None:
    """Exige `pred` y `target` de coma flotante y de la misma forma, no vacía.

    Raises:
        TypeError: si alguno no es un arreglo de coma flotante.
        ValueError: si las formas difieren o no hay datos.
    """
    check_floating(pred=pred, target=target)
    check_same_shape(pred=pred, target=target)


def check_positive(**values: float) -> None:
    """Exige números reales mayores que 0 (`inf` vale, `nan` no).

    Raises:
        TypeError: si alguno no es un número real.
        ValueError: si alguno no es positivo.
    """
    for name, value in values.items():
        if not isinstance(value, Real):
            kind = type(value).__name__
            raise TypeError(f"{name} debe ser un número real; se recibió {kind}")
        if not value > 0:
            raise ValueError(f"{name} debe ser positivo; se recibió {value}")


def check_nonnegative(**values: float) -> None:
    """Exige números reales mayores o iguales que 0 (`inf` vale, `nan` no).

    Raises:
        TypeError: si alguno no es un número real.
        ValueError: si alguno es negativo.
    """
    for name, value in values.items():
        if not isinstance(value, Real):
            kind = type(value).__name__
            raise TypeError(f"{name} debe ser un número real; se recibió {kind}")
        if not value >= 0:
            raise ValueError(f"{name} no puede ser negativo; se recibió {value}")


def check_counts(**values: int) -> None:
    """Exige enteros mayores que 0.

    Raises:
        TypeError: si alguno no es un entero.
        ValueError: si alguno no es positivo.
    """
    for name, value in values.items():
        if not isinstance(value, Integral) or isinstance(value, bool):
            kind = type(value).__name__
            raise TypeError(f"{name} debe ser un entero; se recibió {kind}")
        if value < 1:
            raise ValueError(f"{name} debe ser al menos 1; se recibió {value}")


def check_rng(rng: np.random.Generator) -> None:
    """Exige un generador de NumPy, no una semilla.

    Raises:
        TypeError: si no lo es.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            "rng debe ser un generador, como np.random.default_rng(0); "
            f"se recibió {type(rng).__name__}"
        )


def check_unit_interval(**values: np.ndarray | float) -> None:
    """Exige números, o arreglos no vacíos, con valores en `[0, 1]`; `nan` no vale.

    Raises:
        ValueError: si algún valor cae fuera.
    """
    for name, value in values.items():
        low, high = np.min(value), np.max(value)
        if not (low >= 0 and high <= 1):
            raise ValueError(
                f"{name} debe estar en [0, 1]; se recibió de {low} a {high}"
            )


def check_signs(target: np.ndarray) -> None:
    """Exige que `target` solo contenga `-1` y `1`.

    Raises:
        ValueError: si hay otro valor; con 0 y 1 casi todo se calcularía, y mal.
    """
    if not np.isin(target, (-1, 1)).all():
        raise ValueError(f"target debe ser -1 o 1; se recibió {np.unique(target)}")


def check_classes(target: np.ndarray, num_classes: int) -> None:
    """Exige que `target` sea un arreglo no vacío de enteros en `[0, num_classes)`.

    Raises:
        TypeError: si no es un arreglo de enteros.
        ValueError: si está vacío o hay una clase fuera de rango; NumPy aceptaría
            `-1` en silencio como última clase.
    """
    if not isinstance(target, np.ndarray) or target.dtype.kind not in "iu":
        kind = getattr(target, "dtype", type(target).__name__)
        raise TypeError(f"target debe ser un arreglo de enteros; se recibió {kind}")
    if target.size == 0:
        raise ValueError(f"target no puede estar vacío; se recibió {target.shape}")
    if target.min() < 0 or target.max() >= num_classes:
        raise ValueError(
            f"target debe estar en [0, {num_classes}); "
            f"se recibió de {target.min()} a {target.max()}"
        )


def check_distributions(target: np.ndarray) -> None:
    """Exige que cada fila de `target` sea una distribución de probabilidad.

    Raises:
        TypeError: si no es un arreglo de coma flotante.
        ValueError: si hay un valor fuera de `[0, 1]` o una fila no suma 1, salvo
            el redondeo que cabe en su precisión.
    """
    check_floating(target=target)
    check_unit_interval(target=target)
    sums = target.sum(axis=-1)
    worst = sums.flat[np.argmax(np.abs(sums - 1))]
    if abs(worst - 1) > np.sqrt(np.finfo(target.dtype).eps):
        raise ValueError(f"cada fila de target debe sumar 1; se recibió {worst}")


def check_logits_target(logits: np.ndarray, target: np.ndarray) -> None:
    """Exige `logits` `(N, K)` y `target` con `N` clases o con `(N, K)` probabilidades.

    Raises:
        TypeError: si `logits` no es de coma flotante, las clases no son enteras o
            las probabilidades lo son.
        ValueError: si las formas no casan, el lote está vacío, hay una clase
            fuera de rango o una fila que no es una distribución.
    """
    check_floating(logits=logits)
    shape, expected = np.shape(target), logits.shape
    if logits.ndim != 2 or logits.size == 0 or shape not in (expected, expected[:1]):
        raise ValueError(
            "se esperaba logits (N, K) y target (N,) o (N, K), no vacíos; "
            f"se recibió {expected} y {shape}"
        )
    if len(shape) == 1:
        check_classes(target, num_classes=expected[1])
    else:
        check_distributions(target)
