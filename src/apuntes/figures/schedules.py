"""Figuras de la tasa: qué le pasa al coste al cambiarla y cómo se programa."""

import numpy as np
from matplotlib.axes import Axes

from apuntes import schedules
from apuntes.descent import (
    critical_rate,
    gradient_descent,
    quadratic,
    quadratic_grad,
    quadratic_hessian,
)
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

# Algo menos que la anchura común: los rótulos se leen mejor en un teléfono.
WIDTH = 5.3
# Una leyenda que quepa: a 390 px, 10 puntos son más de 9 píxeles.
COMPACT = {"fontsize": 10, "handlelength": 1.3, "columnspacing": 1.0}
START = np.array([1.0, -1.0])
RATES = (0.01, 0.1, 0.4, 0.46, 0.5)


def final_value(lr: float, *, steps: int = 50) -> float:
    """La cuadrática tras esos pasos desde (1, -1)."""
    path = gradient_descent(quadratic_grad, START, lr=lr, steps=steps)
    return quadratic(path[-1])


@drawing
def rate_curves() -> Drawing:
    """La cuadrática paso a paso con cinco tasas, y tras 50 pasos con todas."""
    figure = Drawing(figsize=(WIDTH, 6.4))
    top, bottom = figure.subplots(2, 1)
    for lr, color in zip(RATES, CYCLE, strict=True):
        path = gradient_descent(quadratic_grad, START, lr=lr, steps=50)
        values = [quadratic(p) for p in path]
        top.semilogy(values, color=color, label=f"η = {number(lr)}")
        bottom.plot(lr, values[-1], "o", color=color, markersize=8, zorder=4)
    top.set(xlabel="paso", ylabel="q", ylim=(1e-8, 1e5), xlim=(0, 50))
    limit = critical_rate(quadratic_hessian(START))
    lr = np.linspace(0.005, 0.52, 200)
    bottom.semilogy(lr, [final_value(rate) for rate in lr], color=INK, linewidth=1.5)
    bottom.axvline(limit, color=INK, linestyle="--", linewidth=1)
    bottom.text(limit - 0.005, 1e3, "2/λ máx", ha="right", va="center")
    bottom.set(xlabel="tasa η", ylabel="q tras 50 pasos", ylim=(1e-16, 1e6))
    for axes, step in ((top, 2), (bottom, 4)):
        axes.set_yticks(10.0 ** np.arange(-16, 6, step))
        axes.minorticks_off()
    top.set_ylim(1e-8, 1e5)
    bottom.set_ylim(1e-16, 1e6)
    figure.legend(loc="outside upper center", ncols=3)
    return with_commas(figure)


def swept(table: dict) -> tuple[np.ndarray, np.ndarray]:
    """Tasas y coste final en validación de una búsqueda, sin las que divergieron."""
    found = table["validacion"]
    pairs = [(float(lr), loss) for lr, loss in found.items() if loss is not None]
    return np.array(pairs).T


def rate_axis(axes: Axes, rates: dict[float, str]) -> None:
    """Ejes logarítmicos; un exponente no se lee en un teléfono."""
    axes.set(xscale="log", yscale="log", ylim=(0.15, 2.6))
    axes.set_yticks([0.2, 0.4, 0.8, 1.6], ["0,2", "0,4", "0,8", "1,6"])
    axes.set_xticks(list(rates), list(rates.values()))
    axes.minorticks_off()
    axes.set_ylabel("coste en validación")


@drawing
def sgd_sensitivity() -> Drawing:
    """Coste final de la red entrenada con SGD según la tasa, fija y programada."""
    figure = Drawing(figsize=(WIDTH, 3.5))
    axes, table = figure.add_subplot(), measured("optimizadores")["optimizadores"]
    for kind, color, mark, label in (
        ("fija", ORANGE, "o", "tasa fija"),
        ("coseno", BLUE, "D", "calentamiento y coseno"),
    ):
        axes.plot(*swept(table["SGD"][kind]), f"{mark}-", color=color, label=label)
    rate_axis(axes, {0.01: "0,01", 0.1: "0,1", 1: "1", 10: "10"})
    axes.set_xlabel("tasa η (la mayor, si está programada)")
    figure.legend(loc="outside upper center", ncols=2)
    return with_commas(figure)


def curve(axes: Axes, schedule, total: int, **style) -> None:
    """Una programación, paso a paso."""
    axes.plot([schedule(t) for t in range(total + 1)], **style)


@drawing
def shapes() -> Drawing:
    """Las programaciones que bajan y las que suben y bajan."""
    figure = Drawing(figsize=(WIDTH, 6.2))
    top, bottom = figure.subplots(2, 1, sharex=True, sharey=True)
    falling = {
        "escalones": schedules.step_decay(lr=0.1, step_size=30),
        "polinómica, p = 2": schedules.polynomial_decay(
            lr=0.1, total_iters=100, power=2
        ),
        "exponencial": schedules.exponential_decay(lr=0.1, gamma=0.97),
        "coseno": schedules.cosine_decay(lr=0.1, t_max=100),
    }
    cosine = schedules.cosine_decay(lr=0.1, t_max=90)
    waving = {
        "cíclica": schedules.cyclical(base_lr=0.01, max_lr=0.1, step_size_up=20),
        "un ciclo": schedules.one_cycle(max_lr=0.1, total_steps=101),
        "calentamiento y coseno": schedules.warmup(
            cosine, total_iters=10, start_factor=0.01
        ),
    }
    for axes, group in ((top, falling), (bottom, waving)):
        for (name, schedule), color in zip(group.items(), CYCLE, strict=False):
            shape = {"drawstyle": "steps-post"} if name == "escalones" else {}
            curve(axes, schedule, 100, color=color, label=name, **shape)
        axes.set(ylabel="tasa η", xlim=(0, 100), ylim=(-0.003, 0.125))
        axes.legend(loc="upper right", ncols=2, **COMPACT)
    bottom.set_xlabel("pasos dados t")
    return with_commas(figure)


@drawing
def programs() -> Drawing:
    """Coste en la prueba de SGD con ocho programaciones, cada una con su tasa."""
    figure = Drawing(figsize=(WIDTH, 3.9))
    axes, table = figure.add_subplot(), measured("optimizadores")["programas"]
    names = list(table)[::-1]
    for row, name in enumerate(names):
        test = table[name]["prueba"]
        color = {"constante": ORANGE}.get(name, BLUE)
        axes.errorbar(
            *(test["coste"], row),
            xerr=test["coste_desviacion"],
            **{"fmt": "o", "color": color, "capsize": 4, "markersize": 7},
        )
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    axes.set(xlabel="coste en la prueba", ylim=(-0.6, len(names) - 0.4))
    return with_commas(figure)


@drawing
def decaying_noise() -> Drawing:
    """Un parámetro que persigue un mínimo con gradientes ruidosos."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    axes, steps = figure.add_subplot(), 300
    noise = np.random.default_rng(0).normal(size=steps)
    programs = (
        ("constante, 0,3", schedules.constant(lr=0.3), ORANGE),
        ("constante, 0,01", schedules.constant(lr=0.01), PINK),
        ("coseno, de 0,3 a 0", schedules.cosine_decay(lr=0.3, t_max=steps), GREEN),
    )
    for name, schedule, color in programs:
        theta, path = 4.0, [4.0]
        for t in range(steps):
            theta -= schedule(t) * (theta + noise[t])
            path.append(theta)
        axes.plot(path, color=color, linewidth=1.4, label=name)
    axes.axhline(0, color=INK, linewidth=1, linestyle="--")
    axes.set(xlabel="paso", ylabel="θ", xlim=(0, steps), ylim=(-2, 4.2))
    axes.legend(loc="upper right")
    return with_commas(figure)
