"""Bloque `/// ecuaciones`: cada ecuación numerada, su código y su prueba."""

from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from pymdownx.blocks.block import Block

from sitio.formulas import a_mathml
from sitio.indice import Entrada
from sitio.pruebas import evaluadas, pruebas_de

PRUEBAS = Path("tests")


class Ecuaciones(Block):
    """Las ecuaciones numeradas de todo el curso, por capítulo."""

    NAME = "ecuaciones"
    curso = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea un desplegable por capítulo; la lista sale del índice."""
        caja = ElementTree.SubElement(
            parent, "div", {"class": "ecuaciones", "data-search-exclude": ""}
        )
        todas = self.curso.indice.values()
        entradas = [e for e in todas if e.clase == "ecuacion" and e.numero]
        entradas.sort(key=lambda e: [int(n) for n in e.numero.split(".")])
        self.evaluadas = evaluadas(PRUEBAS)
        for pagina, suyas in groupby(entradas, key=lambda e: e.pagina):
            self._capitulo(caja, pagina, list(suyas))
        return caja

    def _capitulo(
        self, caja: ElementTree.Element, pagina: str, suyas: list[Entrada]
    ) -> None:
        [capitulo] = self.curso.indice.de_pagina(pagina, "capitulo")
        detalles = ElementTree.SubElement(caja, "details", {"open": ""})
        resumen = ElementTree.SubElement(detalles, "summary")
        hechas = sum(e.sena in self.evaluadas for e in suyas)
        resumen.text = (
            f"{capitulo.numero}. {capitulo.titulo}: {hechas} de {len(suyas)} evaluadas"
        )
        for entrada in suyas:
            self._ecuacion(detalles, entrada)

    def _ecuacion(self, detalles: ElementTree.Element, entrada: Entrada) -> None:
        caja = ElementTree.SubElement(detalles, "div", {"class": "ecuacion listada"})
        formula = ElementTree.SubElement(caja, "div", {"class": "formula"})
        mathml = a_mathml(" ".join(entrada.latex.split()), aparte=True)
        formula.text = self.md.htmlStash.store(mathml)
        destino = self.curso.enlace(entrada.pagina, entrada.sena)
        numero = _hijo(caja, "a", f"({entrada.numero})", destino)
        numero.set("class", "numero")
        ficha = ElementTree.SubElement(caja, "ul", {"class": "ficha"})
        if entrada.objeto:
            self._codigo(ElementTree.SubElement(ficha, "li"), entrada.objeto)
            self._prueba(ElementTree.SubElement(ficha, "li"), entrada.objeto)
        else:
            clase = entrada.opciones.get("sin_codigo", "").capitalize()
            ElementTree.SubElement(ficha, "li").text = f"{clase}, sin función propia"
        if entrada.sena in self.evaluadas:
            ElementTree.SubElement(ficha, "li").text = "Evaluada tal y como se lee"

    def _codigo(self, linea: ElementTree.Element, objeto: str) -> None:
        linea.text = "Código: "
        destino = self.curso.enlace_a_codigo(objeto)
        codigo = _hijo(linea, "a" if destino else "span", "", destino)
        ElementTree.SubElement(codigo, "code").text = objeto

    def _prueba(self, linea: ElementTree.Element, objeto: str) -> None:
        pruebas = pruebas_de(objeto, PRUEBAS)
        if not pruebas:
            linea.text = "Sin prueba"
            return
        (nombre, renglon), *otras = pruebas
        fichero = f"test_{objeto.split('.')[0]}.py"
        linea.text = "Prueba: "
        repo = self.curso.getConfig("repo")
        destino = f"{repo}/blob/main/tests/{fichero}#L{renglon}" if repo else ""
        enlace = _hijo(linea, "a" if destino else "span", "", destino)
        ElementTree.SubElement(enlace, "code").text = f"{fichero}::{nombre}"
        if otras:
            enlace.tail = f" y {len(otras)} más" if len(otras) > 1 else " y otra más"


def _hijo(
    padre: ElementTree.Element, etiqueta: str, texto: str, destino: str
) -> ElementTree.Element:
    """Un enlace, o un texto suelto si no hay adónde."""
    hijo = ElementTree.SubElement(padre, etiqueta)
    if destino:
        hijo.set("href", destino)
    hijo.text = texto
    return hijo


BLOQUES = (Ecuaciones,)
