"""Figuras del coste cuadrático y del catálogo de pérdidas."""

from collections.abc import Callable
from functools import partial

import numpy as np
from matplotlib.axes import Axes

from apuntes.activations import sigmoid, sigmoid_grad
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, WIDTH, Drawing, drawing
from apuntes.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_grad,
    hinge_loss,
    huber_loss,
    huber_loss_grad,
    l1_loss,
    l1_loss_grad,
    mse_loss,
    mse_loss_grad,
    quadratic_cost_grad,
)

# La salida y el objetivo del ejemplo trabajado del capítulo 2: un cero.
OUTPUT = np.array([0.9, 0.1, 0.1, 0.2, 0, 0, 0, 0, 0, 0])
TARGET = np.eye(10)[0]
# Tres puntos que una recta por el origen no puede ajustar del todo.
X, Y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 7.0])
OUTLIER = np.array([1.0, 2.0, 3.0, 4.0, 40.0])
DELTAS = (0.5, 1.0, 2.0)


def _each(f: Callable, first: np.ndarray, target: float) -> np.ndarray:
    """Evalúa `f` ejemplo a ejemplo, con el mismo objetivo para todos."""
    fixed = np.array([[target]])
    return np.array([np.squeeze(f(np.array([[v]]), fixed)) for v in first])


@drawing
def output_vs_target() -> Drawing:
    """Salida frente a objetivo, y el cuadrado de cada diferencia."""
    figure = Drawing(figsize=(WIDTH, 2.9))
    axes, classes = figure.add_subplot(), np.arange(10)
    axes.bar(classes - 0.2, OUTPUT, 0.4, label="salida a")
    axes.bar(classes + 0.2, TARGET, 0.4, label="objetivo y")
    for k in np.flatnonzero(OUTPUT != TARGET):
        square = number((OUTPUT[k] - TARGET[k]) ** 2, ".2f")
        axes.text(k, max(OUTPUT[k], TARGET[k]) + 0.03, square, ha="center")
    axes.set(xlabel="neurona de salida", xticks=classes, ylim=(0, 1.2))
    axes.grid(axis="x", visible=False)
    axes.legend(loc="upper right")
    return with_commas(figure)


def _line_cost(slopes: np.ndarray) -> np.ndarray:
    """Coste medio de la recta `y = w x` para cada pendiente `w`."""
    return np.array([mse_loss(w * X[:, None], Y[:, None]) for w in slopes])


@drawing
def sum_and_mean() -> Drawing:
    """La suma y la media tienen el mismo mínimo y distinta pendiente."""
    figure = Drawing(figsize=(WIDTH, 3.4))
    axes, slopes = figure.add_subplot(), np.linspace(0.2, 3.9, 120)
    tangent, places = np.array([0.6, 1.4]), (((10, 2), "left"), ((-10, -17), "right"))
    for scale, name, place in zip((3, 1), ("suma", "media"), places, strict=True):
        (line,) = axes.plot(slopes, scale * _line_cost(slopes), label=name)
        value = scale * _line_cost(np.ones(1))[0]
        slope = scale * float(X @ mse_loss_grad(X, Y))
        axes.plot(tangent, value + slope * (tangent - 1), "--", color=line.get_color())
        axes.plot(1, value, "o", color=line.get_color())
        text, (offset, side) = f"pendiente {number(slope)}", place
        axes.annotate(text, (1, value), offset, textcoords="offset points", ha=side)
    best = float(X @ Y / (X @ X))
    axes.axvline(best, color=INK, linewidth=1, linestyle=":")
    axes.text(best + 0.05, 26, f"w = {number(best, '.2f')}")
    axes.set(xlabel="parámetro w", ylabel="coste", ylim=(0, 36), xlim=(0, 4))
    figure.legend(loc="outside upper center", ncols=2)
    return with_commas(figure)


REGRESSION = {
    "cuadrática": (mse_loss, mse_loss_grad),
    "absoluta": (l1_loss, l1_loss_grad),
    "Huber, δ = 1": (huber_loss, huber_loss_grad),
}


def _two_panels(height: float = 3.0) -> tuple[Drawing, Axes, Axes]:
    figure = Drawing(figsize=(WIDTH, height))
    left, right = figure.subplots(1, 2)
    return figure, left, right


@drawing
def regression_losses() -> Drawing:
    """Pérdidas de regresión y sus derivadas frente al residuo."""
    figure, left, right = _two_panels()
    residual = np.linspace(-3, 3, 241)
    for name, (loss, grad) in REGRESSION.items():
        jump = name == "absoluta"  # el salto en cero no se une con una raya
        # A trazos y encima: donde coincide con la de Huber se ven las dos.
        style = {"linestyle": (0, (3, 2)), "zorder": 3} if jump else {}
        left.plot(residual, _each(loss, residual, 0.0), label=name, **style)
        slope = _each(grad, residual, 0.0)
        right.plot(residual, np.where((residual == 0) & jump, np.nan, slope), **style)
    left.set(title="pérdida", ylim=(0, 5), xlabel="residuo ŷ − y")
    right.set(title="derivada", ylim=(-4, 4), xlabel="residuo ŷ − y")
    figure.legend(loc="outside upper center", ncols=3)
    return with_commas(figure)


@drawing
def huber_family() -> Drawing:
    """La familia de Huber entre la parábola y el valor absoluto."""
    figure, left, right = _two_panels()
    residual = np.linspace(-4, 4, 161)
    left.plot(residual, residual**2 / 2, "--", color=INK, linewidth=1)
    right.plot(residual, residual, "--", color=INK, linewidth=1)
    for delta in DELTAS:
        loss = partial(huber_loss, delta=delta)
        grad = partial(huber_loss_grad, delta=delta)
        left.plot(residual, _each(loss, residual, 0.0), label=f"δ = {number(delta)}")
        right.plot(residual, _each(grad, residual, 0.0))
    left.set(title="pérdida", ylim=(0, 6), xlabel="residuo ŷ − y")
    right.set(title="derivada", ylim=(-3, 3), xlabel="residuo ŷ − y")
    figure.legend(loc="outside upper center", ncols=3)
    return with_commas(figure)


@drawing
def outlier() -> Drawing:
    """Qué constante elige cada pérdida cuando hay un dato atípico."""
    figure = Drawing(figsize=(WIDTH, 3.2))
    axes, constants = figure.add_subplot(), np.linspace(0, 16, 641)
    losses = {
        "absoluta": l1_loss,
        "Huber, δ = 5": partial(huber_loss, delta=5.0),
        "cuadrática": mse_loss,
    }
    for (name, loss), color in zip(losses.items(), (ORANGE, GREEN, BLUE), strict=True):
        cost = np.array([loss(np.full(5, c), OUTLIER) for c in constants])
        best = constants[cost.argmin()]
        axes.plot(constants, cost / cost.min(), color=color, label=name)
        axes.plot(best, 1, "o", color=color)
        side, shift = ("right", -0.1) if best < 3.5 else ("left", 0.1)
        axes.text(best + shift, 0.9, number(best), ha=side)
    axes.plot(OUTLIER[:-1], np.full(4, 0.8), "|", color=INK, markersize=12, mew=2)
    axes.annotate("y un quinto dato en 40 →", (16, 0.8), ha="right", va="center")
    axes.set(xlabel="predicción constante ŷ", ylim=(0.72, 2), xlim=(0, 16))
    axes.set_ylabel("coste / coste mínimo")
    figure.legend(loc="outside upper center", ncols=3)
    return with_commas(figure)


@drawing
def margin_losses() -> Drawing:
    """Pérdidas de clasificación frente al margen."""
    figure = Drawing(figsize=(WIDTH, 3.2))
    axes, margin = figure.add_subplot(), np.linspace(-2, 3, 251)
    axes.step(margin, margin <= 0, color=INK, linewidth=1.2, label="error: 0 o 1")
    axes.plot(margin, _each(hinge_loss, margin, 1.0), label="bisagra")
    logistic = _each(binary_cross_entropy_with_logits, margin, 1.0)
    axes.plot(margin, logistic, label="entropía cruzada")
    axes.plot(margin, _each(mse_loss, margin, 1.0), label="cuadrática")
    axes.axvline(0, color=INK, linewidth=1, linestyle=":")
    axes.set(xlabel="margen y · ŷ", ylabel="pérdida", ylim=(-0.05, 3.2))
    figure.legend(loc="outside upper center", ncols=2)
    return with_commas(figure)


@drawing
def binary_losses() -> Drawing:
    """Entropía cruzada binaria frente a la probabilidad predicha."""
    figure = Drawing(figsize=(WIDTH, 3.0))
    axes, p = figure.add_subplot(), np.linspace(0.005, 0.995, 199)
    for target in (1.0, 0.0):
        (line,) = axes.plot(
            p, _each(binary_cross_entropy, p, target), label=f"y = {target:.0f}"
        )
        at = _each(binary_cross_entropy, np.array([0.8]), target)[0]
        axes.plot(0.8, at, "o", color=line.get_color())
        side = "center" if target else "right"  # la de y = 0 sube hacia la derecha
        axes.text(0.8, at + 0.15, number(at, ".3f"), ha=side)
    axes.set(xlabel="probabilidad p", ylabel="pérdida", ylim=(0, 4.2), xlim=(0, 1))
    axes.legend(loc="upper center")
    return with_commas(figure)


@drawing
def saturation() -> Drawing:
    """Gradiente que llega a `z` con cada coste cuando lo correcto es `y = 1`."""
    figure = Drawing(figsize=(WIDTH, 3.0))
    axes, z = figure.add_subplot(), np.linspace(-8, 8, 161)
    a = sigmoid(z)
    entropy = _each(binary_cross_entropy_with_logits_grad, z, 1.0)
    quadratic = _each(quadratic_cost_grad, a, 1.0) * sigmoid_grad(z)
    axes.plot(z, np.abs(quadratic), label="coste cuadrático")
    axes.plot(z, np.abs(entropy), label="entropía cruzada")
    axes.set(xlabel="logit z", ylabel="|∂L/∂z|")
    axes.legend(loc="upper right")
    return with_commas(figure)
