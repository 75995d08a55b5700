"""Figuras de la página Rendimiento: lo que tarda cada cosa, de `results/`."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from apuntes.figures._results import measured
from apuntes.figures._text import count, number
from apuntes.figures.style import (
    BLUE,
    GOLD,
    GREEN,
    INK,
    ORANGE,
    PINK,
    Drawing,
    drawing,
)

WIDTH = 5.3
CONTENDERS = {
    "apuntes": "apuntes",
    "apuntes_float64": "apuntes, float64",
    "sklearn": "scikit-learn",
    "pytorch": "PyTorch",
    "pytorch_dataloader": "  con DataLoader",
    "pytorch_imagenes": "  imagen a imagen",
    "bucle_por_ejemplo": "ejemplo a ejemplo",
}
PARTS = {
    "leer": ("leer el lote", BLUE),
    "productos": ("cinco productos", GREEN),
    "llamadas": ("veinte operaciones más", GOLD),
    "resto": ("Python y comprobaciones", PINK),
}
WAYS = {
    "apuntes": ("apuntes", BLUE, "o"),
    "omision": ("PyTorch, por omisión", ORANGE, "s"),
    "foreach": ("foreach", PINK, "^"),
    "bucle": ("tensor a tensor", GOLD, "v"),
    "fused": ("fused", GREEN, "D"),
}


def _ticks(axis, marks) -> None:
    """Esas marcas y ninguna más, con su número escrito del todo."""
    axis.set_major_locator(FixedLocator(marks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda v, _: count(v)))
    axis.set_minor_formatter(NullFormatter())


def _dots(axes: Axes, table: dict, title: str) -> None:
    """Segundos de cada contendiente, con la cota a rayas."""
    names = [name for name in CONTENDERS if name in table["segundos"]][::-1]
    seconds = [table["segundos"][name]["mediana"] for name in names]
    bound = table["segundos"]["cota"]["mediana"]
    for row, (name, value) in enumerate(zip(names, seconds, strict=True)):
        color = BLUE if name.startswith("apuntes") else ORANGE
        axes.hlines(row, bound, value, color=color, lw=3)
        axes.plot(value, row, "o", color=color, ms=9)
        axes.text(1.25 * value, row, number(value, ".2g"), va="center")
    axes.axvline(bound, color=INK, ls="--", lw=1.3)
    axes.set_yticks(range(len(names)), [CONTENDERS[name] for name in names])
    axes.set(xscale="log", title=title, xlim=(0.6 * bound, 5 * max(seconds)))
    _ticks(axes.xaxis, (0.1, 1, 10))
    axes.grid(axis="y", visible=False)


@drawing
def epoch() -> Drawing:
    """Segundos de una época con cada contendiente y cada lote."""
    figure, data = Drawing(figsize=(WIDTH, 6.2)), measured("epoca-mlp")
    for axes, size in zip(figure.subplots(2, 1), (64, 10), strict=True):
        _dots(axes, data[f"lote_{size}"], f"lote de {size}")
    axes.set_xlabel("segundos de una época (a rayas, la cota)")
    return figure


def parts(table: dict) -> dict[str, float]:
    """Microsegundos de un paso en cada parte; el resto es lo que añade Python."""
    spent = table["microsegundos_por_paso"]
    own = {name: spent[name] for name in ("leer", "productos", "llamadas")}
    return own | {"resto": spent["apuntes"] - sum(own.values())}


@drawing
def step_parts() -> Drawing:
    """En qué se va un paso de `train_epoch`, con los dos lotes."""
    figure, data = Drawing(figsize=(WIDTH, 2.9)), measured("epoca-mlp")
    axes = figure.add_subplot()
    for size in (10, 64):
        left = 0.0
        for name, width in parts(data[f"lote_{size}"]).items():
            axes.barh(f"lote de {size}", width, left=left, color=PARTS[name][1],
                      alpha=0.5, lw=0)  # fmt: skip
            axes.text(left + width / 2, f"lote de {size}", number(width, ".0f"),
                      ha="center", va="center")  # fmt: skip
            left += width
    handles = [
        Line2D([], [], color=c, alpha=0.5, lw=8, label=t) for t, c in PARTS.values()
    ]
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.42, 1), ncols=2,
                handlelength=1)  # fmt: skip
    axes.set_xlabel("microsegundos de un paso")
    axes.grid(axis="y", visible=False)
    return figure


@drawing
def optimizer_steps() -> Drawing:
    """Microsegundos de un paso de cada optimizador, con los dos tamaños."""
    figure, data = Drawing(figsize=(WIDTH, 7.4)), measured("paso-optimizador")
    panels = ("11935", "11 935 parámetros"), ("1000000", "un millón de parámetros")
    for axes, (size, title) in zip(figure.subplots(2, 1), panels, strict=True):
        names = list(data[size])[::-1]
        for way, (label, color, marker) in WAYS.items():
            times = [data[size][n]["microsegundos"].get(way) for n in names]
            rows = [row for row, time in enumerate(times) if time]
            axes.plot([times[r]["mediana"] for r in rows], rows, marker, color=color,
                      label=label, ms=7)  # fmt: skip
        axes.set_yticks(range(len(names)), names)
        axes.set(xscale="log", title=title)
    _ticks(figure.axes[0].xaxis, (3, 10, 30, 100))
    _ticks(figure.axes[1].xaxis, (100, 300, 1000, 3000))
    axes.set_xlabel("microsegundos de un paso")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center",
                  ncols=2, handlelength=1)  # fmt: skip
    return figure


@drawing
def scalar_growth() -> Drawing:
    """Segundos de la ida y de la vuelta de `Value` según los nodos."""
    figure, rows = (
        Drawing(figsize=(WIDTH, 3.6)),
        measured("grafo-escalar")["crecimiento"],
    )
    axes = figure.add_subplot()
    nodes = np.array([row["nodos"] for row in rows])
    ways = (
        ("ida", BLUE, "o-"),
        ("sin_recolector", BLUE, "o--"),
        ("vuelta", ORANGE, "o-"),
    )
    for way, color, style in ways:
        each = np.array([row[f"{way}_microsegundos_por_nodo"] for row in rows])
        label = way.replace("sin_", "ida, sin ")
        axes.plot(nodes, nodes * each / 1e6, style, color=color, label=label)
    axes.set(xscale="log", yscale="log", xlabel="nodos", ylabel="segundos")
    _ticks(axes.xaxis, (1e3, 1e4, 1e5, 1e6))
    _ticks(axes.yaxis, (0.001, 0.01, 0.1, 1))
    axes.legend(loc="upper left")
    return figure


@drawing
def growth() -> Drawing:
    """Tiempo y memoria de una época frente a ejemplos, ocultas y lote."""
    figure, data = Drawing(figsize=(WIDTH, 7.2)), measured("crecimiento")["epoca"]
    kinds = ("segundos", "s", BLUE), ("mebioctetos", "MiB", GREEN)
    rows = {
        "ejemplos": (1000, 10_000),
        "ocultas": (15, 100, 1000),
        "lote": (1, 64, 4096),
    }
    grid = figure.subplots(3, 2)
    for line, (axis, marks) in zip(grid, rows.items(), strict=True):
        for axes, (kind, unit, color) in zip(line, kinds, strict=True):
            axes.plot(data[axis][axis], data[axis][kind], "o-", color=color, ms=4)
            axes.set(xscale="log", yscale="log", xlabel=axis, ylabel=unit)
            _ticks(axes.xaxis, marks)
            marks_of = {"s": (0.01, 0.1, 1, 10), "MiB": (0.3, 1, 3, 10, 30)}
            _ticks(axes.yaxis, marks_of[unit])
            low, high = min(data[axis][kind]), max(data[axis][kind])
            axes.set_ylim(low / 2, 2 * high)
    grid[0, 0].set_title("tiempo")
    grid[0, 1].set_title("memoria de trabajo")
    return figure
