"""Ejercicios del capítulo 13, «Regularización»."""

import numpy as np

from apuntes.exercises._exercise import answer, case, exercise
from apuntes.regularization import EarlyStopping, ensemble_variance
from apuntes.shrinkage import softshrink


def _weights(rng):
    yield case("uno que pasa", np.array([2.0]), 0.5)
    yield case("los del enunciado", np.array([2.0, -0.3, -1.0]), 0.5)
    yield case("sin umbral", np.array([1.0, -2.0]), 0.0)
    yield case("seis al azar", rng.normal(size=6), 0.4)
    yield case("una matriz", rng.normal(size=(3, 4)), 0.7)


@exercise(
    cases=_weights,
    wrong={
        "Los negativos también se acercan a cero: a ellos se les suma u.": (
            lambda a, u: np.where(np.abs(a) > u, a - u, 0.0)
        ),
        "Los que pasan el umbral también se acortan: se les quita u.": (
            lambda a, u: np.where(np.abs(a) > u, a, 0.0)
        ),
        "Te pasas de largo: los que no llegan a u se quedan en cero.": (
            lambda a, u: a - u * np.sign(a)
        ),
        "El umbral es u entero; con u/2 minimizas otra cosa.": (
            lambda a, u: softshrink(a, lambd=u / 2)
        ),
        "Eso es la ℓ2: divide. La ℓ1 resta.": lambda a, u: a / (1 + u),
        "Falta devolverle su signo.": lambda a, u: np.maximum(np.abs(a) - u, 0),
        "Se recortan los pequeños, no los grandes.": lambda a, u: np.clip(a, -u, u),
    },
)
def ej_umbral_blando(a, u):
    """Escribe una función que reciba los pesos sin penalizar y el umbral, y devuelva
    los pesos que hacen mínimo el coste con la penalización ℓ1.
    """
    return softshrink(a, lambd=u)


@answer(
    wrong={
        "Eso es el mínimo sin penalizar.": (1.0, 3.0),
        "A cada dirección le toca su fracción: no se divide todo entre dos.": (
            0.5,
            1.5,
        ),
        "Los autovalores multiplican a la suma y a la diferencia, no a cada peso.": (
            *(0.75, 1.5),
        ),
        "Las fracciones están cambiadas: la suma es la del autovalor 3.": (0.25, 1.75),
        "Falta multiplicar por A el mínimo sin penalizar.": (0.0, 1.0),
        "Las componentes van al revés.": (2.0, 1.0),
    }
)
def ej_l2_a_mano():
    """Escribe los dos parámetros del mínimo penalizado."""
    hessian = np.array([[2.0, 1.0], [1.0, 2.0]])
    theta = np.linalg.solve(hessian + np.eye(2), hessian @ [1.0, 3.0])
    return float(theta[0]), float(theta[1])


def _losses(rng):
    bumpy = [0.9, 0.7, 0.72, 0.71, 0.65, 0.66, 0.68, 0.67, 0.64]
    for patience in (2, 3, 4):
        yield case(f"la curva del enunciado, paciencia {patience}", bumpy, patience)
    yield case("baja siempre", [3.0, 2.0, 1.0], 1)
    yield case("sube desde el principio", [1.0, 2.0, 3.0, 4.0, 5.0], 2)
    yield case("un empate no es mejora", [1.0, 0.5, 0.5, 0.5, 0.2], 2)


def _watch(values, patience, *, better=lambda v, best: v < best, reset=True, late=0):
    """La parada, con alguna de sus piezas cambiada."""
    best, best_epoch, bad = values[0], 0, 0
    for epoch, value in enumerate(values[1:], start=1):
        if better(value, best):
            best, best_epoch, bad = value, epoch, 0 if reset else bad
        else:
            bad += 1
        if bad >= patience + late:
            return epoch + 1, best_epoch
    return len(values), best_epoch


def _against_last(values, patience):
    bad = 0
    for epoch in range(1, len(values)):
        bad = bad + 1 if values[epoch] >= values[epoch - 1] else 0
        if bad == patience:
            return epoch + 1, int(np.argmin(values[: epoch + 1]))
    return len(values), int(np.argmin(values))


@exercise(
    cases=_losses,
    wrong={
        "Es una pérdida: mejora cuando baja, no cuando sube.": lambda v, k: _watch(
            v, k, better=lambda new, best: new > best
        ),
        "Se compara con la mejor, no con la época anterior.": _against_last,
        "Al mejorar, la cuenta de malas vuelve a cero.": lambda v, k: _watch(
            v, k, reset=False
        ),
        "Para en la época en que se cumple la paciencia, no en la siguiente.": (
            lambda v, k: _watch(v, k, late=1)
        ),
        "Igualar a la mejor no es mejorar.": lambda v, k: _watch(
            v, k, better=lambda new, best: new <= best
        ),
        "Se devuelve la mejor red, no la última.": lambda v, k: (
            _watch(v, k)[0],
            _watch(v, k)[0] - 1,
        ),
        "Solo cuentan las épocas que llegó a ver.": lambda v, k: (
            _watch(v, k)[0],
            int(np.argmin(v)),
        ),
    },
)
def ej_paciencia(losses, patience):
    """Escribe una función que reciba las pérdidas de validación, una por época desde
    la 0, y la paciencia, y devuelva cuántas épocas se entrenan y la época de la red
    que se devuelve.
    """
    stopping = EarlyStopping([np.zeros(1)], patience=patience)
    for epoch, loss in enumerate(losses):
        if stopping.update(loss):
            return epoch + 1, stopping.best_epoch
    return len(losses), stopping.best_epoch


def _pairs(rng):
    yield case("una sola red", 2.0, 0.3, 1)
    yield case("las cinco del enunciado", 1.0, 0.6, 5)
    yield case("independientes", 3.0, 0.0, 4)
    yield case("iguales", 3.0, 1.0, 4)
    yield case("siete redes", 0.5, 0.25, 7)


@exercise(
    cases=_pairs,
    wrong={
        "Solo con errores independientes se divide entre el número de redes.": (
            lambda v, rho, r: v / r
        ),
        "Falta lo que las redes no comparten.": lambda v, rho, r: rho * v,
        "Falta el suelo, lo que las redes comparten.": lambda v, rho, r: (
            (1 - rho) * v / r
        ),
        "Está al revés: se divide lo que no comparten.": lambda v, rho, r: (
            (1 - rho) * v + rho * v / r
        ),
        "Es la desviación típica; se pide la varianza.": lambda v, rho, r: float(
            np.sqrt(rho * v + (1 - rho) * v / r)
        ),
        "Lo que no comparten se divide entre las redes, no entre su cuadrado.": (
            lambda v, rho, r: rho * v + (1 - rho) * v / r**2
        ),
    },
)
def ej_correlacion(variance, correlation, count):
    """Escribe una función que reciba la varianza del error de una red, la correlación
    entre dos y cuántas se promedian, y devuelva la varianza de la media.
    """
    return ensemble_variance(variance, correlation=correlation, count=count)
