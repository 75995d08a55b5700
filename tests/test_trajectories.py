"""El camino de un optimizador y la función de Rosenbrock: a mano, leyes y errores."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from apuntes.descent import gradient_descent, quadratic_grad
from apuntes.gradcheck import numerical_gradient
from apuntes.optimizers import SGD, Adam
from apuntes.schedules import step_decay
from apuntes.trajectories import (
    rosenbrock,
    rosenbrock_grad,
    rosenbrock_hessian,
    trajectory,
)

points = st.tuples(st.floats(-2, 2), st.floats(-2, 2)).map(np.array)


def test_rosenbrock_by_hand():
    assert rosenbrock(np.array([1.0, 1.0])) == 0
    assert rosenbrock(np.array([2.0, 3.0])) == 1 + 100
    np.testing.assert_allclose(rosenbrock_grad(np.array([2.0, 3.0])), [802, -200])
    expected = [[802, -400], [-400, 200]]
    np.testing.assert_allclose(rosenbrock_hessian(np.array([1.0, 1.0])), expected)


@given(points)
def test_derivatives_match_centred_differences(p):
    numeric = numerical_gradient(rosenbrock, p)
    np.testing.assert_allclose(rosenbrock_grad(p), numeric, rtol=1e-6, atol=1e-5)
    for k, row in enumerate(rosenbrock_hessian(p)):
        numeric = numerical_gradient(lambda q, k=k: float(rosenbrock_grad(q)[k]), p)
        np.testing.assert_allclose(row, numeric, rtol=1e-6, atol=1e-5)


def test_a_grid_gives_the_value_of_each_point(rng):
    grid = rng.normal(size=(2, 3, 4))

    assert rosenbrock(grid).shape == (3, 4)
    assert rosenbrock(grid)[1, 2] == rosenbrock(grid[:, 1, 2])
    np.testing.assert_allclose(
        rosenbrock_grad(grid)[:, 1, 2], rosenbrock_grad(grid[:, 1, 2])
    )


def test_plain_sgd_makes_the_path_of_gradient_descent():
    ours = trajectory(SGD([np.array([1.0, -1.0])], lr=0.1), quadratic_grad, steps=9)
    expected = gradient_descent(quadratic_grad, (1, -1), lr=0.1, steps=9)

    np.testing.assert_allclose(ours, expected)


def test_the_schedule_sets_the_rate_of_each_step_as_in_pytorch():
    schedule = step_decay(lr=0.1, step_size=3, gamma=0.5)
    optimizer = Adam([np.array([1.0, -1.0])])
    ours = trajectory(optimizer, quadratic_grad, steps=8, schedule=schedule)
    theta = torch.tensor([1.0, -1.0], dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.Adam([theta], lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(theirs, step_size=3, gamma=0.5)
    for _ in range(8):
        theta.grad = torch.tensor(quadratic_grad(theta.detach().numpy()))
        theirs.step()
        scheduler.step()

    np.testing.assert_allclose(ours[-1], theta.detach(), rtol=1e-12)


def test_a_path_that_diverges_gives_no_warning():
    path = trajectory(SGD([np.array([1.0])], lr=10.0), lambda p: 1e10 * p, steps=60)

    assert not np.isfinite(path[-1]).all()


def test_rejects_bad_arguments():
    two = SGD([np.ones(2), np.ones(3)], lr=0.1)
    with pytest.raises(ValueError, match="un arreglo; se recibió 2"):
        trajectory(two, quadratic_grad, steps=1)
    with pytest.raises(ValueError, match=r"steps .* 0"):
        trajectory(SGD([np.ones(2)], lr=0.1), quadratic_grad, steps=0)
    for function in (rosenbrock, rosenbrock_grad, rosenbrock_hessian):
        with pytest.raises(ValueError, match=r"p debe .* \(3,\)"):
            function(np.ones(3))
        with pytest.raises(TypeError, match=r"p debe .* int"):
            function(np.ones(2, int))
