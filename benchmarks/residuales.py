"""Mide qué aportan los atajos de una red residual: results/residuales.json.

Se ejecuta con `python benchmarks/residuales.py`, con MNIST completo en APUNTES_DATA o
en la caché; tarda unos minutos, con un hilo.

- `degradacion`: coste de entrenamiento frente a la profundidad, con atajos y sin ellos,
  con la mejor tasa de cada red, y cuánto cambian las normas del gradiente al empezar;
- `lesiones`: exactitud al quitar una capa de la red ya entrenada;
- `caminos`: qué parte del gradiente llega por los caminos de cada longitud.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import numpy as np
from acta import acta, guardar
from profundidad import BATCH, DTYPE, mnist
from tqdm import tqdm

from apuntes.gradients import grad_norms
from apuntes.initialization import kaiming_normal
from apuntes.layers import Linear, ReLU, Residual, Sequential
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import accuracy, evaluate
from apuntes.minibatch import minibatches
from apuntes.optimizers import SGD
from apuntes.training import train_epoch

DEPTHS, WIDTH, EPOCHS, RATES = (3, 5, 10, 20, 40), 30, 2, (0.01, 0.03, 0.1)
SEARCH_SEEDS, SEEDS, LESION_DEPTH = range(100, 102), range(5), 20


def build(depth: int, shortcut: bool, seed: int) -> Sequential:
    """Red ReLU con pesos de He; con atajos, cada bloque se divide entre √depth."""
    rng = np.random.default_rng(seed)
    layers = [Linear(784, WIDTH, rng=rng, init=kaiming_normal, dtype=DTYPE)]
    for _ in range(depth - 1):
        linear = Linear(WIDTH, WIDTH, rng=rng, init=kaiming_normal, dtype=DTYPE)
        block = ReLU(), linear
        if shortcut:
            linear.weight = linear.weight / np.sqrt(depth)
        layers += [Residual(*block)] if shortcut else block
    return Sequential(*layers, ReLU(), Linear(WIDTH, 10, rng=rng, dtype=DTYPE))


def trained(network, data, seed, *, lr) -> tuple[float, float]:
    """Coste de entrenamiento y exactitud en validación al acabar."""
    train, val = data
    optimizer, rng = SGD(network.parameters(), lr=lr), np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        for _ in range(EPOCHS):
            batches = minibatches(len(train[0]), BATCH, rng)
            train_epoch(network, optimizer, cross_entropy_grad, train, batches)
        cost = evaluate(network, cross_entropy, train)[0]
        score = evaluate(network, cross_entropy, val)[1]
    return (cost, score) if np.isfinite(cost) else (2.31, 0.1)


def measure_degradation(data) -> tuple[dict, dict]:
    """Coste de entrenamiento por profundidad, y las redes de la lesión."""
    table, kept = {}, {}
    for shortcut, name in ((False, "llana"), (True, "residual")):
        table[name] = {}
        for depth in tqdm(DEPTHS, desc=name):
            tried = {}
            for lr in RATES:
                costs = [
                    trained(build(depth, shortcut, s), data, s, lr=lr)[0]
                    for s in SEARCH_SEEDS
                ]
                tried[lr] = round(float(np.mean(costs)), 4)
            best, runs, spreads = min(tried, key=tried.get), [], []
            for seed in SEEDS:
                network = build(depth, shortcut, seed)
                spreads.append(spread(network, data[0]))
                runs.append(trained(network, data, seed, lr=best))
                if depth == LESION_DEPTH:
                    kept.setdefault(name, []).append(network)
            costs, scores = np.array(runs).T
            table[name][str(depth)] = {
                "lr": best,
                "busqueda": {str(lr): cost for lr, cost in tried.items()},
                "coste": costs.round(4).tolist(),
                "coste_medio": round(float(costs.mean()), 3),
                "coste_desviacion": round(float(costs.std(ddof=1)), 3),
                "exactitud_media": round(100 * float(scores.mean()), 1),
                "normas_primera_ultima": round(float(np.median(spreads)), 2),
            }
    return table, kept


def spread(network, train) -> float:
    """Norma del gradiente de la segunda capa entre la de la última oculta."""
    x, target = train[0][:512], train[1][:512]
    network.write_gradients(cross_entropy_grad(network.forward(x), target))
    norms = grad_norms(network)
    return norms[1] / norms[-2]


def without(network, skipped, x) -> np.ndarray:
    """Salida de la red si se salta las capas de índices `skipped`."""
    for i, layer in enumerate(network.layers):
        if i not in skipped:
            x = layer.forward(x)
    return x


def measure_lesions(kept, data) -> dict:
    """Exactitud en validación al quitar cada capa oculta menos la primera."""
    x, target = data[1]
    table = {}
    for name, networks in kept.items():
        size = 1 if name == "residual" else 2  # capas de un bloque
        rows = []
        for network in networks:
            whole = accuracy(network.forward(x), target)
            cut = [
                accuracy(
                    without(network, range(1 + size * r, 1 + size * (r + 1)), x), target
                )
                for r in range(LESION_DEPTH - 1)
            ]
            rows.append([whole, *cut])
        mean = 100 * np.mean(rows, axis=0)
        table[name] = {
            "entera": round(float(mean[0]), 1),
            "sin_una": mean[1:].round(1).tolist(),
            "media_sin_una": round(float(mean[1:].mean()), 1),
            "peor_sin_una": round(float(mean[1:].min()), 1),
        }
    return table


def by_length(network, x, target) -> np.ndarray:
    """Norma de lo que llega al primer bloque por los caminos de cada longitud.

    De un bloque salen los caminos de siempre, por el atajo, y los mismos con un paso
    más, por su función.
    """
    network.forward(x)
    network.write_gradients(cross_entropy_grad(network.forward(x), target))
    blocks = network.layers[1:-2]
    delta = cross_entropy_grad(network.forward(x), target)
    for layer in reversed(network.layers[-2:]):
        delta = layer.backward(delta)
    parts = np.zeros((len(blocks) + 1, *delta.shape), dtype=np.float64)
    parts[0] = delta
    for done, block in enumerate(reversed(blocks)):
        for r in range(done, -1, -1):
            inner = Sequential.backward(block, parts[r].astype(DTYPE))
            parts[r + 1] += inner
    return np.array([np.linalg.norm(part) for part in parts])


def measure_paths(kept, data) -> dict:
    """Reparto del gradiente por longitudes, al empezar y entrenada."""
    x, target = data[0][0][:512], data[0][1][:512]
    table = {}
    for name, networks in (
        ("al_empezar", [build(LESION_DEPTH, True, s) for s in SEEDS]),
        ("entrenada", kept["residual"]),
    ):
        norms = np.array([by_length(network, x, target) for network in networks])
        share = 100 * (norms / norms.sum(axis=1, keepdims=True)).mean(axis=0)
        table[name] = {
            "porcentaje": share.round(3).tolist(),
            "longitud_media": round(float(share @ np.arange(len(share)) / 100), 2),
        }
    return {"bloques": LESION_DEPTH - 1, **table}


if __name__ == "__main__":
    mnist_data = mnist()
    result = {"semillas": list(SEEDS), "semillas_de_busqueda": list(SEARCH_SEEDS)}
    result |= {"n": len(mnist_data[0][0]), "validacion": len(mnist_data[1][0])}
    result |= {"ancho": WIDTH, "epocas": EPOCHS, "lote": BATCH, "tasas": RATES}
    result["degradacion"], networks = measure_degradation(mnist_data)
    result["lesiones"] = {
        "capas": LESION_DEPTH,
        **measure_lesions(networks, mnist_data),
    }
    result["caminos"] = measure_paths(networks, mnist_data)
    guardar("residuales", {"acta": acta(), **result})
