"""Las celdas de un cuaderno: la prosa de una página y su código, con sus salidas."""

import ast
import doctest
import re
from xml.etree.ElementTree import Element

from apuntes.figures.style import on_paper
from sitio.codigo import Codigo
from sitio.copiar import Instruccion, rebanada, unir
from sitio.parrafos import Parrafos, dibujar, leyenda, texto_de
from sitio.salidas import (
    celda,
    de_codigo,
    ensenado,
    error,
    escrito,
    no_devuelve,
    resultado,
)

CAJAS = ("div", "section", "figure")


class Celdas:
    """Parte una página en celdas: la prosa de seguido, y cada código en la suya."""

    def __init__(self, prosa: Parrafos, historia: list[Instruccion]):
        self.prosa, self.historia = prosa, historia
        mudas = (i.nodo.name for i in historia if no_devuelve(i.nodo))
        self.escriben = {"print", *mudas}
        self.celdas: list[dict] = []
        self.parrafos: list[str] = []

    def recorrer(self, elemento: Element) -> None:
        """Añade las celdas de un elemento y de lo que contiene."""
        for hijo in elemento:
            html = self.prosa.crudo(hijo)
            clases = hijo.get("class", "").split()
            codigo = self.prosa.codigos.get(html)
            if codigo and codigo.se_ejecuta:
                self.ejecutable(codigo)
            elif html and re.match(r"<div [^>]*\bsalida\b", html):
                self.celdas[-1]["outputs"].append(escrito(texto_de(html)))
            elif "figura" in clases:
                self._figura(hijo)
            elif "tabbed-set" in clases:
                self._pestanas(hijo)
            elif html is None and hijo.tag in CAJAS and "ecuacion" not in clases:
                self.recorrer(hijo)
            else:
                if hijo.tag in ("h1", "h2", "h3"):
                    self.cerrar()
                self.parrafos += [b for b in self.prosa.bloques(hijo) if b]

    def cerrar(self) -> None:
        """Acaba la celda de prosa."""
        if self.parrafos:
            self.celdas.append(celda("markdown", "\n\n".join(self.parrafos)))
        self.parrafos = []

    def ejecutable(self, bloque: Codigo) -> None:
        """Una celda de código; un bloque `pycon`, una por cada salida."""
        self.cerrar()
        previo = self._plegado(bloque)
        if bloque.lenguaje != "pycon":
            self.celdas.append(de_codigo(previo + bloque.texto))
            return
        for ejemplo in doctest.DocTestParser().get_examples(bloque.texto):
            if not ejemplo.want:
                previo += ejemplo.source
                continue
            fuente = previo + self._a_la_vista(ejemplo.source)
            self.celdas.append(de_codigo(fuente, self._salida(ejemplo)))
            if ejemplo.exc_msg:
                self.celdas[-1]["metadata"]["tags"] = ["raises-exception"]
            previo = ""
        if previo:
            self.celdas.append(de_codigo(previo))

    def _plegado(self, bloque: Codigo) -> str:
        """Lo que el bloque necesita de las soluciones, que no se ejecutan."""
        sueltas = {i for p in self.prosa.plegados for i in range(p.desde, p.hasta)}
        if not sueltas:
            return ""
        propias = self.historia[bloque.desde : bloque.hasta]
        previas = rebanada(self.historia[: bloque.desde], propias)
        leidas = [self.historia[i] for i in sorted(sueltas)]
        faltan = [instruccion for instruccion in leidas if instruccion in previas]
        return f"{unir(faltan)}\n" if faltan else ""

    def _escribe(self, fuente: str) -> bool:
        """Si llama a algo que escribe en vez de dar un valor."""
        llamadas = [n for n in ast.walk(ast.parse(fuente)) if isinstance(n, ast.Call)]
        return any(ast.unparse(n.func) in self.escriben for n in llamadas)

    def _a_la_vista(self, fuente: str) -> str:
        """Pide los valores de dentro de un `with`, que solo enseña una consola."""
        ultima = ast.parse(fuente).body[-1]
        if not isinstance(ultima, ast.With | ast.For) or self._escribe(fuente):
            return fuente
        valor = ast.get_source_segment(fuente, ultima.body[-1])
        return fuente.replace(valor, f"display({valor})")

    def _salida(self, ejemplo: doctest.Example) -> dict:
        """La salida de un ejemplo, de la clase que le daría el núcleo."""
        texto = ejemplo.want.rstrip("\n")
        if ejemplo.exc_msg:
            return error(ejemplo)
        if self._escribe(ejemplo.source):
            return escrito(texto)
        if isinstance(ast.parse(ejemplo.source).body[-1], ast.Expr):
            return resultado({"text/plain": texto})
        return ensenado(texto)

    def _figura(self, figura: Element) -> None:
        """La salida de la celda que la dibuja, que en un laboratorio ya está."""
        if nombre := figura.get("data-dibujo"):
            self.cerrar()
            self.celdas.append(de_codigo(dibujar(nombre)))
        svg = self.prosa.crudo(figura.find("div[@class='dibujo']"))
        datos = {"image/svg+xml": on_paper(svg), "text/plain": leyenda(svg)}
        self.celdas[-1]["outputs"].append(resultado(datos))
        self.parrafos += self.prosa.bloques(figura.find("figcaption"))

    def _pestanas(self, grupo: Element) -> None:
        """Una detrás de otra, cada una con su nombre."""
        nombres = [self.prosa.linea(e) for e in grupo.iter("label")]
        cajas = [e for e in grupo.iter("div") if e.get("class") == "tabbed-block"]
        for nombre, caja in zip(nombres, cajas, strict=True):
            self.parrafos.append(f"**{nombre}**")
            self.recorrer(caja)
