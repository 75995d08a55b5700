"""Mide de qué depende la normalización por lotes: results/normalizacion-lotes.json.

Se ejecuta con `python benchmarks/normalizacion_lotes.py`, con MNIST completo en
APUNTES_DATA o en la caché; tarda unos minutos. La red es la de `normalizacion.py`.

- `lotes`: exactitud según el tamaño de lote, cada uno con su mejor tasa;
- `moviles`: cuándo valen las estadísticas móviles, paso a paso;
- `modos`: la misma red, evaluada bien y con las estadísticas del lote;
- `sin_barajar`: entrenar con lotes de una sola clase;
- `escala`: la norma de los pesos, con y sin decaimiento;
- `hondura`: el gradiente de cada capa, antes de entrenar.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import copy
from functools import partial

import numpy as np
from acta import acta, guardar
from redes_normalizadas import (
    BATCH_SIZE,
    LOSS,
    NORMS,
    build,
    load,
    summary,
    train,
    tuned,
)
from tqdm import tqdm

from apuntes.layers import Linear
from apuntes.metrics import accuracy, evaluate
from apuntes.minibatch import minibatches
from apuntes.normalization import BatchNorm1d
from apuntes.optimizers import SGD
from apuntes.training import train_epoch

SEEDS = range(5)
SIZES = (2, 4, 8, 16, 64, 256)
STEPS = (1, 2, 3, 5, 8, 13, 20, 32, 50, 80, 120, 157)
LR = 0.1


def measure_sizes(data) -> dict:
    """Una época de 5000 imágenes con cada tamaño de lote."""
    x, labels = data["train"]
    few, table = data | {"train": (x[:5000], labels[:5000])}, {}
    for norm in ("lotes", "capas"):
        table[norm] = [
            tuned(
                few,
                partial(build, norm),
                **{"seeds": SEEDS, "epochs": 1, "batch_size": size},
                rates=(0.003, 0.01, 0.03, 0.1, 0.3),
            )
            for size in tqdm(SIZES, desc=f"lotes, {norm}")
        ]
    return {"tamanos": SIZES, "epocas": 1, "semillas": list(SEEDS), **table}


def measure_running(data) -> dict:
    """Exactitud al evaluar con las medias móviles y con las de mil imágenes."""
    x, labels = data["train"]
    probe = tuple(part[:1000] for part in data["validation"])
    table = {}
    for momentum in (0.1, 0.01):
        curves = {"moviles": [], "lote": []}
        for seed in SEEDS:
            network = build("lotes", seed)
            for layer in network.layers:
                if isinstance(layer, BatchNorm1d):
                    layer.momentum = momentum
            optimizer = SGD(network.parameters(), lr=LR)
            rows = {"moviles": [], "lote": []}
            order = minibatches(len(x), BATCH_SIZE, np.random.default_rng(seed))
            for step, batch in enumerate(order, start=1):
                network.train()
                train_epoch(network, optimizer, LOSS[1], (x, labels), [batch])
                if step in STEPS:
                    rows["moviles"].append(100 * evaluate(network, LOSS[0], probe)[1])
                    rows["lote"].append(100 * in_batches(network, probe, 1000))
            for name, row in rows.items():
                curves[name].append(row)
        table[f"{momentum:g}"] = {
            name: np.mean(rows, axis=0).round(2).tolist()
            for name, rows in curves.items()
        }
    return {"pasos": STEPS, "tasa": LR, "semillas": list(SEEDS), **table}


def in_batches(network, data, size: int) -> float:
    """Exactitud con las estadísticas de cada lote: sin `eval()`, sobre una copia."""
    network, (x, labels) = copy.deepcopy(network).train(), data
    parts = [
        network.forward(x[i : i + size]) for i in range(0, len(x) - size + 1, size)
    ]
    return accuracy(np.concatenate(parts), labels[: len(parts) * size])


def measure_modes(data) -> dict:
    """La red entrenada, al evaluar y sin `eval()`, con lotes barajados y por clases."""
    x, labels = (part[:4096] for part in data["test"])
    order = np.argsort(labels, kind="stable")
    table = {"evaluar": [], "barajados": [], "por_clases": []}
    for seed in SEEDS:
        network = build("lotes", seed)
        train(network, data, seed, lr=LR, epochs=5)
        mixed, classes = (x, labels), (x[order], labels[order])
        table["evaluar"].append(100 * evaluate(network, LOSS[0], mixed)[1])
        for name, arranged in (("barajados", mixed), ("por_clases", classes)):
            table[name].append(
                [100 * in_batches(network, arranged, size) for size in SIZES]
            )
    columns = {name: np.array(rows).T for name, rows in table.items()}
    return {
        "tamanos": SIZES,
        "semillas": list(SEEDS),
        "evaluar": summary(columns["evaluar"]),
        **{
            name: [summary(column) for column in columns[name]]
            for name in ("barajados", "por_clases")
        },
    }


def measure_unshuffled(data) -> dict:
    """Lotes de una sola clase, en orden al azar: cada red, con y sin ellos."""
    x, labels = data["train"]
    table = {}
    for norm in NORMS:
        kinds = {"al_azar": [], "de_una_clase": [], "de_una_clase_sin_eval": []}
        for seed in tqdm(SEEDS, desc=f"sin barajar, {norm}"):
            for name in ("al_azar", "de_una_clase"):
                network, rng = build(norm, seed), np.random.default_rng(seed)
                optimizer = SGD(network.parameters(), lr=0.03)
                for _ in range(3):
                    batches = list(minibatches(len(x), BATCH_SIZE, rng))
                    if name == "de_una_clase":
                        batches = one_class(labels, rng)
                    network.train()
                    train_epoch(network, optimizer, LOSS[1], (x, labels), batches)
                measured = evaluate(network, LOSS[0], data["validation"])[1]
                kinds[name].append(100 * measured)
            # Los mismos lotes con que se entrenó: lo que se vería en la pantalla.
            seen = [in_batches(network, (x[b], labels[b]), len(b)) for b in batches]
            kinds["de_una_clase_sin_eval"].append(100 * np.mean(seen))
        table[norm] = {name: summary(values) for name, values in kinds.items()}
    return {"epocas": 3, "tasa": 0.03, "semillas": list(SEEDS), **table}


def one_class(labels: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Lotes de una clase cada uno, barajados entre sí; los de menos de dos, fuera."""
    batches = []
    for kind in range(10):
        mine = rng.permutation(np.flatnonzero(labels == kind))
        batches += np.split(mine, range(BATCH_SIZE, len(mine), BATCH_SIZE))
    batches = [batch for batch in batches if len(batch) > 1]
    return [batches[i] for i in rng.permutation(len(batches))]


def measure_scale(data) -> dict:
    """Norma de los pesos de la segunda capa, época a época, con tasa fija."""
    table, epochs, lr = {}, 30, 0.1
    for decay in (0.0, 0.001, 0.003, 0.01):
        norms, scores = [], []
        for seed in tqdm(range(3), desc=f"escala, {decay}"):
            network = build("lotes", seed, depth=3)
            linear = [a for a in network.layers if isinstance(a, Linear)][1]
            row = [float(np.linalg.norm(linear.weight))]
            rng = np.random.default_rng(seed)
            optimizer = SGD(network.parameters(), lr=lr, weight_decay=decay)
            for _ in range(epochs):
                network.train()
                batches = minibatches(len(data["train"][0]), BATCH_SIZE, rng)
                train_epoch(network, optimizer, LOSS[1], data["train"], batches)
                row.append(float(np.linalg.norm(linear.weight)))
            norms.append(row)
            scores.append(100 * evaluate(network, LOSS[0], data["validation"])[1])
        table[f"{decay:g}"] = {
            "norma": np.mean(norms, axis=0).round(3).tolist(),
            "validacion": summary(scores),
        }
    return {"tasa": lr, "epocas": epochs, "semillas": 3, "capas": 3, **table}


def measure_depth(data) -> dict:
    """Norma del gradiente del peso de cada capa oculta, con 50 capas, al empezar."""
    x, labels = (part[:256] for part in data["train"])
    table, depth = {}, 50
    for norm in NORMS:
        rows = []
        for seed in range(10):
            network = build(norm, seed, depth=depth)
            network.write_gradients(LOSS[1](network.forward(x), labels))
            grads = [
                np.linalg.norm(layer.gradients()[0])
                for layer in network.layers
                if isinstance(layer, Linear)
            ]
            rows.append(np.log10(grads[:-1]))
        table[norm] = (10 ** np.mean(rows, axis=0)).tolist()
        table[norm] = [float(f"{g:.4g}") for g in table[norm]]
    # De la capa 40 a la 10: lo que crece, de media, al bajar cada capa.
    ratio = {n: (table[n][9] / table[n][39]) ** (1 / 30) for n in NORMS}
    return {
        "lote": 256,
        "semillas": 10,
        "por_capa": {n: round(r, 3) for n, r in ratio.items()},
        **table,
    }


def main() -> None:
    """Mide todo y guarda."""
    data = load()
    with np.errstate(all="ignore"):
        measures = {
            "red": "784-64×8-10, ReLU, inicio de He, SGD con lotes de 64, float32",
            "lotes": measure_sizes(data),
            "moviles": measure_running(data),
            "modos": measure_modes(data),
            "sin_barajar": measure_unshuffled(data),
            "escala": measure_scale(data),
            "hondura": measure_depth(data),
        }
    guardar("normalizacion-lotes", measures | {"acta": acta()})


if __name__ == "__main__":
    main()
