"""Rehacer las estadísticas de la normalización por lotes.

Capítulo: 13-regularizacion
"""

from collections.abc import Iterable, Iterator

import numpy as np

from apuntes._layer import Layer
from apuntes.normalization import BatchNorm1d


# --8<-- [start:update_bn]
def update_bn(batches: Iterable[np.ndarray], model: Layer) -> None:
    """Pasa los datos por la red y deja en cada `BatchNorm1d` sus medias y varianzas.

    Hace falta cuando los pesos cambian sin entrenar, como al promediarlos: lo anotado
    es de otra red. Es `torch.optim.swa_utils.update_bn`.

    Args:
        batches: entradas de cada lote, de forma `(m, D)`; cuentan todos por igual.
        model: red, cuyos pesos no cambian y que vuelve al modo en que estaba.

    Examples:
        >>> from apuntes.layers import Sequential
        >>> layer = BatchNorm1d(1)
        >>> update_bn([np.array([[1.0], [3.0]])], Sequential(layer))
        >>> layer.running_mean, layer.running_var
        (array([2.]), array([2.]))
    """
    norms = list(_batch_norms(model))
    before = [norm.momentum for norm in norms]
    training = model.training
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # la media de todos los lotes por igual
    model.train()
    try:
        for x in batches if norms else ():
            model.forward(x)
    finally:
        model.train(training)
        for norm, momentum in zip(norms, before, strict=True):
            norm.momentum = momentum
        # --8<-- [end:update_bn]


def _batch_norms(layer: Layer) -> Iterator[BatchNorm1d]:
    if isinstance(layer, BatchNorm1d):
        yield layer
    for inner in getattr(layer, "layers", ()):
        yield from _batch_norms(inner)
