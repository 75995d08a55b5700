"""Mejores pesos y promedio: a mano, PyTorch paso a paso, leyes y lo que rechaza."""

import math
import tracemalloc

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from redes import DATA, network
from torch.optim import swa_utils

from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import evaluate
from apuntes.optimizers import SGD
from apuntes.regularization import AveragedWeights, EarlyStopping
from apuntes.training import fit

# Fe de erratas, E3-03: se para en la época 8 y la mejor es la 5.
E3_03 = [1.0, 0.8, 0.65, 0.55, 0.5, 0.48, 0.49, 0.52, 0.56, 0.61, 0.67]


def run(values, **options):
    """Época en que se para, la mejor y los pesos restaurados, que la cuentan."""
    theta = np.array([-1.0])
    stopping = EarlyStopping([theta], **options)
    for epoch, value in enumerate(values):
        theta[:] = epoch
        if stopping.update(value):
            break
    else:
        epoch = None
    stopping.restore()
    return epoch, stopping.best_epoch, theta[0]


def test_the_curve_of_errata_e3_03_stops_at_8_and_returns_the_weights_of_5():
    assert run(E3_03, patience=3) == (8, 5, 5)


@pytest.mark.parametrize(
    ("options", "values", "expected"),
    [
        ({"patience": 1}, [3, 2, 2, 1], (2, 1, 1)),
        ({"patience": 2}, [3, 2, 2, 1], (None, 3, 3)),
        ({"patience": 2, "mode": "max"}, [0.1, 0.5, 0.4, 0.5, 0.9], (3, 1, 1)),
        ({"patience": 2, "min_delta": 0.25}, [1, 0.75, 0.5, 0.5, 0.25], (4, 2, 2)),
        ({"patience": 9, "min_delta": 0.25, "mode": "max"}, [0, 0.25, 0.5], (None, 2, 2)),
        ({"patience": 2}, [math.nan, 1, math.nan, math.nan], (3, 1, 1)),
        ({"patience": 2}, [np.float32(math.inf), 1.0], (None, 1, 1)),
        ({"patience": 1, "mode": "max"}, [math.nan], (0, None, -1)),
    ],
    ids=["uno", "dos", "max", "delta", "delta-max", "nan", "inf", "nada-mejora"],
)  # fmt: skip
def test_early_stopping_by_hand(options, values, expected):
    assert run(values, **options) == expected


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(1, 5))
def test_it_stops_at_the_first_epoch_with_no_progress_in_patience(values, patience):
    bests = [values.index(min(values[: k + 1])) for k in range(len(values))]
    expected = next((k for k, best in enumerate(bests) if k - best >= patience), None)
    epoch, best_epoch, theta = run(values, patience=patience)

    assert epoch == expected
    assert best_epoch == theta == bests[-1 if epoch is None else epoch]


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=20), st.floats(0, 2))
def test_max_is_min_with_the_sign_changed(values, min_delta):
    options = {"patience": 3, "min_delta": min_delta}

    assert run(values, **options) == run([-v for v in values], mode="max", **options)


def test_best_is_a_float_and_the_kept_weights_are_a_copy():
    theta = np.array([1.0])
    stopping = EarlyStopping([theta], patience=1)
    assert stopping.best == math.inf
    stopping.update(np.float32(0.5))
    theta[:] = 7
    stopping.restore()
    theta += 1
    stopping.restore()

    assert type(stopping.best) is float
    assert stopping.best == 0.5
    assert theta == 1
    assert EarlyStopping([theta], patience=1, mode="max").best == -math.inf


def test_it_leaves_a_network_that_overfits_where_its_validation_was_best():
    """El bucle tal como se escribe, con `fit` de una época en una."""
    model = network()
    x, target = DATA
    train, validation = (x[:12], target[:12]), (x[12:], target[12:])
    optimizer = SGD(model.parameters(), lr=2.0)
    stopping = EarlyStopping(model.parameters(), patience=5)
    history, rng = None, np.random.default_rng(0)
    for _ in range(300):
        history = fit(model, optimizer, (cross_entropy, cross_entropy_grad), train, validation, epochs=1, batch_size=4, rng=rng, history=history, progress=False)  # fmt: skip
        if stopping.update(history.validation_loss[-1]):
            break
    losses = history.validation_loss
    stopping.restore()

    assert len(losses) < 300
    assert losses[stopping.best_epoch] == min(losses) == stopping.best
    assert len(losses) == stopping.best_epoch + 1 + 5
    assert evaluate(model, cross_entropy, validation)[0] == stopping.best


# Promedios.

TORCH = {None: swa_utils.get_swa_avg_fn(), 0.9: swa_utils.get_ema_avg_fn(0.9)}


@pytest.mark.parametrize("decay", TORCH, ids=["swa", "ema"])
@pytest.mark.parametrize("multi", [False, True], ids=["uno-a-uno", "multi"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_eighty_updates_match_pytorch(decay, multi, dtype, rng):
    params = [rng.normal(size=shape).astype(dtype) for shape in ((3, 2), (4,))]
    module = torch.nn.ParameterList([torch.tensor(p) for p in params])
    if multi:
        fn = swa_utils.get_ema_multi_avg_fn(decay) if decay else swa_utils.get_swa_multi_avg_fn()  # fmt: skip
        theirs = swa_utils.AveragedModel(module, multi_avg_fn=fn)
    else:
        theirs = swa_utils.AveragedModel(module, avg_fn=TORCH[decay])
    ours = AveragedWeights(params, decay=decay)
    for _ in range(80):
        for param, tensor in zip(params, module, strict=True):
            param += rng.normal(size=param.shape).astype(dtype)
            tensor.data[...] = torch.tensor(param)
        ours.update()
        theirs.update_parameters(module)

    # La versión de PyTorch para muchos a la vez calcula 1/t en float32.
    exact = dtype is np.float64 and (decay or not multi)
    tolerance = 1e-12 if exact else 1e-5
    for average, tensor in zip(ours.averages, theirs.module, strict=True):
        assert average.dtype == dtype
        np.testing.assert_allclose(average, tensor.detach(), rtol=tolerance, atol=tolerance)  # fmt: skip
    assert ours.n_averaged == theirs.n_averaged.item() == 80


def test_a_numpy_decay_gives_the_same_float32(rng):
    """Con np.float64 se calcularía en doble precisión: el resultado sería otro."""
    theta = rng.normal(size=1000).astype(np.float32)
    one, other = (AveragedWeights([theta], decay=f(0.1)) for f in (float, np.float64))
    for _ in range(5):
        theta += rng.normal(size=1000).astype(np.float32)
        one.update()
        other.update()

    np.testing.assert_array_equal(one.averages[0], other.averages[0])


def test_averages_by_hand():
    theta = np.array([100.0])
    swa, ema = AveragedWeights([theta]), AveragedWeights([theta], decay=0.75)
    for value in (1.0, 2.0, 6.0):
        theta[:] = value
        swa.update()
        ema.update()

    assert swa.averages[0] == pytest.approx(3)
    assert ema.averages[0] == pytest.approx(2.4375)  # 1 → 1,25 → 0,75·1,25 + 1,5


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30))
def test_swa_is_the_mean_and_ema_with_decay_zero_is_the_last(values):
    theta = np.array([0.0])
    mean, last = AveragedWeights([theta]), AveragedWeights([theta], decay=0)
    first = AveragedWeights([theta], decay=1)
    for value in values:
        theta[:] = value
        for averaged in (mean, last, first):
            averaged.update()

    assert mean.averages[0] == pytest.approx(np.mean(values), rel=1e-12, abs=1e-12)
    assert last.averages[0] == pytest.approx(values[-1], rel=1e-12, abs=1e-12)
    assert first.averages[0] == values[0]


def test_averages_touch_the_parameters_only_when_asked(rng):
    theta = rng.normal(size=5)
    averaged = AveragedWeights([theta])
    before = theta.copy()
    averaged.update()
    theta += 2
    averaged.update()
    np.testing.assert_array_equal(theta, before + 2)
    with averaged.average_parameters():
        np.testing.assert_allclose(theta, before + 1)
    np.testing.assert_array_equal(theta, before + 2)
    averaged.apply()
    np.testing.assert_allclose(theta, before + 1)
    theta += 9

    np.testing.assert_allclose(averaged.averages[0], before + 1)


def test_the_parameters_come_back_even_if_evaluating_fails():
    theta = np.array([1.0])
    averaged = AveragedWeights([theta])
    theta[:] = 5
    seen = []

    def fail():
        with averaged.average_parameters():
            seen.append(theta[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()

    assert seen == [1]
    assert theta == 5


def test_before_any_update_the_average_is_what_there_was():
    theta = np.array([1.0])
    averaged = AveragedWeights([theta], decay=0.5)
    theta[:] = 3
    assert averaged.averages[0] == 1
    assert averaged.n_averaged == 0
    averaged.update()

    assert averaged.averages[0] == 3


def test_updating_reserves_no_memory(rng):
    theta = rng.normal(size=100_000)
    averaged, stopping = AveragedWeights([theta]), EarlyStopping([theta], patience=1)
    averaged.update()
    tracemalloc.start()
    averaged.update()
    stopping.update(0.5)
    stopping.restore()
    averaged.apply()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < theta.nbytes / 10


def test_the_mean_of_the_iterates_is_closer_to_the_minimum_than_the_last_one(rng):
    """Descenso con ruido y tasa constante alrededor del mínimo, 0."""
    theta = np.full(50, 0.0)
    optimizer, averaged = SGD([theta], lr=0.5), AveragedWeights([theta])
    for _ in range(400):
        optimizer.step([theta + rng.normal(size=50)])
        averaged.update()

    assert np.linalg.norm(averaged.averages[0]) < np.linalg.norm(theta) / 5


P = np.ones(3)
REJECTED = {
    "paciencia-nula": (lambda: EarlyStopping([P], patience=0), ValueError, "patience .* 0"),
    "paciencia-real": (lambda: EarlyStopping([P], patience=2.5), TypeError, "patience .* float"),
    "delta-negativo": (lambda: EarlyStopping([P], patience=1, min_delta=-1), ValueError, "min_delta .* -1"),
    "modo": (lambda: EarlyStopping([P], patience=1, mode="mín"), ValueError, "mode .* 'mín'"),
    "medida-texto": (lambda: EarlyStopping([P], patience=1).update("1"), TypeError, "value .* str"),
    "medida-pareja": (lambda: EarlyStopping([P], patience=1).update((1, 2)), TypeError, "value .* tuple"),
    "arreglo-suelto": (lambda: EarlyStopping(P, patience=1), TypeError, r"parameters.*recibió ndarray"),
    "sin-parametros": (lambda: EarlyStopping([], patience=1), ValueError, r"vacía.* \[\]"),
    "enteros": (lambda: AveragedWeights([P, np.ones(2, int)]), TypeError, r"params\[1\] .* int64"),
    "promedio-suelto": (lambda: AveragedWeights(P), TypeError, r"parameters.*recibió ndarray"),
    "decay-grande": (lambda: AveragedWeights([P], decay=1.5), ValueError, "decay .* 1.5"),
    "decay-negativo": (lambda: AveragedWeights([P], decay=-0.5), ValueError, "decay .* -0.5"),
    "decay-texto": (lambda: AveragedWeights([P], decay="0.9"), TypeError, "decay .* str"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
