"""Lo que sale en la página de cada cosa que escribe un autor."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from sitio.bibliografia import cita, enumerar, leer_bibliografia, referencia
from sitio.formulas import a_mathml
from sitio.indice import SenaError
from sitio.referencias import cifra


def html(texto: str) -> BeautifulSoup:
    return BeautifulSoup(texto, "html.parser")


@pytest.mark.parametrize(
    ("texto", "rotulo", "enlace"),
    [
        ("[@ec-coste]", "ec. (2.1)", "#ec-coste"),
        ("[@huber]", "§2.2.1", "#huber"),
        ("[@ej-uno]", "ejercicio\u00a02.1", "#ej-uno"),
        ("[@fin]", "§3.1", "03-otro.md#fin"),
        ("[@otro]", "capítulo\u00a03", "03-otro.md#otro"),
        ("[el final](@fin)", "el final", "03-otro.md#fin"),
        ("[lotes](@g-lote)", "lotes", "../glosario.md#g-lote"),
        ("[@g-lote]", "lote", "../glosario.md#g-lote"),
        ("[@huber1964]", "Huber (1964)", "../bibliografia.md#huber1964"),
        ("[-@huber1964]", "1964", "../bibliografia.md#huber1964"),
        ("[@varios2020]", "Ruiz e Iturbe (2020)", "../bibliografia.md#varios2020"),
    ],
)
def test_reference_has_its_text_and_its_link(componer, texto, rotulo, enlace):
    ancla = html(componer(f"Ver {texto}.")).p.a

    assert ancla.text == rotulo
    assert ancla["href"] == enlace


def test_glossary_term_carries_its_definition(componer):
    assert html(componer("[@g-lote]")).p.a["title"] == "Parte de los datos."


@pytest.mark.parametrize("texto", ["[@nada]", "[algo](@nada)"])
def test_unknown_reference_stops_the_build(componer, texto):
    with pytest.raises(SenaError, match="'nada'"):
        componer(texto)


def test_code_is_not_a_reference(componer):
    assert html(componer("`[@nada]` y `$x$`")).p.text == "[@nada] y $x$"


def test_headings_get_their_number_and_keep_their_id(componer):
    pagina = html(componer("## Coste { #coste }\n\n## Errores { #red-errores }"))

    assert pagina.h1.text == "2. Red y coste"
    assert [(h["id"], h.text) for h in pagina.find_all("h2")] == [
        ("coste", "2.1 Coste"),
        ("red-errores", "Errores"),
    ]


def test_numbered_equation_keeps_its_latex_and_points_to_its_code(componer):
    ecuacion = html(
        componer("$$\nC = x^2 \\label{ec-coste} % losses.quadratic_cost\n$$")
    ).find(id="ec-coste")

    assert ecuacion.find("a", class_="numero").text == "(2.1)"
    assert ecuacion.find("math")["display"] == "block"
    assert ecuacion.find("annotation").text == "C = x^2"
    implementa = ecuacion.find("a", class_="implementa")
    assert implementa.text == "quadratic_cost"
    assert implementa["href"] == "https://r/blob/main/src/apuntes/losses.py"


def test_code_without_listing_nor_repository_is_named_without_link(componer):
    texto = "$$\nC \\label{ec-coste} % losses.quadratic_cost\n$$"

    implementa = html(componer(texto, repo="")).find(class_="implementa")

    assert (implementa.name, implementa.text) == ("span", "quadratic_cost")


def test_inline_formula_is_mathml(componer):
    math = html(componer("Sea $a<b$.")).find("math")

    assert math.find("mo").text == "<"


@pytest.mark.parametrize(
    ("formula", "callado"),
    [
        (r"$\eta=0{,}1$", "annotation"),
        (r"$\theta_j$", "annotation"),
        ("$a<b$", "annotation"),
        ("$x^2$", "math"),
        (r"$\frac{1}{n}$", "math"),
        (r"$\operatorname{sen}x$", "math"),
        ("$$\na=b\n$$", "math"),
    ],
)
def test_only_what_reads_as_a_line_is_searched(componer, formula, callado):
    math = html(componer(f"Sea\n\n{formula}")).find("math")

    assert [e.name for e in math.parent.select("[data-search-exclude]")] == [callado]


@pytest.mark.parametrize(
    ("formula", "larga"), [("a=b", False), ("u=0{,}9\\,(2,-5)+(1{,}3,-2{,}8)=v", True)]
)
def test_a_formula_too_long_for_a_phone_can_be_scrolled(componer, formula, larga):
    clases = html(componer(f"Sea ${formula}$.")).find("math").parent["class"]

    assert ("larga" in clases) == larga


def test_punctuation_does_not_leave_its_formula(componer):
    assert (
        html(componer("Sea $a$, y ($b$).")).find_all(class_="formula")[1].text[-2:]
        == ")."
    )


def test_formula_that_fails_says_which():
    with pytest.raises(ValueError, match=r"no se entiende.*frac"):
        a_mathml(r"\frac{1}{")


def test_a_tall_bracket_keeps_its_height_under_an_exponent():
    """Chromium solo estira el paréntesis que está en un `mrow`."""
    mathml = a_mathml(r"\Bigl(\frac tT\Bigr)^p", aparte=True)

    assert re.search(r"<msup><mrow><mo minsize[^>]*>\)</mo></mrow><mi>p", mathml)


def test_exercise_and_solution_share_their_number(componer):
    pagina = html(
        componer(
            "/// ejercicio | ej-uno\n    titulo: Uno\nHaz.\n///\n\n"
            "/// solucion | ej-uno\nHecho.\n///"
        )
    )

    assert pagina.section["id"] == "ej-uno"
    assert pagina.section.p.text == "Ejercicio\u00a02.1. Uno"
    assert pagina.details.summary.text == "Solución del ejercicio\u00a02.1"


@pytest.mark.parametrize(
    ("texto", "match"),
    [
        ("/// inventado | x\nNo existe.\n///", "mal escrito"),
        ("/// ejercicio | ej-uno\n    titulo: a: b\nHaz.\n///", "mal escrito"),
        ("/// ejercicio | ej-otro\nHaz.\n///", "'ej-otro'"),
        ("/// solucion | ej-otro\nHaz.\n///", "'ej-otro'"),
    ],
    ids=["tipo", "yaml", "sena", "solucion-sin-ejercicio"],
)
def test_bad_block_stops_the_build(componer, texto, match):
    with pytest.raises(ValueError, match=match):
        componer(texto)


def test_bibliography_is_written_in_spanish(docs):
    obras = leer_bibliografia(docs / "bibliografia.bib")

    assert referencia(obras["huber1964"]) == (
        'Huber, Peter J. (1964). «<span lang="en">Robust Estimation</span>». '
        "*Ann. Math. Stat.*{ lang=en }, 35(1), 73–101. "
        "[doi:10.1214/aoms/1177703732](https://doi.org/10.1214/aoms/1177703732)"
    )
    muchos = {"author": "A, X and B, X and C, X and D, X", "year": "2001"}
    assert cita(muchos) == "A et al. (2001)"
    assert enumerar(["A", "B", "Hierro"]) == "A, B y Hierro"


@pytest.mark.parametrize(
    ("claves", "formato", "texto"),
    [
        ("media", ".1f", "94,6"),
        ("media", ".2f", "94,57"),
        ("exito", ".1%", "12,5\u00a0%"),
        ("n", "", "10"),
        ("lista.1", ",d", "60\u00a0000"),
        ("lista.0", ".1f", "\u22122,0"),
        ("error", ".0e", "2·10⁻⁶"),
        ("error", ".1e", "2,5·10⁻⁶"),
        ("equipo.cpu", "", "Xeon 2.5"),
    ],
)
def test_measured_number_is_read_and_written_with_comma(
    tmp_path, claves, formato, texto
):
    datos = {
        "media": 94.567,
        "exito": 0.125,
        "n": 10,
        "lista": [-2, 60000],
        "error": 2.49e-6,
        "equipo": {"cpu": "Xeon 2.5"},
    }
    (tmp_path / "lab.json").write_text(json.dumps(datos), encoding="utf-8")

    assert cifra(tmp_path, "lab", claves, formato) == texto


@pytest.mark.parametrize("claves", ["nada", "media.x", "lista.9"])
def test_measured_number_that_does_not_exist_stops_the_build(tmp_path, claves):
    (tmp_path / "lab.json").write_text('{"media": 1, "lista": []}', encoding="utf-8")

    with pytest.raises(SenaError, match=f"lab:{claves}"):
        cifra(tmp_path, "lab", claves)


@pytest.mark.parametrize(
    ("antes", "signos"), [("Texto (", "("), ("**Algo** («", "(«"), ("(", "(")]
)
def test_no_line_ends_at_what_opens_a_formula(componer, antes, signos):
    """El paréntesis y la comilla viajan con su fórmula, y la puntuación que sigue."""
    texto = re.sub(r"<math.*?</math>", "X", componer(f"{antes}$x$), fin."))

    assert f'<span class="formula">{signos}X),</span> fin.' in texto
    assert "(<span" not in texto
