"""Guarda en qué falla una red `precisa`: results/mnist-fallos.json.

Se ejecuta con `python benchmarks/fallos_mnist.py`, con MNIST completo en APUNTES_DATA
o en la caché; tarda un par de minutos. Entrena una vez, con las 60 000 imágenes, la
versión de menos de 25 000 parámetros, y de la prueba apunta la matriz de confusión y
las diez imágenes a cuya cifra verdadera dio menos probabilidad, con sus píxeles.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import base64

import torch
from acta import acta, guardar

from apuntes.mnist_gpu.data import load
from apuntes.mnist_gpu.nets import parameters
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.report import confusion
from apuntes.mnist_gpu.runtime import Shortcuts, decide
from apuntes.mnist_gpu.settings import from_recipe
from apuntes.mnist_gpu.trainer import Trainer

CPU, SHOWN = torch.device("cpu"), 10


def main() -> None:
    """Entrena, mira los fallos y los guarda."""
    settings = from_recipe("precisa", validation=0, width=16, epochs=4)
    data = load(settings, CPU)
    trainer = Trainer(settings, decide(CPU, settings, Shortcuts(), World()), data)
    while trainer.epoch < trainer.epochs:
        trainer.run_epoch()
    seen = trainer.measure(data.test)
    probs, labels = seen.logits.softmax(1), data.test.labels
    own = probs[torch.arange(len(labels)), labels]
    worst = own.argsort()[:SHOWN].tolist()
    counts = confusion(labels.numpy(), probs.argmax(1).numpy())
    guardar(
        "mnist-fallos",
        {
            "receta": settings.as_dict(),
            "parametros": parameters(trainer.net),
            "exactitud_pct": round(100 * seen.accuracy, 2),
            "fallos": len(labels) - int(counts.trace()),
            "confusion": counts.tolist(),
            "peores": [mistake(data, probs, i) for i in worst],
            "acta": acta() | {"torch": torch.__version__},
        },
    )


def mistake(data, probs: torch.Tensor, i: int) -> dict:
    """Una imagen: dónde está, qué es, qué se dijo y sus 784 píxeles en base 64."""
    pixels = data.test.images[i].numpy().tobytes()
    return {
        "indice": i,
        "verdadera": int(data.test.labels[i]),
        "contestada": int(probs[i].argmax()),
        "probabilidades": [round(p, 4) for p in probs[i].tolist()],
        "pixeles": base64.b64encode(pixels).decode(),
    }


if __name__ == "__main__":
    main()
