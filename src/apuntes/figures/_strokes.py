"""Un trazo de SVG con los puntos y las cifras que se ven, y ni uno más."""

import re
from collections.abc import Iterable

import numpy as np

# Lo que puede apartarse una línea de la suya: menos de dos décimas de píxel.
TOLERANCE = 0.15


def shorter(d: str) -> str:
    """El trazo `d`; si es una línea quebrada, sin los puntos que no se ven.

    Los pasos se redondean contando desde donde empieza el trazo: dos iguales en dos
    sitios se escriben igual y, comprimidos, pesan como uno.
    """
    if set(re.findall("[A-Za-z]", d)) - set("MLz"):
        return tight(d)
    parts = re.findall(r"M[^M]+", d)
    origin = _points(parts[0])[0]
    text, pen = "", -np.rint(10 * origin).astype(int)
    for part in parts:
        points = _points(part)
        points = np.rint(10 * (points[kept(points)] - origin)).astype(int)
        text += _line(pen, points) + "z" * part.rstrip().endswith("z")
        pen = points[0 if text.endswith("z") else -1]
    return text


def tight(d: str) -> str:
    """El mismo trazo con dos decimales y sin separadores; un círculo, en dos arcos."""
    if d.count("C") == 8 and np.ptp(radii := np.hypot(*_points(d)[::3].T)) < 1e-3:
        r = f"{radii[0]:.3g}"
        return f"M0 {r}A{r} {r} 0 0 1 0-{r}A{r} {r} 0 0 1 0 {r}z"
    d = re.sub(r"(\.\d\d)\d+", r"\1", d)
    return re.sub(r"\s*([A-Za-z]|(?<= )-)\s*", r"\1", d).strip()


def through(points: list[tuple[float, float]]) -> str:
    """Un trazo por todos esos puntos, aunque se repitan."""
    tenth = np.rint(10 * np.array(points)).astype(int)
    return "m" + tenths([*tenth[0], *np.diff(tenth, axis=0).ravel()])


def _points(part: str) -> np.ndarray:
    return np.array(re.findall(r"-?[\d.]+", part), dtype=float).reshape(-1, 2)


def _line(pen: np.ndarray, points: np.ndarray) -> str:
    """Una línea sin saltos, de paso en paso, desde donde quedó la pluma."""
    steps = np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)]
    dot = "h0" if len(points) > 1 and not len(steps) else ""
    return "m" + tenths([*(points[0] - pen), *steps.ravel()]) + dot


def kept(points: np.ndarray, tolerance: float = TOLERANCE) -> np.ndarray:
    """Qué puntos bastan para no apartarse más de `tolerance` (Douglas y Peucker)."""
    needed = np.zeros(len(points), dtype=bool)
    needed[[0, -1]] = True
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        distance = _distances(points[first : last + 1])
        farthest = int(distance.argmax())
        if distance[farthest] > tolerance:
            middle = first + farthest
            needed[middle] = True
            stack += [(first, middle), (middle, last)]
    return needed


def _distances(points: np.ndarray) -> np.ndarray:
    """De cada punto al segmento que une el primero con el último."""
    start, chord = points[0], points[-1] - points[0]
    length = chord @ chord
    along = (points - start) @ chord / length if length else np.zeros(len(points))
    nearest = start + np.clip(along, 0, 1)[:, None] * chord
    return np.hypot(*(points - nearest).T)


def tenths(values: Iterable[int]) -> str:
    """Números en décimas, con los separadores justos: `[5, -12]` es `.5-1.2`."""
    text = ""
    for value in values:
        number = re.sub(r"^(-?)0\.", r"\1.", f"{value / 10:g}")
        text += number if not text or number[0] == "-" else f" {number}"
    return text
