"""Ejercicios del laboratorio 2, «MNIST con todo»."""

import math

import numpy as np

from apuntes.exercises._exercise import answer, case, exercise


def _widths(rng):
    yield case("un canal", 1)
    yield case("dos canales", 2)
    yield case("el del récord estrecho", 16)
    yield case("treinta y ocho canales", 38)


@exercise(
    cases=_widths,
    wrong={
        "Eso es con normalización: aquí cada canal tiene un solo sesgo.": (
            lambda w: 63 * w**2 + 341 * w + 10
        ),
        "Faltan los sesgos de las convoluciones.": lambda w: 63 * w**2 + 329 * w + 10,
        "Falta el sesgo de la última capa, uno por clase.": (
            lambda w: 63 * w**2 + 335 * w
        ),
        "A la última capa llegan 4 × 4 posiciones de 2w canales.": (
            lambda w: 63 * w**2 + 35 * w + 10
        ),
        "Las dos últimas convoluciones tienen 2w canales de salida.": (
            lambda w: 36 * w**2 + 333 * w + 10
        ),
    },
)
def ej_parametros_precisa(width):
    """Escribe una función que reciba los canales de la primera capa y devuelva los
    parámetros de la red precisa sin normalización y con un sesgo por canal.
    """
    return 63 * width**2 + 335 * width + 10


def _budgets(rng):
    yield case("un paso en que manda calcular", 1, 10, 3.0, 50.0, False)
    yield case("el mismo, con grafo", 1, 10, 3.0, 50.0, True)
    yield case("el enunciado", 400, 90, 6.0, 150.0, False)
    yield case("el enunciado, con grafo", 400, 90, 6.0, 150.0, True)
    yield case("un grafo tan corto que manda pedirlo", 7, 20, 5.0, 2.0, True)


@exercise(
    cases=_budgets,
    wrong={
        "Pedir y calcular van a la vez: manda el mayor, no se suman.": (
            lambda s, n, t, c, g: s * ((1 if g else n) * t + c) / 1e6
        ),
        "Se piden segundos, no microsegundos.": (
            lambda s, n, t, c, g: s * max((1 if g else n) * t, c)
        ),
        "Con el grafo se pide una sola vez por paso.": (
            lambda s, n, t, c, g: s * max(n * t, c) / 1e6
        ),
        "El grafo también hay que pedirlo, una vez por paso.": (
            lambda s, n, t, c, g: s * max(0 if g else n * t, c) / 1e6
        ),
        "Eso es un paso: faltan los demás.": (
            lambda s, n, t, c, g: max((1 if g else n) * t, c) / 1e6
        ),
    },
)
def ej_lanzamientos(steps, operations, launch_us, compute_us, graph):
    """Escribe una función que reciba los pasos, las operaciones de cada uno, los
    microsegundos de pedir una y los de calcularlas todas, y si hay grafo, y devuelva
    los segundos del entrenamiento.
    """
    asked = 1 if graph else operations
    return steps * max(asked * launch_us, compute_us) / 1e6


def _pairs(rng):
    yield case("dos semillas", np.array([99.0, 98.8]), np.array([98.9, 98.9]), 12.706)
    base = np.array([99.01, 98.93, 99.10, 98.97, 99.04])
    other = np.array([98.95, 98.90, 99.01, 98.95, 98.97])
    yield case("las cinco del enunciado", base, other, 2.776)
    yield case("diez", *rng.normal(99, 0.1, (2, 10)), 2.262)


def _paired(spread=lambda g: g.std(ddof=1), sign=1.0, root=np.sqrt):
    def run(base, other, t):
        gains = sign * (other - base)
        return float(gains.mean()), float(t * spread(gains) / root(len(gains)))

    return run


def _loose(base, other, t):
    spread = base.var(ddof=1) + other.var(ddof=1)
    return float((other - base).mean()), float(t * np.sqrt(spread / len(base)))


@exercise(
    cases=_pairs,
    wrong={
        "El signo: se resta la receta de la variante.": _paired(sign=-1.0),
        "Con pocas semillas la desviación es entre n - 1.": _paired(np.std),
        "Has usado la varianza: falta la raíz.": _paired(lambda g: g.var(ddof=1)),
        "Falta dividir entre la raíz del número de semillas.": _paired(
            root=lambda n: 1.0
        ),
        "Se divide entre la raíz del número de semillas, no entre el número.": _paired(
            root=float
        ),
        "Las semillas van emparejadas: resta primero y mide después.": _loose,
    },
)
def ej_diferencia_emparejada(base, other, t):
    """Escribe una función que reciba las exactitudes de la receta y de la variante, con
    las mismas semillas, y el percentil, y devuelva la diferencia media y el margen.
    """
    gains = other - base
    margin = t * gains.std(ddof=1) / np.sqrt(len(gains))
    return float(gains.mean()), float(margin)


def _spreads(rng):
    yield case("los números del enunciado", 0.1, 0.05)
    yield case("la mitad", 0.1, 0.026)
    yield case("una diferencia enorme", 0.1, 0.7)
    yield case("mucha dispersión", 0.33, 0.04)


@exercise(
    cases=_spreads,
    wrong={
        "Falta el 2 del intervalo.": lambda s, d: math.ceil((s / d) ** 2),
        "Falta el cuadrado: el intervalo encoge con la raíz.": (
            lambda s, d: math.ceil(2 * s / d)
        ),
        "El 2 también va al cuadrado.": lambda s, d: math.ceil(2 * (s / d) ** 2),
        "Redondea hacia arriba: con una menos no llega.": (
            lambda s, d: math.floor((2 * s / d) ** 2 + 1e-9)
        ),
        "El cociente va al revés.": lambda s, d: math.ceil((d / (2 * s)) ** 2),
    },
)
def ej_cuantas_semillas(deviation, difference):
    """Escribe una función que reciba la desviación de las diferencias y la diferencia
    que se quiere ver, y devuelva cuántas semillas hacen falta, como poco.
    """
    # El margen evita que un redondeo pida una de más.
    return math.ceil((2 * deviation / difference) ** 2 - 1e-9)


@answer(
    wrong={
        "Suaviza: la buena se queda con 0,91, no con todo.": (0.0, 0.094),
        "A las otras nueve les toca 0,01 a cada una, no a todas juntas.": (
            0.132,
            0.094,
        ),
        "La buena recibe también su parte del reparto: 0,91 y no 0,9.": (0.545, 0.105),
        "Has tomado el logaritmo en base 2.": (0.722, 0.136),
        "El orden: primero el suelo con etiquetas suaves.": (0.094, 0.5),
    }
)
def ej_suelo_del_suavizado():
    """Escribe la menor pérdida posible con las etiquetas suavizadas y la que paga esa
    misma respuesta con la etiqueta sin suavizar.
    """
    soft = np.array([0.91] + [0.01] * 9)
    return float(-soft @ np.log(soft)), float(-np.log(0.91))
