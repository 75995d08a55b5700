"""Un paso de entrenamiento y una época de pasos.

El paso no lee nada que no esté en el dispositivo: el orden, el azar y la tasa de toda
la época se llevan antes. Por eso en CUDA se captura una vez y se repite sin que Python
intervenga, y lo que cuesta es la aritmética y no lanzarla.
"""

import contextlib
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from apuntes.mnist_gpu import augment
from apuntes.mnist_gpu.averages import Averages
from apuntes.mnist_gpu.data import Split, standardize, to_floats
from apuntes.mnist_gpu.plan import Plan
from apuntes.mnist_gpu.runtime import Runtime
from apuntes.mnist_gpu.settings import Settings


def prepare(images: Tensor, settings: Settings, noise: Tensor | None = None) -> Tensor:
    """De bytes a lo que recibe la red."""
    x = to_floats(images)
    if noise is not None and noise.shape[-1]:
        x = augment.warp(x, noise)
    return standardize(x) if settings.standardize else x


class Steps:
    """El paso, y lo que necesita a mano en el dispositivo.

    Args:
        net: red, quizá envuelta o compilada.
        optimizer: el suyo; su tasa es un tensor.
        averages: media de los pesos.
        train: datos.
        settings: hiperparámetros.
        runtime: atajos.
        rates: tasa de cada paso de todo el entrenamiento.
    """

    def __init__(
        self,
        net: nn.Module,
        optimizer: torch.optim.Optimizer,
        averages: Averages,
        train: Split,
        settings: Settings,
        runtime: Runtime,
        rates: Tensor,
    ) -> None:
        self.net, self.optimizer, self.averages = net, optimizer, averages
        self.train, self.settings, self.runtime = train, settings, runtime
        self.group = optimizer.param_groups[0]
        self.rates = rates.to(self.group["lr"].device)
        self.plan: Plan | None = None
        self.loss = torch.zeros((), device=runtime.device)
        self.right = torch.zeros((), device=runtime.device)
        # En qué paso va el grafo, de la época y de todo el entrenamiento.
        self.counters = torch.zeros(2, 1, dtype=torch.long, device=runtime.device)
        self.replay: Callable[[], None] | None = None

    def begin(self, plan: Plan, first: int) -> None:
        """Lleva al dispositivo lo de una época que empieza en el paso `first`."""
        torch.manual_seed(plan.seed)
        self.net.train()
        self.loss.zero_()
        self.right.zero_()
        self.counters[0], self.counters[1] = 0, first
        if self.plan is None:
            device = self.runtime.device
            self.plan = Plan(plan.order.to(device), plan.noise.to(device), plan.seed)
        else:  # en su sitio, que es donde el grafo mira
            self.plan.order.copy_(plan.order)
            self.plan.noise.copy_(plan.noise)

    def run(self, row: int, step: int) -> None:
        """Da el paso `step`, con la fila `row` de la época."""
        if self.replay is not None:
            self.replay()
        else:
            self.step(row, step)

    # --8<-- [start:step]
    def step(self, row: int | Tensor, step: int | Tensor) -> None:
        """Un paso; en un grafo, los dos índices son tensores que él mismo cuenta."""
        index = self.plan.order[row].reshape(-1)
        noise = self.plan.noise[row].reshape(len(index), -1)
        labels = self.train.labels[index]
        x = prepare(self.train.images[index], self.settings, noise)
        x = x.to(memory_format=self.runtime.layout)
        with self._autocast():
            logits = self.net(x)
        smoothing = self.settings.label_smoothing
        loss = functional.cross_entropy(
            logits.float(), labels, label_smoothing=smoothing
        )
        self.optimizer.zero_grad()
        loss.backward()
        if self.settings.clip_norm:
            nn.utils.clip_grad_norm_(self.group["params"], self.settings.clip_norm)
        self.group["lr"].copy_(self.rates[step].reshape(()))
        self.optimizer.step()
        self.averages.update()
        with torch.no_grad():
            self.loss += loss
            self.right += (logits.argmax(1) == labels).sum()
        # --8<-- [end:step]

    def _autocast(self) -> contextlib.AbstractContextManager:
        if not self.runtime.amp:
            return contextlib.nullcontext()
        # Sin guardar los pesos convertidos: se usan una vez, y en un grafo estorban.
        device = self.runtime.device.type
        return torch.autocast(device, torch.bfloat16, cache_enabled=False)
