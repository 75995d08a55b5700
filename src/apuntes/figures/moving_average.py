"""Figuras de la media móvil exponencial: cuánto alisa, cuánto tarda, cómo arranca."""

import numpy as np

from apuntes.figures._text import number, with_commas
from apuntes.figures.schedules import COMPACT
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, Drawing, drawing
from apuntes.optimizers import exponential_moving_average

# Algo menos que la anchura común: los rótulos se leen mejor en un teléfono.
WIDTH = 5.3


def temperatures() -> tuple[np.ndarray, np.ndarray]:
    """Un año inventado de temperaturas, y su curva sin ruido."""
    day = np.arange(1, 366)
    clean = 16 - 9 * np.cos(2 * np.pi * (day - 20) / 365)
    noise = np.random.default_rng(0).normal(scale=2.5, size=365)
    return clean + noise, clean


@drawing
def smoothed() -> Drawing:
    """La misma serie con tres memorias distintas."""
    figure = Drawing(figsize=(WIDTH, 4.0))
    axes, (series, _) = figure.add_subplot(), temperatures()
    day = np.arange(1, 366)
    axes.plot(day, series, ".", color=INK, alpha=0.35, markersize=4)
    for beta, color in ((0.5, BLUE), (0.9, ORANGE), (0.98, GREEN)):
        average = exponential_moving_average(series, beta=beta)
        axes.plot(day, average, color=color, label=f"β = {number(beta)}", linewidth=1.8)
    axes.set(xlabel="día", ylabel="temperatura (°C)", xlim=(0, 366))
    figure.legend(loc="outside upper center", ncols=3)
    return figure


@drawing
def weights_and_start() -> Drawing:
    """Arriba, cuánto pesa cada dato; abajo, el arranque con corrección y sin ella."""
    figure = Drawing(figsize=(WIDTH, 6.0))
    top, bottom = figure.subplots(2, 1)
    beta, age = 0.9, np.arange(40)
    top.bar(age, (1 - beta) * beta**age, color=BLUE, width=0.7)
    window = 1 / (1 - beta)
    top.axvline(window - 0.5, color=INK, linestyle="--", linewidth=1)
    top.text(window, 0.085, "1/(1 − β) = 10", va="center")
    top.set(xlabel="pasos de antigüedad k", ylabel="peso del dato", xlim=(-0.7, 40))
    series, clean = temperatures()
    days = np.arange(1, 61)
    bottom.plot(days, series[:60], ".", color=INK, alpha=0.4, markersize=5)
    for corrected, color, style, label in (
        (False, ORANGE, "--", "sin corregir"),
        (True, GREEN, "-", "corregida"),
    ):
        average = exponential_moving_average(
            series, beta=0.98, bias_correction=corrected
        )
        bottom.plot(days, average[:60], style, color=color, label=label)
    bottom.plot(days, clean[:60], color=INK, linewidth=1, label="sin ruido")
    bottom.set(xlabel="día", ylabel="temperatura (°C)", xlim=(0, 61), ylim=(0, 15))
    bottom.legend(loc="upper center", ncols=3, **COMPACT)
    return with_commas(figure)
