"""Una figura se dibuja otra vez solo si cambia algo de lo que sale."""

import pytest

from sitio import figuras
from sitio.indice import Entrada


@pytest.fixture
def proyecto(tmp_path, monkeypatch):
    """Un paquete con dos figuras, una que lee cifras, y una caché vacía."""
    paquete = tmp_path / "apuntes"
    (paquete / "figures").mkdir(parents=True)
    (tmp_path / "results").mkdir()
    (paquete / "core.py").write_text("X = 1\n")
    (paquete / "figures/a.py").write_text("from apuntes.core import X\n")
    (paquete / "figures/b.py").write_text('datos = measured("ruido")\n')
    (tmp_path / "results/ruido.json").write_text("{}")
    (tmp_path / "results/otro.json").write_text("{}")
    monkeypatch.setattr(figuras, "PAQUETE", paquete)
    monkeypatch.setattr(figuras, "RESULTADOS", tmp_path / "results")
    monkeypatch.setattr(figuras, "CACHE", tmp_path / "cache")
    return tmp_path


def guardar(nombre: str) -> None:
    figuras.guardar(nombre, figuras.clave(nombre), "<svg/>", figuras.CACHE)


@pytest.mark.parametrize(
    ("fichero", "caducan"),
    [
        ("apuntes/core.py", {"a.f"}),
        ("apuntes/figures/a.py", {"a.f"}),
        ("results/ruido.json", {"b.f"}),
        ("results/otro.json", set()),
    ],
)
def test_only_what_depends_on_a_change_is_drawn_again(proyecto, fichero, caducan):
    guardar("a.f")
    guardar("b.f")
    assert figuras.leer("a.f") == "<svg/>"

    ruta = proyecto / fichero
    ruta.write_text(ruta.read_text() + " ")

    assert {n for n in ("a.f", "b.f") if figuras.guardada(n) is None} == caducan


def test_what_is_missing_is_drawn_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(figuras, "CACHE", tmp_path)

    figuras.dibujar(["softmax.first_step", "losses.huber_family"])

    assert {r.name for r in tmp_path.glob("*.svg")} == {
        "softmax.first_step.svg",
        "losses.huber_family.svg",
    }


def test_a_figure_that_does_not_exist_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(figuras, "CACHE", tmp_path)

    with pytest.raises(ValueError, match=r"se recibió 'losses\.nada'"):
        figuras.leer("losses.nada")


def test_figures_of_the_course():
    indice = {
        "fig-a": Entrada("fig-a", "figura", "x.md", opciones={"dibujo": "m.f"}),
        "fig-b": Entrada("fig-b", "figura", "lab.py"),
        "red": Entrada("red", "seccion", "x.md"),
    }

    assert figuras.de_curso(indice) == ["m.f"]
