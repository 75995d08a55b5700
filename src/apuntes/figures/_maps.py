"""Mapas de nivel, superficies y trayectorias, lo que se dibuja al bajar por ellos."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LightSource, LinearSegmentedColormap, to_rgba
from mpl_toolkits.mplot3d import Axes3D

from apuntes.figures.style import BLUE, INK, ORANGE, PAPER, Drawing

# Como en una carta marina: cuanto más hondo, más azul; lo alto, transparente.
DEPTH = LinearSegmentedColormap.from_list(
    "depth", [to_rgba(BLUE, 0.85), to_rgba(BLUE, 0.3), to_rgba(BLUE, 0.04)]
)
# A 390 píxeles, con este ancho en pulgadas un rótulo de 10 puntos mide más de 9.
WIDE = 5.4
# Casi blanco, para lo que se dibuja sobre una imagen oscura con los dos temas.
IVORY = "#fffdf5"


def grid(
    x: tuple[float, float], y: tuple[float, float], points: int = 121
) -> np.ndarray:
    """Rejilla `(2, points, points)` del rectángulo `x` por `y`."""
    return np.stack(np.meshgrid(np.linspace(*x, points), np.linspace(*y, points)))


def level_curves(
    axes: Axes,
    f: Callable,
    x: tuple[float, float],
    y: tuple[float, float],
    levels: Sequence[float],
    *,
    points: int = 121,
) -> None:
    """Curvas de nivel de `f`, con el fondo teñido por su valor: más hondo, más azul.

    Cada curva encierra su tinte, una veladura que se suma a las de fuera, así que un
    trazo pinta las dos cosas. Se pintan de fuera adentro, y se cierran fuera del marco.
    """
    steps = np.linspace(-0.02, 1.02, points)
    p = np.stack(np.meshgrid(x[0] + steps * np.ptp(x), y[0] + steps * np.ptp(y)))
    depth = np.pad(-f(p)[1:-1, 1:-1], 1, constant_values=-1e6)
    curves = axes.contour(*p, depth, -np.array(levels[:0:-1]), linewidths=0.7)
    clear = 1 - DEPTH(np.linspace(1, 0, len(levels) - 1))[:, 3]
    veils = 1 - clear / np.append(1, clear[:-1])
    curves.set(array=None, edgecolor=(INK, 0.45))
    curves.set_facecolor([(BLUE, veil) for veil in veils])
    axes.grid(visible=False)
    axes.set(xlim=x, ylim=y)


def trail(
    axes: Axes, path: np.ndarray, *, color: str = ORANGE, size: float = 5
) -> None:
    """Trayectoria con un punto por paso, separado del fondo por un borde de papel."""
    halo = {"markeredgecolor": PAPER, "markeredgewidth": 0.7, "markersize": size}
    axes.plot(*path.T, color=PAPER, linewidth=2.6, alpha=0.7, zorder=4)
    axes.plot(*path.T, "o-", color=color, linewidth=1.4, zorder=5, **halo)


def marked(
    axes: Axes,
    point: np.ndarray,
    mark: str,
    color: str,
    size: float = 9,
    *,
    edge: str = PAPER,
) -> None:
    """Una marca grande sobre el mapa."""
    style = {"markeredgecolor": edge, "markeredgewidth": 0.9, "zorder": 6}
    axes.plot(*point, mark, color=color, markersize=size, **style)


def boxed(axes: Axes, point, text: str, offset, **kwargs) -> None:
    """Rótulo sobre el mapa, con el fondo de la página detrás."""
    box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1.5}
    style = {"textcoords": "offset points", "ha": "center", "va": "center"}
    axes.annotate(text, point, offset, bbox=box, zorder=7, **(style | kwargs))


def surface(
    figure: Drawing, p: np.ndarray, heights: np.ndarray, *, cmap: str | Colormap
) -> Axes3D:
    """Superficie `heights` sobre la rejilla `p`, como imagen dentro del SVG.

    Los miles de polígonos de una superficie pesan más que su fotografía; los ejes y los
    rótulos siguen siendo vectores. La caja es menor que el dibujo, que la rebosa: así
    no quedan márgenes vacíos.
    """
    box = (0.15, 0.05, 0.65, 0.9)
    axes = figure.add_axes(box, projection="3d", computed_zorder=False)
    colors = colormaps.get_cmap(cmap)((heights - heights.min()) / np.ptp(heights))
    style = {"linewidth": 0, "antialiased": False, "rcount": 140, "ccount": 140}
    light = LightSource(azdeg=300, altdeg=55)
    drawn = axes.plot_surface(
        *p, heights, facecolors=colors, shade=True, lightsource=light, **style
    )
    drawn.set(rasterized=True, zorder=1, clip_on=False)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color((0, 0, 0, 0))
        axis.line.set_color(INK)
    axes.grid(visible=False)
    axes.set(xlabel="x", ylabel="y")
    return axes
