"""Números de las figuras a la española: coma decimal y signo menos."""

from matplotlib.ticker import ScalarFormatter

from apuntes.figures.style import Drawing


def number(value: float, spec: str = ".4g") -> str:
    """`value` con coma decimal: `number(-0.5)` es `"−0,5"`."""
    return format(value, spec).replace(".", ",").replace("-", "−")


class CommaFormatter(ScalarFormatter):
    """Los rótulos de siempre, con coma decimal."""

    def __call__(self, x, pos=None) -> str:
        """Rótulo de la marca `x`."""
        return super().__call__(x, pos).replace(".", ",")


def with_commas(figure: Drawing) -> Drawing:
    """Pone coma decimal en los ejes que llevan números; devuelve `figure`."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(CommaFormatter())
    return figure
