"""El HTML construido: lo que lee quien lee, sea cual sea el generador.

Nada de aquí sabe de MkDocs: si un día lo sustituye otro, estas pruebas siguen.
"""

import ast
import gzip
import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup, NavigableString, Tag
from codigos import bloques
from interprete import ejecutar_todos
from servidor import REPO, ROOT

from apuntes.exercises import catalogue
from sitio import senas
from sitio.cobertura import ensenado, leer_temario
from sitio.formulas import a_mathml
from sitio.indice import leer_curso
from sitio.notacion import leer_simbolos, simbolos
from sitio.pruebas import evaluadas, pruebas_de
from sitio.senas import direccion

ORIGEN = "http://sitio/"
# La dirección que lleva un sitio si quien lo construye no dice otra.
PUBLICADO = "http://127.0.0.1:8000/"
CURSO = leer_curso(ROOT / "docs")


@pytest.fixture(scope="module")
def paginas(sitio) -> dict[str, BeautifulSoup]:
    """Cada página por su dirección, `capitulos/02-…/`."""
    return {
        ORIGEN + ruta.relative_to(sitio).as_posix().removesuffix("index.html"): leer(
            ruta
        )
        for ruta in sorted(sitio.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def anclas(paginas) -> dict[str, dict[str, Tag]]:
    """Lo que tiene seña en cada página."""
    return {
        url: {elemento["id"]: elemento for elemento in html.find_all(id=True)}
        for url, html in paginas.items()
    }


def leer(ruta: Path) -> BeautifulSoup:
    """Una página; el interior de sus dibujos se mira aparte, sin analizarlo."""
    html = senas.sin_dibujos(ruta.read_text(encoding="utf-8"))
    return BeautifulSoup(html, "html.parser")


def articulos(paginas):
    """El cuerpo de cada página, sin la cabecera ni los menús del tema."""
    return [
        (url, html.find("article")) for url, html in paginas.items() if html.article
    ]


def test_every_link_and_anchor_leads_somewhere(paginas, anclas, sitio):
    rotos = []
    for url, html in paginas.items():
        if url.endswith("404.html"):
            continue  # sus enlaces llevan la dirección final del sitio, que aquí no existe
        for enlace in html.find_all("a", href=True):
            destino = urlsplit(urljoin(url, enlace["href"]))
            if f"{destino.scheme}://{destino.netloc}/" != ORIGEN:
                continue
            camino = f"{ORIGEN}{destino.path.lstrip('/')}"
            if camino not in paginas:
                if not (sitio / unquote(destino.path.lstrip("/"))).is_file():
                    rotos.append((url, enlace["href"], "no hay tal página"))
            elif destino.fragment and unquote(destino.fragment) not in anclas[camino]:
                rotos.append((url, enlace["href"], "no hay tal ancla"))

    assert rotos == []


def test_every_resource_exists(paginas, sitio):
    faltan = [
        (url, etiqueta)
        for url, html in paginas.items()
        if not url.endswith("404.html")
        for etiqueta in html.find_all(["img", "script", "link"])
        for valor in [etiqueta.get("src") or etiqueta.get("href")]
        if valor
        and etiqueta.get("rel") not in (["canonical"], ["prev"], ["next"])
        and urljoin(url, valor).startswith(ORIGEN)
        and not (sitio / urlsplit(urljoin(url, valor)).path.lstrip("/")).exists()
    ]

    assert faltan == []


def test_ids_are_unique_in_each_page(sitio):
    for ruta in sitio.rglob("*.html"):
        veces = Counter(re.findall(r'<[^>]*\sid="([^"]*)"', ruta.read_text()))
        assert [i for i, n in veces.items() if n > 1] == [], ruta


def test_every_heading_has_an_id_chosen_by_its_author(paginas):
    sin_sena = [
        (url, titulo.text)
        for url, articulo in articulos(paginas)
        if not url.endswith("404.html")
        for titulo in articulo.find_all(re.compile("^h[1-6]$"))
        if titulo.get("id") not in CURSO
    ]

    assert sin_sena == []


def test_everything_in_the_index_is_in_its_page(anclas):
    """Cada sección, ecuación, figura y ejercicio del índice está donde dice."""
    for entrada in CURSO.values():
        camino = re.sub(r"(index)?\.(md|py)$", "", entrada.pagina)
        elemento = anclas[ORIGEN + (f"{camino}/" if camino else "")].get(entrada.sena)
        assert elemento is not None, entrada
        if entrada.numero:
            assert entrada.numero in elemento.get_text(" "), entrada


def test_every_page_can_be_edited_where_the_publisher_says(paginas):
    for url, html in paginas.items():
        if not url.endswith("404.html"):
            editar = html.find("a", rel="edit")
            assert editar["href"].startswith(f"{REPO}/edit/main/docs/"), url


def test_nothing_published_is_lost(paginas):
    """Quien siga un enlace de hace años encuentra lo mismo, o adónde fue."""
    candado = senas.leer(senas.CANDADO, senas.Sena)
    mudanzas = senas.leer(senas.MUDANZAS, senas.Mudanza)
    publicadas = {}
    for url, articulo in articulos(paginas):
        if url.endswith("/"):  # la 404 no tiene dirección propia
            publicadas |= senas.de_articulo(articulo, url.removeprefix(ORIGEN))

    assert len(candado) > 500
    assert senas.problemas(candado, publicadas, mudanzas) == []


def test_the_lock_never_loses_a_line():
    """Ni borrándola del candado se pierde una seña que ya se confirmó en él."""
    orden = ["git", "log", "--format=", "-p", "--", senas.CANDADO.relative_to(ROOT)]
    try:
        historia = subprocess.run(
            orden, cwd=ROOT, capture_output=True, encoding="utf-8", check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("sin git, o fuera de un repositorio, no hay historia que mirar")
    confirmadas = re.findall(r"^\+(?!\+\+)(.+)$", historia.stdout, re.MULTILINE)
    actuales = set(leer_texto("src/sitio/senas.csv").splitlines())

    assert set(confirmadas) - actuales == set()


def test_headings_are_words(paginas):
    """Una fórmula en un título sale dos veces en el índice de la página."""
    assert not [
        h for _, a in articulos(paginas) for h in a.select(":is(h1,h2,h3) math")
    ]


def test_formulas_became_mathml(paginas):
    """Ni una fórmula cruda, ni una marca del vocabulario sin entender."""
    marcas = re.compile(r"\\\(|\\\[|\$\$|\[[-=]?@|\[=|\{ ?#|^///|wzxhzdk", re.MULTILINE)
    for url, articulo in articulos(paginas):
        assert marcas.findall(prosa(articulo)) == [], url
        assert articulo.find(class_="arithmatex") is None, url
        assert articulo.find("merror") is None, url


def prosa(elemento: Tag) -> str:
    """El texto de un elemento, sin su código ni el LaTeX de sus fórmulas."""
    return "".join(
        hijo if isinstance(hijo, NavigableString) else prosa(hijo)
        for hijo in elemento.children
        if hijo.name not in {"code", "pre", "annotation"}
    )


# Palabras nuestras que el curso solo ha escrito en cursiva.
EN_CURSIVA = {"ejecución", "gracias", "intermedia", "kaiming", "llegara"}


def test_foreign_italics_say_their_language(paginas):
    """Una cursiva es énfasis, con palabras que el curso usa sin ella, o dice su lengua."""
    palabras = re.compile(r"[^\W\d_]+")
    nuestras, calladas, con_lengua = set(EN_CURSIVA), set(), set()
    for _, articulo in articulos(paginas):
        nuestras.update(*(palabras.findall(t.casefold()) for t in redonda(articulo)))
        for marca in articulo.find_all("em"):
            dicho = " ".join(marca.get_text().split()).casefold()
            (con_lengua if marca.get("lang") else calladas).add(dicho)
    # Las preguntas del mapa son nuestras.
    sin_decir = {
        c for c in calladas if set(palabras.findall(c)) - nuestras and c[0] != "¿"
    }

    assert len(con_lengua) > 100
    assert sin_decir | calladas & con_lengua == set()


def redonda(elemento: Tag):
    """Los textos de un elemento que no van en cursiva ni son código o fórmulas."""
    for hijo in elemento.children:
        if isinstance(hijo, NavigableString):
            yield hijo
        elif hijo.name not in {"em", "code", "pre", "math"}:
            yield from redonda(hijo)


def test_formulas_keep_their_latex(paginas):
    formulas = [m for _, a in articulos(paginas) for m in a.find_all("math")]

    assert len(formulas) > 100
    assert all(m.find("annotation", encoding="application/x-tex") for m in formulas)


def test_nothing_is_asked_to_third_parties(sitio, paginas):
    ajenos = re.compile(r"^(?:https?:)?//")
    for url, html in paginas.items():
        for etiqueta in html.find_all(["script", "img", "iframe", "source", "object"]):
            for atributo in ("src", "data", "srcset"):
                assert not ajenos.match(etiqueta.get(atributo, "")), (url, etiqueta)
        for etiqueta in html.find_all("link"):
            if etiqueta.get("rel") not in (["canonical"], ["prev"], ["next"]):
                assert not ajenos.match(etiqueta.get("href", "")), (url, etiqueta)
    for hoja in sitio.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//|@import", hoja.read_text()), (
            hoja
        )


def test_pictures_speak_to_who_does_not_see_them(paginas):
    for url, articulo in articulos(paginas):
        for figura in articulo.find_all("figure", class_="figura"):
            alt = figura.find("svg")["aria-label"]
            assert len(alt) > 20, (url, alt)
            assert len(figura.figcaption.get_text(strip=True)) > 20, url
        assert all(img.get("alt") for img in articulo.find_all("img")), url


def test_pictures_follow_the_theme(sitio):
    """La tinta es la del tema: ni texto negro fijo ni fondo blanco."""
    figuras = [
        svg
        for ruta in sitio.rglob("index.html")
        for svg in re.findall(r'<svg class="figura".*?</svg>', ruta.read_text(), re.S)
    ]

    assert len(figuras) > 190
    for svg in figuras:
        assert "currentColor" in svg or "<text" not in svg
        assert not re.search(r"fill: ?(#000000|black|#ffffff|white)\b", svg)


@pytest.fixture(scope="module")
def indexado(sitio) -> list[dict[str, str]]:
    """Lo que el buscador sabe de cada sección."""
    indice = (sitio / "search/search_index.json").read_text(encoding="utf-8")
    return json.loads(indice)["docs"]


def test_search_index_has_words_and_no_markup(indexado):
    for ficha in indexado:
        texto = ficha["title"] + ficha["text"]
        # Ni etiquetas, ni LaTeX, ni la invisible «aplicación de función» de MathML.
        etiquetas = set(re.findall(r"</?(\w+)", texto))
        assert etiquetas <= {"p", "code", "pre", "li", "ol", "ul"}, ficha
        assert not re.search(r"\\[a-z]|\$|¶|\u2061|&gt;&gt;&gt;", texto), ficha


def test_search_leads_to_what_teaches_and_not_to_what_repeats(indexado):
    lugares = {ficha["location"]: ficha["text"] for ficha in indexado}

    assert not {"Resumen", "Fuentes"} & {ficha["title"] for ficha in indexado}
    todo = " ".join(lugares.values())
    for oculto in ("Solución del ejercicio", "def cross_entropy", "check(&quot;ej-"):
        assert oculto not in todo
    assert "η" in lugares["capitulos/03-descenso-de-gradiente/#que-es-descenso"]
    assert "cross_entropy" in lugares["capitulos/02-red-datos-coste/#entropia-cruzada"]


def test_search_results_are_named_by_their_number(indexado):
    titulos = {ficha["location"].split("#")[-1]: ficha["title"] for ficha in indexado}

    for entrada in CURSO.values():
        if entrada.clase == "seccion" and entrada.numero:
            assert titulos[entrada.sena].startswith(f"{entrada.numero} "), entrada


def test_search_index_weighs_less_than_a_picture(sitio):
    """Se pide en la primera visita: con él, una página no debe pasar de 500 KB."""
    indice = (sitio / "search/search_index.json").read_bytes()

    assert len(gzip.compress(indice)) < 200_000


def test_no_style_of_every_page_looks_inside_the_whole_page(sitio):
    """Cada botón de copiar que aparece haría repasar 13 000 elementos."""
    hoja = (sitio / "recursos/estilo.css").read_text(encoding="utf-8")

    assert re.findall(r"(?:body|html|article|\.md-content\S*):has", hoja) == []


def test_one_stylesheet_holds_up_the_first_paint(sitio, paginas):
    """Abrir otra conexión cuesta más a un teléfono que traer lo que iría por ella."""
    for url, html in paginas.items():
        hojas = html.head.find_all("link", rel="stylesheet")
        nombres = {hoja["href"].rpartition("/")[2] for hoja in hojas}
        assert {"estilo.css"} <= nombres <= {"estilo.css", "juegos.css", "filtro.css"}
        assert not html.head.find_all("script", src=True), url

    hoja = (sitio / "recursos/estilo.css").read_text(encoding="utf-8")
    tema, curso = hoja.split("/* Aspecto del curso.")
    assert ".md-header" in tema
    assert '[data-md-color-scheme="slate"]' in curso
    assert "@media print {\n/* En papel" in curso


def test_pages_are_light(sitio):
    """Un laboratorio no arrastra los 600 KB de estilos de un cuaderno."""
    for ruta in sitio.rglob("*.html"):
        sin_dibujos = re.sub(r"<svg.*?</svg>", "", ruta.read_text(), flags=re.DOTALL)
        assert len(sin_dibujos) < 500_000, ruta
        assert sin_dibujos.count("<style") < 5, ruta


def test_a_page_weighs_little_on_its_way(sitio):
    """Comprimida, como viaja; la que lleva más mapas de bits tiene su propio tope."""
    tope = {"03-descenso-de-gradiente": 140_000}
    for ruta in sitio.rglob("*.html"):
        pesa = len(gzip.compress(ruta.read_bytes()))
        assert pesa < tope.get(ruta.parent.name, 118_000), ruta


def letras(formulas) -> set[str]:
    return set().union(*(simbolos(formula) for formula in formulas))


def test_every_symbol_is_in_the_notation(paginas):
    """Está en la lista del curso o, si es de un solo capítulo, en su cabecera."""
    lista = paginas[f"{ORIGEN}notacion/"].find("article")
    propio = lista.find(id="notacion-capitulo").find_all_previous("table")
    # Las letras de otros textos se pueden nombrar para traducirlas.
    ajeno = lista.find(id="notacion-otras").find_all_next("table")
    comunes = letras(m for t in propio + ajeno for m in t.select("td:first-child math"))
    faltan, sobran = {}, {}
    for capitulo in (e for e in CURSO.values() if e.clase == "capitulo" and e.numero):
        url = f"{ORIGEN}{direccion(capitulo.pagina)}"
        usadas = letras(paginas[url].article.find_all("math"))
        declaradas = leer_simbolos(ROOT / "docs" / capitulo.pagina)
        propias = letras(BeautifulSoup(a_mathml(x), "html.parser") for x in declaradas)
        if mudas := usadas - comunes - propias:
            faltan[capitulo.pagina] = sorted(mudas)
        if ociosas := propias - usadas:
            sobran[capitulo.pagina] = sorted(ociosas)

    assert len(comunes) > 30
    assert faltan == {}
    assert sobran == {}


def test_each_block_runs_alone_and_gives_what_it_shows(paginas, tmp_path):
    """En un intérprete nuevo; los de un cuaderno, también sin su preludio."""
    codigos = [
        (url, bloque)
        for url, articulo in articulos(paginas)
        for bloque in bloques(articulo)
        if bloque.python
    ]
    codigos += [
        (url, replace(bloque, preludio=""))
        for url, bloque in codigos
        if bloque.consola and es_cuaderno(url)
    ]
    resultados = ejecutar_todos([bloque.programa for _, bloque in codigos], tmp_path)

    assert len(codigos) > 700
    for (url, bloque), (bien, salida) in zip(codigos, resultados, strict=True):
        assert bien, f"{url}\n{bloque.copiado}\n{salida}"
        compile(bloque.copiado, url, "exec")  # pegado de una vez, también se entiende


def es_cuaderno(url: str) -> bool:
    """Si la página sale de un programa y no de Markdown."""
    fuente = url.removeprefix(ORIGEN).rstrip("/") + ".py"
    return (ROOT / "docs" / fuente).is_file()


def test_claimed_syllabus_items_exist_and_have_their_anchor(paginas):
    ensenados = ensenado(CURSO)
    declarados = {
        elemento: titulo["id"]
        for _, articulo in articulos(paginas)
        for titulo in articulo.find_all(attrs={"data-temario": True})
        for elemento in titulo["data-temario"].split()
    }

    assert set(declarados) == set(ensenados)
    assert len(leer_temario()) == 337


def test_written_chapters_teach_all_their_items():
    """Un capítulo publicado enseña todo lo que el temario le asigna."""
    escritos = {e.numero for e in CURSO.values() if e.clase == "capitulo" and e.numero}
    ensenados = ensenado(CURSO)

    pendientes = [
        clave
        for clave, fila in leer_temario().items()
        if fila["destino"].split(".")[0] in escritos and clave not in ensenados
    ]

    assert len(escritos) >= 2
    assert pendientes == []


def test_numbered_equations_name_code_that_exists_and_is_tested():
    """Quien no nombra su función dice, con `% definición` o `% propiedad`, por qué."""
    ecuaciones = [e for e in CURSO.values() if e.clase == "ecuacion"]

    assert len(ecuaciones) >= 22
    for ecuacion in ecuaciones:
        if ecuacion.opciones.get("sin_codigo"):
            continue
        assert ecuacion.objeto, f"{ecuacion.sena} no dice `% modulo.funcion`"
        modulo, nombre = ecuacion.objeto.split(".")
        assert hasattr(importlib.import_module(f"apuntes.{modulo}"), nombre), ecuacion
        assert pruebas_de(ecuacion.objeto, ROOT / "tests"), ecuacion


def test_what_is_computed_is_not_called_a_definition():
    """Una actualización, o una derivada escrita sin derivadas, nombra a su función."""
    derivada = r"^(?:\\begin\{aligned\}\s*)?(?:\\nabla|\\frac\{\\partial)[^=]*=(?!.*(?:\\nabla|\\partial))"
    calcula = re.compile(rf"\\leftarrow|_\{{t\+1\}}\s*&?=|{derivada}", re.DOTALL)
    for ecuacion in CURSO.values():
        if ecuacion.opciones.get("sin_codigo"):
            assert not calcula.search(ecuacion.latex), ecuacion
    assert calcula.search(r"\nabla J=2x")
    assert calcula.search(r"w\leftarrow w-\eta g")
    assert calcula.search(r"\theta_{t+1}=\theta_t")
    assert not calcula.search(r"\nabla J=\frac1n\sum_i\nabla L_i")


def test_page_of_equations_lists_them_all_with_their_code_and_test(paginas):
    [listada] = paginas[ORIGEN + "ecuaciones/"].select("div.ecuaciones")
    numeros = [a.text.strip("()") for a in listada.select("a.numero")]
    fichas = [ficha.get_text(" ") for ficha in listada.select(".ficha")]
    comprobadas = evaluadas(ROOT / "tests")

    assert numeros == sorted(
        (e.numero for e in CURSO.values() if e.clase == "ecuacion" and e.numero),
        key=lambda numero: [int(n) for n in numero.split(".")],
    )
    for numero, ficha in zip(numeros, fichas, strict=True):
        [ecuacion] = [e for e in CURSO.values() if e.rotulo == f"ec. ({numero})"]
        if ecuacion.objeto:
            assert f"Código: {ecuacion.objeto}" in ficha.replace("  ", " ")
            assert "Prueba: test_" in ficha.replace("  ", " ")
        else:
            assert ecuacion.opciones["sin_codigo"].capitalize() in ficha
        assert ("Evaluada" in ficha) == (ecuacion.sena in comprobadas)


def test_chapter_module_test_and_nav_agree():
    """Cada capítulo nombra sus módulos, cada módulo su capítulo, y el menú su orden."""
    menu = re.findall(
        r"(?:capitulos|laboratorios)/(\d\d-[\w-]+)", leer_texto("mkdocs.yml")
    )
    ficheros = {p.stem: p for p in sorted(ROOT.glob("docs/*/[0-9][0-9]-*.*"))}

    assert menu == sorted(ficheros)
    for nombre, ruta in ficheros.items():
        cabecera = re.search(
            r"^(?:# )?modulos: \[(.*)\]$", ruta.read_text(), re.MULTILINE
        )
        assert cabecera, f"{nombre} no dice sus módulos"
        for modulo in cabecera[1].split(", "):
            paquete = ROOT / f"src/apuntes/{modulo}"
            suelto = not paquete.is_dir()
            fuente = paquete.with_suffix(".py") if suelto else paquete / "__init__.py"
            assert f"Capítulo: {nombre}" in fuente.read_text(), modulo
            pruebas = f"tests/test_{modulo}.py" if suelto else f"tests/{modulo}"
            assert (ROOT / pruebas).exists(), modulo


def test_the_map_of_chapter_0_links_every_written_chapter():
    """Ninguno se queda fuera de su tabla."""
    mapa = (ROOT / "docs/capitulos/00-presentacion.md").read_text(encoding="utf-8")
    enlazados = {int(n) for n in re.findall(r"^\| \[(\d+)\. .*?\]\(@", mapa, re.M)}
    escritos = (ROOT / "docs").glob("[cl]a*/[0-9][0-9]-*.*")

    assert enlazados == {int(ruta.name[:2]) for ruta in escritos}


def test_import_layers_name_every_module():
    configuracion = tomllib.loads(leer_texto("pyproject.toml"))
    capas = configuracion["tool"]["importlinter"]["contracts"][0]["layers"]
    nombres = {n.strip("() ") for capa in capas for n in capa.split("|")}
    modulos = {p.stem for p in ROOT.glob("src/apuntes/*.py")} - {"__init__"}

    assert modulos <= nombres


def test_every_module_fits_in_a_sitting():
    modulos = list(ROOT.glob("src/**/*.py"))

    assert len(modulos) > 60
    for modulo in modulos:
        assert len(modulo.read_text().splitlines()) <= 250, modulo


def test_every_module_has_its_tests():
    modulos = [p for p in ROOT.glob("src/apuntes/*.py") if p.stem != "__init__"]

    assert len(modulos) > 15
    for modulo in modulos:
        prueba = ROOT / f"tests/test_{modulo.stem.lstrip('_')}.py"
        assert prueba.exists(), modulo


def test_workflows_pin_actions_and_limit_permissions():
    for ruta in ROOT.glob(".github/workflows/*.yml"):
        flujo = yaml.safe_load(ruta.read_text())
        assert "permissions" in flujo, ruta
        usos = re.findall(r"uses: *([^.\s]\S+)", ruta.read_text())
        assert usos, ruta
        assert all(re.search(r"@[0-9a-f]{40}$", uso) for uso in usos), ruta


def leer_texto(nombre: str) -> str:
    return (ROOT / nombre).read_text(encoding="utf-8")


def test_each_self_correcting_exercise_shows_the_code_that_corrects_it(paginas):
    """Y solo ellos; la importación va oculta y, con ella, lo copiado corre."""
    cajas = {
        caja.find_parent(class_="ejercicio")["id"]: caja
        for _, articulo in articulos(paginas)
        for caja in articulo.select(".ejercicio > .corrige")
    }

    assert set(cajas) == set(catalogue())
    for sena, caja in cajas.items():
        codigo = caja.select_one("div.highlight > pre > code")
        assert codigo.find(class_="preludio").get_text().split() == (
            ["from", "apuntes.exercises", "import", "check"]
        )
        arbol = ast.parse(codigo.get_text())
        assert ast.unparse(arbol.body[-1].value.args[0]) == repr(sena)
        assert len(arbol.body) == 3


def test_the_page_of_exercises_lists_them_all(paginas):
    filas = paginas[f"{ORIGEN}ejercicios/"].select(".ejercicios tbody tr")
    listados = {
        fila.find("code").text: [celda.get_text(" ") for celda in fila.find_all("td")]
        for fila in filas
    }
    ejercicios = {e.sena: e for e in CURSO.values() if e.clase == "ejercicio"}

    assert set(listados) == {sena for sena, e in ejercicios.items() if e.numero}
    for sena, (numero, titulo, solo) in listados.items():
        assert numero == ejercicios[sena].numero
        assert ejercicios[sena].titulo in titulo
        assert (solo == "sí") == (sena in catalogue())


def test_the_orders_of_the_page_of_exercises_run():
    bloques_bash = re.findall(r"```bash\n(.+?)\n```", leer_texto("docs/ejercicios.md"))

    assert len(bloques_bash) == 2
    for orden in bloques_bash:
        python, *resto = orden.split()
        assert python == "python"
        hecho = subprocess.run(
            [sys.executable, *resto], capture_output=True, check=True
        )
        assert b"ej_programa_el_coste" in hecho.stdout or b"Hechos" in hecho.stdout


@pytest.fixture(scope="module")
def cuadernos(paginas, sitio) -> dict[str, nbformat.NotebookNode]:
    """El cuaderno que ofrece cada página."""
    ofrecidos = {
        url: urlsplit(urljoin(url, enlace["href"])).path.lstrip("/")
        for url, html in paginas.items()
        for enlace in html.select("p.cuaderno a[download]")
    }
    return {u: nbformat.read(sitio / ruta, 4) for u, ruta in ofrecidos.items()}


def test_every_chapter_and_lab_gives_its_notebook(cuadernos, sitio):
    con_cuaderno = re.compile("capitulos/|laboratorios/")
    paginas = {e.pagina for e in CURSO.values() if con_cuaderno.match(e.pagina)}

    assert set(cuadernos) == {ORIGEN + direccion(pagina) for pagina in paginas}
    for cuaderno in cuadernos.values():
        nbformat.validate(cuaderno)
        primera = next(c for c in cuaderno.cells if c.cell_type == "code")
        [rueda] = re.findall(rf"%pip .*{PUBLICADO}(\S+)", primera.source)
        assert (sitio / rueda).is_file()


def instrucciones(codigo: str) -> list[str]:
    """Las de una celda; en un cuaderno hay que pedir lo que una consola enseña sola."""
    codigo = re.sub(r"\bdisplay\((.+)\)$", r"\1", codigo, flags=re.MULTILINE)
    return [ast.unparse(nodo) for nodo in ast.parse(codigo).body]


def test_notebooks_have_all_the_code_of_their_page_in_its_order(cuadernos, paginas):
    """Menos el de las soluciones, que está plegado y no se ejecuta."""
    for url, cuaderno in cuadernos.items():
        suyas = []
        for celda in cuaderno.cells[2:]:
            listados = re.findall(r"```python\n(.+?)\n```", celda.source, re.DOTALL)
            codigos = [celda.source] if celda.cell_type == "code" else listados
            suyas += [i for codigo in codigos for i in instrucciones(codigo)]
        de_la_pagina = [
            instruccion
            for bloque in bloques(paginas[url].article)
            if bloque.python and not bloque.plegado
            for instruccion in instrucciones(bloque.copiado[len(bloque.preludio) :])
        ]

        quedan = iter(suyas)
        assert [i for i in de_la_pagina if i not in quedan] == [], url
        assert len(de_la_pagina) > 20, url


def en_prosa(cuaderno) -> str:
    """Los textos de un cuaderno, sin listados ni dibujos."""
    titulo = cuaderno.cells[0].source.partition("\n")[0]
    textos = [c.source for c in cuaderno.cells[2:] if c.cell_type == "markdown"]
    texto = re.sub(r"```.*?```", "", "\n".join([titulo, *textos]), flags=re.DOTALL)
    return re.sub(r"!\[.*?\]\(data:.*?\)", "", texto)


FORMULA = re.compile(
    r"`[^`\n]*`|\$\$\n(.+?)(?: \\tag\{[\d.]+\})?\n\$\$|(?<!\\)\$([^$]+)\$", re.DOTALL
)


def lo_que_se_lee(elemento: Tag):
    """Los textos de la página que son prosa, también la de un cuaderno."""
    for hijo in elemento.children:
        if not isinstance(hijo, Tag):
            yield hijo
        elif hijo.name not in {"pre", "svg", "math"} and not NO_ES_PROSA.intersection(
            hijo.get("class", [])
        ):
            yield from lo_que_se_lee(hijo)


NO_ES_PROSA = {"avisar", "cita-impresa", "con-juego", "cuaderno", "filename"}


def test_notebooks_say_what_their_page_says(cuadernos, paginas):
    """Las mismas palabras y las mismas fórmulas, por su orden."""
    palabras = re.compile(r"[^\W\d_]{2,}").findall
    for url, cuaderno in cuadernos.items():
        articulo, texto = paginas[url].article, en_prosa(cuaderno)
        anotadas = [a.text.strip() for a in articulo.select("math annotation")]
        escritas = [a or b for a, b in FORMULA.findall(texto) if a or b]
        assert escritas == anotadas, url

        texto = FORMULA.sub(lambda m: m[0] if m[0][0] == "`" else " ", texto)
        texto = re.sub(r"\]\([^)]*\)|</?(?:details|summary|su[bp]|kbd|br)>", " ", texto)
        leidas = palabras(" ".join(lo_que_se_lee(articulo)))
        assert palabras(unescape(texto)) == leidas, url


def test_every_link_of_a_notebook_leads_somewhere(cuadernos, anclas):
    for url, cuaderno in cuadernos.items():
        enlaces = re.findall(
            r"\]\(([^)\s]+)\)", re.sub("`[^`]*`", "", en_prosa(cuaderno))
        )
        assert enlaces, url
        for enlace in enlaces:
            assert re.match("https?://", enlace), (url, enlace)
            if enlace.startswith(PUBLICADO):
                pagina, _, sena = enlace.replace(PUBLICADO, ORIGEN).partition("#")
                assert sena in {"", *anclas[pagina]}, (url, enlace)
