"""El número con que se ve cada ejercicio del curso, por su seña.

`indice.json` lo escribe `python -m sitio.ejercicios` leyendo las páginas, y una prueba
lo compara con ellas; este paquete no sabe nada del sitio.
"""

import difflib
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

INDEX = Path(__file__).with_name("indice.json")


class Entry(NamedTuple):
    """Un ejercicio del curso, se corrija solo o no."""

    numero: str
    titulo: str
    pagina: str
    capitulo: str


@cache
def index() -> dict[str, Entry]:
    """Todos los ejercicios del curso por seña, en su orden."""
    rows = json.loads(INDEX.read_text(encoding="utf-8"))
    return {sena: Entry(**row) for sena, row in rows.items()}


def find(name: str) -> str:
    """La seña de un ejercicio dicho por su seña, su número o el nombre de su función.

    Raises:
        TypeError: si no es un texto.
        ValueError: si el curso no tiene ese ejercicio.
    """
    if not isinstance(name, str):
        raise TypeError(
            "el ejercicio se dice con un texto, su seña o su número; "
            f"se recibió {type(name).__name__}"
        )
    wanted = name.strip().lower().replace("_", "-")
    numbers = {entry.numero: sena for sena, entry in index().items()}
    number = wanted.removeprefix("ej-").replace("-", ".")
    if wanted in index() or number in numbers:
        return wanted if wanted in index() else numbers[number]
    near = difflib.get_close_matches(wanted, [*index(), *numbers], n=1)
    guess = f" (¿querías decir {near[0]!r}?)" if near else ""
    raise ValueError(f"el curso no tiene ese ejercicio{guess}; se recibió {name!r}")


def label_of(sena: str) -> str:
    """Cómo se nombra: «ejercicio 2.5, Huber a mano (ej-huber-a-mano)»."""
    entry = index().get(sena)
    return f"ejercicio {entry.numero}, {entry.titulo} ({sena})" if entry else sena
