"""La caja de un ejercicio que se corrige solo: lo que se pide y el código que lo hace.

El código se copia con el botón y corre tal cual: contesta que aún no hay respuesta.
"""

from html import escape
from xml.etree import ElementTree

from markdown import Markdown

from apuntes.exercises import Exercise
from sitio.codigo import Codigo, apuntar
from sitio.formulas import FUERA

IMPORTA = "from apuntes.exercises import check"


def caja_de_correccion(
    padre: ElementTree.Element, ejercicio: Exercise, md: Markdown
) -> None:
    """Lo que se pide y el código que, copiado y rellenado, lo corrige."""
    caja = ElementTree.SubElement(padre, "div", {"class": "corrige"})
    parrafo = ElementTree.SubElement(caja, "p")
    ElementTree.SubElement(parrafo, "strong").text = "Se corrige solo."
    parrafo[-1].tail = f" {ejercicio.statement}"
    codigo = ElementTree.SubElement(caja, "div")
    codigo.text = md.htmlStash.store(_codigo(ejercicio, md))


def _codigo(ejercicio: Exercise, md: Markdown) -> str:
    """El hueco y su `check`; la importación viaja oculta, como todo preludio."""
    separa = "\n\n" if ejercicio.is_function else "\n"
    fuente = f'{ejercicio.skeleton}{separa}check("{ejercicio.id}", {ejercicio.name})'
    vallas = md.preprocessors["fenced_code_block"]
    html = vallas.highlight(
        src=fuente, language="python", options={}, md=md, classes=[], id_value="",
        attrs={},
    )  # fmt: skip
    previo = escape(f"{IMPORTA}\n\n\n")
    oculto = f'<span class="preludio">{previo}</span>'
    html = html.replace("<div ", f"<div {FUERA} ", 1)
    html = html.replace("<code>", f"<code>{oculto}", 1)
    entero = f"{IMPORTA}\n\n{fuente}"
    apuntar(md, html, Codigo("python", entero))
    return html
