"""El juez con respuestas de toda clase: ninguna lo tira, ninguna lo engaña."""

import sys
import threading
import time
import warnings

import numpy as np
import pytest

from apuntes.exercises import answer, case, exercise
from apuntes.exercises._guard import guarded
from apuntes.exercises._judge import judge


@exercise(
    cases=lambda rng: [
        case("cinco", *rng.normal(size=(2, 5, 2))),
        case("uno", np.array([[1.0, 0.0]]), np.array([[3.0, 2.0]])),
        case("tres", *rng.normal(size=(2, 3, 2))),
        case("float32", *rng.normal(size=(2, 4, 2)).astype(np.float32)),
    ],
    wrong={"La resta va al revés y sin el 3.": lambda x, y: (y - x) / len(x)},
)
def ej_de_prueba(x, y):
    """Escribe tres veces la diferencia, entre el número de ejemplos."""
    return 3 * (x - y) / len(x)


def good(x, y):
    return 3 * (x - y) / len(x)


def verdict(function, one=ej_de_prueba, **options):
    return judge(one, function, **options)


def test_right_in_every_case_is_right():
    report = verdict(good)

    assert (report.estado, report.pista, report.avisos) == ("bien", "", ())


def test_wrong_shows_the_smallest_failing_case_with_both_values():
    report = verdict(lambda x, y: 3 * (y - x) / len(x))

    assert report.caso == "uno"
    assert report.argumentos == "x = array([[1., 0.]])\ny = array([[3., 2.]])"
    assert report.esperado == "array([[-6., -6.]])"
    assert report.obtenido == "array([[6., 6.]])"


def test_the_first_failing_case_may_not_be_the_first():
    assert verdict(lambda x, y: 3 * (x - y)).caso == "tres"


HINTS = [
    (lambda x, y: (y - x) / len(x), "al revés y sin el 3"),
    (lambda x, y: -good(x, y), "signo"),
    (lambda x, y: 2 * good(x, y), "doble"),
    (lambda x, y: good(x, y) / 2, "mitad"),
    (lambda x, y: good(x, y) * len(x), "multiplicado por el número de ejemplos"),
    (lambda x, y: good(x, y) / len(x), "dividido entre el número de ejemplos"),
    (lambda x, y: good(x, y) * x.size, "multiplicado por el número de componentes"),
    (lambda x, y: good(x, y) / x.size, "dividido entre el número de componentes"),
    (lambda x, y: good(x, y).T, "traspuesto"),
    (lambda x, y: good(x, y).sum(), "se pierde un eje"),
    (lambda x, y: good(x, y).mean(axis=0), "se pierde un eje"),
    (lambda x, y: np.stack([good(x, y) / 2] * 2), "Falta sumar"),
    (lambda x, y: good(x, y) ** 2, "Falta una raíz"),
    (lambda x, y: 1 / good(x, y), "inverso"),
    (lambda x, y: 1 - good(x, y), "para 1"),
    (lambda x, y: good(x, y) + 5, "constante"),
    (lambda x, y: good(x, y).round(3), "redondeas"),
    (lambda x, y: good(x, y).astype(np.float16), "redondeas"),
    (lambda x, y: good(x, y) * np.nan, "nan"),
    (lambda x, y: good(x, y) / 0, "infinito"),
    (lambda x, y: good(x, y).tolist(), "un arreglo de NumPy, y llegó una lista"),
    (lambda x, y: 0.5, "un arreglo de NumPy, y llegó un `float`"),
    (lambda x, y: good(x, y).astype(str), "de números"),
    (lambda x, y: good(x, y)[:, None], "la forma (1, 2), y llegó (1, 1, 2)"),
    (lambda x, y: np.append(good(x, y), 7), "la forma (1, 2), y llegó (3,)"),
    (lambda x, y: x * y * 7, "a mano"),
    (lambda x, y: good(x, y) if len(x) < 5 else x, "Otros 3 casos salen bien"),
    (lambda x, y: None, "return"),
]


@pytest.mark.parametrize(
    ("function", "words"),
    HINTS,
    ids=[f"{i}-{words}" for i, (_, words) in enumerate(HINTS)],
)
def test_the_hint_fits_the_mistake(function, words):
    report = verdict(function)

    assert report.estado == "mal"
    assert words in report.pista


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SystemExit(0), "No salgas"),
        (KeyboardInterrupt(), "línea se para"),
        (RecursionError(), "sin fin"),
        (MemoryError(), "memoria"),
        (NameError("no"), "nombre"),
        (IndexError("no"), "índice"),
        (ZeroDivisionError("no"), "entre cero"),
        (type("Rara", (BaseException,), {})("no"), "línea se para"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_an_exception_is_counted_not_suffered(error, words):
    def function(x, y):
        raise error

    report = verdict(function)

    assert report.estado == "fallo"
    assert type(error).__name__ in report.obtenido
    assert "en la línea" in report.obtenido
    assert words in report.pista


def test_endless_recursion_is_counted():
    def function(x, y):
        return function(x, y)

    assert "sin fin" in verdict(function).pista


def test_an_endless_loop_is_cut():
    def function(x, y):
        while True:
            pass

    begin, before = time.perf_counter(), set(threading.enumerate())
    report = verdict(function, seconds=0.2)

    assert set(threading.enumerate()) <= before  # el hilo se paró, no se abandonó
    assert report.estado == "tiempo"
    assert report.caso == "uno"
    assert time.perf_counter() - begin < 3


def test_a_loop_that_swallows_exceptions_does_not_keep_the_caller():
    stop = threading.Event()

    def function(x, y):
        while not stop.is_set():
            try:
                while not stop.is_set():
                    pass
            except BaseException:
                pass

    report = verdict(function, seconds=0.1)
    stop.set()

    assert report.estado == "tiempo"


def test_a_nap_does_not_keep_the_caller():
    nap = threading.Event()
    report = verdict(lambda x, y: nap.wait(30), seconds=0.1)
    nap.set()

    assert report.estado == "tiempo"


def test_too_much_memory_is_counted():
    assert "memoria" in verdict(lambda x, y: np.zeros(10**15)).pista


def test_changing_the_arguments_is_told_by_name():
    def function(x, y):
        x -= y
        return 3 * x / len(x)

    report = verdict(function)

    assert report.estado == "mal"
    assert "cambia `x`" in report.pista


def test_an_answer_cannot_change_the_cases_of_the_next_one():
    verdict(lambda x, y: x.fill(0))

    assert verdict(good).correct


def test_what_it_prints_is_not_seen_and_is_noted(capsys):
    def function(x, y):
        sys.stdout.write("hola")
        sys.stderr.write("adiós")
        return good(x, y)

    report = verdict(function)

    assert report.correct
    assert "escribe por pantalla" in report.avisos[0]
    assert capsys.readouterr() == ("", "")


def test_it_cannot_wait_for_the_keyboard():
    assert "teclado" in verdict(lambda x, y: input()).pista


def test_its_warnings_stay_inside():
    def function(x, y):
        warnings.warn("ojo", stacklevel=1)
        return np.log(-np.abs(x)) * 0 + good(x, y)

    assert "nan" in verdict(function).pista


def test_float64_out_of_float32_is_noted_and_float32_precision_is_enough():
    promoted = verdict(lambda x, y: good(x.astype(np.float64), y.astype(np.float64)))
    plain = verdict(lambda x, y: (3 / len(x)) * x - (3 / len(x)) * y)

    assert promoted.correct
    assert promoted.avisos == ("con argumentos float32 devuelve float64.",)
    assert (plain.correct, plain.avisos) == (True, ())


def test_float32_where_float64_was_asked_is_not_enough():
    report = verdict(lambda x, y: good(x, y) * np.float64(1 + 2e-7))

    assert not report.correct


def test_swapped_arguments_are_seen():
    @exercise(cases=lambda rng: [case("uno", 2.0, 3.0), case("otro", 3.0, 5.0)])
    def ej_potencia(x, y):
        """Escribe la potencia."""
        return x**y

    assert "intercambiados" in verdict(lambda x, y: y**x, ej_potencia).pista


def test_a_class_with_a_broken_repr_is_shown_somehow():
    class Raro:
        def __repr__(self):
            raise ValueError

    report = verdict(lambda x, y: Raro())

    assert report.obtenido == "<Raro>"


def test_a_callable_without_signature_is_tried():
    assert not verdict(max).correct


def test_it_works_away_from_the_main_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(verdict(good)))
    thread.start()
    thread.join()

    assert found[0].correct


def test_without_threads_it_runs_with_no_clock(monkeypatch):
    def no_threads(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_threads)

    assert verdict(good).correct


@answer(wrong={"Falta el ½.": (2.0, "b", True)})
def ej_valor():
    """Escribe el trío."""
    return 1.0, "b", True


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((2.0, "b", True), "Falta el ½"),
        ((-1.0, "b", True), "signo"),
        ((1.0, "c", True), "paso a paso"),
        ((1.0, 2, True), "Resultado 2: se espera un texto"),
        ((1.0, "b", 1), "Resultado 3: se espera True o False"),
        ((1.0, "b"), "llegaron 2"),
        (1.0, "Se esperan 3 resultados, y llegó un `float`"),
        (("x", "b", True), "Resultado 1: se espera un número, y llegó un texto"),
        (([1.0], "b", True), "llegó una lista"),
        ((np.ones(1), "b", True), "arreglo de forma (1,)"),
        (lambda: 1, "no una función"),
        (None, "Todavía"),
    ],
)
def test_a_value_is_told_wrong_without_telling_the_right_one(given, words):
    report = verdict(given, ej_valor)

    assert report.estado == "mal"
    assert words in report.pista
    assert (report.esperado, report.argumentos) == ("", "")


@pytest.mark.parametrize(
    "given",
    [
        (1.0, "b", True),
        [1, "b", True],
        (1.0004, "b", np.True_),
        (np.float32(1), "b", True),
        (np.array(1.0), "b", True),
    ],
)
def test_a_value_is_right_whatever_its_numeric_type(given):
    assert verdict(given, ej_valor).correct


def test_two_results_in_the_other_order_are_seen():
    @exercise(cases=lambda rng: [case("uno", 2.0), case("otro", 3.0)])
    def ej_pareja(x):
        """Escribe la pareja."""
        return x, x**2

    assert "otro orden" in verdict(lambda x: (x**2, x), ej_pareja).pista


def test_close_values_are_shown_with_enough_digits():
    report = verdict(lambda x, y: good(x, y) + 1e-8)

    assert report.esperado != report.obtenido


def test_the_text_of_a_report_fits_in_a_terminal():
    report = verdict(lambda x, y: good(x, y) * np.nan)

    assert max(map(len, str(report).splitlines())) <= 80


def test_running_out_of_time_between_cases_is_not_being_right(monkeypatch):
    """Si el reloj para el hilo antes del último caso, faltan casos por probar."""
    from apuntes.exercises import _judge

    monkeypatch.setattr(_judge, "guarded", lambda work, seconds: False)

    assert verdict(good).estado == "tiempo"


def test_what_breaks_numpy_does_not_break_the_solution(monkeypatch):
    def function(x, y):
        monkeypatch.setattr(np, "mean", None)
        return good(x, y)

    assert verdict(function).correct


@pytest.mark.parametrize("name", ["__len__", "__array__", "__eq__", "__float__"])
def test_an_object_that_fails_when_looked_at_is_only_wrong(name):
    def fail(self, *args, **kwargs):
        raise RuntimeError

    broken = type("Rara", (), {name: fail, "__hash__": None})()
    liar = type("Lista", (list,), {name: fail})([1])

    for thing in (broken, liar):
        assert verdict(lambda x, y, thing=thing: thing).estado == "mal"
        assert verdict(thing, ej_valor).estado == "mal"


@pytest.mark.parametrize(
    ("given", "right"),
    [(10**400, True), (10**400 + 1, False), (1e30, False), (-(10**400), False)],
)
def test_huge_integers_are_compared_exactly(given, right):
    @answer()
    def ej_enorme():
        """Escribe el número."""
        return 10**400

    assert verdict(given, ej_enorme).correct == right


def test_a_huge_integer_where_a_float_was_asked_is_only_wrong():
    assert verdict((10**400, "b", True), ej_valor).estado == "mal"


def test_lists_inside_lists_are_watched_too():
    @exercise(cases=lambda rng: [case("lotes", [[0, 1], [2]]), case("uno", [[3]])])
    def ej_lotes(batches):
        """Escribe cuántos hay."""
        return len(batches)

    def function(batches):
        batches[0].append(9)
        return len(batches)

    assert verdict(len, ej_lotes).correct
    assert "cambia `batches`" in verdict(function, ej_lotes).pista


def test_a_bug_of_the_corrector_is_not_blamed_on_the_student():
    @exercise(cases=lambda rng: [case("uno", 1.0)])
    def ej_roto(x):
        """Escribe algo."""
        raise KeyError("la solución está mal")

    with pytest.raises(KeyError, match="la solución está mal"):
        verdict(lambda x: x, ej_roto)


def test_the_line_of_an_error_is_the_one_of_who_wrote_the_answer():
    def function(x, y):
        return np.linalg.inv(np.zeros((2, 2)))

    line = function.__code__.co_firstlineno + 1

    assert f"LinAlgError: Singular matrix, en la línea {line}" in (
        verdict(function).obtenido
    )


def test_a_bug_inside_the_thread_reaches_the_caller():
    def work():
        raise KeyError("fallo nuestro")

    with pytest.raises(KeyError, match="fallo nuestro"):
        guarded(work, 1.0)


def test_a_nan_that_was_expected_is_right():
    @answer()
    def ej_nan():
        """Escribe lo que sale."""
        return float("nan")

    assert verdict(np.nan, ej_nan).correct
    assert not verdict(0.0, ej_nan).correct


def test_float32_is_asked_only_what_float32_can_give():
    def function(x, y):
        single = x.dtype == np.float32
        return good(x, y) * x.dtype.type(1 + 2e-5 if single else 1)

    assert verdict(function).correct
