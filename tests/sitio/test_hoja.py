"""La hoja única: qué se queda de la del tema y en qué orden van."""

from types import SimpleNamespace

import pytest

from sitio import hoja

USADAS = {"md-header", "tabla", "tabbed-control--", "checkbox", "--", "md"}


@pytest.mark.parametrize(
    ("regla", "queda"),
    [
        (".md-header{color:red}", ".md-header{color:red}"),
        (".md-blog{color:red}", ""),
        ("p,.md-blog a,.tabla b{margin:0}", "p,.tabla b{margin:0}"),
        (".md-header.md-blog{margin:0}", ""),
        ("[type=checkbox]:checked~b{margin:0}", "[type=checkbox]:checked~b{margin:0}"),
        ("[dir=rtl] .tabla{margin:0}", ""),
        ('[data-md-color-primary="pink"]{margin:0}', ""),
        ("[hidden]{margin:0}", "[hidden]{margin:0}"),
        ("[data-md-color-switching] *,[data-md-color-switching] :after{a:b}", ""),
        ("a:not(.md-blog,.x){margin:0}", "a:not(.md-blog,.x){margin:0}"),
        # Lo compone un guion: lo que empieza como `tabbed-control--` vale.
        (".tabbed-control--next{margin:0}", ".tabbed-control--next{margin:0}"),
        ("@media print{.md-blog{a:b}.tabla{a:b}}", "@media print{.tabla{a:b}}"),
        ("@media print{.md-blog{a:b}}", ""),
        ("@keyframes x{0%{opacity:0}}", "@keyframes x{0%{opacity:0}}"),
        ('@charset "utf-8";', '@charset "utf-8";'),
    ],
)
def test_a_rule_stays_if_some_page_may_use_it(regla, queda):
    assert hoja.aligerar(f"/* nota */ {regla}", USADAS) == queda


@pytest.fixture
def sitio(tmp_path):
    """Un sitio con las cuatro hojas, una página y un guion."""
    for ruta, texto in {
        "index.html": '<p class="tabla md-code__nav">',
        "recursos/citar.js": 'a.className = "citar"',
        "recursos/estilo.css": ".curso{a:b}",
        "recursos/imprimir.css": "@page{margin:0}\n",
        "assets/stylesheets/main.1f.min.css": ".tabla{a:b}.citar{a:b}.otra{a:b}",
        "assets/stylesheets/palette.2e.min.css": ".md-code__nav{a:b}",
    }.items():
        (tmp_path / ruta).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / ruta).write_text(texto, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("orden", "otra"), [("build", ""), ("serve", ".otra{a:b}")])
def test_the_four_sheets_go_in_one_and_in_order(sitio, monkeypatch, orden, otra):
    monkeypatch.setattr(hoja, "_escribiendo", False)
    hoja.on_startup(orden, dirty=False)
    hoja.on_post_build(SimpleNamespace(site_dir=str(sitio)))

    junta = (sitio / "recursos/estilo.css").read_text(encoding="utf-8")
    assert junta == (
        f".tabla{{a:b}}.citar{{a:b}}{otra}\n.md-code__nav{{a:b}}\n"
        ".curso{a:b}\n@media print {\n@page{margin:0}\n}\n"
    )
    assert not (sitio / "recursos/imprimir.css").exists()
