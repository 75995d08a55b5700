"""Grafo de números: puertas a mano, diferencias centradas, PyTorch, leyes y errores."""

import math
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from apuntes.gradcheck import numerical_gradient
from apuntes.graph import Value


def gradients(f, *numbers):
    """Valor de `f` y sus derivadas, con `Value`."""
    nodes = [Value(number) for number in numbers]
    output = f(*nodes)
    output.backward()
    return output.data, [node.grad for node in nodes]


def torch_gradients(f, *numbers):
    nodes = [
        torch.tensor(float(n), dtype=torch.float64, requires_grad=True) for n in numbers
    ]
    output = f(*nodes)
    output.backward()
    return output.item(), [0.0 if n.grad is None else n.grad.item() for n in nodes]


# -- valores a mano --------------------------------------------------------------

GATES = {
    "suma": (lambda a, b: a + b, (3, -4), -1, [1, 1]),
    "suma-numero-derecha": (lambda a: a + 2, (3,), 5, [1]),
    "suma-numero-izquierda": (lambda a: 2 + a, (3,), 5, [1]),
    "resta": (lambda a, b: a - b, (3, -4), 7, [1, -1]),
    "resta-numero-derecha": (lambda a: a - 2, (3,), 1, [1]),
    "resta-numero-izquierda": (lambda a: 2 - a, (3,), -1, [-1]),
    "producto": (lambda a, b: a * b, (3, -4), -12, [-4, 3]),
    "producto-numero-derecha": (lambda a: a * 2, (3,), 6, [2]),
    "producto-numero-izquierda": (lambda a: 2 * a, (3,), 6, [2]),
    "cociente": (lambda a, b: a / b, (3, -4), -0.75, [-0.25, -0.1875]),
    "cociente-numero-derecha": (lambda a: a / 2, (3,), 1.5, [0.5]),
    "cociente-numero-izquierda": (lambda a: 2 / a, (4,), 0.5, [-0.125]),
    "opuesto": (lambda a: -a, (3,), -3, [-1]),
    "potencia": (lambda a: a**3, (-2,), -8, [12]),
    "potencia-cero": (lambda a: a**0, (0,), 1, [0]),
    "potencia-uno-en-cero": (lambda a: a**1, (0,), 0, [1]),
    "potencia-de-dos": (lambda a, b: a**b, (2, 3), 8, [12, 8 * math.log(2)]),
    "potencia-numero-izquierda": (lambda a: 2**a, (3,), 8, [8 * math.log(2)]),
    "maximo-izquierda": (lambda a, b: a.maximum(b), (3, -4), 3, [1, 0]),
    "maximo-derecha": (lambda a, b: a.maximum(b), (-4, 3), 3, [0, 1]),
    "maximo-empate": (lambda a, b: a.maximum(b), (3, 3), 3, [0.5, 0.5]),
    "maximo-numero": (lambda a: a.maximum(0), (3,), 3, [1]),
    "exp": (lambda a: a.exp(), (0,), 1, [1]),
    "log": (lambda a: a.log(), (2,), math.log(2), [0.5]),
    "sigmoide": (lambda a: a.sigmoid(), (0,), 0.5, [0.25]),
    "sigmoide-cola-izquierda": (lambda a: a.sigmoid(), (-1000,), 0, [0]),
    "sigmoide-cola-derecha": (lambda a: a.sigmoid(), (1000,), 1, [0]),
    "tanh": (lambda a: a.tanh(), (0,), 0, [1]),
    "relu-positivo": (lambda a: a.relu(), (3,), 3, [1]),
    "relu-negativo": (lambda a: a.relu(), (-3,), 0, [0]),
    "relu-cero": (lambda a: a.relu(), (0,), 0, [0]),
}  # fmt: skip


@pytest.mark.parametrize(("f", "at", "value", "grads"), GATES.values(), ids=GATES)
def test_gate_has_the_value_and_derivatives_done_by_hand(f, at, value, grads):
    data, found = gradients(f, *at)

    assert data == pytest.approx(value, abs=1e-15)
    assert found == pytest.approx(grads, abs=1e-15)


def test_sum_and_product_match_reference_r06():
    """Fe de erratas, R-06: f = (x + y) z en x = -2, y = 5, z = -4."""
    x, y, z = Value(-2), Value(5), Value(-4)
    q = x + y
    f = q * z
    f.backward()

    assert (q.data, f.data) == (3, -12)
    assert [v.grad for v in (f, q, x, y, z)] == [1, -4, -4, -4, 3]


def test_second_graph_matches_reference_r06():
    """Fe de erratas, R-06 y E4-19: f = 2 (x y + max(z, w))."""
    x, y, z, w, two = (Value(v) for v in (3, -4, 2, -1, 2))
    product, largest = x * y, z.maximum(w)
    total = product + largest
    f = two * total
    f.backward()

    assert [v.data for v in (product, largest, total, f)] == [-12, 2, -10, -20]
    nodes = total, two, product, largest, x, y, z, w
    assert [v.grad for v in nodes] == [2, -10, 2, 2, -8, 6, 2, 0]


def test_sigmoid_neuron_matches_reference_r07():
    """Fe de erratas, R-07: la neurona puerta a puerta y con su puerta sigmoide."""
    w, x = [Value(v) for v in (2, -3, -3)], [Value(v) for v in (-1, -2)]
    s = w[0] * x[0] + w[1] * x[1] + w[2]
    steps = [-s]
    steps.append(steps[-1].exp())
    steps.append(1 + steps[-1])
    steps.append(1 / steps[-1])
    steps[-1].backward()

    assert [v.data for v in steps] == pytest.approx(
        [-1, 0.367879, 1.367879, 0.731059], abs=1e-6
    )
    assert [v.grad for v in steps] == pytest.approx(
        [-0.196612, -0.534447, -0.534447, 1], abs=1e-6
    )
    assert s.grad == pytest.approx(0.196612, abs=1e-6)
    assert [v.grad for v in w] == pytest.approx(
        [-0.196612, -0.393224, 0.196612], abs=1e-6
    )
    assert [v.grad for v in x] == pytest.approx([0.393224, -0.589836], abs=1e-6)
    assert s.sigmoid().data == pytest.approx(steps[-1].data)


def test_tanh_chain_matches_reference_r15():
    """Fe de erratas, R-15: cadena de tres tanh y salida 1,5 h3."""
    weights, h = [Value(v) for v in (0.5, -1.2, 0.8, 1.5)], [Value(0.7)]
    for w in weights[:3]:
        h.append((w * h[-1]).tanh())
    loss = (weights[3] * h[3] - 1) ** 2
    loss.backward()

    assert [v.data for v in h[1:]] == pytest.approx(
        [0.336376, -0.383068, -0.297208], abs=1e-6
    )
    assert loss.data == pytest.approx(2.090374, abs=1e-6)
    assert [v.grad for v in weights] == pytest.approx(
        [2.010807, -0.907956, 1.514767, 0.859415], abs=1e-6
    )
    assert [v.grad for v in h[1:]] == pytest.approx(
        [3.239079, -3.16344, -4.337437], abs=1e-6
    )


# -- diferencias centradas y PyTorch ---------------------------------------------

SMOOTH = {
    "cociente": lambda a, b: a / (b * b + 1),
    "potencia": lambda a, b: (a * a + 1) ** b,
    "potencia-numero": lambda a, b: (a * b + 10) ** -1.5,
    "exp": lambda a, b: (a * b).exp(),
    "log": lambda a, b: (a * a + b * b + 1).log(),
    "sigmoide": lambda a, b: (a - b).sigmoid() * a,
    "tanh": lambda a, b: (a * b).tanh() + b,
    "restas": lambda a, b: 3 - a - (b - a) * 2,
    "exponencial-de-numero": lambda a, b: 0.5**a - b,
}  # fmt: skip


@pytest.mark.parametrize("f", SMOOTH.values(), ids=SMOOTH)
def test_derivatives_match_central_differences(f):
    at = np.array([0.7, -1.3])
    expected = numerical_gradient(lambda p: f(*map(Value, p)).data, at)

    assert gradients(f, *at)[1] == pytest.approx(expected, rel=1e-6)


# Cada operación vale en todo el plano y no crece sin medida: el grafo, al azar.
OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: (a * b).tanh(),
    "/": lambda a, b: a / (b * b + 1),
    "**": lambda a, b: (a * a + 0.5) ** b.tanh(),
    "cuadrado": lambda a, b: a.tanh() ** 2 - b,
    "exp": lambda a, b: a.tanh().exp() * b.tanh(),
    "log": lambda a, b: (a * a + 1).log() + b,
    "sigmoide": lambda a, b: 2 * a.sigmoid() - b,
    "relu": lambda a, b: a.relu() - b,
    "maximo": lambda a, b: a.maximum(b),
    "numeros": lambda a, b: 1 - a / 2 + 3 * b - 1 / (a * a + 2),
}  # fmt: skip
STEP = st.tuples(
    st.sampled_from(sorted(OPERATIONS)), st.integers(0, 99), st.integers(0, 99)
)


def random_graph(steps, *nodes):
    """Cada paso opera con dos nodos cualesquiera de los que ya hay: se comparten."""
    nodes = list(nodes)
    for name, i, j in steps:
        nodes.append(OPERATIONS[name](nodes[i % len(nodes)], nodes[j % len(nodes)]))
    total = nodes[0]
    for node in nodes[1:]:
        total = total + node
    return total


@settings(max_examples=1000)
@given(
    st.lists(STEP, min_size=1, max_size=12),
    st.tuples(
        *[st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0]) | st.floats(-2, 2)] * 3
    ),
)
def test_random_graphs_match_pytorch(steps, numbers):
    """Mil grafos con nodos compartidos y empates, frente a torch.autograd."""
    data, grads = gradients(lambda *v: random_graph(steps, *v), *numbers)
    expected, expected_grads = torch_gradients(
        lambda *v: random_graph(steps, *v), *numbers
    )

    assert data == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert grads == pytest.approx(expected_grads, rel=1e-9, abs=1e-9)


TIES = {
    "relu": (lambda a, b: a.relu() + b, (0.0, 1.0)),
    "maximo": (lambda a, b: a.maximum(b) * a, (2.0, 2.0)),
    "maximo-consigo": (lambda a, b: a.maximum(a) + b, (2.0, 1.0)),
    "maximo-encadenado": (lambda a, b: a.maximum(b).maximum(a), (2.0, 2.0)),
}


@pytest.mark.parametrize(("f", "at"), TIES.values(), ids=TIES)
def test_ties_are_shared_as_in_pytorch(f, at):
    assert gradients(f, *at) == torch_gradients(f, *at)


@pytest.mark.parametrize("pair", [(math.nan, 1.0), (1.0, math.nan)])
def test_maximum_of_nan_is_nan_as_in_pytorch(pair):
    assert math.isnan(Value(pair[0]).maximum(pair[1]).data)


# -- leyes -----------------------------------------------------------------------

REAL = st.floats(-10, 10)


@given(REAL, REAL, REAL)
def test_gradient_is_linear_in_the_output(a, b, scale):
    def f(x, y):
        return (x * y).tanh() + x

    once = gradients(f, a, b)[1]
    scaled = gradients(lambda x, y: scale * f(x, y), a, b)[1]

    assert scaled == pytest.approx([scale * g for g in once], rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("uses", [1, 2, 3, 50])
def test_gradients_add_up_when_a_value_feeds_several_nodes(uses):
    x = Value(3.0)
    total = sum((k + 1) * x for k in range(uses))
    total.backward()

    assert x.grad == uses * (uses + 1) / 2


def test_a_value_may_be_both_inputs_of_a_gate():
    x = Value(3.0)
    (x * x - x / x).backward()

    assert x.grad == 6


def test_a_shared_gate_waits_for_all_that_it_feeds():
    """Si repartiera al llegarle la primera, x recibiría solo una parte."""
    x = Value(2.0)
    shared = x * x
    long_way = ((shared + 1) * 3).tanh()
    (shared + long_way).backward()
    slope = 1 + 3 * (1 - math.tanh(15) ** 2)

    assert shared.grad == pytest.approx(slope)
    assert x.grad == pytest.approx(4 * slope)


def test_each_backward_adds_to_the_gradients_as_in_pytorch():
    def twice(node, f):
        x = node(3.0)
        middle = x * x
        output = f(middle)
        output.backward(**({} if node is Value else {"retain_graph": True}))
        output.backward()
        return float(x.grad)

    def leaf(number):
        return torch.tensor(number, requires_grad=True)

    assert twice(Value, lambda m: m * m) == 2 * 4 * 27 == twice(leaf, lambda m: m * m)


def test_two_outputs_that_share_a_part_add_their_gradients():
    x = Value(3.0)
    shared = x * x
    (2 * shared).backward()
    (shared.maximum(100) + shared).backward()

    assert (shared.grad, x.grad) == (3, 18)


def test_backward_reaches_only_what_the_output_depends_on():
    x, y = Value(1.0), Value(2.0)
    above = x * y
    (above + 1)  # otra salida, que no se deriva
    above.backward()

    assert (above.grad, x.grad, y.grad) == (1, 2, 1)


def test_the_derivative_of_an_input_with_respect_to_itself_is_one():
    x = Value(3.0)
    x.backward()

    assert x.grad == 1


@pytest.mark.parametrize("length", [100_000])
def test_a_long_chain_needs_no_recursion(length):
    x = node = Value(1.0)
    for _ in range(length):
        node = node + x * 1e-5
    node.backward()
    order = sys.getrecursionlimit()
    del node

    assert x.grad == pytest.approx(1 + length * 1e-5)
    assert order < length


def test_a_node_knows_its_gate_and_its_inputs():
    x, y = Value(3.0), Value(-4.0)
    product = x * y

    assert (x.op, x.inputs) == ("", ())
    assert (product.op, product.inputs) == ("×", ((x, -4.0), (y, 3.0)))
    assert ((x**2).op, (x**2).inputs) == ("^2", ((x, 6.0),))
    assert repr(product) == "Value(data=-12.0, grad=0.0)"


@pytest.mark.parametrize(
    "number",
    [np.float64(2), np.float32(2), np.int64(2), 2, 2.0],
    ids=lambda n: type(n).__name__,
)
def test_numpy_and_python_numbers_operate_on_both_sides(number):
    x = Value(3.0)
    results = (number * x, x * number, number - x, x / number, number / x, x**number)

    assert [type(v.data) for v in results] == [float] * 6
    assert [v.data for v in results] == pytest.approx([6, 6, -1, 1.5, 2 / 3, 9])
    assert x.maximum(number).data == 3


def test_an_array_of_values_multiplies_matrices():
    """Las fórmulas de los capítulos valen con nodos en vez de números."""
    weight = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    first, second = weight @ np.array([Value(5.0), Value(6.0)])
    (first + second).backward()

    assert (first.data, second.data) == (17, 39)
    assert [v.grad for v in weight.ravel()] == [5, 6, 5, 6]


# -- lo que se rechaza -----------------------------------------------------------

X = Value(3.0)
REJECTED = {
    "texto": (lambda: Value("3"), TypeError, "números reales; se recibió str"),
    "nada": (lambda: Value(None), TypeError, "recibió NoneType"),
    "complejo": (lambda: Value(1j), TypeError, "recibió complex"),
    "arreglo": (lambda: Value(np.ones(2)), TypeError, "recibió ndarray"),
    "valor": (lambda: Value(X), TypeError, "recibió Value"),
    "suma-texto": (lambda: X + "1", TypeError, "recibió str"),
    "texto-suma": (lambda: "1" + X, TypeError, "recibió str|concatenate"),
    "resta-lista": (lambda: [1] - X, TypeError, "recibió list"),
    "producto-arreglo": (lambda: np.ones(2) * X, TypeError, "recibió ndarray"),
    "division-nada": (lambda: X / None, TypeError, "recibió NoneType"),
    "maximo-texto": (lambda: X.maximum("1"), TypeError, "recibió str"),
    "exponente-texto": (lambda: X**"2", TypeError, "recibió str"),
    "entre-cero": (lambda: X / 0, ValueError, "^/, o su derivada, .*; se recibió 0.0"),
    "cero-a-la-menos-uno": (lambda: Value(0) ** -1, ValueError, r"\*\*.* recibió 0.0, -1.0"),
    "raiz-en-cero": (lambda: Value(0) ** 0.5, ValueError, r"\*\*.* recibió 0.0, -0.5"),
    "raiz-de-negativo": (lambda: Value(-1) ** 0.5, ValueError, r"recibió -1.0, 0.5"),
    "base-negativa": (lambda: Value(-2) ** Value(2), ValueError, r"\*\*.*recibió -2.0"),
    "logaritmo-de-cero": (lambda: Value(0).log(), ValueError, "log.* recibió 0.0"),
    "exponencial-desborda": (lambda: Value(1000).exp(), ValueError, "exp.* recibió 1000.0"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_what_has_no_value(call, error, match):
    with pytest.raises(error, match=match):
        call()


@pytest.mark.parametrize("loop", ["en-la-salida", "mas-abajo", "consigo"])
def test_a_cycle_is_reported_and_leaves_the_graph_usable(loop):
    """Con operaciones no se puede cerrar un ciclo; alterando un nodo, sí."""
    x = Value(2.0)
    first = x * 3
    second = first + 1
    output = second * second
    changed, target = {
        "en-la-salida": (first, output),
        "mas-abajo": (first, second),
        "consigo": (output, output),
    }[loop]
    kept = changed._a
    changed._a = target
    with pytest.raises(ValueError, match=r"ciclos; se recibió el de Value\(data=49"):
        output.backward()
    changed._a = kept
    for node in (x, first, second, output):
        node.grad = 0.0
    output.backward()

    assert x.grad == 42
