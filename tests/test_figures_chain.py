"""Los grafos del capítulo 8: en blanco no se ve la solución y lleno se ve toda."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from apuntes.figures import chain_exercises, chain_practice
from apuntes.figures.__main__ import names
from apuntes.figures._graph import RADIUS, ROW, place
from apuntes.figures.chain_exercises import BOX
from apuntes.figures.style import BLUE, ORANGE
from apuntes.graph import Value
from apuntes.paths import deltas

MODULES = {"chain_exercises": chain_exercises, "chain_practice": chain_practice}
NAMES = [name for name in names() if name.split(".")[0] in MODULES]
BUILDERS = {
    name: builder
    for module in MODULES.values()
    for name, builder in vars(module).items()
    if name.endswith("_graph") and builder.__module__ == module.__name__
}
BLANK = [name for name in NAMES if name.endswith("_blank")]


def draw(name):
    module, function = name.split(".")
    return getattr(MODULES[module], function)()


def written(axes, color):
    return sorted(t.get_text() for t in axes.texts if t.get_color() == color)


def gaps(axes):
    boxes = [p for p in axes.patches if isinstance(p, Rectangle)]
    return len(boxes)


@pytest.mark.parametrize("build", BUILDERS.values(), ids=BUILDERS)
def test_arrows_go_right_and_nodes_and_their_numbers_do_not_overlap(build):
    layout = place(*build(), width=BOX)
    places = list(layout.places.values())

    assert all(layout.places[s][0] < layout.places[n][0] for s, n, _ in layout.edges())
    for i, (x, y) in enumerate(places):
        assert RADIUS < y < layout.height - RADIUS
        for u, v in places[i + 1 :]:
            assert abs(x - u) > 2 * RADIUS or abs(y - v) > 2 * RADIUS + 0.44


def test_a_node_goes_to_the_row_it_is_given():
    x, y = Value(1), Value(2)
    places = place(x + y, {"x": x, "y": y}, {y: 3}, width=BOX).places

    assert places[x][1] - places[y][1] == pytest.approx(3 * ROW)


@pytest.mark.parametrize("name", BLANK)
def test_a_blank_graph_gives_the_inputs_and_a_gap_for_each_missing_number(name):
    build = BUILDERS[name.split(".")[1].replace("_blank", "_graph")]
    output, labels, rows = build()
    layout = place(output, labels, rows, width=BOX)
    inputs = [node for node in layout.places if not node.op]
    [axes] = draw(name).axes

    assert len(written(axes, BLUE)) == len(inputs)
    assert written(axes, ORANGE) == []
    assert gaps(axes) == 2 * len(layout.places) - len(inputs)


# Valor de la salida y derivada de cada entrada, hechos a mano; los cuatro primeros
# son los de la fe de erratas, R-17.
SOLVED = {
    "products_graph": (-8, {"a": 6, "b": -4, "c": -2, "d": 4}),
    "routed_graph": (8, {"x": 4, "y": 2, "z": 0}),
    "neuron_graph": (0.534447, {"w": -0.574939, "x": 0.28747, "b": 0.28747}),
    "logarithm_graph": (0.693147, {"x": 1.693147, "y": -0.193147}),
    "sample_graph": (8, {"x": 2, "y": 4, "z": 0}),
    "quotient_graph": (0.5, {"x": 0.125, "y": -0.375}),
    "tie_graph": (4, {"x": 3, "y": 1}),
    "ladder_graph": (13, {"x": 5, "y": 8}),
    "right_graph": (-15, {"x": -11, "y": 9, "z": 3}),
    "wrong_graph": (-15, {"x": 4, "y": -6, "z": -2}),
    "renamed_graph": (9, {"x": 6, "y": -18}),
    "softmax_graph": (0.313262, {"z₁": -0.268941, "z₂": 0.268941}),
    "entropy_graph": (0.974077, {"w": -1.244919, "x": -0.31123, "b": -0.622459}),
    "batch_graph": (2.5, {"w": -3, "b": -1}),
    "smooth_graph": (8.313262, {"x": 3.193176, "y": 1.462117, "z": 0.268941}),
}


def test_every_graph_has_its_numbers_done_by_hand():
    assert set(SOLVED) == set(BUILDERS)


@pytest.mark.parametrize("name", SOLVED)
def test_each_graph_has_the_value_and_derivatives_done_by_hand(name):
    output, labels, _ = BUILDERS[name]()
    value, grads = SOLVED[name]
    delta = deltas(output)

    assert output.data == pytest.approx(value, abs=1e-6)
    found = {label: delta[labels[label]] for label in grads}
    assert found == pytest.approx(grads, abs=1e-6)


def test_the_graph_in_a_hurry_has_the_three_mistakes_the_page_says():
    output, labels, _ = chain_practice.wrong_graph()
    wrong = chain_practice.wrong_deltas(output, labels)
    [axes] = chain_practice.three_mistakes().axes

    assert [wrong[labels[name]] for name in "xyz"] == [-5, -6, -2]
    # Debajo, 1, 3, 3 y −5 en las puertas; en las flechas, 9 y −5 de x y 3 y −5 de z.
    under, arrows = ["1", "3", "3", "−5", "−5", "−6", "−2"], ["9", "−5", "3", "−5"]
    assert written(axes, ORANGE) == sorted(under + arrows)


def test_the_smooth_maximum_of_the_figure_does_not_overflow():
    output = chain_practice.smooth_maximum(Value(900.0), Value(899.0))

    assert output.data == pytest.approx(np.logaddexp(900, 899))
    assert sum(slope for _, slope in output.inputs) == pytest.approx(1)
