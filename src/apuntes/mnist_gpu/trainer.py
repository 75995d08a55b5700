"""El entrenamiento en la memoria: sin ficheros, sin barras y sin pantalla."""

import math
import time
from collections.abc import Callable

import torch
from torch import Tensor

from apuntes.mnist_gpu.averages import Averages
from apuntes.mnist_gpu.capture import take_shortcuts
from apuntes.mnist_gpu.data import Data, Split
from apuntes.mnist_gpu.measure import Measured, measure
from apuntes.mnist_gpu.nets import build
from apuntes.mnist_gpu.optim import build_optimizer, memory_of, rates
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.plan import check_batch, plan_epoch
from apuntes.mnist_gpu.record import DivergedError, EpochRecord
from apuntes.mnist_gpu.runtime import Runtime, synchronize
from apuntes.mnist_gpu.settings import Settings
from apuntes.mnist_gpu.steps import Steps


class Trainer:
    """Una red que se entrena época a época.

    Args:
        settings: hiperparámetros.
        runtime: dispositivo y atajos que se quieren.
        data: datos, ya en el dispositivo.
        world: los procesos que colaboran.

    Attributes:
        runtime: los atajos que se pudieron tomar, y por qué no los otros.
        net: la red.
        epoch: épocas hechas.
        step: pasos dados.
        history: lo medido en cada época.

    Raises:
        ValueError: si el lote no cabe en los datos o no se reparte entre los procesos.
    """

    def __init__(
        self,
        settings: Settings,
        runtime: Runtime,
        data: Data,
        world: World | None = None,
    ) -> None:
        self.settings, self.runtime, self.data = settings, runtime, data
        self.world = world or World()
        check_batch(settings, len(data.train), self.world)
        self.steps_per_epoch = len(data.train) // settings.batch_size
        self.total = max(1, round(settings.epochs * self.steps_per_epoch))
        self.epochs = math.ceil(self.total / self.steps_per_epoch)
        self.epoch = self.step = 0
        self.history: list[EpochRecord] = []
        self._build(rates(settings, self.total))
        self.runtime = take_shortcuts(self.steps, self.state().values(), runtime)

    def _build(self, table: Tensor) -> None:
        device, settings = self.runtime.device, self.settings
        net = build(settings, processes=self.world.size)
        self.net = net.to(device=device, memory_format=self.runtime.layout)
        self.optimizer = build_optimizer(list(net.parameters()), settings, device)
        self.averages = Averages(self.net, decay=settings.ema)
        self.steps = Steps(
            self.world.wrap(self.net, device),
            self.optimizer,
            self.averages,
            self.data.train,
            settings,
            self.runtime,
            table,
        )
        self._begin()

    def state(self) -> dict[str, Tensor]:
        """Todo lo que cambia al entrenar, por nombre; son los tensores, no copias."""
        found = {f"net.{name}": v for name, v in self.net.state_dict().items()}
        found |= {f"ema.{name}": value for name, value in self.averages.sums.items()}
        return found | memory_of(self.optimizer)

    def _begin(self) -> None:
        examples = len(self.data.train)
        plan = plan_epoch(self.settings, self.epoch, examples, self.world)
        self.steps.begin(plan, self.step)

    def run_epoch(
        self, watch: Callable[[int], None] = lambda done: None
    ) -> EpochRecord:
        """Una época y su medida en validación; `watch` recibe los pasos hechos.

        Raises:
            DivergedError: si la pérdida dejó de ser finita.
        """
        start = time.perf_counter()
        count = min(self.steps_per_epoch, self.total - self.step)
        self._begin()
        for row in range(count):
            self.steps.run(row, self.step + row)
            watch(row + 1)
        loss, right = self.running(count, together=True)
        synchronize(self.runtime.device)
        seconds = time.perf_counter() - start
        self.step, self.epoch = self.step + count, self.epoch + 1
        if not math.isfinite(loss):
            raise DivergedError(self.epoch, lr=self.settings.lr)
        return self._record(loss, right, seconds, count)

    def running(self, count: int, *, together: bool = False) -> tuple[float, float]:
        """Pérdida y exactitud en los `count` pasos que lleva la época.

        Args:
            count: pasos dados en la época.
            together: si son las de todos los procesos, que han de llamar a la vez.
        """
        sums, size = torch.stack([self.steps.loss, self.steps.right]), self.world.size
        loss, right = (self.world.total(sums) / size if together else sums).tolist()
        return loss / count, right / count / (self.settings.batch_size // size)

    def _record(self, loss, right, seconds, count) -> EpochRecord:
        seen = None
        if self.data.validation and self.world.main:
            seen = self.measure(self.data.validation)
        record = EpochRecord(
            epoch=self.epoch,
            step=self.step,
            lr=self.steps.group["lr"].item(),
            train_loss=loss,
            train_accuracy=right,
            validation_loss=seen and seen.loss,
            validation_accuracy=seen and seen.accuracy,
            seconds=seconds,
            images_per_s=count * self.settings.batch_size / seconds,
        )
        self.history.append(record)
        return record

    def measure(self, split: Split) -> Measured:
        """Pérdida, exactitud y probabilidades, con la media de los pesos si la hay."""
        with self.averages.applied(self.step):
            return measure(self.net, split, self.settings, self.runtime)
