"""Optimizadores: valores de referencia, PyTorch paso a paso, leyes y errores."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from trayectorias import check_against_pytorch, check_reference

from apuntes.descent import gradient_descent, quadratic_grad
from apuntes.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    RMSprop,
    exponential_moving_average,
)

# Fe de erratas, R-02: sobre g desde (1, -1): hiperparámetros y {k: punto}.
R02 = {
    "sgd": ({"lr": 0.1}, {1: (0.8, -0.5), 2: (0.67, -0.22), 3: (0.581, -0.065), 10: (0.311333, 0.08957), 50: (0.017215, 0.005212)}),
    "momento": ({"lr": 0.1, "momentum": 0.9}, {1: (0.8, -0.5), 2: (0.49, 0.23), 3: (0.185, 0.844), 10: (-0.176092, -0.590399), 50: (0.007998, 0.099283)}),
    "momento-0.02": ({"lr": 0.02, "momentum": 0.9}, {1: (0.96, -0.9), 2: (0.8868, -0.7188), 3: (0.788808, -0.48048), 10: (0.103295, 0.786902), 50: (0.000194, 0.061715)}),
    "nesterov": ({"lr": 0.02, "momentum": 0.9, "nesterov": True}, {1: (0.924, -0.81), 2: (0.825708, -0.570768), 3: (0.715391, -0.312278), 10: (0.148264, 0.537057), 50: (0.006434, 0.007897)}),
}  # fmt: skip
VARIANTS = {
    "sgd": {},
    "decaimiento": {"weight_decay": 0.1},
    "momento": {"momentum": 0.9},
    "momento-decaimiento": {"momentum": 0.9, "weight_decay": 0.1},
    "amortiguado": {"momentum": 0.9, "dampening": 0.3},
    "amortiguado-decaimiento": {"momentum": 0.5, "dampening": 1.0, "weight_decay": 0.1},
    "amortiguado-sin-momento": {"dampening": 0.5},
    "nesterov": {"momentum": 0.9, "nesterov": True},
    "nesterov-decaimiento": {"momentum": 0.5, "nesterov": True, "weight_decay": 0.1},
}
variants = pytest.mark.parametrize("kwargs", VARIANTS.values(), ids=VARIANTS)


@pytest.mark.parametrize(("kwargs", "points"), R02.values(), ids=R02)
def test_trajectory_matches_reference_r02(kwargs, points):
    check_reference(lambda p: SGD(p, **kwargs), points)


@variants
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sixty_steps_match_pytorch(kwargs, dtype, rng):
    check_against_pytorch(SGD, torch.optim.SGD, {"lr": 0.1, **kwargs}, dtype, rng)


@variants
def test_step_changes_the_parameters_in_place_and_leaves_the_gradients(kwargs, rng):
    theta, grad = rng.normal(size=(2, 5))
    before, view, grad_before = theta.copy(), theta[:], grad.copy()
    optimizer = SGD([theta], lr=0.1, **kwargs)
    for _ in range(3):
        optimizer.step([grad])

    assert optimizer.params[0] is theta
    assert (view != before).all()
    np.testing.assert_array_equal(grad, grad_before)


def test_plain_sgd_is_gradient_descent():
    theta = np.array([3.0, 0.5])
    optimizer = SGD([theta], lr=0.2)
    for _ in range(7):
        optimizer.step([quadratic_grad(theta)])

    expected = gradient_descent(quadratic_grad, [3.0, 0.5], lr=0.2, steps=7)[-1]
    np.testing.assert_array_equal(theta, expected)


@given(st.floats(0, 1), st.floats(0, 1))
def test_weight_decay_is_the_gradient_of_half_the_squared_norm(lr, lam):
    grad, theta = np.array([0.3, -2.0]), np.array([1.0, -4.0])
    penalized = theta.copy()
    SGD([theta], lr=lr, weight_decay=lam).step([grad])
    SGD([penalized], lr=lr).step([grad + lam * penalized])

    np.testing.assert_allclose(theta, penalized, rtol=1e-12)


@given(st.floats(0, 0.95))
def test_momentum_multiplies_a_constant_slope(momentum):
    """Con gradiente constante la velocidad tiende a 1/(1 − μ) veces el gradiente."""
    theta = np.array([0.0])
    optimizer = SGD([theta], lr=1.0, momentum=momentum)
    for _ in range(1000):
        optimizer.step([np.array([-1.0])])
    before = theta.copy()
    optimizer.step([np.array([-1.0])])

    assert theta - before == pytest.approx(1 / (1 - momentum), rel=1e-9)


def test_without_weight_decay_the_parameters_do_not_enter_the_step():
    """0·inf sería nan: una red que diverge se quedaría sin decir hacia dónde."""
    theta = np.array([np.inf])
    SGD([theta], lr=1.0).step([np.array([1.0])])

    assert theta[0] == np.inf


def test_the_first_gradient_with_momentum_enters_undamped():
    """También si el momento se enciende más tarde, como en PyTorch."""
    theta = np.array([0.0])
    optimizer = SGD([theta], lr=1.0, dampening=0.5)
    optimizer.step([np.array([1.0])])
    optimizer.momentum = 0.5
    for _ in range(2):
        optimizer.step([np.array([1.0])])

    assert theta == pytest.approx(-1 - 1 - (0.5 + 0.5))


def test_momentum_can_be_switched_on_later():
    theta = np.array([0.0])
    optimizer = SGD([theta], lr=1.0)
    optimizer.step([np.array([1.0])])
    optimizer.momentum = 0.5
    for _ in range(2):
        optimizer.step([np.array([1.0])])

    assert theta == pytest.approx(-1 - 1 - 1.5)


def test_a_numpy_rate_keeps_float32():
    """Con np.float64 se calcularía en doble precisión: el resultado sería otro."""
    theta = np.full(1000, 1.1, dtype=np.float32)
    grad = np.linspace(0, 1, 1000, dtype=np.float32)
    other = theta.copy()
    SGD([theta], lr=np.float64(0.1)).step([grad])
    SGD([other], lr=0.1).step([grad])

    np.testing.assert_array_equal(theta, other)


P, G = np.ones(3), np.ones(3)
REJECTED = {
    "tasa-negativa": (lambda: SGD([P], lr=-0.1), ValueError, "lr .* -0.1"),
    "tasa-nan": (lambda: SGD([P], lr=math.nan), ValueError, "lr .* nan"),
    "tasa-texto": (lambda: SGD([P], lr="0.1"), TypeError, "lr .* str"),
    "momento-negativo": (lambda: SGD([P], lr=1.0, momentum=-0.9), ValueError, "momentum .* -0.9"),
    "amortiguacion-negativa": (lambda: SGD([P], lr=1.0, momentum=0.9, dampening=-1.0), ValueError, "dampening .* -1.0"),
    "nesterov-amortiguado": (lambda: SGD([P], lr=1.0, momentum=0.9, dampening=0.1, nesterov=True), ValueError, "dampening = 0.* 0.1"),
    "decaimiento-negativo": (lambda: SGD([P], lr=1.0, weight_decay=-1.0), ValueError, "weight_decay .* -1.0"),
    "nesterov-solo": (lambda: SGD([P], lr=1.0, nesterov=True), ValueError, "momentum > 0.* 0.0"),
    "arreglo-suelto": (lambda: SGD(P, lr=1.0), TypeError, "parameters.* ndarray"),
    "sin-parametros": (lambda: SGD([], lr=1.0), ValueError, r"vacía.*\[\]"),
    "parametros-enteros": (lambda: SGD([P, np.ones(2, int)], lr=1.0), TypeError, r"params\[1\] .* int64"),
    "parametros-listas": (lambda: SGD([[1.0, 2.0]], lr=1.0), TypeError, r"params\[0\] .* list"),
    "gradientes-de-menos": (lambda: SGD([P, P], lr=1.0).step([G]), ValueError, r"\[\(3,\), \(3,\)\].*recibió \[\(3,\)\]"),
    "gradiente-de-otra-forma": (lambda: SGD([P], lr=1.0).step([np.ones((3, 1))]), ValueError, r"recibió \[\(3, 1\)\]"),
    "gradiente-suelto": (lambda: SGD([P], lr=1.0).step(G), ValueError, r"recibió \[\(\), \(\), \(\)\]"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()

    assert P.tolist() == [1, 1, 1]


def adagrad(g):
    return g[-1] / np.sqrt(sum(g**2))


def rmsprop(g):
    square = exponential_moving_average(g**2, beta=0.9, bias_correction=False)
    return g[-1] / np.sqrt(square[-1])


def adadelta(g):
    ages = np.arange(len(g))[::-1]
    steps = np.zeros(0)
    for t in range(1, len(g) + 1):
        squares = 0.1 * 0.9 ** ages[-t:] @ g[:t] ** 2
        paces = 0.1 * 0.9 ** ages[-t:][1:] @ steps**2
        steps = np.append(steps, g[t - 1] * np.sqrt((paces + 0.1) / (squares + 0.1)))
    return steps[-1]


def adam(g):
    mean = exponential_moving_average(g, beta=0.9)
    return mean[-1] / np.sqrt(exponential_moving_average(g**2, beta=0.999)[-1])


@pytest.mark.parametrize(
    ("make", "formula"),
    [
        (lambda p: Adagrad(p, lr=0.5, eps=0.0), adagrad),
        (lambda p: RMSprop(p, lr=0.5, alpha=0.9, eps=0.0), rmsprop),
        (lambda p: Adadelta(p, lr=0.5, rho=0.9, eps=0.1), adadelta),
        (lambda p: Adam(p, lr=0.5, eps=0.0), adam),
        (lambda p: AdamW(p, lr=0.5, eps=0.0, weight_decay=0.0), adam),
    ],
    ids=["Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW"],
)
def test_each_step_is_the_one_of_the_whole_history(make, formula, rng):
    """De cada paso, la fórmula escrita con todos los gradientes vistos, sin memoria."""
    grads, theta = rng.normal(size=7), np.array([2.0])
    optimizer = make([theta])
    for t in range(1, 8):
        before = theta[0]
        optimizer.step([grads[[t - 1]]])
        assert before - theta[0] == pytest.approx(0.5 * formula(grads[:t]), rel=1e-9)
