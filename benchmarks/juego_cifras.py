"""Entrena la red del juego de las cifras y la publica: docs/recursos/juegos/red.js.

Se ejecuta con `OPENBLAS_NUM_THREADS=1 python benchmarks/juego_cifras.py`, con MNIST
completo en APUNTES_DATA o en la caché. Es la red 784-15-10 con softmax y entropía
cruzada. Cada fila de la primera capa se guarda con enteros de un byte y una escala; lo
que se mide, en las 10 000 imágenes de prueba, es la red ya redondeada.
"""

import base64
import json

import numpy as np
from acta import ROOT, acta, guardar

from apuntes.data import flatten_images, load_mnist, mnist_sample
from apuntes.figures.games import network_from
from apuntes.initialization import xavier_uniform
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.metrics import accuracy, predict
from apuntes.optimizers import SGD
from apuntes.schedules import cosine_decay
from apuntes.training import fit

EPOCHS, BATCH, LR, DECAY, SEED = 10, 64, 1.0, 1e-4, 0
SHIFTS = (1, 2, 3, 4)  # píxeles a la derecha


def train() -> Sequential:
    """La red, entrenada con las 60 000 imágenes; da logits."""
    images, labels = load_mnist("train")
    rng = np.random.default_rng(SEED)
    options = {"rng": rng, "init": xavier_uniform, "dtype": np.float32}
    network = Sequential(
        Linear(784, 15, **options), Sigmoid(), Linear(15, 10, **options)
    )
    steps = EPOCHS * -(-len(images) // BATCH)
    fit(
        network,
        SGD(network.parameters(), lr=LR, weight_decay=DECAY),
        (cross_entropy, cross_entropy_grad),
        (flatten_images(images), labels),
        epochs=EPOCHS,
        batch_size=BATCH,
        rng=rng,
        schedule=cosine_decay(lr=LR, t_max=steps),
        evaluate_train=False,
        progress=False,
    )
    return network


def publish(network: Sequential) -> dict:
    """Lo que se publica de la red, con la primera capa en enteros de un byte."""
    hidden, _, last = network
    scales = np.abs(hidden.weight).max(axis=1) / 127
    small = np.rint(hidden.weight / scales[:, None]).astype(np.int8)
    return {
        "escalas": [float(f"{scale:.6g}") for scale in scales],
        "W1": base64.b64encode(small.tobytes()).decode(),
        "b1": hidden.bias.round(4).tolist(),
        "W2": last.weight.round(4).tolist(),
        "b2": last.bias.round(4).tolist(),
    }


def examples() -> dict:
    """La primera imagen de cada cifra de la muestra de prueba, sin su borde vacío."""
    images, labels = mnist_sample("test")
    first = images[[np.flatnonzero(labels == k)[0] for k in range(10)]]
    inside = first[:, 2:26, 2:26]
    if inside.sum() != first.sum():
        raise ValueError("las imágenes elegidas tienen tinta en el borde")
    return {"ejemplos": base64.b64encode(inside.tobytes()).decode()}


def right(network: Sequential, images: np.ndarray, labels: np.ndarray) -> float:
    """La exactitud de la red, en la precisión de sus pesos."""
    x = flatten_images(images, dtype=network[0].weight.dtype)
    return accuracy(predict(network, x), labels)


def write(red: dict) -> None:
    """Lo que carga el juego: la red y los ejemplos."""
    text = json.dumps(red | examples())
    (ROOT / "docs/recursos/juegos/red.js").write_text(
        "// La red 784-15-10 de benchmarks/juego_cifras.py, que escribe este fichero.\n"
        f"Juegos.red = {text};\n",
        encoding="utf-8",
    )


def main() -> None:
    """Entrena, publica y mide."""
    trained = train()
    red = publish(trained)
    write(red)
    network, (images, labels) = network_from(red), load_mnist("test")
    shifted = {
        str(k): right(network, np.roll(images, k, axis=2), labels) for k in (0, *SHIFTS)
    }
    guardar(
        "juego-cifras",
        {
            "acta": acta(),
            "epocas": EPOCHS,
            "lote": BATCH,
            "tasa": LR,
            "decaimiento": DECAY,
            "semilla": SEED,
            "exactitud": right(trained, images, labels),
            "exactitud_desplazada": shifted,
            "red": red,
        },
    )


if __name__ == "__main__":
    main()
