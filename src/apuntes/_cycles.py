r"""Programaciones de la tasa que suben y bajan, y lo común a todas.

Capítulo: 12-optimizacion-avanzada
"""

import math
from collections.abc import Callable
from numbers import Integral

from apuntes._checks import check_counts, check_nonnegative, check_positive

Schedule = Callable[[int], float]


# --8<-- [start:cyclical]
def cyclical(
    *,
    base_lr: float,
    max_lr: float,
    step_size_up: int = 2000,
    step_size_down: int | None = None,
    mode: str = "triangular",
    gamma: float = 1.0,
) -> Schedule:
    r"""En zigzag, $\eta_t=\eta_{\min}+(\eta_{\max}-\eta_{\min})\,a_t\,\Lambda_t$.

    $\Lambda_t$ va en línea recta de 0 a 1 en `step_size_up` pasos y vuelve a 0 en
    `step_size_down`; ese es un ciclo. Es `CyclicLR` en PyTorch, sin tocar el momento.

    Args:
        base_lr: la tasa de abajo, $\eta_{\min}$.
        max_lr: la de arriba, $\eta_{\max}$.
        step_size_up: pasos de subida.
        step_size_down: pasos de bajada; si no se dice, los mismos.
        mode: altura $a_t$ de los ciclos, que se cuentan desde 0: `"triangular"`, 1;
            `"triangular2"`, la mitad en cada ciclo, $2^{-c}$; `"exp_range"`,
            $\gamma^t$.
        gamma: $\gamma$ de `"exp_range"`.

    Raises:
        TypeError, ValueError: si los pasos no son enteros positivos, una tasa o `gamma`
            son negativas, o `mode` es otro.

    Fuente:
        Smith (2017), «Cyclical Learning Rates for Training Neural Networks»,
        doi:10.1109/WACV.2017.58.

    Examples:
        >>> schedule = cyclical(base_lr=1.0, max_lr=5.0, step_size_up=2)
        >>> [schedule(t) for t in range(6)]
        [1.0, 3.0, 5.0, 3.0, 1.0, 3.0]
    """
    down = step_size_up if step_size_down is None else step_size_down
    check_nonnegative(base_lr=base_lr, max_lr=max_lr, gamma=gamma)
    check_counts(step_size_up=step_size_up, step_size_down=down)
    heights = {
        "triangular": lambda t, cycle: 1.0,
        "triangular2": lambda t, cycle: 0.5**cycle,
        "exp_range": lambda t, cycle: gamma**t,
    }
    if mode not in heights:
        raise ValueError(f"mode debe ser uno de {list(heights)}; se recibió {mode!r}")

    def rate(t: int) -> float:
        cycle, t_in = divmod(t, step_size_up + down)
        rise = t_in / step_size_up
        fall = (step_size_up + down - t_in) / down
        return base_lr + (max_lr - base_lr) * min(rise, fall) * heights[mode](t, cycle)

    return from_zero(rate)
    # --8<-- [end:cyclical]


# --8<-- [start:one_cycle]
def one_cycle(
    *,
    max_lr: float,
    total_steps: int,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> Schedule:
    r"""Un solo ciclo: de $\eta_{\max}/25$ a $\eta_{\max}$ y, al final, casi a 0.

    Es `OneCycleLR` en PyTorch, con dos fases y sin tocar el momento. El paso más alto
    es el `pct_start * total_steps - 1`; el último, `total_steps - 1`.

    Args:
        max_lr: tasa máxima $\eta_{\max}$.
        total_steps: pasos del ciclo, los de todo el entrenamiento.
        pct_start: fracción de ellos que dura la subida.
        anneal_strategy: `"cos"`, medias ondas de coseno, o `"linear"`, rectas.
        div_factor: $\eta_{\max}$ dividida entre la tasa inicial.
        final_div_factor: la tasa inicial dividida entre la final.

    Raises:
        TypeError, ValueError: si `total_steps` no es un entero positivo, la subida o la
            bajada no duran nada, `anneal_strategy` es otra, los divisores no son
            positivos o `max_lr` es negativa. La programación, si se le pide un paso
            que ya no es del ciclo.

    Fuente:
        Smith y Topin (2018), «Super-Convergence», arXiv:1708.07120.

    Examples:
        >>> schedule = one_cycle(max_lr=1.0, total_steps=10)
        >>> [round(schedule(t), 3) for t in (0, 1, 2, 9)]
        [0.04, 0.52, 1.0, 0.0]
    """
    check_nonnegative(max_lr=max_lr)
    check_positive(div_factor=div_factor, final_div_factor=final_div_factor)
    check_counts(total_steps=total_steps)
    shapes = {"cos": cosine, "linear": linear}
    if anneal_strategy not in shapes:
        raise ValueError(
            f"anneal_strategy debe ser uno de {list(shapes)}; "
            f"se recibió {anneal_strategy!r}"
        )
    anneal, first = shapes[anneal_strategy], max_lr / div_factor
    top, last = pct_start * total_steps - 1, total_steps - 1
    if not 0 < top < last:
        raise ValueError(
            "pct_start debe dejar pasos de subida y de bajada; "
            f"se recibió {pct_start} con total_steps={total_steps}"
        )

    def rate(t: int) -> float:
        if t > last:
            raise ValueError(f"el ciclo tiene {total_steps} pasos; se recibió {t}")
        if t <= top:
            return anneal(first, max_lr, t / top)
        return anneal(max_lr, first / final_div_factor, (t - top) / (last - top))

    return from_zero(rate)
    # --8<-- [end:one_cycle]


def cosine(start: float, end: float, part: float) -> float:
    """De `start` a `end` por media onda de coseno; `part` es la fracción recorrida."""
    return end + (start - end) * (1 + math.cos(math.pi * part)) / 2


def linear(start: float, end: float, part: float) -> float:
    """De `start` a `end` en línea recta."""
    return start + (end - start) * part


def from_zero(rate: Schedule) -> Schedule:
    """La misma función, que solo admite pasos enteros desde el 0 y da un `float`."""

    def schedule(step: int) -> float:
        if not isinstance(step, Integral):
            kind = type(step).__name__
            raise TypeError(f"step debe ser un entero; se recibió {kind}")
        if step < 0:
            raise ValueError(f"step no puede ser negativo; se recibió {step}")
        return float(rate(int(step)))

    return schedule
