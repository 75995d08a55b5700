"""Ejercicios del capítulo 11, «Capas de normalización»."""

import numpy as np

from apuntes._standardize import standardize
from apuntes.exercises._exercise import case, exercise
from apuntes.layers import Linear
from apuntes.normalization import BatchNorm1d, fuse_linear_bn_eval


def _columns(rng):
    yield case("el enunciado", np.array([2.0, 4, 4, 10]), 3.0, -1.0, 0.0)
    yield case("tres ejemplos, con épsilon", np.array([1.0, 5, 3]), 2.0, 0.5, 0.3)
    yield case("siete ejemplos", rng.normal(3, 2, 7), -1.5, 0.7, 0.1)


def _forward(spread=lambda x, eps: np.sqrt(x.var() + eps), out=None, center=True):
    """Normaliza con otra desviación o con otra salida."""
    out = out or (lambda hat, gamma, beta: gamma * hat + beta)

    def run(x, gamma, beta, eps):
        hat = (x - x.mean() if center else x) / spread(x, eps)
        return out(hat, gamma, beta)

    return run


@exercise(
    cases=_columns,
    wrong={
        "Al normalizar, la varianza del lote es entre m, no entre m - 1.": _forward(
            lambda x, eps: np.sqrt(x.var(ddof=1) + eps)
        ),
        "Has dividido entre la varianza: falta la raíz.": _forward(
            lambda x, eps: x.var() + eps
        ),
        "El épsilon va dentro de la raíz.": _forward(lambda x, eps: x.std() + eps),
        "Falta el épsilon, que va dentro de la raíz.": _forward(lambda x, eps: x.std()),
        "Falta restar la media.": _forward(center=False),
        "Faltan la escala y el traslado.": _forward(out=lambda hat, g, b: hat),
        "El traslado no se multiplica por la escala.": _forward(
            out=lambda hat, g, b: g * (hat + b)
        ),
    },
)
def ej_bn_ida(x, gamma, beta, eps):
    """Escribe una función que reciba los valores de una neurona en un lote, `(N,)`, su
    escala, su traslado y épsilon, y devuelva la salida al entrenar.
    """
    hat, _, _ = standardize(x[:, None], axis=0, eps=eps)
    return gamma * hat[:, 0] + beta


def _backs(rng):
    x = np.array([[1.0], [2], [3], [6]])
    yield case("el de la página", np.eye(4)[:, :1], x, np.ones(1), 1e-5)
    grad, inputs = rng.normal(size=(2, 5, 3))
    yield case("cinco ejemplos", grad, inputs, np.array([0.5, 2, -1]), 0.2)
    grad, inputs = rng.normal(size=(2, 6, 2))
    yield case("seis ejemplos", grad, inputs, np.array([1.5, 3]), 0.4)


def _backward(mean=True, along=True, gamma_in=True, divide=True, reduce=np.mean):
    """La vuelta de una columna, a la que le falta algo."""

    def run(grad, x, gamma, eps):
        s = np.sqrt(x.var(axis=0) + eps)
        g, hat = grad * gamma if gamma_in else grad, (x - x.mean(axis=0)) / s
        out = g - reduce(g, axis=0) if mean else g
        out = out - hat * reduce(g * hat, axis=0) if along else out
        return out / s if divide else out

    return run


@exercise(
    cases=_backs,
    wrong={
        "Mover un ejemplo mueve la media y la varianza: no son constantes.": _backward(
            mean=False, along=False
        ),
        "Falta lo que llega por la media.": _backward(mean=False),
        "Falta lo que llega por la varianza, la parte que va con x̂.": _backward(
            along=False
        ),
        "Falta la escala: lo que llega a x̂ va multiplicado por ella.": _backward(
            gamma_in=False
        ),
        "Falta dividir entre s.": _backward(divide=False),
        "Se quitan medias, no sumas.": _backward(reduce=np.sum),
    },
)
def ej_bn_vuelta(grad, x, gamma, eps):
    """Escribe una función que reciba lo que llega a la salida y la entrada, `(N, D)`,
    la escala, `(D,)`, y épsilon, y devuelva el gradiente de la entrada al entrenar.
    """
    layer = BatchNorm1d(x.shape[1], eps=eps)
    layer.weight = gamma
    layer.forward(x)
    return layer.backward(grad)


def _streams(rng):
    yield case("un lote", [np.array([1.0, 2, 3, 6])], 0.1)
    yield case("dos lotes", [np.array([1.0, 4]), np.array([3.0, 5])], 0.3)
    yield case("tres lotes", list(rng.normal(2, 3, size=(3, 5))), 0.2)


def _running(ddof=1, rate=lambda a: a, start=(0.0, 1.0), root=False):
    """Las medias móviles, con algo cambiado."""

    def run(batches, alpha):
        (mean, var), weight = start, rate(alpha)
        for batch in batches:
            mean += weight * (batch.mean() - mean)
            new = batch.std(ddof=ddof) if root else batch.var(ddof=ddof)
            var += weight * (new - var)
        return float(mean), float(var)

    return run


@exercise(
    cases=_streams,
    wrong={
        "La varianza que se guarda es la insesgada, entre m - 1.": _running(ddof=0),
        "Alfa es el peso del lote nuevo, no el de lo anterior.": _running(
            rate=lambda a: 1 - a
        ),
        "La varianza móvil empieza en 1.": _running(start=(0.0, 0.0)),
        "Se guarda la varianza, no la desviación típica.": _running(root=True),
        "Eso es la media por igual de todos los lotes, sin alfa.": lambda b, a: (
            float(np.mean([x.mean() for x in b])),
            float(np.mean([x.var(ddof=1) for x in b])),
        ),
        "Falta lo anterior: eso es solo el último lote.": lambda b, a: (
            float(b[-1].mean()),
            float(b[-1].var(ddof=1)),
        ),
    },
)
def ej_medias_moviles(batches, alpha):
    """Escribe una función que reciba los lotes de una neurona, una lista de arreglos, y
    alfa, y devuelva la media y la varianza móviles al acabar.
    """
    layer = BatchNorm1d(1, momentum=alpha)
    for batch in batches:
        layer.forward(batch[:, None])
    return float(layer.running_mean[0]), float(layer.running_var[0])


def _layers(rng):
    one = (np.array([6.0]), np.array([1.0]), np.array([1.0]), np.array([9.0]), 0.0)
    yield case("el enunciado", np.array([[2.0, -1]]), np.array([4.0]), *one)
    for inputs, outputs in ((2, 3), (4, 2)):
        weight, vectors = (
            rng.normal(size=(outputs, inputs)),
            rng.normal(size=(4, outputs)),
        )
        bias, gamma, beta, mean = vectors
        var = rng.uniform(0.5, 3, outputs)
        label = f"{inputs} entradas y {outputs} neuronas"
        yield case(label, weight, bias, gamma, beta, mean, var, 0.1)


def _fused(factor, weight=lambda w, f: f[:, None] * w, bias=None):
    """La fusión, con otro factor o con otro sesgo."""
    bias = bias or (lambda f, b, mean, beta: f * (b - mean) + beta)

    def run(w, b, gamma, beta, mean, var, eps):
        f = factor(gamma, var, eps)
        return weight(w, f), bias(f, b, mean, beta)

    return run


def _factor(gamma, var, eps):
    return gamma / np.sqrt(var + eps)


@exercise(
    cases=_layers,
    wrong={
        "Has dividido entre la varianza: falta la raíz.": _fused(
            lambda gamma, var, eps: gamma / (var + eps)
        ),
        "Falta la escala: se divide entre s lo que ella multiplica.": _fused(
            lambda gamma, var, eps: 1 / np.sqrt(var + eps)
        ),
        "El factor multiplica filas: una por neurona.": _fused(
            _factor, weight=lambda w, f: w * f[0]
        ),
        "Al sesgo se le resta la media antes de multiplicar.": _fused(
            _factor, bias=lambda f, b, mean, beta: f * b - mean + beta
        ),
        "El sesgo de la capa lineal también se multiplica.": _fused(
            _factor, bias=lambda f, b, mean, beta: b - f * mean + beta
        ),
        "Falta el traslado en el sesgo.": _fused(
            _factor, bias=lambda f, b, mean, beta: f * (b - mean)
        ),
        "Falta épsilon, que va dentro de la raíz.": _fused(
            lambda gamma, var, eps: gamma / np.sqrt(var)
        ),
    },
)
def ej_fusionar(weight, bias, gamma, beta, mean, var, eps):
    """Escribe una función que reciba el peso, `(H, D)`, y el sesgo de una capa lineal,
    y escala, traslado, media, varianza, `(H,)`, y épsilon de la normalización que la
    sigue, y devuelva el peso y el sesgo de la capa que hace lo mismo.
    """
    linear = Linear(*weight.shape[::-1], rng=np.random.default_rng(0))
    linear.weight, linear.bias = weight, bias
    norm = BatchNorm1d(len(bias), eps=eps).eval()
    norm.weight, norm.bias = gamma, beta
    norm.running_mean[:], norm.running_var[:] = mean, var
    fused = fuse_linear_bn_eval(linear, norm)
    return fused.weight, fused.bias
