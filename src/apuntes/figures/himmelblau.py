"""Figuras de la función de Himmelblau: superficie, trayectorias, cuencas y tasas."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from apuntes.descent import (
    basins,
    critical_rate,
    gradient_descent,
    himmelblau,
    himmelblau_grad,
    himmelblau_hessian,
)
from apuntes.figures._maps import (
    IVORY,
    WIDE,
    boxed,
    grid,
    level_curves,
    marked,
    surface,
    trail,
)
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, PINK, Drawing, drawing

STARTS = ((0, 1), (-1, 1), (-1, -1), (0, -1))
COLORS = (BLUE, ORANGE, GREEN, PINK)
LEVELS = (0, 2, 8, 20, 40, 70, 110, 160, 230, 330, 500, 900)
# Cerca de cada uno de los otros cinco puntos donde el gradiente es cero.
SADDLES = ((0.1, 2.9), (3.4, 0.1), (-0.1, -2.0), (-3.1, -0.1))
PEAK = (-0.3, -0.9)
# Sobre la imagen de las cuencas, que es la misma con los dos temas.
BLACK = "#111111"


def paths(*, lr: float = 0.01, steps: int = 100) -> list[np.ndarray]:
    """Trayectorias desde los cuatro inicios de la lección."""
    return [gradient_descent(himmelblau_grad, s, lr=lr, steps=steps) for s in STARTS]


def minima() -> np.ndarray:
    """Los cuatro mínimos, `(4, 2)`, por el orden de los inicios que llevan a ellos."""
    return np.array([path[-1] for path in paths(steps=1000)])


def critical_point(guess: tuple[float, float]) -> np.ndarray:
    """El punto de gradiente cero más cercano a `guess`, por el método de Newton."""
    p = np.array(guess)
    for _ in range(20):
        p = p - np.linalg.solve(himmelblau_hessian(p), himmelblau_grad(p))
    return p


@drawing
def himmelblau_surface() -> Drawing:
    """La superficie, con la altura en escala logarítmica."""
    figure = Drawing(figsize=(6.6, 5), dpi=100, layout="none")
    p = grid((-4.8, 4.8), (-4.8, 4.8), 281)
    heights = np.log10(1 + himmelblau(p))
    axes = surface(figure, p, heights, cmap="viridis")
    ticks = (0, 10, 100, 800)
    axes.set(zticks=np.log10(1 + np.array(ticks)))
    axes.set_zticklabels([str(tick) for tick in ticks])
    axes.view_init(elev=52, azim=-62)
    axes.set_box_aspect((1, 1, 0.5), zoom=1.15)
    return figure


@drawing
def four_starts() -> Drawing:
    """Cien pasos desde cada uno de los cuatro inicios de la lección."""
    figure = Drawing(figsize=(WIDE, 5.5))
    panels = figure.subplots(2, 2, sharex=True, sharey=True)
    for axes, start, path in zip(panels.flat, STARTS, paths(), strict=True):
        level_curves(axes, himmelblau, (-5, 5), (-5, 5), LEVELS)
        trail(axes, path)
        marked(axes, path[-1], "*", ORANGE, 14)
        axes.set_title(f"{_pair(start, '.0f')} → {_pair(path[-1], '.2f')}")
        axes.set(aspect="equal", xticks=(-4, 0, 4), yticks=(-4, 0, 4))
    return with_commas(figure)


def _pair(point, spec: str) -> str:
    return "(" + "; ".join(number(value, spec) for value in point) + ")"


def _shade(arrival: np.ndarray, *, tones: int) -> np.ndarray:
    """De 0, lo más rápido del cuadro, a 1, lo más lento, en `tones` escalones.

    Pocos se leen como curvas de nivel, y pesan mucho menos que un degradado.
    """
    slow = np.log(np.maximum(arrival, 1))
    low, high = np.quantile(slow[arrival >= 0], (0.02, 0.98))
    last = tones - 1
    return np.round(last * np.clip((slow - low) / (high - low), 0, 1)) / last


def _basins(axes: Axes, *, lr: float, pixels: int, tones: int) -> None:
    """Cuencas como imagen: el color dice a qué mínimo; lo oscuro, que tardó más."""
    side = 6 * (1 - 1 / pixels)  # los puntos son los centros de los píxeles
    p = grid((-side, side), (-side, side), pixels)
    which, arrival = basins(himmelblau_grad, p, minima(), lr=lr, steps=400)
    shade = _shade(arrival, tones=tones)[..., None]
    base = np.array([to_rgb(color) for color in COLORS])[which]
    light, dark = 1 - 0.5 * (1 - base), 0.5 * base
    rgb = np.where(
        shade < 0.5,
        light + 2 * shade * (base - light),
        base + (2 * shade - 1) * (dark - base),
    )
    image = np.concatenate([rgb, (which >= 0)[..., None]], axis=-1)
    axes.imshow(image, origin="lower", extent=(-6, 6, -6, 6), interpolation="none")
    axes.grid(visible=False)


@drawing
def four_basins() -> Drawing:
    """Las cuatro cuencas con η = 0,01 y las trayectorias de la lección."""
    figure = Drawing(figsize=(WIDE, WIDE))
    axes = figure.add_subplot()
    _basins(axes, lr=0.01, pixels=440, tones=8)
    for start, path in zip(STARTS, paths(), strict=True):
        trail(axes, path, color=IVORY, size=4)
        marked(axes, start, "o", BLACK, 7, edge=IVORY)
    for point in minima():
        marked(axes, point, "*", IVORY, 17, edge=BLACK)
    for guess in SADDLES:
        marked(axes, critical_point(guess), "X", BLACK, 9, edge=IVORY)
    marked(axes, critical_point(PEAK), "^", BLACK, 10, edge=IVORY)
    axes.set(xlabel="x", ylabel="y", xticks=range(-6, 7, 2), yticks=range(-6, 7, 2))
    return figure


@drawing
def broken_basins() -> Drawing:
    """Las mismas cuencas con otras cuatro tasas."""
    figure = Drawing(figsize=(WIDE, 5.7))
    panels = figure.subplots(2, 2, sharex=True, sharey=True)
    for axes, lr in zip(panels.flat, (0.002, 0.014, 0.018, 0.023), strict=True):
        _basins(axes, lr=lr, pixels=160, tones=6)
        axes.set(title=f"η = {number(lr)}", xticks=(-4, 0, 4), yticks=(-4, 0, 4))
    return with_commas(figure)


@drawing
def rate_sweep() -> Drawing:
    """Dónde acaba cada inicio según la tasa: un punto, un ciclo, el caos o nada."""
    figure = Drawing(figsize=(WIDE, 7.4), dpi=96)
    eta = np.linspace(0.002, 0.0415, 900)
    panels = figure.subplots(4, 1, sharex=True, sharey=True)
    cases = zip(panels, STARTS, minima(), COLORS, strict=True)
    for axes, start, minimum, color in cases:
        last = _last_iterates(start, eta)
        distance = np.hypot(*(last - minimum[:, None, None]))
        rates = np.broadcast_to(eta, distance.shape)
        style = {"markersize": 0.55, "alpha": 0.5, "rasterized": True}
        axes.plot(rates.ravel(), distance.ravel(), ".", color=color, **style)
        lost, band = np.isnan(distance).any(axis=0), axes.get_xaxis_transform()
        box = {"color": INK, "alpha": 0.15, "linewidth": 0, "transform": band}
        axes.fill_between(eta, 0, 1, where=lost, step="mid", **box)
        limit = critical_rate(himmelblau_hessian(minimum))
        axes.axvline(limit, color=INK, linewidth=1, linestyle="--")
        boxed(axes, (limit, 7), number(limit, ".4f"), (0, 0))
        axes.set_title(f"desde {_pair(start, '.0f')}", loc="left")
        axes.set(xlim=(0.005, 0.0415), ylim=(-0.5, 8.5), yticks=(0, 4, 8))
    figure.axes[-1].set(xlabel="tasa η", xticks=(0.01, 0.02, 0.03, 0.04))
    figure.supylabel("distancia al mínimo", fontsize="medium")
    return with_commas(figure)


def _last_iterates(start: tuple[int, int], eta: np.ndarray) -> np.ndarray:
    """Los pasos 1000 a 1059 con cada tasa, `(2, 60, len(eta))`; `nan` si se escapó."""
    p, kept = np.repeat(np.array(start, dtype=float)[:, None], len(eta), axis=1), []
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(1060):
            p = p - eta * himmelblau_grad(p)
            if t >= 1000:
                kept.append(p)
    return np.stack(kept, axis=1)
