"""Los ejercicios que se corrigen solos: los de cada `capitulo_NN.py`."""

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from apuntes.exercises._exercise import Exercise
from apuntes.exercises._index import find, index, label_of


@cache
def catalogue() -> dict[str, Exercise]:
    """Todos, por seña y en el orden del curso."""
    modules = sorted(
        module.name
        for module in pkgutil.iter_modules([str(Path(__file__).parent)])
        if module.name.startswith("capitulo_")
    )
    found = {}
    for name in modules:
        module = importlib.import_module(f"apuntes.exercises.{name}")
        own = [value for value in vars(module).values() if isinstance(value, Exercise)]
        found |= {one.id: one for one in own}
    order = {sena: place for place, sena in enumerate(index())}
    return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))


def exercise_of(name: str) -> Exercise:
    """El ejercicio que se corrige solo dicho por su seña o su número.

    Raises:
        ValueError: si no existe, o existe y no se corrige solo.
    """
    sena = find(name)
    if sena not in catalogue():
        raise ValueError(
            f"el {label_of(sena)} no se corrige solo: lee su solución; "
            f"se recibió {name!r}"
        )
    return catalogue()[sena]
