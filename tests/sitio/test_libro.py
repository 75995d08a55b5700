"""El libro que se imprime: nada de lo que se lee en la web se pierde en el papel."""

import re

import pytest
from bs4 import BeautifulSoup

from sitio.libro import componer, leer_paginas, numerar
from sitio.papel import por_lineas

CABEZA = """<link rel="canonical" href="https://ejemplo.org/{camino}">
<link rel="stylesheet" href="recursos/estilo.css">
<meta name="cita:obra" content="Obra &amp; curso"><meta name="cita:autor" content="Autores">
<meta name="cita:version" content="0.2.0"><meta name="cita:fecha" content="2026-11-05">"""
INICIO = """<nav class="md-nav--primary">
<a class="md-nav__link" href=".">Inicio</a><a class="md-nav__link" href="#mapa">El mapa</a>
<label class="md-nav__link">Capítulos</label>
<a class="md-nav__link" href="capitulos/02-red/">2. Red</a>
<label class="md-nav__link">Consulta</label><a class="md-nav__link" href="glosario/">Glosario</a>
</nav><article><h1 id="inicio">Cómo<a class="headerlink" href="#inicio">#</a></h1>
<p class="lema">Un <em>lema</em>.</p><figure><svg></svg></figure></article>
<div class="md-copyright__highlight"> Texto libre </div>"""
RED = """<article><h1 id="red"><span class="numero">2.</span> La "red"</h1>
<h2 id="coste"><span class="numero">2.1</span> Coste<a class="headerlink" href="#coste">#</a></h2>
<p><a href="../../glosario/#g-lote">lote</a> <a href="../../glosario/">todo</a> <a href="../../">inicio</a>
<a href="../../#mapa">mapa</a> <a href="https://otro.org/">fuera</a> <a href="02.ipynb">cuaderno</a></p>
<div class="tabbed-set"><input id="__tabbed_1_1" type="radio"><div class="tabbed-labels"><label>NumPy</label></div>
<pre><code><span class="preludio">import nada
</span><span class="k">if</span> x:
    y()
</code></pre></div>
<section class="ejercicio" id="ej-uno"><p>Enunciado</p></section>
<details class="solucion"><summary>Solución del ejercicio 2.1</summary><p>Cuatro.</p></details>
<h2 id="red-fuentes">Fuentes</h2>
<article class="errata"><p>Dice.</p><details class="prueba"><summary>La prueba</summary>
<span class="filename">tests/erratas/test_e0.py</span><pre><code>assert 1</code></pre></details></article>
<figure data-juego="descenso"><p class="con-juego">Mueve.</p><p class="sin-juego">Mira.</p></figure>
<form class="filtro"></form></article>"""
GLOSARIO = '<article><h1 id="glosario">Glosario</h1><p id="g-lote">Parte.</p></article>'


@pytest.fixture
def sitio_breve(tmp_path):
    """Un sitio de tres páginas, con lo que el libro cambia."""
    for camino, cuerpo in {
        "": INICIO,
        "capitulos/02-red/": RED,
        "glosario/": GLOSARIO,
    }.items():
        ruta = tmp_path / camino / "index.html"
        ruta.parent.mkdir(parents=True, exist_ok=True)
        html = f"<html><head>{CABEZA.format(camino=camino)}</head><body>{cuerpo}</body></html>"
        ruta.write_text(html, encoding="utf-8")
    return tmp_path


@pytest.fixture
def libro(sitio_breve):
    return componer(sitio_breve)


@pytest.fixture
def papel(libro):
    return BeautifulSoup(libro.html, "html.parser")


def test_pages_come_in_the_order_of_the_navigation(sitio_breve):
    paginas = [(p.camino, p.parte) for p in leer_paginas(sitio_breve)]

    assert paginas == [
        ("", ""),
        ("capitulos/02-red/", "Capítulos"),
        ("glosario/", "Consulta"),
    ]


def test_links_between_pages_lead_inside_the_book(papel):
    enlaces = {a.text: a["href"] for a in papel.select(".pagina a")}

    assert enlaces == {
        "lote": "#g-lote",
        "todo": "#glosario",
        "inicio": "https://ejemplo.org/",
        "mapa": "https://ejemplo.org/#mapa",
        "fuera": "https://otro.org/",
        "cuaderno": "https://ejemplo.org/capitulos/02-red/02.ipynb",
        "Solución del ejercicio 2.1": "#ej-uno",
    }


def test_a_link_to_nothing_is_an_error(sitio_breve):
    ruta = sitio_breve / "glosario/index.html"
    roto = '<a href="../capitulos/02-red/#nada">roto</a></article>'
    ruta.write_text(ruta.read_text().replace("</article>", roto))

    with pytest.raises(
        ValueError, match=r"se recibió '../capitulos/02-red/#nada' en glosario/"
    ):
        componer(sitio_breve)


def test_solutions_close_their_chapter(papel):
    capitulo = papel.select(".pagina")[0]
    titulos = [t["id"] for t in capitulo.find_all("h2")]

    assert titulos == ["coste", "red-fuentes", "red-soluciones"]
    assert capitulo.find("h2", id="red-soluciones").find_next_sibling().get_text() == (
        "Solución del ejercicio 2.1Cuatro."
    )
    assert capitulo.select_one("#ej-uno").find_next_sibling().name == "h2"


def test_what_paper_cannot_use_is_gone(papel):
    for sobra in ("input", "form", "details", ".headerlink", ".preludio", ".con-juego"):
        assert papel.select(sobra) == [], sobra
    assert (
        papel.select_one(".errata p.datos").text == "Prueba: tests/erratas/test_e0.py"
    )
    assert papel.select_one(".tabbed-labels").text == "NumPy"
    assert papel.select_one(".sin-juego").text == "Mira."


def test_every_id_is_unique(papel):
    senas = [e["id"] for e in papel.find_all(id=True)]

    assert len(senas) == len(set(senas))


def test_the_contents_have_a_place_for_each_page_number(libro):
    numeros = {"red": 7, "coste": 8, "red-soluciones": 11, "glosario": 12}

    papel = BeautifulSoup(numerar(libro.html, numeros), "html.parser")

    filas = [li.get_text("|", strip=True) for li in papel.select(".indice li")]
    assert filas == [
        "Capítulos",
        '2. La "red"|7',
        "2.1 Coste|8",
        "Soluciones|11",
        "Consulta",
        "Glosario|12",
    ]


def test_bookmarks_have_the_titles_in_order(libro):
    assert libro.titulos == [
        "Cómo",
        "Índice",
        '2. La "red"',
        "2.1 Coste",
        "Fuentes",
        "Soluciones",
        "Glosario",
    ]


def test_the_header_of_a_chapter_is_its_title(libro):
    assert '@page red { @top-right { content: "2. La \\"red\\""; } }' in libro.html


def test_the_cover_says_who_when_and_where(papel):
    texto = papel.select_one(".cubierta").get_text(" ", strip=True)

    assert texto == (
        "Cómo Un lema . Autores Versión 0.2.0, 5-11-2026 ejemplo.org Texto libre"
    )
    assert papel.title.text == "Obra & curso"


@pytest.mark.parametrize(
    ("codigo", "lineas", "sangrias"),
    [
        ("a\n    b\n", ["a", "    b"], [0, 4]),
        ("a\n\nb", ["a", "", "b"], [0, 0, 0]),
        (
            "<i>&gt;&gt;&gt; </i>f(\n<i>... </i>    x)\n1",
            [">>> f(", "...     x)", "1"],
            [4, 8, 0],
        ),
        (
            '<s>"""Uno.\n\n    Dos."""</s>\nz',
            ['"""Uno.', "", '    Dos."""', "z"],
            [0, 0, 4, 0],
        ),
    ],
    ids=["una sangrada", "una vacía", "indicadores", "una marca que cruza líneas"],
)
def test_each_line_of_code_keeps_its_text_and_knows_its_indent(
    codigo, lineas, sangrias
):
    cajas = BeautifulSoup(
        f"<pre>{por_lineas(codigo)}</pre>", "html.parser"
    ).pre.contents

    assert [caja.get_text() for caja in cajas] == lineas
    assert [int(re.search(r"\d+", caja["style"])[0]) for caja in cajas] == sangrias
    if "<s>" in codigo:
        assert [len(caja.find_all("s")) for caja in cajas] == [1, 1, 1, 0]


def test_code_breaks_before_a_prompt_or_after_a_blank_line():
    codigo = "&gt;&gt;&gt; def f():\n...     y\n1\n\n<s>def</s>\nz"
    cajas = BeautifulSoup(f"<pre>{por_lineas(codigo)}</pre>", "html.parser")

    assert [caja.get_text() for caja in cajas.select(".corte")] == [
        ">>> def f():",
        "def",
    ]


def test_code_in_the_book_keeps_its_indent(papel):
    lineas = [linea.get_text() for linea in papel.select(".pagina pre .linea")]

    assert lineas == ["if x:", "    y()"]
