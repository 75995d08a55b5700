"""Cronometra `apuntes.graph` frente a micrograd: results/grafo-escalar.json.

Se ejecuta con `python benchmarks/grafo_escalar.py`. Si micrograd está instalado (o su
carpeta `site-packages` en la variable MICROGRAD), los compara; si no, lo dice y mide
solo lo nuestro. No es una dependencia del curso: basta `pip install micrograd` en un
entorno aparte.

- `demo`: la red de demostración de micrograd, 2-16-16-1 con ReLU, dos lunas de 100
  puntos, pérdida de margen y penalización de los pesos, escrita una vez con las
  operaciones que tienen los dos. Cada motor corre en un proceso propio, los procesos
  se alternan, todos parten de los mismos pesos y dan los mismos pasos.
- `crecimiento`: ida, vuelta y memoria de una cadena de sumas y productos cada vez más
  larga.
- `coste_de_la_vuelta`: lo que tarda la red 784-15-10 hacia delante y de vuelta, y lo
  que costaría su gradiente con diferencias centradas.

Los tiempos son de procesador, que aguantan mejor que haya otros trabajando.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import gc
import itertools
import json
import math
import random
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
from acta import acta, guardar
from dos_lunas import SIZES, STEPS, demo_loss, moons, new_network
from medir import instalado, pendiente, resumen
from tqdm import tqdm

from apuntes.graph import Value
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import quadratic_cost, quadratic_cost_grad
from apuntes.paths import topological_order

ROUNDS = 7
CHAINS = (1_000, 10_000, 100_000, 1_000_000)


def in_its_own_process(name: str) -> dict:
    """`run_demo` en un intérprete nuevo: que la basura de uno no frene al otro."""
    command = [sys.executable, Path(__file__).with_name("dos_lunas.py"), name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def compare_demo() -> dict:
    """La demostración con cada motor, alternados; la razón se toma en cada ronda."""
    names = ["apuntes"]
    if instalado("micrograd"):
        names.append("micrograd")
    rounds = {name: [] for name in names}
    for turn in tqdm(range(ROUNDS), desc="demostración"):
        for name in names[:: 1 if turn % 2 else -1]:
            rounds[name].append(in_its_own_process(name))
    medians = {
        name: [float(np.median(r["segundos"])) for r in runs]
        for name, runs in rounds.items()
    }
    result = {
        "red": "2-16-16-1, ReLU, dos lunas de 100 puntos, margen",
        "parametros": sum((a + 1) * b for a, b in itertools.pairwise(SIZES)),
        "nodos": count_nodes(),
        "pasos": STEPS,
        "rondas": ROUNDS,
        "segundos_por_paso": {
            name: resumen(values) for name, values in medians.items()
        },
    }
    if len(names) == 2:
        ratios = np.divide(medians["micrograd"], medians["apuntes"])
        ours, theirs = (rounds[name][0] for name in names)
        gap = np.subtract(ours["gradiente"], theirs["gradiente"])
        result |= {
            "veces_micrograd": resumen(ratios),
            "mayor_diferencia_entre_gradientes": float(np.abs(gap).max()),
        }
    return result


def count_nodes() -> int:
    """Nodos del grafo de un paso, con los parámetros."""
    rng = random.Random(1337)
    points = moons(rng)
    return len(topological_order(demo_loss(Value, new_network(Value, rng), points)))


def chain(length: int) -> Value:
    """`length` puertas una detrás de otra, sumas y productos alternados."""
    x = node = Value(0.5)
    for i in range(length):
        node = node + x if i % 2 else node * 0.5
    return node


def fastest(length: int, repeats: int) -> tuple[float, float]:
    """Segundos de ida y de vuelta de una cadena, los menores."""
    best = [math.inf, math.inf]
    for _ in range(repeats):
        start = time.process_time()
        output = chain(length)
        middle = time.process_time()
        output.backward()
        end = time.process_time()
        best = [min(best[0], middle - start), min(best[1], end - middle)]
        del output
    return tuple(best)


def bytes_of(length: int) -> int:
    """Octetos que ocupa una cadena."""
    tracemalloc.start()
    output = chain(length)
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del output
    return memory


def growth() -> list[dict]:
    """Tiempo y memoria por nodo de cadenas cada vez más largas.

    La ida se mide también sin el recolector de basura, que no tiene nada que recoger
    pero recorre los nodos vivos cada vez que su número crece un cuarto.
    """
    rows = []
    for length in tqdm(CHAINS, desc="crecimiento"):
        repeats = 5 if length < CHAINS[-1] else 3
        forward, backward = fastest(length, repeats)
        gc.disable()
        alone, _ = fastest(length, repeats)
        gc.enable()
        # Puertas, constantes y la entrada.
        nodes = length + length // 2 + length % 2 + 1
        each = 1e6 / nodes
        rows.append(
            {
                "puertas": length,
                "nodos": nodes,
                "ida_microsegundos_por_nodo": round(each * forward, 3),
                "sin_recolector_microsegundos_por_nodo": round(each * alone, 3),
                "vuelta_microsegundos_por_nodo": round(each * backward, 3),
                "octetos_por_nodo": round(bytes_of(length) / nodes, 1),
            }
        )
    return rows


def slopes(rows: list[dict]) -> dict[str, float]:
    """Exponente con que crecen la ida, la ida sin recolector y la vuelta."""
    nodes = [row["nodos"] for row in rows]
    return {
        way: pendiente(
            nodes,
            [row["nodos"] * row[f"{way}_microsegundos_por_nodo"] for row in rows],
        )
        for way in ("ida", "sin_recolector", "vuelta")
    }


def cost_of_the_way_back() -> dict:
    """Ida y vuelta de la red 784-15-10 en NumPy, con un lote de 64."""
    rng = np.random.default_rng(0)
    layers = Linear(784, 15, rng=rng), Sigmoid(), Linear(15, 10, rng=rng), Sigmoid()
    network = Sequential(*layers)
    x, target = rng.random((64, 784)), np.eye(10)[rng.integers(0, 10, 64)]
    forward, both = [], []
    for _ in range(400):
        start = time.process_time()
        pred = network.forward(x)
        quadratic_cost(pred, target)
        middle = time.process_time()
        network.write_gradients(quadratic_cost_grad(network.forward(x), target))
        end = time.process_time()
        forward.append(middle - start)
        both.append(end - middle)
    parameters = network.parameters()[0].size
    return {
        "red": "784-15-10, sigmoide, float64, lote de 64",
        "parametros": parameters,
        "ida_microsegundos": resumen(1e6 * np.array(forward)),
        "ida_y_vuelta_microsegundos": resumen(1e6 * np.array(both)),
        "ida_y_vuelta_entre_ida": round(float(np.median(both) / np.median(forward)), 2),
        "diferencias_centradas_segundos": round(
            2 * parameters * float(np.median(forward)), 1
        ),
        "veces_diferencias_centradas": round(
            2 * parameters * float(np.median(forward) / np.median(both))
        ),
    }


def main() -> None:
    """Mide todo y escribe el acta."""
    rows = growth()
    measure = {
        "demo": compare_demo(),
        "crecimiento": rows,
        "pendientes": slopes(rows),
        "coste_de_la_vuelta": cost_of_the_way_back(),
    }
    guardar("grafo-escalar", measure | {"acta": acta()})
    print(json.dumps(measure, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
