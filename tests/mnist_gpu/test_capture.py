"""Los atajos que tocan el paso, hasta donde llega una CPU.

Lo que solo hace CUDA, que es capturar, se prueba en `test_gpu.py`, donde la haya.
"""

import pytest
import torch
from entrenamientos import CPU, trainer_for
from torch.utils._python_dispatch import TorchDispatchMode

from apuntes.mnist_gpu.averages import Averages
from apuntes.mnist_gpu.capture import try_to_capture, try_to_compile, unchanged
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.plan import plan_epoch
from apuntes.mnist_gpu.runtime import Runtime


class Watch(TorchDispatchMode):
    """Apunta las operaciones en que Python espera un valor: un grafo no las admite."""

    def __init__(self) -> None:
        super().__init__()
        self.waits, self.seen = [], 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.seen += 1
        if torch.Tag.data_dependent_output in func.tags:
            self.waits.append(func.name())
        return func(*args, **kwargs or {})


def watched(trainer) -> Watch:
    """Un paso como los que se capturan, con los índices en tensores."""
    with Watch() as watch:
        trainer.steps.step(*trainer.steps.counters)
    assert watch.seen > 50  # ida, vuelta y optimizador
    return watch


@pytest.mark.parametrize("recipe", ["curso", "rapida", "precisa"])
@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_no_step_waits_for_the_device(recipe, norm):
    options = {"clip_norm": 1.0, "dropout": 0.5, "ema": 0.9, "augment": True}
    assert watched(trainer_for(recipe, norm=norm, **options)).waits == []


# Los demás solo cuentan sus pasos en el dispositivo si es CUDA.
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adam", "adamw"])
def test_no_fused_optimizer_waits_for_the_device(optimizer):
    trainer = trainer_for("curso", optimizer=optimizer, weight_decay=0.01)
    assert watched(trainer).waits == []


def test_a_step_that_looks_at_a_value_is_found_out(monkeypatch):
    monkeypatch.setattr(
        Averages, "update", lambda self: self.sums["0.weight"].sum().item()
    )
    assert watched(trainer_for("precisa")).waits == ["aten::_local_scalar_dense"]


def test_without_cuda_the_graph_is_given_up_and_nothing_has_changed():
    if torch.cuda.is_available():
        pytest.skip("hay CUDA, y el grafo se captura")
    trainer = trainer_for("precisa")
    before = {name: value.clone() for name, value in trainer.state().items()}
    problem = try_to_capture(trainer.steps, trainer.state().values())

    assert problem
    assert trainer.steps.replay is None
    for name, value in trainer.state().items():
        assert torch.equal(value, before[name]), name


def test_a_compiler_that_fails_is_given_up_and_nothing_has_changed(monkeypatch):
    # El motor de torch.compile que no existe: falla de verdad, y deprisa.
    monkeypatch.setattr("apuntes.mnist_gpu.capture.BACKEND", "no-existe")
    trainer = trainer_for()
    before = {name: value.clone() for name, value in trainer.state().items()}

    assert "no-existe" in try_to_compile(trainer.steps, trainer.state().values())
    assert trainer.steps.net is trainer.net
    for name, value in trainer.state().items():
        assert torch.equal(value, before[name]), name


def test_a_compiled_net_learns_the_same(monkeypatch):
    # «eager» recorre torch.compile entero menos el compilador de C++, que tarda medio minuto.
    monkeypatch.setattr("apuntes.mnist_gpu.capture.BACKEND", "eager")
    plain = trainer_for()
    compiled = trainer_for(runtime=Runtime(device=CPU, compile=True))
    assert compiled.runtime.notes == ()
    assert compiled.steps.net is not compiled.net
    assert compiled.run_epoch().train_loss == pytest.approx(
        plain.run_epoch().train_loss, rel=1e-4
    )


def test_a_rehearsal_leaves_neither_steps_nor_chance_behind():
    trainer = trainer_for("precisa", dropout=0.5)
    before = {name: value.clone() for name, value in trainer.state().items()}
    torch.manual_seed(3)
    with unchanged(trainer.state().values()):
        trainer.steps.step(0, 0)
    chance = torch.rand(1)

    torch.manual_seed(3)
    assert torch.equal(chance, torch.rand(1))
    for name, value in trainer.state().items():
        assert torch.equal(value, before[name]), name


def test_the_step_of_a_graph_counts_by_itself_and_is_the_same():
    """El mismo código con los índices en tensores, que es lo que se captura."""
    host, device = trainer_for("precisa"), trainer_for("precisa")
    for trainer in (host, device):
        trainer.steps.begin(plan_epoch(trainer.settings, 0, 4500, World()), 0)
    row, step = device.steps.counters
    for k in range(3):
        host.steps.step(k, k)
        device.steps.step(row, step)
        device.steps.counters += 1
    for name, value in host.state().items():
        assert torch.equal(value, device.state()[name]), name
