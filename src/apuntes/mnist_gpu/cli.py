"""Las órdenes de `apuntes-mnist` y qué se dice cuando algo va mal."""

import argparse
import errno
import sys
from pathlib import Path

import torch

from apuntes.mnist_gpu import bench, checkpoint, evaluate, predict
from apuntes.mnist_gpu.capture import first_line
from apuntes.mnist_gpu.parser import Parser, add_settings, given
from apuntes.mnist_gpu.record import DivergedError
from apuntes.mnist_gpu.runtime import DEVICES, Shortcuts
from apuntes.mnist_gpu.session import LAST
from apuntes.mnist_gpu.settings import from_recipe
from apuntes.mnist_gpu.start import Options, train

# Lo que dice el sistema, en español.
_SYSTEM = {
    errno.EACCES: "no hay permiso",
    errno.EEXIST: "ya hay otra cosa con ese nombre",
    errno.EISDIR: "es una carpeta",
    errno.ENOENT: "no existe",
    errno.ENOSPC: "no queda sitio en el disco",
    errno.ENOTDIR: "parte de la ruta no es una carpeta",
    errno.EPERM: "no hay permiso",
    errno.EROFS: "el disco es de solo lectura",
}


def run(arguments: list[str] | None, *, start: float) -> int:
    """Ejecuta una orden; 0 si todo fue bien, 1 si no, 2 si se pidió mal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # una consola sin «é» no es un fallo
    options = make_parser().parse_args(arguments)
    options.start = start
    try:
        return options.run(options)
    except KeyboardInterrupt:
        return _fail("interrumpido: lo acabado está guardado; sigue con --resume", 130)
    except DivergedError as error:
        return _fail(str(error), 1)
    except (ValueError, TypeError) as error:
        return _fail(first_line(error), 2)
    except OSError as error:
        return _fail(system_error(error), 2)
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
        return _fail("no cabe en la memoria: prueba un --batch-size o --width menor", 1)


def _fail(sentence: str, code: int) -> int:
    sys.stderr.write(f"error: {sentence}\n")
    return code


def system_error(error: OSError) -> str:
    """Un error del sistema, con la ruta."""
    if error.errno is None:
        return first_line(error)
    reason = _SYSTEM.get(error.errno, error.strerror)
    return f"{reason}; se recibió {str(error.filename)!r}"


def out_of_memory(error: Exception) -> bool:
    """Si lo que pasa es que falta memoria, de la GPU o de la máquina."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return "can't allocate memory" in str(error) or "out of memory" in str(error)


def make_parser() -> argparse.ArgumentParser:
    """Todas las órdenes y sus opciones."""
    parser = Parser(
        prog="apuntes-mnist",
        description="MNIST con todo lo del curso, en CUDA, en MPS o en la CPU.",
    )
    orders = parser.add_subparsers(
        title="órdenes", metavar="orden", dest="orden", required=True
    )
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
        metavar="FICHERO",
        help=f"continúa, desde ese fichero o desde el {LAST} de --out",
    )
    order.add_argument(
        "--overwrite", action="store_true", help="empieza de nuevo en la misma carpeta"
    )
    order.add_argument("--no-figures", action="store_true", help="sin figuras")
    order.add_argument("--quiet", action="store_true", help="sin barra de progreso")
    add_settings(order)
    evaluate.add_order(orders, add_device)
    predict.add_order(orders, add_device)
    bench.add_order(orders, add_device, add_shortcuts)
    return parser


def add_device(order: argparse.ArgumentParser) -> None:
    """`--device`."""
    listed = "{" + ",".join(DEVICES) + "}"
    order.add_argument("--device", default="auto", metavar=listed, help="dónde")


def add_shortcuts(order: argparse.ArgumentParser) -> None:
    """Los atajos: sin decir nada, cada uno donde compensa."""
    group = order.add_argument_group("atajos", "si no dices nada, donde compensan")
    for name, text in (
        ("amp", "precisión mixta, con bfloat16"),
        ("channels-last", "los canales, al final en la memoria"),
        ("graph", "cada paso, un grafo de CUDA"),
        ("compile", "torch.compile"),
    ):
        action = argparse.BooleanOptionalAction
        group.add_argument(f"--{name}", action=action, default=None, help=text)


def shortcuts_of(options: argparse.Namespace) -> Shortcuts:
    """Los atajos pedidos."""
    names = ("amp", "channels_last", "graph", "compile")
    return Shortcuts(**{name: getattr(options, name) for name in names})


def _train(options: argparse.Namespace) -> int:
    asked, saved = given(options), None
    folder = options.out or Path("runs") / asked.get("recipe", "rapida")
    if options.resume is None:
        settings = from_recipe(**asked)
    else:
        source = folder / LAST if options.resume is True else Path(options.resume)
        saved = checkpoint.read(source)
        checkpoint.check_same(saved.settings, asked)
        settings, folder = saved.settings, options.out or source.parent
    train(
        settings,
        Options(
            out=folder,
            device=options.device,
            shortcuts=shortcuts_of(options),
            overwrite=options.overwrite,
            figures=not options.no_figures,
            quiet=options.quiet,
            start=options.start,
        ),
        saved,
    )
    return 0
