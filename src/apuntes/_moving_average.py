r"""La media móvil exponencial, con la que filtran los optimizadores.

Capítulo: 12-optimizacion-avanzada
"""

import numpy as np

from apuntes._checks import check_floating
from apuntes._optimizer import check_decay_rates


# --8<-- [start:exponential_moving_average]
def exponential_moving_average(
    signal: np.ndarray, *, beta: float, bias_correction: bool = True
) -> np.ndarray:
    r"""Media móvil exponencial, $e_t=\beta e_{t-1}+(1-\beta)x_t$ con $e_0=0$.

    Pesa más lo reciente: lo de hace $k$ pasos, $(1-\beta)\beta^k$. Como empieza en 0 se
    queda corta al principio, y la corrección de sesgo la divide entre lo que suman sus
    pesos, $1-\beta^t$.

    Args:
        signal: $x_1,\dots,x_T$, de forma `(T, ...)`: un número, o un arreglo, por paso.
        beta: $\beta$, en `[0, 1)`; recuerda unos $1/(1-\beta)$ pasos.
        bias_correction: si se corrige el sesgo.

    Returns:
        $e_1,\dots,e_T$, con la forma y el tipo de `signal`.

    Raises:
        TypeError: si `signal` no es un arreglo de coma flotante.
        ValueError: si es un solo número o `beta` no está en `[0, 1)`.

    Fuente:
        La corrección de sesgo, Kingma y Ba (2015), arXiv:1412.6980.

    Examples:
        >>> signal = np.array([4.0, 8.0])
        >>> exponential_moving_average(signal, beta=0.5, bias_correction=False)
        array([2., 5.])
        >>> exponential_moving_average(signal, beta=0.5).round(3)
        array([4.   , 6.667])
    """
    check_floating(signal=signal)
    check_decay_rates(beta=beta)
    if np.ndim(signal) == 0:
        raise ValueError(f"signal debe tener forma (T, ...); se recibió {signal}")
    beta = float(beta)
    averages = np.empty_like(signal)
    average = np.zeros(signal.shape[1:], signal.dtype)
    for t, value in enumerate(signal, start=1):
        average = beta * average + (1 - beta) * value
        averages[t - 1] = average / (1 - beta**t) if bias_correction else average
    return averages
    # --8<-- [end:exponential_moving_average]
