"""Cuándo dos respuestas son la misma y, si ni se parecen, en qué se nota."""

from numbers import Integral, Number

import numpy as np

# Con `float32` se pide lo que `float32` puede dar.
SINGLE_RTOL, SINGLE_ATOL, ATOL = 1e-4, 1e-6, 1e-12


def same(expected: object, got: object, *, rtol: float) -> bool:
    """Si `got` es lo esperado, en tipo, en forma y, salvo `rtol`, en valor."""
    try:
        return _same(expected, got, rtol)
    except Exception:  # un objeto de un estudiante puede fallar hasta al mirarlo
        return False


def _same(expected: object, got: object, rtol: float) -> bool:
    if structure(expected, got):
        return False
    if isinstance(expected, tuple | list):
        pairs = zip(expected, got, strict=True)
        return all(_same(one, other, rtol) for one, other in pairs)
    return equal(expected, got, rtol=rtol)


def structure(expected: object, got: object) -> str:
    """Qué tiene de malo el tipo o la forma de `got`; nada, si son los esperados."""
    if got is None or got is ...:
        return "No devuelve nada: ¿falta `return`?"
    if isinstance(expected, tuple | list):
        return _sequence(expected, got)
    if isinstance(expected, np.ndarray):
        return _array(expected, got)
    if isinstance(expected, bool | np.bool_):
        ok = isinstance(got, bool | np.bool_)
        return "" if ok else f"Se espera True o False, y llegó {kind(got)}."
    if isinstance(expected, str):
        ok = isinstance(got, str)
        return "" if ok else f"Se espera un texto, y llegó {kind(got)}."
    return _scalar(expected, got)


def equal(expected: object, got: object, *, rtol: float) -> bool:
    """Si dos números, textos o arreglos valen lo mismo; la forma ya se miró."""
    if isinstance(expected, str) or _both_integers(expected, got):
        return bool(expected == got)
    expected, got = numeric(expected), numeric(got)
    single = np.float32 in (expected.dtype, got.dtype)
    finite = np.abs(expected[np.isfinite(expected)])
    scale = max(1.0, float(finite.max(initial=0.0)))
    rtol = max(rtol, SINGLE_RTOL) if single else rtol
    atol = (SINGLE_ATOL if single else ATOL) * scale
    return bool(np.allclose(got, expected, rtol=rtol, atol=atol, equal_nan=True))


def numeric(value: object) -> np.ndarray | None:
    """`value` como arreglo de reales, si lo es."""
    if isinstance(value, str | bytes | dict | set) or value is None:
        return None
    try:
        # Un entero de Python puede no caber en ningún tipo de NumPy.
        array = np.asarray(float(value) if type(value) is int else value)
    except OverflowError:
        return np.array(np.inf)
    except Exception:  # lo que escribió un estudiante puede lanzar cualquier cosa
        return None
    if array.dtype.kind not in "buif":
        return None
    return array if array.dtype == np.float32 else array.astype(np.float64)


def _both_integers(one: object, other: object) -> bool:
    """Dos enteros se comparan sin tolerancia, por grandes que sean."""
    integers = isinstance(one, Integral) and isinstance(other, Integral)
    return integers and not isinstance(one, bool)


def kind(value: object) -> str:
    """De qué tipo es lo que llegó, dicho para quien lo escribió."""
    if isinstance(value, np.ndarray):
        return f"un arreglo de forma {value.shape} y tipo {value.dtype}"
    names = {"list": "una lista", "tuple": "una tupla", "str": "un texto"}
    names |= {"function": "una función", "dict": "un diccionario"}
    name = type(value).__name__
    return names.get(name, f"un `{name}`")


def _scalar(expected: Number, got: object) -> str:
    wanted = "un entero" if isinstance(expected, Integral) else "un número"
    if isinstance(got, np.ndarray) and got.ndim:
        return f"Se espera {wanted}, y llegó un arreglo de forma {got.shape}."
    array = numeric(got)
    if isinstance(got, bool | np.bool_ | list | tuple) or array is None:
        return f"Se espera {wanted}, y llegó {kind(got)}."
    return ""


def _array(expected: np.ndarray, got: object) -> str:
    if not isinstance(got, np.ndarray | np.generic):
        return f"Se espera un arreglo de NumPy, y llegó {kind(got)}."
    if got.dtype.kind not in "buif":
        return f"Se espera un arreglo de números, y llegó uno de tipo {got.dtype}."
    if got.shape != expected.shape:
        return f"Se espera la forma {expected.shape}, y llegó {got.shape}."
    return ""


def _sequence(expected: tuple | list, got: object) -> str:
    if not isinstance(got, tuple | list | np.ndarray) or _is_flat(got):
        return f"Se esperan {len(expected)} resultados, y llegó {kind(got)}."
    if len(got) != len(expected):
        return f"Se esperan {len(expected)} resultados, y llegaron {len(got)}."
    for number, (one, other) in enumerate(zip(expected, got, strict=True), start=1):
        if problem := structure(one, other):
            return f"Resultado {number}: {problem[0].lower()}{problem[1:]}"
    return ""


def _is_flat(value: tuple | list | np.ndarray) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 0
