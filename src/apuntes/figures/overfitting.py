"""Figuras del sobreajuste: polinomios, doble descenso y lo que regulariza solo."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter

from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import BLUE, CYCLE, GREEN, INK, ORANGE, Drawing, drawing
from apuntes.normalization import BatchNorm1d
from apuntes.polynomials import bias_variance, fit_polynomial, polynomial_features

WIDTH, NOISE = 5.3, 0.3
X, GRID = np.linspace(-1, 1, 20), np.linspace(-1, 1, 201)


def truth(x: np.ndarray) -> np.ndarray:
    """La función que los polinomios quieren aprender."""
    return np.sin(np.pi * x)


def curve(y: np.ndarray, degree: int, at: np.ndarray) -> np.ndarray:
    """Lo que predice en `at` el polinomio ajustado a las veinte medidas."""
    weights = fit_polynomial(X, y, degree=degree)
    return polynomial_features(at, degree=degree) @ weights


@drawing
def three_fits() -> Drawing:
    """Los mismos veinte puntos con una recta, una cúbica y un grado 15."""
    figure = Drawing(figsize=(WIDTH, 6.4))
    y = truth(X) + np.random.default_rng(0).normal(scale=NOISE, size=20)
    panels = figure.subplots(3, 1, sharex=True, sharey=True)
    names = {1: "subajuste", 3: "buen ajuste", 15: "sobreajuste"}
    for axes, (degree, name) in zip(panels, names.items(), strict=True):
        axes.plot(GRID, truth(GRID), "--", color=INK, linewidth=1.2)
        axes.plot(GRID, curve(y, degree, GRID), color=BLUE)
        axes.plot(X, y, "o", color=ORANGE, markersize=5)
        axes.set_title(f"grado {degree}: {name}")
        axes.set(ylim=(-2.2, 2.2), ylabel="y")
    panels[-1].set_xlabel("x")
    return with_commas(figure)


def errors(draws: int = 100) -> dict[str, np.ndarray]:
    """Por grado, de 1 a 15: error visto y nuevo, sesgo al cuadrado y varianza."""
    noise = np.random.default_rng(1).normal(scale=NOISE, size=(draws, 20))
    rows = []
    for degree in range(1, 16):
        seen = np.mean(
            [(curve(truth(X) + e, degree, X) - truth(X) - e) ** 2 for e in noise]
        )
        preds = np.array([curve(truth(X) + e, degree, GRID) for e in noise])
        bias, variance = bias_variance(preds, truth(GRID))
        rows.append((seen, NOISE**2 + bias + variance, bias, variance))
    names = ("seen", "unseen", "bias", "variance")
    return dict(zip(names, np.array(rows).T, strict=True))


@drawing
def error_by_degree() -> Drawing:
    """Error en lo visto y en lo nuevo, y de qué está hecho, según el grado."""
    figure, table = Drawing(figsize=(WIDTH, 5.8)), errors()
    top, bottom = figure.subplots(2, 1, sharex=True)
    degrees = np.arange(1, 16)
    top.plot(degrees, table["seen"], "o-", color=BLUE, label="en lo visto")
    top.plot(degrees, table["unseen"], "o-", color=ORANGE, label="en lo nuevo")
    top.set(ylim=(0, 0.5), ylabel="error cuadrático medio")
    shown = np.maximum(table["bias"], 1e-6)
    bottom.plot(degrees, shown, "s-", color=GREEN, label="sesgo²")
    bottom.plot(degrees, table["variance"], "o-", color=CYCLE[3], label="varianza")
    bottom.set(yscale="log", ylim=(8e-5, 3), xlabel="grado")
    bottom.set_yticks(
        [1e-4, 1e-3, 1e-2, 0.1, 1], ["0,0001", "0,001", "0,01", "0,1", "1"]
    )
    for axes in (top, bottom):
        axes.axhline(NOISE**2, color=INK, linewidth=1, linestyle="--")
        axes.legend(loc="upper center")
        axes.set_xticks([1, 3, 5, 7, 9, 11, 13, 15])
    return with_commas(figure)


@drawing
def double_descent() -> Drawing:
    """Error de prueba según la anchura, con y sin penalización."""
    figure, runs = Drawing(figsize=(WIDTH, 4.4)), measured("doble-descenso")
    axes, widths = figure.add_subplot(), np.array(runs["anchuras"])
    lines = {"sin_penalizar": ("sin penalizar", ORANGE), "lambda_1e-05": (None, GREEN)}
    for key, (label, color) in lines.items():
        mean = np.array(runs["error_pct"][key]["media"])
        spread = np.array(runs["error_pct"][key]["desviacion"])
        axes.fill_between(widths, mean - spread, mean + spread, color=color, alpha=0.2)
        label = label or "con λ = 0,00001"
        axes.plot(widths, mean, "o-", color=color, markersize=4, label=label)
    axes.axvline(runs["ejemplos"], color=INK, linewidth=1.2, linestyle=":")
    axes.set(xscale="log", ylim=(0, 100), xlabel="neuronas ocultas")
    axes.set_ylabel("error de prueba, en %")
    axes.set_xticks([10, 100, 500, 6000], ["10", "100", "500", "6000"])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.legend(loc="lower left")
    return figure


def descent_to_line(start: tuple[float, float]) -> np.ndarray:
    """Camino de mínimos cuadrados con un solo dato, 2θ₁ + θ₂ = 5."""
    x, path = np.array([2.0, 1.0]), [np.array(start, dtype=float)]
    for _ in range(40):
        path.append(path[-1] - 0.05 * (x @ path[-1] - 5) * x)
    return np.array(path)


@drawing
def least_norm() -> Drawing:
    """Tres salidas y la recta de soluciones: cada una llega a la más cercana."""
    figure = Drawing(figsize=(WIDTH, 4.6))
    axes = figure.add_subplot()
    first = np.array([-1.0, 4.2])
    axes.plot(first, 5 - 2 * first, color=INK, linewidth=1.4)
    axes.text(1.12, 3.35, "coste cero", rotation=-63, ha="center", va="center")
    for start, color in (((0, 0), BLUE), ((-0.6, 2.6), GREEN), ((3.2, 2.6), ORANGE)):
        path = descent_to_line(start)
        axes.plot(*path.T, "o-", color=color, markersize=4)
        axes.plot(*path[-1], "*", color=color, markersize=14, zorder=4)
    circle = np.linspace(0, 2 * np.pi, 200)
    radius = np.sqrt(5)
    axes.plot(radius * np.cos(circle), radius * np.sin(circle), ":", color=BLUE, lw=1.2)
    axes.set(xlim=(-1.4, 4.2), ylim=(-1, 4), aspect="equal")
    axes.set(xlabel="θ₁", ylabel="θ₂")
    return with_commas(figure)


def companions(batch_size: int, *, draws: int = 2000) -> np.ndarray:
    """Salida de `BatchNorm1d` para el número 1 en lotes de compañeros al azar."""
    rng = np.random.default_rng(0)
    layer, data = BatchNorm1d(1), rng.normal(size=1000)
    outputs = []
    for _ in range(draws):
        batch = np.append(1.0, rng.choice(data, batch_size - 1))[:, None]
        outputs.append(layer.forward(batch)[0, 0])
    return np.array(outputs)


@drawing
def batch_companions() -> Drawing:
    """El mismo número, normalizado en lotes de tres tamaños."""
    figure = Drawing(figsize=(WIDTH, 4.8))
    panels = figure.subplots(3, 1, sharex=True)
    for axes, size in zip(panels, (8, 32, 128), strict=True):
        values = companions(size)
        axes.hist(values, np.linspace(-0.5, 2.5, 61), color=BLUE, linewidth=0)
        text = f"m = {size}\ndesviación {number(values.std(), '.2f')}"
        axes.text(0.98, 0.9, text, transform=axes.transAxes, ha="right", va="top")
        _bare(axes)
    panels[-1].set_xlabel("salida de la normalización para la entrada 1")
    return with_commas(figure)


def _bare(axes: Axes) -> None:
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: number(v, "g")))
