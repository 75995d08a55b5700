"""Números de las figuras a la española: coma decimal y signo menos."""

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, ScalarFormatter

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


def count(value: float) -> str:
    """Número con coma decimal y, a partir de diez mil, los millares separados."""
    return (
        f"{value:,.0f}".replace(",", "\u202f") if value >= 1e4 else number(value, "g")
    )


def plain_powers(axes: Axes) -> None:
    """Potencias de diez escritas del todo: 0,01 y 1000 en vez de 10⁻² y 10³."""
    for axis in (axes.xaxis, axes.yaxis):
        if axis.get_scale() == "log":
            axis.set_major_locator(LogLocator(10, numticks=8))
            axis.set_major_formatter(FuncFormatter(lambda v, _: count(v)))
            axis.set_minor_formatter(NullFormatter())
