"""Capítulo 9: activaciones y sus pendientes, recortes y el bloque residual."""

import math

import numpy as np

from apuntes import activations, gradients, layers
from ecuaciones import ecuacion

N, D = 4, 3
Z = np.array([-2.3, -0.6, 0.4, 1.7])


@ecuacion("ec-sigmoide-pendiente")
def sigmoide_pendiente(rng):
    return {
        "z": Z[1],
        r"\sigma": activations.sigmoid,
        r"\sigma'": activations.sigmoid_grad,
    }


@ecuacion("ec-tanh-pendiente")
def tanh_pendiente(rng):
    return {"z": Z[1], r"\tanh'": activations.tanh_grad}


@ecuacion("ec-relu", "ec-elu")
def rectificadores(rng):
    return {
        "i": range(1, N + 1),
        "z": ("i", Z),
        r"\alpha": 1.7,
        r"\operatorname{relu}": activations.relu,
        r"\operatorname{relu}'": activations.relu_grad,
        r"\operatorname{elu}": lambda z: activations.elu(z, alpha=1.7),
    }


@ecuacion("ec-gelu-pendiente", "ec-silu-pendiente")
def puertas(rng):
    return {
        "z": Z[1],
        r"\sigma": activations.sigmoid,
        r"\Phi": lambda z: math.erfc(-z / math.sqrt(2)) / 2,
        r"\varphi": lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
        r"\operatorname{gelu}'": activations.gelu_grad,
        r"\operatorname{silu}'": activations.silu_grad,
    }


@ecuacion("ec-recorte-norma")
def recorte_norma(rng):
    """Gradientes de un solo número: la misma fórmula pasa por las dos ramas."""

    def recortado(g):
        return float(gradients.clip_grad_norm([np.array([g])], max_norm=1.3)[0][0][0])

    return {
        "i": range(1, N + 1),
        "g": ("i", Z),
        r"\tau": 1.3,
        r"\operatorname{recorte}": recortado,
    }


@ecuacion("ec-recorte-valor")
def recorte_valor(rng):
    [recortado] = gradients.clip_grad_value([Z], clip_value=1.3)
    return {
        "k": range(N),
        "g": Z,
        r"\tau": 1.3,
        r"\leftarrow": {"g": recortado},
    }


@ecuacion("ec-residual", "ec-residual-vuelta")
def bloque(rng):
    fila = layers.Linear(D, D, rng=rng), layers.Tanh()
    fila[0].bias = rng.normal(size=D)
    peso, sesgo = fila[0].weight.copy(), fila[0].bias.copy()
    residual = layers.Residual(*fila)
    x, llega = rng.normal(size=(2, 1, D))
    salida = residual.forward(x)
    pendiente = 1 - np.tanh(x @ peso.T + sesgo) ** 2
    return {
        "a": salida,
        "x": x,
        "f": lambda x: np.tanh(x @ peso.T + sesgo),
        r"\partial J/\partial x": residual.backward(llega),
        r"\Delta": llega,
        "I": np.eye(D),
        "J_f": pendiente.T * peso,
    }
