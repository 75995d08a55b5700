"""Ejercicios del capítulo 12, «Optimización avanzada»."""

import numpy as np

from apuntes.exercises._exercise import case, exercise
from apuntes.momentum import optimal_momentum
from apuntes.optimizers import exponential_moving_average


def _rates(rng):
    yield case("el primer paso", 0, 0.1, 10, 110)
    yield case("a media cuesta", 5, 0.1, 10, 110)
    yield case("arriba", 10, 0.1, 10, 110)
    yield case("bajando", 37, 0.1, 10, 110)
    yield case("el último", 110, 0.1, 10, 110)
    yield case("otra tasa, otros tramos", 700, 2.0, 300, 1500)


def _warm(fall=lambda part: (1 + np.cos(np.pi * part)) / 2, part=None, rise=None):
    """La programación, con alguna de sus piezas cambiada."""
    part = part or (lambda t, warm, total: (t - warm) / (total - warm))
    rise = rise or (lambda t, warm: t / warm)

    def run(t, lr, warm, total):
        if t < warm:
            return float(lr * rise(t, warm))
        return float(lr * fall(part(t, warm, total)))

    return run


@exercise(
    cases=_rates,
    wrong={
        "El coseno empieza a contar en T₀, no en 0.": _warm(
            part=lambda t, warm, total: t / total
        ),
        "El coseno dura T − T₀ pasos: ha de acabar en T.": _warm(
            part=lambda t, warm, total: (t - warm) / total
        ),
        "Media onda: el ángulo va de 0 a π, no a 2π.": _warm(
            lambda part: (1 + np.cos(2 * np.pi * part)) / 2
        ),
        "Falta dividir entre 2: 1 + cos va de 2 a 0.": _warm(
            lambda part: 1 + np.cos(np.pi * part)
        ),
        "Baja con un coseno, no en línea recta.": _warm(lambda part: 1 - part),
        "En el paso 0 la tasa es 0: se han dado 0 pasos.": _warm(
            rise=lambda t, warm: (t + 1) / warm
        ),
        "El coseno, que baje: mira el signo.": _warm(
            lambda part: (1 - np.cos(np.pi * part)) / 2
        ),
    },
)
def ej_calentar_y_enfriar(t, lr, warm, total):
    """Escribe una función que reciba los pasos dados, la tasa mayor, los pasos de
    calentamiento y los totales, y devuelva la tasa.
    """
    return _warm()(t, lr, warm, total)


def _series(rng):
    yield case("un dato", np.array([3.0]), 0.9)
    yield case("la del enunciado", np.array([4.0, 0.0, 8.0]), 0.5)
    yield case("cinco datos", np.array([10.0, 12.0, 11.0, 15.0, 14.0]), 0.9)
    yield case("veinte datos", rng.normal(size=20), 0.98)


def _average(signal, beta, *, first=None, weight=None):
    """La media sin corregir."""
    average = 0.0 if first is None else first(signal)
    for value in signal:
        average = beta * average + (weight or (1 - beta)) * value
    return float(average)


@exercise(
    cases=_series,
    wrong={
        "Falta la corrección: con un solo dato ha de salir ese dato.": _average,
        "Si empiezas en x₁ no hay que corregir, pero lo cuentas dos veces.": (
            lambda x, beta: _average(x, beta, first=lambda s: s[0])
        ),
        "El exponente es cuántos datos hay, no cuántos menos uno.": (
            lambda x, beta: _average(x, beta) / (1 - beta ** max(len(x) - 1, 0.5))
        ),
        "La memoria β multiplica a lo viejo, y 1 − β a lo nuevo.": (
            lambda x, beta: _average(x, 1 - beta) / (1 - (1 - beta) ** len(x))
        ),
        "Falta el 1 − β que multiplica al dato nuevo.": (
            lambda x, beta: _average(x, beta, weight=1.0) / (1 - beta ** len(x))
        ),
        "No es la media corriente: lo nuevo pesa más.": lambda x, beta: float(x.mean()),
        "Se divide entre 1 − βᵗ, no entre 1 − β.": (
            lambda x, beta: (
                _average(x, beta) / (1 - beta) if len(x) > 1 else _average(x, beta)
            )
        ),
    },
)
def ej_media_corregida(signal, beta):
    """Escribe una función que reciba una serie de números y la memoria, y devuelva la
    media móvil exponencial corregida del último.
    """
    return float(exponential_moving_average(np.asarray(signal), beta=beta)[-1])


def _hessians(rng):
    yield case("la de la cuadrática del curso", np.array([[1.0, -1.0], [-1.0, 4.0]]))
    yield case("en diagonal", np.diag([9.0, 1.0]))
    root = rng.normal(size=(4, 4))
    yield case("cuatro parámetros", root @ root.T + np.eye(4))


def _ends(hessian):
    eigenvalues = np.linalg.eigvalsh(hessian)
    return float(eigenvalues[0]), float(eigenvalues[-1])


def _settings(rate, momentum):
    """Tasa y momento, de las raíces de los autovalores extremos."""

    def run(hessian):
        low, high = np.sqrt(_ends(hessian))
        return float(rate(low, high)), float(momentum(low, high))

    return run


def _lr(low, high):
    return 4 / (high + low) ** 2


def _mu(low, high):
    return ((high - low) / (high + low)) ** 2


@exercise(
    cases=_hessians,
    wrong={
        "El momento es el cuadrado del factor.": _settings(
            _lr, lambda low, high: (high - low) / (high + low)
        ),
        "Van las raíces de los autovalores: con κ es el factor sin momento.": (
            _settings(
                _lr,
                lambda low, high: ((high**2 - low**2) / (high**2 + low**2)) ** 2,
            )
        ),
        "Esa tasa es la mejor sin momento.": _settings(
            lambda low, high: 2 / (high**2 + low**2), _mu
        ),
        "Esa tasa es el precipicio sin momento, 2/λ máx.": _settings(
            lambda low, high: 2 / high**2, _mu
        ),
        "Falta elevar al cuadrado la suma de las raíces.": _settings(
            lambda low, high: 4 / (high + low), _mu
        ),
        "Son 4, no 2: sale de sumar las dos fronteras y elevar al cuadrado.": _settings(
            lambda low, high: 2 / (high + low) ** 2, _mu
        ),
    },
)
def ej_mejor_momento(hessian):
    """Escribe una función que reciba una hessiana de autovalores positivos y devuelva
    la tasa y el momento con que todos los autovalores encogen lo mismo.
    """
    lr, mu = optimal_momentum(*_ends(np.asarray(hessian)))
    return float(lr), float(mu)
