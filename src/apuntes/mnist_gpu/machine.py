"""El acta: con qué máquina, qué versiones y qué código se hizo algo."""

import datetime
import os
import platform
import subprocess
from pathlib import Path

import numpy as np
import torch

from apuntes.mnist_gpu.runtime import Runtime


def certificate(runtime: Runtime) -> dict:
    """Fecha, código, dispositivo y versiones."""
    on_gpu = runtime.device.type == "cuda"
    index = runtime.device
    return {
        "fecha": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "cambios_sin_confirmar": bool(_git("status", "--porcelain", "-uno", ".")),
        "dispositivo": torch.cuda.get_device_name(index) if on_gpu else "cpu",
        "procesador": _processor(),
        "nucleos": os.cpu_count(),
        "hilos": torch.get_num_threads(),
        "sistema": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "cuda": torch.version.cuda if on_gpu else None,
        "cudnn": torch.backends.cudnn.version() if on_gpu else None,
        "atajos": {
            name: getattr(runtime, name)
            for name in ("amp", "channels_last", "graph", "compile")
        },
        "avisos": list(runtime.notes),
    }


def _git(*arguments: str) -> str:
    """Lo que dice git del código del paquete; nada si no está en un repositorio."""
    command = ["git", "-C", str(Path(__file__).parent), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return models[0] if models else platform.processor() or "desconocido"
