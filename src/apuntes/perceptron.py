r"""La neurona de umbral: programada a mano y entrenada con la regla de Rosenblatt.

Capítulo: 01-de-programar-a-entrenar

Las redes de umbral dan 0 o 1, como en 1943; el perceptrón, $-1$ o $1$, para que la
etiqueta haga de signo en su regla.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from apuntes._checks import (
    check_array,
    check_counts,
    check_floating,
    check_positive,
    check_rng,
    check_signs,
)


# --8<-- [start:threshold_layer]
def threshold_layer(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    r"""Capa de neuronas de umbral: 1 donde $w_j^\top x+b_j>0$ y 0 donde no.

    Args:
        x: entradas, de forma `(N, D)`.
        weight: pesos, de forma `(H, D)`, una fila por neurona.
        bias: sesgos, de forma `(H,)`; el umbral de la neurona $j$ es $-b_j$.

    Raises:
        TypeError: si los tres no son del mismo tipo de coma flotante.
        ValueError: si las formas no casan.

    Fuente:
        McCulloch y Pitts (1943), doi:10.1007/BF02478259.

    Examples:
        >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        >>> threshold_layer(x, np.array([[1.0, 1.0]]), np.array([-1.5])).ravel()
        array([0., 0., 0., 1.])
    """
    check_floating(x=x)
    check_array("x", x, shape=("N", "D"), dtype=x.dtype)
    check_array("weight", weight, shape=("H", x.shape[1]), dtype=x.dtype)
    check_array("bias", bias, shape=weight.shape[:1], dtype=x.dtype)
    return (x @ weight.T + bias > 0).astype(x.dtype)
    # --8<-- [end:threshold_layer]


# --8<-- [start:threshold_network]
def threshold_network(
    x: np.ndarray, layers: Sequence[tuple[np.ndarray, np.ndarray]]
) -> np.ndarray:
    """Capas de umbral en fila; cada una es su pareja de pesos y sesgos."""
    for weight, bias in layers:
        x = threshold_layer(x, weight, bias)
    return x


def parity_network(n: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pesos puestos a mano: 1 si es impar el número de unos entre `n` entradas.

    La neurona oculta `k` se enciende si hay al menos `k` unos; la salida las suma con
    signos alternos. Con `n = 2` es la red que resuelve XOR.

    Examples:
        >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        >>> threshold_network(x, parity_network(2)).ravel()
        array([0., 1., 1., 0.])
    """
    check_counts(n=n)
    count = np.arange(1, n + 1)
    hidden = np.ones((n, n)), 0.5 - count
    return [hidden, ((-1.0) ** (count - 1)[None], np.array([-0.5]))]
    # --8<-- [end:threshold_network]


# --8<-- [start:rosenblatt_rule]
def rosenblatt_rule(
    weight: np.ndarray, bias: np.ndarray, x: np.ndarray, target: float, *, lr: float
) -> tuple[np.ndarray, np.ndarray]:
    r"""Pesos y sesgo tras mirar un ejemplo: si falla, $w+\eta yx$ y $b+\eta y$.

    Args:
        weight: pesos $w$, de forma `(D,)`.
        bias: sesgo $b$, un número en un arreglo de forma `()`.
        x: un ejemplo, de forma `(D,)`.
        target: su objetivo $y$, -1 o 1.
        lr: tasa $\eta$.

    Returns:
        Los nuevos, o los mismos arreglos si acierta.

    Raises:
        TypeError: si `x` no es del tipo de los pesos.
        ValueError: si `x` no tiene su forma, `target` no es un signo o `lr` no es
            positiva.

    Fuente:
        Rosenblatt (1958), doi:10.1037/h0042519; la regla, en su libro de 1962.

    Examples:
        >>> x = np.array([2.0, 1.0])
        >>> rosenblatt_rule(np.zeros(2), np.zeros(()), x, -1.0, lr=0.5)
        (array([-1. , -0.5]), np.float64(-0.5))
    """
    check_array("x", x, shape=weight.shape, dtype=weight.dtype)
    check_positive(lr=lr)
    # `check_signs` cuesta más que la regla, que se aplica miles de veces por pasada.
    if target not in (-1, 1):
        raise ValueError(f"target debe ser -1 o 1; se recibió {target}")
    if target * (x @ weight + bias) > 0:
        return weight, bias
    step = weight.dtype.type(lr * target)
    return weight + step * x, bias + step
    # --8<-- [end:rosenblatt_rule]


# --8<-- [start:Perceptron]
class Perceptron:
    r"""Una neurona que contesta $-1$ o $1$ y solo aprende cuando se equivoca.

    Args:
        in_features: números por ejemplo a la entrada.
        lr: tasa $\eta$; al empezar en cero solo cambia la escala de los pesos.
        dtype: tipo de los pesos, de coma flotante, que será el de las entradas.

    Examples:
        >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        >>> neuron = Perceptron(2)
        >>> neuron.fit(x, np.array([-1.0, 1.0, 1.0, 1.0]), epochs=10)
        [3, 1, 2, 2, 1, 0]
        >>> neuron.weight, float(neuron.bias)
        (array([2., 2.]), -1.0)
    """

    def __init__(
        self, in_features: int, *, lr: float = 1.0, dtype: DTypeLike = np.float64
    ) -> None:
        check_counts(in_features=in_features)
        check_positive(lr=lr)
        self.lr = lr
        self.weight = np.zeros(in_features, dtype=dtype)
        self.bias = np.zeros((), dtype=dtype)
        check_floating(weight=self.weight)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Respuesta `(N,)`, -1 o 1, para `x` de forma `(N, D)`; en la frontera, -1."""
        self._check(x)
        return np.where(x @ self.weight + self.bias > 0, 1, -1).astype(x.dtype)

    def update(self, x: np.ndarray, target: float) -> bool:
        """Mira un ejemplo `x` de forma `(D,)`; si falla, se corrige y da `True`."""
        before = self.weight
        self.weight, self.bias = rosenblatt_rule(
            before, self.bias, x, target, lr=self.lr
        )
        return self.weight is not before

    def fit(
        self,
        x: np.ndarray,
        target: np.ndarray,
        *,
        epochs: int,
        rng: np.random.Generator | None = None,
    ) -> list[int]:
        """Pasa por los datos hasta no fallar, o `epochs` veces.

        Args:
            x: entradas, de forma `(N, D)`.
            target: objetivos, -1 o 1, de forma `(N,)`.
            epochs: pasadas como mucho.
            rng: baraja cada pasada; sin él, los ejemplos van en su orden.

        Returns:
            Cuántas correcciones hizo en cada pasada; acaba en 0 si ya acierta todos.
        """
        self._check(x)
        check_array("target", target, shape=x.shape[:1], dtype=x.dtype)
        check_signs(target)
        check_counts(epochs=epochs, N=len(x))
        if rng is not None:
            check_rng(rng)
        corrections = []
        while len(corrections) < epochs and 0 not in corrections:
            order = range(len(x)) if rng is None else rng.permutation(len(x))
            corrections.append(sum(self.update(x[i], target[i]) for i in order))
        return corrections

    def _check(self, x: np.ndarray) -> None:
        check_array("x", x, shape=("N", self.weight.size), dtype=self.weight.dtype)
        # --8<-- [end:Perceptron]


# --8<-- [start:novikoff_bound]
def novikoff_bound(
    x: np.ndarray, target: np.ndarray, weight: np.ndarray, bias: float
) -> float:
    r"""Cota $(R/\gamma)^2$ de las correcciones del perceptrón que empieza en cero.

    $R$ es la mayor longitud de los $(x_i,1)$ y $\gamma$, el menor margen
    $y_i(w^\top x_i+b)/\lVert(w,b)\rVert$. Vale con cualquier $(w,b)$ que separe.

    Args:
        x: entradas, de forma `(N, D)`.
        target: objetivos, -1 o 1, de forma `(N,)`.
        weight: pesos $w$ de una neurona que acierta todos, de forma `(D,)`.
        bias: su sesgo $b$.

    Raises:
        ValueError: si esa neurona falla alguno.

    Fuente:
        Novikoff (1962), «On convergence proofs for perceptrons».

    Examples:
        >>> x, y = np.array([[1.0], [-1.0]]), np.array([1.0, -1.0])
        >>> novikoff_bound(x, y, np.array([1.0]), 0.0)
        2.0
    """
    check_floating(x=x)
    check_array("weight", weight, shape=x.shape[1:], dtype=x.dtype)
    check_array("target", target, shape=x.shape[:1], dtype=x.dtype)
    check_signs(target)
    margin = float(np.min(target * (x @ weight + bias)))
    if not margin > 0:
        raise ValueError(f"weight y bias deben separar; se recibió margen {margin}")
    radius = float(np.max(np.sum(x**2, axis=1) + 1))
    return radius * float(weight @ weight + bias**2) / margin**2
    # --8<-- [end:novikoff_bound]
