"""Páginas de los laboratorios: lo único del sitio atado a MkDocs.

mkdocs-jupyter ejecuta el cuaderno y, con la plantilla de `plantilla_cuaderno/`,
lo escribe como Markdown de un capítulo. Aquí ese Markdown se compone como
cualquier otra página, así que fórmulas, números, copia, figuras y buscador
salen de las mismas funciones.
"""

import hashlib
import shutil
from pathlib import Path

from mkdocs.structure.pages import Page
from mkdocs_jupyter.config import settings

import apuntes

PLANTILLAS = Path(__file__).parent / "plantilla_cuaderno"
PAQUETE = Path(apuntes.__file__).parent


def on_config(config):
    """Pone nuestra plantilla y una caché que caduca cuando cambia el paquete."""
    settings.templates_dir = str(PLANTILLAS)
    resumen = hashlib.sha256()
    fuentes = [
        *PAQUETE.rglob("*.py"),
        *PLANTILLAS.rglob("*.j2"),
        *Path("results").glob("*"),
    ]
    for ruta in sorted(fuentes):
        resumen.update(ruta.read_bytes())
    carpeta = Path(".cache/cuadernos")
    clave = resumen.hexdigest()[:16]
    for vieja in carpeta.glob("*"):
        if vieja.name != clave:
            shutil.rmtree(vieja)
    config.plugins["mkdocs-jupyter"].config["cache_dir"] = str(carpeta / clave)
    return config


def on_page_content(html, page, config, files):
    """Compone el Markdown que dejó la plantilla como el de cualquier página."""
    if page.file.src_uri.endswith(".py"):
        page.markdown = html
        Page.render(page, config, files)
        return page.content
    return html
