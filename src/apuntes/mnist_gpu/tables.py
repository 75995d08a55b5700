"""Las cifras de muchas semillas, resumidas."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from apuntes.mnist_gpu.say import number


def tabulate(runs: Sequence[dict], ready: float, *, target: float) -> dict:
    """Reúne las semillas: de cada medida, la media, la mediana y la dispersión.

    Args:
        runs: lo medido con cada semilla.
        ready: segundos desde que se llamó a la orden hasta poder entrenar.
        target: exactitud a la que se quiere llegar.
    """
    found = {
        "objetivo": target,
        "llegan": sum(run["exactitud"] >= target for run in runs),
        "parametros": runs[0]["parametros"],
        "pasos": runs[0]["pasos"],
        "exactitud": spread([100 * run["exactitud"] for run in runs], 4),
        "segundos": spread([run["segundos"] for run in runs], 4),
        "segundos_con_arranque": spread(
            [ready + run["preparar"] + run["segundos"] for run in runs], 4
        ),
        "imagenes_por_s": spread([run["imagenes_por_s"] for run in runs], 0),
    }
    if "epoca_ejemplo" in runs[0]:
        epochs = [run["epoca_ejemplo"] for run in runs]
        ratios = [run["segundos"] / e for run, e in zip(runs, epochs, strict=True)]
        found |= {"epoca_ejemplo": spread(epochs, 3), "cociente": spread(ratios, 5)}
    return found


def spread(values: Sequence[float], digits: int) -> dict:
    """Resumen de unas medidas, y todas ellas."""
    several = len(values) > 1
    deviation = statistics.stdev(values) if several else 0.0
    row = {
        "media": statistics.fmean(values),
        "mediana": statistics.median(values),
        "desviacion": deviation,
        "error_tipico": deviation / len(values) ** 0.5,
        "minimo": min(values),
        "maximo": max(values),
    }
    rounded = {name: round(value, digits) for name, value in row.items()}
    return {"n": len(values)} | rounded | {"todas": [round(v, digits) for v in values]}


def summary(row: dict, path: Path) -> str:
    """Lo principal, en una frase."""
    accuracy, seconds = row["exactitud"], row["segundos"]
    plural = "s" * (accuracy["n"] > 1)
    text = (
        f"{accuracy['n']} semilla{plural}: "
        f"{number(accuracy['media'], '.3f')} % de media "
        f"(± {number(accuracy['error_tipico'], '.3f')}) en "
        f"{number(seconds['mediana'], '.3f')} s"
    )
    if "cociente" in row:
        text += f", {number(row['cociente']['mediana'], '.4f')} épocas del ejemplo"
    return f"{text}. Queda en {path}."
