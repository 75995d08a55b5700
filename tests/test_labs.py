"""Los laboratorios corren, y lo que su texto afirma vale con la muestra y con MNIST entero."""

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

ROOT = Path(__file__).parents[1]
LAB = ROOT / "docs/laboratorios/06-entrenar-y-diagnosticar.py"
FULL = os.environ.get("APUNTES_DATA")
RESULTS = json.loads((ROOT / "results/laboratorio-1.json").read_text(encoding="utf-8"))

# Lo que se lee del cuaderno ya ejecutado para juzgar lo que dice la prosa.
FACTS = """
import json
both_ways = counts + counts.T
facts = {
    "source": source,
    "sizes": [len(train[0]), len(validation[0])],
    "chosen_coin": best.mean(), "fresh_coin": again.mean(),
    "losses": losses, "epoch_end": [on_train_1, on_validation_1],
    "slow": vars(slow), "healthy": vars(healthy), "memorized": vars(memorized),
    "rates": {k: vars(v) for k, v in rates.items()},
    "large": {k: vars(v) for k, v in large.items()},
    "small": {k: vars(v) for k, v in small.items()},
    "overlapping": {k: vars(v) for k, v in overlapping.items()},
    "by_depth": by_depth, "floor": floor,
    "recall": recall.tolist(),
    "confused": [int(both_ways[3, 5]), int(both_ways[7, 9])],
    "typical_pair": (counts.sum() - counts.trace()) / 45,
    "wrong_but_sure": float(probs.max(axis=1)[probs.argmax(axis=1) != validation[1]].max()),
    "blank_weights_moved": float(abs(
        network[0].weight - train_network(784, 15, 10, lr=1e-9, epochs=1, examples=64)[0][0].weight
    )[:, (train[0] == 0).all(axis=0)].max()),
    "first_scale": first_scale,
    "validation_accuracy": best_history.validation_accuracy[-1],
    "test_accuracy": hits, "error": float(error), "tests": len(test_labels),
}
print("HECHOS", json.dumps(facts, default=float))
"""


def code_cells() -> list[str]:
    cells = jupytext.read(LAB).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def run(code: str, *, full: bool) -> str:
    """Ejecuta `code` aparte, con los avisos como errores y sin red."""
    environment = os.environ | {
        # Con matrices pequeñas y la máquina ocupada, dos hilos se estorban.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "XDG_CACHE_HOME": os.devnull,
    }
    environment.pop("APUNTES_DATA", None)
    if full:
        environment["APUNTES_DATA"] = FULL
    process = subprocess.run(
        [sys.executable, "-W", "error", "-"],
        input=code,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-3000:]
    return process.stdout


@pytest.fixture(
    scope="module",
    params=[
        False,
        pytest.param(
            True,
            marks=pytest.mark.skipif(
                not FULL,
                reason="necesita MNIST completo: pon su carpeta en APUNTES_DATA",
            ),
        ),
    ],
    ids=["muestra", "completo"],
)
def facts(request) -> dict:
    """Lo que salió de ejecutar el laboratorio de arriba abajo."""
    cells = code_cells()
    [shown] = [i for i, cell in enumerate(cells) if "during_and_after(" in cell]
    cells.insert(shown + 1, "on_train_1, on_validation_1 = on_train, on_validation")
    [scale] = [i for i, cell in enumerate(cells) if "sigmoid_grad(z)" in cell]
    cells[scale] = "first_scale = {}\n" + cells[scale].replace(
        "    print(",
        "    first_scale[name] = [float(z.std()), float(sigmoid_grad(z).mean())]\n    print(",
        1,
    )
    printed = run("\n\n".join([*cells, FACTS]), full=request.param)
    [line] = [line for line in printed.splitlines() if line.startswith("HECHOS ")]
    return json.loads(line.removeprefix("HECHOS "))


def test_lab_says_which_data_it_uses(facts):
    """Un sexto se aparta; con la muestra hay doce veces menos ejemplos."""
    expected = {
        "MNIST completo": [50_000, 10_000],
        "la muestra de MNIST": [4167, 833],
    }

    assert facts["sizes"] == expected[facts["source"]]


def test_choosing_the_best_of_200_coins_invents_more_than_four_points(facts):
    assert 0.54 < facts["chosen_coin"] < 0.55
    assert facts["fresh_coin"] == pytest.approx(0.5, abs=0.003)


def test_first_loss_is_near_chance_and_the_epoch_mean_comes_late(facts):
    losses = facts["losses"]
    on_train, on_validation = facts["epoch_end"]

    assert len(losses) == -(-facts["sizes"][0] // 64)
    assert 2.2 < losses[0] < 2.8
    assert sum(losses) / len(losses) > 1.3 * max(on_train, on_validation)
    assert on_validation == pytest.approx(on_train, rel=0.1)


def test_validation_beats_the_running_accuracy_in_the_three_epochs(facts):
    slow = facts["slow"]

    for running, final, validation in zip(
        slow["running_accuracy"],
        slow["train_accuracy"],
        slow["validation_accuracy"],
        strict=True,
    ):
        assert validation > running
        assert final > running


def test_healthy_curve_falls_with_an_elbow_and_without_turning(facts):
    healthy = facts["healthy"]
    train, validation = healthy["train_loss"], healthy["validation_loss"]

    assert all(b <= a * 1.01 for a, b in itertools.pairwise(validation))
    assert validation[0] - validation[3] > 0.5 * (validation[0] - validation[-1])
    assert 0 < validation[-1] - train[-1] < 0.1


def test_low_rate_is_a_straight_line_and_high_rate_jumps(facts):
    low, good, high = (run["validation_loss"] for run in facts["rates"].values())
    drops = [a - b for a, b in itertools.pairwise(low)]

    assert list(facts["rates"]) == ["tasa 0,01", "tasa 0,5", "tasa 20"]
    assert min(drops) > 0
    assert drops[-1] > 0.3 * drops[2]
    assert good[-1] < 0.5 < 1.5 < low[-1] < high[-1]
    assert max(high) > 2.303
    assert sum(b > a for a, b in itertools.pairwise(high)) >= 4


def test_unit_variance_saturates_and_xavier_does_not(facts):
    (_, xavier), (large, slope) = facts["first_scale"].values()

    assert 8 < large < 12
    assert slope < xavier / 4


def test_bad_initializations_stay_on_the_plateau_of_a_constant_answer(facts):
    large = {name: run["validation_loss"] for name, run in facts["large"].items()}
    small = {name: run["validation_loss"] for name, run in facts["small"].items()}

    assert large["Xavier"][-1] < 0.2
    assert all(0.4 < loss < 0.55 for loss in large["varianza 1"][:20])
    assert large["varianza 1"][-1] < large["varianza 1"][5]
    assert small["Xavier"][2] < 1.6
    assert all(abs(loss - 2.303) < 0.05 for loss in small["desviación 0,01"][:2])
    assert all(abs(loss - 2.303) < 0.05 for loss in small["todo ceros"][:5])
    assert small["todo ceros"][-1] > small["desviación 0,01"][-1]


def test_overfitting_turns_the_validation_loss_but_not_the_accuracy(facts):
    run = facts["memorized"]
    validation, accuracy = run["validation_loss"], run["validation_accuracy"]
    turn = validation.index(min(validation))

    assert 5 <= turn < 20
    assert validation[-1] > 1.08 * validation[turn]
    assert run["train_loss"][-1] < 0.01
    assert abs(accuracy[-1] - accuracy[turn]) < 0.02


def test_overlapping_curves_are_cured_by_width_and_not_by_depth(facts):
    ends = {
        name: (run["train_loss"][-1], run["validation_loss"][-1])
        for name, run in facts["overlapping"].items()
    }

    for name in ("784-2-10", "784-2-15-10"):
        assert min(ends[name]) > 1.15, name
        assert ends[name][1] / ends[name][0] < 1.08, name
    assert max(ends["784-15-10"]) < 0.5
    assert ends["784-15-10"][1] / ends["784-15-10"][0] > 1.15


def test_no_depth_beats_the_true_model(facts):
    for train, validation in facts["by_depth"]:
        assert validation == pytest.approx(facts["floor"], abs=0.01)
        assert abs(validation - train) < 0.03
    assert facts["by_depth"][0][1] == min(v for _, v in facts["by_depth"])


def test_weights_of_always_blank_pixels_stay_as_they_were_born(facts):
    assert facts["blank_weights_moved"] < 1e-6


def test_mistakes_gather_in_pairs_and_some_are_made_with_conviction(facts):
    assert min(facts["confused"]) > 2 * facts["typical_pair"]
    assert max(facts["recall"]) - min(facts["recall"]) > 0.05
    assert facts["wrong_but_sure"] > 0.8


def test_the_chosen_network_reads_unseen_digits(facts):
    full = facts["source"] == "MNIST completo"

    assert facts["tests"] == (10_000 if full else 1000)
    assert facts["test_accuracy"] > (0.945 if full else 0.89)
    assert facts["error"] == pytest.approx(0.002 if full else 0.009, rel=0.2)


def test_the_run_of_record_reaches_94_percent():
    """Diez semillas o más, con MNIST entero y la prueba mirada una vez."""
    test = RESULTS["prueba"]

    assert test["n"] == len(test["todas"]) == len(RESULTS["semillas"]) >= 10
    assert test["media"] == pytest.approx(sum(test["todas"]) / test["n"], abs=0.01)
    assert test["minimo"] == min(test["todas"])
    assert test["maximo"] == max(test["todas"])
    assert test["media"] > 94
    best = min(RESULTS["busqueda"]["tabla"], key=lambda row: row["perdida_validacion"])
    assert (best["lr"], best["weight_decay"]) == (
        RESULTS["elegido"]["lr"],
        RESULTS["elegido"]["weight_decay"],
    )
    assert RESULTS["acta"]["cambios_sin_confirmar"] is False


def test_every_exercise_has_a_solution_and_every_figure_its_texts():
    notebook = jupytext.read(LAB)
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    figures = [c.metadata for c in notebook.cells if "fig" in c.metadata]

    exercises = re.findall(r"^/// ejercicio \| (\S+)", text, re.MULTILINE)
    assert exercises == re.findall(r"^/// solucion \| (\S+)", text, re.MULTILINE)
    assert len(exercises) >= 5
    assert len(figures) >= 10
    assert all(len(cell["alt"]) > 80 and len(cell["pie"]) > 40 for cell in figures)
