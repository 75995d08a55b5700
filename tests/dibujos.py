"""Lo que comparten las pruebas de figuras."""

import importlib
import re
from functools import cache
from xml.etree import ElementTree

from matplotlib.figure import Figure

PHONE = 358  # lo que mide un dibujo, en píxeles, en una pantalla de 390
FRONT_PAGE = 342  # en la portada
IN_A_BOX = 320  # y dentro de un ejercicio o de su solución
SMALLEST = 9
TEXT = "{http://www.w3.org/2000/svg}text"


@cache
def drawn(name: str) -> Figure:
    """La figura `módulo.función` del curso, dibujada una sola vez."""
    module, function = name.split(".")
    return getattr(importlib.import_module(f"apuntes.figures.{module}"), function)()


def letters(svg: str) -> list[tuple[str, float]]:
    """Cada texto de un SVG con el tamaño de su letra más grande, en puntos."""
    found = []
    for text in ElementTree.fromstring(svg).iter(TEXT):
        # Una fórmula lleva el tamaño en cada letra, y los índices son menores.
        style = "".join(part.get("style", "") for part in text.iter())
        sizes = map(float, re.findall(r"([\d.]+)px", style))
        found.append((" ".join("".join(text.itertext()).split()), max(sizes)))
    return found


def too_small(svg: str, *, width: int = PHONE) -> dict[str, float]:
    """Textos que a ese ancho miden menos de 9 píxeles, con su tamaño."""
    natural = float(re.search(r'width="([\d.]+)pt"', svg)[1])
    sizes = {text: size * width / natural for text, size in letters(svg)}
    return {text: size for text, size in sizes.items() if size < SMALLEST}
