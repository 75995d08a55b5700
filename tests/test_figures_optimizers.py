"""Lo que dibujan las figuras del capítulo 12: tasas, ejemplo de Reddi y primer paso."""

import numpy as np
import pytest
import torch

from apuntes.figures import optimizers, schedules, trajectories
from apuntes.optimizers import Adam


@pytest.mark.parametrize("place", ["himmelblau", "rosenbrock"])
@pytest.mark.parametrize("name", trajectories.KINDS)
def test_the_rate_of_each_path_beats_its_neighbours(place, name):
    f, grad, start, steps = trajectories.PLACES[place]
    rates = dict(zip(trajectories.KINDS, trajectories.RATES[place], strict=True))

    def final(lr):
        path = trajectories.path_of(name, grad, start, lr=lr, steps=steps)
        return f(path[-1]) if np.isfinite(path[-1]).all() else np.inf

    first = f"{rates[name]:e}"[0]
    up, down = {"1": (2, 0.5), "2": (2.5, 0.5), "5": (2, 0.4)}[first]
    with np.errstate(all="ignore"):
        ours = final(rates[name])
        assert ours <= min(final(up * rates[name]), final(down * rates[name]))


def test_momentum_and_adaptive_methods_end_in_different_minima():
    ends = {name: path[-1] for name, path in trajectories.paths("himmelblau").items()}

    for name in trajectories.FAMILIES[0]:
        np.testing.assert_allclose(ends[name], [3.584, -1.848], atol=0.02)
    for name in trajectories.FAMILIES[1]:
        np.testing.assert_allclose(ends[name], [3, 2], atol=0.02)


@pytest.mark.parametrize("amsgrad", [False, True])
def test_the_wrong_way_is_the_one_of_pytorch(amsgrad):
    grads, beta2 = np.tile([3.0, -1.0, -1.0], 40), 0.1
    path = optimizers.on_the_interval(0.5, grads, beta2=beta2, amsgrad=amsgrad)
    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.Adam([x], betas=(0.0, beta2), amsgrad=amsgrad)
    for t, grad in enumerate(grads, start=1):
        theirs.param_groups[0]["lr"] = 0.5 / t**0.5
        x.grad = torch.tensor([grad], dtype=torch.float64)
        theirs.step()
        x.data.clamp_(-1, 1)
        assert path[t] == pytest.approx(x.item(), abs=1e-6)


def test_adam_walks_one_rate_per_step_on_a_constant_slope():
    np.testing.assert_allclose(optimizers.steps_of_adam(np.full(50, 7.0)), 1, rtol=1e-6)


def test_the_decay_of_adam_depends_on_the_size_of_its_gradients():
    small, big = (optimizers.decayed(Adam, spread)[-1] for spread in (0.1, 10.0))

    assert small < 0.1 < 0.9 < big


def test_after_fifty_steps_the_best_rate_is_the_one_of_chapter_3():
    rates = np.arange(0.02, 0.5, 0.01)
    best = rates[np.argmin([schedules.final_value(lr) for lr in rates])]

    assert best == pytest.approx(0.4, abs=0.015)
