"""Qué se entrena y cómo: las recetas y cada ingrediente que se puede quitar.

Una receta es un `Settings` con nombre. Todo lo que cambia el resultado está aquí, y se
guarda con los pesos; dónde se entrena y qué se enseña mientras, no.
"""

from dataclasses import asdict, dataclass, fields, replace

from apuntes.mnist_gpu.fields import choice, integer, number, switch

# fmt: off
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu",
               "softplus")
INITS = ("pytorch", "zeros", "normal", "xavier_uniform", "xavier_normal",
         "kaiming_uniform", "kaiming_normal")
NORMS = ("none", "batch", "layer")
OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam",
              "adamw")
SCHEDULES = ("constant", "linear", "cosine", "step", "exponential", "cyclical",
             "warmup", "one_cycle")
# fmt: on


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Los hiperparámetros de un entrenamiento; los valores, en `RECIPES`."""

    recipe: str = choice("curso", "rapida", "precisa", help="punto de partida")
    data: str = choice("mnist", "muestra", help="todo MNIST o la muestra del paquete")
    validation: int = integer(0, 59_000, help="imágenes apartadas para mirar")
    seed: int = integer(0, 2**32 - 1, help="semilla")
    epochs: float = number(0.001, 10_000, help="épocas, también con decimales")
    batch_size: int = integer(1, 60_000, help="tamaño del lote, sumados los procesos")
    lr: float = number(1e-9, 1e4, help="tasa de aprendizaje máxima")
    width: int = integer(1, 4096, help="canales de la primera capa, o neuronas")
    standardize: bool = switch(help="entradas de media 0 y varianza 1, o de 0 a 1")
    activation: str = choice(*ACTIVATIONS, help="activación (cap. 9)")
    clip_norm: float = number(0, 1e9, help="tope a la norma del gradiente; 0, sin él")
    init: str = choice(*INITS, help="pesos iniciales (cap. 10)")
    norm: str = choice(*NORMS, help="normalización (cap. 11)")
    optimizer: str = choice(*OPTIMIZERS, help="optimizador (cap. 12)")
    momentum: float = number(0, 0.9999, help="momento, o la primera beta de Adam")
    beta2: float = number(0, 0.99999, help="la otra beta de Adam, o la de RMSprop")
    schedule: str = choice(*SCHEDULES, help="cómo cambia la tasa (cap. 12)")
    warmup: float = number(0, 0.9, help="fracción de los pasos en que la tasa sube")
    weight_decay: float = number(0, 10, help="encogimiento de los pesos (cap. 13)")
    dropout: float = number(0, 0.95, help="probabilidad de apagar (cap. 13)")
    label_smoothing: float = number(0, 0.99, help="etiquetas suaves (cap. 13)")
    augment: bool = switch(help="mover, girar y estirar cada imagen (cap. 13)")
    ema: float = number(0, 0.99999, help="media de los pesos; 0, sin ella (cap. 13)")

    def __post_init__(self) -> None:
        for field in fields(self):
            value = field.metadata["check"](field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)

    def changed(self, **changes: object) -> "Settings":
        """Otro igual salvo en lo que se dice.

        Raises:
            ValueError: si un valor no es de los admitidos.
        """
        return replace(self, **changes)

    def as_dict(self) -> dict:
        """Los valores, por nombre."""
        return asdict(self)


_COMMON = {
    "data": "mnist",
    "validation": 5000,
    "seed": 0,
    "clip_norm": 0.0,
    "norm": "none",
    "momentum": 0.9,
    "beta2": 0.999,
    "warmup": 0.2,
    "weight_decay": 0.0,
    "dropout": 0.0,
    "label_smoothing": 0.0,
    "augment": False,
    "ema": 0.0,
    "standardize": True,
    "activation": "relu",
    "init": "pytorch",
}

RECIPES = {
    # La red 784-15-10, con lo que el laboratorio 1 eligió en validación.
    "curso": Settings(
        **_COMMON
        | {"standardize": False, "activation": "sigmoid", "init": "xavier_uniform"}
        | {"optimizer": "sgd", "schedule": "linear", "weight_decay": 1e-4},
        recipe="curso",
        epochs=20,
        batch_size=64,
        lr=8.0,
        width=15,
    ),
    # Los números de estas dos salen de results/mnist-busqueda.json.
    # Adam con betas bajas y tasa alta olvida pronto: le basta menos de una época.
    "rapida": Settings(
        **_COMMON
        | {"momentum": 0.7, "beta2": 0.9, "label_smoothing": 0.1, "ema": 0.95},
        recipe="rapida",
        optimizer="adam",
        schedule="one_cycle",
        epochs=0.8,
        batch_size=128,
        lr=0.013,
        width=10,
    ),
    "precisa": Settings(
        **_COMMON
        | {"norm": "batch", "augment": True, "ema": 0.98, "label_smoothing": 0.1}
        | {"optimizer": "adamw", "weight_decay": 0.05},
        recipe="precisa",
        schedule="one_cycle",
        epochs=12,
        batch_size=96,
        lr=0.01,
        width=32,
    ),
}


def from_recipe(recipe: str = "rapida", **changes: object) -> Settings:
    """Una receta con los cambios que digas.

    De la muestra, que tiene una imagen de cada doce, se aparta otro tanto menos.

    Raises:
        ValueError: si la receta o algún valor no son de los admitidos.
    """
    if recipe not in RECIPES:
        raise ValueError(
            f"recipe debe ser una de {', '.join(RECIPES)}; se recibió {recipe!r}"
        )
    if changes.get("data") == "muestra":
        changes = {"validation": 500} | changes
    return RECIPES[recipe].changed(**changes)
