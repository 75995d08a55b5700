"""Puntos de control: tensores en safetensors y, en su cabecera, de qué son.

Sin pickle, que al leerlo ejecuta lo que lleve dentro. Una suma de todo delata lo que el
formato no ve: un bit cambiado.
"""

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from apuntes.mnist_gpu.files import write_atomically
from apuntes.mnist_gpu.settings import Settings

FORMAT = "apuntes-mnist 1"


@dataclass(frozen=True)
class Checkpoint:
    """Lo que hay en un fichero.

    Attributes:
        settings: hiperparámetros con que se entrenó.
        tensors: tensores por nombre, en la CPU.
        progress: lo demás: época, pasos e historia.
    """

    settings: Settings
    tensors: dict[str, Tensor]
    progress: dict


def write(
    path: Path, settings: Settings, tensors: dict[str, Tensor], progress: dict
) -> None:
    """Guarda un punto de control, entero o nada."""
    plain = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    said = {
        "settings": json.dumps(settings.as_dict()),
        "progress": json.dumps(progress),
    }
    header = {"format": FORMAT, "crc32": str(_sum(plain, said))}
    write_atomically(path, save(plain, header | said))


def read(path: Path) -> Checkpoint:
    """Lee un punto de control.

    Raises:
        ValueError: si no lo es, está incompleto o se estropeó.
        FileNotFoundError: si no está.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"no hay ningún punto de control ahí; se recibió {str(path)!r}"
        )
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise ValueError(
            "el punto de control está incompleto o no es un safetensors; "
            f"se recibió {str(path)!r}"
        ) from error
    if header.get("format") != FORMAT:
        raise ValueError(
            f"no es un punto de control de apuntes-mnist; se recibió {str(path)!r}"
        )
    if header.get("crc32") != str(_sum(tensors, header)):
        raise ValueError(
            f"el punto de control está estropeado; se recibió {str(path)!r}"
        )
    return Checkpoint(
        _settings(header["settings"], path), tensors, json.loads(header["progress"])
    )


def _settings(text: str, path: Path) -> Settings:
    try:
        return Settings(**json.loads(text))
    except (TypeError, ValueError) as error:
        raise ValueError(
            "el punto de control es de otra versión de apuntes-mnist; "
            f"se recibió {str(path)!r}"
        ) from error


def _sum(tensors: dict[str, Tensor], said: dict[str, str]) -> int:
    words = said.get("settings", "") + said.get("progress", "")
    total = zlib.crc32(words.encode())
    for name in sorted(tensors):
        flat = tensors[name].reshape(-1).view(torch.uint8)
        total = zlib.crc32(flat.numpy(), zlib.crc32(name.encode(), total))
    return total


@torch.no_grad()
def restore(live: dict[str, Tensor], saved: dict[str, Tensor]) -> None:
    """Copia en los tensores de un entrenamiento los guardados.

    Raises:
        ValueError: si son los de otra red.
    """
    shapes = [{n: tuple(v.shape) for n, v in each.items()} for each in (live, saved)]
    if shapes[0] != shapes[1]:
        odd = sorted(shapes[0].items() ^ shapes[1].items())[0][0]
        raise ValueError(f"el punto de control es de otra red; se recibió otro {odd}")
    for name, tensor in live.items():
        tensor.copy_(saved[name])


def check_same(settings: Settings, given: dict) -> None:
    """Exige que lo que se pide al continuar sea lo que había.

    Raises:
        ValueError: si no lo es: el resultado no sería el de ninguna receta.
    """
    before = settings.as_dict()
    for name, value in given.items():
        if before[name] != value:
            raise ValueError(
                f"el punto de control es de otra receta, con {name}={before[name]}: "
                f"quita la opción o entrena en otra carpeta; se recibió {name}={value}"
            )
