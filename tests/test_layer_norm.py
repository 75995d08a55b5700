"""LayerNorm y RMSNorm: a mano, diferencias centradas, PyTorch, leyes y errores."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from normalizaciones import TOLERANCE, close, copy_parameters, networks, randomize

from apuntes.gradcheck import numerical_gradient
from apuntes.layers import Sequential, Tanh
from apuntes.losses import cross_entropy_grad
from apuntes.normalization import LayerNorm, RMSNorm
from apuntes.optimizers import SGD

NORMS = {"capa": (LayerNorm, torch.nn.LayerNorm), "rms": (RMSNorm, torch.nn.RMSNorm)}
norms = pytest.mark.parametrize(("ours", "theirs"), NORMS.values(), ids=NORMS)
dtypes = pytest.mark.parametrize("dtype", TOLERANCE, ids=["float64", "float32"])


def test_layer_norm_by_hand():
    """Errata E3-18: (1, 2, 3, 6) y una fila constante, que con ε da 0 y no nan."""
    layer = LayerNorm(4, eps=0.5)
    layer.weight, layer.bias = [10.0, 1.0, 1.0, 2.0], [1.0, 0.0, 0.0, 0.0]
    out = layer.forward(np.array([[1.0, 2.0, 3.0, 6.0], [5.0] * 4]))
    layer.backward(np.array([[1.0, 2.0, 3.0, 4.0], [1.0, 1.0, 1.0, 1.0]]))

    assert out.tolist() == [[-9.0, -0.5, 0.0, 3.0], [1.0, 0.0, 0.0, 0.0]]
    assert layer.gradients()[0].tolist() == [-1.0, -1.0, 0.0, 6.0]
    assert layer.gradients()[1].tolist() == [2.0, 3.0, 4.0, 5.0]


def test_rms_norm_by_hand():
    layer = RMSNorm(2, eps=0)
    layer.weight = [10.0, 1.0]
    out = layer.forward(np.array([[1.0, 7.0]]))
    grad = layer.backward(np.array([[1.0, 0.0]]))

    assert out.ravel() == pytest.approx([2.0, 1.4])
    assert grad.ravel() == pytest.approx([(10 - 0.2 * 1) / 5, -1.4 * 1 / 5])
    assert [g.tolist() for g in layer.gradients()] == [pytest.approx([0.2, 0.0])]


def test_parameters_start_at_one_and_zero():
    assert [p.tolist() for p in LayerNorm(2).parameters()] == [[1, 1], [0, 0]]
    assert [p.tolist() for p in RMSNorm(2).parameters()] == [[1, 1]]


def test_default_eps_is_that_of_pytorch():
    assert LayerNorm(2).eps == torch.nn.LayerNorm(2).eps == 1e-5
    assert RMSNorm(2).eps == 2**-52
    assert RMSNorm(2, dtype=np.float32).eps == 2**-23
    assert RMSNorm(2, eps=0.1).eps == 0.1


@norms
def test_all_gradients_match_central_differences(ours, theirs, rng):
    model = Sequential(randomize(ours(5, eps=0.1), rng), Tanh())
    x, upstream = rng.normal(1, 2, size=(2, 4, 5))
    [theta], [grad] = model.parameters(), model.gradients()
    start = theta.copy()

    def loss_at(point, x=x):
        theta[:] = point
        return float(np.sum(upstream * model.forward(x)))

    expected = numerical_gradient(loss_at, start)
    expected_input = numerical_gradient(lambda x: loss_at(start, x), x)
    theta[:] = start
    model.forward(x)

    close_to = {"rtol": 1e-6, "atol": 1e-9}
    np.testing.assert_allclose(model.backward(upstream), expected_input, **close_to)
    np.testing.assert_allclose(grad, expected, **close_to)


@dtypes
@norms
def test_values_and_gradients_match_pytorch(ours, theirs, dtype, rng):
    layer = randomize(ours(5, dtype=dtype), rng)
    reference = theirs(5, dtype=torch.from_numpy(layer.weight).dtype)
    copy_parameters(layer, reference)
    x, upstream = rng.normal(1, 2, size=(2, 4, 5)).astype(dtype)
    x[0] *= 1e-3  # que ε cuente
    inputs = torch.tensor(x, requires_grad=True)
    expected = reference(inputs)
    expected.backward(torch.tensor(upstream))
    out, grad = layer.forward(x), layer.backward(upstream)

    assert {a.dtype for a in (out, grad, *layer.gradients())} == {np.dtype(dtype)}
    same = close(dtype)
    same(out, expected.detach())
    # El gradiente de la primera fila es del orden de 300: la tolerancia es relativa.
    np.testing.assert_allclose(grad, inputs.grad, rtol=20 * TOLERANCE[dtype], atol=TOLERANCE[dtype])  # fmt: skip
    for mine, parameter in zip(layer.gradients(), reference.parameters(), strict=True):
        same(mine, parameter.grad)


@dtypes
@norms
def test_training_sixty_steps_matches_pytorch(ours, theirs, dtype, rng):
    model, reference = networks(ours, theirs, dtype, rng)
    optimizer = SGD(model.parameters(), lr=0.05, momentum=0.9)
    their_optimizer = torch.optim.SGD(reference.parameters(), lr=0.05, momentum=0.9)
    x = rng.normal(size=(60, 8, 4)).astype(dtype)
    target = rng.integers(0, 3, (60, 8))
    for batch, labels in zip(x, target, strict=True):
        model.write_gradients(cross_entropy_grad(model.forward(batch), labels))
        optimizer.step(model.gradients())
        their_optimizer.zero_grad()
        logits = reference(torch.tensor(batch))
        torch.nn.functional.cross_entropy(logits, torch.tensor(labels)).backward()
        their_optimizer.step()

    close(dtype)(model.parameters()[0], torch.nn.utils.parameters_to_vector(reference.parameters()).detach())  # fmt: skip


# Quintos, y distintos: dos números casi iguales no dejan cifras que comparar.
BATCH = arrays(np.float64, (3, 5), elements=st.integers(-50, 50).map(lambda k: k / 5), unique=True)  # fmt: skip


@given(BATCH, st.floats(-5, 5), st.floats(0.1, 5))
def test_only_layer_norm_forgets_a_shift_and_both_forget_a_scale(x, shift, scale):
    layer, rms = LayerNorm(5, eps=0), RMSNorm(5, eps=0)

    np.testing.assert_allclose(layer.forward(shift + scale * x), layer.forward(x), atol=1e-6)  # fmt: skip
    np.testing.assert_allclose(rms.forward(scale * x), rms.forward(x), atol=1e-9)


@norms
def test_each_example_is_alone_and_the_mode_does_not_matter(ours, theirs, rng):
    layer, x, grad = ours(5), rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
    out, back = layer.forward(x), layer.backward(grad)
    np.testing.assert_array_equal(layer.eval().forward(x), out)
    for i in range(4):
        np.testing.assert_allclose(layer.forward(x[[i]])[0], out[i], rtol=1e-14)
        np.testing.assert_allclose(layer.backward(grad[[i]])[0], back[i], rtol=1e-12)


def test_on_rows_of_mean_zero_both_are_the_same(rng):
    x = rng.normal(size=(4, 5))
    x -= x.mean(axis=1, keepdims=True)

    np.testing.assert_allclose(LayerNorm(5, eps=1e-5).forward(x), RMSNorm(5, eps=1e-5).forward(x), atol=1e-14)  # fmt: skip


@norms
def test_write_gradients_leaves_the_same_gradients_as_backward(ours, theirs, rng):
    layer, x, grad = ours(5), rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
    layer.forward(x)
    layer.backward(grad)
    expected = [g.copy() for g in layer.gradients()]
    for g in layer.gradients():
        g[...] = 7
    assert layer.write_gradients(grad) is None

    for g, e in zip(layer.gradients(), expected, strict=True):
        np.testing.assert_array_equal(g, e)


@norms
def test_forward_and_backward_leave_their_arguments_alone(ours, theirs, rng):
    layer, x, grad = randomize(ours(5), rng), rng.normal(size=(4, 5)), np.ones((4, 5))
    before = x.copy()
    out = layer.forward(x)
    kept = out.copy()
    layer.backward(grad)

    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(out, kept)
    assert (grad == 1).all()


@norms
def test_repr_and_a_numpy_eps(ours, theirs, rng):
    layer = ours(3, eps=np.float64(1e-5), dtype=np.float32)
    x = rng.normal(size=(4, 3)).astype(np.float32)

    assert repr(layer) == f"{ours.__name__}(3)"
    assert layer.forward(x).dtype == layer.backward(x).dtype == np.float32


REJECTED = {
    "tamano-cero": (lambda norm: norm(0), ValueError, "normalized_shape .* 0"),
    "tamano-tupla": (lambda norm: norm((3,)), TypeError, "normalized_shape .* tuple"),
    "eps-negativo": (lambda norm: norm(3, eps=-1.0), ValueError, "eps .* -1.0"),
    "enteros": (lambda norm: norm(3, dtype=int), TypeError, "coma flotante; se recibió int64"),
    "otra-forma": (lambda norm: norm(3).forward(np.ones((2, 4))), ValueError, r"\(N, 3\); se recibió \(2, 4\)"),
    "otro-tipo": (lambda norm: norm(3).forward(np.ones((2, 3), np.float32)), TypeError, "float64; se recibió float32"),
    "sin-forward": (lambda norm: norm(3).backward(np.ones((2, 3))), RuntimeError, r"Norm\(3\).*antes un forward"),
}  # fmt: skip


@norms
@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match, ours, theirs):
    with pytest.raises(error, match=match):
        call(ours)
