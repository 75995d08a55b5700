"""Aspecto común de las figuras: legibles en claro, en oscuro y en un teléfono.

Una función de figura lleva el decorador `drawing`, crea su lienzo con
`Drawing(figsize=(ancho, alto))` y lo devuelve. No fija colores de texto ni de
fondo: la tinta sigue al tema de la página, y `CYCLE` da los demás colores.
"""

import functools
import io
import re
from collections.abc import Callable
from html import escape

import matplotlib
from matplotlib.figure import Figure

from apuntes.figures._slim import slim

# Color centinela: en el SVG pasa a ser `currentColor`, la tinta del tema.
INK = "#010203"
# Centinela del fondo de la página, para tapar líneas bajo un rótulo.
PAPER = "#fdfcfb"
# Paleta de Okabe e Ito (2008), que distinguen las personas daltónicas; los tonos
# elegidos pasan de 3:1 sobre blanco y sobre el gris oscuro del tema.
BLUE, ORANGE, GREEN, PINK, GOLD = "#0b84d8", "#d55e00", "#009e73", "#c8639b", "#b58900"
CYCLE = [BLUE, ORANGE, GREEN, PINK, GOLD]
# Fuera de la página no hay tema que seguir: negro sobre blanco.
ON_PAPER = 'style="background: #fff; color: #000" '
# Anchura natural, en pulgadas: más ancho se lee mal en un teléfono.
WIDTH = 5.8

RC = {
    "axes.edgecolor": INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.prop_cycle": matplotlib.cycler(color=CYCLE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": "medium",
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "font.family": "sans-serif",
    # A 390 px una figura de 5,8 pulgadas encoge a 0,85: quedan 9,4 px por letra.
    "font.size": 11,
    "grid.alpha": 0.18,
    "grid.color": INK,
    "image.cmap": "viridis",
    "legend.frameon": False,
    "lines.linewidth": 2,
    "patch.edgecolor": INK,
    "savefig.facecolor": "none",
    "svg.fonttype": "none",
    "svg.hashsalt": "apuntes",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


class Drawing(Figure):
    """Figura de Matplotlib que un cuaderno muestra con el aspecto del curso."""

    def _repr_svg_(self) -> str:
        return on_paper(to_svg(self))


def drawing(function: Callable[..., Drawing]) -> Callable[..., Drawing]:
    """Marca `function` como figura del curso y la ejecuta con su estilo."""

    @functools.wraps(function)
    def styled(*args, **kwargs) -> Drawing:
        with matplotlib.rc_context(RC):
            return function(*args, **kwargs)

    styled.is_drawing = True
    return styled


def to_svg(figure: Figure) -> str:
    """SVG de `figure`, sin fecha ni cabecera, con la tinta como `currentColor`."""
    buffer = io.StringIO()
    with matplotlib.rc_context(RC):
        figure.savefig(
            buffer,
            format="svg",
            bbox_inches="tight",
            pad_inches=0.05,
            metadata={"Date": None, "Creator": None},
        )
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = slim(text)
    text = text.replace(PAPER, "var(--md-default-bg-color, #fff)")
    return text.replace(INK, "currentColor")


def on_paper(svg: str) -> str:
    """El dibujo para verlo suelto, que así se lee también en un cuaderno oscuro."""
    return svg.replace("<svg ", f"<svg {ON_PAPER}", 1)


def embed(svg: str, *, name: str, alt: str) -> str:
    """Prepara un SVG para ir dentro de una página.

    Args:
        svg: lo que da `to_svg`, o lo que muestra un cuaderno.
        name: prefijo de sus identificadores, único en la página.
        alt: texto para quien no ve la figura.
    """
    svg = svg.replace(ON_PAPER, "", 1)
    # La seña de la figura sustituye a la que lleva un dibujo suelto.
    svg = re.sub(r'(\bid="|url\(#|href="#)(?:f[0-9a-f]+-)?', rf"\g<1>{name}-", svg)
    attributes = f'class="figura" role="img" aria-label="{escape(alt)}" '
    return svg.replace("<svg ", f"<svg {attributes}", 1)
