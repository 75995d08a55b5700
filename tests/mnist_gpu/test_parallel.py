"""Dos procesos en la CPU hacen lo que uno con el mismo lote."""

import csv
import json
import os
import subprocess
import sys

import pytest
import torch
import torch.distributed as dist
from torch import nn

from apuntes.mnist_gpu.__main__ import main
from apuntes.mnist_gpu.checkpoint import read
from apuntes.mnist_gpu.parallel import SyncedBatchNorm, World, from_environment

# Con pocas épocas y sin los optimizadores que dividen entre el gradiente, que hacen de
# un redondeo un paso entero.
FLAGS = "--recipe precisa --data muestra --width 4 --epochs 0.25 --optimizer sgd "
FLAGS += "--lr 0.05 --no-channels-last --no-amp --no-figures --quiet --out"


def test_two_processes_reach_what_one_does(tmp_path):
    alone, together = tmp_path / "uno", tmp_path / "dos"
    assert main(["train", *FLAGS.split(), str(alone)]) == 0
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2"]
    launch += ["--standalone", "-m", "apuntes.mnist_gpu", "train"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*launch, *FLAGS.split(), str(together)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Prueba: ") == 1  # solo habla uno
    assert json.loads((together / "history.json").read_text())["processes"] == 2
    mine, other = (read(f / "model.safetensors") for f in (alone, together))
    for name, value in mine.tensors.items():
        torch.testing.assert_close(other.tensors[name], value, rtol=1e-2, atol=1e-3)
    texts = [(folder / "history.csv").read_text() for folder in (alone, together)]
    rows = [next(csv.DictReader(text.splitlines())) for text in texts]
    for measure in ("train_loss", "train_accuracy", "validation_loss"):
        losses = [float(row[measure]) for row in rows]
        assert losses[0] == pytest.approx(losses[1], rel=0.01)


@pytest.fixture
def group(tmp_path):
    """Un grupo de un solo proceso, que basta para las cuentas."""
    store = dist.FileStore(str(tmp_path / "store"), 1)
    dist.init_process_group("gloo", store=store, rank=0, world_size=1)
    yield
    dist.destroy_process_group()


@pytest.mark.parametrize("shape", [(6, 3), (6, 3, 4, 5)])
def test_synced_normalization_is_that_of_pytorch(group, shape):
    torch.manual_seed(0)
    x = 2 * torch.randn(shape, dtype=torch.float64) + 0.3
    mine = SyncedBatchNorm(3).double()
    plain = (nn.BatchNorm1d if len(shape) == 2 else nn.BatchNorm2d)(3).double()
    grads = []
    for layer in (mine, plain):
        with torch.no_grad():
            layer.weight.copy_(torch.tensor([0.5, 1.5, 2.0]))
            layer.bias.copy_(torch.tensor([0.1, -0.2, 0.3]))
        inputs = x.clone().requires_grad_()
        layer(inputs).pow(3).sum().backward()
        grads.append((inputs.grad, layer.weight.grad, layer.bias.grad))

    for pair in zip(*grads, strict=True):
        torch.testing.assert_close(*pair)
    for name, value in plain.state_dict().items():
        torch.testing.assert_close(mine.state_dict()[name], value)
    torch.testing.assert_close(mine.eval()(x), plain.eval()(x))


def test_without_torchrun_there_is_one_process(monkeypatch):
    for name in ("WORLD_SIZE", "RANK", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    assert from_environment() == World(1, 0, 0)
    assert from_environment().main


def test_synced_normalization_admits_mixed_precision(group):
    mine, torchs = SyncedBatchNorm(3), nn.BatchNorm2d(3)
    x = torch.randn(6, 3, 4, 5).to(torch.bfloat16)

    out = mine(x)
    assert out.dtype == torch.bfloat16
    torch.testing.assert_close(out, torchs(x))
    torch.testing.assert_close(mine.running_var, torchs.running_var)


def test_torchrun_says_how_many_and_which(monkeypatch):
    for name, value in (("WORLD_SIZE", "4"), ("RANK", "3"), ("LOCAL_RANK", "1")):
        monkeypatch.setenv(name, value)
    assert from_environment() == World(4, 3, 1)
    assert not from_environment().main
