"""Los ejercicios del curso: su lista y el índice que se lleva el paquete.

`python -m sitio.ejercicios` escribe `apuntes/exercises/indice.json`, que dice al
paquete qué número lleva cada seña; `make senas` también lo hace.
"""

import json
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from pymdownx.blocks.block import Block

from apuntes.exercises import catalogue
from sitio.indice import Entrada, Indice, leer_curso
from sitio.senas import direccion

INDICE = Path(__file__).parents[1] / "apuntes/exercises/indice.json"


def ejercicios(indice: Indice) -> list[Entrada]:
    """Los ejercicios numerados de todo el curso, en su orden."""
    todos = [e for e in indice.values() if e.clase == "ejercicio" and e.numero]
    return sorted(todos, key=lambda e: [int(n) for n in e.numero.split(".")])


def indice_del_paquete(indice: Indice) -> str:
    """El contenido de `indice.json`: número, título y página de cada seña."""
    lineas = []
    for e in ejercicios(indice):
        [capitulo] = indice.de_pagina(e.pagina, "capitulo")
        fila = {
            "numero": e.numero,
            "titulo": e.titulo,
            "pagina": direccion(e.pagina),
            "capitulo": f"{capitulo.numero}. {capitulo.titulo}",
        }
        lineas.append(f'"{e.sena}": {json.dumps(fila, ensure_ascii=False)}')
    return "{\n" + ",\n".join(lineas) + "\n}\n"


def escribir(docs: str | Path = "docs", destino: Path = INDICE) -> int:
    """Escribe el índice del paquete; da cuántos ejercicios hay."""
    indice = leer_curso(docs)
    destino.write_text(indice_del_paquete(indice), encoding="utf-8")
    return len(ejercicios(indice))


class Ejercicios(Block):
    """Todos los ejercicios del curso, por capítulo."""

    NAME = "ejercicios"
    curso = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea un desplegable por capítulo; la lista sale del índice."""
        caja = ElementTree.SubElement(
            parent, "div", {"class": "ejercicios", "data-search-exclude": "1"}
        )
        todos = ejercicios(self.curso.indice)
        for pagina, suyos in groupby(todos, key=lambda e: e.pagina):
            self._capitulo(caja, pagina, list(suyos))
        return caja

    def _capitulo(
        self, caja: ElementTree.Element, pagina: str, suyos: list[Entrada]
    ) -> None:
        [capitulo] = self.curso.indice.de_pagina(pagina, "capitulo")
        detalles = ElementTree.SubElement(caja, "details", {"open": ""})
        solos = sum(e.sena in catalogue() for e in suyos)
        ElementTree.SubElement(detalles, "summary").text = (
            f"{capitulo.numero}. {capitulo.titulo}: "
            f"{solos} de {len(suyos)} se corrigen solos"
        )
        tabla = ElementTree.SubElement(detalles, "table")
        cabecera = ElementTree.SubElement(ElementTree.SubElement(tabla, "thead"), "tr")
        for texto in ("N.º", "Ejercicio", "Solo"):
            ElementTree.SubElement(cabecera, "th").text = texto
        cuerpo = ElementTree.SubElement(tabla, "tbody")
        for entrada in suyos:
            self._fila(ElementTree.SubElement(cuerpo, "tr"), entrada)

    def _fila(self, fila: ElementTree.Element, entrada: Entrada) -> None:
        ElementTree.SubElement(fila, "td").text = entrada.numero
        destino = self.curso.enlace(entrada.pagina, entrada.sena)
        celda = ElementTree.SubElement(fila, "td")
        ElementTree.SubElement(celda, "a", {"href": destino}).text = entrada.titulo
        celda[-1].tail = " "
        ElementTree.SubElement(celda, "code").text = entrada.sena
        ElementTree.SubElement(fila, "td").text = (
            "sí" if entrada.sena in catalogue() else ""
        )


BLOQUES = (Ejercicios,)

if __name__ == "__main__":
    print(f"{escribir()} ejercicios")  # noqa: T201  (es una orden)
