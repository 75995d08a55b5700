r"""Ruido en las entradas, en los pesos y en las etiquetas.

Capítulo: 13-regularizacion
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from apuntes._checks import (
    check_classes,
    check_counts,
    check_floating,
    check_nonnegative,
    check_rng,
    check_unit_interval,
)
from apuntes._layer import Layer
from apuntes.initialization import normal


# --8<-- [start:GaussianNoise]
class GaussianNoise(Layer):
    r"""Capa que al entrenar suma a cada número un ruido $N(0,s^2)$; al evaluar, nada.

    Delante de la red es ruido en los datos; entre dos capas, en las activaciones.

    Args:
        std: desviación típica $s$ del ruido.
        rng: generador de números aleatorios.

    Raises:
        ValueError: si `std` es negativa.

    Fuente:
        Bishop (1995), doi:10.1162/neco.1995.7.1.108.

    Examples:
        >>> layer = GaussianNoise(0.1, rng=np.random.default_rng(0))
        >>> layer.forward(np.zeros((1, 3))).round(3)
        array([[ 0.013, -0.013,  0.064]])
        >>> layer.eval().forward(np.zeros((1, 3)))
        array([[0., 0., 0.]])
    """

    def __init__(self, std: float, *, rng: np.random.Generator) -> None:
        check_nonnegative(std=std)
        check_rng(rng)
        self.std = float(std)
        self._rng = rng

    def forward(self, x: np.ndarray) -> np.ndarray:
        """`x` más ruido nuevo; en modo de evaluación devuelve `x`."""
        check_floating(x=x)
        self._saved = x
        if not self.training:
            return x
        return x + normal(x.shape, std=self.std, rng=self._rng, dtype=x.dtype)

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Devuelve `grad`: sumar algo que no depende de `x` no cambia la derivada."""
        self._recall(grad)
        return grad
        # --8<-- [end:GaussianNoise]

    def __repr__(self) -> str:
        """La capa con su desviación."""
        return f"GaussianNoise({self.std})"


# --8<-- [start:noisy_weights]
@contextmanager
def noisy_weights(
    params: Sequence[np.ndarray], *, std: float, rng: np.random.Generator
) -> Iterator[None]:
    r"""Dentro del `with`, los pesos llevan sumado un ruido $N(0,s^2)$; al salir, no.

    Se va y se vuelve por la red con ruido y se da el paso fuera, con los pesos limpios,
    que quedan exactamente como estaban.

    Args:
        params: lista de arreglos, como `model.parameters()`.
        std: desviación típica $s$ del ruido.
        rng: generador de números aleatorios.

    Raises:
        ValueError: si `std` es negativa.

    Examples:
        >>> theta = np.array([1.0, 2.0])
        >>> with noisy_weights([theta], std=0.1, rng=np.random.default_rng(0)):
        ...     theta.round(3)
        array([1.013, 1.987])
        >>> theta
        array([1., 2.])
    """
    check_floating(**{f"params[{i}]": param for i, param in enumerate(params)})
    noise = [normal(p.shape, std=std, rng=rng, dtype=p.dtype) for p in params]
    before = [p.copy() for p in params]
    try:
        for param, extra in zip(params, noise, strict=True):
            param += extra
        yield
    finally:
        for param, clean in zip(params, before, strict=True):
            param[...] = clean
            # --8<-- [end:noisy_weights]


# --8<-- [start:noisy_labels]
def noisy_labels(
    target: np.ndarray, *, num_classes: int, epsilon: float, rng: np.random.Generator
) -> np.ndarray:
    r"""Cambia cada etiqueta, con probabilidad $\varepsilon$, por otra clase al azar.

    En media es `smooth_labels` con `spread="others"`, que lo hace sin azar.

    Args:
        target: clase de cada ejemplo, enteros.
        num_classes: número de clases $K$.
        epsilon: probabilidad $\varepsilon$ de cambiarla.
        rng: generador de números aleatorios.

    Returns:
        Etiquetas nuevas, con la forma y el tipo de `target`.

    Raises:
        ValueError: si hay una clase fuera de rango, menos de dos clases o `epsilon` no
            está entre 0 y 1.

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> noisy_labels(np.array([0, 1, 2, 0]), num_classes=3, epsilon=0.5, rng=rng)
        array([0, 1, 1, 0])
    """
    check_counts(num_classes=num_classes)
    check_nonnegative(epsilon=epsilon)
    check_unit_interval(epsilon=epsilon)
    check_classes(target, num_classes)
    check_rng(rng)
    if num_classes < 2:
        raise ValueError(f"hacen falta dos clases o más; se recibió {num_classes}")
    change = rng.random(target.shape) < epsilon
    # De 1 a K − 1 lugares más allá, dando la vuelta: otra clase, todas por igual.
    steps = rng.integers(1, num_classes, size=target.shape)
    other = (target + steps) % num_classes
    return np.where(change, other, target).astype(target.dtype)
    # --8<-- [end:noisy_labels]
