"""MNIST: los datos completos, la muestra, y cómo se preparan y se reparten."""

import os
import time

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes.data import flatten_images, load_mnist, mnist_sample, split_validation

FULL = os.environ.get("APUNTES_DATA")
needs_mnist = pytest.mark.skipif(
    not FULL, reason="necesita MNIST completo: pon su carpeta en APUNTES_DATA"
)


@pytest.mark.parametrize("split", ["valid", "Train", "", None, 0, ["train"]])
@pytest.mark.parametrize("function", [load_mnist, mnist_sample])
def test_rejects_another_split(function, split):
    with pytest.raises(ValueError, match='"train" o "test"; se recibió'):
        function(split)


@pytest.mark.parametrize(("split", "per_class"), [("train", 500), ("test", 100)])
def test_the_sample_is_balanced(split, per_class):
    images, labels = mnist_sample(split)

    assert (images.dtype, labels.dtype) == (np.uint8, np.int64)
    assert images.shape == (10 * per_class, 28, 28)
    np.testing.assert_array_equal(np.bincount(labels), np.full(10, per_class))


def test_the_sample_repeats_no_image():
    both = np.concatenate([mnist_sample("train")[0], mnist_sample("test")[0]])

    assert len({image.tobytes() for image in both}) == len(both)


@needs_mnist
@pytest.mark.parametrize(("split", "n"), [("train", 60_000), ("test", 10_000)])
def test_the_real_mnist_is_read_in_less_than_a_second(split, n):
    seconds = []
    for _ in range(3):  # el mejor de tres: la máquina puede estar ocupada
        start = time.perf_counter()
        images, labels = load_mnist(split, root=FULL)
        seconds.append(time.perf_counter() - start)

    assert images.shape == (n, 28, 28)
    assert labels.shape == (n,)
    assert set(labels.tolist()) == set(range(10))
    assert min(seconds) < 1


@needs_mnist
@pytest.mark.parametrize("split", ["train", "test"])
def test_every_sample_image_is_in_mnist_with_its_label_and_in_order(split):
    images, labels = load_mnist(split, root=FULL)
    where = {image.tobytes(): n for n, image in enumerate(images)}
    sample, sample_labels = mnist_sample(split)

    index = [where[image.tobytes()] for image in sample]

    np.testing.assert_array_equal(labels[index], sample_labels)
    assert index == sorted(index)


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


RNG = np.random.default_rng(0)
IMAGES = np.zeros((2, 3, 3), np.uint8)
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
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
