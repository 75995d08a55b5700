"""El progreso: se guarda, se enseña y nunca estorba."""

import json
import os
from pathlib import Path

import pytest

from apuntes.exercises import catalogue, check
from apuntes.exercises._cli import main
from apuntes.exercises._progress import note, progress_file, read_progress

RIGHT = 2.3026, 1.25


def test_each_check_is_noted_and_what_was_done_stays_done(state, capsys):
    for answer in (None, RIGHT, (1, 1)):
        check("ej-perdida-inicial", answer)
    row = read_progress()["ej-perdida-inicial"]

    assert row["intentos"] == 3
    assert row["hecho"]
    assert progress_file() == state / "apuntes/ejercicios.json"
    capsys.readouterr()
    assert main([]) == 0
    out = capsys.readouterr().out
    assert f"Hechos 1 de {len(catalogue())}" in out
    assert "hecho          La pérdida antes de empezar" in out


def test_the_list_says_tries_and_chapters(capsys):
    note("ej-margen", correct=False)
    assert main(["lista"]) == 0
    out = capsys.readouterr().out

    assert "1 intentos" not in out
    assert "1 intento " in out
    assert "2. Red, datos y función de coste" in out
    assert all(sena in out for sena in catalogue())


def test_the_list_is_also_data(capsys):
    note("ej-margen", correct=True)
    assert main(["lista", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)

    assert [*data] == [*catalogue()]
    assert data["ej-margen"]["progreso"]["intentos"] == 1


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"ej-margen": 3}', "\x00", '{"ej-margen": {"intentos": "x"}}']
)  # fmt: skip
def test_a_corrupt_file_is_like_none_and_is_mended(text, capsys):
    progress_file().parent.mkdir(parents=True)
    progress_file().write_text(text)

    assert main([]) == 0
    assert note("ej-margen", correct=False)
    assert read_progress()["ej-margen"]["intentos"] == 1
    assert [*progress_file().parent.iterdir()] == [progress_file()]


def test_bytes_that_are_not_text_are_like_no_file():
    progress_file().parent.mkdir(parents=True)
    progress_file().write_bytes(b"\xff\xfe\xff")

    assert read_progress() == {}


def test_where_nothing_can_be_written_it_works_the_same(state, capsys):
    state.write_text("un fichero donde debería haber una carpeta")
    check("ej-perdida-inicial", RIGHT)

    assert capsys.readouterr().out.startswith("Bien")
    assert not note("ej-margen", correct=True)


def test_a_folder_that_cannot_be_replaced_leaves_no_rubbish(monkeypatch):
    def refuse(*paths):
        raise PermissionError

    monkeypatch.setattr(os, "replace", refuse)

    assert not note("ej-margen", correct=True)
    assert [*progress_file().parent.iterdir()] == []


@pytest.mark.parametrize("value", ["", "relativo/no"])
def test_without_a_valid_state_folder_it_goes_to_the_usual_one(monkeypatch, value):
    monkeypatch.setenv("XDG_STATE_HOME", value)
    usual = Path.home() / ".local/state/apuntes/ejercicios.json"

    assert progress_file() == usual


def test_without_a_home_it_works_the_same(monkeypatch):
    def lost(self):
        raise RuntimeError

    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr(Path, "expanduser", lost)

    assert read_progress() == {}
    assert not note("ej-margen", correct=True)
    assert main([]) == 0
