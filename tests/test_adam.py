"""Adam y AdamW: valores de referencia, PyTorch paso a paso, leyes y errores."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from trayectorias import check_against_pytorch, check_reference

from apuntes.optimizers import Adam, AdamW, exponential_moving_average

# Fe de erratas, R-02: Adam sobre g desde (1, -1) con tasa 0,1.
R02 = {1: (0.9, -0.9), 2: (0.800412, -0.800412), 3: (0.701586, -0.701586), 10: (0.076249, -0.076249), 50: (-0.004818, 0.004818)}  # fmt: skip
VARIANTS = {
    "por-omision": {},
    "decaimiento": {"weight_decay": 0.1},
    "sin-decaimiento": {"weight_decay": 0.0},
    "betas-eps": {"lr": 0.03, "betas": (0.7, 0.9), "eps": 1e-3},
    "sin-memoria": {"betas": (0.0, 0.0)},
}
both = pytest.mark.parametrize("name", ["Adam", "AdamW"])


def test_trajectory_matches_reference_r02():
    check_reference(lambda p: Adam(p, lr=0.1), R02)


@both
@pytest.mark.parametrize("kwargs", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sixty_steps_match_pytorch(name, kwargs, dtype, rng):
    ours = {"Adam": Adam, "AdamW": AdamW}[name]
    check_against_pytorch(ours, getattr(torch.optim, name), kwargs, dtype, rng)


@pytest.mark.parametrize("kwargs", [{}, {"betas": (0.5, 0.75), "eps": 0.1}], ids=str)
def test_the_step_is_the_ratio_of_the_unbiased_averages(kwargs, rng):
    """Con las medias móviles de todos los gradientes, calculadas aparte."""
    theta, grads = np.zeros(3), rng.normal(size=(20, 3))
    optimizer = Adam([theta], lr=0.1, **kwargs)
    (beta1, beta2), eps = optimizer.betas, optimizer.eps
    steps = exponential_moving_average(grads, beta=beta1) / (
        np.sqrt(exponential_moving_average(grads**2, beta=beta2)) + eps
    )
    for k, grad in enumerate(grads):
        before = theta.copy()
        optimizer.step([grad])
        np.testing.assert_allclose(before - theta, 0.1 * steps[k], rtol=1e-10)


@given(scale=st.floats(1e-3, 1e3), sign=st.sampled_from([-1.0, 1.0]))
def test_the_first_step_measures_the_rate_whatever_the_gradient(scale, sign):
    theta = np.array([5.0])
    Adam([theta], lr=0.25, eps=0.0).step([np.array([sign * scale])])

    assert theta == pytest.approx(5 - 0.25 * sign, rel=1e-12)


@given(st.floats(0, 1), st.floats(0, 1))
def test_adamw_shrinks_all_weights_alike_and_adam_does_not(lr, lam):
    grads = np.array([1e-3, 1e3])
    theta, plain = np.ones(2), np.ones(2)
    AdamW([theta], lr=lr, weight_decay=lam).step([grads])
    Adam([plain], lr=lr).step([grads])

    np.testing.assert_allclose(plain - theta, lr * lam, rtol=1e-9, atol=1e-12)


def test_without_weight_decay_the_parameters_do_not_enter_the_step():
    theta = np.array([np.inf])
    AdamW([theta], weight_decay=0.0).step([np.array([1.0])])

    assert theta[0] == np.inf


def test_a_numpy_rate_keeps_float32(rng):
    theta = rng.normal(size=1000).astype(np.float32)
    other, grad = theta.copy(), rng.normal(size=1000).astype(np.float32)
    Adam([theta], lr=np.float64(0.1), eps=np.float64(0.1)).step([grad])
    Adam([other], lr=0.1, eps=0.1).step([grad])

    np.testing.assert_array_equal(theta, other)


P = np.ones(3)
REJECTED = {
    "beta-1": ({"betas": (1.0, 0.9)}, ValueError, r"betas\[0\] .* 1.0"),
    "beta2-1": ({"betas": (0.9, 1)}, ValueError, r"betas\[1\] .* 1"),
    "beta-negativa": ({"betas": (0.9, -0.1)}, ValueError, r"betas\[1\] .* -0.1"),
    "beta-suelta": ({"betas": 0.9}, ValueError, "pareja.* 0.9"),
    "betas-tres": ({"betas": (0.9, 0.9, 0.9)}, ValueError, "pareja.*"),
    "beta-texto": ({"betas": ("0.9", 0.9)}, TypeError, r"betas\[0\] .* str"),
    "eps": ({"eps": -1e-8}, ValueError, "eps .* -1e-08"),
    "lr": ({"lr": -0.1}, ValueError, "lr .* -0.1"),
    "decaimiento": ({"weight_decay": -0.1}, ValueError, "weight_decay .* -0.1"),
}


@pytest.mark.parametrize("optimizer", [Adam, AdamW])
@pytest.mark.parametrize(("kwargs", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(optimizer, kwargs, error, match):
    with pytest.raises(error, match=match):
        optimizer([P], **kwargs)
