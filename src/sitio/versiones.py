"""Las versiones publicadas: cada una se queda en su dirección, tal como salió.

Al publicar `v0.1.0`, el flujo construye el sitio para la dirección `0.1.0/` y lo
guarda como `sitio-0.1.0.tar.gz` en la publicación. Desplegar es reunirlas: la que
se está escribiendo en la raíz y cada guardada en su carpeta.
"""

import re
import sys
import tarfile
from pathlib import Path
from xml.etree import ElementTree

from pymdownx.blocks.block import Block

PAQUETE = re.compile(r"sitio-(\d+\.\d+\.\d+)\.tar\.gz")


def desplegar(paquetes: Path, sitio: Path) -> list[str]:
    """Descomprime en `sitio/` cada versión guardada y dice cuáles.

    Raises:
        ValueError: si un paquete no se llama como debe, no es un sitio o taparía
            algo del que se está escribiendo.
    """
    versiones = []
    for paquete in sorted(paquetes.glob("*.tar.gz")):
        nombre = PAQUETE.fullmatch(paquete.name)
        if not nombre:
            raise ValueError(
                "un paquete se llama sitio-X.Y.Z.tar.gz; "
                f"se recibió {paquete.name!r} en {paquetes.name}/"
            )
        carpeta = sitio / nombre[1]
        if carpeta.exists():
            raise ValueError(f"ya hay algo en esa dirección; se recibió {nombre[1]!r}")
        with tarfile.open(paquete) as archivo:
            if "./index.html" not in archivo.getnames():
                raise ValueError(
                    f"un sitio tiene ./index.html; se recibió {paquete.name!r} sin él"
                )
            # Python < 3.11.4 no tiene filtros; los paquetes son nuestros.
            seguro = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            archivo.extractall(carpeta, **seguro)
        versiones.append(nombre[1])
    return versiones


class Versiones(Block):
    """Lista de las versiones publicadas, de la opción `versiones` del curso."""

    NAME = "versiones"
    curso = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Crea la lista, o dice que aún no hay ninguna."""
        direcciones = self.curso.getConfig("versiones").split()
        if not direcciones:
            aviso = ElementTree.SubElement(parent, "p")
            aviso.text = "Aún no se ha publicado ninguna: lees la primera."
            return aviso
        lista = ElementTree.SubElement(parent, "ul")
        for direccion in direcciones:
            elemento = ElementTree.SubElement(lista, "li")
            enlace = ElementTree.SubElement(elemento, "a", {"href": direccion})
            enlace.text = f"Versión {direccion.rstrip('/').rsplit('/', 1)[-1]}"
        return lista


BLOQUES = (Versiones,)

if __name__ == "__main__":
    print(*desplegar(Path(sys.argv[1]), Path(sys.argv[2])))  # noqa: T201  (es una orden)
