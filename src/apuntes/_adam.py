r"""Adam y AdamW: media del gradiente entre raíz de la media de su cuadrado.

Capítulo: 12-optimizacion-avanzada
"""

from collections.abc import Sequence

import numpy as np

from apuntes._checks import check_nonnegative
from apuntes._optimizer import Optimizer, check_decay_rates


# --8<-- [start:Adam]
class Adam(Optimizer):
    r"""Adam, $\theta\leftarrow\theta-\eta\,\hat m/(\sqrt{\hat v}+\epsilon)$.

    Con el gradiente $g\leftarrow\nabla J+\lambda\theta$, las medias móviles son
    $m\leftarrow\beta_1m+(1-\beta_1)g$ y $v\leftarrow\beta_2v+(1-\beta_2)g^2$, y en el
    paso $t$, contado desde 1, se corrigen así: $\hat m=m/(1-\beta_1^t)$ y
    $\hat v=v/(1-\beta_2^t)$. Todo, componente a componente, como en PyTorch.

    Args:
        params: lista de arreglos que `step` modificará, como `model.parameters()`.
        lr: tasa de aprendizaje $\eta$, lo que mide como mucho el primer paso.
        betas: $\beta_1$ y $\beta_2$; se fijan al construirlo.
        eps: $\epsilon$, que evita dividir por 0, fuera de la raíz.
        weight_decay: penalización $\lambda$ de $\frac12\lambda\lVert\theta\rVert^2$.

    Raises:
        TypeError: si `params` no es una lista de arreglos de coma flotante.
        ValueError: si `params` está vacía, `betas` no son dos números de `[0, 1)` u
            otro hiperparámetro es negativo.

    Fuente:
        Kingma y Ba (2015), «Adam: A Method for Stochastic Optimization», ICLR,
        arXiv:1412.6980.

    Examples:
        >>> theta = np.array([1.0, -1.0])
        >>> optimizer = Adam([theta], lr=0.25)
        >>> optimizer.step([np.array([100.0, -0.01])])
        >>> theta.round(6)
        array([ 0.75, -0.75])
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr=lr, weight_decay=weight_decay, memories=2)
        self.betas, self.eps = _check_adam(betas, eps), eps

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """Da un paso en la dirección media, de tamaño parecido en cada componente."""
        for arrays in self._walk(grads, decay=self.weight_decay):
            _adam_step(self, *arrays)


def _adam_step(
    optimizer: "Adam | AdamW",
    theta: np.ndarray,
    g: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
) -> None:
    r"""Pone al día las medias y mueve $\theta$; `steps` ya cuenta este paso."""
    t, (beta1, beta2) = optimizer.steps, optimizer.betas
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    theta -= float(optimizer.lr) * m_hat / (np.sqrt(v_hat) + float(optimizer.eps))
    # --8<-- [end:Adam]


# --8<-- [start:AdamW]
class AdamW(Optimizer):
    r"""Adam después de encoger los pesos, $\theta\leftarrow(1-\eta\lambda)\theta$.

    Así todos los pesos se encogen en la misma proporción. En `Adam` la penalización
    entra en $g$ y se divide entre $\sqrt{\hat v}$ como lo demás, así que encoge menos
    los pesos que tienen gradientes grandes.

    Los argumentos y los errores son los de `Adam`.

    Fuente:
        Loshchilov y Hutter (2019), «Decoupled Weight Decay Regularization», ICLR,
        arXiv:1711.05101.

    Examples:
        >>> theta = np.array([1.0])
        >>> AdamW([theta], lr=0.5, weight_decay=0.5).step([np.array([0.0])])
        >>> theta
        array([0.75])
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr=lr, weight_decay=weight_decay, memories=2)
        self.betas, self.eps = _check_adam(betas, eps), eps

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """Encoge los parámetros y da un paso de Adam con el gradiente sin penalizar."""
        shrink = 1 - float(self.lr) * float(self.weight_decay)
        for theta, *rest in self._walk(grads, decay=0):
            theta *= shrink
            _adam_step(self, theta, *rest)
        # --8<-- [end:AdamW]


def _check_adam(betas: tuple[float, float], eps: float) -> tuple[float, float]:
    if not isinstance(betas, list | tuple) or len(betas) != 2:
        raise ValueError(f"betas debe ser la pareja (β₁, β₂); se recibió {betas}")
    check_decay_rates(**{"betas[0]": betas[0], "betas[1]": betas[1]})
    check_nonnegative(eps=eps)
    return float(betas[0]), float(betas[1])
