"""Bucle de entrenamiento: PyTorch, lo que mide y cuándo, divergencia y errores."""

import copy
import linecache
import math
import time
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes.data import mnist_sample
from apuntes.layers import Layer, Linear, Sequential, Sigmoid
from apuntes.losses import (
    binary_cross_entropy,
    binary_cross_entropy_grad,
    cross_entropy,
    cross_entropy_grad,
    mse_loss,
    mse_loss_grad,
    quadratic_cost,
    quadratic_cost_grad,
)
from apuntes.minibatch import minibatches
from apuntes.optimizers import SGD
from apuntes.training import (
    History,
    accuracy,
    evaluate,
    fit,
    flatten_images,
    predict,
    split_validation,
    train_epoch,
)

CE = (cross_entropy, cross_entropy_grad)
X = np.random.default_rng(7).normal(size=(50, 4))
TARGET = np.argmax(X[:, :3], axis=1)
DATA = (X, TARGET)
SERIES = ("running_loss", "running_accuracy", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "seconds")  # fmt: skip


def network(seed=0, *, features=4, classes=3):
    rng = np.random.default_rng(seed)
    return Sequential(
        Linear(features, 6, rng=rng), Sigmoid(), Linear(6, classes, rng=rng)
    )


def train(model=None, *, lr=0.5, epochs=3, batch_size=8, **kwargs):
    """Entrena la red pequeña con valores por defecto y devuelve red e historial."""
    model = model or network()
    kwargs = {"loss": CE, "train": DATA, "progress": False} | kwargs
    kwargs.setdefault("rng", np.random.default_rng(1))
    optimizer = SGD(model.parameters(), lr=lr)
    history = fit(model, optimizer, epochs=epochs, batch_size=batch_size, **kwargs)
    return model, history


# --- Preparar los datos -------------------------------------------------------------


def test_flatten_images_matches_pytorch_division():
    images, _ = mnist_sample("test")
    expected = torch.from_numpy(images).reshape(1000, 784).to(torch.float32) / 255

    pixels = flatten_images(images)

    assert pixels.dtype == np.float32
    np.testing.assert_array_equal(pixels, expected.numpy())
    assert (pixels.min(), pixels.max()) == (0, 1)


def test_flatten_images_keeps_the_original_and_takes_a_dtype():
    images = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)

    pixels = flatten_images(images, dtype=np.float64)

    assert pixels.dtype == np.float64
    assert pixels[1].tolist() == [n / 255 for n in range(6, 12)]
    assert images[1, 1, 2] == 11


@given(n=st.integers(2, 300), fraction=st.floats(0.01, 0.99), seed=st.integers(0, 9))
def test_split_puts_every_example_in_one_part(n, fraction, seed):
    count = round(n * fraction)
    if not 0 < count < n:
        return
    parts = split_validation(n, size=fraction, rng=np.random.default_rng(seed))

    assert len(parts[1]) == count
    assert sorted(np.concatenate(parts).tolist()) == list(range(n))


@pytest.mark.parametrize(
    ("n", "size", "expected"),
    [(60000, 10000, 10000), (60000, 1 / 6, 10000), (10, 0.25, 2), (10, 1, 1), (10, np.int64(9), 9), (10, 3.0, 3)],
)  # fmt: skip
def test_split_size_is_a_count_or_a_fraction(n, size, expected, rng):
    train_index, validation_index = split_validation(n, size=size, rng=rng)

    assert (len(train_index), len(validation_index)) == (n - expected, expected)


def test_split_is_random_and_the_seed_repeats_it():
    splits = [
        split_validation(100, size=20, rng=np.random.default_rng(seed))[1].tolist()
        for seed in (0, 0, 1)
    ]

    assert splits[0] == splits[1] != splits[2]
    assert splits[0] != sorted(splits[0])


# --- Medir --------------------------------------------------------------------------

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


class Modes(Layer):
    """Capa identidad que apunta en qué modo se la usó."""

    # ruff: noqa: D102  (los métodos ya dicen en Layer lo que hacen)

    def __init__(self, fail=False):
        self.seen, self.fail = [], fail

    def forward(self, x):
        self.seen.append(self.training)
        if self.fail:
            raise KeyboardInterrupt
        return x

    def backward(self, grad):
        return grad


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


def test_fit_trains_in_training_mode_and_measures_in_evaluation_mode():
    model = Sequential(network(), Modes())
    model.eval()
    train(model, epochs=2, batch_size=25, validation=DATA)

    assert model[1].seen == [True, True, False, False] * 2


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


# --- Entrenar -----------------------------------------------------------------------


def test_three_epochs_match_pytorch():
    """Mismos pesos y mismas permutaciones: los mismos parámetros al final."""
    model = network()
    reference = torch.nn.Sequential(
        torch.nn.Linear(4, 6), torch.nn.Sigmoid(), torch.nn.Linear(6, 3)
    ).double()
    torch.nn.utils.vector_to_parameters(
        torch.tensor(model.parameters()[0]), reference.parameters()
    )
    optimizer = torch.optim.SGD(reference.parameters(), lr=0.5)
    rng = np.random.default_rng(1)
    for _ in range(3):
        for batch in minibatches(50, 8, rng):
            optimizer.zero_grad()
            logits = reference(torch.tensor(X[batch]))
            torch.nn.functional.cross_entropy(
                logits, torch.tensor(TARGET[batch])
            ).backward()
            optimizer.step()
    train(model)

    theirs = torch.nn.utils.parameters_to_vector(reference.parameters()).detach()
    np.testing.assert_allclose(model.parameters()[0], theirs, rtol=1e-10, atol=1e-13)


def test_the_running_measures_are_taken_before_each_step_and_weigh_examples():
    """Con 50 ejemplos y lotes de 16 el último tiene 2: pesa 2/50, no 1/4."""
    model, loss_sum, hits = network(), 0.0, 0.0
    optimizer, rng = SGD(model.parameters(), lr=0.5), np.random.default_rng(1)
    for batch in minibatches(50, 16, rng):
        pred = model.forward(X[batch])
        loss_sum += cross_entropy(pred, TARGET[batch]) * len(batch)
        hits += accuracy(pred, TARGET[batch]) * len(batch)
        model.backward(cross_entropy_grad(pred, TARGET[batch]))
        optimizer.step(model.gradients())
    _, history = train(epochs=1, batch_size=16)

    assert history.running_loss == pytest.approx([loss_sum / 50])
    assert history.running_accuracy == pytest.approx([hits / 50])


def test_the_other_measures_are_taken_at_the_end_of_the_epoch():
    validation = (X[:10], TARGET[:10])
    model, history = train(epochs=2, validation=validation)

    assert (history.train_loss[-1], history.train_accuracy[-1]) == evaluate(model, cross_entropy, DATA)  # fmt: skip
    assert (history.validation_loss[-1], history.validation_accuracy[-1]) == evaluate(model, cross_entropy, validation)  # fmt: skip


def test_validation_can_beat_the_running_accuracy_without_any_mistake():
    """Fe de erratas, E4-25: la media de la época llega tarde; al final no hay ventaja."""
    images, labels = mnist_sample("train")
    x = flatten_images(images)
    rng = np.random.default_rng(0)
    model = Sequential(
        Linear(784, 15, rng=rng, dtype=np.float32),
        Sigmoid(),
        Linear(15, 10, rng=rng, dtype=np.float32),
    )
    _, history = train(
        model,
        train=(x[:4000], labels[:4000]),
        validation=(x[4000:], labels[4000:]),
        epochs=3,
        batch_size=64,
        lr=0.2,
    )

    for running, final, validation in zip(
        history.running_accuracy,
        history.train_accuracy,
        history.validation_accuracy,
        strict=True,
    ):
        assert running < validation
        assert running < final
    assert history.train_accuracy[-1] > 0.75


def test_history_has_one_entry_per_epoch():
    start = time.perf_counter()
    _, history = train(epochs=4, validation=DATA)
    elapsed = time.perf_counter() - start

    assert {name: len(getattr(history, name)) for name in SERIES} == dict.fromkeys(SERIES, 4)  # fmt: skip
    assert history.steps == 4 * 7
    assert all(second > 0 for second in history.seconds)
    assert sum(history.seconds) < elapsed
    assert not history.diverged


def test_what_is_not_measured_stays_empty():
    _, history = train(evaluate_train=False)

    assert history.train_loss == history.train_accuracy == []
    assert history.validation_loss == history.validation_accuracy == []
    assert len(history.running_loss) == 3


def test_measuring_does_not_change_the_training():
    plain, _ = train(evaluate_train=False)
    measured, _ = train(validation=DATA)

    np.testing.assert_array_equal(plain.parameters()[0], measured.parameters()[0])


def test_continuing_a_history_is_the_same_as_training_in_one_go():
    rng, model = np.random.default_rng(1), network()
    whole, expected = train(epochs=5)
    history = History()
    optimizer = SGD(model.parameters(), lr=0.5)
    for epochs in (2, 3):
        returned = fit(model, optimizer, CE, DATA, epochs=epochs, batch_size=8, rng=rng, history=history, progress=False)  # fmt: skip
        assert returned is history

    np.testing.assert_array_equal(model.parameters()[0], whole.parameters()[0])
    assert history.running_loss == expected.running_loss
    assert history.steps == expected.steps


def test_the_schedule_sets_the_rate_of_every_step_and_goes_on_when_continuing():
    rates, model, history = [], network(), History()

    class Spy(SGD):
        def step(self, grads):
            rates.append(self.lr)
            super().step(grads)

    optimizer, rng = Spy(model.parameters(), lr=9.0), np.random.default_rng(1)
    for _ in range(2):
        fit(model, optimizer, CE, DATA, epochs=1, batch_size=25, rng=rng, schedule=lambda step: 1 / (1 + step), history=history, progress=False)  # fmt: skip

    assert rates == [1, 1 / 2, 1 / 3, 1 / 4]


def test_interrupting_loses_nothing_of_the_history_given():
    history = History()

    def interrupt(step):
        if step == 10:
            raise KeyboardInterrupt
        return 0.5

    with pytest.raises(KeyboardInterrupt):
        train(history=history, schedule=interrupt)

    assert len(history.running_loss) == len(history.train_loss) == 1
    assert history.steps == 10


def test_regression_has_a_loss_and_no_accuracy():
    slope = X @ np.array([[1.0], [2.0], [0.0], [-1.0]])
    _, history = train(
        network(classes=1),
        loss=(mse_loss, mse_loss_grad),
        train=(X, slope),
        validation=(X, slope),
        lr=0.1,
        epochs=20,
    )

    assert history.train_loss[-1] < 0.1 * history.running_loss[0]
    assert all(map(math.isnan, history.running_accuracy + history.validation_accuracy))


def test_vector_targets_train_with_the_quadratic_cost():
    one_hot = np.eye(3)[TARGET]
    model = network()
    _, history = train(
        model,
        loss=(quadratic_cost, quadratic_cost_grad),
        train=(X, one_hot),
        epochs=60,
    )

    assert history.train_accuracy[-1] > 0.85
    assert history.train_accuracy[-1] == accuracy(model.forward(X), TARGET)


# --- Divergir -----------------------------------------------------------------------


def test_divergence_stops_with_one_warning_and_keeps_the_history():
    slope = X[:, :1]
    model = Sequential(Linear(4, 1, rng=np.random.default_rng(0)))
    with pytest.warns(
        RuntimeWarning, match=r"época \d+ .*tasa menor.* lr=30"
    ) as caught:
        _, history = train(
            model,
            loss=(mse_loss, mse_loss_grad),
            train=(X, slope),
            validation=(X, slope),
            lr=30.0,
            epochs=100,
        )

    epochs = len(history.running_loss)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert "fit(" in linecache.getline(__file__, caught[0].lineno)
    assert history.diverged
    assert 1 < epochs < 100
    assert {len(getattr(history, name)) for name in SERIES} == {epochs}
    assert all(map(math.isfinite, history.running_loss[:-1]))
    assert not math.isfinite(history.running_loss[-1])
    assert history.validation_loss[-1] == math.inf


def test_the_epoch_stops_at_the_first_output_that_is_not_finite():
    """Un dato malo en el segundo lote: el tercero ya no se mira."""
    x = np.ones((6, 4))
    x[2] = np.nan
    model = network()
    batches = np.arange(6).reshape(3, 2)

    with np.errstate(all="ignore"):
        pred, target = train_epoch(model, SGD(model.parameters(), lr=0.1), cross_entropy_grad, (x, TARGET[:6]), batches)  # fmt: skip

    assert np.isfinite(pred).all(axis=1).tolist() == [True, True, False, True]
    assert target.tolist() == TARGET[:4].tolist()


def test_divergence_of_a_loss_that_refuses_nan_is_also_kept():
    model = Sequential(network(classes=1), Sigmoid())
    model[0][2].bias = [np.nan]
    labels = (TARGET == 0).astype(float)[:, None]
    with pytest.warns(RuntimeWarning, match="nan en los datos"):
        _, history = train(
            model,
            loss=(binary_cross_entropy, binary_cross_entropy_grad),
            train=(X, labels),
        )

    assert history.running_loss == history.train_loss == [math.inf]
    assert np.isfinite(model[0][0].weight).all()
    assert history.steps == 1


@pytest.mark.parametrize(
    ("losses", "diverged"),
    [([], False), ([0.5], False), ([0.5, math.inf], True), ([math.nan], True), ([math.inf, 0.5], False)],
)  # fmt: skip
def test_a_history_has_diverged_if_its_last_loss_is_not_finite(losses, diverged):
    assert History(running_loss=losses).diverged is diverged


# --- Barra de progreso y errores ----------------------------------------------------


@pytest.mark.parametrize("progress", [True, False])
def test_the_progress_bar_counts_steps_on_the_error_stream(progress, capsys):
    train(progress=progress)
    out, err = capsys.readouterr()

    assert out == ""
    assert ("21/21" in err) is progress
    assert progress or err == ""


def test_the_progress_bar_is_on_by_default(capsys):
    model = network()
    fit(model, SGD(model.parameters(), lr=0.1), CE, DATA, epochs=1, batch_size=25, rng=np.random.default_rng(0))  # fmt: skip

    assert "2/2" in capsys.readouterr().err


RNG = np.random.default_rng(0)
IMAGES = np.zeros((2, 3, 3), np.uint8)
OTHER = SGD(network().parameters(), lr=0.1)
REJECTED = {
    "imagenes-reales": (lambda: flatten_images(IMAGES / 255), TypeError, "uint8; se recibió float64"),
    "imagenes-lista": (lambda: flatten_images([[[0]]]), TypeError, "list"),
    "una-imagen": (lambda: flatten_images(IMAGES[0]), ValueError, r"\(N, H, W\); se recibió \(3, 3\)"),
    "reparto-todo": (lambda: split_validation(10, size=10, rng=RNG), ValueError, "size .* 10"),
    "reparto-nada": (lambda: split_validation(10, size=0, rng=RNG), ValueError, "size .* 0"),
    "reparto-negativo": (lambda: split_validation(10, size=-0.5, rng=RNG), ValueError, "size .* -0.5"),
    "reparto-fraccion-minima": (lambda: split_validation(10, size=0.01, rng=RNG), ValueError, "size .* 0.01"),
    "reparto-uno-y-medio": (lambda: split_validation(10, size=1.5, rng=RNG), ValueError, "size .* 1.5"),
    "reparto-n": (lambda: split_validation(0, size=1, rng=RNG), ValueError, "n debe .* 0"),
    "reparto-semilla": (lambda: split_validation(10, size=1, rng=0), TypeError, "default_rng.* int"),
    "exactitud-formas": (lambda: accuracy(np.ones((3, 2)), np.ones(2, int)), ValueError, r"\(3, 2\) y \(2,\)"),
    "exactitud-clases": (lambda: accuracy(np.ones((3, 2)), np.ones((3, 4))), ValueError, r"\(3, 2\) y \(3, 4\)"),
    "exactitud-vector": (lambda: accuracy(np.ones(3), np.ones(3)), ValueError, r"\(3,\) y \(3,\)"),
    "exactitud-vacia": (lambda: accuracy(np.ones((0, 2)), np.ones(0, int)), ValueError, "no vacíos"),
    "predecir-nada": (lambda: predict(network(), X[:0]), ValueError, "0"),
    "predecir-lote": (lambda: predict(network(), X, batch_size=0), ValueError, "batch_size .* 0"),
    "epocas": (lambda: train(epochs=0), ValueError, "epochs .* 0"),
    "lote": (lambda: train(batch_size=0), ValueError, "batch_size .* 0"),
    "semilla": (lambda: train(rng=0), TypeError, "default_rng.* int"),
    "perdida-sola": (lambda: train(loss=cross_entropy), TypeError, r"pareja \(f, f_grad\).*cross_entropy"),
    "perdida-triple": (lambda: train(loss=(*CE, 1)), TypeError, "pareja"),
    "sin-datos": (lambda: train(train=(X[:0], TARGET[:0])), ValueError, "0 y 0"),
    "sin-respuestas": (lambda: train(train=(X, TARGET[:9])), ValueError, "50 y 9"),
    "validacion-sin-respuestas": (lambda: train(validation=(X, TARGET[:9])), ValueError, "50 y 9"),
    "optimizador-ajeno": (lambda: fit(network(), OTHER, CE, DATA, epochs=1, batch_size=9, rng=RNG), ValueError, "esta red.*Sequential"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_an_optimizer_of_a_copy_is_refused():
    """El despiste del cuaderno: rehacer la red y no el optimizador."""
    model = network()
    optimizer = SGD(copy.deepcopy(model).parameters(), lr=0.1)

    with pytest.raises(ValueError, match="copia"):
        fit(model, optimizer, CE, DATA, epochs=1, batch_size=9, rng=RNG)


def test_fit_leaves_floating_point_warnings_as_they_were():
    before = np.geterr()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        train(Sequential(Linear(4, 3, rng=np.random.default_rng(0))), lr=1e200)

    assert np.geterr() == before
