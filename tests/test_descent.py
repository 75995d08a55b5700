"""Descenso de gradiente: valores de referencia, derivadas, leyes, errores y PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apuntes import descent
from apuntes.descent import gradient_descent
from apuntes.gradcheck import numerical_gradient

# Fe de erratas, R-01: g desde (1, -1) con η = 0,1: k → (x, y, g, ‖∇g‖).
R01 = {
    0: (1.000000, -1.000000, 3.500000, 5.385165),
    1: (0.800000, -0.500000, 1.220000, 3.087070),
    2: (0.670000, -0.220000, 0.468650, 1.787344),
    3: (0.581000, -0.065000, 0.2149955, 1.060470),
    4: (0.516400, 0.019100, 0.124201, 0.664009),
    5: (0.466670, 0.063100, 0.087407, 0.456925),
    8: (0.362256, 0.095222, 0.049254, 0.267683),
    10: (0.311333, 0.089570, 0.036624, 0.226678),
    18: (0.173917, 0.052606, 0.011509, 0.126685),
    20: (0.150503, 0.045552, 0.008620, 0.109635),
    38: (0.040979, 0.012407, 0.000639, 0.029852),
    48: (0.019892, 0.006023, 0.000151, 0.014491),
    50: (0.017215, 0.005212, 0.000113, 0.012541),
}
# Himmelblau con η = 0,01: inicio → (valor y gradiente en él, {k: punto}).
R03 = {
    (0, 1): (136, (-12, -44), {1: (0.12, 1.44), 2: (0.261947, 1.907761), 5: (0.765222, 2.727133), 10: (2.19393, 2.535928), 100: (3, 2)}),
    (-1, 1): (130, (22, -46), {1: (-1.22, 1.46), 2: (-1.49115, 1.976595), 5: (-2.418883, 3.035538), 10: (-2.801374, 3.130986), 100: (-2.805118, 3.131313)}),
    (-1, -1): (170, (30, 6), {1: (-1.3, -1.06), 2: (-1.695712, -1.156879), 5: (-3.115248, -1.897032), 10: (-3.763549, -3.257346), 100: (-3.77931, -3.283186)}),
    (0, -1): (180, (-12, 0), {1: (0.12, -1), 2: (0.295131, -0.995488), 5: (1.427519, -0.943687), 10: (3.51997, -1.154979), 100: (3.584428, -1.848127)}),
}  # fmt: skip
# recta por cuatro puntos, α = 0,02 desde el origen: k → (β0, β1, L, ∇L).
X, Y = np.arange(4.0), np.array([1.0, 3.0, 2.0, 5.0])
R04 = {
    0: (0.000000, 0.000000, 39.000000, (-22.0, -44.0)),
    1: (0.440000, 0.880000, 6.862400, (-7.92, -14.08)),
    2: (0.598400, 1.161600, 3.388751, (-3.2736, -4.2944)),
    3: (0.663872, 1.247488, 2.993485, (-1.719168, -1.103872)),
    4: (0.698255, 1.269565, 2.930665, (-1.179172, -0.073103)),
    10: (0.805481, 1.237922, 2.825833, (-0.701084, 0.327597)),
    50: (1.058115, 1.119618, 2.702545, (-0.099665, 0.046681)),
    100: (1.096342, 1.101713, 2.700019, (-0.008704, 0.004077)),
    400: (1.100000, 1.100000, 2.700000, (0.0, 0.0)),
}
# Cada función como f(p), con su gradiente y escrita aparte en PyTorch.
FUNCTIONS = {
    "quadratic": (
        descent.quadratic,
        descent.quadratic_grad,
        lambda p: 0.5 * p[0] ** 2 + 2 * p[1] ** 2 - p[0] * p[1],
    ),
    "himmelblau": (
        descent.himmelblau,
        descent.himmelblau_grad,
        lambda p: (p[0] ** 2 + p[1] - 11) ** 2 + (p[0] + p[1] ** 2 - 7) ** 2,
    ),
    "regresion": (
        lambda beta: descent.linear_regression_loss(beta, X, Y),
        lambda beta: descent.linear_regression_loss_grad(beta, X, Y),
        lambda beta: ((beta[0] + beta[1] * torch.tensor(X) - torch.tensor(Y)) ** 2).sum(),
    ),
}  # fmt: skip
functions = pytest.mark.parametrize(
    ("f", "f_grad", "torch_f"), FUNCTIONS.values(), ids=FUNCTIONS
)
POINTS = arrays(np.float64, 2, elements=st.floats(-4, 4))


def near(expected):
    """Las referencias están redondeadas a seis decimales."""
    return pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("k", R01)
def test_descent_on_the_quadratic_matches_reference_r01(k):
    point = gradient_descent(descent.quadratic_grad, (1, -1), lr=0.1, steps=50)[k]
    x, y, value, norm = R01[k]

    assert point == near((x, y))
    assert descent.quadratic(point) == near(value)
    assert np.linalg.norm(descent.quadratic_grad(point)) == near(norm)


@pytest.mark.parametrize("start", R03, ids=str)
def test_descent_on_himmelblau_matches_reference_r03(start):
    value, slope, points = R03[start]
    path = gradient_descent(descent.himmelblau_grad, start, lr=0.01, steps=100)

    assert descent.himmelblau(path[0]) == value
    assert descent.himmelblau_grad(path[0]) == near(slope)
    for k, point in points.items():
        assert path[k] == near(point)


def test_descent_on_the_regression_matches_reference_r04():
    f, f_grad, _ = FUNCTIONS["regresion"]
    path = gradient_descent(f_grad, (0, 0), lr=0.02, steps=400)

    for k, (intercept, slope, value, gradient) in R04.items():
        assert path[k] == near((intercept, slope))
        assert f(path[k]) == near(value)
        assert f_grad(path[k]) == near(gradient)


def test_himmelblau_local_maximum_of_reference_r03():
    p = np.array([-0.270845, -0.923039])

    assert descent.himmelblau(p) == near(181.616522)
    assert descent.himmelblau_grad(p) == pytest.approx(0, abs=1e-4)


@functions
@given(p=POINTS)
def test_grad_matches_central_differences(f, f_grad, torch_f, p):
    np.testing.assert_allclose(
        f_grad(p), numerical_gradient(f, p), rtol=1e-6, atol=1e-6
    )


@functions
@given(p=POINTS)
def test_value_and_grad_match_pytorch(f, f_grad, torch_f, p):
    theta = torch.tensor(p, requires_grad=True)
    value = torch_f(theta)
    value.backward()

    assert f(p) == pytest.approx(value.item(), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(f_grad(p), theta.grad.numpy(), rtol=1e-12, atol=1e-12)


@functions
def test_trajectory_matches_pytorch_sgd(f, f_grad, torch_f):
    theta = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=0.01)
    expected = [theta.detach().numpy().copy()]
    for _ in range(30):
        optimizer.zero_grad()
        torch_f(theta).backward()
        optimizer.step()
        expected.append(theta.detach().numpy().copy())

    path = gradient_descent(f_grad, [0.5, -1.0], lr=0.01, steps=30)

    np.testing.assert_allclose(path, expected, rtol=1e-10)


@given(start=POINTS, lr=st.floats(0, 0.46))
def test_every_step_goes_down_below_two_over_the_largest_eigenvalue(start, lr):
    """R-01: el mayor autovalor de q es 4,302776 y el doble de su inverso, 0,464816."""
    path = gradient_descent(descent.quadratic_grad, start, lr=lr, steps=20)
    values = descent.quadratic(path.T[:, None])[0]

    assert (np.diff(values) <= 1e-12).all()


def test_descent_finds_the_least_squares_line(rng):
    x, y = rng.normal(size=(2, 30))
    design = np.stack([np.ones(30), x], axis=1)
    expected, *_ = np.linalg.lstsq(design, y)

    path = gradient_descent(
        lambda b: descent.linear_regression_loss_grad(b, x, y),
        [3.0, -2.0],
        lr=0.01,
        steps=500,
    )

    np.testing.assert_allclose(path[-1], expected, rtol=1e-9)


def test_divergence_keeps_the_whole_trajectory_without_warnings():
    path = gradient_descent(descent.quadratic_grad, (1, -1), lr=1.0, steps=1000)
    finite = np.isfinite(path).all(axis=1)

    assert path.shape == (1001, 2)
    assert 500 < finite.sum() < 700
    assert finite[: finite.sum()].all()
    assert np.abs(path[finite][-1]).max() > 1e300


def test_trajectory_of_himmelblau_overflows_without_warnings():
    path = gradient_descent(descent.himmelblau_grad, (4, 4), lr=1.0, steps=20)

    assert not np.isfinite(path[-1]).any()


def test_float32_in_float32_out():
    start = np.array([1, -1], dtype=np.float32)

    path = gradient_descent(descent.quadratic_grad, start, lr=np.float64(0.1), steps=3)

    assert path.dtype == np.float32
    assert descent.himmelblau_grad(start).dtype == np.float32
    assert descent.linear_regression_loss_grad(start, start, start).dtype == np.float32


def test_the_gradient_may_be_a_list():
    path = gradient_descent(
        lambda p: [p[0] - p[1], 4 * p[1] - p[0]], (1, -1), lr=0.1, steps=1
    )

    assert path[1] == near((0.8, -0.5))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_critical_rate_forgives_the_rounding_of_a_computed_hessian(dtype):
    hessian = np.array([[2, 1], [1, 2]], dtype=dtype)
    hessian[0, 1] += 4 * np.finfo(dtype).eps

    assert descent.critical_rate(hessian) == pytest.approx(2 / 3, rel=1e-6)


def test_start_is_not_modified_nor_shared():
    start = np.array([1.0, -1.0])

    path = gradient_descent(descent.quadratic_grad, start, lr=0.1, steps=1)
    path[0] = 7

    assert start.tolist() == [1.0, -1.0]


@pytest.mark.parametrize("name", ["quadratic", "himmelblau"])
def test_a_grid_gives_what_each_point_gives(name, rng):
    f, f_grad, _ = FUNCTIONS[name]
    grid = rng.normal(size=(2, 3, 4))

    values, slopes = f(grid), f_grad(grid)

    assert type(f(grid[:, 0, 0])) is float
    for i, j in np.ndindex(3, 4):
        assert values[i, j] == pytest.approx(f(grid[:, i, j]))
        np.testing.assert_allclose(slopes[:, i, j], f_grad(grid[:, i, j]))


@given(p=POINTS, angle=st.floats(0, 7), lr=st.floats(1e-4, 1))
def test_descent_lemma_bounds_every_step_of_the_quadratic_on_both_sides(p, angle, lr):
    """Con M = λmax, J(p + ηd) dista de su tangente a lo sumo Mη²‖d‖²/2."""
    largest = (5 + 13**0.5) / 2
    d = np.array([np.cos(angle), np.sin(angle)])
    tangent = descent.quadratic(p) + lr * descent.quadratic_grad(p) @ d

    gap = abs(descent.quadratic(p + lr * d) - tangent)

    assert gap <= largest * lr**2 / 2 + 1e-12


@given(p=POINTS, part=st.floats(0.01, 1))
def test_a_step_up_to_one_over_m_goes_down_at_least_half_of_what_is_promised(p, part):
    """Y nunca el doble: ΔJ ≤ −½η‖∇J‖² se cumple y ΔJ ≤ −2η‖∇J‖², no."""
    lr, slope = part * 2 / (5 + 13**0.5), descent.quadratic_grad(p)
    change = descent.quadratic(p - lr * slope) - descent.quadratic(p)

    assert change <= -lr * slope @ slope / 2 + 1e-12
    assert change >= -lr * slope @ slope - 1e-12


def test_the_stopping_inequality_holds_with_the_gradient_before_the_step():
    """Fe de erratas, E2-08: con el de después falla en los cuatro primeros pasos."""
    path = gradient_descent(descent.quadratic_grad, (1, -1), lr=0.1, steps=60)
    drops = -np.diff([descent.quadratic(p) for p in path])
    squares = np.array([np.sum(descent.quadratic_grad(p) ** 2) for p in path])
    low = 0.1 * (1 - 0.1 * (5 + 13**0.5) / 4)

    assert (drops <= 2 * 0.1 * squares[:-1]).all()
    assert (low * squares[:-1] <= drops).all()
    assert np.flatnonzero(drops >= 2 * 0.1 * squares[1:]).tolist() == [0, 1, 2, 3]


# Los cuatro mínimos de Himmelblau y su tasa crítica (fe de erratas, E2-12a).
MINIMA = {
    (3.0, 2.0): 0.024306,
    (-2.805118, 3.131313): 0.024829,
    (-3.779310, -3.283186): 0.014949,
    (3.584428, -1.848127): 0.018972,
}


@pytest.mark.parametrize("name", ["quadratic", "himmelblau"])
@given(p=POINTS)
def test_hessian_matches_central_differences_of_the_gradient(name, p):
    hessian, slope = getattr(descent, f"{name}_hessian"), FUNCTIONS[name][1]
    rows = [numerical_gradient(lambda v, i=i: float(slope(v)[i]), p) for i in (0, 1)]

    np.testing.assert_allclose(hessian(p), rows, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["quadratic", "himmelblau"])
def test_hessian_matches_pytorch(name):
    p = torch.tensor([1.5, -0.5], dtype=torch.float64)
    expected = torch.autograd.functional.hessian(FUNCTIONS[name][2], p)

    hessian = getattr(descent, f"{name}_hessian")(p.numpy())

    np.testing.assert_allclose(hessian, expected.numpy(), rtol=1e-12)


def test_critical_rate_by_hand():
    """La cuadrática tiene autovalores (5 ± √13)/2, y 2 entre el mayor es 4/(5 + √13)."""
    rate = descent.critical_rate(descent.quadratic_hessian(P))

    assert type(rate) is float
    assert rate == pytest.approx(4 / (5 + 13**0.5), rel=1e-14)


@pytest.mark.parametrize("p", MINIMA, ids=str)
def test_critical_rate_of_the_minima_of_himmelblau_matches_reference_e2_12a(p):
    hessian = descent.himmelblau_hessian(np.array(p))

    assert descent.critical_rate(hessian) == near(MINIMA[p])


@given(scale=st.floats(0.1, 10), angle=st.floats(0, 7))
def test_below_the_critical_rate_it_converges_and_above_it_does_not(scale, angle):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    hessian = turn @ np.diag([scale, 3 * scale]) @ turn.T
    rate = descent.critical_rate(hessian)

    for factor, shrinks in ((0.95, True), (1.05, False)):
        start = turn @ [0.0, 1.0]
        path = gradient_descent(
            lambda p: hessian @ p, start, lr=factor * rate, steps=20
        )
        assert (np.linalg.norm(path[-1]) < 1) == shrinks


def test_descent_stops_at_the_first_small_gradient():
    """R-01: ‖∇q‖ baja de 0,3 por primera vez en el paso 7, donde vale 0,299374."""
    path = gradient_descent(G, (1, -1), lr=0.1, steps=100, tol=0.3)

    assert len(path) == 8
    assert np.linalg.norm(G(path[-1])) < 0.3 <= np.linalg.norm(G(path[-2]))


def test_without_tolerance_it_takes_every_step_even_at_the_minimum():
    assert len(gradient_descent(G, (0, 0), lr=0.1, steps=5)) == 6
    assert len(gradient_descent(G, (0, 0), lr=0.1, steps=5, tol=1e-300)) == 1


GRID = np.stack(np.meshgrid(np.linspace(-6, 6, 9), np.linspace(-6, 6, 7)))


@pytest.mark.parametrize("lr", [0.002, 0.01, 0.02])
def test_basins_say_where_each_trajectory_ends_and_when(lr):
    minima = np.array(list(MINIMA))
    which, arrival = descent.basins(
        descent.himmelblau_grad, GRID, minima, lr=lr, steps=200
    )

    assert which.shape == arrival.shape == (7, 9)
    for i, j in np.ndindex(7, 9):
        path = gradient_descent(
            descent.himmelblau_grad, GRID[:, i, j], lr=lr, steps=200
        )
        with np.errstate(invalid="ignore"):
            near_one = np.hypot(*(path[:, None] - minima).T) < 1e-3
        hits = np.argwhere(near_one.T)
        expected = hits[0][::-1] if len(hits) else (-1, -1)
        assert (which[i, j], arrival[i, j]) == tuple(expected)
    assert (which >= 0).any()
    assert (which < 0).any() == (lr != 0.01)


@pytest.mark.parametrize(("start", "k"), list(zip(R03, range(4), strict=True)), ids=str)
def test_the_four_starts_of_the_lecture_fall_in_four_basins(start, k):
    starts = np.array(start, dtype=float)[:, None, None]
    which, _ = descent.basins(
        descent.himmelblau_grad, starts, np.array(list(MINIMA)), lr=0.01, steps=100
    )

    assert which.tolist() == [[k]]


P, G = np.ones(2), descent.quadratic_grad
REJECTED = {
    "tasa-negativa": (lambda: gradient_descent(G, P, lr=-0.1, steps=1), ValueError, "lr no puede.*-0.1"),
    "tasa-texto": (lambda: gradient_descent(G, P, lr="0.1", steps=1), TypeError, "lr .* str"),
    "tolerancia-negativa": (lambda: gradient_descent(G, P, lr=0.1, steps=1, tol=-1.0), ValueError, "tol no puede.*-1.0"),
    "pasos-reales": (lambda: gradient_descent(G, P, lr=0.1, steps=1.5), TypeError, "steps .* float"),
    "cero-pasos": (lambda: gradient_descent(G, P, lr=0.1, steps=0), ValueError, "steps .* 0"),
    "inicio-escalar": (lambda: gradient_descent(G, 1.0, lr=0.1, steps=1), ValueError, r"start .*\(D,\); se recibió \(\)"),
    "inicio-matriz": (lambda: gradient_descent(G, np.ones((2, 2)), lr=0.1, steps=1), ValueError, r"\(2, 2\)"),
    "inicio-complejo": (lambda: gradient_descent(G, [1j, 0], lr=0.1, steps=1), TypeError, "start .* complex128"),
    "grad-escalar": (lambda: gradient_descent(lambda p: 1.0, P, lr=0.1, steps=1), ValueError, r"\(2,\); se recibió \(\)"),
    "grad-columna": (lambda: gradient_descent(lambda p: p[:, None], P, lr=0.1, steps=1), ValueError, r"recibió \(2, 1\)"),
    "g-enteros": (lambda: descent.quadratic(np.array([1, -1])), TypeError, "p .* int64"),
    "g-lista": (lambda: descent.quadratic_grad([1.0, -1.0]), TypeError, "p .* list"),
    "g-tres": (lambda: descent.quadratic(np.ones(3)), ValueError, r"\(3,\)"),
    "h-lote": (lambda: descent.himmelblau(np.ones((5, 2))), ValueError, r"\(5, 2\)"),
    "h-grad-tres": (lambda: descent.himmelblau_grad(np.ones(3)), ValueError, r"\(3,\)"),
    "q-hessiana-entera": (lambda: descent.quadratic_hessian(np.array([1, 1])), TypeError, "p .* int64"),
    "h-hessiana-tres": (lambda: descent.himmelblau_hessian(np.ones(3)), ValueError, r"\(3,\)"),
    "critica-lista": (lambda: descent.critical_rate([[1.0]]), TypeError, "hessian .* list"),
    "critica-vector": (lambda: descent.critical_rate(P), ValueError, r"hessian .* \(2,\)"),
    "critica-rectangular": (lambda: descent.critical_rate(np.ones((2, 3))), ValueError, r"\(2, 3\)"),
    "critica-techo": (lambda: descent.critical_rate(-np.eye(2)), ValueError, "positivo; se recibió -1"),
    "cuencas-punto": (lambda: descent.basins(G, P, np.eye(2), lr=0.1, steps=1), ValueError, r"starts .*\(2,\)"),
    "cuencas-enteros": (lambda: descent.basins(G, np.ones((2, 1, 1), int), np.eye(2), lr=0.1, steps=1), TypeError, "starts .* int64"),
    "cuencas-minimos": (lambda: descent.basins(G, GRID, np.eye(3), lr=0.1, steps=1), ValueError, r"minima .*\(3, 3\)"),
    "cuencas-tasa": (lambda: descent.basins(G, GRID, np.eye(2), lr=-0.1, steps=1), ValueError, "lr no puede"),
    "cuencas-pasos": (lambda: descent.basins(G, GRID, np.eye(2), lr=0.1, steps=0), ValueError, "steps .* 0"),
    "recta-beta": (lambda: descent.linear_regression_loss(np.ones(3), X, Y), ValueError, r"beta .*\(2,\); se recibió \(3,\)"),
    "recta-beta-entera": (lambda: descent.linear_regression_loss(np.array([0, 0]), X, Y), TypeError, "beta .* int64"),
    "critica-vacia": (lambda: descent.critical_rate(np.ones((0, 0))), ValueError, r"cuadrada; se recibió \(0, 0\)"),
    "critica-numero": (lambda: descent.critical_rate(np.float64(2)), ValueError, r"cuadrada; se recibió \(\)"),
    "critica-asimetrica": (lambda: descent.critical_rate(np.array([[1.0, 9.0], [0.0, 1.0]])), ValueError, "simétrica; se recibió una que dista 9"),
    "recta-columna": (lambda: descent.linear_regression_loss(P, X[:, None], Y[:, None]), ValueError, r"x .*\(N,\); se recibió \(4, 1\)"),
    "recta-enteros": (lambda: descent.linear_regression_loss_grad(P, np.arange(4), Y), TypeError, "x .* int64"),
    "recta-formas": (lambda: descent.linear_regression_loss_grad(P, X, Y[:, None]), ValueError, "formas"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
