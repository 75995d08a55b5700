"""Lo que se apunta de cada época."""

from dataclasses import asdict, dataclass


class DivergedError(ArithmeticError):
    """La pérdida dejó de ser finita en una época, con esa tasa."""

    def __init__(self, epoch: int, *, lr: float) -> None:
        super().__init__(
            f"la pérdida dejó de ser finita en la época {epoch}: prueba una tasa "
            f"menor; se recibió lr={lr:g}"
        )


@dataclass(frozen=True)
class EpochRecord:
    """Lo medido en una época.

    Attributes:
        epoch: época, contada desde 1.
        step: pasos dados hasta su final.
        lr: tasa del último paso.
        train_loss: pérdida *durante* la época, con lo que se use de regularización.
        train_accuracy: exactitud *durante* la época.
        validation_loss: pérdida en validación, o `None` si no se apartó nada.
        validation_accuracy: exactitud en validación, o `None`.
        seconds: lo que se tardó en entrenar, sin las medidas.
        images_per_s: imágenes por segundo.
    """

    epoch: int
    step: int
    lr: float
    train_loss: float
    train_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float
    images_per_s: float

    as_dict = asdict
