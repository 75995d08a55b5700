"""Erratas EX: donde unas lecciones dicen una cosa y otras, otra."""

import numpy as np
import pytest

from apuntes.descent import (
    gradient_descent,
    linear_regression_loss,
    linear_regression_loss_grad,
)
from apuntes.gradcheck import numerical_gradient
from apuntes.minibatch import minibatches


def test_ex_02_la_misma_tasa_deja_de_valer_con_la_suma():
    """Con diez copias de los datos la suma da pasos diez veces mayores."""
    x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0, 5.0])

    def final(copies, *, mean):
        xs, ys = np.tile(x, copies), np.tile(y, copies)
        n = len(xs) if mean else 1
        path = gradient_descent(
            lambda beta: linear_regression_loss_grad(beta, xs, ys) / n,
            (0, 0),
            lr=0.01,
            steps=5000,
        )
        return path[-1]

    best = np.polynomial.Polynomial.fit(x, y, 1).convert().coef
    np.testing.assert_allclose(final(1, mean=False), best)
    assert not np.isfinite(final(10, mean=False)).all()
    np.testing.assert_allclose(final(10, mean=True), final(1, mean=True))
    np.testing.assert_allclose(final(10, mean=True), best)


def test_ex_02_el_gradiente_de_la_suma_es_n_veces_el_de_la_media():
    """Diferencias centradas de la suma y de la media en el mismo punto."""
    x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0, 5.0])
    beta = np.array([0.5, -0.5])
    suma = numerical_gradient(lambda b: linear_regression_loss(b, x, y), beta)
    media = numerical_gradient(lambda b: linear_regression_loss(b, x, y) / 4, beta)

    assert suma != pytest.approx(media)
    assert suma == pytest.approx(4 * media)


def test_ex_03_una_epoca_son_1_20_o_10240_pasos():
    """Las tres reglas sobre 10 240 datos, con nombres que no se confunden."""
    rng = np.random.default_rng(0)
    steps = {
        name: sum(1 for _ in minibatches(10_240, batch_size, rng))
        for name, batch_size in {"completo": 10_240, "lote": 512, "ejemplo": 1}.items()
    }

    assert steps == {"completo": 1, "lote": 20, "ejemplo": 10_240}
