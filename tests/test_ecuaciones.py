"""Lo que se lee es lo que se calcula: el LaTeX de cada página, contra el código."""

import importlib
import inspect
import pkgutil

import ecuaciones
import numpy as np
import pytest
from ecuaciones import DOCSTRINGS, ECUACIONES, comprobar, evaluar, mutantes
from ecuaciones.docstrings import comprobar_formula, formula
from ecuaciones.lexico import trocear
from servidor import ROOT

from sitio.indice import leer_curso

CURSO = {e.sena: e for e in leer_curso(ROOT / "docs").values() if e.clase == "ecuacion"}
for modulo in pkgutil.iter_modules(ecuaciones.__path__):
    importlib.import_module(f"ecuaciones.{modulo.name}")
# Con código, pero sin evaluar: por qué.
EXENTAS: dict[str, str] = {
    "ec-suma-de-caminos": "recorre un grafo; test_paths la compara con PyTorch",
    "ec-recursion-delta": "recorre un grafo; test_paths la compara con PyTorch",
}
EXENTOS = {
    "losses.binary_cross_entropy_with_logits": "se define con otra; la evalúa ec-bce-logits"
}
# Trozos de una fórmula cambiada que no son un error, y por qué.
INOCUOS = {
    "ec-escalones": {"\\eta _ 1 \\gamma": "en el primer escalón la tasa no cambia"},
    "ec-casquetes": {
        "6 1 ^ \\circ": "una cota más floja también es verdad",
        "7 0 ^ \\circ": "una cota más floja también es verdad",
    },
    "ec-softmax-jacobiano": {
        "p _ j ( 1 - p _ k ) & \\text{si } j = k": "ahí j es k",
        "p _ k ( 1 - p _ j ) & \\text{si } j = k": "ahí j es k",
    },
}
CON_FORMULAS = ("activations", "initialization", "regularization", "losses")


def es_verdad(latex: str, simbolos: dict, comprobar=comprobar) -> bool:
    """Si la fórmula tiene sentido y es verdad con esos símbolos."""
    try:
        comprobar(latex, simbolos() if callable(simbolos) else simbolos)
    except (AssertionError, ValueError, ArithmeticError, IndexError):
        return False
    return True


def sobreviven(latex: str, simbolos: dict, comprobar=comprobar) -> list[str]:
    """Las fórmulas con un error que pasan por buenas."""
    assert es_verdad(" ".join(trocear(latex)), simbolos, comprobar)
    errores = mutantes(latex, simbolos)
    return [m for m in errores if es_verdad(m, simbolos, comprobar)]


@pytest.mark.parametrize("sena", ECUACIONES)
def test_equation_of_the_page_is_true_with_the_values_of_the_code(sena, rng):
    comprobar(CURSO[sena].latex, ECUACIONES[sena](rng))


@pytest.mark.parametrize("sena", ECUACIONES)
def test_equation_with_one_error_is_false(sena, rng):
    """Ningún signo, cifra, factor ni índice cambiado pasa por bueno."""
    vivos = sobreviven(CURSO[sena].latex, ECUACIONES[sena](rng))
    inocuos = INOCUOS.get(sena, {})

    assert [m for m in vivos if not any(trozo in m for trozo in inocuos)] == []
    assert len(vivos) == len(inocuos)


@pytest.mark.parametrize("sena", [s for s in ECUACIONES if CURSO[s].objeto])
def test_equation_is_false_if_its_function_changes(sena, rng, monkeypatch):
    """La fila mira de verdad la función que la ecuación nombra."""
    nombre, objeto = CURSO[sena].objeto.split(".")
    modulo = importlib.import_module(f"apuntes.{nombre}")
    monkeypatch.setattr(modulo, objeto, estropear(getattr(modulo, objeto)))

    assert not es_verdad(CURSO[sena].latex, lambda: ECUACIONES[sena](rng))


def estropear(objeto):
    """La misma función, o clase, con otros números a la salida."""
    if inspect.isclass(objeto):
        metodos = inspect.getmembers(objeto, inspect.isfunction)
        publicos = {n: estropear_metodo(f) for n, f in metodos if n[0] != "_"}
        return type(objeto.__name__, (objeto,), publicos)
    return lambda *args, **opciones: torcer(objeto(*args, **opciones))


def estropear_metodo(metodo):
    """El método con otra salida; si no da números, con otro estado."""

    def torcido(self, *args, **opciones):
        salida = metodo(self, *args, **opciones)
        if salida is None or isinstance(salida, bool):
            vars(self).update({n: torcer(v) for n, v in vars(self).items()})
        return torcer(salida)

    return torcido


def torcer(valor):
    """Otro valor de la misma forma; de una sucesión, sin el primero si no es lista."""
    if inspect.isgenerator(valor):
        return list(valor)[1:]
    if inspect.isfunction(valor):
        return lambda *args, **opciones: torcer(valor(*args, **opciones))
    if isinstance(valor, list | tuple):
        return type(valor)(torcer(uno) for uno in valor)
    if hasattr(valor, "parameters"):
        for parametro in valor.parameters():
            parametro *= 1.1
        return valor
    if isinstance(valor, int) and not isinstance(valor, bool):
        return valor + 1
    return 0.1 - 1.1 * valor if isinstance(valor, float | np.ndarray) else valor


def test_every_equation_with_code_is_evaluated():
    con_codigo = {sena for sena, e in CURSO.items() if e.objeto}

    assert con_codigo - ECUACIONES.keys() == EXENTAS.keys()
    assert ECUACIONES.keys() <= CURSO.keys()


@pytest.mark.parametrize("objeto", DOCSTRINGS)
def test_formula_of_the_docstring_is_what_the_function_gives(objeto, rng):
    comprobar_formula(formula(objeto), DOCSTRINGS[objeto](rng, objeto))


@pytest.mark.parametrize("objeto", DOCSTRINGS)
def test_docstring_with_one_error_is_not_what_the_function_gives(objeto, rng):
    simbolos = DOCSTRINGS[objeto](rng, objeto)

    assert sobreviven(formula(objeto), simbolos, comprobar_formula) == []


def test_every_formula_of_those_docstrings_is_evaluated():
    con_formula = {
        f"{nombre}.{f.__name__}"
        for nombre in CON_FORMULAS
        for f in vars(importlib.import_module(f"apuntes.{nombre}")).values()
        if inspect.isfunction(f) and f.__module__ == f"apuntes.{nombre}"
        if not f.__name__.startswith("_") and "$" in f.__doc__.split("\n\n")[0]
    }

    assert con_formula - DOCSTRINGS.keys() == EXENTOS.keys()


V, W = np.array([1.0, 2.0]), np.array([[0.0, 1.0], [2.0, 3.0]])
SIMBOLOS = {"v": V, "W": W, "a": 3.0, "K": 2, "k": range(2), "i": range(1, 3)}
SIMBOLOS |= {
    "S": [2],
    r"\hat v": -V,
    "f": lambda x: 10 * x,
    r"\partial f/\partial v": W,
}


@pytest.mark.parametrize(
    ("latex", "valor"),
    [
        (r"-a^2", -9),
        (r"\frac12a-0{,}25", 1.25),
        (r"10\,000\cdot2^{-1}", 5000),
        (r"a(1-a)", -6),
        (r"f(1-a)", -20),
        (r"\hat{v}_0+v_{1}", 1),
        (r"v_1", 2),
        (r"\sum_{k=0}^{K-1}v_k\,a+1", 10),
        (r"\sum_{i=1}^{2}v_i", 3),
        (r"\sum_{i,k}W_{ik}", 6),
        (r"\sum_{k\ne1}W_{1k}", 2),
        (r"\prod_k(v_k+1)", 6),
        (r"\max_k v_k-\max\{a,\;1\}", -1),
        (r"\min_{0\le k<1}v_k+\sum_{i\in S}v_i", 3),
        (r"v^\top Wv", 18),
        (r"(W^\top v)_0-(v v^\top)_{01}", 2),
        (r"v\cdot v+(v\odot v)_1", 9),
        (r"\lVert \hat v\rVert^2+\lVert v\rVert_1", 8),
        (r"|1-a|\,|a|", 6),
        (r"\ln e^{a}", 3),
        (r"\sqrt{a+1}/4", 0.5),
        (r"\lceil a/2\rceil", 2),
        (r"\begin{cases}1&\text{si } a<3,\\2&\text{si no}\end{cases}", 2),
        (r"\frac{\partial f_0}{\partial v_1}", 1),
        (r"(a,\,1)^\top_0", 3),
        (r"[a>2]-[a<2]", 1),
        (r"\langle v,\hat v\rangle", -5),
        (r"\begin{pmatrix}a\\1\end{pmatrix}^\top v", 5),
        (r"\begin{pmatrix}0&a\\1&2\end{pmatrix}_{01}", 3),
    ],
)
def test_latex_has_the_value_that_a_reader_gives_it(latex, valor):
    assert evaluar(latex, SIMBOLOS) == pytest.approx(valor)


@pytest.mark.parametrize(
    ("latex", "match"),
    [
        (r"q", "sin declarar.*«q»"),
        (r"v_2", "fuera de su eje"),
        (r"\sum_{i=0}^{1}v_i", "fuera de su eje"),
        (r"\sum_{j=0}^{1}v_j", "índice sin declarar.*«j»"),
        (r"1/2a", "qué divide"),
        (r"\ln a\,a", "paréntesis"),
        (r"(a", "falta"),
        (r"a)", "sobra"),
        (r"v+W", "no se suman"),
        (r"v\,v", "matmul"),
        (r"\frac{\partial g}{\partial v}", "derivada sin declarar"),
        (r"\begin{cases}1&\text{si } a<3\\2&\text{si } a>3\end{cases}", "0 ramas"),
        (r"\begin{cases}1&\text{si } a<4\\2&\text{si } a=3\end{cases}", "2 ramas"),
    ],
)
def test_latex_that_is_not_understood_is_an_error(latex, match):
    with pytest.raises(ValueError, match=match):
        evaluar(latex, SIMBOLOS)


@pytest.mark.parametrize(
    ("latex", "verdad"),
    [
        (r"a=3", True),
        (r"a&=2+1\\&=3,\qquad K=2.", True),
        (r"a=3=4", False),
        (r"a=3,\qquad K=3", False),
        (r"v_k=k+1", True),
        (r"v_k=1 \quad\text{si } k<1", True),
        (r"v_k=1 \quad\text{si } k>1", False),
        (r"a\ge\frac{1}{2}", True),
        (r"a\leftarrow a-1", True),
        (r"a\to 2", True),
        (r"\text{si } v_k>1:\qquad v_k=2,\quad k=1", True),
        (r"\text{si } v_k<1:\qquad v_k=2", False),
        (r"0<a<4", True),
        (r"a\approx3{,}01", True),
        (r"a\approx3{,}2", False),
        (r"v=1", False),
    ],
)
def test_equation_is_true_when_each_equality_is(latex, verdad):
    cambios = {r"\leftarrow": {"a": 2.0}, r"\approx": 0.01}

    assert es_verdad(latex, SIMBOLOS | cambios) == verdad


def test_a_tight_bound_is_an_equality_and_a_domain_restricts_the_indices():
    justa = {"ajustada": {"a": 2.5}}
    dominio = {r"\text{si }": lambda indices: indices["k"] == 1}

    assert es_verdad(r"0<a\le3", SIMBOLOS | justa)
    assert not es_verdad(r"0<a\le4", SIMBOLOS | justa)
    assert not es_verdad(r"0<a\ge3", SIMBOLOS | justa)
    assert es_verdad(r"v_k=2", SIMBOLOS | dominio)


def test_mutants_change_one_sign_digit_factor_or_index():
    assert list(mutantes(r"v_{ik}=2-a", {"a": 3.0})) == [
        "2 v _ { i k } = 2 - a",
        "v _ { k i } = 2 - a",
        "v _ { i k } = 2 2 - a",
        "v _ { i k } = 3 - a",
        "v _ { i k } = 2 + a",
        "v _ { i k } = 2 - { ( 2 a ) }",
    ]
