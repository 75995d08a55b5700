"""Las cifras medidas que algunas figuras dibujan, de `results/`."""

import json
from pathlib import Path

# En el repositorio están en su raíz; instalado, van dentro del paquete.
INSTALLED = Path(__file__).resolve().parents[1] / "results"
FOLDER = INSTALLED if INSTALLED.is_dir() else INSTALLED.parents[2] / "results"


def measured(name: str) -> dict:
    """Lo que guardó en `results/name.json` el programa de `benchmarks/` que lo mide."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
