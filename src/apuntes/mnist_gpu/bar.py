"""La barra de progreso de una época: pérdida, exactitud e imágenes por segundo."""

import time

from tqdm import tqdm

from apuntes.mnist_gpu.record import EpochRecord
from apuntes.mnist_gpu.say import number
from apuntes.mnist_gpu.trainer import Trainer

FORMAT = "{percentage:3.0f} %|{bar:12}| {desc}"


def run_epoch(trainer: Trainer, *, quiet: bool) -> EpochRecord:
    """Una época; la barra solo sale en un terminal."""
    steps = min(trainer.steps_per_epoch, trainer.total - trainer.step)
    # Leer la pérdida hace esperar a la GPU: veinte veces por época bastan.
    every, start = max(1, steps // 20), time.perf_counter()
    disable = True if quiet else None
    with tqdm(total=steps, bar_format=FORMAT, leave=False, disable=disable) as bar:

        def watch(done: int) -> None:
            if done % every == 0 or done == steps:
                text = _describe(trainer, done, time.perf_counter() - start)
                bar.set_description_str(text, refresh=False)
                bar.update(done - bar.n)

        return trainer.run_epoch((lambda done: None) if bar.disable else watch)


def _describe(trainer: Trainer, done: int, seconds: float) -> str:
    loss, right = trainer.running(done)
    speed = number(done * trainer.settings.batch_size / seconds, ",.0f")
    return (
        f"época {trainer.epoch + 1} de {trainer.epochs}: pérdida "
        f"{number(loss, '.4f')}, exactitud {number(100 * right, '.2f')} %, {speed} im/s"
    )
