"""Capítulo 4: simetrías, curva de Bézier y sillas."""

import numpy as np

from apuntes import connectivity, landscape, symmetries
from apuntes.layers import Linear, ReLU, Sequential, Tanh
from apuntes.losses import mse_loss_grad
from ecuaciones import ecuacion

D, H, K = 2, 3, 4


def red(rng, activacion):
    modelo = Sequential(Linear(D, H, rng=rng), activacion(), Linear(H, K, rng=rng))
    modelo.parameters()[0][:] = rng.normal(size=modelo.parameters()[0].size)
    return modelo


@ecuacion("ec-red-lineal")
def red_lineal(rng):
    p = np.array([0.7, -1.3])
    coste = landscape.linear_network_loss
    return {
        "J": lambda *w: coste(np.array(w)),
        r"\nabla J": landscape.linear_network_loss_grad(p),
        "w_1": p[0],
        "w_2": p[1],
    }


@ecuacion("ec-permutar")
def permutar(rng):
    modelo, orden = red(rng, Tanh), [2, 0, 1]
    otra = symmetries.permute_neurons(modelo, orden)
    pesos = [
        {"W^{(1)}": m[0].weight, "b^{(1)}": m[0].bias, "W^{(2)}": m[2].weight}
        for m in (modelo, otra)
    ]
    return pesos[0] | {"Q": np.eye(H)[orden], r"\leftarrow": pesos[1]}


@ecuacion("ec-reescalar")
def reescalar(rng):
    modelo, factores = red(rng, ReLU), rng.uniform(2, 5, size=H)
    otra = symmetries.rescale_neurons(modelo, factores)
    pesos = [
        {"w": m[0].weight, "b": m[0].bias, "v": m[2].weight.T} for m in (modelo, otra)
    ]
    indices = {"i": range(H), r"\alpha": factores, r"\leftarrow": pesos[1]}
    return pesos[0] | indices


@ecuacion("ec-bezier")
def curva(rng):
    inicio, control, fin = rng.normal(size=(3, 5))

    def punto(t):
        return connectivity.bezier(inicio, control, fin, np.array([t]))[0]

    extremos = {r"\theta_A": inicio, r"\theta_B": fin, r"\theta_C": control}
    return extremos | {r"\varphi": punto, "t": 0.3}


@ecuacion("ec-bezier-grad")
def curva_grad(rng):
    modelo, t = red(rng, Tanh), 0.3
    datos = rng.normal(size=(5, D)), rng.normal(size=(5, K))
    inicio, control, fin = rng.normal(size=(3, modelo.parameters()[0].size))

    puntos = inicio, control, fin

    def en_control(theta):
        curva = inicio, theta, fin
        return connectivity.bend_grad(modelo, curva, t, mse_loss_grad, datos)

    return {
        r"\nabla G": en_control,
        r"\nabla J": lambda p: connectivity.cost_grad(modelo, p, mse_loss_grad, datos),
        r"\varphi": lambda t: connectivity.bezier(*puntos, np.array([t]))[0],
        r"\theta_C": control,
        "t": t,
    }


@ecuacion("ec-silla")
def silla(rng):
    x, y = 0.7, -1.3
    return {
        "f": lambda x, y: landscape.saddle(np.array([x, y])),
        r"\nabla f": landscape.saddle_grad(np.array([x, y])),
        "x": x,
        "y": y,
    }


@ecuacion("ec-escape")
def escape(rng):
    pasos = landscape.escape_steps(3e-5, radius=0.7, curvature=1.7, lr=0.013)
    return {
        "k": float(pasos),
        r"\rho": 0.7,
        r"\xi": 3e-5,
        r"\eta": 0.013,
        r"\gamma": 1.7,
    }


@ecuacion("ec-casquetes")
def casquetes(rng):
    """En el plano, seis direcciones a 60° justos: la cota de arriba se alcanza."""
    fraccion = {r"\mu_d": lambda grados: landscape.cap_fraction(2, grados)}
    return fraccion | {"N": 6.0, "ajustada": {"N": 3.1}}
