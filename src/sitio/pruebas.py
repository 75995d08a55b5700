"""Qué pruebas comprueban una función: lo dice el árbol sintáctico de su fichero."""

import ast
from functools import lru_cache
from pathlib import Path

DEFINICIONES = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


def pruebas_de(objeto: str, carpeta: Path) -> list[tuple[str, int]]:
    """Nombre y línea de las pruebas de `tests/test_<modulo>.py` que usan `objeto`.

    Van antes las que lo nombran en su cuerpo o en sus casos que las que llegan a él
    por una función auxiliar.
    """
    modulo, nombre = objeto.split(".", 1)
    ruta = carpeta / f"test_{modulo.lstrip('_')}.py"
    if not ruta.exists():
        return []
    pruebas = _leer(ruta, ruta.stat().st_mtime_ns)
    propias = [p[:2] for p in pruebas if nombre in p[2]]
    ajenas = [p[:2] for p in pruebas if nombre in p[3] and p[:2] not in propias]
    return propias + ajenas


def evaluadas(carpeta: Path) -> set[str]:
    """Señas de las ecuaciones cuyo LaTeX se evalúa: las de `@ecuacion("ec-…")`."""
    senas = set()
    for ruta in sorted((carpeta / "ecuaciones").glob("capitulo_*.py")):
        for nodo in ast.walk(ast.parse(ruta.read_text(encoding="utf-8"))):
            if isinstance(nodo, ast.Call) and _nombre(nodo.func) == "ecuacion":
                senas |= {a.value for a in nodo.args if isinstance(a, ast.Constant)}
    return senas


@lru_cache(maxsize=64)
def _leer(ruta: Path, mtime: int) -> list[tuple[str, int, set[str], set[str]]]:
    """De cada prueba: nombre, línea, lo que nombra y aquello a lo que llega.

    Nombra lo que dicen su cuerpo y sus casos, que suelen venir de una tabla.
    """
    arbol = ast.parse(ruta.read_text(encoding="utf-8"))
    dicen = {}
    for nodo in arbol.body:
        if isinstance(nodo, DEFINICIONES):
            dicen |= dict.fromkeys(_define(nodo), _menciona(nodo))
    pruebas = []
    for nodo in arbol.body:
        if isinstance(nodo, ast.FunctionDef) and nodo.name.startswith("test_"):
            casos = set().union(*map(_menciona, nodo.decorator_list))
            propio = set().union(*map(_menciona, nodo.body)) | _alcance(casos, dicen)
            todo = _alcance(propio, dicen)
            pruebas.append(
                (nodo.name, nodo.lineno, _con_grad(propio, todo), _con_grad(todo, todo))
            )
    return pruebas


def _define(nodo: ast.stmt) -> list[str]:
    if isinstance(nodo, ast.FunctionDef | ast.ClassDef):
        return [nodo.name]
    destinos = nodo.targets if isinstance(nodo, ast.Assign) else [nodo.target]
    return [n.id for d in destinos for n in ast.walk(d) if isinstance(n, ast.Name)]


def _menciona(nodo: ast.AST) -> set[str]:
    """Nombres, atributos y textos que son un identificador, `"mse_loss"`."""
    return {nombre for n in ast.walk(nodo) if (nombre := _nombre(n)).isidentifier()}


def _nombre(nodo: ast.AST) -> str:
    if isinstance(nodo, ast.Constant):
        return nodo.value if isinstance(nodo.value, str) else ""
    return getattr(nodo, "id", "") or getattr(nodo, "attr", "")


def _alcance(nombres: set[str], dicen: dict[str, set[str]]) -> set[str]:
    """Esos nombres y los que mencionan las definiciones del fichero que usan."""
    vistos, pendientes = set(), nombres
    while pendientes:
        vistos |= pendientes
        definidos = pendientes & dicen.keys()
        pendientes = set().union(*(dicen[n] for n in definidos)) - vistos
    return vistos


def _con_grad(nombres: set[str], alcance: set[str]) -> set[str]:
    """`getattr(losses, name + "_grad")` nombra también la derivada."""
    return nombres | {f"{n}_grad" for n in nombres if "_grad" in alcance}
