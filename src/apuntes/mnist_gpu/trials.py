"""Lo que mide el banco: muchas semillas, cada una junto a un trozo del ejemplo."""

import argparse
import time

from tqdm import tqdm

from apuntes.mnist_gpu.data import Data, load
from apuntes.mnist_gpu.machine import certificate
from apuntes.mnist_gpu.nets import parameters
from apuntes.mnist_gpu.reference import Reference
from apuntes.mnist_gpu.runtime import Runtime, peak_memory
from apuntes.mnist_gpu.say import say
from apuntes.mnist_gpu.settings import Settings
from apuntes.mnist_gpu.tables import tabulate
from apuntes.mnist_gpu.trainer import Trainer

WARMUP = 5  # pasos de calentamiento: cuentan como arranque y no como entrenamiento
BAR = "{n} de {total} semillas |{bar:12}| {elapsed}, faltan {remaining}"


def measure_seeds(
    settings: Settings, runtime: Runtime, options: argparse.Namespace
) -> dict:
    """El apartado del acta: todas las semillas, resumidas, y con qué se hicieron."""
    data = load(settings, runtime.device)
    runtime = _warm_up(settings, runtime, data)
    ready = time.perf_counter() - options.start
    runs, peak = [], 0
    seeds = range(settings.seed, settings.seed + options.seeds)
    for seed in tqdm(seeds, bar_format=BAR, leave=False, disable=None):
        runs.append(one_run(settings.changed(seed=seed), runtime, data))
        # Antes de que el ejemplo entre en la memoria del proceso.
        peak = peak or peak_memory(runtime.device)
        if options.slice:
            sample = settings.data == "muestra"
            reference = Reference(runtime.device, seed=seed, sample=sample)
            runs[-1]["epoca_ejemplo"] = reference.epoch(options.slice)
    return tabulate(runs, ready, target=options.target) | {
        "receta": settings.as_dict(),
        "memoria_pico_mib": round(peak / 2**20, 1),
        "trozo_de_epoca_del_ejemplo": options.slice,
        "acta": certificate(runtime),
    }


def _warm_up(settings: Settings, runtime: Runtime, data: Data) -> Runtime:
    """Unos pasos sueltos; devuelve los atajos que de verdad se pueden tomar."""
    trainer = Trainer(settings, runtime, data)
    for note in trainer.runtime.notes:
        say(f"Aviso: {note}.")
    for row in range(min(WARMUP, trainer.total, trainer.steps_per_epoch)):
        trainer.steps.run(row, row)
    trainer.running(WARMUP)
    return trainer.runtime


def one_run(settings: Settings, runtime: Runtime, data: Data) -> dict:
    """Un entrenamiento: lo que tarda en prepararse y en entrenar, y lo que acierta."""
    start = time.perf_counter()
    trainer = Trainer(settings, runtime, data)
    prepared = time.perf_counter() - start
    while trainer.epoch < trainer.epochs:
        trainer.run_epoch()
    seconds = sum(record.seconds for record in trainer.history)
    return {
        "semilla": settings.seed,
        "exactitud": trainer.measure(data.test).accuracy,
        "segundos": seconds,
        "preparar": prepared,
        "imagenes_por_s": trainer.total * settings.batch_size / seconds,
        "pasos": trainer.total,
        "parametros": parameters(trainer.net),
    }
