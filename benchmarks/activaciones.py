"""Mide cómo aprende una red con cada función de activación: results/activaciones.json.

Se ejecuta con `python benchmarks/activaciones.py`, con MNIST completo en APUNTES_DATA o
en la caché; tarda unos minutos, con un hilo.

- `funciones`: la misma red de cinco capas con cada función, cada una con su mejor tasa;
- `muertas`: neuronas de la segunda capa que no responden a ninguna imagen, según la
  tasa, en las redes que no divergen, y cuántas divergen.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

from functools import partial

import numpy as np
from acta import acta, guardar
from profundidad import SEARCH_SEEDS, SEEDS, best_rate, mnist, stack, trained
from tqdm import tqdm

from apuntes.initialization import kaiming_normal, xavier_normal
from apuntes.layers import ELU, GELU, LeakyReLU, ReLU, Sigmoid, SiLU, Softplus, Tanh

FAMILY = {
    "sigmoide": (Sigmoid, xavier_normal),
    "tanh": (Tanh, xavier_normal),
    "softplus": (Softplus, kaiming_normal),
    "relu": (ReLU, kaiming_normal),
    "leaky_relu": (LeakyReLU, kaiming_normal),
    "elu": (ELU, kaiming_normal),
    "gelu": (partial(GELU, approximate="tanh"), kaiming_normal),
    "silu": (SiLU, kaiming_normal),
}
FAMILY_RATES = (0.01, 0.03, 0.1, 0.3, 1.0)
DEAD_RATES = (0.03, 0.1, 0.3, 0.6, 1.0, 2.0)


def measure_family(data) -> dict:
    """Cinco capas ocultas de 64 con cada activación, una época."""
    table = {}
    for name, (activation, init) in tqdm(FAMILY.items(), desc="activaciones"):
        build = partial(stack, activation=activation, init=init, depth=5, width=64)
        table[name] = best_rate(build, data, FAMILY_RATES, epochs=1)
    return {"capas": 5, "ancho": 64, "epocas": 1, "funciones": table}


def silent_share(network, x) -> float | None:
    """Parte de la segunda capa oculta con z <= 0 en todo `x`; `None` si divergió."""
    z = network[2].forward(network[1].forward(network[0].forward(x)))
    logits = network[4].forward(network[3].forward(z))
    return float(np.mean((z <= 0).all(axis=0))) if np.isfinite(logits).all() else None


def measure_dead(data) -> dict:
    """Neuronas que no responden (%), exactitud (%) y cuántas semillas divergen."""
    table = {}
    for name, activation in (("relu", ReLU), ("leaky_relu", LeakyReLU)):
        rows = []
        for lr in tqdm(DEAD_RATES, desc=name):
            build = partial(
                stack, activation=activation, init=kaiming_normal, depth=2, width=100
            )
            dead, scores = [], []
            for seed in SEEDS:
                network = build(seed)
                scores.append(trained(network, data, seed, lr=lr, epochs=1))
                silent = silent_share(network, data[0][0])
                dead += [] if silent is None else [silent]
            silent = round(100 * float(np.mean(dead)), 1) if dead else None
            score = round(100 * float(np.mean(scores)), 1)
            rows.append([silent, score, len(SEEDS) - len(dead)])
        table[name] = rows
    sizes = {"tasas": DEAD_RATES, "capas": 2, "ancho": 100}
    return sizes | {"muertas_exactitud_divergen": table}


if __name__ == "__main__":
    mnist_data = mnist()
    result = {"semillas": list(SEEDS), "semillas_de_busqueda": list(SEARCH_SEEDS)}
    result |= {"n": len(mnist_data[0][0]), "validacion": len(mnist_data[1][0])}
    result["muertas"] = measure_dead(mnist_data)
    result["funciones"] = measure_family(mnist_data)
    guardar("activaciones", {"acta": acta(), **result})
