"""El código pesa menos y se ve igual: mismas letras, con los mismos colores."""

import re
from pathlib import Path

import material
import pytest
from bs4 import BeautifulSoup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonConsoleLexer, PythonLexer

from sitio.colores import COLORES, por_color

CODIGO = '''\
import numpy as np
from apuntes.losses import mse_loss


@drawing
def f(x: np.ndarray, *, lr: float = 1e-3) -> None:
    """Un docstring."""
    if x is not None and lr > 0:  # un comentario
        raise ValueError(f"se recibió {x[0]!r}\\n" "y más", 0x1F, [[1, -2.5], []])
    return [True, print(len(x)) @ x.T ** 2]
'''
SESION = (
    ">>> f(x)\n... \nTraceback (most recent call last):\n    ...\nE: no\n>>> 1\n2\n"
)


def tema() -> dict[str, str]:
    """Color que la hoja de Material da a cada clase de símbolo."""
    carpeta = Path(material.__file__).parent / "templates/assets/stylesheets"
    [hoja] = carpeta.glob("main.*.min.css")
    reglas = re.findall(
        r"((?:\.highlight \.\w+,?)+)\{color:var\((.*?)\)", hoja.read_text()
    )
    # El color de los nombres es el del código sin etiqueta, y los signos lo toman.
    sin_color = {
        f"--md-code-hl-{clase}-color": ""
        for clase in ("name", "operator", "punctuation")
    }
    return {
        clase: sin_color.get(color, color)
        for clases, color in reglas
        for clase in re.findall(r"\.(\w+)(?:,|$)", clases)
    }


TEMA = tema()


def letras(html: str) -> list[tuple[str, str]]:
    """Cada letra visible con su color; el de un espacio no se ve."""
    pagina = BeautifulSoup(html, "html.parser").pre
    return [
        (letra, "" if letra.isspace() else color(texto.parent))
        for texto in pagina.find_all(string=True)
        for letra in texto
    ]


def color(etiqueta) -> str:
    return TEMA.get(etiqueta.get("class", [""])[0], "")


@pytest.mark.parametrize(
    "html",
    [
        highlight(CODIGO, PythonLexer(), HtmlFormatter()),
        highlight(SESION, PythonConsoleLexer(), HtmlFormatter()),
    ],
    ids=["código", "sesión"],
)
def test_every_letter_keeps_its_color(html):
    ligero = por_color(html)

    assert letras(ligero) == letras(html)
    assert len(ligero) < 0.9 * len(html)


@pytest.mark.parametrize("clase", COLORES)
def test_classes_that_become_one_share_its_color(clase):
    for otra in COLORES[clase].split():
        uno, otro = color({"class": [otra]}), color({"class": [clase]})
        assert uno == otro


def test_neighbours_of_one_color_share_their_span():
    html = '<span class="s2">a</span> <span class="si">b</span><span class="o">-</span>'

    assert por_color(html) == '<span class="s">a b</span>-'
    assert (
        por_color('<span class="c1">a</span>\n<span class="c1">b</span>').count("<")
        == 4
    )
    assert por_color('<span class="gp">&gt;&gt;&gt; </span>').count('class="gp"') == 1
