"""Los símbolos de una fórmula y los que declara un capítulo."""

import pytest
from bs4 import BeautifulSoup

from sitio.formulas import a_mathml
from sitio.notacion import leer_simbolos, simbolos


@pytest.mark.parametrize(
    ("latex", "esperados"),
    [
        (r"\hat y_i = W^{(1)}x + 3.5", {"y\u02c6", "i", "W", "x"}),
        (
            r"\frac{\partial L}{\partial w} \le \max_k z",
            {"∂", "L", "w", "max", "k", "z"},
        ),
        (r"\operatorname{softmax}(z)", {"softmax", "z"}),
        (r"\text{si } r > 0", {"r"}),
        (r"\sum_{i=1}^n x_i", {"i", "n", "x"}),
        (r"\nabla J \in \mathbb{R}^K", {"∇", "J", "\u211d", "K"}),
    ],
)
def test_symbols_of_a_formula(latex, esperados):
    assert simbolos(BeautifulSoup(a_mathml(latex), "html.parser")) == esperados


def test_symbols_of_a_chapter_and_of_a_notebook(tmp_path):
    (tmp_path / "a.md").write_text('---\nsimbolos:\n  "q": una\n---\n# T\n')
    (tmp_path / "b.py").write_text("# ---\n# simbolos:\n#   \\hat q: otra\n# ---\n")
    (tmp_path / "c.md").write_text("# T\n")

    leidos = [leer_simbolos(tmp_path / n) for n in ("a.md", "b.py", "c.md")]

    assert leidos == [{"q": "una"}, {r"\hat q": "otra"}, {}]


def test_table_says_where_each_symbol_is_used(componer, docs):
    ruta = docs / "capitulos/03-otro.md"
    ruta.write_text(f"---\nsimbolos:\n  q: exactitud\n---\n{ruta.read_text()}")

    html = componer("/// simbolos-de-capitulo\n///")

    assert "exactitud" in html
    assert '<a class="ref" href="03-otro.md#otro">capítulo 3</a>' in html
    assert "<math" in html
