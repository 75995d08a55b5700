"""La orden `bench`: cuánto se tarda en llegar al 99 %, con acta.

Cada semilla entrena nuestra receta de principio a fin y, justo después, un trozo de
una época de la receta del ejemplo de PyTorch: si la máquina va más lenta un rato, les
pasa a las dos, y por eso se cita el cociente. La prueba se mira una vez, al acabar.
"""

import argparse
import json
from pathlib import Path

from apuntes.mnist_gpu.files import claim_folder, release_folders, write_atomically
from apuntes.mnist_gpu.flags import (
    add_device,
    add_settings,
    add_shortcuts,
    given,
    shortcuts_of,
    typed,
)
from apuntes.mnist_gpu.machine import certificate
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.reference import Reference, until
from apuntes.mnist_gpu.runtime import Runtime, decide, find_device
from apuntes.mnist_gpu.say import say
from apuntes.mnist_gpu.settings import Settings, from_recipe
from apuntes.mnist_gpu.tables import summary
from apuntes.mnist_gpu.trials import measure_seeds


def add_order(orders) -> None:
    """Añade la orden."""
    order = orders.add_parser(
        "bench",
        usage="apuntes-mnist bench [opciones]",
        help="mide cuánto se tarda, y escribe el acta",
    )
    add_device(order)
    add_shortcuts(order)
    _number(order, "--seeds", int, 10, 1, "cuántas semillas, desde --seed")
    _number(order, "--slice", float, 0.1, 0, "trozo de época del ejemplo, por semilla")
    _number(order, "--target", float, 0.99, 0, "exactitud a la que llegar")
    text = "entrena el ejemplo hasta --target, una vez"
    order.add_argument("--reference", action="store_true", help=text)
    order.add_argument("--name", metavar="NOMBRE", help="apartado del acta; la receta")
    order.add_argument("--out", type=Path, default=Path("results"), metavar="CARPETA")
    add_settings(order)
    order.set_defaults(run=run)


def _number(order, flag: str, kind: type, default, low: float, text: str) -> None:
    def check(value):
        if not low <= value < 10_000:
            raise ValueError(f"{flag} debe ser al menos {low}; se recibió {value}")
        return value

    convert = typed(kind, check, flag)
    order.add_argument(flag, type=convert, default=default, metavar="N", help=text)


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
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError as error:
        raise ValueError(f"el acta no es un JSON; se recibió {str(path)!r}") from error


def _reference(settings: Settings, runtime: Runtime, target: float) -> dict:
    sample = settings.data == "muestra"
    reference = Reference(runtime.device, seed=settings.seed, sample=sample)
    found = until(reference, target)
    return found | {"objetivo": target, "acta": certificate(runtime)}
