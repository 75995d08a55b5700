"""Ejercicios del capítulo 12: los pasos del momento y de Adam, escritos a mano."""

import numpy as np

from apuntes.exercises._exercise import case, exercise
from apuntes.optimizers import SGD, Adam


def _starts(rng):
    yield case("sin momento", 8.0, 0.5, 0.0, 3, False)
    yield case("con momento", 8.0, 0.5, 0.5, 3, False)
    yield case("con Nesterov", 8.0, 0.5, 0.5, 3, True)
    yield case("más pasos", -2.0, 0.1, 0.9, 7, False)
    yield case("más pasos, con Nesterov", -2.0, 0.1, 0.9, 7, True)


def _momentum(enter=lambda u, g, mu: mu * u + g, ahead=lambda u, g, mu: g + mu * u):
    """El momento sobre la parábola, con alguna de sus piezas cambiada."""

    def run(theta, lr, momentum, steps, nesterov):
        u = 0.0
        for _ in range(steps):
            g = theta
            u = enter(u, g, momentum)
            theta = theta - lr * (ahead(u, g, momentum) if nesterov else u)
        return float(theta)

    return run


@exercise(
    cases=_starts,
    wrong={
        "La velocidad suma el gradiente entero, no una media.": _momentum(
            lambda u, g, mu: mu * u + (1 - mu) * g
        ),
        "Nesterov suma a μu el gradiente de ahora: le falta ese g.": _momentum(
            ahead=lambda u, g, mu: mu * u
        ),
        "Con Nesterov la velocidad va multiplicada por μ.": _momentum(
            ahead=lambda u, g, mu: g + u
        ),
        "Con Nesterov no basta la velocidad: mira la fórmula.": _momentum(
            ahead=lambda u, g, mu: u
        ),
        "La velocidad vieja va multiplicada por μ.": _momentum(lambda u, g, mu: u + g),
        "El paso es en contra de la velocidad.": (
            lambda theta, lr, mu, steps, nesterov: _momentum()(
                theta, -lr, mu, steps, nesterov
            )
        ),
    },
)
def ej_momento_a_mano(theta, lr, momentum, steps, nesterov):
    """Escribe una función que reciba la salida, la tasa, el momento, cuántos pasos dar
    y si es Nesterov, y devuelva dónde se llega sobre la mitad del cuadrado de theta.
    """
    point = np.array([float(theta)])
    optimizer = SGD(
        [point], lr=lr, momentum=momentum, nesterov=nesterov and momentum > 0
    )
    for _ in range(steps):
        optimizer.step([point.copy()])
    return float(point[0])


def _gradients(rng):
    yield case("un paso", 1.0, np.array([4.0]), 0.1, (0.5, 0.5), 0.01)
    yield case(
        "los dos del enunciado", 1.0, np.array([4.0, -2.0]), 0.1, (0.5, 0.5), 0.0
    )
    grads = rng.normal(1, 2, size=6)
    yield case("seis pasos", 0.0, grads, 0.1, (0.9, 0.999), 0.1)


def _adam(m_hat=None, v_hat=None, ratio=None, square=lambda g: g**2, swap=False):
    """Adam con un parámetro y alguna de sus piezas cambiada."""
    m_hat = m_hat or (lambda m, beta, t: m / (1 - beta**t))
    v_hat = v_hat or (lambda v, beta, t: v / (1 - beta**t))
    ratio = ratio or (lambda m, v, g, eps: m / (np.sqrt(v) + eps))

    def run(theta, grads, lr, betas, eps):
        b1, b2 = reversed(betas) if swap else betas
        m = v = 0.0
        for t, g in enumerate(grads, start=1):
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * square(g)
            step = ratio(m_hat(m, b1, t), v_hat(v, b2, t), g, eps)
            theta = theta - lr * step
        return float(theta)

    return run


@exercise(
    cases=_gradients,
    wrong={
        "Falta corregir las dos medias.": _adam(
            lambda m, beta, t: m, lambda v, beta, t: v
        ),
        "Falta corregir la media de los cuadrados.": _adam(v_hat=lambda v, beta, t: v),
        "Falta corregir la media del gradiente.": _adam(lambda m, beta, t: m),
        "ε va fuera de la raíz.": _adam(
            ratio=lambda m, v, g, eps: m / np.sqrt(v + eps)
        ),
        "Falta la raíz en el denominador.": _adam(
            ratio=lambda m, v, g, eps: m / (v + eps)
        ),
        "Arriba va la media del gradiente, no el último.": _adam(
            ratio=lambda m, v, g, eps: g / (np.sqrt(v) + eps)
        ),
        "β₁ es la del gradiente y β₂ la del cuadrado.": _adam(swap=True),
        "La segunda media es de los cuadrados, no de los valores absolutos.": _adam(
            square=abs
        ),
        "El exponente es el del paso, no siempre 1.": _adam(
            lambda m, beta, t: m / (1 - beta), lambda v, beta, t: v / (1 - beta)
        ),
    },
)
def ej_un_paso_de_adam(theta, grads, lr, betas, eps):
    """Escribe una función que reciba el parámetro de salida, los gradientes de cada
    paso, la tasa, las dos memorias y el sumando que evita dividir entre cero, y
    devuelva el parámetro tras todos los pasos de Adam.
    """
    point = np.array([float(theta)])
    optimizer = Adam([point], lr=lr, betas=betas, eps=eps)
    for grad in grads:
        optimizer.step([np.array([float(grad)])])
    return float(point[0])
