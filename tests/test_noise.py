"""Ruido: media y varianza, modos, que los pesos vuelven, leyes y lo que rechaza."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redes import DATA, network

from apuntes.gradcheck import numerical_gradient
from apuntes.layers import Linear, Sequential, Tanh
from apuntes.losses import cross_entropy_grad
from apuntes.metrics import predict
from apuntes.noise import GaussianNoise, noisy_labels, noisy_weights
from apuntes.optimizers import SGD
from apuntes.regularization import smooth_labels

dtypes = pytest.mark.parametrize("dtype", [np.float64, np.float32])


# En las activaciones.


@given(st.floats(0, 5), st.integers(0, 100))
def test_the_noise_has_mean_zero_and_that_deviation(std, seed):
    layer = GaussianNoise(std, rng=np.random.default_rng(seed))
    noise = layer.forward(np.full((200, 200), 3.0)) - 3

    assert abs(noise.mean()) <= 6 * std / 200
    assert noise.std() == pytest.approx(std, rel=0.03, abs=1e-12)


@dtypes
def test_noise_keeps_the_type_and_changes_in_each_forward(dtype, rng):
    layer, x = GaussianNoise(0.5, rng=rng), rng.normal(size=(3, 4)).astype(dtype)
    before = x.copy()
    one, other = layer.forward(x), layer.forward(x)

    assert one.dtype == other.dtype == dtype
    assert (one != other).all()
    np.testing.assert_array_equal(x, before)


def test_float32_noise_is_the_float64_noise_rounded():
    single, double = (
        GaussianNoise(1.0, rng=np.random.default_rng(0)).forward(
            np.zeros((2, 3), dtype)
        )
        for dtype in (np.float32, np.float64)
    )

    np.testing.assert_array_equal(single, double.astype(np.float32))


def test_there_is_no_noise_when_evaluating(rng):
    layer, x = GaussianNoise(0.5, rng=rng), rng.normal(size=(3, 4))

    assert layer.eval().forward(x) is x
    assert (layer.train().forward(x) != x).all()
    assert repr(layer) == "GaussianNoise(0.5)"


def test_the_gradient_of_a_noisy_network_matches_central_differences(rng):
    """El ruido es el mismo en cada evaluación: se vuelve a sembrar."""
    noise = GaussianNoise(0.3, rng=rng)
    model = Sequential(Linear(3, 4, rng=rng), noise, Tanh())
    x, grad = rng.normal(size=(2, 3)), rng.normal(size=(2, 4))

    def loss(x):
        noise._rng = np.random.default_rng(5)
        return np.sum(grad * model.forward(x))

    expected = numerical_gradient(loss, x)
    loss(x)
    np.testing.assert_allclose(model.backward(grad), expected, rtol=1e-6, atol=1e-9)


def test_for_a_linear_model_input_noise_is_an_l2_penalty(rng):
    """Bishop (1995): E[(w·(x+ε) − y)²] = (w·x − y)² + s²‖w‖²."""
    w, x, s = np.array([1.0, -2.0, 0.5]), np.ones((400_000, 3)), 0.3
    noisy = GaussianNoise(s, rng=rng).forward(x)

    assert np.mean((noisy @ w) ** 2) == pytest.approx((x[0] @ w) ** 2 + s**2 * (w @ w), rel=0.02)  # fmt: skip


# En los pesos.


def test_weights_are_noisy_inside_and_exactly_as_they_were_outside(rng):
    model = network()
    [theta] = model.parameters()
    before = theta.copy()
    with noisy_weights(model.parameters(), std=0.5, rng=rng):
        noise = theta - before
        assert (model[0].weight.ravel() == theta[: model[0].weight.size]).all()

    assert noise.std() == pytest.approx(0.5, rel=0.3)
    assert (noise != 0).all()
    np.testing.assert_array_equal(theta, before)


def test_weights_come_back_even_if_the_step_fails(rng):
    theta = np.array([1.0, 2.0])

    def fail():
        with noisy_weights([theta], std=1.0, rng=rng):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()

    assert theta.tolist() == [1, 2]


@dtypes
def test_each_array_has_its_own_noise_and_keeps_its_type(dtype):
    params = [np.full((20, 30), 0.1, dtype), np.full((20, 30), 0.1, dtype)]
    with noisy_weights(params, std=1.0, rng=np.random.default_rng(5)):
        one, other = (p.copy() for p in params)
    noise = np.random.default_rng(5).standard_normal((20, 30)).astype(dtype)

    assert one.dtype == dtype
    assert (one != other).all()
    np.testing.assert_array_equal(one, params[0] + noise)


def test_a_network_learns_with_noisy_weights(rng):
    """El paso se da fuera del `with`, con los gradientes de los pesos ruidosos."""
    model, (x, target) = network(), DATA
    optimizer = SGD(model.parameters(), lr=0.5)
    before = (predict(model, x).argmax(axis=1) == target).mean()
    for _ in range(300):
        with noisy_weights(model.parameters(), std=0.1, rng=rng):
            model.write_gradients(cross_entropy_grad(model.forward(x), target))
        optimizer.step(model.gradients())

    assert (predict(model, x).argmax(axis=1) == target).mean() > max(before, 0.9)


# En las etiquetas.


def test_with_epsilon_one_all_labels_change_and_with_zero_none(rng):
    target = rng.integers(4, size=1000).astype(np.uint8)
    changed = noisy_labels(target, num_classes=4, epsilon=1, rng=rng)

    assert (changed != target).all()
    assert changed.dtype == np.uint8
    assert set(changed) == {0, 1, 2, 3}
    np.testing.assert_array_equal(noisy_labels(target, num_classes=4, epsilon=0, rng=rng), target)  # fmt: skip


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, np.uint64])
def test_no_type_of_integer_overflows(dtype, rng):
    target = np.full(2000, 120, dtype)
    changed = noisy_labels(target, num_classes=121, epsilon=1.0, rng=rng)

    assert changed.dtype == dtype
    assert set(changed.tolist()) == set(range(120))


@given(st.floats(0, 1), st.integers(2, 6), st.integers(0, 100))
def test_the_mean_of_noisy_labels_is_smooth_labels(epsilon, num_classes, seed):
    """De ahí que ε/(K − 1) sea la convención en que ε es una probabilidad."""
    target = np.full(20_000, num_classes - 1)
    noisy = noisy_labels(target, num_classes=num_classes, epsilon=epsilon, rng=np.random.default_rng(seed))  # fmt: skip
    fractions = np.bincount(noisy, minlength=num_classes) / len(noisy)
    smooth = smooth_labels(target[:1], num_classes=num_classes, epsilon=epsilon, spread="others")  # fmt: skip

    # Seis desviaciones típicas, como mucho 6·½/√20 000.
    np.testing.assert_allclose(fractions, smooth[0], atol=0.022)


RNG, C = np.random.default_rng(0), np.array([0, 2])


def noise_weights(params, std=1.0, rng=RNG):
    with noisy_weights(params, std=std, rng=rng):
        pass


REJECTED = {
    "std-negativa": (lambda: GaussianNoise(-1.0, rng=RNG), ValueError, "std .* -1"),
    "std-texto": (lambda: GaussianNoise("1", rng=RNG), TypeError, "std .* str"),
    "semilla": (lambda: GaussianNoise(1.0, rng=0), TypeError, "rng .* int"),
    "entrada-entera": (lambda: GaussianNoise(1.0, rng=RNG).eval().forward(np.ones((2, 3), int)), TypeError, "x .* int64"),
    "sin-forward": (lambda: GaussianNoise(1.0, rng=RNG).backward(np.ones((2, 3))), RuntimeError, r"GaussianNoise\(1.0\).*antes un forward"),
    "pesos-enteros": (lambda: noise_weights([np.ones(2, int)]), TypeError, r"params\[0\] .* int64"),
    "pesos-std": (lambda: noise_weights([np.ones(2)], std=-1.0), ValueError, "std .* -1"),
    "pesos-semilla": (lambda: noise_weights([np.ones(2)], rng=0), TypeError, "rng .* int"),
    "clase-fuera": (lambda: noisy_labels(C, num_classes=2, epsilon=0.1, rng=RNG), ValueError, r"\[0, 2\).*de 0 a 2"),
    "clase-real": (lambda: noisy_labels(np.ones(2), num_classes=2, epsilon=0.1, rng=RNG), TypeError, "target .* float64"),
    "una-clase": (lambda: noisy_labels(C * 0, num_classes=1, epsilon=0.1, rng=RNG), ValueError, "dos clases.* 1"),
    "clases-reales": (lambda: noisy_labels(C, num_classes=3.0, epsilon=0.1, rng=RNG), TypeError, "num_classes .* float"),
    "epsilon-grande": (lambda: noisy_labels(C, num_classes=3, epsilon=1.5, rng=RNG), ValueError, "epsilon .* 1.5"),
    "epsilon-texto": (lambda: noisy_labels(C, num_classes=3, epsilon="0", rng=RNG), TypeError, "epsilon .* str"),
    "etiquetas-semilla": (lambda: noisy_labels(C, num_classes=3, epsilon=0.5, rng=0), TypeError, "rng .* int"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_backward_rejects_a_gradient_that_is_not_that_of_the_output(rng):
    layer = GaussianNoise(1.0, rng=rng)
    layer.forward(np.ones((2, 3)))

    with pytest.raises(ValueError, match=r"grad .*\(2, 3\); se recibió \(3,\)"):
        layer.backward(np.ones(3))
