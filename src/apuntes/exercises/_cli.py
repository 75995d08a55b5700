"""Las órdenes de `python -m apuntes.exercises`."""

import argparse
import json
import sys
import textwrap
from pathlib import Path

from apuntes.exercises._catalogue import catalogue, exercise_of
from apuntes.exercises._homework import MEGAS, Homework, correct_file
from apuntes.exercises._index import index, label_of
from apuntes.exercises._judge import SECONDS
from apuntes.exercises._progress import progress_file, read_progress
from apuntes.exercises._report import Report

HEADER = '''"""Tarea. Rellena los huecos y corrígela tú:

    python -m apuntes.exercises corregir ESTE_FICHERO.py
"""

import numpy as np'''


def main(arguments: list[str] | None = None) -> int:
    """Ejecuta una orden; 0 si todo está bien, 1 si no, 2 si se pidió mal."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # una consola sin «η» no es un fallo
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m apuntes.exercises",
        description="Ejercicios que se corrigen solos. Sin orden, los lista.",
    )
    parser.set_defaults(run=show_list, json=False)
    orders = parser.add_subparsers(title="órdenes", metavar="orden")
    order = orders.add_parser("lista", help="los ejercicios y tu progreso")
    order.add_argument("--json", action="store_true", help="como datos")
    order.set_defaults(run=show_list)
    order = orders.add_parser("plantilla", help="un fichero con huecos que rellenar")
    order.add_argument("ejercicios", nargs="+", help="señas o números: ej-a 2.5")
    order.set_defaults(run=show_template)
    order = orders.add_parser("corregir", help="corrige ficheros con respuestas ej_…")
    order.add_argument("ficheros", nargs="+", type=Path, help="tarea.py")
    order.add_argument("--ejercicios", help="los que ha de traer: ej-a,2.5")
    order.add_argument("--json", action="store_true", help="como datos")
    order.add_argument("--segundos", type=float, default=SECONDS, help="por ejercicio")
    order.add_argument("--megas", type=int, default=MEGAS, help="memoria, en MiB")
    order.set_defaults(run=correct)
    return parser


def show_list(options: argparse.Namespace) -> int:
    """Lista los ejercicios por página, con lo hecho."""
    progress = read_progress()
    if options.json:
        rows = {
            sena: index()[sena]._asdict() | {"progreso": progress.get(sena, {})}
            for sena in catalogue()
        }
        _print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    chapter = None
    for sena in catalogue():
        entry = index()[sena]
        if entry.capitulo != chapter:
            chapter = entry.capitulo
            _print(f"\n{chapter}")
        state = _state(progress.get(sena, {}))
        _print(f"  {entry.numero:<6} {sena:<32} {state:<14} {entry.titulo}")
    done = sum("hecho" in progress.get(sena, {}) for sena in catalogue())
    _print(f"\nHechos {done} de {len(catalogue())}. Progreso: {_where()}")
    return 0


def _where() -> str:
    try:
        return str(progress_file())
    except RuntimeError:  # sin carpeta de usuario
        return "no se guarda"


def _state(row: dict) -> str:
    if "hecho" in row:
        return "hecho"
    tries = row.get("intentos")
    return f"{tries} intento{'s' * (tries != 1)}" if tries else ""


def show_template(options: argparse.Namespace) -> int:
    """Escribe un fichero con lo que se pide y el hueco de cada respuesta."""
    parts = [HEADER]
    for name in options.ejercicios:
        exercise = exercise_of(name)
        comment = f"{label_of(exercise.id)}. {exercise.statement}"
        lines = textwrap.wrap(comment[0].upper() + comment[1:], 86)
        parts.append("\n".join(f"# {line}" for line in lines))
        parts[-1] += f"\n{exercise.skeleton}"
    _print("\n\n\n".join(parts))
    return 0


def correct(options: argparse.Namespace) -> int:
    """Corrige cada fichero y escribe una tabla o, con `--json`, una lista."""
    wanted = None
    if options.ejercicios:
        wanted = [exercise_of(name).id for name in options.ejercicios.split(",")]
    for path in options.ficheros:
        if not path.is_file():
            raise ValueError(f"no hay tal fichero; se recibió {str(path)!r}")
    limits = {"seconds": options.segundos, "megas": options.megas}
    done = []
    for path in options.ficheros:
        done.append(correct_file(path, wanted, **limits))
        if not options.json:
            _print(table(done[-1]))
    if options.json:
        data = [homework.data for homework in done]
        _print(json.dumps(data, ensure_ascii=False, indent=1))
    return 0 if all(homework.correct for homework in done) else 1


def table(homework: Homework) -> str:
    """Una entrega, una línea por ejercicio; debajo de lo que está mal, el porqué."""
    right = sum(one.correct for one in homework.reports)
    lines = [f"{homework.path}: {right} de {len(homework.reports)} bien"]
    if homework.problem:
        return f"{lines[0]}\n  {homework.problem}"
    if not homework.reports:
        lines.append("  No trae ninguna respuesta: se llaman `ej_…`, como su seña.")
    for one in homework.reports:
        entry = index()[one.ejercicio]
        lines.append(f"  {one.estado:<6} {entry.numero:<6} {one.ejercicio}")
        lines += [f"         {line.strip()}" for line in _why(one)]
    lines += [f"  `{name}` no es de ningún ejercicio." for name in homework.strangers]
    return "\n".join(lines)


def _why(one: Report) -> list[str]:
    return str(one).splitlines()[1:] if not one.correct else []


def _print(text: str) -> None:
    print(text)  # noqa: T201  (es una orden: habla por la salida)
