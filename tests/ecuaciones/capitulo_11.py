"""Capítulo 11: normalizar por lotes, por capas y sin restar la media."""

import numpy as np

from apuntes import layers, normalization
from ecuaciones import ecuacion

N, D, EPS = 5, 3, 0.3


def _lote(rng):
    """Un lote, y una capa con parámetros y estadísticas que no son 0 ni 1."""
    capa = normalization.BatchNorm1d(D)
    capa.eps, capa.momentum = EPS, 0.3
    capa.weight, capa.bias = rng.normal(2, 1, D), rng.normal(size=D)
    capa.running_mean[:], capa.running_var[:] = rng.uniform(0.5, 2, size=(2, D))
    return rng.normal(1, 2, size=(N, D)), capa


def _usadas(x, hat, eje):
    """La media y la varianza que se usaron, sacadas de lo normalizado."""
    (x0, x1), (hat0, hat1) = (
        np.take(v, [0, 1], axis=eje).swapaxes(0, eje) for v in (x, hat)
    )
    s = (x0 - x1) / (hat0 - hat1)
    return x0 - s * hat0, s**2 - EPS


@ecuacion("ec-bn-estadisticas")
def estadisticas_del_lote(rng):
    x = rng.normal(1, 2, size=(N, D))
    hat = normalization.BatchNorm1d(D, eps=EPS).forward(x)
    media, varianza = _usadas(x, hat, 0)
    lote = [i + 1 for i in range(N)]
    simbolos = {"B": lote, "m": float(N), "x": x, "i": range(1, N + 1)}
    return simbolos | {r"\mu_B": media, r"\sigma_B^2": varianza}


@ecuacion("ec-bn-normaliza", "ec-bn-escala")
def por_lotes(rng):
    x, capa = _lote(rng)
    hat = normalization.BatchNorm1d(D, eps=EPS).forward(x)
    return {
        "i": range(1, N + 1),
        "x": x,
        "y": capa.forward(x),
        r"\hat x": hat,
        r"\mu_B": x.mean(axis=0),
        r"\sigma_B^2": x.var(axis=0),
        r"\gamma": capa.weight,
        r"\beta": capa.bias,
        r"\epsilon": EPS,
    }


@ecuacion("ec-bn-parametros", "ec-bn-vuelta")
def vuelta_por_lotes(rng):
    """Una sola neurona; lo que llega a x̂ se calcula con γ = 1."""
    x, llega = rng.normal(1, 2, size=(N, 1)), rng.normal(size=(N, 1))
    capa = normalization.BatchNorm1d(1, eps=EPS)
    hat = capa.forward(x)
    capa.weight = [1.7]
    capa.forward(x)
    entrada = capa.backward(llega)
    gamma, beta = (grad[0] for grad in capa.gradients())
    # La derivada de x̂ es la que llega a la salida de otra capa con γ = 1.
    simple = normalization.BatchNorm1d(1, eps=EPS)
    simple.forward(x)
    g = 1.7 * llega
    assert np.allclose(simple.backward(g), entrada)
    columnas = {"y": llega, r"\hat x": g, "x": entrada}
    simbolos = {rf"\partial J/\partial {v}": c[:, 0] for v, c in columnas.items()}
    simbolos |= {r"\partial J/\partial\hat x": g[:, 0]}
    return simbolos | {
        "i": range(1, N + 1),
        "j": range(1, N + 1),
        "m": N,
        "g": g[:, 0],
        "s": np.sqrt(x.var() + EPS),
        r"\hat x": hat[:, 0],
        r"\gamma": 1.7,
        r"\partial J/\partial\gamma": gamma,
        r"\partial J/\partial\beta": beta,
    }


@ecuacion("ec-medias-moviles")
def medias_moviles(rng):
    """Lo guardado después se saca de lo que da la capa al evaluar."""
    x, capa = _lote(rng)
    capa.weight, capa.bias = np.ones(D), np.zeros(D)
    antes = {r"\mu": capa.running_mean.copy(), "v": capa.running_var.copy()}
    capa.forward(x)
    media, varianza = _usadas(x, capa.eval().forward(x), 0)
    return antes | {
        r"\leftarrow": {r"\mu": media, "v": varianza},
        r"\mu_B": x.mean(axis=0),
        r"\sigma_B^2": x.var(axis=0),
        r"\alpha": 0.3,
        "m": float(N),
    }


@ecuacion("ec-bn-evaluar")
def al_evaluar(rng):
    x, capa = _lote(rng)
    return {
        "i": range(1, N + 1),
        "x": x,
        "y": capa.eval().forward(x),
        r"\mu": capa.running_mean,
        "v": capa.running_var,
        r"\gamma": capa.weight,
        r"\beta": capa.bias,
        r"\epsilon": EPS,
    }


@ecuacion("ec-fusion")
def fusion(rng):
    _, capa = _lote(rng)
    lineal = layers.Linear(4, D, rng=rng)
    lineal.bias = rng.normal(size=D)
    junta = normalization.fuse_linear_bn_eval(lineal, capa.eval())
    return {
        "W'": junta.weight,
        "b'": junta.bias,
        "W": lineal.weight,
        "b": lineal.bias,
        r"\gamma": capa.weight,
        r"\beta": capa.bias,
        r"\mu": capa.running_mean,
        "s": np.sqrt(capa.running_var + EPS),
    }


@ecuacion("ec-ln-estadisticas", "ec-ln")
def por_capas(rng):
    x = rng.normal(1, 2, size=(N, D))
    capa = normalization.LayerNorm(D, eps=EPS)
    hat = capa.forward(x)
    media, varianza = _usadas(x, hat, 1)
    capa.weight, capa.bias = rng.normal(2, 1, D), rng.normal(size=D)
    return {
        "i": range(1, N + 1),
        "j": range(D),
        "D": float(D),
        "x": x,
        "y": capa.forward(x),
        r"\mu": media,
        r"\sigma_i^2": ("i", varianza),
        r"\gamma": capa.weight,
        r"\beta": capa.bias,
        r"\epsilon": EPS,
    }


@ecuacion("ec-rms", "ec-rms-vuelta")
def sin_media(rng):
    x, llega = rng.normal(1, 2, size=(2, N, D))
    capa = normalization.RMSNorm(D, eps=EPS)
    hat = capa.forward(x)
    capa.weight = rng.normal(2, 1, D)
    y = capa.forward(x)
    return {
        "i": range(1, N + 1),
        "j": range(D),
        "k": range(D),
        "D": float(D),
        "x": x,
        "y": y,
        "s": x[:, 0] / hat[:, 0],
        r"\hat x": hat,
        "g": llega * capa.weight,
        r"\gamma": capa.weight,
        r"\epsilon": EPS,
        r"\partial J/\partial x": capa.backward(llega),
    }
