"""El optimizador de PyTorch y la tasa de cada paso, con la programación del curso."""

from collections.abc import Iterable

import torch
from torch import nn

from apuntes import schedules
from apuntes.mnist_gpu.settings import Settings


def build_optimizer(
    parameters: Iterable[nn.Parameter], settings: Settings, device: torch.device
) -> torch.optim.Optimizer:
    """El optimizador, con la memoria ya a cero, como si fuera a dar el primer paso.

    En CUDA la tasa es un tensor del dispositivo y la memoria se toca allí: un grafo
    capturado la puede leer y cambiar.
    """
    on_gpu = device.type == "cuda"
    # Fundido en una operación; en MPS no todos lo están.
    fused = device.type in ("cuda", "cpu")
    rate = torch.tensor(settings.lr, device=device if on_gpu else "cpu")
    common = {"lr": rate, "weight_decay": settings.weight_decay}
    graph = {"capturable": on_gpu}
    # De una en una: con la tasa en un tensor, algunos no saben ir de golpe.
    single = {} if on_gpu else {"foreach": False}
    momentum, beta2 = settings.momentum, settings.beta2
    nesterov = {"momentum": momentum, "nesterov": True}
    adam = {"betas": (momentum, beta2), "fused": fused} | graph
    kinds = {
        "sgd": (torch.optim.SGD, {"fused": fused}),
        "momentum": (torch.optim.SGD, {"fused": fused, "momentum": momentum}),
        "nesterov": (torch.optim.SGD, {"fused": fused} | nesterov),
        "adagrad": (torch.optim.Adagrad, single),
        "adadelta": (torch.optim.Adadelta, graph | single),
        "rmsprop": (torch.optim.RMSprop, {"alpha": beta2} | graph | single),
        "adam": (torch.optim.Adam, adam),
        "adamw": (torch.optim.AdamW, adam),
    }
    kind, options = kinds[settings.optimizer]
    optimizer = kind(parameters, **common, **options)
    _prime(optimizer)
    return optimizer


@torch.no_grad()
def _prime(optimizer: torch.optim.Optimizer) -> None:
    """Crea la memoria con un paso de tasa cero y gradiente cero, y la pone a cero."""
    group = optimizer.param_groups[0]
    rate = group["lr"].clone()
    group["lr"].zero_()
    for parameter in group["params"]:
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    group["lr"].copy_(rate)
    for memory in optimizer.state.values():
        for value in filter(torch.is_tensor, memory.values()):
            value.zero_()
    optimizer.zero_grad()


def memory_of(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """Lo que el optimizador recuerda de cada parámetro, por nombre."""
    found = {}
    for i, parameter in enumerate(optimizer.param_groups[0]["params"]):
        memory = optimizer.state[parameter].items()
        found |= {f"optimizer.{i}.{k}": v for k, v in memory if torch.is_tensor(v)}
    return found


def rates(settings: Settings, steps: int) -> torch.Tensor:
    """La tasa de cada uno de los `steps` pasos.

    La que sube lo hace en `warmup` de los pasos, y al menos en dos.

    Raises:
        ValueError: si no hay pasos para subir y bajar.
    """
    lr, rise = settings.lr, max(2, round(settings.warmup * steps))
    if settings.schedule in ("warmup", "one_cycle") and steps <= rise:
        raise ValueError(
            f"hacen falta más pasos para subir y bajar la tasa: sube epochs o baja "
            f"batch_size; se recibió {steps}"
        )
    make = {
        "constant": lambda: schedules.constant(lr=lr),
        "linear": lambda: schedules.polynomial_decay(lr=lr, total_iters=steps),
        "cosine": lambda: schedules.cosine_decay(lr=lr, t_max=steps),
        "step": lambda: schedules.step_decay(lr=lr, step_size=-(-steps // 3)),
        "exponential": lambda: schedules.exponential_decay(
            lr=lr, gamma=0.01 ** (1 / steps)
        ),
        "cyclical": lambda: schedules.cyclical(
            base_lr=lr / 10, max_lr=lr, step_size_up=-(-steps // 6)
        ),
        "warmup": lambda: schedules.warmup(schedules.constant(lr=lr), total_iters=rise),
        "one_cycle": lambda: schedules.one_cycle(
            max_lr=lr,
            total_steps=steps,
            pct_start=rise / steps,
            anneal_strategy="linear",
        ),
    }
    rate = make[settings.schedule]()
    return torch.tensor([rate(step) for step in range(steps)])
