"""Ejercicios del capítulo 9: activaciones, recorte y bloques residuales."""

from math import comb

import numpy as np

from apuntes.activations import silu, silu_grad
from apuntes.exercises._exercise import answer, case, exercise
from apuntes.gradients import clip_grad_norm
from apuntes.layers import Linear, Residual, Tanh


def _chis(rng):
    yield case("una capa basta", 1 / 16, 0.25)
    yield case("la sigmoide del enunciado", 1 / 16, 1e-6)
    yield case("la ReLU del enunciado", 1 / 2, 1e-6)
    yield case("casi no se apaga", 0.9, 1e-3)


@exercise(
    cases=_chis,
    wrong={
        "χ multiplica el cuadrado de la norma; la norma, su raíz.": (
            lambda chi, fraction: int(np.ceil(np.log(fraction) / np.log(chi)))
        ),
        "Redondea hacia arriba: con la parte entera aún no ha bajado bastante.": (
            lambda chi, fraction: int(2 * np.log(fraction) / np.log(chi) - 1e-9)
        ),
        "Cuenta capas enteras: un número con decimales no lo es.": (
            lambda chi, fraction: 2 * np.log(fraction) / np.log(chi) + 0.25
        ),
        "Sobra una capa: basta con llegar a la fracción.": (
            lambda chi, fraction: int(2 * np.log(fraction) / np.log(chi)) + 2
        ),
        "La norma no cae con el cuadrado de χ, sino con su raíz.": (
            lambda chi, fraction: int(np.ceil(np.log(fraction) / np.log(chi) / 2))
        ),
    },
)
def ej_capas_hasta_apagarse(chi, fraction):
    """Escribe una función que reciba lo que cada capa multiplica el cuadrado de la
    norma (menor que 1) y una fracción, y devuelva cuántas capas hacen falta para que la
    norma no pase de esa fracción de la que tenía.
    """
    return int(np.ceil(2 * np.log(fraction) / np.log(chi) - 1e-9))


def _arrays(rng):
    yield case("un número", np.array([0.5]))
    yield case("positivos y negativos", np.array([-2.0, -1.0, 0.0, 3.0]))
    yield case("una matriz", rng.normal(size=(3, 4)))
    yield case("muy negativos", np.array([-1000.0, 1000.0]))


def _sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)


def _naive(z):
    with np.errstate(over="ignore", invalid="ignore"):
        gate = np.exp(z) / (1 + np.exp(z))
    return z * gate, gate * (1 + z * (1 - gate))


@exercise(
    cases=_arrays,
    wrong={
        "Con números grandes la exponencial desborda: usa la de menos el valor "
        "absoluto.": _naive,
        "Falta la regla del producto: z también se deriva.": (
            lambda z: (z * _sigmoid(z), z * _sigmoid(z) * _sigmoid(-z))
        ),
        "Falta derivar la puerta, que también depende de z.": (
            lambda z: (z * _sigmoid(z), _sigmoid(z))
        ),
        "Esa es la derivada de la sigmoide, no la de la SiLU.": (
            lambda z: (z * _sigmoid(z), _sigmoid(z) * _sigmoid(-z))
        ),
        "El signo de dentro: la puerta se abre cuando z crece.": (
            lambda z: (z * _sigmoid(-z), _sigmoid(-z) * (1 - z * _sigmoid(z)))
        ),
        "Eso es la softplus y su derivada.": (
            lambda z: (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))), _sigmoid(z))
        ),
    },
)
def ej_programa_la_silu(z):
    """Escribe una función que reciba un arreglo y devuelva su SiLU y la derivada de la
    SiLU en cada número, también con números muy grandes o muy negativos.
    """
    return silu(z), silu_grad(z)


@answer(
    wrong={
        "Esos son los ceros de la pendiente; se pide dónde es mayor y cuánto vale.": (
            -0.7518,
            0.0,
        ),
        "Ese es el mínimo de la pendiente: el otro signo.": (-1.41421, -0.12889),
        "En cero la pendiente vale un medio, y sigue subiendo.": (0.0, 0.5),
        "Ese es el valor de la GELU; se pide el de su derivada.": (1.41421, 1.30298),
        "Falta el término de la puerta, Φ.": (1.41421, 0.20755),
        "Falta la raíz: la segunda derivada se anula cuando z² es 2.": (2.0, 1.08523),
    }
)
def ej_cumbre_de_la_gelu():
    """Escribe dos números: el punto donde la pendiente de la GELU es mayor, y cuánto
    vale allí.
    """
    return 1.4142136, 1.1289039


def _gradient_lists(rng):
    yield case("por debajo del umbral", [np.array([0.3, 0.4])], 1.0)
    yield case("un solo vector", [np.array([3.0, 4.0])], 1.0)
    yield case("dos arreglos", [np.array([6.0, 0.0]), np.array([[8.0]])], 5.0)
    arrays = [rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(2, 4))]
    yield case("una red", arrays, 0.7)


def _clip(norm=lambda g: np.linalg.norm(g), each=False, always=False):
    """El recorte, con alguna de sus piezas cambiada."""

    def run(grads, max_norm):
        whole = norm(np.concatenate([g.ravel() for g in grads]))
        sizes = [norm(g.ravel()) if each else whole for g in grads]
        factors = [max_norm / s if always or s > max_norm else 1.0 for s in sizes]
        return [factor * g for factor, g in zip(factors, grads, strict=True)]

    return run


@exercise(
    cases=_gradient_lists,
    wrong={
        "La norma es la de todos los arreglos juntos, no la de cada uno.": _clip(
            each=True
        ),
        "Si no pasa del umbral no se toca: así lo alargas.": _clip(always=True),
        "Falta la raíz: eso es el cuadrado de la norma.": _clip(lambda g: g @ g),
        "Eso es recortar por el valor: la dirección cambia.": (
            lambda grads, max_norm: [np.clip(g, -max_norm, max_norm) for g in grads]
        ),
        "La norma suma cuadrados, no valores absolutos.": _clip(
            lambda g: np.abs(g).sum()
        ),
        "Ese es el mayor de los números, no la norma.": _clip(
            lambda g: np.abs(g).max()
        ),
        "Divide entre la norma, pero falta multiplicar por el umbral.": (
            lambda grads, max_norm: [
                g / np.sqrt(sum(np.sum(a**2) for a in grads)) for g in grads
            ]
        ),
    },
)
def ej_programa_el_recorte(grads, max_norm):
    """Escribe una función que reciba una lista de arreglos y el umbral, y devuelva la
    lista recortada por la norma de todos a la vez.
    """
    return clip_grad_norm(grads, max_norm=max_norm)[0]


def _blocks(rng):
    shapes = (("un número", 1, 1), ("un ejemplo", 1, 2), ("cinco ejemplos", 5, 3))
    for name, n, d in shapes:
        weight, bias = rng.normal(size=(d, d)), rng.normal(size=d)
        yield case(name, rng.normal(size=(n, d)), weight, bias, rng.normal(size=(n, d)))


def _block(shortcut=1, back=1, slope=lambda t: 1 - t**2, turn=False, mean=False):
    """El bloque, con alguna de sus piezas cambiada."""

    def run(x, weight, bias, delta):
        t = np.tanh(x @ weight.T + bias)
        inner = delta * slope(t)
        side = inner @ (weight.T if turn else weight)
        scale = len(x) if mean else 1
        into = inner.T @ x / scale, inner.sum(axis=0) / scale
        return shortcut * x + t, back * delta + side, *into

    return run


@exercise(
    cases=_blocks,
    wrong={
        "A la vuelta falta el atajo: Δ llega también entera.": _block(back=0),
        "A la ida falta el atajo: suma la entrada.": _block(shortcut=0),
        "La pendiente de la tangente es uno menos su salida al cuadrado.": _block(
            slope=lambda t: 1 - t
        ),
        "Falta la pendiente de la activación.": _block(slope=np.ones_like),
        "A la vuelta se multiplica por W, no por su traspuesta.": _block(turn=True),
        "La Δ que llega ya trae la media: no dividas otra vez.": _block(mean=True),
    },
)
def ej_programa_el_bloque(x, weight, bias, delta):
    """Escribe una función que reciba la entrada, el peso, el sesgo y la derivada que
    llega, y devuelva la salida del bloque y las derivadas respecto de la entrada, del
    peso y del sesgo.
    """
    linear = Linear(x.shape[1], x.shape[1], rng=np.random.default_rng(0))
    linear.weight, linear.bias = weight, bias
    block = Residual(linear, Tanh())
    return block.forward(x), block.backward(delta), *linear.gradients()


def _path_cases(rng):
    yield case("un bloque", 1, 0.5)
    yield case("tres bloques", 3, 0.2)
    yield case("todas las longitudes por igual", 4, 1.0)
    yield case("la red del enunciado", 54, 0.5)


def _shares(k, weigh, total=None):
    parts = np.array([weigh(r) for r in range(k + 1)], dtype=float)
    return parts / (parts.sum() if total is None else total)


@exercise(
    cases=_path_cases,
    wrong={
        "Falta contar los caminos de cada longitud.": (
            lambda k, q: _shares(k, lambda r: q**r)
        ),
        "Esa es la parte de los caminos; falta lo que trae cada uno.": (
            lambda k, q: _shares(k, lambda r: comb(k, r))
        ),
        "Falta dividir entre el total, para que sumen 1.": (
            lambda k, q: _shares(k, lambda r: comb(k, r) * q**r, total=1)
        ),
        "El total no es el número de caminos.": (
            lambda k, q: _shares(k, lambda r: comb(k, r) * q**r, total=2**k)
        ),
        "La longitud es lo que se atraviesa, no lo que se rodea.": (
            lambda k, q: _shares(k, lambda r: comb(k, r) * q ** (k - r))
        ),
        "También hay un camino de longitud 0, el que lo rodea todo.": (
            lambda k, q: _shares(k, lambda r: comb(k, r) * q**r)[1:]
        ),
    },
)
def ej_longitud_de_caminos(k, q):
    """Escribe una función que reciba el número de bloques y lo que multiplica cada
    función, y devuelva un arreglo con la parte del gradiente de cada longitud, desde 0.
    """
    return _shares(k, lambda r: comb(k, r) * q**r)
