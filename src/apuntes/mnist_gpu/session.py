"""Un entrenamiento con su carpeta y su pantalla."""

import time
from pathlib import Path

from apuntes.mnist_gpu.bar import run_epoch
from apuntes.mnist_gpu.checkpoint import write
from apuntes.mnist_gpu.machine import certificate
from apuntes.mnist_gpu.measure import Measured
from apuntes.mnist_gpu.nets import parameters
from apuntes.mnist_gpu.report import write_figures, write_history
from apuntes.mnist_gpu.runtime import peak_memory
from apuntes.mnist_gpu.say import describe, number, say
from apuntes.mnist_gpu.trainer import Trainer

LAST, MODEL = "checkpoint.safetensors", "model.safetensors"


class Session:
    """Lleva un entrenamiento hasta el final, lo enseña y lo guarda.

    Args:
        trainer: el entrenamiento, recién empezado o continuado.
        folder: carpeta de lo que queda, que ya existe.
        start: cuándo se llamó a la orden, según `time.perf_counter`.
        figures: si se dibujan las figuras.
        quiet: si no se enseña la barra.
    """

    def __init__(
        self,
        trainer: Trainer,
        folder: Path,
        *,
        start: float,
        figures: bool = True,
        quiet: bool = False,
    ) -> None:
        self.trainer, self.folder = trainer, folder
        self.figures, self.quiet = figures, quiet
        # Si en la carpeta hay un punto de control suyo, y no de otro anterior.
        self.saved = trainer.epoch > 0
        self.startup = time.perf_counter() - start
        self.machine = certificate(trainer.runtime)

    def run(self) -> Measured | None:
        """Todas las épocas; cada una acaba con un punto de control.

        Raises:
            KeyboardInterrupt: si se interrumpe; dice cómo se sigue.
        """
        trainer = self.trainer
        if not trainer.world.main:
            while trainer.epoch < trainer.epochs:
                trainer.run_epoch()
            return None
        self.announce()
        try:
            while trainer.epoch < trainer.epochs:
                say(describe(run_epoch(trainer, quiet=self.quiet)))
                self.save()
            return self.finish()
        except KeyboardInterrupt:
            raise KeyboardInterrupt(self.advice()) from None

    def announce(self) -> None:
        """Dice qué se va a entrenar, y qué atajos no se pudieron tomar."""
        trainer = self.trainer
        settings, device = trainer.settings, trainer.runtime.device
        left = trainer.epoch < trainer.epochs
        where = f"desde la época {trainer.epoch + 1}" if left else "ya dados"
        say(
            f"Receta {settings.recipe}: {number(parameters(trainer.net), ',')} "
            f"parámetros, en {device}; {number(len(trainer.data.train), ',')} imágenes "
            f"y {number(trainer.total, ',')} pasos de {settings.batch_size}, {where}."
        )
        for note in trainer.runtime.notes:
            say(f"Aviso: {note}.")

    def advice(self) -> str:
        """Qué queda y cómo se sigue tras una interrupción."""
        if self.saved:
            return f"lo acabado está en {self.folder}; sigue con --resume"
        return "no se había acabado ninguna época"

    def save(self) -> None:
        """El punto de control y la historia hasta aquí."""
        trainer, folder = self.trainer, self.folder
        rows = [record.as_dict() for record in trainer.history]
        progress = {"epoch": trainer.epoch, "step": trainer.step, "history": rows}
        write(folder / LAST, trainer.settings, trainer.state(), progress)
        self.saved = True
        write_history(folder, trainer.history, self.summary())

    def summary(self) -> dict:
        """Con qué se entrenó y cuánto se tardó."""
        trainer = self.trainer
        return {
            "settings": trainer.settings.as_dict(),
            "parameters": parameters(trainer.net),
            "processes": trainer.world.size,
            "seconds": sum(record.seconds for record in trainer.history),
            "startup_seconds": self.startup,
            "peak_memory": peak_memory(trainer.runtime.device),
            "machine": self.machine,
        }

    def finish(self) -> Measured:
        """Mide en la prueba y deja el modelo, la historia y las figuras."""
        trainer, folder = self.trainer, self.folder
        seen = trainer.measure(trainer.data.test)
        test = {"test_loss": seen.loss, "test_accuracy": seen.accuracy}
        with trainer.averages.applied(trainer.step):
            net = {f"net.{n}": v for n, v in trainer.net.state_dict().items()}
            write(folder / MODEL, trainer.settings, net, test)
        write_history(folder, trainer.history, self.summary() | test)
        seconds = number(sum(record.seconds for record in trainer.history), ".2f")
        say(f"Prueba: {number(100 * seen.accuracy, '.2f')} %, en {seconds} s.")
        drawn = self.figures and self.draw(seen)
        rest = ", la historia y las figuras" if drawn else " y la historia"
        say(f"Queda en {folder}: {MODEL}, {LAST}{rest}.")
        return seen

    def draw(self, seen: Measured) -> bool:
        """Las figuras; si no está Matplotlib, lo dice y devuelve `False`."""
        try:
            history, test = self.trainer.history, self.trainer.data.test
            write_figures(self.folder, history, test, seen.logits)
        except ModuleNotFoundError as error:
            say(f"Aviso: sin {error.name} no hay figuras.")
            return False
        return True
