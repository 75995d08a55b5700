"""Lo que en una fórmula abre un trozo con reglas propias: fracciones, sumas, casos.

Cada función recibe el `Lector` colocado tras el símbolo que la nombra y da la función
que evalúa lo leído.
"""

import itertools
import operator

import numpy as np

from ecuaciones.algebra import (
    ENTRE,
    NORMAS,
    PARES,
    REDUCEN,
    RELACIONES,
    LatexError,
    indexar,
    juntar,
)
from ecuaciones.lexico import HUECOS, PUNTOS, cadena, partir


def lista(lector) -> list:
    """Expresiones entre paréntesis, separadas por comas o puntos y comas."""
    abre = lector.toma()
    lector.barras += abre == "|"
    valores = [lector.expresion()]
    if abre == "[" and lector.mira in RELACIONES:
        # El corchete de Iverson, [a > b]: 1 si es verdad y 0 si no.
        signo, derecha = RELACIONES[lector.toma()], lector.expresion()
        valores = [juntar(lambda a, b: 1.0 * signo(a, b), valores[0], derecha)]
    while lector.toma(PARES[abre], *PUNTOS) != PARES[abre]:
        valores.append(lector.expresion())
    lector.barras -= abre == "|"
    return valores


def parentesis(lector):
    """Grupo, valor absoluto, norma, parte entera o vector `(a, b)`."""
    lector.lugar -= 1
    abre = lector.mira
    valores = lista(lector)
    if abre == r"\langle":
        return juntar(np.dot, *valores)
    if len(valores) > 1:
        # La columna (a, b)ᵀ ya lo es.
        if lector.tokens[lector.lugar : lector.lugar + 2] == ["^", r"\top"]:
            lector.lugar += 2
        return juntar(lambda *partes: np.array(partes), *valores)
    if abre == r"\lVert":
        orden = None
        if lector.mira == "_":
            lector.toma()
            orden = NORMAS[lector.argumento()[0]]
        return juntar(lambda v: np.linalg.norm(v, orden), *valores)
    return juntar(ENTRE.get(abre, lambda v: v), *valores)


def raiz(lector):
    """Raíz cuadrada."""
    return juntar(np.sqrt, lector.leer(lector.argumento()))


def fraccion(lector):
    """Cociente, o derivada parcial si arriba hay una «d» redonda."""
    arriba, abajo = lector.argumento(), lector.argumento()
    if arriba[0] != r"\partial":
        return juntar(operator.truediv, lector.leer(arriba), lector.leer(abajo))
    (f, de_f), (x, de_x) = _separar(lector, arriba), _separar(lector, abajo)
    clave = (*f, "/", *x)
    if clave not in lector.simbolos:
        raise LatexError(f"derivada sin declarar; se recibió «{' '.join(clave)}»")
    valor = lector.simbolos[clave]
    # Sus ejes: los subíndices de arriba y los de abajo. Si sobran, los de arriba son los
    # primeros de abajo: la derivada de cada ejemplo respecto de su propia salida.
    if np.ndim(valor) < len(de_f) + len(de_x) and de_x[: len(de_f)] == de_f:
        de_f = []
    return indexar(lector.simbolo("", valor), lector.indices(de_f + de_x))


def _separar(lector, tokens: list[str]) -> tuple[list[str], list[str]]:
    """Lo que se deriva, y sus subíndices."""
    resto, subindices, lector = [], [], type(lector)(tokens, {})
    while lector.mira:
        if lector.mira != "_":
            resto.append(lector.toma())
        else:
            lector.toma()
            subindices += [t for t in lector.argumento() if t != ","]
    return resto, subindices


def _filas(lector, cierra: str) -> list[list[str]]:
    """Lo que hay hasta que se cierra el entorno, por filas."""
    inicio = lector.lugar
    while lector.toma() != cierra:
        pass
    return partir(lector.tokens[inicio : lector.lugar - 1], r"\\")


def matriz(lector):
    """Una matriz; con una sola columna, un vector."""
    filas = [partir(fila, "&") for fila in _filas(lector, r"\end{pmatrix}")]
    celdas = [lector.leer(celda) for fila in filas for celda in fila]
    forma = (len(filas), len(filas[0])) if len(filas[0]) > 1 else (len(filas),)
    return juntar(lambda *valores: np.array(valores).reshape(forma), *celdas)


def casos(lector):
    """Ramas: ha de valer exactamente una."""
    ramas = []
    for fila in _filas(lector, r"\end{cases}"):
        valor, condicion = partir(fila, "&")
        ramas.append((condicionar(lector, condicion), lector.leer(valor)))

    def elegir(env):
        buenas = [valor for vale, valor in ramas if vale and vale(env)]
        buenas = buenas or [valor for vale, valor in ramas if not vale]
        if len(buenas) != 1:
            raise LatexError(f"valen {len(buenas)} ramas; se recibió {env}")
        return buenas[0](env)

    return elegir


def condicionar(lector, tokens: list[str]):
    r"""Lo que sigue a `\text{si }`; `None` si es «si no»."""
    tokens = [t for t in tokens if t not in HUECOS]
    texto = tokens[0].removeprefix(r"\text{").strip("} .,")
    if texto in ("si no", "en otro caso"):
        return None
    if texto != "si":
        raise LatexError(f"condición sin «si»; se recibió {' '.join(tokens)}")
    return comparar(lector, tokens[1:])


def comparar(lector, tokens: list[str]):
    """Una cadena de comparaciones, `0 < a < b`; si no hay ninguna, vale siempre."""
    miembros, signos = cadena(tokens, RELACIONES) if tokens else ([], [])
    parejas = list(itertools.pairwise(lector.leer(m) for m in miembros))
    return lambda env: all(
        np.all(RELACIONES[signo](a(env), b(env)))
        for signo, (a, b) in zip(signos, parejas, strict=True)
    )


def reducir(lector, nombre: str):
    r"""`\sum`, `\prod`, `\max_k`: el cuerpo llega hasta el próximo `+` o `-`."""
    lector.toma("_")
    recorrer = _recorrido(lector, lector.argumento())
    cuerpo = lector.termino()
    return lambda env: REDUCEN[nombre]([cuerpo(otro) for otro in recorrer(env)])


def _recorrido(lector, debajo: list[str]):
    r"""Lo que recorren `i=1`…`n`, `i`, `ik`, `i\in B`, `j\ne k` o `0\le t<T`."""
    miembros, signos = cadena(debajo, {*RELACIONES, r"\in"})
    letras = [t for t in miembros[len(miembros) // 3] if t != ","]
    for letra in letras:
        if not isinstance(lector.simbolos.get((letra,)), range):
            raise LatexError(f"índice sin declarar; se recibió «{letra}»")
    valores = [lambda env, letra=letra: lector.simbolos[letra,] for letra in letras]
    vale = comparar(lector, debajo if {*signos} - {"=", r"\in"} else [])
    if signos == ["="]:
        desde = lector.leer(miembros[1])
        lector.toma("^")
        hasta = lector.leer(lector.argumento())
        valores = [lambda env: range(int(desde(env)), int(hasta(env)) + 1)]
    elif signos == [r"\in"]:
        valores = [lector.leer(miembros[1])]

    def recorrer(env):
        for uno in itertools.product(*[valor(env) for valor in valores]):
            otro = env | dict(zip(letras, uno, strict=True))
            if vale(otro):
                yield otro

    return recorrer


ESTRUCTURAS = {r"\sqrt": raiz, r"\begin{cases}": casos, r"\begin{pmatrix}": matriz}
ESTRUCTURAS |= dict.fromkeys((r"\frac", r"\tfrac", r"\dfrac"), fraccion)
ESTRUCTURAS |= dict.fromkeys(PARES, parentesis)
