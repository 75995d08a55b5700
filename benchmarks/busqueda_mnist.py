"""Elige los hiperparámetros de `rapida` y escribe results/mnist-busqueda.json.

Se ejecuta con `python benchmarks/busqueda_mnist.py`, con PyTorch y MNIST completo.
Sortea combinaciones y va quedándose con las mejores, con más semillas cada vez, según
lo que aciertan en 5000 imágenes de entrenamiento apartadas; la prueba ni se lee. El
coste de cada una es lo que tarda un paso suyo, medido aparte y sin compañía.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import multiprocessing
import random
import time

import numpy as np
import torch
from acta import acta, guardar
from tqdm import tqdm

from apuntes.mnist_gpu.data import load
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.runtime import Shortcuts, decide
from apuntes.mnist_gpu.settings import from_recipe
from apuntes.mnist_gpu.trainer import Trainer

SPACE = {
    "epochs": (0.8, 0.9, 1.0, 1.1, 1.2),
    "batch_size": (96, 128, 160, 192, 256),
    "lr": (0.01, 0.013, 0.016, 0.02, 0.025),
    "momentum": (0.6, 0.7, 0.8, 0.85, 0.9),
    "beta2": (0.9, 0.95),
    "warmup": (0.05, 0.1, 0.2, 0.3),
    "width": (8, 10, 12),
    "label_smoothing": (0.0, 0.05, 0.1),
    "ema": (0.0, 0.9, 0.95),
}
# Cuántas siguen en cada ronda, y cuántas semillas nuevas corre cada una.
ROUNDS = ((36, 1), (14, 3), (6, 6))
FIRST_SEED = 1000  # las del récord empiezan en 0


def combinations() -> list[dict]:
    """La receta de ahora y las sorteadas."""
    rng = random.Random(1)
    drawn = [{k: rng.choice(v) for k, v in SPACE.items()} for _ in range(ROUNDS[0][0])]
    now = from_recipe("rapida").as_dict()
    return [{name: now[name] for name in SPACE}, *drawn[1:]]


def trainer_of(changes: dict, seed: int) -> Trainer:
    """Listo para entrenar con 55 000 imágenes."""
    torch.set_num_threads(1)
    settings = from_recipe("rapida", **changes, seed=seed)
    cpu = torch.device("cpu")
    if "data" not in _SHARED:
        _SHARED["data"] = load(settings, cpu)
    runtime = decide(cpu, settings, Shortcuts(), World())
    return Trainer(settings, runtime, _SHARED["data"])


_SHARED: dict = {}


def accuracy(task: tuple[dict, int]) -> float:
    """Exactitud en las imágenes apartadas, en tanto por ciento."""
    trainer = trainer_of(*task)
    while trainer.epoch < trainer.epochs:
        trainer.run_epoch()
    return 100 * trainer.history[-1].validation_accuracy


def seconds(changes: dict) -> float:
    """Lo que tardaría todo el entrenamiento, en un hilo, por la mediana de un paso."""
    trainer, times = trainer_of(changes, 0), []
    for row in range(25):
        start = time.perf_counter()
        trainer.steps.run(row, row)
        times.append(time.perf_counter() - start)
    return float(np.median(times[5:])) * trainer.total


def main() -> None:
    """Busca por rondas y guarda la tabla."""
    rows = [{"cambios": c, "segundos_1_hilo": seconds(c)} for c in tqdm(combinations())]
    alive, seed = rows, FIRST_SEED
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for count, seeds in ROUNDS:
            alive = sorted(alive, key=merit, reverse=True)[:count]
            tasks = [(r["cambios"], seed + s) for r in alive for s in range(seeds)]
            found = list(tqdm(pool.imap(accuracy, tasks), total=len(tasks)))
            for i, row in enumerate(alive):
                row.setdefault("todas", []).extend(found[i * seeds : (i + 1) * seeds])
            seed += seeds
    for row in rows:
        row["validacion"] = round(float(np.mean(row["todas"])), 3)
        row["n"] = len(row["todas"])
        row["segundos_1_hilo"] = round(row["segundos_1_hilo"], 3)
        row["todas"] = [round(value, 2) for value in row["todas"]]
    rows.sort(key=lambda row: (row["n"], merit(row)), reverse=True)
    guardar(
        "mnist-busqueda",
        {
            "criterio": "exactitud en 5000 imágenes apartadas menos el coste",
            "puntos_por_segundo": POINTS_PER_SECOND,
            "rondas": ROUNDS,
            "tabla": rows,
            "acta": acta() | {"torch": torch.__version__},
        },
    )


# Lo que vale un segundo, en puntos de exactitud: con menos, gana siempre lo más largo.
POINTS_PER_SECOND = 0.02


def merit(row: dict) -> float:
    """Exactitud media hasta ahora menos lo que cuesta."""
    mean = float(np.mean(row["todas"])) if "todas" in row else 0.0
    return mean - POINTS_PER_SECOND * row["segundos_1_hilo"]


if __name__ == "__main__":
    main()
