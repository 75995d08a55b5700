"""Ejercicios del capítulo 7 que piden programar una vuelta."""

from functools import partial

import numpy as np

from apuntes.activations import sigmoid
from apuntes.exercises._exercise import case, exercise


def _logits(rng):
    yield case("z = 0,8, objetivo 1", 0.8, 1)
    yield case("z = -2, objetivo 0", -2.0, 0)
    yield case("z = 0, objetivo 1", 0.0, 1)
    yield case("z = 1000, objetivo 0", 1000.0, 0)
    yield case("z = -1000, objetivo 1", -1000.0, 1)


def _loss(z, y):
    return float(np.logaddexp(0, z)) - y * z


def _p(z):
    return float(sigmoid(np.float64(z)))


def _overflowing(z, y):
    power = np.exp(np.float64(z))
    return np.log(1 + power) - y * z, power / (1 + power) - y


@exercise(
    cases=_logits,
    wrong={
        "La fórmula es buena, pero la exponencial desborda con z grande.": _overflowing,
        "El signo de la derivada: es lo que dice la red menos el objetivo.": (
            lambda z, y: (_loss(z, y), y - _p(z))
        ),
        "En la derivada falta la del segundo término, el del objetivo.": (
            lambda z, y: (_loss(z, y), _p(z))
        ),
        "Das la pendiente de la sigmoide; se pide la de la pérdida.": (
            lambda z, y: (_loss(z, y), _p(z) * (1 - _p(z)))
        ),
        "La pendiente de la sigmoide ya se ha cancelado: sobra.": (
            lambda z, y: (_loss(z, y), (_p(z) - y) * _p(z) * (1 - _p(z)))
        ),
        "En el valor, el término del objetivo se resta.": (
            lambda z, y: (_loss(z, -y), _p(z) - y)
        ),
        "Dentro del logaritmo la exponencial lleva z sin cambiar de signo.": (
            lambda z, y: (_loss(-z, 0) - y * z, _p(z) - y)
        ),
    },
)
def ej_una_puerta_nueva(z, y):
    """Escribe una función que reciba un número z, aunque sea enorme, y el objetivo y,
    que es 0 o 1, y devuelva el valor de la pérdida y su derivada respecto de z.
    """
    return _loss(z, y), _p(z) - y


def _neurons(rng):
    yield case("una entrada", np.array([1.5, -0.5]), np.array([2.0]))
    yield case("la de la figura", np.array([2.0, -3, -3]), np.array([-1.0, -2]))
    yield case("cinco entradas", rng.normal(size=6), rng.normal(size=5))


def _neuron(make, slope=lambda a: a * (1 - a)):
    """Las dos derivadas, con la pendiente que toque."""
    return lambda w, x: make(slope(sigmoid(w[:-1] @ x + w[-1])), w, x)


def _right(s, w, x):
    return s * np.append(x, 1), s * w[:-1]


@exercise(
    cases=_neurons,
    wrong={
        "Falta la pendiente de la sigmoide.": _neuron(_right, lambda a: 1.0),
        "La pendiente usa la salida tal cual: le aplicas otra vez la sigmoide.": (
            _neuron(_right, lambda a: sigmoid(a) * (1 - sigmoid(a)))
        ),
        "Falta un factor en la pendiente: la salida sola no basta.": _neuron(
            _right, lambda a: a
        ),
        "El sesgo también tiene derivada: es un peso que multiplica a un 1.": _neuron(
            lambda s, w, x: (s * x, s * w[:-1])
        ),
        "El sesgo no multiplica a ninguna entrada: sobra en las segundas.": _neuron(
            lambda s, w, x: (s * np.append(x, 1), s * w)
        ),
        "El producto cruza: a cada peso le llega la entrada que multiplica.": _neuron(
            lambda s, w, x: (s * w, s * x)
        ),
        "El sesgo va al final, como en los pesos que recibes.": _neuron(
            lambda s, w, x: (s * np.append(1, x), s * w[:-1])
        ),
        "El signo: si el peso de una entrada positiva sube, la salida sube.": _neuron(
            _right, lambda a: a * (a - 1)
        ),
    },
)
def ej_programa_la_neurona(w, x):
    """Escribe una función que reciba los pesos `(D + 1,)`, con el sesgo al final, y las
    entradas `(D,)`, y devuelva las derivadas de la salida respecto de unos y de otras.
    """
    return _neuron(_right)(w, x)


def _weights(rng):
    yield case("ninguna neurona", np.array([0.5]), 2.0, 3.0)
    yield case("una neurona", np.array([-0.5, 2.0]), 1.5, -1.0)
    yield case("la de la figura", np.array([0.5, -1.2, 0.8, 1.5]), 0.7, 1.0)
    yield case("siete neuronas", rng.normal(size=8), -0.4, 0.5)


def _chain(weights, x, y, *, two=2, slope=lambda h: 1 - h**2, back=1, shift=0):
    """La cadena; `back` es el exponente del peso por el que se vuelve."""
    h = [x]
    for weight in weights[:-1]:
        h.append(np.tanh(weight * h[-1]))
    delta = two * (weights[-1] * h[-1] - y)
    grads = [float(delta * h[-1])]
    for r in range(len(weights) - 2, -1, -1):
        delta = delta * weights[r + 1] ** back * slope(h[r + 1])
        grads.append(float(delta * h[r + shift]))
    return grads[::-1]


@exercise(
    cases=_weights,
    wrong={
        "La pérdida no lleva ½: al derivar el cuadrado queda un 2.": partial(
            _chain, two=1
        ),
        "El signo: la derivada de la pérdida es la salida menos el objetivo.": partial(
            _chain, two=-2
        ),
        "Falta la pendiente de la tangente hiperbólica.": partial(
            _chain, slope=lambda h: 1
        ),
        "La pendiente usa la salida tal cual: le aplicas otra vez la tangente.": (
            partial(_chain, slope=lambda h: 1 - np.tanh(h) ** 2)
        ),
        "Esa es la pendiente de la sigmoide; aquí es una tangente.": partial(
            _chain, slope=lambda h: h * (1 - h)
        ),
        "Para llegar a la neurona de antes hay que pasar por el peso.": partial(
            _chain, back=0
        ),
        "A cada peso le llega la activación que multiplica, no la que produce.": (
            partial(_chain, shift=1)
        ),
        "Las derivadas van en el orden de los pesos, no en el de la vuelta.": (
            lambda w, x, y: _chain(w, x, y)[::-1]
        ),
    },
)
def ej_programa_la_cadena(weights, x, y):
    """Escribe una función que reciba los pesos de la cadena, el último el de la salida,
    la entrada y el objetivo, y devuelva la lista de las derivadas de la pérdida
    respecto de los pesos.
    """
    return _chain(weights, x, y)
