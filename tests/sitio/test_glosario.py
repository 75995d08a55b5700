"""El glosario y las páginas: cada término se enlaza, y a tiempo.

La primera vez que un capítulo escribe un término, tal como está en el glosario, ya lo
ha enlazado o lo enlaza ahí: quien llega de un buscador a mitad del curso tiene la
definición a mano. No cuentan títulos, código, fórmulas ni las opciones de un bloque.
"""

import re
import unicodedata

import pytest
from bs4 import BeautifulSoup
from servidor import ROOT

from sitio.indice import Entrada, del_ingles, leer_curso, leer_texto

DOCS = ROOT / "docs"
TERMINOS = [e for e in leer_curso(DOCS).values() if e.clase == "termino"]
PAGINAS = sorted([*DOCS.glob("capitulos/*.md"), *DOCS.glob("laboratorios/*.[mp][dy]")])
# Escritos antes de esta regla y aún sin repasar: la lista solo mengua.
POR_REPASAR = {
    "00-presentacion",
}
# Palabras de todos los días: la mayoría de las veces no nombran al término.
AMBIGUAS = {
    "g-clase": "«de esta clase», «clases de movimiento»",
    "g-margen": "«al margen»",
    "g-momento": "«de momento», «desde el primer momento»",
    "g-objetivo": "«el objetivo de esta sección»",
    "g-paso": "el de una cuenta, el de las diferencias, «paso a paso»",
}


def tapar(encontrado: re.Match) -> str:
    """Blancos en el mismo sitio, para que las líneas sigan siendo las del fuente."""
    return re.sub(r"[^\n]", " ", encontrado[0])


def prosa(texto: str) -> str:
    """El texto sin cabecera, código, fórmulas, títulos, opciones ni etiquetas."""
    for patron in (
        r"\A---\n.*?\n---\n",
        r"^[ \t]*(`{3,}|~{3,}).*?^[ \t]*\1[ \t]*$",
        r"\$\$.*?\$\$",
        r"\$[^$\n]+\$",
        r"`[^`\n]+`",
        r"^(#{1,6} |/// |    \w+: )[^\n]*$",
        r"<[^>\n]+>",
    ):
        texto = re.sub(patron, tapar, texto, flags=re.DOTALL | re.MULTILINE)
    return texto


def enlaces(texto: str) -> list[tuple[int, str]]:
    """Dónde empieza cada enlace a una seña, y a cuál: `[texto](@sena)` o `[@sena]`."""
    hallados = re.finditer(r"\[(?:[^\]\n]*\]\(@|-?@)([\w-]+)[\])]", texto)
    return [(e.start(), e[1]) for e in hallados]


def primera(forma: str, texto: str, mas_largas: list[str]) -> int | None:
    """Dónde está `forma` sola: ni en otra palabra, ni en un término más largo."""
    for larga in mas_largas:
        texto = re.sub(re.escape(larga), tapar, texto, flags=re.IGNORECASE)
    suelta = re.search(rf"(?<![\w-]){re.escape(forma)}(?![\w-])", texto, re.IGNORECASE)
    return suelta.start() if suelta else None


def tarde(texto: str, terminos: list[Entrada]) -> dict[str, int]:
    """Términos que se escriben antes de enlazarlos, con la línea en que pasa."""
    texto = prosa(texto)
    donde = {}
    for inicio, sena in reversed(enlaces(texto)):
        donde[sena] = inicio
    sin_enlaces = re.sub(r"\[[^\]\n]*\](\(@?[^)\n]*\))?", tapar, texto)
    formas = [t.rotulo for t in terminos]
    lineas = {}
    for termino in terminos:
        mas_largas = [f for f in formas if termino.rotulo in f and termino.rotulo != f]
        lugar = primera(termino.rotulo, sin_enlaces, mas_largas)
        if lugar is not None and lugar < donde.get(termino.sena, len(texto)):
            lineas[termino.rotulo] = texto.count("\n", 0, lugar) + 1
    return lineas


@pytest.mark.parametrize(
    "pagina",
    [ruta for ruta in PAGINAS if ruta.stem not in POR_REPASAR],
    ids=lambda ruta: ruta.stem,
)
def test_a_term_is_linked_the_first_time_it_is_written(pagina):
    vigilados = [t for t in TERMINOS if t.sena not in AMBIGUAS]

    assert tarde(leer_texto(pagina), vigilados) == {}


def test_every_term_is_linked_from_some_chapter():
    enlazadas = {s for p in PAGINAS for _, s in enlaces(prosa(leer_texto(p)))}

    assert {t.sena for t in TERMINOS} - enlazadas == set()


def test_ambiguous_words_are_in_the_glossary():
    assert set(AMBIGUAS) <= {t.sena for t in TERMINOS}


def test_the_glossary_is_in_alphabetical_order():
    def orden(forma: str) -> str:
        llano = unicodedata.normalize("NFKD", forma.casefold()).encode(
            "ascii", "ignore"
        )
        # «M-suave» se busca por la ese.
        return re.sub(r"^\w-", "", llano.decode()).replace("-", " ")

    formas = [t.rotulo for t in TERMINOS]

    assert formas == sorted(formas, key=orden)


@pytest.mark.parametrize("campo", ["es", "texto"])
def test_every_term_has_a_name_and_a_definition(campo):
    assert all(len(t.opciones.get(campo, "")) > 2 for t in TERMINOS)


LOTE = Entrada("g-lote", "termino", "glosario.md", opciones={"es": "lote"})
MINI = Entrada("g-mini-lote", "termino", "glosario.md", opciones={"es": "lote mínimo"})


@pytest.mark.parametrize(
    ("texto", "linea"),
    [
        ("Un lote.", 1),
        ("Nada.\n\nUn lote y otro [lote](@g-lote).", 3),
        ("Lote, al principio.", 1),
        ("Un [lote](@g-lote) y otro lote.", None),
        ("Unos [lotes](@g-lote) y un lote.", None),
        ("El [@g-lote] y un lote.", None),
        ("Los lotes y el mini-lote son otras palabras.", None),
        ("Un [lote mínimo](@g-mini-lote) y otro lote mínimo.", None),
        ("# El lote { #x }\n\n    titulo: El lote\n\n`lote`, $lote$", None),
        ("```pycon\n>>> lote\n```\n\n$$\nlote\n$$", None),
        ("```text\nlote\n```\nUn lote.", 4),
    ],
)
def test_what_counts_as_writing_a_term_before_its_link(texto, linea):
    esperado = {} if linea is None else {"lote": linea}

    assert tarde(texto, [LOTE, MINI]) == esperado


# -- del inglés al español -----------------------------------------------------------


def test_the_list_by_english_name_is_sorted_and_has_every_name():
    nombres = [ingles for ingles, _ in del_ingles(leer_curso(DOCS))]

    assert nombres == sorted(nombres, key=str.casefold)
    for termino in TERMINOS:
        for ingles in termino.opciones.get("en", termino.rotulo).split(", "):
            assert nombres.count(ingles) >= 1


def test_the_list_by_english_name_links_each_term(componer, docs):
    glosario = docs / "glosario.md"
    otro = "\n/// termino | g-gd\n    es: descenso\n    en: descent, GD\nBajar.\n///\n"
    igual = "\n/// termino | g-softmax\n    es: softmax\nLa misma.\n///\n"
    glosario.write_text(glosario.read_text("utf-8") + otro + igual, encoding="utf-8")

    tabla = BeautifulSoup(componer("/// ingles\n///"), "html.parser").table

    filas = [[c.text for c in fila.find_all("td")] for fila in tabla.tbody("tr")]
    assert filas == [
        ["batch", "lote"],
        ["descent", "descenso"],
        ["GD", "descenso"],
        ["softmax", "softmax"],
    ]
    assert [c.text for c in tabla.thead("th")] == ["inglés", "español"]
    assert tabla.tbody.a["href"] == "../glosario.md#g-lote"
    assert tabla.tbody.em["lang"] == "en"
