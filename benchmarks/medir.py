"""Medir bien: los contendientes se alternan y el cociente se toma vuelta a vuelta."""

import importlib.util
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from tqdm import tqdm


def resumen(valores: Sequence[float]) -> dict[str, float]:
    """Mediana y extremos, con cuatro cifras."""
    numeros = np.median(valores), min(valores), max(valores)
    claves = ("mediana", "minimo", "maximo")
    return {c: float(f"{n:.4g}") for c, n in zip(claves, numeros, strict=True)}


def alternar(
    programas: Mapping[str, Callable[[int], float]],
    vueltas: Mapping[str, int],
    *,
    desc: str,
) -> dict[str, list[float]]:
    """Segundos de cada programa en cada vuelta, tras una que no cuenta.

    En cada vuelta corren todos, uno detrás de otro y empezando cada vez por uno
    distinto, salvo los que ya han dado las suyas. Un programa recibe el número de la
    vuelta, que le sirve de semilla, y devuelve lo que tardó.
    """
    for programa in programas.values():
        programa(0)
    segundos = {nombre: [] for nombre in programas}
    for vuelta in tqdm(range(max(vueltas.values())), desc=desc):
        for nombre in np.roll(list(programas), vuelta):
            if vuelta < vueltas[nombre]:
                segundos[nombre].append(programas[nombre](vuelta))
    return segundos


def cociente(segundos: dict[str, list[float]], de: str, entre: str) -> dict[str, float]:
    """Resumen del cociente de dos programas, tomado en las vueltas que comparten."""
    parejas = zip(segundos[de], segundos[entre], strict=False)
    return resumen([uno / otro for uno, otro in parejas])


def cronometrar(trabajo: Callable[[], object], veces: int) -> float:
    """Segundos que tarda `trabajo`, la media de `veces` seguidas."""
    inicio = time.perf_counter()
    for _ in range(veces):
        trabajo()
    return (time.perf_counter() - inicio) / veces


def pendiente(x: Sequence[float], y: Sequence[float]) -> float:
    """Exponente de la potencia que mejor ajusta `y` frente a `x`."""
    return round(float(np.polyfit(np.log(x), np.log(y), 1)[0]), 2)


def instalado(paquete: str) -> bool:
    """Si se puede importar; los contendientes ajenos al curso pueden faltar."""
    if importlib.util.find_spec(paquete):
        return True
    print(f"{paquete} no está instalado: se mide sin él (make bench lo instala)")
    return False
