"""Ejercicios del capítulo 3 que dan pasos: con tasa variable y por coordenadas."""

import numpy as np

from apuntes.descent import quadratic_grad
from apuntes.exercises._exercise import case, exercise


def _rates(rng):
    start = np.array([1.0, -1.0])
    yield case("un paso", start, np.array([0.1]))
    yield case("dos pasos", start, np.array([0.1, 0.05]))
    yield case("la que se apaga", start, 0.1 * 0.5 ** np.arange(20))
    yield case("otra", np.array([2.0, 1.0]), 0.4 / np.sqrt(np.arange(1, 30)))


def _descend(start, rates, slope=quadratic_grad, sign=-1.0):
    p = start
    for lr in rates:
        p = p + sign * lr * slope(p)
    return p


@exercise(
    cases=_rates,
    wrong={
        "Vas cuesta arriba: el paso es en contra del gradiente.": (
            lambda p, rates: _descend(p, rates, sign=1.0)
        ),
        "Cada paso lleva su tasa, no siempre la primera.": (
            lambda p, rates: _descend(p, np.full(len(rates), rates[0]))
        ),
        "El gradiente cambia de un punto a otro: calcúlalo en cada paso.": (
            lambda p, rates: p - rates.sum() * quadratic_grad(p)
        ),
        "En el gradiente falta el término cruzado, -xy.": lambda p, rates: _descend(
            p, rates, lambda q: np.array([q[0], 4 * q[1]])
        ),
        "Falta un paso: se dan tantos como tasas.": (
            lambda p, rates: _descend(p, rates[:-1])
        ),
        "Cada paso lleva su tasa, no la suma de las que van.": (
            lambda p, rates: _descend(p, np.cumsum(rates))
        ),
        "Es una dirección sin su longitud: el gradiente no se normaliza.": (
            lambda p, rates: _descend(
                p,
                rates,
                lambda q: quadratic_grad(q) / np.linalg.norm(quadratic_grad(q)),
            )
        ),
    },
)
def ej_tasa_que_se_apaga(start, rates):
    """Escribe una función que reciba el punto de partida y las tasas, una por paso, y
    devuelva dónde acaba el descenso sobre q.
    """
    return _descend(start, rates)


def _sweeps(rng):
    start = np.array([1.0, -1.0])
    yield case("una vuelta", start, 0.1, 1)
    yield case("dos vueltas", start, 0.1, 2)
    yield case("diez vueltas", start, 0.1, 10)
    yield case("otro punto y otra tasa", np.array([2.0, 0.5]), 0.2, 3)


def _coordinates(start, lr, steps, order=(0, 1), sign=-1.0):
    p = start.copy()
    for _ in range(steps):
        for j in order:
            p[j] += sign * lr * quadratic_grad(p)[j]
    return p


@exercise(
    cases=_sweeps,
    wrong={
        "Mueves las dos a la vez: la segunda usa la derivada recién calculada.": (
            lambda p, lr, steps: _descend(p, np.full(steps, lr))
        ),
        "El orden importa: primero la x.": lambda p, lr, steps: _coordinates(
            p, lr, steps, (1, 0)
        ),
        "Vas cuesta arriba: el paso es en contra de la derivada.": (
            lambda p, lr, steps: _coordinates(p, lr, steps, sign=1.0)
        ),
        "Solo mueves la primera coordenada.": lambda p, lr, steps: _coordinates(
            p, lr, steps, (0,)
        ),
        "Cada vuelta mueve las dos; has movido una por vuelta.": (
            lambda p, lr, steps: _coordinates(
                _coordinates(p, lr, steps // 2), lr, steps % 2, (0,)
            )
        ),
        "Das una vuelta de más.": lambda p, lr, steps: _coordinates(p, lr, steps + 1),
    },
)
def ej_coordenadas(start, lr, steps):
    """Escribe una función que reciba el punto de partida, la tasa y cuántas vueltas, y
    devuelva dónde acaba el descenso por coordenadas sobre q, primero x y luego y.
    """
    return _coordinates(start, lr, steps)
