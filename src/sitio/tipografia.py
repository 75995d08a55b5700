"""Lo que nadie escribe y toda página lleva: espacios que no parten y lo inglés, dicho.

El curso se escribe con espacios corrientes. Al componer la página, el que separa una
cifra de su unidad, o un nombre del número que lo sigue, pasa a no partir el renglón.
Código, fórmulas y dibujos se quedan como están.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from sitio.indice import del_ingles

DURO = "\u00a0"  # el fino, U+202F, no está en la letra del curso
UNIDAD = r"(?:[%‰]|[nµm]?s|min|[cmk]?m|px|[kKMG]B|bits?|bytes?|millones)(?!\w)"
NUMERADO = (
    r"(?i:capítulo|laboratorio|figura|tabla|ecuación|ejercicio|código|errata|sección|"
    r"lección|bloque|paso|etapa|página)s?"
)
PEGADO = re.compile(
    rf"(?<![\d.,])\d{{1,3}}(?: \d{{3}})+(?!\d)(?: {UNIDAD})?"  # 10 000
    rf"|\d {UNIDAD}"
    rf"|(?:\b{NUMERADO}|§|n\.º) (?=\d)"
    r"|\w [=≈] (?=[−-]?\d)"
    r"|\d [×±] (?=\d)"
)
SIN_TOCAR = {"code", "pre", "kbd", "samp", "math", "svg", "script", "style"}


class TipografiaTreeprocessor(Treeprocessor):
    """Repasa la página ya compuesta."""

    def __init__(self, md: Markdown, curso):
        super().__init__(md)
        self.curso = curso

    def run(self, root: Element) -> None:
        """Junta lo que no se parte y dice qué cursivas están en inglés."""
        trozos = list(textos(root))
        entero = juntar("".join(getattr(*trozo) for trozo in trozos))
        hasta = 0
        for elemento, lado in trozos:
            desde, hasta = hasta, hasta + len(getattr(elemento, lado))
            setattr(elemento, lado, entero[desde:hasta])
        ingles = {nombre.casefold() for nombre, _ in del_ingles(self.curso.indice)}
        for cursiva in root.iter("em"):
            if "".join(cursiva.itertext()).casefold() in ingles:
                cursiva.attrib.setdefault("lang", "en")


def juntar(texto: str) -> str:
    """El texto, igual de largo, con los espacios que no parten en su sitio."""
    return PEGADO.sub(lambda junto: junto[0].replace(" ", DURO), texto)


def textos(elemento: Element, *, celda: bool = False) -> Iterator[tuple[Element, str]]:
    """Dónde hay texto de leer, por orden: pares `(elemento, "text" o "tail")`."""
    celda = celda or elemento.tag == "td"
    # En una celda, «capítulo 12» sí se parte: la tabla tiene que caber en un teléfono.
    if elemento.tag in SIN_TOCAR or (celda and elemento.get("class") == "ref"):
        return
    if elemento.text:
        yield elemento, "text"
    for hijo in elemento:
        yield from textos(hijo, celda=celda)
        if hijo.tail:
            yield hijo, "tail"
