"""La notación: qué símbolos usa una página y cuáles están en la lista.

`docs/notacion.md` lista los de todo el curso. Un capítulo declara en su cabecera
los que solo él usa, y salen al final de esa lista con su capítulo:

    simbolos:
      "q": exactitud de la red
"""

import re
from pathlib import Path
from xml.etree import ElementTree

import yaml
from bs4 import Tag
from pymdownx.blocks.block import Block

_CABECERA = re.compile(r"\A(?:#[ ])?---\n(.*?)^(?:#[ ])?---$", re.DOTALL | re.MULTILINE)


def leer_simbolos(ruta: Path) -> dict[str, str]:
    """Símbolos propios de un capítulo o de un laboratorio: LaTeX y significado."""
    cabecera = _CABECERA.match(ruta.read_text(encoding="utf-8"))
    if not cabecera:
        return {}
    texto = re.sub(r"^# ?", "", cabecera[1], flags=re.MULTILINE)
    return yaml.safe_load(texto).get("simbolos", {})


def simbolos(formula: Tag) -> set[str]:
    """Símbolos de una fórmula MathML, cada uno con su acento: {"W", "ŷ", "max"}."""
    usados = set()
    for hoja in formula.find_all(["mi", "mo"]):
        texto = hoja.get_text().strip()
        padre = hoja.parent
        if padre.get("accent") or padre.get("accentunder"):
            if hoja is not padre.contents[0]:
                continue  # el acento: va con su letra
            texto += padre.contents[1].get_text()
        # Los operadores (+, =, ≤…) no son letras que haya que explicar.
        if texto.isalpha() or (hoja.name == "mi" and texto not in ".,"):
            usados.add(texto)
    return usados


class SimbolosDeCapitulo(Block):
    """Tabla de los símbolos que solo usa un capítulo."""

    NAME = "simbolos-de-capitulo"
    curso = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea la tabla; el LaTeX lo compone después Arithmatex."""
        tabla = ElementTree.SubElement(parent, "table")
        fila = ElementTree.SubElement(ElementTree.SubElement(tabla, "thead"), "tr")
        for titulo in ("símbolo", "significado", "dónde"):
            ElementTree.SubElement(fila, "th").text = titulo
        cuerpo = ElementTree.SubElement(tabla, "tbody")
        docs = Path(self.curso.getConfig("docs"))
        for capitulo in self.curso.indice.values():
            if capitulo.clase != "capitulo" or not capitulo.numero:
                continue
            for latex, significado in leer_simbolos(docs / capitulo.pagina).items():
                fila = ElementTree.SubElement(cuerpo, "tr")
                ElementTree.SubElement(fila, "td").text = f"${latex}$"
                ElementTree.SubElement(fila, "td").text = significado
                celda = ElementTree.SubElement(fila, "td")
                enlace = self.curso.enlace(capitulo.pagina, capitulo.sena)
                ElementTree.SubElement(
                    celda, "a", {"class": "ref", "href": enlace}
                ).text = capitulo.rotulo
        return tabla


BLOQUES = (SimbolosDeCapitulo,)
