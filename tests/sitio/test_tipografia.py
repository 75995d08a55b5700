"""Los espacios que no parten renglón y la lengua de las cursivas (sitio/tipografia.py)."""

import re

import pytest
from bs4 import BeautifulSoup

DURO = "\u00a0"


@pytest.mark.parametrize(
    "junto",
    [
        *("10 000", "1 234 567", "99 %", "0,76 s", "16 GB", "8 µs", "47 millones"),
        *("10 000 bytes", "3 × 3", "86,8 ± 1,2", "n = 10", "x ≈ −2", "§ 5", "n.º 2"),
        *("capítulo 12", "Figura 3", "pasos 1", "laboratorio 2"),
    ],
)
def test_what_reads_as_one_thing_is_never_split(componer, junto):
    texto = componer(f"Antes {junto}, después.")

    assert f"Antes {junto.replace(' ', DURO)}, después." in texto


@pytest.mark.parametrize(
    "suelto",
    [
        *("5 segundos", "3 y 4", "1943 100", "0,5 100", "10 0000", "99 %o", "2 sumas"),
        *("un capítulo", "el 3 de 5", "a = b", "subcapítulo 3"),
    ],
)
def test_the_rest_can_be_split(componer, suelto):
    assert DURO not in componer(f"Antes {suelto} después.").partition("</h1>")[2]


@pytest.mark.parametrize("codigo", ["`5 s`", "```text\n5 s\n```", "$x$ es `5` s"])
def test_code_is_left_as_it_was_written(componer, codigo):
    assert DURO not in componer(f"Mide:\n\n{codigo}")


def test_a_number_and_its_unit_stay_together_across_marks(componer):
    texto = componer("Un **99** % y [10](https://r) s, y $x$ µs.")

    assert f"<strong>99</strong>{DURO}% y" in texto
    assert f"</a>{DURO}s" in texto
    assert re.search(rf'<span class="formula">.*{DURO}µs\.</span>', texto)


def test_a_reference_in_a_cell_can_be_split(componer):
    """Si no, la tabla no cabe en un teléfono."""
    tabla = componer("| a | b |\n| --- | --- |\n| [@otro] | 5 s |")

    assert ">capítulo 3</a>" in tabla
    assert f"5{DURO}s" in tabla


def test_titles_keep_their_address(componer):
    titulo = BeautifulSoup(componer("## El capítulo 5 { #fin }"), "html.parser").h2

    assert titulo["id"] == "fin"
    assert f"capítulo{DURO}5" in titulo.text


def test_glossary_names_are_english_unless_their_author_says_otherwise(componer):
    html = "*Batch*, *lote*, *hinge*{ lang=en } y *batch*{ lang=es }"
    cursivas = BeautifulSoup(componer(html), "html.parser").find_all("em")

    assert [c.get("lang") for c in cursivas] == ["en", None, "en", "es"]


def test_each_work_says_its_language(componer, docs):
    with (docs / "bibliografia.bib").open("a", encoding="utf-8") as bib:
        bib.write("@book{t1991, author={T}, title={Netze}, year=1991, language={de}}")
    html = BeautifulSoup(componer("/// bibliografia\n///"), "html.parser")

    dicho = {e["lang"]: e.text for e in html.select("#huber1964 [lang], #t1991 [lang]")}
    assert dicho == {"en": "Ann. Math. Stat.", "de": "Netze"}
    [titulo] = html.select("#huber1964 span[lang=en]")
    assert titulo.text == "Robust Estimation"
    cita = BeautifulSoup(componer("[@huber1964]"), "html.parser").select_one(".cita")
    assert "«Robust Estimation». Ann. Math. Stat., 35" in cita["title"]
