"""Mide con qué tasas se rompe el descenso sobre la función de Himmelblau.

Se ejecuta con `OPENBLAS_NUM_THREADS=1 python benchmarks/himmelblau_tasas.py`. Da dos
mil pasos con cada tasa de 0,0005 a 0,06, de cien milésimas en cien milésimas, desde los
cuatro inicios de la lección, y repite todo con más decimales: un veredicto que cambia
al hacerlo depende del redondeo y no se puede citar.
"""

import numpy as np
from acta import acta, guardar

from apuntes.descent import (
    critical_rate,
    gradient_descent,
    himmelblau_grad,
    himmelblau_hessian,
)

STARTS = ((0, 1), (-1, 1), (-1, -1), (0, -1))
RATES = np.arange(50, 6001) / 100_000
STEPS, NEAR, FAR = 2000, 1e-6, 1e6


def verdicts(start, minima: np.ndarray, dtype) -> np.ndarray:
    """De cada tasa: `0` a `3`, el mínimo al que llega; `-1`, oscila; `-2`, diverge."""
    p = np.repeat(np.array(start, dtype=dtype)[:, None], len(RATES), axis=1)
    rates, lost = RATES.astype(dtype), np.zeros(len(RATES), dtype=bool)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(STEPS):
            p = p - rates * himmelblau_grad(p)
            lost |= ~(np.hypot(*p) < FAR)
        distance = np.hypot(*(p[:, None] - minima.T[..., None]))
    ended = np.where(distance.min(axis=0) < NEAR, distance.argmin(axis=0), -1)
    return np.where(lost, -2, ended)


def measure(k: int, minima: np.ndarray) -> dict:
    """Lo que pasa desde el inicio `k`, cuyo mínimo es el `k`."""
    found = verdicts(STARTS[k], minima, np.float64)
    again = verdicts(STARTS[k], minima, np.longdouble)
    diverges, agree = found == -2, found == again
    breaks = np.flatnonzero(found != k)[0]
    return {
        "inicio": STARTS[k],
        "minimo": [round(float(v), 6) for v in minima[k]],
        "critica": critical_rate(himmelblau_hessian(minima[k])),
        "converge_hasta": float(RATES[breaks - 1]),
        "primera_que_diverge": float(RATES[diverges][0]),
        "ultima_que_no_diverge": float(RATES[~diverges][-1]),
        "tramos": int((np.diff(found) != 0).sum() + 1),
        "llega_a_otro_minimo": int(((found >= 0) & (found != k)).sum()),
        "dependen_del_redondeo": int((~agree).sum()),
        "primera_que_depende": float(RATES[~agree][0]) if not agree.all() else None,
    }


def main() -> None:
    """Escribe results/himmelblau-tasas.json."""
    ends = [gradient_descent(himmelblau_grad, s, lr=0.01, steps=1000) for s in STARTS]
    minima = np.array([path[-1] for path in ends])
    results = {f"m{k + 1}": measure(k, minima) for k in range(4)}
    for name, row in results.items():
        print(name, row)
    medida = {"pasos": STEPS, "tasas": len(RATES), "cerca": NEAR, "lejos": FAR}
    guardar("himmelblau-tasas", medida | {"inicios": results, "acta": acta()})


if __name__ == "__main__":
    main()
