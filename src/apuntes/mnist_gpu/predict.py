"""La orden `predict`: qué cifra hay en una imagen."""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from apuntes.mnist_gpu.evaluate import add_model, find_model, load_model
from apuntes.mnist_gpu.flags import add_device
from apuntes.mnist_gpu.measure import answer
from apuntes.mnist_gpu.picture import like_mnist, read_picture
from apuntes.mnist_gpu.runtime import find_device
from apuntes.mnist_gpu.say import number, say


def add_order(orders) -> None:
    """Añade la orden."""
    order = orders.add_parser("predict", help="dice qué cifra hay en una imagen")
    order.add_argument("imagen", nargs="+", type=Path, help="PNG o JPG de una cifra")
    add_device(order)
    add_model(order)
    order.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Contesta a cada imagen con su cifra y las diez probabilidades."""
    device = find_device(options.device)
    images = np.stack([_prepared(path) for path in options.imagen])
    net, settings, runtime = load_model(find_model(options.model), device)
    pixels = torch.from_numpy(images)[:, None].to(device)
    probs = answer(net, pixels, settings, runtime).softmax(1).tolist()
    rows = dict(zip(map(str, options.imagen), probs, strict=True))
    if options.json:
        say(json.dumps(rows))
        return 0
    for path, row in rows.items():
        best = max(range(10), key=row.__getitem__)
        say(f"{path}: {best}, con {number(100 * row[best], '.1f')} %")
        say(
            "  "
            + "  ".join(f"{i}: {number(100 * p, '.1f')}" for i, p in enumerate(row))
        )
    return 0


def _prepared(path: Path) -> np.ndarray:
    try:
        return like_mnist(read_picture(path))
    except ValueError as error:
        if str(path) in str(error):
            raise
        raise ValueError(f"{error}, {str(path)!r}") from error
