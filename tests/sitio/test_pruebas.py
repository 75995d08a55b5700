"""Qué prueba comprueba cada función, leído de su árbol sintáctico."""

import pytest
from bs4 import BeautifulSoup

from sitio.pruebas import evaluadas, pruebas_de

PRUEBAS = '''\
import pytest
from apuntes import losses

L1 = "l1_loss"
TABLA = {"a": (L1, 1.0)}

def ayuda(nombre):
    return getattr(losses, nombre + "_grad")

def con_huber():
    return losses.huber_loss(1, 2)

def test_primera():
    """No es una prueba de l1_loss aunque la nombre."""
    assert con_huber()

@pytest.mark.parametrize("nombre", TABLA)
def test_tabla(nombre):
    assert ayuda(nombre)

def test_directa():
    assert losses.huber_loss(1, 2) == losses.l1_loss
'''


@pytest.fixture
def carpeta(tmp_path):
    (tmp_path / "test_losses.py").write_text(PRUEBAS, encoding="utf-8")
    (tmp_path / "ecuaciones").mkdir()
    (tmp_path / "ecuaciones/capitulo_02.py").write_text(
        '@ecuacion("ec-a", "ec-b")\ndef fila(rng):\n    return {"ec-c": 1}\n',
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.parametrize(
    ("objeto", "pruebas"),
    [
        ("losses.l1_loss", ["test_tabla", "test_directa"]),
        ("losses.huber_loss", ["test_directa", "test_primera"]),
        ("losses.l1_loss_grad", ["test_tabla"]),
        ("losses.mse_loss", []),
        ("layers.Linear", []),
    ],
)
def test_tests_of_a_function_are_those_that_name_it_or_reach_it(
    carpeta, objeto, pruebas
):
    assert [nombre for nombre, _ in pruebas_de(objeto, carpeta)] == pruebas


def test_each_test_has_its_line(carpeta):
    [(nombre, linea), *_] = pruebas_de("losses.huber_loss", carpeta)

    assert PRUEBAS.splitlines()[linea - 1] == f"def {nombre}():"


def test_evaluated_equations_are_those_with_a_row(carpeta):
    assert evaluadas(carpeta) == {"ec-a", "ec-b"}


def test_listed_equation_has_its_formula_code_and_test(componer):
    lista = BeautifulSoup(componer("/// ecuaciones\n///"), "html.parser").details

    [ecuacion] = lista.select(".ecuacion")
    assert lista.summary.text.startswith("2. Red y coste: ")
    assert ecuacion.annotation.text == "C = x^2"
    assert ecuacion.find("a", class_="numero")["href"] == "#ec-coste"
    donde, codigo, prueba, *_ = ecuacion.select("li")
    assert donde.text == "En §2.1 Coste"
    assert donde.a["href"] == "#coste"
    assert codigo.a["href"] == "https://r/blob/main/src/apuntes/losses.py"
    assert prueba.a["href"].startswith("https://r/blob/main/tests/test_losses.py#L")
