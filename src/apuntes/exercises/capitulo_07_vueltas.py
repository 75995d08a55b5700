"""Ejercicios del capítulo 7 sobre la vuelta entera: de un grafo y de una red."""

from itertools import pairwise, product

from apuntes.activations import sigmoid
from apuntes.exercises._exercise import case, exercise


def _layered(rng, depth):
    """Capas de dos nodos unidas todas con todas, entre una entrada y una salida."""
    layers = [[0], *([2 * r + 1, 2 * r + 2] for r in range(depth)), [2 * depth + 1]]
    pairs = [edge for two in pairwise(layers) for edge in product(*two)]
    slopes = rng.uniform(0.4, 0.9, size=len(pairs)).round(3)
    edges = [(*pair, float(slope)) for pair, slope in zip(pairs, slopes, strict=True)]
    return 2 * depth + 2, [edges[place] for place in rng.permutation(len(edges))]


def _graphs(rng):
    yield case("una cadena", 3, [(0, 1, 2.0), (1, 2, -3.0)])
    yield case(
        "x por y, más x", 4, [(0, 3, 1.0), (2, 3, 1.0), (0, 2, 4.0), (1, 2, 3.0)]
    )
    yield case("tres capas", *_layered(rng, 3))
    yield case("treinta capas", *_layered(rng, 30))


def _sweep(order, start=1.0, step=lambda old, after, slope: old + after * slope):
    """Una pasada por las aristas, puestas en orden."""

    def deltas(count, edges):
        delta = [0.0] * (count - 1) + [start]
        for source, end, slope in order(edges):
            delta[source] = step(delta[source], delta[end], slope)
        return delta

    return deltas


def _backwards(edges):
    return sorted(edges, key=lambda edge: -edge[1])


def _forward_mode(count, edges):
    delta = [1.0] + [0.0] * (count - 1)
    for source, end, slope in sorted(edges):
        delta[end] += delta[source] * slope
    return delta


@exercise(
    cases=_graphs,
    wrong={
        "Lo que vuelve a un nodo por varias aristas se suma; guardas lo último.": (
            _sweep(_backwards, step=lambda old, after, slope: after * slope)
        ),
        "Las aristas llegan desordenadas: un nodo reparte antes de tenerlo todo.": (
            _sweep(list)
        ),
        "Darles la vuelta no las ordena: un nodo reparte antes de tenerlo todo.": (
            _sweep(lambda edges: edges[::-1])
        ),
        "Vas de la entrada a la salida: nadie ha recibido aún lo que reparte.": (
            _sweep(sorted)
        ),
        "A lo largo de un camino las derivadas locales se multiplican.": _sweep(
            _backwards, step=lambda old, after, slope: old + after + slope
        ),
        "Eso cuenta caminos: falta la derivada local de cada arista.": _sweep(
            _backwards, step=lambda old, after, slope: old + after
        ),
        "La derivada de la salida respecto de sí misma no es 0.": _sweep(
            _backwards, start=0.0
        ),
        "Es la derivada de cada nodo respecto del primero; se pide al revés.": (
            _forward_mode
        ),
    },
)
def ej_programa_la_recursion(count, edges):
    """Escribe una función que reciba cuántos nodos hay y la lista de aristas, cada una
    con su origen, su destino y su derivada local, y devuelva la lista de las derivadas
    de la salida respecto de cada nodo.
    """
    return _sweep(_backwards)(count, edges)


def _networks(rng):
    for n, d, h, k in ((1, 2, 3, 1), (3, 2, 4, 2), (5, 4, 3, 2)):
        yield case(
            f"lote de {n}, red {d}-{h}-{k}",
            *(rng.normal(size=(n, d)), rng.random((n, k))),
            *(rng.normal(size=(h, d)), rng.normal(size=h)),
            *(rng.normal(size=(k, h)), rng.normal(size=k)),
        )


def _slope(a):
    return a * (1 - a)


def _gradients(delta1, delta2, x, h):
    return delta1.T @ x, delta1.sum(axis=0), delta2.T @ h, delta2.sum(axis=0)


def _two_layers(make=_gradients, *, mean=len, first=_slope, last=_slope, sign=1):
    """Los cuatro gradientes; cada argumento es algo en lo que uno se equivoca."""

    def both(x, y, weight1, bias1, weight2, bias2):
        h = sigmoid(x @ weight1.T + bias1)
        a = sigmoid(h @ weight2.T + bias2)
        delta2 = sign * (a - y) / mean(x) * last(a)
        return make((delta2 @ weight2) * first(h), delta2, x, h)

    return both


@exercise(
    cases=_networks,
    wrong={
        "Falta dividir entre el número de ejemplos: el coste es una media.": (
            _two_layers(mean=lambda x: 1)
        ),
        "El signo: la derivada del coste es la salida menos el objetivo.": _two_layers(
            sign=-1
        ),
        "El coste lleva un ½: al derivarlo no queda un 2.": _two_layers(sign=2),
        "Falta la pendiente de la sigmoide de la salida.": _two_layers(
            last=lambda a: 1
        ),
        "Falta la pendiente de la sigmoide de la capa oculta.": _two_layers(
            first=lambda h: 1
        ),
        "La pendiente usa la salida de la capa: le aplicas otra vez la sigmoide.": (
            _two_layers(
                first=lambda h: _slope(sigmoid(h)), last=lambda a: _slope(sigmoid(a))
            )
        ),
        "Los gradientes de los pesos salen traspuestos: una fila por neurona.": (
            _two_layers(
                lambda d1, d2, x, h: (
                    x.T @ d1,
                    d1.sum(axis=0),
                    h.T @ d2,
                    d2.sum(axis=0),
                )
            )
        ),
        "El sesgo lo comparten todos los ejemplos: falta sumar sobre el lote.": (
            _two_layers(lambda d1, d2, x, h: (d1.T @ x, d1, d2.T @ h, d2))
        ),
        "Los sesgos se promedian dos veces.": _two_layers(
            lambda d1, d2, x, h: (d1.T @ x, d1.mean(axis=0), d2.T @ h, d2.mean(axis=0))
        ),
    },
)
def ej_programa_las_cuatro(x, y, weight1, bias1, weight2, bias2):
    """Escribe una función que reciba entradas `(N, D)`, objetivos `(N, K)` y los
    parámetros de las dos capas, y devuelva los gradientes del coste respecto de ellos,
    en el mismo orden.
    """
    return _two_layers()(x, y, weight1, bias1, weight2, bias2)
