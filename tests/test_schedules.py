"""Programaciones de la tasa: valores a mano, PyTorch, leyes y errores."""

import math
import operator

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler
from trayectorias import check_schedule

from apuntes.schedules import (
    constant,
    cosine_decay,
    cyclical,
    exponential_decay,
    polynomial_decay,
    step_decay,
    warmup,
)

BY_HAND = {
    "constante": (constant(lr=0.1), {0: 0.1, 7: 0.1}),
    "escalones": (step_decay(lr=0.1, step_size=30), {0: 0.1, 29: 0.1, 30: 0.01, 60: 0.001}),
    "recta": (polynomial_decay(lr=1.0, total_iters=4), {0: 1.0, 1: 0.75, 4: 0.0, 5: 0.0}),
    "cuadratica": (polynomial_decay(lr=1.0, total_iters=4, power=2), {1: 0.5625, 3: 0.0625, 9: 0.0}),
    "exponencial": (exponential_decay(lr=1.0, gamma=0.5), {0: 1.0, 1: 0.5, 3: 0.125}),
    "coseno": (cosine_decay(lr=3.0, t_max=6, eta_min=1.0), {0: 3.0, 2: 2.5, 3: 2.0, 4: 1.5, 6: 1.0, 8: 1.0}),
    "calentamiento": (warmup(exponential_decay(lr=3.0, gamma=0.5), total_iters=2), {0: 1.0, 1: 2.0, 2: 3.0, 3: 1.5}),
    "ciclica": (cyclical(base_lr=1.0, max_lr=3.0, step_size_up=2), {0: 1.0, 1: 2.0, 2: 3.0, 3: 2.0, 4: 1.0, 6: 3.0}),
}  # fmt: skip
PYTORCH = {
    "constante": (constant(lr=0.1), lambda o: lr_scheduler.ConstantLR(o, factor=1.0)),
    "escalones": (step_decay(lr=0.1, step_size=7), lambda o: lr_scheduler.StepLR(o, 7)),
    "escalones-gamma": (step_decay(lr=0.1, step_size=7, gamma=0.5), lambda o: lr_scheduler.StepLR(o, 7, gamma=0.5)),
    "recta": (polynomial_decay(lr=0.1, total_iters=40), lambda o: lr_scheduler.PolynomialLR(o, 40)),
    "polinomio": (polynomial_decay(lr=0.1, total_iters=40, power=2.5), lambda o: lr_scheduler.PolynomialLR(o, 40, power=2.5)),
    "exponencial": (exponential_decay(lr=0.1, gamma=0.93), lambda o: lr_scheduler.ExponentialLR(o, 0.93)),
    "coseno": (cosine_decay(lr=0.1, t_max=60, eta_min=0.02), lambda o: lr_scheduler.CosineAnnealingLR(o, 60, eta_min=0.02)),
    "calentamiento": (warmup(constant(lr=0.1), total_iters=9), lambda o: lr_scheduler.LinearLR(o, total_iters=9)),
    "calentamiento-y-coseno": (
        warmup(cosine_decay(lr=0.1, t_max=60), total_iters=5, start_factor=0.1),
        lambda o: lr_scheduler.SequentialLR(o, [lr_scheduler.LinearLR(o, 0.1, total_iters=5), lr_scheduler.CosineAnnealingLR(o, 60)], [5]),
    ),
}  # fmt: skip
ORDER = {
    "escalones": step_decay(lr=0.1, step_size=7),
    "recta": polynomial_decay(lr=0.1, total_iters=40),
    "exponencial": exponential_decay(lr=0.1, gamma=0.99),
    "coseno": cosine_decay(lr=0.1, t_max=40),
}


@pytest.mark.parametrize(("schedule", "rates"), BY_HAND.values(), ids=BY_HAND)
def test_matches_values_by_hand(schedule, rates):
    assert {t: schedule(t) for t in rates} == pytest.approx(rates)
    assert all(type(schedule(np.int64(t))) is float for t in rates)


@pytest.mark.parametrize(("schedule", "make"), PYTORCH.values(), ids=PYTORCH)
def test_sixty_rates_match_pytorch(schedule, make):
    check_schedule(schedule, make, steps=60)


def test_pytorch_cosine_goes_up_again_and_ours_stays():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    theirs = lr_scheduler.CosineAnnealingLR(optimizer, 10)
    for _ in range(20):
        optimizer.step()
        theirs.step()

    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.1)
    assert cosine_decay(lr=0.1, t_max=10)(20) == 0


@pytest.mark.parametrize("schedule", ORDER.values(), ids=ORDER)
@given(a=st.integers(0, 100), b=st.integers(0, 100))
def test_a_decay_never_goes_up(schedule, a, b):
    assert schedule(min(a, b)) >= schedule(max(a, b)) >= 0


@given(st.floats(0, 1), st.integers(1, 50), st.integers(0, 80))
def test_warmup_is_below_and_then_only_later(start, total_iters, t):
    after = cosine_decay(lr=0.1, t_max=30)
    schedule = warmup(after, total_iters=total_iters, start_factor=start)

    assert schedule(t) <= 0.1 + 1e-12
    assert schedule(t + total_iters) == after(t)
    assert schedule(0) == pytest.approx(0.1 * start)


@given(st.integers(0, 30))
def test_cosine_is_symmetric_about_its_middle(t):
    schedule = cosine_decay(lr=0.3, t_max=30, eta_min=0.1)

    assert schedule(t) + schedule(30 - t) == pytest.approx(0.4)


REJECTED = {
    "constante": (lambda: constant(lr=-0.1), ValueError, "lr .* -0.1"),
    "escalones-lr": (lambda: step_decay(lr=-0.1, step_size=2), ValueError, "lr .* -0.1"),
    "escalones-gamma": (lambda: step_decay(lr=0.1, step_size=2, gamma=-1.0), ValueError, "gamma .* -1.0"),
    "escalones-cero": (lambda: step_decay(lr=0.1, step_size=0), ValueError, "step_size .* 0"),
    "escalones-real": (lambda: step_decay(lr=0.1, step_size=2.0), TypeError, "step_size .* float"),
    "polinomio-lr": (lambda: polynomial_decay(lr=-0.1, total_iters=3), ValueError, "lr .* -0.1"),
    "polinomio-cero": (lambda: polynomial_decay(lr=0.1, total_iters=0), ValueError, "total_iters .* 0"),
    "polinomio-power": (lambda: polynomial_decay(lr=0.1, total_iters=3, power=0), ValueError, "power .* 0"),
    "exponencial-lr": (lambda: exponential_decay(lr=-0.1, gamma=0.9), ValueError, "lr .* -0.1"),
    "exponencial-gamma": (lambda: exponential_decay(lr=0.1, gamma=-0.9), ValueError, "gamma .* -0.9"),
    "coseno-lr": (lambda: cosine_decay(lr=-0.1, t_max=3), ValueError, "lr .* -0.1"),
    "coseno-fin": (lambda: cosine_decay(lr=0.1, t_max=3, eta_min=-0.1), ValueError, "eta_min .* -0.1"),
    "coseno-cero": (lambda: cosine_decay(lr=0.1, t_max=0), ValueError, "t_max .* 0"),
    "calentamiento-de-nada": (lambda: warmup(0.1, total_iters=3), TypeError, "función .* float"),
    "calentamiento-cero": (lambda: warmup(constant(lr=0.1), total_iters=0), ValueError, "total_iters .* 0"),
    "calentamiento-factor": (lambda: warmup(constant(lr=0.1), total_iters=3, start_factor=1.5), ValueError, "start_factor .* 1.5"),
    "paso-negativo": (lambda: constant(lr=0.1)(-1), ValueError, "step .* -1"),
    "paso-real": (lambda: constant(lr=0.1)(1.5), TypeError, "step .* float"),
    "tasa-nan": (lambda: constant(lr=math.nan), ValueError, "lr .* nan"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_hyperparameters_go_by_name():
    with pytest.raises(TypeError):
        operator.call(constant, 0.1)
