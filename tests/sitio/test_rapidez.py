"""Mientras se sirve, se compone otra vez solo lo que pudo cambiar."""

import json
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from servidor import ROOT

from sitio import rapidez


class Fichero(NamedTuple):
    """Lo que se mira del fichero de una página."""

    src_uri: str


@pytest.fixture
def proyecto(docs, tmp_path_factory, monkeypatch):
    """Función que construye y da las páginas que se compusieron."""
    monkeypatch.setattr(rapidez, "_guardadas", {})
    raiz = tmp_path_factory.mktemp("raiz")
    (raiz / "results").mkdir()
    (raiz / "results/x.json").write_text("{}")
    (raiz / "mkdocs.yml").touch()
    (docs / "erratas.md").write_text("# Erratas { #erratas }\n")
    (docs / "erratas").mkdir()
    (docs / "erratas/s0.md").write_text("Una.\n")
    docs = docs.rename(raiz / "docs")
    config = SimpleNamespace(config_file_path=str(raiz / "mkdocs.yml"), docs_dir=docs)
    compuestas = []

    def componer(pagina, config, files):
        compuestas.append(pagina.file.src_uri)
        pagina.__dict__.update(dict.fromkeys(rapidez.COMPUESTO, pagina.markdown))
        pagina.links_to_anchors = {pagina.file: {"a": "b"}}

    def construir():
        compuestas.clear()
        rapidez.on_pre_build(config)
        for ruta in docs.glob("capitulos/*.md"):
            fichero = Fichero(ruta.name)
            files = SimpleNamespace(get_file_from_path=lambda _, f=fichero: f)
            pagina = SimpleNamespace(file=fichero, markdown=ruta.read_text())
            rapidez.componer(pagina, config, files)
            assert pagina.content == pagina.markdown
            assert pagina.links_to_anchors == {fichero: {"a": "b"}}
        return sorted(compuestas)

    monkeypatch.setattr(rapidez, "_componer", componer)
    construir()
    return SimpleNamespace(raiz=raiz, construir=construir)


def test_nothing_changed_and_nothing_is_made_again(proyecto):
    assert proyecto.construir() == []


@pytest.mark.parametrize(
    ("fichero", "texto", "rehechas"),
    [
        ("docs/capitulos/03-otro.md", "Una palabra.", ["03-otro.md"]),
        # Con otra sección cambian los números que otras páginas citan.
        ("docs/capitulos/03-otro.md", "## Más { #mas }", ["02-red.md", "03-otro.md"]),
        ("docs/glosario.md", "Una palabra.", []),
        ("docs/erratas/s0.md", "Una palabra.", ["02-red.md", "03-otro.md"]),
        ("results/x.json", " ", ["02-red.md", "03-otro.md"]),
    ],
)
def test_only_what_may_have_changed_is_made_again(proyecto, fichero, texto, rehechas):
    ruta = proyecto.raiz / fichero
    ruta.write_text(f"{ruta.read_text()}\n{texto}\n")

    assert proyecto.construir() == rehechas


def test_the_search_index_is_the_same_as_the_first_time(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").touch()
    pagina, otra = tmp_path / "docs/index.md", tmp_path / "docs/otra.md"
    pagina.write_text("# Una\n\nPérdida <svg>dibujo</svg>.\n\n## Dos\n\nCoste.\n")
    otra.write_text("# Otra\n\nTasa.\n")

    def construir():
        config = load_config(
            str(tmp_path / "mkdocs.yml"), site_name="s", theme={"name": "material"},
            plugins=["material/search"], hooks=[str(ROOT / "src/sitio/rapidez.py")],
        )  # fmt: skip
        build(config)
        indice = tmp_path / "site/search/search_index.json"
        html = (tmp_path / "site/index.html").read_text(encoding="utf-8")
        return json.loads(indice.read_text(encoding="utf-8"))["docs"], html

    primera, html = construir()
    assert construir() == (primera, html)
    assert "<svg>dibujo</svg>" in html
    assert "dibujo" not in str(primera)

    otra.write_text("# Otra\n\nMomento.\n")
    segunda, _ = construir()

    assert [e["location"] for e in segunda] == [e["location"] for e in primera]
    assert "Momento" in segunda[-1]["text"]
