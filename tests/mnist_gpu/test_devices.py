"""Lo que en una GPU, de NVIDIA o de Apple, se hace como en la CPU: la orden entera."""

import json
from pathlib import Path

import pytest
import torch
from PIL import Image

from apuntes.data import mnist_sample
from apuntes.mnist_gpu.checkpoint import read

THERE = {
    "cpu": True,
    "cuda": torch.cuda.is_available(),
    "mps": torch.backends.mps.is_available(),
}


@pytest.fixture(
    params=[
        pytest.param(name, marks=pytest.mark.skipif(not there, reason=f"no hay {name}"))
        for name, there in THERE.items()
    ]
)
def device(request):
    """Cada dispositivo que haya."""
    return request.param


@pytest.mark.parametrize("recipe", ["curso", "precisa"])
def test_what_a_device_trains_answers_the_same_in_all(order, device, recipe):
    flags = ("--data", "muestra", "--epochs", "0.4", "--width", "4", "--no-figures")
    where = ("--device", device)
    code, out, _ = order("train", *where, *flags, "--recipe", recipe, "--out", "a")
    assert code == 0
    assert f"parámetros, en {device}" in out
    # Lo guardado no es de ningún dispositivo: se continúa y se mide en otro.
    code, out, _ = order("train", "--device", "cpu", "--resume", "a", "--no-figures")
    assert code == 0
    assert "ya dados" in out
    assert {
        t.device.type for t in read(Path("a/model.safetensors")).tensors.values()
    } == {"cpu"}
    found = [
        json.loads(order("evaluate", "--json", "--model", "a", "--device", name)[1])
        for name in (device, "cpu")
    ]
    assert found[0]["test_loss"] == pytest.approx(found[1]["test_loss"], rel=0.01)

    Image.fromarray(mnist_sample("test")[0][0]).save("x.png")
    rows = [
        json.loads(
            order("predict", "x.png", "--json", "--model", "a", "--device", name)[1]
        )
        for name in (device, "cpu")
    ]
    assert rows[0]["x.png"] == pytest.approx(rows[1]["x.png"], abs=0.01)
