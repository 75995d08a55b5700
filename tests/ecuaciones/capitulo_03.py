"""Capítulo 3: el descenso, la recta, la cuadrática, su umbral y Himmelblau."""

import numpy as np

from apuntes import descent
from ecuaciones import ecuacion

N, PASOS = 4, 3


@ecuacion("ec-descenso")
def descenso(rng):
    inicio = rng.normal(size=2)
    camino = descent.gradient_descent(
        descent.quadratic_grad, inicio, lr=0.3, steps=PASOS
    )
    indices = {"t": range(PASOS), r"\nabla J": descent.quadratic_grad}
    return indices | {r"\theta": camino, r"\eta": 0.3}


def en_el_plano(f, letra, grad, rng):
    """Símbolos de una función de dos variables y sus primeras derivadas."""
    p = rng.normal(size=2)
    de_x, de_y = grad(p)
    return {
        letra: lambda x, y: f(np.array([x, y])),
        "x": float(p[0]),
        "y": float(p[1]),
        rf"\partial {letra}/\partial x": float(de_x),
        rf"\partial {letra}/\partial y": float(de_y),
    }


@ecuacion("ec-cuadratica")
def cuadratica(rng):
    return en_el_plano(descent.quadratic, "q", descent.quadratic_grad, rng)


@ecuacion("ec-recta", "ec-recta-grad")
def recta(rng):
    beta, (x, y) = rng.normal(size=2), rng.normal(size=(2, N))
    coste = {
        "J": lambda b0, b1: descent.linear_regression_loss(np.array([b0, b1]), x, y),
        r"\partial J/\partial\beta": descent.linear_regression_loss_grad(beta, x, y),
    }
    datos = {"x": x, "y": y, r"\beta": beta, "r": beta[0] + beta[1] * x - y}
    return coste | datos | {"n": N, "i": range(1, N + 1)}


@ecuacion("ec-umbral")
def umbral(rng):
    raiz = rng.normal(size=(3, 3))
    hessiana = raiz @ raiz.T
    return {
        r"\eta_{\max}": descent.critical_rate(hessiana),
        r"\lambda_{\max}": float(np.linalg.eigvalsh(hessiana)[-1]),
    }


@ecuacion("ec-himmelblau", "ec-himmelblau-grad", "ec-himmelblau-hessiana")
def himmelblau(rng):
    simbolos = en_el_plano(descent.himmelblau, "f", descent.himmelblau_grad, rng)
    x, y = simbolos["x"], simbolos["y"]
    (xx, xy), (_, yy) = descent.himmelblau_hessian(np.array([x, y]))
    return simbolos | {
        "a": x**2 + y - 11,
        "b": x + y**2 - 7,
        r"\partial^2f/\partial x^2": float(xx),
        r"\partial^2f/\partial y^2": float(yy),
        r"\partial^2f/\partial x\partial y": float(xy),
    }
