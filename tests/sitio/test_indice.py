"""El índice del curso: números, señas y lo que las acompaña."""

import pytest

from sitio.indice import SenaError, leer_curso, numerar


def test_numbers_follow_the_order_of_the_page(docs):
    indice = leer_curso(docs)

    rotulos = {sena: entrada.rotulo for sena, entrada in indice.items()}

    assert rotulos == {
        "obras": "Obras",
        "red": "capítulo 2",
        "coste": "§2.1",
        "ec-coste": "ec. (2.1)",
        "red-errores": "Errores",
        "catalogo": "§2.2",
        "huber": "§2.2.1",
        "ej-uno": "ejercicio 2.1",
        "otro": "capítulo 3",
        "fin": "§3.1",
        "glosario": "Glosario",
        "g-lote": "lote",
    }


def test_third_level_restarts_under_each_section():
    texto = "# T { #t }\n## A { #a }\n### B { #b }\n## C { #c }\n### D { #d }\n"

    numeros = [e.numero for e in numerar(texto, "capitulos/07-x.md")]

    assert numeros == ["7", "7.1", "7.1.1", "7.2", "7.2.1"]


def test_equation_and_listing_know_their_code():
    texto = (
        "$$\nx \\label{ec-x} % losses.mse_loss\n$$\n"
        '/// codigo | cod-x\n```python\n--8<-- "apuntes/losses.py:mse_loss"\n```\n///\n'
    )

    ecuacion, codigo = numerar(texto, "capitulos/02-x.md")

    assert ecuacion.objeto == codigo.objeto == "losses.mse_loss"


def test_equation_keeps_its_latex_and_a_definition_names_no_code():
    texto = (
        "```text\n$$\n```\n$$\na\n$$\n"
        "$$\nx &= y,\\\\\n y &= z\n\\label{ec-x} % losses.mse_loss\n$$\n"
        "$$\nu\n\\label{ec-u} % definición\n$$\n"
    )

    x, u = numerar(texto, "capitulos/02-x.md")

    assert x.latex == "x &= y,\\\\\n y &= z"
    assert (u.latex, u.objeto) == ("u", "")
    assert [e.opciones.get("sin_codigo") for e in (x, u)] == [None, "definición"]


def test_syllabus_items_are_read_from_the_heading(docs):
    assert leer_curso(docs)["coste"].temario == ("S4-16", "S4-17")


def test_notebook_counts_its_figures_and_headings(tmp_path):
    (tmp_path / "laboratorios").mkdir()
    cuaderno = tmp_path / "laboratorios/06-lab.py"
    cuaderno.write_text(
        "# %% [markdown]\n# # Lab { #lab }\n# ## Uno { #uno }\n"
        '# %% fig="fig-a" alt="b" pie="c"\n1\n',
        encoding="utf-8",
    )

    indice = leer_curso(tmp_path)

    assert [e.rotulo for e in indice.values()] == ["capítulo 6", "§6.1", "figura 6.1"]


def test_index_is_read_again_when_a_page_changes(docs):
    leer_curso(docs)
    (docs / "nueva.md").write_text("# Nueva { #nueva }\n", encoding="utf-8")

    assert "nueva" in leer_curso(docs)


@pytest.mark.parametrize(
    ("texto", "match"),
    [
        ("# Otra { #red }\n", "repetida.*02-red.md.*zz.md"),
        ("/// figura | mala\n///\n", "«fig-…».*'mala'"),
        ("$$\nx \\label{coste-dos}\n$$\n", "«ec-…».*'coste-dos'"),
        ("# Mayúscula { #Red }\n", "minúsculas.*'Red'"),
    ],
    ids=["repetida", "sin-prefijo", "ecuacion-sin-prefijo", "mayuscula"],
)
def test_rejects_bad_ids(docs, texto, match):
    (docs / "zz.md").write_text(texto, encoding="utf-8")

    with pytest.raises(SenaError, match=match):
        leer_curso(docs)


def test_unknown_id_says_where_it_was_asked(docs):
    with pytest.raises(SenaError, match=r"'nada' en capitulos/02-red\.md"):
        leer_curso(docs).buscar("nada", "capitulos/02-red.md")
