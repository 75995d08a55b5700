"""Las redes y sus piezas."""

from dataclasses import fields

import pytest
import torch
from torch import nn

from apuntes.mnist_gpu import reference, settings
from apuntes.mnist_gpu.nets import build, parameters
from apuntes.mnist_gpu.settings import from_recipe

X = torch.linspace(-1, 2, 3 * 784).view(3, 1, 28, 28)


@pytest.mark.parametrize(
    ("recipe", "width", "count"),
    [
        ("curso", 15, 784 * 15 + 15 + 15 * 10 + 10),
        ("rapida", 8, 106_362),
        ("precisa", 16, 21_594),
    ],
)
def test_sizes_are_the_announced_ones(recipe, width, count):
    assert parameters(build(from_recipe(recipe, width=width))) == count


def test_reference_has_as_many_parameters_as_the_example_of_pytorch():
    assert parameters(reference.build()) == 1_199_882


@pytest.mark.parametrize("recipe", ["curso", "rapida", "precisa"])
@pytest.mark.parametrize(
    "change",
    [
        *({"activation": name} for name in settings.ACTIVATIONS),
        *({"init": name} for name in settings.INITS),
        *({"norm": name} for name in settings.NORMS),
        {"dropout": 0.5},
    ],
    ids=lambda change: "-".join(map(str, *change.items())),
)
def test_every_choice_builds_a_net_that_answers(recipe, change):
    net = build(from_recipe(recipe, width=3, **change))
    assert net(X).shape == (3, 10)


def test_the_seed_fixes_the_weights_and_leaves_alone_the_chance_of_others():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    nets = [build(from_recipe(seed=seed)) for seed in (1, 1, 2)]

    assert torch.equal(torch.rand(3), expected)
    first, same, other = (net[0].weight for net in nets)
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    ("init", "spread"),
    [
        ("zeros", 0.0),
        ("normal", 0.01),
        ("xavier_uniform", (2 / 884) ** 0.5),
        ("xavier_normal", (2 / 884) ** 0.5),
        ("kaiming_uniform", (2 / 784) ** 0.5),
        ("kaiming_normal", (2 / 784) ** 0.5),
    ],
)
def test_initial_weights_have_the_spread_of_chapter_10_and_biases_are_zero(
    init, spread
):
    layer = build(from_recipe("curso", width=100, init=init))[1]
    assert abs(layer.weight.std().item() - spread) <= 0.02 * spread
    assert not layer.bias.any()


def test_norm_layer_normalizes_each_example_and_batch_each_channel():
    x = torch.randn(8, 6, 4, 4) * 3 + 1
    layer = next(
        m
        for m in build(from_recipe("precisa", width=6, norm="layer"))
        if isinstance(m, nn.GroupNorm)
    )
    assert torch.allclose(layer(x).mean((1, 2, 3)), torch.zeros(8), atol=1e-5)
    layer = next(
        m
        for m in build(from_recipe("precisa", width=6, norm="batch"))
        if isinstance(m, nn.BatchNorm2d)
    )
    assert torch.allclose(layer(x).mean((0, 2, 3)), torch.zeros(6), atol=1e-5)


def test_a_convolution_before_a_norm_has_no_bias():
    assert build(from_recipe("precisa"))[0].bias is None
    assert build(from_recipe("precisa", norm="none"))[0].bias is not None


def test_every_setting_has_help():
    assert all(field.metadata["help"] for field in fields(settings.Settings))
