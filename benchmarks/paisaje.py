"""Mide los caminos entre redes y los mínimos del capítulo 4: results/paisaje.json.

Se ejecuta con `python benchmarks/paisaje.py` y tarda unos minutos; los datos son una
espiral que se sortea con semilla y la muestra de MNIST que lleva el paquete.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import numpy as np
from acta import acta, guardar
from tqdm import tqdm

from apuntes.connectivity import bezier, costs_along, fit_bend, spiral
from apuntes.data import mnist_sample
from apuntes.layers import Linear, Sequential, Tanh
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import evaluate
from apuntes.optimizers import SGD
from apuntes.symmetries import align_neurons
from apuntes.training import fit

LOSS = cross_entropy, cross_entropy_grad
TRAIN = {"lr": 0.2, "momentum": 0.9, "steps": 3000}
CURVE = {"lr": 0.2, "momentum": 0.9, "steps": 3000}
WIDTHS = (4, 8, 16, 32)
PAIRS = 10
GRID = np.linspace(0, 1, 51)
MNIST_WIDTHS = (10, 25, 50, 100)
MNIST_SEEDS = range(60)
MNIST_TRAIN = {"lr": 0.2, "momentum": 0.9, "epochs": 60, "batch_size": 50}


def network(inputs: int, hidden: int, seed: int) -> Sequential:
    """Red de una capa oculta con tangente hiperbólica."""
    rng = np.random.default_rng(seed)
    return Sequential(
        Linear(inputs, hidden, rng=rng), Tanh(), Linear(hidden, 2, rng=rng)
    )


def train(hidden: int, seed: int, data) -> Sequential:
    """Entrena con todos los datos en cada paso: un paso por época."""
    model = network(2, hidden, seed)
    descend(model, data, TRAIN["steps"])
    return model


def descend(model, data, steps: int) -> list[float]:
    """Descenso con momento y lote completo; la pérdida antes de cada paso."""
    settings = {key: TRAIN[key] for key in ("lr", "momentum")}
    history = fit(
        model,
        SGD(model.parameters(), **settings),
        LOSS,
        data,
        epochs=steps,
        batch_size=len(data[0]),
        rng=np.random.default_rng(0),
        evaluate_train=False,
        progress=False,
    )
    return history.running_loss


def paths(first: Sequential, second: Sequential, data, seed: int) -> tuple[dict, dict]:
    """Los cuatro caminos entre dos redes y los parámetros que los definen."""
    twin = align_neurons(second, first)
    start, end, close = (m.parameters()[0] for m in (first, second, twin))
    bend = fit_bend(
        first, start, end, LOSS[1], data, rng=np.random.default_rng(seed), **CURVE
    )
    points = {"inicio": start, "fin": end, "alineada": close, "control": bend}
    return points, {
        "segmento": bezier(start, (start + end) / 2, end, GRID),
        "alineado": bezier(start, (start + close) / 2, close, GRID),
        "curva": bezier(start, bend, end, GRID),
    }


def connectivity() -> dict:
    """Coste máximo y exactitud mínima de cada camino, por anchura y pareja."""
    data = spiral(300, noise=0.1, rng=np.random.default_rng(0))
    fresh = spiral(1000, noise=0.1, rng=np.random.default_rng(1))
    measured, example = {}, {}
    for hidden in WIDTHS:
        rows = []
        for pair in tqdm(range(PAIRS), desc=f"caminos, {hidden}"):
            first, second = (train(hidden, 2 * pair + i, data) for i in (0, 1))
            points, curves = paths(first, second, data, pair)
            row = {
                "extremos": max(evaluate(m, LOSS[0], data)[0] for m in (first, second))
            }
            for name, curve in curves.items():
                costs, _ = costs_along(first, curve, LOSS[0], data)
                _, hits = costs_along(first, curve, LOSS[0], fresh)
                row[name] = {"coste": costs.max(), "exactitud": 100 * hits.min()}
                if hidden == 32 and pair == 0:
                    example.setdefault("costes", {})[name] = costs.round(6).tolist()
                    example[f"maximo_{name}"] = round(float(costs.max()), 5)
                    example[f"exactitud_{name}"] = round(100 * float(hits.min()), 2)
            row["distancia"] = float(np.linalg.norm(points["inicio"] - points["fin"]))
            row["distancia_alineada"] = float(
                np.linalg.norm(points["inicio"] - points["alineada"])
            )
            rows.append(row)
            if hidden == 32 and pair == 0:
                example |= {k: v.round(8).tolist() for k, v in points.items()}
        measured[f"h{hidden}"] = summary(rows)
    return {"por_anchura": measured, "ejemplo": example | {"t": GRID.tolist()}}


def summary(rows: list[dict]) -> dict:
    """Mediana, mínimo y máximo de lo medido en las parejas."""
    out = {"extremos": spread([r["extremos"] for r in rows])}
    for name in ("segmento", "alineado", "curva"):
        out[name] = {
            key: spread([r[name][key] for r in rows]) for key in ("coste", "exactitud")
        }
    for key in ("distancia", "distancia_alineada"):
        out[key] = spread([r[key] for r in rows])
    return out


def spread(values) -> dict:
    """Mediana, extremos y todos los valores."""
    values = np.asarray(values, dtype=float)
    return {
        "mediana": round(float(np.median(values)), 5),
        "minimo": round(float(values.min()), 5),
        "maximo": round(float(values.max()), 5),
        "todos": [round(float(v), 5) for v in values],
    }


def repair() -> dict:
    """Se perturba una red entrenada y se cuentan los pasos que tarda en recuperarse."""
    data = spiral(300, noise=0.1, rng=np.random.default_rng(0))
    rows = []
    for seed in tqdm(range(PAIRS), desc="reparar"):
        model = network(2, 32, seed)
        fresh = descend(model, data, TRAIN["steps"])
        [theta] = model.parameters()
        noise = np.random.default_rng(seed).normal(size=theta.shape)
        theta += 0.25 * np.linalg.norm(theta) * noise / np.linalg.norm(noise)
        again = descend(model, data, TRAIN["steps"])
        goal = 0.05
        rows.append((again[0], first_below(again, goal), first_below(fresh, goal)))
    harm, back, scratch = zip(*rows, strict=True)
    return {
        "perturbacion": "ruido normal con un cuarto de la longitud de los parámetros",
        "meta": goal,
        "coste_tras_perturbar": spread(harm),
        "pasos_de_vuelta": spread(back),
        "pasos_desde_cero": spread(scratch),
    }


def first_below(values: list[float], goal: float) -> int:
    """Primer paso en que la pérdida baja de la meta."""
    return int(np.argmax(np.array(values) < goal))


def small_mnist() -> tuple:
    """La muestra de MNIST con imágenes de 7 por 7: medias de bloques de 4 por 4."""
    parts = []
    for split in ("train", "test"):
        images, labels = mnist_sample(split)
        blocks = (images / 255).reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4))
        parts.append((blocks.reshape(len(images), 49).astype(np.float32), labels))
    return tuple(parts)


def minima() -> dict:
    """Pérdida final de muchas redes según su anchura, en entrenamiento y prueba."""
    data, fresh = small_mnist()
    out = {}
    for hidden in MNIST_WIDTHS:
        rows = []
        for seed in tqdm(MNIST_SEEDS, desc=f"mínimos, {hidden}"):
            rng = np.random.default_rng(seed)
            model = Sequential(
                Linear(49, hidden, rng=rng, dtype=np.float32),
                Tanh(),
                Linear(hidden, 10, rng=rng, dtype=np.float32),
            )
            steps = MNIST_TRAIN["epochs"] * len(data[0]) // MNIST_TRAIN["batch_size"]
            lr = MNIST_TRAIN["lr"]
            fit(
                model,
                SGD(model.parameters(), lr=lr, momentum=MNIST_TRAIN["momentum"]),
                LOSS,
                data,
                epochs=MNIST_TRAIN["epochs"],
                batch_size=MNIST_TRAIN["batch_size"],
                rng=rng,
                schedule=lambda step, lr=lr, steps=steps: lr * (1 - step / steps),
                evaluate_train=False,
                progress=False,
            )
            rows.append(
                (evaluate(model, LOSS[0], data), evaluate(model, LOSS[0], fresh))
            )
        values = np.array(rows)
        out[f"h{hidden}"] = {
            "entrenamiento": deviation(values[:, 0, 0]),
            "prueba": deviation(values[:, 1, 0]),
            "exactitud_prueba": deviation(100 * values[:, 1, 1]),
        }
    return out


def deviation(values: np.ndarray) -> dict:
    """Media, desviación típica y todos los valores."""
    return {
        "media": round(float(values.mean()), 5),
        "desviacion": round(float(values.std(ddof=1)), 5),
        "todos": [round(float(v), 5) for v in values],
    }


def main() -> None:
    """Mide y guarda."""
    guardar(
        "paisaje",
        {
            "red": "2-H-2 con tangente hiperbólica, entropía cruzada, float64",
            "datos": "espiral de 300 puntos, ruido 0,1; 1000 nuevos para la exactitud",
            "entrenamiento": TRAIN | {"lote": "completo"},
            "parejas": PAIRS,
            "semillas": f"de 0 a {2 * PAIRS - 1}, de dos en dos",
            "conectividad": connectivity(),
            "reparacion": repair(),
            "minimos": {
                "red": "49-H-10 con tangente hiperbólica, entropía cruzada, float32",
                "datos": "muestra de MNIST a 7 por 7: 5000 y 1000 de prueba",
                "entrenamiento": MNIST_TRAIN | {"tasa": "lineal hasta cero"},
                "n": len(MNIST_SEEDS),
                "semillas": f"de 0 a {len(MNIST_SEEDS) - 1}",
                **minima(),
            },
            "acta": acta(),
        },
    )


if __name__ == "__main__":
    main()
