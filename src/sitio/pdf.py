"""El curso en un PDF, impreso con Chromium.

Se imprime dos veces: de la primera se lee en qué página cae cada título, y la segunda
lo escribe en el índice.

    python -m sitio.pdf site dist
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pikepdf import ObjectStreamMode, Pdf

from sitio.libro import componer, numerar
from sitio.paquete import version

NAVEGADORES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPCIONES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--no-pdf-header-footer", "--generate-pdf-document-outline"),
    "--allow-file-access-from-files",  # libro.js lee las hojas de estilo
)


def navegador() -> str:
    """Camino de un Chromium instalado."""
    camino = next(filter(None, map(shutil.which, NAVEGADORES)), None)
    if camino is None:
        raise FileNotFoundError(
            "el PDF lo imprime Chromium o Google Chrome; "
            f"se recibió un PATH sin ninguno: {os.environ.get('PATH', '')!r}"
        )
    return camino


def imprimir(html: str, destino: Path) -> None:
    """Imprime la página en `destino`."""
    with tempfile.TemporaryDirectory() as carpeta:
        pagina = Path(carpeta) / "libro.html"
        pagina.write_text(html, encoding="utf-8")
        orden = [
            *(navegador(), *OPCIONES, f"--user-data-dir={carpeta}/perfil"),
            *(f"--print-to-pdf={destino}", pagina.as_uri()),
        ]
        subprocess.run(orden, check=True, capture_output=True)


def paginas_de(pdf: Pdf) -> dict[str, int]:
    """En qué página, contando desde 1, cae cada seña enlazada."""
    orden = {pagina.objgen: numero for numero, pagina in enumerate(pdf.pages, 1)}
    destinos = pdf.Root.Dests.items()
    return {sena.lstrip("/"): orden[d[0].objgen] for sena, d in destinos}


def titular(pdf: Pdf, titulos: list[str]) -> None:
    """Pone en los marcadores los títulos: Chromium repite los que abren página."""

    def recorrer(entradas):
        for entrada in entradas:
            yield entrada
            yield from recorrer(entrada.children)

    with pdf.open_outline() as marcadores:
        for marcador, titulo in zip(recorrer(marcadores.root), titulos, strict=True):
            marcador.title = titulo


def escribir(sitio: Path, dist: Path) -> Path:
    """Escribe `apuntes-VERSION.pdf` y da su ruta.

    Raises:
        RuntimeError: si al escribir los números del índice cambió alguno.
    """
    dist.mkdir(parents=True, exist_ok=True)
    destino = dist / f"apuntes-{version(sitio)}.pdf"
    libro = componer(sitio)
    with tempfile.TemporaryDirectory() as carpeta:
        crudo = Path(carpeta) / "crudo.pdf"
        imprimir(libro.html, crudo)
        with Pdf.open(crudo) as pdf:
            numeros = paginas_de(pdf)
        imprimir(numerar(libro.html, numeros), crudo)
        with Pdf.open(crudo) as pdf:
            if paginas_de(pdf) != numeros:
                raise RuntimeError(
                    "los números del índice no mueven nada; se recibieron otros"
                )
            titular(pdf, libro.titulos)
            pdf.docinfo["/Author"] = libro.autor
            # Lo que más pesa es el etiquetado, que se comprime en bloque.
            pdf.save(
                destino,
                object_stream_mode=ObjectStreamMode.generate,
                linearize=True,
            )
    return destino


if __name__ == "__main__":
    print(escribir(Path(sys.argv[1]), Path(sys.argv[2])))  # noqa: T201  (es una orden)
