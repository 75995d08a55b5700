r"""Redes distintas que calculan lo mismo: permutar, reescalar y alinear neuronas.

Capítulo: 04-paisaje

Las tres funciones reciben una `Sequential` con capas `Linear` separadas por una
activación y devuelven otra red, sin tocar la que reciben. La capa oculta se nombra con
el lugar que ocupa su `Linear` en la red: 0 es la primera.
"""

import copy

import numpy as np

from apuntes._checks import check_floating
from apuntes.layers import Layer, Linear, ReLU, Sequential, Tanh


# --8<-- [start:permute_neurons]
def permute_neurons(
    model: Sequential, order: np.ndarray, *, layer: int = 0
) -> Sequential:
    r"""Cambia de orden las neuronas de una capa oculta; la función no cambia.

    Con $Q$ la matriz de permutación, $W^{(1)}\to QW^{(1)}$, $b^{(1)}\to Qb^{(1)}$ y
    $W^{(2)}\to W^{(2)}Q^\top$.

    Args:
        model: red.
        order: permutación de $0,\dots,H-1$; la neurona `i` será la que era `order[i]`.
        layer: lugar de la capa oculta en la red.

    Raises:
        TypeError: si en `layer` y en `layer + 2` no hay capas `Linear`.
        ValueError: si `order` no es una permutación de las neuronas.
    """
    twin = copy.deepcopy(model)
    hidden, after = _hidden(twin, layer)
    order = np.asarray(order)
    _check_order(order, hidden.out_features)
    hidden.weight = hidden.weight[order]
    hidden.bias = hidden.bias[order]
    after.weight = after.weight[:, order]
    return twin
    # --8<-- [end:permute_neurons]


# --8<-- [start:rescale_neurons]
def rescale_neurons(
    model: Sequential, factors: np.ndarray, *, layer: int = 0
) -> Sequential:
    r"""Multiplica la entrada de la neurona $i$ por $\alpha_i$ y divide su salida.

    Con ReLU la función no cambia si $\alpha_i>0$, porque entonces
    $\max(\alpha z,0)=\alpha\max(z,0)$; con la tangente hiperbólica, si
    $\alpha_i=\pm1$, porque $\tanh(-z)=-\tanh z$.

    Args:
        model: red.
        factors: factores $\alpha$, de forma `(H,)`.
        layer: lugar de la capa oculta en la red.

    Raises:
        TypeError: si en `layer` y en `layer + 2` no hay capas `Linear`.
        ValueError: si algún factor cambiaría la función de la red.
    """
    twin = copy.deepcopy(model)
    hidden, after = _hidden(twin, layer)
    check_floating(factors=factors)
    if factors.shape != hidden.bias.shape:
        raise ValueError(
            f"factors debe tener forma {hidden.bias.shape}; se recibió {factors.shape}"
        )
    _check_factors(twin[layer + 1], factors)
    hidden.weight = hidden.weight * factors[:, None]
    hidden.bias = hidden.bias * factors
    after.weight = after.weight / factors
    return twin
    # --8<-- [end:rescale_neurons]


# --8<-- [start:align_neurons]
def align_neurons(model: Sequential, reference: Sequential) -> Sequential:
    r"""La copia equivalente de `model` más cercana a `reference`.

    Entre todas las permutaciones de la capa oculta (y, con la tangente hiperbólica,
    todos los cambios de signo) elige la que hace mínima la distancia entre los dos
    vectores de parámetros. Como $\lVert u-v\rVert^2=\lVert u\rVert^2+\lVert v\rVert^2
    -2u^\top v$, basta hacer máxima la suma de productos entre neuronas emparejadas: un
    problema de asignación.

    Args:
        model: red de una capa oculta, `Sequential(Linear, activación, Linear)`.
        reference: otra, con las mismas capas.

    Raises:
        TypeError: si las redes no son así.
        ValueError: si las dos redes no tienen las mismas capas.

    Fuente:
        Ainsworth, Hayase y Srinivasa (2023), «Git Re-Basin: Merging Models modulo
        Permutation Symmetries», ICLR.
    """
    if repr(model) != repr(reference) or len(model.layers) != 3:
        raise ValueError(
            "se esperaban dos redes de una capa oculta y las mismas capas; "
            f"se recibió {model!r} y {reference!r}"
        )
    products = _neurons(reference) @ _neurons(model).T
    flips = isinstance(model[1], Tanh)
    order = _assignment(-np.abs(products) if flips else -products)
    twin = permute_neurons(model, order)
    matched = products[np.arange(len(order)), order]
    return rescale_neurons(twin, np.where(matched < 0, -1.0, 1.0)) if flips else twin
    # --8<-- [end:align_neurons]


def _neurons(model: Sequential) -> np.ndarray:
    """Una fila por neurona oculta: pesos de entrada, sesgo y pesos de salida."""
    hidden, after = _hidden(model, 0)
    return np.column_stack([hidden.weight, hidden.bias, after.weight.T])


def _assignment(cost: np.ndarray) -> np.ndarray:
    """Columna de cada fila en la asignación de coste mínimo (método húngaro).

    Añade las filas de una en una; cada vez busca con precios duales, como en el camino
    más corto, qué parejas conviene deshacer. Kuhn (1955), doi:10.1002/nav.3800020109.
    """
    n = len(cost)
    row_price, column_price = np.zeros(n), np.zeros(n + 1)
    row_of = np.full(n + 1, -1)  # la columna n es la salida, sin fila propia
    for row in range(n):
        row_of[n], column = row, n
        best, origin = np.full(n, np.inf), np.full(n, n)
        done = np.zeros(n + 1, dtype=bool)
        while row_of[column] >= 0:
            done[column] = True
            free = ~done[:n]
            slack = cost[row_of[column]] - row_price[row_of[column]] - column_price[:n]
            closer = free & (slack < best)
            best[closer], origin[closer] = slack[closer], column
            following = int(np.argmin(np.where(free, best, np.inf)))
            step = best[following]
            row_price[row_of[done]] += step
            column_price[done] -= step
            best[free] -= step
            column = following
        while column != n:
            row_of[column], column = row_of[origin[column]], origin[column]
    return np.argsort(row_of[:n])


def _hidden(model: Sequential, layer: int) -> tuple[Linear, Linear]:
    layers = model.layers[layer : layer + 3]
    if len(layers) < 3 or not all(isinstance(one, Linear) for one in layers[::2]):
        raise TypeError(
            f"se esperaba Linear, activación, Linear desde el lugar {layer}; "
            f"se recibió {model!r}"
        )
    return layers[0], layers[2]


def _check_order(order: np.ndarray, size: int) -> None:
    if order.dtype.kind not in "iu" or sorted(order.tolist()) != list(range(size)):
        raise ValueError(
            f"order debe ser una permutación de 0 a {size - 1}; "
            f"se recibió {order.tolist()}"
        )


def _check_factors(activation: Layer, factors: np.ndarray) -> None:
    allowed = factors == 1
    if isinstance(activation, ReLU):
        allowed = (factors > 0) & np.isfinite(factors)
    elif isinstance(activation, Tanh):
        allowed = np.abs(factors) == 1
    if not allowed.all():
        raise ValueError(
            "los factores deben ser positivos con ReLU y 1 o -1 con Tanh; "
            f"se recibió {activation!r} y {factors}"
        )
