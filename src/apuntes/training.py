r"""El bucle de entrenamiento.

Capítulo: 06-entrenar-y-diagnosticar

Los datos van por parejas `(x, target)`: `x` de forma `(N, D)`, un ejemplo por fila, y
`target` con la clase de cada uno, `(N,)`, o con su vector deseado, `(N, K)`.
"""

import math
import time
import warnings
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from tqdm import tqdm

from apuntes._checks import check_counts
from apuntes._history import History
from apuntes.layers import Layer
from apuntes.metrics import Data, Loss, evaluate, score
from apuntes.minibatch import minibatches
from apuntes.optimizers import Optimizer

__all__ = ["History", "fit", "train_epoch"]

LossGrad = Callable[[np.ndarray, np.ndarray], np.ndarray]


# --8<-- [start:train_epoch]
def train_epoch(
    model: Layer,
    optimizer: Optimizer,
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
    optimizer: Optimizer,
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
            history.record("running", score(loss[0], *seen))
            history.seconds.append(time.perf_counter() - start)
            for name, data in measured.items():
                if data is not None:
                    history.record(name, evaluate(model, loss[0], data))
            if history.diverged:
                _warn(history, optimizer)
                break
    return history


def _pace(
    batches: Iterable[np.ndarray],
    optimizer: Optimizer,
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


def _warn(history: History, optimizer: Optimizer) -> None:
    warnings.warn(
        f"la pérdida dejó de ser finita en la época {len(history.running_loss)} y se "
        "para ahí: prueba una tasa menor, o busca un nan en los datos; "
        f"se recibió lr={optimizer.lr}",
        RuntimeWarning,
        stacklevel=3,
    )


def _check_fit(
    model: Layer,
    optimizer: Optimizer,
    loss: tuple[Loss, LossGrad],
    *datasets: Data | None,
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
