"""Elige los hiperparámetros de dos recetas y escribe results/mnist-busqueda.json.

Se ejecuta con `python benchmarks/busqueda_mnist.py`, con PyTorch y MNIST completo.
Sortea combinaciones y va quedándose con las mejores, con más semillas cada vez, según
lo que aciertan en 5000 imágenes de entrenamiento apartadas; la prueba no se mira. El
mérito descuenta lo que cuesta cada una: si no, ganaría siempre la más larga.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import functools
import multiprocessing
import random
import time

import numpy as np
import torch
from acta import acta, guardar
from tqdm import tqdm

from apuntes.mnist_gpu.data import Data, load
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.runtime import Shortcuts, decide
from apuntes.mnist_gpu.settings import from_recipe
from apuntes.mnist_gpu.trainer import Trainer

# De qué se parte, entre qué se sortea, cuántas combinaciones siguen en cada ronda con
# cuántas semillas más, y cuántos puntos de exactitud tiene que dar un segundo de más.
SEARCHES = {
    "rapida": {
        "base": {"recipe": "rapida"},
        "espacio": {
            "epochs": (0.8, 0.9, 1.0, 1.1, 1.2),
            "batch_size": (96, 128, 160, 192, 256),
            "lr": (0.01, 0.013, 0.016, 0.02, 0.025),
            "momentum": (0.6, 0.7, 0.8, 0.85, 0.9),
            "beta2": (0.9, 0.95),
            "warmup": (0.05, 0.1, 0.2, 0.3),
            "width": (8, 10, 12),
            "label_smoothing": (0.0, 0.05, 0.1),
            "ema": (0.0, 0.9, 0.95),
        },
        "rondas": ((40, 1), (14, 3), (6, 6)),
        "puntos_por_segundo": 0.1,
    },
    "precisa-25k": {
        "base": {"recipe": "precisa", "width": 16, "epochs": 4},
        "espacio": {
            "batch_size": (96, 128, 192),
            "lr": (0.005, 0.01, 0.02),
            "ema": (0.98, 0.99),
            "label_smoothing": (0.05, 0.1),
            "weight_decay": (0.01, 0.05),
        },
        "rondas": ((8, 1), (3, 2)),
        "puntos_por_segundo": 0.0,
    },
}
FIRST_SEED = 1000  # las del récord empiezan en 0


def combinations(base: dict, space: dict, count: int) -> list[dict]:
    """La receta como está y otras sorteadas."""
    rng = random.Random(1)
    now = from_recipe(**base).as_dict()
    drawn = [{k: rng.choice(v) for k, v in space.items()} for _ in range(count - 1)]
    return [base | changes for changes in ({k: now[k] for k in space}, *drawn)]


@functools.cache
def data() -> Data:
    """Los datos, una vez por proceso: 55 000 imágenes para entrenar."""
    torch.set_num_threads(1)
    return load(from_recipe("rapida"), torch.device("cpu"))


def trainer_of(changes: dict, seed: int) -> Trainer:
    """Listo para entrenar."""
    images, settings = data(), from_recipe(**changes, seed=seed)
    runtime = decide(torch.device("cpu"), settings, Shortcuts(), World())
    return Trainer(settings, runtime, images)


def accuracy(task: tuple[dict, int]) -> float:
    """Exactitud en las imágenes apartadas, en tanto por ciento."""
    trainer = trainer_of(*task)
    while trainer.epoch < trainer.epochs:
        trainer.run_epoch()
    return 100 * trainer.history[-1].validation_accuracy


def seconds(changes: dict) -> float:
    """Lo que tardaría todo el entrenamiento, en un hilo, por el paso más corto."""
    trainer, times = trainer_of(changes, 0), []
    for row in range(25):
        start = time.perf_counter()
        trainer.steps.run(row, row)
        times.append(time.perf_counter() - start)
    return min(times) * trainer.total


def search(base: dict, space: dict, rounds: tuple, price: float) -> list[dict]:
    """La tabla, con la elegida delante."""

    def merit(row: dict) -> float:
        mean = float(np.mean(row["todas"])) if row["todas"] else 0.0
        return mean - price * row["segundos_1_hilo"]

    rows = [
        {"cambios": c, "segundos_1_hilo": round(seconds(c), 2), "todas": []}
        for c in tqdm(combinations(base, space, rounds[0][0]))
    ]
    alive, seed = rows, FIRST_SEED
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for count, seeds in rounds:
            alive = sorted(alive, key=merit, reverse=True)[:count]
            tasks = [(r["cambios"], seed + s) for r in alive for s in range(seeds)]
            found = list(tqdm(pool.imap(accuracy, tasks), total=len(tasks)))
            for i, row in enumerate(alive):
                row["todas"] += found[i * seeds : (i + 1) * seeds]
            seed += seeds
    for row in rows:
        row |= {"n": len(row["todas"]), "media": round(float(np.mean(row["todas"])), 3)}
        row["todas"] = [round(value, 2) for value in row["todas"]]
    return sorted(rows, key=lambda row: (row["n"], merit(row)), reverse=True)


def main() -> None:
    """Busca para cada receta y guarda las tablas."""
    results = {}
    for name, how in SEARCHES.items():
        table = search(*how.values())
        results[name] = how | {"elegida": table[0]["cambios"], "tabla": table}
    guardar(
        "mnist-busqueda",
        {
            "criterio": "exactitud media en 5000 imágenes apartadas, menos el coste",
            **results,
            "acta": acta() | {"torch": torch.__version__},
        },
    )


if __name__ == "__main__":
    main()
