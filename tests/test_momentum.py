"""El momento sobre una cuadrática: a mano, contra el optimizador, leyes y errores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apuntes.momentum import critical_momentum, momentum_roots, optimal_momentum
from apuntes.optimizers import SGD

curvatures = st.floats(0.1, 10)
rates = st.floats(0.01, 0.3)
factors = st.floats(0.05, 0.99)


def test_roots_by_hand():
    """Con ηλ = 1/2 y μ = 1/2: z² − z + 1/2, raíces (1 ± i)/2."""
    roots = momentum_roots(2.0, lr=0.25, momentum=0.5)
    np.testing.assert_allclose(roots, [0.5 + 0.5j, 0.5 - 0.5j])
    # Nesterov, con ηλ = 1/2 y μ = 1/2: z² − 0,75 z + 0,25.
    roots = momentum_roots(2.0, lr=0.25, momentum=0.5, nesterov=True)
    np.testing.assert_allclose(roots.imag, [0.4375**0.5 / 2, -(0.4375**0.5) / 2])
    np.testing.assert_allclose(roots.sum(), 0.75)
    np.testing.assert_allclose(np.prod(roots), 0.25)


def test_without_momentum_the_roots_are_the_factor_of_plain_descent_and_zero():
    roots = momentum_roots(np.array([0.5, 3.0]), lr=0.1, momentum=0.0)
    np.testing.assert_allclose(roots, [[0.95, 0.7], [0, 0]])


@given(curvatures, rates, factors, st.booleans())
def test_the_optimizer_follows_the_recurrence_of_the_roots(lam, lr, mu, nesterov):
    theta, visited = np.array([1.0]), []
    optimizer = SGD([theta], lr=lr, momentum=mu, nesterov=nesterov)
    for _ in range(6):
        visited.append(theta[0])
        optimizer.step([lam * theta])
    roots = momentum_roots(lam, lr=lr, momentum=mu, nesterov=nesterov)
    b, c = roots.sum().real, np.prod(roots).real
    x = np.array(visited)

    np.testing.assert_allclose(x[2:], b * x[1:-1] - c * x[:-2], rtol=1e-9, atol=1e-9 * abs(x).max())  # fmt: skip


@given(curvatures, rates)
def test_at_the_critical_momentum_the_roots_meet(lam, lr):
    mu = critical_momentum(lam, lr=lr)
    one, other = momentum_roots(lam, lr=lr, momentum=mu)

    assert abs(one - other) < 1e-6
    assert abs(one) == pytest.approx(abs(1 - (lr * lam) ** 0.5), abs=1e-6)


@given(curvatures, st.floats(1.5, 100))
def test_no_other_setting_beats_the_optimal_one_on_both_ends(smallest, kappa):
    ends = np.array([smallest, kappa * smallest])
    lr, mu = optimal_momentum(*ends)
    worst = abs(momentum_roots(ends, lr=lr, momentum=mu)).max()
    expected = (kappa**0.5 - 1) / (kappa**0.5 + 1)

    assert worst == pytest.approx(expected, abs=1e-6)
    for factor in (0.8, 0.95, 1.05, 1.2):
        other = momentum_roots(ends, lr=factor * lr, momentum=mu)
        assert abs(other).max() > worst - 1e-6
        other = momentum_roots(ends, lr=lr, momentum=min(factor * mu, 0.9999))
        assert abs(other).max() > worst - 1e-6


def test_nesterov_damps_high_curvatures_more():
    lam = np.linspace(0.1, 4, 40)
    plain = abs(momentum_roots(lam, lr=0.2, momentum=0.9)).max(axis=0)
    nesterov = abs(momentum_roots(lam, lr=0.2, momentum=0.9, nesterov=True)).max(axis=0)

    assert (nesterov < plain).all()


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: momentum_roots(1.0, lr=-0.1, momentum=0.9), "lr .* -0.1"),
        (lambda: momentum_roots(1.0, lr=0.1, momentum=-0.9), "momentum .* -0.9"),
        (lambda: critical_momentum(0.0, lr=0.1), "curvature .* 0.0"),
        (lambda: critical_momentum(1.0, lr=0.0), "lr .* 0.0"),
        (lambda: optimal_momentum(0.0, 1.0), "smallest .* 0.0"),
        (lambda: optimal_momentum(1.0, -1.0), "largest .* -1.0"),
    ],
)
def test_rejects_bad_arguments(call, match):
    with pytest.raises(ValueError, match=match):
        call()
