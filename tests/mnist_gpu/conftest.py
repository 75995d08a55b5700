"""Todo de verdad, en la CPU y con la muestra que viaja con el paquete."""

import pytest
import torch

from apuntes.mnist_gpu.__main__ import main


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """Un hilo, también en los procesos que se lancen: otra cuenta redondea distinto."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)


@pytest.fixture
def order(capsys, tmp_path, monkeypatch):
    """Ejecuta la orden en una carpeta vacía: código, salida y errores."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    return run


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """La carpeta de un entrenamiento corto de la receta rápida."""
    folder = tmp_path_factory.mktemp("rapida")
    flags = ["--data", "muestra", "--epochs", "3", "--quiet", "--out", str(folder)]
    assert main(["train", *flags]) == 0
    return folder
