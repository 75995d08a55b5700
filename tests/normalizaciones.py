"""Lo que comparten las pruebas de las capas de normalización."""

from functools import partial

import numpy as np
import torch

from apuntes.layers import Linear, Sequential, Tanh

TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}


def randomize(layer, rng):
    """Parámetros que no son 1 ni 0, para que se note si se usan."""
    for p in layer.parameters():
        p += rng.normal(0, 0.3, size=p.shape)
    return layer


def copy_parameters(ours, theirs):
    """Pone en la capa de PyTorch los parámetros de la nuestra."""
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        q.data = torch.tensor(p)


def close(dtype):
    """Comparación con la tolerancia de ese tipo."""
    tolerance = TOLERANCE[dtype]
    return partial(np.testing.assert_allclose, rtol=tolerance, atol=tolerance)


def networks(build, theirs_build, dtype, rng):
    """Red 4-6-norma-tanh-3 nuestra y de PyTorch, con los mismos parámetros."""
    norm = randomize(build(6, dtype=dtype), rng)
    first, last = Linear(4, 6, rng=rng, dtype=dtype), Linear(6, 3, rng=rng, dtype=dtype)
    kind = torch.from_numpy(first.weight).dtype
    theirs = torch.nn.Sequential(
        torch.nn.Linear(4, 6, dtype=kind), theirs_build(6, dtype=kind),
        torch.nn.Tanh(), torch.nn.Linear(6, 3, dtype=kind),
    )  # fmt: skip
    ours = Sequential(first, norm, Tanh(), last)
    for mine, other in zip(ours.layers, theirs, strict=True):
        copy_parameters(mine, other)
    return ours, theirs
