"""El progreso de quien estudia, en un fichero suyo; sin él todo funciona igual."""

import json
import os
import tempfile
from datetime import date
from pathlib import Path


def progress_file() -> Path:
    """Dónde se guarda: `$XDG_STATE_HOME/apuntes/ejercicios.json`."""
    state = os.environ.get("XDG_STATE_HOME", "")
    # La norma de XDG manda no hacer caso a un camino relativo.
    home = Path(state) if os.path.isabs(state) else Path("~/.local/state").expanduser()
    return home / "apuntes" / "ejercicios.json"


def read_progress() -> dict[str, dict]:
    """Qué se ha contestado, por seña; nada, si el fichero falta o está roto."""
    try:
        found = json.loads(progress_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {sena: row for sena, row in found.items() if isinstance(row, dict)}


def note(sena: str, *, correct: bool) -> bool:
    """Apunta un intento; dice si se pudo. Lo que se hizo bien una vez, hecho queda."""
    found = read_progress()
    row = found.get(sena, {})
    tries = row.get("intentos", 0)
    row["intentos"] = tries + 1 if isinstance(tries, int) else 1
    if correct:
        row.setdefault("hecho", date.today().isoformat())
    try:
        _write(progress_file(), found | {sena: row})
    except (OSError, RuntimeError):
        return False
    return True


def _write(path: Path, found: dict[str, dict]) -> None:
    """De una vez: si algo se corta a medias, queda el fichero de antes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".json")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(found, file, ensure_ascii=False, indent=1)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
