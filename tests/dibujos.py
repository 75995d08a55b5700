"""Lo que comparten las pruebas de figuras."""

import re

from matplotlib.figure import Figure
from matplotlib.text import Text

from apuntes.figures.style import to_svg

PHONE = 358  # lo que mide un dibujo, en píxeles, en una pantalla de 390
FRONT_PAGE = 342  # y en la portada
SMALLEST = 9


def too_small(figure: Figure, *, width: int = PHONE) -> dict[str, float]:
    """Textos que a ese ancho miden menos de 9 píxeles, con su tamaño."""
    natural = float(re.search(r'width="([\d.]+)pt"', to_svg(figure))[1])
    sizes = {
        text.get_text(): text.get_fontsize() * width / natural
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text()
    }
    return {text: size for text, size in sizes.items() if size < SMALLEST}
