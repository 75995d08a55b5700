"""Ejercicios del capítulo 4, «El paisaje de la pérdida»."""

from math import ceil, comb, factorial, log, log1p, prod

import numpy as np

from apuntes.activations import sigmoid
from apuntes.connectivity import bezier
from apuntes.exercises._exercise import case, exercise
from apuntes.landscape import escape_steps


def _points(rng):
    yield case("el origen", np.zeros(2))
    yield case("un mínimo", np.array([1.0, 0.0]))
    yield case("un punto cualquiera", np.array([0.5, -3.0]))
    yield case("otro punto", rng.normal(size=2))


def _grad(p):
    return np.array([4 * p[0] ** 3 - 4 * p[0], 2 * p[1]])


def _hessian(p):
    return np.diag([12 * p[0] ** 2 - 4, 2.0])


@exercise(
    cases=_points,
    wrong={
        "El gradiente tiene el signo cambiado: no se pide hacia dónde bajar.": (
            lambda p: (-_grad(p), _hessian(p))
        ),
        "En la hessiana falta derivar el término con x²: no desaparece.": (
            lambda p: (_grad(p), np.diag([12 * p[0] ** 2, 2.0]))
        ),
        "La hessiana es una matriz; das solo su diagonal.": (
            lambda p: (_grad(p), np.diag(_hessian(p)))
        ),
        "Derivada de una potencia: el exponente baja y multiplica.": (
            lambda p: (np.array([p[0] ** 3 - p[0], p[1]]), _hessian(p))
        ),
        "Los dos resultados van al revés: primero el gradiente.": (
            lambda p: (_hessian(p), _grad(p))
        ),
        "Fuera de la diagonal hay ceros: x e y no se mezclan.": (
            lambda p: (
                _grad(p),
                np.array([[12 * p[0] ** 2 - 4, 2.0], [12 * p[0] ** 2 - 4, 2.0]]),
            )
        ),
    },
)
def ej_clasifica_criticos(point):
    """Escribe una función que reciba un punto `(2,)` y devuelva el gradiente y la
    hessiana de f, con los que se clasifica.
    """
    return _grad(point), _hessian(point)


def _weights(rng):
    yield case("w = 0", 0.0)
    yield case("w = 3", 3.0)
    yield case("w = -2", -2.0)
    yield case("w = -1000", -1000.0)
    yield case("w = 1000", 1000.0)


def _second(w):
    return float(sigmoid(np.float64(w)) * sigmoid(np.float64(-w)))


def _first(w):
    return -float(sigmoid(np.float64(-w)))


def _overflows(w):
    e = np.exp(-np.float64(w))
    return -e / (1 + e), e / (1 + e) ** 2


@exercise(
    cases=_weights,
    wrong={
        "La fórmula es buena, pero la exponencial desborda con w muy negativo.": (
            _overflows
        ),
        "El signo de la primera: al crecer w, la función baja.": lambda w: (
            *(-_first(w), _second(w)),
        ),
        "El signo de la segunda: una función convexa la tiene positiva.": lambda w: (
            *(_first(w), -_second(w)),
        ),
        "Falta la cadena: el exponente es -w, y su derivada cuenta.": lambda w: (
            *(-_first(w), -_second(w)),
        ),
        "La primera es en el punto opuesto: mira el signo de la exponencial.": (
            lambda w: (-1 - _first(w), _second(w))
        ),
        "La segunda es la derivada de la primera, no su cuadrado.": lambda w: (
            *(_first(w), _first(w) ** 2),
        ),
    },
)
def ej_logistica_convexa(w):
    """Escribe una función que reciba un número w, aunque sea enorme, y devuelva la
    primera derivada de ln(1 + exp(-w)) y la segunda.
    """
    return _first(w), _second(w)


def _sizes(rng):
    yield case("una capa oculta de dos", 3, 2, 1)
    yield case("dos capas ocultas", 4, 3, 2, 2)
    yield case("sin capa oculta", 5, 4)
    yield case("784-15-15-10", 784, 15, 15, 10)
    yield case("784-30-10", 784, 30, 10)


@exercise(
    cases=_sizes,
    wrong={
        "Las salidas no se permutan: cada una tiene su clase.": (
            lambda *sizes: prod(map(factorial, sizes[1:]))
        ),
        "Las entradas no se permutan: un píxel es ese píxel.": lambda *sizes: prod(
            map(factorial, sizes[:-1])
        ),
        "Cada permutación de una capa va con cada una de las otras: multiplica.": (
            lambda *sizes: sum(map(factorial, sizes[1:-1]))
        ),
        "Se permutan las neuronas de cada capa, no se mezclan las de capas "
        "distintas.": lambda *sizes: factorial(sum(sizes[1:-1])),
        "Eso son cambios de signo; se piden permutaciones.": lambda *sizes: (
            2 ** sum(sizes[1:-1])
        ),
        "Permutar H neuronas se puede hacer de más de H maneras.": lambda *sizes: prod(
            sizes[1:-1]
        ),
        "Cuenta ordenaciones de todas, no parejas que se intercambian.": (
            lambda *sizes: prod(comb(size, 2) for size in sizes[1:-1])
        ),
    },
)
def ej_cuenta_copias(*sizes):
    """Escribe una función que reciba los tamaños de las capas, de la entrada a la
    salida, y devuelva cuántas redes equivalentes por permutación hay, contándola.
    """
    return prod(map(factorial, sizes[1:-1]))


def _escapes(rng):
    yield case("cerca", 0.5, 1.0, 2.0, 0.1)
    yield case("la del enunciado", 1e-6, 1.0, 2.0, 0.01)
    yield case("el doble de tasa", 1e-6, 1.0, 2.0, 0.02)
    yield case("un cuadrado de distancia", 1e-12, 1.0, 2.0, 0.01)
    yield case("otro radio y otra curvatura", 1e-3, 5.0, 0.7, 0.3)


@exercise(
    cases=_escapes,
    wrong={
        "Es la aproximación con tasa pequeña: el factor exacto lleva un logaritmo.": (
            lambda d, r, c, lr: ceil(log(r / d) / (lr * c))
        ),
        "Falta redondear hacia arriba: se pide un número entero de pasos.": (
            lambda d, r, c, lr: log(r / d) / log1p(lr * c)
        ),
        "Redondea hacia arriba: con un paso menos aún no ha salido.": (
            lambda d, r, c, lr: int(log(r / d) / log1p(lr * c))
        ),
        "Se parte a cierta distancia y se sale a otra: cuenta su cociente.": (
            lambda d, r, c, lr: ceil(-log(d) / log1p(lr * c))
        ),
        "Logaritmo natural arriba y abajo.": lambda d, r, c, lr: ceil(
            np.log10(r / d) / log1p(lr * c)
        ),
        "Cada paso multiplica la distancia; no le suma.": lambda d, r, c, lr: ceil(
            (r - d) / (lr * c * d)
        ),
        "Falta la curvatura: sin ella da igual cómo sea la silla.": (
            lambda d, r, c, lr: ceil(log(r / d) / log1p(lr))
        ),
    },
)
def ej_escape_mas_lejos(distance, radius, curvature, lr):
    """Escribe una función que reciba la distancia de salida, el radio, lo que la silla
    se curva hacia abajo y la tasa, y devuelva cuántos pasos tarda en salir.
    """
    return escape_steps(distance, radius=radius, curvature=curvature, lr=lr)


def _curves(rng):
    a, b, c = np.zeros(2), np.array([2.0, 0.0]), np.array([1.0, 2.0])
    yield case("los del enunciado, a la mitad", a, b, c, 0.5)
    yield case("los del enunciado, a un cuarto", a, b, c, 0.25)
    yield case("al principio", a + 1, b, c, 0.0)
    yield case("en otro espacio", *rng.normal(size=(3, 5)), 0.8)


def _bend(start, control, end):
    """Una curva con otros pesos para el principio, el control y el final."""
    return lambda a, b, c, t: start(t) * a + control(t) * c + end(t) * b


@exercise(
    cases=_curves,
    wrong={
        "El punto de control no pesa bastante: hay dos maneras de pasar por él.": _bend(
            lambda t: (1 - t) ** 2, lambda t: t * (1 - t), lambda t: t**2
        ),
        "La curva va al revés: con t = 0 está en el principio.": _bend(
            lambda t: t**2, lambda t: 2 * t * (1 - t), lambda t: (1 - t) ** 2
        ),
        "Los pesos no suman 1: los de los extremos van al cuadrado.": _bend(
            lambda t: 1 - t, lambda t: 2 * t * (1 - t), lambda t: t
        ),
        "Es el segmento: el punto de control no interviene.": _bend(
            lambda t: 1 - t, lambda t: 0, lambda t: t
        ),
        "Son dos segmentos que pasan por el control; la curva no pasa por él.": (
            lambda a, b, c, t: (
                (1 - 2 * t) * a + 2 * t * c
                if t < 0.5
                else (2 - 2 * t) * c + (2 * t - 1) * b
            )
        ),
        "El final y el control están intercambiados.": (
            lambda a, b, c, t: (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
        ),
    },
)
def ej_bezier_a_mano(start, end, control, t):
    """Escribe una función que reciba los dos extremos, el punto de control y un número
    t entre 0 y 1, y devuelva el punto de la curva.
    """
    return bezier(start, control, end, np.array([t]))[0]
