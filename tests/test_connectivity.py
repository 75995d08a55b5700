"""Caminos: la curva de Bézier, su gradiente, su plano y el coste a lo largo."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apuntes.connectivity import (
    bend_grad,
    bezier,
    cost_grad,
    costs_along,
    fit_bend,
    plane_basis,
    spiral,
)
from apuntes.gradcheck import numerical_gradient
from apuntes.layers import Linear, Sequential, Tanh
from apuntes.losses import cross_entropy, cross_entropy_grad

POINTS = arrays(np.float64, 3, elements=st.floats(-5, 5))


def network(seed, hidden=3):
    rng = np.random.default_rng(seed)
    return Sequential(Linear(2, hidden, rng=rng), Tanh(), Linear(hidden, 2, rng=rng))


def theta(model):
    return model.parameters()[0]


@pytest.fixture
def data():
    return spiral(20, noise=0.1, rng=np.random.default_rng(7))


def test_spiral_arms_are_opposite():
    x, labels = spiral(4000, noise=0.0, rng=np.random.default_rng(0))
    radius, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    turned = (angle - np.pi * radius - np.pi * labels) / (2 * np.pi)

    assert labels[:4].tolist() == [0, 1, 0, 1]
    np.testing.assert_allclose(turned, np.round(turned), atol=1e-9)
    assert radius.max() <= 2
    assert 0.34 < radius.min() < 0.36
    assert np.mean(radius < np.sqrt(2)) == pytest.approx(0.47 / 0.97, abs=0.02)


def test_spiral_noise_is_its_standard_deviation():
    clean, _ = spiral(5000, noise=0.0, rng=np.random.default_rng(0))
    noisy, _ = spiral(5000, noise=0.3, rng=np.random.default_rng(0))

    assert (noisy - clean).std() == pytest.approx(0.3, rel=0.03)


def test_bezier_by_hand():
    a, c, b = np.array([0.0, 8.0]), np.array([4.0, 0.0]), np.array([0.0, 0.0])

    curve = bezier(a, c, b, np.array([0.0, 0.25, 0.5, 1.0]))

    np.testing.assert_allclose(curve, [[0, 8], [1.5, 4.5], [2, 2], [0, 0]])


@given(a=POINTS, c=POINTS, b=POINTS, t=st.floats(0, 1))
def test_bezier_goes_from_end_to_end_and_reverses(a, c, b, t):
    curve = bezier(a, c, b, np.array([0.0, t, 1.0]))

    np.testing.assert_allclose(curve[[0, 2]], [a, b])
    np.testing.assert_allclose(
        bezier(b, c, a, np.array([1 - t]))[0], curve[1], atol=1e-12
    )
    straight = bezier(a, (a + b) / 2, b, np.array([t]))[0]
    np.testing.assert_allclose(straight, (1 - t) * a + t * b, atol=1e-12)


def test_bezier_keeps_float32():
    a = np.ones(3, dtype=np.float32)

    assert bezier(a, a, a, np.array([0.5])).dtype == np.float32


def test_cost_grad_matches_central_differences(data):
    model = network(0)

    def cost(point):
        return float(costs_along(model, point[None], cross_entropy, data)[0][0])

    numeric = numerical_gradient(cost, theta(model))
    grad = cost_grad(model, theta(model).copy(), cross_entropy_grad, data)

    np.testing.assert_allclose(grad, numeric, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("t", [0.0, 0.3, 0.5, 0.9])
def test_bend_grad_matches_central_differences(t, data):
    model, a, c, b = network(0), *(theta(network(s)) for s in (1, 2, 3))

    def cost(bend):
        point = bezier(a, bend, b, np.array([t]))
        return float(costs_along(model, point, cross_entropy, data)[0][0])

    grad = bend_grad(model, (a, c, b), t, cross_entropy_grad, data)

    np.testing.assert_allclose(grad, numerical_gradient(cost, c), rtol=1e-6, atol=1e-9)


def test_bend_grad_matches_pytorch(data):
    model, a, c, b = network(0), *(theta(network(s)) for s in (1, 2, 3))
    bend = torch.tensor(c, requires_grad=True)
    t = 0.3
    point = (
        (1 - t) ** 2 * torch.tensor(a) + 2 * t * (1 - t) * bend + t**2 * torch.tensor(b)
    )
    weights = point[:6].reshape(3, 2), point[6:9], point[9:15].reshape(2, 3), point[15:]
    x = torch.tensor(data[0])
    hidden = torch.tanh(torch.nn.functional.linear(x, *weights[:2]))
    logits = torch.nn.functional.linear(hidden, *weights[2:])
    torch.nn.functional.cross_entropy(logits, torch.tensor(data[1])).backward()

    grad = bend_grad(model, (a, c, b), t, cross_entropy_grad, data)

    np.testing.assert_allclose(grad, bend.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_costs_along_measures_each_row_and_leaves_the_model_alone(data):
    model, other = network(0), network(1)
    before = theta(model).copy()

    costs, hits = costs_along(
        model, np.stack([theta(model), theta(other)]), cross_entropy, data
    )

    for i, one in enumerate((model, other)):
        logits = one.forward(data[0])
        assert costs[i] == pytest.approx(cross_entropy(logits, data[1]))
        assert hits[i] == np.mean(logits.argmax(axis=1) == data[1])
    np.testing.assert_array_equal(theta(model), before)


def test_first_step_of_fit_bend_is_minus_the_gradient_at_a_random_t(data):
    model, a, b = network(0), theta(network(1)), theta(network(2))
    [t] = np.random.default_rng(5).uniform(size=1)
    middle = (a + b) / 2
    expected = middle - 0.3 * bend_grad(
        model, (a, middle, b), t, cross_entropy_grad, data
    )

    bend = fit_bend(
        model, a, b, cross_entropy_grad, data,
        lr=0.3, steps=1, rng=np.random.default_rng(5),
    )  # fmt: skip

    np.testing.assert_allclose(bend, expected, rtol=1e-12)


def test_fit_bend_lowers_the_mean_cost_of_the_curve(data):
    model, a, b = network(0), 3 * theta(network(1)), 3 * theta(network(2))
    t, kept = np.linspace(0, 1, 21), copy.deepcopy(model)

    bend = fit_bend(
        model, a, b, cross_entropy_grad, data,
        lr=0.2, steps=300, rng=np.random.default_rng(0),
    )  # fmt: skip
    plain = fit_bend(
        model, a, b, cross_entropy_grad, data,
        lr=0.2, steps=300, momentum=0.0, rng=np.random.default_rng(0),
    )  # fmt: skip
    curved, slower, straight = (
        costs_along(model, bezier(a, c, b, t), cross_entropy, data)[0].mean()
        for c in (bend, plain, (a + b) / 2)
    )

    assert curved < slower < straight
    np.testing.assert_array_equal(theta(model), theta(kept))


@given(a=POINTS, c=POINTS)
def test_plane_basis_puts_the_three_points_back(a, c):
    b = a + np.array([1.0, 2.0, -1.0])
    c = c + np.array([9.0, 9.0, 40.0])

    axes, places = plane_basis(a, c, b)

    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-9)
    np.testing.assert_allclose(a + places @ axes, [a, c, b], atol=1e-8)
    assert places[1, 1] > 0
    assert places[2, 0] == pytest.approx(np.sqrt(6))


a, b = np.zeros(2), np.ones(2)
MODEL = network(0)
DATA = spiral(4, noise=0.1, rng=np.random.default_rng(0))
RNG = np.random.default_rng(0)
REJECTED = {
    "espiral-cero": (lambda: spiral(0, noise=0.1, rng=RNG), ValueError, "n .* 0"),
    "espiral-ruido": (lambda: spiral(4, noise=-1, rng=RNG), ValueError, "noise"),
    "espiral-semilla": (lambda: spiral(4, noise=0.1, rng=0), TypeError, "rng"),
    "bezier-formas": (lambda: bezier(a, np.ones(3), b, np.zeros(1)), ValueError, "formas"),
    "bezier-enteros": (lambda: bezier(a, b, np.ones(2, dtype=int), np.zeros(1)), TypeError, "end"),
    "bezier-fuera": (lambda: bezier(a, b, b, np.array([1.5])), ValueError, r"t debe estar en \[0, 1\].* 1.5"),
    "coste-forma": (lambda: costs_along(MODEL, np.ones((2, 3)), cross_entropy, DATA), ValueError, r"points .* \(2, 3\)"),
    "coste-float32": (lambda: costs_along(MODEL, np.ones((2, 17), dtype=np.float32), cross_entropy, DATA), TypeError, "points"),
    "gradiente-forma": (lambda: cost_grad(MODEL, np.ones(3), cross_entropy_grad, DATA), ValueError, r"theta .* \(3,\)"),
    "curva-pasos": (lambda: fit_bend(MODEL, a, b, cross_entropy_grad, DATA, lr=0.1, steps=0, rng=RNG), ValueError, "steps"),
    "curva-semilla": (lambda: fit_bend(MODEL, a, b, cross_entropy_grad, DATA, lr=0.1, steps=1, rng=0), TypeError, "rng"),
    "curva-formas": (lambda: fit_bend(MODEL, a, np.ones(3), cross_entropy_grad, DATA, lr=0.1, steps=1, rng=RNG), ValueError, "formas"),
    "plano-recta": (lambda: plane_basis(a, 2 * b, b), ValueError, "triángulo"),
    "plano-ida-y-vuelta": (lambda: plane_basis(a, b, a), ValueError, "triángulo"),
    "plano-punto": (lambda: plane_basis(a, a, b), ValueError, "triángulo"),
    "plano-formas": (lambda: plane_basis(a, np.ones(3), b), ValueError, "formas"),
    "plano-enteros": (lambda: plane_basis(np.zeros(2, dtype=int), b, a), TypeError, "start"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
