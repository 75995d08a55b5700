"""Los bloques de una página compuesta, como párrafos de Markdown corriente."""

import base64
import re
from collections.abc import Callable
from html import unescape
from xml.etree.ElementTree import Element

from apuntes.figures.style import on_paper
from sitio.codigo import Codigo
from sitio.prosa import ESPECIALES, Prosa, latex


class Parrafos(Prosa):
    """Escribe en Markdown los bloques de una página, menos el código que se ejecuta."""

    def __init__(
        self,
        guardado: list[str],
        absoluto: Callable[[str], str],
        codigos: dict[str, Codigo],
    ):
        super().__init__(guardado, absoluto)
        self.codigos = codigos
        self.plegados: list[Codigo] = []  # los que se leen y no se ejecutan

    def bloques(self, elemento: Element) -> list[str]:
        """Un elemento de bloque, como párrafos de Markdown."""
        clases = elemento.get("class", "").split()
        if (html := self.crudo(elemento)) is not None:
            return [self.bloque_crudo(html)]
        match elemento.tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                return [f"{'#' * int(elemento.tag[1])} {self.linea(elemento)}"]
            case "p" if "con-juego" in clases:
                return []  # en un cuaderno queda el dibujo
            case "p" if {"rotulo", "admonition-title"} & set(clases):
                return [f"**{self.linea(elemento)}**"]
            case "p":
                return [self.linea(elemento)]
            case "ul" | "ol":
                return [self._lista(elemento)]
            case "table":
                return [self._tabla(elemento)]
            case "details":
                return self._desplegable(elemento)
            case "blockquote":
                citado = "\n\n".join(self._hijos(elemento))
                return [re.sub("^", "> ", citado, flags=re.MULTILINE)]
            case "hr":
                return ["---"]
            case "figure" if "data-dibujo" in elemento.attrib:
                orden = f"```python\n{dibujar(elemento.get('data-dibujo'))}\n```"
                return [orden, *self._hijos(elemento)]
            case "div" if "ecuacion" in clases:
                return self._ecuacion(elemento)
        return self._hijos(elemento)

    def bloque_crudo(self, html: str) -> str:
        """Un bloque ya en HTML: dibujo, fórmula o código que no se ejecuta."""
        if html.lstrip().startswith("<svg"):
            return imagen(html)
        if "<code" not in html:
            return html
        plegado = self.codigos.get(html) or Codigo("", texto_de(html))
        self.plegados.append(plegado)
        return f"```{plegado.lenguaje}\n{plegado.texto.strip()}\n```"

    def _hijos(self, elemento: Element) -> list[str]:
        if any(hijo.tag in EN_BLOQUE for hijo in elemento):
            return [b for hijo in elemento for b in self.bloques(hijo) if b]
        return [self.linea(elemento)]

    def _lista(self, lista: Element) -> str:
        lineas = []
        for numero, punto in enumerate(lista, start=int(lista.get("start", 1))):
            marca = f"{numero}. " if lista.tag == "ol" else "- "
            bloques = self._punto(punto)
            sangria = " " * len(marca)
            lineas.append(marca + "\n\n".join(bloques).replace("\n", f"\n{sangria}"))
        return "\n".join(lineas)

    def _punto(self, punto: Element) -> list[str]:
        """Lo que hay en un punto: su texto y, debajo, sus bloques."""
        suelto = Element("p")
        suelto.text = punto.text
        debajo = []
        for hijo in punto:
            if hijo.tag in EN_BLOQUE:
                debajo += self.bloques(hijo)
            else:
                suelto.append(hijo)
        return [b for b in [self.linea(suelto), *debajo] if b]

    def _tabla(self, tabla: Element) -> str:
        filas = [[self.linea(celda) for celda in fila] for fila in tabla.iter("tr")]
        filas.insert(1, ["---"] * len(filas[0]))
        return "\n".join(f"| {' | '.join(fila)} |" for fila in filas)

    def _desplegable(self, detalles: Element) -> list[str]:
        """Plegado también en el cuaderno."""
        resumen, *hijos = detalles
        dentro = [b for hijo in hijos for b in self.bloques(hijo) if b]
        cabeza = f"<details>\n<summary>{self.linea(resumen)}</summary>"
        return ["\n\n".join([cabeza, *dentro, "</details>"])]

    def _ecuacion(self, ecuacion: Element) -> list[str]:
        """La fórmula, con su número y, debajo, la función que la calcula."""
        formula = ecuacion.find("div[@class='formula']")
        numero = ecuacion.find("a[@class='numero']")
        codigo = ecuacion.find("*[@class='implementa']")
        etiqueta = "" if numero is None else rf" \tag{{{numero.text.strip('()')}}}"
        escrita = f"$$\n{latex(self.crudo(formula))}{etiqueta}\n$$"
        return [escrita] if codigo is None else [escrita, f"→ {self._en_linea(codigo)}"]


EN_BLOQUE = {
    *("p", "div", "ul", "ol", "table", "figure", "figcaption", "details", "section"),
    *("blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "article"),
}


def texto_de(html: str) -> str:
    """El texto de un bloque de código resaltado."""
    dentro = html[html.index("<code") : html.rindex("</code>")]
    return unescape(re.sub(r"<[^>]*>", "", dentro)).strip("\n")


def dibujar(nombre: str) -> str:
    """El código que dibuja una figura, sin tapar ningún nombre de la página."""
    modulo = nombre.partition(".")[0]
    return f"import apuntes.figures.{modulo}\n\napuntes.figures.{nombre}()"


def leyenda(svg: str) -> str:
    """El texto para quien no ve el dibujo."""
    return unescape(re.search(r'aria-label="([^"]*)"', svg)[1])


def imagen(svg: str) -> str:
    """Un dibujo dentro del propio texto, donde no puede ser la salida de una celda."""
    svg = on_paper(svg)
    if "xmlns=" not in svg:
        svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    datos = base64.b64encode(svg.encode()).decode()
    return f"![{ESPECIALES.sub('', leyenda(svg))}](data:image/svg+xml;base64,{datos})"
