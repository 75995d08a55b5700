"""Adelgazar un dibujo no lo cambia a la vista."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from apuntes.figures._slim import FEW, OPACITIES, slim
from apuntes.figures._strokes import TOLERANCE, kept, shorter


def drawn(path: str) -> np.ndarray:
    """Los puntos de un trazo adelgazado, `mx y dx dy…`."""
    numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", path)]
    return np.cumsum(np.reshape(numbers, (-1, 2)), axis=0)


def thin(points: np.ndarray) -> str:
    return shorter("M " + " L ".join(f"{x:.6f} {y:.6f} \n" for x, y in points))


def test_a_smooth_curve_keeps_its_shape_with_few_points():
    x = np.linspace(0, 300, 3001)
    curve = np.stack([x, 80 * np.sin(x / 20)], axis=1)

    points = drawn(thin(curve))

    assert len(points) < 300
    # La curva sube hasta cuatro por uno: en vertical se aparta cuatro veces más.
    assert np.abs(np.interp(x, *points.T) - curve[:, 1]).max() < 4.5 * TOLERANCE
    np.testing.assert_allclose(points[[0, -1]], curve[[0, -1]], atol=0.05)


def test_rounding_does_not_accumulate(rng):
    noise = np.cumsum(rng.normal(size=(500, 2)), axis=0)

    points = drawn(thin(noise))

    assert np.abs(points[-1] - noise[-1]).max() <= 0.051


def test_a_straight_line_needs_its_ends_and_a_corner_is_kept():
    points = np.array([[0, 0], [1, 1], [2, 2], [3, 0], [4, 0.0]])

    assert kept(points, 0.1).tolist() == [True, False, True, True, True]
    assert kept(points[:3], 0.1).tolist() == [True, False, True]


def test_a_closed_line_is_not_lost():
    angle = np.linspace(0, 2 * np.pi, 200)
    circle = 50 + 40 * np.stack([np.cos(angle), np.sin(angle)], axis=1)

    points = drawn(thin(circle))

    assert len(points) > 20
    assert np.abs(np.hypot(*(points - 50).T) - 40).max() < 3 * TOLERANCE


def test_two_equal_lines_are_written_equal_wherever_they_are(rng):
    noise = np.cumsum(rng.normal(size=(50, 2)), axis=0)

    first, second = thin(noise + 7.03), thin(noise + 120.48)

    assert re.sub(r"^m[\d.-]+[ -][\d.]+", "", first) == re.sub(
        r"^m[\d.-]+[ -][\d.]+", "", second
    )


@pytest.mark.parametrize(
    ("d", "expected"),
    [
        ("M 0 0 \nL 0 3.52 \n", "m0 0 0 3.5"),
        ("M 1 1 \nL 1.01 1 \n", "m1 1h0"),
        ("M 1 2 \nL 4 2 \nL 4 6 \nz\nM 2 3 L 3 3", "m1 2 3 0 0 4zm1 1 1 0"),
        ("M 1 2 \nL 4 2 \nM 2 3 \nL 3.5 2.5 \n", "m1 2 3 0m-2 1 1.5-.5"),
        ("M 0 -2 \nQ -1.5 2 3 -4 \n", "M0-2Q-1.5 2 3-4"),
        (
            "M 0 2 \nC .5 2 1 1.8 1.414214 1.414214 \nC 1.8 1 2 .5 2 0 \n"
            "C 2 -.5 1.8 -1 1.414214 -1.414214 \nC 1 -1.8 .5 -2 0 -2 \n"
            "C -.5 -2 -1 -1.8 -1.414214 -1.414214 \nC -1.8 -1 -2 -.5 -2 0 \n"
            "C -2 .5 -1.8 1 -1.414214 1.414214 \nC -1 1.8 -.5 2 0 2 \nz \n",
            "M0 2A2 2 0 0 1 0-2A2 2 0 0 1 0 2z",
        ),
        ("M 1.2345 2 \nC 1 2 3 4 5 6.789 \nz \n", "M1.23 2C1 2 3 4 5 6.78z"),
    ],
    ids=["corta", "un punto", "cerrada", "con salto", "negativos", "círculo", "curva"],
)
def test_each_kind_of_line_is_written_with_few_letters(d, expected):
    assert shorter(d) == expected


def document(*content: str) -> str:
    space = 'xmlns="http://www.w3.org/2000/svg"'
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {space} {link} width="9pt">{"".join(content)}</svg>'


def test_a_mark_stays_where_it_was_and_keeps_its_points():
    mark = '<defs><path id="m1f" d="M 0 0 L 0.013 0 L 0.02 0.055"/></defs>'
    use = '<g id="line"><use xlink:href="#m1f" x="12.345678" y="7.0" style="a: b; c: d"/></g>'

    slimmed = slim(document(mark, use))

    [(d, name)] = re.findall(r'<path d="(.*?)" id="(.*?)"', slimmed)
    assert d == "M0 0L0.01 0L0.02 0.05"
    assert f'<use x="12.3" y="7" style="a:b;c:d" href="#{name}" />' in slimmed
    assert "<g" not in slimmed


def test_many_equal_marks_are_the_vertices_of_a_line():
    use = '<use xlink:href="#m" x="{}" y="1" style="fill: {}"/>'
    dots = [(1, "red"), (2, "red"), (2, "red"), (5, "red"), (6, "blue"), (7, "blue")]
    mark = '<defs><path id="m" d="M 0 0 L 1 1"/></defs>'

    slimmed = slim(document(mark, *[use.format(x, color) for x, color in dots]))

    [name] = re.findall(r'<marker [^>]*id="(\S+)"', slimmed)
    assert f'd="m1 1 1 0 0 0 3 0" style="fill:none;marker:url(#{name})"' in slimmed
    assert slimmed.count("fill:red") == 1
    assert slimmed.count("fill:blue") == 2


def test_an_axis_is_its_grid_its_ticks_and_its_numbers():
    """La rejilla de un eje es un trazo, y sus marcas, los vértices de otro."""
    tick = (
        '<g id="xtick_{0}"><g id="a"><path d="M {0} 0 L {0} 9" style="stroke: red"/></g>'
        '<g id="b"><use xlink:href="#m" x="{0}" y="0" style="fill: red"/></g>'
        '<g id="c"><text x="{0}" y="0">{0}</text></g></g>'
    )
    mark = '<defs><path id="m" d="M 0 0 L 1 1"/></defs>'
    axis = "".join(map(tick.format, (1, 3, 5)))

    slimmed = slim(document(mark, f'<g id="matplotlib.axis_1">{axis}</g>'))

    assert '<path d="m1 0 0 9m2-9 0 9m2-9 0 9" style="stroke:red" />' in slimmed
    assert slimmed.count("fill:red") == 1
    assert re.findall(r"<text[^>]*>(\d)", slimmed) == ["1", "3", "5"]
    assert re.findall(r"<(path|use|text)", slimmed)[-1] == "text"


def test_only_lines_that_can_cross_without_being_noticed_are_one():
    """Dos translúcidas se oscurecen donde se cruzan; las de una rejilla no se cruzan."""
    line = '<path d="M 0 {0} L 9 {0}" style="fill: none; stroke: {1}"/>'
    lines = line.format(1, "red") + line.format(2, "red") + line.format(3, "blue")
    clear = lines.replace("fill: none;", "fill: none; stroke-opacity: 0.5;")
    filled = lines.replace("fill: none", "fill: red")

    assert 'd="m0 1 9 0m-9 1 9 0"' in slim(document(lines))
    assert slim(document(lines)).count("<path") == 2
    assert slim(document(clear)).count("<path") == 3
    assert slim(document(filled)).count("<path") == 3
    axis = f'<g id="matplotlib.axis_2">{clear}</g>'
    assert slim(document(axis)).count("<path") == 2


def test_what_paints_nothing_goes_and_what_paints_or_speaks_stays():
    frame = '<g id="patch_1"><path d="M 0 0 L 1 1" style="fill: none"/></g>'
    line = '<path d="M 0 0 L 1 1" style="fill: none; stroke: red"/>'
    text = '<g id="t"><text x="1.26456" y="2" transform="rotate(-0 1 2)">a b</text></g>'

    slimmed = slim(document("<style>*{}</style>", frame, line, text))

    assert slimmed.count("<path") == 1
    assert "stroke:red" in slimmed
    assert '<text x="1.3" y="2">a b</text>' in slimmed
    assert "<style" not in slimmed


def test_two_drawings_do_not_share_their_names():
    clip = (
        '<clipPath id="p{0}"><rect x="{0}"/></clipPath><path clip-path="url(#p{0})"/>'
    )

    names = [
        re.findall(r'(?:id="|url\(#)([\w-]+)', slim(document(clip.format(i))))
        for i in (1, 2)
    ]

    assert all(defined == used for defined, used in names)
    assert names[0][0] != names[1][0]


X, Y = np.meshgrid(np.arange(64), np.arange(64))
FLAT = np.stack([255 * (X > Y), 0 * X, 0 * X, 255 + 0 * X], axis=-1)
RELIEF = np.stack([2 * (X + Y), 3 * X, 3 * Y, 255 + 0 * X], axis=-1)


def shown(pixels: np.ndarray) -> np.ndarray:
    """Lo que se ve de una imagen RGBA cuando su dibujo está adelgazado."""
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, "png")
    image = base64.b64encode(buffer.getvalue()).decode()

    slimmed = slim(document(f'<image xlink:href="data:image/png;base64,\n{image}"/>'))

    webp = re.search(r'data:image/webp;base64,([^"]+)', slimmed)[1]
    picture = Image.open(io.BytesIO(base64.b64decode(webp))).convert("RGBA")
    return np.asarray(picture).astype(int)


@pytest.mark.parametrize(("pixels", "error"), [(FLAT, 0), (RELIEF, 3)])
def test_an_image_of_few_colors_is_exact_and_a_relief_is_close(pixels, error):
    assert (len(np.unique(pixels.reshape(-1, 4), axis=0)) > FEW) == (error > 0)
    assert np.abs(shown(pixels) - pixels).mean() <= error


def test_an_image_of_few_colors_has_few_opacities_close_to_its_own():
    alpha = np.arange(256).reshape(16, 16)
    pixels = np.stack([200 + 0 * alpha, 10 + 0 * alpha, 0 * alpha, alpha], axis=-1)

    seen = shown(pixels)

    assert len(np.unique(seen[..., 3])) == OPACITIES
    assert np.abs(seen[..., 3] - alpha).max() <= 255 / (OPACITIES - 1) / 2 + 0.5
    assert (seen[0, 0, 3], seen[-1, -1, 3]) == (0, 255)
    assert (seen[seen[..., 3] > 0][:, :3] == (200, 10, 0)).all()
