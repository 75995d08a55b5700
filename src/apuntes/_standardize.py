r"""Normalizar a lo largo de un eje, y su derivada.

Capítulo: 11-normalizacion

Aquí $x_1,\dots,x_m$ son los números que comparten media y varianza: una columna (una
neurona en los $m$ ejemplos del lote) o una fila (las $m$ neuronas de un ejemplo).
"""

import numpy as np


# --8<-- [start:standardize]
def standardize(
    x: np.ndarray, *, axis: int | tuple[int, ...], eps: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Resta la media y divide entre $s=\sqrt{\sigma^2+\epsilon}$.

    $$\mu=\tfrac1m\sum_i x_i,\qquad\sigma^2=\tfrac1m\sum_i(x_i-\mu)^2,\qquad
    \hat x_i=\frac{x_i-\mu}{s}.$$

    Args:
        x: arreglo de coma flotante, `(N, D)` o de más ejes.
        axis: lo que se recorre: 0 por columnas, 1 por filas, o varios ejes a la vez.
        eps: lo que evita 0/0 si todos los números son iguales; puede ser 0.

    Returns:
        $\hat x$, con la forma de `x`, y la media y la varianza, con un 1 en ese eje.

    Examples:
        >>> x = np.array([[1.0, 5.0], [3.0, 5.0]])
        >>> hat, mean, var = standardize(x, axis=0, eps=1e-5)
        >>> hat.round(3).tolist(), mean.tolist(), var.tolist()
        ([[-1.0, 0.0], [1.0, 0.0]], [[2.0, 5.0]], [[1.0, 0.0]])
    """
    mean = x.mean(axis=axis, keepdims=True)
    # En dos pasadas: la media de los cuadrados menos el cuadrado de la media se queda
    # sin cifras si la media es mucho mayor que la desviación.
    hat = x - mean
    var = np.mean(hat * hat, axis=axis, keepdims=True)
    hat /= np.sqrt(var + eps)
    return hat, mean, var


def standardize_grad(
    grad: np.ndarray, hat: np.ndarray, scale: np.ndarray, *, axis: int
) -> np.ndarray:
    r"""Gradiente respecto de $x$ dado $g$, el de $\hat x$; `scale` es $s$.

    Mover $x_i$ mueve también $\mu$ y $\sigma^2$, y con ellas todos los $\hat x_j$:

    $$\frac{\partial\mu}{\partial x_i}=\frac1m,\qquad
    \frac{\partial\sigma^2}{\partial x_i}=\frac2m\sum_j(x_j-\mu)
    \Bigl([i=j]-\frac1m\Bigr)=\frac2m(x_i-\mu),$$

    porque las desviaciones suman 0. Y como $s^2=\sigma^2+\epsilon$,
    $\partial s/\partial x_i=(x_i-\mu)/(ms)=\hat x_i/m$. Derivando el cociente,

    $$\frac{\partial\hat x_j}{\partial x_i}=\frac1s\Bigl([i=j]-\frac1m\Bigr)
    -\frac{x_j-\mu}{s^2}\,\frac{\hat x_i}{m}
    =\frac1s\Bigl([i=j]-\frac1m-\frac{\hat x_i\hat x_j}{m}\Bigr),$$

    que es simétrica en $i$, $j$. La suma $\sum_j g_j\,\partial\hat x_j/\partial x_i$ es

    $$\frac{\partial J}{\partial x_i}=\frac1s\Bigl(g_i-\frac1m\sum_j g_j
    -\hat x_i\,\frac1m\sum_j g_j\hat x_j\Bigr).$$

    A $g$ se le quita lo que solo cambiaría la media y lo que solo cambiaría la escala.

    Examples:
        >>> hat, scale = np.array([[-1.0], [0.0], [1.0]]), np.array([[2.0]])
        >>> standardize_grad(np.array([[3.0], [0.0], [0.0]]), hat, scale, axis=0)
        array([[ 0.5],
               [-0.5],
               [ 0. ]])
    """
    x_grad = grad - grad.mean(axis=axis, keepdims=True)
    x_grad -= hat * np.mean(grad * hat, axis=axis, keepdims=True)
    x_grad /= scale
    return x_grad
    # --8<-- [end:standardize]


# --8<-- [start:rms]
def rms_normalize(x: np.ndarray, *, eps: float) -> tuple[np.ndarray, np.ndarray]:
    r"""Divide cada fila entre $s=\sqrt{\frac1m\sum_i x_i^2+\epsilon}$, sin restar nada.

    Returns:
        $\hat x=x/s$, con la forma de `x`, y $s$, de forma `(N, 1)`.

    Examples:
        >>> rms_normalize(np.array([[1.0, 7.0]]), eps=0)
        (array([[0.2, 1.4]]), array([[5.]]))
    """
    scale = np.sqrt(np.mean(x * x, axis=1, keepdims=True) + eps)
    return x / scale, scale


def rms_normalize_grad(
    grad: np.ndarray, hat: np.ndarray, scale: np.ndarray
) -> np.ndarray:
    r"""Como `standardize_grad` por filas, sin la resta que venía de la media.

    Ahora $\partial s/\partial x_i=x_i/(ms)=\hat x_i/m$, y queda

    $$\frac{\partial J}{\partial x_i}=\frac1s\Bigl(g_i
    -\hat x_i\,\frac1m\sum_j g_j\hat x_j\Bigr).$$
    """
    x_grad = grad - hat * np.mean(grad * hat, axis=1, keepdims=True)
    x_grad /= scale
    return x_grad
    # --8<-- [end:rms]
