"""La orden, como la usa una persona: en español y sin dejar nada a medias."""

import importlib
import json
import os
import re
import resource
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import torch
from PIL import Image

from apuntes.mnist_gpu.__main__ import main
from apuntes.mnist_gpu.checkpoint import read
from apuntes.mnist_gpu.problems import lost_peer, system_error

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ("--data", "muestra", "--quiet", "--no-figures")
ENGLISH = r"\b(usage|options|show this|error:.*(argument|invalid|required)|the)\b"


@pytest.mark.parametrize("name", [None, "train", "evaluate", "predict", "bench"])
def test_help_is_in_spanish(order, name):
    code, out, err = order(*([name] if name else []), "--help")

    assert (code, err) == (0, "")
    assert out.startswith("uso: apuntes-mnist")
    assert not re.search(ENGLISH, out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "falta orden"),
        (["nada"], "la orden debe ser train, evaluate, predict o bench; se recibió 'nada'"),
        (["train", "--lr"], "--lr necesita un valor"),
        (["train", "--lr", "x"], "--lr debe ser un número; se recibió 'x'"),
        (["train", "--lr", "-1"], "--lr debe ser un número entre 1e-09 y 10000; se recibió -1.0"),
        (["train", "--lr", "nan"], "--lr debe ser un número entre 1e-09 y 10000; se recibió nan"),
        (["train", "--batch-size", "2.5"], "--batch-size debe ser un entero; se recibió '2.5'"),
        (["train", "--batch-size", "0"], "--batch-size debe ser un entero entre 1 y 60000; se recibió 0"),
        (["train", "--seed", "-1"], "--seed debe ser un entero entre 0 y 4294967295; se recibió -1"),
        (["train", "--width", "9" * 400], f"--width debe ser un entero entre 1 y 4096; se recibió {'9' * 400}"),
        (["train", "--epochs", "0"], "--epochs debe ser un número entre 0.001 y 10000; se recibió 0.0"),
        (["train", "--recipe", "x"], "--recipe debe ser uno de curso, rapida, precisa; se recibió 'x'"),
        (["train", "--optimizador", "adam"], "no se conoce lo que se recibió, --optimizador adam"),
        (["train", "--epoch", "1"], "no se conoce lo que se recibió, --epoch 1"),
        (["train", "--device", "tpu"], "--device debe ser uno de auto, cuda, mps, cpu; se recibió 'tpu'"),
        (["train", *SAMPLE, "--batch-size", "4501"], "batch_size no puede pasar de las imágenes que hay para entrenar, 4500; se recibió 4501"),
        (["train", *SAMPLE, "--validation", "5000"], "validation debe dejar alguna imagen, de 5000, para entrenar; se recibió 5000"),
        (["train", *SAMPLE, "--epochs", "0.05"], "hacen falta más pasos para subir y bajar la tasa: sube epochs o baja batch_size; se recibió 2"),
        (["train", "--resume"], "no hay ningún punto de control ahí; se recibió 'runs/rapida/checkpoint.safetensors'"),
        (["train", "--resume", "no.safetensors"], "no hay ningún punto de control ahí; se recibió 'no.safetensors'"),
        (["evaluate"], "no hay ningún modelo: entrena uno con «apuntes-mnist train», o di cuál con --model; se recibió una carpeta runs sin ninguno"),
        (["evaluate", "--model", "no"], "no hay ningún punto de control ahí; se recibió 'no'"),
        (["predict"], "falta imagen"),
        (["predict", "no.png"], "no existe; se recibió 'no.png'"),
        (["predict", "."], "es una carpeta; se recibió '.'"),
        (["train", *SAMPLE, "--recipe", "curso", "--norm", "batch", "--batch-size", "1"], "con norm=batch, batch_size debe ser al menos 2: un ejemplo solo no tiene varianza; se recibió 1"),
        (["train", "--resume", "."], "no hay ningún punto de control ahí; se recibió 'checkpoint.safetensors'"),
        (["bench", "--seeds", "0"], "--seeds debe ser un entero entre 1 y 10000; se recibió 0"),
        (["bench", "--slice", "nan"], "--slice debe ser un número entre 0 y 1; se recibió nan"),
        (["bench", "--target", "99"], "--target debe ser un número entre 0 y 1; se recibió 99.0"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_is_badly_asked_is_one_sentence_and_leaves_nothing(
    order, arguments, message
):
    code, out, err = order(*arguments)

    assert (code, out, err) == (2, "", f"error: {message}\n")
    assert not any(Path().iterdir())


@pytest.mark.skipif(torch.cuda.is_available(), reason="hay CUDA")
def test_cuda_where_there_is_none_is_one_sentence(order):
    code, _, err = order("train", "--device", "cuda")
    assert code == 2
    assert err == (
        "error: PyTorch no ve ninguna GPU de NVIDIA en esta máquina: usa --device cpu; "
        "se recibió --device cuda\n"
    )


@pytest.mark.skipif(torch.backends.mps.is_available(), reason="hay MPS")
def test_mps_where_there_is_none_is_one_sentence(order):
    code, _, err = order("train", "--device", "mps")
    assert (code, err.count("\n")) == (2, 1)
    assert "GPU de Apple" in err


@pytest.mark.parametrize("kind", ["file", "inside-a-file"])
def test_an_unwritable_output_is_known_before_training(order, kind):
    Path("fichero").write_text("yo estaba antes")
    out = "fichero" if kind == "file" else "fichero/dentro"
    code, said, err = order("train", *SAMPLE, "--out", out)

    assert (code, said) == (2, "")
    reason = {
        "file": "ya hay otra cosa con ese nombre",
        "inside-a-file": "parte de la ruta no es una carpeta",
    }[kind]
    assert err == f"error: {reason}; se recibió '{out}'\n"
    assert Path("fichero").read_text() == "yo estaba antes"


def test_training_does_not_step_on_another_unless_told(order):
    flags = ("train", *SAMPLE, "--recipe", "curso", "--epochs", "1", "--out", "aqui")
    assert order(*flags)[0] == 0
    before = read(Path("aqui/model.safetensors")).tensors

    code, _, err = order(*flags)
    assert code == 2
    assert err.startswith("error: en esa carpeta ya hay un entrenamiento: ")
    code, _, err = order(*flags, "--resume", "--lr", "3")
    assert (code, err.count("\n")) == (2, 1)
    assert "el punto de control es de otra receta, con lr=8.0" in err
    assert order(*flags, "--overwrite", "--seed", "9")[0] == 0
    after = read(Path("aqui/model.safetensors")).tensors
    assert any(not torch.equal(after[name], before[name]) for name in before)
    # Continuar lo que ya acabó vuelve a medirlo, y nada más; vale decir la carpeta.
    code, out, _ = order("train", *SAMPLE, "--resume", "aqui")
    assert code == 0
    assert "70 pasos de 64, ya dados." in out
    assert "Prueba: " in out
    assert "época" not in out


def test_divergence_is_one_sentence_and_leaves_nothing(order):
    # Con leaky_relu ninguna neurona se apaga, y nada frena el crecimiento.
    flags = ("--optimizer", "sgd", "--schedule", "constant", "--lr", "10000")
    flags += ("--activation", "leaky_relu", "--no-amp")
    code, _, err = order("train", *SAMPLE, *flags, "--epochs", "0.4")
    assert code == 1
    assert err == (
        "error: la pérdida dejó de ser finita en la época 1: prueba una tasa menor; "
        "se recibió lr=10000\n"
    )
    assert not Path("runs/rapida").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="el límite de memoria es de Linux")
def test_out_of_memory_is_one_sentence_and_leaves_nothing(order):
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limits = resource.getrlimit(resource.RLIMIT_AS)
    used = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 400 * 2**20, limits[1]))
    try:
        flags = ("--recipe", "precisa", "--width", "512", "--batch-size", "2000")
        code, _, err = order("train", *SAMPLE, *flags)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)
    assert code == 1
    assert err == (
        "error: no cabe en la memoria: prueba un --batch-size o --width menor\n"
    )
    assert not Path("runs/precisa").exists()


def test_without_pytorch_it_says_what_to_install(tmp_path):
    code = "import sys; sys.modules['torch'] = None; "
    code += "from apuntes.mnist_gpu.__main__ import main; sys.exit(main(['train']))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 2
    assert done.stderr == (
        "error: hace falta PyTorch, con sus compañeros: "
        'pip install "apuntes[mnist]"; no se encontró torch\n'
    )


def test_the_command_of_the_package_is_this_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    module, _, name = project["project"]["scripts"]["apuntes-mnist"].partition(":")
    assert getattr(importlib.import_module(module), name) is main


def test_importing_the_package_does_not_import_pytorch():
    code = "import apuntes.mnist_gpu, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize("number", [13, 28, 20, 30])
def test_system_errors_are_told_in_spanish(number):
    error = OSError(number, os.strerror(number), "x")
    assert system_error(error).endswith("; se recibió 'x'")
    assert os.strerror(number) not in system_error(error)


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        # Lo que dijo Gloo cuando se mató con SIGKILL al otro proceso.
        (RuntimeError("[/pytorch/third_party/gloo/gloo/transport/tcp/pair.cc:537] Read error"), True),
        (torch.distributed.DistBackendError("NCCL error"), True),
        (RuntimeError("shape mismatch"), False),
    ],
    ids=["gloo", "nccl", "otro"],
)  # fmt: skip
def test_a_lost_process_is_not_a_bug(error, lost):
    assert lost_peer(error) == lost


def test_what_cannot_be_done_is_noticed_and_training_goes_on(order):
    flags = ("--recipe", "curso", "--epochs", "1", "--graph")
    code, out, _ = order("train", *SAMPLE, *flags)
    assert code == 0
    assert ("Aviso: los grafos son de CUDA" in out) == (not torch.cuda.is_available())


def test_evaluate_says_what_training_measured(order, trained):
    measured = json.loads((trained / "history.json").read_text())
    code, out, _ = order("evaluate", "--model", trained, "--json")
    found = json.loads(out)

    assert code == 0
    assert found["test_accuracy"] == measured["test_accuracy"] > 0.94
    assert found["test_loss"] == pytest.approx(measured["test_loss"], rel=1e-5)
    counts = torch.tensor(found["confusion"])
    assert counts.sum() == 1000
    assert counts.trace() / 1000 == pytest.approx(found["test_accuracy"])
    _, text, _ = order("evaluate", "--model", trained)
    assert f"{1000 - counts.trace()} fallos" in text


def test_who_stops_reading_stops_the_command_in_silence(order, trained, monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        code, _, err = order("evaluate", "--model", trained)
    assert (code, err) == (141, "")


def test_a_full_disk_is_one_sentence_and_leaves_nothing(order):
    """El límite de tamaño de fichero del sistema hace de disco lleno."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, limits[1]))
    try:
        code, _, err = order("train", *SAMPLE, "--recipe", "curso", "--epochs", "1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert code == 2
    assert err == (
        "error: el sistema no admite un fichero tan grande; "
        "se recibió 'runs/curso/checkpoint.safetensors'\n"
    )
    assert not Path("runs").exists()


def test_evaluate_of_a_checkpoint_uses_the_average(order):
    flags = ("--recipe", "precisa", "--width", "2", "--epochs", "0.3", "--ema", "0.5")
    assert order("train", *SAMPLE, *flags, "--out", "a")[0] == 0
    found = [
        json.loads(order("evaluate", "--json", "--model", f"a/{name}.safetensors")[1])
        for name in ("checkpoint", "model")
    ]
    assert found[0] == found[1]


def test_evaluate_finds_the_last_model(order):
    assert order("train", *SAMPLE, "--recipe", "curso", "--epochs", "1")[0] == 0
    assert order("evaluate")[0] == 0


def test_training_leaves_history_and_figures(trained):
    history = json.loads((trained / "history.json").read_text())
    rows = (trained / "history.csv").read_text().splitlines()

    assert len(rows) == 1 + len(history["history"]) == 4
    assert rows[0].split(",") == list(history["history"][0])
    for row, record in zip(rows[1:], history["history"], strict=True):
        assert [float(value) for value in row.split(",")] == list(record.values())
    assert history["settings"]["recipe"] == "rapida"
    assert history["machine"]["torch"] == torch.__version__
    assert history["seconds"] == sum(r["seconds"] for r in history["history"])
    assert history["startup_seconds"] > 0
    assert history["peak_memory"] > 1e7
    for name in ("curves", "confusion", "mistakes"):
        assert (trained / f"{name}.svg").read_text().startswith("<svg")
        with Image.open(trained / f"{name}.png") as picture:
            assert min(picture.size) > 400
            assert len(picture.convert("RGB").getcolors(1 << 20)) > 20
    assert not list(trained.glob("*.parte"))
