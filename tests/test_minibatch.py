"""Lotes: cada ejemplo una vez, sesgo y varianza exactos, y los errores."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes.minibatch import (
    dataset_sizes,
    gradient_noise,
    gradient_variance,
    minibatches,
    steps_per_epoch,
)

# Fe de erratas, R-18: (ejemplos, lote, pasos por época, tamaño del último lote).
R18 = {
    "10240-de-512": (10240, 512, 20, 512),
    "lote-completo": (10240, 10240, 1, 10240),
    "mnist-de-64": (60000, 64, 938, 32),
    "mnist-de-128": (60000, 128, 469, 96),
    "938-pasos-como-mucho": (60032, 64, 938, 64),
    "938-pasos-como-poco": (59969, 64, 938, 1),
    "mayor-que-los-datos": (3, 64, 1, 3),
}


@pytest.mark.parametrize(("n", "batch_size", "steps", "last"), R18.values(), ids=R18)
def test_steps_per_epoch_match_reference_r18(n, batch_size, steps, last, rng):
    sizes = [len(batch) for batch in minibatches(n, batch_size, rng)]

    assert sizes == [batch_size] * (steps - 1) + [last]
    assert steps_per_epoch(n, batch_size) == steps


@given(n=st.integers(1, 10_000), batch_size=st.integers(1, 300))
def test_dataset_sizes_are_exactly_those_with_that_many_steps(n, batch_size):
    sizes = dataset_sizes(steps_per_epoch(n, batch_size), batch_size)

    assert n in sizes
    assert {steps_per_epoch(k, batch_size) for k in (sizes[0], sizes[-1])} == {
        steps_per_epoch(n, batch_size)
    }
    assert len(sizes) == batch_size


def test_938_steps_of_64_allow_from_59969_to_60032_examples():
    assert dataset_sizes(938, 64) == range(59969, 60033)


@given(n=st.integers(1, 200), batch_size=st.integers(1, 250), seed=st.integers(0, 99))
def test_every_example_appears_exactly_once(n, batch_size, seed):
    batches = list(minibatches(n, batch_size, np.random.default_rng(seed)))

    assert sorted(np.concatenate(batches).tolist()) == list(range(n))


def test_each_epoch_has_its_own_order_and_the_seed_repeats_it(rng):
    first, second = (np.concatenate(list(minibatches(50, 8, rng))) for _ in range(2))
    again = np.concatenate(list(minibatches(50, 8, np.random.default_rng(0))))

    assert first.tolist() != second.tolist()
    assert first.tolist() == again.tolist()


def test_order_is_uniform_over_permutations(rng):
    """Con 3 ejemplos, las 6 ordenaciones salen igual de a menudo."""
    orders = [tuple(np.concatenate(list(minibatches(3, 2, rng)))) for _ in range(6000)]
    counts = np.array([orders.count(p) for p in itertools.permutations(range(3))])

    # χ² con 5 grados de libertad: pasa de 20,5 una vez de cada mil.
    assert ((counts - 1000) ** 2 / 1000).sum() < 20.5


def test_matches_a_pytorch_dataloader_up_to_the_order(rng):
    data = torch.utils.data.TensorDataset(torch.arange(10))
    loader = torch.utils.data.DataLoader(data, batch_size=4, shuffle=True)
    theirs = [len(x) for (x,) in loader]

    assert [len(batch) for batch in minibatches(10, 4, rng)] == theirs


def test_variance_by_hand():
    """Gradientes 0, 0 y 6 (media 2): lotes de 2 con media 0, 3 y 3."""
    grads = np.array([[0.0], [0.0], [6.0]])

    assert gradient_variance(grads, 1) == pytest.approx((4 + 4 + 16) / 3)
    assert gradient_variance(grads, 2) == pytest.approx((4 + 1 + 1) / 3)
    assert gradient_variance(grads, 3) == 0.0


@pytest.mark.parametrize("batch_size", range(1, 7))
def test_variance_is_exact_over_all_batches(batch_size, rng):
    """La encuesta no tiene sesgo, y su varianza es la de la fórmula, lote a lote."""
    grads = rng.normal(size=(6, 3))
    full = grads.mean(axis=0)
    batches = itertools.combinations(range(6), batch_size)
    means = np.array([grads[list(batch)].mean(axis=0) for batch in batches])

    np.testing.assert_allclose(means.mean(axis=0), full, atol=1e-14)
    assert gradient_variance(grads, batch_size) == pytest.approx(
        ((means - full) ** 2).sum(axis=1).mean(), abs=1e-14
    )


@pytest.mark.parametrize("batch_size", range(1, 5))
def test_variance_with_replacement_is_exact_over_all_tuples(batch_size, rng):
    grads = rng.normal(size=(4, 3))
    tuples = itertools.product(range(4), repeat=batch_size)
    means = np.array([grads[list(batch)].mean(axis=0) for batch in tuples])

    expected = ((means - grads.mean(axis=0)) ** 2).sum(axis=1).mean()

    measured = gradient_variance(grads, batch_size, replace=True)
    assert measured == pytest.approx(expected)


def test_noise_with_replacement_does_not_vanish_with_all_the_examples(rng):
    grads = rng.normal(size=(20, 2))

    _, without = gradient_noise(grads, 20, rng)
    _, measured = gradient_noise(grads, 20, rng, repeats=4000, replace=True)

    assert without < 1e-25
    assert measured == pytest.approx(
        gradient_variance(grads, 20, replace=True), rel=0.1
    )


@pytest.mark.parametrize("batch_size", [1, 4, 32, 99])
def test_measured_noise_has_the_variance_of_the_formula_and_no_bias(batch_size, rng):
    grads = rng.exponential(size=(100, 5))
    repeats = 4000

    bias, variance = gradient_noise(grads, batch_size, rng, repeats=repeats)
    expected = gradient_variance(grads, batch_size)

    assert variance == pytest.approx(expected, rel=0.1)
    assert bias < 3 * np.sqrt(expected / repeats)


def test_noise_measures_the_bias_of_the_draws():
    """Con un solo lote, sesgo² y varianza son el mismo número: ‖g_B − g‖²."""
    grads = np.array([[0.0, 0.0], [3.0, 4.0]])

    bias, variance = gradient_noise(grads, 1, np.random.default_rng(0), repeats=1)

    assert (bias, variance) == (2.5, 6.25)


def test_noise_averages_all_the_draws(rng):
    """Los mismos cinco lotes, sorteados aparte: su error medio y el de sus cuadrados."""
    grads = np.array([[0.0, 1.0], [3.0, -1.0], [6.0, 3.0]])
    again = np.random.default_rng(0)

    bias, variance = gradient_noise(grads, 2, rng, repeats=5)

    draws = [again.choice(grads, 2, replace=False).mean(axis=0) for _ in range(5)]
    errors = np.array(draws) - (3.0, 1.0)
    assert bias == pytest.approx(np.linalg.norm(errors.mean(axis=0)))
    assert variance == pytest.approx((errors**2).sum(axis=1).mean())


@given(st.integers(1, 20), st.floats(0.1, 10))
def test_variance_scales_with_the_square_of_the_gradients(batch_size, scale):
    grads = np.arange(40.0).reshape(20, 2)

    assert gradient_variance(scale * grads, batch_size) == pytest.approx(
        scale**2 * gradient_variance(grads, batch_size)
    )


def test_a_thousand_batches_are_drawn_unless_told():
    grads = np.arange(40.0).reshape(20, 2)
    seeds = (np.random.default_rng(3) for _ in range(2))

    assert gradient_noise(grads, 4, next(seeds)) == gradient_noise(grads, 4, next(seeds), repeats=1000)  # fmt: skip


def test_one_example_has_no_noise():
    assert gradient_variance(np.ones((1, 4)), 1, replace=True) == 0.0
    assert gradient_variance(np.ones((1, 4)), 1) == 0.0


RNG, GRADS = np.random.default_rng(0), np.ones((4, 2))
REJECTED = {
    "n-cero": (lambda: minibatches(0, 1, RNG), ValueError, "n debe .* 0"),
    "n-real": (lambda: minibatches(6.0, 1, RNG), TypeError, "n debe .* float"),
    "lote-cero": (lambda: minibatches(6, 0, RNG), ValueError, "batch_size .* 0"),
    "lote-real": (lambda: minibatches(6, 0.5, RNG), TypeError, "batch_size .* float"),
    "lote-bool": (lambda: minibatches(6, True, RNG), TypeError, "batch_size .* bool"),
    "semilla": (lambda: minibatches(6, 2, 0), TypeError, "default_rng.* int"),
    "ruido-lote-grande": (lambda: gradient_noise(GRADS, 5, RNG), ValueError, "como mucho 4.* 5"),
    "ruido-lote-cero": (lambda: gradient_noise(GRADS, 0, RNG), ValueError, "batch_size .* 0"),
    "ruido-sin-datos": (lambda: gradient_noise(GRADS[:0], 1, RNG), ValueError, "N debe .* 0"),
    "ruido-vector": (lambda: gradient_noise(GRADS[0], 1, RNG), ValueError, r"\(N, D\).*\(2,\)"),
    "ruido-enteros": (lambda: gradient_noise(np.ones((4, 2), int), 1, RNG), TypeError, "grads .* int64"),
    "ruido-repeticiones": (lambda: gradient_noise(GRADS, 1, RNG, repeats=0), ValueError, "repeats .* 0"),
    "ruido-semilla": (lambda: gradient_noise(GRADS, 1, 0), TypeError, "default_rng.* int"),
    "pasos-sin-datos": (lambda: steps_per_epoch(0, 4), ValueError, "n debe .* 0"),
    "pasos-lote": (lambda: steps_per_epoch(4, 0), ValueError, "batch_size .* 0"),
    "tamanos-sin-pasos": (lambda: dataset_sizes(0, 4), ValueError, "steps .* 0"),
    "tamanos-lote": (lambda: dataset_sizes(4, 2.0), TypeError, "batch_size .* float"),
    "varianza-lote-grande": (lambda: gradient_variance(GRADS, 5), ValueError, "como mucho 4.* 5"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    """El error sale al llamar, no al pedir el primer lote."""
    with pytest.raises(error, match=match):
        call()
