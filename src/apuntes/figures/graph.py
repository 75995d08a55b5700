"""Figuras de la retropropagación; `draw_graph` dibuja el grafo de cualquier `Value`."""

from collections.abc import Mapping, Sequence

from apuntes.figures._graph import (
    Layout,
    draw_edges,
    draw_gradients,
    draw_nodes,
    place,
)
from apuntes.figures.style import WIDTH, Drawing, drawing
from apuntes.graph import Value
from apuntes.paths import deltas


@drawing
def draw_graph(
    output: Value,
    labels: Mapping[str, Value] | None = None,
    *,
    steps: Sequence[int | None] = (None,),
    titles: Sequence[str] = (),
    width: float = WIDTH,
) -> Drawing:
    """Dibuja el grafo del que sale `output`, con valores y derivadas.

    En cada nodo, encima su valor y debajo la derivada de `output` respecto de él; si
    alimenta a varios, la parte que le llega por cada arista. Una constante sin nombre
    va dentro de su puerta.

    Args:
        output: nodo de salida; no hace falta haber llamado a `backward`.
        labels: nombre de cada nodo, `{"x": x}`.
        steps: un panel por elemento, uno debajo de otro: cuántos nodos, desde la
            salida, han repartido ya su derivada; `None`, todos.
        titles: título de cada panel.
        width: anchura en pulgadas; 5,8 es lo que se lee bien en un teléfono.
    """
    layout = place(output, labels or {}, width=width)
    panel = layout.height + (0.3 if titles else 0)
    figure = Drawing(figsize=(width, panel * len(steps)))
    panels = figure.subplots(len(steps), 1, squeeze=False)[:, 0]
    for axes, count in zip(panels, steps, strict=True):
        axes.set(xlim=(0, width), ylim=(0, layout.height), aspect="equal")
        axes.set_axis_off()
        _draw(axes, layout, output, count)
    for axes, title in zip(panels, titles, strict=False):
        axes.set_title(title, loc="left")
    return figure


def _draw(axes, layout: Layout, output: Value, count: int | None) -> None:
    """Un panel en el que ya han repartido `count` nodos."""
    delta = deltas(output)
    gates = [node for node in delta if node.op]
    done = gates if count is None else gates[: max(count - 1, 0)]
    current = gates[max(count - 2, 0)] if count else None
    known = _received(output, delta, done) if count != 0 else {}
    draw_edges(axes, layout)
    draw_nodes(axes, layout, current=current)
    draw_gradients(axes, layout, known, done)


def _received(output: Value, delta: Mapping[Value, float], done: list[Value]):
    """Derivadas que ya se conocen cuando `done` han repartido la suya."""
    reached = {output} | {source for node in done for source, _ in node.inputs}
    waiting = {s for node in delta if node not in done for s, _ in node.inputs}
    return {n: v for n, v in delta.items() if n in reached and n not in waiting}
