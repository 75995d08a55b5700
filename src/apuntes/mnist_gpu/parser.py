"""`argparse` en español: ayuda, uso y errores de una frase."""

import argparse
import re
import sys
from typing import NoReturn

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
