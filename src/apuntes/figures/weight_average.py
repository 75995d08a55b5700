"""Figuras del promedio de los pesos: la nube y su centro."""

import numpy as np

from apuntes.descent import quadratic, quadratic_grad
from apuntes.figures._text import with_commas
from apuntes.figures.style import BLUE, INK, ORANGE, Drawing, drawing
from apuntes.regularization import AveragedWeights

STEPS, RATE, NOISE = 300, 0.35, 2.0


def cloud_and_average(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Pasos ruidosos sobre la cuadrática del curso, y su promedio en cada uno."""
    rng, theta = np.random.default_rng(seed), np.array([2.5, -2.0])
    averaged, path, means = AveragedWeights([theta]), [], []
    for _ in range(STEPS):
        theta -= RATE * (quadratic_grad(theta) + rng.normal(scale=NOISE, size=2))
        averaged.update()
        path.append(theta.copy())
        means.append(averaged.averages[0].copy())
    return np.array(path), np.array(means)


@drawing
def cloud() -> Drawing:
    """La nube rodea el mínimo; el promedio llega a él."""
    figure = Drawing(figsize=(5.3, 4.8))
    axes = figure.add_subplot()
    x, y = np.meshgrid(np.linspace(-4.6, 4.6, 90), np.linspace(-3.4, 3.4, 90))
    heights = quadratic(np.stack([x, y]))
    axes.contour(
        x, y, heights, np.geomspace(0.2, 30, 8), colors=INK, alpha=0.3, linewidths=0.8
    )
    path, means = cloud_and_average()
    axes.plot(*path.T, "-", color=BLUE, linewidth=0.5, alpha=0.5)
    axes.plot(*path.T, "o", color=BLUE, markersize=2.5)
    axes.plot(*means.T, color=ORANGE, linewidth=2.2)
    axes.plot(*means[-1], "o", color=ORANGE, markersize=8, zorder=4)
    axes.plot(0, 0, "*", color=INK, markersize=12, zorder=5)
    axes.set(xlabel="x", ylabel="y", xlim=(-4.6, 4.6), ylim=(-3.4, 3.4))
    axes.grid(visible=False)
    return with_commas(figure)
