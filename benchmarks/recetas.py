"""Cómo entrena `regularizacion.py` cada red: una receta y un bucle."""

from contextlib import nullcontext
from dataclasses import asdict, dataclass

import numpy as np

from apuntes.augmentation import random_rotation, random_shift
from apuntes.initialization import kaiming_normal
from apuntes.layers import Linear, ReLU, Sequential
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import evaluate, predict, score
from apuntes.minibatch import minibatches
from apuntes.noise import GaussianNoise, noisy_labels, noisy_weights
from apuntes.normalization import BatchNorm1d
from apuntes.optimizers import SGD
from apuntes.regularization import (
    AveragedWeights,
    Dropout,
    EarlyStopping,
    l1_penalty_grad,
    l2_penalty_grad,
    smooth_labels,
    update_bn,
)
from apuntes.schedules import cosine_decay
from apuntes.shrinkage import softshrink

EPOCHS, HIDDEN, LABELED, PATIENCE, TURNS = 40, 100, 1000, 8, 8


@dataclass(frozen=True)
class Recipe:
    """Qué se le hace al entrenamiento; lo que vale 0, nada."""

    lr: float
    batch_size: int = 50
    l1: float = 0.0
    l1_subgradient: float = 0.0
    l2: float = 0.0
    stopping: str = ""
    input_noise: float = 0.0
    weight_noise: float = 0.0
    label_noise: float = 0.0
    parity: float = 0.0
    extra: int = 0
    dropout: float = 0.0
    shift: int = 0
    degrees: float = 0.0
    smoothing: float = 0.0
    batch_norm: bool = False
    cosine: bool = False
    average_from: float = 0.0

    def chosen(self) -> dict:
        """La tasa y lo que esta receta cambia."""
        plain = asdict(Recipe(lr=0.0))
        return {k: v for k, v in asdict(self).items() if v != plain[k]}


def build(recipe: Recipe, rng: np.random.Generator) -> Sequential:
    """La red 784-100-10, con las capas que pida la receta."""
    options = {"rng": rng, "init": kaiming_normal, "dtype": np.float32}
    first = Linear(784, HIDDEN, **options)
    last = Linear(HIDDEN, 12 if recipe.parity else 10, **options)
    layers = [GaussianNoise(recipe.input_noise, rng=rng), first]
    if recipe.batch_norm:
        layers.append(BatchNorm1d(HIDDEN, dtype=np.float32))
    layers += [ReLU(), Dropout(recipe.dropout, rng=rng), last]
    return Sequential(*(layers if recipe.input_noise else layers[1:]))


def head(logits: np.ndarray) -> np.ndarray:
    """Los diez logits de la cifra."""
    return logits[:, :10]


def logit_grad(recipe: Recipe, logits, target, has_digit) -> np.ndarray:
    """Gradiente de la cifra y, si es la segunda tarea, de la paridad."""
    eps = recipe.smoothing
    soft = smooth_labels(target, num_classes=10, epsilon=eps, dtype=np.float32)
    grad = cross_entropy_grad(head(logits), soft if eps else target)
    if not recipe.parity:
        return grad
    # De las imágenes de más solo se conoce la paridad; la media, entre las otras.
    grad *= has_digit[:, None] * np.float32(len(target) / max(1, has_digit.sum()))
    parity = cross_entropy_grad(logits[:, 10:], target % 2)
    return np.hstack([grad, np.float32(recipe.parity) * parity])


def turned(recipe: Recipe, x: np.ndarray, rng) -> np.ndarray:
    """Ocho giros al azar de cada imagen, hechos una vez porque son lo que más tarda."""
    images = x.reshape(-1, 28, 28)
    if not recipe.degrees:
        return images[None]
    turn = {"max_degrees": recipe.degrees, "rng": rng}
    return np.stack([random_rotation(images, **turn) for _ in range(TURNS)])


def epoch_inputs(recipe: Recipe, copies: np.ndarray, rng) -> np.ndarray:
    """Las imágenes de esta época: uno de los giros de cada una, movido si toca."""
    n = copies.shape[1]
    images = copies[rng.integers(len(copies), size=n), np.arange(n)]
    if recipe.shift:
        images = random_shift(images, max_shift=recipe.shift, rng=rng)
    return images.reshape(n, -1)


def penalize(recipe: Recipe, net: Sequential) -> None:
    """Suma a los gradientes de los pesos, no de los sesgos, el de la penalización."""
    for layer in net.layers if recipe.l2 or recipe.l1_subgradient else ():
        if isinstance(layer, Linear):
            slope = l2_penalty_grad(layer.weight, lam=recipe.l2)
            slope += l1_penalty_grad(layer.weight, lam=recipe.l1_subgradient)
            layer.gradients()[0][...] += slope


def shrink(recipe: Recipe, net: Sequential, lr: float) -> None:
    """El paso proximal de ℓ1: acerca cada peso a 0, y deja ahí los que llegan."""
    for layer in net.layers if recipe.l1 else ():
        if isinstance(layer, Linear):
            layer.weight = softshrink(layer.weight, lambd=lr * recipe.l1)


def step(recipe: Recipe, net, optimizer, x, target, has_digit, rng) -> None:
    """Un paso con un lote."""
    noise = noisy_weights(net.parameters(), std=recipe.weight_noise, rng=rng)
    with noise if recipe.weight_noise else nullcontext():
        logits = net.forward(x)
        net.write_gradients(logit_grad(recipe, logits, target, has_digit))
    penalize(recipe, net)
    optimizer.step(net.gradients())
    shrink(recipe, net, optimizer.lr)


def examples(recipe: Recipe, data: dict, seed: int):
    """Imágenes, etiquetas, cuáles llevan cifra y con qué se decide parar."""
    x, labels = data["pool"]
    draw = np.random.default_rng([7, seed]).permutation(len(x))[
        : LABELED + recipe.extra
    ]
    x, labels, has_digit = x[draw], labels[draw], np.arange(len(draw)) < LABELED
    watched = data["validation"]
    if recipe.stopping == "own":  # paga su validación: 200 de las mil
        watched, x, labels = (x[800:], labels[800:]), x[:800], labels[:800]
        has_digit = has_digit[:800]
    return x, labels, has_digit, watched


def train(recipe: Recipe, data: dict, seed: int, *, measure="test", member=0) -> dict:
    """Entrena una red y la mide; `member` cambia los pesos iniciales y los lotes."""
    x, labels, has_digit, watched = examples(recipe, data, seed)
    rng = np.random.default_rng([seed, member])
    net, copies = build(recipe, rng), turned(recipe, x, rng)
    optimizer = SGD(net.parameters(), lr=recipe.lr)
    total = EPOCHS * -(-len(x) // recipe.batch_size)
    rate = cosine_decay(lr=recipe.lr, t_max=total) if recipe.cosine else None
    stopping = EarlyStopping(net.parameters(), patience=PATIENCE, mode="max")
    averaged, curves, done = AveragedWeights(net.parameters()), [], 0
    plain = Recipe(lr=recipe.lr) == recipe and measure == "test" and member == 0
    for epoch in range(EPOCHS):
        noisy = {"num_classes": 10, "epsilon": recipe.label_noise, "rng": rng}
        target = noisy_labels(labels, **noisy) if recipe.label_noise else labels
        inputs = epoch_inputs(recipe, copies, rng) if recipe.shift else x
        net.train()
        for b in minibatches(len(x), recipe.batch_size, rng):
            optimizer.lr = rate(done) if rate else recipe.lr
            step(recipe, net, optimizer, inputs[b], target[b], has_digit[b], rng)
            done += 1
        if recipe.average_from and epoch >= recipe.average_from * EPOCHS:
            averaged.update()
        if plain:
            parts = [evaluate(net, cross_entropy, d) for d in ((x, labels), watched)]
            curves.append([parts[0][0], *parts[1]])
        if recipe.stopping and stopping.update(
            evaluate(net, cross_entropy, watched)[1]
        ):
            break
    if recipe.stopping:
        stopping.restore()
    if recipe.average_from:
        averaged.apply()
        update_bn([x[b] for b in minibatches(len(x), 250, rng)], net)
    return results(net, data[measure], (x, labels), curves, stopping)


def results(net, data, seen, curves, stopping) -> dict:
    """Pérdida y exactitud, y lo que alguna tabla o figura pide además."""
    logits = head(predict(net, data[0]))
    loss, accuracy = score(cross_entropy, logits, data[1])
    weights = [layer.weight for layer in net.layers if isinstance(layer, Linear)]
    run = {"loss": loss, "accuracy": accuracy, "logits": logits, "curves": curves}
    run["train"] = float((head(predict(net, seen[0])).argmax(1) == seen[1]).mean())
    run["zeros"] = float(np.mean(np.concatenate([w.ravel() for w in weights]) == 0))
    if stopping.best_epoch is not None:
        run["epoch"] = stopping.best_epoch + 1
    return run


def members(logits: list[np.ndarray]) -> float:
    """En qué fracción de imágenes contestan lo mismo dos redes, de media."""
    answers = np.array([z.argmax(axis=1) for z in logits])
    pairs = [(a, b) for a in range(len(answers)) for b in range(a)]
    return float(np.mean([np.mean(answers[a] == answers[b]) for a, b in pairs]))
