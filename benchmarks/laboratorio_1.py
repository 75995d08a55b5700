"""Mide la red 784-15-10 del laboratorio 1 y escribe results/laboratorio-1.json.

Se ejecuta con `python benchmarks/laboratorio_1.py`, con MNIST completo en
APUNTES_DATA o en la caché. Primero elige la tasa y el `weight_decay` mirando solo
la validación; después entrena con otras semillas y mira la prueba una vez.
"""

import itertools
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import numpy as np
from acta import acta, guardar
from tqdm import tqdm

from apuntes.data import flatten_images, load_mnist, split_validation
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import evaluate
from apuntes.optimizers import SGD
from apuntes.training import fit

BATCH_SIZE = 64
RATES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
DECAYS = (0.0, 3e-5, 1e-4, 3e-4)
EPOCHS = 20
SEARCH_SEEDS = range(100, 103)
SEEDS = range(10)


def load() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Entrenamiento, validación y prueba, repartidos como en el laboratorio."""
    images, labels = load_mnist("train")
    x, rng = flatten_images(images), np.random.default_rng(0)
    train, validation = split_validation(len(x), size=1 / 6, rng=rng)
    test_images, test_labels = load_mnist("test")
    return {
        "train": (x[train], labels[train]),
        "validation": (x[validation], labels[validation]),
        "test": (flatten_images(test_images), test_labels),
    }


def run(data, seed, *, lr, epochs, weight_decay=0.0, decreasing=True) -> dict:
    """Entrena una red y la mide en validación y en prueba."""
    rng = np.random.default_rng(seed)
    network = Sequential(
        Linear(784, 15, rng=rng, dtype=np.float32),
        Sigmoid(),
        Linear(15, 10, rng=rng, dtype=np.float32),
    )
    steps = epochs * -(-len(data["train"][0]) // BATCH_SIZE)
    history = fit(
        network,
        SGD(network.parameters(), lr=lr, weight_decay=weight_decay),
        (cross_entropy, cross_entropy_grad),
        data["train"],
        epochs=epochs,
        batch_size=BATCH_SIZE,
        rng=rng,
        schedule=(lambda step: lr * (1 - step / steps)) if decreasing else None,
        evaluate_train=False,
        progress=False,
    )
    measured = {
        name: evaluate(network, cross_entropy, data[name])
        for name in ("validation", "test")
    }
    return measured | {"seconds": history.seconds}


def search(data) -> list[dict]:
    """Cada combinación con su pérdida y exactitud medias de validación."""
    table = []
    for lr, weight_decay in tqdm(list(itertools.product(RATES, DECAYS))):
        settings = {"lr": lr, "weight_decay": weight_decay}
        runs = [run(data, seed, epochs=EPOCHS, **settings) for seed in SEARCH_SEEDS]
        loss, accuracy = np.mean([r["validation"] for r in runs], axis=0)
        table.append(
            settings
            | {
                "perdida_validacion": round(float(loss), 5),
                "exactitud_validacion": round(100 * float(accuracy), 3),
            }
        )
    return table


def summary(runs: list[dict]) -> dict:
    """Exactitudes en tanto por ciento y segundos de varios entrenamientos."""
    measure = {}
    for name, key in (("validacion", "validation"), ("prueba", "test")):
        values = np.array([100 * r[key][1] for r in runs])
        measure[name] = {
            "n": len(values),
            "media": round(float(values.mean()), 3),
            "desviacion": round(float(values.std(ddof=1)), 3),
            "minimo": round(float(values.min()), 2),
            "maximo": round(float(values.max()), 2),
            "todas": [round(float(v), 2) for v in values],
        }
    seconds = np.array([r["seconds"] for r in runs])
    measure["segundos"] = {
        "epoca": round(float(np.median(seconds)), 4),
        "total": round(float(np.median(seconds.sum(axis=1))), 3),
    }
    return measure


def main() -> None:
    """Busca, elige, mide y guarda."""
    data = load()
    table = search(data)
    best = min(table, key=lambda row: row["perdida_validacion"])
    chosen = {"lr": best["lr"], "weight_decay": best["weight_decay"], "epochs": EPOCHS}
    runs = [run(data, seed, **chosen) for seed in tqdm(SEEDS)]
    simple = {"lr": 0.5, "epochs": 5}
    plain = [run(data, seed, decreasing=False, **simple) for seed in tqdm(SEEDS)]
    guardar(
        "laboratorio-1",
        {
            "red": "784-15-10, sigmoide, softmax y entropía cruzada, float32",
            "datos": "MNIST: 50000 para entrenar, 10000 de validación, 10000 de prueba",
            "lote": BATCH_SIZE,
            "elegido": chosen | {"tasa": "lineal hasta cero"},
            "semillas": list(SEEDS),
            **summary(runs),
            "sencillo": simple | {"tasa": "constante"} | summary(plain),
            "busqueda": {
                "criterio": "pérdida media de validación",
                "epochs": EPOCHS,
                "semillas": len(SEARCH_SEEDS),
                "combinaciones": len(table),
                "tabla": table,
            },
            "acta": acta(),
        },
    )


if __name__ == "__main__":
    main()
