"""Dibuja cualquier grafo de `Value`: dónde va cada nodo y qué se escribe en él.

Las coordenadas son pulgadas. Cada nodo va a la izquierda de los que alimenta, y las
entradas, justo antes del primero que las usa.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle

from apuntes.figures._text import number
from apuntes.figures.style import BLUE, INK, ORANGE, PAPER
from apuntes.graph import Value
from apuntes.paths import deltas

RADIUS, ROW, MARGIN = 0.23, 1.04, 0.36
BENDS = (0, 0.12, -0.12, 0.24, -0.24, 0.36, -0.36, 0.48, -0.48)
BOX = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}  # tapa la flecha de debajo


@dataclass(frozen=True)
class Layout:
    """Grafo colocado: rótulo y lugar de cada nodo, aristas y tamaño del dibujo."""

    places: dict[Value, tuple[float, float]]
    texts: dict[Value, str]
    names: dict[Value, str]
    width: float
    height: float

    def edges(self) -> list[tuple[Value, Value, float]]:
        """Cada `(origen, destino, derivada local)` que se dibuja."""
        return [
            (source, node, slope)
            for node in self.places
            for source, slope in node.inputs
            if source in self.places
        ]


def place(
    output: Value,
    labels: Mapping[str, Value],
    heights: Mapping[Value, float] | None = None,
    *,
    width: float,
) -> Layout:
    """Coloca en columnas el grafo de `output`; `heights` da la fila de algún nodo."""
    order, names = list(deltas(output)), {v: k for k, v in labels.items()}
    kept = {node: _folded(node, names) for node in order}
    hidden = {source for constant in kept.values() for source in constant}
    nodes = [node for node in order if node not in hidden]
    columns, rows = _columns(nodes), _rows(output, hidden)
    step = (width - 2 * MARGIN) / max(1, *columns.values())
    rows = _spread(rows, columns) | (heights or {})
    places = {
        node: (width - MARGIN - step * columns[node], ROW * rows[node])
        for node in nodes
    }
    low = min(y for _, y in places.values())
    height = max(y for _, y in places.values()) - low + ROW
    places = {node: (x, height - ROW / 2 - y + low) for node, (x, y) in places.items()}
    texts = {node: _gate_text(node, kept[node], names) for node in nodes}
    return Layout(places, texts, names, width, height)


def _folded(node: Value, names: Mapping[Value, str]) -> list[Value]:
    """Constantes sin nombre que se escriben dentro de la puerta."""
    bare = [
        source for source, _ in node.inputs if not source.op and source not in names
    ]
    return bare if names and len(bare) < len(node.inputs) else []


def _gate_text(node: Value, folded: list[Value], names: Mapping[Value, str]) -> str:
    if not node.op:
        return names.get(node, "")
    symbol = {"neg": "×−1"}.get(node.op, node.op)
    if symbol.startswith("^") and len(symbol) > 1:
        return {"^2": "( )²", "^3": "( )³"}.get(symbol, symbol.replace("-", "−"))
    if not folded:
        return symbol
    constant = number(folded[0].data)
    left = node.inputs[0][0] is folded[0] and symbol in "−/^"
    return constant + symbol if left else symbol + constant


def _columns(nodes: list[Value]) -> dict[Value, int]:
    """Aristas del camino más largo de cada nodo a la salida."""
    columns = dict.fromkeys(nodes, 0)
    for node in nodes:
        for source, _ in node.inputs:
            if source in columns:
                columns[source] = max(columns[source], columns[node] + 1)
    return columns


def _rows(output: Value, hidden: set[Value]) -> dict[Value, float]:
    """Altura de cada nodo: las entradas, una debajo de otra; una puerta, en medio."""
    rows, leaves, pending = {}, 0, [output]
    while pending:
        node = pending[-1]
        sources = [s for s, _ in node.inputs if s not in hidden]
        missing = [s for s in sources if s not in rows]
        if node in rows or not missing:
            pending.pop()
        if node in rows:
            continue
        if not sources:
            rows[node], leaves = float(leaves), leaves + 1
        elif not missing:
            rows[node] = sum(rows[s] for s in sources) / len(sources)
        else:
            pending += reversed(missing)
    return rows


def _spread(rows: dict[Value, float], columns: dict[Value, int]) -> dict[Value, float]:
    """Separa los nodos de una columna que hayan caído demasiado juntos."""
    rows = dict(rows)
    for column in set(columns.values()):
        inside = sorted((n for n in columns if columns[n] == column), key=rows.get)
        for above, below in itertools.pairwise(inside):
            rows[below] = max(rows[below], rows[above] + 1)
    return rows


def draw_nodes(
    axes: Axes, layout: Layout, *, current: Value | None, blank: bool = False
) -> None:
    """Círculos, nombres y valores hacia delante; con `blank`, huecos que rellenar."""
    for node, (x, y) in layout.places.items():
        edge = ORANGE if node is current else INK
        width = 2.4 if node is current else 1
        axes.add_patch(
            Circle(
                (x, y),
                RADIUS,
                facecolor=PAPER,
                edgecolor=edge,
                linewidth=width,
                zorder=3,
            )
        )
        axes.text(x, y, layout.texts[node], ha="center", va="center", zorder=5)
        if blank:
            _gaps(axes, x, y, [BLUE, ORANGE] if node.op else [ORANGE])
            if node.op:
                continue
        value = number(node.data, ".3g")
        if node.op and node in layout.names:
            value = f"{layout.names[node]} = {value}"
        _write(axes, x, y + RADIUS + 0.13, value, BLUE)


def _gaps(axes: Axes, x: float, y: float, colors: list[str]) -> None:
    """Un recuadro por número que falta: azul, encima; naranja, debajo."""
    width, height, style = 0.44, 0.18, {"facecolor": PAPER, "linestyle": (0, (2, 2))}
    for color in colors:
        below = y - RADIUS - 0.04 - height if color == ORANGE else y + RADIUS + 0.04
        corner = x - width / 2, below
        axes.add_patch(
            Rectangle(corner, width, height, edgecolor=color, zorder=4, **style)
        )


def draw_edges(axes: Axes, layout: Layout) -> None:
    """Flechas hacia delante; se curva la que pasaría por encima de otro nodo."""
    for source, node, _ in layout.edges():
        start, end = layout.places[source], layout.places[node]
        style = {"arrowstyle": "-|>", "color": INK, "linewidth": 1}
        style |= {"connectionstyle": f"arc3,rad={_bend(layout, start, end)}"}
        style |= {"shrinkA": 72 * RADIUS + 1, "shrinkB": 72 * RADIUS + 1}
        axes.annotate("", end, start, arrowprops=style)


def _bend(layout: Layout, start: tuple[float, float], end: tuple[float, float]):
    """Curvatura de la flecha: la menor que la aparta de los demás nodos."""
    others = [p for p in layout.places.values() if p not in (start, end)]
    if not others:
        return 0.0
    room = {bend: _room(_curve(start, end, bend), others) for bend in BENDS}
    return next((bend for bend in BENDS if room[bend] > 1), max(BENDS, key=room.get))


def _curve(start: tuple[float, float], end: tuple[float, float], bend: float):
    """Puntos de la flecha `arc3` de Matplotlib, una parábola."""
    (x0, y0), (x1, y1) = start, end
    t = np.linspace(0, 1, 21)[:, None]
    control = (x0 + x1) / 2 + bend * (y1 - y0), (y0 + y1) / 2 - bend * (x1 - x0)
    ends = (1 - t) ** 2 * np.array(start) + t**2 * np.array(end)
    return ends + 2 * t * (1 - t) * np.array(control)


def _room(curve: np.ndarray, others: list[tuple[float, float]]) -> float:
    """Hueco entre la flecha y el nodo más cercano, con sus rótulos; 1 es rozarlo."""
    gaps = (curve[:, None] - np.array(others)) / (RADIUS + 0.12, RADIUS + 0.22)
    return float(np.linalg.norm(gaps, axis=-1).min())


def draw_gradients(
    axes: Axes, layout: Layout, delta: Mapping[Value, float], done: list[Value]
) -> None:
    """Δ debajo de cada nodo y, si alimenta a varios, lo que reparten los de `done`."""
    edges = layout.edges()
    for node, value in delta.items():
        if node in layout.places:
            x, y = layout.places[node]
            _write(axes, x, y - RADIUS - 0.14, number(value + 0.0, ".3g"), ORANGE)
    for source, node, slope in edges:
        shared = sum(other is source for other, _, _ in edges) > 1
        if shared and node in done:
            _edge_label(axes, layout, source, node, delta[node] * slope)


def _edge_label(axes: Axes, layout: Layout, source: Value, node: Value, part: float):
    (x0, y0), (x1, y1) = layout.places[source], layout.places[node]
    bend = _bend(layout, (x0, y0), (x1, y1))
    x, y = _curve((x0, y0), (x1, y1), bend)[10]
    _write(axes, x, y, number(part + 0.0, ".3g"), ORANGE)


def _write(axes: Axes, x: float, y: float, text: str, color: str) -> None:
    axes.text(x, y, text, color=color, ha="center", va="center", zorder=4, bbox=BOX)
