"""Capítulo 7: las cuatro ecuaciones de una red de dos capas."""

import numpy as np

from apuntes import layers, losses
from ecuaciones import ecuacion

N, D, H, K = 4, 3, 5, 2


@ecuacion("ec-cuatro-ecuaciones")
def cuatro_ecuaciones(rng):
    capas = [layers.Linear(D, H, rng=rng), layers.Sigmoid()]
    capas += [layers.Linear(H, K, rng=rng), layers.Sigmoid()]
    red = layers.Sequential(*capas)
    x, y = rng.normal(size=(N, D)), rng.normal(size=(N, K))
    a = red.forward(x)
    h = capas[1].forward(capas[0].forward(x))
    llega = losses.quadratic_cost_grad(a, y)
    entrada = red.backward(llega)
    delta2 = capas[3].backward(llega)
    delta1 = capas[1].backward(capas[2].backward(delta2))
    assert np.allclose(entrada, delta1 @ capas[0].weight)
    simbolos = {"a": a, "h": h, r"\partial J/\partial a": llega}
    simbolos |= {"W^{(2)}": capas[2].weight, "i": range(1, N + 1)}
    peso, sesgo = capas[2].gradients()
    simbolos |= {r"\Delta^{(1)}": delta1, r"\Delta^{(2)}": delta2}
    # Las dos últimas, en la segunda capa; test_layers las mira en las dos.
    simbolos |= {r"\Delta^{(\ell)}": delta2, r"X^{(\ell)}": h}
    simbolos[r"\partial J/\partial W^{(\ell)}"] = peso
    simbolos[r"\partial J/\partial b^{(\ell)}"] = sesgo
    return simbolos
