"""Pérdidas: valores a mano, gradiente, leyes, erratas, límites, errores y PyTorch."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch.nn import functional

from apuntes import losses
from apuntes.activations import sigmoid, softmax, softmax_grad
from apuntes.gradcheck import numerical_gradient

LOG2, LOG3, INF = math.log(2), math.log(3), float("inf")
QUADRATIC, MSE, L1 = "quadratic_cost", "mse_loss", "l1_loss"
HUBER, HINGE, CE = "huber_loss", "hinge_loss", "cross_entropy"
BCE, BCE_LOGITS = "binary_cross_entropy", "binary_cross_entropy_with_logits"
HALF = {"delta": 0.5}
# Una fila por caso: (pérdida, primer argumento, target, hiperparámetros, valor y
# gradiente calculados a mano).
BY_HAND = {
    "cuadratico-suma-componentes": (QUADRATIC, [[1.0, 4.0]], [[1.0, 2.0]], {}, 2, [[0, 2]]),
    "cuadratico-promedia-ejemplos": (QUADRATIC, [[0.0], [3.0]], [[1.0], [1.0]], {}, 5 / 4, [[-1 / 2], [1]]),
    "mse-promedia-componentes": (MSE, [[1.0, 4.0]], [[1.0, 2.0]], {}, 2, [[0, 2]]),
    "mse-promedia-ejemplos": (MSE, [[0.0], [3.0]], [[1.0], [1.0]], {}, 5 / 2, [[-1], [2]]),
    "mse-sin-ejes": (MSE, 5.0, 2.0, {}, 9, 6),
    "l1": (L1, [0.0, 4.0], [1.0, 2.0], {}, 3 / 2, [-1 / 2, 1 / 2]),
    "l1-quiebre": (L1, [2.0, 3.0], [2.0, 2.0], {}, 1 / 2, [0, 1 / 2]),
    "huber-dos-ramas": (HUBER, [2.5, 5.0], [2.0, 2.0], {}, 21 / 16, [1 / 4, 1 / 2]),
    "huber-delta-1/2": (HUBER, [2.25, 1.0], [2.0, 2.0], HALF, 13 / 64, [1 / 8, -1 / 4]),
    "huber-delta-2": (HUBER, [5.0], [2.0], {"delta": 2.0}, 4, [2]),
    "huber-delta-inf": (HUBER, [5.0], [2.0], {"delta": INF}, 9 / 2, [3]),
    "bisagra-dentro-y-fuera": (HINGE, [0.5, 2.0], [1.0, 1.0], {}, 1 / 4, [-1 / 2, 0]),
    "bisagra-negativa": (HINGE, [0.5, -2.0], [-1.0, -1.0], {}, 3 / 4, [1 / 2, 0]),
    "bisagra-quiebre": (HINGE, [1.0, -1.0], [1.0, -1.0], {}, 0, [0, 0]),
    "bce-moneda": (BCE, [0.5, 0.5], [0.0, 1.0], {}, LOG2, [1, -1]),
    "bce-1-de-4": (BCE, [0.25], [1.0], {}, 2 * LOG2, [-4]),
    "bce-suave": (BCE, [0.5], [0.25], {}, LOG2, [1]),
    "bce-acierta-seguro": (BCE, [0.0, 1.0], [0.0, 1.0], {}, 0, [1 / 2, -1 / 2]),
    "bce-falla-seguro-0": (BCE, [0.0], [1.0], {}, INF, [-INF]),
    "bce-falla-seguro-1": (BCE, [1.0], [0.0], {}, INF, [INF]),
    "bce-suave-en-0": (BCE, [0.0], [0.5], {}, INF, [-INF]),
    "bce-logits-moneda": (BCE_LOGITS, [0.0, 0.0], [0.0, 1.0], {}, LOG2, [1 / 4, -1 / 4]),
    "bce-logits-3-a-1": (BCE_LOGITS, [LOG3], [1.0], {}, math.log(4 / 3), [-1 / 4]),
    "bce-logits-suave": (BCE_LOGITS, [LOG3], [0.5], {}, math.log(4) - LOG3 / 2, [1 / 4]),
    "ce-uniforme": (CE, [[0.0, 0.0]], [1], {}, LOG2, [[1 / 2, -1 / 2]]),
    "ce-3-a-1": (CE, [[0.0, LOG3]], [0], {}, 2 * LOG2, [[-3 / 4, 3 / 4]]),
    "ce-lote": (CE, [[0.0, LOG3], [0.0, 0.0]], [0, 0], {}, 3 / 2 * LOG2, [[-3 / 8, 3 / 8], [-1 / 4, 1 / 4]]),
    "ce-probabilidades": (CE, [[0.0, LOG3]], [[0.5, 0.5]], {}, math.log(4) - LOG3 / 2, [[-1 / 4, 1 / 4]]),
    "ce-probabilidades-lote": (CE, [[0.0, 0.0], [0.0, 0.0]], [[0.5, 0.5], [1.0, 0.0]], {}, LOG2, [[0, 0], [-1 / 4, 1 / 4]]),
    "ce-una-clase": (CE, [[7.0]], [0], {}, 0, [[0]]),
}  # fmt: skip
# R-05 y E1-02: los números del curso, con seis decimales.
LECTURE = {
    "r05-cuadratico-1.4": (MSE, [1.4], [2.0], {}, 0.36, [-1.2]),
    "r05-cuadratico-5": (MSE, [5.0], [2.0], {}, 9, [6]),
    "r05-cuadratico--1": (MSE, [-1.0], [2.0], {}, 9, [-6]),
    "r05-absoluto-1.4": (L1, [1.4], [2.0], {}, 0.6, [-1]),
    "r05-absoluto-5": (L1, [5.0], [2.0], {}, 3, [1]),
    "r05-absoluto--1": (L1, [-1.0], [2.0], {}, 3, [-1]),
    "r05-huber-1.4": (HUBER, [1.4], [2.0], {}, 0.18, [-0.6]),
    "r05-huber-5": (HUBER, [5.0], [2.0], {}, 2.5, [1]),
    "r05-huber--1": (HUBER, [-1.0], [2.0], {}, 2.5, [-1]),
    "e1-02-huber-2.6": (HUBER, [2.6], [2.0], {}, 0.18, [0.6]),
    "r05-bisagra-0.3": (HINGE, [0.3], [1.0], {}, 0.7, [-1]),
    "r05-bisagra-1.7": (HINGE, [1.7], [1.0], {}, 0, [0]),
    "r05-bisagra-negativa": (HINGE, [0.3], [-1.0], {}, 1.3, [1]),
    "r05-bce-1": (BCE, [0.8], [1.0], {}, 0.223144, [-1.25]),
    "r05-bce-0": (BCE, [0.8], [0.0], {}, 1.609438, [5]),
    "r05-ce": (CE, [[2.0, 1.0, 0.1]], [0], {}, 0.41703, [[-0.340999, 0.242433, 0.098566]]),
}  # fmt: skip

REAL = np.array([[0.5, -1.0, 2.0], [3.0, 0.0, -2.5]])
SIGNS = np.array([[1.0, -1.0, -1.0], [-1.0, 1.0, 1.0]])
BITS = np.array([[1.0, 0.0, 0.25], [0.0, 1.0, 0.75]])
SHARES = np.array([[0.2, 0.5, 0.3], [0.0, 0.9, 0.1]])
CLASSES = np.array([2, 0])


def torch_quadratic(pred, target):
    return functional.mse_loss(pred, target, reduction="sum") / (2 * len(pred))


def torch_hinge(pred, target):
    return torch.relu(1 - target * pred).mean()


# Una fila por pérdida: (pérdida, target, hiperparámetros, la misma en PyTorch).
EVERY = {
    "cuadratico": (QUADRATIC, REAL, {}, torch_quadratic),
    "mse": (MSE, REAL, {}, functional.mse_loss),
    "l1": (L1, REAL, {}, functional.l1_loss),
    "huber": (HUBER, REAL, {}, functional.huber_loss),
    "huber-1/2": (HUBER, REAL, HALF, functional.huber_loss),
    "bisagra": (HINGE, SIGNS, {}, torch_hinge),
    "bce": (BCE, BITS, {}, functional.binary_cross_entropy),
    "bce-logits": (BCE_LOGITS, BITS, {}, functional.binary_cross_entropy_with_logits),
    "ce-clases": (CE, CLASSES, {}, functional.cross_entropy),
    "ce-probabilidades": (CE, SHARES, {}, functional.cross_entropy),
}
every_loss = pytest.mark.parametrize(
    ("name", "target", "kwargs", "torch_loss"), EVERY.values(), ids=EVERY
)
TOLERANCE = {
    np.float32: {"rtol": 1e-5, "atol": 1e-6},
    np.float64: {"rtol": 1e-12, "atol": 1e-14},
}
dtypes = pytest.mark.parametrize("dtype", TOLERANCE, ids=["float32", "float64"])
both = pytest.mark.parametrize("suffix", ["", "_grad"], ids=["f", "f_grad"])

ONES, INTS = np.ones((1, 3)), np.ones((1, 3), int)
PAIRED = [QUADRATIC, MSE, L1, HUBER, HINGE, BCE, BCE_LOGITS]
# Una fila por caso: (pérdida, primer argumento, target, hiperparámetros, error, texto).
REJECTED = {
    "un-eje": (QUADRATIC, ONES[0], ONES[0], {}, ValueError, r"pred debe tener forma \(N, D\); se recibió \(3,\)"),
    "tres-ejes": (QUADRATIC, ONES[None], ONES[None], {}, ValueError, r"se recibió \(1, 1, 3\)"),
    "delta-cero": (HUBER, ONES, ONES, {"delta": 0.0}, ValueError, "delta debe ser positivo; se recibió 0.0"),
    "delta-texto": (HUBER, ONES, ONES, {"delta": "1"}, TypeError, "delta debe ser un número real; se recibió str"),
    "bisagra-ceros-y-unos": (HINGE, ONES, 0 * ONES, {}, ValueError, r"target debe ser -1 o 1; se recibió \[0.\]"),
    "bce-p-mayor": (BCE, 1.5 * ONES, ONES, {}, ValueError, r"pred debe estar en \[0, 1\]; se recibió de 1.5 a 1.5"),
    "bce-p-nan": (BCE, np.nan * ONES, ONES, {}, ValueError, "se recibió de nan a nan"),
    "bce-signos": (BCE, ONES, -ONES, {}, ValueError, r"target debe estar en \[0, 1\]"),
    "bce-logits-signos": (BCE_LOGITS, ONES, -ONES, {}, ValueError, r"target debe estar en \[0, 1\]"),
    "ce-vacio": (CE, ONES[:0], CLASSES[:0], {}, ValueError, "no vacíos"),
    "ce-lote": (CE, ONES, CLASSES, {}, ValueError, r"y \(2,\)"),
    "ce-sin-lote": (CE, ONES[0], np.arange(3), {}, ValueError, r"se recibió \(3,\)"),
    "ce-clase-negativa": (CE, ONES, np.array([-1]), {}, ValueError, "se recibió de -1 a -1"),
    "ce-clase-K": (CE, ONES, np.array([3]), {}, ValueError, "se recibió de 3 a 3"),
    "ce-clase-real": (CE, ONES, np.array([0.0]), {}, TypeError, "enteros; se recibió float64"),
    "ce-logits-enteros": (CE, INTS, np.array([0]), {}, TypeError, "logits debe ser un arreglo de coma flotante"),
    "ce-no-suma-1": (CE, ONES, 0.5 * ONES, {}, ValueError, "debe sumar 1; se recibió 1.5"),
    "ce-negativa": (CE, ONES, np.array([[2.0, -1.0, 0.0]]), {}, ValueError, r"target debe estar en \[0, 1\]"),
    "ce-una-caliente-entera": (CE, ONES, INTS, {}, TypeError, "target debe ser un arreglo de coma flotante"),
    **{f"{name}-formas": (name, ONES.T, ONES, {}, ValueError, "las formas deben coincidir; se recibió") for name in PAIRED},
    **{f"{name}-difusion": (name, ONES, ONES[0], {}, ValueError, "las formas deben coincidir; se recibió") for name in PAIRED},
    **{f"{name}-vacio": (name, ONES[:0], ONES[:0], {}, ValueError, "no se admiten arreglos vacíos; se recibió") for name in PAIRED},
    **{f"{name}-enteros": (name, INTS, ONES, {}, TypeError, "pred debe ser un arreglo de coma flotante") for name in PAIRED},
    **{f"{name}-objetivo": (name, ONES, INTS, {}, TypeError, "target debe ser un arreglo de coma flotante") for name in PAIRED},
    **{f"{name}-lista": (name, [1.0], ONES, {}, TypeError, "se recibió list") for name in PAIRED},
}  # fmt: skip
reals = arrays(np.float64, (4, 3), elements=st.floats(-50, 50))
bits = arrays(np.float64, (4, 3), elements=st.sampled_from([0.0, 0.25, 1.0]))
classes = arrays(np.int64, 4, elements=st.integers(0, 2))


def pair(name):
    return getattr(losses, name), getattr(losses, f"{name}_grad")


def first_argument(name, rng, shape=(2, 3)):
    """Un punto donde la pérdida es derivable: entre 0 y 1 si son probabilidades."""
    return rng.uniform(0.05, 0.95, shape) if name == BCE else rng.normal(size=shape)


@pytest.mark.parametrize(
    ("name", "first", "target", "kwargs", "value", "grad"),
    BY_HAND.values(),
    ids=BY_HAND,
)
def test_matches_hand_computed_value_and_gradient(
    name, first, target, kwargs, value, grad
):
    loss, loss_grad = pair(name)
    first, target = np.array(first), np.array(target)

    assert loss(first, target, **kwargs) == pytest.approx(value, rel=1e-12, abs=1e-15)
    np.testing.assert_allclose(
        loss_grad(first, target, **kwargs), grad, rtol=1e-12, atol=1e-15
    )


@pytest.mark.parametrize(
    ("name", "first", "target", "kwargs", "value", "grad"),
    LECTURE.values(),
    ids=LECTURE,
)
def test_matches_the_six_decimals_of_the_lecture(
    name, first, target, kwargs, value, grad
):
    loss, loss_grad = pair(name)
    first, target = np.array(first), np.array(target)

    assert round(loss(first, target, **kwargs), 6) == value
    assert loss_grad(first, target, **kwargs).round(6).tolist() == grad


@every_loss
def test_gradient_matches_central_differences(name, target, kwargs, torch_loss, rng):
    loss, loss_grad = pair(name)
    first = first_argument(name, rng)

    expected = numerical_gradient(lambda x: loss(x, target, **kwargs), first)

    np.testing.assert_allclose(
        loss_grad(first, target, **kwargs), expected, rtol=1e-6, atol=1e-9
    )


@dtypes
@every_loss
def test_matches_torch_value_and_gradient(name, target, kwargs, torch_loss, dtype, rng):
    """En los dos tipos; la primera fila toca además el quiebre de L1 y de la bisagra."""
    loss, loss_grad = pair(name)
    first = first_argument(name, rng).astype(dtype)
    target = target if target is CLASSES else target.astype(dtype)
    if name in (L1, HINGE):
        first[0] = target[0]
    point = torch.tensor(first, requires_grad=True)
    expected = torch_loss(point, torch.tensor(target), **kwargs)
    expected.backward()

    value, grad = loss(first, target, **kwargs), loss_grad(first, target, **kwargs)

    assert value == pytest.approx(expected.item(), **_approx(dtype))
    np.testing.assert_allclose(grad, point.grad, **TOLERANCE[dtype])


def _approx(dtype):
    return {"rel": TOLERANCE[dtype]["rtol"], "abs": TOLERANCE[dtype]["atol"]}


@dtypes
@every_loss
def test_value_is_a_float_and_gradient_has_the_type_and_shape_of_the_first_argument(
    name, target, kwargs, torch_loss, dtype, rng
):
    loss, loss_grad = pair(name)
    first = first_argument(name, rng).astype(dtype)
    target = target if target is CLASSES else target.astype(dtype)
    before = first.copy(), target.copy()

    value, grad = loss(first, target, **kwargs), loss_grad(first, target, **kwargs)

    assert type(value) is float
    assert (grad.shape, grad.dtype) == (first.shape, dtype)
    np.testing.assert_array_equal(first, before[0])
    np.testing.assert_array_equal(target, before[1])


@every_loss
@given(seed=st.integers(0, 2**32 - 1), copies=st.integers(2, 5))
def test_is_a_mean_repeating_the_batch_changes_nothing(
    name, target, kwargs, torch_loss, seed, copies
):
    """E1-01 y E4-04: con la media, repetir los datos deja la pérdida y reparte el gradiente."""
    loss, loss_grad = pair(name)
    first = first_argument(name, np.random.default_rng(seed))
    many, targets = np.concatenate([first] * copies), np.concatenate([target] * copies)

    assert loss(many, targets, **kwargs) == pytest.approx(loss(first, target, **kwargs))
    np.testing.assert_allclose(
        copies * loss_grad(many, targets, **kwargs)[: len(first)],
        loss_grad(first, target, **kwargs),
        rtol=1e-12,
    )


@every_loss
@given(seed=st.integers(0, 2**32 - 1))
def test_is_never_negative(name, target, kwargs, torch_loss, seed):
    """E4-02: «no negativa», no «siempre positiva»."""
    first = first_argument(name, np.random.default_rng(seed))

    assert pair(name)[0](first, target, **kwargs) >= 0


@pytest.mark.parametrize("name", [QUADRATIC, MSE, L1, HUBER])
@given(x=reals)
def test_is_zero_with_zero_gradient_on_the_target(name, x):
    """E4-02: el cero se alcanza en a=y."""
    loss, loss_grad = pair(name)

    assert loss(x, x) == 0
    assert not loss_grad(x, x).any()


@given(pred=reals, target=reals)
def test_mse_is_two_over_d_times_the_quadratic_cost(pred, target):
    """E4-03: el ½ y la media de los componentes son toda la diferencia."""
    dims = pred.shape[1]

    assert losses.mse_loss(pred, target) == pytest.approx(
        2 / dims * losses.quadratic_cost(pred, target)
    )
    np.testing.assert_allclose(
        losses.mse_loss_grad(pred, target),
        2 / dims * losses.quadratic_cost_grad(pred, target),
        rtol=1e-12,
    )


@given(pred=reals, target=reals, delta=st.floats(0.01, 100))
def test_huber_lies_between_half_mse_and_l1(pred, target, delta):
    """δ·L1 − ½δ² ≤ Huber ≤ mín(½·MSE, δ·L1)."""
    value = losses.huber_loss(pred, target, delta=delta)
    half_mse = losses.mse_loss(pred, target) / 2
    scaled_l1 = delta * losses.l1_loss(pred, target)
    slack = 1e-12 * (1 + scaled_l1)

    assert scaled_l1 - delta**2 / 2 - slack <= value
    assert value <= min(half_mse, scaled_l1) + slack


@given(pred=reals, target=reals)
def test_huber_is_half_mse_with_a_large_delta_and_l1_with_a_small_one(pred, target):
    """Con δ por encima de todo residuo queda ½·MSE; entre δ → 0, L1."""
    assert losses.huber_loss(pred, target, delta=101.0) == pytest.approx(
        losses.mse_loss(pred, target) / 2
    )
    assert losses.huber_loss(pred, target, delta=1e-9) / 1e-9 == pytest.approx(
        losses.l1_loss(pred, target), abs=1e-9
    )


@given(delta=st.floats(0.01, 100), sign=st.sampled_from([-1.0, 1.0]))
def test_huber_branches_meet_at_delta(delta, sign):
    """E1-04: en |r|=δ valen ½δ² las dos y su derivada es ±δ; da igual < o ≤."""
    pred, target = np.array([sign * delta]), np.zeros(1)

    assert losses.huber_loss(pred, target, delta=delta) == pytest.approx(delta**2 / 2)
    assert losses.huber_loss_grad(pred, target, delta=delta)[0] == sign * delta


@given(pred=reals, signs=arrays(np.float64, (4, 3), elements=st.sampled_from([-1.0, 1.0])))  # fmt: skip
def test_hinge_bounds_the_error_rate(pred, signs):
    assert losses.hinge_loss(pred, signs) >= np.mean(signs * pred <= 0)


@given(logits=arrays(np.float64, (4, 3), elements=st.floats(-15, 15)), target=bits)
def test_bce_with_logits_is_bce_of_the_sigmoid(logits, target):
    """También el gradiente, por la cadena: ∂L/∂z = ∂L/∂p · p(1−p)."""
    p = sigmoid(logits)

    assert losses.binary_cross_entropy_with_logits(logits, target) == pytest.approx(
        losses.binary_cross_entropy(p, target), rel=1e-9
    )
    np.testing.assert_allclose(
        losses.binary_cross_entropy_with_logits_grad(logits, target),
        losses.binary_cross_entropy_grad(p, target) * p * (1 - p),
        rtol=1e-6,
        atol=1e-9,
    )


@given(p=arrays(np.float64, (4, 3), elements=st.floats(1e-6, 1 - 1e-6)), target=bits)
def test_bce_gradient_is_the_formula_of_the_lecture(p, target):
    """E1-07: −(y−p)/(p(1−p)) es correcta."""
    np.testing.assert_allclose(
        losses.binary_cross_entropy_grad(p, target),
        -(target - p) / (p * (1 - p)) / p.size,
        rtol=1e-6,
        atol=1e-12,
    )


@given(logits=reals, target=classes)
def test_cross_entropy_with_one_hot_is_cross_entropy_with_classes(logits, target):
    one_hot = np.eye(3)[target]

    assert losses.cross_entropy(logits, one_hot) == pytest.approx(
        losses.cross_entropy(logits, target)
    )
    np.testing.assert_allclose(
        losses.cross_entropy_grad(logits, one_hot),
        losses.cross_entropy_grad(logits, target),
    )


@given(logits=reals, other=reals, target=classes, shift=st.floats(-1e3, 1e3))
def test_cross_entropy_ignores_a_shift_of_the_logits(logits, other, target, shift):
    """Por eso su gradiente suma 0 en cada fila, con clases y con probabilidades."""
    for y in (target, softmax(other)):
        assert losses.cross_entropy(logits + shift, y) == pytest.approx(
            losses.cross_entropy(logits, y), abs=1e-9
        )
        np.testing.assert_allclose(
            losses.cross_entropy_grad(logits, y).sum(axis=1), 0, atol=1e-14
        )


@given(z=arrays(np.float64, 4, elements=st.floats(-50, 50)), target=arrays(np.int64, 4, elements=st.integers(0, 1)))  # fmt: skip
def test_two_class_cross_entropy_is_bce_with_logits(z, target):
    logits = np.stack([np.zeros(4), z], axis=1)

    assert losses.cross_entropy(logits, target) == pytest.approx(
        losses.binary_cross_entropy_with_logits(z, target.astype(float)), abs=1e-12
    )
    np.testing.assert_allclose(
        losses.cross_entropy_grad(logits, target)[:, 1],
        losses.binary_cross_entropy_with_logits_grad(z, target.astype(float)),
        atol=1e-15,
    )


@given(logits=reals, other=reals)
def test_cross_entropy_is_least_at_the_target_distribution(logits, other):
    """Desigualdad de Gibbs: el mínimo es la entropía del objetivo y ahí no hay pendiente."""
    target = softmax(other)
    entropy = losses.cross_entropy(other, target)

    assert losses.cross_entropy(logits, target) >= entropy - 1e-9
    np.testing.assert_allclose(losses.cross_entropy_grad(other, target), 0, atol=1e-15)


def test_quadratic_cost_of_the_lecture_is_0_035():
    """R-09, E4-01 y E4-03: ‖y−a‖²=0,07, coste 0,035 y MSE 0,007; nada de 2,27."""
    a = np.array([[0.9, 0.1, 0.1, 0.2, 0, 0, 0, 0, 0, 0]])
    y = np.eye(10)[[0]]

    assert ((y - a) ** 2).sum() == pytest.approx(0.07)
    assert losses.quadratic_cost(a, y) == pytest.approx(0.035)
    assert losses.mse_loss(a, y) == pytest.approx(0.007)
    assert a.argmax() == 0
    assert (2.27 / 0.07) % 1 > 0.4  # 2,27 tampoco es repetir el ejemplo: 32,43 veces


@pytest.mark.parametrize("n", [1, 10, 60000])
def test_a_sum_of_2_27_is_a_cost_of_2_27_over_2n(n):
    """E4-01: la suma de cuadrados 2,27 se divide por 2n."""
    pred = np.full((n, 1), math.sqrt(2.27 / n))

    assert losses.quadratic_cost(pred, np.zeros((n, 1))) == pytest.approx(
        2.27 / (2 * n)
    )


@pytest.mark.parametrize(
    ("z", "cost"), [(2, 7.105e-2), (5, 2.240e-4), (10, 1.030e-8), (20, 2.124e-17)]
)
def test_sigmoid_outputs_never_reach_zero_cost(z, cost):
    """E4-05: con salida sigmoide el 0 es un ínfimo; con logits ±z queda 5σ(−z)²."""
    y = np.eye(10)[[0]]
    pred = sigmoid(z * (2 * y - 1))

    assert losses.quadratic_cost(pred, y) == pytest.approx(cost, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "total", "slope"), [(MSE, 18, -30), (L1, 6, -6)], ids=["mse", "l1"]
)
def test_one_over_n_divides_cost_and_derivative_alike(name, total, slope):
    """E1-01: x=(1,2,3), y=(2,3,7), ŷ=wx, w=1; el 1/n va en los dos sitios o en ninguno."""
    loss, loss_grad = pair(name)
    x, y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 7.0])

    assert loss(x, y) == pytest.approx(total / 3)
    assert loss_grad(x, y) @ x == pytest.approx(slope / 3)


@pytest.mark.parametrize(
    ("pred", "slope"), [(1.4, -0.6), (2.6, 0.6), (-1.0, -1.0), (5.0, 1.0)]
)
def test_huber_slope_pulls_towards_the_target(pred, slope):
    """E1-02 y E1-03, con y=2: ŷ−y en el centro y ±δ, con signo, en las colas."""
    grad = losses.huber_loss_grad(np.array([pred]), np.array([2.0]))

    assert grad[0] == pytest.approx(slope)


def test_each_probability_has_its_own_derivative():
    """E1-05: ∂L/∂p = −y/p, sin suma; por la softmax llega a p−y (R-05)."""
    z, y = np.array([[2.0, 1.0, 0.1]]), np.array([[1.0, 0.0, 0.0]])
    p = softmax(z)
    dp = numerical_gradient(lambda p: -(y * np.log(p)).sum(), p)

    np.testing.assert_allclose(dp.round(6), [[-1.517448, 0, 0]], atol=2e-6)
    np.testing.assert_allclose(dp, -y / p, rtol=1e-6)
    np.testing.assert_allclose(
        softmax_grad(z, -y / p), losses.cross_entropy_grad(z, np.array([0])), atol=1e-15
    )


@pytest.mark.parametrize(
    ("y", "terms", "total"),
    [
        ([0.0, 1.0, 0.0], [0, 0.113932, 0], 0.113932),
        ([0.05, 0.9, 0.05], [-0.019303, 0.102538, 0.005697], 0.088932),
    ],
    ids=["una-clase", "suavizada"],
)
def test_the_chain_through_the_softmax_needs_the_sum_over_classes(y, terms, total):
    """E1-06: ∂L/∂w₁₁ es la suma sobre k de ∂L/∂p_k · ∂p_k/∂w₁₁."""
    x = np.array([[0.5, -1.0]])
    weight = np.array([[0.1, 0.2], [-0.3, 0.4], [0.5, -0.6]])
    z, y = x @ weight.T, np.array([y])
    dp = -y / softmax(z)
    by_class = [softmax_grad(z, dp * unit)[0, 0] * x[0, 0] for unit in np.eye(3)]

    np.testing.assert_allclose(by_class, terms, atol=1e-6)
    assert sum(by_class) == pytest.approx(total, abs=1e-6)
    assert (losses.cross_entropy_grad(z, y).T @ x)[0, 0] == pytest.approx(sum(by_class))


def test_logits_of_1000_neither_overflow_nor_warn():
    """E1-07: desde los logits la pérdida vale 1000; desde p=σ(−1000)=0, infinito."""
    z = np.array([1000.0, -1000.0])
    right, wrong = np.array([1.0, 0.0]), np.array([0.0, 1.0])

    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert losses.binary_cross_entropy_with_logits(z, right) == 0
        assert losses.binary_cross_entropy_with_logits(z, wrong) == 1000
        grad = losses.binary_cross_entropy_with_logits_grad(z, wrong)
        assert losses.cross_entropy(z[None], np.array([0])) == 0
        assert losses.cross_entropy(z[None], np.array([1])) == 2000
        assert losses.cross_entropy_grad(z[None], np.array([1])).tolist() == [[1, -1]]
        assert losses.binary_cross_entropy(sigmoid(z), wrong) == INF
    assert grad.tolist() == [0.5, -0.5]


def test_torch_clips_the_logarithm_that_we_leave_infinite():
    """Lo que dice el docstring de `binary_cross_entropy`: PyTorch la deja en 100."""
    p, y = torch.zeros(1), torch.ones(1)

    assert functional.binary_cross_entropy(p, y).item() == 100
    assert losses.binary_cross_entropy(p.numpy(), y.numpy()) == INF


def test_confident_hits_keep_their_relative_precision():
    """Una pérdida de 10⁻¹⁸ no se redondea a 0, ni por un lado ni por el otro."""
    z, tiny = np.array([40.0]), np.array([1e-18])
    one, zero = np.ones(1), np.zeros(1)
    expected = pytest.approx(math.exp(-40), rel=1e-12)

    assert losses.binary_cross_entropy_with_logits(z, one) == expected
    assert losses.binary_cross_entropy_with_logits(-z, zero) == expected
    assert losses.binary_cross_entropy(tiny, zero) == pytest.approx(1e-18, rel=1e-12)


def test_huge_residuals_do_not_overflow_in_the_branch_that_is_not_used():
    pred, target = np.array([1e200]), np.zeros(1)

    assert losses.huber_loss(pred, target) == 1e200


@pytest.mark.parametrize(
    ("name", "first", "target"),
    [
        (BCE, [1.0, 0.0], [1.0, 0.0]),
        (BCE_LOGITS, [1000.0], [1.0]),
        (CE, [[1000.0, 0.0]], [0]),
        (CE, [[1000.0, 0.0]], [[1.0, 0.0]]),
        (HINGE, [2.0], [1.0]),
    ],
    ids=["bce", "bce-logits", "ce-clases", "ce-probabilidades", "bisagra"],
)
def test_a_perfect_score_prints_as_0_and_not_as_minus_0(name, first, target):
    assert str(pair(name)[0](np.array(first), np.array(target))) == "0.0"


@both
@pytest.mark.parametrize(
    ("name", "first", "target", "kwargs", "error", "match"),
    REJECTED.values(),
    ids=REJECTED,
)
def test_rejects_bad_arguments(name, suffix, first, target, kwargs, error, match):
    with pytest.raises(error, match=match):
        getattr(losses, name + suffix)(first, target, **kwargs)
