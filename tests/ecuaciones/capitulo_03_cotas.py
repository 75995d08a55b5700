"""Capítulo 3: las cotas, allí donde se alcanzan, y lejos de allí.

La cuadrática del capítulo las alcanza en la dirección de su mayor curvatura.
"""

import numpy as np

from apuntes import descent
from ecuaciones import ecuacion

T, ETA = 4, 0.15
CURVATURAS, EJES = np.linalg.eigh(descent.quadratic_hessian(np.zeros(2)))
MENOR, MAYOR = (float(curvatura) for curvatura in CURVATURAS)
COSTE = {"J": descent.quadratic, r"\nabla J": descent.quadratic_grad, "M": MAYOR}


@ecuacion("ec-cauchy-schwarz")
def cauchy_schwarz(rng):
    theta = rng.normal(size=2)
    d = -1.3 * descent.quadratic_grad(theta)
    return COSTE | {r"\theta": theta, "d": d, "ajustada": {"d": rng.normal(size=2)}}


@ecuacion("ec-suave", "ec-lema")
def suave(rng):
    v = rng.normal(size=2)
    extremo = {"v": v, "w": v + 1.7 * EJES[:, 1]}
    return COSTE | extremo | {"ajustada": {"w": rng.normal(size=2)}}


@ecuacion("ec-mejor-tasa")
def mejor_tasa(rng):
    """La tasa que hace menor el mayor de los dos factores, entre muchas."""
    tasas = np.linspace(0, 2 / MAYOR, 200_001)
    factores = np.maximum(abs(1 - tasas * MENOR), abs(1 - tasas * MAYOR))
    simbolos = {r"\lambda_{\min}": MENOR, r"\lambda_{\max}": MAYOR, "rtol": 1e-4}
    simbolos |= {r"\kappa": MAYOR / MENOR, r"\eta": float(tasas[factores.argmin()])}
    return simbolos | {r"\text{factor}": float(factores.min())}


def camino(inicio, tasa):
    return descent.gradient_descent(descent.quadratic_grad, inicio, lr=tasa, steps=T)


@ecuacion("ec-bajada", "ec-parada-abajo")
def bajada(rng):
    simbolos = {"t": range(T), r"\eta": ETA, r"\theta": camino(1.7 * EJES[:, 1], ETA)}
    otro = {r"\theta": camino(rng.normal(size=2), ETA)}
    return COSTE | simbolos | {"ajustada": otro}


@ecuacion("ec-teorema-suave")
def teorema_suave(rng):
    """Con un paso de tasa 1/M; con más, la cota queda por encima."""
    simbolos = {"t": range(T), r"\eta": 1 / MAYOR, "T": 1, r"J^\star": 0.7}
    simbolos["J"] = lambda p: descent.quadratic(p) + 0.7
    simbolos |= {r"\theta": camino(1.7 * EJES[:, 1], 1 / MAYOR)}
    return COSTE | simbolos | {"ajustada": {"T": 3}}
