"""Varios procesos: `torchrun` los lanza y aquí se ponen de acuerdo.

Todos sortean lo mismo y cada uno toma su parte del lote, así que el resultado es el de
un solo proceso con el lote entero, salvo redondeo.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True)
class World:
    """Cuántos procesos hay y cuál es este; el 0 es el que habla y escribe."""

    size: int = 1
    rank: int = 0
    local_rank: int = 0

    @property
    def main(self) -> bool:
        """Si este es el proceso que habla y escribe."""
        return self.rank == 0

    def slice(self, batch: Tensor) -> Tensor:
        """La parte de este proceso de un lote repartido por la segunda dimensión."""
        return batch.chunk(self.size, dim=1)[self.rank]

    def total(self, values: Tensor) -> Tensor:
        """La suma de lo que tienen todos."""
        if self.size > 1:
            dist.all_reduce(values)
        return values

    def wrap(self, model: nn.Module, device: torch.device) -> nn.Module:
        """La red, que al volver promedia los gradientes de todos."""
        if self.size == 1:
            return model
        ids = [device.index] if device.type == "cuda" else None
        return DistributedDataParallel(model, device_ids=ids)


def from_environment() -> World:
    """Lo que `torchrun` dejó dicho; sin él, un solo proceso."""
    names = ("WORLD_SIZE", "RANK", "LOCAL_RANK")
    size, rank, local = (
        int(os.environ.get(name, i == 0)) for i, name in enumerate(names)
    )
    return World(size, rank, local)


@contextmanager
def joined(world: World, device: torch.device) -> Iterator[None]:
    """Dentro del `with`, los procesos pueden hablarse: NCCL en GPU y Gloo en CPU."""
    if world.size == 1:
        yield
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
        dist.init_process_group("nccl", device_id=device)
    else:
        dist.init_process_group("gloo")
    try:
        yield
    finally:
        dist.destroy_process_group()


class _Sum(torch.autograd.Function):
    """La suma de lo de todos; su derivada es la suma de las derivadas de todos."""

    @staticmethod
    def forward(ctx, values: Tensor) -> Tensor:
        total = values.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx, grad: Tensor) -> Tensor:
        total = grad.clone()
        dist.all_reduce(total)
        return total


class SyncedBatchNorm(nn.BatchNorm2d):
    """Normalización por lotes con la media y la varianza de todos los procesos.

    `nn.SyncBatchNorm` hace lo mismo, pero solo en GPU.
    """

    def _check_input_dim(self, x: Tensor) -> None:
        """Admite imágenes y vectores."""

    def forward(self, x: Tensor) -> Tensor:
        """Normaliza `(N, C, …)` por canales."""
        if not self.training:
            return super().forward(x)
        # Con precisión mixta, las sumas van en la de los pesos.
        kind, x = x.dtype, x.to(self.weight.dtype)
        axes = [axis for axis in range(x.ndim) if axis != 1]
        shape = [-1 if axis == 1 else 1 for axis in range(x.ndim)]
        count = x.numel() // x.shape[1] * dist.get_world_size()
        mean = _Sum.apply(x.sum(axes)) / count
        # En dos vueltas: con la media de los cuadrados se perderían cifras.
        centered = x - mean.view(shape)
        var = _Sum.apply(centered.square().sum(axes)) / count
        self._remember(mean, var, count)
        scale = self.weight * (var + self.eps).rsqrt()
        return (centered * scale.view(shape) + self.bias.view(shape)).to(kind)

    @torch.no_grad()
    def _remember(self, mean: Tensor, var: Tensor, count: int) -> None:
        """Guarda la media móvil, con la varianza insesgada, como PyTorch."""
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(var * count / (count - 1), self.momentum)
