"""Las opciones que comparten las órdenes."""

import argparse
from collections.abc import Callable
from dataclasses import Field, fields
from typing import Any

from apuntes.mnist_gpu.runtime import DEVICES, Shortcuts
from apuntes.mnist_gpu.settings import Settings


def add_device(order: argparse.ArgumentParser) -> None:
    """`--device`."""
    listed = "{" + ",".join(DEVICES) + "}"
    order.add_argument("--device", default="auto", metavar=listed, help="dónde")


def add_shortcuts(order: argparse.ArgumentParser) -> None:
    """Los atajos: sin decir nada, cada uno donde compensa."""
    group = order.add_argument_group("atajos", "si no dices nada, donde compensan")
    for name, text in (
        ("amp", "precisión mixta, con bfloat16"),
        ("channels-last", "los canales, al final en la memoria"),
        ("graph", "cada paso, un grafo de CUDA"),
        ("compile", "torch.compile"),
    ):
        action = argparse.BooleanOptionalAction
        group.add_argument(f"--{name}", action=action, default=None, help=text)


def shortcuts_of(options: argparse.Namespace) -> Shortcuts:
    """Los atajos pedidos."""
    names = ("amp", "channels_last", "graph", "compile")
    return Shortcuts(**{name: getattr(options, name) for name in names})


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Una opción por hiperparámetro; solo quedan las que se escriben."""
    group = parser.add_argument_group(
        "ingredientes", "lo que no digas, como en la receta; sirven para quitar uno"
    )
    for field in fields(Settings):
        target = parser if field.name == "recipe" else group
        flag = "--" + field.name.replace("_", "-")
        help_text, kind = field.metadata["help"], field.metadata["kind"]
        options: dict[str, Any] = {"help": help_text, "default": argparse.SUPPRESS}
        if kind is bool:
            options["action"] = argparse.BooleanOptionalAction
        else:
            options["type"] = typed(field, flag)
            only = field.metadata.get("only")
            options["metavar"] = "{" + ",".join(only) + "}" if only else _short(kind)
        target.add_argument(flag, **options)


def _short(kind: type) -> str:
    return "N" if kind is int else "X"


def add_number(
    order: argparse.ArgumentParser, flag: str, field: Field, default: float
) -> None:
    """Una opción que no es un hiperparámetro."""
    help_text, kind = field.metadata["help"], field.metadata["kind"]
    options = {"help": help_text, "default": default, "metavar": _short(kind)}
    order.add_argument(flag, type=typed(field, flag), **options)


def typed(field: Field, flag: str) -> Callable[[str], Any]:
    """Convierte y comprueba, según `field`, lo que se escribió tras `flag`."""
    kind, check = field.metadata["kind"], field.metadata["check"]
    noun = {int: "un entero", float: "un número"}.get(kind, "una palabra")

    def convert(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"{flag} debe ser {noun}; se recibió {text!r}"
            ) from None
        try:
            return check(flag, value)
        except (TypeError, ValueError) as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def given(options: argparse.Namespace) -> dict[str, Any]:
    """Los hiperparámetros que se escribieron."""
    names = [field.name for field in fields(Settings)]
    return {name: vars(options)[name] for name in names if name in options}
