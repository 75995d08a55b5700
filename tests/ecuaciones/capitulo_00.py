"""Capítulo 0: el paso de descenso y las diferencias centradas."""

import numpy as np

from apuntes import descent, gradcheck
from ecuaciones import ecuacion


@ecuacion("ec-el-paso")
def paso(rng):
    def gradiente(theta):
        return descent.quadratic_grad(np.ravel(theta))

    theta = rng.normal(size=2)
    camino = descent.gradient_descent(descent.quadratic_grad, theta, lr=0.3, steps=1)
    despues = {r"\theta": camino[1]}
    simbolos = {r"\theta": theta, r"\eta": 0.3, r"\nabla J": gradiente}
    return simbolos | {r"\leftarrow": despues}


@ecuacion("ec-diferencias-centradas")
def diferencias_centradas(rng):
    def f(x):
        return float(np.sum(np.sin(np.ravel(x)) * np.arange(1, 4)))

    x = rng.normal(size=3)
    return {
        "j": range(3),
        "x": x,
        "f": f,
        "e": np.eye(3),
        r"\epsilon": 1e-3,
        r"\partial f/\partial x": gradcheck.numerical_gradient(f, x),
        r"\approx": 1e-5,
    }
