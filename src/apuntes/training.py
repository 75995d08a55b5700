r"""El bucle de entrenamiento y lo que se mide mientras corre.

Capítulo: 06-entrenar-y-diagnosticar

Los datos van por parejas `(x, target)`: `x` de forma `(N, D)`, un ejemplo por fila, y
`target` con la clase de cada uno, `(N,)`, o con su vector deseado, `(N, K)`.
"""

import math
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import DTypeLike
from tqdm import tqdm

from apuntes._checks import check_array, check_counts, check_rng
from apuntes.layers import Layer
from apuntes.minibatch import minibatches
from apuntes.optimizers import SGD

Loss = Callable[[np.ndarray, np.ndarray], float]
LossGrad = Callable[[np.ndarray, np.ndarray], np.ndarray]
Data = tuple[np.ndarray, np.ndarray]


# --8<-- [start:flatten_images]
def flatten_images(images: np.ndarray, *, dtype: DTypeLike = np.float32) -> np.ndarray:
    """Imágenes de bytes como filas de números entre 0 (fondo) y 1 (tinta).

    Args:
        images: `uint8`, de forma `(N, H, W)`.
        dtype: tipo de coma flotante del resultado, de forma `(N, H·W)`.

    Raises:
        TypeError: si `images` no es de `uint8`: no se sabría qué valor es el 1.
        ValueError: si no tiene forma `(N, H, W)`.

    Examples:
        >>> flatten_images(np.array([[[0, 255], [51, 0]]], dtype=np.uint8))
        array([[0. , 1. , 0.2, 0. ]], dtype=float32)
    """
    check_array("images", images, shape=("N", "H", "W"), dtype=np.uint8)
    pixels = images.reshape(len(images), -1).astype(dtype)
    pixels /= 255
    return pixels
    # --8<-- [end:flatten_images]


# --8<-- [start:split_validation]
def split_validation(
    n: int, *, size: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Reparte al azar los índices de `n` ejemplos entre entrenamiento y validación.

    Args:
        n: número de ejemplos.
        size: cuántos van a validación; un entero, o una fracción si es menor que 1.
        rng: generador de números aleatorios.

    Returns:
        Los índices de entrenamiento y los de validación.

    Raises:
        ValueError: si alguna de las dos partes quedaría vacía.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> train, validation = split_validation(10, size=0.2, rng=rng)
        >>> len(train), len(validation)
        (8, 2)
    """
    check_counts(n=n)
    check_rng(rng)
    count = round(n * size) if 0 < size < 1 else size
    if count != int(count) or not 0 < count < n:
        raise ValueError(f"size debe dejar datos en las dos partes; se recibió {size}")
    order = rng.permutation(n)
    return order[int(count) :], order[: int(count)]
    # --8<-- [end:split_validation]


# --8<-- [start:accuracy]
def accuracy(pred: np.ndarray, target: np.ndarray) -> float:
    """Exactitud: fracción de ejemplos cuya salida mayor es la de su clase.

    Args:
        pred: salidas de la red, `(N, K)`; tanto da logits que probabilidades.
        target: clases `(N,)`, o vectores `(N, K)` cuya componente mayor es la clase.

    Returns:
        Un número entre 0 y 1; `nan` si `K` es 1, porque no hay clases que elegir.

    Raises:
        ValueError: si las formas no casan o no hay datos.

    Examples:
        >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
        0.5
    """
    fits = np.shape(target) in (pred.shape, pred.shape[:1])
    if pred.ndim != 2 or not fits or pred.size == 0:
        raise ValueError(
            "se esperaba pred (N, K) y target (N,) o (N, K), no vacíos; "
            f"se recibió {pred.shape} y {np.shape(target)}"
        )
    if pred.shape[1] == 1:
        return math.nan
    classes = target if target.ndim == 1 else target.argmax(axis=1)
    return float((pred.argmax(axis=1) == classes).mean())
    # --8<-- [end:accuracy]


# --8<-- [start:predict]
def predict(model: Layer, x: np.ndarray, *, batch_size: int = 4096) -> np.ndarray:
    """Salidas de la red para todos los ejemplos, en modo de evaluación.

    La clase elegida es `predict(model, x).argmax(axis=1)`.

    Args:
        model: red, que vuelve después al modo en que estaba.
        x: entradas, de forma `(N, D)`.
        batch_size: ejemplos por trozo; solo cambia la memoria que hace falta.

    Returns:
        Salidas, de forma `(N, K)`.
    """
    check_counts(examples=len(x), batch_size=batch_size)
    training = model.training
    model.eval()
    try:
        starts = range(0, len(x), batch_size)
        return np.concatenate([model.forward(x[i : i + batch_size]) for i in starts])
    finally:
        model.train(training)
    # --8<-- [end:predict]


# --8<-- [start:evaluate]
def evaluate(model: Layer, loss: Loss, data: Data) -> tuple[float, float]:
    """Pérdida y exactitud de la red, tal como está, en unos datos `(x, target)`.

    Si alguna salida no es finita, porque la red divergió, son `inf` y `nan`.
    """
    x, target = data
    return _score(loss, predict(model, x), target)
    # --8<-- [end:evaluate]


def _score(loss: Loss, pred: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    if not np.isfinite(pred).all():
        return math.inf, math.nan
    return loss(pred, target), accuracy(pred, target)


# --8<-- [start:History]
@dataclass
class History:
    """Lo medido en cada época: en cada lista, un número por época.

    Attributes:
        running_loss: pérdida en entrenamiento *durante* la época: cada lote, con los
            pesos de antes de su paso. Es la que enseña Keras.
        running_accuracy: exactitud medida de esa manera.
        train_loss: pérdida en entrenamiento *al final* de la época.
        train_accuracy: exactitud en entrenamiento al final de la época.
        validation_loss: pérdida en validación al final de la época.
        validation_accuracy: exactitud en validación al final de la época.
        seconds: lo que se tardó en entrenar, sin las medidas del final.
        steps: pasos dados en total.
    """

    running_loss: list[float] = field(default_factory=list)
    running_accuracy: list[float] = field(default_factory=list)
    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    steps: int = 0

    @property
    def diverged(self) -> bool:
        """Si se paró porque la pérdida de la última época no es finita."""
        return not all(map(math.isfinite, self.running_loss[-1:]))

    def _record(self, name: str, measured: tuple[float, float]) -> None:
        getattr(self, f"{name}_loss").append(measured[0])
        getattr(self, f"{name}_accuracy").append(measured[1])
        # --8<-- [end:History]


# --8<-- [start:train_epoch]
def train_epoch(
    model: Layer,
    optimizer: SGD,
    loss_grad: LossGrad,
    train: Data,
    batches: Iterable[np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Una época: por cada lote, ir hacia delante, volver y dar un paso.

    Args:
        model: red; sus parámetros cambian en su sitio.
        optimizer: optimizador hecho con `model.parameters()`.
        loss_grad: gradiente de la pérdida, como `cross_entropy_grad`.
        train: datos `(x, target)`.
        batches: índices de cada lote, como los que da `minibatches`.

    Returns:
        Lo que la red fue respondiendo, cada lote con los pesos de antes de su paso, y
        lo que debía responder. Se para en el primer lote con una salida no finita.
    """
    x, target = train
    preds, targets = [], []
    for batch in batches:
        # Para sacar filas, np.take es más rápido que x[batch].
        preds.append(model.forward(np.take(x, batch, axis=0)))
        targets.append(target[batch])
        if not np.isfinite(preds[-1]).all():
            break
        model.write_gradients(loss_grad(preds[-1], targets[-1]))
        optimizer.step(model.gradients())
    return np.concatenate(preds), np.concatenate(targets)
    # --8<-- [end:train_epoch]


# --8<-- [start:fit]
def fit(
    model: Layer,
    optimizer: SGD,
    loss: tuple[Loss, LossGrad],
    train: Data,
    validation: Data | None = None,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    schedule: Callable[[int], float] | None = None,
    evaluate_train: bool = True,
    history: History | None = None,
    progress: bool = True,
) -> History:
    """Entrena la red con lotes al azar y devuelve lo que pasó.

    Args:
        model: red; sus parámetros cambian en su sitio.
        optimizer: optimizador hecho con `model.parameters()`.
        loss: pareja `(f, f_grad)`, como `(cross_entropy, cross_entropy_grad)`.
        train: datos `(x, target)` con los que se entrena.
        validation: datos que solo se miden.
        epochs: número de épocas.
        batch_size: tamaño de lote.
        rng: generador de números aleatorios que baraja cada época.
        schedule: tasa de aprendizaje de cada paso, que se cuenta desde 0.
        evaluate_train: si al final de cada época se mide también en `train`.
        history: historial que se amplía: el de un entrenamiento que se continúa, o uno
            vacío que conserva lo hecho si lo interrumpes.
        progress: si se enseña una barra de progreso.

    Returns:
        El historial. Si la pérdida deja de ser finita, el entrenamiento se para con un
        `RuntimeWarning` y el historial llega hasta ahí.

    Raises:
        TypeError: si `loss` no es una pareja.
        ValueError: si los datos no casan o el optimizador es de otra red.
    """
    check_counts(epochs=epochs, batch_size=batch_size)
    _check_fit(model, optimizer, loss, train, validation)
    history = history or History()
    measured = {"train": train if evaluate_train else None, "validation": validation}
    total = epochs * math.ceil(len(train[0]) / batch_size)
    # Si diverge, desborda cada operación: se avisa una vez, y con palabras.
    with tqdm(total=total, disable=not progress) as bar, np.errstate(all="ignore"):
        for _ in range(epochs):
            start = time.perf_counter()
            batches = minibatches(len(train[0]), batch_size, rng)
            paced = _pace(batches, optimizer, schedule, history, bar)
            model.train()
            seen = train_epoch(model, optimizer, loss[1], train, paced)
            history._record("running", _score(loss[0], *seen))
            history.seconds.append(time.perf_counter() - start)
            for name, data in measured.items():
                if data is not None:
                    history._record(name, evaluate(model, loss[0], data))
            if history.diverged:
                _warn(history, optimizer)
                break
    return history


def _pace(
    batches: Iterable[np.ndarray],
    optimizer: SGD,
    schedule: Callable[[int], float] | None,
    history: History,
    bar: tqdm,
) -> Iterator[np.ndarray]:
    """Los mismos lotes, contados; antes de cada uno pone la tasa que le toca."""
    for batch in batches:
        if schedule is not None:
            optimizer.lr = schedule(history.steps)
        history.steps += 1
        bar.update()
        yield batch
    # --8<-- [end:fit]


def _warn(history: History, optimizer: SGD) -> None:
    warnings.warn(
        f"la pérdida dejó de ser finita en la época {len(history.running_loss)} y se "
        "para ahí: prueba una tasa menor, o busca un nan en los datos; "
        f"se recibió lr={optimizer.lr}",
        RuntimeWarning,
        stacklevel=3,
    )


def _check_fit(
    model: Layer, optimizer: SGD, loss: tuple[Loss, LossGrad], *datasets: Data | None
) -> None:
    if not isinstance(loss, tuple) or len(loss) != 2:
        raise TypeError(f"loss debe ser la pareja (f, f_grad); se recibió {loss}")
    for x, target in filter(None, datasets):
        if len(x) != len(target) or len(x) == 0:
            raise ValueError(
                "hacen falta datos, y una respuesta para cada uno; "
                f"se recibió {len(x)} y {len(target)}"
            )
    if list(map(id, optimizer.params)) != list(map(id, model.parameters())):
        raise ValueError(
            "optimizer debe hacerse con los parameters() de esta red, no de otra ni de "
            f"una copia; se recibió {model!r}"
        )
