"""Lo que encoge cada regularización: a mano, PyTorch, leyes y rechazos."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes.optimizers import SGD
from apuntes.shrinkage import ridge_shrinkage, softshrink, stopping_shrinkage


def test_softshrink_by_hand_and_as_pytorch():
    w = np.array([[3.0, 0.5, -1.5], [1.0, -1.0, -0.2]])

    shrunk = softshrink(w, lambd=1.0)

    np.testing.assert_array_equal(shrunk, [[2, 0, -0.5], [0, 0, 0]])
    oracle = torch.nn.functional.softshrink(torch.tensor(w), lambd=1.0)
    np.testing.assert_array_equal(shrunk, oracle.numpy())
    assert not np.signbit(shrunk[shrunk == 0]).any()
    assert softshrink(w.astype(np.float32), lambd=np.float64(1)).dtype == np.float32


@given(st.floats(-4, 4), st.floats(0, 3))
def test_softshrink_minimizes_the_square_plus_the_absolute_value(a, u):
    best = softshrink(np.array([a]), lambd=u)[0]

    def cost(v):
        return (v - a) ** 2 / 2 + u * abs(v)

    assert all(cost(best) <= cost(best + step) + 1e-12 for step in (-0.1, 1e-3, 0.1))


def test_ridge_is_where_the_penalized_parabola_is_flat(rng):
    root = rng.normal(size=(4, 4))
    hessian, best, lam = root @ root.T, rng.normal(size=4), 0.7
    eigenvalues, vectors = np.linalg.eigh(hessian)

    shrunk = vectors @ (ridge_shrinkage(eigenvalues, lam=lam) * (vectors.T @ best))

    np.testing.assert_allclose(hessian @ (shrunk - best) + lam * shrunk, 0, atol=1e-12)


def test_stopping_is_where_the_descent_from_zero_has_arrived(rng):
    root = rng.normal(size=(3, 3))
    hessian, best, theta = root @ root.T, rng.normal(size=3), np.zeros(3)
    eigenvalues, vectors = np.linalg.eigh(hessian)
    optimizer = SGD([theta], lr=0.05)
    for _ in range(7):
        optimizer.step([hessian @ (theta - best)])

    kept = stopping_shrinkage(eigenvalues, lr=0.05, steps=7)

    np.testing.assert_allclose(theta, vectors @ (kept * (vectors.T @ best)))


@given(st.floats(1e-3, 10), st.floats(1e-3, 10))
def test_ridge_keeps_more_of_larger_eigenvalues_and_with_less_penalty(value, lam):
    kept = ridge_shrinkage(np.array([value, 2 * value]), lam=lam)

    assert 0 < kept[0] < kept[1] < 1
    assert ridge_shrinkage(np.array([value]), lam=lam / 2)[0] > kept[0]
    assert ridge_shrinkage(np.array([value]), lam=0.0)[0] == 1


def test_stopping_and_ridge_agree_on_the_directions_that_hardly_moved():
    small = np.array([1e-6, 1e-5])

    kept = stopping_shrinkage(small, lr=0.1, steps=100)

    np.testing.assert_allclose(kept, ridge_shrinkage(small, lam=0.1), rtol=1e-3)
    assert stopping_shrinkage(small, lr=0.1, steps=0).tolist() == [0, 0]


def test_float32_comes_back_as_float32_even_with_float64_hyperparameters():
    values = np.array([0.5, 2.0], dtype=np.float32)

    assert ridge_shrinkage(values, lam=np.float64(0.1)).dtype == np.float32
    stopped = stopping_shrinkage(values, lr=np.float64(0.1), steps=np.int64(3))
    assert stopped.dtype == np.float32


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: softshrink([1.0], lambd=1.0), TypeError, "w debe"),
        (lambda: softshrink(np.ones(2), lambd=-1.0), ValueError, "lambd"),
        (lambda: ridge_shrinkage(np.array([1, 2]), lam=1.0), TypeError, "eigenvalues"),
        (lambda: ridge_shrinkage(np.array([1.0, 0.0]), lam=1.0), ValueError, "eigenvalues"),
        (lambda: ridge_shrinkage(np.ones(2), lam=-1.0), ValueError, "lam"),
        (lambda: stopping_shrinkage(np.array([-1.0]), lr=0.1, steps=1), ValueError, "eigen"),
        (lambda: stopping_shrinkage(np.ones(2), lr=0.0, steps=1), ValueError, "lr"),
        (lambda: stopping_shrinkage(np.ones(2), lr=0.1, steps=-1), ValueError, "steps"),
    ],
    ids=range(8),
)  # fmt: skip
def test_what_shrinkage_refuses(call, error, match):
    with pytest.raises(error, match=match):
        call()
