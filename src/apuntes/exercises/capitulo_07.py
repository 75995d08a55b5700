"""Ejercicios del capítulo 7, «Retropropagación»."""

from itertools import pairwise

import numpy as np

from apuntes.activations import sigmoid
from apuntes.exercises._exercise import answer, case, exercise
from apuntes.graph import Value


@answer(
    wrong={
        "La resta da a su segunda entrada lo que le llega, con el signo cambiado.": (
            *(-6.0, -2.0, -2.0, 3.0),
        ),
        "A la resta no le llega un 1: detrás de ella hay un producto.": (
            *(-6.0, 1.0, -1.0, 3.0),
        ),
        "El producto cruza: a cada factor le llega el valor del otro.": (
            *(-6.0, 3.0, -3.0, -2.0),
        ),
        "La resta reparte lo que le llega sin mirar cuánto vale cada entrada.": (
            *(-6.0, -8.0, 2.0, 3.0),
        ),
        "A c le llega lo que vale el otro factor: es una resta, no una suma.": (
            *(-6.0, -2.0, 2.0, 5.0),
        ),
        "Los signos de las tres derivadas están al revés.": (-6.0, 2.0, -2.0, -3.0),
        "Las derivadas están bien; el valor de f tiene otro signo.": (
            *(6.0, -2.0, 2.0, 3.0),
        ),
    }
)
def ej_tres_puertas():
    """Escribe cuatro números: el valor de f y sus derivadas, en el orden a, b, c."""
    a, b, c = Value(4), Value(1), Value(-2)
    f = (a - b) * c
    f.backward()
    return f.data, a.grad, b.grad, c.grad


def _nets(rng):
    yield case("una capa de cuatro nodos", 1, 4)
    yield case("dos capas de cinco", 2, 5)
    yield case("la del enunciado", 4, 3)
    yield case("una capa más", 5, 3)


def _edges(depth, width):
    return 2 * width + (depth - 1) * width**2


@exercise(
    cases=_nets,
    wrong={
        "Base y exponente están cambiados: se elige un nodo en cada capa.": (
            lambda k, h: (k**h, _edges(k, h))
        ),
        "Las elecciones de cada capa se multiplican, no se suman.": (
            lambda k, h: (k * h, _edges(k, h))
        ),
        "Faltan las aristas de la entrada y las que van a la salida.": (
            lambda k, h: (h**k, (k - 1) * h**2)
        ),
        "Falta un extremo: la entrada y la salida tienen aristas las dos.": (
            lambda k, h: (h**k, _edges(k, h) - h)
        ),
        "Entre capas hay un hueco menos que capas.": lambda k, h: (
            *(h**k, 2 * h + k * h**2),
        ),
        "Entre dos capas cada nodo va con todos los de la siguiente.": lambda k, h: (
            *(h**k, (k + 1) * h),
        ),
        "En la última capa también se elige nodo.": lambda k, h: (
            *(h ** (k - 1), _edges(k, h)),
        ),
        "Están los dos números al revés: primero los caminos.": lambda k, h: (
            *(_edges(k, h), h**k),
        ),
    },
)
def ej_contar_caminos(depth, width):
    """Escribe una función que reciba cuántas capas hay y cuántos nodos tiene cada una,
    y devuelva cuántos caminos y cuántas aristas hay de la entrada a la salida.
    """
    return width**depth, _edges(depth, width)


W, B, X = np.array([[0.1, -0.2], [0.4, 0.3]]), np.array([0.05, -0.1]), [1.0, 2.0]


@answer(
    wrong={
        "El número es negativo: antes la salida se quedaba corta y ahora se pasa.": (
            *(0.537679, 1.162999),
        ),
        "El cociente va al revés: la de ahora entre la de antes.": (
            *(0.537679, -0.859642),
        ),
        "La primera es la de antes, con el otro objetivo.": (-0.462321, -1.162999),
        "La pendiente de la sigmoide viene después de la salida, no antes.": (
            *(0.133656, -1.162999),
        ),
        "La pérdida lleva un ½: al derivarla no queda un 2.": (1.075358, -1.162999),
        "La primera es la pérdida; se pide su derivada.": (0.144549, -1.162999),
        "El signo de la primera: la salida está por encima del objetivo.": (
            *(-0.537679, -1.162999),
        ),
    }
)
def ej_recursion_a_mano():
    """Escribe la pareja: la derivada de la pérdida respecto de la salida con el
    objetivo nuevo y el número por el que quedan multiplicadas todas.
    """
    out = float(sigmoid(sigmoid(W @ X + B) @ np.array([0.7, -0.5]) + 0.2))
    return out, out / (out - 1)


@answer(
    wrong={
        "La segunda tiene la forma de W, que lleva una fila por neurona.": (
            *((64, 15), (784, 15), (15,), (64, 784)),
        ),
        "El sesgo es uno por neurona: lo que llega se suma sobre el lote.": (
            *((64, 15), (15, 784), (64, 15), (64, 784)),
        ),
        "La primera tiene la forma de lo que sale de la capa.": (
            *((64, 784), (15, 784), (15,), (64, 784)),
        ),
        "La última tiene la forma de lo que entra en la capa.": (
            *((64, 15), (15, 784), (15,), (64, 15)),
        ),
        "El sesgo es un vector: su forma tiene un solo número.": (
            *((64, 15), (15, 784), (15, 1), (64, 784)),
        ),
        "Los ejemplos van por filas, en lo que entra y en lo que sale.": (
            *((15, 64), (15, 784), (15,), (784, 64)),
        ),
        "El sesgo es de la neurona, no de la entrada.": (
            *((64, 15), (15, 784), (784,), (64, 784)),
        ),
    }
)
def ej_formas_de_la_vuelta():
    """Escribe las cuatro formas, cada una como una tupla, en el orden del enunciado."""
    return (64, 15), (15, 784), (15,), (64, 784)


def _sizes(rng):
    yield case("sin capas ocultas", 5, 3)
    yield case("una capa oculta", 4, 3, 2)
    yield case("dos capas ocultas", 6, 5, 4, 2)
    yield case("la red de las lecciones", 784, 15, 10)


def _products(sizes):
    return sum(d * h for d, h in pairwise(sizes))


@exercise(
    cases=_sizes,
    wrong={
        "La primera capa se ahorra una cuenta: nadie deriva respecto de la entrada.": (
            lambda *s: (_products(s), 2 * _products(s))
        ),
        "Falta llevar lo que llega desde cada capa hasta la anterior.": lambda *s: (
            *(_products(s), _products(s)),
        ),
        "Faltan los gradientes de los pesos.": lambda *s: (
            *(_products(s), _products(s[1:])),
        ),
        "El segundo es la vuelta sola, no la ida y la vuelta.": lambda *s: (
            *(_products(s), 2 * _products(s) + _products(s[1:])),
        ),
        "La capa que se ahorra una cuenta es la primera, no la última.": lambda *s: (
            *(_products(s), _products(s) + _products(s[:-1])),
        ),
        "Los sesgos se suman: no son multiplicaciones.": lambda *s: (
            *(_products(s) + sum(s[1:]), _products(s) + _products(s[1:]) + sum(s[1:])),
        ),
        "Están al revés: primero la ida.": lambda *s: (
            *(_products(s) + _products(s[1:]), _products(s)),
        ),
    },
)
def ej_coste_de_la_vuelta(*sizes):
    """Escribe una función que reciba los tamaños de las capas, de la entrada a la
    salida, y devuelva cuántas multiplicaciones hacen las capas lineales con un ejemplo:
    las de la ida y las de la vuelta.
    """
    return _products(sizes), _products(sizes) + _products(sizes[1:])
