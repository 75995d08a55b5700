"""Extensión de Python-Markdown con el vocabulario del curso (CONTRIBUTING.md).

Se usa en `mkdocs.yml` como `sitio.curso`, detrás de `pymdownx.arithmatex`.
"""

import posixpath
import re
from pathlib import Path
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from sitio import (
    bloques,
    consulta,
    ecuaciones,
    ejercicios,
    erratas,
    notacion,
    referencias,
    versiones,
)
from sitio.bibliografia import leer_bibliografia
from sitio.cuadernos import CuadernosTreeprocessor
from sitio.formulas import FormulasTreeprocessor
from sitio.indice import CABECERA, Indice, SenaError, leer_curso
from sitio.senas import MUDANZAS, Mudanza, direccion, leer
from sitio.tipografia import TipografiaTreeprocessor

# Secciones que repiten con otras palabras lo que el buscador ya encuentra en su sitio.
NO_SE_BUSCAN = ("Resumen", "Fuentes")


class Curso(Extension):
    """Números, referencias, fórmulas y bloques del curso."""

    def __init__(self, **opciones):
        self.config = {
            "docs": ["docs", "carpeta de las páginas"],
            "resultados": ["results", "carpeta de las cifras medidas"],
            "repo": ["", "dirección del repositorio"],
            "sitio": ["", "dirección en que se publica; sin ella no hay cuadernos"],
            "ultima": ["", "la de la última versión, si esta es una guardada"],
            "versiones": ["", "direcciones de las versiones publicadas"],
            "mudanzas": [str(MUDANZAS), "señas que cambiaron de sitio"],
        }
        super().__init__(**opciones)
        self.pagina = ""
        self.indice = Indice()

    @property
    def bibliografia(self) -> dict:
        """Obras de `bibliografia.bib`, por clave."""
        return leer_bibliografia(Path(self.getConfig("docs")) / "bibliografia.bib")

    def enlace(self, pagina: str, sena: str) -> str:
        """Enlace relativo, desde la página en curso, a una seña de otra."""
        if pagina == self.pagina:
            return f"#{sena}"
        desde = posixpath.dirname(self.pagina)
        return f"{posixpath.relpath(pagina, desde or '.')}#{sena}"

    def enlace_a_codigo(self, objeto: str) -> str:
        """Enlace al listado de `objeto`; si no lo hay, al repositorio, si se conoce."""
        objeto = objeto.removesuffix("_grad")
        for entrada in self.indice.values():
            if entrada.clase == "codigo" and entrada.objeto == objeto:
                return self.enlace(entrada.pagina, entrada.sena)
        repo = self.getConfig("repo")
        modulo = objeto.rsplit(".", 1)[0].replace(".", "/")
        return f"{repo}/blob/main/src/apuntes/{modulo}.py" if repo else ""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (nombre de la biblioteca)
        """Registra cada pieza; los números son prioridades de Python-Markdown."""
        md.registerExtension(self)
        md.preprocessors.register(PaginaPreprocessor(md, self), "pagina", 40)
        referencias.registrar(md, self)
        modulos = (
            *(bloques, consulta, ecuaciones, ejercicios),
            *(erratas, notacion, versiones),
        )
        tipos = [tipo for modulo in modulos for tipo in modulo.BLOQUES]
        bloques.registrar(md, self, tipos)
        # Tras el análisis en línea (20) y antes de que `relpath` (0) valide enlaces.
        md.treeprocessors.register(FormulasTreeprocessor(md, self), "formulas", 15)
        # Tras `attr_list` (8), que pone las señas, y antes de `toc` (5), que las lee.
        md.treeprocessors.register(TitulosTreeprocessor(md, self), "titulos", 7)
        md.treeprocessors.register(MudanzasTreeprocessor(md, self), "mudanzas", 17)
        md.treeprocessors.register(CuadernosTreeprocessor(md, self), "cuadernos", 6)
        # Tras el cuaderno, que se edita y lleva espacios corrientes.
        md.treeprocessors.register(TipografiaTreeprocessor(md, self), "tipo", 5.5)

    def reset(self) -> None:
        """Olvida la página anterior."""
        self.pagina = ""


class PaginaPreprocessor(Preprocessor):
    """Lee el índice y reconoce la página por la seña de su título, que es única."""

    def __init__(self, md: Markdown, curso: Curso):
        super().__init__(md)
        self.curso = curso

    def run(self, lines: list[str]) -> list[str]:
        """Deja el texto como está."""
        self.curso.indice = leer_curso(self.curso.getConfig("docs"))
        for linea in lines:
            cabecera = CABECERA.match(linea)
            if cabecera and len(cabecera[1]) == 1:
                sena = re.search(r"#([\w-]+)", cabecera[3])[1]
                self.curso.pagina = self.curso.indice.buscar(sena).pagina
                break
        return lines


class TitulosTreeprocessor(Treeprocessor):
    """Pone delante de cada título el número que le da el índice."""

    def __init__(self, md: Markdown, curso: Curso):
        super().__init__(md)
        self.curso = curso

    def run(self, root: ElementTree.Element) -> None:
        """Recorre los títulos de la página."""
        for titulo in root.iter():
            entrada = self.curso.indice.get(titulo.get("id", ""))
            if entrada and entrada.titulo in NO_SE_BUSCAN:
                titulo.set("data-search-exclude", "1")
            if (
                titulo.tag not in {"h1", "h2", "h3"}
                or not entrada
                or not entrada.numero
            ):
                continue
            punto = "." if titulo.tag == "h1" else ""
            numero = ElementTree.Element("span", {"class": "numero"})
            numero.text = f"{entrada.numero}{punto}"
            numero.tail = f" {titulo.text or ''}"
            titulo.text = None
            titulo.insert(0, numero)


class MudanzasTreeprocessor(Treeprocessor):
    """Deja al final de la página las señas que se fueron, con un enlace a dónde."""

    def __init__(self, md: Markdown, curso: Curso):
        super().__init__(md)
        self.curso = curso

    def run(self, root: ElementTree.Element) -> None:
        """Añade un párrafo por mudanza; un destino que no existe es un error."""
        for mudanza in leer(Path(self.curso.getConfig("mudanzas")), Mudanza):
            if mudanza.pagina != direccion(self.curso.pagina):
                continue
            destino = self.curso.indice.buscar(mudanza.destino, "mudanzas.csv")
            if direccion(destino.pagina) == mudanza.pagina:
                if mudanza.destino == mudanza.sena:
                    continue  # solo cambió de título
                if mudanza.sena in self.curso.indice:
                    raise SenaError(
                        "una seña mudada no puede seguir en su página; "
                        f"se recibió {mudanza.sena!r} en mudanzas.csv"
                    )
            parrafo = ElementTree.SubElement(
                root, "p", {"class": "mudanza", "id": mudanza.sena}
            )
            parrafo.text = "Lo que tenía esta dirección está ahora en "
            href = self.curso.enlace(destino.pagina, destino.sena)
            enlace = ElementTree.SubElement(parrafo, "a", {"href": href})
            enlace.text, enlace.tail = destino.rotulo, "."


def makeExtension(**opciones) -> Curso:  # noqa: N802  (nombre que busca Python-Markdown)
    """Punto de entrada de Python-Markdown."""
    return Curso(**opciones)
