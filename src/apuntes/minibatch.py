r"""Lotes al azar y el ruido que meten en el gradiente.

Capítulo: 05-descenso-estocastico

Un lote es una encuesta: su gradiente estima el de todos los datos, sin sesgo y con una
varianza que baja con su tamaño $m$. Lo que ese ruido hace al bajar, en `stochastic`.
"""

from collections.abc import Iterator

import numpy as np

from apuntes._checks import check_array, check_counts, check_floating, check_rng


# --8<-- [start:minibatches]
def minibatches(
    n: int, batch_size: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Índices de los lotes de una época: una permutación de los `n` ejemplos, a trozos.

    Cada ejemplo sale una vez y solo una. El último lote es más corto si `batch_size` no
    divide a `n`. La permutación se sortea al llamar; para otra época, llama otra vez.

    Args:
        n: número de ejemplos.
        batch_size: tamaño de lote $m$; 1 es el descenso estocástico puro y `n`, el
            descenso de gradiente.
        rng: generador de números aleatorios.

    Raises:
        TypeError: si `n` o `batch_size` no son enteros, o `rng` no es un generador.
        ValueError: si `n` o `batch_size` no son positivos.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> [batch.tolist() for batch in minibatches(5, 2, rng)]
        [[2, 4], [3, 0], [1]]
    """
    check_counts(n=n, batch_size=batch_size)
    check_rng(rng)
    order = rng.permutation(n)
    return (order[start : start + batch_size] for start in range(0, n, batch_size))
    # --8<-- [end:minibatches]


# --8<-- [start:steps_per_epoch]
def steps_per_epoch(n: int, batch_size: int) -> int:
    r"""Pasos de una época, $\lceil n/m\rceil$: tantos como lotes da `minibatches`.

    Examples:
        >>> steps_per_epoch(60_000, 64)
        938
    """
    check_counts(n=n, batch_size=batch_size)
    return -(-n // batch_size)


def dataset_sizes(steps: int, batch_size: int) -> range:
    r"""Todos los $n$ con esos pasos por época, de $(\text{steps}-1)m+1$ en adelante.

    Examples:
        >>> sizes = dataset_sizes(938, 64)
        >>> sizes[0], sizes[-1]
        (59969, 60032)
    """
    check_counts(steps=steps, batch_size=batch_size)
    return range((steps - 1) * batch_size + 1, steps * batch_size + 1)
    # --8<-- [end:steps_per_epoch]


# --8<-- [start:gradient_noise]
def gradient_noise(
    grads: np.ndarray,
    batch_size: int,
    rng: np.random.Generator,
    *,
    repeats: int = 1000,
    replace: bool = False,
) -> tuple[float, float]:
    r"""Sesgo y varianza del gradiente de un lote, medidos sorteando `repeats` lotes.

    Con $g$ la media de todos los gradientes y $g_B$ la de un lote, son
    $\lVert\overline{g_B}-g\rVert$ y la media de $\lVert g_B-g\rVert^2$.

    Args:
        grads: gradiente de cada ejemplo, de forma `(N, D)`.
        batch_size: tamaño de lote $m$, de 1 a `N`.
        rng: generador de números aleatorios.
        repeats: cuántos lotes se sortean; con más, se mide mejor.
        replace: si un ejemplo puede salir más de una vez en el mismo lote.

    Raises:
        TypeError: si `grads` no es un arreglo de coma flotante.
        ValueError: si `grads` no tiene forma `(N, D)` o el lote no cabe en `N`.

    Examples:
        >>> grads, rng = np.array([[1.0], [3.0]]), np.random.default_rng(0)
        >>> gradient_noise(grads, 2, rng)
        (0.0, 0.0)
    """
    _check_grads(grads, batch_size)
    check_counts(repeats=repeats)
    check_rng(rng)
    centered = grads - grads.mean(axis=0)
    total, squares = np.zeros(grads.shape[1]), 0.0
    for _ in range(repeats):
        error = rng.choice(centered, batch_size, replace=replace).mean(axis=0)
        total += error
        squares += float(error @ error)
    return float(np.linalg.norm(total / repeats)), squares / repeats


def gradient_variance(
    grads: np.ndarray, batch_size: int, *, replace: bool = False
) -> float:
    r"""La varianza de `gradient_noise` sin sortear: $\frac{S}{m}\frac{N-m}{N-1}$.

    $S$ es la media de $\lVert g_i-g\rVert^2$, con $g_i$ el gradiente de un ejemplo. El
    segundo factor es de sacar sin reposición: con todos los ejemplos no hay ruido. Con
    reposición (`replace`) no está.

    Examples:
        >>> gradient_variance(np.array([[1.0], [3.0]]), 1)
        1.0
    """
    _check_grads(grads, batch_size)
    n = len(grads)
    spread = float(((grads - grads.mean(axis=0)) ** 2).sum(axis=1).mean())
    # Con un solo ejemplo, spread ya es 0; max evita 0/0.
    left = 1 if replace else (n - batch_size) / max(n - 1, 1)
    return spread / batch_size * left
    # --8<-- [end:gradient_noise]


def _check_grads(grads: np.ndarray, batch_size: int) -> None:
    check_floating(grads=grads)
    check_array("grads", grads, shape=("N", "D"), dtype=grads.dtype)
    check_counts(N=len(grads), batch_size=batch_size)
    if batch_size > len(grads):
        raise ValueError(
            f"batch_size debe ser como mucho {len(grads)}; se recibió {batch_size}"
        )
