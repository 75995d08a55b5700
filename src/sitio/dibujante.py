"""`python -m sitio.dibujante CACHÉ NOMBRE …`: dibuja figuras y las guarda."""

import sys
from importlib import import_module
from pathlib import Path

from apuntes.figures.style import to_svg
from sitio.figuras import clave, guardar


def dibujar(nombre: str, cache: Path) -> None:
    """Dibuja la figura `modulo.funcion` y la guarda."""
    modulo, funcion = nombre.split(".")
    antes = clave(nombre)  # la del código que se va a importar
    try:
        dibujo = getattr(import_module(f"apuntes.figures.{modulo}"), funcion)
    except (ImportError, AttributeError):
        sys.exit(f"no hay ninguna figura con ese nombre; se recibió {nombre!r}")
    guardar(nombre, antes, to_svg(dibujo()), cache)


if __name__ == "__main__":
    for nombre in sys.argv[2:]:
        dibujar(nombre, Path(sys.argv[1]))
