"""Rehacer las estadísticas: a mano, PyTorch y lo que no cambia."""

import numpy as np
import pytest
import torch
from torch.optim import swa_utils

from apuntes.layers import Linear, ReLU, Residual, Sequential
from apuntes.normalization import BatchNorm1d
from apuntes.regularization import update_bn


def test_the_mean_of_all_batches_by_hand():
    norm = BatchNorm1d(1)
    norm.forward(np.array([[7.0], [9.0]]))  # un lote de antes, que ha de olvidar
    batches = [np.array([[1.0], [3.0]]), np.array([[5.0], [5.0]])]

    update_bn(batches, norm)

    assert norm.running_mean.tolist() == [3.5]
    assert norm.running_var.tolist() == [1.0]  # (2 + 0) / 2
    assert norm.momentum == 0.1


def test_it_gives_the_statistics_of_pytorch(rng):
    linear, norm = Linear(3, 2, rng=rng), BatchNorm1d(2)
    batches = [rng.normal(size=(n, 3)) for n in (4, 7)]
    theirs = torch.nn.Sequential(
        torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)
    ).double()
    with torch.no_grad():
        theirs[0].weight.copy_(torch.tensor(linear.weight))
        theirs[0].bias.copy_(torch.tensor(linear.bias))
    theirs(torch.randn(5, 3).double())

    update_bn(batches, Sequential(linear, norm))
    swa_utils.update_bn([torch.tensor(x) for x in batches], theirs)

    np.testing.assert_allclose(norm.running_mean, theirs[1].running_mean)
    np.testing.assert_allclose(norm.running_var, theirs[1].running_var)


def test_it_reaches_inside_and_leaves_weights_and_mode_alone(rng):
    inner = BatchNorm1d(3)
    net = Sequential(Residual(Linear(3, 3, rng=rng), inner), ReLU()).eval()
    before, x = net.parameters()[0].copy(), rng.normal(loc=5.0, size=(50, 3))

    update_bn([x], net)

    assert abs(inner.running_mean).max() > 0.1
    assert inner.num_batches_tracked == 1
    assert not net.training
    np.testing.assert_array_equal(net.parameters()[0], before)


def test_without_normalization_it_does_not_even_read_the_data(rng):
    net = Sequential(Linear(3, 2, rng=rng))

    update_bn(iter("abc"), net)

    assert net.training


def test_a_failure_gives_the_mode_back(rng):
    norm = BatchNorm1d(2).eval()
    with pytest.raises(ValueError, match="forma"):
        update_bn([np.zeros((4, 3))], norm)

    assert norm.momentum == 0.1
    assert not norm.training
