"""Mide qué optimizador llega más abajo, y cuánto depende de la tasa.

Se ejecuta con `python benchmarks/optimizadores.py`, con MNIST completo en APUNTES_DATA
o en la caché; tarda unos ocho minutos de un procesador. La red es la 784-15-10 en
float32: 55000 imágenes para entrenar, 5000 de validación, con las que se elige la tasa
de cada contendiente, y las 10000 de prueba, que solo se miran al final. Todos hacen los
mismos pasos con los mismos lotes y los mismos pesos iniciales, según la semilla.

- `optimizadores`: coste final en validación de cada uno con cada tasa, fija y
  programada (calentamiento y coseno), y, con la mejor, la prueba con diez semillas;
- `programas`: SGD con ocho programaciones, cada una con su mejor tasa;
- `historia`: SGD con una tasa diez veces menor de la cuenta, que abre el capítulo.

Con nombres detrás, como `python benchmarks/optimizadores.py historia`, mide solo eso y
deja lo demás como estaba.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import json
import math
import sys
import time
import warnings

import numpy as np
from acta import ROOT, acta, guardar
from tqdm import tqdm

from apuntes import schedules
from apuntes.data import flatten_images, load_mnist
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import evaluate
from apuntes.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, RMSprop
from apuntes.training import fit

LOSS = cross_entropy, cross_entropy_grad
EPOCHS, BATCH, HELD_OUT = 4, 64, 5000
STEPS = EPOCHS * math.ceil((60000 - HELD_OUT) / BATCH)
SEARCH_SEEDS, SEEDS = range(100, 103), range(10)
GRID = 10 ** (np.arange(-3, 4) / 2)  # siete tasas, de 0,03 a 30 veces la central
OPTIMIZERS = {  # nombre: (cómo se hace, tasa central)
    "SGD": (SGD, {}, 0.3),
    "momento": (SGD, {"momentum": 0.9}, 0.1),
    "Nesterov": (SGD, {"momentum": 0.9, "nesterov": True}, 0.1),
    "Adagrad": (Adagrad, {}, 0.03),
    "Adadelta": (Adadelta, {}, 3.0),
    "RMSprop": (RMSprop, {}, 0.003),
    "Adam": (Adam, {}, 0.01),
    "AdamW": (AdamW, {}, 0.01),
}
PROGRAMS = {
    "constante": lambda lr: schedules.constant(lr=lr),
    "escalones": lambda lr: schedules.step_decay(lr=lr, step_size=STEPS // 3 + 1),
    "polinómica": lambda lr: schedules.polynomial_decay(lr=lr, total_iters=STEPS),
    "exponencial": lambda lr: schedules.exponential_decay(
        lr=lr, gamma=0.01 ** (1 / STEPS)
    ),
    "coseno": lambda lr: schedules.cosine_decay(lr=lr, t_max=STEPS),
    "cíclica": lambda lr: schedules.cyclical(
        base_lr=lr / 100, max_lr=lr, step_size_up=STEPS // 8
    ),
    "un_ciclo": lambda lr: schedules.one_cycle(max_lr=lr, total_steps=STEPS),
    "calentamiento_y_coseno": lambda lr: warm_cosine(lr),
}
PROGRAM_RATES = (0.5, 1.0, 2.0, 4.0, 8.0)
STORY_RATE = 0.03
OLD = ROOT / "results" / "optimizadores.json"


def warm_cosine(lr: float) -> schedules.Schedule:
    """La programación de la comparación: sube el 5 % de los pasos y baja el resto."""
    warm = STEPS // 20
    cosine = schedules.cosine_decay(lr=lr, t_max=STEPS - warm)
    return schedules.warmup(cosine, total_iters=warm, start_factor=0.01)


def load() -> tuple:
    """Entrenamiento, validación y prueba."""
    (x, y), (x_test, y_test) = load_mnist("train"), load_mnist("test")
    x, x_test = flatten_images(x), flatten_images(x_test)
    order = np.random.default_rng(2024).permutation(len(x))
    train, held = order[HELD_OUT:], order[:HELD_OUT]
    return (x[train], y[train]), (x[held], y[held]), (x_test, y_test)


def run(train, make, options: dict, *, lr: float, schedule, seed: int):
    """Una red entrenada, o nada si divergió, y los segundos que tardó."""
    rng = np.random.default_rng(seed)
    first = Linear(784, 15, rng=rng, dtype=np.float32)
    last = Linear(15, 10, rng=rng, dtype=np.float32)
    network = Sequential(first, Sigmoid(), last)
    optimizer = make(network.parameters(), lr=lr, **options)
    settings = {"epochs": EPOCHS, "batch_size": BATCH, "schedule": schedule}
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        history = fit(
            network,
            optimizer,
            LOSS,
            train,
            rng=rng,
            evaluate_train=False,
            progress=False,
            **settings,
        )
    seconds = time.perf_counter() - start
    return (None if history.diverged else network), seconds


def losses(data, train, make, options, *, lr, schedule, seeds) -> list[tuple]:
    """Coste y aciertos de cada semilla en `data`; coste infinito si divergió."""
    results = []
    for seed in seeds:
        network, seconds = run(
            train, make, options, lr=lr, schedule=schedule, seed=seed
        )
        if network is None:
            results.append((math.inf, 0.0, seconds))
        else:
            loss, accuracy = evaluate(network, cross_entropy, data)
            results.append((loss, 100 * accuracy, seconds))
    return results


def summary(results: list[tuple]) -> dict:
    """Media y desviación típica de las semillas."""
    loss, accuracy, seconds = np.array(results).T
    return {
        "coste": round(float(loss.mean()), 4),
        "coste_desviacion": round(float(loss.std(ddof=1)), 4),
        "aciertos": round(float(accuracy.mean()), 2),
        "aciertos_desviacion": round(float(accuracy.std(ddof=1)), 2),
        "segundos": round(float(np.median(seconds)), 2),
    }


def search(train, held, make, options, program, rates, desc: str) -> dict:
    """Coste medio en validación con cada tasa, y la mejor; `null` si diverge."""
    table = {}
    for lr in tqdm(rates, desc=desc):
        settings = {"lr": lr, "schedule": program(lr), "seeds": SEARCH_SEEDS}
        mean = np.mean([r[0] for r in losses(held, train, make, options, **settings)])
        table[f"{lr:.3g}"] = round(float(mean), 4) if math.isfinite(mean) else None
    finite = {lr: loss for lr, loss in table.items() if loss is not None}
    return {"mejor": float(min(finite, key=finite.get)), "validacion": table}


def contest(train, held, test) -> dict:
    """La comparación: cada optimizador con tasa fija y programada."""
    table = {}
    for name, (make, options, centre) in OPTIMIZERS.items():
        rates = [float(f"{centre * factor:.3g}") for factor in GRID]
        for kind, program in (("fija", PROGRAMS["constante"]), ("coseno", warm_cosine)):
            found = search(train, held, make, options, program, rates, f"{name} {kind}")
            lr = found["mejor"]
            settings = {"lr": lr, "schedule": program(lr), "seeds": SEEDS}
            final = summary(losses(test, train, make, options, **settings))
            table.setdefault(name, {})[kind] = found | {"prueba": final}
    return table


def compare_programs(train, held, test) -> dict:
    """SGD con cada programación y la mejor de sus tasas."""
    table = {}
    for name, program in PROGRAMS.items():
        found = search(train, held, SGD, {}, program, PROGRAM_RATES, name)
        lr = found["mejor"]
        settings = {"lr": lr, "schedule": program(lr), "seeds": SEEDS}
        table[name] = found | {
            "prueba": summary(losses(test, train, SGD, {}, **settings))
        }
    return table


def slow_story(train, held, test) -> dict:
    """SGD con una tasa muy pequeña para los pasos que va a dar."""
    settings = {"lr": STORY_RATE, "schedule": None, "seeds": SEEDS}
    return {
        "lr": STORY_RATE,
        "prueba": summary(losses(test, train, SGD, {}, **settings)),
    }


PARTS = {
    "optimizadores": contest,
    "programas": compare_programs,
    "historia": slow_story,
}


def main(names: list[str]) -> None:
    """Mide lo que se pide, o todo, y guarda."""
    data = load()
    kept = json.loads(OLD.read_text(encoding="utf-8")) if names else {}
    measures = kept | {
        "red": "784-15-10, sigmoide, softmax y entropía cruzada, float32",
        "datos": "MNIST: 55000 de entrenamiento, 5000 de validación y 10000 de prueba",
        "epocas": EPOCHS,
        "lote": BATCH,
        "pasos": STEPS,
        "semillas": {"busqueda": list(SEARCH_SEEDS), "final": list(SEEDS)},
        "calentamiento": "5 % de los pasos, desde la centésima parte de la tasa",
    }
    for name in names or PARTS:
        measures[name] = PARTS[name](*data)
    guardar("optimizadores", measures | {"acta": acta()})


if __name__ == "__main__":
    main(sys.argv[1:])
