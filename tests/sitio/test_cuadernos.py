"""Cuadernos: lo mismo que la página, en celdas que se ejecutan."""

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nucleo import ejecutar, instalar
from servidor import ROOT

from sitio import cuadernos, rueda

PAGINA = """\
# Red y coste { #red }

Prosa con $a_b<1$, *cursiva*, un_guion y [otro](@otro).

$$
C = x^2 \\label{ec-coste} % losses.quadratic_cost
$$

```pycon
>>> x = 2
>>> x + 1
3
>>> with open("/dev/null"):
...     x
2
>>> print("hola")
hola
>>> def habla(n):
...     print(n)
>>> for n in (3, 4):
...     habla(n)
3
4
>>> int("a")
Traceback (most recent call last):
    ...
ValueError: invalid literal for int() with base 10: 'a'
```

=== "NumPy"

    ```pycon
    >>> y = 1
    ```

=== "PyTorch"

    ```pycon
    >>> y = 2
    ```

| fórmula | nombre |
| --- | --- |
| $x$ | valor \\| cosa |

/// figura | fig-red
    dibujo: network.architecture
    alt: Una red.
La red.
///

/// ejercicio | ej-formas
    titulo: Uno
Haz.
///

//// solucion | ej-formas
```pycon
>>> z = 7
```

/// figura | fig-otra-red
    dibujo: network.architecture
    alt: La misma red.
Otra vez.
///
////

```pycon
>>> z
7
```

```python title="src/apuntes/losses.py"
def quadratic_cost():
    return "otra"
```

```bash
apuntes-mnist --help
```

- uno

    - dos
"""


HABLA = "def habla(n):\n    print(n)\n"


@pytest.fixture
def compuesta(componer, docs):
    """Función que compone `PAGINA` y da la página y las celdas de su cuaderno."""
    (docs / "capitulos/02-red.md").write_text(PAGINA, encoding="utf-8")

    def compuesta(**opciones):
        opciones = {"sitio": "https://s/"} | opciones
        html = componer(PAGINA, titulo=False, **opciones)
        texto = cuadernos.HECHOS["capitulos/02-red.md"]
        nbformat.validate(nbformat.reads(texto, as_version=4))
        return html, json.loads(texto)["cells"]

    return compuesta


@pytest.fixture
def celdas(compuesta) -> list[dict]:
    return compuesta()[1]


@pytest.fixture(scope="module")
def paquete(tmp_path_factory) -> Path:
    """Donde queda instalada la rueda que se publica."""
    fichero = rueda.escribir(tmp_path_factory.mktemp("rueda"))
    return instalar(fichero, tmp_path_factory.mktemp("paquete"))


def prosa(celdas) -> str:
    return "\n".join(c["source"] for c in celdas if c["cell_type"] == "markdown")


def codigo(celdas) -> list[str]:
    return [c["source"] for c in celdas if c["cell_type"] == "code"]


def test_prose_is_plain_markdown(celdas):
    texto = prosa(celdas)

    assert celdas[0]["source"].startswith("# 2. Red y coste\n")
    assert r"$a_b<1$, *cursiva*, un\_guion y [otro](https://s/capitulos/" in texto
    assert "$$\nC = x^2 \\tag{2.1}\n$$" in texto
    assert (
        "\n\n→ [`quadratic_cost`](https://r/blob/main/src/apuntes/losses.py)" in texto
    )
    assert "| --- | --- |\n" r"| $x$ | valor \| cosa |" in texto
    assert "- uno\n  \n  - dos" in texto
    assert "\x02" not in texto


def test_what_is_not_whole_and_what_is_not_python_is_only_read(celdas):
    """Un trozo de una definición taparía en el cuaderno la de verdad."""
    assert '```python\ndef quadratic_cost():\n    return "otra"\n```' in prosa(celdas)
    assert "```\napuntes-mnist --help\n```" in prosa(celdas)
    assert not any("quadratic_cost" in fuente for fuente in codigo(celdas))


def test_the_first_code_installs_what_is_missing_and_nothing_else(celdas):
    instala = codigo(celdas)[0]

    assert f"%pip install --quiet https://s/{rueda.nombre()}" in instala
    assert 'find_spec("matplotlib")' in instala
    assert "torch" not in instala


def test_each_output_has_its_cell(celdas):
    salidas = [
        (c["source"], o["output_type"]) for c in celdas for o in c.get("outputs", [])
    ]

    assert salidas[:5] == [
        ("x = 2\nx + 1", "execute_result"),
        ('with open("/dev/null"):\n    display(x)', "display_data"),
        ('print("hola")', "stream"),
        (f"{HABLA}for n in (3, 4):\n    habla(n)", "stream"),
        ('int("a")', "error"),
    ]


def test_tabs_are_one_after_the_other(celdas):
    texto = [c["source"] for c in celdas]

    assert texto.index("**NumPy**") < texto.index("y = 1")
    assert texto.index("y = 1") < texto.index("**PyTorch**") < texto.index("y = 2")


def test_a_figure_is_drawn_by_its_cell_and_its_caption_follows(celdas):
    fuente = "import apuntes.figures.network\n\napuntes.figures.network.architecture()"
    [numero] = [i for i, c in enumerate(celdas) if c["source"] == fuente]
    [salida] = celdas[numero]["outputs"]

    assert salida["data"]["text/plain"] == "Una red."
    # Con fondo y tinta propios: un cuaderno puede ser oscuro.
    assert salida["data"]["image/svg+xml"].startswith('<svg style="background: #fff;')
    assert (
        "[Figura 2.1](https://s/capitulos/02-red/#fig-red). La red."
        in (celdas[numero + 1]["source"])
    )


def test_solutions_stay_folded_and_what_they_define_is_not_missed(celdas):
    [plegada] = [c["source"] for c in celdas if "<details>" in c["source"]]
    dentro = plegada[plegada.index("<details>") : plegada.index("</details>")]

    assert "\n<summary>Solución del ejercicio 2.1</summary>\n\n```pycon" in dentro
    [dibujo] = re.findall(
        r"!\[La misma red\.\]\(data:image/svg\+xml;base64,(.+)\)", dentro
    )
    assert b'style="background: #fff;' in base64.b64decode(dibujo)[:200]
    assert "```python\nimport apuntes.figures.network\n" in dentro
    assert codigo(celdas)[-1] == "z = 7\nz"


def test_an_exercise_can_be_corrected(celdas):
    assert (
        'from apuntes.exercises import check\n\nej_formas = ...\ncheck("'
        in (codigo(celdas)[-2])
    )


def test_all_it_says_is_said_again_when_it_runs(celdas, paquete, tmp_path):
    """Y se ve qué celda dice otra cosa: la última traía un 7, y aquí un 8."""
    texto = cuadernos.HECHOS["capitulos/02-red.md"].replace('"7"', '"8"')
    cuaderno = tmp_path / "red.ipynb"
    cuaderno.write_text(texto, encoding="utf-8")

    assert ejecutar(cuaderno, tmp_path, paquete=paquete) == ["z = 7\nz\n8\n≠\n7"]


@pytest.mark.parametrize(
    ("opciones", "ruta"),
    [
        ({"repo": "https://github.com/a/b"}, "a/b/blob/cuadernos/capitulos/02-red/"),
        # Una versión guardada tiene los suyos en su carpeta.
        (
            {
                "repo": "https://github.com/a/b.git",
                "sitio": "https://s/0.1.0/",
                "ultima": "https://s/",
            },
            "a/b/blob/cuadernos/0.1.0/capitulos/02-red/",
        ),
        ({"repo": "https://ejemplo.org/a/b"}, None),
        ({"repo": ""}, None),
    ],
)
def test_colab_only_opens_what_is_on_github(compuesta, opciones, ruta):
    html, _ = compuesta(**opciones)
    colab = f'"https://colab.research.google.com/github/{ruta}02-red.ipynb"'

    assert 'href="02-red.ipynb" download' in html
    assert (colab in html) == ("colab" in html) == bool(ruta)


def test_publishing_leaves_them_in_the_branch_that_colab_opens(tmp_path):
    """El paso del flujo, tal cual, contra un repositorio de aquí."""
    flujo = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text())
    pasos = [paso.get("run", "") for paso in flujo["jobs"]["construir"]["steps"]]
    [orden] = [paso for paso in pasos if "ipynb" in paso]
    rutas = ["0.1.0/capitulos/02-red/02-red.ipynb", "capitulos/02-red/02-red.ipynb"]
    for ruta in [*rutas, "index.html"]:
        (tmp_path / "site" / ruta).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / ruta).touch()
    repo = tmp_path / "a/b.git"
    subprocess.run(["git", "init", "--quiet", "--bare", repo], check=True)

    entorno = {
        "GH_TOKEN": "t",
        "GITHUB_REPOSITORY": "a/b",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_SHA": "0",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{tmp_path}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://x-access-token:t@github.com/",
    }
    bash = ["bash", "-e", "-c", orden]
    subprocess.run(bash, check=True, cwd=tmp_path, env=os.environ | entorno)
    listar = ["git", "-C", repo, "ls-tree", "-r", "--name-only", "cuadernos"]
    hay = subprocess.run(listar, check=True, capture_output=True, text=True).stdout

    assert hay.split() == rutas


def test_without_an_address_there_are_no_notebooks(componer):
    cuadernos.HECHOS.clear()

    assert "cuaderno" not in componer(PAGINA.partition("/// figura")[0], titulo=False)
    assert cuadernos.HECHOS == {}


def test_the_wheel_carries_the_data_and_the_measures(paquete):
    """Con ella, y sin el repositorio, se entrena y se dibuja."""
    programa = (
        "import apuntes.data as d; from apuntes.figures._results import measured; "
        "print(d.__file__, d.mnist_sample('test')[1].size, len(measured('paisaje')))"
    )
    orden = [sys.executable, "-c", programa]
    entorno = {"PYTHONPATH": str(paquete)}
    salida = subprocess.run(
        orden, check=True, capture_output=True, text=True, env=entorno, cwd=paquete
    ).stdout.split()

    assert Path(salida[0]).is_relative_to(paquete)
    assert salida[1] == "1000"
    assert int(salida[2]) > 1
    assert list(paquete.glob("*.dist-info/licenses/LICENSE"))
