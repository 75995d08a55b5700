"""Capas: valores a mano, diferencias centradas, PyTorch, leyes y errores."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from redes import network

from apuntes.gradcheck import numerical_gradient
from apuntes.graph import Value
from apuntes.initialization import normal
from apuntes.layers import Linear, ReLU, Residual, Sequential, Sigmoid, Tanh
from apuntes.losses import (
    cross_entropy,
    cross_entropy_grad,
    quadratic_cost,
    quadratic_cost_grad,
)
from apuntes.optimizers import SGD

ACTIVATIONS = {
    "sigmoid": (Sigmoid, torch.nn.Sigmoid),
    "tanh": (Tanh, torch.nn.Tanh),
    "relu": (ReLU, torch.nn.ReLU),
}
activations = pytest.mark.parametrize(
    ("ours", "theirs"), ACTIVATIONS.values(), ids=ACTIVATIONS
)
TOLERANCE = {np.float64: 1e-12, np.float32: 2e-5}
dtypes = pytest.mark.parametrize("dtype", TOLERANCE, ids=["float64", "float32"])


def twin(model, activation):
    """La misma red en PyTorch, con los mismos parámetros."""
    linear = [layer for layer in model.layers if isinstance(layer, Linear)]
    copies = []
    for layer in linear:
        dtype = torch.from_numpy(layer.weight).dtype
        theirs = torch.nn.Linear(layer.in_features, layer.out_features, dtype=dtype)
        theirs.weight.data = torch.tensor(layer.weight)
        theirs.bias.data = torch.tensor(layer.bias)
        copies += [theirs, activation()]
    return torch.nn.Sequential(*copies[:-1])


def test_two_two_one_network_matches_reference_r16():
    """Fe de erratas, R-16: una ida, una vuelta y un paso, número a número."""
    rng = np.random.default_rng(0)
    model = Sequential(
        Linear(2, 2, rng=rng), Sigmoid(), Linear(2, 1, rng=rng), Sigmoid()
    )
    first, hidden, last, output = model.layers
    first.weight, first.bias = [[0.1, -0.2], [0.4, 0.3]], [0.05, -0.1]
    last.weight, last.bias = [[0.7, -0.5]], [0.2]
    x, y = np.array([[1.0, 2.0]]), np.array([[1.0]])

    z1 = first.forward(x)
    h = hidden.forward(z1)
    z2 = last.forward(h)
    pred = output.forward(z2)
    near = partial(pytest.approx, abs=1e-6)
    assert z1[0] == near([-0.25, 0.9])
    assert h[0] == near([0.437823, 0.71095])
    assert z2[0] == near([0.151002])
    assert pred[0] == near([0.537679])
    assert quadratic_cost(pred, y) == near(0.10687)

    dz2 = output.backward(quadratic_cost_grad(pred, y))
    dh = last.backward(dz2)
    dz1 = hidden.backward(dh)
    first.backward(dz1)
    assert dz2[0] == near([-0.114924])
    assert dh[0] == near([-0.080447, 0.057462])
    assert dz1[0] == near([-0.019801, 0.011808])
    assert last.gradients()[0][0] == near([-0.050316, -0.081705])
    assert last.gradients()[1] == near([-0.114924])
    assert first.gradients()[0].ravel() == near(
        [-0.019801, -0.039601, 0.011808, 0.023617]
    )
    assert first.gradients()[1] == near([-0.019801, 0.011808])

    SGD(model.parameters(), lr=0.5).step(model.gradients())
    assert first.weight.ravel() == near([0.1099, -0.180199, 0.394096, 0.288192])
    assert first.bias == near([0.0599, -0.105904])
    assert last.weight[0] == near([0.725158, -0.459147])
    assert last.bias == near([0.257462])
    assert quadratic_cost(model.forward(x), y) == near(0.0945)


@activations
def test_all_gradients_match_central_differences(ours, theirs, rng):
    model = network(rng, activation=ours)
    x, target = rng.normal(size=(6, 4)), np.array([0, 2, 1, 1, 0, 2])
    [theta], [grad] = model.parameters(), model.gradients()
    start = theta.copy()

    def loss_at(point):
        theta[:] = point
        return cross_entropy(model.forward(x), target)

    expected = numerical_gradient(loss_at, start)
    theta[:] = start
    input_grad = model.backward(cross_entropy_grad(model.forward(x), target))
    expected_input = numerical_gradient(
        lambda x: cross_entropy(model.forward(x), target), x
    )

    np.testing.assert_allclose(grad, expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(input_grad, expected_input, rtol=1e-6, atol=1e-9)


@dtypes
@activations
def test_values_and_gradients_match_pytorch(ours, theirs, dtype, rng):
    model = network(rng, activation=ours, dtype=dtype)
    reference = twin(model, theirs)
    x, target = rng.normal(size=(7, 4)).astype(dtype), rng.integers(0, 3, 7)
    inputs = torch.tensor(x, requires_grad=True)
    logits = reference(inputs)
    torch.nn.functional.cross_entropy(logits, torch.tensor(target)).backward()

    pred = model.forward(x)
    input_grad = model.backward(cross_entropy_grad(pred, target))

    close = partial(
        np.testing.assert_allclose, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype]
    )
    assert pred.dtype == input_grad.dtype == dtype
    close(pred, logits.detach())
    close(input_grad, inputs.grad)
    for layer, theirs_layer in ((model[0], reference[0]), (model[2], reference[2])):
        close(layer.gradients()[0], theirs_layer.weight.grad)
        close(layer.gradients()[1], theirs_layer.bias.grad)


def as_nodes(array):
    return np.array([Value(v) for v in array.ravel()]).reshape(array.shape)


@activations
def test_gradients_match_the_graph_of_numbers(ours, theirs, rng):
    """Las cuatro ecuaciones son la suma de caminos, agrupada por capas."""
    model = network(rng, activation=ours)
    x, target = rng.normal(size=(3, 4)), rng.normal(size=(3, 3))
    w1, b1, w2, b2 = (
        as_nodes(p)
        for p in (model[0].weight, model[0].bias, model[2].weight, model[2].bias)
    )
    inputs, name = as_nodes(x), ours.__name__.lower()
    z = inputs @ w1.T + b1
    h = np.array([getattr(v, name)() for v in z.ravel()]).reshape(z.shape)
    pred = h @ w2.T + b2
    cost = sum(((pred - target) ** 2).ravel()) / (2 * len(x))
    cost.backward()

    input_grad = model.backward(quadratic_cost_grad(model.forward(x), target))
    pairs = [(inputs, input_grad)]
    pairs += zip((w1, b1), model[0].gradients(), strict=True)
    pairs += zip((w2, b2), model[2].gradients(), strict=True)
    for nodes, gradient in pairs:
        found = np.array([v.grad for v in nodes.ravel()]).reshape(nodes.shape)
        np.testing.assert_allclose(gradient, found, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("z", [0.0, 1e-30, -1e-30, 3.0, -3.0, 800.0, -800.0])
@activations
def test_activation_layers_match_pytorch_at_the_kink_and_the_tails(ours, theirs, z):
    layer, x = ours(), torch.tensor([[z]], dtype=torch.float64, requires_grad=True)
    expected = theirs()(x)
    expected.backward()

    assert layer.forward(np.array([[z]])) == pytest.approx(expected.item())
    assert layer.backward(np.ones((1, 1))) == pytest.approx(x.grad.item())


@activations
def test_training_twenty_steps_matches_pytorch(ours, theirs, rng):
    model = network(rng, activation=ours)
    reference = twin(model, theirs)
    optimizer = SGD(model.parameters(), lr=0.3, momentum=0.9)
    their_optimizer = torch.optim.SGD(reference.parameters(), lr=0.3, momentum=0.9)
    x, target = rng.normal(size=(8, 4)), rng.integers(0, 3, 8)
    for _ in range(20):
        model.write_gradients(cross_entropy_grad(model.forward(x), target))
        optimizer.step(model.gradients())
        their_optimizer.zero_grad()
        torch.nn.functional.cross_entropy(
            reference(torch.tensor(x)), torch.tensor(target)
        ).backward()
        their_optimizer.step()

    theirs_flat = torch.nn.utils.parameters_to_vector(reference.parameters())
    np.testing.assert_allclose(
        model.parameters()[0], theirs_flat.detach(), rtol=1e-9, atol=1e-12
    )


BATCH = arrays(np.float64, (3, 4), elements=st.floats(-3, 3))


@given(BATCH, BATCH, st.floats(-3, 3))
def test_linear_is_affine_forward_and_linear_backward(a, b, scale):
    layer = Linear(4, 2, rng=np.random.default_rng(0))
    layer.bias = [1.0, -2.0]
    combined = layer.forward(a + scale * b)
    expected = layer.forward(a) + scale * (layer.forward(b) - layer.bias)
    doubled = layer.backward(2 * a[:, :2])

    np.testing.assert_allclose(combined, expected, atol=1e-9)
    np.testing.assert_allclose(doubled, 2 * layer.backward(a[:, :2]), atol=1e-9)


@given(BATCH)
def test_the_gradient_of_a_batch_is_the_sum_of_those_of_its_examples(x):
    model = network(np.random.default_rng(0), activation=Tanh)
    upstream = np.arange(9.0).reshape(3, 3)
    one_by_one = 0
    for i in range(3):
        model.forward(x[i : i + 1])
        model.backward(upstream[i : i + 1])
        one_by_one = one_by_one + model.gradients()[0]
    model.forward(x)
    model.backward(upstream)

    np.testing.assert_allclose(model.gradients()[0], one_by_one, atol=1e-9)


def test_backward_overwrites_the_gradients(rng):
    model, x, grad = network(rng), rng.normal(size=(2, 4)), rng.normal(size=(2, 3))
    model.forward(x)
    model.backward(grad)
    once = model.gradients()[0].copy()
    model.backward(grad)

    np.testing.assert_array_equal(model.gradients()[0], once)


def test_forward_returns_a_new_array_each_time(rng):
    model, x = network(rng), rng.normal(size=(2, 4))
    first = model.forward(x)
    kept = first.copy()
    model.forward(2 * x)

    np.testing.assert_array_equal(first, kept)


def test_bias_starts_at_zero_and_init_chooses_the_weight():
    layer = Linear(
        300, 200, rng=np.random.default_rng(0), init=partial(normal, std=0.01)
    )

    assert not layer.bias.any()
    assert layer.weight.std() == pytest.approx(0.01, rel=0.01)
    assert np.abs(Linear(3, 3, rng=np.random.default_rng(0)).weight).max() <= 1


RNG = np.random.default_rng(0)
LINEAR = Linear(4, 3, rng=RNG)
REJECTED = {
    "entrada-de-menos": (lambda: LINEAR.forward(np.ones((2, 3))), ValueError, r"\(N, 4\); se recibió \(2, 3\)"),
    "entrada-sin-lote": (lambda: LINEAR.forward(np.ones(4)), ValueError, r"\(N, 4\); se recibió \(4,\)"),
    "entrada-imagenes": (lambda: LINEAR.forward(np.ones((2, 2, 2))), ValueError, r"\(2, 2, 2\)"),
    "entrada-otro-tipo": (lambda: LINEAR.forward(np.ones((2, 4), np.float32)), TypeError, "float64; se recibió float32"),
    "entrada-bytes": (lambda: LINEAR.forward(np.ones((2, 4), np.uint8)), TypeError, "recibió uint8"),
    "entrada-lista": (lambda: LINEAR.forward([[1.0] * 4]), TypeError, "recibió list"),
    "activacion-lista": (lambda: Tanh().forward([1.0]), TypeError, "list"),
    "in-cero": (lambda: Linear(0, 3, rng=RNG), ValueError, "in_features .* 0"),
    "out-real": (lambda: Linear(4, 3.0, rng=RNG), TypeError, "out_features .* float"),
    "semilla": (lambda: Linear(4, 3, rng=0), TypeError, "default_rng.* int"),
    "init-forma": (lambda: Linear(4, 3, rng=RNG, init=lambda shape, **_: np.ones(shape[::-1])), ValueError, r"init .*\(3, 4\).*\(4, 3\)"),
    "init-tipo": (lambda: Linear(4, 3, rng=RNG, init=lambda shape, **_: np.ones(shape, int)), TypeError, "init .* int64"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_shortcut_of_a_residual_block_adds_the_input_and_the_incoming_gradient(rng):
    """La misma fila, con atajo y sin él: la diferencia es lo que entra y lo que llega."""
    rows = [(Linear(3, 3, rng=np.random.default_rng(0)), Tanh()) for _ in range(2)]
    plain, block = Sequential(*rows[0]), Residual(*rows[1])
    x, delta = rng.normal(size=(2, 4, 3))

    np.testing.assert_allclose(block.forward(x), x + plain.forward(x))
    np.testing.assert_allclose(block.backward(delta), delta + plain.backward(delta))
    np.testing.assert_allclose(block.gradients()[0], plain.gradients()[0])
