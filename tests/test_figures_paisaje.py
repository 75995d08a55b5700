"""Las figuras y las cifras del capítulo 4 dicen lo que dice el texto."""

import numpy as np
import pytest

from apuntes.connectivity import costs_along, spiral
from apuntes.figures import connectivity, landscape, saddles, symmetries
from apuntes.figures._results import measured
from apuntes.figures.style import INK
from apuntes.landscape import cap_fraction
from apuntes.layers import Linear, Sequential, Tanh
from apuntes.losses import cross_entropy

PAISAJE = measured("paisaje")
WIDTHS = (4, 8, 16, 32)


def texts(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_local_and_global_shows_the_three_critical_points_of_r20():
    [axes] = landscape.local_and_global().axes

    assert texts(axes) == [
        "mínimo global\n−0,305",
        "mínimo local\n0,294",
        "máximo local\n1,011",
    ]


def test_convex_shapes_are_convex_and_below_their_chord():
    for axes in landscape.convex_shapes().axes:
        curve, chord = axes.lines[0], axes.lines[-1]
        (x0, x1), (y0, y1) = chord.get_data()
        x, y = curve.get_data()
        inside = (x >= x0) & (x <= x1)

        assert (np.diff(y, 2) >= -1e-12).all()
        line = y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        assert (y <= line + 1e-12)[inside].all()


def test_two_valleys_are_mirror_minima_of_zero_cost_with_a_saddle_between():
    cost, middle = landscape.two_weight_cost, landscape.diagonal_saddle()
    best = cost(np.array([middle, middle]))
    aside = 0.05 * np.array([1, -1])

    assert cost(np.array([3, 0.4])) == cost(np.array([0.4, 3])) == pytest.approx(0)
    assert middle == pytest.approx(0.821, abs=1e-3)
    assert cost(np.array([middle, middle]) + aside) < best
    assert cost(np.array([middle, middle]) + 0.05) > best


def test_bad_minima_cost_what_the_legend_says():
    """E2-14: 2,75 frente a 0, y 0,114 frente a 0,267."""
    relu = np.maximum(landscape.RELU_X, 0)
    assert np.sum((relu - landscape.RELU_Y) ** 2) == 0
    assert np.sum((0.75 - landscape.RELU_Y) ** 2) == 2.75
    found = []
    for w, b, a, c in landscape.TANH_MINIMA:
        fit = a * np.tanh(w * landscape.TANH_X + b) + c
        found.append(np.mean((fit - landscape.tanh_target()) ** 2))
    assert found == pytest.approx([0.11387, 0.26733], abs=1e-5)


def test_linear_network_paths_end_where_the_caption_says():
    [axes] = saddles.linear_network().axes
    ends = [
        line.get_xydata()[-1]
        for line in axes.lines
        if line.get_marker() == "o" and len(line.get_xdata()) > 10
    ]

    assert len(ends) == 5
    for x, y in ends[:4]:
        assert x * y == pytest.approx(1, abs=1e-3)
    assert {bool(x > 0) for x, _ in ends[:4]} == {True, False}
    assert np.abs(ends[4]).max() < 1e-6


def test_linear_network_paths_are_coloured_by_the_branch_they_reach():
    [axes] = saddles.linear_network().axes
    reached = {
        (line.get_color(), bool(line.get_xdata()[-1] > 0))
        for line in axes.lines
        if line.get_marker() == "o" and len(line.get_xdata()) > 10
    }

    assert {(INK, True), (landscape.ORANGE, False)} < reached
    assert len(reached) == 3  # y la rosa, que se queda en la silla


def test_escape_measurements_follow_the_logarithmic_law():
    """En x² − y² la ley es exacta; en Himmelblau vale cerca de la silla."""
    found = saddles.escape_measurements(np.logspace(-12, -2, 6))

    real, law = found["x² − y²"]
    assert real == law
    real, law = found["Himmelblau"]
    np.testing.assert_allclose(real, law, atol=2)
    assert np.ptp(np.diff(real)) <= 2


def test_random_angles_match_their_density():
    [axes] = landscape.random_angles().axes
    for d, line in zip((3, 10, 100), axes.lines[:3], strict=True):
        degrees, density = line.get_data()
        below = density[degrees < 60].sum() * (degrees[1] - degrees[0])
        assert below == pytest.approx(cap_fraction(d, 60), abs=5e-3)


def test_permuted_networks_have_the_output_of_the_text():
    top, bottom = symmetries.permuted_networks().axes

    assert texts(top)[-1] == texts(bottom)[-1] == "1,793"


def test_the_example_networks_cost_what_was_measured():
    """Los parámetros guardados, con los datos sorteados, dan los costes guardados."""
    points = connectivity.example()
    model, data = connectivity.network_and_data()
    ends = np.stack([points["inicio"], points["fin"], points["alineada"]])

    costs, _ = costs_along(model, ends, cross_entropy, data)

    saved = points["costes"]
    assert costs[:2] == pytest.approx([saved["curva"][0], saved["curva"][-1]], rel=1e-3)
    assert costs[2] == pytest.approx(costs[1], rel=1e-3)
    fresh = spiral(1000, noise=0.1, rng=np.random.default_rng(1))
    _, hits = costs_along(model, ends, cross_entropy, fresh)
    assert hits.min() > 0.99


def test_plane_of_the_example_holds_the_mountain_and_the_valley():
    example = PAISAJE["conectividad"]["ejemplo"]

    assert example["maximo_segmento"] > 10 * np.log(2)
    assert example["maximo_curva"] < 0.005
    assert example["maximo_curva"] < example["maximo_alineado"] < 0.1


def test_loss_plane_names_its_points_and_the_cost_halfway():
    [axes] = connectivity.loss_plane().axes

    points = ["red A", "punto de control", "red B"]
    assert texts(axes) == [*points, "coste 8,6", "coste 0,0035"]


def test_halfway_of_the_segment_costs_what_the_opening_says():
    """Lo que se promedia es la mitad del camino, y ahí el coste es casi el máximo."""
    segment = PAISAJE["conectividad"]["ejemplo"]["costes"]["segmento"]

    assert f"{segment[25]:.1f}" == f"{max(segment):.1f}" == "8.6"


@pytest.mark.parametrize("hidden", WIDTHS)
def test_the_curve_is_far_below_the_segment_in_every_pair(hidden):
    row = PAISAJE["conectividad"]["por_anchura"][f"h{hidden}"]
    segment, curve = (np.array(row[k]["coste"]["todos"]) for k in ("segmento", "curva"))

    assert len(segment) == PAISAJE["parejas"] == 10
    assert (segment > 5 * curve).all()
    assert row["extremos"]["maximo"] < 0.01


def test_with_four_neurons_there_is_a_barrier_and_with_thirty_two_hardly_any():
    rows = PAISAJE["conectividad"]["por_anchura"]

    assert rows["h4"]["curva"]["coste"]["minimo"] > 5 * rows["h4"]["extremos"]["maximo"]
    assert rows["h32"]["curva"]["coste"]["maximo"] < 0.02
    assert rows["h32"]["alineado"]["coste"]["maximo"] < 0.1


def test_spread_of_the_minima_is_what_the_text_says():
    """De 10 a 50 se corre y se estrecha; en proporción, en torno al 6 %."""
    rows = [PAISAJE["minimos"][f"h{h}"] for h in (10, 25, 50, 100)]
    means = [row["prueba"]["media"] for row in rows]
    spreads = [row["prueba"]["desviacion"] for row in rows]

    assert means[0] > means[1] > means[2] > means[3] > 0.9 * means[2]
    assert spreads[0] > spreads[1] > spreads[2] > 0.9 * spreads[3]
    for mean, spread in zip(means, spreads, strict=True):
        assert 0.055 < spread / mean < 0.065
    assert max(rows[3]["prueba"]["todos"]) < min(rows[0]["prueba"]["todos"])


def test_damaged_networks_recover_sooner_than_new_ones_learn():
    repair = PAISAJE["reparacion"]

    assert repair["pasos_de_vuelta"]["maximo"] < repair["pasos_desde_cero"]["minimo"]


def test_the_network_of_the_chapter_has_162_parameters():
    rng = np.random.default_rng(0)
    model = Sequential(Linear(2, 32, rng=rng), Tanh(), Linear(32, 2, rng=rng))

    assert model.parameters()[0].size == 162
