"""La receta con que se compara: la del ejemplo de MNIST de PyTorch, escrita aquí.

Dos convoluciones de 3 × 3, Adadelta con tasa 1 que cada época baja al 70 %, dropout y
lotes de 64. Los datos pasan, uno a uno, por una imagen de PIL y un `DataLoader`, como
en el ejemplo: eso es parte de lo que cuesta.

Fuente:
    https://github.com/pytorch/examples/tree/main/mnist
"""

import time

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, Subset

from apuntes.data import load_mnist, mnist_sample
from apuntes.mnist_gpu.data import MEAN, STD
from apuntes.mnist_gpu.runtime import synchronize

BATCH_SIZE, LR, GAMMA = 64, 1.0, 0.7
PATIENCE = 30  # épocas que se espera a que llegue a donde se le pide


class Pictures(Dataset):
    """Un ejemplo cada vez: de bytes a imagen, de imagen a tensor, y normalizado."""

    def __init__(self, split: str, *, sample: bool) -> None:
        self.images, self.labels = (mnist_sample if sample else load_mnist)(split)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        picture = Image.fromarray(self.images[index])
        pixels = torch.from_numpy(np.array(picture, copy=True))[None]
        return (pixels.float().div(255) - MEAN) / STD, int(self.labels[index])


def build() -> nn.Sequential:
    """La red del ejemplo: 1 199 882 parámetros."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Flatten(),
        nn.Linear(9216, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
        nn.LogSoftmax(dim=1),
    )


class Reference:
    """La receta del ejemplo, época a época.

    Args:
        device: dispositivo.
        seed: semilla.
        sample: si en vez de MNIST entero se usa la muestra.
    """

    def __init__(self, device: torch.device, *, seed: int, sample: bool) -> None:
        torch.manual_seed(seed)
        self.device, self.sample = device, sample
        self.train, self.test = (Pictures(s, sample=sample) for s in ("train", "test"))
        self.net = build().to(device)
        self.optimizer = torch.optim.Adadelta(self.net.parameters(), lr=LR)

    def epoch(self, part: float = 1.0) -> float:
        """Segundos de una época, sin evaluar.

        De un trozo, `part` menor que 1, se cuenta desde el segundo lote, sin el
        arranque, y se multiplica por lo que falta: sale a favor del ejemplo.
        """
        count = max(2, round(part * len(self.train) / BATCH_SIZE)) * BATCH_SIZE
        data = self.train if part >= 1 else Subset(self.train, range(count))
        # En GPU, el ejemplo lee en otro proceso y deja la memoria lista para enviarse.
        faster = {"num_workers": 1, "pin_memory": True}
        options = faster if self.device.type == "cuda" else {}
        loader = DataLoader(data, BATCH_SIZE, shuffle=True, **options)
        start, skipped = time.perf_counter(), 0
        self.net.train()
        for i, (x, target) in enumerate(loader):
            self._step(x.to(self.device), target.to(self.device))
            if i == 0 and part < 1:
                synchronize(self.device)
                start, skipped = time.perf_counter(), 1
        synchronize(self.device)
        for group in self.optimizer.param_groups:
            group["lr"] *= GAMMA
        whole = len(self.train) / BATCH_SIZE
        seconds = time.perf_counter() - start
        return seconds if part >= 1 else seconds * whole / (len(loader) - skipped)

    def _step(self, x: Tensor, target: Tensor) -> None:
        self.optimizer.zero_grad()
        functional.nll_loss(self.net(x), target).backward()
        self.optimizer.step()

    @torch.inference_mode()
    def accuracy(self) -> float:
        """Exactitud en la prueba."""
        self.net.eval()
        right = 0
        for x, target in DataLoader(self.test, 1000):
            answers = self.net(x.to(self.device)).argmax(1)
            right += (answers == target.to(self.device)).sum().item()
        return right / len(self.test)


def until(reference: Reference, target: float) -> dict:
    """Lo que el ejemplo tarda en llegar a esa exactitud, mirándolo tras cada época."""
    seconds, seen = [], []
    while len(seen) < PATIENCE and (not seen or seen[-1] < target):
        seconds.append(reference.epoch())
        seen.append(reference.accuracy())
    return {
        "llega": seen[-1] >= target,
        "epocas": len(seen),
        "segundos": round(sum(seconds), 3),
        "segundos_por_epoca": [round(value, 3) for value in seconds],
        "exactitudes": [round(100 * value, 2) for value in seen],
    }
