"""Ejercicios del capítulo 8 que piden programar una vuelta con números cualesquiera."""

import numpy as np

from apuntes.activations import sigmoid
from apuntes.exercises._exercise import case, exercise


def _steps(rng):
    for steps in (1, 2, 5, 20, 60):
        yield case(f"{steps} peldaños", steps)


def _fibonacci(place):
    before, last = 0, 1
    for _ in range(place):
        before, last = last, before + last
    return before


def _rungs(of_x, of_y):
    return lambda steps: (_fibonacci(steps + of_x), _fibonacci(steps + of_y))


@exercise(
    cases=_steps,
    wrong={
        "Con un peldaño hay un camino desde cada entrada; te sobra un peldaño.": (
            _rungs(1, 2)
        ),
        "Te falta un peldaño: con uno ya hay una suma.": _rungs(-1, 0),
        "Están al revés: primero los de x.": _rungs(1, 0),
        "La entrada y también alimenta al segundo peldaño: tiene más caminos que x.": (
            _rungs(0, 0)
        ),
        "Los caminos no se doblan con cada peldaño: se suman dos cuentas.": (
            lambda steps: (2 ** (steps - 1), 2**steps)
        ),
        "Eso son peldaños, no caminos.": lambda steps: (steps, steps + 1),
        "Das también el valor de la salida, que es la suma de los dos.": _rungs(0, 2),
    },
)
def ej_escalera(steps):
    """Escribe una función que reciba cuántos peldaños hay, aunque sean muchos, y
    devuelva cuántos caminos llevan a la salida desde x y cuántos desde y.
    """
    return _fibonacci(steps), _fibonacci(steps + 1)


def _neurons(rng):
    yield case("la del enunciado", 0.5, 2.0, -1.5, 0.5)
    yield case("casi acierta", 1.0, 2.0, 1.0, 0.1)
    yield case("entrada negativa", 0.3, -1.5, 0.2, 1.0)
    yield case("muy equivocada", -400.0, 2.0, 0.0, 0.5)


def _loss(w, x, b):
    return float(np.logaddexp(0, -(w * x + b)))


def _error(w, x, b):
    return -float(sigmoid(np.float64(-(w * x + b))))


def _step(of_w=lambda e, x, p: e * x, of_b=lambda e, x, p: e, sign=1):
    """Las dos derivadas y la pérdida después de andar contra ellas."""

    def all_three(w, x, b, lr):
        e = _error(w, x, b)
        dw, db = of_w(e, x, 1 + e), of_b(e, x, 1 + e)
        return dw, db, _loss(w - sign * lr * dw, x, b - sign * lr * db)

    return all_three


def _naive(w, x, b, lr):
    def probability(w, b):
        return np.float64(1) / (1 + np.exp(-np.float64(w * x + b)))

    p = probability(w, b)
    dz = -1 / p * p * (1 - p)
    after = probability(w - lr * dz * x, b - lr * dz)
    return dz * x, dz, -np.log(after)


@exercise(
    cases=_neurons,
    wrong={
        "La fórmula es buena, pero con la neurona muy equivocada sale el logaritmo "
        "de cero.": _naive,
        "El signo de las derivadas: es la salida menos el objetivo.": _step(
            lambda e, x, p: -e * x, lambda e, x, p: -e, -1
        ),
        "El paso va contra la derivada: réstalo.": _step(sign=-1),
        "La pendiente de la sigmoide ya se ha cancelado: sobra.": _step(
            lambda e, x, p: e * x * p * (1 - p), lambda e, x, p: e * p * (1 - p)
        ),
        "Falta la pendiente de la sigmoide, que cancela el denominador.": _step(
            lambda e, x, p: -x / max(p, 1e-300), lambda e, x, p: -1 / max(p, 1e-300)
        ),
        "A w le llega la entrada que multiplica.": _step(lambda e, x, p: e),
        "El sesgo no multiplica a la entrada.": _step(of_b=lambda e, x, p: e * x),
        "La tercera es la pérdida de antes del paso.": lambda w, x, b, lr: (
            *_step()(w, x, b, lr)[:2],
            _loss(w, x, b),
        ),
    },
)
def ej_neurona_con_entropia(w, x, b, lr):
    """Escribe una función que reciba w, x, b y la tasa, también con la neurona muy
    equivocada, y devuelva las derivadas respecto de w y de b y la pérdida después de un
    paso.
    """
    return _step()(w, x, b, lr)


def _batches(rng):
    yield case("un ejemplo", 1.0, 1.0, np.array([2.0]), np.array([5.0]))
    yield case("los del enunciado", 1.0, 1.0, np.array([1.0, 2]), np.array([1.0, 5]))
    yield case("seis ejemplos", -0.5, 2.0, *rng.normal(size=(2, 6)))


def _line(make):
    """Las dos derivadas, hechas con el residuo y la entrada de cada ejemplo."""
    return lambda w, b, x, y: tuple(map(float, make(w * x + b - y, x)))


@exercise(
    cases=_batches,
    wrong={
        "Falta la media: sale la suma de los ejemplos.": _line(
            lambda r, x: (2 * r @ x, 2 * r.sum())
        ),
        "El cuadrado no lleva ½: queda un 2 al derivarlo.": _line(
            lambda r, x: ((r * x).mean(), r.mean())
        ),
        "El signo: el residuo es lo que da la recta menos el objetivo.": _line(
            lambda r, x: (-2 * (r * x).mean(), -2 * r.mean())
        ),
        "A w le llega en cada ejemplo la entrada que multiplica.": _line(
            lambda r, x: (2 * r.mean(), 2 * r.mean())
        ),
        "La media del producto no es el producto de las medias.": _line(
            lambda r, x: (2 * r.mean() * x.mean(), 2 * r.mean())
        ),
        "Solo cuentas el último ejemplo: lo que vuelve se suma.": _line(
            lambda r, x: (2 * r[-1] * x[-1] / len(x), 2 * r[-1] / len(x))
        ),
        "Es de una recta sin sesgo: súmale b antes de comparar.": lambda w, b, x, y: (
            _line(lambda r, x: (2 * (r * x).mean(), 2 * r.mean()))(w, 0, x, y)
        ),
    },
)
def ej_lote_de_dos(w, b, x, y):
    """Escribe una función que reciba w, b y las entradas y objetivos de un lote de
    cualquier tamaño, `(N,)`, y devuelva las dos derivadas del coste, la media de las
    pérdidas.
    """
    return _line(lambda r, x: (2 * (r * x).mean(), 2 * r.mean()))(w, b, x, y)
