"""Las figuras del capítulo 9 dibujan lo que dicen sus pies."""

import numpy as np
import pytest

from apuntes.activations import gelu_grad
from apuntes.figures import activations, clipping, depth, residual
from apuntes.figures._results import measured
from apuntes.figures.style import ORANGE


def curve(axes, label: str) -> np.ndarray:
    [line] = [line for line in axes.lines if line.get_label() == label]
    return np.asarray(line.get_ydata())


# -- profundidad -----------------------------------------------------------------


def test_each_tent_doubles_the_pieces():
    for k, axes in enumerate(depth.sawtooth().axes, start=1):
        y = axes.lines[0].get_ydata()
        bends = int(np.sum(np.abs(np.diff(y, 2)) > 1e-9))
        assert bends + 1 == 2**k
        assert axes.get_title().endswith(f"{2**k} tramos")


def test_sigmoid_loses_a_factor_of_four_per_layer_and_relu_none():
    sizes, norms = depth.three_activations().axes
    sigmoid, relu = curve(norms, "sigmoide"), curve(norms, "ReLU")

    assert (sigmoid[-1] / sigmoid[1]) ** (1 / 48) == pytest.approx(4.3, abs=0.15)
    assert sigmoid[0] < 1e-30
    assert 0.1 < relu[0] / relu[-1] < 10
    assert 0.4 < curve(sizes, "sigmoide").min() < 0.6


def test_gradients_of_relu_layers_explode_together():
    sizes, norms = depth.weight_scale().axes
    large = curve(norms, "× 1,3")

    assert large.min() > 1e4
    assert large.max() / large.min() < 100
    assert curve(sizes, "× 1,3")[-1] > 1e4 * curve(sizes, "× 1,3")[0]
    assert curve(norms, "× 0,5")[1] < 1e-14


def test_every_remedy_flattens_the_gradient():
    [axes] = depth.remedies().axes
    assert curve(axes, "sin remedio")[0] < 1e-11
    for name in ("inicialización", "atajos", "normalización"):
        norms = curve(axes, name)
        assert norms.max() / norms.min() < 20, name
    assert 1e-4 < curve(axes, "ReLU")[1] < 1e-2


def test_layers_learn_in_order_at_the_start():
    for axes in depth.learning_speed().axes:
        starts = [line.get_ydata()[0] for line in axes.lines]
        assert starts == sorted(starts)


# -- activaciones ----------------------------------------------------------------


def test_slopes_are_drawn_below_and_do_not_join_their_jumps():
    _, slopes = activations.rectifiers().axes
    relu = curve(slopes, "ReLU")

    assert np.isnan(relu).sum() == 1
    assert set(relu[np.isfinite(relu)]) == {0.0, 1.0}


def test_peak_of_the_gelu_is_where_the_exercise_says():
    _, slopes = activations.gates().axes
    z = slopes.lines[0].get_xdata()
    drawn = curve(slopes, "GELU")

    assert np.nanmax(drawn) == pytest.approx(float(gelu_grad(np.array(2**0.5))), 1e-4)
    assert z[np.nanargmax(drawn)] == pytest.approx(2**0.5, abs=0.03)


# -- recorte ---------------------------------------------------------------------


def test_slope_of_the_wall_is_the_derivative_of_its_cost():
    bias, step = np.array([-2.9, -2.63, -2.5, -1.2]), 1e-6
    centred = clipping.recurrent_cost(bias + step) - clipping.recurrent_cost(
        bias - step
    )

    np.testing.assert_allclose(
        clipping.recurrent_slope(bias), centred / (2 * step), rtol=1e-5
    )


def test_only_the_unclipped_descent_is_thrown_away():
    free, clipped = clipping.descend(np.inf), clipping.descend(2.0)

    assert np.max(np.diff(free)) > 5
    assert np.max(np.abs(np.diff(clipped))) <= clipping.LR * 2 + 1e-12
    assert np.all(clipping.recurrent_cost(clipped[-10:]) < 7)
    assert np.all(np.abs(clipped[-10:] + 2.62) < 0.06)


# -- atajos ----------------------------------------------------------------------


def test_shortcuts_keep_the_gradient_of_the_first_layer():
    [axes] = residual.shortcut_gradients().axes
    plain, bypassed = curve(axes, "sin atajos"), curve(axes, "con atajos")

    assert plain[0] < 1e-13
    assert bypassed.min() > 1


def test_paths_are_many_and_long_and_gradients_come_by_the_short_ones():
    top, bottom = residual.path_lengths().axes
    ways = [bar.get_height() for bar in top.patches]
    shares = np.array([bar.get_height() for bar in bottom.patches]).reshape(2, -1)

    assert sum(ways) == pytest.approx(100)
    assert np.argmax(ways) in (9, 10)
    np.testing.assert_allclose(shares.sum(axis=1), 100, atol=0.05)
    assert np.all(shares[:, :5].sum(axis=1) > 95)


def test_degradation_draws_every_seed():
    [axes] = residual.degradation().axes
    rows = measured("residuales")["degradacion"]["llana"]
    dots = [line for line in axes.lines if line.get_marker() == "."]
    drawn = [line.get_ydata() for line in dots if line.get_color() == ORANGE]

    np.testing.assert_allclose(
        np.array(drawn), np.array([row["coste"] for row in rows.values()]).T
    )
