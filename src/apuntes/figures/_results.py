"""Las cifras medidas que algunas figuras dibujan, de `results/`."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "results"


def measured(name: str) -> dict:
    """Lo que guardó en `results/name.json` el programa de `benchmarks/` que lo mide."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
