"""Páginas de los laboratorios: lo único del sitio atado a MkDocs.

mkdocs-jupyter ejecuta el cuaderno y, con la plantilla de `plantilla_cuaderno/`,
lo escribe como Markdown de un capítulo. Aquí ese Markdown se compone como
cualquier otra página, así que fórmulas, números, copia, figuras y buscador
salen de las mismas funciones.
"""

import hashlib
import os
import shutil
from html import unescape
from pathlib import Path

from mkdocs.structure.pages import Page
from mkdocs_jupyter.config import settings

from sitio import cuadernos, rueda
from sitio.figuras import resumen

PLANTILLAS = Path(__file__).parent / "plantilla_cuaderno"


def on_config(config):
    """Pone nuestra plantilla y una caché que caduca con lo que usan los cuadernos."""
    settings.templates_dir = str(PLANTILLAS)
    # Ajustes de Jupyter: el núcleo habla por sockets del sistema, no por la red.
    os.environ["JUPYTER_CONFIG_PATH"] = str(PLANTILLAS)
    # Con MNIST completo o con la muestra salen páginas distintas.
    huella = hashlib.sha256(os.environ.get("APUNTES_DATA", "").encode())
    for ruta in sorted(Path(config.docs_dir).glob("laboratorios/*.py")):
        huella.update(resumen(ruta).encode())
    for ruta in sorted(PLANTILLAS.rglob("*.j2")):
        huella.update(ruta.read_bytes())
    carpeta = Path(".cache/cuadernos")
    clave = huella.hexdigest()[:16]
    for vieja in carpeta.glob("*"):
        if vieja.name != clave:
            shutil.rmtree(vieja)
    config.plugins["mkdocs-jupyter"].config["cache_dir"] = str(carpeta / clave)
    return config


def on_page_content(html, page, config, files):
    """Compone el Markdown que dejó la plantilla como el de cualquier página."""
    if not page.file.src_uri.endswith(".py"):
        return html
    page.markdown = unescape(html)
    Page.render(page, config, files)
    return page.content


def on_post_build(config):
    """Deja con el sitio la rueda de `apuntes`, que instalan los cuadernos."""
    rueda.escribir(Path(config.site_dir))


def on_post_page(output, page, config):
    """Deja el cuaderno junto a su página."""
    ruta = Path(page.file.src_uri)
    if cuaderno := cuadernos.HECHOS.get(page.file.src_uri):
        destino = Path(page.file.abs_dest_path).with_name(f"{ruta.stem}.ipynb")
        destino.parent.mkdir(parents=True, exist_ok=True)
        destino.write_text(cuaderno, encoding="utf-8")
    return output
