"""Inicialización: cotas de referencia, distribución, PyTorch y los errores."""

import math
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import init

from apuntes.initialization import (
    kaiming_normal,
    kaiming_uniform,
    normal,
    xavier_normal,
    xavier_uniform,
)

SCHEMES = {
    "xavier_uniform": xavier_uniform,
    "xavier_normal": xavier_normal,
    "kaiming_uniform": kaiming_uniform,
    "kaiming_normal": kaiming_normal,
    "normal": partial(normal, std=0.3),
}
# Fe de erratas, R-08: las dos capas de la red 784-15-10, (forma, cota o desviación).
R08_BOUND = {
    "xavier-oculta": (xavier_uniform, (15, 784), 0.086657),
    "xavier-salida": (xavier_uniform, (10, 15), 0.489898),
    "kaiming-oculta": (kaiming_uniform, (15, 784), 0.087482),
    "kaiming-salida": (kaiming_uniform, (10, 15), 0.632456),
    "linear-de-pytorch-oculta": (partial(kaiming_uniform, a=math.sqrt(5)), (15, 784), 0.035714),
    "linear-de-pytorch-salida": (partial(kaiming_uniform, a=math.sqrt(5)), (10, 15), 0.258199),
    "xavier-ganancia": (partial(xavier_uniform, gain=5 / 3), (10, 15), 5 / 3 * 0.489898),
    "kaiming-fan-out": (partial(kaiming_uniform, mode="fan_out"), (10, 15), 0.774597),
}  # fmt: skip
R08_STD = {
    "xavier-oculta": (xavier_normal, (15, 784), 0.050031),
    "xavier-salida": (xavier_normal, (10, 15), 0.282843),
    "kaiming-oculta": (kaiming_normal, (15, 784), 0.050508),
    "kaiming-salida": (kaiming_normal, (10, 15), 0.365148),
    "xavier-ganancia": (partial(xavier_normal, gain=2.0), (10, 15), 2 * 0.282843),
    "kaiming-fan-out": (partial(kaiming_normal, mode="fan_out"), (10, 15), 0.447214),
    "kaiming-fuga": (partial(kaiming_normal, a=1.0), (10, 15), 0.365148 / math.sqrt(2)),
    "normal": (partial(normal, std=0.3), (10, 15), 0.3),
}


# Las mismas en PyTorch, sobre un tensor de esa forma.
PYTORCH = {
    "xavier_uniform": (xavier_uniform, init.xavier_uniform_),
    "xavier_uniform-5/3": (partial(xavier_uniform, gain=5 / 3), partial(init.xavier_uniform_, gain=init.calculate_gain("tanh"))),
    "xavier_normal": (xavier_normal, init.xavier_normal_),
    "kaiming_uniform": (kaiming_uniform, init.kaiming_uniform_),
    "kaiming_uniform-0.5": (partial(kaiming_uniform, a=0.5), partial(init.kaiming_uniform_, a=0.5)),
    "kaiming_normal": (kaiming_normal, init.kaiming_normal_),
    "kaiming_normal-fan_out": (partial(kaiming_normal, mode="fan_out"), partial(init.kaiming_normal_, mode="fan_out")),
    "normal": (partial(normal, std=0.3), partial(init.normal_, std=0.3)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("scheme", "shape", "bound"), R08_BOUND.values(), ids=R08_BOUND
)
def test_uniform_has_the_bound_of_reference_r08(scheme, shape, bound):
    weight = scheme(shape, rng=np.random.default_rng(0))
    unit = np.random.default_rng(0).uniform(-1, 1, size=shape)

    np.testing.assert_allclose(weight / unit, bound, rtol=0, atol=1e-6)
    assert np.abs(weight).max() <= bound + 1e-6


@pytest.mark.parametrize(("scheme", "shape", "std"), R08_STD.values(), ids=R08_STD)
def test_normal_has_the_deviation_of_reference_r08(scheme, shape, std):
    weight = scheme(shape, rng=np.random.default_rng(0))
    unit = np.random.default_rng(0).standard_normal(shape)

    np.testing.assert_allclose(weight / unit, std, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", SCHEMES)
def test_weights_follow_their_distribution(name, rng):
    """La distribución empírica no se aparta de la suya más de lo que permite DKW."""
    weights = np.sort(SCHEMES[name]((200, 300), rng=rng).ravel())
    if name.endswith("uniform"):
        bound = math.sqrt(6 / (500 if name.startswith("xavier") else 300))
        expected = (weights / bound + 1) / 2
    else:
        std = {
            "xavier_normal": math.sqrt(2 / 500),
            "kaiming_normal": math.sqrt(2 / 300),
        }
        scaled = weights / (std.get(name, 0.3) * math.sqrt(2))
        expected = np.array([(1 + math.erf(w)) / 2 for w in scaled])
    empirical = np.arange(1, len(weights) + 1) / len(weights)

    # Dvoretzky, Kiefer y Wolfowitz: se supera una vez de cada millón.
    limit = math.sqrt(math.log(2e6) / (2 * len(weights)))
    assert np.abs(empirical - expected).max() < limit


@pytest.mark.parametrize(("ours", "theirs"), PYTORCH.values(), ids=PYTORCH)
def test_weights_are_distributed_as_in_pytorch(ours, theirs, rng):
    """Kolmogórov y Smirnov con dos muestras: se supera una vez de cada millón."""
    shape = (200, 300)
    theirs_tensor = theirs(
        torch.empty(shape), generator=torch.Generator().manual_seed(0)
    )
    mine, their = np.sort(ours(shape, rng=rng).ravel()), np.sort(theirs_tensor.ravel())
    gap = np.searchsorted(their, mine, side="right") - np.arange(1, mine.size + 1)

    assert np.abs(gap).max() / mine.size < 2.69 * math.sqrt(2 / mine.size)


@pytest.mark.parametrize("name", SCHEMES)
@given(shape=st.tuples(st.integers(1, 20), st.integers(1, 20)), seed=st.integers(0, 99))
def test_float32_is_float64_rounded_and_the_seed_repeats(name, shape, seed):
    double = SCHEMES[name](shape, rng=np.random.default_rng(seed))
    single = SCHEMES[name](shape, rng=np.random.default_rng(seed), dtype=np.float32)

    assert (double.shape, double.dtype) == (shape, np.float64)
    assert single.dtype == np.float32
    np.testing.assert_array_equal(single, double.astype(np.float32))


@given(gain=st.floats(0, 10), seed=st.integers(0, 99))
def test_gain_multiplies_the_weights(gain, seed):
    for scheme in (xavier_uniform, xavier_normal):
        plain = scheme((4, 3), rng=np.random.default_rng(seed))
        scaled = scheme((4, 3), gain=gain, rng=np.random.default_rng(seed))

        np.testing.assert_allclose(scaled, gain * plain, atol=1e-14)


@pytest.mark.parametrize("scheme", [kaiming_uniform, kaiming_normal])
def test_kaiming_keeps_the_size_of_the_activations_of_a_deep_relu_network(scheme, rng):
    """Para eso se pensó: tras 20 capas ReLU la media de a² sigue siendo del orden de 1."""
    a = rng.normal(size=(200, 400))
    for _ in range(20):
        a = np.maximum(a @ scheme((400, 400), rng=rng).T, 0)

    assert 0.2 < (a**2).mean() < 2


def test_normal_accepts_any_shape_and_zero_deviation(rng):
    assert normal((2, 3, 4), std=1.0, rng=rng).shape == (2, 3, 4)
    assert not normal((5,), std=0.0, rng=rng).any()


@pytest.mark.parametrize("name", SCHEMES)
def test_draws_are_new_and_independent(name, rng):
    first, second = (SCHEMES[name]((3, 3), rng=rng) for _ in range(2))

    assert not np.shares_memory(first, second)
    assert (first != second).all()


RNG = np.random.default_rng(0)
REJECTED = {
    "std-negativa": (lambda: normal((2, 2), std=-1.0, rng=RNG), ValueError, "std .* -1.0"),
    "std-nan": (lambda: normal((2, 2), std=math.nan, rng=RNG), ValueError, "std .* nan"),
    "std-texto": (lambda: normal((2, 2), std="1", rng=RNG), TypeError, "std .* str"),
    "ganancia-negativa": (lambda: xavier_uniform((2, 2), gain=-1.0, rng=RNG), ValueError, "gain .* -1.0"),
    "ganancia-negativa-normal": (lambda: xavier_normal((2, 2), gain=-1.0, rng=RNG), ValueError, "gain .* -1.0"),
    "fuga-negativa": (lambda: kaiming_uniform((2, 2), a=-0.1, rng=RNG), ValueError, "a no .* -0.1"),
    "fuga-nan": (lambda: kaiming_normal((2, 2), a=math.nan, rng=RNG), ValueError, "a no .* nan"),
    "tipo-entero": (lambda: normal((2, 2), std=1.0, rng=RNG, dtype=int), TypeError, "dtype .* int"),
    "tipo-entero-uniforme": (lambda: kaiming_uniform((2, 2), rng=RNG, dtype=np.int64), TypeError, "dtype .* int64"),
    "forma-entera": (lambda: xavier_normal(3, rng=RNG), ValueError, r"\(out, in\).* 3"),
    "modo": (lambda: kaiming_uniform((2, 2), mode="fan", rng=RNG), ValueError, "fan_in.*'fan'"),
    "modo-normal": (lambda: kaiming_normal((2, 2), mode="fan_avg", rng=RNG), ValueError, "'fan_avg'"),
    "semilla": (lambda: normal((2, 2), std=1.0, rng=0), TypeError, "default_rng.* int"),
    "semilla-uniforme": (lambda: xavier_uniform((2, 2), rng=0), TypeError, "default_rng.* int"),
    **{
        f"{name}-{case}": (partial(SCHEMES[name], shape, rng=RNG), error, match)
        for name in ("xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal")
        for case, shape, error, match in (
            ("vector", (3,), ValueError, r"\(out, in\).*\(3,\)"),
            ("convolucion", (8, 3, 5, 5), ValueError, r"\(8, 3, 5, 5\)"),
            ("sin-entradas", (3, 0), ValueError, "fan_in .* 0"),
            ("sin-salidas", (0, 3), ValueError, "fan_out .* 0"),
            ("real", (3.0, 2), TypeError, "fan_out .* float"),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
