"""La orden que corrige ficheros: nada de lo que hagan se sufre, y todo se cuenta."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import apuntes
from apuntes.exercises import catalogue, correct_file
from apuntes.exercises._cli import main
from apuntes.exercises._homework import MEGAS
from apuntes.exercises._judge import SECONDS

GOOD = """
from ayuda import suma_uno

def ej_contar_parametros(*sizes):
    print("hola")
    return sum(suma_uno(a) * b for a, b in zip(sizes, sizes[1:]))

ej_perdida_inicial = 2.3026, 1.25
"""
DISASTER = """
import ctypes, os, sys, time
import numpy as np
print("basura en la salida"); sys.stderr.write("y aquí"); os.write(1, b'{"x": 1}\\n')

def ej_contar_parametros(*sizes):
    return 10**10**10          # C que no suelta el intérprete

def ej_margen(margin):
    os._exit(3)

def ej_otra_derivada(residual):
    while True:
        try:
            time.sleep(0)
        except BaseException:
            pass

def ej_objetivo_repartido(target):
    kept = []
    while True:
        kept.append(np.ones(2**21))   # 16 MiB cada vez

def ej_programa_el_coste(pred, target):
    ctypes.string_at(0)

def ej_programa_la_entropia(logits, target):
    raise SystemExit

def ej_parar_a_tiempo(losses, patience):
    import no_existe

ej_perdida_inicial = (2.3026, 1.25)

def ej_inventado():
    pass
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ayuda.py").write_text("def suma_uno(n):\n    return n + 1\n")
    # Un vecino con nombre de módulo de la biblioteca no estropea el corrector.
    (tmp_path / "json.py").write_text("raise ImportError\n")
    return tmp_path


def write(folder, text, name="tarea.py"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_all_right_and_leaves_nothing_behind(folder, monkeypatch):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    before = sorted(folder.rglob("*"))
    homework = correct_file(write(folder, GOOD))

    assert homework.correct
    assert [one.ejercicio for one in homework.reports] == [
        "ej-contar-parametros",
        "ej-perdida-inicial",
    ]
    assert sorted(folder.rglob("*")) == sorted([*before, folder / "tarea.py"])


def test_each_disaster_is_counted_in_its_exercise(folder):
    homework = correct_file(write(folder, DISASTER), seconds=0.5, megas=700)
    states = {one.ejercicio: (one.estado, one) for one in homework.reports}

    def said(sena):
        return states[sena][0], str(states[sena][1])

    assert said("ej-contar-parametros")[0] == "tiempo"
    assert said("ej-margen")[0] == "fallo"
    assert "código 3" in said("ej-margen")[1]
    assert said("ej-otra-derivada")[0] == "tiempo"
    assert said("ej-objetivo-repartido")[0] in ("fallo", "tiempo")
    assert said("ej-programa-el-coste")[0] == "fallo"
    assert "SystemExit" in said("ej-programa-la-entropia")[1]
    assert "no_existe" in said("ej-parar-a-tiempo")[1]
    assert said("ej-perdida-inicial")[0] == "bien"
    assert homework.strangers == ["ej_inventado"]


@pytest.mark.skipif(sys.platform != "linux", reason="el límite lo pone Linux")
def test_memory_has_a_limit(folder):
    text = "import numpy as np\ndef ej_otra_derivada(r):\n    return np.ones(2**28)\n"
    [report] = correct_file(write(folder, text), megas=700).reports

    assert report.estado == "fallo"
    assert "memoria" in report.pista


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import sys\nsys.exit(0)", "SystemExit: 0, en la línea 2"),
        ("import esto_no_existe", "No module named 'esto_no_existe', en la línea 1"),
        ("def ej_margen(:", "SyntaxError"),
        ("import os\nos._exit(0)", "el proceso murió con el código 0"),
        ("while True: pass", "no termina"),
        ("x = 1\n1 / 0", "ZeroDivisionError: division by zero, en la línea 2"),
    ],
)
def test_a_file_that_cannot_be_imported_fails_all_that_was_asked(folder, text, why):
    asked = ["ej-margen", "ej-perdida-inicial"]
    homework = correct_file(write(folder, text), asked, seconds=0.3)

    assert why in homework.problem
    assert [one.ejercicio for one in homework.reports] == asked
    assert {one.estado for one in homework.reports} == {"fallo"}
    assert not homework.correct


def test_what_is_asked_and_missing_is_said(folder):
    homework = correct_file(write(folder, GOOD), ["ej-margen", "ej-perdida-inicial"])

    assert [one.estado for one in homework.reports] == ["falta", "bien"]
    assert "ej_margen(margin)" in homework.reports[0].pista


def order(*arguments):
    """La orden tal como se escribe, en otro proceso."""
    source = Path(apuntes.__file__).parents[1]
    return subprocess.run(
        [sys.executable, "-m", "apuntes.exercises", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(source), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_json_has_one_entry_per_file_and_the_exit_code_says_if_all_is_right(folder):
    good = write(folder, GOOD)
    bad = write(folder, "ej_perdida_inicial = (-2.3026, 1.25)\n", "otra.py")
    done = order("corregir", good, bad, "--json")
    data = json.loads(done.stdout)

    assert done.returncode == 1
    assert [(Path(one["fichero"]).name, one["bien"], one["total"]) for one in data] == [
        ("tarea.py", 2, 2),
        ("otra.py", 0, 1),
    ]
    [row] = data[1]["ejercicios"]
    assert row["estado"] == "mal"
    assert "signo" in row["pista"]
    assert data[0]["ejercicios"][0]["avisos"] == [
        "la función escribe por pantalla; no hace falta."
    ]


def test_table_and_exit_codes(folder, capsys):
    good = str(write(folder, GOOD))

    assert main(["corregir", good, "--ejercicios", "2.2,ej-perdida-inicial"]) == 0
    out = capsys.readouterr().out
    assert "tarea.py: 2 de 2 bien" in out
    assert "  bien   2.2    ej-contar-parametros" in out
    assert main(["corregir", str(folder / "no.py")]) == 2
    assert "no hay tal fichero; se recibió" in capsys.readouterr().err
    assert main(["corregir", good, "--ejercicios", "ej-no"]) == 2
    assert "no tiene ese ejercicio" in capsys.readouterr().err


def test_a_file_without_answers_is_not_all_right(folder, capsys):
    assert main(["corregir", str(write(folder, "x = 1\n"))]) == 1
    assert "No trae ninguna respuesta" in capsys.readouterr().out


def test_a_broken_file_is_told_in_the_table(folder, capsys):
    assert main(["corregir", str(write(folder, "import no_hay\n"))]) == 1
    assert "No se puede importar tarea.py" in capsys.readouterr().out


def test_an_order_that_is_not_one_exits_with_2():
    with pytest.raises(SystemExit) as exit_:
        main(["corrige"])

    assert exit_.value.code == 2


def test_the_template_runs_and_everything_is_pending(folder, capsys):
    assert main(["plantilla", *catalogue()]) == 0
    path = write(folder, capsys.readouterr().out)
    homework = correct_file(path)

    assert [one.ejercicio for one in homework.reports] == [*catalogue()]
    assert {one.estado for one in homework.reports} == {"mal"}
    assert max(map(len, path.read_text().splitlines())) <= 90
    assert main(["plantilla", "ej-que-es-x"]) == 2


def test_the_page_tells_the_limits_there_are():
    page = Path(__file__).parents[2] / "docs/ejercicios.md"
    text = page.read_text(encoding="utf-8")

    assert f"`--segundos {SECONDS:.0f}`" in text
    assert f"`--megas {MEGAS}`" in text
    assert SECONDS == 5
    assert "tiene cinco segundos" in text
