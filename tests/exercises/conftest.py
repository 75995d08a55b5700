"""El progreso de estas pruebas va a una carpeta suya."""

import pytest


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """`XDG_STATE_HOME` vacía para cada prueba."""
    folder = tmp_path / "estado"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder
