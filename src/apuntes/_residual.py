r"""Capas con un atajo que las rodea.

Capítulo: 09-activaciones-y-gradientes
"""

import numpy as np

from apuntes._checks import check_array
from apuntes._sequential import Sequential


# --8<-- [start:Residual]
class Residual(Sequential):
    r"""Capas en fila con un atajo que las rodea: $a=x+f(x)$, con $f$ la fila.

    A la vuelta, $\Delta$ llega a la entrada por los dos caminos: entero por el atajo y,
    por $f$, como en cualquier red. Por muchas capas que haya, el atajo no lo encoge.

    Raises:
        TypeError, ValueError: los de `Sequential`.

    Fuente:
        He, Zhang, Ren y Sun (2016), doi:10.1109/CVPR.2016.90.

    Examples:
        >>> from apuntes.layers import Linear, ReLU
        >>> block = Residual(Linear(2, 2, rng=np.random.default_rng(0)), ReLU())
        >>> block[0].weight = [[1.0, 0.0], [0.0, -1.0]]
        >>> block.forward(np.array([[3.0, 4.0]]))
        array([[6., 4.]])
        >>> block.backward(np.array([[1.0, 1.0]]))
        array([[2., 1.]])
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Suma la entrada y lo que da la fila.

        Raises:
            ValueError: si la fila no conserva la forma: no hay difusión.
        """
        out = super().forward(x)
        check_array("la salida de f", out, shape=x.shape, dtype=x.dtype)
        return x + out

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Suma el gradiente que vuelve por el atajo y el que vuelve por la fila."""
        return grad + super().backward(grad)
        # --8<-- [end:Residual]
