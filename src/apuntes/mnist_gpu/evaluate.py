"""La orden `evaluate`: un modelo guardado, medido en la prueba."""

import argparse
import json
from pathlib import Path

import torch
from torch import nn

from apuntes.mnist_gpu import checkpoint
from apuntes.mnist_gpu.averages import Averages
from apuntes.mnist_gpu.data import load
from apuntes.mnist_gpu.flags import add_device
from apuntes.mnist_gpu.measure import measure
from apuntes.mnist_gpu.nets import build
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.report import confusion
from apuntes.mnist_gpu.runtime import Runtime, Shortcuts, decide, find_device
from apuntes.mnist_gpu.say import number, say
from apuntes.mnist_gpu.session import MODEL
from apuntes.mnist_gpu.settings import Settings


def add_model(order: argparse.ArgumentParser) -> None:
    """`--model`."""
    text = f"{MODEL}, o su carpeta; si no, el último que se entrenó en runs"
    order.add_argument("--model", type=Path, metavar="RUTA", help=text)
    order.add_argument("--json", action="store_true", help="como datos")


def add_order(orders) -> None:
    """Añade la orden."""
    order = orders.add_parser("evaluate", help="mide un modelo en la prueba")
    add_device(order)
    add_model(order)
    order.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Mide un modelo y dice pérdida, exactitud y confusiones."""
    device = find_device(options.device)
    net, settings, runtime = load_model(find_model(options.model), device)
    test = load(settings, device).test
    seen = measure(net, test, settings, runtime)
    counts = confusion(test.labels.cpu().numpy(), seen.logits.argmax(1).cpu().numpy())
    if options.json:
        found = {"test_loss": seen.loss, "test_accuracy": seen.accuracy}
        say(json.dumps(found | {"confusion": counts.tolist()}))
        return 0
    wrong = len(test) - int(counts.trace())
    say(f"pérdida {number(seen.loss, '.4f')}")
    say(f"exactitud {number(100 * seen.accuracy, '.2f')} %: {wrong} fallos")
    say("filas, la verdadera; columnas, la contestada")
    for row in counts:
        say(" ".join(f"{count:5d}" for count in row))
    return 0


def find_model(path: Path | None) -> Path:
    """El fichero que se pide o, si no se pide ninguno, el último entrenado.

    Raises:
        FileNotFoundError: si no hay ninguno.
    """
    if path is not None:
        return path / MODEL if path.is_dir() else path
    models = sorted(Path("runs").glob(f"*/{MODEL}"), key=lambda p: p.stat().st_mtime)
    if not models:
        raise FileNotFoundError(
            "no hay ningún modelo: entrena uno con «apuntes-mnist train», o di cuál "
            "con --model; se recibió una carpeta runs sin ninguno"
        )
    return models[-1]


def load_model(path: Path, device: torch.device) -> tuple[nn.Module, Settings, Runtime]:
    """La red guardada, lista para contestar; de un punto de control, su media."""
    saved = checkpoint.read(path)
    settings = saved.settings
    runtime = decide(device, settings, Shortcuts(), World())
    net = build(settings)
    live = {f"net.{name}": value for name, value in net.state_dict().items()}
    averages = Averages(net, decay=settings.ema if "step" in saved.progress else 0)
    live |= {f"ema.{name}": value for name, value in averages.sums.items()}
    known = {n: v for n, v in saved.tensors.items() if not n.startswith("optimizer.")}
    checkpoint.restore(live, known)
    if averages.decay:
        averages.apply(saved.progress["step"])
    net = net.to(device=device, memory_format=runtime.layout)
    return net, settings, runtime
