"""Las figuras de los capítulos 0 y 1 dicen lo que dicen sus pies."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from apuntes.chain_rules import forward_rule, reverse_rule
from apuntes.figures import chain_rules, course, history, negation, perceptron
from apuntes.perceptron import novikoff_bound

CHAPTER = Path(__file__).parents[1] / "docs/capitulos/00-presentacion.md"


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


# -- capítulo 0 ------------------------------------------------------------------


def test_spring_halves_what_is_left_in_every_step():
    path = course.spring_path(6)

    np.testing.assert_allclose(2.6 - path, 2.6 * 0.5 ** np.arange(7))
    assert [course.spring_cost(w) for w in (0.0, 1.3)] == pytest.approx([17, 4.325])
    assert course.spring_cost(2.6) == pytest.approx(0.1)


def test_map_says_what_the_table_of_the_chapter_says():
    rows = re.findall(
        r"^\| \[?(\d+)\. .*?\| ([\d, nada]+) \|", CHAPTER.read_text(), re.M
    )
    table = {
        int(n): tuple(int(k) for k in re.findall(r"\d+", need)) for n, need in rows
    }

    assert table == course.NEEDS
    needed = {k for needs in course.NEEDS.values() for k in needs}
    assert set(course.NEEDS) - needed - {14} == set(course.OPTIONAL)


def test_each_stop_is_after_what_it_needs_and_numbers_its_chapter():
    """En cada línea, y en la vertical, lo que hace falta queda antes."""
    places = course._places()
    drawn = texts(course.course_map())

    assert set(places) == set(course.NEEDS) == set(course.TITLES)
    assert all(
        places[k][1] < places[n][1] for n, ks in course.NEEDS.items() for k in ks
    )
    assert {str(n) for n in places} | set(course.TITLES.values()) == set(drawn)


# -- capítulo 1 ------------------------------------------------------------------


def test_timeline_is_in_order_and_names_who_the_lectures_left_out():
    years = [m.year for m in history.MILESTONES]
    drawn = " ".join(texts(history.timeline()))

    assert years == sorted(years)
    assert len(years) == 13
    for who in ("Linnainmaa", "Williams", "Amari", "Ivakhnenko", "Widrow", "Novikoff"):
        assert who in drawn


def test_learning_ends_in_a_frontier_that_separates():
    x, target = perceptron.points()
    steps = perceptron.path()
    weight, bias, _ = steps[-1]

    assert len(x) == 30
    assert len(steps) == 17
    assert (target * (x @ weight + bias) > 0).all()
    for (before, offset, _), (after, moved, i) in itertools.pairwise(steps):
        assert target[i] * (x[i] @ before + offset) <= 0
        np.testing.assert_allclose(after - before, target[i] * x[i])
        assert moved - offset == target[i]


def test_novikoff_curves_cross_at_the_bound():
    [axes] = perceptron.novikoff().axes
    upper, lower, measured, bound = axes.lines
    k = bound.get_xdata()[0]
    x, target = perceptron.points()

    assert k == pytest.approx(
        novikoff_bound(x, target, perceptron.SLOPE, perceptron.OFFSET)
    )
    assert np.interp(k, *upper.get_data()) == pytest.approx(np.interp(k, *lower.get_data()), rel=1e-4)  # fmt: skip
    steps, lengths = measured.get_data()
    slope = lower.get_ydata()[-1] / lower.get_xdata()[-1]
    assert (lengths >= slope * np.asarray(steps) - 1e-9).all()
    assert (lengths[1:] <= np.interp(steps[1:], *upper.get_data()) + 0.2).all()
    assert f"cota {k:.0f} " in texts(perceptron.novikoff())


def test_xor_needs_four_corrections_in_every_pass():
    [axes] = perceptron.xor_cycle().axes
    lines = {line.get_label(): line.get_ydata().tolist() for line in axes.lines}

    assert lines == {"o": [3, 1, 2, 2, 1, 0], "o exclusivo": [4] * 15}


def test_digit_weights_end_after_twenty_corrections():
    assert [axes.get_title() for axes in perceptron.digit_weights().axes] == [
        *("1 corrección", "5 correcciones", "20 correcciones")
    ]


def test_negation_network_splits_into_three_xors():
    """Acierta los 16 casos y cada oculta mira negar y un bit, y escribe en una salida."""
    network = negation.train(negation.SEED, decay=negation.DECAY)
    first, last = negation.weights()

    assert ((network.forward(negation.INPUTS) > 0.5) == negation.TARGETS).all()
    for j in range(6):
        bit = j // 2
        others = [k for k in range(3) if k != bit]
        assert np.abs(first[j, [0, 1 + bit]]).min() > 3
        assert np.abs(first[j, [1 + k for k in others]]).max() < 0.4
        assert abs(last[bit, j]) > 5
        assert np.abs(last[others, j]).max() < 0.5


def test_credit_figure_shows_the_numbers_of_the_chapter():
    values, credits = chain_rules.network_values()
    drawn = texts(chain_rules.credit())

    np.testing.assert_allclose(values[1].round(2), [0.88, 0.5, 0.38])
    np.testing.assert_allclose(credits.round(3), [-0.089, 0.119, -0.059])
    assert {"0,71", "0,04", "−0,29", "−0,09", "0,12", "−0,06"} <= set(drawn)


def test_boat_credit_is_the_closed_form():
    places, graph = chain_rules.boat(chain_rules.PUSHES)
    credits = reverse_rule(graph, len(graph) - 1)[0][:8]

    expected = (places[-1] - 10) * (1 - 0.8 ** np.arange(8, 0, -1)) / 0.2
    np.testing.assert_allclose(credits, expected)
    assert places[-1] == pytest.approx(18.3, abs=0.05)


def test_two_rules_only_share_the_answer():
    forward, _ = forward_rule(chain_rules.SYSTEM, 0)
    reverse, _ = reverse_rule(chain_rules.SYSTEM, 4)

    assert forward.tolist() == [1, 0, 3, 4, 48]
    assert reverse.tolist() == [48, 28, 14, 6, 1]


def test_reverse_grows_like_the_parameters_and_forward_almost_like_their_square():
    small, large = chain_rules.products(5), chain_rules.products(12)
    growth = [np.log(b / a) / np.log(large[0] / small[0]) for a, b in zip(small, large, strict=True)]  # fmt: skip

    assert large == (481, 37635, 963)
    assert growth[2] == pytest.approx(1, abs=0.05)
    assert 1.6 < growth[1] < 2
