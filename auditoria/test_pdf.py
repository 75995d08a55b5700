"""El PDF del curso, impreso de verdad y leído con otra herramienta."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pikepdf import Pdf, parse_content_stream

from sitio.libro import componer
from sitio.pdf import escribir

# Hasta dónde llega cada hoja de cada capítulo, de 0 a 1, compuesto como en libro.js.
HOJAS = """[...document.querySelectorAll('.pagina')].map(pagina => {
  pagina.classList.add('por-hojas');
  const caja = pagina.getBoundingClientRect(), hojas = [];
  for (const parte of pagina.querySelectorAll('p, tr, svg, figcaption, .linea, .ecuacion'))
    for (const trozo of parte.getClientRects()) {
      const n = Math.floor((trozo.left - caja.left + 1) / caja.width);
      hojas[n] = Math.max(hojas[n] ?? 0, (trozo.bottom - caja.top) / caja.height);
    }
  pagina.classList.remove('por-hojas');
  return hojas;
})"""


@pytest.fixture(scope="module")
def ruta(sitio, tmp_path_factory) -> Path:
    return escribir(sitio, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def pdf(ruta):
    with Pdf.open(ruta) as pdf:
        yield pdf


@pytest.fixture(scope="module")
def libro(sitio):
    return componer(sitio)


@pytest.fixture(scope="module")
def papel(libro) -> BeautifulSoup:
    return BeautifulSoup(libro.html, "html.parser")


@pytest.fixture(scope="module")
def visto(ruta, navegador, tmp_path_factory, libro):
    """El libro tal como se compone para imprimirlo, a lo ancho de la hoja."""
    pagina = navegador.new_page(viewport={"width": 597, "height": 900})  # 158 mm
    archivo = tmp_path_factory.mktemp("libro") / "libro.html"
    archivo.write_text(libro.html, encoding="utf-8")
    pagina.emulate_media(media="print", color_scheme="dark")
    quejas = []
    pagina.on("pageerror", lambda e: quejas.append(str(e)))
    pagina.goto(archivo.as_uri(), timeout=300_000)
    assert quejas == []
    yield pagina
    pagina.close()


def marcadores(pdf):
    """Cada marcador con su nivel y su página."""
    orden = {pagina.objgen: numero for numero, pagina in enumerate(pdf.pages, 1)}

    def recorrer(entradas, nivel):
        for entrada in entradas:
            yield nivel, entrada.title, orden[entrada.destination[0].objgen]
            yield from recorrer(entrada.children, nivel + 1)

    with pdf.open_outline() as arbol:
        return list(recorrer(arbol.root, 1))


def destinos(pdf) -> dict[str, int]:
    orden = {pagina.objgen: numero for numero, pagina in enumerate(pdf.pages, 1)}
    nombres = pdf.Root.Dests.items()
    return {nombre.lstrip("/"): orden[destino[0].objgen] for nombre, destino in nombres}


def letras(fuente) -> dict[int, str]:
    """Qué letra es cada glifo de una fuente del PDF."""
    tabla, letra = fuente.ToUnicode.read_bytes().decode(), {}
    for sueltos in re.findall(r"beginbfchar(.*?)endbfchar", tabla, re.DOTALL):
        for glifo, codigo in re.findall(r"<(\w+)>\s*<(\w+)>", sueltos):
            letra[int(glifo, 16)] = bytes.fromhex(codigo).decode("utf-16-be")
    for tramos in re.findall(r"beginbfrange(.*?)endbfrange", tabla, re.DOTALL):
        for uno, otro, codigo in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", tramos):
            *antes, primera = bytes.fromhex(codigo).decode("utf-16-be")
            for i, glifo in enumerate(range(int(uno, 16), int(otro, 16) + 1)):
                letra[glifo] = "".join([*antes, chr(ord(primera) + i)])
    return letra


def textos(pagina) -> list[str]:
    """Lo que se lee en una página, trozo a trozo: cabecera, folio y cuerpo."""
    vistos, letra, ancho = [], {}, 2
    for operandos, operador in parse_content_stream(pagina):
        if str(operador) == "BT":
            vistos.append("")
        elif str(operador) == "Tf":
            fuente = pagina.Resources.Font[str(operandos[0])]
            letra, ancho = letras(fuente), 2 if fuente.Subtype == "/Type0" else 1
        elif str(operador) == "Tj":
            glifos = bytes(operandos[0])
            codigos = (glifos[i : i + ancho] for i in range(0, len(glifos), ancho))
            vistos[-1] += "".join(letra[int.from_bytes(c, "big")] for c in codigos)
    return vistos


def enlaces(pdf):
    for pagina in pdf.pages:
        for nota in pagina.get("/Annots", []):
            if nota.get("/Subtype") == "/Link":
                yield nota


def test_it_is_a_whole_book_that_can_be_sent_by_mail(ruta, pdf):
    assert len(pdf.pages) > 500
    assert ruta.stat().st_size < 25e6


def test_bookmarks_are_the_headings_of_the_book_in_order(pdf, libro):
    titulos = [titulo for _, titulo, _ in marcadores(pdf)]

    assert titulos == libro.titulos


def test_the_contents_say_the_page_where_each_heading_is(pdf, papel):
    """Lo impreso en el índice, frente a los marcadores, que los pone Chromium."""
    marcas = iter([(titulo, pagina) for _, titulo, pagina in marcadores(pdf)])
    esperado = ["Índice"]
    for fila in papel.select(".indice li"):
        esperado.append(fila.get_text(strip=True))
        if fila.a:
            esperado.append(next(pagina for t, pagina in marcas if t == esperado[-1]))
    primera = next(filter(lambda dicho: isinstance(dicho, int), esperado))
    leido = [trozo for hoja in pdf.pages[1 : primera - 1] for trozo in textos(hoja)[2:]]

    assert len(esperado) > 200
    assert re.sub(r"\s", "", "".join(leido)) == re.sub(
        r"\s", "", "".join(map(str, esperado))
    )


def test_no_sheet_is_blank_and_no_heading_closes_one(pdf):
    """Debajo de un título caben, al menos, dos líneas de lo suyo."""
    trozos = [hoja.Contents.read_bytes().count(b"BT\n") for hoja in pdf.pages]
    blancas = [n for n, cuantos in enumerate(trozos, 1) if cuantos < 4]
    with pdf.open_outline() as arbol:
        pendientes, solos = [*arbol.root], []
        while pendientes:
            marcador = pendientes.pop()
            pendientes += marcador.children
            _, _, _, altura, *_ = marcador.destination
            if altura < 100:  # puntos; el margen de abajo son 62
                solos.append(marcador.title)

    assert blancas == []
    assert solos == []


def test_figures_that_do_not_fit_leave_no_half_empty_sheets(visto, pdf):
    """La última hoja de un capítulo acaba donde acaba; las demás llegan abajo."""
    capitulos = visto.evaluate(HOJAS)
    hojas = [llega for capitulo in capitulos for llega in capitulo[:-1]]
    primera = next(pagina for _, titulo, pagina in marcadores(pdf) if titulo[0] == "0")

    assert primera - 1 + sum(map(len, capitulos)) == len(pdf.pages)
    assert sum(llega < 0.6 for llega in hojas) < 0.02 * len(hojas)


def test_each_sheet_is_cut_at_a_whole_pixel(pdf):
    """Si no, al pie asoma un hilo de lo primero de la hoja siguiente."""
    recorte = re.compile(rb"306\.25 237\.5 [\d.]+ ([\d.]+) re\s+W")
    altos = [
        float(alto) / 3.125
        for hoja in pdf.pages[1:]
        for alto in recorte.findall(hoja.Contents.read_bytes())
    ]

    assert round(max(altos), 1) == 963.0


def test_no_internal_link_is_broken(pdf, papel):
    lugar = destinos(pdf)
    internos = [a["href"] for a in papel.find_all("a", href=re.compile("^#"))]
    acciones = [nota.get("/A", {}) for nota in enlaces(pdf)]
    fuera = [str(accion.URI) for accion in acciones if accion.get("/S") == "/URI"]

    assert {i for i in internos if i.lstrip("#") not in lugar} == set()
    assert len(internos) > 1000
    assert len(fuera) > 100
    assert [u for u in fuera if not re.match("(https?|mailto):", u)] == []


def test_it_is_tagged_and_says_whose_it_is(pdf):
    assert pdf.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in pdf.Root
    assert str(pdf.Root.Lang) == "es"
    assert "red neuronal" in str(pdf.docinfo["/Title"])
    assert str(pdf.docinfo["/Author"]) == "Autores de apuntes"


def test_every_figure_and_equation_fits_in_a_sheet(visto):
    """Y por eso ninguna se parte: cabe en los 255 mm que deja una hoja."""
    altas = visto.evaluate(
        """[...document.querySelectorAll('.pagina :is(figure.figura, .ecuacion, tr)')]
        .filter(e => e.offsetHeight > 255 * 96 / 25.4)
        .map(e => e.id || e.textContent.trim().slice(0, 80))"""
    )

    assert visto.locator(".pagina figure.figura").count() > 150
    assert altas == []


def test_nothing_is_wider_than_the_sheet(visto):
    anchas = visto.evaluate(
        """[...document.querySelectorAll('.pagina :is(pre, .linea, table, figure, .formula)')]
        .filter(e => e.getBoundingClientRect().right > 598 || e.scrollWidth > e.clientWidth + 1
                     && getComputedStyle(e).display !== 'inline')
        .map(e => e.textContent.trim().slice(0, 80))"""
    )

    assert anchas == []


def test_every_tab_is_visible_and_the_paper_is_white(visto):
    ocultas = "[...document.querySelectorAll('.tabbed-block')].filter(b => !b.offsetHeight).length"

    assert visto.locator(".tabbed-block").count() > 50
    assert visto.evaluate(ocultas) == 0
    assert visto.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_a_single_page_prints_without_menus_and_with_its_citation(navegador, direccion):
    pagina = navegador.new_page()
    pagina.emulate_media(media="print", color_scheme="dark")
    pagina.goto(f"{direccion}/capitulos/02-red-datos-coste/")
    for sobra in (
        ".md-header",
        ".md-sidebar--primary",
        ".md-footer",
        ".md-top",
        ".headerlink",
    ):
        assert pagina.locator(sobra).first.is_hidden(), sobra
    cita = pagina.locator(".cita-impresa")
    assert cita.is_visible()
    publicada = pagina.locator("link[rel=canonical]").get_attribute("href")
    assert publicada in cita.inner_text()
    assert pagina.locator("details.solucion p").last.is_visible()
    fondo = pagina.evaluate("getComputedStyle(document.body).backgroundColor")
    assert fondo in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    pagina.close()


def test_printed_errata_say_where_their_tests_are(navegador, direccion):
    pagina = navegador.new_page()
    pagina.emulate_media(media="print")
    pagina.goto(f"{direccion}/erratas/")
    prueba = pagina.locator("details.prueba").first

    assert prueba.inner_text().strip() == "tests/erratas/test_e0.py"
    assert prueba.locator("pre").is_hidden()
    assert pagina.locator(".filtro").is_hidden()
    pagina.close()
