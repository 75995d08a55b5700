"""Obras citadas: lee BibTeX y las escribe a la española."""

import re
from functools import lru_cache
from pathlib import Path

import bibtexparser
from bibtexparser.bparser import BibTexParser
from bibtexparser.customization import convert_to_unicode


def leer_bibliografia(ruta: Path) -> dict[str, dict[str, str]]:
    """Entradas de un fichero BibTeX, por clave; se rehace si el fichero cambia."""
    return _leer(ruta, ruta.stat().st_mtime_ns) if ruta.exists() else {}


@lru_cache(maxsize=1)
def _leer(ruta: Path, _mtime: int) -> dict[str, dict[str, str]]:
    parser = BibTexParser(common_strings=True, customization=convert_to_unicode)
    obras = bibtexparser.loads(ruta.read_text(encoding="utf-8"), parser).entries
    return {obra["ID"]: {k: _limpio(k, v) for k, v in obra.items()} for obra in obras}


def _limpio(campo: str, valor: str) -> str:
    """Sin las llaves que protegen mayúsculas, con sus rayas y en una línea."""
    sin_llaves = valor.replace("{", "").replace("}", "")
    if campo not in {"doi", "url"}:
        sin_llaves = sin_llaves.replace("---", "—").replace("--", "–")
    return re.sub(r"\s+", " ", sin_llaves).strip()


def autores(obra: dict[str, str]) -> list[str]:
    """Autores, o a falta de ellos editores, como «Apellido, Nombre»."""
    nombres = obra.get("author") or obra.get("editor") or obra.get("title", "")
    return [nombre.strip() for nombre in nombres.split(" and ")]


def cita(obra: dict[str, str]) -> str:
    """«Huber (1964)», «Glorot y Bengio (2010)», «He et al. (2015)»."""
    apellidos = [nombre.split(",")[0] for nombre in autores(obra)]
    quien = f"{apellidos[0]} et al." if len(apellidos) > 3 else enumerar(apellidos)
    return f"{quien} ({obra.get('year', 's. f.')})"


def enumerar(partes: list[str]) -> str:
    """«a», «a y b», «a, b y c»; «e» ante el sonido i."""
    if len(partes) < 2:
        return "".join(partes)
    # La h inglesa o alemana suena: «y Higham», «y Hinton».
    union = "e" if partes[-1].lower().startswith(("i", "í")) else "y"
    return f"{', '.join(partes[:-1])} {union} {partes[-1]}"


def referencia(obra: dict[str, str]) -> str:
    """Referencia completa en Markdown, con su DOI o dirección.

    El título y la revista dicen su lengua, que es el inglés si `language` no da otra.
    """
    lengua = obra.get("language", "en")
    entero, titulo = obra.get("journal") or obra.get("booktitle"), obra.get("title", "")
    if entero:
        titulo = f'«<span lang="{lengua}">{titulo}</span>»'
    else:
        titulo = f"*{titulo}*{{ lang={lengua} }}"
    partes = [f"{'; '.join(autores(obra))} ({obra.get('year', 's. f.')}). {titulo}."]
    if donde := entero or obra.get("publisher", ""):
        en = f"*{entero}*{{ lang={lengua} }}" if entero else donde
        volumen = obra.get("volume", "") + (
            f"({obra['number']})" if "number" in obra else ""
        )
        paginas = obra.get("pages", "")
        partes.append(f"{', '.join(filter(None, [en, volumen, paginas]))}.")
    if doi := obra.get("doi"):
        partes.append(f"[doi:{doi}](https://doi.org/{doi})")
    elif url := obra.get("url"):
        partes.append(f"<{url}>")
    if nota := obra.get("note"):
        partes.append(nota)
    return " ".join(partes)
