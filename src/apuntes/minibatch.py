r"""Lotes al azar y el ruido que meten en el gradiente.

Capítulo: 05-descenso-estocastico

Un lote es una encuesta: su gradiente estima el de todos los datos, sin sesgo y con una
varianza que baja con su tamaño $m$.
"""

from collections.abc import Iterator

import numpy as np

from apuntes._checks import check_counts, check_rng


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
