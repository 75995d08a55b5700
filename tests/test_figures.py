"""Las figuras dicen lo que dice el texto: se comprueban los datos dibujados."""

import numpy as np
import pytest

from apuntes.activations import softmax
from apuntes.data import mnist_sample
from apuntes.figures import losses, mnist, network
from apuntes.figures import softmax as softmax_figures
from apuntes.figures._images import ink, mosaic, signed
from apuntes.figures._text import number


def curve(axes, label: str) -> tuple[np.ndarray, np.ndarray]:
    [line] = [line for line in axes.lines if line.get_label() == label]
    return line.get_xdata(), line.get_ydata()


def texts(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def heights(axes) -> list[float]:
    return [bar.get_height() for bar in axes.patches]


def tiles(image: np.ndarray, *, columns: int) -> np.ndarray:
    """Deshace `mosaic`: teselas de 28 por 28 con hueco 2."""
    rows = range(0, image.shape[0], 30)
    return np.array(
        [image[r : r + 28, 30 * c : 30 * c + 28] for r in rows for c in range(columns)]
    )


# -- piezas --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "spec", "expected"),
    [
        (-0.5, ".4g", "−0,5"),
        (3.75, ".4g", "3,75"),
        (10.0, ".4g", "10"),
        (0.1, ".2f", "0,10"),
    ],
)
def test_number_is_written_in_spanish(value, spec, expected):
    assert number(value, spec) == expected


def test_ink_is_opaque_where_the_stroke_is():
    image = ink(np.array([[0, 255]], dtype=np.uint8))

    np.testing.assert_array_equal(image[..., 3], [[0, 1]])


def test_signed_image_is_orange_above_zero_and_blue_below():
    image = signed(np.array([[2.0, -1.0, 0.0]]), limit=2.0)

    np.testing.assert_allclose(image[0, :, 3], [1, 0.5, 0])
    assert image[0, 0, 0] > image[0, 0, 2]
    assert image[0, 1, 0] < image[0, 1, 2]


def test_mosaic_keeps_the_order_of_the_tiles():
    images = np.arange(1, 5)[:, None, None] * np.ones((4, 28, 28))

    joined = mosaic(images, columns=2)

    assert joined.shape == (58, 58)
    np.testing.assert_array_equal(tiles(joined, columns=2), images)


# -- MNIST ---------------------------------------------------------------------


def test_digits_show_one_class_per_column():
    images, labels = mnist_sample("train")
    drawn = tiles(
        mnist.mnist_digits().axes[0].images[0].get_array()[..., 3], columns=10
    )

    shown = [
        int(labels[(images / 255 == tile).all(axis=(1, 2))][0])
        for tile in np.asarray(drawn)
    ]

    assert shown == 5 * list(range(10))


def test_numbers_beside_the_image_are_its_pixels():
    """Los números de la derecha son los del recuadro, y las rayas de abajo, la imagen entera."""
    images, labels = mnist_sample("train")
    left, right, below = mnist.image_as_vector().axes
    [box] = left.patches
    row, column = round(box.get_y() + 0.5), round(box.get_x() + 0.5)

    crop = images[mnist.THREE][row : row + mnist.CROP, column : column + mnist.CROP]
    drawn = np.zeros(784)
    for (index, bottom), (_, top) in below.collections[0].get_segments():
        assert bottom == 0
        drawn[round(index)] = top

    assert labels[mnist.THREE] == 3
    assert labels[mnist.EIGHT] == 8
    assert [int(text) for text in texts(right)] == crop.ravel().tolist()
    np.testing.assert_allclose(drawn, images[mnist.THREE].ravel() / 255)


# -- red -----------------------------------------------------------------------


def test_architecture_joins_every_neuron_with_every_neuron():
    [axes] = network.architecture().axes
    lines = [c for c in axes.collections if hasattr(c, "get_segments")]
    dots = [c for c in axes.collections if not hasattr(c, "get_segments")]

    assert [len(c.get_offsets()) for c in dots] == [8, 15, 10]
    assert [len(c.get_segments()) for c in lines] == [8 * 15, 15 * 10]
    assert any("15 × 784" in text for text in texts(axes))
    assert [text for text in texts(axes) if text.isdigit()] == list("0123456789")


def test_approximation_compares_a_real_output_with_its_target():
    """La red acierta el 3 y duda de verdad: la segunda salida no es despreciable."""
    x, labels = mnist.vectors("test")
    *_, output, target = network.approximation().axes

    expected = network.trained_network().forward(x[[network.DOUBTFUL]])[0]

    assert labels[network.DOUBTFUL] == 3
    np.testing.assert_allclose(heights(output), expected)
    assert np.argmax(expected) == 3
    assert np.sort(expected)[-2] > 0.1
    assert heights(target) == np.eye(10)[3].tolist()


def test_hidden_layer_shows_the_weights_and_the_activations():
    model, (x, _) = network.trained_network(), mnist.vectors("train")
    maps, bars = network.hidden_layer().axes
    bars.figure.draw_without_rendering()
    weights = model[0].weight.reshape(15, 28, 28)

    drawn = tiles(np.asarray(maps.images[0].get_array()), columns=5)
    active = model[0].forward(x[[mnist.THREE, mnist.EIGHT]])

    orange = (drawn[..., 0] > drawn[..., 2]) & (drawn[..., 3] > 0)
    np.testing.assert_array_equal(orange, weights > 0)
    np.testing.assert_allclose(heights(bars), (1 / (1 + np.exp(-active))).ravel())
    numbers = [str(j) for j in range(15)]
    assert texts(maps) == [t.get_text() for t in bars.get_xticklabels()] == numbers


def test_trained_network_reads_digits_it_has_not_seen():
    x, labels = mnist.vectors("test")

    hits = (network.trained_network().forward(x).argmax(axis=1) == labels).mean()

    assert hits > 0.9


def test_cost_is_smooth_where_errors_are_stairs():
    """Los fallos son mesetas de 1/200; el coste cambia siempre y no acaba donde menos se falla."""
    [axes] = network.cost_and_errors().axes
    _, errors = curve(axes, "fracción de fallos")
    biases, costs = curve(axes, "coste cuadrático")

    np.testing.assert_allclose(errors * 200, np.round(errors * 200))
    assert np.mean(np.diff(errors) == 0) > 0.9
    assert np.all(np.diff(costs) != 0)
    assert np.count_nonzero(np.diff(np.sign(np.diff(costs)))) == 1
    assert errors[costs.argmin()] > errors.min()
    assert biases[0] < network.trained_network()[2].bias[4] < biases[-1]


def test_the_minimum_of_the_cost_and_the_fewest_errors_are_where_the_marks_say():
    [axes] = network.cost_and_errors().axes
    biases, costs = curve(axes, "coste cuadrático")
    _, errors = curve(axes, "fracción de fallos")
    [dot] = [line for line in axes.lines if line.get_marker() == "o"]
    [band] = axes.patches
    inside = (biases >= band.get_x()) & (biases <= band.get_x() + band.get_width())

    assert dot.get_xydata().tolist() == [[biases[costs.argmin()], costs.min()]]
    np.testing.assert_array_equal(inside, errors == errors.min())


def test_cost_at_the_trained_bias_is_the_cost_of_the_network():
    model = network.trained_network()
    x, labels = (array[:200] for array in mnist.vectors("test"))
    output = model.forward(x)

    costs, errors = network.cost_and_error_rates(np.array([model[2].bias[4]]))

    assert costs[0] == pytest.approx(np.sum((output - np.eye(10)[labels]) ** 2) / 400)
    assert errors[0] == np.mean(output.argmax(axis=1) != labels)


# -- pérdidas ------------------------------------------------------------------


def test_squares_over_the_bars_add_up_to_seven_hundredths():
    [axes] = losses.output_vs_target().axes

    assert texts(axes) == ["0,01", "0,01", "0,01", "0,04"]
    bars = np.array(heights(axes)).reshape(2, 10)
    assert np.sum((bars[0] - bars[1]) ** 2) == pytest.approx(0.07)


def test_sum_and_mean_share_the_minimum_but_not_the_slope():
    """En w = 1 la suma vale 18 con pendiente −30, y la media, 6 con −10."""
    [axes] = losses.sum_and_mean().axes
    slopes, total = curve(axes, "suma")
    _, mean = curve(axes, "media")

    np.testing.assert_allclose(total, 3 * mean)
    np.testing.assert_allclose(total, 14 * slopes**2 - 58 * slopes + 62)
    assert texts(axes) == ["pendiente −30", "pendiente −10", "w = 2,07"]
    tangents = [line for line in axes.lines if line.get_linestyle() == "--"]
    steepness = [np.ptp(t.get_ydata()) / np.ptp(t.get_xdata()) for t in tangents]
    np.testing.assert_allclose(steepness, [30, 10])


def analytic(name: str, r: np.ndarray) -> np.ndarray:
    """Las pérdidas de regresión, escritas por ramas y no como en el paquete."""
    if name == "cuadrática":
        return r**2
    if name == "absoluta":
        return np.abs(r)
    delta = float(name.split("= ")[1].replace(",", "."))
    return np.where(np.abs(r) < delta, r**2 / 2, delta * (np.abs(r) - delta / 2))


@pytest.mark.parametrize("draw_figure", [losses.regression_losses, losses.huber_family])
def test_regression_curves_and_their_slopes(draw_figure):
    """Lo de la derecha es la derivada, por diferencias, de lo de la izquierda."""
    left, right = draw_figure().axes
    labelled = [line for line in left.lines if not line.get_label().startswith("_")]
    slopes = {line.get_color(): line for line in right.lines}

    assert len(labelled) == 3
    for line in labelled:
        r, name = line.get_xdata(), line.get_label()
        np.testing.assert_allclose(line.get_ydata(), analytic(name, r))
        numeric = (analytic(name, r + 1e-6) - analytic(name, r - 1e-6)) / 2e-6
        drawn = slopes[line.get_color()].get_ydata()
        smooth = np.isfinite(drawn)
        assert np.count_nonzero(~smooth) == (name == "absoluta")
        np.testing.assert_allclose(drawn[smooth], numeric[smooth], atol=1e-5)


def test_outlier_drags_only_the_quadratic_minimum():
    [axes] = losses.outlier().axes

    minima = {
        line.get_label(): line.get_xdata()[line.get_ydata().argmin()]
        for line in axes.lines
        if not line.get_label().startswith("_")
    }

    assert minima == {"absoluta": 3.0, "Huber, δ = 5": 3.75, "cuadrática": 10.0}
    assert texts(axes)[:3] == ["3", "3,75", "10"]


def test_margin_losses():
    [axes] = losses.margin_losses().axes

    m, hinge = curve(axes, "bisagra")
    np.testing.assert_allclose(hinge, np.where(m < 1, 1 - m, 0))
    np.testing.assert_allclose(
        curve(axes, "entropía cruzada")[1], np.log(1 + np.exp(-m))
    )
    np.testing.assert_allclose(curve(axes, "cuadrática")[1], (1 - m) ** 2)
    np.testing.assert_array_equal(curve(axes, "error: 0 o 1")[1], m <= 0)


def test_binary_cross_entropy_curves():
    [axes] = losses.binary_losses().axes

    p, one = curve(axes, "y = 1")
    np.testing.assert_allclose(one, -np.log(p))
    np.testing.assert_allclose(curve(axes, "y = 0")[1], -np.log(1 - p))
    assert texts(axes) == ["0,223", "1,609"]


def test_saturation_vanishes_only_for_the_quadratic_cost():
    """Con y = 1, la entropía cruzada empuja 1 − σ y la cuadrática, σ(1 − σ)²."""
    [axes] = losses.saturation().axes
    z, entropy = curve(axes, "entropía cruzada")
    _, quadratic = curve(axes, "coste cuadrático")
    p = 1 / (1 + np.exp(-z))

    np.testing.assert_allclose(entropy, 1 - p, rtol=1e-9)
    np.testing.assert_allclose(quadratic, p * (1 - p) ** 2, rtol=1e-9)
    assert quadratic.max() == pytest.approx(4 / 27, abs=1e-3)


# -- softmax -------------------------------------------------------------------


def test_softmax_bars_show_logits_probabilities_and_gradient():
    z, p, grad = (heights(axes) for axes in softmax_figures.softmax_bars().axes)

    expected = softmax(np.array([2.0, 1.0, 0.1]))
    assert z == [2.0, 1.0, 0.1]
    np.testing.assert_allclose(p, expected)
    np.testing.assert_allclose(grad, expected - [1, 0, 0])


def test_first_step_is_each_class_mean_minus_the_overall_mean():
    x, labels = mnist.vectors("train")
    means = np.array([x[labels == k].mean(axis=0) for k in range(10)])
    expected = ((means - x.mean(axis=0)) / 10).reshape(10, 28, 28)

    [axes] = softmax_figures.first_step().axes
    drawn = tiles(np.asarray(axes.images[0].get_array()), columns=5)

    np.testing.assert_allclose(drawn[..., 3], np.abs(expected) / np.abs(expected).max())
    signs = np.where(drawn[..., 0] > drawn[..., 2], 1, -1)
    visible = np.abs(expected) > 1e-12
    np.testing.assert_array_equal(signs[visible], np.sign(expected[visible]))
    assert texts(axes) == list("0123456789")
