"""Bloques `/// tipo | sena` del curso: figura, tabla, código, ejercicio y demás."""

import re
from xml.etree import ElementTree

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import STX
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block, type_string

from apuntes.exercises import catalogue
from apuntes.figures.style import embed
from sitio import figuras
from sitio.correccion import caja_de_correccion


def registrar(md: Markdown, curso, tipos: list[type[Block]]) -> None:
    """Añade los bloques a `md`; todos comparten el índice del curso."""
    extension = BlocksExtension()

    def anadir(md: Markdown, gestor) -> None:
        for tipo in tipos:
            gestor.register(type(tipo.__name__, (tipo,), {"curso": curso}), {})

    extension.extendMarkdownBlocks = anadir
    extension.extendMarkdown(md)
    md.treeprocessors.register(BloquesTreeprocessor(md), "bloques-mal-escritos", 19)


class BloquesTreeprocessor(Treeprocessor):
    """Un bloque mal escrito quedaría como texto: mejor un error que publicarlo."""

    def run(self, root: ElementTree.Element) -> None:
        """Recorre los párrafos de la página."""
        for parrafo in root.iter("p"):
            if (parrafo.text or "").lstrip().startswith("///"):
                raise ValueError(
                    "bloque mal escrito: opciones que no son YAML o tipo inventado; "
                    f"se recibió {parrafo.text.strip()[:80]!r}"
                )


class Numerado(Block):
    """Lo común: una seña, su entrada en el índice y un rótulo que es su enlace."""

    ARGUMENT = True
    curso = None

    @property
    def entrada(self):
        """La entrada del índice que este bloque dibuja."""
        return self.curso.indice.buscar(self.argument.strip(), self.curso.pagina)

    def rotulo(self) -> ElementTree.Element:
        """«Figura 2.3», enlazado a sí mismo para poder copiar su dirección."""
        texto = self.entrada.rotulo
        enlace = ElementTree.Element(
            "a", {"class": "rotulo", "href": f"#{self.entrada.sena}"}
        )
        enlace.text = texto[0].upper() + texto[1:]
        return enlace

    def encabezar(self, parrafo: ElementTree.Element) -> None:
        """Pone el rótulo al principio de un párrafo; fuera de un capítulo no lo hay."""
        if not self.entrada.numero:
            return
        enlace = self.rotulo()
        texto = parrafo.text or ""
        enlace.tail = f". {texto.lstrip()}" if texto.strip() or len(parrafo) else "."
        parrafo.text = None
        parrafo.insert(0, enlace)


class Figura(Numerado):
    """Una figura con su pie: la de `dibujo:` o el bloque `svg` de su cuerpo.

    Con `juego:`, la página carga `recursos/juegos/<juego>.js`, que la vuelve
    interactiva; sin JavaScript, en papel y en un cuaderno queda el dibujo.
    """

    NAME = "figura"
    OPTIONS = {  # noqa: RUF012
        opcion: ("", type_string) for opcion in ("dibujo", "alt", "juego")
    }

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea la caja; sin `alt`, la figura no existe para quien no la ve."""
        if not self.options["alt"]:
            raise ValueError(
                f"una figura necesita `alt:`; se recibió {self.argument!r} sin él"
            )
        atributos = {"class": "figura", "id": self.entrada.sena}
        for opcion in ("dibujo", "juego"):
            if self.options[opcion]:
                atributos[f"data-{opcion}"] = self.options[opcion]
        caja = ElementTree.SubElement(parent, "figure", atributos)
        self.dibujo = ElementTree.SubElement(
            caja, "div", {"class": "dibujo", "data-search-exclude": "1"}
        )
        self.pie = ElementTree.SubElement(caja, "figcaption")
        return caja

    def on_add(self, block: ElementTree.Element) -> ElementTree.Element:
        """El cuerpo es el pie."""
        return self.pie

    def on_end(self, block: ElementTree.Element) -> None:
        """Mete el SVG en la página, para que su tinta siga al tema, y rotula el pie."""
        guardado = self.md.htmlStash
        if self.options["dibujo"]:
            curso = figuras.de_curso(self.curso.indice)
            svg = figuras.leer(self.options["dibujo"], curso)
        else:
            hueco = self.pie[0]
            self.pie.remove(hueco)
            svg = guardado.rawHtmlBlocks[int(re.search(r"\d+", hueco.text)[0])]
        sena = self.entrada.sena
        svg = embed(svg, name=sena, alt=self.options["alt"])
        self.dibujo.text = guardado.store(svg)
        parrafo = self.pie.find("p")
        self.encabezar(
            ElementTree.SubElement(self.pie, "p") if parrafo is None else parrafo
        )


class Tabla(Numerado):
    """Una tabla, o un código, con su pie delante, que es el primer párrafo."""

    NAME = "tabla"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea la caja."""
        atributos = {"class": self.NAME, "id": self.entrada.sena}
        if self.entrada.objeto:
            atributos["data-objeto"] = self.entrada.objeto
        return ElementTree.SubElement(parent, "figure", atributos)

    def on_end(self, block: ElementTree.Element) -> None:
        """Pasa el primer párrafo a ser el pie y lo numera."""
        pie = ElementTree.Element("figcaption")
        primero = block[0] if len(block) else None
        if (
            primero is not None
            and primero.tag == "p"
            and STX not in (primero.text or "")
        ):
            block.remove(primero)
        else:
            primero = ElementTree.Element("p")
            primero.text = self.pie_por_defecto()
        pie.append(primero)
        block.insert(0, pie)
        self.encabezar(primero)

    def pie_por_defecto(self) -> str:
        """Lo que dice el pie si el autor no escribe ninguno."""
        return ""


class Codigo(Tabla):
    """Una sección del paquete."""

    NAME = "codigo"

    def pie_por_defecto(self) -> str:
        """El camino completo de lo que se enseña."""
        return f"`apuntes.{self.entrada.objeto}`"


class Ejercicio(Numerado):
    """Enunciado numerado."""

    NAME = "ejercicio"
    OPTIONS = {"titulo": ("", type_string)}  # noqa: RUF012

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea la caja con su rótulo."""
        caja = ElementTree.SubElement(
            parent, "section", {"class": "ejercicio", "id": self.entrada.sena}
        )
        titulo = ElementTree.SubElement(caja, "p", {"class": "rotulo"})
        titulo.text = self.options["titulo"]
        self.encabezar(titulo)
        return caja

    def on_end(self, block: ElementTree.Element) -> None:
        """Si el ejercicio se corrige solo, lo dice y enseña con qué código."""
        if solo := catalogue().get(self.entrada.sena):
            caja_de_correccion(block, solo, self.md)


class Solucion(Numerado):
    """Solución plegada de un ejercicio; se abre sin JavaScript."""

    NAME = "solucion"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea el desplegable."""
        caja = ElementTree.SubElement(
            parent, "details", {"class": "solucion", "data-search-exclude": "1"}
        )
        resumen = ElementTree.SubElement(caja, "summary")
        resumen.text = f"Solución del {self.entrada.rotulo}"
        return caja


class Error(Block):
    """Un error frecuente."""

    NAME = "error"
    ARGUMENT = True
    curso = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea el recuadro."""
        clase = {"class": "admonition warning error-frecuente"}
        caja = ElementTree.SubElement(parent, "div", clase)
        ElementTree.SubElement(
            caja, "p", {"class": "admonition-title"}
        ).text = self.argument
        return caja


BLOQUES = (Figura, Tabla, Codigo, Ejercicio, Solucion, Error)
