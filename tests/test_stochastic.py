"""Descenso con lotes: las tres reglas, los dos pozos y la bola de ruido."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes.descent import gradient_descent
from apuntes.gradcheck import numerical_gradient
from apuntes.minibatch import gradient_variance, minibatches
from apuntes.stochastic import (
    double_well,
    double_well_grad,
    stationary_variance,
    stochastic_descent,
)


def mean_problem(x):
    """Gradiente medio de ½‖θ − x_i‖², cuyo mínimo es la media de los datos."""
    return lambda theta, batch: theta - x[batch].mean(axis=0)


# -- stochastic_descent ----------------------------------------------------------


def test_each_step_uses_its_own_batch():
    """A mano: de 0 hacia el 1, la mitad: 0,5; hacia el 5, la mitad: 2,75; con los dos (media 3), 2,875."""
    x = np.array([[1.0], [5.0]])

    path = stochastic_descent(mean_problem(x), [0], [[0], [1], [0, 1]], lr=0.5)

    np.testing.assert_array_equal(path, [[0], [0.5], [2.75], [2.875]])


def test_full_batches_are_gradient_descent(rng):
    x = rng.normal(size=(7, 3))
    grad, everyone = mean_problem(x), np.arange(7)

    path = stochastic_descent(grad, np.ones(3), [everyone] * 5, lr=0.3)

    whole = gradient_descent(lambda t: grad(t, everyone), np.ones(3), lr=0.3, steps=5)
    np.testing.assert_array_equal(path, whole)


@given(n=st.integers(1, 30), seed=st.integers(0, 99))
def test_rate_one_over_step_gives_the_running_mean_in_any_order(n, seed):
    """Con η = 1/(t+1), cada θ es la media de los ejemplos vistos."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    order = np.concatenate(list(minibatches(n, 1, rng)))

    path = stochastic_descent(
        mean_problem(x), [9.0, 9.0], order[:, None], lr=lambda t: 1 / (t + 1)
    )

    seen = np.cumsum(x[order], axis=0) / np.arange(1, n + 1)[:, None]
    np.testing.assert_allclose(path[1:], seen, atol=1e-12)


def test_matches_torch_sgd(rng):
    x, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    batches = list(minibatches(20, 6, rng))
    theta = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=0.1)
    for batch in batches:
        optimizer.zero_grad()
        residual = torch.tensor(x[batch]) @ theta - torch.tensor(y[batch])
        (residual**2).mean().backward()
        optimizer.step()

    path = stochastic_descent(
        lambda t, b: 2 * x[b].T @ (x[b] @ t - y[b]) / len(b),
        np.zeros(3),
        batches,
        lr=0.1,
    )

    assert len(path) == 5
    np.testing.assert_allclose(path[-1], theta.detach().numpy(), rtol=1e-12)


def test_descent_keeps_float32_even_with_a_numpy_rate():
    x = np.ones((2, 1), dtype=np.float32)

    path = stochastic_descent(
        mean_problem(x), x[0], [[0], [1]], lr=lambda t: np.float64(0.1)
    )

    assert path.dtype == np.float32


def test_start_is_not_modified():
    start = np.array([3.0])
    stochastic_descent(mean_problem(np.ones((1, 1))), start, [[0]], lr=0.5)

    assert start == 3.0


# -- double_well ---------------------------------------------------------------


# Fe de erratas, R-20: puntos críticos y alturas con la inclinación 0,3.
R20 = [(-1.035579, -0.305428), (0.075429, 1.011282), (0.96015, 0.294146)]


@pytest.mark.parametrize(("x", "height"), R20)
def test_critical_points_match_reference_r20(x, height):
    point = np.array([x, 0.0])

    assert double_well(point) == pytest.approx(height, abs=1e-6)
    np.testing.assert_allclose(double_well_grad(point), 0, atol=1e-5)


@pytest.mark.parametrize(("x0", "end"), [(0.0, -1.035579), (0.15, 0.96015)])
def test_neighbouring_starts_end_in_different_wells_as_in_r20(x0, end):
    path = gradient_descent(double_well_grad, (x0, 1.0), lr=0.05, steps=200)

    np.testing.assert_allclose(path[-1], [end, 3.5e-5], atol=1e-6)


def test_double_well_by_hand():
    """En (2, 1) con a = (1, −1): 9 + 0,5 + 2 − 1; gradiente (32 − 8 + 1, 1 − 1)."""
    p = np.array([2.0, 1.0])

    assert double_well(p, tilt=(1, -1)) == 10.5
    np.testing.assert_array_equal(double_well_grad(p, tilt=(1, -1)), [25, 0])


@given(st.tuples(*[st.floats(-2, 2)] * 4))
def test_double_well_gradient_matches_central_differences(values):
    p, tilt = np.array(values[:2]), values[2:]

    numeric = numerical_gradient(lambda q: double_well(q, tilt=tilt), p)

    np.testing.assert_allclose(
        double_well_grad(p, tilt=tilt), numeric, rtol=1e-6, atol=1e-7
    )


def test_the_mean_of_tilted_gradients_is_the_gradient_with_the_mean_tilt(rng):
    tilts, p = rng.normal(size=(9, 2)), np.array([0.4, -1.0])

    each = np.array([double_well_grad(p, tilt=tilt) for tilt in tilts])

    np.testing.assert_allclose(
        each.mean(axis=0), double_well_grad(p, tilt=tilts.mean(axis=0))
    )


def test_double_well_on_a_grid_keeps_shape_and_float32():
    grid = np.ones((2, 3, 4), dtype=np.float32)

    assert double_well(grid).shape == (3, 4)
    assert double_well_grad(grid).shape == (2, 3, 4)
    assert double_well(grid).dtype == double_well_grad(grid).dtype == np.float32
    tilt = np.ones(2)
    assert double_well_grad(grid, tilt=tilt).dtype == np.float32


def test_gradient_descent_stays_on_the_ridge_where_noise_leaves(rng):
    """Sin inclinación, x = 0 es la cresta: GD baja hasta la silla y ahí se queda."""
    noise = rng.normal(size=(100, 2))
    noise -= noise.mean(axis=0)

    def grad(p, batch):
        return double_well_grad(p, tilt=noise[batch].mean(axis=0))

    still = gradient_descent(
        lambda p: double_well_grad(p, tilt=(0, 0)), (0, 1), lr=0.1, steps=300
    )
    epochs = (minibatches(100, 1, rng) for _ in range(3))
    moved = stochastic_descent(
        grad, (0, 1), itertools.chain.from_iterable(epochs), lr=0.1
    )

    assert np.all(still[:, 0] == 0)
    assert abs(still[-1, 1]) < 1e-10
    assert abs(moved[-1, 0]) > 0.5


# -- stationary_variance -------------------------------------------------------


@pytest.mark.parametrize(
    ("variance", "lr", "curvature", "expected"),
    [(3.0, 0.5, 1.0, 1.0), (1.0, 1.0, 1.0, 1.0), (4.0, 0.1, 2.0, 1 / 9), (0, 1, 1, 0)],
)
def test_stationary_variance_by_hand(variance, lr, curvature, expected):
    assert stationary_variance(variance, lr=lr, curvature=curvature) == pytest.approx(
        expected
    )


@given(st.floats(0.01, 10), st.floats(0.01, 1.9), st.floats(0.1, 5))
def test_stationary_variance_is_the_fixed_point_of_one_step(variance, step, curvature):
    """V = (1 − ηJ'')² V + η² v."""
    lr = step / curvature
    v = stationary_variance(variance, lr=lr, curvature=curvature)

    assert (1 - step) ** 2 * v + lr**2 * variance == pytest.approx(v, rel=1e-9)


@pytest.mark.parametrize(("lr", "batch_size"), [(0.1, 1), (0.5, 1), (0.5, 4)])
def test_measured_noise_ball_has_the_variance_of_the_formula(lr, batch_size, rng):
    """Cien medias a la vez, con lotes sacados con reposición."""
    x = rng.exponential(size=(50, 100))
    batches = rng.integers(50, size=(4000, batch_size))

    path = stochastic_descent(mean_problem(x), x.mean(axis=0), batches, lr=lr)[200:]

    noise = gradient_variance(x, batch_size, replace=True) / 100
    measured = ((path - x.mean(axis=0)) ** 2).mean()
    assert measured == pytest.approx(stationary_variance(noise, lr=lr), rel=0.05)


GRAD, START = mean_problem(np.ones((2, 1))), np.zeros(1)
REJECTED = {
    "tasa-negativa": (lambda: stochastic_descent(GRAD, START, [[0]], lr=-1), ValueError, "lr .* -1"),
    "tasa-de-un-paso": (lambda: stochastic_descent(GRAD, START, [[0], [0]], lr=lambda t: -t), ValueError, "lr .* -1"),
    "tasa-texto": (lambda: stochastic_descent(GRAD, START, [[0]], lr="0.1"), TypeError, "lr .* str"),
    "inicio-matriz": (lambda: stochastic_descent(GRAD, np.ones((2, 1)), [[0]], lr=1), ValueError, r"start .*\(2, 1\)"),
    "inicio-texto": (lambda: stochastic_descent(GRAD, ["a"], [[0]], lr=1), TypeError, "start .*<U1"),
    "gradiente-de-otra-forma": (lambda: stochastic_descent(lambda t, b: np.ones(2), START, [[0]], lr=1), ValueError, r"grad .*\(1,\).*\(2,\)"),
    "punto-suelto": (lambda: double_well(np.ones(3)), ValueError, r"p debe .*\(3,\)"),
    "punto-entero": (lambda: double_well_grad(np.ones(2, int)), TypeError, "p debe .* int64"),
    "inclinacion": (lambda: double_well_grad(np.ones(2), tilt=(1, 2, 3)), ValueError, r"tilt .*\(3,\)"),
    "inclinacion-numero": (lambda: double_well(np.ones(2), tilt=0.3), ValueError, r"tilt .*\(\)"),
    "varianza-negativa": (lambda: stationary_variance(-1.0, lr=0.1), ValueError, "variance .* -1"),
    "sin-tasa": (lambda: stationary_variance(1.0, lr=0.0), ValueError, "lr .* 0"),
    "sin-curvatura": (lambda: stationary_variance(1.0, lr=1.0, curvature=0.0), ValueError, "curvature .* 0"),
    "diverge": (lambda: stationary_variance(1.0, lr=0.5, curvature=4.0), ValueError, "menor que 2.* 2.0"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
