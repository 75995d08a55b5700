"""El acta del banco, en pequeño."""

import json
from pathlib import Path

import pytest
import torch
from torch.utils.data import Subset

from apuntes.mnist_gpu import reference as example
from apuntes.mnist_gpu.reference import Pictures, Reference
from apuntes.mnist_gpu.tables import spread

SMALL = (
    "--data",
    "muestra",
    "--width",
    "2",
    "--epochs",
    "0.2",
    "--batch-size",
    "192",
    "--device",
    "cpu",
)


def test_the_record_pairs_each_seed_with_the_reference_and_keeps_other_sections(order):
    Path("results").mkdir()
    path = Path("results/mnist_cpu.json")
    path.write_text('{"otro": 1}')
    code, out, _ = order("bench", *SMALL, "--seeds", "2", "--slice", "0.01")
    record = json.loads(path.read_text())

    assert code == 0
    assert "2 semillas: " in out
    assert record["otro"] == 1
    row = record["rapida"]
    assert row["receta"]["validation"] == 0
    assert row["pasos"] == 5
    for name in ("exactitud", "segundos", "segundos_con_arranque", "cociente"):
        assert row[name]["n"] == len(row[name]["todas"]) == 2
    assert len(set(row["exactitud"]["todas"])) == 2  # cada una con su semilla
    for i in range(2):
        ratio = row["segundos"]["todas"][i] / row["epoca_ejemplo"]["todas"][i]
        assert row["cociente"]["todas"][i] == pytest.approx(ratio, rel=0.05, abs=1e-5)
        assert row["segundos_con_arranque"]["todas"][i] > row["segundos"]["todas"][i]
    assert row["memoria_pico_mib"] > 10
    assert row["acta"]["torch"] == torch.__version__
    assert row["acta"]["fecha"].startswith("20")
    assert row["acta"]["avisos"] == []
    assert (row["objetivo"], row["llegan"]) == (0.99, 0)


def test_the_same_seed_gives_the_same_accuracy_and_another_name_another_section(order):
    flags = (*SMALL, "--slice", "0", "--seeds", "1")
    assert order("bench", *flags)[0] == 0
    assert order("bench", *flags, "--name", "otra")[0] == 0
    record = json.loads(Path("results/mnist_cpu.json").read_text())

    assert record["rapida"]["exactitud"] == record["otra"]["exactitud"]
    assert "cociente" not in record["otra"]


def test_a_shortcut_that_fails_is_told_and_goes_on_record(order, monkeypatch):
    monkeypatch.setattr("apuntes.mnist_gpu.capture.BACKEND", "no-existe")
    flags = (*SMALL, "--slice", "0", "--seeds", "1", "--target", "0.01", "--compile")
    code, out, _ = order("bench", *flags)
    row = json.loads(Path("results/mnist_cpu.json").read_text())["rapida"]

    assert code == 0
    (note,) = row["acta"]["avisos"]
    assert out.startswith(f"Aviso: {note}.")
    assert "torch.compile no se pudo usar" in note
    assert row["acta"]["atajos"]["compile"] is False
    assert row["llegan"] == 1


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_what_is_no_record_is_not_overwritten(order, text):
    Path("results").mkdir()
    path = Path("results/mnist_cpu.json")
    path.write_text(text)
    code, _, err = order("bench", *SMALL, "--slice", "0", "--seeds", "1")
    assert (code, err.count("\n"), path.read_text()) == (2, 1, text)
    assert err.startswith("error: el acta no ")


@pytest.fixture
def reference():
    reference = Reference(torch.device("cpu"), seed=0, sample=True)
    reference.train = Subset(reference.train, range(0, 5000, 20))
    reference.test = Subset(reference.test, range(0, 1000, 5))
    return reference


def test_reference_learns_and_lowers_its_rate(reference):
    before = reference.accuracy()
    found = example.until(reference, 0.3)

    assert found["llega"]
    assert found["exactitudes"][-1] >= 30 > 100 * before
    assert found["epocas"] == len(found["segundos_por_epoca"])
    assert found["segundos"] == pytest.approx(
        sum(found["segundos_por_epoca"]), abs=0.01
    )
    rate = reference.optimizer.param_groups[0]["lr"]
    assert rate == pytest.approx(0.7 ** found["epocas"])


def test_reference_gives_up_if_it_never_arrives(reference, monkeypatch):
    monkeypatch.setattr(example, "PATIENCE", 1)
    found = example.until(reference, 1.0)
    assert (found["llega"], found["epocas"]) == (False, 1)


def test_pictures_are_normalized_one_by_one():
    pixels, label = Pictures("test", sample=True)[0]
    assert pixels.shape == (1, 28, 28)
    assert pixels.min() == pytest.approx(-0.1307 / 0.3081)
    assert isinstance(label, int)


def test_spread_of_some_numbers_by_hand():
    found = spread([1.0, 2.0, 6.0], 3)
    assert (found["media"], found["mediana"], found["minimo"], found["maximo"]) == (
        *(3.0, 2.0, 1.0, 6.0),
    )
    assert found["desviacion"] == 2.646  # √7
    assert found["error_tipico"] == 1.528  # √(7/3)
    assert spread([5.0], 1)["desviacion"] == 0
