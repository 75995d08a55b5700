"""Figuras del momento: qué hace con una parábola y con un valle."""

import numpy as np

from apuntes.figures._text import number, with_commas
from apuntes.figures.style import (
    BLUE,
    CYCLE,
    GREEN,
    INK,
    ORANGE,
    Drawing,
    drawing,
)
from apuntes.momentum import critical_momentum, momentum_roots
from apuntes.optimizers import SGD
from apuntes.trajectories import trajectory

# Algo menos que la anchura común: los rótulos se leen mejor en un teléfono.
WIDTH = 5.3
LR = 0.04


@drawing
def damping() -> Drawing:
    """Una parábola con tres momentos: se arrastra, llega, oscila."""
    figure = Drawing(figsize=(WIDTH, 3.9))
    axes, critical = figure.add_subplot(), critical_momentum(1.0, lr=LR)
    for mu, word, color in (
        (0.0, "sin momento", INK),
        (0.4, "se arrastra", BLUE),
        (critical, "crítico", GREEN),
        (0.95, "oscila", ORANGE),
    ):
        optimizer = SGD([np.array([1.0])], lr=LR, momentum=mu)
        path = trajectory(optimizer, lambda p: p, steps=80)
        label = f"μ = {number(mu, '.3g')}: {word}"
        axes.plot(path[:, 0], color=color, label=label)
    axes.axhline(0, color=INK, linewidth=1, linestyle="--")
    axes.set(xlabel="paso", ylabel="distancia al mínimo", xlim=(0, 80))
    figure.legend(loc="outside upper center", ncols=2)
    return with_commas(figure)


@drawing
def root_map() -> Drawing:
    """Por cuánto se multiplica el error en cada paso, según el momento."""
    figure = Drawing(figsize=(WIDTH, 4.0))
    axes, mu = figure.add_subplot(), np.linspace(0, 0.999, 400)
    for scaled, color in zip((0.001, 0.01, 0.04, 0.25), CYCLE, strict=False):
        roots = [momentum_roots(scaled, lr=1.0, momentum=m) for m in mu]
        axes.plot(
            mu, np.abs(roots).max(axis=1), color=color, label=f"ηλ = {number(scaled)}"
        )
        best = critical_momentum(scaled, lr=1.0)
        axes.plot(best, 1 - scaled**0.5, "o", color=color, markersize=7)
    axes.plot(mu, np.sqrt(mu), color=INK, linestyle="--", linewidth=1)
    axes.text(0.13, 0.28, "√μ", ha="center", va="center")
    axes.set(xlabel="momento μ", ylabel="factor por paso", xlim=(0, 1), ylim=(0, 1.02))
    figure.legend(loc="outside upper center", ncols=2)
    return with_commas(figure)
