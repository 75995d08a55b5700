"""El problema de la negación de 1986: la red que se entrena y sus pesos."""

import functools
import itertools

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from apuntes.figures.style import BLUE, INK, ORANGE, Drawing, drawing
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import quadratic_cost_grad
from apuntes.optimizers import SGD

INPUTS = np.array([*itertools.product([0.0, 1.0], repeat=4)])
TARGETS = np.where(INPUTS[:, :1] == 1, 1 - INPUTS[:, 1:], INPUTS[:, 1:])
SEED, STEPS, DECAY = 14, 3000, 1e-4


def train(seed: int, *, decay: float, steps: int = STEPS) -> Sequential:
    """Red 4-6-3 de sigmoides que aprende los 16 casos con todos a la vez."""
    rng = np.random.default_rng(seed)
    layers = Linear(4, 6, rng=rng), Sigmoid(), Linear(6, 3, rng=rng), Sigmoid()
    network = Sequential(*layers)
    parameters = network.parameters()
    optimizer = SGD(parameters, lr=1.0, momentum=0.9, weight_decay=decay)
    for _ in range(steps):
        network.backward(quadratic_cost_grad(network.forward(INPUTS), TARGETS))
        optimizer.step(network.gradients())
    return network


@functools.cache
def weights() -> tuple[np.ndarray, np.ndarray]:
    """Pesos de las dos capas, `(6, 4)` y `(3, 6)`, con las ocultas por su salida."""
    network = train(SEED, decay=DECAY)
    first, last = network[0].weight, network[2].weight
    order = np.argsort(np.abs(last).argmax(axis=0), kind="stable")
    return first[order], last[:, order]


def _squares(axes: Axes, table: np.ndarray, rows: list[str], top: float) -> None:
    """Un cuadrado por peso, de área proporcional a su valor absoluto."""
    for (i, j), value in np.ndenumerate(table):
        side = 0.92 * np.sqrt(abs(value) / 8)
        corner = (j - side / 2, top + i - side / 2)
        color = ORANGE if value > 0 else BLUE
        axes.add_patch(Rectangle(corner, side, side, color=color, linewidth=0))
    for i, name in enumerate(rows):
        axes.text(-0.75, top + i, name, ha="right", va="center")


@drawing
def negation_weights() -> Drawing:
    """Los pesos de las seis ocultas: qué entradas miran y qué salida mueven."""
    first, last = weights()
    figure = Drawing(figsize=(5.0, 5.0))
    axes = figure.add_subplot()
    _squares(axes, first.T, ["negar", "bit 1", "bit 2", "bit 3"], 0)
    _squares(axes, last, ["salida 1", "salida 2", "salida 3"], 5)
    for edge in (1.5, 3.5):
        axes.plot([edge, edge], [-0.6, 7.6], color=INK, linewidth=0.8, linestyle=":")
    for y, text in ((-1.0, "lo que recibe cada neurona oculta"), (4.1, "lo que envía")):
        axes.text(2.5, y, text, ha="center", va="center")
    for j in range(6):
        axes.text(j, 8.0, f"$h_{j + 1}$", ha="center", va="center")
    axes.set(xlim=(-2.4, 5.6), ylim=(8.3, -1.3), aspect="equal")
    axes.set_axis_off()
    return figure
