"""Bloques de la página de erratas: cada ficha con su prueba, y el filtro.

La prueba de la errata E0-01 son las funciones `test_e0_01_…` de
`tests/erratas/test_e0.py`: la página enseña lo mismo que se ejecuta.
"""

import ast
from collections import Counter
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from markdown import Markdown
from pymdownx.blocks.block import Block, type_string, type_string_in

from sitio import copiar
from sitio.bloques import Numerado
from sitio.cobertura import FUENTES, ensenado, leer_temario
from sitio.indice import SenaError

PRUEBAS = Path("tests/erratas")
GRAVEDADES = ("alta", "media", "baja")
PRUEBA = {
    "codigo": "la comprueba el código de abajo",
    "derivacion": "se deduce arriba",
    "fuente": "lo dice la obra citada",
    "lectura": "se ve al leerlo",
}


def fuente(sena: str) -> str:
    """Lección de una errata: `S0` para `err-e0-01`; `SX` si es de varias."""
    return f"S{sena.removeprefix('err-e')[0].upper()}"


@cache
def _arbol(ruta: Path, _mtime: int) -> tuple[str, ast.Module]:
    texto = ruta.read_text(encoding="utf-8")
    return texto, ast.parse(texto)


def pruebas(sena: str) -> tuple[Path, list[tuple[str, str]]]:
    """Fichero de las pruebas de una errata, y nombre y texto de cada una."""
    clave = sena.removeprefix("err-").replace("-", "_")
    ruta = PRUEBAS / f"test_{clave.split('_')[0]}.py"
    if not ruta.exists():
        return ruta, []
    texto, arbol = _arbol(ruta, ruta.stat().st_mtime_ns)
    return ruta, [
        (nodo.name, ast.get_source_segment(texto, nodo))
        for nodo in arbol.body
        if isinstance(nodo, ast.FunctionDef) and nodo.name.startswith(f"test_{clave}_")
    ]


class Errata(Numerado):
    """Una errata: qué dice la fuente, qué es lo correcto y con qué se prueba."""

    NAME = "errata"
    OPTIONS = {  # noqa: RUF012
        "titulo": ("", type_string),
        "lugar": ("", type_string),
        "gravedad": ("media", type_string_in(GRAVEDADES)),
        "veredicto": ("", type_string),
        "temario": ("", type_string),
        "prueba": ("codigo", type_string_in(tuple(PRUEBA))),
    }

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea la ficha con su rótulo y sus datos."""
        sena = self.entrada.sena
        atributos = {
            "class": "errata",
            "id": sena,
            "data-fuente": fuente(sena),
            "data-gravedad": self.options["gravedad"],
        }
        caja = ElementTree.SubElement(parent, "article", atributos)
        titulo = ElementTree.SubElement(caja, "p", {"class": "rotulo"})
        titulo.text = self.options["titulo"]
        self.encabezar(titulo)
        self._datos(ElementTree.SubElement(caja, "p", {"class": "datos"}))
        return caja

    def _datos(self, parrafo: ElementTree.Element) -> None:
        gravedad = ElementTree.SubElement(parrafo, "strong")
        gravedad.text = f"gravedad {self.options['gravedad']}"
        gravedad.tail = f" · {self.options['veredicto']} · {self.options['lugar']}"
        anterior = gravedad
        for texto, enlace in self._donde():
            anterior.tail += " · "
            etiqueta, href = ("a", {"href": enlace}) if enlace else ("span", {})
            anterior = ElementTree.SubElement(parrafo, etiqueta, href)
            anterior.text, anterior.tail = texto, ""

    def _donde(self) -> list[tuple[str, str]]:
        """Dónde trata el curso cada elemento errado: secciones, o lo que falta."""
        secciones = ensenado(self.curso.indice)
        donde = {}
        for elemento in self.options["temario"].split():
            if elemento not in leer_temario():
                raise SenaError(
                    f"#{self.entrada.sena}: no hay tal elemento del temario; "
                    f"se recibió {elemento!r}"
                )
            for entrada in secciones.get(elemento, []):
                enlace = self.curso.enlace(entrada.pagina, entrada.sena)
                donde[entrada.rotulo] = enlace
            if elemento not in secciones:
                donde[f"§{leer_temario()[elemento]['destino']}, en preparación"] = ""
        return list(donde.items())

    def on_end(self, block: ElementTree.Element) -> None:
        """Pliega la prueba al final de la ficha, que se busca por su título."""
        for hijo in block:
            if hijo.get("class") != "rotulo":
                hijo.set("data-search-exclude", "1")
        ruta, funciones = pruebas(self.entrada.sena)
        if bool(funciones) != (self.options["prueba"] == "codigo"):
            raise ValueError(
                f"la errata {self.entrada.sena} dice «prueba: "
                f"{self.options['prueba']}»; se recibió {len(funciones)} pruebas "
                f"en {ruta}"
            )
        if not funciones:
            ElementTree.SubElement(
                block, "p", {"class": "datos"}
            ).text = f"Prueba: {PRUEBA[self.options['prueba']]}."
            return
        detalles = ElementTree.SubElement(
            block, "details", {"class": "prueba", "data-search-exclude": "1"}
        )
        ElementTree.SubElement(detalles, "summary").text = "La prueba"
        # La llamada del final hace que, copiada, la prueba se ejecute.
        codigo = "\n\n\n".join(texto for _, texto in funciones)
        llamadas = "\n".join(f"{nombre}()" for nombre, _ in funciones)
        ElementTree.SubElement(detalles, "div").text = self.md.htmlStash.store(
            resaltar(f"{codigo}\n\n\n{llamadas}", ruta, self.md)
        )


def resaltar(codigo: str, ruta: Path, md: Markdown) -> str:
    """Bloque `python` de un fichero del proyecto, con su preludio."""
    opciones = {"title": ruta.as_posix()}
    valla = {"classes": [], "id_value": "", "attrs": {}}
    return copiar.formato(codigo, "python", "highlight", opciones, md, **valla)


class FiltroDeErratas(Block):
    """Botones que dejan a la vista una lección o una gravedad; no piden JavaScript."""

    NAME = "filtro-de-erratas"
    curso = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea los dos grupos de botones, con la cuenta de cada uno."""
        erratas = [e for e in self.curso.indice.values() if e.clase == "errata"]
        caja = ElementTree.SubElement(
            parent,
            "form",
            {"class": "filtro", "autocomplete": "off", "data-search-exclude": "1"},
        )
        fuentes = Counter(fuente(e.sena) for e in erratas)
        nombres = {clave: clave for clave in FUENTES} | {"SX": "varias"}
        _grupo(caja, "Fuente", "fuente", nombres, fuentes)
        gravedades = Counter(e.opciones.get("gravedad", "media") for e in erratas)
        nombres = {clave: clave for clave in GRAVEDADES}
        _grupo(caja, "Gravedad", "gravedad", nombres, gravedades)
        return caja


def _grupo(
    caja: ElementTree.Element,
    titulo: str,
    campo: str,
    nombres: dict[str, str],
    cuentas: Counter,
) -> None:
    grupo = ElementTree.SubElement(caja, "fieldset")
    ElementTree.SubElement(grupo, "legend").text = titulo
    todas = {"": f"todas ({cuentas.total()})"}
    textos = {clave: f"{texto} ({cuentas[clave]})" for clave, texto in nombres.items()}
    for clave, texto in (todas | textos).items():
        etiqueta = ElementTree.SubElement(grupo, "label")
        boton = {"type": "radio", "name": campo, "value": clave}
        entrada = ElementTree.SubElement(
            etiqueta, "input", boton | ({} if clave else {"checked": ""})
        )
        entrada.tail = f" {texto}"


BLOQUES = (Errata, FiltroDeErratas)
