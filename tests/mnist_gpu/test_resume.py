"""Continuar es como no haber parado, ni por las buenas ni por las malas."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from entrenamientos import CPU, trainer_for

from apuntes.mnist_gpu.checkpoint import Checkpoint, read, write
from apuntes.mnist_gpu.runtime import Runtime
from apuntes.mnist_gpu.start import resume
from apuntes.mnist_gpu.trainer import Trainer


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


FLAGS = ["--recipe", "curso", "--data", "muestra", "--epochs", "4", "--quiet"]
FLAGS += ["--no-figures", "--out"]
# La orden, que se mata cuando va a dar nombre al tercer punto de control.
KILLED = """
import os, signal, sys
from pathlib import Path
from apuntes.mnist_gpu.__main__ import main
real, seen = Path.replace, []
def replace(self, target):
    seen.append(target.name)
    if seen.count("checkpoint.safetensors") == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, target)
Path.replace = replace
main(sys.argv[1:])
"""


@pytest.fixture(autouse=True)
def _hear_ctrl_c():
    """Lo que se lanza en segundo plano nace sordo a Ctrl-C, y así lo hereda."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@contextmanager
def ctrl_c_at(epoch: int) -> Iterator[None]:
    """Pulsa Ctrl-C, de verdad, al empezar esa época."""
    real = Trainer.run_epoch

    def run_epoch(self, watch):
        if self.epoch + 1 == epoch:
            signal.raise_signal(signal.SIGINT)
        return real(self, watch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "run_epoch", run_epoch)
        yield


def test_interrupted_then_killed_then_resumed_is_as_if_nothing_had_happened(
    order,
):
    """Ctrl-C en la segunda época, SIGKILL al guardar la tercera, y todo acaba igual."""
    broken, whole = Path("rota"), Path("entera")
    with ctrl_c_at(2):
        code, _, err = order("train", *FLAGS, broken)
    assert (code, epochs_in(broken)) == (130, 1)
    assert err == "error: interrumpido: lo acabado está en rota; sigue con --resume\n"

    again = [sys.executable, "-c", KILLED, "train", "--resume", str(broken)]
    done = subprocess.run([*again, "--no-figures"], capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert epochs_in(broken) == 2
    assert len(list(broken.glob("*.parte"))) == 1

    assert order("train", "--resume", broken, "--quiet", "--no-figures")[0] == 0
    assert order("train", *FLAGS, whole)[0] == 0
    assert sorted(os.listdir(broken)) == sorted(os.listdir(whole))
    for name in ("model.safetensors", "checkpoint.safetensors"):
        mine, other = read(broken / name), read(whole / name)
        for key, value in other.tensors.items():
            assert torch.equal(mine.tensors[key], value), key
    texts = [(folder / "history.csv").read_text() for folder in (broken, whole)]
    tables = [csv.DictReader(text.splitlines()) for text in texts]
    losses = [[row["validation_loss"] for row in table] for table in tables]
    assert losses[0] == losses[1]
    assert len(losses[0]) == 4


def test_interrupted_too_soon_it_says_so_and_leaves_nothing(order):
    with ctrl_c_at(1):
        code, _, err = order("train", *FLAGS, "nueva")
    assert code == 130
    assert err == "error: interrumpido: no se había acabado ninguna época\n"
    assert not Path("nueva").exists()


def test_interrupted_while_it_starts_it_only_stops():
    """Ctrl-C mientras se importa PyTorch, que es lo que más se hace esperar."""
    code = "import signal, sys; from apuntes.mnist_gpu import __main__ as m; "
    code += "sys.meta_path.insert(0, type('Stop', (), {'find_spec': staticmethod("
    code += "lambda *args: signal.raise_signal(signal.SIGINT))})); sys.exit(m.main([]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def epochs_in(folder: Path) -> int:
    """Las épocas que dice su historia."""
    return len(json.loads((folder / "history.json").read_text())["history"])
