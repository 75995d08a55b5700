"""Las figuras del capítulo 5 dibujan lo que dicen sus pies."""

import numpy as np
import pytest

from apuntes.figures import epochs, minibatch, stochastic
from apuntes.figures._results import measured
from apuntes.figures.style import BLUE, ORANGE
from apuntes.minibatch import gradient_variance
from apuntes.stochastic import double_well

# -- tamaño de lote --------------------------------------------------------------


def test_three_rules_do_the_same_work_with_more_steps():
    panels = minibatch.three_rules().axes
    steps = [len(axes.lines[1].get_xdata()) - 1 for axes in panels]

    assert steps == [4, 32, 256]
    assert [256 // count for count in steps] == [64, 8, 1]
    assert panels[0].get_title() == "lote completo: 4 pasos, J = 8,22"


def test_contours_surround_the_least_squares_solution():
    x, y = minibatch.line_data()
    star = minibatch.three_rules().axes[0].lines[0]
    best = np.array([star.get_xdata()[0], star.get_ydata()[0]])

    np.testing.assert_allclose(best, np.polynomial.polynomial.polyfit(x, y, 1))


def test_only_the_sum_diverges_with_the_large_batch():
    mean, total = minibatch.sum_or_mean().axes
    ends = [[line.get_ydata()[-1] for line in axes.lines] for axes in (mean, total)]

    assert max(ends[0]) < 2
    assert ends[1][1] == pytest.approx(ends[0][1])  # 8 · 0,01 = 0,08
    assert ends[1][0] > 1.3
    assert not ends[1][2] < 1e4


def test_histograms_are_centred_on_one_and_paint_what_goes_against():
    noise = measured("minilotes")["ruido"]["direccion"]
    for axes, drawn in zip(
        minibatch.gradient_histograms().axes, noise.values(), strict=True
    ):
        bars = [(b.get_x(), b.get_width(), b.get_height()) for b in axes.patches]
        left, width, height = np.array(bars).T
        against = height[left + width <= 1e-9].sum()
        centre = (left + width / 2) @ height / height.sum()

        assert against + 100 * drawn["fuera"] / 4000 >= drawn["en_contra_pct"] - 0.01
        assert centre == pytest.approx(1, abs=0.15)


def test_no_step_goes_straight_up():
    noise = measured("minilotes")["ruido"]["direccion"]

    assert noise["1"]["coseno_minimo"] > -0.5
    assert noise["1"]["suben_pct"] < 50


def test_measured_variances_lie_on_the_exact_lines():
    for rows in measured("minilotes")["ruido"]["varianza_medida_exacta_sesgo"].values():
        for value, exact, bias in rows:
            assert value == pytest.approx(exact, rel=0.1, abs=1e-12)
            # El sesgo medido con 200 sorteos es puro azar: √(varianza/200).
            assert bias < 2 * (exact / 200) ** 0.5 + 1e-12


def test_noise_results_obey_the_formula():
    noise = measured("minilotes")["ruido"]
    table = noise["varianza_medida_exacta_sesgo"]
    spread = table["con"][0][1]

    for i, size in enumerate(noise["lotes"]):
        assert table["con"][i][1] == pytest.approx(spread / size, rel=1e-3)
        expected = spread / size * (1000 - size) / 999
        assert table["sin"][i][1] == pytest.approx(expected, rel=1e-3)


def test_time_figure_reads_the_measures():
    top, bottom = epochs.cost_by_size().axes
    time = measured("minilotes")["tiempo"]

    assert top.lines[0].get_ydata().tolist() == time["ms_por_paso"]
    assert bottom.lines[0].get_ydata().tolist() == time["s_por_epoca"]


def test_every_row_of_the_shuffled_epochs_has_every_example_once():
    axes = epochs.shuffled_epochs().axes[0]
    rows = {0: [], -1: [], -2: []}
    for text in axes.texts:
        rows[round(text.get_position()[1])].append(int(text.get_text()))

    assert all(sorted(row) == list(range(1, 15)) for row in rows.values())
    assert rows[0] != rows[-1]


def test_small_batches_win_by_epoch_and_large_ones_by_step():
    losses = measured("minilotes")["perdida"]
    end = {size: losses[size]["media"][-1] for size in ("1", "10", "1000", "5000")}

    assert max(end["1"], end["10"]) < 0.2 < end["1000"] < end["5000"]
    # Diez pasos: dos épocas con lotes de 1000 y diez con el lote completo.
    assert losses["1000"]["media"][2] == pytest.approx(end["5000"], rel=0.15)


def test_staircase_marks_the_938_step():
    line, *marks = epochs.steps_staircase().axes[0].lines
    n, steps = line.get_xdata(), np.array(line.get_ydata())

    assert [int(mark.get_xdata()[0]) for mark in marks] == [60000, 59969, 60032]
    assert (n[steps == 938].min(), n[steps == 938].max()) == (59969, 60032)


# -- ruido -----------------------------------------------------------------------


def test_tilts_have_the_mean_and_variance_the_chapter_says():
    tilts = stochastic.tilts((0.3, 0.0))

    np.testing.assert_allclose(tilts.mean(axis=0), (0.3, 0.0), atol=1e-12)
    assert gradient_variance(tilts, 1) == pytest.approx(32, rel=0.05)


def test_drawn_path_visits_the_shallow_well_and_ends_in_the_deep_one():
    path = stochastic.crossing()

    assert path[0].tolist() == [0.15, 1.0]
    assert path[:250, 0].max() > stochastic.SHALLOW
    assert np.count_nonzero(np.diff(path[:, 0] < stochastic.RIDGE)) == 1
    assert double_well(path[-1]) < -0.3


def test_without_noise_neighbours_end_in_different_wells():
    top = stochastic.two_wells().axes[0]
    ends = [
        line.get_xdata()[-1] for line in top.lines if line.get_color() in (BLUE, ORANGE)
    ]

    assert min(ends) == pytest.approx(stochastic.DEEP, abs=1e-6)
    assert max(ends) == pytest.approx(stochastic.SHALLOW, abs=1e-6)


def test_noise_forgets_the_start_and_can_also_spoil_it():
    wells = measured("ruido")["pozos"]
    good, bad, bottom = (
        {int(m): row["hondo_pct"] for m, row in wells[start].items()}
        for start in ("desde_0", "desde_015", "desde_somero")
    )

    assert (good[1000], bad[1000]) == (100, 0)
    assert good[1] - bottom[1] < 5
    assert max(bottom[m] for m in bottom if m >= 8) == 0 < min(bad[8], bad[32])
    assert min(good.values()) < 70


def test_wells_with_gaussian_noise_match_reference_r20():
    assert measured("ruido")["r20"]["hondo"] == {
        "0": 0.0,
        "1": 0.1745,
        "2": 0.3405,
        "3": 0.5785,
        "4": 0.8505,
    }


def test_full_batch_stays_on_the_ridge_and_a_millionth_leaves_in_73_steps():
    *noisy, nudged, still = stochastic.leaving_the_saddle().axes[0].lines

    assert not np.any(still.get_ydata())
    assert int(np.flatnonzero(np.array(nudged.get_ydata()) > 0.5)[0]) == 73
    assert len(noisy) == 8
    assert all(abs(line.get_ydata()[-1]) > 0.8 for line in noisy)
    table = measured("ruido")["silla"]["sin_ruido_desde_10_elevado_a_menos"]
    assert set(np.diff(list(table.values()))) == {38}


def test_measured_balls_have_the_variance_of_the_formula():
    for row in measured("ruido")["bola"]:
        assert row["con_reposicion"] == pytest.approx(row["formula"], rel=0.03)
        assert row["sin_reposicion"] <= row["formula"] * 1.01


def test_two_sigma_band_holds_the_path_with_a_fixed_rate():
    for axes in stochastic.noise_ball().axes[:2]:
        [band] = axes.patches
        line = axes.lines[-1].get_ydata()[150:]
        inside = np.abs(line) <= band.get_y() + band.get_height()

        assert inside.mean() > 0.9


def test_cost_falls_when_the_rate_does():
    drop = measured("minilotes")["bajar"]
    lower, fixed = (np.array(drop[name]["media"]) for name in ("baja", "fija"))

    assert lower[:21].tolist() == fixed[:21].tolist()
    assert lower[21] < 0.7 * lower[20]
    assert lower[21] < fixed[21:].min()
