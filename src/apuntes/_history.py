"""El historial de un entrenamiento: lo que se midió en cada época.

Capítulo: 06-entrenar-y-diagnosticar
"""

import math
from dataclasses import dataclass, field


# --8<-- [start:History]
@dataclass
class History:
    """Lo medido en cada época: en cada lista, un número por época.

    Attributes:
        running_loss: pérdida en entrenamiento *durante* la época: cada lote, con los
            pesos de antes de su paso. Es la que enseña Keras.
        running_accuracy: exactitud medida de esa manera.
        train_loss: pérdida en entrenamiento *al final* de la época.
        train_accuracy: exactitud en entrenamiento al final de la época.
        validation_loss: pérdida en validación al final de la época.
        validation_accuracy: exactitud en validación al final de la época.
        seconds: lo que se tardó en entrenar, sin las medidas del final.
        steps: pasos dados en total.
    """

    running_loss: list[float] = field(default_factory=list)
    running_accuracy: list[float] = field(default_factory=list)
    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    steps: int = 0

    @property
    def diverged(self) -> bool:
        """Si se paró porque la pérdida de la última época no es finita."""
        return not all(map(math.isfinite, self.running_loss[-1:]))

    def record(self, name: str, measured: tuple[float, float]) -> None:
        """Añade la pérdida y la exactitud de una época a la serie de ese nombre."""
        getattr(self, f"{name}_loss").append(measured[0])
        getattr(self, f"{name}_accuracy").append(measured[1])
        # --8<-- [end:History]
