"""Erratas de la fuente 002: cada prueba calcula lo que dice y lo que es."""

from itertools import permutations, product
from math import cos, exp, lgamma, log, pi

import numpy as np
import pytest
import sympy as sp
import torch

from apuntes.descent import (
    gradient_descent,
    himmelblau,
    himmelblau_grad,
    quadratic,
    quadratic_grad,
)
from apuntes.gradcheck import numerical_gradient


def test_e2_01_si_el_gradiente_se_recalcula_es_otro_algoritmo():
    """Con el gradiente fijado antes del bucle sale (0,8; −0,5); si no, (0,8; −0,52)."""
    start = np.array([1.0, -1.0])
    grad, said, right = quadratic_grad(start), start.copy(), start.copy()
    for j in range(2):
        said[j] -= 0.1 * quadratic_grad(said)[j]  # recalculado dentro
        right[j] -= 0.1 * grad[j]

    judge = gradient_descent(quadratic_grad, start, lr=0.1, steps=1)[1]
    np.testing.assert_allclose(right, judge)
    np.testing.assert_allclose(judge, [0.8, -0.5])
    np.testing.assert_allclose(said, [0.8, -0.52])


def test_e2_02_el_resto_depende_de_donde_se_derive():
    """En θ el resto es o(α); en el punto medio es cero; en otro punto fijo no es o(α)."""
    alpha, theta = sp.symbols("alpha theta")
    d, point = -2, 1
    cost = theta**2

    def remainder(z):
        slope = sp.diff(cost, theta).subs(theta, z)
        change = cost.subs(theta, point + alpha * d) - cost.subs(theta, point)
        return sp.expand(change - alpha * slope * d)

    assert sp.limit(remainder(point) / alpha, alpha, 0) == 0  # Taylor
    assert remainder(point + alpha * d / 2) == 0  # valor medio: sin resto
    assert sp.limit(remainder(point + d) / alpha, alpha, 0) == -8  # z fijo


def test_e2_03_la_cota_con_dos_alfa_no_se_cumple_nunca():
    """La bajada no llega a 2α⟨∇J,d⟩ con ningún α; a la mitad de α⟨∇J,d⟩, sí."""
    start = np.array([1.0, -1.0])
    rng = np.random.default_rng(0)
    for d in rng.normal(size=(200, 2)):
        slope = numerical_gradient(quadratic, start) @ d
        if slope > -0.5:  # no es de descenso, o apenas
            continue
        for alpha in (1e-4, 1e-3, 1e-2):
            change = quadratic(start + alpha * d) - quadratic(start)
            remainder = change - alpha * slope
            assert not remainder < alpha * slope  # la premisa que se usa
            assert not change <= 2 * alpha * slope  # y lo que se deduce
            assert change <= alpha * slope / 2  # lo que es


def test_e2_04_perpendicular_al_gradiente_no_se_baja():
    """Con ∇J ≠ 0 y d perpendicular a él, el coste sube a un lado y a otro."""
    start, d = np.array([1.0, -1.0]), np.array([5.0, 2.0])
    grad = numerical_gradient(quadratic, start)

    np.testing.assert_allclose(grad, [2, -5])  # no es cero
    assert grad @ d == pytest.approx(0, abs=1e-9)
    for alpha in (-0.1, -1e-3, 1e-3, 0.1):
        assert quadratic(start + alpha * d) > quadratic(start)


def test_e2_05_la_bajada_no_llega_al_doble_del_gradiente():
    """Con d = −∇J la bajada es al menos α(1 − αL/2)‖∇J‖², y menos de α‖∇J‖²."""
    lipschitz = np.linalg.eigvalsh([[1, -1], [-1, 4]]).max()
    rng = np.random.default_rng(0)
    for start in rng.normal(size=(100, 2)):
        squared = np.sum(numerical_gradient(quadratic, start) ** 2)
        for alpha in (0.001, 0.01, 0.1, 1 / lipschitz):
            step = start - alpha * quadratic_grad(start)
            change = quadratic(step) - quadratic(start)
            assert not change <= -2 * alpha * squared  # lo que dice
            assert change <= -alpha * (1 - alpha * lipschitz / 2) * squared + 1e-9
            assert change <= -alpha / 2 * squared + 1e-9  # pues α ≤ 1/L


def test_e2_06_la_cota_util_es_la_de_abajo():
    """Entre las direcciones de longitud uno, la de menor pendiente es −∇J/‖∇J‖."""
    start, angles = np.array([1.0, -1.0]), np.linspace(0, 2 * pi, 36001)
    units = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    grad = numerical_gradient(quadratic, start)
    norm = np.linalg.norm(grad)
    slopes = units @ grad

    # Lo que dice: con J(θ) = θ en θ = 0 y d = 1 daría 1 ≤ |J|·|d| = 0.
    assert not np.prod([1, 1]) <= abs(0) * 1
    assert slopes.min() == pytest.approx(-norm) == pytest.approx(-(29**0.5))
    np.testing.assert_allclose(units[slopes.argmin()], -grad / norm, atol=1e-3)
    # A paso finito ya no es la mejor: hay otra, a tres grados, que baja más.
    ends = quadratic((start + 0.1 * norm * units).T[:, np.newaxis])[0]
    assert ends.min() < 1.218 < quadratic(start - 0.1 * grad)
    between = units[ends.argmin()] @ units[slopes.argmin()]
    assert np.degrees(np.arccos(between)) == pytest.approx(2.8, abs=0.1)


def test_e2_07_que_el_gradiente_se_anule_exige_una_tasa_menor_que_2_entre_l():
    """Por debajo de 2/L la suma de los ‖∇J‖² está acotada; por encima, crecen."""
    lipschitz = np.linalg.eigvalsh([[1, -1], [-1, 4]]).max()
    start = np.array([1.0, -1.0])
    for share in (0.2, 1.0, 1.9):
        lr = share / lipschitz
        path = gradient_descent(quadratic_grad, start, lr=lr, steps=500)
        squared = np.sum([quadratic_grad(p) ** 2 for p in path], axis=1)
        bound = quadratic(start) / (lr * (1 - lr * lipschitz / 2))  # inf J = 0
        assert squared.sum() <= bound
        assert squared[-1] < 1e-6

    path = gradient_descent(quadratic_grad, start, lr=2.1 / lipschitz, steps=500)
    assert np.linalg.norm(quadratic_grad(path[-1])) > 1e6


def test_e2_07_gradiente_a_cero_sin_llegar_a_ningun_sitio():
    """En ln(1 + e^−w) el gradiente tiende a cero y w se va al infinito."""

    def grad(w):
        return -1 / (1 + np.exp(w))

    path = gradient_descent(grad, [0.0], lr=1.0, steps=10_000)[:, 0]
    assert abs(grad(path[-1])) < 1e-3
    assert np.all(np.diff(path) > 0)
    assert path[10_000] - path[1_000] == pytest.approx(log(10), abs=0.01)


def test_e2_08_la_desigualdad_de_parada_falla_en_su_propio_ejemplo():
    """Con el gradiente en t + 1 falla en los cuatro primeros pasos; en t, en ninguno."""
    lipschitz = np.linalg.eigvalsh([[1, -1], [-1, 4]]).max()
    lr = 0.1
    path = gradient_descent(quadratic_grad, [1, -1], lr=lr, steps=60)
    drops = -np.diff([quadratic(p) for p in path])
    squared = np.array([np.sum(numerical_gradient(quadratic, p) ** 2) for p in path])

    fails = np.flatnonzero(~(drops < 2 * lr * squared[1:]))
    assert fails.tolist() == [0, 1, 2, 3]  # lo que dice
    assert np.all(drops < 2 * lr * squared[:-1])  # lo que es
    # Y la que sirve para parar: si el coste casi no baja, el gradiente es pequeño.
    assert np.all(squared[:-1] <= drops / (lr * (1 - lr * lipschitz / 2)) + 1e-9)


def test_e2_09_el_valor_es_el_del_punto_siguiente():
    """g(0,8; −0,5) es 1,22; 0,47 es g en (0,67; −0,22), un paso después."""
    _, first, second = gradient_descent(quadratic_grad, [1, -1], lr=0.1, steps=2)
    x, y = sp.Rational(8, 10), sp.Rational(-5, 10)

    assert x**2 / 2 + 2 * y**2 - x * y == sp.Rational(122, 100)
    np.testing.assert_allclose(first, [0.8, -0.5])
    assert round(quadratic(first), 2) == 1.22  # no 0,47
    np.testing.assert_allclose(second, [0.67, -0.22])
    assert round(quadratic(second), 2) == 0.47


def test_e2_10_los_rotulos_estan_cambiados_y_el_gradiente_es_el_de_antes():
    """El 0,0493 es g y el 0,2994 es ‖∇g‖, pero en la iteración 7 y no en la 8."""
    path = gradient_descent(quadratic_grad, [1, -1], lr=0.1, steps=18)
    values = [round(quadratic(p), 4) for p in path]
    norms = [round(float(np.linalg.norm(quadratic_grad(p))), 4) for p in path]

    for k, said_value, said_norm in ((8, 0.2994, 0.0493), (18, 0.1362, 0.0115)):
        assert values[k] == said_norm
        assert norms[k - 1] == said_value
    assert (norms[8], norms[18]) == (0.2677, 0.1267)  # los de esas iteraciones


def test_e2_11_los_numeros_de_la_iteracion_48_son_los_de_la_38():
    """Solo la iteración 38 da a la vez los cuatro números que se atribuyen a la 48."""
    path = gradient_descent(quadratic_grad, [1, -1], lr=0.1, steps=200)
    norms = np.linalg.norm([quadratic_grad(p) for p in path], axis=1)
    matches = [
        k
        for k in range(1, 201)
        if path[k].round(2).tolist() == [0.04, 0.01]
        and round(quadratic(path[k]), 4) == 0.0006
        and round(norms[k - 1], 4) == 0.0321
    ]

    assert matches == [38]
    assert path[48].round(4).tolist() == [0.0199, 0.0060]  # tras 48 de verdad
    assert round(quadratic(path[48]), 5) == 0.00015
    assert round(norms[48], 4) == 0.0145


def test_e2_12_cuatro_inicios_y_cuatro_minimos():
    """Con η entre 0,005 y 0,014, cien pasos llevan cada inicio a un mínimo distinto."""
    starts = ([0, 1], [-1, 1], [-1, -1], [0, -1])
    for lr in (0.005, 0.01, 0.014):
        ends = np.array(
            [
                gradient_descent(himmelblau_grad, start, lr=lr, steps=100)[-1]
                for start in starts
            ]
        )
        assert max(himmelblau(end) for end in ends) < 1e-8
        expected = [[3, 2], [-2.805, 3.131], [-3.779, -3.283], [3.584, -1.848]]
        np.testing.assert_allclose(ends, expected, atol=1e-3)


def test_e2_12_entre_converger_y_divergir_se_oscila():
    """Desde (0, 1): hasta 2/λmax converge, después oscila y solo más allá diverge."""
    x, y = sp.symbols("x y")
    f = (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2
    hessian = np.array(sp.hessian(f, (x, y)).subs({x: 3, y: 2}), dtype=float)
    critical = 2 / np.linalg.eigvalsh(hessian).max()
    assert round(critical, 4) == 0.0243

    def path(lr):
        return gradient_descent(himmelblau_grad, [0, 1], lr=lr, steps=1500)

    np.testing.assert_allclose(path(0.024)[-1], [3, 2], atol=1e-6)
    swing = path(0.03)[-500:]
    assert np.ptp(swing, axis=0).min() > 0.5  # no converge
    assert np.abs(swing).max() < 10  # ni diverge
    assert not np.isfinite(path(0.04)).all()


def test_e2_13_nueve_puntos_donde_se_detiene():
    """Himmelblau tiene cuatro mínimos, cuatro sillas y un máximo, y GD para en todos."""
    x, y = sp.symbols("x y", real=True)
    f = (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2
    gradient, hessian = (
        sp.lambdify((x, y), [f.diff(x), f.diff(y)]),
        sp.hessian(f, (x, y)),
    )
    curvature = sp.lambdify((x, y), hessian)
    found = {}
    for start in product(np.linspace(-4, 4, 9), repeat=2):
        p = np.array(start)
        for _ in range(50):  # Newton va a cualquier punto crítico
            p = p - np.linalg.solve(curvature(*p), gradient(*p))
        if np.linalg.norm(gradient(*p)) < 1e-9:
            found[tuple(p.round(4))] = p

    negatives = [
        int(sum(np.linalg.eigvalsh(curvature(*p)) < 0)) for p in found.values()
    ]
    assert sorted(negatives) == [0, 0, 0, 0, 1, 1, 1, 1, 2]
    for p in found.values():
        path = gradient_descent(himmelblau_grad, p, lr=0.001, steps=100)
        np.testing.assert_allclose(path[-1], p, atol=1e-9)


def test_e2_14_un_minimo_local_que_no_es_global_relu():
    """Con la ReLU apagada la red es constante: mínimo local de 2,75 y global de 0."""
    x = torch.tensor([-1.0, 0.0, 1.0, 2.0], dtype=torch.float64)
    y = torch.tensor([0.0, 0.0, 1.0, 2.0], dtype=torch.float64)

    def loss(theta):
        w1, b1, w2, b2 = theta[..., None].movedim(-2, 0)
        return torch.sum((w2 * torch.relu(w1 * x + b1) + b2 - y) ** 2, dim=-1)

    local = torch.tensor([1.0, -5.0, 1.0, 0.75], dtype=torch.float64)
    torch.manual_seed(0)
    around = local + torch.rand(20_000, 4, dtype=torch.float64) - 0.5
    assert loss(local) == 2.75
    assert torch.autograd.functional.jacobian(loss, local).abs().max() == 0
    assert loss(around).min() >= 2.75  # ni un vecino baja
    assert loss(torch.tensor([1.0, 0.0, 1.0, 0.0], dtype=torch.float64)) == 0
    # El modelo inducido, aquí las constantes, no baja de ahí: eso dice el teorema.
    assert torch.sum((y - y.mean()) ** 2) == 2.75


def test_e2_14_y_con_una_activacion_suave_tambien():
    """Con tanh hay dos mínimos locales estrictos de distinto valor."""
    x = torch.linspace(-6, 6, 25, dtype=torch.float64)
    y = 0.5 * (1 + torch.tanh(x + 3)) - 0.75 * (1 + torch.tanh(x - 3))

    def loss(t):
        return torch.mean((t[2] * torch.tanh(t[0] * x + t[1]) + t[3] - y) ** 2)

    derivative, hessian = (
        torch.autograd.functional.jacobian,
        torch.autograd.functional.hessian,
    )
    values = []
    for start in ([-1.71, 5.64, 0.53, 0.068], [-2.495, -9.136, -0.207, 0.2286]):
        theta = torch.tensor(start, dtype=torch.float64)
        for _ in range(8):  # Newton afina el punto
            theta -= torch.linalg.solve(hessian(loss, theta), derivative(loss, theta))
        assert derivative(loss, theta).abs().max() < 1e-12
        assert torch.linalg.eigvalsh(hessian(loss, theta)).min() > 1e-5
        values.append(round(loss(theta).item(), 4))
    assert values == [0.1139, 0.2673]


def test_e2_16_el_signo_que_importa_es_el_de_los_valores_propios():
    """Todas las entradas positivas y es una silla; alguna negativa y es un mínimo."""
    saddle, minimum = (
        np.array([[1.0, 2.0], [2.0, 1.0]]),
        np.array([[2.0, -1.0], [-1.0, 2.0]]),
    )
    assert (saddle > 0).all()
    np.testing.assert_allclose(np.linalg.eigvalsh(saddle), [-1, 3])
    np.testing.assert_allclose(np.linalg.eigvalsh(minimum), [1, 3])

    # Hessianas gaussianas al azar: la fracción definida positiva se desploma.
    rng, fractions = np.random.default_rng(0), []
    for d in (1, 2, 3, 4):
        a = rng.normal(size=(50_000, d, d))
        values = np.linalg.eigvalsh(a + a.transpose(0, 2, 1))
        fractions.append(np.mean(values.min(axis=1) > 0))
    exact = [1 / 2, (2 - 2**0.5) / 4, (pi - 2 * 2**0.5) / (4 * pi)]
    np.testing.assert_allclose(fractions[:3], exact, atol=0.01)
    assert fractions[3] < 0.005


def test_e2_17_e_elevado_a_d_direcciones_no_caben():
    """A más de 60° sus casquetes de 30° no se tocan, y caben menos de e^d."""

    def log_cap(d, degrees):  # logaritmo de la fracción de esfera que cubre uno
        t = np.linspace(0, np.radians(degrees), 4001)
        top = np.sin(t[-1])
        area = np.trapezoid((np.sin(t) / top) ** (d - 2), t)
        whole = lgamma((d - 1) / 2) - lgamma(d / 2) + log(pi) / 2
        return log(area) + (d - 2) * log(top) - whole

    assert log_cap(3, 30) == pytest.approx(log((1 - cos(pi / 6)) / 2))
    dimensions = [*range(2, 101), 1000]
    assert all(-log_cap(d, 30) < d for d in dimensions)  # menos de lo que dice
    # Caben 1/μ(60°), al menos: exponencial, pero de base menor que e.
    at_least, at_most = (exp(-log_cap(1000, a) / 1000) for a in (60, 30))
    assert at_least == pytest.approx(2 / 3**0.5, rel=0.01)
    assert at_most == pytest.approx(2, rel=0.01)


def test_e2_17_en_alta_dimension_casi_todo_par_pasa_de_60_grados():
    """De 400 direcciones al azar, en dimensión 100 no hay dos a menos de 60°."""
    rng, fractions = np.random.default_rng(0), []
    for d in (3, 10, 100):
        v = rng.normal(size=(400, d))
        v /= np.linalg.norm(v, axis=1, keepdims=True)
        fractions.append(np.mean((v @ v.T)[np.triu_indices(400, 1)] < 0.5))
    np.testing.assert_allclose(fractions, [0.75, 0.94, 1], atol=0.01)
    assert fractions[-1] == 1


def test_e2_18_dos_ramas_de_minimos_separadas_por_una_barrera():
    """En (w₁w₂ − 1)² todo camino entre (1, 1) y (−1, −1) pasa por pérdida 1 o más."""

    def loss(p):
        return (p[..., 0] * p[..., 1] - 1) ** 2

    ends = np.array([[1.0, 1.0], [-1.0, -1.0]])
    np.testing.assert_array_equal(loss(ends), [0, 0])
    assert loss(ends.mean(axis=0)) == 1  # ni subespacio: el punto medio no es mínimo
    t = np.linspace(0, 1, 2001)[:, np.newaxis]
    bumps = np.sin(pi * np.arange(1, 6) * t)
    for weights in np.random.default_rng(0).normal(size=(200, 5, 2)):
        path = (1 - t) * ends[0] + t * ends[1] + bumps @ weights
        crossing = np.flatnonzero(np.diff(np.sign(path[:, 0])))[0]
        at_zero = path[crossing] * [0, 1]  # donde w₁ cambia de signo
        assert loss(at_zero) == 1
        assert loss(path).max() > 0.99


def test_e2_20_convexa_y_sin_minimo():
    """ln(1 + e^−w) es convexa y baja siempre: su ínfimo, cero, no se alcanza."""
    w = sp.symbols("w", real=True)
    cost = sp.log(1 + sp.exp(-w))
    assert sp.simplify(sp.diff(cost, w, 2)).is_positive  # convexa
    assert sp.simplify(sp.diff(cost, w)).is_negative  # sin punto crítico
    assert sp.limit(cost, w, sp.oo) == 0

    # Y con mínimo, w²/2, una tasa mayor que 2 tampoco llega.
    path = gradient_descent(lambda w: w, [1.0], lr=2.1, steps=100)
    assert abs(path[-1, 0]) > 1e4


def test_e2_21_copias_por_permutacion_y_familias_por_escala():
    """Tres neuronas tanh: 3!·2³ redes iguales; con ReLU, una por cada escala."""
    rng = np.random.default_rng(0)
    w1, w2, x = rng.normal(size=(3, 2)), rng.normal(size=3), rng.normal(size=(2, 50))
    judge = w2 @ np.tanh(w1 @ x)
    copies = set()
    for order in permutations(range(3)):
        for signs in product([1.0, -1.0], repeat=3):
            a, b = (
                np.array(signs)[:, np.newaxis] * w1[list(order)],
                signs * w2[list(order)],
            )
            np.testing.assert_allclose(b @ np.tanh(a @ x), judge)
            copies.add((*a.ravel(), *b))
    assert len(copies) == 48

    judge = w2 @ np.maximum(w1 @ x, 0)
    for c in (0.1, 0.5, 3.0, 7.0):  # infinitas: una curva de redes iguales
        np.testing.assert_allclose(w2 / c @ np.maximum(c * w1 @ x, 0), judge)
