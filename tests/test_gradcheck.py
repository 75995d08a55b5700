"""El gradiente numérico: valores a mano, su orden de error, sus leyes y lo que rechaza."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apuntes.gradcheck import numerical_gradient

# Una fila por caso: (función, punto, gradiente calculado a mano).
BY_HAND = {
    "producto": (lambda x: x[0] * x[1], [2.0, 3.0], [3.0, 2.0]),
    "suma-de-cuadrados": (lambda x: (x**2).sum(), [[1.0, -2.0]], [[2.0, -4.0]]),
    "cero-ejes": (lambda x: 5 * x, 1.0, 5.0),
    "constante": (lambda x: 7, [1.0, 2.0], [0.0, 0.0]),
    "quiebre": (lambda x: np.abs(x).sum(), [0.0], [0.0]),
}
REJECTED = {
    "entero": (np.arange(3), {}, TypeError, "x debe ser un arreglo float64; se recibió int64"),
    "float32": (np.zeros(2, np.float32), {}, TypeError, "se recibió float32"),
    "lista": ([1.0], {}, TypeError, "se recibió list"),
    "vacio": (np.zeros((0, 2)), {}, ValueError, r"vacíos; se recibió {'x': \(0, 2\)}"),
    "eps-cero": (np.zeros(2), {"eps": 0.0}, ValueError, "eps debe ser positivo; se recibió 0.0"),
    "eps-texto": (np.zeros(2), {"eps": "1"}, TypeError, "eps debe ser un número real; se recibió str"),
}  # fmt: skip


@pytest.mark.parametrize(("f", "x", "expected"), BY_HAND.values(), ids=BY_HAND)
def test_matches_the_gradient_by_hand(f, x, expected):
    grad = numerical_gradient(f, np.array(x))

    assert grad.shape == np.shape(x)
    assert grad.dtype == np.float64
    np.testing.assert_allclose(grad, expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("eps", [0.5, 0.25, 0.125])
def test_error_is_the_square_of_the_step(eps):
    """En x³ el error es ε² exacto: [(1+ε)³ − (1−ε)³]/2ε = 3 + ε²."""
    grad = numerical_gradient(lambda x: x[0] ** 3, np.array([1.0]), eps=eps)

    assert grad[0] == 3 + eps**2


def test_uses_the_step_really_taken():
    """En x=10⁸ el paso 10⁻⁵ se redondea: dividir por 2ε erraría en la cuarta cifra."""
    grad = numerical_gradient(lambda x: 2 * x[0], np.array([1e8]))

    assert grad[0] == 2


def test_does_not_modify_the_point_even_if_f_does():
    x = np.array([1.0, 2.0])

    def greedy(point):
        value = point.prod()
        point[:] = 0
        return value

    np.testing.assert_allclose(numerical_gradient(greedy, x), [2, 1], rtol=1e-9)
    np.testing.assert_array_equal(x, [1, 2])


@given(
    a=arrays(np.float64, 3, elements=st.floats(-10, 10)),
    x=arrays(np.float64, 3, elements=st.floats(-10, 10)),
)
def test_gradient_of_a_linear_function_is_its_coefficients(a, x):
    np.testing.assert_allclose(numerical_gradient(a.dot, x), a, rtol=1e-6, atol=1e-8)


def test_matches_torch(rng):
    x = rng.normal(size=(2, 3))
    point = torch.tensor(x, requires_grad=True)
    (point.exp().sum() * point.sin().prod()).backward()

    grad = numerical_gradient(lambda x: np.exp(x).sum() * np.sin(x).prod(), x)

    np.testing.assert_allclose(grad, point.grad, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("x", "kwargs", "error", "match"), REJECTED.values(), ids=REJECTED
)
def test_rejects_bad_arguments(x, kwargs, error, match):
    with pytest.raises(error, match=match):
        numerical_gradient(np.sum, x, **kwargs)


@pytest.mark.parametrize(
    "f", [lambda x: x, lambda x: [x.sum()]], ids=["arreglo", "lista"]
)
def test_rejects_a_function_that_is_not_scalar(f):
    with pytest.raises(TypeError, match=r"f debe dar un escalar; se recibió forma \("):
        numerical_gradient(f, np.ones(1))
