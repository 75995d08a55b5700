"""Polinomios: a mano, NumPy como juez, leyes y lo que rechazan."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apuntes.gradcheck import numerical_gradient
from apuntes.polynomials import bias_variance, fit_polynomial, polynomial_features


def test_features_are_the_legendre_polynomials_by_hand():
    x = np.array([-1.0, 0.0, 0.5])
    expected = np.column_stack([np.ones(3), x, (3 * x**2 - 1) / 2])

    np.testing.assert_allclose(polynomial_features(x, degree=2), expected)
    assert polynomial_features(x.astype(np.float32), degree=3).dtype == np.float32


@pytest.mark.parametrize("degree", [0, 1, 3, 7])
def test_fit_is_the_least_squares_curve_of_numpy(rng, degree):
    x, y = rng.uniform(-1, 1, size=20), rng.normal(size=20)
    curve = np.polynomial.Polynomial.fit(x, y, degree)

    weights = fit_polynomial(x, y, degree=degree)

    np.testing.assert_allclose(
        polynomial_features(x, degree=degree) @ weights, curve(x)
    )


def test_fit_with_penalty_minimizes_the_cost_of_its_docstring(rng):
    x, y, lam = rng.uniform(-1, 1, size=8), rng.normal(size=8), 0.3

    def cost(w):
        error = polynomial_features(x, degree=5) @ w - y
        return np.mean(error**2) / 2 + lam / 2 * np.sum(w[1:] ** 2)

    slope = numerical_gradient(cost, fit_polynomial(x, y, degree=5, lam=lam))

    np.testing.assert_allclose(slope, 0, atol=1e-8)


def test_float32_comes_back_as_float32():
    x = np.linspace(-1, 1, 5, dtype=np.float32)

    weights = fit_polynomial(x, x, degree=2, lam=np.float64(0.1))

    assert weights.dtype == np.float32


def test_bias_is_not_penalized():
    x = np.linspace(-1, 1, 5)

    weights = fit_polynomial(x, np.full(5, 100.0), degree=2, lam=1e6)

    np.testing.assert_allclose(weights, [100, 0, 0], atol=1e-6)


def test_with_too_many_weights_it_gives_the_shortest_solution(rng):
    x, y = rng.uniform(-1, 1, size=4), rng.normal(size=4)
    features = polynomial_features(x, degree=9)

    weights = fit_polynomial(x, y, degree=9)

    np.testing.assert_allclose(weights, np.linalg.pinv(features) @ y)
    np.testing.assert_allclose(features @ weights, y)


def test_bias_and_variance_by_hand():
    assert bias_variance(np.array([[1.0], [3.0]]), np.array([0.0])) == (4.0, 1.0)
    assert bias_variance(np.array([[2.0, 4.0]]), np.array([2.0, 1.0])) == (4.5, 0.0)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 99))
def test_bias_and_variance_add_up_to_the_mean_square_error(runs, points, seed):
    rng = np.random.default_rng(seed)
    preds, truth = rng.normal(size=(runs, points)), rng.normal(size=points)

    parts = sum(bias_variance(preds, truth))

    assert parts == pytest.approx(np.mean((preds - truth) ** 2))


def test_variance_at_the_data_is_one_share_per_parameter(rng):
    x = np.linspace(-1, 1, 20)
    projection = polynomial_features(x, degree=9)
    projection = projection @ np.linalg.pinv(projection)

    assert np.mean(np.sum(projection**2, axis=1)) == pytest.approx(10 / 20)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: polynomial_features([0.0], degree=1), TypeError, "x debe"),
        (lambda: polynomial_features(np.zeros((2, 1)), degree=1), ValueError, "forma"),
        (lambda: polynomial_features(np.array([1.5]), degree=1), ValueError, "abs_x"),
        (lambda: polynomial_features(np.zeros(2), degree=-1), ValueError, "degree"),
        (lambda: polynomial_features(np.zeros(2), degree=1.0), TypeError, "degree"),
        (lambda: fit_polynomial(np.zeros(2), np.zeros(3), degree=1), ValueError, "formas"),
        (lambda: fit_polynomial(np.zeros(2), np.zeros(2, int), degree=1), TypeError, "y debe"),
        (lambda: fit_polynomial(np.zeros(2), np.zeros(2), degree=1, lam=-1.0), ValueError, "lam"),
        (lambda: bias_variance(np.zeros(3), np.zeros(3)), ValueError, "preds"),
        (lambda: bias_variance(np.zeros((2, 3)), np.zeros(2)), ValueError, "truth"),
        (lambda: bias_variance(np.zeros((2, 3), int), np.zeros(3)), TypeError, "preds"),
    ],
    ids=range(11),
)  # fmt: skip
def test_what_polynomials_refuse(call, error, match):
    with pytest.raises(error, match=match):
        call()
