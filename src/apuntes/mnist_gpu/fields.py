"""Los tipos de hiperparámetro: elegir de una lista, un número o sí y no.

Cada campo lleva en sus metadatos la ayuda y `check`, que convierte un valor y exige que
sea de los admitidos; lo usan igual quien llama desde Python, la orden y quien lee un
punto de control.
"""

from collections.abc import Callable
from dataclasses import Field, field
from numbers import Integral, Real
from typing import Any


def choice(*options: str, help: str) -> Field:
    """Una de unas cuantas palabras."""

    def check(name: str, value: Any) -> str:
        if value not in options:
            listed = ", ".join(options)
            raise ValueError(f"{name} debe ser uno de {listed}; se recibió {value!r}")
        return value

    return field(metadata={"check": check, "help": help, "kind": str, "only": options})


def number(low: float, high: float, *, help: str) -> Field:
    """Un número entre dos, ambos incluidos."""
    return _ranged(float, Real, low, high, help)


def integer(low: int, high: int, *, help: str) -> Field:
    """Un entero entre dos, ambos incluidos."""
    return _ranged(int, Integral, low, high, help)


def switch(*, help: str) -> Field:
    """Sí o no."""

    def check(name: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise TypeError(f"{name} debe ser True o False; se recibió {value!r}")
        return value

    return field(metadata={"check": check, "help": help, "kind": bool})


def _ranged(kind: Callable, family: type, low: float, high: float, help: str) -> Field:
    noun = "un entero" if kind is int else "un número"
    limits = f"{low} y {high}" if kind is int else f"{low:g} y {high:g}"

    def check(name: str, value: Any) -> Any:
        if not isinstance(value, family) or isinstance(value, bool):
            raise TypeError(f"{name} debe ser {noun}; se recibió {value!r}")
        # Así `nan`, que no es ni mayor ni menor que nada, tampoco pasa.
        if not low <= value <= high:
            raise ValueError(
                f"{name} debe ser {noun} entre {limits}; se recibió {value}"
            )
        return kind(value)

    return field(metadata={"check": check, "help": help, "kind": kind})
