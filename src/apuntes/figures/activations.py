"""Figuras de las funciones de activación, con su derivada."""

import numpy as np
from matplotlib.axes import Axes

from apuntes import activations as f
from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PINK,
    Drawing,
    drawing,
)

WIDTH = 5.3
Z = np.linspace(-5, 5, 401)


def _pair(figure: Drawing, functions: dict, *, top: tuple, bottom: tuple) -> None:
    """Arriba, las funciones; abajo, sus derivadas, con los mismos colores."""
    panels = figure.subplots(2, 1, sharex=True)
    for name, (function, slope, color) in functions.items():
        panels[0].plot(Z, function(Z), color=color, label=name)
        panels[1].plot(*_unjoined(slope(Z)), color=color, label=name)
    for axes, label, limits in zip(
        panels, ("$f(z)$", "$f'(z)$"), (top, bottom), strict=True
    ):
        axes.set(ylabel=label, ylim=limits, xlim=(-5, 5))
        axes.axhline(0, color=INK, linewidth=0.8, alpha=0.5)
    panels[0].legend(loc="upper left")
    panels[1].set_xlabel("$z$")


def _unjoined(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """La curva, cortada donde salta: una derivada que salta no pasa por en medio."""
    jumps = np.flatnonzero(np.abs(np.diff(y)) > 0.4) + 1
    return np.insert(Z, jumps, Z[jumps]), np.insert(y, jumps, np.nan)


@drawing
def saturating() -> Drawing:
    """La sigmoide y la tangente hiperbólica, que se aplanan por los dos lados."""
    figure = Drawing(figsize=(WIDTH, 5.0))
    functions = {
        "sigmoide": (f.sigmoid, f.sigmoid_grad, ORANGE),
        "tanh": (f.tanh, f.tanh_grad, GREEN),
    }
    _pair(figure, functions, top=(-1.15, 1.15), bottom=(-0.08, 1.1))
    _mark(figure.axes[1], 0, 0.25, "¼", ORANGE)
    return with_commas(figure)


def _mark(axes: Axes, x: float, y: float, text: str, color: str) -> None:
    axes.plot(x, y, "o", color=color, markersize=5)
    axes.annotate(text, (x, y), (7, 5), textcoords="offset points", color=color)


@drawing
def rectifiers() -> Drawing:
    """La ReLU y tres maneras de arreglar su lado izquierdo."""
    figure = Drawing(figsize=(WIDTH, 5.4))

    def leaky(z):
        return f.leaky_relu(z, negative_slope=0.1)

    def leaky_slope(z):
        return f.leaky_relu_grad(z, negative_slope=0.1)

    functions = {
        "ReLU": (f.relu, f.relu_grad, BLUE),
        "con fuga 0,1": (leaky, leaky_slope, ORANGE),
        "ELU": (f.elu, f.elu_grad, GREEN),
        "softplus": (f.softplus, f.softplus_grad, PINK),
    }
    _pair(figure, functions, top=(-1.3, 3.3), bottom=(-0.08, 1.1))
    return with_commas(figure)


@drawing
def gates() -> Drawing:
    """GELU y SiLU: la entrada, por lo abierta que esté una puerta suave."""
    figure = Drawing(figsize=(WIDTH, 5.2))
    functions = {
        "ReLU": (f.relu, f.relu_grad, INK),
        "GELU": (f.gelu, f.gelu_grad, BLUE),
        "SiLU": (f.silu, f.silu_grad, ORANGE),
    }
    _pair(figure, functions, top=(-0.6, 3.3), bottom=(-0.25, 1.25))
    peak = np.sqrt(2)
    _mark(figure.axes[1], peak, f.gelu_grad(np.array(peak)), "1,13", BLUE)
    figure.axes[0].lines[0].set(linewidth=1, linestyle="--")
    figure.axes[1].lines[0].set(linewidth=1, linestyle="--")
    return with_commas(figure)


@drawing
def dead_units() -> Drawing:
    """Neuronas que no responden a ninguna imagen, y exactitud, según la tasa."""
    figure = Drawing(figsize=(WIDTH, 4.8))
    top, bottom = figure.subplots(2, 1, sharex=True)
    dead = measured("activaciones")["muertas"]
    places = np.arange(len(dead["tasas"]))
    for name, label, color in (
        ("relu", "ReLU", BLUE),
        ("leaky_relu", "con fuga 0,01", ORANGE),
    ):
        rows = np.array(dead["muertas_exactitud_divergen"][name], dtype=float)
        silent, scores, diverged = rows.T  # sin silent si divergen todas
        top.plot(places, np.where(diverged > 0, np.nan, silent), "o-", color=color)
        bottom.plot(places, scores, "-", color=color, label=label)
        for mark, size, shown in (("o", 6, diverged == 0), ("X", 9, diverged > 0)):
            bottom.plot(places[shown], scores[shown], mark, color=color, ms=size)
    top.set(ylabel="siempre z ≤ 0, %", ylim=(-4, 104))
    bottom.set(ylabel="exactitud, %", ylim=(0, 104), xlabel="tasa η")
    bottom.set_xticks(places, [number(rate) for rate in dead["tasas"]])
    bottom.legend(loc="lower left")
    return figure
