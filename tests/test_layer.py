"""Lo común a toda capa: hacer una propia, asignar parámetros y lo que rechaza."""

import numpy as np
import pytest

from apuntes.layers import Layer, Linear, ReLU, Sequential, Sigmoid, Tanh


def test_write_gradients_of_a_layer_that_does_not_define_it_is_its_backward():
    layer = ReLU()
    layer.forward(np.ones((1, 2)))

    assert layer.write_gradients(np.ones((1, 2))) is None
    with pytest.raises(ValueError, match="grad"):
        layer.write_gradients(np.ones((2, 2)))


def test_activations_have_no_parameters():
    assert ReLU().parameters() == ReLU().gradients() == []


def test_train_is_the_default_mode_of_train():
    assert Tanh().eval().train().training


@pytest.mark.parametrize("alone", [True, False], ids=["suelta", "en-una-red"])
def test_assigning_a_parameter_copies_it_and_keeps_the_view(alone, rng):
    layer = Linear(4, 3, rng=rng)
    model = layer if alone else Sequential(Tanh(), layer)
    mine = np.ones((3, 4))
    layer.weight = mine
    mine[:] = 5
    layer.weight -= 0.5
    layer.bias += 2

    assert (
        np.concatenate([p.ravel() for p in model.parameters()]).tolist()
        == [0.5] * 12 + [2] * 3
    )


def test_a_layer_of_your_own_only_needs_forward_and_backward(rng):
    class Double(Layer):
        def forward(self, x):
            return 2 * x

        def backward(self, grad):
            return 2 * grad

    model = Sequential(Linear(4, 3, rng=rng), Double())
    assert model.training
    assert Double().training
    x = rng.normal(size=(2, 4))

    np.testing.assert_array_equal(model.forward(x), 2 * model[0].forward(x))
    np.testing.assert_array_equal(
        model.backward(np.ones((2, 3))), 2 * np.ones((2, 3)) @ model[0].weight
    )


RNG = np.random.default_rng(0)
LINEAR = Linear(4, 3, rng=RNG)
REJECTED = {
    "sin-forward": (lambda: Linear(4, 3, rng=RNG).backward(np.ones((2, 3))), RuntimeError, r"Linear\(4, 3\).*antes un forward"),
    "sigmoide-sin-forward": (lambda: Sigmoid().backward(np.ones((2, 3))), RuntimeError, r"Sigmoid\(\).*antes un forward"),
    "peso-forma": (lambda: setattr(LINEAR, "weight", np.ones((4, 3))), ValueError, r"\(3, 4\).*\(4, 3\)"),
    "peso-escalar": (lambda: setattr(LINEAR, "weight", 0.0), ValueError, r"\(3, 4\).*\(\)"),
    "sesgo-forma": (lambda: setattr(LINEAR, "bias", np.ones(4)), ValueError, r"\(3,\).*\(4,\)"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()


@pytest.mark.parametrize("build", [lambda: Linear(3, 3, rng=RNG), Sigmoid, Tanh, ReLU], ids=["lineal", "sigmoid", "tanh", "relu"])  # fmt: skip
def test_backward_rejects_a_gradient_that_is_not_that_of_the_output(build):
    layer = build()
    layer.forward(np.ones((2, 3)))

    with pytest.raises(ValueError, match=r"grad .*\(2, 3\); se recibió \(3, 3\)"):
        layer.backward(np.ones((3, 3)))
    with pytest.raises(ValueError, match=r"grad .*\(2, 3\); se recibió \(3,\)"):
        layer.backward(np.ones(3))
    with pytest.raises(TypeError, match=r"grad .*float64; se recibió float32"):
        layer.backward(np.ones((2, 3), np.float32))
    with pytest.raises(TypeError, match=r"grad .*recibió float"):
        layer.backward(1.0)
