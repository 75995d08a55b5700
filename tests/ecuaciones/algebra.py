"""Qué hace cada signo de una fórmula con números y arreglos de NumPy.

Un arreglo de un eje es una columna. Las formas que no casan son un error: aquí no hay
difusión que esconda un índice equivocado.
"""

import operator

import numpy as np

RELACIONES = {"<": operator.lt, ">": operator.gt, r"\ne": operator.ne}
RELACIONES |= {r"\le": operator.le, r"\ge": operator.ge, "=": operator.eq}
RELACIONES |= {r"\leftarrow": operator.eq, r"\to": operator.eq, r"\approx": operator.eq}
FUNCIONES = {r"\ln": np.log, r"\log": np.log, r"\exp": np.exp, r"\tanh": np.tanh}
FUNCIONES |= {r"\cos": np.cos, r"\sin": np.sin, r"\cosh": np.cosh}
FUNCIONES |= {r"\operatorname{signo}": np.sign, r"\operatorname{diag}": np.diag}
FUNCIONES |= {r"\max": np.maximum, r"\min": np.minimum}
REDUCEN = {r"\sum": sum, r"\prod": np.prod, r"\max": max, r"\min": min}
PARES = {"(": ")", "[": "]", r"\{": r"\}", r"\lvert": r"\rvert", "|": "|"}
PARES |= {r"\lVert": r"\rVert", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}
PARES |= {r"\langle": r"\rangle"}
ENTRE = {"|": np.abs, r"\lvert": np.abs, r"\lfloor": np.floor, r"\lceil": np.ceil}
NUMEROS = {"e": np.e, r"\pi": np.pi}
NORMAS = {"1": 1, "2": 2, "F": None, r"\infty": np.inf}


class LatexError(ValueError):
    """Una fórmula que no se entiende, o que no cuadra con la forma de sus símbolos."""


def en(valor, posiciones):
    """`valor` en esas posiciones, desde 0; de una función, las de su resultado."""
    if callable(valor):
        return lambda *args: en(valor(*args), posiciones)
    for posicion in posiciones:
        if not np.ndim(valor) or posicion not in range(len(valor)):
            raise LatexError(f"índice fuera de su eje; se recibió {posicion}")
        valor = valor[int(posicion)]
    return valor


def sumar(a, b):
    """`a + b`; un número se suma a todo."""
    if np.ndim(a) and np.ndim(b) and np.shape(a) != np.shape(b):
        formas = np.shape(a), np.shape(b)
        raise LatexError(f"formas que no se suman; se recibió {formas}")
    return a + b


def multiplicar(a, b):
    """El producto que se escribe sin signo: de números o de matrices."""
    if not np.ndim(a) or not np.ndim(b):
        return a * b
    a, b = (v[:, None] if v.ndim == 1 else v for v in (a, b))
    producto = a @ b
    producto = producto[:, 0] if producto.shape[1] == 1 else producto
    return producto[0] if producto.shape == (1,) else producto


def punto(a, b):
    """El producto que se escribe con un punto: entre vectores, el escalar."""
    return a @ b if np.ndim(a) == np.ndim(b) == 1 else multiplicar(a, b)


def por_componentes(a, b):
    """El de Hadamard, que pide dos formas iguales."""
    if np.shape(a) != np.shape(b):
        raise LatexError(f"formas distintas; se recibió {np.shape(a), np.shape(b)}")
    return a * b


def elevar(base, exponente):
    """Potencia de números, por componentes; de una matriz, la suya."""
    if np.ndim(base) == 2:
        return np.linalg.matrix_power(base, int(exponente))
    return base**exponente


def trasponer(a):
    """Un vector se vuelve una fila."""
    return a[None, :] if a.ndim == 1 else a.T


OPERADORES = {r"\cdot": punto, r"\times": multiplicar, r"\odot": por_componentes}
OPERADORES |= {"/": operator.truediv, "·": punto}


def juntar(operacion, *valores):
    """La función que evalúa cada valor y los junta con `operacion`."""
    return lambda env: operacion(*[valor(env) for valor in valores])


def indexar(valor, posiciones):
    """`valor` en las posiciones que den esas funciones."""
    return lambda env: en(valor(env), [p(env) for p in posiciones])
