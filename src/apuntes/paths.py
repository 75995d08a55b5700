r"""Dos maneras de sumar sobre los caminos de un grafo.

Capítulo: 07-retropropagacion

La derivada de un nodo respecto de otro es una suma sobre los caminos que los unen.
`path_sum` los recorre uno a uno; `delta_sum`, con la recursión $\Delta$ de `deltas`,
llega al mismo número con un producto por arista. Ambas dicen cuánto trabajaron.
"""

from collections import Counter
from typing import NamedTuple

from apuntes.graph import Value, reject_cycle


# --8<-- [start:topological_order]
def topological_order(output: Value) -> list[Value]:
    """Los nodos de los que depende `output`, cada uno después de los que alimenta."""
    found, uses = [output], Counter({output: 0})
    for node in found:
        for source, _ in node.inputs:
            if source not in uses:
                found.append(source)
            uses[source] += 1
    ready = [output]
    for node in ready:
        for source, _ in node.inputs:
            uses[source] -= 1
            if not uses[source]:
                ready.append(source)
    if len(ready) != len(found):
        reject_cycle(output)
    return ready
    # --8<-- [end:topological_order]


class Derivative(NamedTuple):
    """Una derivada y lo que costó: términos que se sumaron y productos."""

    value: float
    terms: int
    products: int


# --8<-- [start:path_sum]
def path_sum(output: Value, source: Value) -> Derivative:
    r"""Derivada de `output` respecto de `source`, camino a camino.

    Suma, sobre todos los caminos de `source` a `output`, el producto de las derivadas
    locales de sus aristas. Cada camino se recorre entero, y en una red cada capa los
    multiplica por su anchura.

    Examples:
        >>> w = Value(3.0)
        >>> path_sum(w * w, w)
        Derivative(value=6.0, terms=2, products=2)
    """
    total, paths, products, pending = 0.0, 0, 0, [(output, 1.0)]
    while pending:
        node, product = pending.pop()
        if node is source:
            total += product
            paths += 1
            continue
        for previous, slope in node.inputs:
            pending.append((previous, product * slope))
            products += 1
    return Derivative(total, paths, products)
    # --8<-- [end:path_sum]


# --8<-- [start:delta_sum]
def deltas(output: Value) -> dict[Value, float]:
    r"""$\Delta$ de cada nodo, la derivada de `output` respecto de él, y no toca `grad`.

    Examples:
        >>> x, y = Value(3.0), Value(-4.0)
        >>> delta = deltas(x * y)
        >>> delta[x], delta[y]
        (-4.0, 3.0)
    """
    order = topological_order(output)
    delta = dict.fromkeys(order, 0.0) | {output: 1.0}
    for node in order:
        for previous, slope in node.inputs:
            delta[previous] += delta[node] * slope
    return delta


def delta_sum(output: Value, source: Value) -> Derivative:
    r"""La misma derivada que `path_sum` por la recursión: un producto por arista.

    Examples:
        >>> w = Value(3.0)
        >>> delta_sum(w * w, w)
        Derivative(value=6.0, terms=2, products=2)
    """
    delta = deltas(output)
    edges = sum(len(node.inputs) for node in delta)
    return Derivative(delta.get(source, 0.0), edges, edges)
    # --8<-- [end:delta_sum]
