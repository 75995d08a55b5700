"""Figuras de las penalizaciones, la parada, el ruido, los ensambles y el suavizado."""

import numpy as np
from matplotlib.ticker import NullFormatter

from apuntes.figures._results import measured
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import BLUE, CYCLE, GREEN, INK, ORANGE, Drawing, drawing
from apuntes.losses import cross_entropy
from apuntes.regularization import (
    ensemble_variance,
    l1_penalty_grad,
    smooth_labels,
)
from apuntes.shrinkage import ridge_shrinkage, softshrink, stopping_shrinkage

WIDTH = 5.3


@drawing
def shrink_curves() -> Drawing:
    """Lo que queda de un peso con ℓ1 y con ℓ2, según lo que valdría sin multa."""
    figure = Drawing(figsize=(WIDTH, 4.4))
    axes, a = figure.add_subplot(), np.linspace(-3, 3, 301)
    axes.plot(a, a, "--", color=INK, linewidth=1.2, label="sin penalizar")
    axes.plot(a, ridge_shrinkage(np.ones(1), lam=1.0) * a, color=ORANGE, label="ℓ2")
    axes.plot(a, softshrink(a, lambd=1.0), color=BLUE, label="ℓ1")
    axes.set(xlabel="valor sin penalizar, a", ylabel="valor penalizado, w")
    axes.set(xlim=(-3, 3), ylim=(-3, 3))
    axes.legend(loc="upper left")
    return with_commas(figure)


def toward_zero(*, proximal: bool, steps: int = 40) -> np.ndarray:
    """El peso cuyo mejor valor es 0,3 con λ = 0,5 y tasa 0,3."""
    w, path = np.array([1.0]), [1.0]
    for _ in range(steps):
        grad = w - 0.3
        if proximal:
            w = softshrink(w - 0.3 * grad, lambd=0.15)
        else:
            w = w - 0.3 * (grad + l1_penalty_grad(w, lam=0.5))
        path.append(float(w[0]))
    return np.array(path)


@drawing
def exact_zeros() -> Drawing:
    """El subgradiente baila alrededor de cero; el paso proximal se queda."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    axes = figure.add_subplot()
    rough, exact = toward_zero(proximal=False), toward_zero(proximal=True)
    axes.plot(rough, "o-", color=ORANGE, markersize=3, lw=1.2, label="subgradiente")
    axes.plot(exact, "o-", color=BLUE, markersize=4, label="paso proximal")
    axes.axhline(0, color=INK, linewidth=1)
    axes.set(xlabel="paso", ylabel="peso", ylim=(-0.35, 1.05))
    axes.legend(loc="upper right")
    return with_commas(figure)


@drawing
def stopping_curves() -> Drawing:
    """Coste y exactitud por época de la red sin regularizar."""
    figure, runs = Drawing(figsize=(WIDTH, 5.6)), measured("regularizacion")["curvas"]
    top, bottom = figure.subplots(2, 1, sharex=True)
    validation = np.array(runs["validacion"])
    epochs, spread = np.arange(1, len(validation) + 1), np.array(runs["desviacion"])
    band = (validation - spread, validation + spread)
    top.fill_between(epochs, *band, color=ORANGE, alpha=0.2, linewidth=0)
    top.plot(epochs, validation, color=ORANGE, label="validación")
    top.plot(epochs, runs["entrenamiento"], color=BLUE, label="entrenamiento")
    best = int(validation.argmin())
    for axes in (top, bottom):
        axes.axvline(best + 1, color=INK, linewidth=1.2, linestyle=":")
    top.annotate(
        f"época {best + 1}", (best + 1, 0.75), (6, 0), textcoords="offset points"
    )
    top.set(ylabel="coste J", ylim=(0, 0.9))
    top.legend(loc="upper right")
    bottom.plot(epochs, runs["exactitud_pct"], color=ORANGE)
    bottom.set(xlabel="época", ylabel="exactitud de validación, %")
    return with_commas(figure)


@drawing
def stopping_and_ridge() -> Drawing:
    """Fracción que queda de cada autovalor al parar y al penalizar."""
    figure = Drawing(figsize=(WIDTH, 4.2))
    axes, values = figure.add_subplot(), np.geomspace(1e-4, 1, 200)
    lr = 0.1
    for steps, color in zip((1000, 100, 10), CYCLE, strict=False):
        kept = stopping_shrinkage(values, lr=lr, steps=steps)
        ridge = ridge_shrinkage(values, lam=1 / (lr * steps))
        axes.plot(values, kept, color=color, label=f"t = {steps}")
        axes.plot(values, ridge, "--", color=color, linewidth=1.5)
    axes.set(xscale="log", xlabel="autovalor de la hessiana")
    axes.set_ylabel("fracción que queda")
    axes.set_xticks([1e-4, 1e-3, 1e-2, 0.1, 1], ["0,0001", "0,001", "0,01", "0,1", "1"])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.legend(loc="upper left")
    return with_commas(figure)


def noisy_slope(std: float, *, copies: int = 400) -> float:
    """Pendiente de mínimos cuadrados con muchas copias ruidosas de cada entrada."""
    rng = np.random.default_rng(0)
    x = np.tile(np.linspace(-1.5, 1.5, 20), copies)
    y, noisy = 2 * x, x + rng.normal(scale=std, size=x.size)
    return float(noisy @ y / (noisy @ noisy))


@drawing
def noise_slope() -> Drawing:
    """Ruido en la entrada y ℓ2 con λ = s²: la misma pendiente."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    axes, dense = figure.add_subplot(), np.linspace(0, 2, 100)
    moment = np.array([np.mean(np.linspace(-1.5, 1.5, 20) ** 2)])
    exact = [2 * ridge_shrinkage(moment, lam=s**2)[0] for s in dense]
    axes.plot(dense, exact, color=BLUE, label="ℓ2 con λ = s²")
    some = np.linspace(0, 2, 9)
    slopes = [noisy_slope(s) for s in some]
    axes.plot(some, slopes, "o", color=ORANGE, label="entrada con ruido")
    axes.set(xlabel="desviación del ruido, s", ylabel="pendiente", ylim=(0, 2.1))
    axes.legend(loc="upper right")
    return with_commas(figure)


@drawing
def ensemble_curves() -> Drawing:
    """Varianza de la media según cuántas redes y cuánto se parecen sus errores."""
    figure = Drawing(figsize=(WIDTH, 4.0))
    axes, counts = figure.add_subplot(), np.arange(1, 21)
    for rho, color in zip((0.9, 0.5, 0.25, 0.0), CYCLE, strict=False):
        values = [ensemble_variance(1.0, correlation=rho, count=int(r)) for r in counts]
        axes.plot(counts, values, "o-", color=color, markersize=4)
        axes.axhline(rho, color=color, linewidth=1, linestyle="--")
        text = f"ρ = {number(rho)}"
        axes.text(20.4, values[-1] + 0.01, text, color=color, va="center")
    axes.set(xlabel="redes, R", ylabel="varianza de la media", ylim=(0, 1.05))
    axes.set_xticks([1, 5, 10, 15, 20])
    return with_commas(figure)


def ideal_margin(epsilon: float, classes: int = 10) -> float:
    """Ventaja del logit bueno donde el coste suavizado es mínimo."""
    return float(np.log((classes * (1 - epsilon) + epsilon) / epsilon))


def margin_loss(margin: float, epsilon: float) -> float:
    """Coste suavizado de un ejemplo con esa ventaja, con diez clases."""
    logits = margin * np.eye(10)[:1]
    soft = smooth_labels(np.array([0]), num_classes=10, epsilon=epsilon)
    return cross_entropy(logits, soft)


@drawing
def smoothed_loss() -> Drawing:
    """Coste según la ventaja del logit bueno, con y sin suavizado."""
    figure = Drawing(figsize=(WIDTH, 4.2))
    axes, margins = figure.add_subplot(), np.linspace(0, 10, 120)
    for epsilon, color in zip((0.3, 0.1, 0.05, 0.0), CYCLE, strict=False):
        losses = [margin_loss(m, epsilon) for m in margins]
        label = f"ε = {number(epsilon)}"
        axes.plot(margins, losses, color=color, label=label)
        if epsilon:
            best = ideal_margin(epsilon)
            axes.plot(best, margin_loss(best, epsilon), "o", color=color)
    axes.set(xlabel="ventaja del logit bueno", ylabel="coste", ylim=(0, 3.6))
    axes.legend(loc="upper right", ncols=2)
    return with_commas(figure)


NAMES = {
    "nada": "nada",
    "l1": "ℓ1",
    "l2": "ℓ2",
    "parada_apartando": "parada, 800 + 200",
    "parada_regalada": "parada, 1000 + 5000",
    "multitarea": "multitarea, paridad",
    "multitarea_mas_datos": "paridad de 4000 más",
    "ruido_entradas": "ruido, entradas",
    "ruido_pesos": "ruido, pesos",
    "ruido_etiquetas": "ruido, etiquetas",
    "ensamble": "ensamble, ×5",
    "traslaciones": "traslaciones",
    "traslaciones_y_giros": "traslaciones y giros",
    "dropout": "dropout",
    "suavizado": "suavizado",
    "swa": "SWA",
    "coseno": "tasa en coseno",
    "lotes_de_10": "lotes de 10",
    "lote_completo": "lote completo",
    "normalizacion": "normalización",
    "swa_normalizacion": "normalización y SWA",
    "combinacion": "giros, dropout, ℓ2",
    "combinacion_y_ensamble": "giros, dropout, ℓ2, ×5",
    "sola": "giros, suavizado",
    "sola_y_ensamble": "giros, suavizado, ×5",
}


def gains() -> list[tuple[str, float, float]]:
    """Nombre, ventaja y error típico de cada estrategia, de más a menos."""
    rows, more = measured("regularizacion")["estrategias"], measured("combinacion")
    rows |= {"sola": more["sola"], "sola_y_ensamble": more["ensamble"]}
    table = [(NAMES[k], rows[k]["ventaja"]) for k in NAMES if k != "nada"]
    return sorted(
        ((name, row["media"], row["error_tipico"]) for name, row in table),
        key=lambda row: -row[1],
    )


@drawing
def contribution() -> Drawing:
    """Ventaja de cada estrategia sobre la red sin nada, semilla a semilla."""
    figure, table = Drawing(figsize=(WIDTH, 7.6)), gains()
    axes = figure.add_subplot()
    for place, (_, gain, error) in enumerate(table):
        clear = abs(gain) > 2 * error
        color = (GREEN if gain > 0 else ORANGE) if clear else INK
        style = {"fmt": "o", "color": color, "capsize": 3, "lw": 1.6}
        axes.errorbar(gain, -place, xerr=2 * error, **style)
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks(-np.arange(len(table)), [name for name, *_ in table])
    axes.set(ylim=(-len(table) + 0.4, 0.6))
    axes.set_xlabel("puntos de exactitud frente a no hacer nada")
    return with_commas(figure)
