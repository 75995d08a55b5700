"""Ejercicios del capítulo 2, «Red, datos y función de coste»."""

from itertools import pairwise

import numpy as np

from apuntes import losses
from apuntes.exercises._exercise import answer, case, exercise
from apuntes.layers import Linear


def _sizes(rng):
    yield case("una capa, sin ocultas", 3, 2)
    yield case("una capa oculta", 4, 3, 2)
    yield case("dos capas ocultas", 5, 4, 3, 2)
    yield case("la red de las lecciones", 784, 15, 10)


def _count(layer):
    """Cuenta lo que da `layer(D, H)` en cada capa."""
    return lambda *sizes: sum(map(layer, sizes[:-1], sizes[1:]))


@exercise(
    cases=_sizes,
    wrong={
        "Faltan los sesgos: cada neurona tiene uno.": _count(lambda d, h: d * h),
        "El sesgo es de quien calcula: uno por neurona, no por entrada.": _count(
            lambda d, h: d * h + d
        ),
        "Cada neurona tiene su sesgo, no uno por capa.": _count(lambda d, h: d * h + 1),
        "Cuentas neuronas; se piden pesos y sesgos.": lambda *sizes: sum(sizes),
        "Cuentas solo sesgos: faltan los pesos.": _count(lambda d, h: h),
        "La entrada no calcula nada y no tiene sesgos.": lambda *sizes: (
            _count(lambda d, h: (d + 1) * h)(*sizes) + sizes[0]
        ),
    },
)
def ej_contar_parametros(*sizes):
    """Escribe una función que reciba los tamaños de las capas, de la entrada a la
    salida, y devuelva cuántos parámetros tiene la red.
    """
    rng = np.random.default_rng(0)
    layers = [Linear(*pair, rng=rng) for pair in pairwise(sizes)]
    return sum(one.weight.size + one.bias.size for one in layers)


NET_A = np.array([[0.51, 0.49], [0.51, 0.49]])
NET_B = np.array([[1.0, 0.0], [0.45, 0.55]])
CLASS_0 = np.array([[1.0, 0.0], [1.0, 0.0]])


@answer(
    wrong={
        "Falta el ½ del coste cuadrático.": (0.4802, 0.3025),
        "Es el coste de los dos ejemplos sumado: falta promediar.": (0.4802, 0.605),
        "Está al revés: primero la red A.": (0.15125, 0.2401),
        "Has promediado también las componentes: se suman.": (0.12005, 0.075625),
        "Son los aciertos, no el coste.": (2, 1),
        "Falta elevar al cuadrado las diferencias.": (0.49, 0.275),
    }
)
def ej_menos_coste_mas_fallos():
    """Escribe la pareja de costes, primero el de la red A."""
    return tuple(losses.quadratic_cost(net, CLASS_0) for net in (NET_A, NET_B))


@answer(
    wrong={
        "El primero cambia de signo: se resta la derivada, que es negativa.": (
            *(0.1, 0.03, 1.5e-6),
        ),
        "Con la suma la derivada es n veces mayor: la tasa, n veces menor.": (
            *(1.9, 0.27, 5400.0),
        ),
        "¿Cuántos ejemplos hay en los datos de la sección? El paso de la suma es "
        "tantas veces mayor.": (1.9, 0.09, 1.5e-6),
        "La última tasa también se divide: entre el número de ejemplos.": (
            *(1.9, 0.03, 0.09),
        ),
        "La última va sobre la tasa de la media, no sobre la de la suma.": (
            *(1.9, 0.03, 5e-7),
        ),
    }
)
def ej_tasa_equivalente():
    """Escribe el trío: adónde llegas, la tasa con la suma y la tasa con la suma y
    60 000 ejemplos.
    """
    x, y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 7.0])
    slope = float(x @ losses.mse_loss_grad(x, y))
    return 1 - 0.09 * slope, 0.09 / len(x), 0.09 / 60_000


@answer(
    wrong={
        "Falta el ½ de la rama cuadrática.": ((1.0, 1.0), (4.0, 2.0), (8.0, -2.0)),
        "En -5 la derivada apunta al otro lado: el residuo es negativo.": (
            *((0.5, 1.0), (2.0, 2.0), (8.0, 2.0)),
        ),
        "Lejos, Huber ya no es una parábola: el valor crece como el absoluto.": (
            *((0.5, 1.0), (2.0, 2.0), (12.5, -5.0)),
        ),
        "Lejos falta restar algo para que las dos ramas se junten.": (
            *((0.5, 1.0), (2.0, 2.0), (10.0, -2.0)),
        ),
        "La rama de lejos lleva δ delante: aquí δ es 2, no 1.": (
            *((0.5, 1.0), (1.5, 1.0), (4.5, -1.0)),
        ),
        "La derivada de la parábola con su ½ es r, no 2r.": (
            *((0.5, 2.0), (2.0, 4.0), (8.0, -2.0)),
        ),
    }
)
def ej_huber_a_mano():
    """Escribe tres parejas (pérdida, derivada): en 1, en 2 y en -5."""
    pairs = []
    for value in (1.0, 2.0, -5.0):
        pred, target = np.array([value]), np.zeros(1)
        slope = losses.huber_loss_grad(pred, target, delta=2.0)[0]
        pairs.append((losses.huber_loss(pred, target, delta=2.0), float(slope)))
    return tuple(pairs)


@answer(
    wrong={
        "La entropía cruzada lleva logaritmo natural, no en base 2 ni en base 10.": (
            *(np.log2(10), 1.25),
        ),
        "El signo: el logaritmo de una probabilidad es negativo.": (
            *(-np.log(10), 1.25),
        ),
        "Falta el ½ del coste cuadrático.": (np.log(10), 2.5),
        "En el cuadrático se suman las diez componentes, no se promedian.": (
            *(np.log(10), 0.125),
        ),
        "El segundo: las diez componentes fallan por 0,5, la de la clase también.": (
            *(np.log(10), 1.125),
        ),
        "El primero es una probabilidad; falta menos su logaritmo.": (0.1, 1.25),
    }
)
def ej_perdida_inicial():
    """Escribe la pareja: la entropía cruzada y el coste cuadrático de antes de
    empezar.
    """
    cross = losses.cross_entropy(np.zeros((1, 10)), np.array([4]))
    return cross, losses.quadratic_cost(np.full((1, 10), 0.5), np.eye(10)[[4]])
