r"""Las ecuaciones del curso, comprobadas tal y como se leen en la página.

Cada fila (`@ecuacion("ec-sena")`) dice qué vale cada símbolo cuando lo calcula el código;
lo demás sale del LaTeX. La igualdad que se lee ha de ser verdad con esos valores.
Cuatro claves no son símbolos: `\leftarrow`, `\approx`, `rtol` y `ajustada`, que da otros
valores con los que una desigualdad deja de ser una igualdad (CONTRIBUTING.md).
"""

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from ecuaciones.algebra import RELACIONES
from ecuaciones.estructuras import comparar
from ecuaciones.lector import IndiceLibreError, Lector
from ecuaciones.lexico import HUECOS, cadena, partir, sin_puntos, trocear

CAMBIAN = (r"\leftarrow", r"\to")
ENLACES = {r"\text{con}", r"\text{y}", r"\text{donde}"}
CAMBIOS = {"-": "+", "+": "-", "<": ">", ">": "<"}
CAMBIOS |= {str(cifra): str((cifra + 1) % 10) for cifra in range(10)}
CAMBIOS |= {r"\max": r"\min", r"\ln": r"\exp", r"\le": ">", r"\ge": "<"}
Fila = Callable[[np.random.Generator], dict[str, object]]
ECUACIONES: dict[str, Fila] = {}
DOCSTRINGS: dict[str, Fila] = {}


def ecuacion(*senas: str) -> Callable[[Fila], Fila]:
    """Apunta la función que da los símbolos de esas ecuaciones."""
    return lambda fila: _apuntar(ECUACIONES, senas, fila)


def docstring(*objetos: str) -> Callable[[Fila], Fila]:
    """Apunta la que da los símbolos de la fórmula con que empieza un docstring."""
    return lambda fila: _apuntar(DOCSTRINGS, objetos, fila)


def _apuntar(tabla: dict[str, Fila], claves: tuple[str, ...], fila: Fila) -> Fila:
    for clave in claves:
        if clave in tabla:
            raise ValueError(f"fila repetida; se recibió {clave!r}")
        tabla[clave] = fila
    return fila


def comprobar(latex: str, simbolos: dict[str, object]) -> None:
    """Lanza `AssertionError` si alguna igualdad de la fórmula no es verdad.

    Raises:
        LatexError: si no la entiende, o usa un símbolo o un índice que no hay.
    """
    rtol, justa = simbolos.get("rtol", 1e-9), simbolos.get("ajustada", {})
    with np.errstate(all="ignore"):
        for frase in frases(latex):
            veces = _comparar(frase, simbolos, rtol)
            assert veces, f"no hay nada que comparar en {' '.join(frase)}"
            if justa:  # y con estos otros valores, solo la desigualdad
                _comparar(frase, simbolos | justa | {"ajustada": {}}, rtol)


class Indices(dict):
    """Los índices que ya tienen valor; pedir otro es recorrerlo."""

    def __missing__(self, letra: str):
        """Avisa de que falta ese índice."""
        raise IndiceLibreError(letra)


def evaluar(latex: str, simbolos: dict[str, object]):
    """Lo que vale una expresión sin índices libres."""
    claves = {tuple(trocear(clave)): valor for clave, valor in simbolos.items()}
    return Lector([], claves).leer(trocear(latex))({})


def frases(latex: str) -> list[list[str]]:
    r"""Cada igualdad, con las líneas que la continúan y la condición que la sigue.

    «`\text{si } a>b:`» es la condición de todo lo que viene detrás.
    """
    tokens = [r"\\" if t.replace(" ", "") in ENLACES else t for t in trocear(latex)]
    juntas: list[list[str]] = []
    condicion: list[str] = []
    for trozo in partir(tokens, r"\\", *HUECOS):
        trozo = sin_puntos(list(itertools.chain(*partir(trozo, "&"))))
        if trozo and trozo[-1] == ":":
            condicion = trozo[:-1]
        elif trozo and juntas and _continua(trozo[0]):
            juntas[-1] += trozo
        elif trozo:
            juntas.append(trozo)
    return [frase + condicion for frase in juntas]


def _continua(token: str) -> bool:
    return token in {*RELACIONES, "+", "-"} or token.startswith(r"\text{si")


def _comparar(frase: list[str], simbolos: dict[str, object], rtol: float) -> int:
    """Cuántas veces ha comparado dos miembros: una por cada valor de los índices."""
    claves = {tuple(trocear(clave)): valor for clave, valor in simbolos.items()}
    lector, nuevos = Lector([], claves), Lector([], claves | _nuevos(claves))
    afirmacion, *condiciones = partir(frase, r"\text{si }")
    valen = [comparar(lector, condicion) for condicion in condiciones]
    if dominio := claves.get((r"\text{si }",)):
        valen.append(lambda indices: dominio(Indices(indices)))
    miembros, signos = cadena(afirmacion, RELACIONES)
    if signos and simbolos.get("ajustada"):
        signos[-1] = "="
    veces = 0
    for (a, b), signo in zip(itertools.pairwise(miembros), signos, strict=True):
        uno = nuevos.leer(a) if signo in CAMBIAN else lector.leer(a)
        tolerancia = claves[signo,] if signo == r"\approx" else rtol
        for *si, izquierda, derecha in _casos(
            (*valen, uno, lector.leer(b)), {}, claves
        ):
            if all(si):
                veces += 1
                _exigir(izquierda, signo, derecha, tolerancia)
    return veces


def _nuevos(claves: dict) -> dict:
    """Lo que vale tras una actualización lo que hay a la izquierda de su flecha."""
    nuevos = claves.get((r"\leftarrow",), {})
    return {tuple(trocear(clave)): valor for clave, valor in nuevos.items()}


def _casos(funciones, indices: dict[str, int], claves: dict) -> Iterator[list]:
    """Los valores de esas funciones para cada valor de los índices libres.

    Las condiciones van delante: donde una no se cumple, lo demás puede no existir.
    """
    valores = []
    try:
        for f in funciones:
            valores.append(f(indices))
            if valores[-1] is False:
                return
    except IndiceLibreError as falta:
        letra = falta.args[0]
        for valor in claves[letra,]:
            yield from _casos(funciones, indices | {letra: valor}, claves)
    else:
        yield valores


def _exigir(a, signo: str, b, rtol: float) -> None:
    if signo in ("=", r"\approx", *CAMBIAN):
        assert np.shape(a) == np.shape(b), f"formas {np.shape(a)} y {np.shape(b)}"
        np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-12)
    else:
        assert np.all(RELACIONES[signo](a, b)), f"no es verdad que {a} {signo} {b}"


def mutantes(latex: str, simbolos: dict[str, object]) -> Iterator[str]:
    """La fórmula con un error: un signo, una cifra, un factor 2 o un índice."""
    tokens = trocear(latex)
    numeros = {s for s, v in simbolos.items() if isinstance(v, int | float)}
    letras = [s for s, v in simbolos.items() if isinstance(v, range) and s in tokens]
    yield " ".join(["2", *tokens])
    for lugar, token in enumerate(tokens):
        antes, despues = tokens[:lugar], tokens[lugar + 1 :]
        cambios = [CAMBIOS[token]] if token in CAMBIOS else []
        cambios += ["= 2"] if token == "=" else []
        cambios += [f"{{ ( 2 {token} ) }}"] if token in numeros else []
        if token in letras and antes[-1:] == ["_"]:
            cambios += [otra for otra in letras if otra != token]
        if antes[-1:] == ["{"] and despues[1:2] == ["}"] and antes[-2:-1] == ["_"]:
            cambios += [f"{despues[0]} {token}"]
            despues = despues[1:]
        yield from (" ".join([*antes, cambio, *despues]) for cambio in cambios)
