"""`python -m apuntes.figures DESTINO [NOMBRE …]`: dibuja figuras en SVG.

Sin nombres, dibuja todas.
"""

import importlib
import inspect
import pkgutil
import sys
from pathlib import Path

from apuntes import figures
from apuntes.figures.style import to_svg


def names() -> list[str]:
    """Nombres, `módulo.función`, de las figuras que se dibujan sin argumentos."""
    found = []
    for info in pkgutil.iter_modules(figures.__path__):
        if info.name != "__main__":
            module = importlib.import_module(f"apuntes.figures.{info.name}")
            found += [
                f"{info.name}.{key}" for key in vars(module) if _draws(module, key)
            ]
    return found


def _draws(module, key: str) -> bool:
    value = getattr(module, key)
    return (
        getattr(value, "is_drawing", False)
        and value.__module__ == module.__name__
        and not inspect.signature(value).parameters
    )


def main(arguments: list[str]) -> None:
    """Dibuja en la carpeta `arguments[0]` las figuras nombradas, o todas."""
    if not arguments:
        sys.exit("uso: python -m apuntes.figures DESTINO [NOMBRE …]")
    target = Path(arguments[0])
    target.mkdir(parents=True, exist_ok=True)
    known = names()
    for name in arguments[1:] or known:
        if name not in known:
            sys.exit(f"no hay ninguna figura con ese nombre; se recibió {name!r}")
        module, function = name.split(".")
        drawn = getattr(
            importlib.import_module(f"apuntes.figures.{module}"), function
        )()
        (target / f"{name}.svg").write_text(to_svg(drawn), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
