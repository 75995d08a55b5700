r"""Capas que saben ir hacia delante y hacia atrás.

Capítulo: 07-retropropagacion

`forward(x)` calcula la salida y guarda lo que hará falta a la vuelta; `backward(grad)`
recibe el gradiente $\Delta$ de la pérdida respecto de la salida, escribe el de cada
parámetro, sin sumarlo al anterior, y devuelve el de la entrada. El lote va primero.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import DTypeLike

from apuntes._checks import check_array, check_counts
from apuntes.activations import relu, sigmoid, tanh
from apuntes.initialization import xavier_uniform


# --8<-- [start:Layer]
class Layer(ABC):
    """Lo que cumple toda capa; sin parámetros ni modos si ella no dice otra cosa."""

    training = True
    _parameters: Sequence[np.ndarray] = ()
    _gradients: Sequence[np.ndarray] = ()
    _saved: np.ndarray | None = None

    @abstractmethod
    def forward(self, x: np.ndarray) -> np.ndarray:
        """Salida de la capa para el lote `x`; guarda lo que `backward` necesita."""

    @abstractmethod
    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Gradiente respecto de la entrada, dado el de la salida del último `forward`.

        Raises:
            RuntimeError: si no ha habido `forward`.
            TypeError, ValueError: si `grad` no tiene el tipo y la forma de esa salida.
        """

    def write_gradients(self, grad: np.ndarray) -> None:
        """Como `backward`, sin calcular el gradiente de la entrada si no hace falta."""
        self.backward(grad)

    def parameters(self) -> list[np.ndarray]:
        """Parámetros: siempre los mismos arreglos, que un optimizador modifica."""
        return list(self._parameters)

    def gradients(self) -> list[np.ndarray]:
        """Lo que escribió el último `backward`, en el orden de `parameters`."""
        return list(self._gradients)

    def train(self, mode: bool = True) -> "Layer":
        """Pasa al modo de entrenamiento, que algunas capas distinguen."""
        self.training = mode
        return self

    def eval(self) -> "Layer":
        """Pasa al modo de evaluación."""
        return self.train(False)
        # --8<-- [end:Layer]

    def __repr__(self) -> str:
        """La capa, con lo que la distingue."""
        return f"{type(self).__name__}()"

    def _recall(self, grad: np.ndarray, features: int | None = None) -> np.ndarray:
        """Lo que guardó `forward`, tras comprobar que `grad` casa con la salida."""
        if self._saved is None:
            raise RuntimeError(
                f"{self!r}.backward necesita antes un forward; se recibió ninguno"
            )
        *batch, saved_features = self._saved.shape
        shape = (*batch, features or saved_features)
        check_array("grad", grad, shape=shape, dtype=self._saved.dtype)
        return self._saved

    def _bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Pasa a usar esos dos vectores, que ya tienen los valores, a trozos."""
        self._parameters = _views(parameters, like=self._parameters)
        self._gradients = _views(gradients, like=self._gradients)


def _views(flat: np.ndarray, *, like: Sequence[np.ndarray]) -> list[np.ndarray]:
    stops = np.cumsum([array.size for array in like])
    parts = zip(like, stops, strict=True)
    return [
        flat[stop - array.size : stop].reshape(array.shape) for array, stop in parts
    ]


def _parameter(index: int, doc: str) -> property:
    """Atributo que lee un parámetro y, al asignarlo, copia: las vistas no se rompen."""

    def assign(layer: Layer, value: np.ndarray) -> None:
        parameter = layer._parameters[index]
        value = np.asarray(value, dtype=parameter.dtype)
        check_array("el valor", value, shape=parameter.shape, dtype=parameter.dtype)
        parameter[...] = value

    return property(lambda layer: layer._parameters[index], assign, doc=doc)


# --8<-- [start:Linear]
class Linear(Layer):
    r"""Capa lineal, $Z=XW^\top+b$, con el peso `(out, in)` como en PyTorch.

    Args:
        in_features: números por ejemplo a la entrada.
        out_features: números por ejemplo a la salida.
        rng: generador de números aleatorios para el peso; el sesgo empieza en 0.
        init: función de `apuntes.initialization` que sortea el peso; las que piden
            más argumentos, con `functools.partial(normal, std=0.01)`.
        dtype: tipo de los parámetros, que será el de la entrada y la salida.

    Examples:
        >>> layer = Linear(2, 1, rng=np.random.default_rng(0))
        >>> layer.weight = [[2.0, -1.0]]
        >>> layer.forward(np.array([[3.0, 1.0]]))
        array([[5.]])
        >>> layer.backward(np.array([[1.0]]))
        array([[ 2., -1.]])
        >>> layer.gradients()
        [array([[3., 1.]]), array([1.])]
    """

    weight = _parameter(0, "Peso $W$, `(out, in)`; asignarle otro copia sus valores.")
    bias = _parameter(1, "Sesgo $b$, `(out,)`; asignarle otro copia sus valores.")

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        rng: np.random.Generator,
        init: Callable[..., np.ndarray] = xavier_uniform,
        dtype: DTypeLike = np.float64,
    ) -> None:
        check_counts(in_features=in_features, out_features=out_features)
        self.in_features = in_features
        self.out_features = out_features
        shape = (out_features, in_features)
        weight = np.array(init(shape, rng=rng, dtype=dtype))
        check_array("lo que da init", weight, shape=shape, dtype=dtype)
        bias = np.zeros(out_features, dtype=dtype)
        self._parameters = [weight, bias]
        self._gradients = [np.zeros_like(weight), np.zeros_like(bias)]

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Salida $Z$, de forma `(N, out)`, para `x` de forma `(N, in)`.

        Raises:
            TypeError: si `x` no tiene el tipo de los parámetros.
            ValueError: si `x` no tiene forma `(N, in)`.
        """
        check_array("x", x, shape=("N", self.in_features), dtype=self.weight.dtype)
        self._saved = x
        return x @ self.weight.T + self.bias

    def backward(self, grad: np.ndarray) -> np.ndarray:
        r"""Escribe los gradientes de $W$ y $b$, y devuelve $\Delta W$."""
        self.write_gradients(grad)
        return grad @ self.weight

    def write_gradients(self, grad: np.ndarray) -> None:
        r"""El de $W$ es $\Delta^\top X$; el de $b$, la suma de filas de $\Delta$."""
        x = self._recall(grad, self.out_features)
        weight_grad, bias_grad = self._gradients
        np.matmul(grad.T, x, out=weight_grad)
        grad.sum(axis=0, out=bias_grad)
        # --8<-- [end:Linear]

    def __repr__(self) -> str:
        """La capa con su tamaño."""
        return f"Linear({self.in_features}, {self.out_features})"


# --8<-- [start:elementwise]
class _Elementwise(Layer):
    """Función de cada número cuya derivada se escribe con su salida $a$."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Guarda la salida: con ella, la derivada no pide otra exponencial."""
        self._saved = self._function(x)
        return self._saved

    def backward(self, grad: np.ndarray) -> np.ndarray:
        r"""Devuelve $\Delta\odot f'(z)$."""
        return grad * self._slope(self._recall(grad))


class Sigmoid(_Elementwise):
    r"""Sigmoide: $a=\sigma(z)$, con derivada $a(1-a)$."""

    _function = staticmethod(sigmoid)
    _slope = staticmethod(lambda a: a * (1 - a))


class Tanh(_Elementwise):
    r"""Tangente hiperbólica: $a=\tanh z$, con derivada $1-a^2$."""

    _function = staticmethod(tanh)
    _slope = staticmethod(lambda a: 1 - a * a)


class ReLU(_Elementwise):
    r"""Rectificador: $a=\max(z,0)$, con derivada 1 donde $a>0$ y 0 donde no."""

    _function = staticmethod(relu)
    _slope = staticmethod(lambda a: a > 0)
    # --8<-- [end:elementwise]


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
        return f"Sequential({', '.join(map(repr, self.layers))})"

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
