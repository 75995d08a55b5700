r"""Tasas adaptativas sin momento propio: Adagrad, Adadelta y RMSprop.

Capítulo: 12-optimizacion-avanzada

Cada componente se divide entre una medida de lo grandes que vienen siendo sus
gradientes: la raíz de $s$, suma o media móvil de sus cuadrados.
"""

from collections.abc import Sequence

import numpy as np

from apuntes._checks import check_nonnegative, check_positive
from apuntes._optimizer import Optimizer, check_decay_rates


# --8<-- [start:Adagrad]
class Adagrad(Optimizer):
    r"""Adagrad, $\theta\leftarrow\theta-\eta\,g/(\sqrt s+\epsilon)$.

    La suma $s\leftarrow s+g^2$ no olvida: los pasos menguan, y nunca vuelven a crecer.

    Args:
        params: lista de arreglos que `step` modificará, como `model.parameters()`.
        lr: tasa de aprendizaje $\eta$.
        lr_decay: el paso $t$, contado desde 1, usa $\eta/(1+(t-1)\,$`lr_decay`$)$.
        weight_decay: penalización $\lambda$ de $\frac12\lambda\lVert\theta\rVert^2$.
        initial_accumulator_value: valor con que empieza $s$.
        eps: $\epsilon$, que evita dividir por 0, fuera de la raíz.

    Raises:
        TypeError: si `params` no es una lista de arreglos de coma flotante.
        ValueError: si `params` está vacía o un hiperparámetro es negativo.

    Fuente:
        Duchi, Hazan y Singer (2011), «Adaptive Subgradient Methods for Online Learning
        and Stochastic Optimization», JMLR 12, 2121-2159.

    Examples:
        >>> theta = np.array([1.0, -1.0])
        >>> optimizer = Adagrad([theta], lr=0.5)
        >>> optimizer.step([np.array([3.0, 0.0])])
        >>> optimizer.step([np.array([4.0, 0.0])])
        >>> theta.round(6)
        array([ 0.1, -1. ])
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        *,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        super().__init__(params, lr=lr, weight_decay=weight_decay, memories=1)
        check_nonnegative(
            lr_decay=lr_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
        )
        self.lr_decay, self.eps = lr_decay, eps
        for [memory] in self._memories:
            memory += initial_accumulator_value

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """Da un paso, más corto en las componentes que más se han movido."""
        rate = float(self.lr) / (1 + self.steps * float(self.lr_decay))
        eps = float(self.eps)
        for theta, g, s in self._walk(grads, decay=self.weight_decay):
            s += g**2
            theta -= rate * g / (np.sqrt(s) + eps)
        # --8<-- [end:Adagrad]


# --8<-- [start:Adadelta]
class Adadelta(Optimizer):
    r"""Adadelta, $\theta\leftarrow\theta-\eta\,g\,\sqrt{r+\epsilon}/\sqrt{s+\epsilon}$.

    Sin $\eta$, el paso es $d=g\,\sqrt{r+\epsilon}/\sqrt{s+\epsilon}$.
    $s\leftarrow\rho s+(1-\rho)g^2$ y, después, $r\leftarrow\rho r+(1-\rho)d^2$ son las
    medias móviles de los cuadrados de los gradientes y de los pasos. El cociente tiene
    las unidades de $\theta$, así que $\eta$ no las lleva y puede ser 1.

    Args:
        params: lista de arreglos que `step` modificará, como `model.parameters()`.
        lr: tasa de aprendizaje $\eta$, que el artículo no tiene: es 1.
        rho: $\rho$, cuánto pasado recuerdan las medias; se fija al construirlo.
        eps: $\epsilon$, dentro de las raíces; de él depende el primer paso.
        weight_decay: penalización $\lambda$ de $\frac12\lambda\lVert\theta\rVert^2$.

    Raises:
        TypeError: si `params` no es una lista de arreglos de coma flotante.
        ValueError: si `params` está vacía, `rho` no está en `[0, 1)`, `eps` no es
            positivo u otro hiperparámetro es negativo.

    Fuente:
        Zeiler (2012), «ADADELTA: An Adaptive Learning Rate Method», arXiv:1212.5701.

    Examples:
        >>> theta = np.array([1.0])
        >>> Adadelta([theta], rho=0.75, eps=1.0).step([np.array([2.0])])
        >>> (1 - theta).round(6) == (2 / np.sqrt(2)).round(6)
        array([ True])
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        *,
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr=lr, weight_decay=weight_decay, memories=2)
        check_decay_rates(rho=rho)
        check_positive(eps=eps)
        self.rho, self.eps = rho, eps

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """Da un paso del tamaño de los anteriores."""
        lr, rho, eps = float(self.lr), float(self.rho), float(self.eps)
        for theta, g, s, r in self._walk(grads, decay=self.weight_decay):
            s *= rho
            s += (1 - rho) * g**2
            d = np.sqrt((r + eps) / (s + eps)) * g
            r *= rho
            r += (1 - rho) * d**2
            theta -= lr * d
        # --8<-- [end:Adadelta]


# --8<-- [start:RMSprop]
class RMSprop(Optimizer):
    r"""RMSprop, $\theta\leftarrow\theta-\eta\,g/(\sqrt s+\epsilon)$.

    $s\leftarrow\alpha s+(1-\alpha)g^2$ es la media móvil de los cuadrados. Si va
    centrada se le resta $m^2$, el cuadrado de la media móvil de los gradientes, y queda
    una varianza. Con momento, $u\leftarrow\mu u+g/(\sqrt s+\epsilon)$ y el paso es
    $\theta\leftarrow\theta-\eta u$. Así lo hace PyTorch.

    Args:
        params: lista de arreglos que `step` modificará, como `model.parameters()`.
        lr: tasa de aprendizaje $\eta$.
        alpha: $\alpha$, cuánto pasado recuerda la media; se fija al construirlo.
        eps: $\epsilon$, que evita dividir por 0, fuera de la raíz.
        weight_decay: penalización $\lambda$ de $\frac12\lambda\lVert\theta\rVert^2$.
        momentum: factor $\mu$; con 0 no hay momento.
        centered: si se divide entre la desviación típica; se fija al construirlo.

    Raises:
        TypeError: si `params` no es una lista de arreglos de coma flotante.
        ValueError: si `params` está vacía, `alpha` no está en `[0, 1)` u otro
            hiperparámetro es negativo.

    Fuente:
        Tieleman y Hinton (2012), lección 6.5 de «Neural Networks for Machine
        Learning»; centrado, Graves (2013), arXiv:1308.0850.

    Examples:
        >>> theta = np.array([1.0, -1.0])
        >>> optimizer = RMSprop([theta], lr=0.25, alpha=0.75)
        >>> optimizer.step([np.array([100.0, -0.01])])
        >>> theta.round(5)
        array([ 0.5, -0.5])
    """

    def __init__(
        self,
        params: Sequence[np.ndarray],
        *,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        super().__init__(params, lr=lr, weight_decay=weight_decay, memories=3)
        check_decay_rates(alpha=alpha)
        check_nonnegative(eps=eps, momentum=momentum)
        self.alpha, self.eps = alpha, eps
        self.momentum, self.centered = momentum, centered

    def step(self, grads: Sequence[np.ndarray]) -> None:
        """Da un paso de tamaño parecido en cada componente."""
        lr, mu = float(self.lr), float(self.momentum)
        alpha, eps = float(self.alpha), float(self.eps)
        for theta, g, s, m, u in self._walk(grads, decay=self.weight_decay):
            s *= alpha
            s += (1 - alpha) * g**2
            spread = s
            if self.centered:
                m *= alpha
                m += (1 - alpha) * g
                # Una varianza nula puede salir negativa por el redondeo.
                spread = np.maximum(s - m**2, 0)
            d = g / (np.sqrt(spread) + eps)
            if mu:
                u *= mu
                u += d
                d = u
            theta -= lr * d
        # --8<-- [end:RMSprop]
