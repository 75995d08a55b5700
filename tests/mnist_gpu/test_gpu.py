"""Lo que solo se puede probar con una GPU de NVIDIA: `pytest tests/mnist_gpu/test_gpu.py`."""

import json
from pathlib import Path

import pytest
import torch
from entrenamientos import trainer_for

from apuntes.mnist_gpu.averages import Averages
from apuntes.mnist_gpu.data import load
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.runtime import Runtime, Shortcuts, decide
from apuntes.mnist_gpu.settings import OPTIMIZERS, from_recipe
from apuntes.mnist_gpu.trainer import Trainer

pytestmark = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="hace falta una GPU de NVIDIA"
)
GPU = torch.device("cuda", 0)


def on_gpu(recipe: str = "rapida", *, graph: bool = True, **changes) -> Trainer:
    """Un entrenamiento pequeño en la GPU, sin precisión mixta."""
    small = {"data": "muestra", "width": 4, "epochs": 1.5, "batch_size": 90} | changes
    settings = from_recipe(recipe, **small)
    runtime = Runtime(device=GPU, graph=graph)
    return Trainer(settings, runtime, load(settings, GPU))


def run(trainer: Trainer) -> Trainer:
    """Todas sus épocas."""
    while trainer.epoch < trainer.epochs:
        trainer.run_epoch()
    return trainer


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_is_captured_and_does_what_it_does_step_by_step(optimizer):
    changes = {"optimizer": optimizer, "lr": 0.01, "weight_decay": 0.01}
    captured, eager = (
        run(on_gpu(graph=graph, clip_norm=1.0, **changes)) for graph in (True, False)
    )
    assert captured.runtime.notes == ()
    assert captured.steps.replay is not None
    assert eager.steps.replay is None
    mine, other = (t.history[-1] for t in (captured, eager))
    assert mine.lr == pytest.approx(other.lr)
    assert mine.train_loss == pytest.approx(other.train_loss, rel=0.05)


@pytest.mark.parametrize("recipe", ["curso", "rapida", "precisa"])
def test_every_recipe_is_captured_with_its_shortcuts_and_learns(recipe):
    settings = from_recipe(recipe, data="muestra", epochs=3)
    runtime = decide(GPU, settings, Shortcuts(), World())
    trainer = run(Trainer(settings, runtime, load(settings, GPU)))

    assert trainer.runtime.graph
    assert trainer.runtime.notes == ()
    assert trainer.measure(trainer.data.test).accuracy > 0.5


def test_one_captured_epoch_is_that_of_the_cpu():
    changes = {"batch_size": 450, "optimizer": "sgd", "lr": 0.05, "width": 4}
    gpu = on_gpu(epochs=1, **changes).run_epoch()
    cpu = trainer_for(epochs=1, **changes).run_epoch()
    assert gpu.train_loss == pytest.approx(cpu.train_loss, rel=1e-2)


def test_dropout_in_a_graph_changes_each_step_and_repeats_with_the_seed():
    first, again = (run(on_gpu(dropout=0.5)) for _ in range(2))
    for mine, other in zip(first.history, again.history, strict=True):
        assert mine.train_loss == pytest.approx(other.train_loss, rel=1e-3)
    trainer, losses = on_gpu(dropout=0.9, lr=1e-9, schedule="constant"), []
    for _ in range(3):  # el mismo lote, casi los mismos pesos y otras neuronas apagadas
        trainer.steps.counters.zero_()
        trainer.steps.loss.zero_()
        trainer.steps.run(0, 0)
        losses.append(trainer.steps.loss.item())
    assert len(set(losses)) == 3


def test_capturing_leaves_weights_and_counters_as_they_were():
    plain, captured = (
        on_gpu("precisa", graph=graph).state() for graph in (False, True)
    )
    for name, value in plain.items():
        assert torch.equal(value, captured[name]), name


def test_a_step_that_waits_goes_on_without_a_graph_and_says_why(monkeypatch):
    real = Averages.update

    def waits(self) -> None:
        next(iter(self.live.values())).sum().item()
        real(self)

    monkeypatch.setattr(Averages, "update", waits)
    trainer = on_gpu("precisa", dropout=0.5)
    (note,) = trainer.runtime.notes
    assert "synchroniz" in note
    assert trainer.run_epoch().train_loss > 0


def test_a_capture_broken_half_way_goes_on_without_a_graph(monkeypatch):
    real = Averages.update

    def waits(self) -> None:
        next(iter(self.live.values())).sum().item()
        real(self)

    monkeypatch.setattr(Averages, "update", waits)
    monkeypatch.setattr(torch.cuda, "set_sync_debug_mode", lambda mode: None)
    trainer = on_gpu("precisa", dropout=0.5)
    assert len(trainer.runtime.notes) == 1
    # El dropout sortea otra vez y la memoria se reserva: nada quedó a medias.
    assert run(trainer).history[-1].train_loss > 0
    monkeypatch.undo()
    assert run(on_gpu("precisa", dropout=0.5)).runtime.graph


def test_the_record_of_a_gpu_says_which_and_how_much_memory(order):
    flags = ("--data", "muestra", "--epochs", "0.5", "--seeds", "2", "--slice", "0.02")
    assert order("bench", "--device", "cuda", *flags)[0] == 0
    row = json.loads(Path("results/mnist_cuda.json").read_text())["rapida"]
    assert row["acta"]["dispositivo"] == torch.cuda.get_device_name(0)
    assert row["acta"]["atajos"]["graph"]
    assert 1 < row["memoria_pico_mib"] < 2000


def test_out_of_memory_is_one_sentence(order):
    flags = ("--recipe", "precisa", "--width", "4096", "--batch-size", "4500")
    code, _, err = order(
        "train", "--device", "cuda", "--data", "muestra", "--no-figures", *flags
    )
    assert (code, err.count("\n")) == (1, 1)
    assert "no cabe en la memoria" in err
