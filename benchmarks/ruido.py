"""Mide adónde lleva el ruido del descenso con lotes: results/ruido.json.

Se ejecuta con `python benchmarks/ruido.py`; tarda unos dos minutos.

- `pozos`: fracción de descensos que acaban en el pozo hondo, según el tamaño de lote;
- `r20`: lo mismo con ruido normal añadido, como en las referencias de la fe de erratas;
- `silla`: pasos que se tarda en dejar la silla;
- `bola`: varianza alrededor del mínimo con tasa fija, frente a la de la fórmula.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # antes de importar NumPy

import itertools

import numpy as np
from acta import acta, guardar
from tqdm import tqdm

from apuntes.descent import gradient_descent
from apuntes.minibatch import gradient_variance, minibatches
from apuntes.stochastic import (
    double_well_grad,
    stationary_variance,
    stochastic_descent,
)

N, SPREAD, LR, STEPS = 1000, 4.0, 0.05, 2000
WELL_SIZES, RUNS = (1, 2, 4, 8, 16, 32, 64, 250, 1000), 400
STARTS = {"desde_0": (0, 1), "desde_015": (0.15, 1), "desde_somero": (0.96015, 0)}
SADDLE_SIZES, SADDLE_RUNS, SADDLE_STEPS = (1, 4, 16, 64, 256), 400, 400
RATES, BALL_SIZES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5), (1, 8)


def tilts(mean: tuple[float, float]) -> np.ndarray:
    """Inclinación de cada ejemplo, `(N, 2)`, con esa media exacta."""
    noise = np.random.default_rng(0).normal(scale=SPREAD, size=(N, 2))
    return noise - noise.mean(axis=0) + mean


def epochs(batch_size: int, rng: np.random.Generator, steps: int):
    """Los lotes de `steps` pasos, época tras época."""
    passes = (minibatches(N, batch_size, rng) for _ in itertools.count())
    return itertools.islice(itertools.chain.from_iterable(passes), steps)


def descend(tilt, start, batch_size: int, seed: int, *, steps: int, lr):
    """Un descenso por los dos pozos."""
    batches = epochs(batch_size, np.random.default_rng(seed), steps)
    return stochastic_descent(
        lambda p, batch: double_well_grad(p, tilt=tilt[batch].mean(axis=0)),
        start,
        batches,
        lr=lr,
    )


def measure_wells() -> dict:
    """Fracción que acaba en el pozo hondo, con la tasa bajando hasta cero."""
    tilt, table = tilts((0.3, 0.0)), {}
    barrier = float(np.sort(np.roots([4, 0, -4, 0.3]).real)[1])
    for name, size in tqdm(list(itertools.product(STARTS, WELL_SIZES)), desc="pozos"):
        runs = RUNS if size < N else 1
        ends = [
            descend(
                tilt,
                STARTS[name],
                size,
                seed,
                steps=STEPS,
                lr=lambda t: LR * (1 - t / STEPS),
            )[-1, 0]
            for seed in range(runs)
        ]
        deep = float(np.mean(np.array(ends) < barrier))
        row = table.setdefault(name, {})
        row[str(size)] = {
            "descensos": runs,
            "hondo_pct": round(100 * deep, 2),
            "error_pct": round(100 * (deep * (1 - deep) / runs) ** 0.5, 2),
        }
    return {"ejemplos": N, "pasos": STEPS, "lr": LR, "barrera": barrier, **table}


def measure_r20() -> dict:
    """R-20: el mismo terreno con ruido normal que decae hasta cero."""
    table, steps, runs = {}, 2000, 2000
    for sigma in tqdm(range(5), desc="R-20"):
        rng, p = np.random.default_rng(0), np.tile([[0.15], [1.0]], (1, runs))
        for k in range(steps):
            noise = rng.normal(0, sigma * (1 - k / steps), (runs, 2)).T
            p = np.clip(p - 0.05 * (double_well_grad(p) + noise), -3, 3)
        table[str(sigma)] = float(np.mean(p[0] < 0.075429))
    return {"descensos": runs, "pasos": steps, "hondo": table}


def measure_saddle() -> dict:
    """Pasos hasta dejar atrás |x| = 1/2 partiendo de la cresta, en (0, 1)."""
    tilt, table = tilts((0.0, 0.0)), {}
    for size in tqdm(SADDLE_SIZES, desc="silla"):
        steps, left = [], 0
        for seed in range(SADDLE_RUNS):
            path = descend(tilt, (0, 1), size, seed, steps=SADDLE_STEPS, lr=LR)[:, 0]
            out = np.flatnonzero(np.abs(path) > 0.5)
            steps.append(int(out[0]) if len(out) else SADDLE_STEPS)
            left += path[steps[-1]] < 0
        table[str(size)] = {
            "media": round(float(np.mean(steps)), 1),
            "desviacion": round(float(np.std(steps, ddof=1)), 1),
            "minimo": min(steps),
            "maximo": max(steps),
            "izquierda_pct": round(100 * left / SADDLE_RUNS, 1),
        }
    nudged = {}
    for power in (3, 6, 9, 12, 15):
        grad = lambda p: double_well_grad(p, tilt=(0.0, 0.0))  # noqa: E731
        path = gradient_descent(grad, (10.0**-power, 1.0), lr=LR, steps=SADDLE_STEPS)
        nudged[str(power)] = int(np.flatnonzero(path[:, 0] > 0.5)[0])
    return {
        "ejemplos": N,
        "lr": LR,
        "descensos": SADDLE_RUNS,
        "pasos": SADDLE_STEPS,
        "lotes": table,
        "sin_ruido_desde_10_elevado_a_menos": nudged,
    }


def measure_ball() -> list[dict]:
    """Varianza final al estimar 100 medias a la vez, con reposición y sin ella."""
    x = np.random.default_rng(0).normal(size=(N, 100))
    x -= x.mean(axis=0)
    grad = lambda theta, batch: theta - x[batch].mean(axis=0)  # noqa: E731
    start, table = np.zeros(100), []
    for size, lr in tqdm(list(itertools.product(BALL_SIZES, RATES)), desc="bola"):
        rng, steps = np.random.default_rng(3), 40 * N // size
        drawn = rng.integers(N, size=(steps, size))
        independent = stochastic_descent(grad, start, drawn, lr=lr)[steps // 4 :]
        shuffled = stochastic_descent(grad, start, epochs(size, rng, steps), lr=lr)
        ends = shuffled[10 * N // size :: N // size]
        spread = gradient_variance(x, size, replace=True) / x.shape[1]
        table.append(
            {
                "lote": size,
                "lr": lr,
                "formula": float(f"{stationary_variance(spread, lr=lr):.4g}"),
                "con_reposicion": float(f"{(independent**2).mean():.4g}"),
                "sin_reposicion": float(f"{(shuffled[steps // 4 :] ** 2).mean():.4g}"),
                "sin_reposicion_fin_de_epoca": float(f"{(ends**2).mean():.4g}"),
            }
        )
    return table


def main() -> None:
    """Mide todo y guarda."""
    measures = {
        "pozos": measure_wells(),
        "r20": measure_r20(),
        "silla": measure_saddle(),
        "bola": measure_ball(),
    }
    guardar("ruido", measures | {"acta": acta()})


if __name__ == "__main__":
    main()
