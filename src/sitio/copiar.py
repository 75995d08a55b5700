"""Copiar = ejecutar: añade a cada bloque, sin que se vea, lo que necesita de antes.

El preludio de un bloque `python` del paquete son sus importaciones; el de un
bloque `pycon`, o de una celda, las instrucciones anteriores de la página que
dan valor a los nombres que usa. Es un formateador de pymdownx.superfences.
"""

import ast
import builtins
import doctest
import re
from html import escape
from pathlib import Path

from pymdownx.superfences import SuperFencesException

from sitio.codigo import Codigo, apuntar, esta_entero
from sitio.colores import por_color
from sitio.formulas import FUERA

DEL_REPOSITORIO = ("src/apuntes/", "tests/")
# Lo que Pygments no sabe que es salida: de la traza, solo marca su primera línea.
TRAZA = re.compile(r'<span class="gt">.*?(?=\n<span class="gp">|\n</code>)', re.DOTALL)
# Lo que cambia sus argumentos: el resto de `apuntes` no toca lo que recibe.
CAMBIAN = {"apuntes.training"}
_INOCENTES = set(dir(builtins))
# Métodos de los arreglos que dan un valor y no cambian nada.
_SOLO_LEEN = {
    *("all", "any", "argmax", "argmin", "max", "mean", "min", "std", "sum"),
    *("astype", "copy", "detach", "item", "numpy", "ravel", "reshape", "tolist"),
    *("format", "join", "round"),
}


def formato(source, language, class_name, options, md, **kwargs) -> str:
    """Resalta el bloque y le pone delante su preludio.

    Raises:
        SuperFencesException: si el código no se entiende; cualquier otra la callaría
            superfences, que dejaría el bloque a medias.
    """
    vallas = md.preprocessors["fenced_code_block"]
    options = options or {}
    titulo = options.get("title", "")  # antes de que `highlight` lo gaste
    historia = md.__dict__.setdefault("historia_de_codigo", [])
    desde = len(historia)
    try:
        previo = preludio(source, language, titulo, historia)
    except (SyntaxError, ValueError, OSError) as error:
        raise SuperFencesException(
            f"bloque {language} que no se entiende ({error}); se recibió\n{source}"
        ) from error
    html = vallas.highlight(
        src=source, language=language, options=options, md=md, **kwargs
    )
    html = por_color(html)
    # Buscar «cross_entropy» debe llevar a donde se explica, no a donde se usa.
    html = html.replace("<div ", f"<div {FUERA} ", 1)
    html = TRAZA.sub(r'<span class="traza">\g<0></span>', html)
    oculto = f'<span class="preludio">{escape(previo)}\n\n</span>'
    html = html.replace("<code>", f"<code>{oculto}", 1) if previo else html
    # Un cuaderno ya ha ejecutado lo anterior, pero no lo que importa un módulo.
    suelto = not titulo.startswith(DEL_REPOSITORIO)
    entero = source if suelto or not previo else f"{previo}\n\n\n{source}"
    ejecuta = suelto or esta_entero(source, Path(titulo))
    apuntar(md, html, Codigo(language, entero, desde, len(historia), ejecuta))
    return html


def preludio(codigo: str, lenguaje: str, titulo: str, historia: list) -> str:
    """Lo que el bloque necesita de antes; y lo que define pasa a la historia."""
    if titulo.startswith(DEL_REPOSITORIO):
        return preludio_de_modulo(codigo, Path(titulo))
    instrucciones = leer(codigo, lenguaje)
    previo = unir(rebanada(historia, instrucciones))
    historia += instrucciones
    return previo


def svg(source, language, class_name, options, md, **kwargs) -> str:
    """Deja pasar el dibujo de una celda, que el bloque `figura` coloca."""
    return source


class Instruccion:
    """Una instrucción de la página: qué define, qué usa y qué puede cambiar."""

    def __init__(self, nodo: ast.stmt):
        self.nodo = nodo
        usados = {n.id for n in ast.walk(nodo) if _es(n, ast.Load)}
        self.usa = usados - _locales(nodo) - _INOCENTES
        self.define = _definidos(nodo)
        importa = isinstance(nodo, ast.Import | ast.ImportFrom)
        # Módulos y funciones que no tocan lo que reciben.
        self.puros = self.define if importa and _modulo(nodo) not in CAMBIAN else set()
        # Un `if` o un `for` pueden dejar viva la definición anterior.
        definicion = ast.Assign | ast.AnnAssign | ast.FunctionDef | ast.ClassDef
        self.sustituye = importa or isinstance(nodo, definicion)
        # Definir una función no ejecuta nada.
        partes = [] if isinstance(nodo, ast.FunctionDef) else ast.walk(nodo)
        self._cambian = [n for n in partes if _puede_cambiar(n)]

    def cambia(self, puros: set[str]) -> set[str]:
        """Nombres cuyo contenido puede cambiar, salvo por llamadas a `puros`."""
        cambiados = set()
        for n in self._cambian:
            if isinstance(n, ast.Call):
                cambiados |= _cambia_llamada(n, puros)
            else:
                cambiados.add(_raiz(n.target if isinstance(n, ast.AugAssign) else n))
        return cambiados - puros - {""}


def leer(codigo: str, lenguaje: str) -> list[Instruccion]:
    """Instrucciones de un bloque `pycon` o de una celda `python`."""
    if lenguaje != "pycon":
        return [Instruccion(nodo) for nodo in ast.parse(codigo).body]
    ejemplos = doctest.DocTestParser().get_examples(codigo)
    return [Instruccion(n) for e in ejemplos for n in ast.parse(e.source).body]


def rebanada(
    historia: list[Instruccion], bloque: list[Instruccion]
) -> list[Instruccion]:
    """Las instrucciones de `historia` que `bloque` necesita, en su orden."""
    faltan: set[str] = set()
    for instruccion in reversed(bloque):
        faltan = (faltan - instruccion.define) | instruccion.usa
    puros = set().union(_INOCENTES, *(i.puros for i in historia + bloque))
    definidos = set().union(*(i.define for i in historia))
    while True:
        elegidas, pendientes = _hacia_atras(historia, set(faltan), puros)
        # Una función puede usar un nombre que se define después que ella.
        tardios = pendientes & definidos - faltan
        if not tardios:
            return elegidas
        faltan |= tardios


def _hacia_atras(
    historia: list[Instruccion], faltan: set[str], puros: set[str]
) -> tuple[list[Instruccion], set[str]]:
    """Instrucciones que dan valor a `faltan`, y los nombres que aún faltarían."""
    elegidas = []
    for instruccion in reversed(historia):
        if faltan & (instruccion.define | instruccion.cambia(puros)):
            elegidas.append(instruccion)
            if instruccion.sustituye:
                faltan -= instruccion.define
            faltan |= instruccion.usa
    return elegidas[::-1], faltan


def unir(instrucciones: list[Instruccion]) -> str:
    """Código de las instrucciones, con las importaciones iguales una sola vez."""
    return "\n".join(dict.fromkeys(ast.unparse(i.nodo) for i in instrucciones))


def preludio_de_modulo(codigo: str, modulo: Path) -> str:
    """Importaciones que hacen que una sección de `modulo` funcione por sí sola."""
    arbol = ast.parse(modulo.read_text(encoding="utf-8"))
    bloque = [Instruccion(nodo) for nodo in ast.parse(codigo).body]
    propios = set().union(*(i.define for i in bloque))
    faltan = set().union(*(i.usa for i in bloque)) - propios
    nombre = ".".join(modulo.with_suffix("").parts[1:])
    lineas = []
    for nodo in arbol.body:
        if isinstance(nodo, ast.Import | ast.ImportFrom):
            alias = [a for a in nodo.names if (a.asname or a.name) in faltan]
            if alias:
                nodo.names = alias
                lineas.append(ast.unparse(nodo))
        elif pedidos := sorted(faltan & _definidos(nodo)):
            lineas.append(f"from {nombre} import {', '.join(pedidos)}")
    return "\n".join(lineas)


def _es(nodo: ast.AST, contexto: type) -> bool:
    return isinstance(nodo, ast.Name) and isinstance(nodo.ctx, contexto)


def _locales(nodo: ast.stmt) -> set[str]:
    """Variables de funciones, bucles y comprensiones, que no vienen de fuera."""
    locales = set()
    for n in ast.walk(nodo):
        if isinstance(n, ast.arg):
            locales.add(n.arg)
        elif isinstance(n, ast.FunctionDef):
            locales |= {m.id for m in ast.walk(n) if _es(m, ast.Store)}
        elif isinstance(n, ast.For):
            pedidos = {m.id for m in ast.walk(n.iter) if isinstance(m, ast.Name)}
            locales |= {m.id for m in ast.walk(n.target) if _es(m, ast.Store)} - pedidos
        elif isinstance(n, ast.comprehension):
            locales |= {m.id for m in ast.walk(n.target) if isinstance(m, ast.Name)}
    return locales


def _definidos(nodo: ast.stmt) -> set[str]:
    """Nombres que la instrucción deja definidos."""
    if isinstance(nodo, ast.FunctionDef | ast.ClassDef):
        return {nodo.name}
    if isinstance(nodo, ast.Import | ast.ImportFrom):
        return {(a.asname or a.name).split(".")[0] for a in nodo.names}
    return {n.id for n in ast.walk(nodo) if _es(n, ast.Store)}


def _modulo(nodo: ast.Import | ast.ImportFrom) -> str:
    return getattr(nodo, "module", None) or ""


def _puede_cambiar(nodo: ast.AST) -> bool:
    """Si es una llamada, `x += …` o una asignación a `x.a` o a `x[0]`."""
    parte = isinstance(nodo, ast.Attribute | ast.Subscript)
    return isinstance(nodo, ast.Call | ast.AugAssign) or (
        parte and isinstance(nodo.ctx, ast.Store)
    )


def _cambia_llamada(llamada: ast.Call, puros: set[str]) -> set[str]:
    """Lo que una llamada puede cambiar: su objeto, sus argumentos y el generador."""
    argumentos = [*llamada.args, *(k.value for k in llamada.keywords)]
    nombres = {a.id for a in argumentos if isinstance(a, ast.Name)}
    # Un generador avanza con quien lo usa, por pura que sea la función.
    azar = {nombre for nombre in nombres if nombre.endswith("rng")}
    if _raiz(llamada.func) in puros:
        return azar
    if isinstance(llamada.func, ast.Attribute) and llamada.func.attr in _SOLO_LEEN:
        return azar
    # `f(x)` puede cambiar x, no f; `a.f(x)` puede cambiar también a.
    objeto = {_raiz(llamada.func)} if isinstance(llamada.func, ast.Attribute) else set()
    return nombres | objeto


def _raiz(nodo: ast.expr) -> str:
    """`a` en `a.b[0].c`."""
    while isinstance(nodo, ast.Attribute | ast.Subscript):
        nodo = nodo.value
    return nodo.id if isinstance(nodo, ast.Name) else ""
