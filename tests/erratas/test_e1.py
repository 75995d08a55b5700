"""Erratas de la fuente 001: cada prueba calcula lo que dice y lo que es."""

from itertools import product

import numpy as np
import pytest
import sympy as sp
import torch

from apuntes.activations import softmax
from apuntes.gradcheck import numerical_gradient
from apuntes.losses import (
    binary_cross_entropy,
    binary_cross_entropy_grad,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_grad,
    cross_entropy,
    hinge_loss,
    hinge_loss_grad,
    huber_loss,
    huber_loss_grad,
    l1_loss,
    l1_loss_grad,
    mse_loss,
    mse_loss_grad,
)


def test_e1_01_la_derivada_lleva_un_n_que_el_costo_no_lleva():
    """La derivada de la suma es n veces la que se da, que es la derivada de la media."""
    x, y, n = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 7.0]), 3
    w = np.array([1.0])

    def squares(w):
        return np.sum((y - w * x) ** 2)

    def absolutes(w):
        return np.sum(np.abs(y - w * x))

    said = np.sum(-2 * (y - w * x) * x) / n, np.sum(-np.sign(y - w * x) * x) / n
    judge = numerical_gradient(squares, w)[0], numerical_gradient(absolutes, w)[0]
    np.testing.assert_allclose(judge, [-30, -6])
    np.testing.assert_allclose(said, np.array(judge) / n)  # tres veces menos
    # Lo dicho es la derivada de la media, que es lo que calcula el paquete.
    assert mse_loss_grad(w * x, y) @ x == pytest.approx(said[0])
    assert l1_loss_grad(w * x, y) @ x == pytest.approx(said[1])
    assert mse_loss(w * x, y) == squares(w) / n
    assert l1_loss(w * x, y) == absolutes(w) / n


def test_e1_02_la_rama_cuadratica_tiene_el_signo_cambiado():
    """Con un error pequeño la derivada de Huber es ŷ − y; con y − ŷ el error crece."""
    y = np.array([2.0])
    for pred in (np.array([1.4]), np.array([2.6])):
        judge = numerical_gradient(lambda p: huber_loss(p, y), pred)
        np.testing.assert_allclose(-(y - pred), judge)  # lo que es
        np.testing.assert_allclose(y - pred, -judge)  # lo que dice

    said, right = np.array([2.6]), np.array([2.6])
    for _ in range(5):
        said = said - 0.1 * (y - said)
        right = right - 0.1 * (right - y)
    assert abs(said - y) > 0.6 > abs(right - y)


def test_e1_03_la_rama_lineal_cambia_de_signo():
    """Con δ = 1, y = 2 y ŷ = 5 la derivada es +1, no −1: se dice que hay que subir ŷ."""
    y, delta = np.array([2.0]), 1.0
    for pred, judge in ((np.array([-1.0]), -1.0), (np.array([5.0]), 1.0)):
        np.testing.assert_allclose(
            numerical_gradient(lambda p: huber_loss(p, y, delta=delta), pred), judge
        )
        assert -delta * np.sign(y - pred) == judge  # lo que es
        assert huber_loss_grad(pred, y, delta=delta) == judge
    assert -delta != judge  # lo que dice, cuando ŷ > y


def test_e1_04_en_la_frontera_da_igual_la_desigualdad():
    """En |r| = δ coinciden las dos ramas de Huber y sus derivadas."""
    r, delta = sp.symbols("r delta", positive=True)
    inner, outer = r**2 / 2, delta * (r - delta / 2)

    assert sp.expand((inner - outer).subs(r, delta)) == 0
    assert sp.diff(inner - outer, r).subs(r, delta) == 0


def test_e1_05_la_suma_sobra_en_la_derivada():
    """Al derivar respecto de p_k solo queda el sumando k; con la suma, todos son iguales."""
    p = torch.tensor([0.2, 0.5, 0.3], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    judge = torch.autograd.grad(-(y * p.log()).sum(), p)[0]

    said = -(y / p).sum().expand(3)
    torch.testing.assert_close(-y / p, judge)  # lo que es: 0, −2, 0
    assert said.tolist() == [-2, -2, -2]
    assert judge.tolist() == [0, -2, 0]


def test_e1_06_la_suma_falta_en_la_cadena():
    """El gradiente de un peso suma los caminos que pasan por cada probabilidad."""
    w, x = np.array([[0.1, 0.2], [-0.3, 0.4], [0.5, -0.6]]), np.array([0.5, -1.0])
    p = softmax(w @ x)
    dp = p[:, np.newaxis] * (np.eye(3) - p)  # dp_k/dz_c
    for y in (np.array([0.0, 1.0, 0.0]), np.array([0.05, 0.9, 0.05])):
        judge = numerical_gradient(
            lambda w, y=y: cross_entropy((w @ x)[None], y[None]), w
        )
        terms = [np.outer(-y[k] / p[k] * dp[k], x) for k in range(3)]
        np.testing.assert_allclose(sum(terms), judge, rtol=1e-6)  # lo que es
        np.testing.assert_allclose(np.outer(p - y, x), judge, rtol=1e-6)
        hits = [np.allclose(term, judge) for term in terms]  # lo que dice, para cada k
        assert hits == [False, y[1] == 1, False]  # solo con un 1, y en su clase


def test_e1_07_las_derivadas_son_buenas_con_dos_avisos():
    """BCE y bisagra están bien derivadas; en el pico de la bisagra no hay derivada."""
    y, p = np.array([1.0, 0.0]), np.array([0.3, 0.6])
    judge = numerical_gradient(lambda p: binary_cross_entropy(p, y), p)
    np.testing.assert_allclose(-(y - p) / (p * (1 - p)) / 2, judge)
    np.testing.assert_allclose(binary_cross_entropy_grad(p, y), judge)

    signs, corner = np.array([1.0]), np.array([1.0])
    for side, slope in ((-0.5, -1), (0.5, 0)):
        judge = numerical_gradient(lambda p: hinge_loss(p, signs), corner + side)
        np.testing.assert_allclose(judge, slope, atol=1e-12)
        np.testing.assert_allclose(hinge_loss_grad(corner + side, signs), judge)
    pred = torch.tensor(1.0, requires_grad=True)  # en el pico, PyTorch elige
    hinges = torch.relu(1 - pred), torch.clamp(1 - pred, min=0)
    assert [torch.autograd.grad(h, pred)[0].item() for h in hinges] == [0, -1]


def test_e1_07_con_logits_queda_p_menos_y_y_no_se_desborda():
    """A través de la sigmoide la derivada es p − y, y con logits no aparece log 0."""
    z, y = sp.symbols("z y", real=True)
    p = 1 / (1 + sp.exp(-z))
    bce = -(y * sp.log(p) + (1 - y) * sp.log(1 - p))
    assert sp.simplify(sp.diff(bce, z) - (p - y)) == 0

    logit, one = np.array([-800.0]), np.array([1.0])
    with np.errstate(over="ignore"):
        saturated = 1 / (1 + np.exp(-logit))
    assert binary_cross_entropy(saturated, one) == np.inf
    assert binary_cross_entropy_with_logits(logit, one) == 800
    assert binary_cross_entropy_with_logits_grad(logit, one) == -1


def test_e1_09_la_formula_cubre_k_pesos_de_k_mas_uno():
    """Con h₀ = x la fórmula acierta en k pesos; el de la última capa a ŷ queda fuera."""
    k, x = 3, torch.tensor(0.7, dtype=torch.float64)
    w = torch.tensor([0.5, -1.2, 0.8, 1.5], dtype=torch.float64, requires_grad=True)
    h = [x]  # h₀ es la entrada
    for i in range(k):
        h.append(torch.tanh(w[i] * h[i]))
    loss = (w[k] * h[k] - 1) ** 2
    judge = torch.autograd.grad(loss, w)[0]

    last = 2 * (w[k] * h[k] - 1) * w[k]  # dL/dh_k
    for r in range(1, k + 1):
        path = torch.tensor(1.0, dtype=torch.float64)  # r = k: producto vacío
        for i in range(r, k):
            path = path * (1 - h[i + 1] ** 2) * w[i]
        torch.testing.assert_close(
            last * path * (1 - h[r] ** 2) * h[r - 1], judge[r - 1]
        )
    torch.testing.assert_close(2 * (w[k] * h[k] - 1) * h[k], judge[k])  # el que falta


def test_e1_11_la_derivada_final_no_sale_de_la_suma():
    """Con dos nodos finales, cada camino lleva la derivada de aquel en que acaba."""
    w = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    h = torch.tanh(0.7 * w)
    ends = [torch.tanh(1.3 * h), torch.tanh(-0.4 * h)]
    loss = (2 * ends[0] + 3 * ends[1] - 1) ** 2
    judge = torch.autograd.grad(loss, w, retain_graph=True)[0]

    first = torch.autograd.grad(h, w, retain_graph=True)[0]
    paths = [torch.autograd.grad(end, h, retain_graph=True)[0] for end in ends]
    outer = torch.autograd.grad(loss, ends)
    right = sum(o * p for o, p in zip(outer, paths, strict=True)) * first
    torch.testing.assert_close(right, judge)  # lo que es
    for common in outer:  # lo que dice, con uno u otro factor común
        assert abs(common * sum(paths) * first - judge) > 0.2


def test_e1_12_con_nodos_se_suma_y_con_capas_se_multiplica():
    """La suma de los 27 caminos es el producto de jacobianos, en su orden y no en otro."""
    rng = np.random.default_rng(0)
    j1, j2, j3 = rng.normal(size=(3, 3, 3))
    v = rng.normal(size=3)  # dL/dh₃
    paths = np.zeros(3)
    for a, b, c, d in product(range(3), repeat=4):
        paths[a] += v[d] * j3[d, c] * j2[c, b] * j1[b, a]

    np.testing.assert_allclose(v @ j3 @ j2 @ j1, paths)
    assert not np.allclose(v @ j1 @ j2 @ j3, paths)


def test_e1_14_dos_caminos_y_una_cadena_en_cada_uno():
    """La expansión es buena: es la regla de una variable aplicada a cada camino."""
    w, y, z, p, q = sp.symbols("w y z p q")
    dy, dz, dp, dq, do = w**2, 3 * w, sp.sin(y), sp.exp(-z), p * q
    along_p = sp.diff(do, p) * sp.diff(dp, y) * sp.diff(dy, w)
    along_q = sp.diff(do, q) * sp.diff(dq, z) * sp.diff(dz, w)

    def whole(expr):
        return expr.subs({p: dp, q: dq}).subs({y: dy, z: dz})

    assert sp.simplify(sp.diff(whole(do), w) - whole(along_p + along_q)) == 0
    assert whole(along_p).subs(w, 1) != sp.diff(whole(do), w).subs(w, 1)  # uno no basta


def test_e1_15_retropropagar_no_mueve_los_pesos():
    """Tras `backward` hay gradientes y los pesos siguen donde estaban."""
    w = torch.tensor([0.5], dtype=torch.float64, requires_grad=True)
    data = [(1.0, 2.0), (2.0, 1.0)]
    for x, y in data:
        ((w * x - y) ** 2).sum().backward()  # los gradientes se acumulan
    assert w.item() == 0.5
    assert w.grad.item() == sum(2 * (0.5 * x - y) * x for x, y in data) == -3

    step = 0.5
    for x, y in data:  # lo que dice: actualizar tras cada observación
        step -= 0.1 * 2 * (step * x - y) * x
    assert step != pytest.approx(0.5 - 0.1 * w.grad.item())  # es otro paso
