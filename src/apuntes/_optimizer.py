r"""Lo común a todo optimizador: qué guarda, cómo recorre los parámetros, qué rechaza.

Capítulo: 12-optimizacion-avanzada
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from numbers import Real
from types import EllipsisType

import numpy as np

from apuntes._checks import check_floating, check_nonnegative

# Números por trozo: lo que un trozo necesita, con los resultados intermedios, cabe en
# la caché del procesador, y la fórmula se puede escribir tal cual sin perder tiempo.
BLOCK = 2**15


# --8<-- [start:Optimizer]
class Optimizer(ABC):
    r"""Lo que cumple todo optimizador: guarda los parámetros y `step` los cambia.

    Args:
        params: lista de arreglos que `step` modificará, como `model.parameters()`.
        lr: tasa de aprendizaje $\eta$, un atributo que se puede cambiar entre pasos.
        weight_decay: coeficiente $\lambda$ del decaimiento de los pesos.
        memories: cuántos arreglos recuerda de cada parámetro; empiezan en 0.

    Raises:
        TypeError: si `params` no es una lista de arreglos de coma flotante.
        ValueError: si `params` está vacía, o `lr` o `weight_decay` son negativas.
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        *,
        lr: float,
        weight_decay: float,
        memories: int,
    ) -> None:
        _check_params(params)
        check_nonnegative(lr=lr, weight_decay=weight_decay)
        self.params = list(params)
        self.lr = lr
        self.weight_decay = weight_decay
        self.steps = 0
        # Lo que da np.zeros no ocupa memoria hasta que alguien escribe en ello.
        self._memories = [
            [np.zeros(p.shape, p.dtype) for _ in range(memories)] for p in params
        ]
        self._blocks = self._cut()

    @abstractmethod
    def step(self, grads: Sequence[np.ndarray]) -> None:
        """Da un paso: cambia en su sitio los parámetros, y no los gradientes.

        Args:
            grads: gradientes, en el orden y con las formas de `params`.

        Raises:
            ValueError: si no casan con `params`.
        """

    def _walk(
        self, grads: Sequence[np.ndarray], *, decay: float
    ) -> Iterator[tuple[np.ndarray, ...]]:
        r"""Trozo a trozo: $\theta$, $g+\lambda\theta$ y las memorias, que son vistas.

        Con `decay` $\lambda=0$, $\theta$ no entra en la cuenta: $0\cdot\infty$ es nan.
        """
        grads = [np.asarray(grad) for grad in grads]
        _check_grads(self.params, grads)
        self.steps += 1
        for i, rows, theta, memories in self._blocks:
            g = grads[i][rows]
            yield theta, g + float(decay) * theta if decay else g, *memories
        # --8<-- [end:Optimizer]

    def _cut(self) -> list[tuple]:
        """Los trozos, que son vistas, de cada parámetro y de lo que recuerda."""
        return [
            (i, rows, param[rows], tuple(memory[rows] for memory in memories))
            for i, (param, memories) in enumerate(
                zip(self.params, self._memories, strict=True)
            )
            for rows in _rows(param)
        ]

    def __getstate__(self) -> dict:
        """Sin los trozos, que `copy.deepcopy` y `pickle` convertirían en copias."""
        return {k: v for k, v in self.__dict__.items() if k != "_blocks"}

    def __setstate__(self, state: dict) -> None:
        """Rehace los trozos."""
        self.__dict__.update(state)
        self._blocks = self._cut()


def _rows(param: np.ndarray) -> list[slice | EllipsisType]:
    """Las filas de cada trozo: por filas, cualquier trozo es una vista del arreglo."""
    if param.size <= BLOCK:
        return [...]
    rows = max(1, BLOCK * len(param) // param.size)
    return [slice(start, start + rows) for start in range(0, len(param), rows)]


def check_decay_rates(**rates: float) -> None:
    """Exige números en `[0, 1)`, como los que olvidan el pasado poco a poco.

    Raises:
        TypeError: si alguno no es un número real.
        ValueError: si alguno cae fuera; con 1 nunca se olvidaría nada.
    """
    for name, rate in rates.items():
        if not isinstance(rate, Real):
            kind = type(rate).__name__
            raise TypeError(f"{name} debe ser un número real; se recibió {kind}")
        if not 0 <= rate < 1:
            raise ValueError(f"{name} debe estar en [0, 1); se recibió {rate}")


def _check_params(params: Sequence[np.ndarray]) -> None:
    if not isinstance(params, list | tuple):
        raise TypeError(
            "params debe ser una lista de arreglos, como model.parameters(); "
            f"se recibió {type(params).__name__}"
        )
    if not params:
        raise ValueError("params no puede estar vacía; se recibió []")
    check_floating(**{f"params[{i}]": param for i, param in enumerate(params)})


def _check_grads(params: list[np.ndarray], grads: list[np.ndarray]) -> None:
    expected = [param.shape for param in params]
    shapes = [grad.shape for grad in grads]
    if shapes != expected:
        raise ValueError(
            f"se esperaban gradientes de formas {expected}; se recibió {shapes}"
        )
