"""Mide qué aporta cada ingrediente de las recetas: results/mnist-ablacion.json.

Se ejecuta con `python benchmarks/ablacion_mnist.py RECETA`, con MNIST completo en
APUNTES_DATA o en la caché y un hilo; `rapida` y `precisa` tardan un cuarto de hora
cada una y se pueden medir a la vez. De cada receta se cambia un ingrediente y nada más:
el mismo número de pasos, las mismas semillas y, con cada una, el mismo orden de los
ejemplos. Guarda tras cada semilla.

Donde el cambio lo exige (otro optimizador, otra escala), la tasa se elige de nuevo en
validación, 5000 imágenes apartadas, con dos semillas que no se vuelven a usar; si gana
la de un extremo, se sigue más allá hasta que empeora. Después se entrena y se mide una
vez en la prueba. De `precisa` se usa una versión estrecha, con
10 000 imágenes de las 60 000: así caben varias épocas, y la regularización tiene algo
que hacer.
"""

import os

# Con lotes pequeños y la máquina repartida, dos hilos se esperan uno a otro.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import math
import statistics
import sys
from collections.abc import Iterator
from dataclasses import replace

import torch
from acta import ROOT, acta, guardar
from tqdm import tqdm

from apuntes.mnist_gpu.data import Data, Split, load
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.record import DivergedError
from apuntes.mnist_gpu.runtime import Shortcuts, decide
from apuntes.mnist_gpu.settings import Settings, from_recipe
from apuntes.mnist_gpu.trainer import Trainer
from apuntes.mnist_gpu.trials import one_run

CPU = torch.device("cpu")
BASES = {"rapida": {}, "precisa": {"width": 8, "epochs": 4.0}}
IMAGES = {"rapida": 60_000, "precisa": 10_000}
SEEDS = {"rapida": range(10), "precisa": range(5)}
SEARCH_SEEDS = (100, 101)
FACTORS = (0.5, 1.0, 2.0)  # por los que se prueba a multiplicar la tasa de la receta
# Percentil 97,5 de la t de Student, según el número de semillas.
STUDENT = {3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306}
STUDENT |= {10: 2.262}
# Ingrediente: qué cambia y, si ha de ajustarse la tasa, las que se prueban.
CHANGES = {
    "rapida": {
        "sigmoide": ({"activation": "sigmoid"}, FACTORS),
        "pesos_diminutos": ({"init": "normal"}, ()),
        "kaiming": ({"init": "kaiming_normal"}, ()),
        "por_lotes": ({"norm": "batch"}, FACTORS),
        "sgd": ({"optimizer": "sgd"}, (10.0, 30.0, 100.0)),
        "nesterov": ({"optimizer": "nesterov", "momentum": 0.9}, (1.0, 3.0, 10.0)),
        "adam_betas": ({"momentum": 0.9, "beta2": 0.999}, ()),
        "tasa_constante": ({"schedule": "constant"}, (0.1, 0.3, 1.0)),
        "sin_subida": ({"schedule": "linear"}, ()),
        "sin_estandarizar": ({"standardize": False}, ()),
        "sin_suavizado": ({"label_smoothing": 0.0}, ()),
        "aumento": ({"augment": True}, ()),
        "sin_media_pesos": ({"ema": 0.0}, ()),
        "decaimiento": ({"optimizer": "adamw", "weight_decay": 0.01}, ()),
        "dropout": ({"dropout": 0.25}, ()),
    },
    "precisa": {
        "sigmoide": ({"activation": "sigmoid"}, FACTORS),
        "pesos_diminutos": ({"init": "normal"}, ()),
        "sin_normalizar": ({"norm": "none"}, (0.25, 0.5, 1.0)),
        "por_capas": ({"norm": "layer"}, ()),
        "nesterov": (
            {"optimizer": "nesterov", "weight_decay": 5e-4},
            (3.0, 10.0, 30.0),
        ),
        "tasa_constante": ({"schedule": "constant"}, (0.1, 0.3, 1.0)),
        "sin_estandarizar": ({"standardize": False}, ()),
        "sin_suavizado": ({"label_smoothing": 0.0}, ()),
        "sin_aumento": ({"augment": False}, ()),
        "sin_media_pesos": ({"ema": 0.0}, ()),
        "sin_decaimiento": ({"weight_decay": 0.0}, ()),
    },
}


def some(settings: Settings) -> Data:
    """Los datos, y de los de entrenar, los primeros que se usan con esa receta."""
    data, n = load(settings, CPU), IMAGES[settings.recipe]
    train = Split(data.train.images[:n], data.train.labels[:n])
    return replace(data, train=train)


def runtime_for(settings: Settings):
    """Los atajos que se tomarían solos."""
    return decide(CPU, settings, Shortcuts(), World())


def validated(settings: Settings, data) -> float:
    """Exactitud en validación al acabar; si diverge, la del azar."""
    trainer = Trainer(settings, runtime_for(settings), data)
    try:
        while trainer.epoch < trainer.epochs:
            trainer.run_epoch()
    except DivergedError:
        return 0.1
    return trainer.history[-1].validation_accuracy


def tested(settings: Settings, data) -> tuple[float, float]:
    """Tanto por ciento que acierta en la prueba, y los segundos de entrenamiento.

    Si diverge se para ahí: la exactitud del azar.
    """
    try:
        found = one_run(settings, runtime_for(settings), data)
    except DivergedError:
        return 10.0, 0.0
    return round(100 * found["exactitud"], 2), found["segundos"]


def choose(base: Settings, changes: dict, factors: tuple, data) -> dict[float, float]:
    """Lo que acierta en validación cada tasa que se prueba."""
    tried, pending = {}, [base.lr * factor for factor in factors]
    while pending:
        for lr in (round(value, 6) for value in pending):
            settings = base.changed(**changes, lr=lr)
            runs = [validated(settings.changed(seed=s), data) for s in SEARCH_SEEDS]
            tried[lr] = round(100 * statistics.fmean(runs), 2)
        pending = beyond(tried)
    return tried


def beyond(tried: dict[float, float]) -> list[float]:
    """La tasa siguiente, si la mejor de las probadas está en un extremo."""
    rates, best = sorted(tried), max(tried, key=tried.get)
    if best == rates[0]:
        return [best * best / rates[1]]
    if best == rates[-1]:
        return [best * best / rates[-2]]
    return []


def compare(values: list[float], base: list[float]) -> dict:
    """Semilla a semilla, la diferencia con la receta entera y su intervalo del 95 %."""
    gains = [a - b for a, b in zip(values, base, strict=True)]
    mean, spread, n = statistics.fmean(gains), statistics.stdev(gains), len(gains)
    margin = STUDENT[n] * spread / math.sqrt(n)
    loose = math.hypot(statistics.stdev(values), statistics.stdev(base))
    verdict = "mejor" if mean > 0 else "peor"
    return {
        "diferencia": round(mean, 3),
        "intervalo": [round(mean - margin, 3), round(mean + margin, 3)],
        "dispersion_emparejada": round(spread, 3),
        "dispersion_sin_emparejar": round(loose, 3),
        "veredicto": "ruido" if abs(mean) <= margin else verdict,
    }


def summary(runs: list[tuple[float, float]], base: list[tuple[float, float]]) -> dict:
    """Lo que acertó cada semilla, su media, y cuántas veces más tarda que la receta."""
    hits = [hit for hit, _ in runs]
    slower = [a / b for (_, a), (_, b) in zip(runs, base, strict=True)]
    return {
        "media": round(statistics.fmean(hits), 3),
        "desviacion": round(statistics.stdev(hits), 3),
        "minimo": min(hits),
        "tiempo_relativo": round(statistics.median(slower), 2),
        "todas": hits,
    }


def table(chosen: dict, runs: dict) -> dict:
    """Una fila por variante."""
    rows, base = {}, runs["receta"]
    for name, (changes, tried) in chosen.items():
        rows[name] = {"cambio": changes, "validacion_pct": tried}
        rows[name] |= summary(runs[name], base)
        if name != "receta":
            rows[name] |= compare(rows[name]["todas"], rows["receta"]["todas"])
    return rows


def choose_all(base: Settings) -> dict:
    """De cada variante, sus cambios, con la tasa elegida, y lo que se probó."""
    search = base.changed(validation=5000)
    data, chosen = some(search), {"receta": ({}, {})}
    for name, (changes, factors) in tqdm(CHANGES[base.recipe].items(), desc="tasas"):
        tried = choose(search, changes, factors, data)
        rate = {"lr": max(tried, key=tried.get)} if tried else {}
        in_order = {f"{lr:g}": tried[lr] for lr in sorted(tried)}
        chosen[name] = (changes | rate, in_order)
        tqdm.write(f"{base.recipe} {name}: {in_order}")
    return chosen


def measure(recipe: str) -> Iterator[dict]:
    """Elige las tasas y da la tabla tras cada semilla, desde la tercera."""
    base = from_recipe(recipe, validation=0, **BASES[recipe])
    chosen, data = choose_all(base), some(base)
    runs, seeds = {name: [] for name in chosen}, SEEDS[recipe]
    for seed in tqdm(seeds, desc="semillas"):
        for name, (changes, _) in chosen.items():
            settings = base.changed(**changes, seed=seed)
            runs[name].append(tested(settings, data))
        if seed < 2:
            continue
        yield {
            "receta": base.as_dict(),
            "imagenes": len(data.train),
            "semillas": list(seeds[: seed + 1]),
            "semillas_de_busqueda": list(SEARCH_SEEDS),
            "variantes": table(chosen, runs),
            "acta": acta() | {"torch": torch.__version__},
        }


def main() -> None:
    """Mide una receta y la guarda sin borrar la otra."""
    [recipe] = sys.argv[1:]
    torch.set_num_threads(1)
    path = ROOT / "results" / "mnist-ablacion.json"
    for found in measure(recipe):
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        guardar("mnist-ablacion", before | {recipe: found})


if __name__ == "__main__":
    main()
