"""Ejercicios del capítulo 10, «Inicialización de parámetros»."""

import math

import numpy as np

from apuntes.exercises._exercise import case, exercise


def _inputs(rng):
    yield case("los del enunciado", np.array([2.0, -1.0, 3.0]), 0.5)
    yield case("el doble de entrada", np.array([4.0, -2.0, 6.0]), 0.5)
    yield case("una entrada", np.array([3.0]), 0.2)
    yield case("ocho entradas positivas", rng.random(8), 0.7)


@exercise(
    cases=_inputs,
    wrong={
        "La media de las entradas no es cero: cuentan sus cuadrados, no su varianza.": (
            lambda h, std: float(len(h) * std**2 * h.var())
        ),
        "Cada peso aporta su varianza, que es el cuadrado de la desviación.": (
            lambda h, std: float(std * h @ h)
        ),
        "Es una suma de n términos: falta multiplicar por n, o no dividas.": (
            lambda h, std: float(std**2 * np.mean(h**2))
        ),
        "Es la desviación típica; se pide la varianza.": lambda h, std: float(
            std * np.linalg.norm(h)
        ),
        "Los pesos son independientes: no hay productos cruzados.": lambda h, std: (
            float(std**2 * h.sum() ** 2)
        ),
        "Las entradas entran al cuadrado.": lambda h, std: float(
            std**2 * np.abs(h).sum()
        ),
    },
)
def ej_varianza_de_una_neurona(h, std):
    """Escribe una función que reciba las entradas de una neurona, `(n,)`, y la
    desviación típica de sus pesos, y devuelva la varianza de la suma ponderada.
    """
    return float(std**2 * h @ h)


def _layers(rng):
    yield case("una entrada, dos salidas", 1, 2)
    yield case("15 entradas, 10 salidas", 15, 10)
    yield case("la del enunciado", 100, 50)
    yield case("la oculta de la 784-15-10", 784, 15)


def _bounds(glorot, he, torch):
    def answer(n, m):
        return math.sqrt(glorot(n, m)), math.sqrt(he(n, m)), math.sqrt(torch(n, m))

    return answer


@exercise(
    cases=_layers,
    wrong={
        "Esas son las desviaciones: la cota es raíz de 3 veces mayor.": (
            _bounds(
                lambda n, m: 2 / (n + m), lambda n, m: 2 / n, lambda n, m: 1 / (3 * n)
            )
        ),
        "He, con fan_in, cuenta las entradas.": _bounds(
            lambda n, m: 6 / (n + m), lambda n, m: 6 / m, lambda n, m: 1 / n
        ),
        "La de nn.Linear también cuenta las entradas.": _bounds(
            lambda n, m: 6 / (n + m), lambda n, m: 6 / n, lambda n, m: 1 / m
        ),
        "A Glorot le falta el 2 de la media de entradas y salidas.": _bounds(
            lambda n, m: 3 / (n + m), lambda n, m: 6 / n, lambda n, m: 1 / n
        ),
        "Con ReLU, He necesita el doble de varianza que una neurona lineal.": _bounds(
            lambda n, m: 6 / (n + m), lambda n, m: 3 / n, lambda n, m: 1 / n
        ),
        "Glorot suma las entradas y las salidas; no las multiplica.": _bounds(
            lambda n, m: 6 / (n * m), lambda n, m: 6 / n, lambda n, m: 1 / n
        ),
        "En nn.Linear, la raíz de la entrada es la cota, no la desviación.": _bounds(
            lambda n, m: 6 / (n + m), lambda n, m: 6 / n, lambda n, m: 3 / n
        ),
    },
)
def ej_cotas_de_una_capa(fan_in, fan_out):
    """Escribe una función que reciba las entradas y las salidas de una capa y devuelva
    tres cotas uniformes: la de Glorot, la de He con fan_in y la de nn.Linear.
    """
    return (
        math.sqrt(6 / (fan_in + fan_out)),
        math.sqrt(6 / fan_in),
        1 / math.sqrt(fan_in),
    )


def _depths(rng):
    yield case("una capa", 50, 0.2, 0.5, 1)
    yield case("ReLU, diez capas", 500, 0.05, 0.5, 10)
    yield case("lineal, diez capas", 500, 0.05, 1.0, 10)
    yield case("con fuga de 0,5, tres capas", 500, 0.05, 0.625, 3)


@exercise(
    cases=_depths,
    wrong={
        "Ese es el factor de la varianza; el del tamaño es su raíz.": (
            lambda n, std, kept, layers: (kept * n * std**2) ** layers
        ),
        "Falta lo que deja pasar la activación.": lambda n, std, kept, layers: (
            (n * std**2) ** (layers / 2)
        ),
        "Es el factor de una capa; cada capa multiplica otra vez.": (
            lambda n, std, kept, layers: math.sqrt(kept * n * std**2)
        ),
        "Las capas se multiplican, no se suman.": lambda n, std, kept, layers: (
            layers * math.sqrt(kept * n * std**2)
        ),
        "Lo que deja pasar la activación es de la varianza: va dentro de la raíz.": (
            lambda n, std, kept, layers: (kept * math.sqrt(n) * std) ** layers
        ),
        "La varianza de un peso es el cuadrado de su desviación.": (
            lambda n, std, kept, layers: math.sqrt(kept * n * std) ** layers
        ),
    },
)
def ej_factor_por_capa(width, std, kept, layers):
    """Escribe una función que reciba la anchura de las capas, la desviación de los
    pesos, la fracción de la varianza que deja pasar la activación y el número de capas,
    y devuelva por cuánto se multiplica el tamaño de la señal al cruzarlas todas.
    """
    return (kept * width * std**2) ** (layers / 2)


def _draws(rng):
    yield case("un peso", rng.random((1, 1)), 0.0, "fan_in")
    yield case("más entradas que salidas", rng.random((2, 5)), 0.0, "fan_in")
    yield case("fan_out", rng.random((2, 5)), 0.0, "fan_out")
    yield case("con fuga", rng.random((4, 3)), 0.5, "fan_in")
    yield case("con fuga y fan_out", rng.random((4, 3)), 5**0.5, "fan_out")


def _he(scale=6.0, *, center=True, axis=None, leak=lambda a: 1 + a**2):
    def draw(u, a, mode):
        fans = {"fan_out": u.shape[0], "fan_in": u.shape[1]}
        n = fans[mode] if axis is None else u.shape[axis[mode]]
        return (2 * u - 1 if center else u) * math.sqrt(scale / (leak(a) * n))

    return draw


@exercise(
    cases=_draws,
    wrong={
        "Has puesto la desviación donde va la cota: es raíz de 3 veces mayor.": _he(
            2.0
        ),
        "Los pesos van de menos la cota a la cota, no de 0 a la cota.": _he(
            center=False
        ),
        "La forma del peso es (out, in): has cambiado entradas por salidas.": _he(
            axis={"fan_in": 0, "fan_out": 1}
        ),
        "No haces caso de mode: siempre usas las entradas.": _he(
            axis={"fan_in": 1, "fan_out": 1}
        ),
        "Falta la fuga: con pendiente a se divide entre 1 + a².": _he(leak=lambda a: 1),
        "La fuga entra al cuadrado.": _he(leak=lambda a: 1 + a),
        "Con ReLU la varianza es 2/n: falta el 2.": _he(3.0),
    },
)
def ej_programa_he(u, a, mode):
    """Escribe una función que reciba números entre 0 y 1 con la forma del peso,
    `(out, in)`, la pendiente de la fuga y el modo, "fan_in" o "fan_out", y devuelva los
    pesos de He uniforme.
    """
    fan_out, fan_in = u.shape
    n = fan_in if mode == "fan_in" else fan_out
    return (2 * u - 1) * math.sqrt(6 / ((1 + a**2) * n))


def _sizes(rng):
    yield case("una sola matriz", [4, 2])
    yield case("la del enunciado", [300, 100, 50, 10])
    yield case("con otro orden", [50, 300, 100, 10])
    yield case("se ensancha", [10, 20, 80])


@exercise(
    cases=_sizes,
    wrong={
        "A la vuelta se suman las salidas: el cociente está al revés.": (
            lambda sizes: sizes[0] / sizes[-1]
        ),
        "Ese es el factor de la última matriz; multiplica los de todas.": (
            lambda sizes: sizes[-1] / sizes[-2]
        ),
        "Ese es el de la primera matriz; multiplica los de todas.": (
            lambda sizes: sizes[1] / sizes[0]
        ),
        "La ida se conserva con fan_in; se pide la vuelta.": lambda sizes: 1.0,
        "Con ReLU el medio y el 2 de He se compensan: sobra el 2 por capa.": (
            lambda sizes: sizes[-1] / sizes[0] / 2 ** (len(sizes) - 1)
        ),
        "Es el factor de la media de los cuadrados, no el de su raíz.": (
            lambda sizes: math.sqrt(sizes[-1] / sizes[0])
        ),
    },
)
def ej_embudo(sizes):
    """Escribe una función que reciba los tamaños de las capas, de la primera oculta a
    la salida, con ReLU y pesos de He con fan_in, y devuelva por cuánto se multiplica la
    media de los cuadrados del gradiente al volver del final al principio.
    """
    return sizes[-1] / sizes[0]
