"""Cómo habla la orden: frases en la salida, con los números a la española."""

import sys

from apuntes.mnist_gpu.record import EpochRecord


def say(sentence: str) -> None:
    """Escribe una línea, sin esperar a que se junte con otras."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def number(value: float, spec: str) -> str:
    """`value` con coma decimal y, si pasa de cuatro cifras, espacio entre los miles."""
    space = "\N{NO-BREAK SPACE}" if abs(value) >= 10_000 else ""
    return format(value, spec).replace(",", space).replace(".", ",")


def describe(record: EpochRecord) -> str:
    """Una época, en una línea."""
    parts = [
        f"época {record.epoch}: pérdida {number(record.train_loss, '.4f')}",
        f"exactitud {number(100 * record.train_accuracy, '.2f')} %",
    ]
    if record.validation_loss is not None:
        loss = number(record.validation_loss, ".4f")
        parts.append(f"validación {loss}")
        parts.append(f"{number(100 * record.validation_accuracy, '.2f')} %")
    speed = number(record.images_per_s, ",.0f")
    return f"{', '.join(parts)}; {number(record.seconds, '.2f')} s, {speed} im/s"
