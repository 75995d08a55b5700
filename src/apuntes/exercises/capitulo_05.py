"""Ejercicios del capítulo 5, «Descenso estocástico y mini-lotes»."""

import numpy as np

from apuntes.exercises._exercise import case, exercise
from apuntes.minibatch import gradient_variance, steps_per_epoch
from apuntes.stochastic import stochastic_descent

X, Y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 7.0])


def _epochs(rng):
    yield case("un solo ejemplo", 1.0, X[:1], Y[:1], [[0]], 0.1)
    yield case("lote completo", 1.0, X, Y, [[0, 1, 2]], 0.01)
    yield case("dos lotes", 1.0, X, Y, [[0, 1], [2]], 0.01)
    yield case("ejemplo a ejemplo", 1.0, X, Y, [[0], [1], [2]], 0.01)
    yield case("en otro orden", 1.0, X, Y, [[2], [1], [0]], 0.01)
    batches = [[3, 0], [4, 1], [2]]
    yield case("cinco ejemplos", 0.0, *rng.normal(size=(2, 5)), batches, 0.1)


def _epoch(grad=lambda r, x: 2 * np.mean(r * x), sign=-1, stale=False, order=None):
    """Una época, con alguna de sus piezas cambiada."""

    def run(w, x, target, batches, lr):
        start = w
        for batch in order(batches) if order else batches:
            residual = (start if stale else w) * x[batch] - target[batch]
            w = w + sign * lr * grad(residual, x[batch])
        return float(w)

    return run


@exercise(
    cases=_epochs,
    wrong={
        "Cada gradiente se calcula donde lo dejó el lote anterior, no al principio.": (
            _epoch(stale=True)
        ),
        "Falta la media del lote: sumas los gradientes de sus ejemplos.": _epoch(
            lambda r, x: 2 * np.sum(r * x)
        ),
        "Vas cuesta arriba: el paso es en contra del gradiente.": _epoch(sign=1),
        "Falta el 2 al derivar el cuadrado.": _epoch(lambda r, x: np.mean(r * x)),
        "Falta la cadena: la derivada de wx respecto de w es x.": _epoch(
            lambda r, x: 2 * np.mean(r)
        ),
        "Promedia los productos, no multipliques las medias.": _epoch(
            lambda r, x: 2 * np.mean(r) * np.mean(x)
        ),
        "Los lotes van en el orden en que llegan.": _epoch(order=sorted),
        "Divide entre los ejemplos del lote, no entre los de todos los datos.": (
            lambda w, x, y, batches, lr: _epoch(
                lambda r, inputs: 2 * np.sum(r * inputs) / len(x)
            )(w, x, y, batches, lr)
        ),
    },
)
def ej_tres_reglas(w, x, target, batches, lr):
    """Escribe una función que reciba w, las entradas, los objetivos, la lista de lotes
    (listas de índices) y la tasa, y devuelva w al acabar la época.
    """

    def grad(theta, batch):
        residual = theta[0] * x[batch] - target[batch]
        return np.array([2 * np.mean(residual * x[batch])])

    return float(stochastic_descent(grad, [w], batches, lr=lr)[-1, 0])


def _loops(rng):
    yield case("un lote justo", 5, 5, 1)
    yield case("un lote corto", 5, 2, 1)
    yield case("divide justo, dos épocas", 6, 3, 2)
    yield case("el apartado a)", 10_240, 512, 1)
    yield case("el apartado b)", 50_000, 128, 30)


@exercise(
    cases=_loops,
    wrong={
        "El último lote cuenta aunque no esté lleno: redondea hacia arriba.": (
            lambda n, m, e: (e * (n // m), n % m or m)
        ),
        "Cada época tiene su último lote: redondea antes de multiplicar.": (
            lambda n, m, e: (-(-e * n // m), n % m or m)
        ),
        "Si divide justo, el último lote está lleno, no vacío.": (
            lambda n, m, e: (e * -(-n // m), n % m)
        ),
        "Faltan las épocas: cuentas los pasos de una.": (
            lambda n, m, e: (-(-n // m), n % m or m)
        ),
        "Si divide justo no hay un lote de más.": (
            lambda n, m, e: (e * (n // m + 1), n % m or m)
        ),
        "El último lote no está lleno si no divide justo.": (
            lambda n, m, e: (e * -(-n // m), m)
        ),
    },
)
def ej_contar_actualizaciones(n, batch_size, epochs):
    """Escribe una función que reciba el número de ejemplos, el tamaño de lote y las
    épocas, y devuelva cuántas actualizaciones hay en total y cuántos ejemplos tiene el
    último lote.
    """
    steps = steps_per_epoch(n, batch_size)
    return epochs * steps, n - (steps - 1) * batch_size


def _gradients(rng):
    three = np.array([0.0, 0.0, 6.0])
    for size in (1, 2, 3):
        yield case(f"los del enunciado, lotes de {size}", three, size)
    yield case("seis gradientes, lotes de 2", rng.normal(size=6), 2)
    yield case("diez gradientes, lotes de 4", rng.normal(size=10), 4)


@exercise(
    cases=_gradients,
    wrong={
        "Los lotes son sin repetición: falta el factor de la población.": (
            lambda g, m: float(g.var() / m)
        ),
        "Falta dividir entre el tamaño del lote.": lambda g, m: float(
            g.var() * (len(g) - m) / (len(g) - 1)
        ),
        "La varianza baja como el lote, no como su raíz.": lambda g, m: float(
            g.var() / np.sqrt(m) * (len(g) - m) / (len(g) - 1)
        ),
        "Es la desviación típica; se pide la varianza.": lambda g, m: float(
            np.sqrt(g.var() / m * (len(g) - m) / (len(g) - 1))
        ),
        "La varianza de los datos es la media de los cuadrados, entre n y no entre "
        "n - 1.": lambda g, m: float(g.var(ddof=1) / m * (len(g) - m) / (len(g) - 1)),
        "El factor de la población lleva n - 1 abajo, no n.": lambda g, m: float(
            g.var() / m * (len(g) - m) / len(g)
        ),
        "Falta restar la media: la varianza es alrededor de ella.": lambda g, m: float(
            np.mean(g**2) / m * (len(g) - m) / (len(g) - 1)
        ),
        "Es la media de los gradientes; se pide la varianza.": lambda g, m: float(
            g.mean()
        ),
    },
)
def ej_varianza_a_mano(grads, batch_size):
    """Escribe una función que reciba los gradientes de los ejemplos, `(N,)`, y el
    tamaño de lote, y devuelva la varianza de la media de un lote sin repetición.
    """
    return gradient_variance(grads[:, None], batch_size)


def _draws(rng):
    yield case("dos ejemplos, dos extracciones", 2, 2)
    yield case("tres ejemplos, una extracción", 3, 1)
    yield case("los del enunciado", 5000, 5000)
    yield case("dos épocas", 100, 200)


@exercise(
    cases=_draws,
    wrong={
        "Eso es solo el límite con muchos ejemplos: haz la cuenta exacta.": (
            lambda n, k: float(np.exp(-k / n))
        ),
        "Es la fracción que sí ha salido.": lambda n, k: 1 - (1 - 1 / n) ** k,
        "Es la probabilidad de que salga siempre el mismo.": lambda n, k: (1 / n) ** k,
        "Con reposición un ejemplo puede salir dos veces: no se resta.": (
            lambda n, k: max(0.0, 1 - k / n)
        ),
        "Es cuántos faltan; se pide la fracción.": lambda n, k: n * (1 - 1 / n) ** k,
        "El exponente es el número de extracciones, no el de ejemplos.": (
            lambda n, k: (1 - 1 / n) ** n
        ),
    },
)
def ej_con_reposicion(n, draws):
    """Escribe una función que reciba el número de ejemplos y el de extracciones, y
    devuelva qué fracción se espera que no haya salido.
    """
    return (1 - 1 / n) ** draws


def _batches(rng):
    yield case("lotes iguales", np.array([1.0, 3.0]), np.array([2, 2]))
    yield case("el enunciado", np.array([1.0, 1.0, 11.0]), np.array([2, 2, 1]))
    yield case("cuatro lotes", rng.random(4), np.array([8, 8, 8, 3]))
    yield case("seis lotes", rng.random(6), np.array([5, 5, 5, 5, 5, 1]))


@exercise(
    cases=_batches,
    wrong={
        "El último lote pesa como los otros y tiene menos ejemplos.": (
            lambda v, n: float(v.mean())
        ),
        "Falta dividir: es la suma de las pérdidas de todos los ejemplos.": (
            lambda v, n: float(v @ n)
        ),
        "Divide entre el número de ejemplos, no entre el de lotes.": (
            lambda v, n: float(v @ n / len(n))
        ),
        "No se tira el último lote: se pesa.": lambda v, n: float(v[:-1].mean()),
        "Lo que pesa es el tamaño, no su inverso.": lambda v, n: float(
            np.average(v, weights=1 / n)
        ),
        "Divide entre los ejemplos que hay, no entre los que habría con el último "
        "lote lleno.": lambda v, n: float(v @ n / (n.max() * len(n))),
    },
)
def ej_ultimo_lote(means, sizes):
    """Escribe una función que reciba la pérdida media de cada lote y su número de
    ejemplos, y devuelva la media de todos los ejemplos.
    """
    return float(np.average(means, weights=sizes))
