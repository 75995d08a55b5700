"""Figuras de la ablación: qué cambia en la prueba al quitar o cambiar algo."""

from matplotlib.axes import Axes

from apuntes.figures._results import measured
from apuntes.figures._text import number, plain_powers, with_commas
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, PINK, Drawing, drawing

WIDTH = 5.3
FLOOR = -1.0  # lo que baje de aquí se apunta con su número en el borde
COLORS = {"ruido": INK, "mejor": GREEN, "peor": ORANGE}
NAMES = {
    "sigmoide": "activación sigmoide",
    "pesos_diminutos": "pesos de desviación 0,01",
    "kaiming": "pesos de He",
    "por_lotes": "normalizar por lotes",
    "por_capas": "normalizar por capas",
    "sin_normalizar": "sin normalizar",
    "sgd": "optimizador SGD",
    "nesterov": "optimizador Nesterov",
    "adam_betas": "Adam con 0,9 y 0,999",
    "tasa_constante": "tasa constante",
    "sin_subida": "tasa sin subida",
    "sin_estandarizar": "entradas de 0 a 1",
    "sin_suavizado": "sin suavizar etiquetas",
    "aumento": "deformar imágenes",
    "sin_aumento": "sin deformar imágenes",
    "sin_media_pesos": "sin media de pesos",
    "decaimiento": "decaimiento (AdamW)",
    "sin_decaimiento": "sin decaimiento",
    "dropout": "dropout 0,25",
}


def rows(recipe: str) -> list[tuple[str, dict, list[float]]]:
    """Nombre, medidas y diferencia con cada semilla, de más a menos."""
    variants = measured("mnist-ablacion")[recipe]["variantes"]
    base = variants["receta"]["todas"]
    table = [
        (NAMES[key], row, [a - b for a, b in zip(row["todas"], base, strict=True)])
        for key, row in variants.items()
        if key != "receta"
    ]
    return sorted(table, key=lambda row: -row[1]["diferencia"])


def _row(axes: Axes, place: int, row: dict, gains: list[float]) -> None:
    """Los puntos de una variante, su intervalo y su media."""
    color = COLORS[row["veredicto"]]
    inside = [gain for gain in gains if gain >= FLOOR]
    axes.plot(inside, [place] * len(inside), ".", color=color, alpha=0.35)
    for gain in gains:
        if gain < FLOOR:
            text = f"◂ {number(gain, '.1f')}"
            axes.text(FLOOR, place, text, color=color, va="center")
    axes.plot(row["intervalo"], [place] * 2, color=color, linewidth=3, alpha=0.6)
    axes.plot(row["diferencia"], place, "o", color=color, markersize=6)


def _ablation(recipe: str) -> Drawing:
    table = rows(recipe)
    figure = Drawing(figsize=(WIDTH, 0.9 + 0.33 * len(table)))
    axes, places = figure.add_subplot(), range(0, -len(table), -1)
    for place, (_, row, gains) in zip(places, table, strict=True):
        _row(axes, place, row, gains)
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks(places, [name for name, *_ in table])
    axes.set(ylim=(-len(table) + 0.4, 0.6), xlabel="puntos frente a la receta")
    return with_commas(figure)


@drawing
def fast() -> Drawing:
    """La receta rápida con un ingrediente cambiado cada vez."""
    return _ablation("rapida")


@drawing
def accurate() -> Drawing:
    """La receta precisa, estrecha y con pocas imágenes, sin un ingrediente cada vez."""
    return _ablation("precisa")


TUNED = {
    "sigmoide": (BLUE, "o"),
    "nesterov": (GREEN, "s"),
    "tasa_constante": (ORANGE, "^"),
    "sin_normalizar": (PINK, "D"),
}


@drawing
def tuned_rates() -> Drawing:
    """Lo que acierta en validación cada cambio con cada tasa que se probó."""
    figure = Drawing(figsize=(WIDTH, 3.6))
    panels = figure.subplots(1, 2, sharey=True)
    for axes, recipe in zip(panels, ("rapida", "precisa"), strict=True):
        run = measured("mnist-ablacion")[recipe]
        for name, (color, mark) in TUNED.items():
            tried = run["variantes"].get(name, {}).get("validacion_pct", {})
            factors = [float(lr) / run["receta"]["lr"] for lr in tried]
            label = NAMES[name]
            axes.plot(factors, tried.values(), f"{mark}-", color=color, label=label)
        axes.axvline(1, color=INK, linewidth=1, linestyle=":")
        axes.set(title=recipe, xscale="log", ylim=(95.8, 99), xlabel="veces la tasa")
        plain_powers(axes)
    panels[0].set_ylabel("aciertos en las apartadas, %")
    shown = panels[1].get_legend_handles_labels()
    figure.legend(*shown, loc="outside upper center", ncols=2)
    return with_commas(figure)
