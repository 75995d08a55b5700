"""Figuras de la inicialización en marcha: `nn.Linear` y los entrenamientos medidos."""

from functools import partial

import numpy as np
from matplotlib.axes import Axes

from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.initialization import (
    DEPTH,
    WIDTH,
    deep_network,
    layer_sizes,
    rms,
    signals,
)
from apuntes.figures.style import (
    BLUE,
    GOLD,
    GREEN,
    INK,
    ORANGE,
    PINK,
    Drawing,
    drawing,
)
from apuntes.initialization import kaiming_normal, kaiming_uniform
from apuntes.layers import ReLU, Sequential

RECIPES = {
    "he": ("He", BLUE),
    "glorot": ("Glorot", GREEN),
    "pytorch": ("nn.Linear", ORANGE),
    "decima": ("σ = 0,1", GOLD),
    "centesima": ("σ = 0,01", PINK),
    "uno": ("σ = 1", INK),
}


def like_torch(rng: np.random.Generator) -> Sequential:
    """La red ReLU con los pesos y los sesgos que sortea `torch.nn.Linear`."""
    network = deep_network(partial(kaiming_uniform, a=5**0.5), ReLU)
    for layer in network.layers[::2]:
        bound = layer.in_features**-0.5
        layer.bias = rng.uniform(-bound, bound, size=layer.out_features)
    return network


@drawing
def torch_default() -> Drawing:
    """Con los valores de PyTorch hay señal, pero es la de los sesgos."""
    figure = Drawing(figsize=(WIDTH, 3.7))
    axes = figure.add_subplot()
    for name, network, color in (
        ("He", deep_network(kaiming_normal, ReLU), BLUE),
        ("nn.Linear", like_torch(np.random.default_rng(1)), ORANGE),
    ):
        outputs, _ = signals(network)
        own = [h - h.mean(axis=0) for h in outputs]
        layer_sizes(axes, rms(outputs), color=color, label=name)
        label = f"{name}, lo que cambia con la imagen"
        layer_sizes(axes, rms(own), color=color, linestyle=":", label=label)
    axes.set(yscale="log", xlabel="capa oculta", ylabel="activaciones h")
    axes.set_xticks(range(1, DEPTH + 1))
    figure.legend(loc="outside upper center", ncols=1)
    return figure


# -- entrenamientos, de results/inicializacion.json ------------------------------


def _band(axes: Axes, run: dict, *, color: str, label: str) -> None:
    """Pérdida de validación por época: media y una desviación típica."""
    mean, spread = (
        np.array(run[k]) for k in ("validacion_media", "validacion_desviacion")
    )
    epochs = np.arange(len(mean))
    band = {"color": color, "alpha": 0.2, "linewidth": 0}
    axes.fill_between(epochs, mean - spread, mean + spread, **band)
    axes.plot(epochs, mean, "o-", ms=3.5, color=color, label=label)


@drawing
def depth_accuracy() -> Drawing:
    """Aciertos en la prueba según la profundidad, con la mejor tasa de cada red."""
    figure = Drawing(figsize=(WIDTH, 3.8))
    axes, depths = (
        figure.add_subplot(),
        measured("inicializacion")["profundidad"]["capas"],
    )
    for column, name in enumerate(("he", "glorot", "pytorch", "centesima")):
        label, color = RECIPES[name]
        runs = [depths[depth][name]["prueba_pct"] for depth in depths]
        # Un poco apartadas, para que se vean las que empatan.
        x = np.arange(len(depths)) + 0.09 * (column - 1.5)
        axes.plot(x, np.mean(runs, axis=1), "o-", color=color, label=label)
        for place, hits in zip(x, runs, strict=True):
            axes.plot([place] * len(hits), hits, "_", ms=7, color=color)
    axes.axhline(10, color=INK, linewidth=1, linestyle="--")
    axes.set_xticks(range(len(depths)), list(depths))
    axes.set(xlabel="capas ocultas", ylabel="% de aciertos en la prueba", ylim=(0, 100))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawing
def deep_curves() -> Drawing:
    """Pérdida de validación de la red de diez capas ocultas."""
    figure = Drawing(figsize=(WIDTH, 3.8))
    runs = measured("inicializacion")["profundidad"]["capas"]["10"]
    axes = figure.add_subplot()
    for name in ("he", "decima", "glorot", "pytorch", "centesima"):
        label, color = RECIPES[name]
        _band(axes, runs[name], color=color, label=label)
    # Las dos que no aprenden van una sobre otra: que se vean las dos.
    axes.lines[-1].set(linestyle=(0, (3, 3)))
    axes.set(xlabel="época", ylabel="pérdida en validación", ylim=(0, 2.9))
    figure.legend(loc="outside upper center", ncols=3)
    return with_commas(figure)


@drawing
def one_hidden_layer() -> Drawing:
    """La red 784-15-10 con seis inicios: todas acaban cerca."""
    figure = Drawing(figsize=(WIDTH, 4.2))
    results, axes = measured("inicializacion")["una_capa"], figure.add_subplot()
    names = [name for name in RECIPES if name in results]
    for row, name in enumerate(reversed(names)):
        hits, color = results[name]["prueba_pct"], RECIPES[name][1]
        axes.plot(hits, [row] * len(hits), "|", ms=14, color=color)
        axes.plot(np.mean(hits), row, "o", color=color, zorder=3)
    labels = [
        f"{RECIPES[name][0]} (η = {number(results[name]['lr'])})"
        for name in reversed(names)
    ]
    axes.set_yticks(range(len(names)), labels)
    axes.set_xlabel("% de aciertos en la prueba")
    return with_commas(figure)
