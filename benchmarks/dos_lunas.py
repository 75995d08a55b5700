"""La red de demostración de micrograd con cualquiera de los dos motores.

`python benchmarks/dos_lunas.py apuntes` (o `micrograd`) entrena y escribe en JSON los
segundos de cada paso. No importa más que el motor: el recolector de basura de Python
recorre todo lo que haya vivo, y los números de uno no deben pagar los módulos de otro.
"""

import importlib
import itertools
import json
import math
import os
import random
import sys
import time

if carpeta := os.environ.get("MICROGRAD"):
    sys.path.append(carpeta)

SIZES = (2, 16, 16, 1)
STEPS = 20
ENGINES = {"apuntes": "apuntes.graph", "micrograd": "micrograd.engine"}


def moons(rng: random.Random, count: int = 100) -> list[tuple[float, float, int]]:
    """Dos lunas entrelazadas con ruido; la etiqueta es 1 o -1."""
    points = []
    for i in range(count):
        angle, label = math.pi * rng.random(), 1 if i % 2 else -1
        x, y = math.cos(angle), math.sin(angle)
        if label > 0:
            x, y = 1 - x, 0.5 - y
        points.append((x + rng.gauss(0, 0.1), y + rng.gauss(0, 0.1), label))
    return points


def engine(name: str):
    """La clase `Value` de ese motor."""
    return importlib.import_module(ENGINES[name]).Value


def new_network(node, rng: random.Random) -> list:
    """Capas de neuronas `(pesos, sesgo)`, como en `micrograd.nn`."""
    return [
        [
            ([node(rng.uniform(-1, 1)) for _ in range(inputs)], node(0.0))
            for _ in range(outputs)
        ]
        for inputs, outputs in itertools.pairwise(SIZES)
    ]


def score(layers: list, x: list):
    """Salida de la red para un punto, neurona a neurona."""
    for depth, layer in enumerate(layers):
        sums = [
            sum((w * h for w, h in zip(weights, x, strict=True)), bias)
            for weights, bias in layer
        ]
        x = [s.relu() for s in sums] if depth < len(layers) - 1 else sums
    return x[0]


def demo_loss(node, layers: list, points: list):
    """Pérdida de margen media más 1e-4 veces la suma de cuadrados."""
    losses = [
        (1 + -label * score(layers, [node(x), node(y)])).relu()
        for x, y, label in points
    ]
    penalty = sum(w * w for w in weights_of(layers))
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * penalty


def weights_of(layers: list) -> list:
    """Todos los parámetros."""
    return [w for layer in layers for ws, bias in layer for w in (*ws, bias)]


def run_demo(name: str) -> dict:
    """Segundos de cada paso de la demostración, y la pérdida y el gradiente finales."""
    node, rng = engine(name), random.Random(1337)
    points, layers = moons(rng), new_network(node, rng)
    weights, seconds = weights_of(layers), []
    for step in range(STEPS):
        start = time.process_time()
        loss = demo_loss(node, layers, points)
        for w in weights:
            w.grad = 0.0
        loss.backward()
        for w in weights:
            w.data -= (1.0 - 0.9 * step / 100) * w.grad
        data = loss.data
        del loss
        seconds.append(time.process_time() - start)
    return {
        "segundos": seconds,
        "perdida": data,
        "gradiente": [w.grad for w in weights],
    }


if __name__ == "__main__":
    print(json.dumps(run_demo(sys.argv[1])))
