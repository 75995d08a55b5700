"""La red, los datos y la capa espía que comparten las pruebas de capas y del bucle."""

import numpy as np

from apuntes.layers import Layer, Linear, Sequential, Sigmoid

X = np.random.default_rng(7).normal(size=(50, 4))
TARGET = np.argmax(X[:, :3], axis=1)
DATA = (X, TARGET)


def network(rng=None, *, activation=Sigmoid, classes=3, dtype=np.float64):
    """Red 4-5-3 con sesgos que no son 0, para que se note si se usan."""
    rng = rng or np.random.default_rng(0)
    model = Sequential(
        Linear(4, 5, rng=rng, dtype=dtype),
        activation(),
        Linear(5, classes, rng=rng, dtype=dtype),
    )
    for layer in (model[0], model[2]):
        layer.bias = rng.normal(size=layer.bias.shape)
    return model


class Modes(Layer):
    """Capa identidad que apunta en qué modo se la usó."""

    # ruff: noqa: D102  (los métodos ya dicen en Layer lo que hacen)

    def __init__(self, fail=False):
        self.seen, self.fail = [], fail

    def forward(self, x):
        self.seen.append(self.training)
        if self.fail:
            raise KeyboardInterrupt
        return x

    def backward(self, grad):
        return grad
