"""La orden `train`: de lo que se pide a un entrenamiento acabado."""

from dataclasses import dataclass, field
from pathlib import Path

from apuntes.mnist_gpu import checkpoint
from apuntes.mnist_gpu.data import load
from apuntes.mnist_gpu.files import claim_folder, release_folders
from apuntes.mnist_gpu.measure import Measured
from apuntes.mnist_gpu.parallel import from_environment, joined
from apuntes.mnist_gpu.record import EpochRecord
from apuntes.mnist_gpu.runtime import Shortcuts, decide, find_device
from apuntes.mnist_gpu.session import LAST, Session
from apuntes.mnist_gpu.settings import Settings
from apuntes.mnist_gpu.trainer import Trainer


@dataclass(frozen=True, kw_only=True)
class Options:
    """Dónde y cómo se entrena.

    Attributes:
        out: carpeta de lo que queda.
        device: `auto`, `cuda`, `mps` o `cpu`.
        shortcuts: atajos pedidos.
        overwrite: si se puede empezar de nuevo donde ya había un entrenamiento.
        figures: si se dibujan.
        quiet: si no se enseña la barra.
        start: cuándo se llamó a la orden, según `time.perf_counter`.
    """

    out: Path
    device: str = "auto"
    shortcuts: Shortcuts = field(default_factory=Shortcuts)
    overwrite: bool = False
    figures: bool = True
    quiet: bool = False
    start: float = 0.0


def train(
    settings: Settings, options: Options, resumed: checkpoint.Checkpoint | None = None
) -> Measured | None:
    """Entrena hasta el final y mide en la prueba, una sola vez.

    Args:
        settings: hiperparámetros.
        options: dónde y cómo.
        resumed: punto de control desde el que se continúa.

    Returns:
        Lo medido en la prueba; `None` en los procesos que no son el principal.
    """
    world = from_environment()
    device = find_device(options.device, world)
    if resumed is None and not options.overwrite and (options.out / LAST).exists():
        raise ValueError(
            "en esa carpeta ya hay un entrenamiento: continúalo con --resume, o "
            f"empiézalo de nuevo con --overwrite; se recibió {str(options.out)!r}"
        )
    data = load(settings, device)
    new = claim_folder(options.out) if world.main else []
    try:
        with joined(world, device):
            runtime = decide(device, settings, options.shortcuts, world)
            trainer = Trainer(settings, runtime, data, world)
            if resumed is not None:
                resume(trainer, resumed)
            shown = {"figures": options.figures, "quiet": options.quiet}
            session = Session(trainer, options.out, start=options.start, **shown)
            return session.run()
    finally:
        release_folders(new)


def resume(trainer: Trainer, saved: checkpoint.Checkpoint) -> None:
    """Deja el entrenamiento como estaba al guardarlo.

    Raises:
        ValueError: si lo guardado es de otra red, o un modelo acabado.
    """
    if "epoch" not in saved.progress:
        raise ValueError(
            f"para continuar hace falta un {LAST}; se recibió un modelo acabado"
        )
    checkpoint.restore(trainer.state(), saved.tensors)
    trainer.epoch, trainer.step = saved.progress["epoch"], saved.progress["step"]
    trainer.history = [EpochRecord(**row) for row in saved.progress["history"]]
