"""La red honda y los datos que comparten los bancos del capítulo 11.

784-64-…-64-10, con ocho capas ocultas, y en cada una: lineal, normalización (o nada) y
activación. 10 000 imágenes para entrenar y otras 5000, de validación, para elegir.
"""

import warnings
from collections.abc import Callable, Iterable

import numpy as np
from tqdm import tqdm

from apuntes.data import flatten_images, load_mnist
from apuntes.initialization import kaiming_normal
from apuntes.layers import Layer, Linear, ReLU, Sequential
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.normalization import BatchNorm1d, LayerNorm
from apuntes.optimizers import SGD
from apuntes.training import fit

LOSS = cross_entropy, cross_entropy_grad
WIDTH, DEPTH, BATCH_SIZE, TRAIN, VALIDATION = 64, 8, 64, 10_000, 5000
NORMS = {"ninguna": None, "lotes": BatchNorm1d, "capas": LayerNorm}
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
SEARCH_SEEDS = range(100, 103)
CHANCE = 0.1  # exactitud de quien contesta sin mirar


class Shift(Layer):
    """Ruido que cambia en cada paso: x ← s·x + d, con s y d de cada neurona y ejemplo.

    En cada paso se sortean, para cada neurona, los centros de s y d, y alrededor de
    ellos los de cada ejemplo. Al evaluar no hace nada.
    """

    def __init__(self, seed: int = 0, *, offset: float = 0.5, scale: float = 1.25):
        self.rng, self.offset = np.random.default_rng(seed), offset
        self.scale = scale

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Escala y traslada, si se está entrenando."""
        self._saved = np.ones_like(x)
        if not self.training:
            return x
        size = x.shape[1]
        center = self.rng.uniform(-self.offset, self.offset, size)
        spread = self.rng.uniform(1, self.scale, size)
        d = self.rng.uniform(center - self.offset, center + self.offset, x.shape)
        s = self.rng.uniform(2 - spread, spread, x.shape) * spread
        self._saved = s.astype(x.dtype)
        return self._saved * x + d.astype(x.dtype)

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Multiplica por la escala."""
        return grad * self._recall(grad)


def load() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Entrenamiento, validación (las 5000 últimas del entrenamiento) y prueba."""
    images, labels = load_mnist("train")
    x = flatten_images(images, dtype=np.float32)
    test_images, test_labels = load_mnist("test")
    return {
        "train": (x[:TRAIN], labels[:TRAIN]),
        "validation": (x[-VALIDATION:], labels[-VALIDATION:]),
        "test": (flatten_images(test_images, dtype=np.float32), test_labels),
    }


def build(
    norm: str,
    seed: int,
    *,
    depth: int = DEPTH,
    activation: Callable[[], Layer] = ReLU,
    init: Callable[..., np.ndarray] = kaiming_normal,
    gain: float = 1.0,
    center: bool = False,
    after: Callable[[], Layer] | None = None,
) -> Sequential:
    """La red; `gain` agranda los pesos y `center` pone b = -W·½ (para sigmoides)."""
    rng, layers, size = np.random.default_rng(seed), [], 784
    for _ in range(depth):
        linear = Linear(size, WIDTH, rng=rng, init=init, dtype=np.float32)
        linear.weight = gain * linear.weight
        if center:
            linear.bias = -linear.weight.sum(axis=1) / 2
        layers.append(linear)
        if NORMS[norm] is not None:
            layers.append(NORMS[norm](WIDTH, dtype=np.float32))
        layers += [after()] if after else []
        layers.append(activation())
        size = WIDTH
    return Sequential(*layers, Linear(size, 10, rng=rng, dtype=np.float32))


def train(network, data, seed, *, lr, epochs, batch_size=BATCH_SIZE, falling=False):
    """Entrena y devuelve el historial; si diverge, se para y su último dato no vale.

    Con `falling`, la tasa baja en línea recta hasta 0.
    """
    total = epochs * -(-len(data["train"][0]) // batch_size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return fit(
            network,
            SGD(network.parameters(), lr=lr),
            LOSS,
            data["train"],
            data["validation"],
            epochs=epochs,
            batch_size=batch_size,
            rng=np.random.default_rng(seed),
            schedule=(lambda t: lr * (1 - t / total)) if falling else None,
            evaluate_train=False,
            progress=False,
        )


def last(history) -> float:
    """Exactitud final de validación, en %; una red que diverge acierta al azar."""
    value = history.validation_accuracy[-1]
    return 100 * (CHANCE if history.diverged else value)


def curve(history, epochs: int) -> list[float]:
    """Exactitud de validación, en %, época a época; al azar desde que diverge."""
    kept = history.validation_accuracy[: -1 if history.diverged else None]
    missing = epochs - len(kept)
    return [100 * a for a in [*kept, *[CHANCE] * missing]]


def search(
    data, make: Callable, *, epochs: int, rates: Iterable[float] = RATES, **options
) -> tuple[float, dict[str, list[float]]]:
    """Tasa con mejor media en validación, y lo que dio cada una.

    `make(seed)` da una red nueva; las semillas no son las de los resultados.
    """
    tried = {}
    for lr in rates:
        runs = [
            last(train(make(seed), data, seed, lr=lr, epochs=epochs, **options))
            for seed in SEARCH_SEEDS
        ]
        tried[lr] = round(float(np.mean(runs)), 2)
    best = max(tried, key=tried.get)
    return best, {"tasas": list(tried), "exactitud": list(tried.values())}


def summary(values: Iterable[float], digits: int = 2) -> dict:
    """Media, desviación típica, y los dos extremos."""
    values = np.array(list(values), float)
    return {
        "media": round(float(values.mean()), digits),
        "desviacion": round(float(values.std(ddof=1)), digits),
        "minimo": round(float(values.min()), digits),
        "maximo": round(float(values.max()), digits),
    }


def tuned(data, make, *, seeds, epochs, label="", rates=RATES, **options) -> dict:
    """Busca la tasa y entrena con ella otras semillas: exactitud de validación."""
    best, tried = search(data, make, epochs=epochs, rates=rates, **options)
    runs = [
        last(train(make(seed), data, seed, lr=best, epochs=epochs, **options))
        for seed in tqdm(seeds, desc=label, leave=False)
    ]
    return {"lr": best, **summary(runs), "busqueda": tried}
