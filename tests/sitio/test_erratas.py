"""La página de erratas: cada ficha con su prueba, y cada prueba con su ficha."""

import re
from pathlib import Path

import pytest

from sitio import erratas
from sitio.cobertura import leer_temario
from sitio.indice import SenaError, leer_curso

FICHA = """\
# Erratas {{ #erratas }}

/// filtro-de-erratas
///

/// errata | err-e0-01
    titulo: El signo
    lugar: §1
    gravedad: alta
    veredicto: error
    temario: {temario}
    prueba: {prueba}
**Dice** que sí.
///
"""
PRUEBA = '''\
"""Pruebas."""

import numpy as np


def test_e0_01_el_signo():
    """Dos no es tres."""
    assert np.array(2) != 3


def test_e0_011_otra():
    """No es de esta ficha."""
'''
CURSO = leer_curso("docs")
FICHAS = [e for e in CURSO.values() if e.clase == "errata"]


@pytest.fixture
def pagina(docs, componer, tmp_path, monkeypatch):
    """Convierte una página de erratas con la ficha E0-01, y su prueba en disco."""
    monkeypatch.setattr(erratas, "PRUEBAS", tmp_path)
    (tmp_path / "test_e0.py").write_text(PRUEBA, encoding="utf-8")

    def ficha(temario="S4-16 S0-03", prueba="codigo"):
        texto = FICHA.format(temario=temario, prueba=prueba)
        (docs / "erratas.md").write_text(texto, encoding="utf-8")
        return componer(texto, titulo=False)

    return ficha


def test_entry_says_its_severity_and_where_the_course_treats_it(pagina):
    html = pagina()

    assert 'data-fuente="S0"' in html
    assert 'data-gravedad="alta"' in html
    assert '<a href="capitulos/02-red.md#coste">§2.1</a>' in html
    assert "§3.1, en preparación" in html
    assert "Errata E0-01</a>. El signo" in html


def test_entry_shows_its_proof_and_only_its_own(pagina):
    texto = re.sub(r"<[^>]+>", "", pagina())

    assert "Dos no es tres." in texto
    assert "No es de esta ficha." not in texto
    assert texto.count("test_e0_01_el_signo()") == 2  # la definición y la llamada


def test_filter_counts_by_source_and_severity(pagina):
    html = pagina()

    for texto in ("todas (1)", "S0 (1)", "S1 (0)", "alta (1)", "baja (0)"):
        assert texto in html, texto


@pytest.mark.parametrize("prueba", ["derivacion", "fuente", "lectura"])
def test_code_without_saying_so_stops_the_build(pagina, prueba):
    with pytest.raises(ValueError, match="se recibió 1 pruebas"):
        pagina(prueba=prueba)


def test_code_that_does_not_exist_stops_the_build(pagina, tmp_path):
    (tmp_path / "test_e0.py").unlink()

    with pytest.raises(ValueError, match="se recibió 0 pruebas"):
        pagina()


def test_invented_item_stops_the_build(pagina):
    with pytest.raises(SenaError, match="se recibió 'S9-99'"):
        pagina(temario="S9-99")


def test_a_fragment_belongs_to_its_page(docs):
    (docs / "erratas").mkdir()
    (docs / "erratas.md").write_text('# E { #e }\n\n--8<-- "erratas/s0.md"\n')
    (docs / "erratas/s0.md").write_text("/// errata | err-e0-07\n///\n")

    entrada = leer_curso(docs)["err-e0-07"]

    assert (entrada.pagina, entrada.rotulo) == ("erratas.md", "errata E0-07")


def test_every_proof_belongs_to_an_entry():
    fichas = {e.sena.removeprefix("err-").replace("-", "_") for e in FICHAS}
    funciones = {
        m[1]: f"{ruta.name}::{m[0]}"
        for ruta in Path("tests/erratas").glob("test_*.py")
        for m in re.finditer(r"def test_(e\w_\d\d)_\w+", ruta.read_text())
    }

    assert {f for clave, f in funciones.items() if clave not in fichas} == set()


@pytest.mark.parametrize("ficha", FICHAS, ids=lambda e: e.numero)
def test_entries_are_complete(ficha):
    for opcion in ("titulo", "lugar", "veredicto", "temario"):
        assert ficha.opciones.get(opcion), opcion
    assert set(ficha.opciones["temario"].split()) <= set(leer_temario())


@pytest.mark.parametrize("ficha", FICHAS, ids=lambda e: e.numero)
def test_what_rests_on_a_source_cites_it(ficha):
    if ficha.opciones.get("prueba") == "fuente":
        bloque = re.search(
            rf"^/// errata \| {ficha.sena}\n(.*?)^///$",
            "\n".join(p.read_text() for p in Path("docs/erratas").glob("*.md")),
            re.MULTILINE | re.DOTALL,
        )[1]
        assert re.search(r"@[a-z]+\d{4}", bloque)


def test_proof_is_coloured_only_where_colour_tells(pagina):
    html = pagina()

    assert '<span class="k">assert</span>' in html
    assert not re.search(r'<span class="[nopw]">', html)
