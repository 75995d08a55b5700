r"""Pesos iniciales de una capa lineal.

Capítulo: 10-inicializacion

Todas reciben `shape=(out, in)`, la forma del peso en PyTorch, y devuelven un arreglo
nuevo. Se sortea siempre en `float64` y se redondea al final: con la misma semilla, los
pesos `float32` son los `float64` redondeados.
"""

import math

import numpy as np
from numpy.typing import DTypeLike

from apuntes._checks import check_counts, check_nonnegative, check_rng


# --8<-- [start:normal]
def normal(
    shape: tuple[int, ...],
    *,
    std: float,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
) -> np.ndarray:
    r"""Normal de media 0 y desviación típica `std`, sin mirar cuántas entradas hay.

    Args:
        shape: forma del arreglo.
        std: desviación típica $\sigma$ (no la varianza), que puede ser 0.
        rng: generador de números aleatorios.
        dtype: tipo de coma flotante del resultado.

    Raises:
        ValueError: si `std` es negativa.

    Examples:
        >>> weight = normal((1000, 100), std=0.01, rng=np.random.default_rng(0))
        >>> round(float(weight.std()), 3)
        0.01
    """
    check_rng(rng)
    check_nonnegative(std=std)
    return _cast(std * rng.standard_normal(shape), dtype)
    # --8<-- [end:normal]


# --8<-- [start:xavier]
def xavier_uniform(
    shape: tuple[int, int],
    *,
    gain: float = 1.0,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
) -> np.ndarray:
    r"""Glorot uniforme, $U(-c, c)$ con $c=g\sqrt{6/(n_{in}+n_{out})}$.

    Args:
        shape: `(out, in)`.
        gain: ganancia $g$ de la activación; 5/3 para la tangente hiperbólica.
        rng: generador de números aleatorios.
        dtype: tipo de coma flotante del resultado.

    Raises:
        ValueError: si `shape` no es `(out, in)` o `gain` es negativa.

    Fuente:
        Glorot y Bengio (2010), «Understanding the difficulty of training deep
        feedforward neural networks», AISTATS.

    Examples:
        >>> weight = xavier_uniform((2, 4), rng=np.random.default_rng(0))
        >>> weight.shape, bool((abs(weight) <= 1).all())
        ((2, 4), True)
    """
    std = _xavier_std(shape, gain=gain)
    return _uniform(shape, std=std, rng=rng, dtype=dtype)


def xavier_normal(
    shape: tuple[int, int],
    *,
    gain: float = 1.0,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
) -> np.ndarray:
    r"""Glorot normal, $N(0,\,2g^2/(n_{in}+n_{out}))$, como `xavier_uniform`."""
    std = _xavier_std(shape, gain=gain)
    return normal(shape, std=std, rng=rng, dtype=dtype)


def _xavier_std(shape: tuple[int, int], *, gain: float) -> float:
    check_nonnegative(gain=gain)
    return gain * math.sqrt(2 / sum(_fans(shape)))
    # --8<-- [end:xavier]


# --8<-- [start:kaiming]
def kaiming_uniform(
    shape: tuple[int, int],
    *,
    a: float = 0.0,
    mode: str = "fan_in",
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
) -> np.ndarray:
    r"""He uniforme, $U(-c, c)$ con $c=\sqrt{6/((1+a^2)\,n)}$.

    Args:
        shape: `(out, in)`.
        a: pendiente de la ReLU con fuga si $z<0$; 0 es la ReLU. Con $\sqrt5$ salen
            los pesos de `torch.nn.Linear`, $U(\pm1/\sqrt{n_{in}})$.
        mode: `"fan_in"` toma $n=n_{in}$ y conserva la varianza hacia delante;
            `"fan_out"` toma $n=n_{out}$ y conserva la del gradiente.
        rng: generador de números aleatorios.
        dtype: tipo de coma flotante del resultado.

    Raises:
        ValueError: si `shape` no es `(out, in)`, `a` es negativa o `mode` es otro.

    Fuente:
        He, Zhang, Ren y Sun (2015), doi:10.1109/ICCV.2015.123.

    Examples:
        >>> weight = kaiming_uniform((3, 6), rng=np.random.default_rng(0))
        >>> weight.shape, bool((abs(weight) <= 1).all())
        ((3, 6), True)
    """
    std = _kaiming_std(shape, a=a, mode=mode)
    return _uniform(shape, std=std, rng=rng, dtype=dtype)


def kaiming_normal(
    shape: tuple[int, int],
    *,
    a: float = 0.0,
    mode: str = "fan_in",
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
) -> np.ndarray:
    r"""He normal, $N(0,\,2/((1+a^2)\,n))$, como `kaiming_uniform`."""
    std = _kaiming_std(shape, a=a, mode=mode)
    return normal(shape, std=std, rng=rng, dtype=dtype)


def _kaiming_std(shape: tuple[int, int], *, a: float, mode: str) -> float:
    check_nonnegative(a=a)
    fans = dict(zip(("fan_in", "fan_out"), _fans(shape), strict=True))
    if mode not in fans:
        raise ValueError(f'mode debe ser "fan_in" o "fan_out"; se recibió {mode!r}')
    return math.sqrt(2 / ((1 + a**2) * fans[mode]))
    # --8<-- [end:kaiming]


def _uniform(
    shape: tuple[int, int], *, std: float, rng: np.random.Generator, dtype: DTypeLike
) -> np.ndarray:
    """Uniforme centrada de desviación típica `std`: la de $U(-c, c)$ es $c/√3$."""
    check_rng(rng)
    bound = math.sqrt(3) * std
    return _cast(rng.uniform(-bound, bound, size=shape), dtype)


def _cast(weight: np.ndarray, dtype: DTypeLike) -> np.ndarray:
    """El peso en ese tipo; uno entero lo dejaría casi todo en ceros."""
    if np.dtype(dtype).kind != "f":
        raise TypeError(
            f"dtype debe ser de coma flotante; se recibió {np.dtype(dtype)}"
        )
    return weight.astype(dtype)


def _fans(shape: tuple[int, int]) -> tuple[int, int]:
    """Entradas y salidas, `(n_in, n_out)`, de un peso de forma `(out, in)`."""
    if not isinstance(shape, tuple) or len(shape) != 2:
        raise ValueError(f"shape debe ser (out, in); se recibió {shape}")
    fan_out, fan_in = shape
    check_counts(fan_in=fan_in, fan_out=fan_out)
    return fan_in, fan_out
