"""Ejercicios del capítulo 0, «Presentación, notación y fuentes»."""

import numpy as np

from apuntes.descent import gradient_descent
from apuntes.exercises._exercise import answer, case, exercise

KILOS, STRETCH = np.array([1.0, 2.0]), np.array([3.0, 5.0])


def _slope(w, mean=True, factor=2):
    """La derivada del coste del muelle, con alguna de sus piezas cambiada."""
    total = factor * np.sum((w * KILOS - STRETCH) * KILOS)
    return total / (len(KILOS) if mean else 1)


def _two(slope, lr):
    first = 0.0 - lr * slope(0.0)
    return first, first - lr * slope(first)


def _rates(rng):
    yield case("tasa 0,1", 0.1)
    yield case("tasa 0,2", 0.2)
    yield case("tasa 0,4", 0.4)
    yield case("tasa 0,5", 0.5)


@exercise(
    cases=_rates,
    wrong={
        "Vas cuesta arriba: el paso es en contra de la derivada.": (
            lambda lr: _two(lambda w: -_slope(w), lr)
        ),
        "El segundo paso usa la derivada del primer punto; calcúlala otra vez.": (
            lambda lr: (-lr * _slope(0.0), -2 * lr * _slope(0.0))
        ),
        "Falta la media: la derivada es la suma de las de los dos datos.": (
            lambda lr: _two(lambda w: _slope(w, mean=False), lr)
        ),
        "Falta el 2 al derivar el cuadrado.": (
            lambda lr: _two(lambda w: _slope(w, factor=1), lr)
        ),
        "Falta la cadena: la derivada de wx - y respecto de w es x.": (
            lambda lr: _two(lambda w: 2 * np.mean(w * KILOS - STRETCH), lr)
        ),
        "Se resta la derivada entera: falta multiplicarla por la tasa.": (
            lambda lr: _two(_slope, 1.0)
        ),
    },
)
def ej_tasas_del_muelle(lr):
    """Escribe una función que reciba la tasa y devuelva w tras el primer paso y tras el
    segundo, saliendo de 0.
    """

    def grad(w):
        return np.array([_slope(w[0])])

    path = gradient_descent(grad, [0.0], lr=lr, steps=2)[:, 0]
    return float(path[1]), float(path[2])


def _springs(rng):
    yield case("un dato", np.array([2.0]), np.array([3.0]))
    yield case("el muelle", KILOS, STRETCH)
    yield case("cuatro datos", *rng.normal(1.0, 1.0, size=(2, 4)))
    yield case("siete datos", *rng.normal(2.0, 1.0, size=(2, 7)))


@exercise(
    cases=_springs,
    wrong={
        "No es la media de los cocientes: los datos grandes pesan más.": (
            lambda x, y: float(np.mean(y / x))
        ),
        "No es el cociente de las medias: iguala a cero la derivada.": (
            lambda x, y: float(y.sum() / x.sum())
        ),
        "Esa recta tiene ordenada en el origen; la del muelle pasa por el 0.": (
            lambda x, y: float(np.polyfit(x, y, 1)[0])
        ),
        "La fracción está al revés.": lambda x, y: float((x @ x) / (x @ y)),
        "Abajo falta el cuadrado.": lambda x, y: float((x @ y) / x.sum()),
        "Falta dividir: así solo vale si los cuadrados suman 1.": (
            lambda x, y: float(x @ y)
        ),
        "Abajo van los datos de entrada, no los que se predicen.": (
            lambda x, y: float((x @ y) / (y @ y))
        ),
    },
)
def ej_despejar_w(x, target):
    """Escribe una función que reciba las entradas y los objetivos y devuelva el w que
    da el menor coste.
    """
    return float(x @ target / (x @ x))


@answer(
    wrong={
        "Los pesos van (salidas, entradas): así se traspone al multiplicar.": (
            *((64, 784), (784, 15), (64, 15), (64, 10), (64, 10), (11935,), (11935,)),
        ),
        "Los ejemplos van por filas, uno en cada una.": (
            *((784, 64), (15, 784), (15, 64), (10, 64), (10, 64), (11935,), (11935,)),
        ),
        "El gradiente es la media del lote: no guarda uno por ejemplo.": (
            *((64, 784), (15, 784), (64, 15), (64, 10), (64, 10), (11935,)),
            (64, 11935),
        ),
        "En θ faltan los sesgos.": (
            *((64, 784), (15, 784), (64, 15), (64, 10), (64, 10), (11910,), (11910,)),
        ),
        "Los objetivos one-hot tienen una componente por clase.": (
            *((64, 784), (15, 784), (64, 15), (64, 10), (64,), (11935,), (11935,)),
        ),
    }
)
def ej_formas():
    """Escribe las siete formas, como tuplas y en el orden del enunciado."""
    parameters = (784 + 1) * 15 + (15 + 1) * 10
    batch = (64, 784), (15, 784), (64, 15), (64, 10), (64, 10)
    return *batch, (parameters,), (parameters,)


def _weights(rng):
    yield case("w = 2", 2.0)
    yield case("w = -1,5", -1.5)
    yield case("w = 0", 0.0)
    yield case("w = 0,3", 0.3)


@exercise(
    cases=_weights,
    wrong={
        "Falta la cadena: queda la derivada de lo que hay dentro del paréntesis.": (
            lambda w: 2 * (w**2 - 1)
        ),
        "Es la derivada de dentro; falta la del cuadrado.": lambda w: 2 * w,
        "Falta un 2: hay dos cuadrados que derivar.": lambda w: 2 * w * (w**2 - 1),
        "Falta el factor de dentro, w² - 1: una potencia deja su base.": (
            lambda w: 4 * w
        ),
        "Has multiplicado por la función entera, no por lo de dentro.": (
            lambda w: 4 * w * (w**2 - 1) ** 2
        ),
        "El signo está al revés: se pide la derivada, no hacia dónde bajar.": (
            lambda w: -4 * w * (w**2 - 1)
        ),
        "Derivada de w²: falta la w.": lambda w: 4 * (w**2 - 1),
    },
)
def ej_juez(w):
    """Escribe una función que reciba un número w y devuelva la derivada buena."""
    return 4 * w * (w**2 - 1)
