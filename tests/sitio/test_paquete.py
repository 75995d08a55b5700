"""El zip para leer sin conexión: cada enlace es un fichero y nada se pide fuera."""

import json
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from sitio.paquete import al_disco, con_fichero, con_fuentes, empaquetar

RAIZ = "http://disco/"


@pytest.fixture(scope="module")
def paquete(sitio, tmp_path_factory) -> Path:
    """La carpeta que sale al descomprimir el zip."""
    zip_ = empaquetar(sitio, tmp_path_factory.mktemp("dist"))
    destino = tmp_path_factory.mktemp("disco")
    with zipfile.ZipFile(zip_) as archivo:
        archivo.extractall(destino)
    (carpeta,) = destino.iterdir()
    assert carpeta.name == zip_.stem == "apuntes-0.1.0"
    return carpeta


@pytest.fixture(scope="module")
def paginas(paquete) -> dict[str, str]:
    return {
        ruta.relative_to(paquete).as_posix(): ruta.read_text(encoding="utf-8")
        for ruta in paquete.rglob("*.html")
    }


@pytest.mark.parametrize(
    ("destino", "esperado"),
    [
        ("../otra/", "../otra/index.html"),
        ("../otra/#sena", "../otra/index.html#sena"),
        ("../..", "../../index.html"),
        ("./", "./index.html"),
        ("#sena", "#sena"),
        ("", ""),
        ("cuaderno.ipynb", "cuaderno.ipynb"),
        ("../../recursos/estilo.css", "../../recursos/estilo.css"),
        ("https://ejemplo.org/capitulos/", "https://ejemplo.org/capitulos/"),
        ("//ejemplo.org/", "//ejemplo.org/"),
        ("mailto:nadie@ejemplo.org", "mailto:nadie@ejemplo.org"),
    ],
)
def test_only_a_link_to_a_folder_changes(tmp_path, destino, esperado):
    for nombre in (
        "index.html",
        "capitulos/una/index.html",
        "capitulos/otra/index.html",
    ):
        (tmp_path / nombre).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / nombre).touch()

    assert con_fichero(destino, "capitulos/una", tmp_path) == esperado


def test_what_is_not_a_link_stays(tmp_path):
    texto = '<p data-href="otra/">Se escribe href="otra/"</p>'.replace('"o', "&quot;o")

    assert al_disco(texto, "index.html", tmp_path) == texto


def test_a_notebook_travels_inside_its_link(tmp_path):
    celdas = {"cells": [{"source": ['año % 2 # <"&">\n']}]}
    (tmp_path / "02.ipynb").write_text(json.dumps(celdas, indent=1), encoding="utf-8")
    html = al_disco('<a href="02.ipynb" download>', "index.html", tmp_path)
    datos, nombre = re.fullmatch('<a href="([^"]+)" download="([^"]+)">', html).groups()

    assert nombre == "02.ipynb"
    assert json.loads(unquote(datos.partition(",")[2])) == celdas
    assert not set("<>&# ") & set(datos)


def test_a_font_travels_inside_the_stylesheet(tmp_path):
    (tmp_path / "fuentes").mkdir()
    (tmp_path / "fuentes/a.woff2").write_bytes(b"\x00\x01\x02")
    hoja = tmp_path / "estilo.css"
    hoja.write_text('@font-face { src: url("fuentes/a.woff2") format("woff2"); }')

    assert 'url("data:font/woff2;base64,AAEC") format' in con_fuentes(hoja)


def test_every_link_is_a_file_of_the_package(paquete, paginas):
    ficheros = {
        f"{RAIZ}{ruta.relative_to(paquete).as_posix()}"
        for ruta in paquete.rglob("*")
        if ruta.is_file()
    }
    enlaces = {
        (pagina, destino)
        for pagina, html in paginas.items()
        for destino in re.findall(r'\s(?:href|src)="([^"#]+)', html)
        if not urlsplit(destino).scheme
    }

    assert len(paginas) > 20
    assert len(enlaces) > 500
    assert {
        (pagina, destino)
        for pagina, destino in enlaces
        if unquote(urljoin(f"{RAIZ}{pagina}", destino).split("?")[0]) not in ficheros
    } == set()


def test_nothing_is_loaded_from_outside(paquete, paginas):
    pedido = {
        etiqueta
        for html in paginas.values()
        for etiqueta in re.findall(r"<(?:script|img|link|iframe)\s[^>]*>", html)
        if re.search(r'(?:src|href)="(?:\w+:)?//', etiqueta)
    }
    estilos = "".join(r.read_text(encoding="utf-8") for r in paquete.rglob("*.css"))

    assert {e for e in pedido if 'rel="canonical"' not in e} == set()
    assert re.findall(r"url\((?![\"']?data:)[^)]*\)", estilos) == []
    assert estilos.count("data:font/woff2") == 4


def test_the_search_needs_no_server(paquete, paginas):
    for pagina, html in paginas.items():
        assert html.index("search/trabajador.js") < html.index("/bundle."), pagina
    guion = (paquete / "search/search_index.js").read_text(encoding="utf-8")
    indice = json.loads(guion.removeprefix("var __index = ").rstrip(";\n"))
    sitios = {entrada["location"].partition("#")[0] for entrada in indice["docs"]}

    assert "index.html" in sitios
    assert sitios <= set(paginas)
