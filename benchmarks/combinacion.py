"""Busca una combinación que sume: results/combinacion.json.

Se ejecuta con `python benchmarks/combinacion.py`, con MNIST completo, después de
`regularizacion.py`, del que toma el bucle, los datos y las reglas. Sobre traslaciones y
giros, la mejor estrategia sola, se añade otra con menos fuerza que cuando iba sola.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import numpy as np
from acta import acta, guardar
from recetas import Recipe, train
from regularizacion import SEEDS, ensemble, load, search, summary
from tqdm import tqdm

AUGMENTED = {"shift": 1, "degrees": 15.0}
ADDED = {
    "nada_mas": {},
    "l2": {"l2": 1e-4},
    "dropout": {"dropout": 0.2},
    "ruido": {"input_noise": 0.2},
    "suavizado": {"smoothing": 0.1},
    "suavizado_y_coseno": {"smoothing": 0.1, "cosine": True},
}


def main() -> None:
    """Elige en validación qué se añade, y lo mide en la prueba."""
    data, found = load(), {}
    base = [train(Recipe(lr=0.5), data, seed) for seed in tqdm(SEEDS)]
    for name, options in tqdm(ADDED.items()):
        found[name] = search(data, [AUGMENTED | options], (0.2, 0.5))
    tried = {name: row["validacion_pct"] for name, (_, row) in found.items()}
    best = max(tried, key=tried.get)
    nets = [train(found[best][0], data, seed) for seed in tqdm(SEEDS)]
    together = [ensemble(found[best][0], data, seed) for seed in tqdm(SEEDS)]
    agree = round(float(np.mean([run["agree"] for run in together])), 3)
    guardar(
        "combinacion",
        {
            "validacion_pct": tried,
            "elegida": best,
            "receta": found[best][0].chosen(),
            "sola": summary(nets, base),
            "ensamble": summary(together, base) | {"coinciden": agree},
            "semillas": list(SEEDS),
            "acta": acta(),
        },
    )


if __name__ == "__main__":
    main()
