"""Cada corrector del curso: acepta la solución y da a cada error su pista."""

import contextlib
import inspect
import io
import re
import time
from pathlib import Path

import numpy as np
import pytest

from apuntes.exercises import catalogue, check, exercise_of, grade
from apuntes.exercises._index import find, index, label_of
from sitio.ejercicios import INDICE, ejercicios, indice_del_paquete
from sitio.indice import leer_curso

ROOT = Path(__file__).parents[2]
CURSO = leer_curso(ROOT / "docs")
EXERCISES = [*catalogue().values()]
FUNCTIONS = [one for one in EXERCISES if one.is_function]
WRONG = [
    pytest.param(one, hint, wrong, id=f"{one.id}-{number}")
    for one in EXERCISES
    for number, (hint, wrong) in enumerate(one.wrong.items(), start=1)
]


def by_id(one):
    return one.id


@pytest.mark.parametrize("one", EXERCISES, ids=by_id)
def test_the_solution_passes_and_the_check_is_fast(one):
    right = one.reference if one.is_function else one.reference()
    begin = time.perf_counter()
    report = grade(one.id, right)

    assert report.correct, report
    assert report.avisos == ()
    assert time.perf_counter() - begin < 0.2


@pytest.mark.parametrize(("one", "hint", "wrong"), WRONG)
def test_a_known_mistake_gets_its_own_hint(one, hint, wrong):
    report = grade(one.id, wrong)

    assert report.estado == "mal"
    assert report.pista == hint


@pytest.mark.parametrize("one", EXERCISES, ids=by_id)
def test_five_mistakes_or_more_are_known_and_none_of_their_hints_is_the_solution(one):
    assert len(one.wrong) >= 5
    for hint in one.wrong:
        assert hint.endswith("."), hint
        assert 20 < len(hint) < 130, hint
        assert not re.search(r"np\.|lambda|return|\*\*", hint), hint


@pytest.mark.parametrize("one", FUNCTIONS, ids=by_id)
def test_what_anybody_may_send_is_rejected_with_a_word_about_it(one):
    for answer, word in (
        (lambda *args: None, "return"),
        (lambda *args: "1", "llegó"),
        (lambda *args: {}, "llegó"),
        (lambda *args: np.zeros((9, 9, 9)), "lleg"),
        (lambda: 0, one.call),
        (3.5, "sin llamarla"),
        (..., "Todavía"),
    ):
        report = grade(one.id, answer)
        assert report.estado == "mal"
        assert word in report.pista, (word, report)


@pytest.mark.parametrize("one", FUNCTIONS, ids=by_id)
def test_cases_grow_and_have_different_names(one):
    sizes = [case.size for case in one.cases]

    assert len(sizes) >= 3
    assert sizes == sorted(sizes)
    assert len({case.label for case in one.cases}) == len(sizes)


@pytest.mark.parametrize("one", EXERCISES, ids=by_id)
def test_a_value_is_never_shown_by_its_corrector(one):
    if not one.is_function:
        for wrong in one.wrong.values():
            assert grade(one.id, wrong).esperado == ""


@pytest.mark.parametrize("one", EXERCISES, ids=by_id)
def test_the_copied_gap_runs_and_says_there_is_no_answer_yet(one):
    code = f"from apuntes.exercises import check\n{one.skeleton}\n"
    code += f'check("{one.id}", {one.name})'
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(code, {"__name__": "copiado"})

    assert output.getvalue().startswith(f"Mal: {label_of(one.id)}.")
    assert re.search("No devuelve nada|Todavía no hay", output.getvalue())


@pytest.mark.parametrize("one", EXERCISES, ids=by_id)
def test_the_statement_says_what_to_write(one):
    assert re.match(r"Escribe .*\.$", one.statement)
    assert re.fullmatch(r"ej_[a-z0-9_]+", one.name)
    if one.is_function:
        assert "*" in one.call or len(inspect.signature(one.reference).parameters)


def test_the_package_index_is_what_the_pages_say():
    """Si falla, `python -m sitio.ejercicios` (o `make senas`) lo pone al día."""
    assert INDICE.read_text(encoding="utf-8") == indice_del_paquete(CURSO)


def test_every_corrector_is_of_an_exercise_of_its_chapter():
    for path in ROOT.glob("src/apuntes/exercises/capitulo_*.py"):
        number = str(int(re.search(r"capitulo_(\d\d)", path.name)[1]))
        names = re.findall(r"^def (ej_\w+)", path.read_text(), re.MULTILINE)
        assert names, path
        for name in names:
            assert index()[find(name)].numero.split(".")[0] == number, name
        own = [
            one for one in catalogue() if index()[one].numero.startswith(f"{number}.")
        ]
        assert len(own) >= 3, path


def test_number_and_id_name_the_same_exercise():
    for entrada in ejercicios(CURSO):
        assert find(entrada.numero) == find(entrada.sena) == entrada.sena
        assert find(entrada.sena.replace("-", "_")) == entrada.sena
        assert find("ej_" + entrada.numero.replace(".", "_")) == entrada.sena


def test_the_answer_says_both_the_number_and_the_id(capsys):
    for name in ("ej-perdida-inicial", index()["ej-perdida-inicial"].numero):
        check(name, (2.303, 1.25))
        said = capsys.readouterr().out
        assert "ej-perdida-inicial" in said
        assert f"ejercicio {index()['ej-perdida-inicial'].numero}," in said


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ej-perdida-inicia", "¿querías decir 'ej-perdida-inicial'.*se recibió"),
        ("99.1", "no tiene ese ejercicio.*se recibió '99.1'"),
        ("ej-que-es-x", "¿Qué es x.*no se corrige solo.*se recibió 'ej-que-es-x'"),
    ],
)
def test_a_name_that_is_of_no_corrector_is_refused(name, message):
    with pytest.raises(ValueError, match=message):
        exercise_of(name)


def test_a_name_that_is_not_text_is_refused():
    with pytest.raises(TypeError, match="su seña o su número; se recibió float"):
        check(2.5, 1)
