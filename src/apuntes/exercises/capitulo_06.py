"""Ejercicios del laboratorio 1, «Entrenar y diagnosticar»."""

import numpy as np

from apuntes.exercises._exercise import answer, case, exercise


def _registers(rng):
    yield case("un solo lote", 1, 10)
    yield case("lotes de uno", 7, 1)
    yield case("tres lotes de cuatro", 3, 4)
    yield case("el registro del enunciado", 750, 64)


@exercise(
    cases=_registers,
    wrong={
        "Faltan los lotes anteriores al último: uno solo no los llena todos.": (
            lambda s, m: (1, s * m)
        ),
        "El mínimo se pasa por uno de menos: con ese tamaño habría un lote menos.": (
            lambda s, m: ((s - 1) * m, s * m)
        ),
        "El máximo se pasa: el último lote, como mucho, está lleno.": (
            lambda s, m: ((s - 1) * m + 1, (s + 1) * m)
        ),
        "El último lote puede ir incompleto: el mínimo es menor.": (
            lambda s, m: (s * m, s * m)
        ),
        "El último lote puede estar lleno: el máximo es uno más.": (
            lambda s, m: ((s - 1) * m + 1, s * m - 1)
        ),
        "El último lote se cuenta aunque no esté lleno: redondea hacia arriba, no "
        "hacia abajo.": lambda s, m: (s * m, (s + 1) * m - 1),
    },
)
def ej_contar_pasos(steps, batch_size):
    """Escribe una función que reciba los pasos de una época y el tamaño de lote, y
    devuelva el menor y el mayor número de ejemplos posibles.
    """
    return (steps - 1) * batch_size + 1, steps * batch_size


def _epochs(rng):
    yield case("dos lotes iguales", np.array([0.2, 0.6]), np.array([4, 4]))
    yield case("el último, de uno", np.array([0.1, 0.4, 0.9]), np.array([4, 4, 1]))
    hits = np.array([0.1, 0.4, 0.6, 0.7])
    yield case("el registro del enunciado", hits, np.array([2, 2, 2, 1]))
    yield case("cinco lotes", rng.random(5), np.array([8, 8, 8, 8, 3]))


@exercise(
    cases=_epochs,
    wrong={
        "Todos los lotes pesan lo mismo, y el último no tiene tantos ejemplos.": (
            lambda v, n: float(np.mean(v))
        ),
        "Falta dividir: es la suma de los aciertos.": lambda v, n: float(v @ n),
        "Divides entre el número de lotes; pesa por ejemplos, divide por ejemplos.": (
            lambda v, n: float(v @ n / len(v))
        ),
        "Es la del último lote, no la de la época.": lambda v, n: float(v[-1]),
        "El último lote también cuenta.": lambda v, n: float(
            np.average(v[:-1], weights=n[:-1])
        ),
        "Es la suma de las exactitudes.": lambda v, n: float(np.sum(v)),
    },
)
def ej_media_de_la_epoca(values, sizes):
    """Escribe una función que reciba la exactitud de cada lote y cuántos ejemplos tiene
    cada uno, y devuelva la que imprime el registro.
    """
    return float(np.average(values, weights=sizes))


@answer(
    wrong={
        "El elegido acierta si acierta alguno de los dos: no basta con uno fijo.": (
            *(0.5, 0.5),
        ),
        "En uno nuevo el elegido vuelve a contestar a cara o cruz.": (0.75, 0.75),
        "El primero es la probabilidad de que acierten los dos.": (0.25, 0.5),
        "Está al revés: primero en ese ejemplo.": (0.5, 0.75),
        "El elegido falla cuando fallan los dos, que pasa una vez de cuatro.": (
            *(1.0, 0.5),
        ),
    }
)
def ej_el_mejor_de_dos():
    """Escribe la pareja de exactitudes: en ese ejemplo y en uno nuevo."""
    fail = 1 / 2
    return 1 - fail**2, 1 - fail


def _probabilities(rng):
    yield case("un acierto", np.array([0.9]))
    yield case("un fallo", np.array([0.3, 0.6]))
    yield case("la época 10", np.array([0.9, 0.8, 0.7, 0.6, 0.3]))
    yield case("la época 60", np.array([0.99, 0.98, 0.97, 0.9, 0.001]))


def _hits(p):
    return float((p > 0.5).mean())


@exercise(
    cases=_probabilities,
    wrong={
        "El signo de la entropía cruzada: el logaritmo es negativo.": (
            lambda p: (_hits(p), float(np.log(p).mean()))
        ),
        "La entropía cruzada es la media, no la suma.": (
            lambda p: (_hits(p), float(-np.log(p).sum()))
        ),
        "La exactitud cuenta aciertos; no es la probabilidad media.": (
            lambda p: (float(p.mean()), float(-np.log(p).mean()))
        ),
        "Promedia los logaritmos, no tomes el logaritmo de la media.": (
            lambda p: (_hits(p), float(-np.log(p.mean())))
        ),
        "Logaritmo natural, no en base 2.": (
            lambda p: (_hits(p), float(-np.log2(p).mean()))
        ),
        "La exactitud es una fracción, no un recuento.": (
            lambda p: (float((p > 0.5).sum()), float(-np.log(p).mean()))
        ),
        "Logaritmo natural, no en base 10.": (
            lambda p: (_hits(p), float(-np.log10(p).mean()))
        ),
    },
)
def ej_perdida_sube(probabilities):
    """Escribe una función que reciba las probabilidades dadas a la respuesta correcta,
    con dos clases, y devuelva la exactitud y la entropía cruzada media.
    """
    return _hits(probabilities), float(-np.log(probabilities).mean())


def _runs(rng):
    yield case("siempre mejora", [0.9, 0.6, 0.5], 1)
    yield case("empeora enseguida", [0.5, 0.6, 0.4, 0.3], 1)
    yield case("una meseta", [0.5, 0.5, 0.5, 0.5, 0.4], 2)
    losses = [0.9, 0.6, 0.5, 0.55, 0.52, 0.45, 0.5]
    for patience in (1, 2, 3):
        yield case(f"la del enunciado, paciencia {patience}", losses, patience)
    yield case("dos bajadas", [0.9, 0.7, 0.8, 0.6, 0.65, 0.66, 0.5, 0.4], 3)


def _stop(better, *, previous=False, offset=1, late=0, last=False):
    """La parada con alguna de sus piezas cambiada."""

    def stop(losses, patience):
        best, best_epoch = float("inf"), offset
        for epoch, loss in enumerate(losses, start=offset):
            if better(loss, best):
                best, best_epoch = loss, epoch
            elif epoch - best_epoch == patience + late:
                return epoch, epoch if last else best_epoch
            best = loss if previous else best
        return epoch, epoch if last else best_epoch

    return stop


def _strictly(loss, best):
    return loss < best


@exercise(
    cases=_runs,
    wrong={
        "Las épocas se cuentan desde 1.": _stop(_strictly, offset=0),
        "Compara con el mínimo hasta ahora, no con la época anterior.": _stop(
            _strictly, previous=True
        ),
        "Igualar el mínimo no es mejorarlo.": _stop(lambda loss, best: loss <= best),
        "Te paras una época tarde: con r épocas sin mejorar ya se para.": _stop(
            _strictly, late=1
        ),
        "Quédate con los pesos de la mejor época, no con los de la parada.": _stop(
            _strictly, last=True
        ),
        "Hay que parar al agotar la paciencia, sin mirar lo que viene después.": (
            lambda losses, patience: (len(losses), int(np.argmin(losses)) + 1)
        ),
    },
)
def ej_parar_a_tiempo(losses, patience):
    """Escribe una función que reciba la lista de pérdidas y la paciencia, y devuelva en
    qué época se para, contando desde 1, y de qué época son los pesos; si no se para, la
    última.
    """
    return _stop(_strictly)(losses, patience)
