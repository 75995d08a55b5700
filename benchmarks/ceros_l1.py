"""Cuenta los pesos en cero exacto que deja ℓ1: results/ceros-l1.json.

Se ejecuta con `python benchmarks/ceros_l1.py`, con MNIST completo, y tarda menos de un
minuto. La red y el bucle son los de `regularizacion.py`.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import numpy as np
from acta import acta, guardar
from recetas import Recipe, train
from regularizacion import load

RATE, SEEDS = 0.5, range(5)
NAMES = {"l1": "proximal", "l1_subgradient": "subgradiente"}


def measure(data: dict, lam: float) -> dict:
    """Ceros y exactitud con el paso proximal y con el subgradiente."""
    row = {"lambda": lam}
    for option, name in NAMES.items():
        recipe = Recipe(lr=RATE, **{option: lam})
        runs = [train(recipe, data, seed) for seed in SEEDS]
        for key, column in (("zeros", "ceros_pct"), ("accuracy", "exactitud_pct")):
            mean = 100 * float(np.mean([run[key] for run in runs]))
            row[f"{name}_{column}"] = round(mean, 1)
    return row


def main() -> None:
    """Mide dos fuerzas y guarda."""
    data = load()
    rows = {"debil": measure(data, 1e-4), "fuerte": measure(data, 5e-4)}
    extra = {"tasa": RATE, "semillas": list(SEEDS), "acta": acta()}
    guardar("ceros-l1", rows | extra)


if __name__ == "__main__":
    main()
