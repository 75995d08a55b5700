"""Capítulo 13: lo que encoge, lo que se apaga, lo que se suaviza y lo que se promedia."""

import numpy as np

from apuntes import polynomials, regularization, shrinkage, subnetworks
from apuntes.activations import softmax
from apuntes.losses import cross_entropy_grad
from ecuaciones import ecuacion

N, R, K = 4, 3, 5
W = np.array([-1.3, 0.4, 2.2, -0.7])


@ecuacion("ec-sesgo-varianza")
def sesgo_y_varianza(rng):
    preds, truth = rng.normal(size=(R, N)), rng.normal(size=N)
    bias, variance = polynomials.bias_variance(preds, truth)
    return {
        "r": range(1, R + 1),
        "j": range(1, N + 1),
        r"\hat y": preds,
        "f": truth,
        "R": R,
        "N": N,
        r"\text{sesgo}": np.sqrt(abs(bias)),
        r"\text{varianza}": variance,
    }


@ecuacion("ec-norma-minima")
def norma_minima(rng):
    """El descenso desde cero, hasta que ya no se mueve."""
    x, y, theta = rng.normal(size=(2, 4)), rng.normal(size=2), np.zeros(4)
    for _ in range(5000):
        theta -= 0.05 * x.T @ (x @ theta - y)
    return {r"\theta_\infty": theta, "X": x, "y": y}


@ecuacion("ec-penalizacion-l1")
def penalizacion_l1(rng):
    valor = regularization.l1_penalty(W, lam=0.3)
    return {"R_1": lambda w: valor, "w": W, r"\lambda": 0.3, "k": range(N)}


@ecuacion("ec-penalizacion-l2")
def penalizacion_l2(rng):
    valor = regularization.l2_penalty(W, lam=0.3)
    return {"R_2": lambda w: valor, "w": W, r"\lambda": 0.3, "k": range(N)}


@ecuacion("ec-decaimiento")
def decaimiento(rng):
    g, lam, tasa = rng.normal(size=N), 0.3, 0.7
    despues = W - tasa * (g + regularization.l2_penalty_grad(W, lam=lam))
    simbolos = {"w": W, "g": g, r"\lambda": lam, r"\eta": tasa}
    return simbolos | {r"\leftarrow": {"w": despues}}


@ecuacion("ec-encoger")
def encoger(rng):
    valores = rng.uniform(0.2, 3, size=N)
    fracciones = shrinkage.ridge_shrinkage(valores, lam=0.7)
    return {
        r"\phi": fracciones,
        r"\lambda_k": ("k", valores),
        r"\lambda": 0.7,
        "k": range(N),
    }


@ecuacion("ec-parar")
def parar(rng):
    valores = rng.uniform(0.2, 3, size=N)
    fracciones = shrinkage.stopping_shrinkage(valores, lr=0.3, steps=3)
    simbolos = {r"\phi": fracciones, r"\lambda": valores, "k": range(N)}
    return simbolos | {r"\eta": 0.3, "t": 3}


@ecuacion("ec-umbral-blando")
def umbral_blando(rng):
    a = np.array([-2.3, -0.4, 0.3, 1.7])
    w = shrinkage.softshrink(a, lambd=0.6)
    return {"w": ("i", w), "a": ("i", a), "u": 0.6, "i": range(N)}


@ecuacion("ec-ensamble")
def ensamble(rng):
    valor = regularization.ensemble_variance(1.7, correlation=0.3, count=R)
    simbolos = {r"\mathbb{V}[\bar e]": valor, r"\rho": 0.3, "v": 1.7}
    return simbolos | {"R": float(R)}


@ecuacion("ec-mascaras")
def mascaras(rng):
    q = np.array([1.0, 0.0, 0.0, 1.0, 1.0])
    [valor] = subnetworks.mask_probabilities(q[None], p=0.3)
    return {r"\mathbb{P}(q)": valor, "q": q, "p": 0.3, "j": range(5)}


@ecuacion("ec-dropout")
def dropout(rng):
    h = rng.normal(size=8)
    layer = regularization.Dropout(0.4, rng=np.random.default_rng(0))
    salida = layer.forward(h[None])[0]
    otra = np.random.default_rng(0).random((1, 8), dtype=np.float32)[0]
    return {r"\tilde h": salida, "q": np.where(otra >= 0.4, 1.0, 0.0), "h": h, "p": 0.4}


@ecuacion("ec-suavizado")
def suavizado(rng):
    [suave] = regularization.smooth_labels(np.array([2]), num_classes=K, epsilon=0.3)
    simbolos = {r"\tilde y": suave, "y": np.eye(K)[2], "k": range(K)}
    return simbolos | {r"\varepsilon": 0.3, "K": float(K)}


@ecuacion("ec-ventaja")
def ventaja(rng):
    """El óptimo, bajando por el coste suavizado hasta que ya no se mueve."""
    soft = regularization.smooth_labels(np.array([2]), num_classes=K, epsilon=0.3)
    z = np.zeros((1, K))
    for _ in range(2000):
        z -= cross_entropy_grad(z, soft)
    np.testing.assert_allclose(softmax(z), soft)
    simbolos = {"z_c": z[0, 2], "z_k": z[0, 0], r"\varepsilon": 0.3}
    return simbolos | {"K": float(K)}


@ecuacion("ec-swa")
def promedio(rng):
    pesos = rng.normal(size=(3, N))
    theta = np.zeros(N)
    averaged, medias = regularization.AveragedWeights([theta]), []
    for fila in pesos:
        theta[:] = fila
        averaged.update()
        medias.append(averaged.averages[0].copy())
    simbolos = {r"\bar\theta": medias[1], r"\theta": pesos[2], "t": 3.0}
    return simbolos | {r"\leftarrow": {r"\bar\theta": medias[2]}}
