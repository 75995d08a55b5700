r"""Funciones de activación y sus derivadas.

Capítulo: 09-activaciones-y-gradientes

Las elementales se aplican a cada número por separado: `f(x)` tiene la forma de `x`
y `f_grad(x)` es la derivada $f'(x)$, elemento a elemento y con esa misma forma.
`softmax` y `log_softmax` mezclan los $K$ números de cada fila (el último eje), así
que su derivada es un jacobiano: `softmax_grad(x, grad)` da su producto con el
gradiente que llega, $g$, que es lo que pide la regla de la cadena.
De `float32` sale `float32`; los enteros se rechazan con `TypeError`.
"""

import math

import numpy as np

from apuntes._checks import check_floating, check_positive, check_same_shape

_erfc = np.vectorize(math.erfc, otypes=[np.float64])


# --8<-- [start:sigmoid]
def sigmoid(x: np.ndarray) -> np.ndarray:
    r"""Sigmoide logística, $\sigma(x)=1/(1+e^{-x})$.

    Examples:
        >>> sigmoid(np.array([0.0, -1000.0, 1000.0]))
        array([0.5, 0. , 1. ])
    """
    check_floating(x=x)
    # Si x < 0, σ(x) = e^x / (1 + e^x): con exponentes negativos nunca desborda.
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def sigmoid_grad(x: np.ndarray) -> np.ndarray:
    r"""Derivada de `sigmoid`: $\sigma(x)(1-\sigma(x))=\sigma(x)\,\sigma(-x)$.

    Examples:
        >>> sigmoid_grad(np.array([0.0]))
        array([0.25])
    """
    return sigmoid(x) * sigmoid(-x)
    # --8<-- [end:sigmoid]


# --8<-- [start:tanh]
def tanh(x: np.ndarray) -> np.ndarray:
    r"""Tangente hiperbólica, $(e^x-e^{-x})/(e^x+e^{-x})=2\sigma(2x)-1$."""
    check_floating(x=x)
    return np.tanh(x)


def tanh_grad(x: np.ndarray) -> np.ndarray:
    r"""Derivada de `tanh`: $1-\tanh^2 x$."""
    return 1 - tanh(x) ** 2
    # --8<-- [end:tanh]


# --8<-- [start:relu]
def relu(x: np.ndarray) -> np.ndarray:
    r"""Rectificador, $\max(x, 0)$.

    Fuente:
        Nair y Hinton (2010), «Rectified linear units improve restricted Boltzmann
        machines», ICML.

    Examples:
        >>> relu(np.array([-2.0, 0.0, 3.0]))
        array([0., 0., 3.])
    """
    check_floating(x=x)
    return np.maximum(x, 0)


def relu_grad(x: np.ndarray) -> np.ndarray:
    """Derivada de `relu`: 1 si $x>0$, 0 si no; en el quiebre, 0 como PyTorch."""
    check_floating(x=x)
    return (x > 0).astype(x.dtype)
    # --8<-- [end:relu]


# --8<-- [start:leaky_relu]
def leaky_relu(x: np.ndarray, *, negative_slope: float = 0.01) -> np.ndarray:
    """Rectificador con fuga: $x$ si $x>0$ y `negative_slope`$·x$ si no."""
    check_floating(x=x)
    return np.where(x > 0, x, negative_slope * x)


def leaky_relu_grad(x: np.ndarray, *, negative_slope: float = 0.01) -> np.ndarray:
    """Derivada de `leaky_relu`: 1 si $x>0$ y `negative_slope` si no (también en 0)."""
    check_floating(x=x)
    return np.where(x > 0, 1, negative_slope).astype(x.dtype)
    # --8<-- [end:leaky_relu]


# --8<-- [start:elu]
def elu(x: np.ndarray, *, alpha: float = 1.0) -> np.ndarray:
    r"""Unidad exponencial lineal: $x$ si $x>0$ y $\alpha(e^x-1)$ si no.

    Raises:
        ValueError: si `alpha` no es positivo.

    Fuente:
        Clevert, Unterthiner y Hochreiter (2016), arXiv:1511.07289.
    """
    check_floating(x=x)
    check_positive(alpha=alpha)
    # Siempre sobra uno de los sumandos; sin el mínimo, e^x desbordaría al sobrar.
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


def elu_grad(x: np.ndarray, *, alpha: float = 1.0) -> np.ndarray:
    r"""Derivada de `elu`: 1 si $x>0$ y $\alpha e^x$ si no (en 0, $\alpha$)."""
    check_floating(x=x)
    check_positive(alpha=alpha)
    return np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))
    # --8<-- [end:elu]


# --8<-- [start:gelu]
def gelu(x: np.ndarray, *, approximate: str = "none") -> np.ndarray:
    r"""GELU, $x\,\Phi(x)$ con $\Phi$ la distribución normal estándar.

    Args:
        x: arreglo de cualquier forma.
        approximate: `"none"`, la exacta, número a número con `math.erfc` (NumPy no
            tiene función error), o `"tanh"`, la aproximación de los autores, que
            se desvía menos de $5\cdot10^{-4}$ y es mucho más rápida.

    Raises:
        ValueError: si `approximate` no es una de las dos.

    Fuente:
        Hendrycks y Gimpel (2016), arXiv:1606.08415.
    """
    return x * _gelu_gate(x, approximate)


def _gelu_gate(x: np.ndarray, approximate: str) -> np.ndarray:
    check_floating(x=x)
    if approximate not in ("none", "tanh"):
        raise ValueError(
            f'approximate debe ser "none" o "tanh"; se recibió {approximate!r}'
        )
    if approximate == "tanh":
        # (1 + tanh u) / 2 = σ(2u), que no pierde cifras por la izquierda.
        return sigmoid(math.sqrt(8 / math.pi) * x * (1 + 0.044715 * x * x))
    return (_erfc(-x / math.sqrt(2)) / 2).astype(x.dtype)


def gelu_grad(x: np.ndarray, *, approximate: str = "none") -> np.ndarray:
    r"""Derivada de `gelu`: $\Phi(x)+x\,\Phi'(x)$."""
    gate = _gelu_gate(x, approximate)
    if approximate == "tanh":
        slope = math.sqrt(8 / math.pi) * (1 + 3 * 0.044715 * x * x)
        return gate + x * gate * (1 - gate) * slope
    return gate + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    # --8<-- [end:gelu]


# --8<-- [start:silu]
def silu(x: np.ndarray) -> np.ndarray:
    r"""SiLU o *swish*, $x\,\sigma(x)$."""
    return x * sigmoid(x)


def silu_grad(x: np.ndarray) -> np.ndarray:
    r"""Derivada de `silu`: $\sigma(x)\,(1+x\,\sigma(-x))$."""
    return sigmoid(x) * (1 + x * sigmoid(-x))
    # --8<-- [end:silu]


# --8<-- [start:softplus]
def softplus(x: np.ndarray) -> np.ndarray:
    r"""Rectificador suave, $\ln(1+e^x)$, sin desbordar."""
    check_floating(x=x)
    # Se saca e^x fuera del logaritmo si x > 0: el exponente nunca es positivo.
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softplus_grad(x: np.ndarray) -> np.ndarray:
    r"""Derivada de `softplus`: $\sigma(x)$."""
    return sigmoid(x)
    # --8<-- [end:softplus]


# --8<-- [start:softmax]
def softmax(x: np.ndarray) -> np.ndarray:
    r"""Softmax de cada fila, $p_k=e^{x_k}/\sum_j e^{x_j}$.

    Args:
        x: puntuaciones (*logits*), de forma `(..., K)` con `K` al menos 1.

    Examples:
        >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
        array([[0.5, 0.5],
               [1. , 0. ]])
    """
    powers = np.exp(_shifted(x))
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax_grad(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    r"""Jacobiano traspuesto por $g$ de `softmax`: $p\odot(g-\sum_k g_k p_k)$."""
    _check_incoming(x, grad)
    p = softmax(x)
    return p * (grad - (grad * p).sum(axis=-1, keepdims=True))
    # --8<-- [end:softmax]


def _check_incoming(x: np.ndarray, grad: np.ndarray) -> None:
    check_floating(x=x, grad=grad)
    check_same_shape(x=x, grad=grad)


def _shifted(x: np.ndarray) -> np.ndarray:
    check_floating(x=x)
    if x.ndim == 0 or x.shape[-1] == 0:
        raise ValueError(f"x debe tener forma (..., K), K >= 1; se recibió {x.shape}")
    # Restar el máximo no cambia el resultado y evita que exp(1000) desborde.
    return x - x.max(axis=-1, keepdims=True)


# --8<-- [start:log_softmax]
def log_softmax(x: np.ndarray) -> np.ndarray:
    r"""Logaritmo de `softmax`, $x_k-\ln\sum_j e^{x_j}$, sin pasar por $\ln 0$.

    Fuente:
        Blanchard, Higham y Higham (2021), doi:10.1093/imanum/draa038.

    Examples:
        >>> log_softmax(np.array([1000.0, 0.0]))
        array([    0., -1000.])
    """
    shifted = _shifted(x)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_grad(x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    r"""Jacobiano traspuesto por $g$ de `log_softmax`: $g-p\sum_k g_k$."""
    _check_incoming(x, grad)
    return grad - softmax(x) * grad.sum(axis=-1, keepdims=True)
    # --8<-- [end:log_softmax]
