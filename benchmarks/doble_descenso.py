"""Mide el doble descenso con rasgos al azar: results/doble-descenso.json.

Se ejecuta con `python benchmarks/doble_descenso.py`; tarda un minuto y le basta la
muestra. Una capa oculta de neuronas ReLU con pesos al azar que no se entrenan, y encima
mínimos cuadrados de norma mínima: solo cambia cuántas neuronas hay.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import numpy as np
from acta import acta, guardar
from tqdm import tqdm

from apuntes.activations import relu
from apuntes.data import flatten_images, mnist_sample

EXAMPLES, SEEDS = 500, range(5)
WIDTHS = (10, 30, 100, 200, 300, 400, 450, 500, 550, 600, 800, 1500, 3000, 6000)
PENALTIES = (1e-5, 1e-4, 1e-3)
NOISE = 0.1


def split(seed: int):
    """Quinientas imágenes con una de cada diez etiquetas cambiada, y la prueba."""
    rng = np.random.default_rng(seed)
    images, labels = mnist_sample("train")
    draw = rng.permutation(len(images))[:EXAMPLES]
    x, target = flatten_images(images[draw], dtype=np.float64), labels[draw]
    wrong = rng.random(EXAMPLES) < NOISE
    target = np.where(wrong, (target + rng.integers(1, 10, EXAMPLES)) % 10, target)
    images, labels = mnist_sample("test")
    test = flatten_images(images, dtype=np.float64)
    return rng, (x, np.eye(10)[target]), (test, labels)


def errors(features, goal, test_features, labels, lam: float) -> tuple[float, float]:
    """Error de prueba en % y coste cuadrático de entrenamiento."""
    u, s, vt = np.linalg.svd(features, full_matrices=False)
    kept = s > 1e-9 * s[0]
    # Sin penalización, la pseudoinversa; con ella, cada valor singular se encoge.
    scale = s[kept] / (s[kept] ** 2 + lam * len(features))
    weights = vt[kept].T @ (scale[:, None] * (u[:, kept].T @ goal))
    wrong = (test_features @ weights).argmax(axis=1) != labels
    return 100 * float(wrong.mean()), float(np.mean((features @ weights - goal) ** 2))


def name(lam: float) -> str:
    """Clave sin puntos: `[=doble-descenso:…]` separa con ellos."""
    return f"lambda_{lam:.0e}" if lam else "sin_penalizar"


def main() -> None:
    """Mide cada anchura con y sin penalización."""
    table = {lam: np.zeros((len(SEEDS), len(WIDTHS), 2)) for lam in (0.0, *PENALTIES)}
    for i, seed in enumerate(tqdm(SEEDS)):
        rng, (x, goal), (test, labels) = split(seed)
        for j, width in enumerate(WIDTHS):
            w = rng.normal(size=(784, width)) / 28
            both = [relu(part @ w) / np.sqrt(width) for part in (x, test)]
            for lam, errs in table.items():
                errs[i, j] = errors(both[0], goal, both[1], labels, lam)
    guardar(
        "doble-descenso",
        {
            "ejemplos": EXAMPLES,
            "etiquetas_cambiadas": NOISE,
            "anchuras": WIDTHS,
            "semillas": list(SEEDS),
            "error_pct": {
                name(lam): {
                    "media": errs[:, :, 0].mean(axis=0).round(2).tolist(),
                    "desviacion": errs[:, :, 0].std(axis=0, ddof=1).round(2).tolist(),
                }
                for lam, errs in table.items()
            },
            "coste_entrenamiento": table[0.0][:, :, 1].mean(axis=0).round(6).tolist(),
            "acta": acta(),
        },
    )


if __name__ == "__main__":
    main()
