"""Activaciones: valores a mano, derivadas, leyes, límites, errores y PyTorch."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch.nn import functional

from apuntes import activations
from apuntes.gradcheck import numerical_gradient

LOG2, LOG3 = math.log(2), math.log(3)
PHI1, DENSITY1 = 0.8413447460685429, 0.24197072451914337  # tablas de la normal, en 1
# Una fila por caso: (activación, x, hiperparámetros, valor y derivada a mano).
BY_HAND = {
    "sigmoid-0": ("sigmoid", 0.0, {}, 1 / 2, 1 / 4),
    "sigmoid-log3": ("sigmoid", LOG3, {}, 3 / 4, 3 / 16),
    "sigmoid-menos-log3": ("sigmoid", -LOG3, {}, 1 / 4, 3 / 16),
    "tanh-0": ("tanh", 0.0, {}, 0, 1),
    "tanh-log2": ("tanh", LOG2, {}, 3 / 5, 16 / 25),
    "relu-negativa": ("relu", -2.0, {}, 0, 0),
    "relu-0": ("relu", 0.0, {}, 0, 0),
    "relu-positiva": ("relu", 3.0, {}, 3, 1),
    "fuga-negativa": ("leaky_relu", -2.0, {}, -0.02, 0.01),
    "fuga-0": ("leaky_relu", 0.0, {}, 0, 0.01),
    "fuga-positiva": ("leaky_relu", 3.0, {}, 3, 1),
    "fuga-0.2": ("leaky_relu", -2.0, {"negative_slope": 0.2}, -0.4, 0.2),
    "fuga-mayor-que-1": ("leaky_relu", -2.0, {"negative_slope": 3.0}, -6, 3),
    "elu-menos-log2": ("elu", -LOG2, {}, -1 / 2, 1 / 2),
    "elu-positiva": ("elu", 2.0, {}, 2, 1),
    "elu-alfa-2": ("elu", -LOG2, {"alpha": 2.0}, -1, 1),
    "elu-alfa-2-en-0": ("elu", 0.0, {"alpha": 2.0}, 0, 2),
    "elu-alfa-2-positiva": ("elu", 2.0, {"alpha": 2.0}, 2, 1),
    "gelu-0": ("gelu", 0.0, {}, 0, 1 / 2),
    "gelu-1": ("gelu", 1.0, {}, PHI1, PHI1 + DENSITY1),
    "gelu-menos-1": ("gelu", -1.0, {}, PHI1 - 1, 1 - PHI1 - DENSITY1),
    "gelu-tanh-0": ("gelu", 0.0, {"approximate": "tanh"}, 0, 1 / 2),
    "silu-0": ("silu", 0.0, {}, 0, 1 / 2),
    "silu-log3": ("silu", LOG3, {}, 0.75 * LOG3, 0.75 * (1 + LOG3 / 4)),
    "softplus-0": ("softplus", 0.0, {}, LOG2, 1 / 2),
    "softplus-log3": ("softplus", LOG3, {}, math.log(4), 3 / 4),
}
# Una fila por caso: (activación, hiperparámetros, la misma en PyTorch).
ELEMENTWISE = {
    "sigmoid": ("sigmoid", {}, torch.sigmoid),
    "tanh": ("tanh", {}, torch.tanh),
    "relu": ("relu", {}, functional.relu),
    "leaky_relu": ("leaky_relu", {}, functional.leaky_relu),
    "leaky_relu-0.3": ("leaky_relu", {"negative_slope": 0.3}, lambda x: functional.leaky_relu(x, 0.3)),
    "elu": ("elu", {}, functional.elu),
    "elu-1.5": ("elu", {"alpha": 1.5}, lambda x: functional.elu(x, 1.5)),
    "gelu": ("gelu", {}, functional.gelu),
    "gelu-tanh": ("gelu", {"approximate": "tanh"}, lambda x: functional.gelu(x, approximate="tanh")),
    "silu": ("silu", {}, functional.silu),
    "softplus": ("softplus", {}, functional.softplus),
}  # fmt: skip
ROWWISE = {"softmax": torch.softmax, "log_softmax": torch.log_softmax}
# Lo que queda al final de cada cola: (activación, f(-1000), f'(-1000), f(1000), f'(1000)).
TAILS = {
    "sigmoid": (0, 0, 1, 0),
    "tanh": (-1, 0, 1, 0),
    "relu": (0, 0, 1000, 1),
    "leaky_relu": (-10, 0.01, 1000, 1),
    "elu": (-1, 0, 1000, 1),
    "gelu": (0, 0, 1000, 1),
    "silu": (0, 0, 1000, 1),
    "softplus": (0, 0, 1000, 1),
}
TOLERANCE = {
    np.float32: {"rtol": 1e-5, "atol": 2e-6},
    np.float64: {"rtol": 1e-9, "atol": 1e-12},
}
dtypes = pytest.mark.parametrize("dtype", TOLERANCE, ids=["float32", "float64"])
elementwise = pytest.mark.parametrize(
    ("name", "kwargs", "torch_f"), ELEMENTWISE.values(), ids=ELEMENTWISE
)
rowwise = pytest.mark.parametrize("name", ROWWISE)
vectors = arrays(np.float64, 5, elements=st.floats(-30, 30))
matrices = arrays(np.float64, (3, 4), elements=st.floats(-50, 50))


def pair(name):
    return getattr(activations, name), getattr(activations, f"{name}_grad")


@pytest.mark.parametrize(
    ("name", "x", "kwargs", "value", "slope"), BY_HAND.values(), ids=BY_HAND
)
def test_matches_hand_computed_value_and_derivative(name, x, kwargs, value, slope):
    f, f_grad = pair(name)

    assert f(np.array([x]), **kwargs)[0] == pytest.approx(value, rel=1e-12, abs=1e-15)
    assert f_grad(np.array([x]), **kwargs)[0] == pytest.approx(slope, rel=1e-12)


def test_neuron_of_the_lecture_gives_0_731_and_slope_0_197():
    """R-07: w=(2,−3,−3), x=(−1,−2) dan s=1, σ=0,731059 y σ'=0,196612."""
    s = np.array([2.0, -3.0, -3.0]) @ np.array([-1.0, -2.0, 1.0])

    assert activations.sigmoid(s).round(6) == 0.731059
    assert activations.sigmoid_grad(s).round(6) == 0.196612


def test_softmax_of_the_lecture():
    """R-05: z=(2; 1; 0,1)."""
    p = activations.softmax(np.array([2.0, 1.0, 0.1]))

    assert p.round(6).tolist() == [0.659001, 0.242433, 0.098566]


def test_softmax_by_hand():
    x = np.array([[0.0, LOG3], [LOG3, 0.0]])

    np.testing.assert_allclose(
        activations.softmax(x), [[0.25, 0.75], [0.75, 0.25]], rtol=1e-12
    )
    np.testing.assert_allclose(
        activations.log_softmax(x),
        np.log([[0.25, 0.75], [0.75, 0.25]]),
        rtol=1e-12,
    )


def test_softmax_jacobian_by_hand():
    """Con p=(1/4, 3/4), J = diag(p) − p pᵀ: su primera fila es (3/16, −3/16)."""
    x, first = np.array([0.0, LOG3]), np.array([1.0, 0.0])

    np.testing.assert_allclose(
        activations.softmax_grad(x, first), [3 / 16, -3 / 16], rtol=1e-12
    )
    np.testing.assert_allclose(
        activations.log_softmax_grad(x, first), [3 / 4, -3 / 4], rtol=1e-12
    )


@elementwise
def test_derivative_matches_central_differences(name, kwargs, torch_f, rng):
    f, f_grad = pair(name)
    x = rng.normal(scale=2, size=(4, 5))  # sin ceros: ahí está el quiebre

    expected = numerical_gradient(lambda x: f(x, **kwargs).sum(), x)

    np.testing.assert_allclose(f_grad(x, **kwargs), expected, rtol=1e-6, atol=1e-9)


@rowwise
@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)], ids=str)
def test_row_gradient_matches_central_differences(name, shape, rng):
    f, f_grad = pair(name)
    x, incoming = rng.normal(size=(2, *shape))

    expected = numerical_gradient(lambda x: (incoming * f(x)).sum(), x)

    np.testing.assert_allclose(f_grad(x, incoming), expected, rtol=1e-6, atol=1e-9)


@given(vectors)
def test_sigmoid_complement_is_its_reflection(x):
    sigmoid = activations.sigmoid

    np.testing.assert_allclose(sigmoid(x) + sigmoid(-x), 1, rtol=1e-15)


@given(vectors)
def test_tanh_is_a_stretched_sigmoid(x):
    np.testing.assert_allclose(
        activations.tanh(x), 2 * activations.sigmoid(2 * x) - 1, atol=1e-15
    )


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [("relu", {}), ("gelu", {}), ("gelu", {"approximate": "tanh"}), ("silu", {}), ("softplus", {})],
    ids=["relu", "gelu", "gelu-tanh", "silu", "softplus"],
)  # fmt: skip
@given(x=vectors)
def test_gated_units_differ_from_their_reflection_by_x(name, kwargs, x):
    """f(x) − f(−x) = x: cada puerta y la de −x suman 1."""
    f, _ = pair(name)

    np.testing.assert_allclose(f(x, **kwargs) - f(-x, **kwargs), x, atol=1e-12)


@given(vectors)
def test_rectifiers_are_ordered(x):
    """ELU ≤ ReLU ≤ softplus; con fuga 0 queda ReLU y con fuga 1, la identidad."""
    relu = activations.relu(x)

    assert (activations.elu(x) <= relu).all()
    assert (relu <= activations.softplus(x)).all()
    np.testing.assert_array_equal(activations.leaky_relu(x, negative_slope=0.0), relu)
    np.testing.assert_array_equal(activations.leaky_relu(x, negative_slope=1.0), x)


@given(vectors)
def test_tanh_gelu_stays_within_5e_4_of_the_exact_one(x):
    """Lo que promete su docstring; su desvío máximo, 4,73e-4, está cerca de |x|=2,7."""
    exact = activations.gelu(x)

    assert np.abs(activations.gelu(x, approximate="tanh") - exact).max() < 5e-4


@given(matrices)
def test_softmax_rows_are_distributions(x):
    p = activations.softmax(x)

    assert (p > 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(np.exp(activations.log_softmax(x)), p, rtol=1e-12)


@rowwise
@given(x=matrices, shift=st.floats(-1e3, 1e3))
def test_softmax_ignores_a_shift_of_the_row(name, x, shift):
    f, _ = pair(name)

    np.testing.assert_allclose(f(x + shift), f(x), rtol=1e-9, atol=1e-9)


@rowwise
@given(x=matrices, incoming=matrices)
def test_row_gradient_sums_to_zero(name, x, incoming):
    """No hay pendiente en la dirección (1,…,1), la que la softmax no ve."""
    _, f_grad = pair(name)

    np.testing.assert_allclose(f_grad(x, incoming).sum(axis=1), 0, atol=1e-10)


@dtypes
@pytest.mark.parametrize("name", TAILS)
def test_tails_neither_overflow_nor_warn(name, dtype):
    f, f_grad = pair(name)
    x = np.array([-1000, 1000], dtype)
    low, low_slope, high, high_slope = TAILS[name]

    with np.errstate(over="raise", invalid="raise", divide="raise"):
        values, slopes = f(x), f_grad(x)

    np.testing.assert_array_equal(values, np.array([low, high], dtype))
    np.testing.assert_array_equal(slopes, np.array([low_slope, high_slope], dtype))


def test_tails_keep_their_relative_precision():
    """En −700, σ y softplus valen e^−700 con todas sus cifras; σ' es par."""
    x, tiny = np.array([-700.0]), math.exp(-700)

    assert activations.sigmoid(x)[0] == pytest.approx(tiny, rel=1e-14)
    assert activations.softplus(x)[0] == pytest.approx(tiny, rel=1e-14)
    assert activations.sigmoid_grad(-x)[0] == pytest.approx(tiny, rel=1e-14)
    assert activations.elu(np.array([-1e-12]))[0] == pytest.approx(-1e-12, rel=1e-9)


def test_gelu_keeps_its_relative_precision_in_the_left_tail():
    """Con erfc y no 1+erf, Φ(−10) = 7,6199e-24 no se pierde en el redondeo."""
    assert activations.gelu(np.array([-10.0]))[0] == pytest.approx(
        -10 * 7.619853024160527e-24, rel=1e-12
    )


@dtypes
def test_softmax_stands_logits_of_1000(dtype):
    x = np.array([[1000, 0, -1000], [-1000, -1000, -1000]], dtype)
    third = np.log(np.array(1 / 3, dtype))

    np.testing.assert_allclose(activations.softmax(x), [[1, 0, 0], [1 / 3] * 3])
    np.testing.assert_allclose(
        activations.log_softmax(x), [[0, -1000, -2000], [third] * 3], rtol=1e-6
    )


@dtypes
@elementwise
def test_keeps_shape_and_type_and_the_argument_intact(name, kwargs, torch_f, dtype):
    for x in (
        np.linspace(-2, 2, 6, dtype=dtype).reshape(2, 3),
        np.zeros((0, 3), dtype),
    ):
        before = x.copy()
        for f in pair(name):
            y = f(x, **kwargs)
            assert (y.shape, y.dtype) == (x.shape, x.dtype)
        np.testing.assert_array_equal(x, before)
    assert pair(name)[0](dtype(0.5), **kwargs).dtype == dtype


@dtypes
@rowwise
def test_row_functions_keep_shape_and_type_and_the_arguments_intact(name, dtype, rng):
    f, f_grad = pair(name)
    x, incoming = rng.normal(size=(2, 3, 4)).astype(dtype)
    before = x.copy(), incoming.copy()

    for y in (f(x), f_grad(x, incoming)):
        assert (y.shape, y.dtype) == (x.shape, x.dtype)
    np.testing.assert_array_equal((x, incoming), before)


@elementwise
def test_nan_is_not_hidden(name, kwargs, torch_f):
    assert np.isnan(pair(name)[0](np.array([np.nan]), **kwargs)).all()


@dtypes
@elementwise
def test_matches_torch_value_and_derivative(name, kwargs, torch_f, dtype):
    """También en los quiebres: el 0 está en la malla."""
    f, f_grad = pair(name)
    x = np.append(np.linspace(-8, 8, 65), [-100, 100]).astype(dtype)
    point = torch.tensor(x, requires_grad=True)
    value = torch_f(point)
    value.sum().backward()

    assert 0 in x
    np.testing.assert_allclose(f(x, **kwargs), value.detach(), **TOLERANCE[dtype])
    np.testing.assert_allclose(f_grad(x, **kwargs), point.grad, **TOLERANCE[dtype])


@dtypes
@rowwise
def test_row_functions_match_torch(name, dtype, rng):
    f, f_grad = pair(name)
    x, incoming = rng.normal(scale=3, size=(2, 5, 4)).astype(dtype)
    point = torch.tensor(x, requires_grad=True)
    value = ROWWISE[name](point, dim=-1)
    value.backward(torch.tensor(incoming))

    np.testing.assert_allclose(f(x), value.detach(), **TOLERANCE[dtype])
    np.testing.assert_allclose(f_grad(x, incoming), point.grad, **TOLERANCE[dtype])


@pytest.mark.parametrize("suffix", ["", "_grad"], ids=["f", "f_grad"])
@pytest.mark.parametrize("name", TAILS)
@pytest.mark.parametrize("x", [np.arange(3), [1.0], 1.0], ids=["entero", "lista", "float"])  # fmt: skip
def test_rejects_what_is_not_a_floating_array(name, suffix, x):
    with pytest.raises(TypeError, match="x debe ser un arreglo de coma flotante"):
        getattr(activations, name + suffix)(x)


@pytest.mark.parametrize("suffix", ["", "_grad"], ids=["f", "f_grad"])
@pytest.mark.parametrize(
    ("name", "kwargs", "error", "match"),
    [
        ("elu", {"alpha": 0.0}, ValueError, "alpha debe ser positivo; se recibió 0.0"),
        ("elu", {"alpha": "1"}, TypeError, "alpha debe ser un número real"),
        ("gelu", {"approximate": "erf"}, ValueError, 'debe ser "none" o "tanh"; se recibió \'erf\''),
    ],
    ids=["alfa-0", "alfa-texto", "aproximacion"],
)  # fmt: skip
def test_rejects_bad_hyperparameters(name, suffix, kwargs, error, match):
    with pytest.raises(error, match=match):
        getattr(activations, name + suffix)(np.ones(2), **kwargs)


@rowwise
def test_row_functions_reject_bad_arguments(name):
    f, f_grad = pair(name)

    with pytest.raises(TypeError, match="x debe ser un arreglo de coma flotante"):
        f(np.arange(3))
    with pytest.raises(
        ValueError, match=r"x debe tener forma \(..., K\), K >= 1; se recibió \(\)"
    ):
        f(np.array(1.0))
    with pytest.raises(ValueError, match=r"se recibió \(2, 0\)"):
        f(np.ones((2, 0)))
    with pytest.raises(ValueError, match="las formas deben coincidir; se recibió"):
        f_grad(np.ones((2, 3)), np.ones(3))
    with pytest.raises(TypeError, match="grad debe ser un arreglo de coma flotante"):
        f_grad(np.ones(3), np.arange(3))
    assert f(np.ones((0, 3))).shape == (0, 3)  # un lote vacío no es un error
