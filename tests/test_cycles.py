"""Programaciones que suben y bajan: valores a mano, PyTorch, leyes y errores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler
from trayectorias import check_schedule

from apuntes.schedules import cyclical, one_cycle

CYCLICAL = {
    "triangular": {"step_size_up": 7},
    "asimetrico": {"step_size_up": 7, "step_size_down": 4},
    "mitades": {"step_size_up": 5, "mode": "triangular2"},
    "exponencial": {"step_size_up": 5, "mode": "exp_range", "gamma": 0.95},
    "por-omision": {},
}
ONE_CYCLE = {
    "por-omision": {},
    "recta": {"anneal_strategy": "linear"},
    "todo": {"pct_start": 0.45, "div_factor": 10.0, "final_div_factor": 100.0},
    "cumbre-entre-pasos": {"pct_start": 0.333},
}


@pytest.mark.parametrize("kwargs", CYCLICAL.values(), ids=CYCLICAL)
def test_sixty_cyclical_rates_match_pytorch(kwargs):
    ours = cyclical(base_lr=0.02, max_lr=0.1, **kwargs)
    check_schedule(ours, lambda o: lr_scheduler.CyclicLR(o, 0.02, 0.1, cycle_momentum=False, **kwargs), steps=60)  # fmt: skip


@pytest.mark.parametrize("kwargs", ONE_CYCLE.values(), ids=ONE_CYCLE)
def test_sixty_one_cycle_rates_match_pytorch(kwargs):
    ours = one_cycle(max_lr=0.1, total_steps=60, **kwargs)
    check_schedule(ours, lambda o: lr_scheduler.OneCycleLR(o, 0.1, total_steps=60, cycle_momentum=False, **kwargs), steps=59)  # fmt: skip


def test_cyclical_by_hand():
    """De 1 a 5 en dos pasos y vuelta en cuatro; el segundo ciclo, la mitad de alto."""
    schedule = cyclical(base_lr=1.0, max_lr=5.0, step_size_up=2, step_size_down=4, mode="triangular2")  # fmt: skip

    assert [schedule(t) for t in range(9)] == [1, 3, 5, 4, 3, 2, 1, 2, 3]


def test_one_cycle_by_hand():
    """La cima es el paso 9·⅓ − 1 = 2 y el último, el 8."""
    schedule = one_cycle(max_lr=9.0, total_steps=9, pct_start=1 / 3, anneal_strategy="linear", div_factor=9.0, final_div_factor=2.0)  # fmt: skip

    expected = [1, 5, 9, *np.linspace(9, 0.5, 7)[1:]]
    assert [schedule(t) for t in range(9)] == pytest.approx(expected)
    assert type(schedule(np.int64(3))) is float


@given(st.integers(0, 200), st.integers(1, 20), st.integers(1, 20))
def test_triangles_repeat_and_stay_between_their_rates(t, up, down):
    schedule = cyclical(base_lr=0.1, max_lr=0.7, step_size_up=up, step_size_down=down)

    assert schedule(t) == schedule(t + up + down)
    assert 0.1 <= schedule(t) <= 0.7 + 1e-12
    assert schedule(up) == pytest.approx(0.7)


@given(st.integers(7, 300), st.sampled_from(["cos", "linear"]))
def test_one_cycle_goes_up_once_and_down_once(total_steps, strategy):
    schedule = one_cycle(max_lr=1.0, total_steps=total_steps, anneal_strategy=strategy)
    rates = [schedule(t) for t in range(total_steps)]
    top = int(np.argmax(rates))

    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert (rates[0], rates[-1]) == pytest.approx((1 / 25, 1 / 25e4))


RANGE = {"base_lr": 0.1, "max_lr": 0.5}
REJECTED = {
    "base": (lambda: cyclical(base_lr=-0.1, max_lr=0.5), ValueError, "base_lr .* -0.1"),
    "cima": (lambda: cyclical(base_lr=0.1, max_lr=-0.5), ValueError, "max_lr .* -0.5"),
    "gamma": (lambda: cyclical(**RANGE, gamma=-1.0), ValueError, "gamma .* -1.0"),
    "subida": (lambda: cyclical(**RANGE, step_size_up=0), ValueError, "step_size_up .* 0"),
    "bajada": (lambda: cyclical(**RANGE, step_size_down=0), ValueError, "step_size_down .* 0"),
    "modo": (lambda: cyclical(**RANGE, mode="sierra"), ValueError, "triangular2.* 'sierra'"),
    "max_lr": (lambda: one_cycle(max_lr=-1.0, total_steps=9), ValueError, "max_lr .* -1.0"),
    "div": (lambda: one_cycle(max_lr=1.0, total_steps=9, div_factor=0.0), ValueError, "div_factor .* 0.0"),
    "final": (lambda: one_cycle(max_lr=1.0, total_steps=9, final_div_factor=0.0), ValueError, "final_div_factor .* 0.0"),
    "pasos": (lambda: one_cycle(max_lr=1.0, total_steps=9.0), TypeError, "total_steps .* float"),
    "forma": (lambda: one_cycle(max_lr=1.0, total_steps=9, anneal_strategy="exp"), ValueError, "linear.* 'exp'"),
    "sin-subida": (lambda: one_cycle(max_lr=1.0, total_steps=10, pct_start=0.1), ValueError, "subida .* 0.1 con total_steps=10"),
    "sin-bajada": (lambda: one_cycle(max_lr=1.0, total_steps=10, pct_start=1.0), ValueError, "bajada.* 1.0"),
    "fuera": (lambda: one_cycle(max_lr=1.0, total_steps=9)(9), ValueError, "9 pasos; se recibió 9"),
    "paso-negativo": (lambda: one_cycle(max_lr=1.0, total_steps=9)(-1), ValueError, "step .* -1"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
