"""Línea de tiempo de 1943 a 1986."""

from typing import NamedTuple

import numpy as np

from apuntes.figures.style import BLUE, INK, ORANGE, PAPER, Drawing, drawing


class Milestone(NamedTuple):
    """Un año de la historia: quién y qué; `thread` dice a qué hilo pertenece."""

    year: int
    who: str
    what: str
    thread: str


NEURONS, DERIVATIVES, BOTH = "neuronas", "derivadas", "los dos"
MILESTONES = (
    Milestone(1943, "McCulloch y Pitts", "neuronas programadas a mano", NEURONS),
    Milestone(1957, "Rosenblatt", "el perceptrón aprende de ejemplos", NEURONS),
    Milestone(1960, "Widrow y Hoff", "la regla delta, en una neurona lineal", NEURONS),
    Milestone(1960, "Kelley", "gradientes hacia atrás, para volar", DERIVATIVES),
    Milestone(1962, "Novikoff", "el perceptrón acaba, si se puede", NEURONS),
    Milestone(1965, "Ivakhnenko y Lapa", "redes hondas, capa a capa", NEURONS),
    Milestone(1967, "Amari", "gradiente, ejemplo a ejemplo", NEURONS),
    Milestone(1969, "Minsky y Papert", "lo que un perceptrón no puede", NEURONS),
    Milestone(1970, "Linnainmaa", "el modo inverso, entero", DERIVATIVES),
    Milestone(1974, "Werbos", "derivadas ordenadas, en su tesis", DERIVATIVES),
    Milestone(1982, "Werbos", "las aplica a redes de neuronas", BOTH),
    Milestone(1985, "Le Cun; Parker", "cada uno por su lado", BOTH),
    Milestone(1986, "Rumelhart, Hinton y Williams", "aprenden capas ocultas", BOTH),
)
COLORS = {NEURONS: BLUE, DERIVATIVES: ORANGE, BOTH: INK}


@drawing
def timeline() -> Drawing:
    """Los años, a escala a la izquierda; los hechos, a intervalos iguales."""
    figure = Drawing(figsize=(5.0, 7.6), layout="none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 5.0), ylim=(1987.5, 1940))
    axes.set_axis_off()
    axes.plot([0.62, 0.62], [1942, 1987], color=INK, linewidth=1.5)
    for decade in range(1950, 1981, 10):
        axes.text(0.42, decade, str(decade), ha="right", va="center")
        axes.plot([0.5, 0.62], [decade, decade], color=INK, linewidth=1)
    rows = np.linspace(1943, 1985.6, len(MILESTONES))
    for row, (year, who, what, thread) in zip(rows, MILESTONES, strict=True):
        color = COLORS[thread]
        # Los dos de 1960 caben si se separan un poco: agosto y octubre.
        at = year + {"Widrow y Hoff": -0.35, "Kelley": 0.35}.get(who, 0)
        axes.plot([0.62, 1.0, 1.1], [at, row, row], color=color, linewidth=1)
        axes.plot(0.62, at, "o", color=color, markeredgecolor=PAPER, markersize=9)
        bold = {"fontweight": "bold", "color": color, "va": "bottom"}
        axes.text(1.18, row + 0.15, f"{year}  {who}", **bold)
        axes.text(1.18, row + 0.3, what, va="top")
    for x, (thread, label) in enumerate(
        {NEURONS: "neuronas", DERIVATIVES: "derivadas", BOTH: "las dos"}.items()
    ):
        axes.plot(1.25 + 1.25 * x, 1940.4, "o", color=COLORS[thread], markersize=8)
        axes.text(1.4 + 1.25 * x, 1940.4, label, va="center")
    return figure
