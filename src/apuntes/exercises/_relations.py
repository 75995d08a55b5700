"""Pistas genéricas: en qué se parece lo obtenido a lo esperado.

Una relación se da por buena si la cumplen todos los casos fallados, de tamaños
distintos; así «el doble» no se confunde con «dos ejemplos sin promediar».
"""

from collections.abc import Callable

import numpy as np

from apuntes.exercises._compare import SINGLE_RTOL, equal, numeric
from apuntes.exercises._exercise import Case

Relation = Callable[[np.ndarray, np.ndarray, Case], bool]


def relation(failing: list[tuple[object, object, Case]]) -> str:
    """La pista de la primera relación que cumplen todos los fallos `(bien, mal, caso)`.

    Da la cadena vacía si no hay ninguna.
    """
    if failing and all(_reversed(*fail[:2]) for fail in failing):
        return "Están todos los resultados, pero en otro orden."
    pairs = [pair for fail in failing for pair in _leaves(*fail)]
    if not pairs:
        return ""
    for hint, holds in RELATIONS:
        # Un eje de tamaño 1 que sobra no es una suma que falta.
        means = hint not in REDUCTIONS or any(g.size > e.size for e, g, _ in pairs)
        if means and all(_try(holds, pair) for pair in pairs):
            return hint
    return ""


def _leaves(expected: object, got: object, case: Case) -> list:
    """Las parejas de números que difieren; dentro de una tupla, una a una."""
    if isinstance(expected, tuple | list):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return []
        parts = zip(expected, got, strict=True)
        return [leaf for one, other in parts for leaf in _leaves(one, other, case)]
    one, other = numeric(expected), numeric(got)
    if one is None or other is None:
        return []
    different = one.shape != other.shape or not equal(one, other, rtol=1e-9)
    return [(one, other, case)] if different else []


def _reversed(expected: object, got: object) -> bool:
    if not isinstance(expected, tuple) or not isinstance(got, tuple | list):
        return False
    ends = numeric(expected), numeric(list(got)[::-1])
    return all(e is not None for e in ends) and _close(*ends)


def _try(holds: Relation, pair: tuple[np.ndarray, np.ndarray, Case]) -> bool:
    with np.errstate(all="ignore"):
        try:
            return bool(holds(*pair))
        except (ValueError, IndexError, TypeError):
            return False


def _close(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and equal(one, other, rtol=1e-7)


def _shapes(case: Case) -> tuple[int, ...]:
    """La forma del primer argumento que sea un arreglo: `(N, D)`, casi siempre."""
    arrays = (a for a in case.args if isinstance(a, np.ndarray) and a.ndim)
    return next((a.shape for a in arrays), (1,))


def _sums_to(take: Callable) -> Relation:
    """Lo obtenido, reducido a lo largo de algún eje con `take`, es lo esperado."""

    def holds(expected: np.ndarray, got: np.ndarray, case: Case) -> bool:
        axes = [None, *range(got.ndim)] if got.ndim else []
        return any(_close(expected, take(got, axis=axis)) for axis in axes)

    return holds


def _summed(expected: np.ndarray, got: np.ndarray, case: Case) -> bool:
    axes = [None, *range(expected.ndim)] if expected.ndim else []
    takes = (np.sum, np.mean)
    return any(_close(take(expected, axis=a), got) for a in axes for take in takes)


def _rounded(expected: np.ndarray, got: np.ndarray, case: Case) -> bool:
    size = max(1.0, float(np.abs(expected).max(initial=0)))
    near = np.allclose(got, expected, rtol=10 * SINGLE_RTOL, atol=1e-3 * size)
    return expected.shape == got.shape and bool(near)


REDUCTIONS = (
    "Falta sumar a lo largo de un eje.",
    "Falta promediar a lo largo de un eje.",
)
RELATIONS: tuple[tuple[str, Relation], ...] = (
    (
        "Sale `nan`: ¿hay un 0/0, un infinito menos otro o el logaritmo de un "
        "negativo? Piensa en una fórmula que no pase por ahí.",
        lambda e, g, c: np.isnan(g).any() and not np.isnan(e).any(),
    ),
    (
        "Sale infinito donde no debe: ¿una exponencial que desborda o un log 0?",
        lambda e, g, c: np.isinf(g).any() and not np.isinf(e).any(),
    ),
    ("El signo está al revés.", lambda e, g, c: _close(-e, g)),
    (
        "Está traspuesto: mira qué eje es el de las filas.",
        lambda e, g, c: e.ndim > 1 and _close(e.T, g),
    ),
    ("Está en orden inverso.", lambda e, g, c: e.ndim > 0 and _close(e[::-1], g)),
    (
        "Sale el doble: ¿un ½ que falta, o un 2 que sobra al derivar?",
        lambda e, g, c: _close(2 * e, g),
    ),
    (
        "Sale la mitad: ¿un ½ que sobra, o un 2 que falta al derivar?",
        lambda e, g, c: _close(e / 2, g),
    ),
    (
        "Sale multiplicado por el número de ejemplos: ¿suma o media?",
        lambda e, g, c: _close(e * _shapes(c)[0], g),
    ),
    (
        "Sale dividido entre el número de ejemplos: has promediado de más.",
        lambda e, g, c: _close(e / _shapes(c)[0], g),
    ),
    (
        "Sale multiplicado por el número de componentes: ¿sobre cuántos se promedia?",
        lambda e, g, c: (
            _close(e * _shapes(c)[-1], g) or _close(e * np.prod(_shapes(c)), g)
        ),
    ),
    (
        "Sale dividido entre el número de componentes: ¿sobre cuántos se promedia?",
        lambda e, g, c: (
            _close(e / _shapes(c)[-1], g) or _close(e / np.prod(_shapes(c)), g)
        ),
    ),
    (REDUCTIONS[0], _sums_to(np.sum)),
    (REDUCTIONS[1], _sums_to(np.mean)),
    ("Sobra una suma, o una media: se pierde un eje.", _summed),
    ("Falta una raíz cuadrada.", lambda e, g, c: _close(e**2, g)),
    ("Falta elevar al cuadrado.", lambda e, g, c: _close(np.sqrt(e), g)),
    ("Sale lo que le falta a la respuesta para 1.", lambda e, g, c: _close(1 - e, g)),
    ("Sale el inverso, 1 entre la respuesta.", lambda e, g, c: _close(1 / e, g)),
    (
        "Falta el primero.",
        lambda e, g, c: e.ndim > 0 and len(g) < len(e) and _close(e[1:], g),
    ),
    (
        "Falta el último.",
        lambda e, g, c: e.ndim > 0 and len(g) < len(e) and _close(e[:-1], g),
    ),
    (
        "Se parece mucho, pero no basta: ¿redondeas, sumas un `eps` o pasas a "
        "`float32`?",
        _rounded,
    ),
    (
        "Difiere en una constante.",
        lambda e, g, c: e.size > 1 and _close(g - g.flat[0], e - e.flat[0]),
    ),
)
