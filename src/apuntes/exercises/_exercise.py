"""Qué es un ejercicio que se corrige solo y cómo se declara.

Se declara con su solución del paquete, decorada, en el fichero de su capítulo:

    @exercise(cases=two_batches, wrong={"Falta el signo.": lambda x: -x})
    def ej_una_sena(x):
        '''Lo que se pide.'''
        return losses.algo(x)

El nombre es la seña del ejercicio con guiones bajos; sus parámetros, los que escribirá
el estudiante; el docstring, lo que se le pide. `wrong` reúne respuestas erróneas que la
gente da y la pista que merece cada una.
"""

import copy
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Case:
    """Con qué argumentos se llama a la función, dicho en pocas palabras."""

    label: str
    args: tuple

    @property
    def size(self) -> int:
        """Cuántos números hay que mirar para hacerlo a mano."""
        return sum(map(_size, self.args))

    def fresh(self) -> tuple:
        """Una copia de los argumentos: nadie estropea los de los demás."""
        return copy.deepcopy(self.args)


@dataclass(frozen=True)
class Exercise:
    """Un ejercicio con su solución, sus casos y las respuestas erróneas conocidas."""

    name: str
    statement: str
    reference: Callable
    cases: tuple[Case, ...]
    wrong: Mapping[str, object] = field(default_factory=dict)
    rtol: float = 1e-9
    is_function: bool = True

    @property
    def id(self) -> str:
        """La seña: `ej_una_sena` es `ej-una-sena`."""
        return self.name.replace("_", "-")

    @property
    def call(self) -> str:
        """Cómo se llama a la función que se pide, `ej_una_sena(x)`."""
        parameters = str(inspect.signature(self.reference))
        return f"{self.name}{parameters}" if self.is_function else self.name

    @property
    def parameters(self) -> list[str]:
        """Nombres de los argumentos; los de un `*args` llevan su posición."""
        names = [*inspect.signature(self.reference).parameters]
        extra = max(len(one.args) for one in self.cases) - len(names)
        if extra <= 0:
            return names
        return names[:-1] + [f"{names[-1]}[{i}]" for i in range(extra + 1)]

    @property
    def skeleton(self) -> str:
        """El hueco que rellena el estudiante."""
        if self.is_function:
            return f"def {self.call}:\n    ..."
        return f"{self.name} = ..."


def case(label: str, *args: object) -> Case:
    """Un caso de prueba."""
    return Case(label, args)


def exercise(
    *,
    cases: Callable[[np.random.Generator], Iterable[Case]],
    wrong: Mapping[str, Callable] | None = None,
    rtol: float = 1e-9,
) -> Callable[[Callable], Exercise]:
    """Ejercicio cuya respuesta es una función; el decorado es su solución.

    Args:
        cases: recibe un generador y da los casos; se ordenan solos de menor a mayor.
        wrong: de cada pista, la respuesta errónea que la merece.
        rtol: error relativo admitido en `float64`.
    """

    def decorate(reference: Callable) -> Exercise:
        ordered = sorted(cases(np.random.default_rng(0)), key=lambda c: c.size)
        return Exercise(
            name=reference.__name__,
            statement=" ".join(reference.__doc__.split()),
            reference=reference,
            cases=tuple(ordered),
            wrong=wrong or {},
            rtol=rtol,
        )

    return decorate


def answer(
    *, wrong: Mapping[str, object] | None = None, rtol: float = 1e-3
) -> Callable[[Callable], Exercise]:
    """Ejercicio cuya respuesta es un valor; el decorado, sin argumentos, lo calcula.

    Args:
        wrong: de cada pista, el valor erróneo que la merece.
        rtol: error relativo admitido: las cuentas a mano se redondean.
    """

    def decorate(reference: Callable) -> Exercise:
        return Exercise(
            name=reference.__name__,
            statement=" ".join(reference.__doc__.split()),
            reference=reference,
            cases=(Case("", ()),),
            wrong=wrong or {},
            rtol=rtol,
            is_function=False,
        )

    return decorate


def _size(value: object) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_size, value))
    return int(np.size(value)) if isinstance(value, np.ndarray) else 1
