"""Referencias: `[@sena]`, `[texto](@sena)` y cifras `[=fichero:clave:formato]`."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from sitio.bibliografia import cita, referencia
from sitio.indice import SenaError
from sitio.tipografia import DURO

REFERENCIA = r"\[(?P<solo>-?)@(?P<sena>[\w-]+)\](?!\()"
ALTOS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
CIFRA = r"\[=(?P<fichero>[\w-]+):(?P<claves>[\w.-]+)(?::(?P<formato>[^\]\s]+))?\]"


def registrar(md: Markdown, curso) -> None:
    """Añade las piezas a `md`, antes que los enlaces corrientes (160-170)."""
    md.inlinePatterns.register(
        ReferenciaInline(REFERENCIA, md, curso), "referencia", 176
    )
    md.inlinePatterns.register(CifraInline(CIFRA, md, curso), "cifra", 177)
    md.treeprocessors.register(EnlacesTreeprocessor(md, curso), "enlaces-propios", 18)


def destino(curso, sena: str) -> tuple[str, str, dict[str, str]]:
    """Texto, enlace y atributos de lo que nombra `sena`, del curso o bibliográfico."""
    obra = curso.bibliografia.get(sena)
    if obra and sena in curso.indice:
        raise SenaError(f"clave bibliográfica y seña a la vez; se recibió {sena!r}")
    if obra:
        enlace = curso.enlace("bibliografia.md", sena)
        # La dirección no se puede pulsar en un rótulo: está en la bibliografía.
        rotulo = referencia(obra | {"doi": "", "url": ""})
        return cita(obra), enlace, {"class": "cita", "title": a_texto(rotulo)}
    entrada = curso.indice.buscar(sena, curso.pagina)
    enlace = curso.enlace(entrada.pagina, sena)
    if entrada.clase == "termino":
        definicion = a_texto(entrada.opciones.get("texto", ""))
        return entrada.rotulo, enlace, {"class": "termino", "title": definicion}
    atributos = {"class": "ref"}
    if entrada.titulo and entrada.titulo != entrada.rotulo:
        atributos["title"] = a_texto(entrada.titulo)
    return entrada.rotulo, enlace, atributos


def a_texto(markdown: str) -> str:
    """Markdown sencillo sin sus marcas, para un atributo `title`."""
    sin_enlaces = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    sin_lenguas = re.sub(r"\{ lang=\w+ \}|</?span[^>]*>", "", sin_enlaces)
    return re.sub(r"[*`$<>\\]", "", sin_lenguas)


def cifra(carpeta: Path, fichero: str, claves: str, formato: str = "") -> str:
    """Valor de `carpeta/fichero.json` en `claves`, con coma decimal.

    `formato` es el de Python (`.1f`, `.1%`…). Una clave numérica indexa una lista.

    Raises:
        SenaError: si no hay tal fichero o tal clave.
    """
    try:
        valor = json.loads((carpeta / f"{fichero}.json").read_text(encoding="utf-8"))
        for clave in claves.split("."):
            valor = valor[int(clave)] if isinstance(valor, list) else valor[clave]
    except (OSError, KeyError, IndexError, TypeError, ValueError):
        raise SenaError(
            f"no hay esa cifra en {carpeta.name}/; se recibió {fichero}:{claves}"
        ) from None
    if not isinstance(valor, int | float):
        return format(valor, formato)
    # 2e-06 es 2·10⁻⁶; el millar, con un espacio que no parte; los decimales, con coma.
    texto, _, exponente = format(valor, formato).partition("e")
    if exponente:
        texto += "·10" + str(int(exponente)).translate(ALTOS)
    texto = texto.replace(",", DURO).replace(".", ",").replace("-", "\u2212")
    return texto.replace("%", f"{DURO}%")


class ReferenciaInline(InlineProcessor):
    """`[@sena]`: el enlace lleva el texto que le toca; `[-@clave]`, solo el año."""

    def __init__(self, pattern: str, md: Markdown, curso):
        super().__init__(pattern, md)
        self.curso = curso

    def handleMatch(self, m: re.Match, data: str):  # noqa: N802  (nombre de la biblioteca)
        """Crea el enlace."""
        texto, enlace, atributos = destino(self.curso, m["sena"])
        elemento = ElementTree.Element("a", {"href": enlace, **atributos})
        elemento.text = re.sub(r".*\((.*)\)$", r"\1", texto) if m["solo"] else texto
        return elemento, m.start(0), m.end(0)


class CifraInline(InlineProcessor):
    """`[=fichero:clave:formato]`: una cifra medida, leída de `results/`."""

    def __init__(self, pattern: str, md: Markdown, curso):
        super().__init__(pattern, md)
        self.curso = curso

    def handleMatch(self, m: re.Match, data: str):  # noqa: N802  (nombre de la biblioteca)
        """Escribe la cifra y dice de dónde sale."""
        carpeta = Path(self.curso.getConfig("resultados"))
        elemento = ElementTree.Element(
            "span",
            {"class": "cifra", "title": f"results/{m['fichero']}.json, {m['claves']}"},
        )
        elemento.text = cifra(carpeta, m["fichero"], m["claves"], m["formato"] or "")
        return elemento, m.start(0), m.end(0)


class EnlacesTreeprocessor(Treeprocessor):
    """`[texto](@sena)`: resuelve los enlaces que escribe el autor."""

    def __init__(self, md: Markdown, curso):
        super().__init__(md)
        self.curso = curso

    def run(self, root: ElementTree.Element) -> None:
        """Recorre los enlaces de la página."""
        for enlace in root.iter("a"):
            if enlace.get("href", "").startswith("@"):
                _, href, atributos = destino(self.curso, enlace.get("href")[1:])
                enlace.attrib.update({"href": href, **atributos})
