"""Escribir sin que nadie vea nunca un fichero a medias."""

import os
from pathlib import Path


def write_atomically(path: Path, content: bytes | str) -> None:
    """Escribe al lado, espera al disco y cambia el nombre."""
    data = content.encode() if isinstance(content, str) else content
    part = path.with_name(f"{path.name}.{os.getpid()}.parte")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        error.filename = str(path)  # que escribir no dice dónde, y lo demás dice otro
        raise
    finally:
        part.unlink(missing_ok=True)


def claim_folder(folder: Path) -> list[Path]:
    """Crea la carpeta, si no está, y comprueba que se puede escribir en ella.

    Quita lo que dejara a medias un proceso al que mataron.

    Returns:
        Las carpetas nuevas, de dentro afuera, para `release_folders`.

    Raises:
        OSError: si no se puede.
    """
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".parte").touch()
    for left in folder.glob("*.parte"):
        left.unlink()
    return new


def release_folders(new: list[Path]) -> None:
    """Quita de las carpetas nuevas las que se quedaron vacías."""
    for folder in new:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
