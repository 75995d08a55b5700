"""Acta de una medida: cuándo, dónde y con qué versión del código se hizo."""

import datetime
import json
import os
import platform
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]


def acta(*fuentes: str) -> dict:
    """Fecha, confirmación de git, procesador y versiones.

    `fuentes` es lo que se mide; si tiene cambios sin confirmar, el acta lo dice.
    """
    fuentes = fuentes or ("src/apuntes", "benchmarks")
    return {
        "fecha": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "cambios_sin_confirmar": bool(_git("status", "--porcelain", "-uno", *fuentes)),
        "procesador": _processor(),
        "nucleos": os.cpu_count(),
        "hilos_blas": int(os.environ["OPENBLAS_NUM_THREADS"]),
        "sistema": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def guardar(nombre: str, medida: dict) -> None:
    """Escribe `results/nombre.json`."""
    ruta = ROOT / "results" / f"{nombre}.json"
    ruta.parent.mkdir(exist_ok=True)
    texto = json.dumps(medida, ensure_ascii=False, indent=2)
    ruta.write_text(texto + "\n", encoding="utf-8")


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.strip()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return models[0] if models else platform.processor() or "desconocido"
