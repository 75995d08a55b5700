"""Adagrad, Adadelta y RMSprop: referencia, PyTorch paso a paso, leyes y errores."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from trayectorias import check_against_pytorch, check_reference

from apuntes.optimizers import (
    Adadelta,
    Adagrad,
    RMSprop,
    exponential_moving_average,
)

# Fe de erratas, R-02: sobre g desde (1, -1).
R02 = {
    "rmsprop": (lambda p: RMSprop(p, lr=0.01, alpha=0.9), {1: (0.968377, -0.968377), 2: (0.945788, -0.945788), 3: (0.927053, -0.927053), 10: (0.832052, -0.832052), 50: (0.459239, -0.459239)}),
    "adagrad": (lambda p: Adagrad(p, lr=0.1), {1: (0.9, -0.9), 2: (0.833104, -0.833104), 3: (0.780456, -0.780456), 10: (0.553731, -0.553731), 50: (0.137083, -0.137083)}),
    "adadelta": (Adadelta, {1: (0.996838, -0.996838), 2: (0.993598, -0.993598), 3: (0.990309, -0.990309), 10: (0.966597, -0.966597), 50: (0.82605, -0.82605)}),
}  # fmt: skip
VARIANTS = {
    "adagrad": (Adagrad, {}),
    "adagrad-todo": (Adagrad, {"lr": 0.1, "lr_decay": 0.05, "weight_decay": 0.1, "initial_accumulator_value": 0.3, "eps": 1e-2}),
    "adadelta": (Adadelta, {}),
    "adadelta-todo": (Adadelta, {"lr": 0.5, "rho": 0.7, "eps": 1e-2, "weight_decay": 0.1}),
    "rmsprop": (RMSprop, {}),
    "rmsprop-todo": (RMSprop, {"lr": 0.1, "alpha": 0.7, "eps": 1e-2, "weight_decay": 0.1}),
    "rmsprop-momento": (RMSprop, {"momentum": 0.9}),
    "rmsprop-centrado": (RMSprop, {"centered": True, "alpha": 0.9}),
    "rmsprop-centrado-momento": (RMSprop, {"centered": True, "momentum": 0.5, "weight_decay": 0.1, "eps": 1e-2}),
}  # fmt: skip


@pytest.mark.parametrize(("make", "points"), R02.values(), ids=R02)
def test_trajectory_matches_reference_r02(make, points):
    check_reference(make, points)


@pytest.mark.parametrize(("ours", "kwargs"), VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sixty_steps_match_pytorch(ours, kwargs, dtype, rng):
    # La resta de la varianza pierde cifras, en las dos bibliotecas.
    single = 1e-4 if kwargs.get("centered") else 1e-5
    theirs = getattr(torch.optim, ours.__name__)
    check_against_pytorch(ours, theirs, kwargs, dtype, rng, single=single)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=10))
def test_adagrad_divides_by_the_norm_of_all_the_gradients(values):
    theta = np.array([0.0])
    optimizer = Adagrad([theta], lr=0.5, eps=0.0)
    for value in values:
        before = theta.copy()
        optimizer.step([np.array([value])])

    assert before - theta == pytest.approx(0.5 * value / np.linalg.norm(values))


@given(st.floats(0, 0.99), st.floats(0.01, 100))
def test_rmsprop_takes_steps_of_the_rate_on_a_constant_slope(alpha, slope):
    """Los primeros miden más, 1/√(1 − α), porque la media empieza en 0."""
    theta = np.array([0.0])
    optimizer = RMSprop([theta], lr=1.0, alpha=alpha, eps=0.0)
    optimizer.step([np.array([slope])])
    assert -theta == pytest.approx(1 / np.sqrt(1 - alpha))
    for _ in range(2500):
        before = theta.copy()
        optimizer.step([np.array([slope])])

    assert before - theta == pytest.approx(1)


@given(st.floats(1e-3, 1e3))
def test_adadelta_does_not_notice_the_units_of_the_loss(scale):
    """Con ε despreciable en las dos medias, multiplicar el coste no cambia nada."""
    paths = []
    for factor in (1.0, scale):
        theta = np.array([0.0])
        optimizer = Adadelta([theta], eps=1e-30)
        for grad in (1.0, -2.0, 0.5, 3.0):
            optimizer.step([np.array([factor * grad])])
        paths.append(theta[0])

    assert paths[0] == pytest.approx(paths[1], rel=1e-6)


def test_centered_rmsprop_divides_by_the_standard_deviation(rng):
    grads, theta = rng.normal(3, 1, size=(40, 2)), np.zeros(2)
    optimizer = RMSprop([theta], lr=0.1, alpha=0.8, centered=True)
    for grad in grads:
        before = theta.copy()
        optimizer.step([grad])
    options = {"beta": 0.8, "bias_correction": False}
    mean = exponential_moving_average(grads, **options)[-1]
    square = exponential_moving_average(grads**2, **options)[-1]

    expected = 0.1 * grads[-1] / (np.sqrt(square - mean**2) + 1e-8)
    np.testing.assert_allclose(before - theta, expected, rtol=1e-10)


def test_a_constant_gradient_does_not_give_nan_when_centered():
    """Su varianza tiende a 0, y PyTorch acaba sacando la raíz de un negativo."""
    slope = np.array([0.1, 0.3, 0.7, 1.1], dtype=np.float32)
    theta, tensor = np.zeros(4, np.float32), torch.zeros(4, requires_grad=True)
    ours = RMSprop([theta], alpha=0.9, centered=True)
    theirs = torch.optim.RMSprop([tensor], alpha=0.9, centered=True)
    tensor.grad = torch.tensor(slope)
    for _ in range(500):
        ours.step([slope])
        theirs.step()

    assert tensor.isnan().any()
    assert np.isfinite(theta).all()


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [(Adagrad, {"eps": np.float64(0.1)}), (RMSprop, {"alpha": np.float64(0.9), "momentum": np.float64(0.9), "eps": np.float64(0.1)}), (Adadelta, {"rho": np.float64(0.9), "eps": np.float64(0.1), "weight_decay": np.float64(0.1)})],
)  # fmt: skip
def test_numpy_hyperparameters_keep_float32(optimizer, options, rng):
    theta = rng.normal(size=1000).astype(np.float32)
    other, grad = theta.copy(), rng.normal(size=1000).astype(np.float32)
    optimizer([theta], lr=np.float64(0.1), **options).step([grad])
    plain = {name: float(value) for name, value in options.items()}
    optimizer([other], lr=0.1, **plain).step([grad])

    np.testing.assert_array_equal(theta, other)


P = np.ones(3)
REJECTED = {
    "adagrad-lr_decay": (Adagrad, {"lr_decay": -1.0}, ValueError, "lr_decay .* -1.0"),
    "adagrad-inicio": (Adagrad, {"initial_accumulator_value": -1.0}, ValueError, "initial_accumulator_value .* -1.0"),
    "adagrad-eps": (Adagrad, {"eps": -1.0}, ValueError, "eps .* -1.0"),
    "adagrad-lr": (Adagrad, {"lr": -1.0}, ValueError, "lr .* -1.0"),
    "adagrad-decaimiento": (Adagrad, {"weight_decay": -1.0}, ValueError, "weight_decay .* -1.0"),
    "adadelta-rho": (Adadelta, {"rho": 1.0}, ValueError, "rho .* 1.0"),
    "adadelta-eps": (Adadelta, {"eps": 0.0}, ValueError, "eps .* 0.0"),
    "adadelta-lr": (Adadelta, {"lr": -1.0}, ValueError, "lr .* -1.0"),
    "adadelta-decaimiento": (Adadelta, {"weight_decay": -1.0}, ValueError, "weight_decay .* -1.0"),
    "rmsprop-alpha": (RMSprop, {"alpha": 1.5}, ValueError, "alpha .* 1.5"),
    "rmsprop-alpha-texto": (RMSprop, {"alpha": "0.9"}, TypeError, "alpha .* str"),
    "rmsprop-eps": (RMSprop, {"eps": -1.0}, ValueError, "eps .* -1.0"),
    "rmsprop-momento": (RMSprop, {"momentum": -1.0}, ValueError, "momentum .* -1.0"),
    "rmsprop-lr": (RMSprop, {"lr": -1.0}, ValueError, "lr .* -1.0"),
    "rmsprop-decaimiento": (RMSprop, {"weight_decay": -1.0}, ValueError, "weight_decay .* -1.0"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("optimizer", "kwargs", "error", "match"), REJECTED.values(), ids=REJECTED
)
def test_rejects_bad_arguments(optimizer, kwargs, error, match):
    with pytest.raises(error, match=match):
        optimizer([P], **kwargs)
