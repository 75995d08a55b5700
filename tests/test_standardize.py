"""Normalizar y su derivada: valores a mano, diferencias centradas y leyes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apuntes._standardize import (
    rms_normalize,
    rms_normalize_grad,
    standardize,
    standardize_grad,
)
from apuntes.gradcheck import numerical_gradient

EPS = 0.3  # grande, para que se note dónde entra
axes = pytest.mark.parametrize("axis", [0, 1], ids=["columnas", "filas"])


def test_four_numbers_by_hand():
    """Media 3 y varianza (4 + 1 + 0 + 9)/4 = 3,5; con ε = 0,5 se divide entre 2."""
    x = np.array([[1.0], [2.0], [3.0], [6.0]])
    hat, mean, var = standardize(x, axis=0, eps=0.5)

    assert hat.ravel().tolist() == [-1.0, -0.5, 0.0, 1.5]
    assert (mean.tolist(), var.tolist()) == ([[3.0]], [[3.5]])


def test_gradient_by_hand():
    """Media de g, 1; media de g·x̂, (−4 + 2)/4: al primero le queda (4 − 1 − 1/2)/2."""
    hat = np.array([[-1.0, 0.0, 0.0, 1.0]])
    grad = np.array([[4.0, -2.0, 0.0, 2.0]])

    assert standardize_grad(grad, hat, np.array([[2.0]]), axis=1).tolist() == [
        [(4 - 1 - 0.5) / 2, -1.5, -0.5, (2 - 1 + 0.5) / 2]
    ]


def test_root_mean_square_by_hand():
    """Con ε = 12,5 y la fila (3, 4), la raíz de 25/2 + 12,5."""
    hat, scale = rms_normalize(np.array([[3.0, 4.0], [0.0, 2.0]]), eps=12.5)
    grad = rms_normalize_grad(
        np.array([[1.0, 3.0]]), np.array([[1.0, 1.0]]), np.array([[2.0]])
    )

    assert scale.ravel() == pytest.approx([5.0, 14.5**0.5])
    assert hat[0].tolist() == [0.6, 0.8]
    assert grad.tolist() == [[(1 - 2) / 2, (3 - 2) / 2]]


@axes
def test_gradient_matches_central_differences(axis, rng):
    x, upstream = rng.normal(2, 3, size=(2, 4, 5))
    hat, _, var = standardize(x, axis=axis, eps=EPS)
    expected = numerical_gradient(
        lambda x: float(np.sum(upstream * standardize(x, axis=axis, eps=EPS)[0])), x
    )

    np.testing.assert_allclose(
        standardize_grad(upstream, hat, np.sqrt(var + EPS), axis=axis),
        expected, rtol=1e-6, atol=1e-9,
    )  # fmt: skip


def test_root_mean_square_gradient_matches_central_differences(rng):
    x, upstream = rng.normal(2, 3, size=(2, 4, 5))
    expected = numerical_gradient(
        lambda x: float(np.sum(upstream * rms_normalize(x, eps=EPS)[0])), x
    )

    np.testing.assert_allclose(
        rms_normalize_grad(upstream, *rms_normalize(x, eps=EPS)),
        expected, rtol=1e-6, atol=1e-9,
    )  # fmt: skip


@pytest.mark.parametrize("axis", [0, 1])
def test_the_jacobian_is_the_one_of_the_docstring_and_is_symmetric(axis, rng):
    """Columna a columna: la derivada de cada x̂ⱼ sale con g = eⱼ."""
    x = rng.normal(size=(6, 1) if axis == 0 else (1, 6))
    hat, _, var = standardize(x, axis=axis, eps=EPS)
    s = np.sqrt(var + EPS)
    jacobian = np.array([standardize_grad(row.reshape(x.shape), hat, s, axis=axis).ravel() for row in np.eye(6)])  # fmt: skip
    h = hat.ravel()

    np.testing.assert_allclose(
        jacobian, (np.eye(6) - 1 / 6 - np.outer(h, h) / 6) / s.item(), atol=1e-15
    )
    np.testing.assert_allclose(jacobian, jacobian.T, atol=1e-15)


# Quintos, y distintos: dos números casi iguales no dejan cifras que comparar.
NUMBERS = arrays(np.float64, (6, 3), elements=st.integers(-50, 50).map(lambda k: k / 5), unique=True)  # fmt: skip


@given(NUMBERS, st.floats(-5, 5), st.floats(0.1, 5))
def test_shift_and_scale_do_not_change_the_result(x, shift, scale):
    """Salvo ε, que por eso va a 0."""
    np.testing.assert_allclose(
        standardize(shift + scale * x, axis=0, eps=0)[0],
        standardize(x, axis=0, eps=0)[0], rtol=1e-6, atol=1e-6,
    )  # fmt: skip
    np.testing.assert_allclose(
        rms_normalize(scale * x, eps=0)[0], rms_normalize(x, eps=0)[0], atol=1e-9
    )


@given(NUMBERS)
def test_result_has_mean_0_and_variance_var_over_var_plus_eps(x):
    hat, mean, var = standardize(x, axis=0, eps=EPS)

    np.testing.assert_allclose(mean[0], x.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(hat.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(hat.var(axis=0), (var / (var + EPS))[0], rtol=1e-9)


@given(NUMBERS, NUMBERS)
def test_no_gradient_moves_only_the_mean_or_only_the_scale(x, upstream):
    """Es perpendicular a sumar una constante y, con ε = 0, a estirar."""
    hat, _, var = standardize(x, axis=0, eps=0)
    grad = standardize_grad(upstream, hat, np.sqrt(var), axis=0)

    size = 1 + np.abs(grad).max()
    np.testing.assert_allclose(grad.sum(axis=0) / size, 0, atol=1e-9)
    np.testing.assert_allclose((grad * hat).sum(axis=0) / size, 0, atol=1e-9)


def test_a_mean_much_larger_than_the_deviation_does_not_spoil_the_variance():
    """En una pasada, E[x²] − E[x]² daría 0 o algo negativo."""
    x = np.array([[1e6 + 1], [1e6 - 1]])

    assert standardize(x.astype(np.float32), axis=0, eps=0)[0].tolist() == [[1], [-1]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arguments_are_left_alone_and_the_type_is_kept(dtype, rng):
    x, grad = rng.normal(size=(2, 4, 3)).astype(dtype)
    before, grad_before = x.copy(), grad.copy()
    hat, mean, var = standardize(x, axis=0, eps=1e-5)
    rms, scale = rms_normalize(x, eps=1e-5)
    hat_before = hat.copy()
    out = standardize_grad(grad, hat, np.sqrt(var), axis=0)
    rms_out = rms_normalize_grad(grad, rms, scale)

    assert {a.dtype for a in (hat, mean, var, rms, scale, out, rms_out)} == {np.dtype(dtype)}  # fmt: skip
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(grad, grad_before)
    np.testing.assert_array_equal(hat, hat_before)
