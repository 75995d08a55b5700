"""Ejercicios del capítulo 13, «Regularización»: dropout y etiquetas suaves."""

import numpy as np

from apuntes.exercises._exercise import case, exercise
from apuntes.regularization import smooth_labels
from apuntes.subnetworks import all_masks, mask_probabilities


def _neurons(rng):
    yield case("R-12", np.array([1.0, 0.5, 2.0]), np.array([1.0, -2.0, 0.5]), 3.0, 0.2)
    yield case("el enunciado", np.array([2.0, 4.0]), np.array([1.0, 0.5]), 1.0, 0.25)
    yield case("sin apagar nada", np.array([1.0]), np.array([2.0]), -1.0, 0.0)
    yield case("cinco entradas", rng.normal(size=5), rng.normal(size=5), 0.7, 0.6)


@exercise(
    cases=_neurons,
    wrong={
        "El sesgo se suma siempre: no se escala.": lambda h, w, b, p: (
            (1 - p) * float(w @ h + b)
        ),
        "p es la probabilidad de apagar: se conserva con 1 − p.": lambda h, w, b, p: (
            p * float(w @ h) + b
        ),
        "Esa es la media con dropout invertido, la de la red entera.": (
            lambda h, w, b, p: float(w @ h) + b
        ),
        "Al dividir entre 1 − p sales de la escala: el original multiplica.": (
            lambda h, w, b, p: float(w @ h) / (1 - p) + b
        ),
        "Falta el sesgo, que se suma en todas.": lambda h, w, b, p: (
            (1 - p) * float(w @ h)
        ),
        "No es con todas apagadas: se promedian las máscaras.": (
            lambda h, w, b, p: float(b)
        ),
        "Cada máscara pesa según su probabilidad, no todas igual.": (
            lambda h, w, b, p: float(w @ h) / 2 + b
        ),
    },
)
def ej_dropout_esperanza(h, w, b, p):
    """Escribe una función que reciba las entradas, los pesos, el sesgo y la
    probabilidad de apagar cada entrada, y devuelva la media de la suma ponderada con el
    dropout original, sin invertir.
    """
    masks = all_masks(len(h))
    return float(mask_probabilities(masks, p=p) @ ((masks * h) @ w + b))


def _targets(rng):
    yield case("una etiqueta, R-10", np.array([2]), 5, 0.01)
    yield case("el enunciado", np.array([0]), 4, 0.3)
    yield case("sin suavizar", np.array([1, 0]), 3, 0.0)
    yield case("seis etiquetas", rng.integers(0, 7, size=6), 7, 0.2)


def _spread(share, keep):
    """Objetivos con `share` en las demás y `keep` en la buena."""

    def build(target, k, eps):
        soft = np.full((len(target), k), share(eps, k))
        soft[np.arange(len(target)), target] = keep(eps, k)
        return soft

    return build


@exercise(
    cases=_targets,
    wrong={
        "Ese es el convenio de PyTorch, que reparte entre todas las clases.": _spread(
            lambda e, k: e / k, lambda e, k: 1 - e + e / k
        ),
        "Las filas no suman 1: las demás son K − 1.": _spread(
            lambda e, k: e / k, lambda e, k: 1 - e
        ),
        "ε se reparte; no se da entera a cada una.": _spread(
            lambda e, k: e, lambda e, k: 1 - e
        ),
        "La buena pierde ε: si no, las filas suman más de 1.": _spread(
            lambda e, k: e / (k - 1), lambda e, k: 1.0
        ),
        "La buena y las demás están cambiadas.": _spread(
            lambda e, k: (1 - e) / (k - 1), lambda e, k: e
        ),
        "Eso son las etiquetas sin suavizar.": _spread(
            lambda e, k: 0.0, lambda e, k: 1.0
        ),
    },
)
def ej_suavizar(target, num_classes, epsilon):
    """Escribe una función que reciba las clases, cuántas hay y la probabilidad de que
    una etiqueta esté mal, y devuelva los objetivos suavizados con el convenio de la
    lección, una fila por ejemplo.
    """
    options = {"num_classes": num_classes, "epsilon": epsilon}
    return smooth_labels(target, spread="others", **options)
