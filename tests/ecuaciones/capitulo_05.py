"""Capítulo 5: el descenso con lotes, su varianza y los dos pozos."""

import numpy as np

from apuntes import minibatch, stochastic
from ecuaciones import ecuacion

N, M, D = 5, 3, 2


@ecuacion("ec-minilote")
def minilote(rng):
    """Un paso con tres de cinco ejemplos, cuyo gradiente depende de los parámetros."""
    x, start, lote, tasa = rng.normal(size=(N, D)), rng.normal(size=D), [0, 2, 3], 0.7

    def media(theta, batch):
        return (theta - x[batch]).mean(axis=0)

    return {
        "i": range(1, N + 1),
        "t": range(4, 5),
        "B": [i + 1 for i in lote],
        "m": float(M),
        "g": start - x,
        "g_B": media(start, lote),
        "g_{B_t}": lambda theta: media(theta, lote),
        r"\theta": stochastic.stochastic_descent(media, start, [lote], lr=tasa),
        r"\eta": tasa,
    }


@ecuacion("ec-varianza-lote")
def varianza(rng):
    grads = rng.normal(size=(N, D))
    return {
        r"\mathbb{E}\,\lVert g_B-g\rVert^2": minibatch.gradient_variance(grads, M),
        "S": np.sum(np.var(grads, axis=0)),
        "n": float(N),
        "m": float(M),
    }


@ecuacion("ec-contar-pasos")
def pasos(rng):
    contados = float(minibatch.steps_per_epoch(23, 5))
    return {r"\text{pasos}": contados, "n": 23.0, "m": 5.0}


@ecuacion("ec-dos-pozos")
def dos_pozos(rng):
    x, y, rho = 1.7, -0.6, rng.normal(size=(N, 2))
    perdidas = [stochastic.double_well(np.array([x, y]), tilt=t) for t in rho]
    return {
        "i": range(1, N + 1),
        "L": lambda x, y: np.array(perdidas),
        "x": x,
        "y": y,
        # Las dos componentes se cuentan desde 1: la 0 no es ninguna.
        r"\rho": np.column_stack([np.full(N, np.nan), rho]),
    }


@ecuacion("ec-bola")
def bola(rng):
    tasa, curvatura, lote, grads = 0.3, 1.7, 4, rng.normal(size=(N, 1))
    s = minibatch.gradient_variance(grads, 1, replace=True)
    return {
        "V": stochastic.stationary_variance(s / lote, lr=tasa, curvature=curvatura),
        r"\eta": tasa,
        "J''": curvatura,
        "S": s,
        "m": float(lote),
    }
