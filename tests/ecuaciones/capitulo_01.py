"""Capítulo 1: la neurona de umbral, la regla de Rosenblatt y la señal local."""

import numpy as np

from apuntes import chain_rules, perceptron
from ecuaciones import ecuacion

H, D = 4, 3


@ecuacion("ec-neurona-umbral")
def neurona_umbral(rng):
    x, weight = rng.normal(size=D), rng.normal(size=(H, D))
    bias = np.array([0.4, -0.3, 0.2, -0.1]) - weight @ x  # dos se encienden
    h = perceptron.threshold_layer(x[None], weight, bias)[0]
    return {"j": range(H), "x": x, "w": weight, "b": bias, "h": h}


@ecuacion("ec-regla-rosenblatt")
def regla_de_rosenblatt(rng):
    w, b, x = rng.normal(size=D), 0.7, rng.normal(size=D)
    y = -np.sign(w @ x + b)
    weight, bias = perceptron.rosenblatt_rule(w, np.array(b), x, y, lr=0.3)
    despues = {"w": weight, "b": float(bias)}
    simbolos = {"w": w, "b": b, r"\eta": 0.3, "i": range(1, 2)}
    return simbolos | {"y": [y], "x": x[None], r"\leftarrow": despues}


@ecuacion("ec-senal-local")
def senal_local(rng):
    credit, x, h = rng.normal(size=H), rng.normal(size=D), rng.uniform(size=H)
    weights, biases = chain_rules.local_gradients(credit, x, h)
    derivadas = {
        r"\partial J/\partial w": weights,
        r"\partial J/\partial b": biases,
        r"\partial J/\partial h": credit,
    }
    return derivadas | {"j": range(H), "l": range(D), "x": x, "h": h}
