"""Cuadernos de Jupyter: cada capítulo y cada laboratorio, como celdas que se ejecutan.

Se hacen a la vez que la página y de su mismo árbol, así que dicen lo mismo. Los
bloques `pycon` y `python` son celdas, con las salidas que comprueban las pruebas; las
soluciones siguen plegadas y no se ejecutan.
"""

import json
import posixpath
import re
from functools import partial
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from sitio import rueda
from sitio.celdas import Celdas
from sitio.parrafos import Parrafos
from sitio.salidas import celda, de_codigo
from sitio.senas import direccion

# El cuaderno de cada página compuesta, que quien construye deja junto a ella.
HECHOS: dict[str, str] = {}
CON_CUADERNO = re.compile(r"(capitulos|laboratorios)/\d\d-")
GITHUB = re.compile(r"https://github\.com/(?P<repo>[^/]+/[^/]+)")
COLAB = "https://colab.research.google.com/github/{repo}/blob/cuadernos/{ruta}"
CABECERA = """\
# {titulo}

Cuaderno de [esta página]({pagina}), con su mismo texto; los enlaces llevan al sitio.
Cada celda necesita las de arriba: ejecútalas en orden, desde la primera.

Texto CC BY-SA 4.0, código MIT, de los autores de apuntes."""
INSTALAR = """\
# Instala lo que falte; si no falta nada, no hace nada.
from importlib.util import find_spec
"""
SI_FALTA = """
if not find_spec("{modulo}"):
    %pip install --quiet {de_donde}
"""
# Lo que `apuntes` no trae consigo, y en qué se nota que hace falta.
APARTE = {
    "matplotlib": r"\b(matplotlib|apuntes\.figures)\b",
    "torch": r"\b(?:import|from) torch\b|\bapuntes\.mnist_gpu\b",
    "safetensors": r"\bapuntes\.mnist_gpu\b",
}
METADATOS = {
    "metadata": {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}


class CuadernosTreeprocessor(Treeprocessor):
    """Hace el cuaderno de la página y pone en ella cómo abrirlo."""

    def __init__(self, md: Markdown, curso):
        super().__init__(md)
        self.curso = curso

    def run(self, root: Element) -> None:
        """Recorre la página cuando ya tiene números y aún no enlaces de MkDocs."""
        pagina, sitio = self.curso.pagina, self.curso.getConfig("sitio")
        if not sitio or not CON_CUADERNO.match(pagina):
            return
        estado = self.md.__dict__
        prosa = Parrafos(
            self.md.htmlStash.rawHtmlBlocks,
            partial(absoluto, pagina=pagina, sitio=sitio),
            estado.get("codigos", {}),
        )
        celdas = Celdas(prosa, estado.get("historia_de_codigo", []))
        celdas.recorrer(root)
        celdas.cerrar()
        entero = cuaderno(celdas.celdas, urljoin(sitio, direccion(pagina)), sitio)
        HECHOS[pagina] = json.dumps(entero, ensure_ascii=False, indent=1) + "\n"
        self._enlazar(root)

    def _enlazar(self, root: Element) -> None:
        """Debajo del título, cómo llevarse el cuaderno; Colab solo abre de GitHub."""
        carpeta = direccion(self.curso.pagina)
        nombre = f"{posixpath.basename(carpeta.rstrip('/'))}.ipynb"
        enlaces = f'<a href="{nombre}" download>Descargar el cuaderno</a>'
        if github := GITHUB.match(self.curso.getConfig("repo")):
            # Una versión guardada está en su carpeta, también en la rama.
            sitio, ultima = map(self.curso.getConfig, ("sitio", "ultima"))
            version = sitio.removeprefix(ultima) if ultima else ""
            repo = github["repo"].removesuffix(".git")
            colab = COLAB.format(repo=repo, ruta=f"{version}{carpeta}{nombre}")
            enlaces += f' <a href="{colab}">Abrir en Colab</a>'
        parrafo = Element("p", {"class": "cuaderno", "data-search-exclude": "1"})
        # Guardado, MkDocs no lo busca entre las páginas, donde no está.
        parrafo.text = self.md.htmlStash.store(f"<span>{enlaces}</span>")
        [titulo] = [i for i, elemento in enumerate(root) if elemento.tag == "h1"]
        root.insert(titulo + 1, parrafo)


def absoluto(href: str, *, pagina: str, sitio: str) -> str:
    """Dirección completa, en el sitio, de un enlace que `pagina` escribe relativo."""
    partes = urlsplit(href)
    if partes.scheme or partes.netloc:
        return href
    destino = posixpath.join(posixpath.dirname(pagina), partes.path)
    destino = posixpath.normpath(destino) if partes.path else pagina
    return urljoin(sitio, partes._replace(path=direccion(destino)).geturl())


def cuaderno(hechas: list[dict], pagina: str, sitio: str) -> dict:
    """El cuaderno entero, con la celda que instala lo que usa."""
    titulo = hechas[0]["source"].partition("\n")[0].removeprefix("# ")
    resto = hechas[0]["source"].partition("\n")[2].strip()
    cabeza = celda("markdown", CABECERA.format(titulo=titulo, pagina=pagina))
    celdas = [cabeza, de_codigo(instalacion(hechas, sitio))]
    celdas += [celda("markdown", resto)] if resto else []
    celdas += hechas[1:]
    for numero, una in enumerate(celdas):
        una["id"] = f"celda-{numero}"
    return METADATOS | {"cells": celdas}


def instalacion(celdas: list[dict], sitio: str) -> str:
    """Lo que instala `apuntes`, del propio sitio, y lo demás que usan las celdas."""
    fuente = "".join(c["source"] for c in celdas if c["cell_type"] == "code")
    de_donde = {"apuntes": urljoin(sitio, rueda.nombre())}
    de_donde |= {m: m for m, uso in APARTE.items() if re.search(uso, fuente)}
    return INSTALAR + "".join(
        SI_FALTA.format(modulo=m, de_donde=d) for m, d in de_donde.items()
    )
