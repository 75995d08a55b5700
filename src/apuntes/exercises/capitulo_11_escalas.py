"""Ejercicios del capítulo 11: quién comparte estadísticas, y qué escala importa."""

import numpy as np

from apuntes._standardize import standardize
from apuntes.exercises._exercise import answer, case, exercise
from apuntes.normalization import RMSNorm


def _images(rng):
    yield case("un canal por grupo", rng.normal(size=(1, 2, 1, 3)), 2, 0.1)
    yield case("dos grupos de dos", rng.normal(1, 2, size=(2, 4, 2, 3)), 2, 0.2)
    yield case("un solo grupo", rng.normal(size=(2, 3, 2, 2)), 1, 0.1)
    yield case("tres grupos de dos", rng.normal(size=(3, 6, 1, 2)), 3, 0.3)


def _over(*axes, spread=lambda v, eps: np.sqrt(v + eps)):
    """Normaliza promediando esos ejes de `(N, grupos, canales, alto, ancho)`."""

    def run(x, groups, eps):
        n, channels, *rest = x.shape
        split = x.reshape(n, groups, channels // groups, *rest)
        mean = split.mean(axis=axes, keepdims=True)
        var = split.var(axis=axes, keepdims=True)
        return ((split - mean) / spread(var, eps)).reshape(x.shape)

    return run


def _interleaved(x, groups, eps):
    """Los grupos son canales seguidos, y aquí se reparten alternados."""
    out = np.empty_like(x)
    for k in range(groups):
        out[:, k::groups] = standardize(x[:, k::groups], axis=(1, 2, 3), eps=eps)[0]
    return out


@exercise(
    cases=_images,
    wrong={
        "Eso es por capas: cada grupo tiene sus estadísticas.": _over(1, 2, 3, 4),
        "Eso es por instancias: los canales de un grupo se promedian juntos.": (
            _over(3, 4)
        ),
        "Has promediado también los ejemplos.": _over(0, 2, 3, 4),
        "Faltan las posiciones: también se promedian.": _over(2),
        "Has dividido entre la varianza: falta la raíz.": _over(
            2, 3, 4, spread=lambda v, eps: v + eps
        ),
        "Los canales de un grupo son seguidos, no alternos.": _interleaved,
    },
)
def ej_por_grupos(x, groups, eps):
    """Escribe una función que reciba un arreglo `(N, C, alto, ancho)`, el número de
    grupos y épsilon, y lo devuelva normalizado por grupos, sin escala ni traslado.
    """
    split = x.reshape(len(x), groups, -1)
    return standardize(split, axis=2, eps=eps)[0].reshape(x.shape)


@answer(
    wrong={
        "El gradiente es diez veces menor, pero los pesos son además diez veces "
        "mayores.": 10,
        "No basta con dejarla: el mismo paso gira menos unos pesos más largos.": 1,
        "Al revés: hace falta una tasa mayor.": 0.01,
        "Al revés, y además falta un factor: hace falta una tasa mayor.": 0.1,
        "Te sobra un factor diez: uno por el gradiente y otro por los pesos.": 1000,
    }
)
def ej_diez_veces_mayor():
    """Escribe por cuánto hay que multiplicar la tasa."""
    return 10**2


@answer(
    wrong={
        "Falta épsilon: la separación es pequeña y ahí manda él.": (-1.0, 1.0),
        "Has dividido entre la separación: la desviación es su mitad.": (
            *(-0.15075, 0.15075),
        ),
        "El épsilon va dentro de la raíz, con la varianza.": (-0.98039, 0.98039),
        "El orden: primero la menor.": (0.15617, -0.15617),
        "Falta restar la media.": (0.0, 0.31235),
    }
)
def ej_solo_dos():
    """Escribe la pareja que sale de la última pregunta, primero la entrada menor."""
    pair = standardize(np.array([[0.0], [0.001]]), axis=0, eps=1e-5)[0]
    return tuple(pair[:, 0].tolist())


def _rows(rng):
    grad, x = np.array([[1.0, 0]]), np.array([[1.0, 7]])
    yield case("el de la página", grad, x, np.ones(2), 0.0)
    for shape in ((2, 3), (4, 5)):
        grad, x = rng.normal(size=(2, *shape))
        yield case(f"{shape[0]} ejemplos", grad, x, rng.normal(2, 1, shape[1]), 0.2)


def _rms(along=True, center=False, gamma_in=True, divide=True, reduce=np.mean, axis=1):
    """La vuelta de RMSNorm, con algo de más o de menos."""

    def run(grad, x, gamma, eps):
        over = {"axis": axis, "keepdims": True}
        s = np.sqrt(np.mean(x * x, axis=1, keepdims=True) + eps)
        g, hat = grad * gamma if gamma_in else grad, x / s
        out = g - g.mean(**over) if center else g
        out = out - hat * reduce(g * hat, **over) if along else out
        return out / s if divide else out

    return run


@exercise(
    cases=_rows,
    wrong={
        "La media cuadrática depende de toda la fila: falta un término.": _rms(
            along=False
        ),
        "Aquí no se resta la media, y a la vuelta tampoco.": _rms(center=True),
        "Falta la escala: lo que llega a x̂ va multiplicado por ella.": _rms(
            gamma_in=False
        ),
        "Falta dividir entre s.": _rms(divide=False),
        "El producto con x̂ se promedia, no se suma.": _rms(reduce=np.sum),
        "Cada ejemplo va por su lado: se promedia en la fila.": _rms(axis=0),
    },
)
def ej_rms_vuelta(grad, x, gamma, eps):
    """Escribe una función que reciba lo que llega a la salida de una RMSNorm y su
    entrada, `(N, D)`, la escala, `(D,)`, y épsilon, y devuelva el gradiente de la
    entrada.
    """
    layer = RMSNorm(x.shape[1], eps=eps)
    layer.weight = gamma
    layer.forward(x)
    return layer.backward(grad)
