"""Ejecuta un cuaderno en un núcleo recién arrancado y dice en qué celdas da otra cosa."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
DIBUJO = "image/svg+xml"
# Un ejercicio se descarga sin hacer: su celda no trae nada escrito, y corregirla lo dice.
EJERCICIO = "from apuntes.exercises import check"
# Un laboratorio dice cuánto tarda, y no tarda siempre lo mismo.
TIEMPO = re.compile(r"[\d.,]+(?= ?m?s\b)")


def instalar(rueda: Path, destino: Path) -> Path:
    """Instala en `destino` la rueda que publica el sitio, sin nada más, y da `destino`."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    orden = [*pip, "--quiet", "--no-deps", "--no-index", "--target", destino, rueda]
    subprocess.run(orden, check=True)
    return destino


def ejecutar(ruta: Path, carpeta: Path, *, paquete: Path) -> list[str]:
    """Las celdas de `ruta` que no escriben, o no dibujan, lo que traían.

    Una celda que falla sin que el cuaderno lo anuncie es un error de nbclient.

    Args:
        ruta: el cuaderno.
        carpeta: donde se ejecuta.
        paquete: donde se instaló `apuntes`; el núcleo usa ese y no el del repositorio.
    """
    cuaderno = nbformat.read(ruta, as_version=4)
    nbformat.validate(cuaderno)
    antes = [_dicho(celda) for celda in cuaderno.cells]
    # Por sockets del sistema, como al construir: nada pasa por la red.
    with TemporaryDirectory() as enchufes:
        nucleo = AsyncKernelManager(transport="ipc", ip=f"{enchufes}/nucleo")
        recursos = {"metadata": {"path": str(carpeta)}}
        plazos = {"timeout": 600, "startup_timeout": 600}
        cliente = NotebookClient(cuaderno, km=nucleo, resources=recursos, **plazos)
        entorno = os.environ | {"PYTHONPATH": str(paquete)}
        entorno.pop(
            "APUNTES_DATA", None
        )  # con la muestra, como el sitio de las pruebas
        cliente.execute(env=entorno, cleanup_kc=True)
    compara = doctest.OutputChecker().check_output
    return [
        f"{celda.source}\n{esperado}\n≠\n{_dicho(celda)}"
        for celda, esperado in zip(cuaderno.cells, antes, strict=True)
        if not compara(esperado, _dicho(celda), FLAGS)
    ]


def _dicho(celda: nbformat.NotebookNode) -> str:
    """Lo que una celda escribe; de un error, su clase y su mensaje."""
    if celda.source.startswith(EJERCICIO) and not celda.outputs:
        return "Mal: ejercicio ..."
    partes = []
    for salida in celda.get("outputs", []):
        datos = salida.get("data", {})
        if DIBUJO in datos:
            partes.append("(un dibujo)")
        elif "text/plain" in datos:
            partes.append(datos["text/plain"])
        elif salida.output_type == "error":
            partes.append(f"{salida.ename}: {salida.evalue}")
        elif salida.get("name") == "stdout":
            partes.append(salida.text)
    return TIEMPO.sub("0", "\n".join(partes)).rstrip()
