r"""Lo que cumple toda capa y los parámetros que son vistas de un vector.

Capítulo: 07-retropropagacion
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from apuntes._checks import check_array


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


def parameter(index: int, doc: str) -> property:
    """Atributo que lee un parámetro y, al asignarlo, copia: las vistas no se rompen."""

    def assign(layer: Layer, value: np.ndarray) -> None:
        mine = layer._parameters[index]
        value = np.asarray(value, dtype=mine.dtype)
        check_array("el valor", value, shape=mine.shape, dtype=mine.dtype)
        mine[...] = value

    return property(lambda layer: layer._parameters[index], assign, doc=doc)
