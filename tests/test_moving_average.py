"""Media móvil exponencial: valores a mano, su suma, una ley y los errores."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apuntes.optimizers import exponential_moving_average

SIGNAL = np.array([10.0, 12.0, 11.0, 15.0, 14.0])  # el ejemplo de la errata E3-19
betas = st.floats(0, 0.99)


def test_the_example_of_erratum_e3_19():
    assert exponential_moving_average(SIGNAL, beta=0.9)[-1] == pytest.approx(12.629, abs=5e-4)  # fmt: skip


def test_by_hand_without_correction():
    """½·4 = 2; ½·2 + ½·8 = 5; ½·5 + ½·1 = 3."""
    average = exponential_moving_average(np.array([4.0, 8.0, 1.0]), beta=0.5, bias_correction=False)  # fmt: skip

    assert average.tolist() == [2, 5, 3]


@given(betas)
@pytest.mark.parametrize("corrected", [True, False])
def test_it_is_the_weighted_sum_of_the_past(corrected, beta):
    weights = beta ** np.arange(5)[::-1]
    expected = weights @ SIGNAL * (1 / weights.sum() if corrected else 1 - beta)
    average = exponential_moving_average(SIGNAL, beta=beta, bias_correction=corrected)

    assert average[-1] == pytest.approx(expected)


@given(betas, st.floats(-5, 5))
def test_corrected_it_leaves_a_constant_as_it_is(beta, value):
    signal = np.full((6, 2), value)

    np.testing.assert_allclose(exponential_moving_average(signal, beta=beta), signal, rtol=1e-10, atol=1e-300)  # fmt: skip


@given(arrays(np.float64, (7, 2), elements=st.floats(-10, 10)), betas)
def test_corrected_it_stays_between_the_extremes(signal, beta):
    average = exponential_moving_average(signal, beta=beta)

    assert (average <= np.maximum.accumulate(signal) + 1e-9).all()
    assert (average >= np.minimum.accumulate(signal) - 1e-9).all()


def test_matches_the_moments_of_pytorch_adam(rng):
    grads, tensor = rng.normal(size=(60, 3)), torch.zeros(3, dtype=torch.float64, requires_grad=True)  # fmt: skip
    optimizer = torch.optim.Adam([tensor])
    averages = exponential_moving_average(grads, beta=0.9, bias_correction=False)
    for grad, average in zip(grads, averages, strict=True):
        tensor.grad = torch.tensor(grad)
        optimizer.step()
        np.testing.assert_allclose(average, optimizer.state[tensor]["exp_avg"], rtol=1e-12, atol=1e-14)  # fmt: skip


def test_keeps_type_and_shape_and_does_not_touch_the_signal():
    signal = np.ones((4, 2, 3), dtype=np.float32)
    average = exponential_moving_average(signal, beta=np.float64(0.9))

    assert average.dtype == np.float32
    assert average.shape == signal.shape
    assert (signal == 1).all()


REJECTED = {
    "enteros": (np.arange(3), 0.5, TypeError, "signal .* int64"),
    "lista": ([1.0, 2.0], 0.5, TypeError, "signal .* list"),
    "un-numero": (np.float64(1.0), 0.5, ValueError, r"\(T, ...\).* 1.0"),
    "beta-1": (SIGNAL, 1.0, ValueError, "beta .* 1.0"),
    "beta-negativa": (SIGNAL, -0.1, ValueError, "beta .* -0.1"),
    "beta-nan": (SIGNAL, float("nan"), ValueError, "beta .* nan"),
    "beta-texto": (SIGNAL, "0.9", TypeError, "beta .* str"),
}


@pytest.mark.parametrize(("signal", "beta", "error", "match"), REJECTED.values(), ids=REJECTED)  # fmt: skip
def test_rejects_bad_arguments(signal, beta, error, match):
    with pytest.raises(error, match=match):
        exponential_moving_average(signal, beta=beta)
