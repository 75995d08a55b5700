"""Figuras de lo que se gana y lo que se pierde al normalizar, de `results/`."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, PINK, Drawing, drawing

WIDTH = 5.3
COLORS = {"ninguna": ORANGE, "lotes": BLUE, "capas": GREEN}
NAMES = {"ninguna": "sin normalizar", "lotes": "por lotes", "capas": "por capas"}


def _log_axis(axis, marks=None) -> None:
    """Marcas con su número, sin potencias."""
    if marks is not None:
        axis.set_major_locator(FixedLocator(marks))
        axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda v, _: number(v, "g")))
    axis.set_minor_formatter(NullFormatter())


def _band(axes: Axes, x, rows: list[dict], color: str, label: str) -> None:
    """Media de las semillas, y de la peor a la mejor."""
    low, mean, high = (
        np.array([row[k] for row in rows]) for k in ("minimo", "media", "maximo")
    )
    axes.fill_between(x, low, high, color=color, alpha=0.22, lw=0)
    axes.plot(x, mean, "o-", color=color, label=label, ms=4)


@drawing
def rates() -> Drawing:
    """Exactitud a las tres épocas según la tasa, con y sin normalizar."""
    figure = Drawing(figsize=(WIDTH, 3.9))
    axes, data = figure.add_subplot(), measured("normalizacion")["tasas"]
    for norm, color in COLORS.items():
        _band(axes, data["tasas"], data[norm], color, NAMES[norm])
    axes.set(xscale="log", xlabel="tasa de aprendizaje η", ylabel="exactitud, %")
    axes.set(ylim=(0, 102))
    _log_axis(axes.xaxis, (0.001, 0.01, 0.1, 1, 10))
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 0.02))
    return figure


@drawing
def starts() -> Drawing:
    """Exactitud con los pesos iniciales multiplicados por un factor."""
    figure = Drawing(figsize=(WIDTH, 3.7))
    axes, data = figure.add_subplot(), measured("normalizacion")["inicio"]
    for norm, color in COLORS.items():
        _band(axes, data["factores"], data[norm], color, NAMES[norm])
    axes.set(xscale="log", ylim=(0, 102), ylabel="exactitud, %")
    axes.set_xlabel("pesos iniciales, en veces los de He")
    _log_axis(axes.xaxis, data["factores"])
    axes.legend(loc="center left", bbox_to_anchor=(0.0, 0.4), handlelength=1.2)
    return figure


@drawing
def on_purpose() -> Drawing:
    """El desplazamiento puesto a propósito: cuánto hay y cómo se aprende."""
    figure = Drawing(figsize=(WIDTH, 5.0))
    top, bottom = figure.subplots(2, 1, height_ratios=(1, 1.9))
    data = measured("normalizacion")["ruido"]
    colors = COLORS | {"ruido": PINK}
    names = NAMES | {"ruido": "por lotes, y ruido"}
    kinds = ("ninguna", "lotes", "ruido")
    for row, kind in enumerate(kinds):
        moved = data[kind]["desplazamiento"]["media"]
        top.barh(-row, moved, color=colors[kind], height=0.65, lw=0)
        top.text(moved, -row, f" {number(moved, '#.2g')}", va="center")
        curve = np.array(data[kind]["validacion_media"])
        spread = np.array(data[kind]["validacion_desviacion"])
        epochs = np.arange(1, len(curve) + 1)
        low, high = curve - spread, curve + spread
        bottom.fill_between(epochs, low, high, color=colors[kind], alpha=0.2, lw=0)
        bottom.plot(epochs, curve, "o-", color=colors[kind], ms=4, label=names[kind])
    top.set(yticks=(0, -1, -2), title="cuánto se mueve en un paso lo que llega")
    top.set_yticklabels([names[kind] for kind in kinds])
    top.margins(x=0.15)
    top.grid(visible=False, axis="y")
    bottom.set(xlabel="época", ylabel="exactitud, %", xticks=epochs)
    bottom.legend(loc="lower right")
    return with_commas(figure)


@drawing
def smoothness() -> Drawing:
    """Entre qué valores anda la pérdida a lo largo de un paso."""
    figure = Drawing(figsize=(WIDTH, 5.6))
    data = measured("normalizacion")["suavidad"]
    top, bottom = figure.subplots(2, 1, sharex=True)
    for norm, color in COLORS.items():
        steps = data[norm]["paso"]
        low, high = (np.array(data[norm][f"perdida_{k}"]) for k in ("min", "max"))
        fill = {"color": color, "alpha": 0.4, "label": NAMES[norm], "lw": 0}
        top.fill_between(steps, low, np.minimum(high, 1e3), **fill)
        change = np.minimum(data[norm]["cambio"], 1e4)
        bottom.plot(steps, change, color=color, label=NAMES[norm])
    top.set(yscale="log", ylabel="pérdida", ylim=(0.08, 30))
    top.set_title("pérdida a lo largo del gradiente")
    bottom.set(yscale="log", ylabel="cambio relativo", xlabel="paso")
    bottom.set_title("cuánto cambia el gradiente")
    for axes in (top, bottom):
        _log_axis(axes.yaxis)
    top.legend(ncols=3, loc="upper center", columnspacing=1, handlelength=1.2)
    return figure


@drawing
def forgotten_eval() -> Drawing:
    """Una misma red evaluada bien y con las estadísticas de cada lote."""
    figure = Drawing(figsize=(WIDTH, 3.7))
    axes, data = figure.add_subplot(), measured("normalizacion-lotes")["modos"]
    right = data["evaluar"]["media"]
    axes.axhline(right, color=INK, ls="--", lw=1.4)
    axes.text(2, right + 1.5, "con eval()", va="bottom")
    for kind, color, label in (
        ("barajados", BLUE, "sin eval(), al azar"),
        ("por_clases", ORANGE, "sin eval(), por clases"),
    ):
        _band(axes, data["tamanos"], data[kind], color, label)
    axes.set(xscale="log", xlabel="imágenes por lote al medir", ylabel="exactitud, %")
    axes.set(ylim=(0, 106))
    _log_axis(axes.xaxis, data["tamanos"])
    axes.legend(loc="center right", bbox_to_anchor=(1, 0.42))
    return figure


@drawing
def too_early() -> Drawing:
    """Exactitud al evaluar en los primeros pasos, según la media móvil."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    axes, data = figure.add_subplot(), measured("normalizacion-lotes")["moviles"]
    kinds = (
        (data["0.1"]["lote"], INK, "--", "con mil imágenes"),
        (data["0.1"]["moviles"], BLUE, "o-", "medias móviles, α = 0,1"),
        (data["0.01"]["moviles"], PINK, "o-", "medias móviles, α = 0,01"),
    )
    for values, color, style, label in kinds:
        axes.plot(data["pasos"], values, style, color=color, label=label, ms=4)
    axes.set(xscale="log", xlabel="paso", ylabel="exactitud, %", ylim=(0, 100))
    _log_axis(axes.xaxis, (1, 2, 5, 10, 20, 50, 100))
    axes.legend(loc="upper left")
    return figure


@drawing
def batch_sizes() -> Drawing:
    """Normalizar por lotes y por capas, con cada tamaño de lote."""
    figure = Drawing(figsize=(WIDTH, 3.7))
    axes, data = figure.add_subplot(), measured("normalizacion-lotes")["lotes"]
    for norm in ("lotes", "capas"):
        _band(axes, data["tamanos"], data[norm], COLORS[norm], NAMES[norm])
    axes.set(xscale="log", ylim=(0, 102), ylabel="exactitud, %")
    axes.set_xlabel("ejemplos por lote al entrenar, m")
    _log_axis(axes.xaxis, data["tamanos"])
    axes.legend(loc="lower right", bbox_to_anchor=(0.8, 0.02))
    return figure


@drawing
def gradient_by_layer() -> Drawing:
    """El gradiente de cada capa de una red de cincuenta, antes de entrenar."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    axes, data = figure.add_subplot(), measured("normalizacion-lotes")["hondura"]
    for norm, color in COLORS.items():
        layers = np.arange(1, len(data[norm]) + 1)
        axes.plot(layers, data[norm], color=color, label=NAMES[norm])
    axes.set(yscale="log", xlabel="capa", ylabel="norma del gradiente")
    axes.set(xlim=(1, layers[-1]), ylim=(0.04, 3e4))
    _log_axis(axes.yaxis, (0.1, 1, 10, 100, 1000, 10_000))
    axes.legend(loc="upper right")
    return figure


@drawing
def weight_norms() -> Drawing:
    """La norma de un peso normalizado y su tasa efectiva, con decaimiento y sin él."""
    figure = Drawing(figsize=(WIDTH, 5.0))
    data = measured("normalizacion-lotes")["escala"]
    top, bottom = figure.subplots(2, 1, sharex=True)
    for decay, dashes in {"0": ":", "0.001": "--", "0.01": "-"}.items():
        norms = np.array(data[decay]["norma"])
        line = {"color": BLUE, "linestyle": dashes}
        top.plot(norms, label=f"λ = {number(float(decay))}", **line)
        bottom.plot(data["tasa"] / norms**2, **line)
    top.set(ylabel=r"$\Vert W\Vert$", ylim=(0, 12.5))
    top.legend(loc="lower left", bbox_to_anchor=(0.35, 0.2))
    bottom.set(yscale="log", xlabel="época", ylabel=r"$\eta/\Vert W\Vert^2$")
    _log_axis(bottom.yaxis, (0.001, 0.003, 0.01, 0.03))
    return with_commas(figure)
