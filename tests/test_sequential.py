"""Capas en fila: un solo vector, vistas que no se rompen, copias y lo que rechaza."""

import copy
import pickle

import numpy as np
import pytest
from redes import network

from apuntes.layers import Linear, ReLU, Sequential, Sigmoid, Tanh
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.optimizers import SGD


def test_the_784_15_10_network_has_the_parameters_of_reference_r08(rng):
    model = Sequential(Linear(784, 15, rng=rng), Sigmoid(), Linear(15, 10, rng=rng))
    sizes = [p.size for layer in model.layers for p in layer.parameters()]

    assert sizes == [11760, 15, 150, 10]
    assert [p.size for p in model.parameters()] == [11935]


@pytest.mark.parametrize("build", [lambda rng: network(rng), lambda rng: Sequential(Linear(4, 3, rng=rng)), lambda rng: Linear(4, 3, rng=rng)], ids=["red", "una-capa", "lineal"])  # fmt: skip
def test_write_gradients_leaves_the_same_gradients_as_backward(build, rng):
    model, x, grad = build(rng), rng.normal(size=(2, 4)), rng.normal(size=(2, 3))
    model.forward(x)
    model.backward(grad)
    expected = [g.copy() for g in model.gradients()]
    for g in model.gradients():
        g[...] = 7
    assert model.write_gradients(grad) is None

    for g, e in zip(model.gradients(), expected, strict=True):
        np.testing.assert_array_equal(g, e)


def test_layers_of_a_network_are_views_of_one_vector(rng):
    loose = [Linear(4, 5, rng=rng), Linear(5, 3, rng=rng)]
    weights = [layer.weight.copy() for layer in loose]
    model = Sequential(loose[0], Tanh(), loose[1])
    [theta], [grad] = model.parameters(), model.gradients()

    for layer, weight in zip(loose, weights, strict=True):
        np.testing.assert_array_equal(layer.weight, weight)
        assert all(np.shares_memory(theta, p) for p in layer.parameters())
        assert all(np.shares_memory(grad, g) for g in layer.gradients())
    theta[:] = np.arange(43)
    assert loose[0].weight[1, 0] == 4
    assert loose[1].bias.tolist() == [40, 41, 42]
    assert model.parameters()[0] is theta


def test_a_network_inside_another_shares_its_vector(rng):
    inner = Sequential(Linear(5, 5, rng=rng), Tanh())
    model = Sequential(Linear(4, 5, rng=rng), inner, Linear(5, 3, rng=rng))
    model.forward(rng.normal(size=(2, 4)))
    model.backward(np.ones((2, 3)))
    [theta], [grad] = model.parameters(), model.gradients()
    theta += 1

    assert np.shares_memory(theta, inner.parameters()[0])
    np.testing.assert_array_equal(inner.parameters()[0], theta[25:55])
    np.testing.assert_array_equal(inner[0].gradients()[0].ravel(), grad[25:50])


@pytest.mark.parametrize("nested", [False, True], ids=["plana", "anidada"])
@pytest.mark.parametrize("clone", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["deepcopy", "pickle"])  # fmt: skip
def test_a_copy_is_independent_and_trains(clone, nested, rng):
    model = network(rng)
    if nested:
        model = Sequential(model, Tanh(), Linear(3, 3, rng=rng))
    x, target = rng.normal(size=(5, 4)), rng.integers(0, 3, 5)
    other = clone(model)
    before, pred = model.parameters()[0].copy(), model.forward(x)
    np.testing.assert_array_equal(other.forward(x), pred)
    optimizer = SGD(other.parameters(), lr=0.5)
    other.write_gradients(cross_entropy_grad(other.forward(x), target))
    optimizer.step(other.gradients())

    np.testing.assert_array_equal(model.parameters()[0], before)
    assert cross_entropy(other.forward(x), target) < cross_entropy(pred, target)


def test_a_network_copied_with_its_optimizer_stays_tied_to_it(rng):
    model = network(rng)
    other, optimizer = copy.deepcopy((model, SGD(model.parameters(), lr=1.0)))

    assert optimizer.params[0] is other.parameters()[0]
    assert np.shares_memory(optimizer.params[0], other[0].weight)


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["deepcopy", "pickle"])  # fmt: skip
def test_a_copied_layer_can_join_another_network(clone, rng):
    model = network(rng)
    other = Sequential(clone(model[0]), Tanh())
    other.parameters()[0][:] = 0

    assert model[0].weight.any()
    assert not other[0].weight.any()


def test_train_and_eval_reach_every_layer(rng):
    model = Sequential(network(rng), Tanh())

    assert model.eval() is model
    assert [model.training, model[0].training, model[0][1].training] == [False] * 3
    model.train()
    assert [model.training, model[0].training, model[0][1].training] == [True] * 3


def test_a_network_without_parameters_works_and_can_be_copied():
    model = copy.deepcopy(Sequential(Tanh(), ReLU()))

    assert model.parameters() == model.gradients() == []
    assert model.forward(np.array([[0.0, -1.0]])).tolist() == [[0.0, 0.0]]


def test_repr_says_the_network(rng):
    assert repr(network(rng)) == "Sequential(Linear(4, 5), Sigmoid(), Linear(5, 3))"


RNG = np.random.default_rng(0)
LINEAR = Linear(4, 3, rng=RNG)
USED = Sequential(Linear(4, 4, rng=RNG))
REJECTED = {
    "red-vacia": (lambda: Sequential(), ValueError, r"capas.*\(\)"),
    "red-lista": (lambda: Sequential([LINEAR, Tanh()]), TypeError, "capas; se recibió list"),
    "red-clase": (lambda: Sequential(LINEAR, Tanh), TypeError, "capas; se recibió ABCMeta"),
    "red-repetida": (lambda: Sequential(Tanh(), LINEAR, LINEAR), ValueError, "distintas.*Linear"),
    "red-capa-ajena": (lambda: Sequential(USED[0], Tanh()), ValueError, "otra Sequential.*deepcopy.*Linear"),
    "red-tipos": (lambda: Sequential(Linear(4, 4, rng=RNG), Linear(4, 4, rng=RNG, dtype=np.float32)), TypeError, "float32.*float64"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
