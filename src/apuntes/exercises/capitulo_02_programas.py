"""Ejercicios del capítulo 2 que piden programar una pérdida o su derivada."""

import numpy as np

from apuntes import losses
from apuntes.activations import log_softmax, softmax
from apuntes.exercises._exercise import case, exercise


def _one_hot(target, logits):
    return np.eye(logits.shape[1])[target]


def _outputs(rng):
    yield case("un ejemplo, dos salidas", np.array([[0.9, 0.2]]), np.eye(2)[[0]])
    yield case("dos ejemplos", np.array([[0.5], [1.0]]), np.array([[0.0], [0.5]]))
    yield case(
        "cuatro ejemplos, tres salidas", rng.random((4, 3)), np.eye(3)[[0, 2] * 2]
    )
    single = rng.random((2, 5)).astype(np.float32)
    yield case("en float32", single, np.eye(5, dtype=np.float32)[[3, 1]])


def _cost(scale, slope):
    """Coste y gradiente con otros factores delante."""

    def both(a, y):
        total = float(np.sum((a - y) ** 2))
        return scale(a) * total, slope(a) * (a - y)

    return both


@exercise(
    cases=_outputs,
    wrong={
        "Falta el ½ en el coste.": _cost(lambda a: 1 / len(a), lambda a: 1 / len(a)),
        "Falta promediar los ejemplos, en el coste y en el gradiente.": _cost(
            lambda a: 1 / 2, lambda a: 1
        ),
        "Falta dividir el gradiente entre el número de ejemplos.": _cost(
            lambda a: 1 / (2 * len(a)), lambda a: 1
        ),
        "Las componentes de un ejemplo se suman; solo se promedian los ejemplos.": (
            _cost(lambda a: 1 / (2 * a.size), lambda a: 1 / a.size)
        ),
        "El ½ del coste se va al derivar el cuadrado: sobra un 2 en el gradiente.": (
            _cost(lambda a: 1 / (2 * len(a)), lambda a: 2 / len(a))
        ),
        "El ½ del coste se va al derivar el cuadrado: sobra en el gradiente.": _cost(
            lambda a: 1 / (2 * len(a)), lambda a: 1 / (2 * len(a))
        ),
        "El signo del gradiente: si te pasas, la derivada es positiva.": _cost(
            lambda a: 1 / (2 * len(a)), lambda a: -1 / len(a)
        ),
    },
)
def ej_programa_el_coste(pred, target):
    """Escribe una función que reciba salidas y objetivos, de forma `(N, D)`, y devuelva
    el coste cuadrático y su gradiente respecto de las salidas.
    """
    return losses.quadratic_cost(pred, target), losses.quadratic_cost_grad(pred, target)


def _logits(rng):
    yield case("un ejemplo, dos clases", np.array([[1.0, -1.0]]), np.array([0]))
    yield case("el ejemplo del capítulo", np.array([[2.0, 1.0, 0.1]]), np.array([0]))
    yield case("dos ejemplos", rng.normal(size=(2, 3)), np.array([2, 0]))
    yield case("cuatro ejemplos", rng.normal(size=(4, 3)), np.array([1, 0, 2, 1]))
    huge = np.array([[1000.0, 0.0], [0.0, 1000.0], [-1000.0, 0.5], [0.0, 0.0]])
    yield case("logits enormes", np.tile(huge, (2, 2)), np.tile([0, 1, 1, 3], 2))
    single = rng.normal(size=(5, 4)).astype(np.float32)
    yield case("en float32", single, np.array([0, 1, 2, 3, 0]))


def _cross(loss=losses.cross_entropy, grad=losses.cross_entropy_grad):
    """Pérdida y gradiente, con alguna de las dos cambiada."""
    return lambda z, c: (loss(z, c), grad(z, c))


def _unstable(z, c):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    n = np.arange(len(z))
    return float(-np.log(p[n, c]).mean()), (p - _one_hot(c, z)) / len(z)


def _by_columns(z, c):
    p = np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=0)
    n = np.arange(len(z))
    return float(-np.log(p[n, c]).mean()), (p - _one_hot(c, z)) / len(z)


@exercise(
    cases=_logits,
    wrong={
        "La fórmula es buena, pero la exponencial desborda con logits grandes: resta "
        "antes algo que no cambie las probabilidades.": _unstable,
        "La softmax va por filas, una por ejemplo; suma sobre el eje de las clases.": (
            _by_columns
        ),
        "Falta promediar: pérdida y gradiente salen sumados.": lambda z, c: (
            len(z) * losses.cross_entropy(z, c),
            len(z) * losses.cross_entropy_grad(z, c),
        ),
        "Falta dividir el gradiente entre el número de ejemplos.": _cross(
            grad=lambda z, c: len(z) * losses.cross_entropy_grad(z, c)
        ),
        "El signo del gradiente: es lo que dice la red menos lo que debería decir.": (
            _cross(grad=lambda z, c: -losses.cross_entropy_grad(z, c))
        ),
        "El gradiente es respecto de las probabilidades; falta la cadena hasta los "
        "logits.": _cross(grad=lambda z, c: -_one_hot(c, z) / softmax(z) / len(z)),
        "En el gradiente falta restar el objetivo.": _cross(
            grad=lambda z, c: softmax(z) / len(z)
        ),
        "La clase correcta no es la única con derivada: las otras también bajan.": (
            _cross(grad=lambda z, c: losses.cross_entropy_grad(z, c) * _one_hot(c, z))
        ),
        "La pérdida tiene el signo cambiado.": _cross(
            lambda z, c: -losses.cross_entropy(z, c)
        ),
        "La pérdida promedia también las clases; solo se promedian los ejemplos.": (
            _cross(lambda z, c: losses.cross_entropy(z, c) / z.shape[1])
        ),
        "La pérdida suma el logaritmo de todas las clases: solo cuenta la correcta.": (
            _cross(lambda z, c: float(-log_softmax(z).sum(axis=1).mean()))
        ),
    },
)
def ej_programa_la_entropia(logits, target):
    """Escribe una función que reciba logits `(N, K)` y clases `(N,)` y devuelva la
    entropía cruzada media y su gradiente respecto de los logits, también con logits de
    mil.
    """
    return (
        losses.cross_entropy(logits, target),
        losses.cross_entropy_grad(logits, target),
    )


def _layers(rng):
    yield case(
        "un ejemplo",
        *(np.array([[1.0, -1.0, 0.5], [0.0, 1.0, 2.0]]), np.zeros(2)),
        *(np.array([[1.0, 2.0, -1.0]]), np.array([0])),
    )
    for n, k, d in ((3, 2, 4), (5, 4, 2)):
        yield case(
            f"{n} ejemplos",
            *(rng.normal(size=(k, d)), rng.normal(size=k)),
            *(rng.normal(size=(n, d)), rng.integers(k, size=n)),
        )


def _last_layer(make):
    """Gradientes a partir del error en los logits, ya dividido entre n, y de h."""

    def both(weight, bias, h, target):
        error = losses.cross_entropy_grad(h @ weight.T + bias, target)
        return make(error, h)

    return both


def _without_bias(weight, bias, h, target):
    error = losses.cross_entropy_grad(h @ weight.T, target)
    return error.T @ h, error.sum(axis=0)


@exercise(
    cases=_layers,
    wrong={
        "El gradiente de W sale traspuesto: debe tener la forma de W.": _last_layer(
            lambda e, h: (h.T @ e, e.sum(axis=0))
        ),
        "El sesgo lo comparten todos los ejemplos: falta sumar sobre el lote.": (
            _last_layer(lambda e, h: (e.T @ h, e))
        ),
        "Falta la media: sale la suma de los ejemplos.": _last_layer(
            lambda e, h: (len(h) * e.T @ h, len(h) * e.sum(axis=0))
        ),
        "El gradiente de b se promedia dos veces.": _last_layer(
            lambda e, h: (e.T @ h, e.mean(axis=0))
        ),
        "El signo: es lo que dice la red menos lo que debería decir.": _last_layer(
            lambda e, h: (-e.T @ h, -e.sum(axis=0))
        ),
        "Falta el sesgo al calcular los logits.": _without_bias,
        "El gradiente de b suma las clases; debe sumar los ejemplos.": _last_layer(
            lambda e, h: (e.T @ h, e.sum(axis=1))
        ),
    },
)
def ej_programa_la_ultima_capa(weight, bias, h, target):
    """Escribe una función que reciba W `(K, D)`, b `(K,)`, las activaciones h `(N, D)`
    y las clases `(N,)`, y devuelva los gradientes de la entropía cruzada media respecto
    de W y de b.
    """
    error = losses.cross_entropy_grad(h @ weight.T + bias, target)
    return error.T @ h, error.sum(axis=0)
