"""La figura de un entrenamiento: pérdida y exactitud, época a época."""

from apuntes.figures._text import with_commas
from apuntes.figures.style import WIDTH, Drawing, drawing
from apuntes.mnist_gpu.record import EpochRecord


@drawing
def epoch_curves(history: list[EpochRecord]) -> Drawing:
    """Lo medido en cada época: durante ella y, si se apartaron datos, al acabarla."""
    figure = Drawing(figsize=(WIDTH, 2.9))
    for axes, measure, title in zip(
        figure.subplots(1, 2),
        ("loss", "accuracy"),
        ("pérdida", "exactitud"),
        strict=True,
    ):
        for part, style, label in (
            ("train", "o-", "durante la época"),
            ("validation", "D--", "validación"),
        ):
            values = [getattr(record, f"{part}_{measure}") for record in history]
            if None not in values:
                epochs = [record.epoch for record in history]
                axes.plot(epochs, values, style, markersize=4, label=label)
        axes.set(title=title, xlabel="época")
        axes.xaxis.get_major_locator().set_params(integer=True)
    figure.axes[0].set_ylim(0, None)
    figure.axes[0].legend()
    return with_commas(figure)
