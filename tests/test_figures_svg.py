"""Todas las figuras, tal como van en sus páginas: ligeras, legibles y con su tinta."""

import base64
import re

import pytest
from dibujos import FRONT_PAGE, IN_A_BOX, PHONE, letters, too_small
from servidor import ROOT

from apuntes.figures.__main__ import names
from apuntes.figures.network import architecture
from apuntes.figures.style import INK, PAPER, embed, to_svg
from sitio import figuras
from sitio.indice import leer_curso

NAMES = names()
WITHOUT_LETTERS = {
    *("augmentation.augmented_digits", "mnist.mnist_digits"),
    "subnetworks.sixteen_subnets",
}
HEAVY = {"saddles.linear_network", "saddles.saddle_surface"}


@pytest.fixture(scope="module", params=NAMES)
def name(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def svg(name) -> str:
    """Lo que dibujó `python -m sitio.figuras`, o lo que se dibuja ahora si falta."""
    return figuras.leer(name, NAMES)


def test_every_figure_is_in_a_page():
    assert set(figuras.de_curso(leer_curso(ROOT / "docs"))) == set(NAMES)


def test_figure_has_the_ink_of_the_page_and_decimal_commas(name, svg):
    """El SVG lleva texto de verdad y ningún color de tinta ni de fondo fijo."""
    written = [text for text, _ in letters(svg)]

    assert INK not in svg
    assert PAPER not in svg
    assert "currentColor" in svg or "<image" in svg
    assert bool(written) == (name not in WITHOUT_LETTERS)
    assert not any(re.search(r"\.\d", text) for text in written)


def test_every_letter_can_be_read_in_a_phone(name, svg):
    assert too_small(svg, width=width_in_a_phone(name)) == {}


def width_in_a_phone(name: str) -> int:
    if name == "softmax.first_step":
        return FRONT_PAGE
    boxed = name.startswith(("chain_exercises", "chain_practice"))
    return IN_A_BOX if boxed and "sample" not in name else PHONE


def test_figure_is_light(name, svg):
    images = re.findall(r"base64,([\w+/=]+)", svg)

    assert len(svg) < (350_000 if name in HEAVY else 260_000)
    for image in images:
        assert len(base64.b64decode(image)) < (70_000 if name in HEAVY else 60_000)


def test_in_a_notebook_a_drawing_brings_its_own_paper_and_in_a_page_it_does_not():
    """Un cuaderno oscuro no cambia su tinta, así que lleva también el fondo."""
    drawn = architecture()
    alone, page = drawn._repr_svg_(), to_svg(drawn)

    assert alone.startswith('<svg style="background: #fff; color: #000" ')
    assert embed(alone, name="a", alt="b") == embed(page, name="a", alt="b")
    assert "background" not in embed(alone, name="a", alt="b")
