"""Regularización: valores a mano, derivadas, leyes, PyTorch y lo que rechaza."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes import regularization
from apuntes.gradcheck import numerical_gradient
from apuntes.layers import Linear, Sequential, Tanh
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import predict
from apuntes.optimizers import SGD
from apuntes.regularization import (
    AveragedWeights,
    Dropout,
    ensemble_probabilities,
    ensemble_variance,
    l1_penalty,
    l1_penalty_grad,
    l2_penalty,
    l2_penalty_grad,
    smooth_labels,
)

PENALTIES = {
    "l1": (l1_penalty, l1_penalty_grad, lambda w, lam: lam * w.abs().sum()),
    "l2": (l2_penalty, l2_penalty_grad, lambda w, lam: lam / 2 * (w**2).sum()),
}
penalties = pytest.mark.parametrize(("f", "f_grad", "theirs"), PENALTIES.values(), ids=PENALTIES)  # fmt: skip
dtypes = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def close(ours, theirs, dtype):
    tolerance = 1e-12 if dtype is np.float64 else 1e-5
    assert ours.dtype == dtype
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


# Penalizaciones.


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (l1_penalty(np.array([[0.3, -0.4]]), lam=0.1), 0.07),
        (l1_penalty(np.array([1.0, -2.0, 0.0]), lam=4), 12),
        (l2_penalty(np.array([[3.0, -4.0]]), lam=0.1), 1.25),
        (l2_penalty(np.array([[1.0, 2.0], [-2.0, 0.0]]), lam=2), 9),
        (l1_penalty(np.float64(-2.0), lam=1), 2),
        (l1_penalty(np.array([5.0]), lam=0), 0),
    ],
)
def test_penalties_by_hand(value, expected):
    assert type(value) is float
    assert value == pytest.approx(expected, rel=1e-15)


def test_gradients_by_hand_are_those_of_errata_e3_01():
    theta = np.array([3.0, -4.0, 0.0])

    assert l2_penalty_grad(theta, lam=0.1) == pytest.approx([0.3, -0.4, 0])
    assert l1_penalty_grad(theta, lam=0.1).tolist() == [0.1, -0.1, 0]


@penalties
def test_gradient_matches_central_differences(f, f_grad, theirs, rng):
    w = rng.normal(size=(3, 4))
    expected = numerical_gradient(lambda w: f(w, lam=0.7), w)

    np.testing.assert_allclose(f_grad(w, lam=0.7), expected, rtol=1e-6)


@penalties
def test_a_numpy_lambda_keeps_float32(f, f_grad, theirs):
    assert f_grad(np.ones(3, np.float32), lam=np.float64(0.1)).dtype == np.float32


@penalties
@dtypes
def test_sixty_penalized_steps_match_pytorch(f, f_grad, theirs, dtype, rng):
    """Ajuste de una recta en 4 dimensiones; la tasa, constante."""
    x = rng.normal(size=(20, 4)).astype(dtype)
    y = rng.normal(size=20).astype(dtype)
    w = rng.normal(size=4).astype(dtype)
    tensor = torch.tensor(w, requires_grad=True)
    optimizer = torch.optim.SGD([tensor], lr=0.1)
    for _ in range(60):
        w -= 0.1 * (x.T @ (x @ w - y) / 20 + f_grad(w, lam=np.float64(0.05)))
        optimizer.zero_grad()
        error = torch.tensor(x) @ tensor - torch.tensor(y)
        ((error**2).mean() / 2 + theirs(tensor, 0.05)).backward()
        optimizer.step()

    close(w, tensor.detach().numpy(), dtype)
    assert f(w, lam=0.05) == pytest.approx(theirs(tensor, 0.05).item(), rel=1e-5)


@dtypes
def test_l2_in_the_gradient_is_the_weight_decay_of_sgd(dtype, rng):
    theta = rng.normal(size=5).astype(dtype)
    other = theta.copy()
    decayed, penalized = SGD([theta], lr=0.1, weight_decay=0.3), SGD([other], lr=0.1)
    for _ in range(50):
        grad = rng.normal(size=5).astype(dtype)
        decayed.step([grad])
        penalized.step([grad + l2_penalty_grad(other, lam=0.3)])

    close(theta, other, dtype)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=6), st.floats(0, 10))
def test_penalties_scale_as_a_norm_and_as_its_square(numbers, factor):
    w = np.array(numbers)

    assert l1_penalty(factor * w, lam=1) == pytest.approx(factor * l1_penalty(w, lam=1), rel=1e-12, abs=1e-300)  # fmt: skip
    assert l2_penalty(factor * w, lam=1) == pytest.approx(factor**2 * l2_penalty(w, lam=1), rel=1e-12, abs=1e-300)  # fmt: skip
    assert l2_penalty(w, lam=2.0) == pytest.approx(w @ w)
    # La norma ℓ2 nunca pasa de la ℓ1.
    assert 2 * l2_penalty(w, lam=1) <= l1_penalty(w, lam=1) ** 2 * (1 + 1e-12)


# Dropout.


def test_a_dropped_activation_is_zero_and_the_others_grow_by_one_over_one_minus_p():
    layer = Dropout(0.8, rng=np.random.default_rng(0))
    x = np.full((300, 400), 2.0)
    out = layer.forward(x)

    assert np.unique(out) == pytest.approx([0, 10])
    assert (out == 0).mean() == pytest.approx(0.8, abs=0.005)
    assert out.mean() == pytest.approx(2, rel=0.02)


def test_the_values_are_those_of_pytorch():
    ours = Dropout(0.3, rng=np.random.default_rng(0)).forward(np.ones((9, 50)))
    theirs = torch.nn.Dropout(0.3)(torch.ones(9, 50, dtype=torch.float64))

    np.testing.assert_allclose(np.unique(ours), np.unique(theirs), rtol=1e-15)
    assert torch.nn.Dropout().p == Dropout(rng=np.random.default_rng(0)).p


def test_each_number_of_each_example_has_its_own_mask_and_each_forward_another():
    layer = Dropout(0.5, rng=np.random.default_rng(0))
    masks = np.array([layer.forward(np.ones((8, 16))) for _ in range(20)]) > 0
    rows = {row.tobytes() for mask in masks for row in mask}

    assert len(rows) == 160
    assert len({col.tobytes() for col in masks.reshape(160, 16).T}) == 16


def test_backward_uses_the_mask_of_the_last_forward(rng):
    layer = Dropout(0.4, rng=rng)
    x, grad = rng.normal(size=(2, 5, 6))
    layer.forward(x)
    mask = layer.forward(x) / x

    np.testing.assert_allclose(layer.backward(grad), grad * mask)
    np.testing.assert_array_equal(layer.backward(grad) == 0, mask == 0)


def test_backward_matches_central_differences(rng):
    """Cada forward con el mismo generador, copiado: la máscara no cambia."""
    x, grad = rng.normal(size=(2, 3, 4))
    layer = Dropout(0.4, rng=rng)

    def loss(x):
        return np.sum(grad * copy.deepcopy(layer).forward(x))

    expected = numerical_gradient(loss, x)
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(grad), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("build", [lambda r: Dropout(0.6, rng=r).eval(), lambda r: Dropout(0, rng=r)], ids=["eval", "p-0"])  # fmt: skip
@dtypes
def test_it_does_nothing_when_evaluating_or_with_p_zero(build, dtype, rng):
    layer, x = build(rng), rng.normal(size=(3, 4)).astype(dtype)
    state = copy.deepcopy(rng.bit_generator.state)

    assert layer.forward(x) is x
    assert rng.bit_generator.state == state
    grad = layer.backward(x)
    np.testing.assert_array_equal(grad, x)
    assert grad.dtype == dtype
    with pytest.raises(ValueError, match=r"grad .*\(3, 4\); se recibió \(3,\)"):
        layer.backward(x[:, 0])


def test_with_p_one_all_is_zero_as_in_pytorch(rng):
    layer, x = Dropout(1, rng=rng), rng.normal(size=(3, 4))

    assert (layer.forward(x) == 0).all()
    assert (layer.backward(x) == 0).all()
    assert (torch.nn.Dropout(1)(torch.tensor(x)) == 0).all()


def test_the_mask_is_the_same_for_every_type():
    x = np.ones((20, 30))
    outs = [
        Dropout(0.3, rng=np.random.default_rng(5)).forward(x.astype(dtype))
        for dtype in (np.float16, np.float32, np.float64)
    ]

    assert [out.dtype for out in outs] == [np.float16, np.float32, np.float64]
    np.testing.assert_array_equal(outs[1] == 0, outs[2] == 0)
    np.testing.assert_array_equal(outs[0] == 0, outs[2] == 0)


@given(st.floats(0, 0.9), st.integers(0, 100))
def test_the_mean_over_masks_is_the_input(p, seed):
    x = np.ones((200, 200))
    out = Dropout(p, rng=np.random.default_rng(seed)).forward(x)
    # Varianza de cada uno, p/(1 − p); seis desviaciones de la media de 40 000.
    assert abs(out.mean() - 1) <= 6 * np.sqrt(p / (1 - p) / x.size) + 1e-12


@dtypes
def test_sixty_steps_of_a_network_match_pytorch(dtype, rng):
    """PyTorch, con las máscaras que sorteó la capa."""
    drop = Dropout(0.4, rng=rng)
    model = Sequential(Linear(4, 8, rng=rng, dtype=dtype), Tanh(), drop, Linear(8, 3, rng=rng, dtype=dtype))  # fmt: skip
    first, last = model[0], model[3]
    theirs = [torch.tensor(p, requires_grad=True) for p in (first.weight, first.bias, last.weight, last.bias)]  # fmt: skip
    ours, optimizer = SGD(model.parameters(), lr=0.3), torch.optim.SGD(theirs, lr=0.3)
    for _ in range(60):
        x = rng.normal(size=(10, 4)).astype(dtype)
        target = rng.integers(3, size=10)
        logits = model.forward(x)
        model.write_gradients(cross_entropy_grad(logits, target))
        ours.step(model.gradients())
        kept = torch.tensor(drop.backward(np.ones((10, 8), dtype)) != 0)
        w1, b1, w2, b2 = theirs
        h = torch.tanh(torch.tensor(x) @ w1.T + b1) * kept / (1 - 0.4)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(
            h @ w2.T + b2, torch.tensor(target)
        ).backward()
        optimizer.step()

    for p, tensor in zip((first.weight, first.bias, last.weight, last.bias), theirs, strict=True):  # fmt: skip
        close(p, tensor.detach().numpy(), dtype)


def test_a_network_with_dropout_answers_always_the_same_when_predicting(rng):
    model = Sequential(Linear(4, 8, rng=rng), Dropout(0.5, rng=rng), Linear(8, 3, rng=rng))  # fmt: skip
    x = rng.normal(size=(5, 4))
    without = model[2].forward(model[0].forward(x))

    np.testing.assert_array_equal(predict(model, x), without)
    assert model[1].training
    assert (model.forward(x) != without).any()


def test_repr_shows_p(rng):
    assert repr(Dropout(0.25, rng=rng)) == "Dropout(p=0.25)"


# Etiquetas suaves.


def test_smooth_labels_by_hand_are_those_of_the_lecture_and_of_pytorch():
    """S3-34: cinco clases, la tercera, ε = 0,01."""
    target = np.array([2])
    lecture = smooth_labels(target, num_classes=5, epsilon=0.01, spread="others")
    pytorch = smooth_labels(target, num_classes=5, epsilon=0.01)

    assert lecture[0] == pytest.approx([0.0025, 0.0025, 0.99, 0.0025, 0.0025], rel=1e-14)  # fmt: skip
    assert pytorch[0] == pytest.approx([0.002, 0.002, 0.992, 0.002, 0.002], rel=1e-14)


@dtypes
def test_cross_entropy_with_smooth_labels_is_that_of_pytorch(dtype, rng):
    logits = rng.normal(size=(6, 4)).astype(dtype)
    target = rng.integers(4, size=6)
    smooth = smooth_labels(target, num_classes=4, epsilon=0.1, dtype=dtype)
    tensor = torch.tensor(logits, requires_grad=True)
    theirs = torch.nn.functional.cross_entropy(tensor, torch.tensor(target), label_smoothing=0.1)  # fmt: skip
    theirs.backward()

    assert smooth.dtype == dtype
    assert cross_entropy(logits, smooth) == pytest.approx(theirs.item(), rel=1e-6)
    close(cross_entropy_grad(logits, smooth), tensor.grad.numpy(), dtype)


@given(st.integers(2, 9), st.floats(0, 1))
def test_the_two_conventions_are_one_with_another_epsilon(num_classes, epsilon):
    """Errata E3-08: ε K/(K − 1) de PyTorch son ε de la lección."""
    target = np.arange(num_classes)
    epsilon *= (num_classes - 1) / num_classes
    others = smooth_labels(target, num_classes=num_classes, epsilon=epsilon, spread="others")  # fmt: skip
    scaled = min(1.0, epsilon * num_classes / (num_classes - 1))
    everyone = smooth_labels(target, num_classes=num_classes, epsilon=scaled)

    np.testing.assert_allclose(others, everyone, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(others.sum(axis=1), 1, rtol=1e-15)
    np.testing.assert_allclose(np.diag(others), 1 - epsilon, rtol=1e-9)


def test_without_epsilon_labels_are_ones_and_zeros():
    smooth = smooth_labels(np.array([1, 0, 2]), num_classes=3, epsilon=0)

    assert smooth.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]


# Conjuntos de redes.


def test_the_ensemble_averages_probabilities_and_not_logits():
    """Probabilidades 3/4 y 1/2: la media es 5/8; la de los logits daría 0,634."""
    logits = [np.array([[np.log(3), 0.0]]), np.zeros((1, 2))]

    assert ensemble_probabilities(logits)[0] == pytest.approx([5 / 8, 3 / 8])


@given(st.integers(1, 5), st.integers(0, 1000))
def test_the_loss_of_the_ensemble_is_at_most_the_mean_of_the_losses(models, seed):
    rng = np.random.default_rng(seed)
    logits = 3 * rng.normal(size=(models, 4, 3))
    target = rng.integers(3, size=4)
    p = ensemble_probabilities(logits)
    mean = np.mean([cross_entropy(z, target) for z in logits])

    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert -np.log(p[range(4), target]).mean() <= mean + 1e-12


@dtypes
def test_the_ensemble_is_that_of_pytorch(dtype, rng):
    logits = [rng.normal(size=(6, 4)).astype(dtype) for _ in range(5)]
    theirs = torch.tensor(np.array(logits)).softmax(dim=-1).mean(dim=0)

    close(ensemble_probabilities(logits), theirs.numpy(), dtype)


def test_what_the_module_offers_is_what_it_says():
    assert all(hasattr(regularization, name) for name in regularization.__all__)


W, C, RNG = np.ones(3), np.array([0, 2]), np.random.default_rng(0)
REJECTED = {
    "l1-enteros": (lambda: l1_penalty(np.ones(2, int), lam=1), TypeError, "w .* int64"),
    "l1-grad-enteros": (lambda: l1_penalty_grad(np.ones(2, int), lam=1), TypeError, "w .* int64"),
    "l2-lista": (lambda: l2_penalty([1.0], lam=1), TypeError, "w .* list"),
    "l2-grad-lista": (lambda: l2_penalty_grad([1.0], lam=1), TypeError, "w .* list"),
    "l1-negativa": (lambda: l1_penalty(W, lam=-1), ValueError, "lam .* -1"),
    "l1-grad-negativa": (lambda: l1_penalty_grad(W, lam=-1), ValueError, "lam .* -1"),
    "l2-negativa": (lambda: l2_penalty(W, lam=-1), ValueError, "lam .* -1"),
    "l2-grad-nan": (lambda: l2_penalty_grad(W, lam=np.nan), ValueError, "lam .* nan"),
    "p-negativa": (lambda: Dropout(-0.1, rng=RNG), ValueError, "p .* -0.1"),
    "p-mayor-que-uno": (lambda: Dropout(1.1, rng=RNG), ValueError, "p .* 1.1"),
    "p-texto": (lambda: Dropout("0.5", rng=RNG), TypeError, "p .* str"),
    "semilla": (lambda: Dropout(0.5, rng=0), TypeError, "rng .* int"),
    "entrada-entera": (lambda: Dropout(0.5, rng=RNG).forward(np.ones((2, 3), int)), TypeError, "x .* int64"),
    "sin-forward": (lambda: Dropout(0.5, rng=RNG).backward(np.ones((2, 3))), RuntimeError, r"Dropout\(p=0.5\).*antes un forward"),
    "clase-fuera": (lambda: smooth_labels(C, num_classes=2, epsilon=0.1), ValueError, r"\[0, 2\).*de 0 a 2"),
    "clase-real": (lambda: smooth_labels(W, num_classes=2, epsilon=0.1), TypeError, "target .* float64"),
    "clases-en-matriz": (lambda: smooth_labels(np.eye(3, dtype=int), num_classes=3, epsilon=0.1), ValueError, r"\(N,\).*3 y \(3, 3\)"),
    "una-clase": (lambda: smooth_labels(C * 0, num_classes=1, epsilon=0.1), ValueError, "dos clases.* 1 y"),
    "clases-reales": (lambda: smooth_labels(C, num_classes=3.0, epsilon=0.1), TypeError, "num_classes .* float"),
    "epsilon-negativa": (lambda: smooth_labels(C, num_classes=3, epsilon=-0.1), ValueError, "epsilon .* -0.1"),
    "epsilon-grande": (lambda: smooth_labels(C, num_classes=3, epsilon=1.5), ValueError, "epsilon .* 1.5"),
    "epsilon-texto": (lambda: smooth_labels(C, num_classes=3, epsilon="0"), TypeError, "epsilon .* str"),
    "reparto": (lambda: smooth_labels(C, num_classes=3, epsilon=0.1, spread="todas"), ValueError, "spread .* 'todas'"),
    "sin-redes": (lambda: ensemble_probabilities([]), ValueError, r"alguna red; se recibió \[\]"),
    "redes-de-otra-forma": (lambda: ensemble_probabilities([np.ones((2, 3)), np.ones((1, 3))]), ValueError, r"\(2, 3\).*\(1, 3\)"),
    "logits-enteros": (lambda: ensemble_probabilities([np.ones((2, 3)), np.ones((2, 3), int)]), TypeError, r"logits\[1\] .* int64"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_everything_regularization_gathers_is_the_same_thing_elsewhere():
    theta = np.array([1.0, 2.0])
    averaged = AveragedWeights([theta])
    for value in (1.0, 2.0, 6.0):
        theta[:] = value
        averaged.update()

    assert averaged.averages[0].tolist() == [3.0, 3.0]
    assert ensemble_variance(1.0, correlation=0.5, count=2) == 0.75
