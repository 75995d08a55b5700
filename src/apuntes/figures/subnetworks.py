"""Figuras de redes dibujadas: subredes del dropout y dos cabezas."""

import numpy as np
from matplotlib.axes import Axes

from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, PAPER, Drawing, drawing
from apuntes.subnetworks import all_masks

WIDTH = 5.3


def _spots(sizes: tuple[int, ...]) -> list[np.ndarray]:
    """Sitio de cada neurona: una columna por capa, centrada."""
    return [
        np.column_stack([np.full(n, column), (n - 1) / 2 - np.arange(n)])
        for column, n in enumerate(sizes)
    ]


def _network(axes: Axes, sizes, masks, *, size: float = 14, color=BLUE) -> None:
    """La red con las neuronas apagadas tachadas y sin conexiones."""
    spots = _spots(sizes)
    for left, right, on, next_on in zip(
        spots[:-1], spots[1:], masks[:-1], masks[1:], strict=True
    ):
        for a, p in zip(on, left, strict=True):
            for b, r in zip(next_on, right, strict=True):
                if a and b:
                    axes.plot(*zip(p, r, strict=True), color=INK, lw=0.8, zorder=1)
    for layer, on in zip(spots, masks, strict=True):
        for spot, alive in zip(layer, on, strict=True):
            edge = color if alive else "#808080"
            style = {"color": PAPER, "markeredgecolor": edge, "markersize": size}
            axes.plot(*spot, "o", mew=1.8, zorder=2, **style)
            if not alive:
                axes.plot(*spot, "x", color=ORANGE, markersize=size * 0.7, zorder=3)
    axes.set_axis_off()
    axes.margins(0.12)


@drawing
def masked_network() -> Drawing:
    """Una red entera y la misma con algunas neuronas apagadas."""
    figure = Drawing(figsize=(WIDTH, 5.6))
    sizes, panels = (4, 5, 5, 2), figure.subplots(2, 1)
    whole = [np.ones(n) for n in sizes]
    rng = np.random.default_rng(3)
    off = [rng.random(n) >= 0.4 for n in sizes[:3]] + [np.ones(2)]
    for axes, masks, name in zip(
        panels, (whole, off), ("sin dropout", "en un paso, con dropout"), strict=True
    ):
        _network(axes, sizes, masks)
        axes.set_title(name)
    return figure


@drawing
def sixteen_subnets() -> Drawing:
    """Las dieciséis subredes de dos neuronas de entrada y dos ocultas."""
    figure = Drawing(figsize=(WIDTH, 5.4))
    panels = figure.subplots(4, 4).ravel()
    masks = all_masks(4)
    order = np.argsort(-masks.sum(axis=1), kind="stable")
    for axes, mask in zip(panels, masks[order], strict=True):
        alive = mask[:2].any() and mask[2:].any()
        layers = [mask[:2], mask[2:], np.ones(1)]
        _network(axes, (2, 2, 1), layers, size=9, color=BLUE if alive else "#808080")
        axes.margins(0.3)
    return figure


def _pair(axes: Axes, here: str, weight: str, *, dashed: bool, title: str) -> None:
    style = "--" if dashed else "-"
    axes.plot([0, 2.4], [0, 0], style, color=INK, lw=1.6, zorder=1)
    axes.plot([0, 2.4], [0, 0], "o", color=PAPER, mec=BLUE, mew=2, ms=30, zorder=2)
    axes.text(0, -0.55, here, ha="center", va="top")
    axes.text(1.2, 0.34, weight, ha="center", va="bottom")
    axes.set(xlim=(-1, 3.4), ylim=(-1.1, 0.9), title=title)
    axes.set_axis_off()


@drawing
def train_and_predict() -> Drawing:
    """La misma conexión al entrenar y al predecir, en las dos versiones."""
    figure = Drawing(figsize=(WIDTH, 4.4))
    (a, b), (c, d) = figure.subplots(2, 2)
    here = "presente con\nprobabilidad 1 − p"
    _pair(a, here, "w", dashed=True, title="original: entrenar")
    _pair(b, "siempre\npresente", "(1 − p) w", dashed=False, title="predecir")
    scaled = "w, salida / (1 − p)"
    _pair(c, here, scaled, dashed=True, title="invertido: entrenar")
    _pair(d, "siempre\npresente", "w", dashed=False, title="predecir")
    return figure


def _box(axes: Axes, x: float, y: float, text: str, color: str) -> None:
    box = {"boxstyle": "round,pad=0.5", "facecolor": PAPER, "edgecolor": color, "lw": 2}
    axes.text(x, y, text, ha="center", va="center", bbox=box, zorder=3)


@drawing
def two_heads() -> Drawing:
    """Un tronco común y dos cabezas, cada una con su coste."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    axes = figure.add_subplot()
    arrow = {"arrowstyle": "->", "color": INK, "lw": 1.6, "shrinkA": 30, "shrinkB": 30}
    ends = ((0, 0), (1.3, 0), (2.7, 0.8), (2.7, -0.8))
    for start, end in ((0, 1), (1, 2), (1, 3)):
        axes.annotate("", ends[end], ends[start], arrowprops=arrow)
    _box(axes, *ends[0], "imagen\n784", INK)
    _box(axes, *ends[1], "tronco\n100", BLUE)
    _box(axes, *ends[2], "cifra\n10 logits", ORANGE)
    _box(axes, *ends[3], "paridad\n2 logits", GREEN)
    axes.text(3.3, 0.8, "J₁", ha="left", va="center", color=ORANGE, fontsize=13)
    axes.text(3.3, -0.8, "γ J₂", ha="left", va="center", color=GREEN, fontsize=13)
    axes.set(xlim=(-0.5, 3.8), ylim=(-1.4, 1.4))
    axes.set_axis_off()
    return figure
