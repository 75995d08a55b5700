"""Ejercicios del capítulo 2 sobre derivadas y mínimos de una pérdida."""

import numpy as np

from apuntes import losses
from apuntes.activations import sigmoid
from apuntes.exercises._exercise import case, exercise


def _margins(rng):
    yield case("un margen corto", np.array([0.5]))
    yield case("a los dos lados del quiebre", np.array([-2.0, 0.5, 4.0]))
    yield case("un margen enorme y negativo", np.array([-1000.0, 2.0]))
    yield case("en el quiebre", np.array([0.0, 1.0, 1.5, -1.5]))


@exercise(
    cases=_margins,
    wrong={
        "El signo está al revés: al crecer el margen, las dos pérdidas bajan.": (
            lambda m: (np.where(m < 1, 1.0, 0.0), sigmoid(-m))
        ),
        "En la segunda, ¿cuánto empuja un ejemplo con margen muy negativo? Mira el "
        "signo de la exponencial.": (
            lambda m: (np.where(m < 1, -1.0, 0.0), -sigmoid(m))
        ),
        "La bisagra se apaga en margen 1, no en 0.": (
            lambda m: (np.where(m < 0, -1.0, 0.0), -sigmoid(-m))
        ),
        "La primera es el valor de la bisagra; se pide su derivada.": (
            lambda m: (np.maximum(1 - m, 0), -sigmoid(-m))
        ),
        "La bisagra deja de empujar cuando el margen llega a 1.": (
            lambda m: (np.full_like(m, -1.0), -sigmoid(-m))
        ),
        "En la segunda falta la derivada de lo de dentro (la cadena).": (
            lambda m: (np.where(m < 1, -1.0, 0.0), 1 / (1 + np.exp(-m)))
        ),
    },
)
def ej_margen(margin):
    """Escribe una función que reciba un arreglo de márgenes y devuelva dos: la derivada
    respecto del margen de la bisagra (0 en el quiebre) y la de la entropía cruzada.
    """
    return np.where(margin < 1, -1.0, 0.0), -sigmoid(-margin)


def _distributions(rng):
    yield case("dos clases iguales", np.array([0.5, 0.5]))
    yield case("el objetivo del enunciado", np.array([0.05, 0.9, 0.05]))
    yield case("una clase segura", np.array([0.0, 1.0, 0.0, 0.0]))
    yield case("cinco clases", rng.dirichlet(np.ones(5)))


def _entropy(y):
    return -sum(p * np.log(p) for p in y if p > 0)


@exercise(
    cases=_distributions,
    wrong={
        "El signo: los logaritmos de probabilidades son negativos.": (
            lambda y: -_entropy(y)
        ),
        "Logaritmo natural, no en base 2.": lambda y: _entropy(y) / np.log(2),
        "Logaritmo natural, no en base 10.": lambda y: _entropy(y) / np.log(10),
        "Se suman las clases, no se promedian.": lambda y: _entropy(y) / len(y),
        "Falta pesar cada logaritmo con su probabilidad.": (
            lambda y: -sum(np.log(p) for p in y if p > 0)
        ),
        "Solo cuentas la clase más probable; cuentan todas.": (
            lambda y: -np.max(y) * np.log(np.max(y))
        ),
        "Una probabilidad 0 no aporta nada: 0·ln 0 se toma como 0.": (
            lambda y: -np.sum(y * np.log(y))
        ),
    },
)
def ej_objetivo_repartido(target):
    """Escribe una función que reciba las probabilidades del objetivo y devuelva el
    mínimo de la entropía cruzada.
    """
    with np.errstate(divide="ignore"):
        logits = np.log(np.where(target > 0, target, 1e-320))
    return losses.cross_entropy(logits[None], target[None])


def _residuals(rng):
    yield case("un residuo pequeño", np.array([0.5]))
    yield case("los dos signos", np.array([-3.0, 0.0, 2.0]))
    yield case("residuos enormes", np.array([-1000.0, 1.0, 1000.0, 0.25]))
    yield case("una tabla", rng.normal(size=(2, 3)))


@exercise(
    cases=_residuals,
    wrong={
        "Falta la cadena: es la derivada de lo de dentro, sin la del logaritmo.": (
            np.sinh
        ),
        "Falta la cadena: es la derivada del logaritmo, sin la de lo de dentro.": (
            lambda r: 1 / np.cosh(r)
        ),
        "Es la pérdida; se pide su derivada.": lambda r: np.log(np.cosh(r)),
        "El signo está al revés: si te pasas, la derivada es positiva.": (
            lambda r: -np.tanh(r)
        ),
        "Es la derivada segunda.": lambda r: 1 / np.cosh(r) ** 2,
        "Así es solo cerca de 0, donde se parece a la parábola.": lambda r: r + 0.0,
        "Así es solo lejos de 0, donde se parece al valor absoluto.": np.sign,
        "La fórmula es buena, pero desborda con residuos grandes: hay otra igual que "
        "no.": lambda r: np.sinh(r) / np.cosh(r),
    },
)
def ej_otra_derivada(residual):
    """Escribe una función que reciba un arreglo de residuos y devuelva la derivada de
    la pérdida en cada uno.
    """
    return np.tanh(residual)
