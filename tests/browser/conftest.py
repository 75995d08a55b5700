"""Un Chromium de verdad sobre el sitio construido y servido."""

import functools
import os
import shutil

import pytest
from playwright.sync_api import sync_playwright
from servidor import servir

NOMBRES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPCIONES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Camino de un Chromium instalado; sin él las pruebas se saltan, salvo en CI."""
    camino = next(filter(None, map(shutil.which, NOMBRES)), None)
    if camino is None:
        mensaje = f"hace falta un navegador ({', '.join(NOMBRES)}) y no se encontró"
        if os.environ.get("CI") == "true":
            pytest.fail(mensaje)
        pytest.skip(mensaje)
    return camino


@pytest.fixture(scope="session")
def direccion(chromium, sitio):
    """Dirección del sitio servido."""
    with servir(sitio) as url:
        yield url


@pytest.fixture(scope="session")
def navegador(chromium):
    """El navegador, uno para toda la sesión."""
    with sync_playwright() as playwright:
        navegador = playwright.chromium.launch(executable_path=chromium, args=OPCIONES)
        yield navegador
        navegador.close()


@pytest.fixture(scope="session")
def urls(direccion, sitio) -> list[str]:
    """Todas las páginas del sitio."""
    rutas = sorted(r.relative_to(sitio) for r in sitio.rglob("index.html"))
    return [f"{direccion}/{ruta.as_posix()}" for ruta in rutas]


# Lo que está lejos de la pantalla no se compone, y no se puede medir.
SIN_APLAZAR = ".md-content__inner > * { content-visibility: visible !important }"
DOS_CUADROS = "new Promise(l => requestAnimationFrame(() => requestAnimationFrame(l)))"


@pytest.fixture(scope="session")
def abrir(navegador, urls):
    """Abre un capítulo en un teléfono, baja hasta su juego y da la página; una vez cada uno.

    La página lleva sus `quejas` y los guiones de juegos que tenía `arriba`, antes de bajar.
    """
    contexto = navegador.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True
    )

    @functools.cache
    def abrir(capitulo):
        pagina = contexto.new_page()
        pagina.quejas = []
        pagina.on("console", lambda m: m.type == "error" and pagina.quejas.append(m))
        pagina.on("pageerror", lambda e: pagina.quejas.append(str(e)))
        url = next(url for url in urls if f"/{capitulo}-" in url)
        pagina.goto(url, wait_until="domcontentloaded")
        pagina.evaluate(DOS_CUADROS)
        pagina.arriba = pagina.locator("script[src*='/juegos/']").count()
        pagina.locator("figure[data-juego]").scroll_into_view_if_needed()
        pagina.locator("figure.vivo").wait_for()
        return pagina

    yield abrir
    contexto.close()
