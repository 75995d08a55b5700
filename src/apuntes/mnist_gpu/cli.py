"""Las órdenes de `apuntes-mnist` y qué se dice cuando algo va mal."""

import argparse
import os
import sys
from pathlib import Path

from apuntes.mnist_gpu import bench, checkpoint, evaluate, predict
from apuntes.mnist_gpu.flags import (
    add_device,
    add_settings,
    add_shortcuts,
    given,
    shortcuts_of,
)
from apuntes.mnist_gpu.parser import Parser
from apuntes.mnist_gpu.problems import (
    first_line,
    lost_peer,
    out_of_memory,
    system_error,
)
from apuntes.mnist_gpu.record import DivergedError
from apuntes.mnist_gpu.session import LAST
from apuntes.mnist_gpu.settings import from_recipe
from apuntes.mnist_gpu.start import Options, train


def run(arguments: list[str] | None, *, start: float) -> int:
    """Ejecuta una orden; 0 si todo fue bien, 1 si no, 2 si se pidió mal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # una consola sin «é» no es un fallo
    options = make_parser().parse_args(arguments)
    options.start = start
    try:
        return options.run(options)
    except KeyboardInterrupt as stop:
        return _fail(": ".join(["interrumpido", *stop.args]), 130)
    except BrokenPipeError:  # quien leía, como `head`, ya tiene bastante
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except DivergedError as error:
        return _fail(str(error), 1)
    except (ValueError, TypeError) as error:
        return _fail(first_line(error), 2)
    except OSError as error:
        return _fail(system_error(error), 2)
    except (MemoryError, RuntimeError) as error:
        if lost_peer(error):
            return _fail("otro de los procesos se paró: mira qué dijo", 1)
        if not out_of_memory(error):
            raise
        return _fail("no cabe en la memoria: prueba un --batch-size o --width menor", 1)


def _fail(sentence: str, code: int) -> int:
    sys.stderr.write(f"error: {sentence}\n")
    return code


def make_parser() -> argparse.ArgumentParser:
    """Todas las órdenes y sus opciones."""
    parser = Parser(
        prog="apuntes-mnist",
        description="MNIST con todo lo del curso, en CUDA, en MPS o en la CPU.",
    )
    orders = parser.add_subparsers(
        title="órdenes", metavar="orden", dest="orden", required=True
    )
    _add_train(orders)
    for module in (evaluate, predict, bench):
        module.add_order(orders)
    return parser


def _add_train(orders) -> None:
    """Añade la orden `train`."""
    text = "apuntes-mnist train [opciones]"
    order = orders.add_parser("train", usage=text, help="entrena una red")
    order.set_defaults(run=_train)
    add_device(order)
    add_shortcuts(order)
    order.add_argument("--out", type=Path, metavar="CARPETA", help="runs/RECETA")
    order.add_argument(
        "--resume",
        nargs="?",
        const=True,
        metavar="RUTA",
        help=f"continúa desde ahí o, si no dices nada, desde el {LAST} de --out",
    )
    order.add_argument(
        "--overwrite", action="store_true", help="empieza de nuevo en la misma carpeta"
    )
    order.add_argument("--no-figures", action="store_true", help="sin figuras")
    order.add_argument("--quiet", action="store_true", help="sin barra de progreso")
    add_settings(order)


def _train(options: argparse.Namespace) -> int:
    """De lo escrito a un entrenamiento, nuevo o continuado."""
    asked, saved = given(options), None
    folder = options.out or Path("runs") / asked.get("recipe", "rapida")
    if options.resume is None:
        settings = from_recipe(**asked)
    else:
        source = folder / LAST if options.resume is True else Path(options.resume)
        source = source / LAST if source.is_dir() else source
        saved = checkpoint.read(source)
        checkpoint.check_same(saved.settings, asked)
        settings, folder = saved.settings, options.out or source.parent
    train(settings, _options(options, folder), saved)
    return 0


def _options(options: argparse.Namespace, folder: Path) -> Options:
    return Options(
        out=folder,
        device=options.device,
        shortcuts=shortcuts_of(options),
        overwrite=options.overwrite,
        figures=not options.no_figures,
        quiet=options.quiet,
        start=options.start,
    )
