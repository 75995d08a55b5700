"""Los programas que miden corren, y miden lo que dicen, con un presupuesto mínimo."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from apuntes.data import mnist_sample

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    """Los programas se buscan entre sí por su nombre y eligen los hilos al importarse."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    with mock.patch.dict(os.environ):
        yield


@pytest.fixture
def data():
    images, labels = mnist_sample("train")
    return images[::25], labels[::25]  # doscientas, de todas las cifras


def test_rounds_alternate_and_the_slow_ones_run_less():
    import medir

    seen = []

    def program(name):
        return lambda turn: seen.append((turn, name)) or 1.0

    programs = {name: program(name) for name in "abc"}
    seconds = medir.alternar(programs, {"a": 2, "b": 2, "c": 1}, desc="prueba")

    assert seconds == {"a": [1.0, 1.0], "b": [1.0, 1.0], "c": [1.0]}
    warm_up, first, second = seen[:3], seen[3:6], seen[6:]
    assert warm_up == first == [(0, "a"), (0, "b"), (0, "c")]
    assert second == [(1, "a"), (1, "b")]


def test_a_ratio_is_taken_within_each_round():
    import medir

    seconds = {"fast": [1.0, 2.0, 3.0], "slow": [2.0, 8.0]}

    ratio = medir.cociente(seconds, "fast", "slow")

    assert ratio == {"mediana": 0.375, "minimo": 0.25, "maximo": 0.5}


def test_the_slope_is_the_exponent_of_the_power():
    import medir

    x = np.array([1.0, 3.0, 20.0, 100.0])

    assert medir.pendiente(x, 5 * x**1.5) == 1.5


def test_every_contender_of_the_epoch_ends_with_the_same_parameters(data):
    import epoca_mlp

    table = epoca_mlp.compare(data, data, batch_size=64, lr=0.5, rounds=1)

    gaps = table["mayor_diferencia_con_apuntes"]
    assert set(gaps) >= {"pytorch", "pytorch_dataloader", "pytorch_imagenes", "fit"}
    assert max(gaps.values()) < 1e-6
    assert gaps["bucle_por_ejemplo"] < 1e-15
    assert set(table["segundos"]) >= {*gaps, *epoca_mlp.BOUND, "cota"}


def test_a_step_is_split_in_parts(data):
    import epoca_mlp

    flat = epoca_mlp.flatten_images(data[0]), data[1]
    parts = epoca_mlp.where_it_goes(flat, batch_size=64, lr=0.5, rounds=1)

    assert list(parts) == ["sacar_el_lote", "ida", "perdida", "vuelta", "paso"]
    assert min(parts.values()) > 0


@pytest.mark.parametrize("name", ["SGD", "Nesterov", "Adam"])
def test_the_timed_steps_agree_with_pytorch_and_allocate_little(name):
    import paso_optimizador

    shapes = ((40, 50),), ((40, 50),)
    row = paso_optimizador.measure(name, *shapes, steps=1, rounds=1)

    assert set(row["microsegundos"]) == {"apuntes", *paso_optimizador.WAYS}
    assert row["mayor_diferencia"] < 1e-6
    assert row["octetos_por_paso"] < 6 * 40 * 50 * 4


def test_growth_of_an_epoch_is_told_with_its_slope(data):
    import crecimiento

    flat = crecimiento.flatten_images(data[0]), data[1]
    with mock.patch.dict(crecimiento.USUAL, ejemplos=200):
        table = crecimiento.along("lote", flat, sizes=(2, 20, 200), rounds=1)

    assert table["lote"] == [2, 20, 200]
    assert len(table["segundos"]) == 3
    assert table["mebioctetos"][-1] > 200 * 784 * 4 / 2**20  # el lote entero


def test_a_copied_chapter_changes_its_names_and_not_the_others():
    import crecimiento

    text = (
        "# Uno { #uno }\n\n$$ x \\label{ec-uno} $$\n\nSegún [@ec-uno], [uno](@uno) y [@otro].\n\n"
        "/// figura | fig-uno\n    dibujo: losses.one\n///\n"
    )

    copied = crecimiento.renamed(text, "c3")

    assert "{ #uno-c3 }" in copied
    assert "label{ec-uno-c3}" in copied
    assert "[@ec-uno-c3], [uno](@uno-c3) y [@otro]" in copied
    assert "| fig-uno-c3\n    dibujo: losses.one\n" in copied


def records() -> Iterator[tuple[str, dict]]:
    """Las actas de `results/`, con el fichero y la clave donde están."""

    def walk(where: str, value) -> Iterator[tuple[str, dict]]:
        if isinstance(value, dict):
            if "commit" in value:
                yield where, value
            for key, inner in value.items():
                yield from walk(f"{where}:{key}", inner)

    for path in sorted((BENCHMARKS.parent / "results").glob("*.json")):
        yield from walk(path.name, json.loads(path.read_text(encoding="utf-8")))


def test_every_record_was_made_with_confirmed_code_of_this_history():
    """Quien quiera repetir una medida encuentra el código con que se hizo."""
    assert len(dict(records())) > 20
    assert [w for w, record in records() if record["cambios_sin_confirmar"]] == []
    try:
        history = subprocess.run(
            ["git", "rev-list", "HEAD"],
            cwd=BENCHMARKS,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("sin git, o fuera de un repositorio, no hay historia que mirar")
    if len(history) == 1:
        pytest.skip("un clon de una sola confirmación no trae la historia")
    known = {commit[:12] for commit in history}

    assert [w for w, record in records() if record["commit"][:12] not in known] == []


def test_a_network_is_published_with_a_byte_per_weight(rng):
    import juego_cifras

    from apuntes.figures.games import network_from
    from apuntes.layers import Linear, Sequential, Sigmoid

    trained = Sequential(Linear(784, 15, rng=rng), Sigmoid(), Linear(15, 10, rng=rng))
    network = network_from(json.loads(json.dumps(juego_cifras.publish(trained))))

    step = np.abs(trained[0].weight).max(axis=1, keepdims=True) / 127
    assert np.all(np.abs(network[0].weight - trained[0].weight) <= 0.501 * step)
    for mine, published in zip(
        trained.parameters()[1:], network.parameters()[1:], strict=True
    ):
        np.testing.assert_allclose(published, mine, atol=0.000051)


def test_when_the_best_rate_is_at_an_end_the_next_one_is_tried():
    import ablacion_mnist

    assert ablacion_mnist.beyond({0.1: 95.0, 0.2: 97.0, 0.4: 98.0}) == [
        pytest.approx(0.8)
    ]
    assert ablacion_mnist.beyond({0.1: 98.0, 0.3: 97.0}) == [pytest.approx(0.1 / 3)]
    assert ablacion_mnist.beyond({0.1: 95.0, 0.2: 98.0, 0.4: 97.0}) == []


def test_a_variant_is_compared_seed_by_seed():
    import ablacion_mnist

    base, other = [99.0, 99.2, 99.1, 98.9], [98.8, 99.1, 98.9, 98.7]
    found = ablacion_mnist.compare(other, base)

    # Diferencias -0,2, -0,1, -0,2 y -0,2: desviación 0,05, y t = 3,182 con cuatro.
    assert found["diferencia"] == -0.175
    assert found["intervalo"] == [-0.255, -0.095]
    assert found["dispersion_emparejada"] == 0.05
    assert found["dispersion_sin_emparejar"] == pytest.approx(0.215, abs=2e-3)
    assert found["veredicto"] == "peor"
    assert ablacion_mnist.compare(base, other)["veredicto"] == "mejor"
    assert (
        ablacion_mnist.compare([98.9, 99.3, 99.1, 98.9], base)["veredicto"] == "ruido"
    )


def test_what_the_page_of_speed_says_in_words_is_in_its_records():
    """Las cifras las lee la página sola; las frases, no."""
    root = BENCHMARKS.parent
    names = ("epoca-mlp", "paso-optimizador", "crecimiento", "sitio")
    epoch, step, growth, site = (
        json.loads((root / f"results/{name}.json").read_text(encoding="utf-8"))
        for name in names
    )
    small, large = epoch["lote_10"], epoch["lote_64"]
    spent, million = small["microsegundos_por_paso"], step["1000000"]
    sizes = [row["capitulos"] for row in growth["sitio"]["filas"]]
    claims = {
        "tarda menos de la mitad que en PyTorch": all(
            size["entre_pytorch"]["apuntes"]["mediana"] < 0.5 for size in (small, large)
        ),
        "frente a una operación fusionada, mucho": (
            million["Adam"]["entre_el_mejor"]["minimo"] > 2
        ),
        "También pierde con el descenso sin más": (
            million["SGD"]["entre_omision"]["minimo"] > 1
        ),
        "Con el lote de 10 más de la mitad de la cota son llamadas": (
            spent["llamadas"] > spent["cota"] / 2
        ),
        "hasta 28 copias": sizes[-1] - sizes[0] == 28,
        "Mediana de cinco pasadas": all(
            len(page["pasadas"]) == 5 for page in site["lighthouse"].values()
        ),
    }
    page = (root / "docs/rendimiento.md").read_text(encoding="utf-8")

    assert [phrase for phrase in claims if phrase not in page] == []
    assert [phrase for phrase, holds in claims.items() if not holds] == []
