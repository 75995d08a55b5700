"""Mide lo que se gana al normalizar una red honda: results/normalizacion.json.

Se ejecuta con `python benchmarks/normalizacion.py`, con MNIST completo en APUNTES_DATA
o en la caché; tarda unos minutos, y admite los nombres de las partes que se quieran
repetir. Cada contendiente elige su tasa en validación, con
unas semillas, y se mide con otras.

- `tasas`: exactitud con cada tasa, a las tres épocas;
- `curvas`: diez épocas con la mejor tasa de cada una, y la prueba;
- `inicio`: los mismos pesos iniciales, por un factor;
- `activaciones`: con otras funciones de activación, y con 32 capas;
- `ruido`: el experimento de Santurkar et al., un desplazamiento puesto a propósito;
- `suavidad`: cuánto cambian pérdida y gradiente a lo largo de un paso.
"""

import json
import os
import sys

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

from functools import partial

import numpy as np
from acta import ROOT, acta, guardar
from redes_normalizadas import (
    BATCH_SIZE,
    DEPTH,
    LOSS,
    NORMS,
    RATES,
    Shift,
    build,
    curve,
    last,
    load,
    summary,
    train,
    tuned,
)
from tqdm import tqdm

from apuntes.initialization import xavier_normal
from apuntes.layers import Sigmoid, Tanh
from apuntes.metrics import evaluate
from apuntes.minibatch import minibatches
from apuntes.optimizers import SGD
from apuntes.training import train_epoch

SEEDS, FEW = range(10), range(5)
ALL_RATES = (0.001, *RATES, 3.0, 10.0)
WIDE_RATES = (1e-4, 1e-3, 0.01, 0.03, 0.1, 1.0, 10.0)
GAINS = (0.1, 0.3, 1.0, 3.0, 10.0)


def measure_rates(data) -> dict:
    """Exactitud de validación con cada tasa."""
    table = {}
    for norm in NORMS:
        rows = [
            [last(train(build(norm, s), data, s, lr=lr, epochs=3)) for s in FEW]
            for lr in tqdm(ALL_RATES, desc=f"tasas, {norm}")
        ]
        table[norm] = [summary(row) for row in rows]
    return {"tasas": ALL_RATES, "epocas": 3, "semillas": list(FEW), **table}


def measure_curves(data) -> dict:
    """Diez épocas bajando la tasa hasta 0, desde la que mejor acaba."""
    table, options = {}, {"epochs": 10, "falling": True}
    for norm in NORMS:
        found = tuned(
            data,
            partial(build, norm),
            **{"seeds": (0, 1), "rates": (0.03, 0.1, 0.3, 1.0), **options},
        )
        curves, tests, diverged = [], [], 0
        for seed in tqdm(SEEDS, desc=f"curvas, {norm}"):
            network = build(norm, seed)
            history = train(network, data, seed, lr=found["lr"], **options)
            curves.append(curve(history, options["epochs"]))
            diverged += history.diverged
            tests.append(100 * evaluate(network, LOSS[0], data["test"])[1])
        table[norm] = {
            "lr": found["lr"],
            "busqueda": found["busqueda"],
            "validacion_media": np.mean(curves, axis=0).round(2).tolist(),
            "validacion_desviacion": np.std(curves, axis=0, ddof=1).round(2).tolist(),
            "divergen": diverged,
            "prueba": summary(tests),
        }
    return {"epocas": options["epochs"], "semillas": list(SEEDS), **table}


def measure_start(data) -> dict:
    """Pesos iniciales de He multiplicados por un factor."""
    table = {}
    for norm in NORMS:
        table[norm] = [
            tuned(
                data,
                partial(build, norm, gain=gain),
                **{"seeds": FEW, "epochs": 3, "rates": WIDE_RATES},
            )
            for gain in tqdm(GAINS, desc=f"inicio, {norm}")
        ]
    return {"factores": GAINS, "epocas": 3, "semillas": list(FEW), **table}


def measure_activations(data) -> dict:
    """Otras activaciones y otra hondura, cada una con su mejor tasa."""
    xavier = {"init": xavier_normal}
    kinds = {
        "relu": {},
        "tanh": {"activation": Tanh, "gain": 5 / 3, **xavier},
        "sigmoide": {"activation": Sigmoid, **xavier},
        "sigmoide_a_medida": {
            "activation": Sigmoid, "gain": 4.0, "center": True, **xavier,
        },
        "relu_32_capas": {"depth": 32},
    }  # fmt: skip
    table = {}
    for name, options in kinds.items():
        rates = (*RATES[1:], 3.0, 10.0) if "sigmoide" in name else RATES[:5]
        table[name] = {
            norm: tuned(
                data,
                partial(build, norm, **options),
                **{"seeds": FEW, "epochs": 3, "rates": rates, "falling": True},
                label=f"{name}, {norm}",
            )
            for norm in NORMS
        }
    return {"epocas": 3, "semillas": list(FEW), **table}


def measure_noise(data) -> dict:
    """Con lotes, sin nada, y con lotes y un desplazamiento añadido después."""
    table, epochs = {}, 5
    noisy = {"norm": "lotes", "after": Shift}
    for name, options in {
        "ninguna": {"norm": "ninguna"}, "lotes": {"norm": "lotes"}, "ruido": noisy,
    }.items():  # fmt: skip

        def make(seed, options=options):
            return build(seed=seed, **options)

        found = tuned(data, make, seeds=SEEDS, epochs=epochs, rates=RATES[2:5])
        curves, shifts = [], []
        for seed in tqdm(SEEDS, desc=f"ruido, {name}"):
            network = make(seed)
            shifts.append(displacement(network, data, seed, lr=found["lr"]))
            history = train(make(seed), data, seed, lr=found["lr"], epochs=epochs)
            curves.append(curve(history, epochs))
        table[name] = found | {
            "validacion_media": np.mean(curves, axis=0).round(2).tolist(),
            "validacion_desviacion": np.std(curves, axis=0, ddof=1).round(2).tolist(),
            "desplazamiento": summary(shifts, 3),
        }
    return {"epocas": epochs, "semillas": list(SEEDS), **table}


def displacement(network, data, seed, *, lr, steps=100) -> float:
    """Lo que se mueve, de un paso al siguiente, la media de lo que recibe la capa 5.

    En desviaciones típicas, media de las neuronas y de los 100 primeros pasos.
    """
    x, labels = data["train"]
    optimizer, rng = SGD(network.parameters(), lr=lr), np.random.default_rng(seed)
    size = len(network.layers) // DEPTH
    probe = data["validation"][0][:500]
    means, spreads = [], []
    for batch in list(minibatches(len(x), BATCH_SIZE, rng))[:steps]:
        train_epoch(network, optimizer, LOSS[1], (x, labels), [batch])
        h = probe
        for layer in network.layers[: 4 * size]:
            h = layer.forward(h)
        means.append(h.mean(axis=0))
        spreads.append(h.std(axis=0) + 1e-6)
    moved = np.abs(np.diff(means, axis=0)) / spreads[1:]
    return float(np.median(moved, axis=1).mean())


def measure_smoothness(data) -> dict:
    """Pérdida y gradiente a lo largo del gradiente, en los pasos de una época."""
    x, labels = data["train"]
    lengths, lr, table = np.array([0.025, 0.05, 0.1, 0.2, 0.4]), 0.1, {}
    for norm in NORMS:
        network = build(norm, 0)
        [theta], [grad] = network.parameters(), network.gradients()
        rows = []
        for step, batch in enumerate(minibatches(len(x), 64, np.random.default_rng(0))):
            kept, measure = theta.copy(), step % 10 == 0
            losses, changes = [], []
            pred = network.forward(x[batch])
            network.write_gradients(LOSS[1](pred, labels[batch]))
            first = grad.copy()
            for length in lengths if measure else ():
                theta[:] = kept - length * first
                pred = network.forward(x[batch])
                losses.append(LOSS[0](pred, labels[batch]))
                network.write_gradients(LOSS[1](pred, labels[batch]))
                changes.append(np.linalg.norm(grad - first) / np.linalg.norm(first))
            theta[:] = kept - lr * first
            if measure:
                finite = np.nan_to_num(losses, nan=1e9, posinf=1e9)
                rows.append([step, finite.min(), finite.max(), np.max(changes)])
        columns = np.array(rows).T.round(4).tolist()
        names = ("paso", "perdida_min", "perdida_max", "cambio")
        table[norm] = dict(zip(names, columns, strict=True))
    return {"tasa": lr, "longitudes": lengths.tolist(), "semilla": 0, **table}


PARTS = {
    "tasas": measure_rates,
    "curvas": measure_curves,
    "inicio": measure_start,
    "activaciones": measure_activations,
    "ruido": measure_noise,
    "suavidad": measure_smoothness,
}


def main(parts: list[str]) -> None:
    """Mide esas partes, o todas; cada una lleva el acta de cuando se midió."""
    data = load()
    for name in parts or PARTS:
        with np.errstate(all="ignore"):
            measure = PARTS[name](data) | {"acta": acta()}
        file = ROOT / "results/normalizacion.json"
        before = json.loads(file.read_text()) if file.exists() else {}
        heading = {
            "red": "784-64×8-10, ReLU, inicio de He, SGD con lotes de 64, float32",
            "datos": "MNIST: 10 000 de entrenamiento, 5000 de validación y la prueba",
        }
        guardar("normalizacion", before | heading | {name: measure, "acta": acta()})


if __name__ == "__main__":
    main(sys.argv[1:])
