"""Figuras de los ejercicios del capítulo 8, del cociente al máximo suave."""

import math

from apuntes.figures._graph import draw_edges, draw_gradients, draw_nodes, place
from apuntes.figures.chain_exercises import (
    BOX,
    Graph,
    blank,
    routed_rows,
    solved,
    values,
)
from apuntes.figures.style import Drawing, drawing
from apuntes.graph import Value
from apuntes.paths import deltas


def quotient_graph() -> Graph:
    """El grafo de f = (x − y) / (x + y)."""
    v = values(x=3, y=1)
    x, y = v.values()
    above, below = x - y, x + y
    f = above / below
    return f, v | {"f": f}, {x: 0, y: 1.2, above: -0.6, below: 1.8, f: 0.6}


@drawing
def quotient_blank() -> Drawing:
    """Enunciado de f = (x − y) / (x + y)."""
    return blank(quotient_graph)


@drawing
def quotient_solved() -> Drawing:
    """Solución de f = (x − y) / (x + y)."""
    return solved(quotient_graph)


def tie_graph() -> Graph:
    """El grafo de f = máx(x, y) x, con empate."""
    v = values(x=2, y=2)
    x, y = v.values()
    largest = x.maximum(y)
    f = largest * x
    return f, v | {"f": f}, {x: 0, y: 1.1, largest: 0.9, f: 0.4}


@drawing
def tie_blank() -> Drawing:
    """Enunciado de f = máx(x, y) x."""
    return blank(tie_graph)


@drawing
def tie_solved() -> Drawing:
    """Solución de f = máx(x, y) x, a medias."""
    return solved(tie_graph)


def ladder_graph(steps: int = 5) -> Graph:
    """Cada peldaño es la suma de los dos anteriores."""
    v = values(x=1, y=1)
    before, last = v.values()
    rows = {before: 0.0, last: 1.2}
    for step in range(steps):
        before, last = last, before + last
        rows[last] = 1.2 * (step % 2)
    return last, v | {"f": last}, rows


@drawing
def ladder_blank() -> Drawing:
    """Enunciado de la escalera."""
    return blank(ladder_graph)


@drawing
def ladder_solved() -> Drawing:
    """Solución de la escalera: números de Fibonacci a la ida y a la vuelta."""
    return solved(ladder_graph)


def right_graph() -> Graph:
    """El grafo de f = (x y + z) máx(x, z), que alguien derivó mal."""
    v = values(x=3, y=-2, z=1)
    x, y, z = v.values()
    return _joined(v, x * y, x.maximum(z))


def wrong_graph() -> Graph:
    """El mismo grafo con un producto que no cruza y un máximo que reparte."""
    v = values(x=3, y=-2, z=1)
    x, y, z = v.values()
    product = Value(x.data * y.data, "×", x, x.data, y, y.data)
    largest = Value(max(x.data, z.data), "máx", x, 1.0, z, 1.0)
    return _joined(v, product, largest)


def _joined(v: dict[str, Value], product: Value, largest: Value) -> Graph:
    x, y, z = v.values()
    total = product + z
    f = total * largest
    rows = {x: 0, y: 1.2, product: 0.9, z: 2, total: 1.4, largest: 0, f: 0.7}
    return f, v | {"f": f}, rows


def wrong_deltas(f: Value, labels: dict[str, Value]) -> dict[Value, float]:
    """La vuelta de `wrong_graph`; en x, además, solo queda lo último que llegó."""
    delta = deltas(f)
    largest = f.inputs[1][0]
    return delta | {labels["x"]: delta[largest]}


@drawing
def three_mistakes() -> Drawing:
    """La vuelta mal hecha que hay que corregir."""
    f, labels, rows = wrong_graph()
    delta, layout = wrong_deltas(f, labels), place(f, labels, rows, width=BOX)
    figure = Drawing(figsize=(BOX, layout.height))
    axes = figure.add_subplot(xlim=(0, BOX), ylim=(0, layout.height), aspect="equal")
    axes.set_axis_off()
    draw_edges(axes, layout)
    draw_nodes(axes, layout, current=None)
    draw_gradients(axes, layout, delta, list(delta))
    return figure


@drawing
def mistakes_fixed() -> Drawing:
    """La misma vuelta, bien hecha."""
    return solved(right_graph)


def renamed_graph() -> Graph:
    """Tres valores que un programa llamó `t`."""
    v = values(x=3, y=-2)
    x, y = v.values()
    product = x * y
    total = product + x
    f = total**2
    rows = {x: 0, y: 1.1, product: 0.9, total: 0.4, f: 0.4}
    return f, v | {"t₁": product, "t₂": total, "t₃": f}, rows


@drawing
def renamed_solved() -> Drawing:
    """Solución: un nodo por valor, no por nombre."""
    return solved(renamed_graph)


def softmax_graph() -> Graph:
    """Pérdida −ln p₁ de una softmax de dos clases."""
    v = values(z1=2, z2=1)
    z1, z2 = v.values()
    first, second = z1.exp(), z2.exp()
    total = first + second
    p = first / total
    log = p.log()
    loss = -log
    rows = {z1: 0, first: 0, z2: 1.6, second: 1.6, total: 1.6}
    rows |= dict.fromkeys((p, log, loss), 0.5)
    return loss, {"z₁": z1, "z₂": z2, "p₁": p, "L": loss}, rows


@drawing
def softmax_blank() -> Drawing:
    """Enunciado de la softmax de dos clases."""
    return blank(softmax_graph)


@drawing
def softmax_solved() -> Drawing:
    """Solución de la softmax de dos clases."""
    return solved(softmax_graph)


def entropy_graph() -> Graph:
    """Neurona sigmoide con entropía cruzada y objetivo 1."""
    v = values(w=0.5, x=2, b=-1.5)
    z = v["w"] * v["x"] + v["b"]
    loss = -z.sigmoid().log()
    return loss, v | {"z": z, "L": loss}, {v["w"]: -0.1, v["x"]: 1.1}


@drawing
def entropy_blank() -> Drawing:
    """Enunciado de la neurona con entropía cruzada."""
    return blank(entropy_graph)


@drawing
def entropy_solved() -> Drawing:
    """Solución de la neurona con entropía cruzada."""
    return solved(entropy_graph)


def batch_graph() -> Graph:
    """Coste de una recta en los ejemplos (1, 1) y (2, 5)."""
    v = values(w=1, b=1)
    w, b = v.values()
    rows, losses = {w: 1, b: 1}, []
    for x, target, row, at in ((1, 1, 0.2, -0.2), (2, 5, 1.8, 2.2)):
        product = w * x
        pred = product + b
        residual = pred - target
        losses.append(residual**2)
        rows |= {product: at, pred: row, residual: row, losses[-1]: row}
    total = losses[0] + losses[1]
    cost = total * 0.5
    names = {"L₁": losses[0], "L₂": losses[1], "J": cost}
    return cost, v | names, rows | {total: 1, cost: 1}


@drawing
def batch_blank() -> Drawing:
    """Enunciado del lote de dos."""
    return blank(batch_graph)


@drawing
def batch_solved() -> Drawing:
    """Solución del lote de dos."""
    return solved(batch_graph)


def smooth_maximum(a: Value, b: Value) -> Value:
    """La puerta ln(e^a + e^b), que reparte sin elegir."""
    x, y = a.data, b.data
    data = max(x, y) + math.log1p(math.exp(-abs(x - y)))
    return Value(data, "lse", a, math.exp(x - data), b, math.exp(y - data))


def smooth_graph() -> Graph:
    """El grafo máx(x y, z) + x, con el máximo suave."""
    v = values(x=2, y=3, z=5)
    x, y, z = v.values()
    product = x * y
    largest = smooth_maximum(product, z)
    f = largest + x
    return f, v | {"f": f}, routed_rows(x, y, z, product, largest, f)


@drawing
def smooth_solved() -> Drawing:
    """Solución del máximo suave."""
    return solved(smooth_graph)
