"""Continuar es como no haber parado, ni por las buenas ni por las malas."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch
from entrenamientos import CPU, trainer_for

from apuntes.mnist_gpu.__main__ import main
from apuntes.mnist_gpu.checkpoint import Checkpoint, read, write
from apuntes.mnist_gpu.runtime import Runtime
from apuntes.mnist_gpu.start import resume

TRAIN = [sys.executable, "-m", "apuntes.mnist_gpu", "train"]


@pytest.mark.parametrize(
    ("recipe", "changes"),
    [
        ("curso", {"optimizer": "momentum", "dropout": 0.2}),
        ("rapida", {"dropout": 0.3, "norm": "layer", "clip_norm": 1.0}),
        ("precisa", {"dropout": 0.1}),
    ],
)
def test_resuming_from_disk_is_exact_to_the_last_bit(recipe, changes, tmp_path):
    runtime = Runtime(device=CPU, amp=recipe == "rapida", channels_last=True)
    options = {"batch_size": 450, "epochs": 2.5, "runtime": runtime} | changes
    straight, first, second = (trainer_for(recipe, **options) for _ in range(3))
    while straight.epoch < straight.epochs:
        straight.run_epoch()

    first.run_epoch()
    rows = [record.as_dict() for record in first.history]
    progress = {"epoch": first.epoch, "step": first.step, "history": rows}
    write(tmp_path / "x", first.settings, first.state(), progress)
    resume(second, read(tmp_path / "x"))
    while second.epoch < second.epochs:
        second.run_epoch()

    assert second.step == straight.step == 25
    for name, value in straight.state().items():
        assert torch.equal(value, second.state()[name]), name
    for mine, other in zip(straight.history, second.history, strict=True):
        assert (mine.train_loss, mine.validation_loss) == (
            other.train_loss,
            other.validation_loss,
        )


def test_what_resumes_is_a_checkpoint_and_not_a_finished_model():
    trainer = trainer_for("curso")
    with pytest.raises(
        ValueError, match=r"hace falta un checkpoint.*se recibió un modelo"
    ):
        resume(trainer, Checkpoint(trainer.settings, trainer.state(), {}))


def test_interrupted_then_killed_then_resumed_is_as_if_nothing_had_happened(tmp_path):
    """Ctrl-C en una época, SIGKILL en otra, y los pesos acaban siendo los mismos."""
    flags = ["--recipe", "curso", "--data", "muestra", "--epochs", "12", "--quiet"]
    flags += ["--no-figures", "--out"]
    broken, whole = tmp_path / "rota", tmp_path / "entera"

    code, said = run_until(2, [*TRAIN, *flags, str(broken)], broken, signal.SIGINT)
    assert code == 130
    assert said == "error: interrumpido: lo acabado está guardado; sigue con --resume\n"
    done = epochs_in(broken)
    again = [*TRAIN, *flags, str(broken), "--resume"]
    code, _ = run_until(done + 2, again, broken, signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert done + 2 <= epochs_in(broken) < 12

    assert main(["train", *flags, str(broken), "--resume"]) == 0
    assert main(["train", *flags, str(whole)]) == 0
    assert not list(broken.glob("*.parte"))
    for name in ("model.safetensors", "checkpoint.safetensors"):
        mine, other = read(broken / name), read(whole / name)
        for key, value in other.tensors.items():
            assert torch.equal(mine.tensors[key], value), key
    texts = [(folder / "history.csv").read_text() for folder in (broken, whole)]
    tables = [csv.DictReader(text.splitlines()) for text in texts]
    losses = [[row["validation_loss"] for row in table] for table in tables]
    assert losses[0] == losses[1]
    assert len(losses[0]) == 12


def run_until(epochs: int, command: list, folder, number: int) -> tuple[int, str]:
    """Lanza la orden y le manda esa señal cuando ha acabado unas épocas."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    limit = time.monotonic() + 120
    while epochs_in(folder) < epochs and process.poll() is None:
        assert time.monotonic() < limit
        time.sleep(0.01)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors


def epochs_in(folder) -> int:
    path = folder / "history.json"
    return len(json.loads(path.read_text())["history"]) if path.exists() else 0
