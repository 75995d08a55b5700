"""Una cifra de un papel, llevada a lo que MNIST enseña."""

import json

import numpy as np
import pytest
import torch
from entrenamientos import CPU
from PIL import Image, ImageOps

from apuntes.data import mnist_sample
from apuntes.mnist_gpu.evaluate import load_model
from apuntes.mnist_gpu.ink import find_ink
from apuntes.mnist_gpu.measure import answer
from apuntes.mnist_gpu.picture import like_mnist, read_picture

IMAGES, LABELS = mnist_sample("test")
SOME = range(0, 1000, 40)  # 25 cifras, de todas las clases


def paper(
    index: int, *, degrees: float = 0, size: int = 300, at=(70, 40)
) -> Image.Image:
    """Una cifra de MNIST, oscura sobre un papel blanco, grande y fuera del centro."""
    digit = Image.fromarray(IMAGES[index]).resize((140, 140), Image.Resampling.BICUBIC)
    sheet = Image.new("L", (size, size), 0)
    sheet.paste(digit.rotate(degrees, Image.Resampling.BICUBIC), at)
    return ImageOps.invert(sheet)


def transparent(color: str):
    """Tinta de ese color sobre nada."""

    def change(picture: Image.Image) -> Image.Image:
        ink = Image.new("RGBA", picture.size, color)
        ink.putalpha(ImageOps.invert(picture))
        return ink

    return change


def deep(picture: Image.Image) -> Image.Image:
    """Con dieciséis bits, como los de un escáner."""
    return Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)


@pytest.fixture(scope="module")
def read(trained):
    """Cuántas de esas imágenes lee bien la red."""
    net, settings, runtime = load_model(trained / "model.safetensors", CPU)

    def share(images: list[np.ndarray]) -> float:
        pixels = torch.from_numpy(np.stack(images))[:, None]
        answers = answer(net, pixels, settings, runtime).argmax(1).numpy()
        return (answers == LABELS[list(SOME)]).mean()

    return share


@pytest.mark.parametrize(
    ("suffix", "change", "degrees"),
    [
        (".png", lambda p: p, 0),
        (".jpg", lambda p: p, 8),
        (".jpg", lambda p: p.convert("RGB"), -8),
        (".png", ImageOps.invert, 0),
        (".png", transparent("black"), 0),
        (".png", transparent("white"), 0),
        (".png", deep, 0),
    ],
    ids=["papel", "girada", "color", "pizarra", "alfa", "tiza-y-nada", "escaner"],
)
def test_pictures_of_every_kind_are_read(read, tmp_path, suffix, change, degrees):
    images = []
    for index in SOME:
        path = tmp_path / f"{index}{suffix}"
        change(paper(index, degrees=degrees)).save(path)
        images.append(like_mnist(read_picture(path)))
    assert read(images) >= 0.88


def faded(gray: np.ndarray) -> np.ndarray:
    """Lápiz flojo sobre papel gris, con grano."""
    grain = np.random.default_rng(0).normal(0, 0.01, gray.shape)
    return 0.4 * gray + 0.4 + grain


def shaded(gray: np.ndarray) -> np.ndarray:
    """Con la sombra de la mano, que oscurece el papel más que la tinta."""
    light = np.linspace(0.3, 1, gray.shape[1]) * np.linspace(0.6, 1, len(gray))[:, None]
    return (0.2 + 0.8 * gray) * light


def specked(gray: np.ndarray) -> np.ndarray:
    """Con motas, también lejos de la cifra."""
    gray, rng = gray.copy(), np.random.default_rng(3)
    for row, column in rng.integers(0, 295, (15, 2)):
        gray[row : row + 4, column : column + 4] = 0.2
    return gray


def framed(gray: np.ndarray) -> np.ndarray:
    """Con la mesa, oscura, alrededor del papel."""
    return np.pad(gray[20:-20, 20:-20], 20, constant_values=0.1)


def ruled(gray: np.ndarray) -> np.ndarray:
    """En papel de rayas."""
    gray = gray.copy()
    gray[::30] = np.minimum(gray[::30], 0.8)
    return gray


def far(gray: np.ndarray) -> np.ndarray:
    """En una esquina de una hoja grande."""
    return np.pad(gray, ((1500, 0), (0, 1500)), constant_values=1)


def close(gray: np.ndarray) -> np.ndarray:
    """Recortada hasta la tinta."""
    rows, columns = np.nonzero(gray < 0.5)
    return gray[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@pytest.mark.parametrize(
    "change",
    [faded, shaded, specked, framed, ruled, far, close],
    ids=lambda c: c.__name__,
)
def test_digits_of_bad_pictures_are_read(read, change):
    grays = [np.asarray(paper(i), dtype=np.float32) / 255 for i in SOME]
    assert read([like_mnist(change(gray)) for gray in grays]) >= 0.88


def test_the_command_reads_several_pictures(order, trained, tmp_path):
    paths = [tmp_path / f"{index}.png" for index in SOME]
    for index, path in zip(SOME, paths, strict=True):
        paper(index).save(path)
    code, out, err = order("predict", *paths, "--model", trained, "--json")
    found = json.loads(out)

    assert (code, err) == (0, "")
    assert list(found) == [str(path) for path in paths]
    probs = np.array(list(found.values()))
    np.testing.assert_allclose(probs.sum(axis=1), 1, rtol=1e-5)
    assert (probs.argmax(axis=1) == LABELS[list(SOME)]).mean() >= 0.88


def test_the_answer_says_the_digit_and_the_ten_probabilities(order, trained, tmp_path):
    index = int(np.flatnonzero(LABELS == 1)[3])
    paper(index).save(tmp_path / "uno.png")
    code, out, _ = order("predict", tmp_path / "uno.png", "--model", trained)
    first, second = out.splitlines()

    assert code == 0
    assert first.startswith(f"{tmp_path / 'uno.png'}: 1, con ")
    assert [part.split(":")[0].strip() for part in second.split("  ")[1:]] == [
        *"0123456789"
    ]


def test_a_photo_on_its_side_is_straightened_by_its_label(tmp_path):
    sheet = paper(3)
    label = Image.Exif()
    label[0x0112] = 6  # «gírala un cuarto de vuelta», como los teléfonos
    sheet.rotate(90, expand=True).save(tmp_path / "x.png", exif=label)
    sheet.save(tmp_path / "y.png")
    found, expected = (read_picture(tmp_path / n) for n in ("x.png", "y.png"))
    np.testing.assert_array_equal(found, expected)


def apart(mine: np.ndarray, other: np.ndarray) -> float:
    """Cuánto difieren de media dos imágenes; un píxel de descentrado no cuenta."""
    steps = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    moved = [np.roll(mine.astype(float), step, (0, 1)) for step in steps]
    return min(np.abs(one - other).mean() for one in moved)


@pytest.mark.parametrize("index", SOME)
def test_an_image_of_mnist_stays_as_it_was(index):
    # El margen de 4 píxeles ya era de MNIST, y el borde flojo de la tinta no se pierde.
    assert apart(like_mnist(IMAGES[index] / np.float32(255)), IMAGES[index]) < 0.5


def test_a_digit_that_fills_the_picture_is_the_same():
    # Entonces hay más tinta que papel, y cuál es cuál no lo dice la luz que haya.
    for index in SOME:
        gray = np.asarray(paper(index), dtype=np.float32) / 255
        assert apart(like_mnist(close(gray)), like_mnist(gray)) < 15


def test_ink_in_the_shade_is_as_strong_as_in_the_light():
    gray = np.ones((100, 100), dtype=np.float32)
    gray[20:80, 30:36] = gray[20:80, 64:70] = 0.2
    ink = find_ink(gray * np.linspace(0.3, 1, 100, dtype=np.float32))
    assert ink[:, :6].max() == pytest.approx(ink[:, -6:].max(), rel=0.1)


def test_paper_with_grain_has_no_ink():
    grain = np.random.default_rng(0).normal(0, 0.04, (300, 300)).astype(np.float32)
    assert find_ink(0.8 + grain) is None


@pytest.mark.parametrize("shape", [(300, 20), (20, 300), (50, 50)])
def test_ink_fits_in_the_box_is_centred_and_keeps_its_shape(shape):
    gray = np.ones((400, 400), dtype=np.float32)
    gray[10 : 10 + shape[0], 30 : 30 + shape[1]] = 0
    pixels = like_mnist(gray)

    assert (pixels.shape, pixels.dtype, pixels.max()) == ((28, 28), np.uint8, 255)
    rows, columns = np.nonzero(pixels)
    sides = [np.ptp(rows) + 1, np.ptp(columns) + 1]
    expected = [max(1, round(20 * side / max(shape))) for side in shape]
    assert sides == pytest.approx(expected, abs=1)
    assert max(sides) == 20
    assert abs(rows.mean() - 13.5) <= 0.5
    assert abs(columns.mean() - 13.5) <= 0.5


def test_a_thin_stroke_does_not_fade_when_it_shrinks():
    gray = np.ones((400, 400), dtype=np.float32)
    gray[50:350, 200:203] = 0
    gray[50, 100:300] = 0
    assert like_mnist(gray).max() == 255


def test_dark_on_light_and_light_on_dark_are_the_same():
    gray = np.asarray(paper(5), dtype=np.float32) / 255
    np.testing.assert_array_equal(like_mnist(gray), like_mnist(1 - gray))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"esto es texto", "no es una imagen"),
        (b"", "no es una imagen"),
        ("truncated", "la imagen está incompleta"),
        ("blank", "en la imagen no hay ningún trazo; se recibió una lisa"),
        ("huge", "la imagen es enorme"),
    ],
    ids=["texto", "vacio", "truncada", "lisa", "enorme"],
)
def test_a_picture_that_is_no_digit_is_one_sentence(
    order, trained, tmp_path, content, message
):
    path = tmp_path / "x.png"
    if content == "truncated":
        paper(3).save(path)
        path.write_bytes(path.read_bytes()[:1500])
    elif content == "blank":
        Image.new("L", (50, 50), 200).save(path)
    elif content == "huge":
        Image.new("1", (20_000, 20_000)).save(path)
    else:
        path.write_bytes(content)
    code, out, err = order("predict", path, "--model", trained)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: {message}")
    assert str(path) in err
