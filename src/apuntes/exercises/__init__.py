"""Ejercicios que se corrigen solos.

`check("ej-sena", respuesta)` dice si está bien y, si no, con qué caso falla y una
pista; `grade` da lo mismo como dato. `python -m apuntes.exercises` los lista y corrige
tareas.

Los ejercicios de cada capítulo están en `capitulo_NN.py`. El código de quien estudia
tiene cinco segundos por ejercicio: `check` lo corre en un hilo, al que puede parar en
cualquier sistema y desde un cuaderno; la corrección de ficheros, en otro proceso, con
límite también de memoria.
"""

from apuntes.exercises._catalogue import catalogue, exercise_of
from apuntes.exercises._exercise import Case, Exercise, answer, case, exercise
from apuntes.exercises._homework import Homework, correct_file
from apuntes.exercises._judge import SECONDS, judge
from apuntes.exercises._progress import note
from apuntes.exercises._report import Report

__all__ = [
    "Case",
    "Exercise",
    "Homework",
    "Report",
    "answer",
    "case",
    "catalogue",
    "check",
    "correct_file",
    "exercise",
    "exercise_of",
    "grade",
]


def check(name: str, answer: object, *, seconds: float = SECONDS) -> None:
    """Corrige una respuesta, escribe el resultado y lo apunta en tu progreso.

    Args:
        name: la seña del ejercicio, que no cambia, o el número que se ve, `"2.5"`.
        answer: la función que se pide, sin llamarla; o el valor, si se pide un valor.
        seconds: tiempo máximo para probarla.

    Raises:
        ValueError: si el curso no tiene ese ejercicio o no se corrige solo.
    """
    report = grade(name, answer, seconds=seconds)
    note(report.ejercicio, correct=report.correct)
    print(report)  # noqa: T201  (contestar por pantalla es lo que hace)


def grade(name: str, answer: object, *, seconds: float = SECONDS) -> Report:
    """Lo mismo que `check`, sin escribir ni apuntar nada: devuelve el veredicto."""
    return judge(exercise_of(name), answer, seconds=seconds)
