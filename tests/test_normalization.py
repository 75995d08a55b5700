"""BatchNorm1d: a mano, diferencias centradas, PyTorch, leyes, modos y errores."""

import copy
import math
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from normalizaciones import TOLERANCE, close, copy_parameters, networks, randomize
from torch.nn.utils.fusion import fuse_linear_bn_eval as fuse_torch

from apuntes.gradcheck import numerical_gradient
from apuntes.layers import Linear, Residual, Sequential, Tanh
from apuntes.losses import cross_entropy_grad
from apuntes.metrics import predict
from apuntes.normalization import (
    BatchNorm1d,
    LayerNorm,
    RMSNorm,
    fuse_linear_bn_eval,
)
from apuntes.optimizers import SGD

dtypes = pytest.mark.parametrize("dtype", TOLERANCE, ids=["float64", "float32"])
modes = pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
X = np.array([[1.0], [2.0], [3.0], [6.0]])


def test_four_examples_by_hand():
    """Media 3, varianza 3,5 con 1/m y 14/3 con 1/(m − 1): errata E3-17."""
    layer = BatchNorm1d(1, eps=0.5)
    layer.weight, layer.bias = [10.0], [1.0]

    assert layer.forward(X).ravel().tolist() == [-9.0, -4.0, 1.0, 16.0]
    assert layer.running_mean.tolist() == pytest.approx([0.3])
    assert layer.running_var.tolist() == pytest.approx([0.9 + 1.4 / 3])
    layer.eval()
    expected = 1 + 10 * (1 - 0.3) / math.sqrt(0.9 + 1.4 / 3 + 0.5)
    assert layer.forward(X)[0, 0] == pytest.approx(expected, rel=1e-14)


def test_gradients_by_hand():
    """Con x̂ = (−1; −0,5; 0; 1,5), s = 2 y γ = 10."""
    layer = BatchNorm1d(1, eps=0.5)
    layer.weight = [10.0]
    layer.forward(X)
    grad = layer.backward(np.array([[1.0], [0.0], [0.0], [1.0]]))

    assert [g.tolist() for g in layer.gradients()] == [[0.5], [2.0]]
    assert grad.ravel().tolist() == pytest.approx(
        [(10 - 5 + 1.25) / 2, (-5 + 0.625) / 2, -2.5, (10 - 5 - 1.875) / 2]
    )


@modes
def test_all_gradients_match_central_differences(training, rng):
    layer = randomize(BatchNorm1d(3, eps=0.1), rng)
    model = Sequential(layer, Tanh())
    x, upstream = rng.normal(2, 3, size=(2, 6, 3))
    model.forward(x)  # que las estadísticas móviles no sean 0 y 1
    model.train(training)
    [theta], [grad] = model.parameters(), model.gradients()
    start = theta.copy()

    def loss_at(point, x=x):
        theta[:] = point
        return float(np.sum(upstream * model.forward(x)))

    expected = numerical_gradient(loss_at, start)
    expected_input = numerical_gradient(lambda x: loss_at(start, x), x)
    theta[:] = start
    model.forward(x)

    close_to = {"rtol": 1e-6, "atol": 1e-8}
    np.testing.assert_allclose(model.backward(upstream), expected_input, **close_to)
    np.testing.assert_allclose(grad, expected, **close_to)


@dtypes
@modes
@pytest.mark.parametrize("momentum", [0.1, 0.7, 1.0, 0.0, None])
def test_values_gradients_and_statistics_match_pytorch(momentum, training, dtype, rng):
    layer = randomize(BatchNorm1d(3, momentum=momentum, dtype=dtype), rng)
    theirs = torch.nn.BatchNorm1d(3, momentum=momentum, dtype=torch.from_numpy(layer.weight).dtype)  # fmt: skip
    copy_parameters(layer, theirs)
    batches = rng.normal(1, 2, size=(4, 5, 3)).astype(dtype)
    for batch in batches[:3]:
        layer.forward(batch)
        theirs(torch.tensor(batch))
    layer.train(training)
    theirs.train(training)
    upstream = rng.normal(size=(5, 3)).astype(dtype)
    inputs = torch.tensor(batches[3], requires_grad=True)
    expected = theirs(inputs)
    expected.backward(torch.tensor(upstream))
    out, grad = layer.forward(batches[3]), layer.backward(upstream)

    assert {a.dtype for a in (out, grad, layer.running_mean, layer.running_var, *layer.gradients())} == {np.dtype(dtype)}  # fmt: skip
    same = close(dtype)
    same(out, expected.detach())
    same(grad, inputs.grad)
    same(layer.gradients()[0], theirs.weight.grad)
    same(layer.gradients()[1], theirs.bias.grad)
    same(layer.running_mean, theirs.running_mean)
    same(layer.running_var, theirs.running_var)
    assert layer.num_batches_tracked == theirs.num_batches_tracked


@dtypes
def test_training_sixty_steps_matches_pytorch(dtype, rng):
    ours, theirs = networks(BatchNorm1d, torch.nn.BatchNorm1d, dtype, rng)
    optimizer = SGD(ours.parameters(), lr=0.05, momentum=0.9)
    their_optimizer = torch.optim.SGD(theirs.parameters(), lr=0.05, momentum=0.9)
    x = rng.normal(size=(60, 8, 4)).astype(dtype)
    target = rng.integers(0, 3, (60, 8))
    for batch, labels in zip(x, target, strict=True):
        ours.write_gradients(cross_entropy_grad(ours.forward(batch), labels))
        optimizer.step(ours.gradients())
        their_optimizer.zero_grad()
        logits = theirs(torch.tensor(batch))
        torch.nn.functional.cross_entropy(logits, torch.tensor(labels)).backward()
        their_optimizer.step()

    same = close(dtype)
    same(ours.parameters()[0], torch.nn.utils.parameters_to_vector(theirs.parameters()).detach())  # fmt: skip
    same(ours[1].running_mean, theirs[1].running_mean)
    same(ours[1].running_var, theirs[1].running_var)
    same(ours.eval().forward(x[0]), theirs.eval()(torch.tensor(x[0])).detach())


# Quintos, y distintos: dos números casi iguales no dejan cifras que comparar.
BATCH = arrays(np.float64, (6, 3), elements=st.integers(-50, 50).map(lambda k: k / 5), unique=True)  # fmt: skip


@given(BATCH, st.floats(-5, 5), st.floats(0.1, 5))
def test_in_training_the_mean_and_scale_of_the_batch_do_not_matter(x, shift, scale):
    layer = BatchNorm1d(3, eps=0)
    np.testing.assert_allclose(
        layer.forward(shift + scale * x), layer.forward(x), atol=1e-6
    )


@given(BATCH)
def test_in_training_the_gradient_of_a_batch_adds_up_to_zero(x):
    """Sumar lo mismo a todos los ejemplos no cambia nada."""
    layer = BatchNorm1d(3)
    layer.forward(x)
    grad = layer.backward(np.arange(18.0).reshape(6, 3) ** 2)

    np.testing.assert_allclose(
        grad.sum(axis=0) / (1 + np.abs(grad).max()), 0, atol=1e-12
    )


def test_in_evaluation_an_example_does_not_depend_on_the_others(rng):
    layer, x = BatchNorm1d(3), rng.normal(5, 2, size=(8, 3))
    in_training = layer.forward(x)
    layer.eval()
    together = layer.forward(x)

    assert not np.allclose(together, in_training, atol=0.1)
    for i in range(8):
        np.testing.assert_array_equal(layer.forward(x[[i]])[0], together[i])


@dtypes
def test_the_fused_layer_is_that_of_pytorch_and_does_the_same(dtype, rng):
    """γ(Wx + b − μ)/s + β es otra capa lineal."""
    linear = randomize(Linear(4, 3, rng=rng, dtype=dtype), rng)
    layer = randomize(BatchNorm1d(3, dtype=dtype), rng)
    x = rng.normal(2, 3, size=(9, 4)).astype(dtype)
    layer.forward(linear.forward(x))
    before = linear.weight.copy()
    fused = fuse_linear_bn_eval(linear, layer.eval())
    kind = torch.from_numpy(before).dtype
    theirs = torch.nn.Linear(4, 3, dtype=kind), torch.nn.BatchNorm1d(3, dtype=kind)
    copy_parameters(linear, theirs[0])
    copy_parameters(layer, theirs[1])
    theirs[1].running_mean = torch.tensor(layer.running_mean)
    theirs[1].running_var = torch.tensor(layer.running_var)
    expected = fuse_torch(theirs[0].eval(), theirs[1].eval())

    same = close(dtype)
    same(fused.forward(x), layer.forward(linear.forward(x)))
    same(fused.weight, expected.weight.detach())
    same(fused.bias, expected.bias.detach())
    assert fused.weight.dtype == dtype
    np.testing.assert_array_equal(linear.weight, before)


def test_a_fused_layer_fits_in_a_new_network(rng):
    model = Sequential(Linear(4, 3, rng=rng), BatchNorm1d(3), Tanh())
    model.forward(rng.normal(size=(9, 4)))
    model.eval()
    shorter = Sequential(fuse_linear_bn_eval(model[0], model[1]), Tanh())
    x = rng.normal(size=(5, 4))

    np.testing.assert_allclose(shorter.forward(x), model.forward(x), atol=1e-13)
    assert len(shorter.parameters()[0]) == 15


def test_evaluation_does_not_touch_the_statistics(rng):
    layer = BatchNorm1d(3)
    layer.forward(rng.normal(size=(8, 3)))
    mean, var = layer.running_mean.copy(), layer.running_var.copy()
    layer.eval().forward(rng.normal(7, 2, size=(8, 3)))

    assert layer.num_batches_tracked == 1
    np.testing.assert_array_equal(layer.running_mean, mean)
    np.testing.assert_array_equal(layer.running_var, var)


def test_backward_is_that_of_the_mode_of_the_last_forward(rng):
    """Cambiar de modo entre medias no cambia lo que se calculó."""
    layer, x, grad = BatchNorm1d(3), rng.normal(size=(2, 8, 3))[0], np.eye(8, 3)
    layer.forward(x)
    expected = layer.backward(grad)
    layer.eval()
    np.testing.assert_array_equal(layer.backward(grad), expected)
    layer.forward(x)
    layer.train()

    np.testing.assert_allclose(layer.backward(grad), grad / np.sqrt(layer.running_var + 1e-5))  # fmt: skip


def test_a_rejected_batch_does_not_change_the_way_back():
    layer, grad = BatchNorm1d(3).eval(), np.eye(4, 3)
    layer.forward(np.eye(4, 3))
    expected = layer.backward(grad)
    with pytest.raises(ValueError, match="recibió 1"):
        layer.train().forward(np.ones((1, 3)))

    np.testing.assert_array_equal(layer.backward(grad), expected)


def test_momentum_none_averages_all_batches_after_a_reset(rng):
    """Así se rehacen las estadísticas de una red promediada: errata E3-10."""
    layer, x = BatchNorm1d(3), rng.normal(size=(5, 8, 3))
    layer.forward(100 * x[0])
    layer.reset_running_stats()
    assert (layer.running_mean.tolist(), layer.running_var.tolist()) == ([0] * 3, [1] * 3)  # fmt: skip
    assert layer.num_batches_tracked == 0
    layer.momentum = None
    for batch in x:
        layer.forward(batch)

    np.testing.assert_allclose(layer.running_mean, x.mean(axis=(0, 1)))
    np.testing.assert_allclose(layer.running_var, x.var(axis=1, ddof=1).mean(axis=0))


def test_a_batch_of_one_works_in_evaluation_and_not_in_training():
    model = Sequential(BatchNorm1d(2), Tanh())
    with pytest.raises(
        ValueError, match=r"al menos 2 ejemplos.*eval\(\).*se recibió 1"
    ):
        model.forward(np.ones((1, 2)))
    assert model[0].num_batches_tracked == 0

    assert predict(model, np.ones((1, 2))).shape == (1, 2)
    assert predict(model, np.ones((5, 2)), batch_size=4).shape == (5, 2)


def test_two_examples_are_enough():
    assert BatchNorm1d(1).forward(np.array([[1.0], [3.0]])).round(2).tolist() == [[-1], [1]]  # fmt: skip


def test_a_constant_neuron_gives_zeros_and_not_nan():
    layer = BatchNorm1d(1)

    assert layer.forward(np.full((4, 1), 7.0)).tolist() == [[0.0]] * 4
    assert np.isfinite(layer.backward(np.eye(4, 1))).all()


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["deepcopy", "pickle"])  # fmt: skip
def test_a_copy_in_a_network_keeps_its_own_statistics(clone, rng):
    model = Sequential(Linear(3, 3, rng=rng), Residual(BatchNorm1d(3), Tanh()))
    x = rng.normal(size=(8, 3))
    model.forward(x)
    other = clone(model)
    before = other[1][0].running_mean.copy()
    np.testing.assert_array_equal(model.eval().forward(x), other.eval().forward(x))
    model.train().forward(9 * x)

    np.testing.assert_array_equal(other[1][0].running_mean, before)
    assert np.shares_memory(other.parameters()[0], other[1][0].weight)
    assert (len(model.parameters()[0]), model.parameters()[0][12:].tolist()) == (18, [1] * 3 + [0] * 3)  # fmt: skip


def test_by_layers_is_by_batch_with_the_matrix_turned(rng):
    x, upstream = rng.normal(2, 3, size=(2, 4, 6))
    rows, columns = LayerNorm(6), BatchNorm1d(4)

    np.testing.assert_allclose(rows.forward(x), columns.forward(x.T).T)
    turned = columns.backward(np.ascontiguousarray(upstream.T)).T
    np.testing.assert_allclose(rows.backward(upstream), turned, atol=1e-14)


def test_without_a_mean_to_subtract_rms_is_by_layers(rng):
    x = rng.normal(size=(4, 6))
    x -= x.mean(axis=1, keepdims=True)

    np.testing.assert_allclose(
        RMSNorm(6, eps=1e-5).forward(x), LayerNorm(6).forward(x), atol=1e-14
    )


def test_repr_says_the_size():
    assert repr(BatchNorm1d(7)) == "BatchNorm1d(7)"


LAYER, WIDE = BatchNorm1d(3), Linear(4, 3, rng=np.random.default_rng(0))
REJECTED = {
    "tamano-cero": (lambda: BatchNorm1d(0), ValueError, "num_features .* 0"),
    "tamano-real": (lambda: BatchNorm1d(3.0), TypeError, "num_features .* float"),
    "eps-negativo": (lambda: BatchNorm1d(3, eps=-1e-5), ValueError, "eps .* -1e-05"),
    "momento-negativo": (lambda: BatchNorm1d(3, momentum=-0.1), ValueError, "momentum .* -0.1"),
    "momento-mayor": (lambda: BatchNorm1d(3, momentum=1.5), ValueError, "momentum .* 1.5"),
    "momento-texto": (lambda: BatchNorm1d(3, momentum="0.1"), TypeError, "momentum .* str"),
    "enteros": (lambda: BatchNorm1d(3, dtype=int), TypeError, "coma flotante; se recibió int64"),
    "otra-forma": (lambda: LAYER.forward(np.ones((2, 4))), ValueError, r"\(N, 3\); se recibió \(2, 4\)"),
    "otro-tipo": (lambda: LAYER.forward(np.ones((2, 3), np.float32)), TypeError, "float64; se recibió float32"),
    "lote-vacio": (lambda: LAYER.forward(np.ones((0, 3))), ValueError, "al menos 2 ejemplos.*recibió 0"),
    "sin-forward": (lambda: LAYER.backward(np.ones((2, 3))), RuntimeError, r"BatchNorm1d\(3\).*antes un forward"),
    "fusion-entrenando": (lambda: fuse_linear_bn_eval(WIDE, BatchNorm1d(3)), ValueError, r"eval\(\); se recibió BatchNorm1d\(3\) con training=True"),
    "fusion-otro-tamano": (lambda: fuse_linear_bn_eval(WIDE, BatchNorm1d(2).eval()), ValueError, r"x .*\(N, 2\); se recibió \(1, 3\)"),
    "peso-otra-forma": (lambda: setattr(LAYER, "weight", np.ones(2)), ValueError, r"\(3,\).*\(2,\)"),
    "sesgo-otra-forma": (lambda: setattr(LAYER, "bias", np.ones(2)), ValueError, r"\(3,\).*\(2,\)"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_backward_rejects_a_gradient_of_another_shape(rng):
    layer = BatchNorm1d(3)
    layer.forward(rng.normal(size=(4, 3)))

    with pytest.raises(ValueError, match=r"grad .*\(4, 3\); se recibió \(5, 3\)"):
        layer.backward(np.ones((5, 3)))
    with pytest.raises(ValueError, match=r"grad .*\(4, 3\); se recibió \(5, 3\)"):
        layer.write_gradients(np.ones((5, 3)))


def test_a_numpy_eps_or_momentum_keeps_float32(rng):
    layer = BatchNorm1d(3, eps=np.float64(1e-5), momentum=np.float64(0.1), dtype=np.float32)  # fmt: skip
    x = rng.normal(size=(4, 3)).astype(np.float32)

    assert layer.forward(x).dtype == layer.backward(x).dtype == np.float32
    assert layer.eval().forward(x).dtype == layer.backward(x).dtype == np.float32
    assert layer.running_mean.dtype == layer.running_var.dtype == np.float32
