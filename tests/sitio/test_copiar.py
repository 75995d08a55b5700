"""El preludio: ni falta nada de lo que un bloque usa ni sobra lo que no."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from sitio.copiar import leer, preludio_de_modulo, rebanada, unir


def preludio(antes: str, bloque: str) -> list[str]:
    historia = leer(antes, "python")
    return unir(rebanada(historia, leer(bloque, "python"))).splitlines()


@pytest.mark.parametrize(
    ("antes", "bloque", "esperado"),
    [
        ("a = 1\nb = 2", "print(b)", ["b = 2"]),
        ("a = 1\nb = a\na = 3", "b", ["a = 1", "b = a"]),
        ("a = 1\na = 2", "a", ["a = 2"]),
        ("a = 1", "a = 2\na", []),
        ("import numpy as np\na = np.ones(2)\nb = np.ones(3)", "b", [0, 2]),
        ("l = []\nl.append(1)", "l", [0, 1]),
        ("l = [0]\nl[0] = 1", "l", [0, 1]),
        ("a = 1\na += 1", "a", [0, 1]),
        ("a = 1\nif a:\n    a = 2", "a", [0, 1, 2]),
        ("def f():\n    return k\nk = 1", "f()", [0, 1, 2]),
        ("a = [1]\nsum(a)\na.count(1)", "a", ["a = [1]", "a.count(1)"]),
        ("from apuntes.losses import mse_loss\na = 1\nb = mse_loss(a, a)", "a", [1]),
        ("from apuntes.training import fit\nm = 1\nh = fit(m)", "m", [0, 1, 2]),
        ("rng = 1\nfrom numpy import f\nx = f(rng)", "rng", [0, 1, 2]),
        ("def f(a):\n    v = a\n    return v\nv = 1", "f(2)", [0, 1, 2]),
        ("def f(a):\n    print(a)\nf(1)", "f(2)", [0, 1]),
        ("for k in (1, 2):\n    print(k)", "for k in (3, 4):\n    print(k)", []),
        ("k = [1]", "for k in k:\n    print(k)", ["k = [1]"]),
        ("l = []\ndef f():\n    l.append(1)", "l", ["l = []"]),
    ],
)
def test_prelude_is_just_what_the_block_needs(antes, bloque, esperado):
    lineas = antes.splitlines()
    esperado = [lineas[e] if isinstance(e, int) else e for e in esperado]

    assert preludio(antes, bloque) == esperado


def test_pycon_prompts_and_outputs_are_not_code():
    instrucciones = leer(
        ">>> a = 1\n>>> for i in range(a):\n...     print(i)\n0\n", "pycon"
    )

    assert unir(instrucciones) == "a = 1\nfor i in range(a):\n    print(i)"


def test_module_prelude_imports_only_what_the_section_uses(tmp_path):
    modulo = tmp_path / "apuntes/cosas.py"
    modulo.parent.mkdir()
    modulo.write_text(
        "import math\nimport numpy as np\nfrom apuntes._checks import uno, dos\n"
        "K = 3\ndef f(x):\n    return np.exp(x) + K\ndef g(x):\n    return f(dos(x))\n",
        encoding="utf-8",
    )

    seccion = "def g(x):\n    return f(dos(x))\n"

    assert preludio_de_modulo(seccion, modulo).splitlines()[0] == (
        "from apuntes._checks import dos"
    )
    assert preludio_de_modulo(seccion, modulo).endswith("cosas import f")
    assert "numpy" not in preludio_de_modulo(seccion, modulo)


def test_hidden_prelude_travels_inside_the_block(componer):
    pagina = componer("```pycon\n>>> a = 1\n```\n\n```pycon\n>>> a < 2\nTrue\n```")

    primero, segundo = BeautifulSoup(pagina, "html.parser").find_all("code")

    assert primero.find(class_="preludio") is None
    assert segundo.find(class_="preludio").text.strip() == "a = 1"


def test_a_traceback_is_output_from_its_first_line_to_its_message(componer):
    pagina = componer(
        "```pycon\n>>> int('a')\nTraceback (most recent call last):\n    ...\n"
        "ValueError: no es un número\n>>> 1 + 1\n2\n```"
    )
    html = BeautifulSoup(pagina, "html.parser")
    trazas = [traza.text for traza in html.select(".traza")]

    assert trazas == [
        "Traceback (most recent call last):\n    ...\nValueError: no es un número"
    ]


def test_package_block_takes_its_imports_from_its_module(componer, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    codigo = "def doble(x):\n    return np.exp(log_softmax(x))"

    pagina = componer(f'```python title="src/apuntes/losses.py"\n{codigo}\n```')

    oculto = BeautifulSoup(pagina, "html.parser").find(class_="preludio").text
    assert "import numpy as np" in oculto
    assert "from apuntes.activations import log_softmax" in oculto
