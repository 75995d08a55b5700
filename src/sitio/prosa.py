"""De la página compuesta a Markdown corriente: el que entiende un cuaderno de Jupyter.

Parte del árbol de Python-Markdown, con los números, las citas y las cifras puestos;
código, fórmulas y dibujos, que ya son HTML, salen de lo que la página guardó aparte.
Aquí, lo que cabe en una línea; en `parrafos`, los bloques.
"""

import re
from collections.abc import Callable
from html import unescape
from xml.etree.ElementTree import Element

# Lo que Python-Markdown deja en el texto: HTML guardado, escapes y signos `&`.
GUARDADO = re.compile("\x02wzxhzdk:(\\d+)\x03")
ESCAPE = re.compile("\x02(\\d+)\x03")
LATEX = re.compile(r"<annotation[^>]*>(.*?)</annotation>", re.DOTALL)
ESPECIALES = re.compile(r"([\\`*_$|])")
MARCAS = {"strong": "**", "b": "**", "em": "*", "i": "*"}


class Prosa:
    """Escribe en Markdown el texto de una página.

    Args:
        guardado: el HTML que la página guardó aparte.
        absoluto: da la dirección completa de un enlace.
    """

    def __init__(self, guardado: list[str], absoluto: Callable[[str], str]):
        self.guardado, self.absoluto = guardado, absoluto

    def crudo(self, elemento: Element) -> str | None:
        """El HTML guardado que es todo lo que hay en un elemento, si es el caso."""
        entero = GUARDADO.fullmatch((elemento.text or "").strip())
        return self.guardado[int(entero[1])] if entero and not len(elemento) else None

    def linea(self, elemento: Element) -> str:
        """El contenido de un elemento, en una línea."""
        partes = [self.texto(elemento.text)]
        for hijo in elemento:
            partes += [self._en_linea(hijo), self.texto(hijo.tail)]
        return re.sub(r"[ \n]+", " ", "".join(partes)).strip(" ")

    def texto(self, texto: str | None) -> str:
        """Texto sin marcas, con sus fórmulas entre `$`."""
        trozos = GUARDADO.split(texto or "")
        for i, trozo in enumerate(trozos):
            if i % 2:
                html = self.guardado[int(trozo)]
                trozos[i] = f"${latex(html)}$" if "<math" in html else html
            else:
                literal = ESPECIALES.sub(r"\\\1", _sin_escapes(trozo))
                trozos[i] = literal.replace("<", "&lt;")
        return "".join(trozos)

    def _en_linea(self, elemento: Element) -> str:
        dentro = self.linea(elemento)
        match elemento.tag:
            case "strong" | "b" | "em" | "i":
                marca = MARCAS[elemento.tag]
                return f"{marca}{dentro}{marca}" if dentro else ""
            case "code":
                texto = GUARDADO.sub(
                    lambda m: self.guardado[int(m[1])], "".join(elemento.itertext())
                )
                texto = unescape(_sin_escapes(texto))
                cerca = "``" if "`" in texto else "`"
                return f"{cerca}{texto}{cerca}"
            case "a":
                return f"[{dentro}]({self.absoluto(elemento.get('href', ''))})"
            case "sub" | "sup" | "kbd":
                return f"<{elemento.tag}>{dentro}</{elemento.tag}>"
            case "br":
                return "<br>"
            case "img":
                return f"![{elemento.get('alt')}]({self.absoluto(elemento.get('src'))})"
        return dentro


def latex(mathml: str) -> str:
    """El LaTeX que una fórmula lleva dentro."""
    return unescape(LATEX.search(mathml)[1]).strip()


def _sin_escapes(texto: str) -> str:
    texto = ESCAPE.sub(lambda m: chr(int(m[1])), texto)
    return texto.replace("\x02amp\x03", "&")
