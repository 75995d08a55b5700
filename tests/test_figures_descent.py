"""Las figuras del capítulo 3 dicen lo que dice el texto: se comprueban sus datos."""

import base64
import io
import re

import numpy as np
import pytest
from dibujos import drawn
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.path import Path
from PIL import Image

from apuntes.descent import (
    basins,
    gradient_descent,
    himmelblau_grad,
    quadratic,
    quadratic_grad,
)
from apuntes.figures import descent, himmelblau, rates
from apuntes.figures._maps import DEPTH, grid, level_curves
from sitio import figuras


def texts(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def points(axes) -> list[np.ndarray]:
    """Las líneas de un panel, `(puntos, 2)` cada una."""
    return [line.get_xydata() for line in axes.lines]


def has(axes, path) -> bool:
    return any(
        line.shape == np.shape(path) and np.allclose(line, path)
        for line in points(axes)
    )


def test_flat_images_keep_every_color_when_they_are_compressed():
    """La imagen de las cuencas en el SVG es, píxel a píxel, la que se dibujó."""
    [axes] = drawn("himmelblau.four_basins").axes
    [image] = re.findall(r"base64,([\w+/=]+)", figuras.leer("himmelblau.four_basins"))
    picture = Image.open(io.BytesIO(base64.b64decode(image)))
    original = np.round(255 * np.asarray(axes.images[0].get_array()))[::-1]
    found = np.asarray(picture.convert("RGBA")).astype(float)

    assert picture.format == "WEBP"
    assert found.shape == original.shape
    matches = [np.abs(found[::step] - original).max() for step in (1, -1)]
    assert min(matches) <= 1


# -- los mapas -----------------------------------------------------------------

LEVELS = (0, 1, 4, 9, 16)


def radius(p: np.ndarray) -> np.ndarray:
    return p[0] ** 2 + p[1] ** 2


def tint(axes, point: tuple[float, float]) -> float:
    """Opacidad de las veladuras de las curvas que encierran un punto."""
    [curves] = axes.collections
    veils = zip(curves.get_paths(), curves.get_facecolor(), strict=True)
    return 1 - np.prod([1 - color[3] for path, color in veils if inside(path, point)])


def inside(path, point) -> bool:
    return sum(ring.contains_point(point) for ring in map(Path, rings(path))) % 2 == 1


def rings(path) -> list[np.ndarray]:
    return [ring for ring in path.to_polygons() if len(ring)]


@pytest.mark.parametrize(("r", "band"), [(0.5, 0), (1.5, 1), (2.5, 2), (3.5, 3)])
def test_each_band_of_a_map_has_the_tint_of_its_depth(r, band):
    axes = Figure().add_subplot()
    level_curves(axes, radius, (-5, 5), (-2, 5), LEVELS)

    assert tint(axes, (0, r)) == pytest.approx(DEPTH(band / 3)[3])
    assert tint(axes, (-r, 0)) == pytest.approx(DEPTH(band / 3)[3])
    assert tint(axes, (4.9, 4.9)) == 0


def test_a_hill_inside_a_map_is_clear():
    """Alrededor de la cima de una colina la curva de nivel deja un hueco."""
    axes = Figure().add_subplot()
    level_curves(axes, lambda p: 20 - radius(p), (-4, 4), (-4, 4), LEVELS)

    assert tint(axes, (0, 0)) == 0
    assert tint(axes, (3, 0)) == pytest.approx(DEPTH(3 / 3)[3])
    # El hueco gira al revés que su borde: así lo deja vacío el SVG.
    edge, hole = rings(axes.collections[0].get_paths()[0])
    assert area(edge) * area(hole) < 0


def area(ring: np.ndarray) -> float:
    x, y = ring.T
    return (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2


def test_a_curve_that_leaves_the_map_is_closed_out_of_sight():
    axes = Figure().add_subplot()
    level_curves(axes, lambda p: p[0], (0, 10), (0, 10), LEVELS)

    paths = axes.collections[0].get_paths()
    for path, level in zip(paths, (16, 9, 4, 1), strict=True):
        [ring] = rings(path)
        seen = ring[((ring >= 0) & (ring <= 10)).all(axis=1)]
        np.testing.assert_allclose(seen[:, 0], level)
        assert (len(seen) > 0) == (level < 10)


# -- la cuadrática -------------------------------------------------------------


def test_two_valleys_ends_one_ball_in_each():
    slope = descent.valley_grad
    paths = [
        gradient_descent(slope, [s], lr=0.18, steps=25)[-1, 0] for s in (-0.55, 0.3)
    ]

    assert paths[0] < 0 < paths[1]
    assert descent.valley(paths[0]) > descent.valley(paths[1]) + 0.5
    assert np.abs(slope(np.array(paths))).max() < 1e-3
    w = np.linspace(-2, 2, 9)
    step = 1e-6
    numeric = (descent.valley(w + step) - descent.valley(w - step)) / (2 * step)
    np.testing.assert_allclose(slope(w), numeric, rtol=1e-6, atol=1e-8)


def test_descent_directions_fill_only_the_half_plane_that_goes_down():
    [axes] = drawn("descent.descent_directions").axes
    [half] = [p for p in axes.patches if len(p.get_xy()) > 10]
    offsets = half.get_xy() - descent.START

    assert (offsets @ quadratic_grad(descent.START) <= 1e-9).all()
    assert {"∇q", "−∇q", "d"} <= set(texts(axes))


def test_along_the_gradient_only_the_two_is_never_above():
    """La curva es 3,5 − 29η + 62η², y su mínimo, el cruce con la recta del medio."""
    [axes] = drawn("descent.along_the_gradient").axes
    curve, half, tangent, double = points(axes)[:4]
    eta = curve[:, 0]

    np.testing.assert_allclose(curve[:, 1], 3.5 - 29 * eta + 62 * eta**2)
    for line, factor in ((half, 0.5), (tangent, 1), (double, 2)):
        np.testing.assert_allclose(line[:, 1], 3.5 - 29 * factor * eta)
    below = curve[:, 1] <= half[:, 1] + 1e-12
    np.testing.assert_array_equal(below, eta <= 29 / 124)
    assert (curve[1:, 1] > double[1:, 1]).all()
    assert texts(axes)[-1] == "0,234"


def test_regression_draws_the_iterates_and_their_lines():
    top, bottom = drawn("descent.regression").axes
    iterates = [
        [0, 0], [0.44, 0.88], [0.5984, 1.1616], [0.663872, 1.247488], [0.698255, 1.269565]
    ]  # fmt: skip

    assert any(
        len(line) == 5 and np.allclose(line, iterates, atol=1e-6)
        for line in points(top)
    )
    for line, (intercept, slope) in zip(points(bottom), iterates, strict=False):
        np.testing.assert_allclose(
            line[:, 1], intercept + slope * line[:, 0], atol=1e-5
        )
    assert has(bottom, np.stack([descent.X, descent.Y], axis=1))


def test_two_steps_says_the_points_and_values_of_the_text():
    [axes] = drawn("descent.two_steps").axes

    assert has(axes, [[1, -1], [0.8, -0.5], [0.67, -0.22]])
    assert "(0,8; −0,5)\nq = 1,22" in texts(axes)
    for label in ("0,2", "1", "2,6", "5"):
        [place] = [t.xy for t in axes.texts if t.get_text() == label]
        assert quadratic(np.array(place)) == pytest.approx(
            float(label.replace(",", "."))
        )


def test_many_steps_marks_eight_eighteen_and_forty_eight():
    top, bottom = drawn("descent.many_steps").axes
    path = descent.descent(0.1, 50)

    assert [t for t in texts(top) if t.isdigit()] == ["8", "18", "48"]
    for k in (8, 18, 48):
        assert has(top, [path[k]])
        assert has(bottom, [[k, quadratic(path[k])]])
        assert has(bottom, [[k, np.linalg.norm(quadratic_grad(path[k]))]])


# -- la tasa -------------------------------------------------------------------


def test_four_rates_are_small_good_oscillating_and_divergent():
    ends = [quadratic(descent.descent(lr, 100)[-1]) for lr in rates.RATES]

    assert ends[1] < ends[0] < ends[2] < 3.5 < ends[3]
    assert rates.WORDS == ("pequeña", "buena", "oscila", "diverge")


def test_contraction_measured_factors_fall_on_the_prediction():
    [axes] = drawn("rates.contraction").axes
    [measured] = [line for line in points(axes) if 5 < len(line) < 50]
    eigenvalues = (5 + np.array([-1, 1]) * 13**0.5) / 2
    predicted = np.abs(1 - measured[:, :1] * eigenvalues).max(axis=1)

    np.testing.assert_allclose(measured[:, 1], predicted, rtol=5e-3)


def test_guarantees_hold_and_the_bounds_are_those_of_the_theorems():
    cases = (rates._any_cost, rates._convex, rates._quadratic)
    for axes, case in zip(drawn("rates.guarantees").axes, cases, strict=True):
        _, measured, bound = case()
        assert (measured <= bound).all()
        assert has(axes, np.stack([np.arange(1, len(bound) + 1), bound], axis=1))
    low, high = (5 - 13**0.5) / 2, (5 + 13**0.5) / 2
    assert rates._quadratic()[2][9] == pytest.approx(3.5 * (1 - low / high) ** 10)
    assert rates._convex()[2][9] == pytest.approx(1 / (2 * (1 / 3) * 10))


def test_smoothness_bounds_every_curvature_of_the_path():
    """En (3, 2) el mayor autovalor es 82,284271 (fe de erratas, E2-12a)."""
    assert rates.smoothness(np.array([[3.0, 2.0], [3.0, 2.0]])) == pytest.approx(
        82.284271
    )


# -- Himmelblau ----------------------------------------------------------------


def test_four_starts_end_in_the_four_minima():
    panels = drawn("himmelblau.four_starts").axes
    for axes, path in zip(panels, himmelblau.paths(), strict=True):
        assert has(axes, path)
    assert panels[3].get_title() == "(0; −1) → (3,58; −1,85)"


def test_basins_image_has_the_color_of_the_minimum_each_pixel_reaches():
    [axes] = drawn("himmelblau.four_basins").axes
    image = np.asarray(axes.images[0].get_array())
    pixels = image.shape[0]
    side = 6 * (1 - 1 / pixels)
    p = grid((-side, side), (-side, side), pixels)[:, ::60, ::60]
    which, _ = basins(himmelblau_grad, p, himmelblau.minima(), lr=0.01, steps=400)
    base = np.array([to_rgb(color) for color in himmelblau.COLORS])
    sample = image[::60, ::60]

    assert (sample[..., 3] == 1).all()
    # El tono aclarado u oscurecido sigue siendo el más parecido a su color.
    for i, j in np.ndindex(which.shape):
        rgb, color = sample[i, j, :3], base[which[i, j]]
        order = np.argsort(rgb)
        assert (np.diff(color[order]) >= -1e-9).all()


def test_critical_points_have_zero_gradient_and_the_right_curvatures():
    saddles = [himmelblau.critical_point(guess) for guess in himmelblau.SADDLES]
    peak = himmelblau.critical_point(himmelblau.PEAK)

    assert peak == pytest.approx((-0.270845, -0.923039), abs=1e-6)
    for p in (*saddles, peak):
        assert np.abs(himmelblau_grad(p)).max() < 1e-9
    curvatures = [
        np.linalg.eigvalsh(himmelblau.himmelblau_hessian(p)) for p in (*saddles, peak)
    ]
    assert all(low < 0 < high for low, high in curvatures[:4])
    assert (curvatures[4] < 0).all()


def test_rate_sweep_is_zero_below_each_critical_rate_and_not_above():
    minima = himmelblau.minima()
    for start, minimum, limit in zip(
        himmelblau.STARTS, minima, (0.0243, 0.0248, 0.0149, 0.0190), strict=True
    ):
        eta = np.array([0.97 * limit, 1.03 * limit])
        last = himmelblau._last_iterates(start, eta)
        below, above = np.hypot(*(last - minimum[:, None, None])).max(axis=0)
        assert below < 1e-6
        assert 0.05 < above < 2


def test_rate_sweep_writes_the_critical_rates():
    panels = drawn("himmelblau.rate_sweep").axes

    assert [texts(axes) for axes in panels] == [
        ["0,0243"],
        ["0,0248"],
        ["0,0149"],
        ["0,0190"],
    ]
