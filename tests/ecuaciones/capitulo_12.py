"""Capítulo 12: los optimizadores paso a paso, las programaciones y el momento."""

import numpy as np

from apuntes import momentum, optimizers, schedules, trajectories
from ecuaciones import ecuacion

PASOS, D = 4, 3
EPS = 0.3  # grande, para que se note dónde está
# Los arreglos empiezan en el paso 0, que es la salida; las fórmulas, en el 1.
DESDE_1 = {"t": range(PASOS + 1), r"\text{si }": lambda indice: indice["t"] > 0}


def recorrido(optimizador, grads):
    """Parámetros tras cada paso, y lo que recuerda: un arreglo por memoria."""
    [theta] = optimizador.params
    camino, memorias = [theta.copy()], [[m.copy() for m in optimizador._memories[0]]]
    for grad in grads:
        optimizador.step([grad])
        camino.append(theta.copy())
        memorias.append([m.copy() for m in optimizador._memories[0]])
    return np.array(camino), [np.array(m) for m in zip(*memorias, strict=True)]


def pasos(rng, clase, letras, **opciones):
    """Símbolos comunes: pasos de 1 en adelante, con un número por componente."""
    grads = rng.normal(1, 1, size=(PASOS, 1))
    optimizador = clase([rng.normal(size=1)], lr=0.7, **opciones)
    camino, memorias = recorrido(optimizador, grads)
    g = np.concatenate([[np.nan], grads[:, 0]])
    simbolos = {"g": g, r"\eta": 0.7, r"\theta": camino[:, 0], r"\epsilon": EPS}
    simbolos |= DESDE_1 | {r"\mu": 0.6}
    return simbolos | {
        letra: m[:, 0] for letra, m in zip(letras, memorias, strict=False)
    }


@ecuacion("ec-paso-sgd")
def sgd(rng):
    inicio, hessiana = rng.normal(size=D), np.diag([0.3, 0.8, 1.9])
    optimizador = optimizers.SGD([inicio], lr=0.7)
    camino = trajectories.trajectory(optimizador, lambda p: hessiana @ p, steps=PASOS)
    g = np.vstack([np.full(D, np.nan), camino[:-1] @ hessiana])
    return DESDE_1 | {
        "g": g,
        r"\nabla J": lambda p: hessiana @ p,
        r"\theta": camino,
        r"\eta": 0.7,
    }


@ecuacion("ec-momento")
def momento(rng):
    return pasos(rng, optimizers.SGD, "u", momentum=0.6)


@ecuacion("ec-nesterov")
def nesterov(rng):
    return pasos(rng, optimizers.SGD, "u", momentum=0.6, nesterov=True)


@ecuacion("ec-adagrad")
def adagrad(rng):
    return pasos(rng, optimizers.Adagrad, "s", eps=EPS)


@ecuacion("ec-rmsprop")
def rmsprop(rng):
    otros = {r"\alpha": 0.6}
    return pasos(rng, optimizers.RMSprop, "s", alpha=0.6, eps=EPS) | otros


@ecuacion("ec-adadelta")
def adadelta(rng):
    simbolos = pasos(rng, optimizers.Adadelta, "sr", rho=0.6, eps=EPS)
    d = -np.diff(simbolos[r"\theta"]) / 0.7
    return simbolos | {"d": np.concatenate([[np.nan], d]), r"\rho": 0.6}


def adam(rng, clase, **opciones):
    simbolos = pasos(rng, clase, "mv", betas=(0.6, 0.8), eps=EPS, **opciones)
    t = np.arange(PASOS + 1)
    with np.errstate(invalid="ignore"):
        corregidas = {
            r"\hat m": simbolos["m"] / (1 - 0.6**t),
            r"\hat v": simbolos["v"] / (1 - 0.8**t),
        }
    betas = {r"\beta": np.array([np.nan, 0.6, 0.8]), r"\lambda": 0.4}
    return simbolos | corregidas | betas


@ecuacion("ec-adam-medias", "ec-adam")
def adam_entero(rng):
    return adam(rng, optimizers.Adam)


@ecuacion("ec-adamw")
def adamw(rng):
    return adam(rng, optimizers.AdamW, weight_decay=0.4)


@ecuacion("ec-media-movil", "ec-pesos-media", "ec-media-corregida")
def media_movil(rng):
    x = rng.normal(size=PASOS)
    suma = optimizers.exponential_moving_average(x, beta=0.6, bias_correction=False)
    return DESDE_1 | {
        "k": range(PASOS),
        "x": np.concatenate([[np.nan], x]),
        "e": np.concatenate([[0.0], suma]),
        r"\hat e": np.concatenate(
            [[np.nan], optimizers.exponential_moving_average(x, beta=0.6)]
        ),
        r"\beta": 0.6,
    }


def programa(schedule, total, **simbolos):
    """Las tasas de los pasos desde 0."""
    tasas = np.array([schedule(t) for t in range(total + 1)])
    minima = {r"\eta_{\min}": 0.2, r"\eta_{\max}": 1.7}
    return {"t": range(total + 1), r"\eta": tasas, "T": 7.0, **minima, **simbolos}


@ecuacion("ec-escalones")
def escalones(rng):
    schedule = schedules.step_decay(lr=1.7, step_size=3, gamma=0.6)
    return programa(schedule, 11, **{r"\gamma": 0.6, "T_0": 3.0})


@ecuacion("ec-polinomica")
def polinomica(rng):
    schedule = schedules.polynomial_decay(lr=1.7, total_iters=7, power=1.3)
    return programa(schedule, 7, p=1.3)


@ecuacion("ec-exponencial")
def exponencial(rng):
    schedule = schedules.exponential_decay(lr=1.7, gamma=0.6)
    return programa(schedule, 5, **{r"\gamma": 0.6})


@ecuacion("ec-coseno")
def coseno(rng):
    return programa(schedules.cosine_decay(lr=1.7, t_max=7, eta_min=0.2), 7)


@ecuacion("ec-ciclica")
def ciclica(rng):
    schedule = schedules.cyclical(base_lr=0.2, max_lr=1.7, step_size_up=3)
    zigzag = np.array([0, 1, 2, 3, 2, 1, 0, 1, 2, 3]) / 3
    return programa(schedule, 9, **{r"\Lambda": zigzag})


@ecuacion("ec-calentamiento")
def calentamiento(rng):
    schedule = schedules.warmup(
        schedules.constant(lr=1.7), total_iters=3, start_factor=0.3
    )
    return programa(schedule, 3, f=0.3, T_0=3.0)


def autovalores():
    return {"k": range(2), r"\lambda": np.array([0.02, 0.05])}


def raices(nesterov):
    """La raíz mayor de cada autovalor, con raíces reales."""
    simbolos = autovalores()
    opciones = {"lr": 0.7, "momentum": 0.6, "nesterov": nesterov}
    z = momentum.momentum_roots(simbolos[r"\lambda"], **opciones)[0]
    return simbolos | {r"\eta": 0.7, r"\mu": 0.6, "z": ("k", z.real)}


@ecuacion("ec-raices")
def raices_del_momento(rng):
    return raices(nesterov=False)


@ecuacion("ec-raices-nesterov")
def raices_de_nesterov(rng):
    return raices(nesterov=True)


@ecuacion("ec-momento-critico")
def momento_critico(rng):
    critico = [momentum.critical_momentum(c, lr=0.7) for c in (0.02, 0.05)]
    return autovalores() | {r"\eta": 0.7, r"\mu": ("k", np.array(critico))}


@ecuacion("ec-mejor-momento")
def mejor_momento(rng):
    tasa, mu = momentum.optimal_momentum(0.3, 1.9)
    extremos = {r"\lambda_{\max}": 1.9, r"\lambda_{\min}": 0.3}
    return extremos | {r"\eta": tasa, r"\mu": mu, r"\kappa": 1.9 / 0.3}


@ecuacion("ec-rosenbrock")
def rosenbrock(rng):
    x, y = rng.normal(size=2)
    return {
        "R": lambda x, y: trajectories.rosenbrock(np.array([x, y])),
        "x": float(x),
        "y": float(y),
    }
