"""Capas de activación que guardan la entrada: PyTorch, diferencias centradas, errores."""

import copy
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes.activations import silu, silu_grad, tanh, tanh_grad
from apuntes.gradcheck import numerical_gradient
from apuntes.layers import (
    ELU,
    GELU,
    Activation,
    LeakyReLU,
    Linear,
    Sequential,
    SiLU,
    Softplus,
    Tanh,
)
from apuntes.losses import cross_entropy_grad
from apuntes.optimizers import SGD

LAYERS = {
    "leaky": (lambda: LeakyReLU(), torch.nn.LeakyReLU()),
    "leaky-0.2": (lambda: LeakyReLU(negative_slope=0.2), torch.nn.LeakyReLU(0.2)),
    "elu": (lambda: ELU(), torch.nn.ELU()),
    "elu-0.7": (lambda: ELU(alpha=0.7), torch.nn.ELU(0.7)),
    "gelu": (lambda: GELU(), torch.nn.GELU()),
    "gelu-tanh": (lambda: GELU(approximate="tanh"), torch.nn.GELU(approximate="tanh")),
    "silu": (lambda: SiLU(), torch.nn.SiLU()),
    "softplus": (lambda: Softplus(), torch.nn.Softplus(threshold=1000)),
}
layers = pytest.mark.parametrize(("ours", "theirs"), LAYERS.values(), ids=LAYERS)
Z = np.array([[0.0, 1e-30, -1e-30, 0.5], [3.0, -3.0, 30.0, -30.0]])
# A mano, en z = 1 y −1: valor y derivada.
BY_HAND = {
    "leaky": (lambda: LeakyReLU(negative_slope=0.1), [1, -0.1], [1, 0.1]),
    "elu": (lambda: ELU(alpha=2.0), [1, 2 / np.e - 2], [1, 2 / np.e]),
    "gelu": (lambda: GELU(), [0.8413447461, -0.1586552539], [1.0833154706, -0.0833154706]),
    "silu": (lambda: SiLU(), [0.7310585786, -0.2689414214], [0.9276705118, 0.0723294882]),
    "softplus": (lambda: Softplus(), [1.3132616875, 0.3132616875], [0.7310585786, 0.2689414214]),
}  # fmt: skip


@pytest.mark.parametrize(("build", "values", "slopes"), BY_HAND.values(), ids=BY_HAND)
def test_value_and_slope_by_hand(build, values, slopes):
    """Φ(1) = 0,8413…, φ(1) = 0,24197…, σ(1) = 0,7310…"""  # noqa: D415
    layer = build()

    assert layer.forward(np.array([[1.0, -1.0]]))[0] == pytest.approx(values)
    assert layer.backward(np.array([[2.0, 3.0]]))[0] == pytest.approx([2 * slopes[0], 3 * slopes[1]])  # fmt: skip


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@layers
def test_matches_pytorch_at_the_kink_and_the_tails(ours, theirs, dtype, rng):
    z, upstream = Z.astype(dtype), rng.normal(size=Z.shape).astype(dtype)
    inputs = torch.tensor(z, requires_grad=True)
    expected = theirs(inputs)
    expected.backward(torch.tensor(upstream))
    layer = ours()
    out, grad = layer.forward(z), layer.backward(upstream)

    tolerance = 1e-12 if dtype is np.float64 else 1e-5
    assert out.dtype == grad.dtype == dtype
    np.testing.assert_allclose(out, expected.detach(), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(grad, inputs.grad, rtol=tolerance, atol=tolerance)


@layers
def test_gradient_matches_central_differences(ours, theirs, rng):
    layer, x, upstream = ours(), *rng.normal(size=(2, 4, 3))
    expected = numerical_gradient(lambda x: float(np.sum(upstream * layer.forward(x))), x)  # fmt: skip
    layer.forward(x)

    np.testing.assert_allclose(layer.backward(upstream), expected, rtol=1e-6, atol=1e-9)


@layers
def test_training_fifty_steps_matches_pytorch(ours, theirs, rng):
    first, last = Linear(4, 5, rng=rng), Linear(5, 3, rng=rng)
    reference = torch.nn.Sequential(torch.nn.Linear(4, 5), theirs, torch.nn.Linear(5, 3)).double()  # fmt: skip
    for mine, other in ((first, reference[0]), (last, reference[2])):
        other.weight.data, other.bias.data = torch.tensor(mine.weight), torch.tensor(mine.bias)  # fmt: skip
    model = Sequential(first, ours(), last)
    optimizer = SGD(model.parameters(), lr=0.1)
    their_optimizer = torch.optim.SGD(reference.parameters(), lr=0.1)
    x, target = rng.normal(size=(8, 4)), rng.integers(0, 3, 8)
    for _ in range(50):
        model.write_gradients(cross_entropy_grad(model.forward(x), target))
        optimizer.step(model.gradients())
        their_optimizer.zero_grad()
        torch.nn.functional.cross_entropy(reference(torch.tensor(x)), torch.tensor(target)).backward()  # fmt: skip
        their_optimizer.step()

    flat = torch.nn.utils.parameters_to_vector(reference.parameters()).detach()
    np.testing.assert_allclose(model.parameters()[0], flat, rtol=1e-12, atol=1e-12)


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=6))
def test_any_pair_makes_a_layer_and_tanh_made_so_is_tanh(numbers):
    x = np.array([numbers])
    made, known = Activation(tanh, tanh_grad), Tanh()

    np.testing.assert_array_equal(made.forward(x), known.forward(x))
    np.testing.assert_allclose(made.backward(x), known.backward(x), rtol=1e-15)


def test_two_inputs_with_the_same_output_have_different_slopes():
    """Por eso la SiLU guarda la entrada: con la salida no se sabría cuál fue."""
    layer = SiLU()
    left, right = -3.0, -0.2016
    out = layer.forward(np.array([[left, right]]))[0]
    slopes = layer.backward(np.ones((1, 2)))[0]

    assert out[0] == pytest.approx(silu(np.array([left]))[0])
    assert slopes[0] < 0 < silu_grad(np.array([0.0]))[0]


def test_a_numpy_option_keeps_float32():
    z = Z.astype(np.float32)
    for layer in (LeakyReLU(negative_slope=np.float64(0.1)), ELU(alpha=np.float64(2))):
        assert layer.forward(z).dtype == layer.backward(z).dtype == np.float32


@layers
def test_has_no_parameters_and_can_be_copied(ours, theirs):
    layer = ours()
    assert layer.parameters() == layer.gradients() == []
    for clone in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        np.testing.assert_array_equal(clone.forward(Z), layer.forward(Z))


def test_repr_says_the_options():
    assert repr(Sequential(SiLU(), ELU(), GELU())) == "Sequential(SiLU(), ELU(alpha=1.0), GELU(approximate='none'))"  # fmt: skip
    assert repr(LeakyReLU()) == "LeakyReLU(negative_slope=0.01)"


def test_a_failed_forward_does_not_count():
    layer = SiLU()
    with pytest.raises(TypeError, match="int64"):
        layer.forward(np.ones((1, 2), int))
    with pytest.raises(RuntimeError, match=r"SiLU\(\).*antes un forward"):
        layer.backward(np.ones((1, 2)))


REJECTED = {
    "alpha": (lambda: ELU(alpha=-1.0), ValueError, "alpha .* -1.0"),
    "approximate": (lambda: GELU(approximate="erf"), ValueError, "approximate .* 'erf'"),
    "opcion-que-no-toma": (lambda: Activation(silu, silu_grad, alpha=1.0), TypeError, "alpha"),
    "entrada-lista": (lambda: Softplus().forward([1.0]), TypeError, "list"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_backward_rejects_a_gradient_of_another_shape_or_type():
    layer = SiLU()
    layer.forward(np.ones((2, 3)))

    with pytest.raises(ValueError, match=r"grad .*\(2, 3\); se recibió \(3, 3\)"):
        layer.backward(np.ones((3, 3)))
    with pytest.raises(TypeError, match=r"grad .*float64; se recibió float32"):
        layer.backward(np.ones((2, 3), np.float32))
