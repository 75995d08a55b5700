"""El código de una página, tal como se escribió, para hacer con él su cuaderno."""

import ast
from pathlib import Path
from typing import NamedTuple

from markdown import Markdown


class Codigo(NamedTuple):
    """Un bloque de la página, y sus instrucciones: un tramo de la historia de esta."""

    lenguaje: str
    texto: str
    desde: int = 0
    hasta: int = 0
    se_ejecuta: bool = True


def apuntar(md: Markdown, html: str, codigo: Codigo) -> None:
    """Guarda de dónde sale un bloque ya resaltado."""
    md.__dict__.setdefault("codigos", {})[html] = codigo


def esta_entero(codigo: str, modulo: Path) -> bool:
    """Si las definiciones de un listado son las de su módulo, y no un trozo.

    Ejecutada en un cuaderno, media clase taparía a la clase.
    """
    modulo = ast.parse(modulo.read_text(encoding="utf-8"))
    definiciones = {ast.dump(nodo) for nodo in modulo.body}
    return definiciones.issuperset(map(ast.dump, ast.parse(codigo).body))
