r"""Las dos reglas de la cadena de un sistema ordenado, y lo que cuesta cada una.

Capítulo: 01-de-programar-a-entrenar

En un sistema ordenado cada variable se calcula con otras anteriores,
$x_i=f_i(x_0,\dots,x_{i-1})$. Se describe con una lista, un diccionario por variable:
`partials[i][k]` es la derivada parcial $\partial f_i/\partial x_k$, y las entradas
llevan un diccionario vacío.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from apuntes._checks import check_array, check_floating, check_same_shape
from apuntes.activations import sigmoid

Partials = Sequence[Mapping[int, float]]


# --8<-- [start:forward_rule]
def forward_rule(partials: Partials, source: int) -> tuple[np.ndarray, int]:
    r"""Perturbación convencional: de una causa $x_j$ a todos sus efectos $x_i$.

    $\frac{\partial^+x_i}{\partial x_j}=
    \sum_{k=j}^{i-1}\frac{\partial f_i}{\partial x_k}
    \frac{\partial^+x_k}{\partial x_j}$, con $\partial^+x_j/\partial x_j=1$.

    Args:
        partials: el sistema, de `n` variables.
        source: la causa $j$.

    Returns:
        Las derivadas ordenadas de las `n` variables respecto de $x_j$, de forma
        `(n,)`, y cuántos productos ha costado (los que llevan un cero no cuestan).

    Raises:
        ValueError: si una variable depende de otra que no es anterior.
        IndexError: si no hay tal causa.

    Fuente:
        Werbos (1982), doi:10.1007/BFb0006203.

    Examples:
        >>> forward_rule([{}, {0: 2.0}, {0: 5.0, 1: 3.0}], 0)
        (array([ 1.,  2., 11.]), 3)
    """
    derivatives = _seed(partials, source)
    products = 0
    for i in range(source + 1, len(partials)):
        for k, partial in partials[i].items():
            if derivatives[k] != 0:
                derivatives[i] += partial * derivatives[k]
                products += 1
    return derivatives, products
    # --8<-- [end:forward_rule]


# --8<-- [start:reverse_rule]
def reverse_rule(partials: Partials, target: int) -> tuple[np.ndarray, int]:
    r"""Regla dinámica: de un efecto $x_i$ a todas sus causas $x_j$.

    $\frac{\partial^+x_i}{\partial x_j}=
    \sum_{k=j+1}^{i}\frac{\partial^+x_i}{\partial x_k}
    \frac{\partial f_k}{\partial x_j}$, con $\partial^+x_i/\partial x_i=1$.

    Recibe, da y lanza lo mismo que `forward_rule`, con el efecto en lugar de la causa.

    Examples:
        >>> reverse_rule([{}, {0: 2.0}, {0: 5.0, 1: 3.0}], 2)
        (array([11.,  3.,  1.]), 3)
    """
    derivatives = _seed(partials, target)
    products = 0
    for k in range(target, -1, -1):
        if derivatives[k] != 0:
            for j, partial in partials[k].items():
                derivatives[j] += derivatives[k] * partial
                products += 1
    return derivatives, products
    # --8<-- [end:reverse_rule]


# --8<-- [start:network_graph]
def network_graph(
    x: np.ndarray,
    target: np.ndarray,
    layers: Sequence[tuple[np.ndarray, np.ndarray]],
) -> tuple[list[dict[int, float]], list[np.ndarray]]:
    r"""Una red de sigmoides y su coste, $\frac12\lVert a-y\rVert^2$, en un sistema.

    Args:
        x: una entrada, de forma `(D,)`.
        target: su objetivo, de la forma de la salida.
        layers: pesos `(out, in)` y sesgos `(out,)` de cada capa.

    Returns:
        El sistema, cuya última variable es el coste, y una tabla por capa, de forma
        `(out, in + 2)`: en cada fila, los números de los pesos de una neurona, de su
        sesgo y de su activación.

    Examples:
        >>> x, y, w, b = np.ones(1), np.ones(1), np.zeros((1, 1)), np.zeros(1)
        >>> graph, [table] = network_graph(x, y, [(w, b)])
        >>> table
        array([[1, 2, 4]])
        >>> reverse_rule(graph, len(graph) - 1)[0]
        array([ 0.   , -0.125, -0.125, -0.125, -0.5  ,  1.   ])
    """
    check_floating(x=x, target=target)
    graph: list[dict[int, float]] = [{} for _ in x]
    values, nodes, tables = x, np.arange(len(x)), []
    for weight, bias in layers:
        shape = weight.shape[:1] + values.shape
        check_array("weight", weight, shape=shape, dtype=x.dtype)
        check_array("bias", bias, shape=shape[:1], dtype=x.dtype)
        tables.append(_add_layer(graph, values, nodes, weight))
        values, nodes = sigmoid(weight @ values + bias), tables[-1][:, -1]
        for node, a in zip(nodes.tolist(), values.tolist(), strict=True):
            graph[node] = {node - len(nodes): a * (1 - a)}
    check_same_shape(salida=values, target=target)
    graph.append(dict(zip(nodes.tolist(), (values - target).tolist(), strict=True)))
    return graph, tables


def _add_layer(
    graph: list[dict[int, float]],
    values: np.ndarray,
    nodes: np.ndarray,
    weight: np.ndarray,
) -> np.ndarray:
    """Añade los parámetros, las sumas y el hueco de las activaciones de una capa."""
    rows, start = len(weight), len(graph)
    size = rows * (len(values) + 1)
    parameters = start + np.arange(size).reshape(rows, -1)
    graph.extend({} for _ in range(size))
    inputs = [*values.tolist(), 1.0]
    for row, w in zip(parameters.tolist(), weight.tolist(), strict=True):
        to_parameters = dict(zip(row, inputs, strict=True))
        graph.append(to_parameters | dict(zip(nodes.tolist(), w, strict=True)))
    graph.extend({} for _ in range(rows))
    return np.column_stack([parameters, start + size + rows + np.arange(rows)])
    # --8<-- [end:network_graph]


# --8<-- [start:local_gradients]
def local_gradients(
    credit: np.ndarray, x: np.ndarray, h: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    r"""Gradientes de una capa de sigmoides con lo que cada neurona tiene a mano.

    Args:
        credit: crédito $\partial J/\partial h_j$ de cada neurona, de forma `(H,)`.
        x: lo que entra en la capa, de forma `(D,)`.
        h: lo que sale, de forma `(H,)`.

    Returns:
        Los de los pesos, $\frac{\partial J}{\partial h_j}h_j(1-h_j)x_l$, de forma
        `(H, D)`, y los de los sesgos, lo mismo sin $x_l$, de forma `(H,)`.

    Examples:
        >>> local_gradients(np.array([0.4]), np.array([1.0, 3.0]), np.array([0.5]))
        (array([[0.1, 0.3]]), array([0.1]))
    """
    check_floating(credit=credit, x=x, h=h)
    check_same_shape(credit=credit, h=h)
    check_array("h", h, shape=("H",), dtype=h.dtype)
    check_array("x", x, shape=("D",), dtype=x.dtype)
    slope = credit * h * (1 - h)
    return np.outer(slope, x), slope
    # --8<-- [end:local_gradients]


def _seed(partials: Partials, index: int) -> np.ndarray:
    """Ceros y un 1 en `index`, tras comprobar que el sistema está ordenado."""
    for i, causes in enumerate(partials):
        if not all(0 <= k < i for k in causes):
            raise ValueError(
                f"la variable {i} debe depender de anteriores; se recibió {[*causes]}"
            )
    if not 0 <= index < len(partials):
        raise IndexError(f"hay {len(partials)} variables; se recibió {index}")
    return np.eye(1, len(partials), index)[0]
