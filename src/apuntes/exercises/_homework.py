"""Corrige el fichero de un estudiante sin sufrir lo que haga: en otro proceso.

Un solo proceso corrige todas sus respuestas; si una lo mata o no acaba, se cuenta, se
lanza otro y se sigue por la siguiente. No es una jaula: el código corre con los
permisos de quien corrige.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import apuntes
from apuntes.exercises import _report
from apuntes.exercises._child import OUT_OF_MEMORY
from apuntes.exercises._guard import INSISTENCE
from apuntes.exercises._report import Report

STARTUP = 60.0  # arrancar Python e importar NumPy, en una máquina ocupada
MARGIN = INSISTENCE + 2.0
MEGAS = 2048


@dataclass
class Homework:
    """Lo que se sabe de una entrega."""

    path: Path
    seconds: float
    megas: int
    wanted: list[str] | None  # nulo hasta saber qué respuestas trae
    reports: list[Report] = field(default_factory=list)
    problem: str = ""  # por qué no se pudo ni importar
    strangers: list[str] = field(default_factory=list)

    @property
    def pending(self) -> list[str]:
        """Los ejercicios que quedan por corregir."""
        return (self.wanted or [])[len(self.reports) :]

    @property
    def correct(self) -> bool:
        """Si trae respuestas y están todas bien."""
        return bool(self.reports) and all(one.correct for one in self.reports)

    @property
    def data(self) -> dict:
        """Como diccionario, para JSON."""
        return {
            "fichero": str(self.path),
            "bien": sum(one.correct for one in self.reports),
            "total": len(self.reports),
            "error": self.problem,
            "ajenos": self.strangers,
            "ejercicios": [one.data for one in self.reports],
        }


def correct_file(
    path: Path,
    wanted: list[str] | None = None,
    *,
    seconds: float = 5.0,
    megas: int = MEGAS,
) -> Homework:
    """Corrige un fichero de respuestas `ej_…`.

    Args:
        path: fichero de Python.
        wanted: señas que debe traer; si falta, las que traiga.
        seconds: tiempo máximo por ejercicio.
        megas: memoria máxima, en MiB.
    """
    homework = Homework(path, seconds, megas, wanted)
    while not _attempt(homework):
        pass
    return homework


def _attempt(homework: Homework) -> bool:
    """Un proceso; dice si ya no queda nada por hacer."""
    process = _launch(homework)
    lines = _lines(process)
    try:
        if not _imported(homework, process, lines):
            homework.reports += [
                Report(sena, _report.ERROR, homework.problem)
                for sena in homework.pending
            ]
            return True
        while homework.pending:
            message = _next(lines, homework.seconds + MARGIN)
            if not message:
                homework.reports.append(_death(homework.pending[0], process))
                return not homework.pending
            message["avisos"] = tuple(message["avisos"])
            homework.reports.append(Report(**message))
    finally:
        process.kill()
        process.wait()
    return True


def _launch(homework: Homework) -> subprocess.Popen:
    request = {
        "fichero": str(homework.path.resolve()),
        "segundos": homework.seconds,
        "megas": homework.megas,
        "pedidos": homework.wanted,
        "hechos": [one.ejercicio for one in homework.reports],
    }
    source = str(Path(apuntes.__file__).parents[1])
    paths = [source, os.environ.get("PYTHONPATH", "")]
    # -B: no deja nada en la carpeta del estudiante; -P: su `json.py` no nos estropea.
    order = [sys.executable, "-B", "-P", "-m", "apuntes.exercises._child"]
    return subprocess.Popen(
        [*order, json.dumps(request)],
        cwd=homework.path.resolve().parent,
        env=os.environ
        | {
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "OPENBLAS_NUM_THREADS": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _lines(process: subprocess.Popen) -> queue.Queue:
    """Lo que el proceso va diciendo; al acabar, una línea vacía."""
    lines: queue.Queue = queue.Queue()

    def read() -> None:
        with process.stdout:
            for line in process.stdout:
                lines.put(line)
        lines.put(b"")

    threading.Thread(target=read, daemon=True).start()
    return lines


def _next(lines: queue.Queue, seconds: float) -> dict:
    """El siguiente mensaje; vacío si el proceso murió, calla o no se le entiende."""
    try:
        message = json.loads(lines.get(timeout=seconds))
    except (queue.Empty, ValueError):
        return {}
    return message if isinstance(message, dict) else {}


def _imported(
    homework: Homework, process: subprocess.Popen, lines: queue.Queue
) -> bool:
    """Espera a que el proceso importe el fichero y diga qué trae."""
    _next(lines, STARTUP)
    found = _next(lines, homework.seconds + MARGIN)
    if "pedidos" not in found:
        why = found.get("error") or _why(process)
        homework.problem = f"No se puede importar {homework.path.name}: {why}."
        return False
    homework.wanted, homework.strangers = found["pedidos"], found["ajenos"]
    return True


def _death(sena: str, process: subprocess.Popen) -> Report:
    why = _why(process)
    status = _report.TIMEOUT if process.poll() is None else _report.ERROR
    return Report(sena, status, f"Al probarla, {why}.")


def _why(process: subprocess.Popen) -> str:
    """Por qué un proceso no contesta."""
    try:
        code = process.wait(0.5)
    except subprocess.TimeoutExpired:
        return "no termina"
    if code == OUT_OF_MEMORY:
        return "pide demasiada memoria"
    return f"el proceso murió con el código {code}"
