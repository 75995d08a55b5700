"""Una sola hoja de estilos: la del tema, la del curso y la de imprimir, juntas.

Un teléfono tarda más en abrir otra conexión que en recibir lo que iría por ella.
La plantilla (`plantillas/main.html`) enlaza solo `recursos/estilo.css`.
"""

from pathlib import Path


def on_post_build(config):
    """Junta las hojas en la del curso: delante el tema, detrás el papel."""
    recursos = Path(config.site_dir, "recursos")
    tema = Path(config.site_dir, "assets/stylesheets")
    hoja, papel = recursos / "estilo.css", recursos / "imprimir.css"
    pantalla = [*tema.glob("main.*.css"), *tema.glob("palette.*.css"), hoja]
    partes = [parte.read_text(encoding="utf-8") for parte in pantalla]
    partes.append(f"@media print {{\n{papel.read_text(encoding='utf-8')}}}\n")
    hoja.write_text("\n".join(partes), encoding="utf-8")
    papel.unlink()
