"""Lo que un entrenamiento deja en su carpeta: historia y figuras."""

import csv
import io
import json
from dataclasses import fields
from pathlib import Path

import numpy as np
from torch import Tensor

from apuntes.mnist_gpu.data import Split
from apuntes.mnist_gpu.files import write_atomically
from apuntes.mnist_gpu.record import EpochRecord


def write_history(folder: Path, history: list[EpochRecord], summary: dict) -> None:
    """`history.csv`, una fila por época, y `history.json`, con todo lo demás."""
    rows = [record.as_dict() for record in history]
    text = io.StringIO()
    columns = [field.name for field in fields(EpochRecord)]
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    write_atomically(folder / "history.csv", text.getvalue())
    data = json.dumps(summary | {"history": rows}, ensure_ascii=False, indent=1)
    write_atomically(folder / "history.json", data + "\n")


def write_figures(
    folder: Path, history: list[EpochRecord], test: Split, logits: Tensor
) -> list[Path]:
    """Curvas, matriz de confusión y peores fallos, en SVG y en PNG.

    Raises:
        ModuleNotFoundError: si no está Matplotlib.
    """
    from apuntes.figures.style import to_svg
    from apuntes.figures.training import confusion_matrix, worst_mistakes
    from apuntes.mnist_gpu.curves import epoch_curves

    images, labels = test.images[:, 0].cpu().numpy(), test.labels.cpu().numpy()
    probs = logits.softmax(1).cpu().numpy()
    drawn = {
        "curves": epoch_curves(history),
        "confusion": confusion_matrix(confusion(labels, probs.argmax(1))),
        "mistakes": worst_mistakes(images, labels, probs),
    }
    paths = []
    for name, figure in drawn.items():
        buffer = io.BytesIO()
        figure.savefig(
            buffer, format="png", dpi=160, facecolor="white", bbox_inches="tight"
        )
        for suffix, content in ((".svg", to_svg(figure)), (".png", buffer.getvalue())):
            paths.append(folder / f"{name}{suffix}")
            write_atomically(paths[-1], content)
    return paths


def confusion(labels: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Cuántas veces se contestó cada clase (columna) ante cada una (fila)."""
    counts = np.zeros((10, 10), dtype=np.int64)
    np.add.at(counts, (labels, answers), 1)
    return counts
