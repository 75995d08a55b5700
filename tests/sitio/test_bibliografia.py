"""La bibliografía del curso: cada obra se cita, se encuentra y está bien escrita.

No sale a la red: que un DOI exista se comprueba al añadirlo; aquí, que tenga forma
de DOI y que nadie lo haya añadido ya con otra clave.
"""

import re
import unicodedata
from collections import Counter

import pytest
from servidor import ROOT

from sitio.bibliografia import autores, leer_bibliografia

FICHERO = ROOT / "docs/bibliografia.bib"
OBRAS = leer_bibliografia(FICHERO)
CLAVES = re.findall(r"^@\w+\{([^,\s]+),", FICHERO.read_text("utf-8"), re.MULTILINE)
DOI = re.compile(r"10\.\d{4,9}/[-.;()/:\w]*[\w)]")
cada_obra = pytest.mark.parametrize("clave", sorted(OBRAS))


def citadas() -> set[str]:
    """Claves que nombra alguna página o cuaderno: `[@clave]`, `[-@clave]`, `(@clave)`."""
    paginas = [*ROOT.glob("docs/**/*.md"), *ROOT.glob("docs/laboratorios/*.py")]
    textos = [pagina.read_text(encoding="utf-8") for pagina in paginas]
    return set(re.findall(r"[\[(]-?@([\w-]+)[\])]", "\n".join(textos)))


def sencillo(texto: str) -> str:
    """Solo sus letras, sin tildes y en minúscula: «Le Cun» es «lecun»."""
    llano = unicodedata.normalize("NFKD", texto).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", llano.lower())


def test_keys_are_unique_and_in_alphabetical_order():
    assert len(CLAVES) == len(set(CLAVES)) == len(OBRAS)
    assert sorted(CLAVES) == CLAVES


def test_every_work_is_cited_somewhere_in_the_course():
    assert set(OBRAS) - citadas() == set()


@pytest.mark.parametrize("campo", ["doi", "url", "isbn", "title"])
def test_no_work_is_there_twice_with_two_keys(campo):
    valores = [obra[campo].lower() for obra in OBRAS.values() if campo in obra]

    assert [valor for valor, veces in Counter(valores).items() if veces > 1] == []


@cada_obra
def test_the_key_is_the_first_surname_and_the_year(clave):
    obra = OBRAS[clave]
    apellido = sencillo(autores(obra)[0].split(",")[0])

    assert re.fullmatch(rf"{apellido}{obra['year']}[a-z]?", clave)


@cada_obra
def test_every_work_says_where_to_find_it(clave):
    """Lo que no tiene DOI, dirección ni ISBN dice en `note` dónde se conserva."""
    obra = OBRAS[clave]

    assert {"doi", "url", "isbn", "note"} & set(obra)
    assert {"author", "title", "year"} <= set(obra)


@cada_obra
def test_doi_address_and_isbn_are_well_formed(clave):
    obra = OBRAS[clave]

    if "doi" in obra:
        assert DOI.fullmatch(obra["doi"])
        assert obra["doi"].count("(") == obra["doi"].count(")")
    if "url" in obra:
        assert re.fullmatch(r"https?://[\w.-]+\.\w+/\S*", obra["url"])
        assert "doi.org" not in obra["url"], "es un DOI: va en su campo"
    if "isbn" in obra:
        cifras = [int(c) for c in re.sub(r"[- ]", "", obra["isbn"])]
        assert len(cifras) == 13
        assert sum(c * (3 if i % 2 else 1) for i, c in enumerate(cifras)) % 10 == 0


@cada_obra
def test_names_and_pages_follow_bibtex(clave):
    """Autores «Apellido, Nombre» o {Entidad}, año y páginas con `--`, que es «–»."""
    obra = OBRAS[clave]

    for nombre in autores(obra):
        entidad = f"{{{nombre}}}" in FICHERO.read_text("utf-8")
        assert entidad or re.fullmatch(r"[^,]+, [^,]+", nombre)
    assert re.fullmatch(r"(1[89]|20)\d\d", obra["year"])
    assert re.fullmatch(r"(\w+(–\w+)?)?", obra.get("pages", ""))


@pytest.mark.parametrize(
    "malo",
    ["https://doi.org/10.1007/x", "10.1007/", "10.12/abc", "10.1007/a b", "doi:10.1007/x", "10.1007/x."],
)  # fmt: skip
def test_what_is_not_a_doi_is_noticed(malo):
    assert not DOI.fullmatch(malo)
