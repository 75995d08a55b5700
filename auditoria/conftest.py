"""Lo que comparten las auditorías: el sitio servido como en la red, Chromium y Node.

Son las comprobaciones largas; las corre `make audit` y, cada semana, GitHub.
"""

import gzip
import json
import re
import shutil
import subprocess
import threading
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

import pytest
from acta import acta, guardar
from browser.conftest import NOMBRES, OPCIONES
from playwright.sync_api import sync_playwright
from servidor import construir

NODE = Path(__file__).with_name("node_modules")
COMPRIMIDOS = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".ipynb"}
# Lo que hace falta haber medido para que haya acta.
APARTADOS = {"axe", "construccion", "lighthouse", "pesos_kb"}


@cache
def contenido(ruta: Path) -> tuple[bytes, bool]:
    """Los bytes que viajan y si van comprimidos, como en cualquier alojamiento."""
    datos = ruta.read_bytes()
    if ruta.suffix in COMPRIMIDOS:
        return gzip.compress(datos, 9), True
    return datos, False


class Alojamiento(SimpleHTTPRequestHandler):
    """Sirve con gzip y caché, como GitHub Pages, y apunta lo que envía."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # sin él, cada fichero espera 40 ms a un acuse

    def do_GET(self) -> None:
        """Contesta con el fichero, o con la página 404."""
        ruta = Path(self.translate_path(self.path))
        ruta = ruta / "index.html" if ruta.is_dir() else ruta
        hay = ruta.is_file()
        cuerpo, comprimido = contenido(
            ruta if hay else Path(self.directory, "404.html")
        )
        self.send_response(200 if hay else 404)
        tipo = self.guess_type(ruta if hay else "404.html")
        self.send_header(
            "Content-Type", f"{tipo}; charset=utf-8" if comprimido else tipo
        )
        self.send_header("Content-Length", str(len(cuerpo)))
        self.send_header("Cache-Control", "max-age=600")
        if comprimido:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(cuerpo)
        self.server.enviado.append((self.path, len(cuerpo)))

    def log_message(self, *args) -> None:
        """No dice nada."""


@contextmanager
def alojar(carpeta: Path):
    """Aloja `carpeta` en un puerto libre y da el servidor."""
    manejador = partial(Alojamiento, directory=str(carpeta))
    servidor = ThreadingHTTPServer(("127.0.0.1", 0), manejador)
    servidor.enviado = []
    threading.Thread(target=servidor.serve_forever, daemon=True).start()
    try:
        yield servidor
    finally:
        servidor.shutdown()
        servidor.server_close()


@pytest.fixture(scope="session")
def sitio(tmp_path_factory) -> Path:
    """Carpeta del sitio terminado."""
    return construir(tmp_path_factory.mktemp("sitio"))


@pytest.fixture(scope="session")
def alojamiento(sitio):
    """El sitio, alojado."""
    with alojar(sitio) as servidor:
        yield servidor


@pytest.fixture(scope="session")
def direccion(alojamiento) -> str:
    """Dirección del sitio alojado."""
    return f"http://127.0.0.1:{alojamiento.server_port}"


@pytest.fixture(scope="session")
def rutas(sitio) -> list[str]:
    """Todas las páginas: `""`, `capitulos/02-…/`, `404.html`."""
    paginas = sorted(r.relative_to(sitio).as_posix() for r in sitio.rglob("*.html"))
    return [ruta.removesuffix("index.html") for ruta in paginas]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Camino de un Chromium instalado."""
    camino = next(filter(None, map(shutil.which, NOMBRES)), None)
    assert camino, f"hace falta un navegador ({', '.join(NOMBRES)})"
    return camino


@pytest.fixture(scope="session")
def navegador(chromium):
    """El navegador, uno para toda la sesión."""
    with sync_playwright() as playwright:
        navegador = playwright.chromium.launch(executable_path=chromium, args=OPCIONES)
        yield navegador
        navegador.close()


@pytest.fixture(scope="session")
def node() -> Path:
    """Carpeta con lo de `package.json`, que instala `make audit`."""
    assert (NODE / "axe-core").is_dir(), (
        "falta Node o su carpeta: pásalas con `make audit`"
    )
    return NODE


@pytest.fixture(scope="session")
def medido(chromium, node):
    """Lo que se va midiendo; si se midió todo, queda en results/sitio.json.

    Llegue o no a lo que se exige: el acta dice lo que hay, y las pruebas, lo que falta.
    """
    medido = {}
    yield medido
    if medido.keys() >= APARTADOS:
        guardar(
            "sitio",
            medido
            | {"acta": acta("src", "docs", "mkdocs.yml") | versiones(chromium, node)},
        )


def versiones(chromium: str, node: Path) -> dict[str, str]:
    """Con qué programas se midió."""
    orden = [chromium, "--version"]
    salida = subprocess.run(orden, capture_output=True, text=True, check=True).stdout
    paquetes = json.loads((node.parent / "package.json").read_text(encoding="utf-8"))
    return paquetes["devDependencies"] | {
        "chromium": re.search(r"[\d.]{5,}", salida)[0],
        "material": version("mkdocs-material"),
    }
