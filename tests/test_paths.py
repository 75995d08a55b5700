"""Suma de caminos y recursión Δ: cuentas a mano, leyes y cuánto trabajan."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes.graph import Value
from apuntes.paths import Derivative, delta_sum, deltas, path_sum, topological_order

both = pytest.mark.parametrize("way", [path_sum, delta_sum])


def ladder(depth, width=2, start=0.5):
    """`depth` capas de `width` nodos, cada uno unido a todos los de la anterior."""
    w = Value(start)
    layer = [w * 1.0 for _ in range(width)]
    for _ in range(depth - 1):
        total = [sum(layer[1:], layer[0]) for _ in range(width)]
        layer = [node.tanh() for node in total]
    return w, sum(layer[1:], layer[0])


@both
def test_two_paths_match_reference_r15(way):
    """Fe de erratas, R-15 y E1-14: o = sin(w²) e^{-3w}, aquí con tanh en vez de seno."""
    w = Value(0.5)
    y, z = w * w, -3 * w
    p, q = y.tanh(), z.exp()
    o = p * q
    first = q.data * (1 - p.data**2) * 2 * 0.5
    second = p.data * q.data * -3

    assert way(o, w).value == pytest.approx(first + second)
    assert way(o, y).value == pytest.approx(first)


@both
def test_five_squarings_have_derivative_32_w31(way):
    """Fe de erratas, E1-13: cinco capas que multiplican dan w³²."""
    w = node = Value(1.01)
    for _ in range(5):
        node = node * node
    derivative = way(node, w)

    assert node.data == pytest.approx(1.374941, abs=1e-6)
    assert derivative.value == pytest.approx(43.562477, abs=1e-6)
    assert derivative.terms == (32 if way is path_sum else 10)


@pytest.mark.parametrize("depth", [1, 2, 5, 10])
def test_paths_double_with_each_layer_and_the_recursion_adds_a_constant(depth):
    w = node = Value(1.0)
    for _ in range(depth):
        node = node * node

    assert path_sum(node, w) == Derivative(2.0**depth, 2**depth, 2 ** (depth + 1) - 2)
    assert delta_sum(node, w) == Derivative(2.0**depth, 2 * depth, 2 * depth)


@given(st.integers(1, 5), st.integers(1, 3), st.floats(-1, 1))
def test_both_ways_agree_with_backward(depth, width, start):
    w, output = ladder(depth, width, start)
    output.backward()

    assert path_sum(output, w).value == pytest.approx(w.grad, rel=1e-9, abs=1e-12)
    assert delta_sum(output, w).value == pytest.approx(w.grad, rel=1e-9, abs=1e-12)
    assert path_sum(output, w).terms == width**depth


@both
def test_matches_pytorch(way):
    w, output = ladder(4, 3)
    theirs = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    layer = [theirs * 1.0 for _ in range(3)]
    for _ in range(3):
        layer = [torch.stack(layer).sum().tanh() for _ in range(3)]
    torch.stack(layer).sum().backward()

    assert way(output, w).value == pytest.approx(theirs.grad.item(), rel=1e-12)


def test_deltas_are_the_gradients_and_leave_them_alone():
    w, output = ladder(4, 3)
    delta = deltas(output)
    assert w.grad == 0
    output.backward()

    assert {node: node.grad for node in delta} == pytest.approx(delta)


def test_a_path_ends_in_its_source_even_if_other_nodes_feed_it():
    x = Value(3.0)
    middle = x * x

    assert path_sum(middle.tanh(), middle).products == 1


@both
def test_a_node_that_does_not_feed_the_output_has_derivative_zero(way):
    x = Value(1.0)

    assert way(x * 2, Value(1.0)).value == 0


@both
def test_the_derivative_of_a_node_with_respect_to_itself_is_one(way):
    x = Value(1.0)

    assert way(x, x) == Derivative(1.0, 1 if way is path_sum else 0, 0)


def test_the_order_puts_each_node_after_all_that_it_feeds():
    w, output = ladder(4, 3)
    order = topological_order(output)
    place = {node: i for i, node in enumerate(order)}

    assert order[0] is output
    assert w in place
    assert len(place) == len(order)
    assert all(
        place[node] < place[source] for node in order for source, _ in node.inputs
    )


def test_the_recursion_reaches_where_the_paths_cannot():
    """Cien capas con dos aristas iguales: 2¹⁰⁰ caminos, cuatro productos por capa."""
    w = node = Value(1.0)
    for _ in range(100):
        node = (node + node) * 0.5
    derivative = delta_sum(node, w)

    assert derivative.value == 1
    assert derivative.products == 400


@pytest.mark.parametrize(
    "way", [topological_order, lambda output: delta_sum(output, output)]
)
def test_a_cycle_is_reported(way):
    x = Value(2.0)
    inner = x * 3
    output = inner + 1
    inner._a = output

    with pytest.raises(ValueError, match="ciclos; se recibió"):
        way(output)
