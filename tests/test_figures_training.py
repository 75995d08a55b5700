"""Las figuras del laboratorio 1 dibujan lo que reciben."""

import numpy as np
import pytest
from dibujos import too_small

from apuntes.figures import training as figures
from apuntes.figures.style import INK, to_svg
from apuntes.training import History

RUN = History(
    running_loss=[2.0, 1.1, 0.9],
    running_accuracy=[0.3, 0.6, 0.7],
    train_loss=[1.5, 1.0, 0.5],
    train_accuracy=[0.5, 0.7, 0.9],
    validation_loss=[1.6, 0.8, 1.25],
    validation_accuracy=[0.4, 0.75, 0.65],
)
OTHER = History(train_loss=[3.0, 2.5], validation_loss=[3.5, 2.75])
IMAGES = np.arange(12 * 784).reshape(12, 28, 28).astype(np.uint8)
PROBS = np.column_stack([np.linspace(0.05, 0.6, 12), np.linspace(0.95, 0.4, 12)])

DRAWN = {
    "sana": lambda: figures.loss_curves(RUN),
    "durante": lambda: figures.during_and_after([2.5, 0.5], train=0.4, validation=0.6),
    "comparadas": lambda: figures.compare_losses({"": {"a": RUN, "b": OTHER}}),
    "solapadas": lambda: figures.overlapping_curves({"a": RUN, "b": OTHER}),
    "capas": lambda: figures.loss_by_depth([0.5, 0.4], [0.6, 0.5], floor=0.45),
    "mejor": lambda: figures.best_of_many(np.array([0.48, 0.5, 0.55]), again=0.49),
    "mapas": lambda: figures.weight_maps(np.ones((15, 784))),
    "confusion": lambda: figures.confusion_matrix(np.diag([3, 2])),
    "peores": lambda: figures.worst_mistakes(IMAGES, np.zeros(12, int), PROBS),
}


def lines(axes) -> dict[str, list[float]]:
    return {line.get_label(): list(line.get_ydata()) for line in axes.lines}


def texts(axes) -> list[str]:
    return [text.get_text().strip() for text in axes.texts]


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_figure_follows_the_ink_of_the_page_and_uses_decimal_commas(draw):
    figure = draw()
    svg = to_svg(figure)

    labels = [
        tick.get_text()
        for axes in figure.axes
        if axes.axison
        for tick in [*axes.get_xticklabels(), *axes.get_yticklabels()]
    ]
    assert INK not in svg
    assert "<text" in svg
    assert not any("." in label for label in labels)


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_every_letter_can_be_read_in_a_phone(draw):
    assert too_small(to_svg(draw())) == {}


def test_loss_curves_draw_both_sets_and_mark_the_best_epoch():
    loss, accuracy = figures.loss_curves(RUN).axes

    assert lines(loss)["entrenamiento"] == RUN.train_loss
    assert lines(loss)["validación"] == RUN.validation_loss
    assert lines(accuracy)["entrenamiento"] == RUN.train_accuracy
    assert lines(accuracy)["validación"] == RUN.validation_accuracy
    assert list(loss.lines[0].get_xdata()) == [1, 2, 3]
    [mark] = [line for line in loss.lines if line.get_marker() == "o"]
    assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (2, 0.8)
    assert texts(loss) == ["época 2"]


def test_during_and_after_puts_the_mean_above_the_final_measures():
    [axes] = figures.during_and_after([2.5, 1.5, 0.5], train=0.4, validation=0.6).axes
    drawn = lines(axes)

    assert list(axes.lines[0].get_xdata()) == [1, 2, 3]
    assert list(axes.lines[0].get_ydata()) == [2.5, 1.5, 0.5]
    assert drawn["media durante la época"] == [1.5, 1.5]
    assert drawn["entrenamiento, al acabar"] == [0.4]
    assert drawn["validación, al acabar"] == [0.6]


def test_compare_losses_draws_one_panel_per_group_with_its_level():
    panels = {"uno": {"a": RUN}, "dos": {"b": OTHER, "c": RUN}}
    left, right = figures.compare_losses(panels, levels={"dos": (2.3, "azar")}).axes

    assert [axes.get_title() for axes in (left, right)] == ["uno", "dos"]
    assert lines(left) == {"a": RUN.validation_loss}
    assert lines(right)["b"] == OTHER.validation_loss
    assert lines(right)["c"] == RUN.validation_loss
    assert lines(right)["azar"] == [2.3, 2.3]


def test_overlapping_curves_share_the_axis():
    """Con el mismo eje se ve que unas curvas están juntas y altas y otras no."""
    left, right = figures.overlapping_curves({"a": RUN, "b": OTHER}).axes

    assert left.get_ylim() == right.get_ylim()
    assert left.get_ylim()[0] == 0
    assert left.get_ylim()[1] > 3.5
    assert lines(right)["entrenamiento"] == OTHER.train_loss
    assert lines(left)["validación"] == RUN.validation_loss


def test_loss_by_depth_draws_the_floor():
    [axes] = figures.loss_by_depth([0.5, 0.4], [0.6, 0.5], floor=0.45).axes

    assert lines(axes)["entrenamiento"] == [0.5, 0.4]
    assert lines(axes)["validación"] == [0.6, 0.5]
    assert list(axes.lines[2].get_ydata()) == [0.45, 0.45]


def test_best_of_many_counts_every_model_and_marks_the_chosen_one():
    scores = np.array([0.48, 0.5, 0.5, 0.55])
    [axes] = figures.best_of_many(scores, again=0.49).axes

    assert sum(bar.get_height() for bar in axes.patches) == 4
    assert [line.get_xdata()[0] for line in axes.lines] == [0.55, 0.49]
    assert texts(axes) == ["el elegido:\n0,550", "con datos nuevos:\n0,490"]


def test_weight_maps_show_positive_weights_in_orange_and_negative_in_blue():
    weights = np.ones((7, 784))
    weights[1] = -1
    [axes] = figures.weight_maps(weights, columns=7).axes

    image = np.asarray(axes.images[0].get_array())
    first, second = image[5, 5], image[5, 35]
    assert texts(axes) == list("0123456")
    assert first[0] > first[2]
    assert second[0] < second[2]


def test_confusion_matrix_writes_each_count_and_tints_only_mistakes():
    counts = np.array([[9, 4], [2, 7]])
    [axes] = figures.confusion_matrix(counts).axes
    opacity = np.asarray(axes.images[0].get_array())[..., 3]

    places = {text.get_position(): text.get_text() for text in axes.texts}
    assert places == {(0, 0): "9", (1, 0): "4", (0, 1): "2", (1, 1): "7"}
    np.testing.assert_allclose(opacity, [[0, 0.85], [0.425, 0]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("contestada", "verdadera")


def test_a_confusion_matrix_without_mistakes_has_no_tint():
    [axes] = figures.confusion_matrix(np.diag([3, 2])).axes

    assert np.asarray(axes.images[0].get_array())[..., 3].max() == 0
    assert sorted(texts(axes)) == ["2", "3", "·", "·"]


def test_worst_mistakes_come_in_order_with_their_true_class_and_answer():
    """La peor es la imagen a cuya clase se dio menos probabilidad."""
    shuffled = np.random.default_rng(0).permutation(12)
    axes = figures.worst_mistakes(
        IMAGES[shuffled], np.zeros(12, int), PROBS[shuffled]
    ).axes

    assert len(axes) == 10
    assert axes[0].get_title() == "es 0\ndice 1\n95,0 %"
    for k, panel in enumerate(axes):
        opacity = np.asarray(panel.images[0].get_array())[..., 3]
        np.testing.assert_allclose(opacity, IMAGES[k] / 255)
