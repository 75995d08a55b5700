"""De lo que pasó en cada caso, la pista que encaja."""

import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apuntes.exercises._compare import same, structure
from apuntes.exercises._exercise import Case, Exercise
from apuntes.exercises._relations import relation


@dataclass
class Outcome:
    """Qué pasó con un caso."""

    case: Case
    expected: object
    got: object = None
    error: BaseException | None = None
    mutated: str = ""
    finished: bool = False

    def correct(self, rtol: float) -> bool:
        """Si lo obtenido es lo esperado y los argumentos siguen como estaban."""
        fine = self.finished and not self.error and not self.mutated
        return fine and same(self.expected, self.got, rtol=rtol)


def diagnose(exercise: Exercise, outcomes: list[Outcome]) -> str:
    """La pista: de una respuesta errónea conocida, de una relación o de la forma."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # los de las respuestas erróneas
            return _diagnose(exercise, outcomes)
    except Exception:  # un objeto de un estudiante puede fallar hasta al mirarlo
        return "Devuelve algo que ni se puede mirar: ¿de qué tipo es?"


def _diagnose(exercise: Exercise, outcomes: list[Outcome]) -> str:
    failed = [one for one in outcomes if not one.correct(exercise.rtol)]
    first = failed[0]
    if first.error:
        return _of_error(first.error)
    if not first.finished:
        return "¿Hay un bucle que no acaba, o pasos que se podrían ahorrar?"
    if first.mutated and same(first.expected, first.got, rtol=exercise.rtol):
        return (
            f"El resultado es bueno, pero cambia `{first.mutated}`, que es de quien "
            "llama: trabaja con una copia."
        )
    useful = [one for one in outcomes if one.finished and not one.error]
    wrong = [one for one in useful if one in failed]
    return (
        _known(exercise, useful)
        or relation([(one.expected, one.got, one.case) for one in wrong])
        or structure(first.expected, first.got)
        or _swapped(exercise, useful)
        or _last_resort(exercise, len(outcomes) - len(failed))
    )


# Dónde no está el código del estudiante: esta carpeta y la de NumPy.
NOT_THEIRS = tuple(str(Path(file).parent) for file in (__file__, np.__file__))


def describe(error: BaseException) -> str:
    """La excepción y, si se sabe, la línea del estudiante que la lanzó."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(NOT_THEIRS)
    ]
    where = f", en la línea {frames[-1].lineno}" if frames else ""
    text = str(error).splitlines()[0][:200] if str(error) else ""
    return f"{type(error).__name__}{': ' if text else ''}{text}{where}"


def mutated(names: list[str], before: tuple, after: tuple) -> str:
    """Qué argumento cambió la función; nada, si ninguno."""
    for name, one, other in zip(names, before, after, strict=False):
        if _changed(one, other):
            return name
    return ""


def _changed(before: object, after: object) -> bool:
    if isinstance(before, list | tuple):
        pairs = zip(before, after, strict=False)
        return len(before) != len(after) or any(_changed(*pair) for pair in pairs)
    if isinstance(before, np.ndarray):
        return not np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    plain = isinstance(before, int | float)
    return plain and (type(before) is not type(after) or before != after)


def _of_error(error: BaseException) -> str:
    for kind, hint in ERRORS.items():
        if isinstance(error, kind):
            return hint
    return "Ejecuta tu función con esos argumentos y mira en qué línea se para."


ERRORS = {
    RecursionError: "Se llama a sí misma sin fin: ¿cuándo debería parar?",
    MemoryError: "Pide más memoria de la que hay: ¿un arreglo mayor de la cuenta?",
    SystemExit: "No salgas del programa: devuelve el resultado con `return`.",
    EOFError: "No pidas datos por teclado: llegan como argumentos.",
    NameError: "Usa un nombre que no existe: ¿falta importar o definir algo?",
    ImportError: "No encuentra lo que importa: ¿está instalado?",
    ZeroDivisionError: "Divide entre cero.",
    IndexError: "Un índice se sale del arreglo: se cuenta desde 0.",
    TypeError: "Mezcla tipos que no se entienden: mira qué llega en cada argumento.",
    ValueError: "Mira las formas de lo que operas: `print(x.shape)` ayuda.",
}


def _known(exercise: Exercise, outcomes: list[Outcome]) -> str:
    """La pista de la respuesta errónea que da lo mismo en todos los casos."""
    for hint, variant in exercise.wrong.items():
        if not exercise.is_function:
            if same(variant, outcomes[0].got, rtol=exercise.rtol):
                return hint
        elif outcomes and all(_gives(variant, one, exercise.rtol) for one in outcomes):
            return hint
    return ""


def _gives(variant: object, one: Outcome, rtol: float) -> bool:
    with np.errstate(all="ignore"):
        try:
            return same(variant(*one.case.fresh()), one.got, rtol=max(rtol, 1e-7))
        except Exception:  # una variante puede no valer para todos los casos
            return False


def _swapped(exercise: Exercise, outcomes: list[Outcome]) -> str:
    def swapped(first: object, second: object, *others: object) -> object:
        return exercise.reference(second, first, *others)

    if exercise.is_function and all(
        _gives(swapped, one, exercise.rtol) for one in outcomes
    ):
        return "¿Están intercambiados los dos primeros argumentos?"
    return ""


def _last_resort(exercise: Exercise, passed: int) -> str:
    if not exercise.is_function:
        return "Repite la cuenta paso a paso y apunta cada resultado intermedio."
    if passed:
        return (
            f"Otros {passed} casos salen bien: ¿qué tiene este que no tengan esos?"
            if passed > 1
            else "Otro caso sale bien: ¿qué tiene este que no tenga ese?"
        )
    return "Haz este caso a mano y compáralo, cuenta a cuenta, con lo que da."
