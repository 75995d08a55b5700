"""Figuras de la profundidad: para qué sirve y qué les pasa a los gradientes."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullFormatter

from apuntes.activations import relu
from apuntes.figures._deep import activation_sizes, deep, gradient_sizes
from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import (
    BLUE,
    CYCLE,
    GREEN,
    INK,
    ORANGE,
    PINK,
    Drawing,
    drawing,
)
from apuntes.initialization import kaiming_normal, xavier_normal
from apuntes.layers import Linear, ReLU, Residual, Sigmoid, Tanh
from apuntes.normalization import BatchNorm1d

WIDTH = 5.3
# Capas con pesos y error entre los cinco primeros en la prueba de ILSVRC, combinando
# varias redes: Krizhevsky et al. (2012, con otra de 2011 para preentrenar), Simonyan y
# Zisserman (2015), Szegedy et al. (2015) y He et al. (2016, tabla 5).
IMAGENET = (
    ("AlexNet", 2012, 8, 15.3),
    ("VGG", 2014, 19, 7.3),
    ("GoogLeNet", 2014, 22, 6.7),
    ("ResNet", 2015, 152, 3.57),
)
DEEP = 50
STANDARD = {  # activación, sorteo y color
    "sigmoide": (Sigmoid, xavier_normal, ORANGE),
    "tanh": (Tanh, xavier_normal, GREEN),
    "ReLU": (ReLU, kaiming_normal, BLUE),
}


@drawing
def imagenet_depth() -> Drawing:
    """Capas y error de cuatro redes que marcaron el concurso de ImageNet."""
    figure = Drawing(figsize=(WIDTH, 4.6))
    top, bottom = figure.subplots(2, 1, sharex=True)
    names = [f"{name}\n{year}" for name, year, *_ in IMAGENET]
    for axes, column, color, spec in (
        (top, 2, BLUE, ".0f"),
        (bottom, 3, ORANGE, ".1f"),
    ):
        values = [row[column] for row in IMAGENET]
        bars = axes.bar(names, values, width=0.6, color=color)
        axes.bar_label(bars, [number(v, spec) for v in values], padding=2)
        axes.grid(visible=False, axis="x")
        axes.margins(y=0.18)
    top.set(ylabel="capas con pesos")
    bottom.set(ylabel="error, %")
    return figure


def tent(x: np.ndarray) -> np.ndarray:
    """La tienda de campaña: sube de 0 a 1 y vuelve a 0 cuando `x` va de 0 a 1."""
    return 2 * relu(x) - 4 * relu(x - 0.5)


@drawing
def sawtooth() -> Drawing:
    """La tienda compuesta consigo misma: cada capa de dos neuronas dobla los tramos."""
    figure = Drawing(figsize=(WIDTH, 5.6))
    panels = figure.subplots(4, 1, sharex=True)
    x = y = np.linspace(0, 1, 65)
    for k, axes in enumerate(panels, start=1):
        y = tent(y)
        axes.plot(x, y, color=BLUE)
        layers = "1 capa" if k == 1 else f"{k} capas"
        axes.set_title(f"{layers}, {2 * k} neuronas: {2**k} tramos")
        axes.set(ylim=(-0.08, 1.12), yticks=(0, 1))
    panels[-1].set(xlabel="$x$", xticks=(0, 0.25, 0.5, 0.75, 1))
    return with_commas(figure)


@drawing
def accuracy_by_depth() -> Drawing:
    """Exactitud en validación de una red sin atajos, frente a su número de capas."""
    figure = Drawing(figsize=(WIDTH, 3.0))
    axes, rows = figure.add_subplot(), measured("residuales")["degradacion"]["llana"]
    depths = [int(depth) for depth in rows]
    scores = [row["exactitud_media"] for row in rows.values()]
    axes.plot(depths, scores, "o-", color=BLUE)
    shifts = (4, 6), (-2, -15), (0, 7), (4, 6), (-4, 8)
    for point, shift in zip(zip(depths, scores, strict=True), shifts, strict=True):
        text = number(point[1], ".1f")
        axes.annotate(text, point, shift, textcoords="offset points")
    axes.set(xlabel="capas ocultas", ylabel="exactitud, %", xlim=(0, 44), ylim=(0, 108))
    return with_commas(figure)


@drawing
def learning_speed() -> Drawing:
    """Norma del gradiente de los sesgos de cada capa oculta, época a época."""
    figure = Drawing(figsize=(WIDTH, 7.0))
    speed = measured("profundidad")["velocidad"]
    panels = figure.subplots(3, 1, sharex=True, sharey=True)
    for axes, (depth, drawn) in zip(panels, speed["capas"].items(), strict=True):
        for i, norms in enumerate(drawn["normas"]):
            epochs = speed["cada"] * np.arange(len(norms))
            label = f"capa {i + 1}"
            axes.plot(epochs, norms, color=CYCLE[i], label=label, linewidth=1.6)
        axes.set(yscale="log", ylabel="norma", title=f"{depth} capas ocultas")
        decades(axes)
        axes.legend(loc="upper right", ncols=2)
    panels[-1].set_xlabel("época")
    panels[0].set_ylim(1e-5, 3)
    return figure


def decades(axes: Axes) -> None:
    """En el eje vertical, solo potencias de diez."""
    axes.yaxis.set_major_locator(LogLocator(10, numticks=6))
    axes.yaxis.set_minor_formatter(NullFormatter())


@drawing
def three_activations() -> Drawing:
    """Cincuenta capas: lo que mide cada activación y cada gradiente."""
    figure = Drawing(figsize=(WIDTH, 5.4))
    top, bottom = figure.subplots(2, 1, sharex=True)
    layer = np.arange(1, DEEP + 1)
    for name, (activation, init, color) in STANDARD.items():
        network = deep(activation, depth=DEEP, width=64, init=init)
        top.plot(layer, activation_sizes(network), color=color, label=name)
        bottom.plot(layer, gradient_sizes(network), color=color, label=name)
    top.set(yscale="log", ylim=(1e-2, 1e2), ylabel="activación")
    bottom.set(yscale="log", ylabel="gradiente", xlabel="capa")
    decades(top)
    decades(bottom)
    top.legend(ncols=3, loc="upper right")
    return figure


@drawing
def weight_scale() -> Drawing:
    """La ReLU con los pesos de He multiplicados por cuatro factores."""
    figure = Drawing(figsize=(WIDTH, 5.8))
    top, bottom = figure.subplots(2, 1, sharex=True)
    layer = np.arange(1, DEEP + 1)
    for gain, color in zip(
        (0.5, 0.8, 1.0, 1.3), (PINK, ORANGE, BLUE, GREEN), strict=True
    ):
        network = deep(ReLU, depth=DEEP, width=64, init=kaiming_normal, gain=gain)
        style = {"color": color, "label": f"× {number(gain)}"}
        top.plot(layer, activation_sizes(network), **style)
        bottom.plot(layer, gradient_sizes(network), **style)
    for axes, name in ((top, "activación"), (bottom, "gradiente")):
        axes.set(yscale="log", ylabel=name)
        decades(axes)
    figure.legend(*top.get_legend_handles_labels(), loc="outside upper center", ncols=4)
    bottom.set_xlabel("capa")
    return figure


def _centred(i: int, linear: Linear, activation) -> list:
    if i:
        linear.bias = -linear.weight.sum(axis=1) / 2
    return [linear, activation]


def _bypassed(i: int, *block) -> list:
    return [Residual(*block)] if i else list(block)


def _normalized(_, linear: Linear, activation) -> list:
    return [linear, BatchNorm1d(linear.out_features), activation]


REMEDIES = {  # activación, ganancia, arreglo de cada capa y color
    "sin remedio": (Sigmoid, 1, None, INK),
    "ReLU": (ReLU, 1, None, BLUE),
    "inicialización": (Sigmoid, 4, _centred, GREEN),
    "atajos": (Sigmoid, 1, _bypassed, ORANGE),
    "normalización": (Sigmoid, 1, _normalized, PINK),
}


@drawing
def remedies() -> Drawing:
    """La red que se apaga, y lo que mide su gradiente con cada remedio."""
    figure = Drawing(figsize=(WIDTH, 4.6))
    axes = figure.add_subplot()
    for name, (activation, gain, wrap, color) in REMEDIES.items():
        options = {"init": xavier_normal, "gain": gain, "wrap": wrap}
        network = deep(activation, depth=20, width=30, **options)
        norms = gradient_sizes(network, every=2 if wrap is _normalized else 1)
        style = {"color": color, "label": name, "linewidth": 1.8}
        axes.plot(np.arange(1, 21), norms, **style)
    axes.set(yscale="log", xlabel="capa", ylabel="norma del gradiente")
    axes.set(xticks=(1, 5, 10, 15, 20))
    decades(axes)
    figure.legend(loc="outside upper center", ncols=2)
    return figure
