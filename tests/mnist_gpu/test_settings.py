"""Recetas e ingredientes."""

import json
import math
from pathlib import Path

import pytest

from apuntes.mnist_gpu.settings import RECIPES, from_recipe

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", RECIPES)
def test_each_recipe_is_named_after_itself_and_keeps_images_apart(name):
    assert RECIPES[name].recipe == name
    assert RECIPES[name].validation == 5000


def test_course_recipe_is_what_laboratory_1_chose():
    course = RECIPES["curso"]
    assert (course.width, course.batch_size, course.lr) == (15, 64, 8.0)
    assert (course.activation, course.optimizer, course.schedule) == (
        "sigmoid",
        "sgd",
        "linear",
    )


def test_the_sample_keeps_a_tenth_apart_unless_told_otherwise():
    assert from_recipe(data="muestra").validation == 500
    assert from_recipe(data="muestra", validation=7).validation == 7
    assert from_recipe(validation=7).validation == 7


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"lr": -1.0}, ValueError, r"lr debe ser un número entre .* se recibió -1"),
        ({"lr": math.nan}, ValueError, "se recibió nan"),
        ({"lr": math.inf}, ValueError, "se recibió inf"),
        ({"lr": "0.1"}, TypeError, "lr debe ser un número; se recibió '0.1'"),
        ({"epochs": 0}, ValueError, "epochs debe ser .* se recibió 0"),
        ({"epochs": True}, TypeError, "se recibió True"),
        ({"batch_size": 0}, ValueError, "entre 1 y 60000; se recibió 0"),
        ({"batch_size": 2.5}, TypeError, "debe ser un entero; se recibió 2.5"),
        ({"dropout": 1.0}, ValueError, "dropout .* se recibió 1"),
        ({"augment": 1}, TypeError, "augment debe ser True o False; se recibió 1"),
        ({"optimizer": "adan"}, ValueError, "optimizer debe ser uno de sgd,.*'adan'"),
    ],
    ids=str,
)
def test_nonsense_is_rejected_by_name_rule_and_value(change, error, message):
    with pytest.raises(error, match=message):
        from_recipe(**change)


def test_an_unknown_recipe_is_rejected():
    with pytest.raises(
        ValueError, match="una de curso, rapida, precisa; se recibió 'x'"
    ):
        from_recipe("x")


def test_recipes_are_what_the_held_out_images_chose():
    found = json.loads((ROOT / "results/mnist-busqueda.json").read_text("utf-8"))
    for name in ("rapida", "precisa-25k"):
        chosen = found[name]["elegida"]
        recipe = RECIPES[chosen["recipe"]]
        size = {"width": recipe.width, "epochs": recipe.epochs}
        assert recipe == from_recipe(**chosen | (size if name != "rapida" else {}))
