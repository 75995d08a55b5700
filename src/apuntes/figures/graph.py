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
    heights: Mapping[Value, float] | None = None,
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
        heights: fila de los nodos que no van en la suya, contada desde arriba.
        steps: un panel por elemento, uno debajo de otro: cuántos nodos, desde la
            salida, han repartido ya su derivada; `None`, todos; -1, ni siquiera la
            ida: solo las entradas y huecos que rellenar.
        titles: título de cada panel.
        width: anchura en pulgadas; 5,8 es lo que se lee bien en un teléfono.
    """
    layout = place(output, labels or {}, heights, width=width)
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
    started = count is None or count > 0
    current = gates[max(count - 2, 0)] if count and started else None
    known = _received(output, delta, done) if started else {}
    draw_edges(axes, layout)
    draw_nodes(axes, layout, current=current, blank=count == -1)
    draw_gradients(axes, layout, known, done)


def _received(output: Value, delta: Mapping[Value, float], done: list[Value]):
    """Derivadas que ya se conocen cuando `done` han repartido la suya."""
    reached = {output} | {source for node in done for source, _ in node.inputs}
    waiting = {s for node in delta if node not in done for s, _ in node.inputs}
    return {n: v for n, v in delta.items() if n in reached and n not in waiting}


@drawing
def sum_and_product() -> Drawing:
    """Ida y vuelta por f = (x + y) z, puerta a puerta."""
    x, y, z = Value(-2), Value(5), Value(-4)
    q = x + y
    f = q * z
    labels = {"x": x, "y": y, "z": z, "q": q, "f": f}
    titles = (
        "1. Ida: los valores",
        "2. La derivada de f respecto de sí misma es 1",
        "3. El producto cruza: a cada entrada, la otra",
        "4. La suma reparte: a las dos lo mismo",
    )
    rows = {z: 1.5, f: 1}
    return draw_graph(f, labels, rows, steps=(0, 1, 2, 3), titles=titles)


@drawing
def second_graph() -> Drawing:
    """Vuelta por f = 2 (x y + máx(z, w)), puerta a puerta."""
    x, y, z, w, two = Value(3), Value(-4), Value(2), Value(-1), Value(2)
    f = (x * y + z.maximum(w)) * two
    labels = {"x": x, "y": y, "z": z, "w": w, "dos": two, "f": f}
    titles = (
        "1. Ida",
        "2. El producto por dos y la suma han repartido",
        "3. También el otro producto y el máximo",
    )
    rows = {two: 2.7, f: 2}
    return draw_graph(f, labels, rows, steps=(0, 3, 5), titles=titles)


@drawing
def neuron() -> Drawing:
    """Una neurona tanh de dos entradas."""
    h, w = (Value(0.6), Value(-0.4)), (Value(1.5), Value(-0.5))
    z = w[0] * h[0] + w[1] * h[1]
    labels = {"w₁": w[0], "h₁": h[0], "w₂": w[1], "h₂": h[1], "z": z}
    return draw_graph(z.tanh(), labels)


def sigmoid_neuron_graph() -> tuple[Value, dict[str, Value], dict[Value, float]]:
    """La neurona sigmoide de R-07, con puertas elementales; sus nombres y sus filas."""
    w, x = [Value(v) for v in (2, -3, -3)], [Value(v) for v in (-1, -2)]
    s = w[0] * x[0] + w[1] * x[1] + w[2]
    names = "w₀", "w₁", "w₂", "x₀", "x₁"
    opposite = -s
    power = opposite.exp()
    below = 1 + power
    f = 1 / below
    rows = {w[2]: 2.9} | dict.fromkeys((s, opposite, power, below, f), 2.2)
    return f, dict(zip(names, [*w, *x], strict=True)), rows


@drawing
def sigmoid_neuron() -> Drawing:
    """La neurona sigmoide, nodo a nodo."""
    return draw_graph(*sigmoid_neuron_graph())


@drawing
def shared() -> Drawing:
    """Un nodo que alimenta a dos: su derivada es la suma de las dos partes."""
    x, y = Value(3), Value(4)
    return draw_graph(x * y + x, {"x": x, "y": y})
