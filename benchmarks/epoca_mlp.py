"""Cronometra una época de la red 784-15-10: results/epoca-mlp.json.

Se ejecuta con `make bench`, o con `python benchmarks/epoca_mlp.py` y MNIST completo en
APUNTES_DATA o en la caché. En cada vuelta todos parten de los mismos pesos y, menos
scikit-learn, que baraja por su cuenta, ven los mismos lotes; van uno detrás de otro,
con un hilo, y el cociente se toma dentro de la vuelta.

- `apuntes` y `apuntes_float64`: lo que tarda `train_epoch`;
- `fit`: lo que apunta `fit`, que además mide pérdida y exactitud durante la época;
- `pytorch`: el mismo bucle en PyTorch, sin compilar, con los datos ya en tensores;
- `pytorch_dataloader`: con `DataLoader` sobre esos tensores;
- `pytorch_imagenes`: con `DataLoader` y las imágenes una a una, como sus ejemplos;
- `sklearn`: `MLPClassifier` en float32;
- `bucle_por_ejemplo`: la retropropagación de cada ejemplo, en float64;
- `leer`, `productos` y `llamadas`: las tres partes de la cota, de `cota_mlp`.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy
# Que OpenBLAS elija sus rutinas según el procesador, como hará en casa de quien lea.
os.environ.pop("OPENBLAS_CORETYPE", None)

import sys
import time

import ajenos_mlp as ajenos
import numpy as np
import torch
from acta import acta, guardar
from cota_mlp import CALLS, Pieces, machine
from medir import alternar, cociente, instalado, resumen

from apuntes.data import flatten_images, load_mnist
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import evaluate
from apuntes.minibatch import minibatches
from apuntes.optimizers import SGD
from apuntes.training import fit, train_epoch

# Tamaño de lote: tasa y número de vueltas; los lentos dan solo SLOW.
SETTINGS = {64: (0.5, 31), 10: (0.25, 15)}
SLOW = 3
SLOW_ONES = ("pytorch_imagenes", "bucle_por_ejemplo")
BOUND = ("leer", "productos", "llamadas")


def build(seed: int, dtype=np.float32) -> Sequential:
    """La red, con pesos que dependen solo de la semilla."""
    rng = np.random.default_rng(seed)
    network = Sequential(
        Linear(784, 15, rng=rng, dtype=np.float32),
        Sigmoid(),
        Linear(15, 10, rng=rng, dtype=np.float32),
    )
    if dtype == np.float32:
        return network
    [theta], same = network.parameters(), build_like(dtype)
    same.parameters()[0][:] = theta
    return same


def build_like(dtype) -> Sequential:
    """La red en otra precisión."""
    rng = np.random.default_rng(0)
    first, last = (
        Linear(*sizes, rng=rng, dtype=dtype) for sizes in ((784, 15), (15, 10))
    )
    return Sequential(first, Sigmoid(), last)


def run_loop(data, *, seed: int, batch_size: int, lr: float):
    """Segundos de una época y parámetros al acabar."""
    model, rng = build(seed, data[0].dtype), np.random.default_rng(seed)
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


def contenders(images, labels, *, batch_size: int, lr: float, sklearn: bool) -> dict:
    """Los que se comparan: cada uno, de la semilla a segundos y parámetros."""
    data = flatten_images(images), labels
    double, examples = (data[0].astype(np.float64), labels), ajenos.columns(data)
    own = {"batch_size": batch_size, "lr": lr}

    def batches(seed: int) -> list:
        return list(minibatches(len(labels), batch_size, np.random.default_rng(seed)))

    def theta(seed: int) -> np.ndarray:
        return build(seed).parameters()[0]

    def with_torch(loader, *source):
        return lambda seed: ajenos.torch_epoch(
            theta(seed), loader(*source, batches(seed)), lr=lr
        )

    table = {
        "apuntes": lambda seed: run_loop(data, seed=seed, **own),
        "apuntes_float64": lambda seed: run_loop(double, seed=seed, **own),
        "fit": lambda seed: run_fit(data, seed=seed, **own),
        "pytorch": with_torch(ajenos.resident, data),
        "pytorch_dataloader": with_torch(ajenos.tensor_loader, data),
        "pytorch_imagenes": with_torch(ajenos.image_loader, images, labels),
        "bucle_por_ejemplo": lambda seed: ajenos.loop_epoch(
            theta(seed), examples, batches(seed), lr=lr
        ),
    }
    if sklearn:
        table["sklearn"] = lambda seed: ajenos.sklearn_epoch(
            theta(seed), data, seed=seed, **own
        )
    return table


def accuracy_of(theta: np.ndarray, data) -> float:
    """Exactitud, en tanto por ciento, de la red con esos parámetros."""
    model = build(0)
    model.parameters()[0][:] = theta
    return round(100 * evaluate(model, cross_entropy, data)[1], 2)


def compare(train, test, *, batch_size: int, lr: float, rounds: int) -> dict:
    """Todos y las partes de la cota, alternados `rounds` vueltas."""
    table = contenders(
        *train, batch_size=batch_size, lr=lr, sklearn=instalado("sklearn")
    )
    test = flatten_images(test[0]), test[1]
    pieces = Pieces(flatten_images(train[0]), batch_size=batch_size)
    ends = {}

    def timed(name: str):
        def program(seed: int) -> float:
            seconds, ends[name, seed] = table[name](seed)
            return seconds

        return program

    programs = {name: timed(name) for name in table}
    programs |= zip(BOUND, (pieces.gather, pieces.products, pieces.calls), strict=True)
    turns = {name: min(rounds, SLOW) if name in SLOW_ONES else rounds for name in table}
    turns |= dict.fromkeys(BOUND, rounds)
    seconds = alternar(programs, turns, desc=f"lote {batch_size}")
    seconds["cota"] = [sum(t) for t in zip(*(seconds[b] for b in BOUND), strict=True)]
    return {"lote": batch_size, "lr": lr, "pasos": pieces.steps} | tabulate(
        seconds, ends, test, pieces
    )


def tabulate(seconds: dict, ends: dict, test, pieces: Pieces) -> dict:
    """Segundos, cocientes, exactitudes y diferencias entre parámetros."""
    names = list(dict.fromkeys(name for name, _ in ends))
    products = np.median(seconds["productos"]) / pieces.steps
    hits = {name: [] for name in names}
    for (name, _), end in ends.items():
        hits[name].append(accuracy_of(end, test))
    return {
        "vueltas": {name: len(values) for name, values in seconds.items()},
        "segundos": {name: resumen(values) for name, values in seconds.items()},
        "entre_pytorch": {n: cociente(seconds, n, "pytorch") for n in seconds},
        "apuntes_entre": {
            n: cociente(seconds, "apuntes", n) for n in ("cota", *names[3:])
        },
        "microsegundos_por_paso": {
            n: float(f"{1e6 * np.median(v) / pieces.steps:.4g}")
            for n, v in seconds.items()
        },
        "gflop_por_s_de_los_productos": round(pieces.flop / products / 1e9, 1),
        "gflop_por_epoca": round(pieces.flop * pieces.steps / 1e9, 2),
        "gb_leidos_por_epoca": round(pieces.x.nbytes / 1e9, 3),
        "exactitud_prueba": {name: resumen(values) for name, values in hits.items()},
        "mayor_diferencia_con_apuntes": {
            name: float(f"{gap(ends, name):.2g}")
            for name in names
            if name != "sklearn"  # ve los lotes en otro orden
        },
    }


def gap(ends: dict, name: str) -> float:
    """Lo que más dista un parámetro del de `train_epoch` en la misma precisión."""
    ours = "apuntes_float64" if name == "bucle_por_ejemplo" else "apuntes"
    return max(
        float(np.abs(end - ends[ours, seed]).max())
        for (n, seed), end in ends.items()
        if n == name
    )


def where_it_goes(data, *, batch_size: int, lr: float, rounds: int) -> dict:
    """Microsegundos de cada parte de un paso de `train_epoch`, medianas."""
    (x, target), model = data, build(0)
    optimizer, rows = SGD(model.parameters(), lr=lr), []
    batches = list(minibatches(len(x), batch_size, np.random.default_rng(0)))
    for batch in batches[:-1] * rounds:
        clock = [time.perf_counter()]
        chosen, wanted = np.take(x, batch, axis=0), target[batch]
        clock.append(time.perf_counter())
        pred = model.forward(chosen)
        clock.append(time.perf_counter())
        np.isfinite(pred).all()
        grad = cross_entropy_grad(pred, wanted)
        clock.append(time.perf_counter())
        model.write_gradients(grad)
        clock.append(time.perf_counter())
        optimizer.step(model.gradients())
        rows.append(np.diff([*clock, time.perf_counter()]))
    names = ("sacar_el_lote", "ida", "perdida", "vuelta", "paso")
    medians = 1e6 * np.median(rows, axis=0)
    return {n: round(float(m), 2) for n, m in zip(names, medians, strict=True)}


def main(settings: dict, size: int | None = None) -> dict:
    """Compara con cada tamaño de lote."""
    torch.set_num_threads(1)
    train, test = (
        tuple(array[:size] for array in load_mnist(split))
        for split in ("train", "test")
    )
    data = flatten_images(train[0]), train[1]
    table = {}
    for batch_size, (lr, rounds) in settings.items():
        own = {"batch_size": batch_size, "lr": lr}
        table[f"lote_{batch_size}"] = compare(train, test, **own, rounds=rounds) | {
            "adonde_va": where_it_goes(data, **own, rounds=-(-rounds // 10))
        }
    return {
        "red": "784-15-10, sigmoide, softmax y entropía cruzada, SGD",
        "datos": f"MNIST: {len(train[0])} de entrenamiento",
        "semillas": "el número de la vuelta: pesos y lotes",
        **table,
        "llamadas_por_paso_de_la_cota": CALLS,
        "maquina": machine(),
        "acta": acta() | versions(),
    }


def versions() -> dict:
    """Con qué se compara."""
    found = {"torch": torch.__version__, "hilos_torch": torch.get_num_threads()}
    if instalado("sklearn"):
        found["sklearn"] = sys.modules["sklearn"].__version__
    return found


if __name__ == "__main__":
    measure = main(SETTINGS)
    guardar("epoca-mlp", measure)
    for name in ("lote_64", "lote_10"):
        print(name, measure[name]["segundos"], measure[name]["entre_pytorch"])
