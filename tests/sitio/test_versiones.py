"""Cada versión publicada se queda en su dirección."""

import json
import re
import tarfile
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml
from servidor import ROOT

from sitio.versiones import desplegar


def empaquetar(carpeta: Path, nombre: str, texto: str = "hola") -> None:
    """Empaqueta un sitio como lo hace el flujo: `tar -czf … -C site .`."""
    origen = carpeta / f"de-{nombre.partition('.tar')[0]}"
    origen.mkdir()
    (origen / "index.html").write_text(texto)
    with tarfile.open(carpeta / nombre, "w:gz") as archivo:
        archivo.add(origen, ".")


def test_each_version_goes_to_its_own_folder(tmp_path):
    sitio = tmp_path / "site"
    sitio.mkdir()
    (sitio / "index.html").write_text("última")
    empaquetar(tmp_path, "sitio-0.1.0.tar.gz", "primera")
    empaquetar(tmp_path, "sitio-0.2.0.tar.gz", "segunda")

    assert desplegar(tmp_path, sitio) == ["0.1.0", "0.2.0"]
    textos = [(sitio / v / "index.html").read_text() for v in ("", "0.1.0", "0.2.0")]
    assert textos == ["última", "primera", "segunda"]


def test_a_package_with_another_name_is_refused(tmp_path):
    empaquetar(tmp_path, "sitio-main.tar.gz")

    with pytest.raises(ValueError, match=r"se recibió 'sitio-main\.tar\.gz'"):
        desplegar(tmp_path, tmp_path / "site")


def test_nothing_is_covered(tmp_path):
    (tmp_path / "site/0.1.0").mkdir(parents=True)
    empaquetar(tmp_path, "sitio-0.1.0.tar.gz")

    with pytest.raises(ValueError, match=r"se recibió '0\.1\.0'"):
        desplegar(tmp_path, tmp_path / "site")


def test_what_is_no_site_is_refused(tmp_path):
    with tarfile.open(tmp_path / "sitio-0.1.0.tar.gz", "w:gz"):
        pass

    with pytest.raises(ValueError, match="sin él"):
        desplegar(tmp_path, tmp_path / "site")


def test_list_of_versions(componer):
    direcciones = "https://r/apuntes/0.1.0/ https://r/apuntes/0.2.0/"

    html = componer("/// versiones\n///", versiones=direcciones)

    assert '<a href="https://r/apuntes/0.1.0/">Versión 0.1.0</a>' in html
    assert html.count("<li>") == 2
    assert "Aún no se ha publicado ninguna" in componer("/// versiones\n///")


def test_citation_file_is_valid():
    """El esquema es el de la norma; YAML lee las fechas y la norma las quiere texto."""
    esquema = Path(__file__).with_name("cff-1.2.0.schema.json")
    cita = yaml.load((ROOT / "CITATION.cff").read_text(), Loader=yaml.BaseLoader)
    for obra in cita["references"]:  # los números, en cambio, los quiere números
        obra |= {k: int(obra[k]) for k in ("year", "month") if k in obra}

    validar = jsonschema.Draft7Validator(json.loads(esquema.read_text()))

    assert [e.message for e in validar.iter_errors(cita)] == []
    del cita["authors"]
    assert not validar.is_valid(cita)


def test_one_version_everywhere():
    """El paquete, la cita del curso y la de cada página dicen lo mismo."""
    proyecto = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    cita = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    sitio = re.search(
        r'version: !ENV \[VERSION, "([^"]+)"\]', (ROOT / "mkdocs.yml").read_text()
    )

    assert proyecto["version"] == cita["version"] == sitio[1]
    assert cita["title"] in (ROOT / "mkdocs.yml").read_text()
