"""Los ficheros de MNIST, de una carpeta o de la red, comprobados; módulo de apoyo."""

import gzip
import hashlib
import io
import os
import warnings
import zlib
from pathlib import Path

from tqdm import TqdmWarning, tqdm

with warnings.catch_warnings():
    # Avisa si en un cuaderno faltan los controles gráficos; las barras son de texto.
    warnings.simplefilter("ignore", TqdmWarning)
    import pooch

# El sitio original responde 403; estos sirven sus ficheros y se prueban por orden.
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
# Del contenido descomprimido: vale cualquier compresión de él y ningún otro.
_SUMS = (
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
)
SHA256 = dict(zip(FILES["train"] + FILES["test"], _SUMS, strict=True))


def content(name: str, root: str | os.PathLike | None, download: bool) -> bytes:
    """Contenido de `name`, comprobado: de la carpeta dada, la caché o un espejo."""
    given = root or os.environ.get("APUNTES_DATA")
    folder = Path(given or pooch.os_cache("apuntes"))
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            remedy = f"borra {path} y descárgalo otra vez"
            return _verified(path.read_bytes(), name, context=remedy)
    if given or not download:
        raise FileNotFoundError(
            f"falta {name} o {name}.gz: ponlo en la carpeta, o quita root, download y "
            f"APUNTES_DATA para descargarlo; se recibió {str(folder)!r}"
        )
    return _download(name, folder)


def _verified(raw: bytes, name: str, *, context: str) -> bytes:
    """Descomprime `raw` si es gzip y exige que su suma sea la de `name`."""
    try:
        content = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        found = f"{len(content)} bytes con {hashlib.sha256(content).hexdigest()}"
    except (EOFError, OSError, zlib.error) as error:
        found = f"un gzip incompleto o corrupto ({error})"
    if not found.endswith(SHA256[name]):
        raise ValueError(
            f"no es el {name} de MNIST: {context}; "
            f"se esperaba SHA-256 {SHA256[name]} y se recibió {found}"
        )
    return content


def _download(name: str, folder: Path) -> bytes:
    """Prueba los espejos por orden y guarda lo bajado solo si es lo que debe ser."""
    failures = []
    for url in (f"{mirror}{name}.gz" for mirror in MIRRORS):
        try:
            raw = _fetch(url)
            content = _verified(raw, name, context="el espejo lo sirve mal")
        except (OSError, ValueError) as error:  # los de red de requests son OSError
            failures.append(f"{url}: {error}")
        else:
            _write_atomically(raw, folder / f"{name}.gz")
            return content
    raise ConnectionError(
        f"no se pudo descargar {name}: comprueba la red, o pon su carpeta en "
        "APUNTES_DATA, o usa mnist_sample; se recibió " + "; ".join(failures)
    )


def _fetch(url: str) -> bytes:
    """Descarga `url` en memoria: hasta comprobarla no se toca el disco."""
    buffer = io.BytesIO()
    # pooch no admite una barra sin total; el verdadero lo pone él al saberlo.
    with tqdm(desc=url.rpartition("/")[2], total=1, unit="B", unit_scale=True) as bar:
        pooch.HTTPDownloader(progressbar=bar)(url, buffer, None)
    return buffer.getvalue()


def _write_atomically(raw: bytes, path: Path) -> None:
    """Escribe al lado y cambia el nombre: nadie ve nunca un fichero a medias."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.parte")
    try:
        part.write_bytes(raw)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
