"""Comprobadores: qué dejan pasar, qué rechazan y cómo lo dicen."""

import re

import numpy as np
import pytest

from apuntes import _checks

ROW = np.full((1, 2), 0.5)
ZERO = np.array([0])
INF, NAN = float("inf"), float("nan")
# Una fila por caso: (comprobador, argumentos por nombre).
ACCEPTED = {
    "float64": ("floating", {"x": np.zeros(2)}),
    "float32": ("floating", {"x": np.zeros(2, np.float32)}),
    "float16": ("floating", {"x": np.zeros(2, np.float16)}),
    "escalar-numpy": ("floating", {"x": np.float32(1)}),
    "vacio-flotante": ("floating", {"x": np.zeros(0)}),
    "ninguno": ("floating", {}),
    "arreglo": ("array", {"name": "x", "array": ROW, "shape": ("N", 2), "dtype": np.float64}),
    "arreglo-un-eje": ("array", {"name": "x", "array": ZERO, "shape": (1,), "dtype": np.int64}),
    "formas-iguales": ("same_shape", {"a": np.zeros((2, 3)), "b": np.ones((2, 3))}),
    "cero-ejes": ("same_shape", {"a": np.array(1.0), "b": np.array(2.0)}),
    "pareja": ("pred_target", {"pred": ROW, "target": ROW}),
    "positivo": ("positive", {"eps": 1e-300, "delta": INF}),
    "positivo-numpy": ("positive", {"eps": np.float32(1)}),
    "no-negativo": ("nonnegative", {"lr": 0.0, "lam": INF}),
    "cuenta": ("counts", {"n": 1, "m": np.int64(3)}),
    "generador": ("rng", {"rng": np.random.default_rng(0)}),
    "extremos-unidad": ("unit_interval", {"p": np.array([0.0, 1.0]), "q": 0, "r": 1}),
    "signos": ("signs", {"target": np.array([-1.0, 1.0])}),
    "signos-enteros": ("signs", {"target": np.array([1, -1])}),
    "clases": ("classes", {"target": np.array([0, 2]), "num_classes": 3}),
    "clases-uint8": ("classes", {"target": np.array([2], np.uint8), "num_classes": 3}),
    "reparto": ("distributions", {"target": np.array([[1.0, 0.0], [0.25, 0.75]])}),
    "reparto-redondeo": ("distributions", {"target": np.array([[0.1] * 10])}),
    "reparto-un-eje": ("distributions", {"target": np.array([0.25, 0.75])}),
    "reparto-tres-ejes": ("distributions", {"target": np.full((2, 3, 4), 0.25)}),
    "logits-clases": ("logits_target", {"logits": ROW, "target": ZERO}),
    "logits-reparto": ("logits_target", {"logits": ROW, "target": ROW}),
}  # fmt: skip
# Una fila por caso: (comprobador, argumentos, error, texto que debe aparecer).
REJECTED = {
    "lista": ("floating", {"x": [1.0]}, TypeError, "x debe ser un arreglo de coma flotante; se recibió list"),
    "float-python": ("floating", {"x": 1.0}, TypeError, "se recibió float"),
    "entero": ("floating", {"x": np.arange(2)}, TypeError, "se recibió int64"),
    "complejo": ("floating", {"x": np.array([1j])}, TypeError, "se recibió complex128"),
    "segundo-malo": ("floating", {"x": ROW, "grad": ZERO}, TypeError, "grad debe ser"),
    "arreglo-lista": ("array", {"name": "x", "array": [0.5], "shape": ("N",), "dtype": np.dtype("f8")}, TypeError, "x debe ser un arreglo de float64; se recibió list"),
    "arreglo-tipo": ("array", {"name": "x", "array": ZERO, "shape": ("N",), "dtype": np.dtype("f8")}, TypeError, "se recibió int64"),
    "arreglo-ejes": ("array", {"name": "x", "array": ZERO, "shape": ("N", 2), "dtype": np.int64}, ValueError, "x debe tener forma (N, 2); se recibió (1,)"),
    "arreglo-tamano": ("array", {"name": "x", "array": ROW, "shape": ("N", 3), "dtype": np.float64}, ValueError, "x debe tener forma (N, 3); se recibió (1, 2)"),
    "formas": ("same_shape", {"a": np.ones((2, 1)), "b": np.ones(2)}, ValueError, "coincidir; se recibió {'a': (2, 1), 'b': (2,)}"),
    "vacios": ("same_shape", {"a": np.ones((0, 2))}, ValueError, "vacíos; se recibió {'a': (0, 2)}"),
    "pareja-entera": ("pred_target", {"pred": ZERO, "target": ROW}, TypeError, "pred debe ser"),
    "objetivo-entero": ("pred_target", {"pred": ROW, "target": ZERO}, TypeError, "target debe ser"),
    "pareja-formas": ("pred_target", {"pred": ROW, "target": ROW[0]}, ValueError, "coincidir"),
    "pareja-vacia": ("pred_target", {"pred": ROW[:0], "target": ROW[:0]}, ValueError, "vacíos"),
    "cero": ("positive", {"eps": 0.0}, ValueError, "eps debe ser positivo; se recibió 0.0"),
    "negativo": ("positive", {"eps": 1.0, "delta": -1}, ValueError, "delta debe ser positivo; se recibió -1"),
    "positivo-nan": ("positive", {"eps": NAN}, ValueError, "se recibió nan"),
    "positivo-texto": ("positive", {"eps": "1"}, TypeError, "eps debe ser un número real; se recibió str"),
    "bajo-cero": ("nonnegative", {"lr": -1e-9}, ValueError, "lr no puede ser negativo; se recibió -1e-09"),
    "no-negativo-nan": ("nonnegative", {"lr": NAN}, ValueError, "se recibió nan"),
    "no-negativo-texto": ("nonnegative", {"lr": None}, TypeError, "lr debe ser un número real; se recibió NoneType"),
    "cuenta-cero": ("counts", {"n": 0}, ValueError, "n debe ser al menos 1; se recibió 0"),
    "cuenta-real": ("counts", {"n": 2.0}, TypeError, "n debe ser un entero; se recibió float"),
    "cuenta-bool": ("counts", {"n": True}, TypeError, "se recibió bool"),
    "semilla": ("rng", {"rng": 0}, TypeError, "rng debe ser un generador, como np.random.default_rng(0); se recibió int"),
    "sobre-uno": ("unit_interval", {"p": np.array([0.5, 1.5])}, ValueError, "p debe estar en [0, 1]; se recibió de 0.5 a 1.5"),
    "bajo-uno": ("unit_interval", {"p": -0.1}, ValueError, "se recibió de -0.1 a -0.1"),
    "unidad-nan": ("unit_interval", {"p": np.array([0.5, NAN])}, ValueError, "se recibió de nan a nan"),
    "signos-cero": ("signs", {"target": np.array([0.0, 1.0])}, ValueError, "target debe ser -1 o 1; se recibió [0. 1.]"),
    "clase-negativa": ("classes", {"target": np.array([2, -1]), "num_classes": 3}, ValueError, "target debe estar en [0, 3); se recibió de -1 a 2"),
    "clase-K": ("classes", {"target": np.array([0, 3]), "num_classes": 3}, ValueError, "se recibió de 0 a 3"),
    "clase-real": ("classes", {"target": np.zeros(1), "num_classes": 3}, TypeError, "target debe ser un arreglo de enteros; se recibió float64"),
    "clase-bool": ("classes", {"target": np.array([True]), "num_classes": 3}, TypeError, "se recibió bool"),
    "clase-lista": ("classes", {"target": [0], "num_classes": 3}, TypeError, "se recibió list"),
    "clase-vacia": ("classes", {"target": ZERO[:0], "num_classes": 3}, ValueError, "target no puede estar vacío; se recibió (0,)"),
    "reparto-entero": ("distributions", {"target": np.array([[1, 0]])}, TypeError, "target debe ser un arreglo de coma flotante; se recibió int64"),
    "reparto-corto": ("distributions", {"target": np.array([[0.5, 0.5], [0.5, 0.25]])}, ValueError, "cada fila de target debe sumar 1; se recibió 0.75"),
    "reparto-largo": ("distributions", {"target": np.array([[0.5, 0.50001]])}, ValueError, "debe sumar 1; se recibió 1.0000"),
    "reparto-segunda-larga": ("distributions", {"target": np.array([[0.5, 0.5], [0.5, 0.75]])}, ValueError, "debe sumar 1; se recibió 1.25"),
    "reparto-negativo": ("distributions", {"target": np.array([[1.25, -0.25]])}, ValueError, "target debe estar en [0, 1]"),
    "logits-enteros": ("logits_target", {"logits": np.array([[1, 2]]), "target": ZERO}, TypeError, "logits debe ser"),
    "logits-un-eje": ("logits_target", {"logits": ROW[0], "target": ROW[0]}, ValueError, "se esperaba logits (N, K) y target (N,) o (N, K), no vacíos; se recibió (2,) y (2,)"),
    "logits-vacios": ("logits_target", {"logits": ROW[:0], "target": ZERO[:0]}, ValueError, "se recibió (0, 2) y (0,)"),
    "lote": ("logits_target", {"logits": ROW, "target": np.array([0, 1])}, ValueError, "se recibió (1, 2) y (2,)"),
    "logits-clase": ("logits_target", {"logits": ROW, "target": np.array([2])}, ValueError, "target debe estar en [0, 2)"),
    "logits-lista": ("logits_target", {"logits": ROW, "target": [0]}, TypeError, "enteros; se recibió list"),
    "logits-una-caliente-entera": ("logits_target", {"logits": ROW, "target": np.array([[0, 1]])}, TypeError, "coma flotante; se recibió int64"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "arguments"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepts(name, arguments):
    assert getattr(_checks, f"check_{name}")(**arguments) is None


@pytest.mark.parametrize(
    ("name", "arguments", "error", "text"), REJECTED.values(), ids=REJECTED
)
def test_rejects(name, arguments, error, text):
    with pytest.raises(error, match=re.escape(text)):
        getattr(_checks, f"check_{name}")(**arguments)


def test_distributions_tolerate_what_the_precision_of_the_array_cannot_hold():
    """Mil partes iguales en float32 no suman 1 exacto; el mismo desvío en float64 es un error."""
    target = np.full((1, 1000), 1 / 1000 + 1e-7)

    _checks.check_distributions(target.astype(np.float32))
    with pytest.raises(ValueError, match="debe sumar 1"):
        _checks.check_distributions(target)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_symmetric_up_to_rounding_is_symmetric(dtype):
    matrix = np.array([[2, 1], [1, 2]], dtype=dtype)
    matrix[0, 1] += 4 * np.finfo(dtype).eps

    _checks.check_symmetric(matrix=matrix)


@pytest.mark.parametrize(
    ("matrix", "error", "match"),
    [
        (np.eye(2, dtype=int), TypeError, "A .* int64"),
        (np.ones(3), ValueError, r"cuadrada; se recibió \(3,\)"),
        (np.ones((2, 3)), ValueError, r"cuadrada; se recibió \(2, 3\)"),
        (np.ones((0, 0)), ValueError, r"cuadrada; se recibió \(0, 0\)"),
        (np.array([[1.0, 9.0], [0.0, 1.0]]), ValueError, "una que dista 9 de serlo"),
    ],
)
def test_rejects_what_is_not_a_symmetric_matrix(matrix, error, match):
    with pytest.raises(error, match=match):
        _checks.check_symmetric(A=matrix)
