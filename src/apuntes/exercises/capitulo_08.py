"""Ejercicios del capítulo 8, «Ejercicios de regla de la cadena»."""

import numpy as np

from apuntes.exercises._exercise import answer, case, exercise
from apuntes.graph import Value


def _gradient(f, *numbers):
    inputs = [Value(number) for number in numbers]
    f(*inputs).backward()
    return tuple(v.grad for v in inputs)


@answer(
    wrong={
        "El producto a·b también cruza: a cada factor le llega el valor del otro.": (
            *(-4.0, 6.0, -2.0, 4.0),
        ),
        "A la suma no le llega un 1: detrás de ella hay un producto.": (
            *(-3.0, 2.0, 1.0, 4.0),
        ),
        "El último producto cruza: a d le llega lo que vale la suma, y al revés.": (
            *(-12.0, 8.0, 4.0, -2.0),
        ),
        "La suma reparte lo que le llega sin mirar cuánto vale cada entrada.": (
            *(6.0, -4.0, -20.0, 4.0),
        ),
        "Los signos están todos al revés.": (-6.0, 4.0, 2.0, -4.0),
        "A d le llega lo que vale la suma entera, no solo el producto.": (
            *(6.0, -4.0, -2.0, -6.0),
        ),
    }
)
def ej_reparte_y_cruza():
    """Escribe las cuatro derivadas, en el orden a, b, c, d."""
    return _gradient(lambda a, b, c, d: (a * b + c) * d, 2, -3, 10, -2)


@answer(
    wrong={
        "A x le falta lo que vuelve por su flecha directa.": (3.0, 2.0, 0.0),
        "A x le falta lo que vuelve por el producto.": (1.0, 2.0, 0.0),
        "El máximo no reparte: quien pierde no recibe nada.": (4.0, 2.0, 1.0),
        "El máximo encamina hacia el mayor: compara el producto con z.": (
            *(1.0, 0.0, 1.0),
        ),
        "El producto cruza: a cada factor le llega el valor del otro.": (
            *(3.0, 3.0, 0.0),
        ),
        "El máximo solo da mitades si empatan, y aquí no empatan.": (2.5, 1.0, 0.5),
    }
)
def ej_el_maximo_elige():
    """Escribe las tres derivadas con z = 5, en el orden x, y, z."""
    return _gradient(lambda x, y, z: (x * y).maximum(z) + x, 2, 3, 5)


@answer(
    wrong={
        "El cuadrado multiplica por 2 además de por su entrada.": (
            *(-0.28747, 0.143735, 0.143735),
        ),
        "Falta la derivada local de la sigmoide.": (-2.924234, 1.462117, 1.462117),
        "Falta la derivada local del cuadrado.": (-0.393224, 0.196612, 0.196612),
        "El producto cruza: a cada factor le llega el valor del otro.": (
            *(0.28747, -0.574939, 0.28747),
        ),
        "El cuadrado se deriva con lo que entra en él, no con lo que sale.": (
            *(-0.420316, 0.210158, 0.210158),
        ),
        "El signo de x: mira el valor de w.": (-0.574939, -0.28747, 0.28747),
    }
)
def ej_neurona_al_cuadrado():
    """Escribe las tres derivadas con b = 3, en el orden w, x, b."""
    return _gradient(lambda w, x, b: (w * x + b).sigmoid() ** 2, 1, -2, 3)


@answer(
    wrong={
        "Falta lo que vuelve por la resta.": (1.0, 0.5),
        "Falta lo que vuelve por el logaritmo.": (0.693147, -0.693147),
        "La resta da a la segunda entrada lo mismo con el signo cambiado.": (
            *(1.693147, 1.193147),
        ),
        "El logaritmo divide entre lo que entra en él, que aquí no es 1.": (
            *(2.693147, 0.306853),
        ),
        "El cuadrado de x multiplica por 2x.": (1.193147, -0.193147),
        "Van al revés: primero la de x.": (-0.193147, 1.693147),
    }
)
def ej_logaritmo_por_resta():
    """Escribe las dos derivadas, en el orden x, y."""
    return _gradient(lambda x, y: (x**2 + y.exp()).log() * (x - y), 1, 0)


def _pairs(rng):
    yield case("x = 3, y = 1", 3.0, 1.0)
    yield case("x = -2, y = 5", -2.0, 5.0)
    yield case("x = 0,5, y = 0,25", 0.5, 0.25)


def _quotient(x, y):
    return 2 * y / (x + y) ** 2, -2 * x / (x + y) ** 2


@exercise(
    cases=_pairs,
    wrong={
        "Falta lo que vuelve por la suma de abajo.": lambda x, y: (
            *(1 / (x + y), -1 / (x + y)),
        ),
        "El denominador da su derivada con signo menos.": lambda x, y: (
            2 * x / (x + y) ** 2,
            -2 * y / (x + y) ** 2,
        ),
        "El signo de la segunda: al crecer y, el cociente baja.": lambda x, y: (
            2 * y / (x + y) ** 2,
            2 * x / (x + y) ** 2,
        ),
        "El cociente divide dos veces entre su denominador.": lambda x, y: (
            2 * y / (x + y),
            -2 * x / (x + y),
        ),
        "Van al revés: primero la de x.": lambda x, y: _quotient(x, y)[::-1],
        "A cada entrada vuelven dos cosas, y las dos cuentan: te falta un 2.": (
            lambda x, y: (y / (x + y) ** 2, -x / (x + y) ** 2)
        ),
    },
)
def ej_cociente_en_grafo(x, y):
    """Escribe una función que reciba los números x, y y devuelva las dos derivadas del
    cociente, primero la de x.
    """
    return _gradient(lambda a, b: (a - b) / (a + b), x, y)


def _couples(rng):
    yield case("un empate", 2.0, 2.0)
    yield case("gana x", 1.0, -2.0)
    yield case("gana y por poco", 0.3, 0.5)
    yield case("dos números grandes", 900.0, 899.0)
    yield case("dos números muy negativos", -900.0, -898.0)


def _smooth(x, y):
    value = float(np.logaddexp(x, y))
    return value, float(np.exp(x - value)), float(np.exp(y - value))


def _overflowing(x, y):
    below = np.exp(np.float64(x)) + np.exp(np.float64(y))
    return np.log(below), np.exp(np.float64(x)) / below, np.exp(np.float64(y)) / below


@exercise(
    cases=_couples,
    wrong={
        "La fórmula es buena, pero la exponencial desborda con números grandes.": (
            _overflowing
        ),
        "Eso es el máximo de siempre: el suave también da algo al que pierde.": (
            lambda x, y: (max(x, y), float(x > y), float(x <= y))
        ),
        "Las dos derivadas están cambiadas: recibe más la mayor.": lambda x, y: (
            _smooth(x, y)[0],
            _smooth(x, y)[2],
            _smooth(x, y)[1],
        ),
        "El valor es el del máximo; le falta el logaritmo que lo suaviza.": (
            lambda x, y: (max(x, y), *_smooth(x, y)[1:])
        ),
        "El valor es bueno; las derivadas han de sumar 1 sin ser siempre mitades.": (
            lambda x, y: (_smooth(x, y)[0], 0.5, 0.5)
        ),
        "Dentro de la exponencial va la diferencia con su signo menos.": lambda x, y: (
            max(x, y) + float(np.logaddexp(0, abs(x - y))),
            *_smooth(x, y)[1:],
        ),
    },
)
def ej_maximo_suave(x, y):
    """Escribe una función que reciba los números x, y, aunque sean enormes, y devuelva
    el valor de la puerta y sus dos derivadas locales, primero la de x.
    """
    return _smooth(x, y)
