"""El entrenamiento en memoria: lo que se sortea, un paso, y qué cambia cada opción."""

import math
from dataclasses import fields

import pytest
import torch
from entrenamientos import CPU, trainer_for
from torch.nn import functional

from apuntes.mnist_gpu.data import Split, standardize, to_floats
from apuntes.mnist_gpu.nets import build
from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.plan import plan_epoch
from apuntes.mnist_gpu.record import DivergedError
from apuntes.mnist_gpu.runtime import (
    Runtime,
    Shortcuts,
    decide,
    find_device,
    has_bfloat16,
)
from apuntes.mnist_gpu.settings import RECIPES, Settings, from_recipe


def test_a_plan_visits_each_image_once_and_depends_on_seed_and_epoch_only():
    settings = from_recipe("precisa", batch_size=7)
    plan = plan_epoch(settings, 3, 100, World())

    assert plan.order.shape == (14, 7)
    assert len(plan.order.unique()) == 98
    assert plan.noise.shape == (14, 7, 5)
    assert plan.noise.abs().max() <= 1
    again = plan_epoch(settings, 3, 100, World())
    assert torch.equal(plan.order, again.order)
    assert torch.equal(plan.noise, again.noise)
    for other in (
        plan_epoch(settings, 4, 100, World()),
        plan_epoch(settings.changed(seed=1), 3, 100, World()),
    ):
        assert not torch.equal(plan.order, other.order)
        assert not torch.equal(plan.noise, other.noise)


def test_processes_share_out_the_plan_of_one():
    settings = from_recipe("precisa", batch_size=6)
    whole = plan_epoch(settings, 0, 20, World())
    parts = [plan_epoch(settings, 0, 20, World(3, rank)) for rank in range(3)]

    assert torch.equal(torch.cat([part.order for part in parts], 1), whole.order)
    assert torch.equal(torch.cat([part.noise for part in parts], 1), whole.noise)
    assert len({part.seed for part in parts}) == 3


def test_an_epoch_is_the_plain_loop_of_pytorch():
    trainer = trainer_for(epochs=0.3, batch_size=100)
    settings, train = trainer.settings, trainer.data.train
    net = build(settings)
    adam = torch.optim.Adam(net.parameters(), lr=1.0, betas=(0.7, 0.9))
    plan, losses = plan_epoch(settings, 0, len(train), World()), []
    for step, rate in enumerate(trainer.steps.rates.tolist()):
        index = plan.order[step]
        x = standardize(to_floats(train.images[index]))
        loss = functional.cross_entropy(
            net(x), train.labels[index], label_smoothing=0.1
        )
        adam.zero_grad()
        loss.backward()
        adam.param_groups[0]["lr"] = rate
        adam.step()
        losses.append(loss.item())
    record = trainer.run_epoch()

    assert record.step == len(losses) == 14
    assert record.train_loss == pytest.approx(sum(losses) / 14, rel=1e-5)
    for mine, plain in zip(trainer.net.parameters(), net.parameters(), strict=True):
        torch.testing.assert_close(mine, plain, rtol=1e-3, atol=1e-5)


def test_a_fraction_of_an_epoch_is_a_fraction_of_its_steps():
    trainer = trainer_for(epochs=1.5, batch_size=450)
    records = []
    while trainer.epoch < trainer.epochs:
        records.append(trainer.run_epoch())
    assert [record.step for record in records] == [10, 15]


def test_what_is_measured_is_what_the_net_answers():
    trainer = trainer_for()
    record = trainer.run_epoch()
    seen = trainer.measure(trainer.data.validation)

    assert (record.validation_loss, record.validation_accuracy) == (
        seen.loss,
        seen.accuracy,
    )
    right = seen.logits.argmax(1) == trainer.data.validation.labels
    assert seen.accuracy == right.sum().item() / 500
    assert seen.loss == pytest.approx(math.log(10), abs=0.4)


def test_nothing_is_left_to_chance_when_measuring():
    trainer = trainer_for("precisa", dropout=0.5)
    trainer.run_epoch()
    first, again = (trainer.measure(trainer.data.test).logits for _ in range(2))
    assert torch.equal(first, again)
    alone = Split(trainer.data.test.images[:1], trainer.data.test.labels[:1])
    # Sola o acompañada, una imagen recibe la misma respuesta.
    torch.testing.assert_close(
        trainer.measure(alone).logits, first[:1], rtol=1e-4, atol=1e-5
    )


# Un cambio de cada ingrediente, sobre la receta más completa.
CHANGES = {
    "recipe": "rapida",
    "validation": 600,
    "seed": 1,
    "epochs": 0.08,
    "batch_size": 80,
    "lr": 0.02,
    "width": 3,
    "standardize": False,
    "activation": "tanh",
    "clip_norm": 0.01,
    "init": "xavier_normal",
    "norm": "layer",
    "optimizer": "sgd",
    "momentum": 0.5,
    "beta2": 0.9,
    "schedule": "linear",
    "warmup": 0.4,
    "weight_decay": 0.0,
    "dropout": 0.5,
    "label_smoothing": 0.0,
    "augment": False,
    "ema": 0.0,
}


def answers(**changes) -> torch.Tensor:
    """Lo que contesta, tras unos pasos, la receta más completa con unos cambios."""
    base = {"epochs": 0.16, "batch_size": 90}
    base |= changes
    trainer = trainer_for(base.pop("recipe", "precisa"), **base)
    trainer.run_epoch()
    return trainer.measure(trainer.data.test).logits[:50]


@pytest.fixture(scope="module")
def plain_answers():
    torch.set_num_threads(1)
    return answers()


def test_every_ingredient_has_its_change():
    # Con otros datos cambia todo: se mira en las pruebas de los datos.
    assert set(CHANGES) == {field.name for field in fields(Settings)} - {"data"}


@pytest.mark.parametrize("name", CHANGES)
def test_each_flag_changes_the_result(name, plain_answers):
    changed = answers(**{name: CHANGES[name]})
    assert changed.isfinite().all()
    assert (changed - plain_answers).abs().max() > 1e-6


def test_nothing_else_changes_the_result(plain_answers):
    assert torch.equal(answers(), plain_answers)


def test_channels_last_changes_the_memory_and_not_the_answers():
    both = []
    for layout in (False, True):
        runtime = Runtime(device=CPU, channels_last=layout)
        trainer = trainer_for("precisa", runtime=runtime, norm="none", epochs=0.1)
        trainer.run_epoch()
        weight = trainer.net[2].weight
        assert weight.is_contiguous(memory_format=torch.channels_last) == layout
        both.append(trainer.measure(trainer.data.test).logits)
    torch.testing.assert_close(*both, rtol=1e-2, atol=1e-3)


def test_mixed_precision_keeps_float32_weights_and_rounds_the_loss():
    both = []
    for amp in (False, True):
        trainer = trainer_for(runtime=Runtime(device=CPU, amp=amp))
        both.append(trainer.run_epoch().train_loss)
        assert trainer.net[0].weight.dtype == torch.float32
        assert trainer.measure(trainer.data.test).logits.dtype == torch.float32
    assert both[0] != both[1]
    assert both[0] == pytest.approx(both[1], rel=0.01)


@pytest.mark.parametrize(
    ("changes", "world", "message"),
    [
        (
            {"batch_size": 4501},
            World(),
            r"que hay para entrenar, 4500; se recibió 4501",
        ),
        ({"batch_size": 9}, World(2), r"repartirse entre los 2 procesos; se recibió 9"),
    ],
)
def test_a_batch_that_does_not_fit_is_rejected(changes, world, message):
    with pytest.raises(ValueError, match=message):
        trainer_for(world=world, **changes)


def test_divergence_is_an_error_and_says_what_to_try():
    # Con leaky_relu ninguna neurona se apaga, y nada frena el crecimiento.
    wild = {"lr": 1e4, "optimizer": "sgd", "schedule": "constant", "epochs": 0.4}
    trainer = trainer_for("rapida", activation="leaky_relu", **wild)
    with pytest.raises(DivergedError, match=r"una tasa menor; se recibió lr=10000"):
        trainer.run_epoch()


def test_shortcuts_are_taken_where_they_pay():
    fast, course = RECIPES["rapida"], RECIPES["curso"]
    auto = decide(CPU, fast, Shortcuts(), World())
    assert (auto.amp, auto.channels_last, auto.graph, auto.compile) == (
        *(has_bfloat16(CPU), True, False, False),
    )
    assert not decide(CPU, course, Shortcuts(), World()).amp
    assert not decide(CPU, course, Shortcuts(channels_last=True), World()).channels_last
    asked = Shortcuts(amp=True, channels_last=False, graph=True, compile=True)
    found = decide(CPU, fast, asked, World())
    assert (found.amp, found.channels_last, found.graph, found.compile) == (
        *(True, False, False, True),
    )
    assert found.notes == (
        "los grafos son de CUDA y de un solo proceso: se va paso a paso",
    )
    # Lo que se decidiría con una GPU no necesita que la haya.
    with_graph = Shortcuts(amp=False)
    gpu = decide(torch.device("cuda", 0), course, with_graph, World())
    assert gpu.graph
    assert not decide(torch.device("cuda", 0), course, with_graph, World(2)).graph


def test_auto_takes_the_fastest_device_there_is():
    gpu = "cuda" if torch.cuda.is_available() else "cpu"
    gpu = "mps" if torch.backends.mps.is_available() else gpu
    assert find_device("auto").type == gpu
