"""Ejecuta textos sueltos, cada uno en un proceso nuevo y con un espacio de nombres vacío.

Los procesos nacen de uno que ya cargó las bibliotecas lentas: así cientos de bloques
se comprueban en lo que tardarían unas decenas de intérpretes.
"""

import multiprocessing
import os
import sys
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LENTAS = ["numpy", "torch", "torch.utils.data", "matplotlib.pyplot", "apuntes"]


def ejecutar_todos(textos: list[str], carpeta: Path) -> list[tuple[bool, str]]:
    """Si cada texto acaba bien, y lo que escribió; dos a la vez."""
    contexto = multiprocessing.get_context("forkserver")
    contexto.set_forkserver_preload(LENTAS)

    def ejecutar(numero: int, texto: str) -> tuple[bool, str]:
        salida = carpeta / f"{numero}.txt"
        proceso = contexto.Process(target=_ejecutar, args=(texto, str(salida)))
        proceso.start()
        proceso.join(120)
        if proceso.is_alive():
            proceso.kill()
            proceso.join()
        dicho = salida.read_text(encoding="utf-8") if salida.exists() else "no arrancó"
        return proceso.exitcode == 0, dicho

    with ThreadPoolExecutor(2) as grupo:
        return list(grupo.map(ejecutar, range(len(textos)), textos))


def _ejecutar(texto: str, salida: str) -> None:
    """En el proceso hijo: sin caché de datos, con la muestra de MNIST y sin avisos."""
    os.environ.pop("APUNTES_DATA", None)
    os.environ["XDG_CACHE_HOME"] = os.devnull
    os.environ["MPLBACKEND"] = "agg"
    warnings.simplefilter("error")
    with open(salida, "w", encoding="utf-8") as fichero:
        sys.stdout = sys.stderr = fichero
        try:
            exec(compile(texto, "<copiado>", "exec"), {"__name__": "__main__"})
        except Exception:
            traceback.print_exc()
            fichero.flush()
            os._exit(1)
