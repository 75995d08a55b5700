"""Ejecuta textos sueltos, cada uno en un proceso nuevo y con un espacio de nombres vacío.

Los procesos nacen de uno que ya cargó las bibliotecas lentas: así cientos de bloques
se comprueban en lo que tardarían unas decenas de intérpretes.
"""

import multiprocessing
import os
import signal
import sys
import traceback
import warnings
from multiprocessing.connection import wait
from pathlib import Path

LENTAS = ["numpy", "torch", "torch.utils.data", "matplotlib.pyplot", "apuntes"]


def ejecutar_todos(textos: list[str], carpeta: Path) -> list[tuple[bool, str]]:
    """Si cada texto acaba bien, y lo que escribió; dos a la vez.

    Los lleva un solo hilo: con dos, uno puede quedarse el código de salida que espera el otro.
    """
    contexto = multiprocessing.get_context("forkserver")
    contexto.set_forkserver_preload(LENTAS)
    salidas = [carpeta / f"{numero}.txt" for numero in range(len(textos))]
    procesos = [
        contexto.Process(target=_ejecutar, args=(texto, str(salida)))
        for texto, salida in zip(textos, salidas, strict=True)
    ]

    vivos = {}
    for proceso in procesos:
        if len(vivos) == 2:
            for testigo in wait(vivos):
                vivos.pop(testigo).join()
        proceso.start()
        vivos[proceso.sentinel] = proceso
    for proceso in vivos.values():
        proceso.join()

    return [
        (proceso.exitcode == 0, _dicho(salida))
        for proceso, salida in zip(procesos, salidas, strict=True)
    ]


def _dicho(salida: Path) -> str:
    return salida.read_text(encoding="utf-8") if salida.exists() else "no arrancó"


def _ejecutar(texto: str, salida: str) -> None:
    """En el proceso hijo: sin caché de datos, con la muestra de MNIST, sin avisos y con dos minutos."""
    signal.alarm(120)
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
