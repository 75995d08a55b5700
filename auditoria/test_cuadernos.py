"""Cada cuaderno corre de principio a fin en un núcleo limpio, y escribe lo que traía."""

import pytest
from nucleo import ejecutar, instalar
from servidor import ROOT

DOCS = ROOT / "docs"
PAGINAS = sorted([*DOCS.glob("capitulos/*.md"), *DOCS.glob("laboratorios/??-*.*")])


@pytest.fixture(scope="module")
def paquete(sitio, tmp_path_factory):
    """Donde queda instalada la rueda del sitio, la que instala la primera celda."""
    (rueda,) = sitio.glob("*.whl")
    return instalar(rueda, tmp_path_factory.mktemp("paquete"))


@pytest.mark.parametrize("pagina", PAGINAS, ids=lambda pagina: pagina.stem)
def test_it_runs_and_says_what_the_page_says(sitio, paquete, tmp_path, pagina):
    carpeta = sitio / pagina.relative_to(DOCS).with_suffix("")
    cuaderno = carpeta / f"{pagina.stem}.ipynb"

    assert ejecutar(cuaderno, tmp_path, paquete=paquete) == []
