r"""Cuánto mide el gradiente y cómo recortarlo.

Capítulo: 09-activaciones-y-gradientes

Los gradientes van en una lista de arreglos, como `model.gradients()`, y ninguna de
estas funciones los modifica.
"""

import math
from collections.abc import Sequence

import numpy as np

from apuntes._checks import check_floating, check_positive
from apuntes.layers import Layer, Sequential


# --8<-- [start:grad_norm]
def grad_norm(grads: Sequence[np.ndarray]) -> float:
    r"""Norma de todos los gradientes a la vez, $\lVert g\rVert=\sqrt{\sum_k g_k^2}$.

    Raises:
        TypeError: si `grads` no es una lista de arreglos de coma flotante.

    Examples:
        >>> grad_norm([np.array([3.0, 0.0]), np.array([[4.0]])])
        5.0
    """
    _check_grads(grads)
    return math.hypot(*map(_norm, grads))


def _norm(grad: np.ndarray) -> float:
    """Norma de un arreglo, dividido antes entre el mayor de sus números."""
    biggest = float(max(grad.max(initial=0), -grad.min(initial=0)))
    if biggest == 0 or not math.isfinite(biggest):
        return biggest
    # En float32, el cuadrado de 1e-25 es 0 y el de 1e25, infinito: son los gradientes
    # que se desvanecen y los que explotan, los que más interesa medir.
    return biggest * float(np.linalg.norm(grad / biggest))
    # --8<-- [end:grad_norm]


# --8<-- [start:grad_norms]
def grad_norms(model: Layer) -> list[float]:
    r"""Norma $\lVert g^{(\ell)}\rVert$ del gradiente de cada capa que tiene parámetros.

    Son los que escribió el último `backward`, de la primera capa a la última, también
    las de las `Sequential` y `Residual` que haya dentro.

    Examples:
        >>> from apuntes.layers import Linear, Sigmoid
        >>> rng = np.random.default_rng(0)
        >>> model = Sequential(Linear(1, 1, rng=rng), Sigmoid(), Linear(1, 1, rng=rng))
        >>> model[2].weight = [[2.0]]
        >>> model.forward(np.array([[0.0]]))
        array([[1.]])
        >>> model.write_gradients(np.array([[1.0]]))
        >>> [round(norm, 3) for norm in grad_norms(model)]  # 2·¼, √(½² + 1²)
        [0.5, 1.118]
    """
    if isinstance(model, Sequential):
        return [norm for layer in model.layers for norm in grad_norms(layer)]
    grads = model.gradients()
    return [grad_norm(grads)] if grads else []
    # --8<-- [end:grad_norms]


# --8<-- [start:clip_grad_norm]
def clip_grad_norm(
    grads: Sequence[np.ndarray], *, max_norm: float
) -> tuple[list[np.ndarray], float]:
    r"""Recorta la norma: $\tau g/\lVert g\rVert$ si $\lVert g\rVert>\tau$, $g$ si no.

    La norma es la de todos los arreglos a la vez, así que la dirección se conserva.
    PyTorch divide entre $\lVert g\rVert+10^{-6}$; aquí no hace falta, porque solo se
    divide si $\lVert g\rVert>\tau>0$.

    Args:
        grads: gradientes, como `model.gradients()`.
        max_norm: umbral $\tau$; con `inf` no se recorta nada.

    Returns:
        La lista recortada y la norma que tenía. Si no había que recortar, o la norma
        es `inf` o `nan` y ya no hay dirección, son los mismos arreglos.

    Raises:
        TypeError: si `grads` no es una lista de arreglos de coma flotante.
        ValueError: si `max_norm` no es positivo.

    Fuente:
        Pascanu, Mikolov y Bengio (2013), arXiv:1211.5063.

    Examples:
        >>> clip_grad_norm([np.array([6.0, 8.0])], max_norm=5.0)
        ([array([3., 4.])], 10.0)
    """
    check_positive(max_norm=max_norm)
    norm = grad_norm(grads)
    if norm <= max_norm or not math.isfinite(norm):
        return list(grads), norm
    # Cociente de float de Python: uno de NumPy llevaría a float64 los float32.
    factor = float(max_norm) / norm
    return [grad * factor for grad in grads], norm
    # --8<-- [end:clip_grad_norm]


# --8<-- [start:clip_grad_value]
def clip_grad_value(
    grads: Sequence[np.ndarray], *, clip_value: float
) -> list[np.ndarray]:
    r"""Recorta número a número: $\min(\max(g_k,-\tau),\tau)$, con $\tau$ `clip_value`.

    Cambia la dirección: encoge los componentes grandes y deja los pequeños.

    Raises:
        TypeError: si `grads` no es una lista de arreglos de coma flotante.
        ValueError: si `clip_value` no es positivo.

    Examples:
        >>> clip_grad_value([np.array([30.0, 0.4])], clip_value=1.0)
        [array([1. , 0.4])]
    """
    check_positive(clip_value=clip_value)
    _check_grads(grads)
    limit = float(clip_value)
    return [np.clip(grad, -limit, limit) for grad in grads]
    # --8<-- [end:clip_grad_value]


def _check_grads(grads: Sequence[np.ndarray]) -> None:
    if not isinstance(grads, list | tuple):
        raise TypeError(
            "grads debe ser una lista de arreglos, como model.gradients(); "
            f"se recibió {type(grads).__name__}"
        )
    check_floating(**{f"grads[{i}]": grad for i, grad in enumerate(grads)})
