"""Capítulo 1: la neurona de umbral, la regla de Rosenblatt y la señal local."""

import numpy as np

from apuntes import chain_rules, perceptron
from ecuaciones import ecuacion

H, D, N = 4, 3, 5
ORDEN = {"i": range(N), "j": range(N), "k": range(N)}


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


@ecuacion("ec-cota-novikoff")
def cota_novikoff(rng):
    x, w, b = rng.normal(size=(N, D)), rng.normal(size=D), 0.3
    y = np.sign(x @ w + b)
    margen = np.min(y * (x @ w + b)) / np.sqrt(w @ w + b * b)
    radio = np.sqrt(np.max(np.sum(x * x, axis=1) + 1))
    cota = perceptron.novikoff_bound(x, y, w, b)
    return {
        "k": cota,
        "R": float(radio),
        r"\gamma": float(margen),
        "ajustada": {"k": cota - 1},
    }


@ecuacion("ec-xor-a-mano")
def xor_a_mano(rng):
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    oculta, salida = perceptron.parity_network(2)
    h = perceptron.threshold_layer(x, *oculta)
    a = perceptron.threshold_layer(h, *salida)
    columnas = {"x_1": x[:, 0], "x_2": x[:, 1], "h_1": h[:, 0], "h_2": h[:, 1]}
    columnas |= {"a": a[:, 0]}
    return {"i": range(4)} | {s: ("i", columna) for s, columna in columnas.items()}


def sistema(rng):
    """Uno ordenado al azar: sus parciales, como lista y como tabla."""
    tabla = np.tril(rng.normal(size=(N, N)), k=-1)
    return [
        {k: float(fila[k]) for k in range(i)} for i, fila in enumerate(tabla)
    ], tabla


@ecuacion("ec-regla-directa")
def regla_directa(rng):
    parciales, tabla = sistema(rng)
    columnas = [chain_rules.forward_rule(parciales, j)[0] for j in range(N)]
    derivadas = {r"\partial^+x/\partial x": np.array(columnas).T}
    derivadas |= {r"\partial f/\partial x": tabla}
    return ORDEN | derivadas | {r"\text{si }": lambda indice: indice["j"] < indice["i"]}


@ecuacion("ec-regla-inversa")
def regla_inversa(rng):
    parciales, tabla = sistema(rng)
    filas = [chain_rules.reverse_rule(parciales, i)[0] for i in range(N)]
    derivadas = {r"\partial^+x/\partial x": np.array(filas)}
    derivadas |= {r"\partial f/\partial x": tabla}
    return ORDEN | derivadas | {r"\text{si }": lambda indice: indice["j"] < indice["i"]}
