"""El proceso que ejecuta el fichero de un estudiante; habla con quien lo lanza.

Se lanza con `python -m apuntes.exercises._child PETICIÓN`, un JSON con `fichero`,
`segundos`, `megas`, `pedidos` (señas, o nulo para corregir las que haya) y `hechos`.
Escribe un JSON por línea; el fichero del estudiante no tiene adónde escribir.
"""

import importlib.util
import json
import os
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

from apuntes.exercises._catalogue import catalogue
from apuntes.exercises._diagnose import describe
from apuntes.exercises._index import find
from apuntes.exercises._judge import judge
from apuntes.exercises._report import MISSING, Report


def main(request: dict) -> None:
    """Importa el fichero y corrige sus respuestas una a una."""
    catalogue()  # antes del límite de memoria y sin contar su tiempo
    channel = _private_stdout()
    _limit_memory(request["megas"])

    def say(message: dict) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    say({"fase": "importa"})
    try:
        module = load(Path(request["fichero"]))
    except BaseException as error:  # un sys.exit() al importar también es un fallo
        say({"error": describe(error)})
        return
    answers, strangers = answers_in(module)
    wanted = list(answers) if request["pedidos"] is None else request["pedidos"]
    say({"pedidos": wanted, "ajenos": strangers})
    for sena in wanted:
        if sena not in request["hechos"]:
            exercise = catalogue()[sena]
            if sena in answers:
                report = judge(exercise, answers[sena], seconds=request["segundos"])
            else:
                hint = f"El fichero no define {exercise.call}."
                report = Report(sena, MISSING, hint)
            say(report.data)


def load(path: Path) -> ModuleType:
    """Importa el fichero, que puede importar a sus vecinos de carpeta."""
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location("entrega", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["entrega"] = module
    spec.loader.exec_module(module)
    return module


def answers_in(module: ModuleType) -> tuple[dict[str, object], list[str]]:
    """Las respuestas del fichero por seña, y los `ej_…` que no son de ninguna."""
    answers, strangers = {}, []
    for name, value in vars(module).items():
        if name.startswith("ej_"):
            try:
                sena = find(name)
            except ValueError:
                sena = ""
            if sena in catalogue():
                answers[sena] = value
            else:
                strangers.append(name)
    return {sena: answers[sena] for sena in catalogue() if sena in answers}, strangers


def _private_stdout():
    """Se queda con la salida y deja a los demás sin teclado ni pantalla."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    return channel


def _limit_memory(megas: int) -> None:
    """Límite de memoria donde el sistema sabe ponerlo; en Windows no lo hay."""
    try:
        import resource
    except ImportError:
        return
    if sys.platform == "darwin":  # no hace caso a los límites: lo mira un hilo
        watch = threading.Thread(target=_watch_memory, args=(megas,), daemon=True)
        watch.start()
        return
    limit = megas * 2**20
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _watch_memory(megas: int) -> None:
    import resource

    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < megas * 2**20:
        time.sleep(0.05)
    os._exit(OUT_OF_MEMORY)


OUT_OF_MEMORY = 77

if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
