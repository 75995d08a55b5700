"""El sitio construido, para las pruebas que leen páginas terminadas."""

import functools
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Quien publica dice dónde está su copia; aquí, una cualquiera.
REPO = "https://ejemplo.org/apuntes"


def construir(destino: Path) -> Path:
    """Construye el sitio en `destino`, en modo estricto, como `make build`.

    Los laboratorios corren con la muestra; con MNIST entero los corre `test_labs`.
    """
    orden = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", destino]
    entorno = os.environ | {
        "NO_MKDOCS_2_WARNING": "1",
        "REPO_URL": REPO,
        "EDIT_URI": "edit/main/docs/",
    }
    entorno.pop("APUNTES_DATA", None)
    proceso = subprocess.run(
        orden, cwd=ROOT, env=entorno, capture_output=True, text=True, check=False
    )
    if proceso.returncode:
        raise RuntimeError(f"el sitio no se construye:\n{proceso.stderr}")
    return destino


class Callado(SimpleHTTPRequestHandler):
    """Servidor de ficheros que no escribe cada petición."""

    def log_message(self, *args) -> None:
        """No dice nada."""


@contextmanager
def servir(carpeta: Path):
    """Sirve `carpeta` en un puerto libre y da su dirección."""
    manejador = functools.partial(Callado, directory=str(carpeta))
    servidor = ThreadingHTTPServer(("127.0.0.1", 0), manejador)
    threading.Thread(target=servidor.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{servidor.server_port}"
    finally:
        servidor.shutdown()
        servidor.server_close()
