r"""Cuánto encoge cada regularización un peso, si el coste es una parábola.

Capítulo: 13-regularizacion
"""

import numpy as np

from apuntes._checks import check_floating, check_nonnegative, check_positive


# --8<-- [start:softshrink]
def softshrink(w: np.ndarray, *, lambd: float) -> np.ndarray:
    r"""Umbral blando, $\operatorname{signo}(w)\max(\lvert w\rvert-u,\,0)$.

    Es el $v$ que hace mínimo $\frac12(v-w)^2+u\lvert v\rvert$, con $u$ igual a `lambd`:
    acerca cada número a 0 en $u$ y los que no llegan los deja en 0 exacto.

    Args:
        w: números, de cualquier forma.
        lambd: umbral $u$, con el nombre de PyTorch.

    Raises:
        TypeError: si `w` no es de coma flotante.
        ValueError: si `lambd` es negativo.

    Examples:
        >>> softshrink(np.array([3.0, 0.5, -1.5]), lambd=1.0)
        array([ 2. ,  0. , -0.5])
    """
    check_floating(w=w)
    check_nonnegative(lambd=lambd)
    # Sumar 0 convierte el −0 de los negativos que no llegan en 0.
    return np.sign(w) * np.maximum(np.abs(w) - float(lambd), 0) + 0.0
    # --8<-- [end:softshrink]


# --8<-- [start:ridge_shrinkage]
def ridge_shrinkage(eigenvalues: np.ndarray, *, lam: float) -> np.ndarray:
    r"""Qué fracción de cada coordenada deja ℓ2, $\lambda_k/(\lambda_k+\lambda)$.

    Args:
        eigenvalues: autovalores $\lambda_k$ de la hessiana, positivos.
        lam: fuerza $\lambda$ de la penalización.

    Raises:
        TypeError: si los autovalores no son de coma flotante.
        ValueError: si alguno no es positivo o `lam` es negativa.

    Examples:
        >>> ridge_shrinkage(np.array([9.0, 1.0, 0.25]), lam=1.0)
        array([0.9, 0.5, 0.2])
    """
    _check_eigenvalues(eigenvalues)
    check_nonnegative(lam=lam)
    return eigenvalues / (eigenvalues + float(lam))


def stopping_shrinkage(eigenvalues: np.ndarray, *, lr: float, steps: int) -> np.ndarray:
    r"""Lo mismo al parar en el paso $t$, saliendo de 0: $1-(1-\eta\lambda_k)^t$.

    Args:
        eigenvalues: autovalores $\lambda_k$ de la hessiana, positivos.
        lr: tasa de aprendizaje $\eta$.
        steps: pasos dados, $t$.

    Raises:
        ValueError: si `lr` no es positiva o `steps` es negativo.

    Examples:
        >>> stopping_shrinkage(np.array([5.0, 1.0]), lr=0.1, steps=2)
        array([0.75, 0.19])
    """
    _check_eigenvalues(eigenvalues)
    check_positive(lr=lr)
    check_nonnegative(steps=steps)
    return 1 - (1 - float(lr) * eigenvalues) ** int(steps)
    # --8<-- [end:ridge_shrinkage]


def _check_eigenvalues(eigenvalues: np.ndarray) -> None:
    check_floating(eigenvalues=eigenvalues)
    check_positive(eigenvalues=float(np.min(eigenvalues)))
