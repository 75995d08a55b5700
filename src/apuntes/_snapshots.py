r"""Copias de los pesos: los mejores y el promedio de los que hubo.

Capítulo: 13-regularizacion

Igual que un optimizador, las dos clases guardan los arreglos que reciben, que otro va
cambiando en su sitio. Si la red normaliza por lotes, se les puede dar también lo que
no se entrena: `[*model.parameters(), layer.running_mean, layer.running_var]`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from numbers import Real

import numpy as np

from apuntes._checks import (
    check_counts,
    check_floating,
    check_nonnegative,
    check_unit_interval,
)


# --8<-- [start:EarlyStopping]
class EarlyStopping:
    """Parada temprana: dice cuándo dejarlo y conserva los mejores pesos.

    Args:
        params: lista de arreglos que se entrenan, como `model.parameters()`.
        patience: evaluaciones seguidas sin mejorar con las que se para.
        min_delta: lo que hay que mejorar, como poco, para que cuente; con 0, algo.
        mode: `"min"` si lo medido se quiere bajo, como la pérdida; `"max"` si alto,
            como la exactitud.

    Attributes:
        best: mejor valor; infinito si aún no ha habido ninguno.
        best_epoch: evaluación en que se midió, contada desde 0; `None` si ninguna.

    Raises:
        TypeError: si `params` no es una lista de arreglos de coma flotante.
        ValueError: si `params` está vacía, `patience` no es positiva, `min_delta` es
            negativo o `mode` es otro.

    Examples:
        >>> theta = np.array([0.0])
        >>> stopping = EarlyStopping([theta], patience=2)
        >>> for loss in (1.0, 0.5, 0.6, 0.7):
        ...     theta += 1  # entrenar una época
        ...     if stopping.update(loss):
        ...         break
        >>> stopping.restore()  # pare o no pare
        >>> theta, stopping.best, stopping.best_epoch
        (array([2.]), 0.5, 1)
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        *,
        patience: int,
        min_delta: float = 0.0,
        mode: str = "min",
    ) -> None:
        _check_params(params)
        check_counts(patience=patience)
        check_nonnegative(min_delta=min_delta)
        if mode not in ("min", "max"):
            raise ValueError(f'mode debe ser "min" o "max"; se recibió {mode!r}')
        self.params = list(params)
        self.patience = patience
        self.min_delta = min_delta
        self.mode = mode
        self.best = np.inf if mode == "min" else -np.inf
        self.best_epoch: int | None = None
        self._epoch = self._bad = 0
        self._kept = [p.copy() for p in params]

    def update(self, value: float) -> bool:
        """Anota la medida de una época y dice si hay que parar; `nan` no mejora nada.

        Raises:
            TypeError: si `value` no es un número real.
        """
        if not isinstance(value, Real):
            kind = type(value).__name__
            raise TypeError(f"value debe ser un número real; se recibió {kind}")
        value = float(value)
        gain = self.best - value if self.mode == "min" else value - self.best
        if gain > self.min_delta:
            self.best, self.best_epoch, self._bad = value, self._epoch, 0
            _copy(self.params, into=self._kept)
        else:
            self._bad += 1
        self._epoch += 1
        return self._bad >= self.patience

    def restore(self) -> None:
        """Devuelve los mejores pesos; si nada mejoró, los que había al construirla."""
        _copy(self._kept, into=self.params)
        # --8<-- [end:EarlyStopping]


# --8<-- [start:AveragedWeights]
class AveragedWeights:
    r"""Promedio de los pesos por los que pasa el entrenamiento.

    Cada `update` acerca el promedio a los pesos de ahora,
    $\bar\theta\leftarrow\bar\theta+c\,(\theta-\bar\theta)$; el primero los copia. Sin
    `decay`, $c=1/t$ en el `update` número $t$ y sale la media de todos, la de SWA; con
    `decay` $\beta$, $c=1-\beta$ y sale la media exponencial. Son las dos de
    `torch.optim.swa_utils`.

    Args:
        params: lista de arreglos que se entrenan, como `model.parameters()`.
        decay: $\beta$ de la media exponencial, o `None` para la uniforme.

    Attributes:
        averages: los promedios, en el orden y con las formas de `params`.
        n_averaged: cuántos pesos van promediados.

    Raises:
        TypeError: si `params` no es una lista de arreglos de coma flotante.
        ValueError: si `params` está vacía o `decay` no está entre 0 y 1.

    Fuente:
        Izmailov y otros (2018), arXiv:1803.05407; la media uniforme, Polyak y Juditsky
        (1992), doi:10.1137/0330046.

    Examples:
        >>> theta = np.array([0.0])
        >>> averaged = AveragedWeights([theta])
        >>> for value in (1.0, 2.0, 6.0):
        ...     theta[:] = value  # dar un paso
        ...     averaged.update()
        >>> with averaged.average_parameters():
        ...     theta.tolist()
        [3.0]
        >>> theta
        array([6.])
    """

    def __init__(
        self, params: Sequence[np.ndarray], *, decay: float | None = None
    ) -> None:
        _check_params(params)
        if decay is not None:
            check_nonnegative(decay=decay)
            check_unit_interval(decay=decay)
        self.params = list(params)
        self.decay = decay
        self.averages = [p.copy() for p in params]
        self.n_averaged = 0
        self._scratch = [np.empty_like(p) for p in params]

    def update(self) -> None:
        """Mete en el promedio los pesos de ahora."""
        self.n_averaged += 1
        if self.n_averaged == 1:
            _copy(self.params, into=self.averages)
            return
        c = 1 / self.n_averaged if self.decay is None else 1 - float(self.decay)
        triples = zip(self.params, self.averages, self._scratch, strict=True)
        for param, average, scratch in triples:
            np.subtract(param, average, out=scratch)
            np.multiply(scratch, c, out=scratch)
            np.add(average, scratch, out=average)

    def apply(self) -> None:
        """Pone el promedio en los parámetros, que pierden lo que tenían."""
        _copy(self.averages, into=self.params)

    @contextmanager
    def average_parameters(self) -> Iterator[None]:
        """Dentro del `with`, los parámetros son el promedio; al salir, los de antes."""
        before = [p.copy() for p in self.params]
        self.apply()
        try:
            yield
        finally:
            _copy(before, into=self.params)
            # --8<-- [end:AveragedWeights]


def _copy(arrays: list[np.ndarray], *, into: list[np.ndarray]) -> None:
    for array, place in zip(arrays, into, strict=True):
        place[...] = array


def _check_params(params: Sequence[np.ndarray]) -> None:
    if not isinstance(params, list | tuple):
        raise TypeError(
            "params debe ser una lista de arreglos, como model.parameters(); "
            f"se recibió {type(params).__name__}"
        )
    if not params:
        raise ValueError(f"params no puede estar vacía; se recibió {params}")
    check_floating(**{f"params[{i}]": param for i, param in enumerate(params)})
