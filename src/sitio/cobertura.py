"""Cobertura: qué sección del curso enseña cada elemento de las lecciones."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from sitio.indice import Entrada, Indice, SenaError

TEMARIO = Path(__file__).with_name("temario.csv")
FUENTES = {
    "S0": "N. Kossacoff, «Entrenamiento» (2024)",
    "S1": "«Aprendizaje automático: ajuste de redes neuronales»",
    "S2": "«Entrenamiento básico: gradientes»",
    "S3": "G. Fuentes-Pineda, «Entrenamiento de redes profundas» (2023)",
    "S4": "«UT5. Entrenamiento de redes neuronales»",
}


@cache
def leer_temario() -> dict[str, dict[str, str]]:
    """Los elementos de las lecciones: `id`, `lugar`, `tipo` y sección `destino`."""
    with TEMARIO.open(encoding="utf-8", newline="") as fichero:
        return {fila["id"]: fila for fila in csv.DictReader(fichero)}


def ensenado(indice: Indice) -> dict[str, list[Entrada]]:
    """Secciones que dicen enseñar cada elemento.

    Raises:
        SenaError: si una sección nombra un elemento que no existe.
    """
    donde = defaultdict(list)
    for entrada in indice.values():
        for elemento in entrada.temario:
            if elemento not in leer_temario():
                raise SenaError(
                    f"data-temario de #{entrada.sena}: no hay tal elemento; "
                    f"se recibió {elemento!r}"
                )
            donde[elemento].append(entrada)
    return donde


def tabla_de_cobertura(caja: ElementTree.Element, curso) -> None:
    """Escribe en `caja` una tabla por lección, con enlaces a las secciones."""
    donde = ensenado(curso.indice)
    for prefijo, fuente in FUENTES.items():
        filas = [
            fila for clave, fila in leer_temario().items() if clave.startswith(prefijo)
        ]
        hechos = sum(fila["id"] in donde for fila in filas)
        detalles = ElementTree.SubElement(caja, "details")
        resumen = ElementTree.SubElement(detalles, "summary")
        resumen.text = f"{fuente}: {hechos} de {len(filas)}"
        tabla = ElementTree.SubElement(detalles, "table")
        _fila(
            ElementTree.SubElement(tabla, "thead"),
            "th",
            "Elemento",
            "Lugar",
            "Tipo",
            "Sección",
        )
        cuerpo = ElementTree.SubElement(tabla, "tbody")
        for fila in filas:
            ultima = _fila(cuerpo, "td", fila["id"], fila["lugar"], fila["tipo"], "")
            _enlazar(ultima, donde.get(fila["id"], []), fila["destino"], curso)


def _fila(padre: ElementTree.Element, celda: str, *textos: str) -> ElementTree.Element:
    """Añade una fila y da su última celda."""
    fila = ElementTree.SubElement(padre, "tr")
    for texto in textos:
        ElementTree.SubElement(fila, celda).text = texto
    return fila[-1]


def _enlazar(
    celda: ElementTree.Element, secciones: list[Entrada], destino: str, curso
) -> None:
    if not secciones:
        celda.text = f"§{destino}, en preparación"
    for entrada in secciones:
        enlace = curso.enlace(entrada.pagina, entrada.sena)
        hijo = ElementTree.SubElement(celda, "a", {"class": "ref", "href": enlace})
        hijo.text = entrada.rotulo
        hijo.tail = " "
