"""Conexión residual: a mano, diferencias centradas, PyTorch, θ plano y errores."""

import copy
import pickle

import numpy as np
import pytest
import torch
from redes import Modes

from apuntes.gradcheck import numerical_gradient
from apuntes.gradients import grad_norms
from apuntes.layers import Linear, ReLU, Residual, Sequential, Sigmoid, Tanh
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.optimizers import SGD

clones = pytest.mark.parametrize("clone", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["deepcopy", "pickle"])  # fmt: skip


def deep(rng, dtype=np.float64):
    """Red con un atajo dentro de otro."""
    inner = Residual(Tanh(), Linear(4, 4, rng=rng, dtype=dtype))
    return Sequential(
        Linear(4, 4, rng=rng, dtype=dtype),
        Residual(Linear(4, 4, rng=rng, dtype=dtype), inner, Tanh()),
        Linear(4, 3, rng=rng, dtype=dtype),
    )


def test_one_block_by_hand():
    """Con a = x + max(2x − 1, 0): de 3 sale 8 con pendiente 3; de −1, −1 con 1."""
    block = Residual(Linear(1, 1, rng=np.random.default_rng(0)), ReLU())
    block[0].weight, block[0].bias = [[2.0]], [-1.0]

    assert block.forward(np.array([[3.0], [-1.0]])).tolist() == [[8.0], [-1.0]]
    assert block.backward(np.array([[1.0], [10.0]])).tolist() == [[3.0], [10.0]]
    assert block.gradients()[0].tolist() == [3.0, 1.0]


def test_all_gradients_match_central_differences(rng):
    model = deep(rng)
    x, target = rng.normal(size=(6, 4)), np.array([0, 2, 1, 1, 0, 2])
    [theta], [grad] = model.parameters(), model.gradients()
    start = theta.copy()

    def loss_at(point, x=x):
        theta[:] = point
        return cross_entropy(model.forward(x), target)

    expected = numerical_gradient(loss_at, start)
    expected_input = numerical_gradient(lambda x: loss_at(start, x), x)
    theta[:] = start
    input_grad = model.backward(cross_entropy_grad(model.forward(x), target))

    np.testing.assert_allclose(grad, expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(input_grad, expected_input, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_training_fifty_steps_matches_pytorch(dtype, rng):
    model = deep(rng, dtype)
    outer = model[1]
    linears = [model[0], outer[0], outer[1][1], model[2]]
    params = [torch.tensor(p, requires_grad=True) for layer in linears for p in layer.parameters()]  # fmt: skip
    w0, b0, w1, b1, w2, b2, w3, b3 = params
    optimizer, theirs = SGD(model.parameters(), lr=0.1), torch.optim.SGD(params, lr=0.1)
    x, target = rng.normal(size=(8, 4)).astype(dtype), rng.integers(0, 3, 8)
    for _ in range(50):
        model.write_gradients(cross_entropy_grad(model.forward(x), target))
        optimizer.step(model.gradients())
        h = torch.tensor(x) @ w0.T + b0
        z = h @ w1.T + b1
        h = h + torch.tanh(z + torch.tanh(z) @ w2.T + b2)
        theirs.zero_grad()
        torch.nn.functional.cross_entropy(h @ w3.T + b3, torch.tensor(target)).backward()  # fmt: skip
        theirs.step()

    flat = torch.nn.utils.parameters_to_vector(params).detach()
    tolerance = 1e-12 if dtype is np.float64 else 1e-5
    assert model.parameters()[0].dtype == dtype
    np.testing.assert_allclose(model.parameters()[0], flat, rtol=tolerance, atol=tolerance)  # fmt: skip


def test_with_zero_weights_the_block_is_the_identity(rng):
    block, x, grad = (
        Residual(Linear(4, 4, rng=rng), Tanh()),
        *rng.normal(size=(2, 3, 4)),
    )
    block.parameters()[0][:] = 0

    np.testing.assert_array_equal(block.forward(x), x)
    np.testing.assert_array_equal(block.backward(grad), grad)


def test_shortcuts_keep_the_gradient_of_the_first_layers_alive(rng):
    """La misma red de veinte capas sigmoides, con atajos y sin ellos."""
    blocks = [(Linear(8, 8, rng=rng), Sigmoid()) for _ in range(20)]
    plain = Sequential(*(layer for block in copy.deepcopy(blocks) for layer in block))
    residual = Sequential(*(Residual(*block) for block in blocks))
    x, target = rng.normal(size=(10, 8)), rng.integers(0, 8, 10)
    first = []
    for model in (plain, residual):
        model.write_gradients(cross_entropy_grad(model.forward(x), target))
        first.append(grad_norms(model)[0])

    assert first[0] < 1e-10
    assert first[1] > 1e-3


def test_what_the_inside_saved_is_not_touched(rng):
    """Sumar el atajo en el sitio estropearía lo que la tanh guardó para la vuelta."""
    block, x = Residual(Tanh()), rng.normal(size=(3, 4))
    out = block.forward(x)
    grad = np.ones((3, 4))

    np.testing.assert_allclose(block.backward(grad), 2 - np.tanh(x) ** 2)
    np.testing.assert_allclose(out, x + np.tanh(x))
    assert (grad == 1).all()


def test_an_inside_that_returns_its_own_argument_is_not_overwritten():
    block, x = Residual(Modes()), np.ones((2, 3))

    assert (block.forward(x) == 2).all()
    assert (block.backward(x) == 2).all()
    assert (x == 1).all()


def test_its_parameters_live_in_the_vector_of_the_network(rng):
    model = deep(rng)
    [theta], [grad] = model.parameters(), model.gradients()
    model.forward(rng.normal(size=(2, 4)))
    model.backward(np.ones((2, 3)))
    theta[:] = np.arange(75)

    assert theta.size == 75
    assert model[1][0].weight[0].tolist() == [20, 21, 22, 23]
    assert model[1][1][1].bias.tolist() == [56, 57, 58, 59]
    assert np.shares_memory(grad, model[1][1][1].gradients()[0])
    np.testing.assert_array_equal(model[1].gradients()[0], grad[20:60])


def test_write_gradients_leaves_the_same_gradients_as_backward(rng):
    block, x, grad = (
        Residual(Linear(4, 4, rng=rng), Tanh()),
        *rng.normal(size=(2, 3, 4)),
    )
    block.forward(x)
    block.backward(grad)
    expected = block.gradients()[0].copy()
    block.gradients()[0][:] = 7
    assert block.write_gradients(grad) is None

    np.testing.assert_array_equal(block.gradients()[0], expected)


@clones
@pytest.mark.parametrize("build", [deep, lambda rng: Residual(Linear(4, 4, rng=rng))], ids=["red", "suelta"])  # fmt: skip
def test_a_copy_is_independent_and_trains(build, clone, rng):
    model, x, target = build(rng), rng.normal(size=(5, 4)), rng.integers(0, 3, 5)
    other = clone(model)
    before, pred = model.parameters()[0].copy(), model.forward(x)
    np.testing.assert_array_equal(other.forward(x), pred)
    other.write_gradients(cross_entropy_grad(other.forward(x), target))
    SGD(other.parameters(), lr=0.1).step(other.gradients())

    np.testing.assert_array_equal(model.parameters()[0], before)
    assert cross_entropy(other.forward(x), target) < cross_entropy(pred, target)


def test_train_and_eval_go_inside():
    inside = Modes()
    block = Residual(Sequential(inside), Tanh())

    assert block.eval() is block
    assert not inside.training
    block.train()
    assert inside.training


def test_repr_says_it_is_residual(rng):
    assert repr(Sequential(Residual(Linear(2, 2, rng=rng)))) == "Sequential(Residual(Linear(2, 2)))"  # fmt: skip


RNG = np.random.default_rng(0)
USED = Residual(Linear(4, 4, rng=RNG))
REJECTED = {
    "otra-forma": (lambda: Residual(Linear(4, 3, rng=RNG)).forward(np.ones((2, 4))), ValueError, r"la salida de f .*\(2, 4\); se recibió \(2, 3\)"),
    "difusion": (lambda: Residual(Linear(4, 1, rng=RNG)).forward(np.ones((2, 4))), ValueError, r"\(2, 4\); se recibió \(2, 1\)"),
    "vacia": (lambda: Residual(), ValueError, r"capas.*\(\)"),
    "sin-capa": (lambda: Residual(np.tanh), TypeError, "capas; se recibió ufunc"),
    "capa-de-otra": (lambda: Sequential(USED, USED[0]), ValueError, "ninguna otra"),
    "sin-forward": (lambda: Residual(Tanh()).backward(np.ones((2, 3))), RuntimeError, "antes un forward"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
