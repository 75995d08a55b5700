"""Sillas, curvatura y direcciones: valores a mano, derivadas, leyes y errores."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from apuntes import landscape
from apuntes.descent import gradient_descent, himmelblau_grad
from apuntes.gradcheck import numerical_gradient
from apuntes.landscape import cap_fraction, escape_steps, hessian, pairwise_angles

# Cada función con su gradiente y escrita aparte en PyTorch.
FUNCTIONS = {
    "saddle": (
        landscape.saddle,
        landscape.saddle_grad,
        lambda p: p[0] ** 2 - p[1] ** 2,
    ),
    "linear_network_loss": (
        landscape.linear_network_loss,
        landscape.linear_network_loss_grad,
        lambda p: (p[0] * p[1] - 1) ** 2,
    ),
}
functions = pytest.mark.parametrize(
    ("f", "f_grad", "torch_f"), FUNCTIONS.values(), ids=FUNCTIONS
)
POINTS = arrays(np.float64, 2, elements=st.floats(-3, 3))


def test_values_by_hand():
    assert landscape.saddle(np.array([2.0, 1.0])) == 3
    assert landscape.saddle_grad(np.array([2.0, 1.0])).tolist() == [4, -2]
    assert landscape.linear_network_loss(np.array([2.0, 3.0])) == 25
    assert landscape.linear_network_loss_grad(np.array([2.0, 3.0])).tolist() == [30, 20]


@functions
@given(p=POINTS)
def test_grad_matches_central_differences_and_pytorch(f, f_grad, torch_f, p):
    theta = torch.tensor(p, requires_grad=True)
    value = torch_f(theta)
    value.backward()

    np.testing.assert_allclose(
        f_grad(p), numerical_gradient(f, p), rtol=1e-6, atol=1e-6
    )
    assert f(p) == pytest.approx(value.item(), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(f_grad(p), theta.grad.numpy(), rtol=1e-12, atol=1e-12)


@functions
def test_a_grid_gives_what_each_point_gives(f, f_grad, torch_f, rng):
    grid = rng.normal(size=(2, 3, 4))

    values, slopes = f(grid), f_grad(grid)

    assert type(f(grid[:, 0, 0])) is float
    for i, j in np.ndindex(3, 4):
        assert values[i, j] == pytest.approx(f(grid[:, i, j]))
        np.testing.assert_allclose(slopes[:, i, j], f_grad(grid[:, i, j]))


@functions
def test_float32_in_float32_out(f, f_grad, torch_f):
    p = np.ones(2, dtype=np.float32)

    assert f_grad(p).dtype == np.float32


@functions
def test_hessian_matches_pytorch(f, f_grad, torch_f, rng):
    p = rng.normal(size=2)
    expected = torch.autograd.functional.hessian(torch_f, torch.tensor(p))

    np.testing.assert_allclose(
        hessian(f_grad, p), expected.numpy(), rtol=1e-7, atol=1e-8
    )


def test_hessian_of_the_linear_network_at_its_saddle():
    """E0-05: autovalores −2 y 2."""
    values = np.linalg.eigvalsh(
        hessian(landscape.linear_network_loss_grad, np.zeros(2))
    )

    np.testing.assert_allclose(values, [-2, 2], atol=1e-9)


def test_hessian_is_symmetric_and_leaves_its_argument_alone(rng):
    theta = rng.normal(size=5)
    before = theta.copy()

    matrix = hessian(lambda p: np.sin(p) * p.sum() + np.cumsum(p**2), theta)

    np.testing.assert_array_equal(matrix, matrix.T)
    np.testing.assert_array_equal(theta, before)


def test_hessian_step_is_the_one_asked_for():
    """Con un cubo, el error de la diferencia centrada de 3x² es cero; con x⁴, 4ε²x."""
    theta = np.array([1.0])

    assert hessian(lambda p: 4 * p**3, theta, eps=0.5)[0, 0] == pytest.approx(
        12 + 4 * 0.25
    )


def test_escape_steps_by_hand():
    """El desvío crece por 1,5 en cada paso: 0,1; 0,15; 0,225; …; 1,139 en el sexto."""
    assert escape_steps(0.1, radius=1.0, curvature=1.0, lr=0.5) == 6
    assert escape_steps(2.0, radius=1.0, curvature=1.0, lr=0.5) == 0
    assert escape_steps(2.0**-1074, radius=1.0, curvature=1.0, lr=1.0) == 1074


@given(
    distance=st.floats(1e-12, 0.5), curvature=st.floats(0.1, 10), lr=st.floats(0.01, 1)
)
def test_escape_steps_is_the_first_that_gets_out(distance, curvature, lr):
    k = escape_steps(distance, radius=1.0, curvature=curvature, lr=lr)
    growth = 1 + lr * curvature

    assert distance * growth**k >= 1 - 1e-9
    assert distance * growth ** (k - 1) <= 1 + 1e-9


@pytest.mark.parametrize("power", range(1, 13))
def test_descent_on_the_saddle_takes_exactly_escape_steps(power):
    distance = 10.0**-power
    path = gradient_descent(landscape.saddle_grad, [1.0, distance], lr=0.1, steps=200)
    counted = int(np.argmax(np.abs(path[:, 1]) >= 1))

    assert counted == escape_steps(distance, radius=1.0, curvature=2.0, lr=0.1)


def test_descent_from_the_stable_line_goes_to_the_saddle():
    """E0-07: desde [1, 0] se llega a la silla; desde [0, 0] no se sale."""
    for start in ([1.0, 0.0], [0.0, 0.0]):
        path = gradient_descent(landscape.saddle_grad, start, lr=0.05, steps=400)
        assert np.abs(path[-1]).max() < 1e-15


def test_descent_does_not_move_from_a_critical_point_of_himmelblau():
    """E2-13: las cuatro sillas y el máximo, con los signos de sus autovalores."""
    for guess, negative in (
        ((-0.270845, -0.923039), 2),
        ((0.086678, 2.884255), 1),
        ((3.385154, 0.073852), 1),
        ((-0.127961, -1.953715), 1),
        ((-3.073026, -0.081353), 1),
    ):
        p = np.array(guess)
        for _ in range(5):
            p = p - np.linalg.solve(hessian(himmelblau_grad, p), himmelblau_grad(p))
        path = gradient_descent(himmelblau_grad, p, lr=0.001, steps=100)
        assert np.abs(path[-1] - p).max() < 1e-9
        assert (np.linalg.eigvalsh(hessian(himmelblau_grad, p)) < 0).sum() == negative


def test_pairwise_angles_by_hand():
    directions = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, -3.0]])

    np.testing.assert_allclose(pairwise_angles(directions), [45, 90, 135])


@given(arrays(np.float64, (4, 3), elements=st.floats(0.1, 5)), st.floats(0.1, 9))
def test_pairwise_angles_do_not_see_lengths(directions, scale):
    angles = pairwise_angles(directions)

    assert angles.shape == (6,)
    assert np.isfinite(angles).all()
    np.testing.assert_allclose(pairwise_angles(scale * directions), angles, atol=1e-4)


def test_cap_fraction_by_hand():
    """En el plano es el arco; en el espacio, (1 − cos α)/2; a 90 grados, la mitad."""
    assert cap_fraction(2, 60) == pytest.approx(1 / 3)
    assert cap_fraction(3, 30) == pytest.approx((1 - math.sqrt(3) / 2) / 2)
    for d in (2, 5, 40, 100):
        assert cap_fraction(d, 90) == pytest.approx(0.5)
        assert cap_fraction(d, 180) == pytest.approx(1)


@pytest.mark.parametrize(
    ("d", "low", "high"),
    [(2, 0.477, 0.778), (8, 1.069, 2.897), (24, 2.263, 7.952), (100, 7.294, 31.139)],
)
def test_caps_match_reference_e2_17(d, low, high):
    assert -math.log10(cap_fraction(d, 60)) == pytest.approx(low, abs=5e-4)
    assert -math.log10(cap_fraction(d, 30)) == pytest.approx(high, abs=5e-4)


@pytest.mark.parametrize("d", [1_000, 10_000, 100_000])
def test_cap_fraction_holds_in_many_dimensions(d):
    """La esfera entera es 1 y media esfera, la mitad; dos casquetes la completan."""
    assert cap_fraction(d, 180) == 1
    assert cap_fraction(d, 90) == pytest.approx(0.5, rel=1e-9)
    assert cap_fraction(d, 89) + cap_fraction(d, 91) == pytest.approx(1)
    # Con d grande el coseno es casi normal de desviación 1/√d.
    one = math.degrees(math.acos(1 / math.sqrt(d)))
    assert cap_fraction(d, one) == pytest.approx(0.158655, rel=2 / d + 1e-4)


@pytest.mark.parametrize("d", [3, 10, 50])
def test_cap_fraction_is_the_chance_of_a_small_angle(d, rng):
    angles = pairwise_angles(rng.normal(size=(600, d)))

    assert np.mean(angles < 75) == pytest.approx(cap_fraction(d, 75), abs=0.01)


P = np.ones(2)
REJECTED = {
    "silla-enteros": (lambda: landscape.saddle(np.array([1, 2])), TypeError, "p .* int64"),
    "silla-tres": (lambda: landscape.saddle_grad(np.ones(3)), ValueError, r"\(3,\)"),
    "red-lista": (lambda: landscape.linear_network_loss([1.0, 2.0]), TypeError, "list"),
    "red-lote": (lambda: landscape.linear_network_loss_grad(np.ones((5, 2))), ValueError, r"\(5, 2\)"),
    "hessiana-float32": (lambda: hessian(landscape.saddle_grad, P.astype(np.float32)), TypeError, "theta .*float64.* float32"),
    "hessiana-matriz": (lambda: hessian(landscape.saddle_grad, np.ones((2, 2))), ValueError, r"theta .*\(P,\)"),
    "hessiana-paso": (lambda: hessian(landscape.saddle_grad, P, eps=0.0), ValueError, "eps .* 0.0"),
    "escape-cero": (lambda: escape_steps(0.0, radius=1.0, curvature=1.0, lr=0.1), ValueError, "distance .* 0.0"),
    "escape-radio": (lambda: escape_steps(1.0, radius=-1.0, curvature=1.0, lr=0.1), ValueError, "radius"),
    "escape-curvatura": (lambda: escape_steps(1.0, radius=1.0, curvature=-2.0, lr=0.1), ValueError, "curvature"),
    "escape-tasa": (lambda: escape_steps(1.0, radius=1.0, curvature=2.0, lr="1"), TypeError, "lr .* str"),
    "angulos-enteros": (lambda: pairwise_angles(np.eye(2, dtype=int)), TypeError, "directions"),
    "angulos-nulo": (lambda: pairwise_angles(np.zeros((2, 3))), ValueError, "directions .* nul"),
    "angulos-uno": (lambda: pairwise_angles(np.ones(3)), ValueError, r"\(N, d\)"),
    "casquete-recta": (lambda: cap_fraction(1, 30), ValueError, "recibió 1 y 30"),
    "casquete-angulo": (lambda: cap_fraction(3, 0), ValueError, "recibió 3 y 0"),
    "casquete-de-mas": (lambda: cap_fraction(3, 181), ValueError, "181"),
    "casquete-real": (lambda: cap_fraction(3.5, 30), TypeError, "dim"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "match"), REJECTED.values(), ids=REJECTED)
def test_rejects_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()
