"""Bloque `/// ecuaciones`: cada ecuación numerada, su código y su prueba."""

from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from pymdownx.blocks.block import Block

from sitio.formulas import a_mathml
from sitio.indice import Entrada
from sitio.pruebas import evaluadas, pruebas_de
from sitio.referencias import a_texto

PRUEBAS = Path("tests")


class Ecuaciones(Block):
    """Las ecuaciones numeradas de todo el curso, por capítulo."""

    NAME = "ecuaciones"
    curso = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea un desplegable por capítulo; la lista sale del índice."""
        caja = ElementTree.SubElement(parent, "div", {"class": "ecuaciones"})
        entradas = self._numeradas()
        entradas.sort(key=lambda e: [int(n) for n in e.numero.split(".")])
        self.evaluadas = evaluadas(PRUEBAS)
        for pagina, suyas in groupby(entradas, key=lambda e: e.pagina):
            self._capitulo(caja, pagina, list(suyas))
        return caja

    def _numeradas(self) -> list[Entrada]:
        """Las ecuaciones numeradas; de paso, apunta en qué sección está cada una."""
        self.secciones, seccion, entradas = {}, None, []
        for entrada in self.curso.indice.values():
            if entrada.clase in ("capitulo", "seccion"):
                seccion = entrada
            elif entrada.clase == "ecuacion" and entrada.numero:
                self.secciones[entrada.sena] = seccion
                entradas.append(entrada)
        return entradas

    def _capitulo(
        self, caja: ElementTree.Element, pagina: str, suyas: list[Entrada]
    ) -> None:
        [capitulo] = self.curso.indice.de_pagina(pagina, "capitulo")
        detalles = ElementTree.SubElement(
            caja, "details", {"open": "", "data-search-exclude": "1"}
        )
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
        _hijo(caja, "a", f"({entrada.numero})", destino).set("class", "numero")
        ficha = ElementTree.SubElement(caja, "ul", {"class": "ficha"})
        self._donde(_hijo(ficha, "li", "En "), self.secciones[entrada.sena])
        if entrada.objeto:
            self._codigo(_hijo(ficha, "li", "Código: "), entrada.objeto)
            self._prueba(_hijo(ficha, "li", "Prueba: "), entrada.objeto)
        else:
            clase = entrada.opciones.get("sin_codigo", "sin marca").capitalize()
            _hijo(ficha, "li", f"{clase}, sin función propia")
        if entrada.sena in self.evaluadas:
            _hijo(ficha, "li", "Evaluada tal y como se lee")

    def _donde(self, linea: ElementTree.Element, seccion: Entrada) -> None:
        nombre = f"{seccion.rotulo} {a_texto(seccion.titulo)}"
        _hijo(linea, "a", nombre, self.curso.enlace(seccion.pagina, seccion.sena))

    def _codigo(self, linea: ElementTree.Element, objeto: str) -> None:
        destino = self.curso.enlace_a_codigo(objeto)
        codigo = _hijo(linea, "a" if destino else "span", "", destino)
        _hijo(codigo, "code", objeto)

    def _prueba(self, linea: ElementTree.Element, objeto: str) -> None:
        pruebas = pruebas_de(objeto, PRUEBAS)
        if not pruebas:
            linea.text += "ninguna"
            return
        (nombre, renglon), *otras = pruebas
        fichero = f"test_{objeto.split('.')[0]}.py"
        repo = self.curso.getConfig("repo")
        destino = f"{repo}/blob/main/tests/{fichero}#L{renglon}" if repo else ""
        enlace = _hijo(linea, "a" if destino else "span", "", destino)
        _hijo(enlace, "code", f"{fichero}::{nombre}")
        if otras:
            enlace.tail = f" y {len(otras)} más" if len(otras) > 1 else " y otra más"


def _hijo(
    padre: ElementTree.Element, etiqueta: str, texto: str, destino: str = ""
) -> ElementTree.Element:
    """Un elemento con su texto, y con su enlace si lo hay."""
    hijo = ElementTree.SubElement(padre, etiqueta, {"href": destino} if destino else {})
    hijo.text = texto
    return hijo


BLOQUES = (Ecuaciones,)
