"""Lo que se le contesta a quien responde: texto para leer y datos para programas."""

from dataclasses import asdict, dataclass
from textwrap import fill

import numpy as np

from apuntes.exercises._exercise import Exercise
from apuntes.exercises._index import label_of

CORRECT, WRONG, ERROR, TIMEOUT, MISSING = "bien", "mal", "fallo", "tiempo", "falta"
WIDTH = 400  # letras de un arreglo que aún se leen


@dataclass(frozen=True)
class Report:
    """Veredicto de un ejercicio; `estado` es bien, mal, fallo, tiempo o falta."""

    ejercicio: str
    estado: str
    pista: str = ""
    caso: str = ""
    argumentos: str = ""
    esperado: str = ""
    obtenido: str = ""
    avisos: tuple[str, ...] = ()

    @property
    def correct(self) -> bool:
        """Si está bien."""
        return self.estado == CORRECT

    @property
    def data(self) -> dict:
        """Como diccionario, para JSON."""
        return asdict(self)

    def __str__(self) -> str:
        head = HEADS[self.estado].format(label_of(self.ejercicio))
        lines = [head]
        if self.caso:
            lines.append(f"  Caso más pequeño que falla: {self.caso}.")
        lines += [f"    {line}" for line in self.argumentos.splitlines()]
        if self.esperado:
            lines.append(f"  Se esperaba: {_indent(self.esperado, 15)}")
        if self.obtenido:
            lines.append(f"  Se obtuvo:   {_indent(self.obtenido, 15)}")
        tips = [f"Pista: {self.pista}"] * bool(self.pista)
        tips += [f"Aviso: {text}" for text in self.avisos]
        return "\n".join(lines + [fill(tip, 80, **INDENT) for tip in tips])


INDENT = {"initial_indent": "  ", "subsequent_indent": " " * 9}
HEADS = {
    CORRECT: "Bien: {}.",
    WRONG: "Mal: {}.",
    ERROR: "Falla: {}.",
    TIMEOUT: "No termina: {}.",
    MISSING: "Falta: {}.",
}


def show_arguments(exercise: Exercise, args: tuple) -> str:
    """Los argumentos de un caso, uno por línea y con su nombre."""
    return "\n".join(
        f"{name} = {_indent(show(value), len(name) + 7)}"
        for name, value in zip(exercise.parameters, args, strict=False)
    )


def show_pair(expected: object, got: object) -> tuple[str, str]:
    """Los dos valores, con las cifras que hagan falta para distinguirlos."""
    for digits in (6, 12, 17):
        texts = show(expected, digits), show(got, digits)
        if texts[0] != texts[1]:
            break
    return texts


def show(value: object, digits: int = 6) -> str:
    """Un valor en una línea o pocas; nunca falla ni ocupa la pantalla."""
    try:
        text = _show(value, digits)
    except Exception:  # un `__repr__` ajeno puede lanzar cualquier cosa
        text = f"<{type(value).__name__}>"
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"


def _show(value: object, digits: int) -> str:
    if isinstance(value, tuple | list):
        marks = "()" if isinstance(value, tuple) else "[]"
        return marks[0] + ", ".join(_show(v, digits) for v in value) + marks[1]
    if isinstance(value, np.ndarray):
        with np.printoptions(precision=digits, threshold=60, edgeitems=2):
            return repr(value)
    if isinstance(value, float | np.floating):
        return f"{float(value):.{digits}g}"
    if isinstance(value, np.generic):
        return repr(value.item())
    return getattr(value, "__name__", "") or repr(value)


def _indent(text: str, spaces: int) -> str:
    return text.replace("\n", "\n" + " " * spaces)
