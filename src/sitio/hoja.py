"""Una sola hoja de estilos, la del tema y la del curso: una petición antes de pintar.

Un teléfono tarda más en abrir cuatro conexiones que en recibir lo que va por ellas.
La plantilla (`plantillas/main.html`) enlaza solo `recursos/estilo.css`.
"""

from pathlib import Path


def on_post_build(config):
    """Pone los estilos del tema delante de los del curso."""
    sitio = Path(config.site_dir)
    hoja = sitio / "recursos/estilo.css"
    tema = sitio / "assets/stylesheets"
    partes = [*tema.glob("main.*.css"), *tema.glob("palette.*.css"), hoja]
    hoja.write_text(
        "\n".join(parte.read_text(encoding="utf-8") for parte in partes),
        encoding="utf-8",
    )
