"""Erratas de la fuente 000: cada prueba calcula lo que dice y lo que es."""

from itertools import combinations

import numpy as np
import pytest
import sympy as sp
import torch

from apuntes.descent import (
    gradient_descent,
    linear_regression_loss,
    linear_regression_loss_grad,
    quadratic,
    quadratic_grad,
)
from apuntes.gradcheck import numerical_gradient
from apuntes.losses import mse_loss
from apuntes.minibatch import gradient_variance, minibatches
from apuntes.optimizers import SGD


def test_e0_01_seguir_el_gradiente_sube_la_perdida():
    """Un paso a favor del gradiente dobla la pérdida; en contra, la baja a un tercio."""
    start = np.array([1.0, -1.0])
    grad = numerical_gradient(quadratic, start)

    assert quadratic(start) == 3.5
    assert quadratic(start + 0.1 * grad) == pytest.approx(7.02)  # lo que dice
    assert quadratic(start - 0.1 * grad) == pytest.approx(1.22)  # lo que es


def test_e0_02_columna_menos_fila_no_es_un_vector():
    """Una columna menos una fila da una matriz; dos columnas, el vector nuevo."""
    column = np.array([[1.0], [-1.0]])
    grad = quadratic_grad(column[:, 0])[:, np.newaxis]

    assert (column - 0.1 * grad.T).shape == (2, 2)  # lo que dice
    assert (column - 0.1 * grad).shape == (2, 1)  # lo que es
    # Y el gradiente es el del punto de partida: en otro punto es otro paso.
    [before, after] = gradient_descent(quadratic_grad, column[:, 0], lr=0.1, steps=1)
    np.testing.assert_allclose(column[:, 0] - 0.1 * grad[:, 0], after)
    assert not np.allclose(before - 0.1 * quadratic_grad(after), after)


def test_e0_03_falta_sumar_sobre_los_datos():
    """El producto de derivadas de un solo dato no es el gradiente; la suma de todos, sí."""
    x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0, 5.0])
    beta = np.zeros(2)
    judge = numerical_gradient(lambda b: linear_regression_loss(b, x, y), beta)

    residuals = beta[0] + beta[1] * x - y
    products = np.stack([2 * residuals, 2 * residuals * x], axis=1)  # dL/df · df/dW
    for product in products:  # lo que dice, con cada dato
        assert not np.allclose(product, judge)
    np.testing.assert_allclose(products.sum(axis=0), judge)  # lo que es
    np.testing.assert_allclose(judge, [-22, -44])


def test_e0_04_convexa_y_aun_asi_no_se_llega():
    """En la misma regresión, con una tasa se llega al mínimo y con otra se diverge."""
    x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0, 5.0])
    design = np.stack([np.ones(4), x], axis=1)
    best = np.linalg.lstsq(design, y)[0]
    critical = 2 / np.linalg.eigvalsh(2 * design.T @ design).max()

    def grad(beta):
        return linear_regression_loss_grad(beta, x, y)

    good = gradient_descent(grad, np.zeros(2), lr=0.9 * critical, steps=500)[-1]
    bad = gradient_descent(grad, np.zeros(2), lr=1.1 * critical, steps=500)[-1]
    np.testing.assert_allclose(good, best)
    assert np.linalg.norm(bad - best) > 1e6
    assert critical == pytest.approx(0.0595, abs=1e-4)


def test_e0_04_el_minimo_puede_no_ser_unico():
    """Si todas las abscisas son iguales, cada inicio acaba en un mínimo distinto."""
    x, y = np.full(4, 2.0), np.array([1.0, 3.0, 2.0, 5.0])
    ends = [
        gradient_descent(
            lambda b: linear_regression_loss_grad(b, x, y), start, lr=0.02, steps=200
        )[-1]
        for start in ([0.0, 0.0], [5.0, 0.0])
    ]

    losses = [linear_regression_loss(end, x, y) for end in ends]
    floor = np.sum((y - y.mean()) ** 2)  # con x constante, nadie baja de aquí
    np.testing.assert_allclose(losses, [floor, floor])
    assert np.linalg.norm(ends[0] - ends[1]) > 1


def test_e0_05_no_lineal_pero_convexa():
    """La regresión logística no es lineal y la hessiana de su pérdida nunca es negativa."""
    z = sp.symbols("z", real=True)
    sigma = 1 / (1 + sp.exp(-z))
    curvature = sp.diff(sp.log(1 + sp.exp(-z)), z, 2)
    assert sp.simplify(curvature - sigma * (1 - sigma)) == 0

    rng = np.random.default_rng(0)
    x = torch.tensor(rng.normal(size=(50, 4)))
    y = torch.tensor(rng.integers(0, 2, size=50).astype(float))
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    for _ in range(50):
        w = torch.tensor(3 * rng.normal(size=4))
        hessian = torch.autograd.functional.hessian(lambda w: loss(x @ w, y), w)
        assert torch.linalg.eigvalsh(hessian).min() > 0


def test_e0_05_lineal_en_x_pero_no_convexa():
    """Dos capas lineales seguidas son lineales en x, y su pérdida tiene una silla."""
    w1, w2 = sp.symbols("w1 w2")
    loss = (w1 * w2 * 1 - 1) ** 2  # red w2·w1·x con el único dato x = 1, y = 1
    origin = {w1: 0, w2: 0}

    assert sp.Matrix([loss]).jacobian([w1, w2]).subs(origin).is_zero_matrix
    assert set(sp.hessian(loss, (w1, w2)).subs(origin).eigenvals()) == {-2, 2}


def test_e0_06_un_minimo_que_se_sabe_global():
    """Una red que interpola alcanza la cota inferior de su pérdida, que es cero."""
    rng = np.random.default_rng(0)
    x, y = np.linspace(-1, 1, 5), np.array([0.0, 1.0, 0.0, 1.0, 0.0])
    hidden = np.tanh(np.outer(x, rng.normal(size=32)) + rng.normal(size=32))
    last = np.linalg.lstsq(hidden, y)[0]  # se entrena la última capa

    assert mse_loss(hidden @ last, y) < 1e-20
    others = rng.normal(size=(1000, 32))  # y ningún cuadrado baja de cero
    assert min(mse_loss(hidden @ other, y) for other in others) >= 0


def test_e0_07_fuera_de_la_silla_y_aun_asi_no_se_escapa():
    """En x² − y² se cae en la silla desde toda una recta, y cerca de ella se tarda."""

    def end(start, steps):
        def grad(p):
            return np.array([2 * p[0], -2 * p[1]])

        return gradient_descent(grad, start, lr=0.1, steps=steps)[-1]

    np.testing.assert_allclose(end([1.0, 0.0], 200), [0, 0], atol=1e-12)
    np.testing.assert_allclose(end([1.0, 1e-12], 100), [0, 0], atol=1e-4)  # aún no
    assert end([1.0, 1e-12], 200)[1] > 1e3  # cien pasos después, lejos
    np.testing.assert_array_equal(end([0.0, 0.0], 200), [0, 0])


def test_e0_08_lo_que_abarata_el_lote():
    """Con cien ejemplos de mil, el gradiente se estima diez veces mejor que con uno."""
    grads = np.random.default_rng(0).normal(size=(1000, 20))
    one, hundred = (gradient_variance(grads, m) ** 0.5 for m in (1, 100))
    assert one / hundred == pytest.approx(10.5, abs=0.05)  # √100, y algo más

    # Exacto, por enumeración, en un caso pequeño: la varianza baja como 1/m.
    few = grads[:8]
    for m in (1, 2, 4):
        means = [few[list(b)].mean(axis=0) for b in combinations(range(8), m)]
        errors = np.sum((np.array(means) - few.mean(axis=0)) ** 2, axis=1)
        assert errors.mean() == pytest.approx(gradient_variance(few, m))


def test_e0_08_el_ruido_no_quita_la_dependencia_del_inicio():
    """Con ruido en el gradiente, cada inicio acaba todavía en su propio valle."""
    rng = np.random.default_rng(0)

    def noisy(w):
        return 4 * w * (w**2 - 1) + 0.3 + rng.normal(size=1)  # (w²−1)² + 0,3w

    ends = [
        gradient_descent(noisy, [start], lr=0.01, steps=2000)[-500:].mean()
        for start in (1.2, -1.2)
    ]
    np.testing.assert_allclose(ends, [0.96, -1.03], atol=0.05)


def test_e0_09_con_la_misma_semilla_se_repite():
    """Dos corridas con la misma semilla coinciden hasta el último bit; con otra, no."""
    data = np.random.default_rng(0).normal(size=(100, 2))

    def sgd(seed):
        rng, w = np.random.default_rng(seed), np.zeros(2)
        for _ in range(3):
            for batch in minibatches(100, 10, rng):
                w = w - 0.05 * 2 * (w - data[batch]).mean(axis=0)
        return w

    np.testing.assert_array_equal(sgd(7), sgd(7))
    assert not np.array_equal(sgd(7), sgd(8))


def test_e0_10_subir_no_es_subir_por_lo_mas_empinado():
    """Algún lote sube la pérdida, y ninguno va por la dirección de mayor crecimiento."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(12, 10))
    y, w = x.sum(axis=1) + rng.normal(size=12), np.full(10, 1.2)
    grads = 2 * (x @ w - y)[:, np.newaxis] * x
    full = grads.mean(axis=0)
    batches = [grads[list(b)].mean(axis=0) for b in combinations(range(12), 2)]
    cosines = [g @ full / np.linalg.norm(g) / np.linalg.norm(full) for g in batches]
    rises = [mse_loss(x @ (w - 1e-5 * g), y) > mse_loss(x @ w, y) for g in batches]

    assert 0 < sum(rises) < len(batches) == 66
    np.testing.assert_array_equal(rises, np.array(cosines) < 0)
    # El paso es -g_B y la dirección de mayor crecimiento, el gradiente entero.
    assert np.degrees(np.arccos(-min(cosines))) > 50


def test_e0_11_la_suma_del_lote_no_estima_el_gradiente():
    """Promediada sobre todos los lotes, la suma da m/n del total; la media, la media."""
    grads = np.random.default_rng(0).normal(size=(8, 3))
    for m in (1, 2, 4, 8):
        batches = [grads[list(b)] for b in combinations(range(8), m)]
        total = np.mean([batch.sum(axis=0) for batch in batches], axis=0)
        mean = np.mean([batch.mean(axis=0) for batch in batches], axis=0)
        np.testing.assert_allclose(total, m / 8 * grads.sum(axis=0))
        np.testing.assert_allclose(mean, grads.mean(axis=0))


def test_e0_11_con_la_suma_el_paso_crece_con_el_lote():
    """La tasa que converge con lotes de uno diverge con lotes de 64 si se suman."""
    ends = {}
    for m in (1, 64):
        for name, scale in (("suma", m), ("media", 1)):
            # Todos los ejemplos iguales, l(w) = w²/2: no hay ruido, solo escala.
            path = gradient_descent(lambda w, s=scale: s * w, [1.0], lr=0.1, steps=100)
            ends[name, m] = abs(path[-1, 0])

    assert ends["media", 1] == ends["media", 64] == ends["suma", 1] < 1e-4
    assert ends["suma", 64] > 1e60


def test_e0_12_hay_iteraciones_que_suben():
    """Con una tasa grande sube cada paso; con momento, alguno, aun con la tasa buena."""
    design = np.stack([np.ones(4), np.arange(4.0)], axis=1)
    x, y = design[:, 1], np.array([1.0, 3.0, 2.0, 5.0])
    critical = 2 / np.linalg.eigvalsh(2 * design.T @ design).max()
    path = gradient_descent(
        lambda b: linear_regression_loss_grad(b, x, y),
        [0, 0],
        lr=1.05 * critical,
        steps=5,
    )
    assert np.all(np.diff([linear_regression_loss(b, x, y) for b in path]) > 0)

    theta = np.array([1.0, -1.0])
    optimizer, losses = SGD([theta], lr=0.1, momentum=0.9), []
    for _ in range(4):
        losses.append(quadratic(theta))
        optimizer.step([quadratic_grad(theta)])
    assert losses == pytest.approx([3.5, 1.22, 0.11315, 1.285645])


def test_e0_13_escala_la_activacion_no_la_funcion():
    """Dos pesos de una misma neurona comparten f'(s) y difieren en su activación h_i."""
    h = torch.tensor([0.0, 0.1, 1.0, 10.0], dtype=torch.float64)
    w = torch.tensor([0.3, -0.2, 0.1, 0.05], dtype=torch.float64, requires_grad=True)
    for f in (torch.sigmoid, torch.tanh, lambda s: s):
        s = (w @ h).detach().requires_grad_()
        slope = torch.autograd.grad(f(s), s)[0]
        grad = torch.autograd.grad(f(w @ h), w)[0]
        torch.testing.assert_close(grad, slope * h)  # lo que es
    # La última f no hace nada y, aun así, un peso influye cien veces más que otro.
    assert grad[3] / grad[1] == pytest.approx(100)
