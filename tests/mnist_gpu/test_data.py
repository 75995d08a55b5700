"""Los datos en el dispositivo y su deformación."""

import numpy as np
import pytest
import torch

from apuntes.augmentation import rotate_images, shift_images
from apuntes.data import flatten_images, mnist_sample
from apuntes.mnist_gpu import augment
from apuntes.mnist_gpu.data import load, standardize, to_floats
from apuntes.mnist_gpu.settings import from_recipe

CPU = torch.device("cpu")


def keys(split) -> set[bytes]:
    return {image.numpy().tobytes() for image in split.images}


def test_what_is_kept_apart_is_not_trained_on_and_does_not_depend_on_the_seed():
    first = load(from_recipe(data="muestra", seed=0), CPU)
    second = load(from_recipe(data="muestra", seed=1), CPU)

    assert (len(first.train), len(first.validation), len(first.test)) == (
        4500,
        500,
        1000,
    )
    assert keys(first.validation) == keys(second.validation)
    everything = {image.tobytes() for image in mnist_sample("train")[0]}
    assert keys(first.train) | keys(first.validation) == everything
    assert len(keys(first.train) & keys(first.validation)) == 0


def test_with_nothing_apart_everything_is_for_training():
    data = load(from_recipe(data="muestra", validation=0), CPU)
    assert (len(data.train), data.validation) == (5000, None)


def test_keeping_everything_apart_is_rejected():
    with pytest.raises(ValueError, match=r"de 5000, para entrenar; se recibió 5000"):
        load(from_recipe(data="muestra", validation=5000), CPU)


def test_pixels_are_those_of_the_core_and_standardized_have_mean_0_and_deviation_1():
    images, _ = mnist_sample("train")
    x = to_floats(torch.from_numpy(images)[:, None])

    np.testing.assert_allclose(x.flatten(1).numpy(), flatten_images(images), rtol=1e-6)
    x = standardize(x)
    assert abs(x.mean().item()) < 0.02
    assert abs(x.std().item() - 1) < 0.02


def noise(**numbers: float) -> torch.Tensor:
    names = ("angle", "stretch", "shear", "down", "right")
    return torch.tensor([[numbers.get(name, 0.0) for name in names]])


@pytest.fixture
def digit():
    return mnist_sample("test")[0][:1].astype(np.float32) / 255


def test_no_noise_leaves_the_image_as_it_was(digit):
    warped = augment.warp(torch.from_numpy(digit)[:, None], noise())
    np.testing.assert_allclose(warped[:, 0], digit, atol=1e-5)


def test_angle_rotates_like_the_core(digit):
    warped = augment.warp(torch.from_numpy(digit)[:, None], noise(angle=1.0))
    expected = rotate_images(digit, np.degrees([augment.ANGLE]).astype(np.float32))
    np.testing.assert_allclose(warped[:, 0], expected, atol=1e-4)


def test_shift_moves_down_and_right_like_the_core(digit):
    # Dos medias imágenes de 14 píxeles: SHIFT son dos píxeles.
    warped = augment.warp(
        torch.from_numpy(digit)[:, None], noise(down=-1.0, right=-0.5)
    )
    expected = shift_images(digit, np.array([[2, 1]]))
    np.testing.assert_allclose(warped[:, 0], expected, atol=1e-4)


def test_stretch_shrinks_or_grows_the_ink_and_shear_keeps_its_amount(digit):
    image = torch.from_numpy(digit)[:, None]
    ink = image.sum()
    grown = augment.warp(image, noise(stretch=-1.0)).sum()
    assert abs(grown / ink - (1 / (1 - augment.SCALE)) ** 2) < 0.05
    sheared = augment.warp(image, noise(shear=1.0))
    assert abs(sheared.sum() / ink - 1) < 0.05
    assert not torch.allclose(sheared, image, atol=0.1)
