"""Lo común a todo optimizador: trozos, copias, formas raras y memoria."""

import copy
import pickle
import tracemalloc

import numpy as np
import pytest

from apuntes import _optimizer
from apuntes.layers import Linear, Sequential
from apuntes.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Optimizer, RMSprop

OPTIMIZERS = {
    "sgd": lambda p: SGD(p, lr=0.1, weight_decay=0.1),
    "nesterov": lambda p: SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "adagrad": Adagrad,
    "adadelta": Adadelta,
    "rmsprop": lambda p: RMSprop(p, centered=True, momentum=0.9, weight_decay=0.1),
    "adam": lambda p: Adam(p, weight_decay=0.1),
    "adamw": AdamW,
}
every_optimizer = pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)


def run(make, params, grads):
    """Cinco pasos, cada uno con la mitad del gradiente del anterior."""
    optimizer = make(params)
    for k in range(5):
        optimizer.step([g / 2**k for g in grads])
    return optimizer


@every_optimizer
@pytest.mark.parametrize("shape", [(50,), (7, 8), (2, 30), (5, 3, 3)], ids=str)
def test_cutting_in_blocks_changes_nothing(make, shape, rng, monkeypatch):
    whole, grad = rng.normal(size=(2, *shape))
    pieces = whole.copy()
    run(make, [whole], [grad])
    monkeypatch.setattr(_optimizer, "BLOCK", 12)
    run(make, [pieces], [grad])

    np.testing.assert_array_equal(pieces, whole)


@pytest.mark.parametrize(
    ("shape", "sizes"),
    [((12,), [12]), ((13,), [12, 1]), ((7, 5), [10, 10, 10, 5]), ((2, 30), [30, 30])],
    ids=str,
)
def test_a_block_is_a_handful_of_rows(shape, sizes, monkeypatch):
    monkeypatch.setattr(_optimizer, "BLOCK", 12)
    optimizer, grad = SGD([np.ones(shape)], lr=0.1), np.ones(shape)

    blocks = list(optimizer._walk([grad], decay=0))

    assert [theta.size for theta, *_ in blocks] == sizes
    assert all(len({a.shape for a in arrays}) == 1 for arrays in blocks)


@every_optimizer
def test_layout_does_not_matter(make, rng):
    """Ni orden de Fortran, ni saltos, ni cero dimensiones, ni vacíos."""
    values, grad = rng.normal(size=(2, 6, 4))
    plain = values.copy()
    fortran, strided = np.asfortranarray(values), np.zeros((6, 8))[:, ::2]
    strided[:] = values
    run(make, [plain], [grad])
    run(make, [fortran], [np.asfortranarray(grad)])
    run(make, [strided], [np.asfortranarray(grad)])
    scalar = np.array(values[0, 0])
    run(make, [scalar, np.zeros((0, 3))], [grad[0, 0], np.zeros((0, 3))])

    np.testing.assert_array_equal(fortran, plain)
    np.testing.assert_array_equal(strided, plain)
    assert scalar == plain[0, 0]


@every_optimizer
@pytest.mark.parametrize(
    "clone", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))], ids=["copia", "pickle"]
)  # fmt: skip
def test_a_copy_goes_on_by_itself_where_the_original_was(make, clone, rng, monkeypatch):
    monkeypatch.setattr(_optimizer, "BLOCK", 4)
    model = Sequential(Linear(3, 2, rng=rng))
    grads = [rng.normal(size=8)]
    optimizer = run(make, model.parameters(), grads)
    other, its_optimizer = clone((model, optimizer))
    optimizer.step(grads)
    [before] = other.parameters()
    assert (before != model.parameters()[0]).any()
    its_optimizer.step(grads)

    np.testing.assert_array_equal(other.parameters()[0], model.parameters()[0])
    assert its_optimizer.params[0] is other.parameters()[0]


@every_optimizer
def test_a_step_asks_for_a_few_blocks_however_big_the_parameter(make, rng):
    params = [rng.normal(size=1_000_000), rng.normal(size=(200, 50))]
    grads = [p.copy() for p in params]
    optimizer = run(make, params, grads)
    tracemalloc.start()
    optimizer.step(grads)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 6 * 8 * _optimizer.BLOCK


@every_optimizer
def test_gradients_of_another_type_or_lists_keep_the_type_of_the_parameter(make):
    theta, other = np.ones(3, np.float32), np.ones(3, np.float32)
    run(make, [theta], [np.array([1.0, -2.0, 0.5])])
    optimizer = make([other])
    for k in range(5):
        optimizer.step([[1.0 / 2**k, -2.0 / 2**k, 0.5 / 2**k]])

    assert theta.dtype == np.float32
    np.testing.assert_array_equal(theta, other)


def test_an_invalid_step_does_not_count():
    theta = np.ones(3)
    optimizer = Adam([theta])
    with pytest.raises(ValueError, match="recibió"):
        optimizer.step([np.ones(2)])

    assert optimizer.steps == 0
    assert theta.tolist() == [1, 1, 1]


def test_optimizer_is_abstract():
    with pytest.raises(TypeError, match="abstract"):
        Optimizer([np.ones(1)], lr=0.1, weight_decay=0.0, memories=0)
