"""Lo que se ve de los juegos en papel, en un cuaderno o sin JavaScript."""

import base64

import numpy as np

from apuntes.activations import softmax
from apuntes.data import flatten_images, mnist_sample
from apuntes.descent import (
    gradient_descent,
    himmelblau,
    himmelblau_grad,
    quadratic,
    quadratic_grad,
)
from apuntes.figures._images import ink, mosaic, show, signed
from apuntes.figures._maps import WIDE, level_curves, marked, trail
from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.descent import LEVELS, START
from apuntes.figures.graph import draw_graph
from apuntes.figures.himmelblau import LEVELS as HIMMELBLAU_LEVELS
from apuntes.figures.himmelblau import STARTS, minima
from apuntes.figures.style import BLUE, ORANGE, Drawing, drawing
from apuntes.graph import Value
from apuntes.layers import Linear, Sequential, Sigmoid


@drawing
def descent() -> Drawing:
    """Cincuenta pasos en cada función, a un lado y a otro de su tasa crítica."""
    figure = Drawing(figsize=(WIDE, 4.2))
    top, bottom = figure.subplots(2, 2)
    for axes, lr in zip(top, (0.46, 0.47), strict=True):
        level_curves(axes, quadratic, (-1.6, 1.6), (-1.6, 1.6), LEVELS)
        marked(axes, (0, 0), "*", BLUE, 12)
        trail(axes, gradient_descent(quadratic_grad, START, lr=lr, steps=50), size=4)
        axes.set(title=f"η = {number(lr)}", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    for axes, lr in zip(bottom, (0.01, 0.02), strict=True):
        level_curves(axes, himmelblau, (-5, 5), (-5, 5), HIMMELBLAU_LEVELS)
        for minimum in minima():
            marked(axes, minimum, "*", BLUE, 12)
        path = gradient_descent(himmelblau_grad, STARTS[3], lr=lr, steps=50)
        trail(axes, path, size=4)
        axes.set(title=f"η = {number(lr)}", xticks=(-4, 0, 4), yticks=(-4, 0, 4))
    for axes in figure.axes:
        axes.set_aspect("equal")
    return with_commas(figure)


def network_from(red: dict) -> Sequential:
    """La red del juego de las cifras, de lo que publica `benchmarks/juego_cifras.py`.

    La primera capa son enteros de un byte, con una escala por neurona.
    """
    rng = np.random.default_rng(0)
    hidden, last = Linear(784, 15, rng=rng), Linear(15, 10, rng=rng)
    small = np.frombuffer(base64.b64decode(red["W1"]), np.int8).reshape(15, 784)
    hidden.weight, hidden.bias = small * np.array(red["escalas"])[:, None], red["b1"]
    last.weight, last.bias = red["W2"], red["b2"]
    return Sequential(hidden, Sigmoid(), last)


@drawing
def digit() -> Drawing:
    """Un 3, las 15 neuronas ocultas de la red y sus diez probabilidades."""
    network = network_from(measured("juego-cifras")["red"])
    images, labels = mnist_sample("test")
    three = images[labels == 3][:1]
    x = flatten_images(three, dtype=np.float64)
    active = network[1].forward(network[0].forward(x))[0]
    figure = Drawing(figsize=(WIDE, 4.6))
    top, bottom = figure.subfigures(2, 1, height_ratios=(1.5, 1))
    left, right = top.subplots(1, 2, width_ratios=(1, 1.75))
    show(left, ink(three[0]))
    left.set_title("la imagen")
    weights = network[0].weight.reshape(-1, 28, 28)
    limit = float(np.quantile(np.abs(weights), 0.99))
    show(right, signed(mosaic(weights, columns=5), limit=limit))
    right.set_title("los pesos de las 15 ocultas")
    for j in range(15):
        right.text(30 * (j % 5) + 1, 30 * (j // 5) + 4, str(j))
    left, right = bottom.subplots(1, 2, width_ratios=(1.4, 1))
    left.bar(range(15), active, color=BLUE)
    left.set(title="activaciones", xticks=range(0, 15, 2), ylim=(0, 1.05))
    right.bar(range(10), softmax(network.forward(x))[0], color=ORANGE)
    right.set(title="probabilidades", xticks=range(10), ylim=(0, 1.05))
    for axes in (left, right):
        axes.grid(visible=False)
    return with_commas(figure)


@drawing
def gates() -> Drawing:
    """La neurona sigmoide, con la sigmoide en una sola puerta."""
    w, x = [Value(v) for v in (2, -3, -3)], [Value(v) for v in (-1, -2)]
    s = w[0] * x[0] + w[1] * x[1]
    z = s + w[2]
    a = z.sigmoid()
    labels = {"w₀": w[0], "x₀": x[0], "w₁": w[1], "x₁": x[1], "w₂": w[2], "z": z}
    return draw_graph(a, labels | {"a": a}, {w[2]: 2.9})
