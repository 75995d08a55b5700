"""El juez: prueba una respuesta con cada caso y busca la pista que le encaja."""

import inspect

import numpy as np

from apuntes.exercises import _report
from apuntes.exercises._compare import kind
from apuntes.exercises._diagnose import Outcome, describe, diagnose, mutated
from apuntes.exercises._exercise import Exercise
from apuntes.exercises._guard import TimeUpError, guarded
from apuntes.exercises._report import Report, show, show_arguments, show_pair

SECONDS = 5.0


def judge(exercise: Exercise, given: object, *, seconds: float = SECONDS) -> Report:
    """Corrige una respuesta: nunca lanza lo que lance, ni espera más de `seconds`."""
    if problem := _unusable(exercise, given):
        return Report(exercise.id, _report.WRONG, problem)
    # La solución se calcula antes: el código ajeno puede estropear hasta NumPy.
    solved = zip(exercise.cases, expected_of(exercise), strict=True)
    outcomes = [Outcome(*pair) for pair in solved]
    wrote = guarded(lambda: _run(exercise, given, outcomes), seconds)
    notes = _notes(outcomes, wrote) if exercise.is_function else ()
    failed = [one for one in outcomes if not one.correct(exercise.rtol)]
    if failed:
        return _failure(exercise, failed, outcomes, notes)
    return Report(exercise.id, _report.CORRECT, avisos=notes)


def _unusable(exercise: Exercise, given: object) -> str:
    """Por qué ni siquiera se puede probar la respuesta."""
    if given is ... or given is None:
        return "Todavía no hay respuesta."
    if not exercise.is_function:
        return "Se espera un valor, no una función." if callable(given) else ""
    if not callable(given):
        return f"Se espera una función, sin llamarla, y llegó {kind(given)}."
    try:
        inspect.signature(given).bind(*exercise.cases[0].args)
    except TypeError:
        return f"La función debe poder llamarse así: {exercise.call}."
    except ValueError:  # una función de C no siempre dice sus parámetros
        return ""
    return ""


def expected_of(exercise: Exercise) -> tuple:
    """Lo que da la solución en cada caso."""
    with np.errstate(all="ignore"):
        return tuple(exercise.reference(*case.fresh()) for case in exercise.cases)


def _run(exercise: Exercise, given: object, outcomes: list[Outcome]) -> None:
    """Prueba todos los casos, también los que siguen a uno que falla."""
    for one in outcomes:
        args = one.case.fresh()
        try:
            one.got = given(*args) if exercise.is_function else given
        except TimeUpError:
            raise
        except BaseException as error:  # también SystemExit y RecursionError
            one.error = error
        one.mutated = mutated(exercise.parameters, one.case.args, args)
        one.finished = True


def _notes(outcomes: list[Outcome], wrote: bool) -> tuple[str, ...]:
    notes = []
    if wrote:
        notes.append("la función escribe por pantalla; no hace falta.")
    if any(_promotes(one) for one in outcomes):
        notes.append("con argumentos float32 devuelve float64.")
    return tuple(notes)


def _promotes(one: Outcome) -> bool:
    kinds = [getattr(value, "dtype", None) for value in (one.expected, one.got)]
    return kinds == [np.float32, np.float64]


def _failure(
    exercise: Exercise,
    failed: list[Outcome],
    outcomes: list[Outcome],
    notes: tuple[str, ...],
) -> Report:
    first = failed[0]
    if not exercise.is_function:  # lo esperado es la solución: no se enseña
        return Report(
            exercise.id,
            _report.WRONG,
            diagnose(exercise, outcomes),
            obtenido=show(first.got),
        )
    status, expected, got = _report.WRONG, *show_pair(first.expected, first.got)
    if first.error:
        status, got = _report.ERROR, describe(first.error)
    elif not first.finished:
        status, got = _report.TIMEOUT, "nada: se acabó el tiempo"
    return Report(
        exercise.id,
        status,
        diagnose(exercise, outcomes),
        first.case.label,
        show_arguments(exercise, first.case.args),
        expected,
        got,
        notes,
    )
