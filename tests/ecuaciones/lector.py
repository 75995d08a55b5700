r"""Del LaTeX de una página a una función de NumPy, con un analizador descendente.

Los símbolos los declara quien evalúa, escritos como en la página: `{r"\hat y": pred}`.
Un valor es un número, un arreglo (sus subíndices son sus ejes, en orden), una función o,
si el símbolo es una letra de índice, el `range` que recorre.
`\frac{\partial L_i}{\partial w_j}` es `\partial L/\partial w` con subíndices $i$ y $j$.
Lo que no se entiende es un error: ninguna parte de la fórmula se pasa por alto.
"""

import numpy as np

from ecuaciones import algebra
from ecuaciones.algebra import (
    FUNCIONES,
    OPERADORES,
    PARES,
    REDUCEN,
    LatexError,
    indexar,
    juntar,
)
from ecuaciones.estructuras import ESTRUCTURAS, lista, reducir
from ecuaciones.lexico import HUECOS, PUNTOS, partir, sin_puntos

FIN = {*algebra.RELACIONES, *PARES.values(), *PUNTOS, *HUECOS, "+", "-", "}", "&", ""}


class IndiceLibreError(Exception):
    """Falta el valor del índice que lleva: hay que recorrerlos todos."""


class Lector:
    """Cada método lee un trozo y da la función que lo evalúa.

    Esa función recibe el valor de cada índice, `{"i": 1}`.
    """

    def __init__(self, tokens: list[str], simbolos: dict[tuple[str, ...], object]):
        self.tokens, self.simbolos = tokens, simbolos
        self.lugar = self.barras = 0

    @property
    def mira(self) -> str:
        """El símbolo que toca; al final, `""`."""
        return self.tokens[self.lugar] if self.lugar < len(self.tokens) else ""

    def toma(self, *esperados: str) -> str:
        """Pasa al siguiente símbolo y da este."""
        token = self.mira
        if not token or (esperados and token not in esperados):
            raise LatexError(f"falta {esperados}; se recibió {' '.join(self.tokens)}")
        self.lugar += 1
        return token

    def leer(self, tokens: list[str]):
        """Una expresión entera, sin contar la puntuación de los extremos."""
        lector = Lector(sin_puntos(tokens), self.simbolos)
        valor = lector.expresion()
        if lector.mira:
            raise LatexError(f"sobra «{lector.mira}»; se recibió {' '.join(tokens)}")
        return valor

    def argumento(self) -> list[str]:
        """Lo que va entre llaves, o un solo símbolo."""
        if self.mira != "{":
            return [self.toma()]
        inicio, hondo = self.lugar, 0
        while True:
            hondo += {"{": 1, "}": -1}.get(self.toma(), 0)
            if not hondo:
                return self.tokens[inicio + 1 : self.lugar - 1]

    def expresion(self):
        """Sumas y restas."""
        total = None
        while total is None or self.mira in ("+", "-"):
            signo = self.toma() if self.mira in ("+", "-") else "+"
            uno = self.termino()
            uno = juntar(np.negative, uno) if signo == "-" else uno
            total = juntar(algebra.sumar, total, uno) if total else uno
        return total

    def sigue(self) -> bool:
        """Si lo que toca empieza otro factor."""
        if self.mira == "|":
            return not self.barras
        return self.mira not in FIN and not self.mira.startswith((r"\text", r"\end"))

    def termino(self):
        """Productos y cocientes; `a/bc` es ambiguo y no se admite."""
        valor = self.factor()
        while self.sigue():
            signo = self.toma() if self.mira in OPERADORES else ""
            operacion = OPERADORES.get(signo, algebra.multiplicar)
            valor = juntar(operacion, valor, self.factor())
            if signo == "/" and self.sigue() and self.mira not in OPERADORES:
                raise LatexError(f"¿qué divide? se recibió {' '.join(self.tokens)}")
        return valor

    def factor(self):
        """Un átomo con sus subíndices y superíndices."""
        valor = self.atomo()
        while self.mira in ("_", "^"):
            if self.toma() == "_":
                valor = indexar(valor, self.indices(self.argumento()))
                continue
            exponente = self.argumento()
            if exponente == [r"\top"]:
                valor = juntar(algebra.trasponer, valor)
            elif exponente == [r"\circ"]:
                continue  # los ángulos van en los grados que se escriben
            elif exponente[0] == "(":
                valor = indexar(valor, self.indices(exponente[1:-1]))
            else:
                valor = juntar(algebra.elevar, valor, self.leer(exponente))
        return valor

    def indices(self, tokens: list[str]) -> list:
        """Posiciones, desde 0, que nombra un subíndice: `ik`, `i,k`, `t+1`, `0`."""
        grupos = [[token] for token in tokens]
        if {"+", "-", ","} & set(tokens):
            grupos = partir(tokens, ",")
        posiciones = []
        for grupo in grupos:
            recorrido = self.simbolos.get(tuple(grupo[:1]))
            origen = recorrido.start if isinstance(recorrido, range) else 0
            posiciones.append(juntar(lambda v, o=origen: v - o, self.leer(grupo)))
        return posiciones

    def atomo(self):
        """Símbolo declarado, función, número, paréntesis, fracción, suma o casos."""
        for largo in range(len(self.tokens) - self.lugar, 0, -1):
            clave = tuple(self.tokens[self.lugar : self.lugar + largo])
            if clave in self.simbolos:
                self.lugar += largo
                return self.simbolo(clave[0], self.simbolos[clave])
        token = self.toma()
        if token in REDUCEN and self.mira == "_":
            return reducir(self, token)
        if token in FUNCIONES:
            return self.aplicar(FUNCIONES[token])
        if token in ESTRUCTURAS:
            return ESTRUCTURAS[token](self)
        if token in algebra.NUMEROS:
            return lambda env: algebra.NUMEROS[token]
        if not token[0].isdigit():
            raise LatexError(f"símbolo sin declarar; se recibió «{token}»")
        while token.isdigit() and self.mira.isdigit():
            token += self.toma()
        return lambda env: float(token.replace("{,}", "."))

    def simbolo(self, letra: str, valor):
        """Lo que vale un símbolo declarado."""
        if isinstance(valor, tuple):  # depende de un índice que no se escribe
            return indexar(lambda env: valor[1], self.indices([valor[0]]))
        if callable(valor):
            return self.aplicar(valor)
        if not isinstance(valor, range):
            return lambda env: valor

        def indice(env):
            if letra not in env:
                raise IndiceLibreError(letra)
            return env[letra]

        return indice

    def aplicar(self, f):
        """Una función con sus argumentos: `f_k^2(x, y)`, o `f x` si solo hay uno."""
        subindices, exponente = [], None
        while self.mira in ("_", "^"):
            if self.toma() == "_":
                subindices += self.indices(self.argumento())
            else:
                exponente = self.leer(self.argumento())
        if self.mira in PARES and self.mira not in algebra.ENTRE:
            argumentos = lista(self)
        else:
            argumentos = [self.factor()]
            if self.sigue() and self.mira not in OPERADORES:
                raise LatexError(f"faltan paréntesis; se recibió {self.tokens}")
        valor = indexar(juntar(f, *argumentos), subindices)
        return juntar(algebra.elevar, valor, exponente) if exponente else valor
