"""Bucle de entrenamiento: PyTorch, lo que mide y cuándo, divergencia y errores."""

import copy
import linecache
import math
import time
import warnings

import numpy as np
import pytest
import torch
from redes import DATA, TARGET, Modes, X, network

from apuntes.data import flatten_images, mnist_sample
from apuntes.layers import Linear, Sequential, Sigmoid
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
from apuntes.metrics import accuracy, evaluate
from apuntes.minibatch import minibatches
from apuntes.optimizers import SGD
from apuntes.training import History, fit, train_epoch

CE = (cross_entropy, cross_entropy_grad)
SERIES = ("running_loss", "running_accuracy", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "seconds")  # fmt: skip


def train(model=None, *, lr=0.5, epochs=3, batch_size=8, **kwargs):
    """Entrena la red pequeña con valores por defecto y devuelve red e historial."""
    model = model or network()
    kwargs = {"loss": CE, "train": DATA, "progress": False} | kwargs
    kwargs.setdefault("rng", np.random.default_rng(1))
    optimizer = SGD(model.parameters(), lr=lr)
    history = fit(model, optimizer, epochs=epochs, batch_size=batch_size, **kwargs)
    return model, history


def test_fit_trains_in_training_mode_and_measures_in_evaluation_mode():
    model = Sequential(network(), Modes())
    model.eval()
    train(model, epochs=2, batch_size=25, validation=DATA)

    assert model[1].seen == [True, True, False, False] * 2


def test_three_epochs_match_pytorch():
    """Mismos pesos y mismas permutaciones: los mismos parámetros al final."""
    model = network()
    reference = torch.nn.Sequential(
        torch.nn.Linear(4, 5), torch.nn.Sigmoid(), torch.nn.Linear(5, 3)
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
        epochs=200,
    )

    assert history.train_accuracy[-1] > 0.85
    assert history.train_accuracy[-1] == accuracy(model.forward(X), TARGET)


# --- Divergir ---------------------------------------------------------------------


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


# --- Barra de progreso y errores --------------------------------------------------


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
OTHER = SGD(network().parameters(), lr=0.1)
REJECTED = {
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
