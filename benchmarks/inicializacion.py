"""Mide qué le hacen al entrenamiento los pesos iniciales: results/inicializacion.json.

Se ejecuta con `python benchmarks/inicializacion.py`, con MNIST en APUNTES_DATA o en la
caché; tarda unos minutos, con un hilo. La tasa de cada red se elige en validación.

- `simetria`: cuánto se separan quince neuronas que empiezan iguales;
- `una_capa`: la red 784-15-10 con seis inicializaciones;
- `profundidad`: redes ReLU de 1 a 30 capas ocultas de 100 neuronas.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import itertools
import time
import warnings
from functools import partial

import numpy as np
from acta import acta, guardar
from tqdm import tqdm

from apuntes.data import flatten_images, load_mnist, mnist_sample
from apuntes.initialization import (
    kaiming_normal,
    kaiming_uniform,
    normal,
    xavier_normal,
)
from apuntes.layers import Linear, ReLU, Sequential, Sigmoid
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import evaluate
from apuntes.optimizers import SGD
from apuntes.training import fit, train_epoch

LOSS = cross_entropy, cross_entropy_grad
TORCH = partial(kaiming_uniform, a=5**0.5)
INITS = {
    "centesima": partial(normal, std=0.01),
    "decima": partial(normal, std=0.1),
    "uno": partial(normal, std=1.0),
    "glorot": xavier_normal,
    "he": kaiming_normal,
    "pytorch": TORCH,
}
DEPTHS, WIDTH = (1, 3, 10, 30), 100
DEEP = ("centesima", "glorot", "he", "pytorch")
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
SEARCH_SEEDS, SEEDS, MANY_SEEDS = range(100, 102), range(5), range(10)


def mnist() -> dict:
    """Cinco mil imágenes para la honda, 20 000 para la otra, y las apartadas."""
    images, labels = load_mnist("train")
    x, order = flatten_images(images), np.random.default_rng(0).permutation(60_000)
    test_images, test_labels = load_mnist("test")
    parts = {
        "honda": order[:5000],
        "oculta": order[:20_000],
        "validacion": order[-5000:],
    }
    data = {name: (x[rows], labels[rows]) for name, rows in parts.items()}
    return data | {"prueba": (flatten_images(test_images), test_labels)}


def build(sizes, activation, init, rng) -> Sequential:
    """Red con esas capas; la de PyTorch sortea también los sesgos."""
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        layers += [Linear(n_in, n_out, rng=rng, init=init, dtype=np.float32)]
        if init is TORCH:
            layers[-1].bias = rng.uniform(-1, 1, size=n_out) / n_in**0.5
        layers += [activation()]
    return Sequential(*layers[:-1])


def train(data, part, sizes, activation, name, seed, *, lr, epochs):
    """Historial de un entrenamiento y lo que acierta en la prueba (%)."""
    rng = np.random.default_rng(seed)
    network = build(sizes, activation, INITS[name], rng)
    start = evaluate(network, cross_entropy, data["validacion"])[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # las tasas que divergen
        history = fit(
            network,
            SGD(network.parameters(), lr=lr),
            LOSS,
            data[part],
            data["validacion"],
            epochs=epochs,
            batch_size=50,
            rng=rng,
            evaluate_train=False,
            progress=False,
        )
    with np.errstate(all="ignore"):
        hits = 100 * evaluate(network, cross_entropy, data["prueba"])[1]
    return [start, *history.validation_loss], hits


def contender(data, part, sizes, activation, name, *, epochs, seeds) -> dict:
    """Busca la tasa en validación, con dos semillas, y mide con otras."""
    arguments = data, part, sizes, activation, name
    tried = {}
    for lr in RATES:
        runs = [train(*arguments, s, lr=lr, epochs=epochs)[0] for s in SEARCH_SEEDS]
        ends = [run[-1] if len(run) == epochs + 1 else np.inf for run in runs]
        tried[lr] = float(np.nan_to_num(np.mean(ends), nan=np.inf))
    best = min(tried, key=tried.get)
    runs = [train(*arguments, s, lr=best, epochs=epochs) for s in seeds]
    losses = np.array([run[0] for run in runs])
    hits = np.array([run[1] for run in runs])
    return {
        "lr": best,
        "busqueda": {str(lr): f"{loss:.4g}" for lr, loss in tried.items()},
        "validacion_media": losses.mean(axis=0).round(4).tolist(),
        "validacion_desviacion": losses.std(axis=0, ddof=1).round(4).tolist(),
        "prueba_pct": hits.round(2).tolist(),
        "prueba_media": round(float(hits.mean()), 2),
        "prueba_desviacion": round(float(hits.std(ddof=1)), 2),
    }


def measure_depth(data) -> dict:
    """La misma red ReLU con más o menos capas ocultas de 100."""
    table = {}
    for depth in tqdm(DEPTHS, desc="profundidad"):
        names = DEEP if depth != 10 else (*DEEP[:1], "decima", *DEEP[1:])
        sizes = (784, *[WIDTH] * depth, 10)
        table[str(depth)] = {
            name: contender(data, "honda", sizes, ReLU, name, epochs=10, seeds=SEEDS)
            for name in names
        }
    settings = {"imagenes": 5000, "epocas": 10, "lote": 50, "semillas": list(SEEDS)}
    return settings | {"capas": table}


def measure_one_hidden(data) -> dict:
    """La red 784-15-10 con sigmoides."""
    shape = (784, 15, 10), Sigmoid
    table = {
        name: contender(data, "oculta", *shape, name, epochs=5, seeds=MANY_SEEDS)
        for name in tqdm(INITS, desc="784-15-10")
    }
    settings = {"imagenes": 20_000, "epocas": 5, "lote": 50}
    return settings | {"semillas": list(MANY_SEEDS)} | table


def constant(shape, *, rng, dtype, noise: float) -> np.ndarray:
    """Todos los pesos a 0,02, con un ruido de desviación `noise`."""
    return (0.02 + noise * rng.standard_normal(shape)).astype(dtype)


def measure_symmetry() -> dict:
    """Cuánto se separan quince neuronas que empiezan iguales, o casi."""
    images, labels = mnist_sample("train")
    starts = {
        "float64": (np.float64, 0.0),
        "float32": (np.float32, 0.0),
        "milesima": (np.float64, 1e-3),
    }
    curves = {}
    for name, (dtype, noise) in starts.items():
        data = flatten_images(images, dtype=dtype), labels
        rng, shuffle = np.random.default_rng(0), np.random.default_rng(1)
        init = partial(constant, noise=noise)
        layers = [
            Linear(n, m, rng=rng, init=init, dtype=dtype)
            for n, m in ((784, 15), (15, 10))
        ]
        network = Sequential(layers[0], Sigmoid(), layers[1])
        optimizer, distances, hits = SGD(network.parameters(), lr=0.1), [], []
        for step in range(0, 10_001, 100):
            if step:
                batches = shuffle.integers(5000, size=(100, 10))
                train_epoch(network, optimizer, cross_entropy_grad, data, batches)
            weight = network[0].weight
            distances.append(float(f"{np.abs(weight - weight.mean(axis=0)).max():.3g}"))
            hits.append(round(100 * evaluate(network, cross_entropy, data)[1], 1))
        curves[name] = {"distancia": distances, "aciertos_pct": hits}
    return {"cada": 100, "constante": 0.02, "lr": 0.1, "lote": 10} | curves


def main() -> None:
    """Mide todo y guarda."""
    start, data = time.perf_counter(), mnist()
    measures = {
        "simetria": measure_symmetry(),
        "una_capa": measure_one_hidden(data),
        "profundidad": measure_depth(data),
    }
    seconds = round(time.perf_counter() - start)
    guardar("inicializacion", measures | {"segundos": seconds, "acta": acta()})


if __name__ == "__main__":
    main()
