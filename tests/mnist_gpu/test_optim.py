"""Optimizadores, tasas y media de los pesos, con PyTorch y el núcleo como jueces."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from apuntes.mnist_gpu.averages import Averages
from apuntes.mnist_gpu.optim import build_optimizer, rates
from apuntes.mnist_gpu.settings import OPTIMIZERS, SCHEDULES, from_recipe
from apuntes.regularization import AveragedWeights

CPU = torch.device("cpu")
PLAIN = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.01),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, weight_decay=0.01),
    "nesterov": lambda p: torch.optim.SGD(
        p, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.01
    ),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, weight_decay=0.01),
    "adadelta": lambda p: torch.optim.Adadelta(p, lr=0.1, weight_decay=0.01),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.95, weight_decay=0.01),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.95), weight_decay=0.01),
    "adamw": lambda p: torch.optim.AdamW(
        p, lr=0.1, betas=(0.8, 0.95), weight_decay=0.01
    ),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_are_those_of_pytorch_just_built(name):
    start = torch.linspace(-1, 1, 6)
    mine, plain = (nn.Parameter(start.clone()) for _ in range(2))
    settings = from_recipe(
        optimizer=name, lr=0.1, momentum=0.8, beta2=0.95, weight_decay=0.01
    )
    optimizers = (build_optimizer([mine], settings, CPU), PLAIN[name]([plain]))

    assert torch.equal(mine, start)  # prepararlo no los mueve
    for step in range(4):
        for parameter, optimizer in zip((mine, plain), optimizers, strict=True):
            parameter.grad = torch.cos(start * (step + 1))
            optimizer.step()
    torch.testing.assert_close(mine, plain, rtol=1e-5, atol=1e-7)


def test_one_cycle_is_that_of_pytorch():
    table = rates(from_recipe(lr=0.3, warmup=0.3), 10)
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.3, total_steps=10, pct_start=0.3, anneal_strategy="linear"
    )
    for step in range(10):
        assert math.isclose(table[step], cycle.get_last_lr()[0], rel_tol=1e-4)
        optimizer.step()
        if step < 9:
            cycle.step()


@pytest.mark.parametrize(
    ("schedule", "first", "last"),
    [
        ("constant", 1.0, 1.0),
        ("linear", 1.0, 0.1),
        ("cosine", 1.0, (1 + math.cos(0.9 * math.pi)) / 2),
        ("step", 1.0, 0.01),
        ("exponential", 1.0, 0.01**0.9),
        ("cyclical", 0.1, 0.1 + 0.9 * 0.5),
        ("warmup", 1 / 3, 1.0),
        ("one_cycle", 0.04, 0.04 / 1e4),
    ],
)
def test_schedules_go_from_here_to_there_in_ten_steps(schedule, first, last):
    table = rates(from_recipe(schedule=schedule, lr=1.0), 10)
    np.testing.assert_allclose([table[0], table[-1]], [first, last], rtol=1e-4)


def test_all_schedules_are_tried_above():
    assert len(SCHEDULES) == 8


@pytest.mark.parametrize(("steps", "top"), [(3, 1), (10, 1), (20, 3)])
def test_the_rate_rises_during_its_part_of_the_steps_and_at_least_two(steps, top):
    assert rates(from_recipe(warmup=0.2), steps).argmax() == top


def test_two_steps_are_not_enough_to_rise_and_fall():
    with pytest.raises(ValueError, match=r"subir y bajar la tasa.*se recibió 2"):
        rates(from_recipe(warmup=0.2), 2)


def test_average_is_that_of_the_core_corrected_for_its_start():
    net = nn.Linear(2, 1, bias=False)
    averages = Averages(net, decay=0.9)
    theta = net.weight.detach().numpy().astype(np.float64)
    sums = np.zeros_like(theta)
    for step in range(1, 5):
        with torch.no_grad():
            net.weight += step
        averages.update()
        sums = 0.9 * sums + 0.1 * net.weight.detach().numpy()
    with averages.applied(4):
        found = net.weight.detach().clone()
    np.testing.assert_allclose(found, sums / (1 - 0.9**4), rtol=1e-5)
    np.testing.assert_allclose(net.weight.detach(), theta + 10, rtol=1e-5)


def test_average_of_many_steps_forgets_its_start_like_the_one_of_the_core():
    net = nn.Linear(1, 1, bias=False)
    averages, theta = Averages(net, decay=0.5), np.zeros(1)
    core = AveragedWeights([theta], decay=0.5)
    for step in range(40):
        with torch.no_grad():
            net.weight.fill_(math.sin(step))
        theta[:] = math.sin(step)
        averages.update()
        core.update()
    averages.apply(40)
    np.testing.assert_allclose(net.weight.item(), core.averages[0].item(), rtol=1e-5)


def test_without_decay_there_is_no_average():
    net = nn.Linear(2, 1)
    averages = Averages(net, decay=0.0)
    before = net.weight.detach().clone()
    averages.update()
    with averages.applied(1):
        assert torch.equal(net.weight, before)
