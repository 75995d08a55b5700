"""Mide qué le pasa al gradiente en una red profunda: results/profundidad.json.

Se ejecuta con `python benchmarks/profundidad.py`, con MNIST completo en APUNTES_DATA o
en la caché; tarda unos minutos, con un hilo.

- `velocidad`: norma del gradiente de los sesgos, capa a capa, mientras se entrena;
- `remedios`: dos redes de 20 capas ocultas, una que se apaga y otra que estalla, y
  cada remedio aplicado a las dos, con la mejor tasa de cada uno.

Las tasas se eligen con otras semillas y en 5000 imágenes de entrenamiento apartadas.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import itertools
from functools import partial

import numpy as np
from acta import acta, guardar
from tqdm import tqdm

from apuntes.data import flatten_images, load_mnist, mnist_sample, split_validation
from apuntes.gradients import clip_grad_norm, grad_norm, grad_norms
from apuntes.initialization import kaiming_normal, xavier_normal
from apuntes.layers import Linear, ReLU, Residual, Sequential, Sigmoid, Tanh
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import evaluate
from apuntes.minibatch import minibatches
from apuntes.normalization import BatchNorm1d
from apuntes.optimizers import SGD
from apuntes.training import train_epoch

DTYPE, BATCH = np.float32, 64
SEARCH_SEEDS, SEEDS = range(100, 102), range(5)
DEPTH, WIDTH, EPOCHS, MAX_NORM, EXCESS = 20, 30, 2, 1.0, 1.3
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
NETS = {  # activación, sorteo de los pesos y por cuánto se multiplican
    "apagada": (Sigmoid, xavier_normal, 1.0),
    "estallada": (ReLU, kaiming_normal, EXCESS),
}
REMEDIES = (
    *("ninguno", "activacion", "inicializacion"),
    *("recorte", "residual", "normalizacion"),
)


def stack(seed, activation, init, *, depth, width, gain=1.0, wrap=None) -> Sequential:
    """Red densa; `wrap` recibe el número de capa, la lineal y la activación."""
    rng, layers = np.random.default_rng(seed), []
    for i in range(depth):
        fan_in = width if i else 784
        linear = Linear(fan_in, width, rng=rng, init=init, dtype=DTYPE)
        linear.weight = gain * linear.weight
        layers += wrap(i, linear, activation()) if wrap else [linear, activation()]
    return Sequential(*layers, Linear(width, 10, rng=rng, dtype=DTYPE))


def remedied(net: str, remedy: str, seed: int) -> Sequential:
    """La red que se apaga o la que estalla, con uno de los remedios."""
    activation, init, gain = NETS[net]
    wrap = None
    if remedy == "activacion":
        activation = {"apagada": ReLU, "estallada": Tanh}[net]
    elif remedy == "inicializacion" and net == "estallada":
        gain = 1.0
    elif remedy == "inicializacion":
        gain, wrap = 4.0, _centred
    elif remedy == "residual":
        wrap = _bypassed
    elif remedy == "normalizacion":
        wrap = _normalized
    return stack(seed, activation, init, depth=DEPTH, width=WIDTH, gain=gain, wrap=wrap)


def _centred(i, linear, activation):
    """El sesgo quita la media ½ que trae cada sigmoide de la capa anterior."""
    if i:
        linear.bias = -linear.weight.sum(axis=1) / 2
    return [linear, activation]


def _bypassed(i, *block):
    return [Residual(*block)] if i else block


def _normalized(_, linear, activation):
    return [linear, BatchNorm1d(WIDTH, dtype=DTYPE), activation]


def mnist(seed: int = 0):
    """Entrenamiento y validación: 55 000 y 5000 imágenes."""
    images, labels = load_mnist("train")
    pixels, rng = flatten_images(images, dtype=DTYPE), np.random.default_rng(seed)
    train, val = split_validation(len(pixels), size=5000, rng=rng)
    return (pixels[train], labels[train]), (pixels[val], labels[val])


def trained(network, data, seed, *, lr, epochs, max_norm=None) -> float:
    """Entrena y devuelve la exactitud en validación; al azar si se hizo `nan`."""
    train, val = data
    optimizer, rng = SGD(network.parameters(), lr=lr), np.random.default_rng(seed)
    if max_norm:
        step = optimizer.step
        optimizer.step = lambda g: step(clip_grad_norm(g, max_norm=max_norm)[0])
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            network.train()
            batches = minibatches(len(train[0]), BATCH, rng)
            preds, _ = train_epoch(
                network, optimizer, cross_entropy_grad, train, batches
            )
            if not np.isfinite(preds[-1]).all():
                return 0.1
        score = evaluate(network, cross_entropy, val)[1]
    return score if np.isfinite(score) else 0.1


def best_rate(build, data, rates, **settings) -> dict:
    """Busca la tasa con unas semillas y mide la exactitud con otras."""
    tried = {
        lr: float(
            np.mean([run(build, data, s, lr=lr, **settings) for s in SEARCH_SEEDS])
        )
        for lr in rates
    }
    lr = max(tried, key=tried.get)
    scores = 100 * np.array([run(build, data, s, lr=lr, **settings) for s in SEEDS])
    return {
        "lr": lr,
        "busqueda": {str(k): round(100 * v, 1) for k, v in tried.items()},
        "exactitud": scores.round(2).tolist(),
        "media": round(float(scores.mean()), 1),
        "desviacion": round(float(scores.std(ddof=1)), 1),
    }


def run(build, data, seed, **settings) -> float:
    """Construye la red de esa semilla y la entrena."""
    return trained(build(seed), data, seed, **settings)


def measure_speed() -> dict:
    """Redes sigmoides de 2, 3 y 4 capas ocultas de 30, con mil imágenes y η = 0,1."""
    images, labels = mnist_sample("train")
    x, labels = flatten_images(images, dtype=np.float64)[:1000], labels[:1000]
    table = {}
    for depth in (2, 3, 4):
        rng = np.random.default_rng(0)
        sizes = [784, *[30] * depth, 10]
        layers = []
        for n_in, n_out in itertools.pairwise(sizes):
            layers += [Linear(n_in, n_out, rng=rng), Sigmoid()]
        network = Sequential(*layers[:-1])
        optimizer, curves = SGD(network.parameters(), lr=0.1), []
        for _ in tqdm(range(501), desc=f"{depth} capas"):
            network.write_gradients(cross_entropy_grad(network.forward(x), labels))
            hidden = network.layers[:-1:2]
            curves.append([grad_norm([layer.gradients()[1]]) for layer in hidden])
            optimizer.step(network.gradients())
        shown = np.array(curves)[::10]
        table[str(depth)] = {
            "normas": [[float(f"{v:.3g}") for v in row] for row in shown.T],
            "cociente_inicial": round(float(shown[0, -1] / shown[0, 0]), 1),
        }
    return {"imagenes": 1000, "lr": 0.1, "cada": 10, "capas": table}


def measure_remedies(data) -> dict:
    """Los remedios en las dos redes, y las normas del gradiente al empezar."""
    table = {}
    for net in NETS:
        table[net] = {}
        for remedy in tqdm(REMEDIES, desc=net):
            clip = MAX_NORM if remedy == "recorte" else None
            settings = {"epochs": EPOCHS, "max_norm": clip}
            build = partial(remedied, net, remedy)
            row = best_rate(build, data, RATES, **settings)
            ratios = [_ratio(build(seed), data[0]) for seed in SEEDS]
            table[net][remedy] = row | {"cociente": float(f"{np.median(ratios):.2g}")}
    sizes = {"capas": DEPTH, "ancho": WIDTH, "epocas": EPOCHS, "lote": BATCH}
    return sizes | {"umbral": MAX_NORM, "exceso": EXCESS, "redes": table}


def _ratio(network, train) -> float:
    """Norma del gradiente de la segunda capa entre la de la última oculta."""
    x, target = train[0][:512], train[1][:512]
    network.write_gradients(cross_entropy_grad(network.forward(x), target))
    norms = [norm for norm in grad_norms(network) if norm > 0]
    step = len(norms) // DEPTH  # 2 si hay capas de normalización
    return norms[step] / norms[step * (DEPTH - 1)]


if __name__ == "__main__":
    mnist_data = mnist()
    result = {"semillas": list(SEEDS), "semillas_de_busqueda": list(SEARCH_SEEDS)}
    result |= {"n": len(mnist_data[0][0]), "validacion": len(mnist_data[1][0])}
    result["velocidad"] = measure_speed()
    result["remedios"] = measure_remedies(mnist_data)
    guardar("profundidad", {"acta": acta(), **result})
