"""Figuras de la asignación de crédito y de las dos reglas de la cadena."""

import itertools

import numpy as np
from matplotlib.axes import Axes

from apuntes.activations import sigmoid
from apuntes.chain_rules import forward_rule, network_graph, reverse_rule
from apuntes.figures._text import number, with_commas
from apuntes.figures.style import BLUE, GREEN, INK, ORANGE, PAPER, Drawing, drawing

# La red 2-3-1 del capítulo: pesos y sesgos redondos, una entrada y su objetivo.
LAYERS = [
    (np.array([[2.0, -1.0], [1.0, 1.0], [-1.0, 2.0]]), np.array([0.0, -1.0, 0.5])),
    (np.array([[1.5, -2.0, 1.0]]), np.array([0.2])),
]
X, TARGET = np.array([1.0, 0.0]), np.array([1.0])
# x2 = x0 x1, x3 = x2 + x0 y x4 = x3 x2 en x0 = 2 y x1 = 3.
SYSTEM = [{}, {}, {0: 3.0, 1: 2.0}, {0: 1.0, 2: 1.0}, {2: 8.0, 3: 6.0}]
PLACES = np.array([[0.0, 1.0], [0.0, -1.0], [1.6, -0.6], [2.7, 0.8], [4.2, 0.0]])
DRAG, GOAL, PUSHES = 0.8, 10.0, np.array([1.0, 0.0, 2.0, 1.0, 0.0, 1.0, 0.0, 1.0])


def network_values() -> tuple[list[np.ndarray], np.ndarray]:
    """Activaciones de cada capa de la red 2-3-1 y crédito de sus neuronas ocultas."""
    values = [X]
    for weight, bias in LAYERS:
        values.append(sigmoid(weight @ values[-1] + bias))
    graph, (table, _) = network_graph(X, TARGET, LAYERS)
    return values, reverse_rule(graph, len(graph) - 1)[0][table[:, -1]]


def _node(axes: Axes, place, text: str, color: str) -> None:
    axes.scatter(
        *place, s=1500, facecolor=PAPER, edgecolor=color, linewidth=2, zorder=3
    )
    axes.text(*place, text, ha="center", va="center", zorder=4)


def _arrow(axes: Axes, start, end, color: str, width: float = 1.2) -> None:
    style = {"arrowstyle": "-|>", "color": color, "linewidth": width}
    style |= {"shrinkA": 18, "shrinkB": 20, "mutation_scale": 10}
    axes.annotate("", end, start, arrowprops=style, zorder=2)


def _network_panel(axes: Axes, columns: list[np.ndarray]) -> None:
    axes.set(xlim=(-0.5, 4.6), ylim=(-1.55, 1.55))
    axes.set_axis_off()
    for left, right in itertools.pairwise(columns[:3]):
        for start, end in itertools.product(left, right):
            axes.plot(*zip(start, end, strict=True), color=INK, alpha=0.25, linewidth=1)


@drawing
def credit() -> Drawing:
    """La señal baja a la red: arriba los valores, abajo el crédito de cada oculta."""
    values, credits = network_values()
    output = float(values[2][0])
    cost = (output - TARGET[0]) ** 2 / 2
    heights = ([0.6, -0.6], [1.1, 0.0, -1.1], [0.0], [0.0])
    columns = [np.array([[1.4 * c, y] for y in ys]) for c, ys in enumerate(heights)]
    figure = Drawing(figsize=(5.0, 5.4))
    forward, backward = figure.subplots(2, 1)
    for axes, title in (
        (forward, "hacia delante: cuánto vale cada una"),
        (backward, "hacia atrás: cuánto cambiaría $J$"),
    ):
        _network_panel(axes, columns)
        axes.set_title(title)
    for column, layer in zip(columns, [*values, [cost]], strict=False):
        for place, value in zip(column, layer, strict=True):
            _node(forward, place, number(value, ".2f"), BLUE)
    _arrow(forward, columns[2][0], columns[3][0], BLUE)
    names = (columns[0][1], "entradas"), (columns[2][0], "salida")
    for place, text in (*names, (columns[3][0], "coste $J$")):
        forward.text(place[0], place[1] - 0.68, text, ha="center")
    derivatives = [credits, [output - TARGET[0]], [1.0]]
    for column, layer in zip(columns[1:], derivatives, strict=True):
        for place, value in zip(column, layer, strict=True):
            color = ORANGE if value > 0 else BLUE
            _node(backward, place, number(value, ".2f"), color)
    for j, place in enumerate(columns[0]):
        _node(backward, place, f"$x_{j}$", INK)
    _arrow(backward, columns[3][0], columns[2][0], INK)
    for place, value in zip(columns[1], credits, strict=True):
        color = ORANGE if value > 0 else BLUE
        _arrow(backward, columns[2][0], place, color, 1 + 40 * abs(value))
    return figure


def boat(pushes: np.ndarray) -> tuple[np.ndarray, list[dict[int, float]]]:
    """Posiciones de una barca y el sistema ordenado que va de los empujones al coste.

    Las primeras variables son los empujones; después, velocidad y posición por turnos.
    """
    turns, speed, place = len(pushes), 0.0, 0.0
    places, graph = [], [{} for _ in pushes]
    for t in range(turns):
        speed, place = DRAG * speed + pushes[t], place + DRAG * speed + pushes[t]
        node = len(graph)
        past = {node - 2: DRAG} if t else {}
        graph.append({t: 1.0} | past)
        graph.append({node: 1.0} | ({node - 1: 1.0} if t else {}))
        places.append(place)
    graph.append({len(graph) - 1: place - GOAL})
    return np.array(places), graph


@drawing
def sequence() -> Drawing:
    """Ocho decisiones, un desenlace y lo que cada una tuvo que ver con él."""
    places, graph = boat(PUSHES)
    credits = reverse_rule(graph, len(graph) - 1)[0][: len(PUSHES)]
    figure, turns = Drawing(figsize=(5.0, 4.6)), np.arange(1, len(PUSHES) + 1)
    top, bottom = figure.subplots(2, 1, sharex=True)
    top.bar(turns, PUSHES, 0.5, color=GREEN, label="empujón")
    top.plot(turns, places, "o-", color=BLUE, label="posición")
    top.axhline(GOAL, color=INK, linewidth=1, linestyle=":")
    top.text(1, GOAL + 0.4, "meta")
    top.set(ylim=(0, 1.35 * places.max()))
    top.legend(loc="upper left")
    bottom.bar(turns, credits, 0.5, color=ORANGE)
    bottom.set(xlabel="turno", title="crédito de cada empujón", xticks=turns)
    for axes in (top, bottom):
        axes.grid(axis="x", visible=False)
        axes.set_axisbelow(True)
    return with_commas(figure)


def _system_panel(
    axes: Axes, derivatives: np.ndarray, color: str, *, back: bool
) -> None:
    for i, causes in enumerate(SYSTEM):
        for k, partial in causes.items():
            ends = (PLACES[i], PLACES[k]) if back else (PLACES[k], PLACES[i])
            _arrow(axes, *ends, color if derivatives[i if back else k] else INK)
            middle = 0.55 * PLACES[k] + 0.45 * PLACES[i]
            box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
            text = number(partial)
            axes.text(*middle, text, ha="center", va="center", bbox=box, zorder=3)
    for i, place in enumerate(PLACES):
        _node(axes, place, number(derivatives[i]), color if derivatives[i] else INK)
        below = place[1] <= 0
        offset = -0.56 if below else 0.56
        axes.text(place[0], place[1] + offset, f"$x_{i}$", ha="center", va="center")
    axes.set(xlim=(-0.5, 4.7), ylim=(-1.75, 1.75))
    axes.set_axis_off()


@drawing
def two_rules() -> Drawing:
    """El mismo sistema recorrido desde una causa y desde el efecto."""
    figure = Drawing(figsize=(5.0, 5.6))
    top, bottom = figure.subplots(2, 1)
    _system_panel(top, forward_rule(SYSTEM, 0)[0], BLUE, back=False)
    top.set_title("directa, desde $x_0$")
    _system_panel(bottom, reverse_rule(SYSTEM, 4)[0], ORANGE, back=True)
    bottom.set_title("inversa, desde $x_4$")
    return figure


def products(width: int) -> tuple[int, int, int]:
    """Parámetros de una red de cuatro capas y productos de las dos reglas."""
    rng = np.random.default_rng(0)
    sizes = (width, width, width, width, 1)
    layers = [
        (rng.normal(size=(o, i)), rng.normal(size=o))
        for i, o in itertools.pairwise(sizes)
    ]
    graph, tables = network_graph(rng.normal(size=width), np.ones(1), layers)
    parameters = [int(p) for table in tables for p in table[:, :-1].flat]
    forward = sum(forward_rule(graph, p)[1] for p in parameters)
    return len(parameters), forward, reverse_rule(graph, len(graph) - 1)[1]


@drawing
def costs() -> Drawing:
    """Productos que cuesta el gradiente entero con cada regla."""
    parameters, forward, reverse = np.array([products(w) for w in (2, 3, 5, 8, 12)]).T
    figure = Drawing(figsize=(5.0, 3.2))
    axes = figure.add_subplot()
    axes.loglog(
        parameters, forward, "o-", color=BLUE, label="directa, una por parámetro"
    )
    axes.loglog(parameters, reverse, "s-", color=ORANGE, label="inversa, una sola")
    axes.set(xlabel="parámetros", ylabel="productos")
    axes.set_xticks([20, 50, 100, 200, 500], ["20", "50", "100", "200", "500"])
    axes.minorticks_off()
    axes.legend(loc="upper left")
    return figure
