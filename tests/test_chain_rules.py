"""Las dos reglas de la cadena: valores a mano, derivadas, leyes, errores y PyTorch."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes.chain_rules import (
    forward_rule,
    local_gradients,
    network_graph,
    reverse_rule,
)
from apuntes.gradcheck import numerical_gradient
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import quadratic_cost, quadratic_cost_grad

# x2 = x0 x1, x3 = x2 + x0 y x4 = x3 x2 en x0 = 2, x1 = 3: x4 = x0² x1² + x0² x1.
HAND = [{}, {}, {0: 3.0, 1: 2.0}, {0: 1.0, 2: 1.0}, {2: 8.0, 3: 6.0}]


def reference(x0: float, x1: float):
    """Fe de erratas, E2-25: sistema de cinco variables y su derivada, −0,096072."""
    x2 = x0 * x1 + x0**2
    x3 = math.sin(x2) * x1 + x0
    return x3 * x2 * x0 + x1, [
        *({}, {}),
        {0: x1 + 2 * x0, 1: x0},
        {0: 1.0, 1: math.sin(x2), 2: math.cos(x2) * x1},
        {0: x3 * x2, 1: 1.0, 2: x3 * x0, 3: x2 * x0},
    ]


@st.composite
def systems(draw):
    """Un sistema ordenado cualquiera, con ceros y con huecos."""
    n = draw(st.integers(1, 7))
    value = st.integers(-3, 3).map(float)
    return [{k: draw(value) for k in range(i) if draw(st.booleans())} for i in range(n)]


def ordered_derivatives(partials) -> np.ndarray:
    """La tabla entera, de otra manera: la inversa de I − P."""
    n = len(partials)
    table = np.zeros((n, n))
    for i, causes in enumerate(partials):
        for k, partial in causes.items():
            table[i, k] = partial
    return np.linalg.inv(np.eye(n) - table)


def small_network(rng, sizes=(3, 4, 2)):
    layers = [Linear(i, o, rng=rng) for i, o in pairwise(sizes)]
    for layer in layers:
        layer.bias = rng.normal(size=layer.bias.shape)
    pairs = [(layer.weight.copy(), layer.bias.copy()) for layer in layers]
    stack = [part for layer in layers for part in (layer, Sigmoid())]
    return Sequential(*stack), pairs


# -- valores a mano --------------------------------------------------------------


def test_forward_rule_by_hand():
    derivatives, products = forward_rule(HAND, 0)

    assert derivatives.tolist() == [1, 0, 3, 4, 48]
    assert products == 5


def test_reverse_rule_by_hand():
    derivatives, products = reverse_rule(HAND, 4)

    assert derivatives.tolist() == [48, 28, 14, 6, 1]
    assert products == 6


def test_a_zero_derivative_costs_no_products():
    """x1 y x2 dependen de x0, y ninguna de la otra."""
    siblings = [{}, {0: 2.0}, {0: 5.0}]
    derivatives, products = reverse_rule(siblings, 2)

    assert derivatives.tolist() == [5, 0, 1]
    assert products == 1
    assert forward_rule(siblings, 1)[1] == 0


def test_the_other_cause_costs_another_forward_pass():
    assert forward_rule(HAND, 1)[0].tolist() == [0, 1, 2, 2, 28]


def test_reference_system_of_the_errata():
    _, partials = reference(0.3, -0.7)

    assert forward_rule(partials, 0)[0][4] == pytest.approx(-0.096072, abs=1e-6)
    assert reverse_rule(partials, 4)[0][0] == pytest.approx(-0.096072, abs=1e-6)


def test_local_gradients_by_hand():
    """0,4·0,5·0,5 = 0,1 y −2·0,2·0,8 = −0,32, por las entradas 1 y 3."""
    weights, biases = local_gradients(
        np.array([0.4, -2.0]), np.array([1.0, 3.0]), np.array([0.5, 0.2])
    )

    np.testing.assert_allclose(weights, [[0.1, 0.3], [-0.32, -0.96]])
    np.testing.assert_allclose(biases, [0.1, -0.32])


# -- derivadas y PyTorch -----------------------------------------------------------


@given(x0=st.floats(-1.5, 1.5), x1=st.floats(-1.5, 1.5))
def test_both_rules_match_central_differences(x0, x1):
    _, partials = reference(x0, x1)
    numeric = numerical_gradient(lambda p: reference(*p)[0], np.array([x0, x1]))

    forward = [forward_rule(partials, j)[0][4] for j in (0, 1)]

    np.testing.assert_allclose(forward, numeric, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(reverse_rule(partials, 4)[0][:2], forward, rtol=1e-12, atol=1e-12)  # fmt: skip


@pytest.mark.parametrize("sizes", [(1, 1), (3, 4, 2), (2, 3, 3, 1)])
def test_network_graph_gives_the_gradients_of_layers(rng, sizes):
    model, pairs = small_network(rng, sizes)
    x, y = rng.normal(size=sizes[0]), rng.uniform(size=sizes[-1])
    output = model.forward(x[None])
    model.backward(quadratic_cost_grad(output, y[None]))

    graph, tables = network_graph(x, y, pairs)
    derivatives, _ = reverse_rule(graph, len(graph) - 1)

    expected = [model[2 * i].gradients() for i in range(len(pairs))]
    for table, (weight, bias) in zip(tables, expected, strict=True):
        np.testing.assert_allclose(derivatives[table[:, :-2]], weight, rtol=1e-12)
        np.testing.assert_allclose(derivatives[table[:, -2]], bias, rtol=1e-12)
    np.testing.assert_allclose(derivatives[: len(x)], model.backward(quadratic_cost_grad(output, y[None]))[0])  # fmt: skip


def test_credit_of_hidden_neurons_matches_pytorch(rng):
    _, pairs = small_network(rng)
    x, y = rng.normal(size=3), rng.uniform(size=2)
    (w1, b1), (w2, b2) = [[torch.tensor(p) for p in pair] for pair in pairs]
    hidden = torch.sigmoid(w1 @ torch.tensor(x) + b1).requires_grad_()
    cost = ((torch.sigmoid(w2 @ hidden + b2) - torch.tensor(y)) ** 2).sum() / 2
    cost.backward()

    graph, (table, _) = network_graph(x, y, pairs)
    credit = reverse_rule(graph, len(graph) - 1)[0][table[:, -1]]

    np.testing.assert_allclose(credit, hidden.grad.numpy(), rtol=1e-12)


def test_credit_predicts_what_a_nudge_does(rng):
    """Empujar una activación oculta cambia el coste en su crédito, por el empujón."""
    _, pairs = small_network(rng)
    x, y = rng.normal(size=3), rng.uniform(size=2)
    (w1, b1), (w2, b2) = pairs
    h = 1 / (1 + np.exp(-(w1 @ x + b1)))

    def cost(h):
        return quadratic_cost((1 / (1 + np.exp(-(w2 @ h + b2))))[None], y[None])

    graph, (table, _) = network_graph(x, y, pairs)
    credit = reverse_rule(graph, len(graph) - 1)[0][table[:, -1]]

    np.testing.assert_allclose(credit, numerical_gradient(cost, h), rtol=1e-6)


@given(seed=st.integers(0, 99))
def test_local_gradients_are_the_global_ones(seed):
    """Con el crédito en la mano, cada neurona saca el mismo gradiente ella sola."""
    rng = np.random.default_rng(seed)
    _, pairs = small_network(rng)
    x, y = rng.normal(size=3), rng.uniform(size=2)
    h = 1 / (1 + np.exp(-(pairs[0][0] @ x + pairs[0][1])))
    graph, (table, _) = network_graph(x, y, pairs)
    derivatives, _ = reverse_rule(graph, len(graph) - 1)

    weights, biases = local_gradients(derivatives[table[:, -1]], x, h)

    np.testing.assert_allclose(weights, derivatives[table[:, :-2]], rtol=1e-10)
    np.testing.assert_allclose(biases, derivatives[table[:, -2]], rtol=1e-10)


def test_local_gradients_match_central_differences(rng):
    x, theta, credit = rng.normal(size=3), rng.normal(size=(2, 4)), rng.normal(size=2)

    def shared(theta):
        return float(credit @ (1 / (1 + np.exp(-(theta[:, :3] @ x + theta[:, 3])))))

    h = 1 / (1 + np.exp(-(theta[:, :3] @ x + theta[:, 3])))
    weights, biases = local_gradients(credit, x, h)
    numeric = numerical_gradient(shared, theta)

    np.testing.assert_allclose(weights, numeric[:, :3], rtol=1e-6)
    np.testing.assert_allclose(biases, numeric[:, 3], rtol=1e-6)


# -- leyes -----------------------------------------------------------------------


@given(partials=systems())
def test_the_two_rules_fill_the_same_table(partials):
    """Una da las columnas y la otra las filas de la misma matriz."""
    n = len(partials)
    expected = ordered_derivatives(partials)

    columns = np.array([forward_rule(partials, j)[0] for j in range(n)]).T
    rows = np.array([reverse_rule(partials, i)[0] for i in range(n)])

    np.testing.assert_allclose(columns, expected, atol=1e-6)
    np.testing.assert_allclose(rows, expected, atol=1e-6)


@given(partials=systems())
def test_no_pass_costs_more_than_the_arcs(partials):
    arcs = sum(map(len, partials))

    assert all(forward_rule(partials, j)[1] <= arcs for j in range(len(partials)))
    assert all(reverse_rule(partials, i)[1] <= arcs for i in range(len(partials)))


def test_one_reverse_pass_beats_one_forward_pass_per_parameter(rng):
    _, pairs = small_network(rng, (4, 6, 6, 1))
    graph, tables = network_graph(rng.normal(size=4), np.ones(1), pairs)
    parameters = [int(p) for table in tables for p in table[:, :-1].ravel()]

    forward = [forward_rule(graph, p) for p in parameters]
    derivatives, products = reverse_rule(graph, len(graph) - 1)

    np.testing.assert_allclose([d[-1] for d, _ in forward], derivatives[parameters])
    assert sum(cost for _, cost in forward) > 5 * products


def test_inputs_are_not_modified(rng):
    _, pairs = small_network(rng)
    x, y = np.ones(3), np.zeros(2)
    graph, _ = network_graph(x, y, pairs)
    copy = [dict(causes) for causes in graph]
    reverse_rule(graph, len(graph) - 1)
    forward_rule(graph, 0)

    assert graph == copy
    assert x.tolist() == [1, 1, 1]


def test_float32_in_float32_out():
    one = np.ones(1, dtype=np.float32)
    weights, biases = local_gradients(one, one, one / 2)

    assert weights.dtype == biases.dtype == np.float32


# -- errores ---------------------------------------------------------------------

X, Y, PAIR = np.ones(2), np.ones(1), (np.ones((1, 2)), np.ones(1))
REJECTED = {
    "causa-posterior": (lambda: forward_rule([{1: 1.0}, {}], 0), ValueError, r"variable 0 .* se recibió \[1\]"),
    "causa-de-si-misma": (lambda: reverse_rule([{}, {1: 1.0}], 1), ValueError, r"variable 1 .* se recibió \[1\]"),
    "causa-negativa": (lambda: reverse_rule([{}, {-1: 1.0}], 1), ValueError, r"se recibió \[-1\]"),
    "no-hay-tal-causa": (lambda: forward_rule([{}], 1), IndexError, "hay 1 variables; se recibió 1"),
    "efecto-negativo": (lambda: reverse_rule([{}], -1), IndexError, "se recibió -1"),
    "red-enteros": (lambda: network_graph(X.astype(int), Y, [PAIR]), TypeError, "x .* int64"),
    "red-objetivo-entero": (lambda: network_graph(X, Y.astype(int), [PAIR]), TypeError, "target .* int64"),
    "red-pesos": (lambda: network_graph(X, Y, [(np.ones((1, 3)), Y)]), ValueError, r"weight .*\(1, 2\); se recibió \(1, 3\)"),
    "red-sesgos": (lambda: network_graph(X, Y, [(PAIR[0], X)]), ValueError, r"bias .*\(1,\); se recibió \(2,\)"),
    "red-objetivo": (lambda: network_graph(X, X, [PAIR]), ValueError, "formas .* se recibió"),
    "local-enteros": (lambda: local_gradients(Y, np.array([1]), Y), TypeError, "x .* int64"),
    "local-credito": (lambda: local_gradients(X, X, Y), ValueError, "formas"),
    "local-entrada": (lambda: local_gradients(Y, np.ones((1, 2)), Y), ValueError, r"x .*\(D,\); se recibió \(1, 2\)"),
    "local-lote": (lambda: local_gradients(np.ones((1, 1)), X, np.ones((1, 1))), ValueError, r"h .*\(H,\); se recibió \(1, 1\)"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
