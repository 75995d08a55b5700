"""Bloques de las páginas de consulta: glosario, bibliografía y cobertura."""

from xml.etree import ElementTree

from pymdownx.blocks.block import Block, type_string

from sitio.bibliografia import autores, referencia
from sitio.bloques import Numerado
from sitio.cobertura import tabla_de_cobertura
from sitio.indice import del_ingles


class Termino(Numerado):
    """Entrada del glosario."""

    NAME = "termino"
    OPTIONS = {"es": ("", type_string), "en": ("", type_string)}  # noqa: RUF012

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea la entrada, con el término en las dos lenguas."""
        caja = ElementTree.SubElement(
            parent, "div", {"class": "entrada", "id": self.entrada.sena}
        )
        nombre = ElementTree.SubElement(caja, "p", {"class": "nombre"})
        ElementTree.SubElement(nombre, "strong").text = self.options["es"]
        if self.options["en"]:
            nombre[0].tail = " · "
            ElementTree.SubElement(nombre, "em", {"lang": "en"}).text = self.options[
                "en"
            ]
        return caja


class Ingles(Block):
    """El glosario al revés: del inglés al término del curso, por orden alfabético."""

    NAME = "ingles"
    curso = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea la tabla; un término sin `en:` se llama igual en las dos lenguas."""
        tabla = ElementTree.SubElement(parent, "table", {"data-search-exclude": "1"})
        cabeza = ElementTree.SubElement(ElementTree.SubElement(tabla, "thead"), "tr")
        for texto in ("inglés", "español"):
            ElementTree.SubElement(cabeza, "th", {"scope": "col"}).text = texto
        cuerpo = ElementTree.SubElement(tabla, "tbody")
        for ingles, entrada in del_ingles(self.curso.indice):
            fila = ElementTree.SubElement(cuerpo, "tr")
            celda = ElementTree.SubElement(fila, "td")
            ElementTree.SubElement(celda, "em", {"lang": "en"}).text = ingles
            enlace = {"href": self.curso.enlace(entrada.pagina, entrada.sena)}
            celda = ElementTree.SubElement(fila, "td")
            ElementTree.SubElement(celda, "a", enlace).text = entrada.rotulo
        return tabla


class Bibliografia(Block):
    """Todas las obras de `bibliografia.bib`, por orden alfabético."""

    NAME = "bibliografia"
    curso = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea la lista."""
        lista = ElementTree.SubElement(
            parent, "ul", {"class": "obras", "data-search-exclude": "1"}
        )
        obras = self.curso.bibliografia.items()
        for clave, obra in sorted(
            obras, key=lambda par: (autores(par[1]), par[1]["year"])
        ):
            elemento = ElementTree.SubElement(lista, "li", {"id": clave})
            ElementTree.SubElement(elemento, "p").text = referencia(obra)
        return lista


class Cobertura(Block):
    """Qué sección enseña cada elemento de las cinco lecciones."""

    NAME = "cobertura"
    curso = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea la tabla; la cuenta sale de las cabeceras de los capítulos."""
        caja = ElementTree.SubElement(
            parent, "div", {"class": "cobertura", "data-search-exclude": "1"}
        )
        tabla_de_cobertura(caja, self.curso)
        return caja


BLOQUES = (Termino, Ingles, Bibliografia, Cobertura)
