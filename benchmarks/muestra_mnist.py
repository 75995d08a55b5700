"""Produce la muestra de MNIST que viaja con el paquete.

Se ejecuta con `python benchmarks/muestra_mnist.py`. Lee MNIST completo, elige al
azar, con semilla fija, el mismo número de imágenes de cada cifra y las guarda en
src/apuntes/datos, en el orden que tienen en MNIST.
"""

import gzip
from pathlib import Path

import numpy as np

from apuntes.data import FILES, load_mnist

PER_CLASS = {"train": 500, "test": 100}
SEED = 20_241_101
FOLDER = Path(__file__).resolve().parents[1] / "src" / "apuntes" / "datos"


def balanced_indices(
    labels: np.ndarray, per_class: int, *, rng: np.random.Generator
) -> np.ndarray:
    """Índices, ordenados, de `per_class` ejemplos al azar de cada clase."""
    chosen = [
        rng.choice(np.flatnonzero(labels == k), per_class, replace=False)
        for k in np.unique(labels)
    ]
    return np.sort(np.concatenate(chosen))


def idx_bytes(array: np.ndarray) -> bytes:
    """Fichero idx de `uint8`: 0, 0, tipo 8, número de ejes, ejes y datos."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, dtype=">u4").tobytes()
    return header + array.astype(np.uint8).tobytes()


def sample(split: str) -> tuple[np.ndarray, np.ndarray]:
    """La muestra de `split`, sacada de MNIST completo."""
    images, labels = load_mnist(split)
    index = balanced_indices(labels, PER_CLASS[split], rng=np.random.default_rng(SEED))
    return images[index], labels[index]


def main() -> None:
    """Escribe los cuatro ficheros."""
    FOLDER.mkdir(exist_ok=True)
    for split, names in FILES.items():
        for name, array in zip(names, sample(split), strict=True):
            # mtime=0: el mismo contenido da los mismos bytes cada vez.
            packed = gzip.compress(idx_bytes(array), compresslevel=9, mtime=0)
            (FOLDER / f"muestra-{name}.gz").write_bytes(packed)
            print(f"muestra-{name}.gz  {array.shape}  {len(packed)} bytes")


if __name__ == "__main__":
    main()
