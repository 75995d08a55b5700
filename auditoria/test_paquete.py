"""El zip para leer sin conexión, abierto desde el disco en un navegador de verdad."""

import json
import zipfile
from pathlib import Path

import pytest
from browser.conftest import SIN_APLAZAR

from sitio.paquete import empaquetar

CAPITULO = "capitulos/02-red-datos-coste/index.html"


@pytest.fixture(scope="module")
def paquete(sitio, tmp_path_factory) -> Path:
    """La carpeta que sale al descomprimir el zip."""
    zip_ = empaquetar(sitio, tmp_path_factory.mktemp("dist"))
    with zipfile.ZipFile(zip_) as archivo:
        archivo.extractall(tmp_path_factory.mktemp("disco", numbered=False))
    (carpeta,) = (tmp_path_factory.getbasetemp() / "disco").iterdir()
    return carpeta


@pytest.fixture
def contexto(navegador):
    """Una sesión del navegador sin red: lo que no esté en el disco no existe."""
    contexto = navegador.new_context(offline=True)
    yield contexto
    contexto.close()


@pytest.fixture
def pagina(contexto):
    """Una página que apunta lo que pide y de qué se queja."""
    pagina = contexto.new_page()
    pagina.pedido, pagina.quejas = [], []
    pagina.on("request", lambda r: pagina.pedido.append(r.url))
    pagina.on("requestfailed", lambda r: pagina.quejas.append(r.url))
    pagina.on("pageerror", lambda e: pagina.quejas.append(str(e)))
    pagina.on(
        "console",
        lambda m: m.type in {"error", "warning"} and pagina.quejas.append(m.text),
    )
    return pagina


def test_every_page_opens_with_its_fonts_and_asks_nothing_outside(pagina, paquete):
    rutas = sorted(paquete.rglob("*.html"))
    propias = (paquete.as_uri(), "data:", "blob:")
    for ruta in rutas:
        pagina.goto(ruta.as_uri())
        pagina.wait_for_load_state("networkidle")
        pagina.add_style_tag(content=SIN_APLAZAR)
        pagina.evaluate("document.fonts.ready.then(() => true)")
        fuentes = pagina.evaluate(
            "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
        )
        assert "Apuntes Serif" in fuentes, ruta
        if pagina.locator("article math").count():
            assert "Apuntes Math" in fuentes, ruta
            caja = pagina.locator("article math").first.bounding_box()
            assert caja["height"] > 5, ruta
    assert len(rutas) > 20
    assert pagina.quejas == []
    assert [url for url in pagina.pedido if not url.startswith(propias)] == []


@pytest.mark.parametrize("busqueda", ["entropia cruzada", "learning rate"])
def test_search_leads_to_a_section_of_the_package(pagina, paquete, busqueda):
    pagina.goto((paquete / "glosario/index.html").as_uri())
    campo = pagina.locator(".md-search__input")
    campo.click()
    campo.fill(busqueda)
    resultado = pagina.locator(".md-search-result__item a[href*='#']:visible").first
    resultado.wait_for(timeout=30_000)
    resultado.click()
    pagina.wait_for_function("location.pathname.indexOf('glosario') < 0")

    pagina.locator(":target").wait_for(state="attached")

    assert pagina.url.startswith(paquete.as_uri())
    assert pagina.quejas == []


def test_links_lead_from_page_to_page(pagina, paquete):
    pagina.goto((paquete / "index.html").as_uri())
    pagina.get_by_role("link", name="Empezar a leer").click()
    pagina.wait_for_url("**/capitulos/00-presentacion/index.html")
    pagina.locator("a.md-footer__link--next").click()
    pagina.wait_for_url("**/capitulos/01-de-programar-a-entrenar/index.html")
    pagina.locator("a.md-logo").first.click()

    assert pagina.url == (paquete / "index.html").as_uri()


def test_copy_and_cite_work_from_the_disk(contexto, pagina, paquete):
    contexto.grant_permissions(["clipboard-read", "clipboard-write"])
    pagina.goto((paquete / CAPITULO).as_uri())
    publicada = pagina.locator("link[rel=canonical]").get_attribute("href")
    pagina.locator("article .highlight:not(.no-copy)").first.hover()
    pagina.locator(".md-code__button[data-md-type=copy]").first.click()
    codigo = pagina.evaluate("navigator.clipboard.readText()")
    pagina.locator(".ejercicio a.rotulo").first.click()
    filas = pagina.locator(".citar-dialogo section")
    filas.first.get_by_role("button").click()
    pagina.wait_for_function("navigator.clipboard.readText().then(t => /#/.test(t))")
    copiado = pagina.evaluate("navigator.clipboard.readText()")

    assert ">>>" not in codigo
    assert "import" in codigo
    assert copiado.startswith(f"{publicada}#ej-")
    assert "file:" not in pagina.locator(".citar-dialogo").inner_text()


def test_a_notebook_is_saved_and_not_shown(pagina, paquete):
    ruta = (paquete / CAPITULO).with_name("02-red-datos-coste.ipynb")
    pagina.goto((paquete / CAPITULO).as_uri())
    with pagina.expect_download() as descarga:
        pagina.get_by_role("link", name="Descargar el cuaderno").click()

    assert descarga.value.suggested_filename == ruta.name
    assert json.loads(descarga.value.path().read_bytes()) == json.loads(
        ruta.read_bytes()
    )


@pytest.mark.parametrize("capitulo", ["02", "03", "07"])
def test_figures_come_alive_from_the_disk(pagina, paquete, capitulo):
    (ruta,) = paquete.glob(f"capitulos/{capitulo}-*/index.html")
    pagina.goto(ruta.as_uri())
    figura = pagina.locator("figure[data-juego]").first
    figura.scroll_into_view_if_needed()
    figura.locator(".tablero button").first.wait_for()

    assert figura.locator(".dibujo > svg.figura").is_hidden()
    assert pagina.quejas == []


def test_dark_mode_is_remembered(pagina, paquete):
    pagina.emulate_media(color_scheme="light")
    pagina.goto((paquete / "index.html").as_uri())
    esquema = "document.body.dataset.mdColorScheme"
    boton = pagina.locator("[data-md-component=palette] label:visible")
    for _ in range(2):
        boton.click()
    assert pagina.evaluate(esquema) == "slate"

    pagina.goto((paquete / CAPITULO).as_uri())

    assert pagina.evaluate(esquema) == "slate"
