"""Lo que comparten las pruebas de optimizadores: trayectorias largas con juez."""

import numpy as np
import pytest
import torch

from apuntes.descent import quadratic_grad


def check_reference(make, points: dict) -> None:
    """Cincuenta pasos sobre la cuadrática desde (1, -1) pasan por `points`."""
    theta = np.array([1.0, -1.0])
    optimizer = make([theta])
    for k in range(1, 51):
        optimizer.step([quadratic_grad(theta)])
        if k in points:
            assert theta == pytest.approx(points[k], abs=1e-6)


def check_against_pytorch(
    ours, theirs, kwargs: dict, dtype, rng, *, single=1e-5
) -> None:
    """Sesenta pasos, dos parámetros y la tasa cambiada a mitad de camino.

    `single` es la tolerancia en float32; en float64 es 1e-12.
    """
    params = [rng.normal(size=shape).astype(dtype) for shape in ((3, 2), (4,))]
    start = [p.copy() for p in params]
    tensors = [torch.tensor(p, requires_grad=True) for p in params]
    mine, optimizer = ours(params, **kwargs), theirs(tensors, **kwargs)
    for k in range(60):
        if k == 30:
            mine.lr = optimizer.param_groups[0]["lr"] = 0.3 * mine.lr
        grads = [rng.normal(1, 2, size=p.shape).astype(dtype) for p in params]
        for tensor, grad in zip(tensors, grads, strict=True):
            tensor.grad = torch.tensor(grad)
        before = [g.copy() for g in grads]
        mine.step(grads)
        optimizer.step()
        np.testing.assert_array_equal(grads[0], before[0])
        for param, tensor in zip(params, tensors, strict=True):
            tolerance = 1e-12 if dtype is np.float64 else single
            np.testing.assert_allclose(param, tensor.detach(), rtol=tolerance, atol=tolerance)  # fmt: skip

    for param, first in zip(params, start, strict=True):
        assert param.dtype == dtype
        assert (param != first).all()


def check_schedule(schedule, make, *, steps: int) -> None:
    """Las tasas de los pasos de 0 a `steps` son las del programador de PyTorch."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    scheduler = make(optimizer)
    for t in range(steps + 1):
        assert schedule(t) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12, abs=1e-15), t  # fmt: skip
        optimizer.step()
        if t < steps:
            scheduler.step()
