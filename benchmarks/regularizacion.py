"""Mide qué aporta cada regularización con mil imágenes: results/regularizacion.json.

Se ejecuta con `python benchmarks/regularizacion.py`, con MNIST completo en APUNTES_DATA
o en la caché; tarda unos minutos, con un hilo. La red es la 784-100-10 con ReLU, lotes
de 50 y 40 épocas para todas.

Cada estrategia elige su tasa y su fuerza en validación, 5000 imágenes apartadas, con
dos semillas que no se vuelven a usar; después se entrena con diez, cada una con sus
mil imágenes, y se mide una sola vez en la prueba. Cómo se entrena, en `recetas.py`.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import itertools

import numpy as np
from acta import acta, guardar
from recetas import EPOCHS, Recipe, members, train
from tqdm import tqdm

from apuntes.data import flatten_images, load_mnist
from apuntes.losses import cross_entropy
from apuntes.metrics import score
from apuntes.regularization import ensemble_probabilities

RATES = (0.2, 0.5, 1.0)  # con 1,5 la red sin nada deja de aprender
# Las que piden otra escala: más o menos ruido en el gradiente.
OWN_RATES = {
    "lotes_de_10": (0.05, 0.1, 0.2, 0.5),
    "lote_completo": (0.5, 1.0, 2.0),
    "normalizacion": (0.5, 1.0, 2.0),
    "swa_normalizacion": (0.5, 1.0, 2.0),
}
SEARCH_SEEDS, SEEDS = (100, 101), range(10)
LABELED = 1000
# Estrategia: las fuerzas que se prueban; cada una se prueba con todas las tasas.
GRID = {
    "nada": [{}],
    "l1": [{"l1": v} for v in (1e-5, 1e-4, 5e-4)],
    "l2": [{"l2": v} for v in (1e-4, 1e-3, 5e-3)],
    "parada_apartando": [{"stopping": "own"}],
    "parada_regalada": [{"stopping": "free"}],
    "ruido_entradas": [{"input_noise": v} for v in (0.2, 0.5, 0.8)],
    "ruido_pesos": [{"weight_noise": v} for v in (0.03, 0.1, 0.2)],
    "ruido_etiquetas": [{"label_noise": v} for v in (0.05, 0.1, 0.2)],
    "multitarea": [{"parity": v} for v in (0.3, 1.0)],
    "multitarea_mas_datos": [
        {"parity": v, "extra": 4000, "batch_size": 250} for v in (0.3, 1.0)
    ],
    "dropout": [{"dropout": v} for v in (0.2, 0.5, 0.7)],
    "traslaciones": [{"shift": v} for v in (1, 2, 3)],
    "traslaciones_y_giros": [{"shift": v, "degrees": 15.0} for v in (1, 2, 3)],
    "suavizado": [{"smoothing": v} for v in (0.05, 0.1, 0.3)],
    "normalizacion": [{"batch_norm": True}],
    "lotes_de_10": [{"batch_size": 10}],
    "lote_completo": [{"batch_size": LABELED}],
    "coseno": [{"cosine": True}],
    "swa": [{"average_from": v} for v in (0.25, 0.5, 0.75)],
    "swa_normalizacion": [{"average_from": 0.5, "batch_norm": True}],
}
COMBINATION = ("dropout", "traslaciones_y_giros", "l2")
RUNS_OF_ENSEMBLE = 5


def load() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Lo que se puede usar para entrenar, la validación y la prueba."""
    images, labels = load_mnist("train")
    order = np.random.default_rng(0).permutation(len(images))
    x, kept, apart = flatten_images(images), order[5000:], order[:5000]
    test_images, test_labels = load_mnist("test")
    return {
        "pool": (x[kept], labels[kept]),
        "validation": (x[apart], labels[apart]),
        "test": (flatten_images(test_images), test_labels),
    }


def search(data: dict, variants: list[dict], rates=RATES) -> tuple[Recipe, dict]:
    """La receta que más acierta en validación, y lo que sacó cada una."""
    tried = {}
    for lr, options in itertools.product(rates, variants):
        recipe = Recipe(lr=lr, **options)
        runs = [train(recipe, data, s, measure="validation") for s in SEARCH_SEEDS]
        hits = np.nan_to_num([run["accuracy"] for run in runs])  # nan si divergió
        tried[recipe] = round(100 * float(hits.mean()), 2)
    best = max(tried, key=tried.get)
    return best, {"elegida": best.chosen(), "validacion_pct": tried[best]}


def summary(runs: list[dict], base: list[dict] | None) -> dict:
    """Media y desviación en la prueba, y la diferencia con «nada» semilla a semilla."""
    hits = 100 * np.array([run["accuracy"] for run in runs])
    row = {
        "exactitud_pct": _stats(hits, 2),
        "perdida": _stats(np.array([run["loss"] for run in runs]), 4),
        "entrenamiento_pct": _stats(100 * np.array([r["train"] for r in runs]), 1),
    }
    if "epoch" in runs[0]:
        row["epoca"] = _stats(np.array([run["epoch"] for run in runs]), 1)
    if "zeros" in runs[0]:
        row["ceros_pct"] = _stats(100 * np.array([run["zeros"] for run in runs]), 1)
    if base is not None:
        gain = hits - 100 * np.array([run["accuracy"] for run in base])
        row["ventaja"] = _stats(gain, 2) | {"gana": int((gain > 0).sum())}
    return row


def _stats(values: np.ndarray, digits: int) -> dict:
    spread = float(values.std(ddof=1))
    return {
        "media": round(float(values.mean()), digits),
        "desviacion": round(spread, digits),
        "error_tipico": round(spread / len(values) ** 0.5, digits),
    }


def ensemble(recipe: Recipe, data: dict, seed: int) -> dict:
    """Varias redes con las mismas mil imágenes y otros pesos iniciales."""
    target = data["test"][1]
    nets = [train(recipe, data, seed, member=i) for i in range(RUNS_OF_ENSEMBLE)]
    logits = [net["logits"] for net in nets]
    loss, accuracy = score(
        cross_entropy, np.log(ensemble_probabilities(logits)), target
    )
    return {
        "loss": loss,
        "accuracy": accuracy,
        "train": float(np.mean([net["train"] for net in nets])),
        "agree": members(logits),
    }


def main() -> None:
    """Elige, mide y guarda."""
    data, chosen, rows, base = load(), {}, {}, None
    for name, variants in tqdm(GRID.items(), desc="estrategias"):
        rates = OWN_RATES.get(name, RATES)
        chosen[name], found = search(data, variants, rates)
        runs = [train(chosen[name], data, seed) for seed in SEEDS]
        rows[name] = found | summary(runs, base)
        tqdm.write(f"{name}: {rows[name]}")
        base = base or runs
        if name == "nada":
            curves = [run["curves"] for run in runs]
    together = [ensemble(chosen["nada"], data, seed) for seed in SEEDS]
    agree = round(float(np.mean([run["agree"] for run in together])), 3)
    rows["ensamble"] = summary(together, base) | {"coinciden": agree}
    mixed = {k: v for n in COMBINATION for k, v in chosen[n].chosen().items()}
    mixed.pop("lr")
    best, found = search(data, [mixed])
    runs = [train(best, data, seed) for seed in SEEDS]
    rows["combinacion"] = found | summary(runs, base)
    both = [ensemble(best, data, seed) for seed in SEEDS]
    rows["combinacion_y_ensamble"] = summary(both, base)
    curves = np.array(curves)
    measures = {
        "red": "784-100-10, ReLU, softmax y entropía cruzada",
        "imagenes": LABELED,
        "epocas": EPOCHS,
        "tasas": RATES,
        "semillas": list(SEEDS),
        "semillas_de_busqueda": list(SEARCH_SEEDS),
        "redes_por_ensamble": RUNS_OF_ENSEMBLE,
        "estrategias": rows,
        "curvas": {
            "entrenamiento": curves[:, :, 0].mean(axis=0).round(4).tolist(),
            "validacion": curves[:, :, 1].mean(axis=0).round(4).tolist(),
            "desviacion": curves[:, :, 1].std(axis=0, ddof=1).round(4).tolist(),
            "exactitud_pct": (100 * curves[:, :, 2]).mean(axis=0).round(2).tolist(),
        },
    }
    guardar("regularizacion", measures | {"acta": acta()})


if __name__ == "__main__":
    main()
