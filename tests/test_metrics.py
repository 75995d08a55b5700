"""Lo que responde la red y cuánto acierta: a mano, por trozos y en su modo."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redes import DATA, TARGET, Modes, X, network

from apuntes.layers import Sequential
from apuntes.losses import cross_entropy
from apuntes.metrics import accuracy, evaluate, predict

ACCURACY = {
    "todas": ([[0.1, 0.9], [0.8, 0.2]], [1, 0], 1.0),
    "una-de-dos": ([[0.1, 0.9], [0.8, 0.2]], [1, 1], 0.5),
    "logits-negativos": ([[-5.0, -2.0, -9.0]], [1], 1.0),
    "objetivo-vector": ([[0.1, 0.9], [0.8, 0.2], [0.6, 0.4]], [[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]], 2 / 3),
    "empate-gana-la-primera": ([[0.5, 0.5]], [0], 1.0),
}  # fmt: skip


@pytest.mark.parametrize(
    ("pred", "target", "expected"), ACCURACY.values(), ids=ACCURACY
)
def test_accuracy_by_hand(pred, target, expected):
    assert accuracy(np.array(pred), np.array(target)) == pytest.approx(expected)
    assert type(accuracy(np.array(pred), np.array(target))) is float


def test_accuracy_of_a_single_output_is_nan():
    assert math.isnan(accuracy(np.ones((3, 1)), np.ones((3, 1))))


@given(st.integers(1, 60))
def test_predict_gives_the_same_in_any_pieces(batch_size):
    model = network()

    np.testing.assert_allclose(
        predict(model, X, batch_size=batch_size), model.forward(X), rtol=1e-12
    )


@pytest.mark.parametrize("mode", [True, False])
@pytest.mark.parametrize("fail", [False, True])
def test_predict_uses_evaluation_mode_and_restores_the_mode_it_found(mode, fail):
    model = Sequential(network(), Modes(fail)).train(mode)
    if fail:
        with pytest.raises(KeyboardInterrupt):
            predict(model, X)
    else:
        predict(model, X, batch_size=25)

    assert not any(model[1].seen)
    assert (model.training, model[1].training) == (mode, mode)


def test_evaluate_is_the_loss_and_accuracy_of_the_whole_set():
    model = network()
    pred = model.forward(X)

    assert evaluate(model, cross_entropy, DATA) == pytest.approx(
        (cross_entropy(pred, TARGET), accuracy(pred, TARGET))
    )


@pytest.mark.parametrize("broken", [math.nan, math.inf])
def test_evaluate_of_a_broken_network_is_an_infinite_loss(broken):
    model = network()
    model[2].bias = [broken, 0, 0]
    loss, hits = evaluate(model, cross_entropy, DATA)

    assert loss == math.inf
    assert math.isnan(hits)


REJECTED = {
    "exactitud-formas": (lambda: accuracy(np.ones((3, 2)), np.ones(2, int)), ValueError, r"\(3, 2\) y \(2,\)"),
    "exactitud-clases": (lambda: accuracy(np.ones((3, 2)), np.ones((3, 4))), ValueError, r"\(3, 2\) y \(3, 4\)"),
    "exactitud-vector": (lambda: accuracy(np.ones(3), np.ones(3)), ValueError, r"\(3,\) y \(3,\)"),
    "exactitud-vacia": (lambda: accuracy(np.ones((0, 2)), np.ones(0, int)), ValueError, "no vacíos"),
    "predecir-nada": (lambda: predict(network(), X[:0]), ValueError, "0"),
    "predecir-lote": (lambda: predict(network(), X, batch_size=0), ValueError, "batch_size .* 0"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
