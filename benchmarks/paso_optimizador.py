"""Cronometra un paso de optimizador y el de PyTorch: results/paso-optimizador.json.

Se ejecuta con `make bench` o `python benchmarks/paso_optimizador.py`. Con 11935 números
los parámetros son los de la red 784-15-10: `apuntes` los tiene en un vector, como los
deja `Sequential`, y PyTorch en sus cuatro tensores; se mide además PyTorch con un solo
tensor. Con un millón, los dos tienen una matriz de mil por mil. Todo en float32 y con
un hilo; los contendientes se alternan y el cociente se toma dentro de cada vuelta.

PyTorch tiene hasta tres formas de dar el mismo paso: `bucle` (`foreach=False`), tensor
a tensor; `foreach`, operación a operación para toda la lista; y `fused`, todo en una
pasada, que no tienen todos los optimizadores. `omision` es sin pedir ninguna.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import tracemalloc

import numpy as np
import torch
from acta import acta, guardar
from medir import alternar, cociente, cronometrar, resumen

from apuntes.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, RMSprop

RATE = 1e-3
OPTIMIZERS = {  # nombre: (el nuestro, el de PyTorch, opciones)
    "SGD": (SGD, torch.optim.SGD, {}),
    "momento": (SGD, torch.optim.SGD, {"momentum": 0.9}),
    "Nesterov": (SGD, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "Adagrad": (Adagrad, torch.optim.Adagrad, {}),
    "Adadelta": (Adadelta, torch.optim.Adadelta, {}),
    "RMSprop": (RMSprop, torch.optim.RMSprop, {}),
    "Adam": (Adam, torch.optim.Adam, {}),
    "AdamW": (AdamW, torch.optim.AdamW, {}),
}
WAYS = {
    "omision": {},
    "bucle": {"foreach": False},
    "foreach": {"foreach": True},
    "fused": {"fused": True},
}
NETWORK = ((15, 784), (15,), (10, 15), (10,))
# Apartado: formas de PyTorch, de apuntes, pasos seguidos y vueltas.
SETTINGS = {
    "11935": (NETWORK, ((11935,),), 200, 15),
    "11935_un_tensor": (((11935,),), ((11935,),), 200, 15),
    "1000000": (((1000, 1000),), ((1000, 1000),), 10, 9),
}


def arrays(shapes, seed: int) -> list[np.ndarray]:
    """Los mismos números, sea cual sea el reparto."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    flat = np.random.default_rng(seed).normal(size=sum(sizes)).astype(np.float32)
    parts = np.split(flat, np.cumsum(sizes)[:-1])
    return [p.reshape(s).copy() for p, s in zip(parts, shapes, strict=True)]


def ours(make, shapes, options: dict):
    """Un paso nuestro, sin argumentos, y los parámetros que mueve."""
    theta, grads = arrays(shapes, 0), arrays(shapes, 1)
    optimizer = make(theta, lr=RATE, **options)
    return (lambda: optimizer.step(grads)), theta


def theirs(make, shapes, options: dict):
    """Lo mismo con PyTorch; nada si no tiene esa forma de darlo."""
    theta = [torch.nn.Parameter(torch.from_numpy(a)) for a in arrays(shapes, 0)]
    for parameter, grad in zip(theta, arrays(shapes, 1), strict=True):
        parameter.grad = torch.from_numpy(grad)
    try:
        return make(theta, lr=RATE, **options).step, theta
    except (TypeError, RuntimeError):
        return None


def gap(step, theta, reference: list[np.ndarray]) -> float:
    """Lo que más dista un parámetro del nuestro, tras cinco pasos."""
    for _ in range(5):
        step()
    flat = [np.ravel(t.detach().numpy()) for t in theta]
    return float(np.abs(np.concatenate(flat) - reference).max())


def peak_bytes(step) -> int:
    """Octetos que llega a reservar un paso, además de lo que ya había."""
    step()
    tracemalloc.start()
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    step()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - before


def measure(name: str, their_shapes, our_shapes, steps: int, rounds: int) -> dict:
    """Un optimizador con un tamaño: microsegundos, cocientes y memoria."""
    make, torch_make, options = OPTIMIZERS[name]
    step, theta = ours(make, our_shapes, options)
    for _ in range(5):
        step()
    reference, gaps = np.concatenate([np.ravel(t) for t in theta]), {}
    programs = {"apuntes": lambda _: cronometrar(step, steps)}
    for way, flags in WAYS.items():
        built = theirs(torch_make, their_shapes, options | flags)
        if built is None:
            continue
        # Con foreach y Nesterov, PyTorch 2.13 cambia el gradiente que se le da.
        if not (name == "Nesterov" and way in ("omision", "foreach")):
            gaps[way] = gap(*built, reference)
        programs[way] = lambda _, step=built[0]: cronometrar(step, steps)
    seconds = alternar(programs, dict.fromkeys(programs, rounds), desc=name)
    best = min(programs.keys() - {"apuntes"}, key=lambda n: np.median(seconds[n]))
    return {
        "microsegundos": {
            n: resumen([1e6 * t for t in times]) for n, times in seconds.items()
        },
        "mejor_de_torch": best,
        "entre_el_mejor": cociente(seconds, "apuntes", best),
        "entre_omision": cociente(seconds, "apuntes", "omision"),
        "mayor_diferencia": float(f"{max(gaps.values()):.2g}"),
        "octetos_por_paso": peak_bytes(step),
    }


def main(settings: dict, names=tuple(OPTIMIZERS)) -> dict:
    """Cada optimizador con cada tamaño."""
    torch.set_num_threads(1)
    table = {
        size: {name: measure(name, *setting) for name in names}
        for size, setting in settings.items()
    }
    versions = {"torch": torch.__version__, "hilos_torch": torch.get_num_threads()}
    return {
        "vueltas": {size: setting[-1] for size, setting in settings.items()},
        **table,
        "acta": acta() | versions,
    }


if __name__ == "__main__":
    result = main(SETTINGS)
    guardar("paso-optimizador", result)
    for size in SETTINGS:
        for name, row in result[size].items():
            print(size, name, row["entre_el_mejor"], row["entre_omision"])
