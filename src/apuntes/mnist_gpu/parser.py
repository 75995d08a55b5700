"""`argparse` en español: ayuda, uso y errores de una frase."""

import argparse
import re
import sys
from collections.abc import Callable
from dataclasses import fields
from typing import Any, NoReturn

from apuntes.mnist_gpu.settings import Settings

# Lo que dice argparse, y cómo se dice aquí.
_SPANISH = (
    (r"the following arguments are required: (.*)", r"falta \1"),
    (r"unrecognized arguments: (.*)", r"no se conoce lo que se recibió, \1"),
    (r"argument (\S+)\S*: expected one argument", r"\1 necesita un valor"),
    (r"argument (\S+)\S*: expected at least one argument", r"\1 necesita un valor"),
    (
        r"argument (\S+): ignored explicit argument (.*)",
        r"\1 no lleva valor; se recibió \2",
    ),
    (
        r"argument orden: invalid choice: (\S+).*",
        r"la orden debe ser train, evaluate, predict o bench; se recibió \1",
    ),
    (r"argument \S+: (.*)", r"\1"),
)


class Formatter(argparse.HelpFormatter):
    """La ayuda, con su «uso:»."""

    def add_usage(self, usage, actions, groups, prefix=None) -> None:
        """Añade la línea de uso."""
        super().add_usage(usage, actions, groups, "uso: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Un `ArgumentParser` que habla español y no adivina abreviaturas."""

    def __init__(self, **options) -> None:
        options = {"formatter_class": Formatter, "allow_abbrev": False} | options
        super().__init__(**options, add_help=False)
        self._positionals.title = "qué"
        self._optionals.title = "opciones"
        self.add_argument("-h", "--help", action="help", help="enseña esta ayuda")

    def error(self, message: str) -> NoReturn:
        """Dice qué se pidió mal y acaba con 2."""
        for english, spanish in _SPANISH:
            found, count = re.subn(f"^{english}$", spanish, message, flags=re.DOTALL)
            if count:
                message = found
                break
        sys.stderr.write(f"error: {message}\n")
        sys.exit(2)


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
            check = field.metadata["check"]
            options["type"] = typed(kind, lambda v, c=check, f=flag: c(f, v), flag)
            only = field.metadata.get("only")
            options["metavar"] = "{" + ",".join(only) + "}" if only else _short(kind)
        target.add_argument(flag, **options)


def _short(kind: type) -> str:
    return "N" if kind is int else "X"


def typed(kind: type, check: Callable[[Any], Any], flag: str) -> Callable[[str], Any]:
    """Convierte y comprueba lo que se escribió tras `flag`."""
    noun = {int: "un entero", float: "un número"}.get(kind, "una palabra")

    def convert(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"{flag} debe ser {noun}; se recibió {text!r}"
            ) from None
        try:
            return check(value)
        except (TypeError, ValueError) as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def given(options: argparse.Namespace) -> dict[str, Any]:
    """Los hiperparámetros que se escribieron."""
    names = [field.name for field in fields(Settings)]
    return {name: vars(options)[name] for name in names if name in options}
