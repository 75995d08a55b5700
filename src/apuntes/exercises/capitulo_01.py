"""Ejercicios del capítulo 1, «De programar neuronas a entrenarlas»."""

import numpy as np

from apuntes.exercises._exercise import case, exercise
from apuntes.perceptron import rosenblatt_rule

BITS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
OR = np.array([-1.0, 1.0, 1.0, 1.0])


def _passes(rng):
    yield case("un ejemplo en la frontera", np.zeros(1), 0.0, np.ones((1, 1)), OR[1:2])
    yield case("la primera pasada", np.zeros(2), 0.0, BITS, OR)
    yield case("la segunda", np.array([1.0, 1.0]), 1.0, BITS, OR)
    yield case("la tercera", np.array([1.0, 1.0]), 0.0, BITS, OR)
    x = rng.normal(size=(6, 3))
    yield case("seis ejemplos", rng.normal(size=3), 0.5, x, np.sign(x[:, 0] - x[:, 1]))


def _pass(fails=lambda z, y: y * z <= 0, step=lambda x, y: (y * x, y), fixed=False):
    """Una pasada de la regla, con alguna de sus piezas cambiada."""

    def run(weight, bias, x, target):
        start, corrections = (weight, bias), 0
        for row, side in zip(x, target, strict=True):
            w, b = start if fixed else (weight, bias)
            if fails(row @ w + b, side):
                move = step(row, side)
                weight, bias = weight + move[0], bias + move[1]
                corrections += 1
        return weight, float(bias), corrections

    return run


@exercise(
    cases=_passes,
    wrong={
        "En la frontera, z = 0, también se falla: se corrige.": _pass(
            lambda z, y: y * z < 0
        ),
        "Solo se corrige lo que falla; lo que acierta se deja.": _pass(
            lambda z, y: True
        ),
        "Falta mover el sesgo.": _pass(step=lambda x, y: (y * x, 0.0)),
        "La corrección lleva el signo del objetivo: acerca, no aleja.": _pass(
            step=lambda x, y: (-y * x, -y)
        ),
        "A los de etiqueta -1 se les resta el ejemplo: falta multiplicar por y.": _pass(
            step=lambda x, y: (x, 1.0)
        ),
        "Cada ejemplo se mira con los pesos que dejó el anterior.": _pass(fixed=True),
        "Se falla cuando z y el objetivo tienen signos distintos, no iguales.": _pass(
            lambda z, y: y * z >= 0
        ),
    },
)
def ej_rosenblatt_a_mano(weight, bias, x, target):
    """Escribe una función que reciba los pesos, el sesgo, los ejemplos `(N, D)` y sus
    objetivos, -1 o 1, haga una pasada con tasa 1 y devuelva los pesos, el sesgo y
    cuántas correcciones hizo.
    """
    corrections, bias = 0, np.array(bias)
    for row, side in zip(x, target, strict=True):
        before = weight
        weight, bias = rosenblatt_rule(before, bias, row, side, lr=1.0)
        corrections += weight is not before
    return weight, float(bias), corrections


def _lines(rng):
    yield case("dos puntos", np.array([[0.0], [1.0]]), np.array([1.0, 3.0]))
    yield case("XOR", BITS, np.array([0.0, 1.0, 1.0, 0.0]))
    yield case("cinco puntos", rng.normal(size=(5, 2)), rng.normal(size=5))
    yield case("ocho puntos", rng.normal(1.0, 1.0, size=(8, 3)), rng.normal(size=8))


def _least_squares(x, target):
    whole = np.column_stack([x, np.ones(len(x))])
    solution = np.linalg.lstsq(whole, target, rcond=None)[0]
    return solution[:-1], float(solution[-1])


def _after_steps(x, target):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(10):
        residual = 2 * (x @ w + b - target) / len(x)
        w, b = w - 0.1 * residual @ x, b - 0.1 * residual.sum()
    return w, float(b)


@exercise(
    cases=_lines,
    rtol=1e-4,
    wrong={
        "Falta el sesgo: la neurona no tiene por qué pasar por el origen.": (
            lambda x, y: (np.linalg.lstsq(x, y, rcond=None)[0], 0.0)
        ),
        "El sesgo no es la media de los objetivos si las entradas no están "
        "centradas.": lambda x, y: (_least_squares(x, y)[0], float(y.mean())),
        "Aún no ha llegado: faltan pasos, o la tasa es pequeña.": _after_steps,
        "Cada peso por su lado no vale si las entradas van juntas: se despejan a la "
        "vez.": lambda x, y: (
            np.array([np.cov(c, y, bias=True)[0, 1] / c.var() for c in x.T]),
            _least_squares(x, y)[1],
        ),
        "Esos son los pesos del perceptrón; la neurona lineal mira el error, no el "
        "signo.": lambda x, y: _pass()(np.zeros(x.shape[1]), 0.0, x, y)[:2],
        "Los pesos están bien; el sesgo, con el signo cambiado.": lambda x, y: (
            *(_least_squares(x, y)[0], -_least_squares(x, y)[1]),
        ),
    },
)
def ej_widrow_hoff(x, target):
    """Escribe una función que reciba ejemplos `(N, D)` y objetivos `(N,)` y devuelva
    los pesos y el sesgo adonde llega la neurona lineal (basta un error del uno por diez
    mil).
    """
    return _least_squares(x, target)


def _outputs(rng):
    yield case("una neurona", 0.5, 1.0, np.array([2.0]))
    yield case("la de la figura", 0.7107, 1.0, np.array([1.5, -2.0, 1.0]))
    yield case("objetivo 0", 0.8, 0.0, np.array([0.3, 0.7]))
    yield case("cinco neuronas", 0.35, 1.0, rng.normal(size=5))


@exercise(
    cases=_outputs,
    wrong={
        "Falta la cadena: el error pasa por la sigmoide de la salida.": (
            lambda a, y, w: (a - y) * w
        ),
        "Falta multiplicar por los pesos de salida.": lambda a, y, w: np.full_like(
            w, (a - y) * a * (1 - a)
        ),
        "El signo: es lo que dice menos lo que debería decir.": (
            lambda a, y, w: (y - a) * a * (1 - a) * w
        ),
        "El ½ del coste se va al derivar: sobra un 2.": (
            lambda a, y, w: 2 * (a - y) * a * (1 - a) * w
        ),
        "Falta el error de la salida, a - y.": lambda a, y, w: a * (1 - a) * w,
        "La derivada de la sigmoide con su salida es a(1-a): falta un factor.": (
            lambda a, y, w: (a - y) * a * w
        ),
        "El crédito cuenta con su signo: no es un tamaño.": lambda a, y, w: np.abs(
            (a - y) * a * (1 - a) * w
        ),
    },
)
def ej_responsables(output, target, weight):
    """Escribe una función que reciba la salida a, el objetivo y los pesos de salida
    `(H,)`, y devuelva los créditos de las neuronas ocultas.
    """
    return (output - target) * output * (1 - output) * weight


def _trips(rng):
    yield case("un turno", 3.0, 1.0, 1)
    yield case("dos turnos", 5.0, 10.0, 2)
    yield case("ocho turnos", 18.3, 10.0, 8)
    yield case("cuatro turnos, en la meta", 10.0, 10.0, 4)


def _credits(power, scale=lambda place, goal: place - goal):
    def credits(place, goal, turns):
        t = np.arange(1, turns + 1)
        return scale(place, goal) * power(turns, t)

    return credits


def _sums(turns, t):
    return (1 - 0.8 ** (turns - t + 1)) / 0.2


@exercise(
    cases=_trips,
    wrong={
        "El signo: el error es dónde acaba menos adónde quería ir.": _credits(
            _sums, lambda place, goal: goal - place
        ),
        "Están en orden inverso: el primer empujón es el que más tiempo actúa.": (
            _credits(lambda turns, t: _sums(turns, t)[::-1])
        ),
        "El empujón sigue actuando en todos los turnos que quedan: suma.": _credits(
            lambda turns, t: 0.8 ** (turns - t)
        ),
        "El último empujón también mueve la barca: cuenta su propio turno.": _credits(
            lambda turns, t: (1 - 0.8 ** (turns - t)) / 0.2
        ),
        "Falta el error final: multiplica por lo que sobra o falta para la meta.": (
            _credits(_sums, lambda place, goal: 1.0)
        ),
        "La velocidad se frena: cada turno queda el 80 %, no toda.": _credits(
            lambda turns, t: turns - t + 1.0
        ),
    },
)
def ej_que_decision(place, goal, turns):
    """Escribe una función que reciba la posición final, la meta y el número de turnos,
    y devuelva un arreglo con la derivada respecto de cada empujón, del primero al
    último.
    """
    t = np.arange(1, turns + 1)
    return (place - goal) * (1 - 0.8 ** (turns - t + 1)) / 0.2


def _causes(rng):
    yield case("el de la sección", 2.0, 3.0)
    yield case("otros dos", -1.0, 0.5)
    yield case("con un cero", 0.0, 4.0)


@exercise(
    cases=_causes,
    wrong={
        "Falta un camino: solo cuentas el directo, por x₃.": lambda a, b: (
            *((a * b + a) * b, (a * b + a) * a),
        ),
        "Falta un camino: no cuentas el que entra directamente por x₃.": lambda a, b: (
            *(2 * a * b * b + a * b, 2 * a * a * b),
        ),
        "Es la derivada parcial de una sola flecha; suma todos los caminos.": (
            lambda a, b: (b, a)
        ),
        "Las dos derivadas están intercambiadas.": lambda a, b: (
            *(2 * a * a * b + a * a, 2 * a * b * b + 2 * a * b),
        ),
        "Es el valor de x₄, no su derivada.": lambda a, b: (
            *((a * b + a) * a * b, (a * b + a) * a * b),
        ),
        "El signo está al revés.": lambda a, b: (
            *(-2 * a * b * b - 2 * a * b, -2 * a * a * b - a * a),
        ),
    },
)
def ej_derivada_ordenada(x0, x1):
    """Escribe una función que reciba los valores de x₀ y x₁ y devuelva las derivadas
    ordenadas de x₄ respecto de cada uno.
    """
    return 2 * x0 * x1**2 + 2 * x0 * x1, 2 * x0**2 * x1 + x0**2
