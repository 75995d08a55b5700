"""Fórmulas: del LaTeX que reconoce Arithmatex a MathML, al construir la página.

Así se leen sin JavaScript y sin pedir nada a terceros; el LaTeX viaja dentro,
como anotación. Una fórmula que no se entiende para la construcción.
"""

import re
from html import unescape
from xml.etree import ElementTree

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from math_core import LatexError, LatexToMathML

from sitio.indice import ETIQUETA, Entrada, sin_etiqueta
from sitio.tipografia import DURO, UNIDAD

# Dice al buscador que no mire dentro; con un valor, Material lo quita de la página.
# El buscador cuenta etiquetas por su nombre: dentro no puede haber otra igual.
FUERA = 'data-search-exclude="1"'
# Ni fracciones ni exponentes: `x²` quedaría en `x2`.
EN_LINEA = re.compile(
    r"(?:[^<&]|&[lg]t;|</?(?:math|semantics|annotation|mrow|m[ino]|mspace|mtext|msub)\b[^>]*>)*"
)

# Un `\Bigr)` con exponente no crece en Chromium si no va en un `mrow`.
GRANDE = re.compile(r"(<msu(?:b|p|bsup)>)(<mo minsize[^>]*>[^<]*</mo>)")

_CONVERSOR = LatexToMathML(annotation=True, fancy_error=False)
# Con más letras, una fórmula dentro de un párrafo puede no caber en un teléfono.
LARGA = 22


def a_mathml(latex: str, *, aparte: bool = False) -> str:
    """MathML de una fórmula; `aparte` la compone en su propia línea.

    Raises:
        ValueError: si math-core no entiende la fórmula; dice cuál.
    """
    try:
        mathml = _CONVERSOR.convert_with_local_state(latex, displaystyle=aparte)
    except LatexError as error:
        raise ValueError(
            f"fórmula que no se entiende ({error}); se recibió {latex!r}"
        ) from None
    mathml = GRANDE.sub(r"\1<mrow>\2</mrow>", mathml)
    # Lo que se lee igual en una línea (`η=0,1`) entra en el buscador; lo demás, que
    # quedaría en símbolos sueltos, no. El LaTeX, nunca.
    fuera = "annotation" if not aparte and EN_LINEA.fullmatch(mathml) else "math"
    return mathml.replace(f"<{fuera}", f"<{fuera} {FUERA}", 1)


class FormulasTreeprocessor(Treeprocessor):
    """Cambia cada elemento de Arithmatex por su MathML, con número si lo lleva."""

    def __init__(self, md: Markdown, curso):
        super().__init__(md)
        self.curso = curso

    def run(self, root: ElementTree.Element) -> None:
        """Recorre el árbol de la página."""
        for padre in root.iter():
            for i, elemento in enumerate(padre):
                if "arithmatex" in elemento.get("class", "").split():
                    latex = unescape(elemento.text)[2:-2].strip()
                    if elemento.tag == "div":
                        self._aparte(elemento, latex)
                    else:
                        self._en_linea(elemento, latex)
                        _abrir(padre, i)

    def _en_linea(self, elemento: ElementTree.Element, latex: str) -> None:
        """La unidad y la puntuación van dentro: no pueden empezar renglón."""
        formula = a_mathml(latex)
        letras = re.sub(r"<annotation.*?</annotation>|<[^>]*>", "", formula)
        elemento.set("class", "formula larga" if len(letras) > LARGA else "formula")
        tras = elemento.tail or ""
        puntos = re.match(rf"(?: {UNIDAD})?[.,;:!?)»\]]*", tras)[0]
        elemento.text = self.md.htmlStash.store(formula) + puntos.replace(" ", DURO)
        elemento.tail = tras[len(puntos) :]

    def _aparte(self, elemento: ElementTree.Element, latex: str) -> None:
        elemento.text = None
        elemento.set("class", "ecuacion")
        formula = ElementTree.SubElement(elemento, "div", {"class": "formula"})
        etiqueta = ETIQUETA.search(latex)
        if etiqueta:
            latex = sin_etiqueta(latex)
            self._numero(elemento, self.curso.indice.buscar(etiqueta["sena"]))
        # Las líneas en blanco partirían la fórmula; un comentario la cortaría.
        latex = re.sub(r"\s*\n\s*", " ", latex)
        formula.text = self.md.htmlStash.store(a_mathml(latex, aparte=True))

    def _numero(self, elemento: ElementTree.Element, entrada: Entrada) -> None:
        elemento.set("id", entrada.sena)
        enlace = ElementTree.SubElement(
            elemento,
            "a",
            {"class": "numero", "href": f"#{entrada.sena}", "data-search-exclude": "1"},
        )
        enlace.text = f"({entrada.numero})"
        if entrada.objeto:
            elemento.set("data-implementa", entrada.objeto)
            destino = self.curso.enlace_a_codigo(entrada.objeto)
            atributos = {"class": "implementa", "title": f"apuntes.{entrada.objeto}"}
            if destino:
                atributos["href"] = destino
            etiqueta = "a" if destino else "span"
            codigo = ElementTree.SubElement(elemento, etiqueta, atributos)
            nombre = entrada.objeto.rsplit(".", 1)[-1]
            ElementTree.SubElement(codigo, "code").text = nombre


def _abrir(padre: ElementTree.Element, i: int) -> None:
    """Mete en la fórmula el paréntesis o la comilla que la abre, por lo mismo."""
    previo = padre[i - 1].tail if i else padre.text
    signos = re.search(r"[(«\[¿¡]*$", previo or "")[0]
    if not signos:
        return
    padre[i].text = signos + padre[i].text
    if i:
        padre[i - 1].tail = previo[: -len(signos)]
    else:
        padre.text = previo[: -len(signos)]
