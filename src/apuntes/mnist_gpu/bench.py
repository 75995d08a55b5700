"""La orden `bench`: cuánto se tarda en llegar al 99 %, con acta.

Cada semilla entrena nuestra receta de principio a fin y, justo después, un trozo de
una época de la receta del ejemplo de PyTorch: si la máquina va más lenta un rato, les
pasa a las dos, y por eso se cita el cociente. La prueba se mira una vez, al acabar.
"""

import argparse
import json
from pathlib import Path

from apuntes.mnist_gpu.fields import integer, number
from apuntes.mnist_gpu.files import claim_folder, release_folders, write_atomically
from apuntes.mnist_gpu.flags import (
    add_device,
    add_number,
    add_settings,
    add_shortcuts,
    given,
    shortcuts_of,
)
from apuntes.mnist_gpu.machine import certificate
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.reference import Reference, until
from apuntes.mnist_gpu.runtime import Runtime, decide, find_device
from apuntes.mnist_gpu.say import say
from apuntes.mnist_gpu.settings import Settings, from_recipe
from apuntes.mnist_gpu.tables import summary
from apuntes.mnist_gpu.trials import measure_seeds

SEEDS = integer(1, 10_000, help="cuántas semillas, desde --seed")
SLICE = number(0, 1, help="trozo de época del ejemplo, por semilla")
TARGET = number(0, 1, help="exactitud a la que llegar")


def add_order(orders) -> None:
    """Añade la orden."""
    order = orders.add_parser(
        "bench",
        usage="apuntes-mnist bench [opciones]",
        help="mide cuánto se tarda, y escribe el acta",
    )
    add_device(order)
    add_shortcuts(order)
    add_number(order, "--seeds", SEEDS, 10)
    add_number(order, "--slice", SLICE, 0.1)
    add_number(order, "--target", TARGET, 0.99)
    text = "entrena el ejemplo hasta --target, una vez"
    order.add_argument("--reference", action="store_true", help=text)
    order.add_argument("--name", metavar="NOMBRE", help="apartado del acta; la receta")
    order.add_argument("--out", type=Path, default=Path("results"), metavar="CARPETA")
    add_settings(order)
    order.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Mide y guarda `mnist_<dispositivo>.json`, sin borrar sus otros apartados."""
    settings = from_recipe(**{"validation": 0} | given(options))
    device = find_device(options.device)
    runtime = decide(device, settings, shortcuts_of(options), World())
    path = options.out / f"mnist_{device.type}.json"
    record = _read(path)
    new = claim_folder(options.out)
    try:
        name = options.name or settings.recipe
        record[name] = measure_seeds(settings, runtime, options)
        if options.reference:
            record["ejemplo"] = _reference(settings, runtime, options.target)
        text = json.dumps(record, ensure_ascii=False, indent=2)
        write_atomically(path, text + "\n")
    finally:
        release_folders(new)
    say(summary(record[name], path))
    return 0


def _read(path: Path) -> dict:
    """El acta que ya hubiera."""
    try:
        record = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError as error:
        raise ValueError(f"el acta no es un JSON; se recibió {str(path)!r}") from error
    if not isinstance(record, dict):
        raise ValueError(f"el acta no tiene apartados; se recibió {str(path)!r}")
    return record


def _reference(settings: Settings, runtime: Runtime, target: float) -> dict:
    sample = settings.data == "muestra"
    reference = Reference(runtime.device, seed=settings.seed, sample=sample)
    found = until(reference, target)
    return found | {"objetivo": target, "acta": certificate(runtime)}
