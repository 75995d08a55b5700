"""Lo que se lee es lo que se calcula: el LaTeX de cada página, contra el código."""

import importlib
import inspect
import pkgutil

import ecuaciones
import numpy as np
import pytest
from ecuaciones import DOCSTRINGS, ECUACIONES, comprobar, mutantes
from ecuaciones.algebra import LatexError
from servidor import ROOT

from sitio.indice import leer_curso

CURSO = {e.sena: e for e in leer_curso(ROOT / "docs").values() if e.clase == "ecuacion"}
for modulo in pkgutil.iter_modules(ecuaciones.__path__):
    importlib.import_module(f"ecuaciones.{modulo.name}")
# Ecuaciones con código que no se evalúan, y por qué.
EXENTAS: dict[str, str] = {}
# Cambios que dejan la ecuación siendo verdad, y por qué.
INOCUOS: dict[str, dict[str, str]] = {}


def falla(latex: str, simbolos: dict) -> bool:
    """Si la fórmula no es verdad, o deja de tener sentido, con esos símbolos."""
    try:
        comprobar(latex, simbolos)
    except (AssertionError, ValueError, ArithmeticError, IndexError):
        return True
    return False


@pytest.mark.parametrize("sena", ECUACIONES)
def test_equation_of_the_page_is_true_with_the_values_of_the_code(sena, rng):
    comprobar(CURSO[sena].latex, ECUACIONES[sena](rng))


@pytest.mark.parametrize("sena", ECUACIONES)
def test_equation_with_one_error_is_not_true(sena, rng):
    """Ningún signo, cifra, factor ni índice cambiado pasa por bueno."""
    simbolos = ECUACIONES[sena](rng)
    vivos = [m for m in mutantes(CURSO[sena].latex, simbolos) if not falla(m, simbolos)]

    assert [m for m in vivos if m not in INOCUOS.get(sena, {})] == []


def test_every_equation_with_code_is_evaluated():
    con_codigo = {sena for sena, e in CURSO.items() if e.objeto}

    assert con_codigo - ECUACIONES.keys() == EXENTAS.keys()
    assert ECUACIONES.keys() <= CURSO.keys()
