"""Cronometra una época de la red 784-15-10 frente a PyTorch: results/epoca-mlp.json.

Se ejecuta con `python benchmarks/epoca_mlp.py`, con MNIST completo en APUNTES_DATA o
en la caché. En cada repetición todas parten de los mismos pesos y ven los mismos
lotes, una detrás de otra y con un hilo; la razón se toma dentro de la repetición, que
es lo que aguanta que el procesador esté ocupado en otras cosas.

- `bucle`: lo que tarda `train_epoch`;
- `fit`: lo que apunta `fit`, que además mide pérdida y exactitud durante la época;
- `pytorch`: el mismo bucle en PyTorch, sin compilar, con los datos ya en tensores y
  sin leer la pérdida ni medir nada.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy
# Que OpenBLAS elija sus rutinas según el procesador, como hará en casa de quien lea.
os.environ.pop("OPENBLAS_CORETYPE", None)

import time

import numpy as np
import torch
from acta import acta, guardar
from tqdm import tqdm

from apuntes.data import flatten_images, load_mnist
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import evaluate
from apuntes.minibatch import minibatches
from apuntes.optimizers import SGD
from apuntes.training import fit, train_epoch

# Tamaño de lote: tasa y número de repeticiones.
SETTINGS = {64: (0.5, 31), 10: (0.25, 15)}


def build(seed: int) -> Sequential:
    """La red, con pesos que dependen solo de la semilla."""
    rng = np.random.default_rng(seed)
    return Sequential(
        Linear(784, 15, rng=rng, dtype=np.float32),
        Sigmoid(),
        Linear(15, 10, rng=rng, dtype=np.float32),
    )


def run_loop(data, *, seed: int, batch_size: int, lr: float):
    """Segundos de una época y parámetros al acabar."""
    model, rng = build(seed), np.random.default_rng(seed)
    optimizer = SGD(model.parameters(), lr=lr)
    start = time.perf_counter()
    batches = minibatches(len(data[0]), batch_size, rng)
    train_epoch(model, optimizer, cross_entropy_grad, data, batches)
    return time.perf_counter() - start, model.parameters()[0]


def run_fit(data, *, seed: int, batch_size: int, lr: float):
    """Lo mismo con `fit`."""
    model = build(seed)
    history = fit(
        model,
        SGD(model.parameters(), lr=lr),
        (cross_entropy, cross_entropy_grad),
        data,
        epochs=1,
        batch_size=batch_size,
        rng=np.random.default_rng(seed),
        evaluate_train=False,
        progress=False,
    )
    return history.seconds[0], model.parameters()[0]


def run_pytorch(data, *, seed: int, batch_size: int, lr: float):
    """Lo mismo en PyTorch, con sus capas, su autograd y su SGD, sin compilar."""
    x, target = map(torch.from_numpy, data)
    model = torch.nn.Sequential(
        torch.nn.Linear(784, 15), torch.nn.Sigmoid(), torch.nn.Linear(15, 10)
    )
    theta = torch.tensor(build(seed).parameters()[0])
    torch.nn.utils.vector_to_parameters(theta, model.parameters())
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    batches = minibatches(len(x), batch_size, np.random.default_rng(seed))
    batches = [torch.from_numpy(batch) for batch in batches]
    start = time.perf_counter()
    for batch in batches:
        optimizer.zero_grad()
        logits = model(x[batch])
        torch.nn.functional.cross_entropy(logits, target[batch]).backward()
        optimizer.step()
    seconds = time.perf_counter() - start
    theta = torch.nn.utils.parameters_to_vector(model.parameters())
    return seconds, theta.detach().numpy()


CONTENDERS = {"bucle": run_loop, "fit": run_fit, "pytorch": run_pytorch}


def accuracy_of(theta: np.ndarray, data) -> float:
    """Exactitud, en tanto por ciento, de la red con esos parámetros."""
    model = build(0)
    model.parameters()[0][:] = theta
    return round(100 * evaluate(model, cross_entropy, data)[1], 2)


def spread(values) -> dict:
    """Mediana y extremos."""
    keys = ("mediana", "minimo", "maximo")
    numbers = (np.median(values), min(values), max(values))
    return {key: round(float(n), 4) for key, n in zip(keys, numbers, strict=True)}


def compare(train, test, *, batch_size: int, lr: float, repeats: int) -> dict:
    """Todas, alternadas `repeats` veces, tras una vuelta que no cuenta."""
    options = {"batch_size": batch_size, "lr": lr}
    seconds = {name: [] for name in CONTENDERS}
    hits = {name: [] for name in CONTENDERS}
    gap = 0.0
    for run in CONTENDERS.values():
        run(train, seed=0, **options)
    for seed in tqdm(range(repeats), desc=f"lote {batch_size}"):
        thetas = {}
        for name in np.roll(list(CONTENDERS), seed):
            elapsed, thetas[name] = CONTENDERS[name](train, seed=seed, **options)
            seconds[name].append(elapsed)
            hits[name].append(accuracy_of(thetas[name], test))
        gap = max(gap, float(np.abs(thetas["bucle"] - thetas["pytorch"]).max()))
    ratios = {
        f"{name}_entre_pytorch": np.divide(seconds[name], seconds["pytorch"])
        for name in ("bucle", "fit")
    }
    return {
        "lote": batch_size,
        "lr": lr,
        "n": repeats,
        "segundos": {name: spread(values) for name, values in seconds.items()},
        "razon": {name: spread(values) for name, values in ratios.items()},
        "exactitud_prueba": {name: spread(values) for name, values in hits.items()},
        "mayor_diferencia_entre_parametros": gap,
    }


def main() -> None:
    """Compara con cada tamaño de lote y escribe el acta."""
    torch.set_num_threads(1)
    images, labels = load_mnist("train")
    test_images, test_labels = load_mnist("test")
    train = flatten_images(images), labels
    test = flatten_images(test_images), test_labels
    measure = {
        f"lote_{batch_size}": compare(
            train, test, batch_size=batch_size, lr=lr, repeats=repeats
        )
        for batch_size, (lr, repeats) in SETTINGS.items()
    }
    guardar(
        "epoca-mlp",
        {
            "red": "784-15-10, sigmoide, softmax y entropía cruzada, float32, SGD",
            "datos": "MNIST: 60000 de entrenamiento",
            "semillas": "de 0 a n - 1: pesos y lotes de cada repetición",
            **measure,
            "acta": acta() | {"torch": torch.__version__, "hilos_torch": 1},
        },
    )
    for name, result in measure.items():
        print(name, result["segundos"], "razón", result["razon"])


if __name__ == "__main__":
    main()
