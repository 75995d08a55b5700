"""Las subredes: cuántas son, cuánto pesan y su media."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apuntes.regularization import Dropout
from apuntes.subnetworks import all_masks, mask_probabilities


@given(st.integers(1, 8))
def test_masks_are_all_the_subsets_once(n):
    masks = all_masks(n)

    assert masks.shape == (2**n, n)
    assert len(np.unique(masks, axis=0)) == 2**n
    assert set(np.unique(masks)) == {0, 1}


def test_masks_count_in_binary_with_the_first_unit_as_the_high_digit():
    assert all_masks(3)[[1, 4]].tolist() == [[0, 0, 1], [1, 0, 0]]


def test_probabilities_by_hand():
    masks = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]])

    np.testing.assert_allclose(mask_probabilities(masks, p=0.2), [0.04, 0.16, 0.64])


@given(st.integers(1, 6), st.floats(0, 1))
def test_probabilities_add_up_to_one_and_keep_each_unit_with_1_minus_p(n, p):
    masks = all_masks(n)
    chances = mask_probabilities(masks, p=p)

    assert chances.sum() == pytest.approx(1)
    np.testing.assert_allclose(chances @ masks, 1 - p, atol=1e-12)


def test_reference_r12_the_mean_of_the_eight_masks():
    w, h, b = np.array([1.0, -2.0, 0.5]), np.array([1.0, 0.5, 2.0]), 3.0
    masks = all_masks(3)
    chances = mask_probabilities(masks, p=0.2)

    assert chances @ ((masks * h) @ w + b) == pytest.approx(3.8)
    assert chances @ ((masks * h / 0.8) @ w + b) == pytest.approx(4.0)


def test_dropout_draws_each_mask_with_its_probability():
    layer, n = Dropout(0.3, rng=np.random.default_rng(0)), 3
    kept = layer.forward(np.ones((40_000, n))) > 0
    seen = np.bincount(kept @ (2 ** np.arange(n)[::-1]), minlength=2**n) / len(kept)

    np.testing.assert_allclose(seen, mask_probabilities(all_masks(n), p=0.3), atol=0.01)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: all_masks(0), ValueError, "n debe"),
        (lambda: all_masks(21), ValueError, "como mucho 20"),
        (lambda: all_masks(2.0), TypeError, "n debe"),
        (lambda: mask_probabilities(np.ones((1, 2)), p=1.5), ValueError, "p debe"),
        (lambda: mask_probabilities(np.ones((1, 2)), p=-0.1), ValueError, "negativo"),
        (lambda: mask_probabilities(np.ones(2), p=0.5), ValueError, "masks"),
        (lambda: mask_probabilities(np.full((1, 2), 0.5), p=0.5), ValueError, "masks"),
    ],
    ids=["vacía", "muchas", "no entera", "p alta", "p baja", "un eje", "medias"],
)
def test_what_subnetworks_refuse(call, error, match):
    with pytest.raises(error, match=match):
        call()
