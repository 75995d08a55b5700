"""El historial: qué es haber divergido y qué se apunta en cada serie."""

import math

import pytest

from apuntes.training import History


@pytest.mark.parametrize(
    ("losses", "diverged"),
    [([], False), ([0.5], False), ([0.5, math.inf], True), ([math.nan], True), ([math.inf, 0.5], False)],
)  # fmt: skip
def test_a_history_has_diverged_if_its_last_loss_is_not_finite(losses, diverged):
    assert History(running_loss=losses).diverged is diverged


def test_recording_adds_the_loss_and_accuracy_of_one_epoch_to_that_series():
    history = History()
    history.record("validation", (0.5, 0.9))
    history.record("validation", (0.4, 0.8))

    assert history == History(
        validation_loss=[0.5, 0.4], validation_accuracy=[0.9, 0.8]
    )


def test_two_histories_do_not_share_their_series():
    History().record("train", (0.5, 0.9))

    assert History() == History(train_loss=[], train_accuracy=[])
