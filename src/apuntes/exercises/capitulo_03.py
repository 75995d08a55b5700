"""Ejercicios del capítulo 3, «Descenso de gradiente»."""

from math import ceil, log

import numpy as np

from apuntes.descent import critical_rate
from apuntes.exercises._exercise import case, exercise


def _fans(rng):
    yield case(
        "una sube y otra baja", np.array([1.0, 0.0]), np.array([[1.0, 0], [-1, 0]])
    )
    directions = np.array([[1.0, 1], [-1, 0], [5, 2], [-2, 5], [3, 1]])
    yield case("las del enunciado", np.array([2.0, -5.0]), directions)
    yield case(
        "una larga y otra corta", np.array([0.0, 1.0]), np.array([[9.0, -9], [0, -1]])
    )
    yield case("en cuatro dimensiones", rng.normal(size=4), rng.normal(size=(6, 4)))


def _slopes(grad, directions):
    return directions @ grad / np.linalg.norm(directions, axis=1)


@exercise(
    cases=_fans,
    wrong={
        "El signo: baja la que forma un ángulo obtuso con el gradiente.": lambda g, d: (
            *(d @ g > 0, int(np.argmin(_slopes(g, d)))),
        ),
        "Perpendicular al gradiente no se baja: el producto ha de ser negativo.": (
            lambda g, d: (d @ g <= 0, int(np.argmin(_slopes(g, d))))
        ),
        "La que más baja, por unidad de longitud: divide entre su norma.": (
            lambda g, d: (d @ g < 0, int(np.argmin(d @ g)))
        ),
        "Esa es la que más sube.": lambda g, d: (
            *(d @ g < 0, int(np.argmax(_slopes(g, d)))),
        ),
        "Se cuenta desde 0: es el índice de su fila.": lambda g, d: (
            *(d @ g < 0, int(np.argmin(_slopes(g, d))) + 1),
        ),
        "La que más baja es la de producto más negativo, no la de mayor tamaño.": (
            lambda g, d: (d @ g < 0, int(np.argmax(np.abs(_slopes(g, d)))))
        ),
        "Mira el producto con el gradiente, no si la dirección tiene signo menos.": (
            lambda g, d: (d.sum(axis=1) < 0, int(np.argmin(_slopes(g, d))))
        ),
    },
)
def ej_que_direcciones_bajan(grad, directions):
    """Escribe una función que reciba el gradiente `(D,)` y unas direcciones `(N, D)`, y
    devuelva un arreglo que diga cuáles bajan y el índice de la que más baja por unidad
    de longitud.
    """
    return directions @ grad < 0, int(np.argmin(_slopes(grad, directions)))


def _bowls(rng):
    a = np.array([[1.0, -1.0], [-1.0, 4.0]])
    yield case("una dimensión", np.array([[4.0]]), np.array([3.0]))
    yield case("la del enunciado", a, np.array([2.0, -5.0]))
    b = rng.normal(size=(3, 3))
    yield case("tres dimensiones", b @ b.T + np.eye(3), rng.normal(size=3))
    b = rng.normal(size=(5, 5))
    yield case("cinco dimensiones", b @ b.T + np.eye(5), rng.normal(size=5))


@exercise(
    cases=_bowls,
    wrong={
        "La fracción está al revés.": lambda a, v: float((v @ a @ v) / (v @ v)),
        "Eso es el paso que deja de converger, no el mejor en esta dirección.": (
            lambda a, v: float(2 / np.linalg.eigvalsh(a)[-1])
        ),
        "La curvatura que cuenta es la de la dirección en que bajas, no la mayor.": (
            lambda a, v: float(1 / np.linalg.eigvalsh(a)[-1])
        ),
        "Sobra un 2: la parábola ya lleva su ½.": lambda a, v: float(
            2 * (v @ v) / (v @ a @ v)
        ),
        "Falta un 2, o sobra un ½.": lambda a, v: float((v @ v) / (v @ a @ v) / 2),
        "Arriba va la norma al cuadrado.": lambda a, v: float(
            np.linalg.norm(v) / (v @ a @ v)
        ),
        "La tasa no lleva signo: el menos ya está en la dirección.": (
            lambda a, v: float(-(v @ v) / (v @ a @ v))
        ),
        "Es el paso entero; se pide solo la tasa.": lambda a, v: (
            -(v @ v) / (v @ a @ v) * v
        ),
    },
)
def ej_paso_exacto(hessian, grad):
    """Escribe una función que reciba la hessiana y el gradiente, y devuelva la tasa que
    más baja en contra de él.
    """
    return float((grad @ grad) / (grad @ hessian @ grad))


def _abscissas(rng):
    yield case("dos datos", np.array([1.0, 2.0]))
    yield case("tres datos centrados", np.array([-1.0, 0.0, 1.0]))
    yield case("los de la sección", np.array([0.0, 1.0, 2.0, 3.0]))
    yield case("seis datos", rng.normal(2.0, 1.0, size=6))


def _line_hessian(x, factor=2.0):
    return factor * np.array([[len(x), x.sum()], [x.sum(), x @ x]])


@exercise(
    cases=_abscissas,
    wrong={
        "Falta el 2 de derivar el cuadrado.": lambda x: critical_rate(
            _line_hessian(x, 1.0)
        ),
        "El coste de la sección es la suma, no la media.": lambda x: critical_rate(
            _line_hessian(x) / len(x)
        ),
        "Se divide entre el mayor autovalor, que es el que primero se dispara.": (
            lambda x: 2 / float(np.linalg.eigvalsh(_line_hessian(x))[0])
        ),
        "Con 1 entre el mayor autovalor aún se converge: el límite es el doble.": (
            lambda x: 1 / float(np.linalg.eigvalsh(_line_hessian(x))[-1])
        ),
        "Los dos parámetros se mueven a la vez: no basta con la diagonal.": (
            lambda x: critical_rate(np.diag(np.diag(_line_hessian(x))))
        ),
        "Es el autovalor; la tasa lo lleva debajo.": lambda x: float(
            np.linalg.eigvalsh(_line_hessian(x))[-1]
        ),
        "La traza suma todos los autovalores; cuenta solo el mayor.": lambda x: (
            2 / float(np.trace(_line_hessian(x)))
        ),
    },
)
def ej_umbral_de_la_recta(x):
    """Escribe una función que reciba las abscisas y devuelva la tasa crítica del coste
    de la recta, el de la suma de cuadrados.
    """
    return critical_rate(_line_hessian(x))


def _parabolas(rng):
    yield case("la mitad en cada paso", 1.0, 0.5, 8.5)
    yield case("la del enunciado", 1.0, 0.1, 1000.0)
    yield case("otra curvatura", 5.0, 0.02, 1000.0)
    yield case("pasándose de largo", 2.0, 0.8, 100.0)


def _pace(lam, lr):
    return -log(abs(1 - lr * lam))


@exercise(
    cases=_parabolas,
    wrong={
        "Un paso de menos: aún no se ha dividido entre tanto.": lambda lam, lr, k: int(
            log(k) / _pace(lam, lr)
        ),
        "Se pide un número entero de pasos: redondea hacia arriba.": (
            lambda lam, lr, k: log(k) / _pace(lam, lr)
        ),
        "Es la aproximación con tasa pequeña; el factor exacto lleva un logaritmo.": (
            lambda lam, lr, k: ceil(log(k) / (lr * lam))
        ),
        "Falta la curvatura en el factor de cada paso.": lambda lam, lr, k: ceil(
            log(k) / _pace(1.0, lr)
        ),
        "Cada paso multiplica la distancia; no le resta siempre lo mismo.": (
            lambda lam, lr, k: ceil((1 - 1 / k) / (lr * lam))
        ),
        "Logaritmo natural arriba y abajo.": lambda lam, lr, k: ceil(
            np.log10(k) / _pace(lam, lr)
        ),
        "El ½ del coste se va al derivar: el factor no lleva un 2.": (
            lambda lam, lr, k: ceil(log(k) / -log(abs(1 - 2 * lr * lam) or 1e-9))
        ),
    },
)
def ej_parabola_entera(curvature, lr, factor):
    """Escribe una función que reciba λ, la tasa y un factor, y devuelva cuántos pasos
    hacen falta para que la distancia al mínimo se divida entre él, o entre más.
    """
    return ceil(log(factor) / _pace(curvature, lr))
