"""El grafo dibujado dice lo que dicen los números."""

import numpy as np
import pytest
from dibujos import too_small
from matplotlib.figure import Figure

from apuntes.figures import backprop
from apuntes.figures._graph import RADIUS, _bend, place
from apuntes.figures.graph import draw_graph
from apuntes.figures.style import BLUE, ORANGE, to_svg
from apuntes.graph import Value
from apuntes.paths import topological_order


def gates():
    x, y, z = Value(-2), Value(5), Value(-4)
    q = x + y
    return q * z, {"x": x, "y": y, "z": z, "q": q}


def written(figure, color, panel=0):
    return [t.get_text() for t in figure.axes[panel].texts if t.get_color() == color]


def test_each_node_shows_its_value_above_and_its_derivative_below():
    figure = draw_graph(*gates())

    assert sorted(written(figure, BLUE)) == ["5", "q = 3", "−12", "−2", "−4"]
    assert sorted(written(figure, ORANGE)) == ["1", "3", "−4", "−4", "−4"]


def test_each_panel_has_the_derivatives_known_so_far():
    figure = draw_graph(*gates(), steps=(0, 1, 2, 3), titles=("a", "b", "c", "d"))

    assert [sorted(written(figure, ORANGE, i)) for i in range(4)] == [
        [],
        ["1"],
        ["1", "3", "−4"],
        ["1", "3", "−4", "−4", "−4"],
    ]


def test_a_derivative_is_not_written_until_all_its_parts_have_arrived():
    x = Value(3.0)
    figure = draw_graph((x * 2) + x, {"x": x}, steps=(2, None))

    assert sorted(written(figure, ORANGE, 0)) == ["1", "1", "1"]  # falta la de x
    assert sorted(written(figure, ORANGE, 1)) == ["1", "1", "1", "2", "3"]


def test_the_drawing_does_not_touch_the_gradients():
    f, labels = gates()
    draw_graph(f, labels)

    assert {node.grad for node in topological_order(f)} == {0.0}


def test_a_constant_without_a_name_goes_inside_its_gate():
    x = Value(2.0)
    output = 1 / (3 - (x * 2 + 1).maximum(0)) ** 2
    layout = place(-output, {"x": x}, width=5)

    texts = ["×−1", "1/", "( )²", "3−", "máx0", "+1", "×2", "x"]
    assert sorted(layout.texts.values()) == sorted(texts)


def test_without_names_every_constant_is_a_node():
    layout = place(Value(2.0) * 3 + 1, {}, width=5)

    assert sorted(layout.texts.values()) == ["", "", "", "+", "×"]


def test_an_input_alone_can_be_drawn():
    assert written(draw_graph(Value(3.0)), BLUE) == ["3"]


def deep_and_shared():
    x, y = Value(1.0), Value(0.5)
    a = (x * y).tanh()
    b = a.sigmoid() + x
    return (a * b).maximum(b - y).exp() ** 2, {"x": x, "y": y}


@pytest.mark.parametrize("case", [gates, deep_and_shared])
def test_arrows_go_right_and_nodes_do_not_overlap(case):
    layout = place(*case(), width=5.8)
    places = list(layout.places.values())

    assert layout.edges()
    assert all(layout.places[s][0] < layout.places[n][0] for s, n, _ in layout.edges())
    for i, (x, y) in enumerate(places):
        assert RADIUS < x < layout.width - RADIUS
        assert RADIUS < y < layout.height - RADIUS
        for u, v in places[i + 1 :]:
            assert (x - u) ** 2 + (y - v) ** 2 > (2 * RADIUS) ** 2


@pytest.mark.parametrize("case", [gates, deep_and_shared])
def test_the_graph_can_be_read_in_a_phone_and_in_the_dark(case):
    figure = draw_graph(*case())

    assert isinstance(figure, Figure)
    assert too_small(to_svg(figure)) == {}
    assert "currentColor" in to_svg(figure)


# -- las del capítulo --------------------------------------------------------------


def test_chain_carries_the_numbers_of_reference_r15():
    texts = written(backprop.chain(), ORANGE)

    assert {"2,01", "−0,91", "1,51", "0,86", "3,24", "−3,16", "−4,34"} <= set(texts)


def test_two_paths_add_up_to_reference_r15():
    figure = backprop.two_paths()

    assert "1 · 0,969 · 0,223 = 0,2162" in written(figure, BLUE)
    assert "−3 · 0,223 · 0,247 = −0,1656" in written(figure, ORANGE)


def test_delta_flow_carries_the_numbers_of_reference_r16():
    texts = written(backprop.delta_flow(), ORANGE)

    assert texts == ["0,0027", "0,0075", "−0,0804", "0,0575", "−0,4623", "1,0000"]


def test_products_grow_as_a_power_and_as_a_line():
    lines = {line.get_label(): line for line in backprop.products().axes[0].lines}
    depths = np.arange(1, 17)

    assert (lines["camino a camino"].get_ydata() == 2.0 ** (depths + 1) - 2).all()
    assert (lines["recursión Δ"].get_ydata() == 2 * depths).all()


def test_the_matrices_of_a_layer_fit_together():
    """Los lados que se multiplican miden lo mismo, y el resultado tiene los otros dos."""
    boxes = [p for p in backprop.shapes().axes[0].patches if not p.get_fill()]
    sizes = [(box.get_height(), box.get_width()) for box in boxes]

    for product, left, right in zip(*[iter(sizes)] * 3, strict=True):
        assert left[1] == right[0]
        assert product == (left[0], right[1])


def test_an_arrow_bends_to_avoid_a_node_in_between():
    x, y = Value(3), Value(4)
    layout = place(x * y + x, {"x": x, "y": y}, width=5.8)
    ends = [layout.places[n] for n in (x, next(iter(layout.places)))]

    assert _bend(layout, *ends) != 0
