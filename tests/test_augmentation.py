"""Imágenes movidas y giradas: a mano, el borde, PyTorch, leyes y lo que rechaza."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes.augmentation import (
    random_rotation,
    random_shift,
    rotate_images,
    shift_images,
)
from apuntes.data import mnist_sample

IMAGE = np.arange(1, 13).reshape(1, 3, 4)


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        ((0, 0), IMAGE[0]),
        ((1, 0), [[0, 0, 0, 0], [1, 2, 3, 4], [5, 6, 7, 8]]),
        ((-1, 0), [[5, 6, 7, 8], [9, 10, 11, 12], [0, 0, 0, 0]]),
        ((0, 1), [[0, 1, 2, 3], [0, 5, 6, 7], [0, 9, 10, 11]]),
        ((0, -3), [[4, 0, 0, 0], [8, 0, 0, 0], [12, 0, 0, 0]]),
        ((2, -1), [[0, 0, 0, 0], [0, 0, 0, 0], [2, 3, 4, 0]]),
        ((3, 0), np.zeros((3, 4))),
        ((0, -4), np.zeros((3, 4))),
        ((100, 100), np.zeros((3, 4))),
    ],
    ids=["nada", "abajo", "arriba", "derecha", "izquierda", "dos-ejes", "fuera-filas", "fuera-columnas", "lejos"],
)  # fmt: skip
def test_shifts_by_hand(shift, expected):
    before = IMAGE.copy()
    moved = shift_images(IMAGE, np.array([shift]))

    np.testing.assert_array_equal(moved[0], expected)
    np.testing.assert_array_equal(IMAGE, before)


def test_each_image_has_its_own_shift_and_keeps_its_type(rng):
    images = rng.integers(256, size=(30, 5, 7)).astype(np.uint8)
    shifts = rng.integers(-8, 9, size=(30, 2))
    moved = shift_images(images, shifts)

    assert moved.dtype == np.uint8
    for image, (down, right), got in zip(images, shifts, moved, strict=True):
        framed = np.pad(image, ((8, 8), (8, 8)))
        np.testing.assert_array_equal(got, framed[8 - down : 13 - down, 8 - right : 15 - right])  # fmt: skip


@given(st.integers(-4, 4), st.integers(-4, 4))
def test_going_and_coming_back_only_loses_what_left(down, right):
    image = np.ones((1, 5, 6))
    there = shift_images(image, np.array([[down, right]]))
    back = shift_images(there, np.array([[-down, -right]]))

    assert there.sum() == back.sum() == max(0, 5 - abs(down)) * max(0, 6 - abs(right))


def test_not_shifting_gives_a_copy():
    same = shift_images(IMAGE, np.array([[0, 0]]))

    assert not np.shares_memory(same, IMAGE)


# Giros.


@pytest.mark.parametrize("turns", range(-4, 5))
@pytest.mark.parametrize("size", [4, 5])
def test_quarter_turns_are_exact(turns, size, rng):
    image = rng.normal(size=(1, size, size))
    rotated = rotate_images(image, np.array([90.0 * turns]))

    np.testing.assert_allclose(rotated[0], np.rot90(image[0], turns), atol=1e-12)


def test_half_a_turn_works_with_any_rectangle(rng):
    image = rng.normal(size=(1, 3, 6))

    np.testing.assert_allclose(rotate_images(image, np.array([180.0]))[0], np.rot90(image[0], 2), atol=1e-12)  # fmt: skip


def test_zero_degrees_leave_the_same_numbers_and_the_border_intact(rng):
    images = rng.normal(size=(2, 5, 6))
    same = rotate_images(images, np.zeros(2))

    np.testing.assert_array_equal(same, images)
    assert not np.shares_memory(same, images)


def test_an_eighth_of_a_turn_by_hand():
    """De 2 × 2, cada píxel viene del medio de un lado, a √½ del centro.

    Cae 0,2071 por fuera de la imagen: de ahí el factor 1 − (√½ − ½).
    """
    rotated = rotate_images(np.array([[[1.0, 2.0], [3.0, 4.0]]]), np.array([45.0]))
    inside = 1.5 - np.sqrt(0.5)

    np.testing.assert_allclose(rotated[0], inside * np.array([[1.5, 3], [2, 3.5]]))


def pytorch_rotation(images, degrees):
    """`affine_grid` trabaja en [-1, 1]: la matriz deshace la escala de cada eje."""
    _, height, width = images.shape
    angle = np.radians(degrees)
    aspect = (height - 1) / (width - 1)
    theta = np.zeros((len(images), 2, 3))
    theta[:, 0, 0] = theta[:, 1, 1] = np.cos(angle)
    theta[:, 0, 1], theta[:, 1, 0] = -np.sin(angle) * aspect, np.sin(angle) / aspect
    x = torch.tensor(images)[:, None]
    grid = torch.nn.functional.affine_grid(torch.tensor(theta), x.shape, align_corners=True)  # fmt: skip
    return torch.nn.functional.grid_sample(x, grid.to(x.dtype), mode="bilinear", padding_mode="zeros", align_corners=True)[:, 0].numpy()  # fmt: skip


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])  # fmt: skip
@pytest.mark.parametrize("shape", [(9, 9), (6, 11), (28, 28)], ids=str)
def test_rotations_are_those_of_pytorch(dtype, tolerance, shape, rng):
    images = rng.random((60, *shape)).astype(dtype)
    degrees = rng.uniform(-180, 180, size=60)
    rotated = rotate_images(images, degrees)

    assert rotated.dtype == dtype
    np.testing.assert_allclose(rotated, pytorch_rotation(images, degrees), atol=tolerance)  # fmt: skip


@given(st.floats(-360, 360), st.integers(0, 100))
def test_rotating_is_linear_and_never_leaves_the_range(degrees, seed):
    a, b = np.random.default_rng(seed).random((2, 1, 5, 6))
    angle = np.array([degrees])
    rotated = rotate_images(a, angle)

    np.testing.assert_allclose(rotate_images(2 * a - b, angle), 2 * rotated - rotate_images(b, angle), atol=1e-12)  # fmt: skip
    assert rotated.min() >= 0
    assert rotated.max() <= a.max() + 1e-12


@given(st.floats(-180, 180))
def test_turning_the_other_way_is_the_mirror_image(degrees):
    image = np.random.default_rng(0).random((1, 5, 6))
    mirrored = rotate_images(image[:, :, ::-1], np.array([degrees]))[:, :, ::-1]

    np.testing.assert_allclose(mirrored, rotate_images(image, np.array([-degrees])), atol=1e-12)  # fmt: skip


# Al azar.


def test_all_shifts_up_to_the_maximum_come_out_equally_often(rng):
    """Un punto en el centro de 5 × 5 dice adónde fue cada imagen."""
    images = np.zeros((25_000, 5, 5))
    images[:, 2, 2] = 1
    counts = random_shift(images, max_shift=1, rng=rng).sum(axis=0)

    assert counts[1:4, 1:4].sum() == 25_000
    np.testing.assert_allclose(counts[1:4, 1:4], 25_000 / 9, rtol=0.1)


def test_random_angles_cover_both_sides_up_to_the_maximum(rng):
    """Con una rampa, el valor de un píxel dice el ángulo."""
    images = np.broadcast_to(np.arange(9.0), (2000, 9, 9))
    rotated = random_rotation(images, max_degrees=20, rng=rng)
    degrees = np.degrees(np.arcsin((4 - rotated[:, 5, 4]) / 1))

    assert np.abs(degrees).max() <= 20
    assert degrees.min() < -19.5
    assert degrees.max() > 19.5
    assert abs(degrees.mean()) < 1


def test_a_digit_rotated_a_little_is_still_much_like_itself(rng):
    images = mnist_sample("train")[0][:50] / 255.0
    rotated = random_rotation(images, max_degrees=5, rng=rng)
    error = np.linalg.norm(rotated - images, axis=(1, 2))

    assert (error < 0.5 * np.linalg.norm(images, axis=(1, 2))).all()
    assert rotated.sum() == pytest.approx(images.sum(), rel=0.01)


X, RNG = np.ones((2, 3, 4)), np.random.default_rng(0)
REJECTED = {
    "planas": (lambda: shift_images(np.ones((2, 784)), np.zeros((2, 2), int)), ValueError, r"\(N, H, W\).*\(2, 784\)"),
    "vacias": (lambda: shift_images(np.ones((0, 3, 4)), np.zeros((0, 2), int)), ValueError, r"\(0, 3, 4\)"),
    "lista": (lambda: rotate_images([[[1.0]]], np.zeros(1)), ValueError, r"images .*\(1, 1, 1\)"),
    "desplazamientos-reales": (lambda: shift_images(X, np.zeros((2, 2))), TypeError, "shifts .* float64"),
    "desplazamientos-lista": (lambda: shift_images(X, [[0, 1], [0, 1]]), TypeError, "shifts .* list"),
    "desplazamientos-sin-signo": (lambda: shift_images(X, np.zeros((2, 2), np.uint8)), TypeError, "shifts .* uint8"),
    "un-desplazamiento": (lambda: shift_images(X, np.zeros((1, 2), int)), ValueError, r"\(2, 2\); se recibió \(1, 2\)"),
    "girar-enteros": (lambda: rotate_images(X.astype(np.uint8), np.zeros(2)), TypeError, "images .* uint8"),
    "angulos-enteros": (lambda: rotate_images(X, np.zeros(2, int)), TypeError, "degrees .* int64"),
    "un-angulo": (lambda: rotate_images(X, np.zeros(1)), ValueError, r"\(2,\); se recibió \(1,\)"),
    "angulo-suelto": (lambda: rotate_images(X, np.float64(3)), TypeError, "degrees .* float64"),
    "max-negativo": (lambda: random_shift(X, max_shift=-1, rng=RNG), ValueError, "max_shift .* -1"),
    "max-real": (lambda: random_shift(X, max_shift=1.5, rng=RNG), TypeError, "max_shift .* entero; se recibió float"),
    "max-texto": (lambda: random_shift(X, max_shift="1", rng=RNG), TypeError, "max_shift .* str"),
    "grados-negativos": (lambda: random_rotation(X, max_degrees=-1, rng=RNG), ValueError, "max_degrees .* -1"),
    "semilla": (lambda: random_shift(X, max_shift=1, rng=0), TypeError, "rng .* int"),
    "semilla-giro": (lambda: random_rotation(X, max_degrees=1, rng=0), TypeError, "rng .* int"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
