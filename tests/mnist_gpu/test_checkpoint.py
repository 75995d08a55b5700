"""Los ficheros: enteros o nada, y solo los que son."""

import pickle
import resource
from types import SimpleNamespace

import pytest
import torch
from entrenamientos import trainer_for
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from apuntes.mnist_gpu.checkpoint import check_same, read, restore, write
from apuntes.mnist_gpu.files import claim_folder, release_folders, write_atomically
from apuntes.mnist_gpu.settings import from_recipe

TENSORS = {"net.a": torch.arange(6.0).view(2, 3), "net.n": torch.tensor(3)}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "checkpoint.safetensors"
    write(path, from_recipe("curso"), TENSORS, {"epoch": 2})
    return path


def test_what_is_written_is_what_is_read(path):
    found = read(path)

    assert found.settings == from_recipe("curso")
    assert found.progress == {"epoch": 2}
    assert found.tensors.keys() == TENSORS.keys()
    assert all(torch.equal(found.tensors[name], TENSORS[name]) for name in TENSORS)


def test_it_is_a_plain_safetensors_with_nothing_to_execute(path):
    assert torch.equal(load_file(path)["net.a"], TENSORS["net.a"])
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(path.read_bytes())


def test_channels_last_weights_survive(tmp_path):
    weight = torch.randn(4, 3, 2, 2).to(memory_format=torch.channels_last)
    write(tmp_path / "x", from_recipe(), {"net.w": weight}, {})
    assert torch.equal(read(tmp_path / "x").tensors["net.w"], weight)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"ningún punto.*se recibió '.*nada'"):
        read(tmp_path / "nada")


@pytest.mark.parametrize("part", [0, 5, 100, 0.5, -1])
def test_a_truncated_file_is_an_error_wherever_it_was_cut(path, part):
    data = path.read_bytes()
    cut = int(part * len(data)) if isinstance(part, float) else part
    path.write_bytes(data[:cut])
    with pytest.raises(ValueError, match="incompleto o no es un safetensors"):
        read(path)


@pytest.mark.parametrize("where", [-10, b"epoch", b"momentum", b"sigmoid"])
def test_one_changed_bit_is_an_error_be_it_in_a_weight_or_in_a_word(path, where):
    data = bytearray(path.read_bytes())
    data[where if isinstance(where, int) else data.index(where) + 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="está estropeado; se recibió"):
        read(path)


def test_tensors_that_changed_names_are_an_error(path, tmp_path):
    renamed = {"net.b": TENSORS["net.a"], "net.n": TENSORS["net.n"]}
    with safe_open(path, framework="pt") as file:
        save_file(renamed, tmp_path / "x", file.metadata())
    with pytest.raises(ValueError, match="está estropeado; se recibió"):
        read(tmp_path / "x")


def test_other_files_are_an_error(tmp_path):
    (tmp_path / "texto").write_text("esto no es un punto de control " * 50)
    with pytest.raises(ValueError, match="no es un safetensors"):
        read(tmp_path / "texto")
    save_file(TENSORS, tmp_path / "otro")
    with pytest.raises(ValueError, match="no es un punto de control de apuntes-mnist"):
        read(tmp_path / "otro")


@pytest.mark.parametrize("change", [{"lr": -1}, {"nuevo": 1}, {"recipe": None}])
def test_settings_of_another_version_are_an_error(tmp_path, change):
    settings = from_recipe().as_dict() | change
    write(tmp_path / "x", SimpleNamespace(as_dict=lambda: settings), TENSORS, {})
    with pytest.raises(ValueError, match="otra versión de apuntes-mnist; se recibió"):
        read(tmp_path / "x")


@pytest.mark.parametrize("missing", ["crc32", "settings", "progress"])
def test_a_header_that_lacks_something_is_an_error(path, missing):
    with safe_open(path, framework="pt") as file:
        header = file.metadata()
    del header[missing]
    save_file(TENSORS, path, header)
    with pytest.raises(ValueError, match="está estropeado; se recibió"):
        read(path)


def test_tensors_of_another_net_are_an_error_and_change_nothing():
    trainer, other = trainer_for("curso", width=4), trainer_for("curso", width=5)
    before = trainer.net[1].weight.detach().clone()
    with pytest.raises(ValueError, match=r"es de otra red; se recibió otro net\."):
        restore(trainer.state(), other.state())
    assert torch.equal(trainer.net[1].weight, before)


def test_what_is_asked_when_resuming_must_be_what_there_was():
    settings = from_recipe(lr=0.01)
    check_same(settings, {"lr": 0.01, "recipe": "rapida"})
    with pytest.raises(ValueError, match=r"con lr=0\.01: .* se recibió lr=0\.02"):
        check_same(settings, {"lr": 0.02})
    with pytest.raises(ValueError, match=r"recipe=rapida: .* se recibió recipe=curso"):
        check_same(settings, {"recipe": "curso"})


def test_when_the_disk_fills_up_the_old_file_stays_and_nothing_half_written(path):
    """El límite de tamaño de fichero del sistema hace de disco lleno."""
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match=f"File too large.*{path.name}"):
            write_atomically(path, b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_a_folder_is_claimed_without_leaving_anything_and_released_if_empty(tmp_path):
    folder = tmp_path / "a" / "b"
    new = claim_folder(folder)
    assert list(folder.iterdir()) == []
    release_folders(new)
    assert list(tmp_path.iterdir()) == []

    new = claim_folder(folder)
    (folder / "algo").touch()
    assert claim_folder(folder) == []
    release_folders(new)
    assert folder.exists()


def test_what_a_killed_process_left_half_written_is_swept_away(tmp_path):
    (tmp_path / "model.safetensors.123.parte").touch()
    (tmp_path / "model.safetensors").touch()
    claim_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]
