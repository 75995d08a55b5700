"""Guarda unas cifras deformadas como en `precisa`: results/mnist-deformaciones.json.

Se ejecuta con `python benchmarks/deformaciones_mnist.py`; tarda un segundo. Las páginas
se construyen sin PyTorch, así que la figura lee los píxeles de aquí. De cada cifra, la
original, las de mover un solo número hasta su tope y tres al azar.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import base64

import torch
from acta import acta, guardar

from apuntes.data import mnist_sample
from apuntes.mnist_gpu import augment
from apuntes.mnist_gpu.data import to_floats

DIGITS = (2, 4, 7)
ONE_AT_A_TIME = ("giro", "estirón", "inclinación", "baja", "derecha")


def main() -> None:
    """Deforma y guarda."""
    images, labels = mnist_sample("train")
    own = torch.eye(augment.NUMBERS)
    torch.manual_seed(0)
    noise = torch.cat([torch.zeros(1, 5), own, torch.rand(3, 5) * 2 - 1])
    tiles = []
    for digit in DIGITS:
        x = to_floats(torch.from_numpy(images[labels == digit][3:4])[:, None])
        warped = augment.warp(x.expand(len(noise), 1, 28, 28), noise)
        tiles.append((255 * warped[:, 0]).round().to(torch.uint8))
    pixels = torch.stack(tiles).numpy()
    guardar(
        "mnist-deformaciones",
        {
            "columnas": ["original", *ONE_AT_A_TIME, "azar", "azar", "azar"],
            "ruido": [[round(v, 3) for v in row] for row in noise.tolist()],
            "forma": list(pixels.shape),
            "pixeles": base64.b64encode(pixels.tobytes()).decode(),
            "acta": acta() | {"torch": torch.__version__},
        },
    )


if __name__ == "__main__":
    main()
