"""Figuras del capítulo 8: cada grafo, con huecos en el enunciado y lleno al final."""

from collections.abc import Callable

from apuntes.figures.graph import draw_graph
from apuntes.figures.style import Drawing, drawing
from apuntes.graph import Value

# Salida, nombre de cada nodo y fila en que se dibuja.
Graph = tuple[Value, dict[str, Value], dict[Value, float]]
# Dentro de la caja de un ejercicio, un teléfono deja menos sitio.
BOX = 5.15


def values(**numbers: float) -> dict[str, Value]:
    """Una entrada con nombre por número."""
    return {name: Value(number) for name, number in numbers.items()}


def blank(build: Callable[[], Graph]) -> Drawing:
    """El grafo del enunciado: entradas, puertas y huecos."""
    return draw_graph(*build(), steps=(-1,), width=BOX)


def solved(build: Callable[[], Graph]) -> Drawing:
    """El grafo de la solución: todos los números."""
    return draw_graph(*build(), width=BOX)


def sample_graph() -> Graph:
    """El grafo de muestra, f = x máx(y, z) + y."""
    v = values(x=3, y=2, z=-1)
    x, y, z = v.values()
    largest = y.maximum(z)
    product = x * largest
    f = product + y
    rows = {x: 0, z: 0.8, y: 2.2, largest: 1.3, product: 0.6, f: 1.3}
    return f, v | {"f": f}, rows


@drawing
def sample() -> Drawing:
    """El grafo de muestra, en blanco, tras la ida y tras la vuelta."""
    titles = "1. Lo que te dan", "2. La ida: los valores", "3. La vuelta: las derivadas"
    return draw_graph(*sample_graph(), steps=(-1, 0, None), titles=titles)


def products_graph() -> Graph:
    """El grafo de f = (a b + c) d."""
    v = values(a=2, b=-3, c=10, d=-2)
    f = (v["a"] * v["b"] + v["c"]) * v["d"]
    return f, v | {"f": f}, {v["a"]: -0.1, v["b"]: 1.1}


@drawing
def products_blank() -> Drawing:
    """Enunciado de f = (a b + c) d."""
    return blank(products_graph)


@drawing
def products_solved() -> Drawing:
    """Solución de f = (a b + c) d."""
    return solved(products_graph)


def routed_graph() -> Graph:
    """El grafo de f = máx(x y, z) + x."""
    v = values(x=2, y=3, z=5)
    x, y, z = v.values()
    product = x * y
    largest = product.maximum(z)
    f = largest + x
    return f, v | {"f": f}, routed_rows(x, y, z, product, largest, f)


def routed_rows(*nodes: Value) -> dict[Value, float]:
    """Filas de x, y, z, el producto, el máximo y la salida."""
    return dict(zip(nodes, (0, 1.2, 2, 0.9, 1.3, 0.5), strict=True))


@drawing
def routed_blank() -> Drawing:
    """Enunciado de f = máx(x y, z) + x."""
    return blank(routed_graph)


@drawing
def routed_solved() -> Drawing:
    """Solución de f = máx(x y, z) + x."""
    return solved(routed_graph)


def neuron_graph() -> Graph:
    """El grafo de f = σ(w x + b)²."""
    v = values(w=1, x=-2, b=3)
    f = (v["w"] * v["x"] + v["b"]).sigmoid() ** 2
    return f, v | {"f": f}, {v["w"]: -0.1, v["x"]: 1.1}


@drawing
def neuron_blank() -> Drawing:
    """Enunciado de f = σ(w x + b)²."""
    return blank(neuron_graph)


@drawing
def neuron_solved() -> Drawing:
    """Solución de f = σ(w x + b)²."""
    return solved(neuron_graph)


def logarithm_graph() -> Graph:
    """El grafo de f = ln(x² + e^y) (x − y)."""
    v = values(x=1, y=0)
    x, y = v.values()
    square, power, difference = x**2, y.exp(), x - y
    total = square + power
    logarithm = total.log()
    f = logarithm * difference
    rows = {x: 0.1, y: 2.1, square: -0.2, power: 1.45, difference: 2.2}
    return f, v | {"f": f}, rows | {total: 0.5, logarithm: 0.9, f: 1.3}


@drawing
def logarithm_blank() -> Drawing:
    """Enunciado de f = ln(x² + e^y) (x − y)."""
    return blank(logarithm_graph)


@drawing
def logarithm_solved() -> Drawing:
    """Solución de f = ln(x² + e^y) (x − y)."""
    return solved(logarithm_graph)
