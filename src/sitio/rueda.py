"""La rueda de `apuntes` que se publica con el sitio y que instalan los cuadernos.

Es un zip con el paquete y los datos de su instalación, como manda PEP 427; hecha aquí,
construir el sitio no pide nada que no tenga ya.
"""

import base64
import hashlib
from importlib.metadata import Distribution, distribution, version
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import apuntes
from apuntes.figures._results import FOLDER

RUEDA = """\
Wheel-Version: 1.0
Generator: sitio.rueda
Root-Is-Purelib: true
Tag: py3-none-any
"""


def nombre() -> str:
    """El del fichero."""
    return f"apuntes-{version('apuntes')}-py3-none-any.whl"


def escribir(carpeta: Path) -> Path:
    """Deja la rueda en `carpeta`; con el mismo paquete, los mismos octetos."""
    ficheros = _dentro(Path(apuntes.__file__).parent, "apuntes")
    ficheros |= _dentro(FOLDER, "apuntes/results")
    datos = f"apuntes-{version('apuntes')}.dist-info"
    ficheros |= {f"{datos}/{n}": t for n, t in _datos(distribution("apuntes")).items()}
    registro = "".join(
        f"{ruta},sha256={_resumen(octetos)},{len(octetos)}\n"
        for ruta, octetos in ficheros.items()
    )
    ficheros[f"{datos}/RECORD"] = f"{registro}{datos}/RECORD,,\n".encode()
    destino = carpeta / nombre()
    with ZipFile(destino, "w") as zip_:
        for ruta, octetos in ficheros.items():
            entrada = ZipInfo(ruta)  # con la fecha de 1980: no depende del día
            entrada.external_attr = 0o644 << 16
            zip_.writestr(entrada, octetos, ZIP_DEFLATED)
    return destino


def _dentro(carpeta: Path, nombre: str) -> dict[str, bytes]:
    """Los ficheros de `carpeta`, por la ruta que tendrán en la rueda."""
    return {
        f"{nombre}/{ruta.relative_to(carpeta).as_posix()}": ruta.read_bytes()
        for ruta in sorted(carpeta.rglob("*"))
        if ruta.is_file() and "__pycache__" not in ruta.parts
    }


def _datos(instalado: Distribution) -> dict[str, bytes]:
    nombres = ("METADATA", "entry_points.txt", "licenses/LICENSE")
    textos = {n: instalado.read_text(n) for n in nombres}
    return {n: t.encode() for n, t in (textos | {"WHEEL": RUEDA}).items() if t}


def _resumen(octetos: bytes) -> str:
    resumen = hashlib.sha256(octetos).digest()
    return base64.urlsafe_b64encode(resumen).rstrip(b"=").decode()
