r"""Programaciones de la tasa de aprendizaje: funciones que dan $\eta_t$ en el paso $t$.

Capítulo: 12-optimizacion-avanzada

Cada una recibe sus hiperparámetros y devuelve una función `schedule(step)`, con el paso
contado desde 0 como en `fit`. Nombres y valores por omisión son los de
`torch.optim.lr_scheduler`.
"""

from apuntes._checks import (
    check_counts,
    check_nonnegative,
    check_positive,
    check_unit_interval,
)
from apuntes._cycles import Schedule, cosine, cyclical, from_zero, linear, one_cycle

__all__ = [
    "Schedule",
    "constant",
    "cosine_decay",
    "cyclical",
    "exponential_decay",
    "one_cycle",
    "polynomial_decay",
    "step_decay",
    "warmup",
]


# --8<-- [start:constant]
def constant(*, lr: float) -> Schedule:
    r"""La misma tasa siempre, $\eta_t=\eta_0$.

    Args:
        lr: tasa $\eta_0$.

    Raises:
        ValueError: si `lr` es negativa.

    Examples:
        >>> constant(lr=0.1)(1000)
        0.1
    """
    check_nonnegative(lr=lr)
    return from_zero(lambda t: lr)
    # --8<-- [end:constant]


# --8<-- [start:step_decay]
def step_decay(*, lr: float, step_size: int, gamma: float = 0.1) -> Schedule:
    r"""En escalones, $\eta_t=\eta_0\,\gamma^{\lfloor t/T_0\rfloor}$; `StepLR`.

    Args:
        lr: tasa inicial $\eta_0$.
        step_size: $T_0$, pasos que dura cada escalón.
        gamma: $\gamma$, lo que se multiplica la tasa en cada escalón.

    Raises:
        TypeError, ValueError: si `step_size` no es un entero positivo o lo demás es
            negativo.

    Examples:
        >>> schedule = step_decay(lr=8.0, step_size=10, gamma=0.5)
        >>> schedule(9), schedule(10), schedule(25)
        (8.0, 4.0, 2.0)
    """
    check_nonnegative(lr=lr, gamma=gamma)
    check_counts(step_size=step_size)
    return from_zero(lambda t: lr * gamma ** (t // step_size))
    # --8<-- [end:step_decay]


# --8<-- [start:polynomial_decay]
def polynomial_decay(*, lr: float, total_iters: int, power: float = 1.0) -> Schedule:
    r"""Hasta 0, $\eta_t=\eta_0\left(1-\frac{t}{T}\right)^p$; después, sigue en 0.

    Es `PolynomialLR` en PyTorch.

    Args:
        lr: tasa inicial $\eta_0$.
        total_iters: paso $T$ en que llega a 0.
        power: exponente $p$; con 1 baja en línea recta.

    Raises:
        TypeError, ValueError: si `total_iters` no es un entero positivo, `power` no es
            positivo o `lr` es negativa.

    Examples:
        >>> schedule = polynomial_decay(lr=4.0, total_iters=10, power=2.0)
        >>> schedule(5), schedule(10), schedule(99)
        (1.0, 0.0, 0.0)
    """
    check_nonnegative(lr=lr)
    check_counts(total_iters=total_iters)
    check_positive(power=power)
    return from_zero(lambda t: lr * (1 - min(t / total_iters, 1)) ** power)
    # --8<-- [end:polynomial_decay]


# --8<-- [start:exponential_decay]
def exponential_decay(*, lr: float, gamma: float) -> Schedule:
    r"""Un poco en cada paso, $\eta_t=\eta_0\,\gamma^t$; `ExponentialLR` en PyTorch.

    Args:
        lr: tasa inicial $\eta_0$.
        gamma: $\gamma$; con $2^{-1/k}$ la tasa se parte por la mitad cada $k$ pasos.

    Raises:
        ValueError: si algo es negativo.

    Examples:
        >>> exponential_decay(lr=8.0, gamma=0.5)(3)
        1.0
    """
    check_nonnegative(lr=lr, gamma=gamma)
    return from_zero(lambda t: lr * gamma**t)
    # --8<-- [end:exponential_decay]


# --8<-- [start:cosine_decay]
def cosine_decay(*, lr: float, t_max: int, eta_min: float = 0.0) -> Schedule:
    r"""Media onda, $\eta_{\min}+\frac12(\eta_0-\eta_{\min})(1+\cos\frac{\pi t}{T})$.

    Es `CosineAnnealingLR`, salvo que al llegar abajo se queda: la de PyTorch vuelve a
    subir por la otra media onda.

    Args:
        lr: tasa inicial $\eta_0$.
        t_max: paso $T$ en que llega abajo.
        eta_min: tasa final $\eta_{\min}$.

    Raises:
        TypeError, ValueError: si `t_max` no es un entero positivo o lo demás es
            negativo.

    Fuente:
        Loshchilov y Hutter (2017), «SGDR: Stochastic Gradient Descent with Warm
        Restarts», ICLR, arXiv:1608.03983.

    Examples:
        >>> schedule = cosine_decay(lr=4.0, t_max=10)
        >>> schedule(0), round(schedule(5), 6), schedule(10), schedule(15)
        (4.0, 2.0, 0.0, 0.0)
    """
    check_nonnegative(lr=lr, eta_min=eta_min)
    check_counts(t_max=t_max)
    return from_zero(lambda t: cosine(lr, eta_min, min(t / t_max, 1)))
    # --8<-- [end:cosine_decay]


# --8<-- [start:warmup]
def warmup(
    schedule: Schedule, *, total_iters: int, start_factor: float = 1 / 3
) -> Schedule:
    r"""Calentamiento: sube en línea recta, $\eta_{\max}\,(f+(1-f)\frac{t}{T_0})$.

    Sube hasta la tasa $\eta_{\max}$ con que empieza otra programación, y en el paso
    $T_0$ esa empieza por su paso 0. Es `LinearLR` y detrás la otra, con `SequentialLR`.

    Args:
        schedule: la que sigue, como `cosine_decay(lr=0.1, t_max=1000)`.
        total_iters: $T_0$, pasos que dura el calentamiento.
        start_factor: $f$, fracción de $\eta_{\max}$ con que empieza.

    Raises:
        TypeError: si `schedule` no es una función.
        ValueError: si `total_iters` no es positivo o `start_factor` está fuera de
            `[0, 1]`.

    Fuente:
        Goyal et al. (2017), arXiv:1706.02677.

    Examples:
        >>> schedule = warmup(constant(lr=8.0), total_iters=4, start_factor=0.25)
        >>> [schedule(t) for t in range(6)]
        [2.0, 3.5, 5.0, 6.5, 8.0, 8.0]
    """
    if not callable(schedule):
        kind = type(schedule).__name__
        raise TypeError(f"schedule debe ser una función del paso; se recibió {kind}")
    check_counts(total_iters=total_iters)
    check_unit_interval(start_factor=start_factor)

    def rate(t: int) -> float:
        if t >= total_iters:
            return schedule(t - total_iters)
        return schedule(0) * linear(start_factor, 1, t / total_iters)

    return from_zero(rate)
    # --8<-- [end:warmup]
