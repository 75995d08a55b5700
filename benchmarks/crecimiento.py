"""Mide cómo crecen el tiempo y la memoria: results/crecimiento.json.

Se ejecuta con `make bench` o `python benchmarks/crecimiento.py`. Cada tabla va con su
pendiente en papel doblemente logarítmico: 1 es crecer en proporción.

- `ejemplos`, `ocultas` y `lote`: una época de la red 784-ocultas-10 al cambiar una sola
  cosa; los tamaños se alternan, y de cada uno queda la mediana. La memoria es el pico
  de lo que reserva la época, sin los datos: lo que ya estaba no cuenta;
- `check`: corregir cada ejercicio con su solución, y abrir el catálogo;
- `load_mnist`: leer MNIST del disco, desde la primera imagen a la última;
- `sitio`: tiempo de procesador de `mkdocs build` con más capítulos, que son copias de
  uno de verdad con las señas cambiadas.

Con nombres detrás, como `python benchmarks/crecimiento.py sitio`, mide solo eso.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy
os.environ.pop("OPENBLAS_CORETYPE", None)

import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np
from acta import ROOT, acta, guardar
from medir import alternar, pendiente, resumen

from apuntes.data import flatten_images, load_mnist
from apuntes.exercises import catalogue, grade
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import cross_entropy_grad
from apuntes.minibatch import minibatches
from apuntes.optimizers import SGD
from apuntes.training import train_epoch

USUAL = {"ejemplos": 60_000, "ocultas": 15, "lote": 64}
AXES = {
    "ejemplos": (1000, 2000, 4000, 8000, 16_000, 32_000, 60_000),
    "ocultas": (15, 30, 60, 120, 240, 480, 960),
    "lote": (1, 4, 16, 64, 256, 1024, 4096),
}
ROUNDS = {"ejemplos": 9, "ocultas": 3, "lote": 3}
CHAPTER, COPIES = "09-activaciones-y-gradientes", (0, 14, 28)
OLD = ROOT / "results" / "crecimiento.json"


def epoch(data, *, ejemplos: int, ocultas: int, lote: int):
    """Una época sin argumentos, con los arreglos que necesita ya hechos."""
    rng = np.random.default_rng(0)
    network = Sequential(
        Linear(784, ocultas, rng=rng, dtype=np.float32),
        Sigmoid(),
        Linear(ocultas, 10, rng=rng, dtype=np.float32),
    )
    optimizer = SGD(network.parameters(), lr=0.01)
    train = tuple(array[:ejemplos] for array in data)

    def run(seed: int) -> float:
        start = time.perf_counter()
        order = minibatches(ejemplos, lote, np.random.default_rng(seed))
        train_epoch(network, optimizer, cross_entropy_grad, train, order)
        return time.perf_counter() - start

    return run


def peak_bytes(run) -> int:
    """Pico de lo que reserva una ejecución."""
    tracemalloc.start()
    run(0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def along(axis: str, data, sizes=None, rounds: int | None = None) -> dict:
    """Tiempo y memoria de una época al cambiar solo `axis`."""
    sizes = sizes or AXES[axis]
    programs = {size: epoch(data, **USUAL | {axis: size}) for size in sizes}
    turns = dict.fromkeys(sizes, rounds or ROUNDS[axis])
    seconds = alternar(programs, turns, desc=axis)
    medians = [float(np.median(seconds[size])) for size in sizes]
    peaks = [peak_bytes(program) for program in programs.values()]
    return {
        axis: list(sizes),
        "segundos": [float(f"{s:.4g}") for s in medians],
        "mebioctetos": [float(f"{p / 2**20:.4g}") for p in peaks],
        "pendiente_tiempo": pendiente(sizes, medians),
        "pendiente_tiempo_final": pendiente(sizes[-3:], medians[-3:]),
        "pendiente_memoria": pendiente(sizes, peaks),
    }


def growth_of_an_epoch() -> dict:
    """Las tres tablas de la época, con MNIST."""
    images, labels = load_mnist("train")
    data = flatten_images(images), labels
    return {axis: along(axis, data) for axis in AXES}


def growth_of_check() -> dict:
    """Milisegundos de corregir cada ejercicio, y de abrir el catálogo."""
    code = "import time; t = time.perf_counter(); import apuntes.exercises as e; "
    code += "e.catalogue(); print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    opening = [float(subprocess.check_output(command)) for _ in range(5)]
    times = {}
    for one in catalogue().values():
        right = one.reference if one.is_function else one.reference()
        grade(one.id, right)
        rounds = []
        for _ in range(5):
            start = time.perf_counter()
            grade(one.id, right)
            rounds.append(1000 * (time.perf_counter() - start))
        times[one.id] = float(np.median(rounds))
    slowest = max(times, key=times.get)
    half = list(times.values())[len(times) // 2 :]
    return {
        "ejercicios": len(times),
        "abrir_segundos": resumen(opening),
        "milisegundos": resumen(list(times.values())),
        "milisegundos_segunda_mitad": resumen(half),
        "el_mas_lento": slowest,
    }


def growth_of_load() -> dict:
    """Milisegundos de leer cada parte de MNIST, y lo que ocupa."""
    rows = {}
    for split in ("test", "train"):
        rounds = []
        for _ in range(5):
            start = time.perf_counter()
            images, _ = load_mnist(split)
            rounds.append(1000 * (time.perf_counter() - start))
        rows[split] = {"imagenes": len(images), "milisegundos": resumen(rounds)}
        tracemalloc.start()
        load_mnist(split)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        rows[split]["veces_lo_que_ocupan_las_imagenes"] = round(peak / images.nbytes, 2)
    counts, times = zip(
        *((r["imagenes"], r["milisegundos"]["mediana"]) for r in rows.values()),
        strict=True,
    )
    return rows | {"pendiente_tiempo": pendiente(counts, times)}


def renamed(text: str, mark: str) -> str:
    """El capítulo con sus señas cambiadas, para que no choquen con las del original."""
    shapes = r"\{ #([\w-]+)", r"^/// (?:figura|tabla|codigo|ejercicio) \| ([\w-]+)"
    shapes += (r"\\label\{([\w-]+)\}",)
    names = {n for s in shapes for n in re.findall(s, text, flags=re.MULTILINE)}
    one_of = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    around = r"(?<=[#@{{ ])({})(?=[\]}})\s,;])"
    return re.sub(around.format(one_of), rf"\1-{mark}", text)


def copy_of_the_project(folder: Path) -> None:
    """Lo que git sigue, y la caché de figuras y cuadernos."""
    listed = subprocess.check_output(["git", "-C", ROOT, "ls-files", "-z"], text=True)
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    if (ROOT / ".cache").exists():
        shutil.copytree(ROOT / ".cache", folder / ".cache")


def build_seconds(folder: Path) -> float:
    """Segundos de procesador de `mkdocs build` en esa carpeta."""
    environ = os.environ | {
        "PYTHONPATH": str(folder / "src"),
        "NO_MKDOCS_2_WARNING": "1",
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-d", folder / "s"]
    subprocess.run(command, cwd=folder, env=environ, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def growth_of_the_site(copies=COPIES) -> dict:
    """Segundos de procesador del sitio con más y más capítulos."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_of_the_project(folder)
        docs, config = folder / "docs", folder / "mkdocs.yml"
        nav = config.read_text(encoding="utf-8")
        text = (docs / "capitulos" / f"{CHAPTER}.md").read_text(encoding="utf-8")
        own = len(re.findall(r"^ +- capitulos/|^ +- laboratorios/", nav, re.MULTILINE))
        build_seconds(folder)  # deja hechas las figuras y los cuadernos
        for count in copies:
            pages = [f"capitulos/{20 + i}-copia.md" for i in range(count)]
            for i, page in enumerate(pages):
                (docs / page).write_text(renamed(text, f"c{i}"), encoding="utf-8")
            more = "".join(f"      - {page}\n" for page in pages)
            mark = "  - Consulta:\n"
            config.write_text(nav.replace(mark, more + mark), encoding="utf-8")
            seconds = build_seconds(folder)
            rows.append({"capitulos": own + count, "segundos": round(seconds, 1)})
    chapters, seconds = zip(*(tuple(r.values()) for r in rows), strict=True)
    each, fixed = np.polyfit(chapters, seconds, 1)
    return {
        "filas": rows,
        "copiado": CHAPTER,
        "segundos_por_capitulo": round(float(each), 2),
        "segundos_fijos": round(float(fixed), 1),
    }


PARTS = {
    "epoca": growth_of_an_epoch,
    "check": growth_of_check,
    "load_mnist": growth_of_load,
    "sitio": growth_of_the_site,
}


def main(names: list[str]) -> None:
    """Mide lo que se pide, o todo, y guarda; cada parte lleva su acta."""
    kept = json.loads(OLD.read_text(encoding="utf-8")) if OLD.exists() else {}
    for name in names or PARTS:
        kept[name] = PARTS[name]() | {"acta": acta("src", "benchmarks", "docs")}
        guardar("crecimiento", {part: kept[part] for part in PARTS if part in kept})
        print(name, json.dumps(kept[name], ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
