"""Mide qué le hace el tamaño de lote al entrenamiento: results/minilotes.json.

Se ejecuta con `python benchmarks/minilotes.py`, con MNIST completo en APUNTES_DATA o en
la caché; tarda unos minutos. La red es siempre la 784-15-10, con un hilo.

- `ruido`: el gradiente de 1000 ejemplos, uno a uno, y el de sus lotes;
- `tiempo`: lo que tarda un paso según el tamaño de lote, con MNIST completo;
- `perdida`: coste al acabar cada época, con la muestra y la mejor tasa de cada tamaño;
- `bajar`: coste con tasa fija, y bajándola de golpe.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import time

import numpy as np
from acta import acta, guardar
from tqdm import tqdm

from apuntes.data import flatten_images, load_mnist, mnist_sample
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import evaluate
from apuntes.minibatch import gradient_noise, gradient_variance
from apuntes.optimizers import SGD
from apuntes.training import fit, train_epoch

LOSS = cross_entropy, cross_entropy_grad
NOISE_EXAMPLES, NOISE_SIZES = 1000, (1, 3, 10, 30, 100, 300, 1000)
HISTOGRAM_SIZES, EDGES = (1, 10, 100), np.round(np.arange(-4, 8.01, 0.1), 2)
DRAWS = 4000
TIME_SIZES = (1, 4, 16, 64, 256, 1024, 4096, 16384, 60000)
LOSS_SIZES = {  # tamaño de lote: tasas que se prueban
    1: (0.01, 0.03, 0.1, 0.3),
    10: (0.1, 0.3, 1.0, 3.0),
    100: (0.3, 1.0, 3.0, 10.0),
    1000: (0.3, 1.0, 3.0, 10.0),
    5000: (0.3, 1.0, 3.0, 10.0),
}
EPOCHS, SEARCH_SEEDS, SEEDS = 10, range(100, 103), range(10)
DROP = {"lote": 10, "lr": 2.0, "epocas": 30, "baja_en": 20, "entre": 10}


def build(seed: int, dtype=np.float32) -> Sequential:
    """La red, con pesos que dependen solo de la semilla."""
    rng = np.random.default_rng(seed)
    layers = Linear(784, 15, rng=rng, dtype=dtype), Linear(15, 10, rng=rng, dtype=dtype)
    return Sequential(layers[0], Sigmoid(), layers[1])


def sample(dtype=np.float32) -> tuple[np.ndarray, np.ndarray]:
    """Las 5000 imágenes de la muestra."""
    images, labels = mnist_sample("train")
    return flatten_images(images, dtype=dtype), labels


def train(data, seed, *, batch_size, lr, epochs, schedule=None, dtype=np.float32):
    """Una red entrenada y su coste antes de empezar y al acabar cada época."""
    network = build(seed, dtype)
    start = evaluate(network, cross_entropy, data)[0]
    history = fit(
        network,
        SGD(network.parameters(), lr=lr),
        LOSS,
        data,
        epochs=epochs,
        batch_size=batch_size,
        rng=np.random.default_rng(seed),
        schedule=schedule,
        progress=False,
    )
    return network, [start, *history.train_loss]


# -- ruido ---------------------------------------------------------------------


def example_gradients(network, data) -> np.ndarray:
    """Gradiente de cada ejemplo, uno por fila."""
    x, target = data
    rows = []
    for i in range(len(x)):
        pred = network.forward(x[i : i + 1])
        network.write_gradients(cross_entropy_grad(pred, target[i : i + 1]))
        rows.append(network.gradients()[0].copy())
    return np.array(rows)


def directions(network, data, grads, *, lr: float) -> dict:
    """Cómo cae el gradiente de un lote sobre el de todos, y si su paso sube J."""
    full, rng = grads.mean(axis=0), np.random.default_rng(1)
    [theta] = network.parameters()
    kept, before = theta.copy(), evaluate(network, cross_entropy, data)[0]
    table = {}
    for size in HISTOGRAM_SIZES:
        shares, cosines, ups = [], [], []
        for draw in range(DRAWS):
            mean = grads[rng.choice(len(grads), size, replace=False)].mean(axis=0)
            shares.append(mean @ full / (full @ full))
            cosines.append(mean @ full / np.linalg.norm(mean) / np.linalg.norm(full))
            if draw < 1000:
                theta[:] = kept - lr * mean
                ups.append(evaluate(network, cross_entropy, data)[0] > before)
                theta[:] = kept
        table[str(size)] = {
            "media": round(float(np.mean(shares)), 4),
            "desviacion": round(float(np.std(shares)), 4),
            "en_contra_pct": round(100 * float(np.mean(np.array(shares) < 0)), 2),
            "fuera": DRAWS - int(np.histogram(shares, EDGES)[0].sum()),
            "coseno_mediano": round(float(np.median(cosines)), 3),
            "coseno_minimo": round(float(np.min(cosines)), 3),
            "suben_pct": round(100 * float(np.mean(ups)), 1),
            "cuentas": np.histogram(shares, EDGES)[0].tolist(),
        }
    return table


def measure_noise() -> dict:
    """Varianza, sesgo y dirección del gradiente de un lote, medidos."""
    x, labels = sample(np.float64)
    data = x[:NOISE_EXAMPLES], labels[:NOISE_EXAMPLES]
    scale = {}
    for epochs in (0, 1, 5, 20, 100):
        network = build(0, np.float64)
        if epochs:
            settings = {"batch_size": 10, "lr": 0.3, "dtype": np.float64}
            network, _ = train(data, 0, epochs=epochs, **settings)
        grads = example_gradients(network, data)
        signal = float(np.sum(grads.mean(axis=0) ** 2))
        spread = gradient_variance(grads, 1)
        loss, accuracy = evaluate(network, cross_entropy, data)
        scale[str(epochs)] = {
            "coste": round(loss, 4),
            "exactitud": round(100 * accuracy, 1),
            "senal": float(f"{signal:.4g}"),
            "S": float(f"{spread:.4g}"),
            "cociente": float(f"{spread / signal:.4g}"),
        }
        if epochs == 1:
            kept = network, grads
    network, grads = kept
    variances = {}
    for name, replace in (("sin", False), ("con", True)):
        rng, rows = np.random.default_rng(2), []
        for size in tqdm(NOISE_SIZES, desc=f"varianza {name} reposición"):
            bias, variance = gradient_noise(
                grads, size, rng, repeats=200, replace=replace
            )
            exact = gradient_variance(grads, size, replace=replace)
            rows.append([float(f"{v:.4g}") for v in (variance, exact, bias)])
        variances[name] = rows
    return {
        "ejemplos": NOISE_EXAMPLES,
        "red": "tras una época con lotes de 10 y tasa 0,3",
        "sorteos": {"varianza": 200, "direccion": DRAWS, "sube": 1000},
        "tasa_del_paso": 0.03,
        "lotes": NOISE_SIZES,
        "varianza_medida_exacta_sesgo": variances,
        "bordes": [float(EDGES[0]), float(EDGES[-1]), len(EDGES) - 1],
        "direccion": directions(network, data, grads, lr=0.03),
        "escala": scale,
    }


# -- tiempo --------------------------------------------------------------------


def measure_time() -> dict:
    """Lo que tarda un paso: la tanda más rápida, que es la menos interrumpida."""
    images, labels = load_mnist("train")
    data, network = (flatten_images(images), labels), build(0)
    optimizer, rng = SGD(network.parameters(), lr=1e-3), np.random.default_rng(0)
    steps = []
    for size in tqdm(TIME_SIZES, desc="tiempo"):
        times = []
        for _ in range(25):
            order = rng.permutation(60000)[: max(size, min(2000 * size, 20000))]
            batches = np.split(order, range(size, len(order), size))
            start = time.perf_counter()
            train_epoch(network, optimizer, cross_entropy_grad, data, batches)
            times.append((time.perf_counter() - start) / len(batches))
        steps.append(float(np.min(times)))
    epochs = [s * -(-60000 // m) for s, m in zip(steps, TIME_SIZES, strict=True)]
    return {
        "datos": "MNIST, 60000 ejemplos",
        "lotes": TIME_SIZES,
        "tandas": 25,
        "ms_por_paso": [float(f"{1000 * s:.3g}") for s in steps],
        "s_por_epoca": [float(f"{s:.3g}") for s in epochs],
    }


# -- pérdida -------------------------------------------------------------------


def measure_loss() -> dict:
    """Coste por época con cada tamaño de lote, cada uno con su mejor tasa."""
    data, results = sample(), {}
    for size, rates in LOSS_SIZES.items():
        settings = {"batch_size": size, "epochs": EPOCHS}
        tried = {}
        for lr in tqdm(rates, desc=f"tasas, lote {size}"):
            runs = [train(data, s, lr=lr, **settings)[1][-1] for s in SEARCH_SEEDS]
            tried[lr] = round(float(np.mean(runs)), 4)
        best = min(tried, key=tried.get)
        curves = np.array([train(data, s, lr=best, **settings)[1] for s in SEEDS])
        results[str(size)] = {
            "lr": best,
            "pasos_por_epoca": -(-5000 // size),
            "busqueda": {str(lr): loss for lr, loss in tried.items()},
            "media": curves.mean(axis=0).round(4).tolist(),
            "desviacion": curves.std(axis=0, ddof=1).round(4).tolist(),
        }
    return {"datos": "muestra, 5000 ejemplos", "semillas": list(SEEDS), **results}


def measure_drop() -> dict:
    """Coste con tasa fija y con la misma tasa dividida de golpe."""
    data = sample()
    settings = {"batch_size": DROP["lote"], "lr": DROP["lr"], "epochs": DROP["epocas"]}
    when = DROP["baja_en"] * 5000 // DROP["lote"]
    schedules = {
        "fija": None,
        "baja": lambda t: DROP["lr"] / (DROP["entre"] if t >= when else 1),
    }
    measured = {}
    for name, schedule in schedules.items():
        runs = [
            train(data, seed, schedule=schedule, **settings)[1]
            for seed in tqdm(SEEDS, desc=f"tasa {name}")
        ]
        curves = np.array(runs)
        measured[name] = {
            "media": curves.mean(axis=0).round(4).tolist(),
            "desviacion": curves.std(axis=0, ddof=1).round(4).tolist(),
            "semilla_0": curves[0].round(4).tolist(),
        }
    return DROP | {"semillas": list(SEEDS)} | measured


def main() -> None:
    """Mide todo y guarda."""
    measures = {
        "red": "784-15-10, sigmoide, softmax y entropía cruzada",
        "tiempo": measure_time(),
        "ruido": measure_noise(),
        "perdida": measure_loss(),
        "bajar": measure_drop(),
    }
    guardar("minilotes", measures | {"acta": acta()})


if __name__ == "__main__":
    main()
