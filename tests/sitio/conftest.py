"""Un curso pequeño y verdadero, en disco, para probar las extensiones del sitio."""

from pathlib import Path

import pytest
from markdown import Markdown
from pymdownx.superfences import highlight_validator

from sitio import copiar

CAPITULO = """\
# Red y coste { #red }

Antes se cita [@ec-coste] y [@otro].

## Coste { #coste data-temario="S4-16 S4-17" }

$$
C = x^2 \\label{ec-coste} % losses.quadratic_cost
$$

## Errores { #red-errores .sin-numero }

## Catálogo { #catalogo }

### Huber { #huber }

/// ejercicio | ej-uno
    titulo: Uno
Enunciado.
///

```text
# No es un título { #falso }
/// figura | fig-falsa
```
"""
GLOSARIO = """\
# Glosario { #glosario }

/// termino | g-lote
    es: lote
    en: batch
Parte de los *datos*.
///
"""
BIBLIOGRAFIA = """\
@article{huber1964, author={Huber, Peter J.}, title={Robust {Estimation}},
  journal={Ann. Math. Stat.}, year=1964, volume=35, number=1, pages={73--101},
  doi={10.1214/aoms/1177703732}}
@book{varios2020, author={Ruiz, Ana and Iturbe, Luis}, title={Libro}, year=2020,
  publisher={Editorial}}
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Carpeta `docs` con dos capítulos, glosario y bibliografía."""
    (tmp_path / "capitulos").mkdir()
    (tmp_path / "capitulos/02-red.md").write_text(CAPITULO, encoding="utf-8")
    otro = "# Otro capítulo { #otro }\n\n## Fin { #fin }\n"
    (tmp_path / "capitulos/03-otro.md").write_text(otro, encoding="utf-8")
    (tmp_path / "glosario.md").write_text(GLOSARIO, encoding="utf-8")
    (tmp_path / "bibliografia.bib").write_text(BIBLIOGRAFIA, encoding="utf-8")
    (tmp_path / "bibliografia.md").write_text("# Obras { #obras }\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def componer(docs):
    """Función que compone un Markdown como si fuera el capítulo 2."""

    def componer(texto: str, *, titulo: bool = True, **opciones) -> str:
        vallas = [
            {
                "name": nombre,
                "class": "highlight",
                "validator": highlight_validator,
                "format": copiar.formato,
            }
            for nombre in ("python", "pycon")
        ]
        md = Markdown(
            extensions=[
                "attr_list",
                "tables",
                "toc",
                "pymdownx.arithmatex",
                "pymdownx.highlight",
                "pymdownx.superfences",
                "pymdownx.tabbed",
                "sitio.curso",
            ],
            extension_configs={
                "pymdownx.arithmatex": {"generic": True},
                "pymdownx.tabbed": {"alternate_style": True},
                "pymdownx.superfences": {"custom_fences": vallas},
                "sitio.curso": {"docs": str(docs), "repo": "https://r", **opciones},
            },
        )
        return md.convert("# Red y coste { #red }\n\n" * titulo + texto)

    return componer
