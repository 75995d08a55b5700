"""Simetrías: la función no cambia, la alineación es la mejor, y los errores."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apuntes.layers import Linear, ReLU, Sequential, Sigmoid, Tanh
from apuntes.symmetries import (
    _assignment,
    align_neurons,
    permute_neurons,
    rescale_neurons,
)


def network(rng, *, hidden=4, activation=Tanh):
    """Red 3-H-H-2: dos capas ocultas, en los lugares 0 y 2."""
    return Sequential(
        Linear(3, hidden, rng=rng),
        activation(),
        Linear(hidden, hidden, rng=rng),
        activation(),
        Linear(hidden, 2, rng=rng),
    )


def shallow(rng, *, hidden=4, activation=Tanh):
    model = Sequential(
        Linear(3, hidden, rng=rng), activation(), Linear(hidden, 2, rng=rng)
    )
    model.parameters()[0][:] = rng.normal(size=model.parameters()[0].size)
    return model


def theta(model):
    return model.parameters()[0]


@pytest.mark.parametrize("activation", [Tanh, ReLU, Sigmoid])
@pytest.mark.parametrize("layer", [0, 2])
@given(seed=st.integers(0, 99))
def test_permuting_neurons_does_not_change_the_function(activation, layer, seed):
    rng = np.random.default_rng(seed)
    model, x = network(rng, activation=activation), rng.normal(size=(5, 3))
    theta(model)[:] = rng.normal(size=theta(model).size)
    before = theta(model).copy()

    twin = permute_neurons(model, rng.permutation(4), layer=layer)

    np.testing.assert_allclose(twin.forward(x), model.forward(x), rtol=1e-12)
    np.testing.assert_array_equal(theta(model), before)
    assert sorted(theta(twin)) == sorted(before)


def test_permuted_neuron_is_the_one_the_order_names(rng):
    model = shallow(rng)

    twin = permute_neurons(model, [2, 0, 3, 1])

    np.testing.assert_array_equal(twin[0].weight[0], model[0].weight[2])
    assert twin[0].bias[3] == model[0].bias[1]
    np.testing.assert_array_equal(twin[2].weight[:, 2], model[2].weight[:, 3])
    np.testing.assert_array_equal(twin[2].bias, model[2].bias)


@pytest.mark.parametrize("layer", [0, 2])
@given(seed=st.integers(0, 99))
def test_rescaling_relu_neurons_does_not_change_the_function(layer, seed):
    rng = np.random.default_rng(seed)
    model, x = network(rng, activation=ReLU), rng.normal(size=(5, 3))
    theta(model)[:] = rng.normal(size=theta(model).size)
    factors = rng.uniform(0.1, 9, size=4)

    twin = rescale_neurons(model, factors, layer=layer)

    np.testing.assert_allclose(twin.forward(x), model.forward(x), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(twin[layer].bias, model[layer].bias * factors)
    assert not np.allclose(theta(twin), theta(model))


@given(seed=st.integers(0, 99))
def test_flipping_tanh_neurons_does_not_change_the_function(seed):
    rng = np.random.default_rng(seed)
    model, x = shallow(rng), rng.normal(size=(5, 3))

    twin = rescale_neurons(model, rng.choice([-1.0, 1.0], size=4))

    np.testing.assert_allclose(
        twin.forward(x), model.forward(x), rtol=1e-12, atol=1e-12
    )


@pytest.mark.parametrize("activation", [Tanh, ReLU, Sigmoid])
@given(seed=st.integers(0, 30))
def test_alignment_is_the_best_of_all_equivalent_copies(activation, seed):
    rng = np.random.default_rng(seed)
    model, reference = (shallow(rng, hidden=3, activation=activation) for _ in range(2))
    flips = (
        itertools.product([1.0, -1.0], repeat=3) if activation is Tanh else [(1.0,) * 3]
    )
    copies = itertools.product(itertools.permutations(range(3)), list(flips))
    best = min(
        np.linalg.norm(
            theta(rescale_neurons(permute_neurons(model, order), np.array(signs)))
            - theta(reference)
        )
        for order, signs in copies
    )

    twin = align_neurons(model, reference)

    assert np.linalg.norm(theta(twin) - theta(reference)) == pytest.approx(best)
    x = rng.normal(size=(5, 3))
    np.testing.assert_allclose(
        twin.forward(x), model.forward(x), rtol=1e-12, atol=1e-12
    )


def test_alignment_undoes_a_shuffle(rng):
    model = shallow(rng, hidden=12)
    shuffled = rescale_neurons(
        permute_neurons(model, rng.permutation(12)), rng.choice([-1.0, 1.0], size=12)
    )

    np.testing.assert_array_equal(theta(align_neurons(shuffled, model)), theta(model))


@given(n=st.integers(1, 6), seed=st.integers(0, 999))
def test_assignment_is_the_cheapest(n, seed):
    cost = np.random.default_rng(seed).integers(-9, 9, size=(n, n)).astype(float)
    rows = np.arange(n)
    best = min(cost[rows, order].sum() for order in itertools.permutations(range(n)))

    columns = _assignment(cost)

    assert sorted(columns) == list(rows)
    assert cost[rows, columns].sum() == best


RNG = np.random.default_rng(0)
TANH, RELU, SIGMOID = (shallow(RNG, activation=a) for a in (Tanh, ReLU, Sigmoid))
ONES = np.ones(4)
REJECTED = {
    "orden-repetido": (lambda: permute_neurons(TANH, [0, 0, 1, 2]), ValueError, r"permutación de 0 a 3; se recibió \[0, 0, 1, 2\]"),
    "orden-real": (lambda: permute_neurons(TANH, [0.0, 1.0, 2.0, 3.0]), ValueError, "permutación"),
    "orden-logico": (lambda: permute_neurons(TANH, [False, True]), ValueError, "permutación"),
    "orden-corto": (lambda: permute_neurons(TANH, [0, 1]), ValueError, "permutación"),
    "sin-capa": (lambda: permute_neurons(TANH, [0, 1, 2, 3], layer=2), TypeError, "desde el lugar 2"),
    "sin-lineal": (lambda: rescale_neurons(TANH, ONES, layer=1), TypeError, "desde el lugar 1"),
    "factor-cero": (lambda: rescale_neurons(RELU, 0 * ONES), ValueError, "positivos"),
    "factor-negativo": (lambda: rescale_neurons(RELU, -ONES), ValueError, "positivos"),
    "factor-infinito": (lambda: rescale_neurons(RELU, np.inf * ONES), ValueError, "inf"),
    "factor-tanh": (lambda: rescale_neurons(TANH, 2 * ONES), ValueError, "1 o -1 con Tanh"),
    "factor-sigmoide": (lambda: rescale_neurons(SIGMOID, 2 * ONES), ValueError, "Sigmoid"),
    "factores-de-menos": (lambda: rescale_neurons(TANH, np.ones(3)), ValueError, r"\(4,\); se recibió \(3,\)"),
    "factores-enteros": (lambda: rescale_neurons(TANH, np.ones(4, dtype=int)), TypeError, "factors"),
    "otra-red": (lambda: align_neurons(TANH, RELU), ValueError, "mismas capas"),
    "dos-ocultas": (lambda: align_neurons(network(RNG), network(RNG)), ValueError, "una capa oculta"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
