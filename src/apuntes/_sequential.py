r"""Capas en fila, con todos sus parámetros en un solo vector.

Capítulo: 07-retropropagacion
"""

from collections.abc import Sequence

import numpy as np

from apuntes._layer import Layer


# --8<-- [start:Sequential]
class Sequential(Layer):
    r"""Capas en fila: `forward` las recorre en orden y `backward`, al revés.

    Todos los parámetros pasan a vivir en un vector $\theta$, y los gradientes en otro:
    `parameters()` es `[θ]`, el peso de cada capa es una vista y a un optimizador le
    basta un paso. Por eso una capa es de una sola `Sequential`.

    Raises:
        TypeError: si algo no es una capa, o los tipos de sus parámetros difieren.
        ValueError: si no hay capas, o alguna se repite o es ya de otra `Sequential`.

    Examples:
        >>> from apuntes.layers import Linear, Sigmoid
        >>> rng = np.random.default_rng(0)
        >>> model = Sequential(Linear(3, 2, rng=rng), Sigmoid(), Linear(2, 1, rng=rng))
        >>> model.forward(np.zeros((64, 3))).shape
        (64, 1)
        >>> [theta] = model.parameters()
        >>> theta[:] = np.arange(11)
        >>> model[2].weight, model[2].bias
        (array([[8., 9.]]), array([10.]))
    """

    def __init__(self, *layers: Layer) -> None:
        _check_layers(layers)
        self.layers = layers
        arrays = [p.ravel() for layer in layers for p in layer.parameters()]
        if arrays:
            theta = np.concatenate(arrays)
            self._bind(theta, np.zeros_like(theta))

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Salida de la última capa."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Gradiente respecto de la entrada de la primera capa."""
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad

    def write_gradients(self, grad: np.ndarray) -> None:
        """Como `backward`, pero la primera capa no deriva respecto de los datos."""
        for layer in reversed(self.layers[1:]):
            grad = layer.backward(grad)
        self.layers[0].write_gradients(grad)

    def train(self, mode: bool = True) -> "Sequential":
        """Pasa todas las capas al modo de entrenamiento."""
        for layer in self.layers:
            layer.train(mode)
        return super().train(mode)
        # --8<-- [end:Sequential]

    def __getitem__(self, index: int) -> Layer:
        """La capa que ocupa ese lugar."""
        return self.layers[index]

    def __repr__(self) -> str:
        """La fila de capas."""
        return f"{type(self).__name__}({', '.join(map(repr, self.layers))})"

    def __setstate__(self, state: dict) -> None:
        """Rehace las vistas, que `copy.deepcopy` y `pickle` convierten en copias."""
        self.__dict__.update(state)
        if self._parameters:
            self._bind(self._parameters[0], self._gradients[0])

    def _bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        start = 0
        for layer in self.layers:
            stop = start + sum(p.size for p in layer.parameters())
            layer._bind(parameters[start:stop], gradients[start:stop])
            start = stop
        self._parameters, self._gradients = [parameters], [gradients]


def _check_layers(layers: Sequence[Layer]) -> None:
    for layer in layers:
        if not isinstance(layer, Layer):
            kind = type(layer).__name__
            raise TypeError(f"Sequential(capa, capa, …) toma capas; se recibió {kind}")
    parameters = [p for layer in layers for p in layer.parameters()]
    # Un parámetro que es vista tiene ya su vector: mudarlo rompería la otra red.
    taken = any(p.base is not None for p in parameters)
    if not layers or taken or len(set(layers)) < len(layers):
        raise ValueError(
            "hacen falta capas, distintas y de ninguna otra Sequential (para eso está "
            f"copy.deepcopy); se recibió {layers}"
        )
    kinds = sorted({str(p.dtype) for p in parameters})
    if len(kinds) > 1:
        raise TypeError(f"las capas deben tener un mismo dtype; se recibió {kinds}")
