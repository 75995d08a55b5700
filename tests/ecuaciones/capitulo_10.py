"""Capítulo 10: la varianza de Glorot y de He, y la cota de sus versiones uniformes."""

import numpy as np

from apuntes import initialization
from ecuaciones import ecuacion

SALIDAS, ENTRADAS = 3, 5
FORMA, GANANCIA, FUGA = (SALIDAS, ENTRADAS), 1.7, 0.3


def escala(pesos, sorteo) -> float:
    """El número por el que el sorteo se multiplicó para dar los pesos."""
    return float(np.mean(pesos / sorteo))


def semilla() -> np.random.Generator:
    return np.random.default_rng(0)


@ecuacion("ec-glorot")
def glorot(rng):
    pesos = initialization.xavier_normal(FORMA, gain=GANANCIA, rng=semilla())
    return simbolos(escala(pesos, semilla().standard_normal(FORMA)), r"\sigma")


@ecuacion("ec-glorot-uniforme")
def glorot_uniforme(rng):
    pesos = initialization.xavier_uniform(FORMA, gain=GANANCIA, rng=semilla())
    return simbolos(escala(pesos, semilla().uniform(-1, 1, FORMA)), "c")


@ecuacion("ec-he")
def he(rng):
    pesos = initialization.kaiming_normal(FORMA, a=FUGA, rng=semilla())
    return fuga(escala(pesos, semilla().standard_normal(FORMA)), r"\sigma")


@ecuacion("ec-he-uniforme")
def he_uniforme(rng):
    pesos = initialization.kaiming_uniform(FORMA, a=FUGA, rng=semilla())
    return fuga(escala(pesos, semilla().uniform(-1, 1, FORMA)), "c")


def simbolos(valor: float, letra: str) -> dict:
    return {
        letra: valor,
        "g": GANANCIA,
        r"n_{\text{in}}": float(ENTRADAS),
        r"n_{\text{out}}": float(SALIDAS),
    }


def fuga(valor: float, letra: str) -> dict:
    return {letra: valor, "a": FUGA, "n": float(ENTRADAS)}
