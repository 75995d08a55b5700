"""Neuronas de umbral y perceptrón: valores a mano, derivadas, leyes, errores y PyTorch."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apuntes.gradcheck import numerical_gradient
from apuntes.perceptron import (
    Perceptron,
    novikoff_bound,
    parity_network,
    rosenblatt_rule,
    threshold_layer,
    threshold_network,
)

BITS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
OR, XOR = np.array([-1.0, 1.0, 1.0, 1.0]), np.array([-1.0, 1.0, 1.0, -1.0])
# Lo que programaron a mano McCulloch y Pitts: pesos, sesgo y tabla de verdad.
GATES = {
    "y": ([1.0, 1.0], -1.5, [0, 0, 0, 1]),
    "o": ([1.0, 1.0], -0.5, [0, 1, 1, 1]),
    "no-la-primera": ([-1.0, 0.0], 0.5, [1, 1, 0, 0]),
    "segunda-y-no-primera": ([-1.0, 1.0], -0.5, [0, 1, 0, 0]),
    "en-el-umbral-no-se-enciende": ([1.0, 1.0], -1.0, [0, 0, 0, 1]),
}
FLOATS = st.floats(-3, 3).map(lambda v: round(v, 3))


def separable(seed: int, n: int = 40, margin: float = 0.1):
    """Puntos del cuadrado a los dos lados de una recta, con margen al menos `margin`."""
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=2)
    weight, bias = direction / np.linalg.norm(direction), rng.uniform(-0.3, 0.3)
    x = rng.uniform(-1, 1, size=(10 * n, 2))
    z = x @ weight + bias
    keep = np.flatnonzero(np.abs(z) > margin)[:n]
    return x[keep], np.sign(z[keep]), weight, bias


# -- valores a mano --------------------------------------------------------------


@pytest.mark.parametrize(("weight", "bias", "truth"), GATES.values(), ids=GATES)
def test_one_neuron_programmed_by_hand(weight, bias, truth):
    output = threshold_layer(BITS, np.array([weight]), np.array([bias]))

    assert output.ravel().tolist() == truth


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_two_layers_by_hand_compute_parity(n):
    x = np.array([*itertools.product([0.0, 1.0], repeat=n)])

    output = threshold_network(x, parity_network(n))

    np.testing.assert_array_equal(output.ravel(), x.sum(axis=1) % 2)


def test_xor_network_is_or_and_not_and():
    (weight, bias), (out_weight, out_bias) = parity_network(2)

    hidden = threshold_layer(BITS, weight, bias)

    assert hidden.tolist() == [[0, 0], [1, 0], [1, 0], [1, 1]]
    assert out_weight.tolist() == [[1, -1]]
    assert out_bias.tolist() == [-0.5]


def test_first_epoch_of_or_by_hand():
    """(0,0) baja el sesgo, (0,1) y (1,0) suben su peso y el sesgo, (1,1) ya acierta."""
    neuron, path = Perceptron(2), []
    for x, target in zip(BITS, OR, strict=True):
        mistaken = neuron.update(x, target)
        path.append((mistaken, *neuron.weight.tolist(), float(neuron.bias)))

    assert path == [
        (True, 0, 0, -1),
        (True, 0, 1, 0),
        (True, 1, 1, 1),
        (False, 1, 1, 1),
    ]


def test_rule_by_hand():
    """Con y = −1 y z = 2 falla: w pierde la mitad de x, y b, la mitad de 1."""
    w, b, x = np.array([1.0, 0.0]), np.array(0.0), np.array([2.0, 4.0])

    weight, bias = rosenblatt_rule(w, b, x, -1.0, lr=0.5)

    assert (weight.tolist(), float(bias)) == ([0, -2], -0.5)
    assert rosenblatt_rule(w, b, x, 1.0, lr=0.5) == (w, b)
    assert rosenblatt_rule(0 * w, b, x, -1.0, lr=1.0)[1] == -1


def test_learns_or_and_then_leaves_the_weights_alone():
    neuron = Perceptron(2)

    assert neuron.fit(BITS, OR, epochs=10) == [3, 1, 2, 2, 1, 0]
    assert neuron.predict(BITS).tolist() == OR.tolist()
    assert neuron.fit(BITS, OR, epochs=10) == [0]


def test_bound_by_hand():
    """R² = 1 + 1 y γ = 1 en los puntos ±1; con la cota 2, el perceptrón acaba en 2."""
    x, target = np.array([[1.0], [-1.0]]), np.array([1.0, -1.0])

    assert novikoff_bound(x, target, np.array([1.0]), 0.0) == 2
    assert novikoff_bound(x, target, np.array([4.0]), 0.0) == 2
    assert novikoff_bound(x, target, np.array([2.0]), 1.0) == pytest.approx(10)
    assert sum(Perceptron(1).fit(x, target, epochs=10)) <= 2


# -- derivadas y PyTorch -----------------------------------------------------------


@given(x=arrays(np.float64, 3, elements=FLOATS), theta=arrays(np.float64, 4, elements=FLOATS), target=st.sampled_from([-1.0, 1.0]), lr=st.floats(0.01, 2))  # fmt: skip
def test_correction_is_minus_lr_times_the_gradient_of_the_perceptron_loss(
    x, theta, target, lr
):
    """Fuera de la frontera, la regla es un paso de descenso de max(0, −yz)."""
    margin = target * (theta[:3] @ x + theta[3])
    assume(abs(margin) > 1e-3)
    neuron = Perceptron(3, lr=lr)
    neuron.weight, neuron.bias = theta[:3], theta[3]
    numeric = numerical_gradient(
        lambda t: max(0.0, -target * float(t[:3] @ x + t[3])), theta
    )
    exact = torch.tensor(theta, requires_grad=True)
    z = exact[:3] @ torch.tensor(x) + exact[3]
    torch.relu(-target * z).backward()

    assert neuron.update(x, target) == (margin < 0)
    moved = np.array([*neuron.weight, neuron.bias]) - theta
    np.testing.assert_allclose(moved, -lr * numeric, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(moved, -lr * exact.grad.numpy(), atol=1e-12)


def test_layer_matches_pytorch_heaviside(rng):
    x, weight, bias = (
        rng.normal(size=(20, 3)),
        rng.normal(size=(4, 3)),
        rng.normal(size=4),
    )
    z = torch.nn.functional.linear(*map(torch.tensor, (x, weight, bias)))

    expected = torch.heaviside(z, torch.zeros((), dtype=z.dtype))

    np.testing.assert_array_equal(threshold_layer(x, weight, bias), expected)


# -- leyes -----------------------------------------------------------------------


@given(seed=st.integers(0, 1000), lr=st.sampled_from([0.01, 1.0, 7.0]))
def test_corrections_never_exceed_novikoff_bound(seed, lr):
    x, target, weight, bias = separable(seed)
    neuron = Perceptron(2, lr=lr)

    corrections = neuron.fit(x, target, epochs=10_000, rng=np.random.default_rng(seed))

    assert corrections[-1] == 0
    assert sum(corrections) <= novikoff_bound(x, target, weight, bias)
    np.testing.assert_array_equal(neuron.predict(x), target)


@given(seed=st.integers(0, 1000))
def test_norm_is_squeezed_between_the_two_inequalities_of_the_proof(seed):
    """γk ≤ ‖w‖ ≤ R√k tras k correcciones, que es toda la demostración."""
    x, target, weight, bias = separable(seed)
    best = np.array([*weight, bias]) / np.hypot(1, bias)
    extended = np.column_stack([x, np.ones(len(x))])
    margin = (target * (extended @ best)).min()
    radius = np.linalg.norm(extended, axis=1).max()
    neuron, k = Perceptron(2), 0
    for row, sign in zip(x, target, strict=True):
        k += neuron.update(row, sign)
        norm = np.hypot(np.linalg.norm(neuron.weight), neuron.bias)
        assert margin * k - 1e-9 <= norm <= radius * np.sqrt(k) + 1e-9

    assert novikoff_bound(x, target, weight, bias) == pytest.approx(
        (radius / margin) ** 2
    )


@given(lr=st.floats(0.01, 100))
def test_rate_only_changes_the_scale(lr):
    x, target, *_ = separable(3)
    one, other = Perceptron(2), Perceptron(2, lr=lr)

    assert one.fit(x, target, epochs=50) == other.fit(x, target, epochs=50)
    np.testing.assert_allclose(other.weight, lr * one.weight, rtol=1e-9)
    np.testing.assert_allclose(other.bias, lr * one.bias, rtol=1e-9)


@given(
    weight=arrays(np.float64, 2, elements=st.floats(-50, 50)), bias=st.floats(-50, 50)
)
def test_no_single_neuron_computes_xor(weight, bias):
    output = threshold_layer(BITS, weight[None], np.array([bias]))

    assert output.ravel().tolist() != [0, 1, 1, 0]


def test_xor_defeats_the_rule_in_a_cycle():
    neuron = Perceptron(2)

    corrections = neuron.fit(BITS, XOR, epochs=1000)

    assert len(corrections) == 1000
    assert corrections[1:] == [4] * 999
    assert np.abs([*neuron.weight, neuron.bias]).max() <= 2


def test_shuffling_is_reproducible_and_changes_the_path():
    x, target, *_ = separable(5)
    fits = [
        Perceptron(2).fit(x, target, epochs=99, rng=np.random.default_rng(seed))
        for seed in (0, 0, 1)
    ]

    assert fits[0] == fits[1]
    assert fits[0] != fits[2] or fits[0] != Perceptron(2).fit(x, target, epochs=99)


def test_stops_at_the_asked_epochs():
    assert len(Perceptron(2).fit(BITS, XOR, epochs=3)) == 3


def test_float32_in_float32_out_and_arguments_are_not_modified():
    x, target = BITS.astype(np.float32), OR.astype(np.float32)
    neuron = Perceptron(2, lr=np.float64(0.5), dtype=np.float32)

    neuron.fit(x, target, epochs=9)

    assert neuron.weight.dtype == neuron.bias.dtype == np.float32
    assert neuron.predict(x).dtype == np.float32
    assert x.tolist() == BITS.tolist()
    layer = threshold_layer(x, np.ones((1, 2), np.float32), np.zeros(1, np.float32))
    assert layer.dtype == np.float32


def test_first_weights_are_not_shared_with_the_data():
    x = np.ones((1, 2))
    neuron = Perceptron(2)
    before = neuron.weight
    neuron.update(x[0], 1.0)
    x[:] = 9

    assert before.tolist() == [0, 0]
    assert neuron.weight.tolist() == [1, 1]


# -- errores ---------------------------------------------------------------------

W, B = np.ones((3, 2)), np.ones(3)
REJECTED = {
    "capa-enteros": (lambda: threshold_layer(BITS.astype(int), W, B), TypeError, "x .* int64"),
    "capa-vector": (lambda: threshold_layer(BITS[0], W, B), ValueError, r"x .*\(N, D\); se recibió \(2,\)"),
    "capa-pesos": (lambda: threshold_layer(BITS, W.T, B), ValueError, r"weight .*\(H, 2\); se recibió \(2, 3\)"),
    "capa-tipos": (lambda: threshold_layer(BITS, W.astype(np.float32), B), TypeError, "weight .*float64.*float32"),
    "capa-sesgos": (lambda: threshold_layer(BITS, W, B[:2]), ValueError, r"bias .*\(3,\); se recibió \(2,\)"),
    "paridad-cero": (lambda: parity_network(0), ValueError, "n debe ser al menos 1; se recibió 0"),
    "sin-entradas": (lambda: Perceptron(0), ValueError, "in_features .* 0"),
    "pesos-enteros": (lambda: Perceptron(2, dtype=int), TypeError, "weight .* int64"),
    "regla-cero-uno": (lambda: Perceptron(2).update(BITS[1], 0.0), ValueError, "-1 o 1; se recibió 0.0"),
    "regla-ancho": (lambda: Perceptron(3).update(BITS[1], 1.0), ValueError, r"x .*\(3,\); se recibió \(2,\)"),
    "regla-enteros": (lambda: Perceptron(2).update(BITS[1].astype(int), 1.0), TypeError, "x .* int64"),
    "regla-tasa": (lambda: rosenblatt_rule(BITS[0], np.zeros(()), BITS[1], 1.0, lr=-1.0), ValueError, "lr .* -1"),
    "tasa-cero": (lambda: Perceptron(2, lr=0), ValueError, "lr .* 0"),
    "predecir-ancho": (lambda: Perceptron(3).predict(BITS), ValueError, r"\(N, 3\); se recibió \(4, 2\)"),
    "objetivo-cero-uno": (lambda: Perceptron(2).fit(BITS, BITS[:, 0], epochs=1), ValueError, r"-1 o 1; se recibió \[0. 1.\]"),
    "objetivo-columna": (lambda: Perceptron(2).fit(BITS, OR[:, None], epochs=1), ValueError, r"target .*\(4, 1\)"),
    "objetivo-entero": (lambda: Perceptron(2).fit(BITS, OR.astype(int), epochs=1), TypeError, "target .*int64"),
    "sin-pasadas": (lambda: Perceptron(2).fit(BITS, OR, epochs=0), ValueError, "epochs .* 0"),
    "sin-datos": (lambda: Perceptron(2).fit(BITS[:0], OR[:0], epochs=1), ValueError, "N .* 0"),
    "semilla-por-rng": (lambda: Perceptron(2).fit(BITS, OR, epochs=1, rng=0), TypeError, "rng .* int"),
    "cota-no-separa": (lambda: novikoff_bound(BITS, XOR, np.ones(2), 0.0), ValueError, "separar; se recibió margen"),
    "cota-en-la-frontera": (lambda: novikoff_bound(BITS, OR, np.ones(2), 0.0), ValueError, "margen 0.0|margen -0.0"),
    "cota-formas": (lambda: novikoff_bound(BITS, OR, np.ones(3), 0.0), ValueError, "weight"),
    "cota-objetivo": (lambda: novikoff_bound(BITS, OR[:2], np.ones(2), 0.0), ValueError, "target"),
    "cota-signos": (lambda: novikoff_bound(BITS, 2 * OR, np.ones(2), 0.0), ValueError, "-1 o 1"),
    "cota-enteros": (lambda: novikoff_bound(BITS.astype(int), OR, np.ones(2), 0.0), TypeError, "x .* int64"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
