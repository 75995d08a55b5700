"""Normas y recortes: a mano, PyTorch, leyes, extremos y errores."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from redes import network

from apuntes.gradients import clip_grad_norm, clip_grad_value, grad_norm, grad_norms
from apuntes.layers import Linear, ReLU, Residual, Sequential, Sigmoid
from apuntes.losses import cross_entropy_grad
from apuntes.optimizers import SGD


def test_norm_is_of_all_arrays_together():
    assert grad_norm([np.array([[2.0, -3.0]]), np.array([6.0])]) == pytest.approx(7.0)
    assert grad_norm([]) == grad_norm([np.zeros(3)]) == grad_norm([np.ones(0)]) == 0


@pytest.mark.parametrize(
    ("grads", "max_norm", "expected"),
    [
        ([[3.0, 4.0]], 1.0, [[0.6, 0.8]]),
        ([[0.3, 0.4]], 1.0, [[0.3, 0.4]]),
        ([[3.0, 4.0]], 5.0, [[3.0, 4.0]]),
        ([[6.0], [0.0, -8.0]], 5.0, [[3.0], [0.0, -4.0]]),
        ([[0.0, 0.0]], 1.0, [[0.0, 0.0]]),
        ([[3.0, 4.0]], math.inf, [[3.0, 4.0]]),
    ],
    ids=["se-pasa", "no-llega", "justa", "dos-arreglos", "cero", "sin-umbral"],
)
def test_clip_by_norm_by_hand(grads, max_norm, expected):
    """Errata E3-12: 0,6 y 0,8 exactos, no los de PyTorch, que suma 10⁻⁶."""
    arrays = [np.array(g) for g in grads]
    clipped, norm = clip_grad_norm(arrays, max_norm=max_norm)

    assert [c.tolist() for c in clipped] == [pytest.approx(e, rel=1e-15) for e in expected]  # fmt: skip
    assert norm == math.hypot(*(x for g in grads for x in g))
    assert [a.tolist() for a in arrays] == grads


def test_clip_by_value_by_hand_changes_the_direction():
    grads = [np.array([30.0, 0.4]), np.array([[-2.0]])]
    clipped = clip_grad_value(grads, clip_value=1.0)

    assert [c.tolist() for c in clipped] == [[1.0, 0.4], [[-1.0]]]
    assert grads[0].tolist() == [30.0, 0.4]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_clipping_matches_pytorch(dtype, rng):
    """La norma de PyTorch lleva un 10⁻⁶ que se deshace aquí."""
    grads = [rng.normal(size=shape).astype(dtype) for shape in ((3, 2), (4,))]
    params = [torch.zeros(g.shape, dtype=torch.from_numpy(g).dtype) for g in grads]
    tolerance = 1e-12 if dtype is np.float64 else 1e-6
    for max_norm in (0.5, 100.0):
        for p, g in zip(params, grads, strict=True):
            p.grad = torch.tensor(g)
        theirs = torch.nn.utils.clip_grad_norm_(params, max_norm).item()
        clipped, norm = clip_grad_norm(grads, max_norm=np.float64(max_norm))
        undo = (norm + 1e-6) / norm if norm > max_norm else 1
        assert norm == pytest.approx(theirs, rel=tolerance)
        assert isinstance(norm, float)
        for c, p in zip(clipped, params, strict=True):
            assert c.dtype == dtype
            np.testing.assert_allclose(c, p.grad * undo, rtol=tolerance)
    torch.nn.utils.clip_grad_value_(params, 0.3)
    for c, p in zip(clip_grad_value(grads, clip_value=np.float64(0.3)), params, strict=True):  # fmt: skip
        assert c.dtype == dtype
        np.testing.assert_array_equal(c, p.grad)


def test_sixty_clipped_steps_match_pytorch(rng):
    """El umbral de la fórmula τ/‖g‖, en PyTorch, a mano."""
    model = network(rng)
    theta = torch.tensor(model.parameters()[0], requires_grad=True)
    x, target = rng.normal(size=(60, 8, 4)), rng.integers(0, 3, (60, 8))
    optimizer = SGD(model.parameters(), lr=0.5)
    clipped_steps = 0
    for batch, labels in zip(x, target, strict=True):
        model.write_gradients(cross_entropy_grad(model.forward(batch), labels))
        grads, norm = clip_grad_norm(model.gradients(), max_norm=0.3)
        optimizer.step(grads)
        w1, b1 = theta[:20].view(5, 4), theta[20:25]
        w2, b2 = theta[25:40].view(3, 5), theta[40:]
        logits = torch.sigmoid(torch.tensor(batch) @ w1.T + b1) @ w2.T + b2
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels))
        [grad] = torch.autograd.grad(loss, theta)
        scale = min(1.0, 0.3 / grad.norm().item())
        theta = (theta - 0.5 * scale * grad).detach().requires_grad_()
        clipped_steps += norm > 0.3

    assert 10 < clipped_steps < 60
    np.testing.assert_allclose(model.parameters()[0], theta.detach(), rtol=1e-12, atol=1e-12)  # fmt: skip


GRADS = st.lists(arrays(np.float64, 3, elements=st.floats(-1e6, 1e6)), min_size=1, max_size=3)  # fmt: skip


@given(GRADS, st.floats(1e-3, 1e3))
def test_clipping_by_norm_keeps_the_direction_and_never_lengthens(grads, max_norm):
    clipped, norm = clip_grad_norm(grads, max_norm=max_norm)
    flat, before = np.concatenate(clipped), np.concatenate(grads)

    assert grad_norm(clipped) <= max_norm * (1 + 1e-12)
    assert grad_norm(clipped) == pytest.approx(min(norm, max_norm), rel=1e-12)
    # Una relación entre componentes, sin dividir: misma dirección y sentido.
    np.testing.assert_allclose(flat * norm, before * min(norm, max_norm), rtol=1e-9, atol=1e-200)  # fmt: skip


@given(GRADS, st.floats(-100, 100))
def test_the_norm_is_homogeneous_and_that_of_the_flat_vector(grads, scale):
    flat = grad_norm([np.concatenate(grads)])

    assert grad_norm(grads) == pytest.approx(flat, rel=1e-12)
    assert grad_norm([scale * g for g in grads]) == pytest.approx(abs(scale) * flat, rel=1e-12)  # fmt: skip


@given(GRADS, st.floats(1e-3, 1e3))
def test_clipping_by_value_is_idempotent_and_bounded(grads, limit):
    once = clip_grad_value(grads, clip_value=limit)
    twice = clip_grad_value(once, clip_value=limit)

    for a, b in zip(once, twice, strict=True):
        np.testing.assert_array_equal(a, b)
        assert np.abs(a).max() <= limit


@pytest.mark.parametrize("size", [1e-25, 1e25, 1e-42])
def test_tiny_and_huge_float32_gradients_have_their_norm(size):
    """Al cuadrado serían 0 e infinito, que es lo que daría np.linalg.norm."""
    grad = np.array([3 * size, -4 * size], dtype=np.float32)

    assert grad_norm([grad, grad]) == pytest.approx(5 * size * math.sqrt(2), rel=1e-3)


def test_an_exploded_float32_gradient_is_clipped():
    """PyTorch lo dejaría en 0, porque su norma desborda."""
    grad = np.array([3e30, 4e30], dtype=np.float32)
    [clipped], _ = clip_grad_norm([grad], max_norm=5.0)

    assert clipped == pytest.approx([3.0, 4.0], rel=1e-6)


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_a_gradient_that_is_not_finite_comes_back_as_it_was(bad):
    """Que se vea: si el recorte lo escondiera, nadie sabría que la red divergió."""
    grads = [np.array([1.0, bad]), np.array([2.0])]
    clipped, norm = clip_grad_norm(grads, max_norm=1.0)

    assert not math.isfinite(norm)
    assert math.isnan(norm) == math.isnan(bad)
    assert all(c is g for c, g in zip(clipped, grads, strict=True))


def test_the_norms_by_layer_are_those_of_its_weight_and_bias_together(rng):
    model = network(rng)
    x, target = rng.normal(size=(6, 4)), np.array([0, 2, 1, 1, 0, 2])
    model.write_gradients(cross_entropy_grad(model.forward(x), target))
    norms = grad_norms(model)
    first, last = (np.concatenate([g.ravel() for g in layer.gradients()]) for layer in (model[0], model[2]))  # fmt: skip

    assert norms == pytest.approx([np.linalg.norm(first), np.linalg.norm(last)])
    assert math.hypot(*norms) == pytest.approx(grad_norm(model.gradients()))
    assert grad_norms(model[0]) == norms[:1]
    assert grad_norms(Sigmoid()) == []


def test_the_norms_by_layer_look_inside_networks_and_shortcuts(rng):
    block = Residual(Linear(4, 4, rng=rng), ReLU(), Sequential(Linear(4, 4, rng=rng)))
    model = Sequential(Linear(4, 4, rng=rng), block, Sigmoid(), Linear(4, 3, rng=rng))
    x, target = rng.normal(size=(6, 4)), np.array([0, 2, 1, 1, 0, 2])
    model.write_gradients(cross_entropy_grad(model.forward(x), target))
    layers = [model[0], block[0], block[2][0], model[3]]

    assert grad_norms(model) == [grad_norm(layer.gradients()) for layer in layers]


def test_in_a_deep_sigmoid_network_the_first_layers_have_small_gradients():
    """Errata E3-26: la derivada de la sigmoide no pasa de 1/4."""
    rng = np.random.default_rng(0)
    layers = [layer for _ in range(6) for layer in (Linear(30, 30, rng=rng), Sigmoid())]
    model = Sequential(*layers, Linear(30, 10, rng=rng))
    x, target = rng.normal(size=(50, 30)), rng.integers(0, 10, 50)
    model.write_gradients(cross_entropy_grad(model.forward(x), target))
    norms = grad_norms(model)

    assert norms == sorted(norms)
    assert norms[0] < norms[-1] / 1000


G = [np.ones(3)]
REJECTED = {
    "umbral-cero": (lambda: clip_grad_norm(G, max_norm=0.0), ValueError, "max_norm .* 0.0"),
    "umbral-nan": (lambda: clip_grad_norm(G, max_norm=math.nan), ValueError, "max_norm .* nan"),
    "umbral-texto": (lambda: clip_grad_norm(G, max_norm="1"), TypeError, "max_norm .* str"),
    "valor-negativo": (lambda: clip_grad_value(G, clip_value=-1.0), ValueError, "clip_value .* -1.0"),
    "arreglo-suelto": (lambda: clip_grad_norm(G[0], max_norm=1.0), TypeError, "gradients.* ndarray"),
    "arreglo-suelto-valor": (lambda: clip_grad_value(G[0], clip_value=1.0), TypeError, "gradients.* ndarray"),
    "enteros": (lambda: grad_norm([G[0], np.ones(2, int)]), TypeError, r"grads\[1\] .* int64"),
    "listas": (lambda: clip_grad_value([[1.0]], clip_value=1.0), TypeError, r"grads\[0\] .* list"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
