"""Ficheros de MNIST: lectura comprobada y descarga de un servidor de verdad."""

import gzip
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from apuntes import _mnist_files
from apuntes.data import load_mnist

IMAGES, LABELS = _mnist_files.FILES["train"]


def idx_bytes(array: np.ndarray) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


# Tres imágenes y sus etiquetas: la lectura no depende del tamaño.
PIXELS = np.arange(3 * 28 * 28).reshape(3, 28, 28) % 251
CONTENT = {IMAGES: idx_bytes(PIXELS), LABELS: idx_bytes(np.array([7, 0, 9]))}
GOOD = {name: gzip.compress(raw) for name, raw in CONTENT.items()}


@pytest.fixture(autouse=True)
def _small_mnist(monkeypatch, tmp_path):
    """Las sumas son las de los ficheros pequeños y la caché está vacía."""
    sums = {name: hashlib.sha256(raw).hexdigest() for name, raw in CONTENT.items()}
    monkeypatch.setattr(_mnist_files, "SHA256", _mnist_files.SHA256 | sums)
    monkeypatch.setattr(
        _mnist_files.pooch, "os_cache", lambda name: tmp_path / "cache" / name
    )
    monkeypatch.delenv("APUNTES_DATA", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache" / "apuntes"


@pytest.fixture
def folder(tmp_path):
    for name, raw in GOOD.items():
        (tmp_path / f"{name}.gz").write_bytes(raw)
    return tmp_path


class Mirror(BaseHTTPRequestHandler):
    """Espejo local: la primera carpeta de la ruta dice cómo se porta."""

    def do_GET(self):
        """Apunta qué se pide y responde como diga la carpeta."""
        _, kind, file = self.path.split("/")
        self.server.asked.append(self.path)
        if kind == "404":
            self.send_error(404)
            return
        body = {
            "bueno": GOOD[file.removesuffix(".gz")],
            "otro": gzip.compress(b"otra cosa"),
            "pagina": b"<html>Esta red pide registrarse</html>",
            "cortado": GOOD[file.removesuffix(".gz")],
        }[kind]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if kind == "cortado" else body)

    def log_message(self, *_):
        """Calla: lo pedido queda en `server.asked`."""


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as local:
        local.asked = []
        threading.Thread(target=local.serve_forever, daemon=True).start()
        yield local
        local.shutdown()


@pytest.fixture
def mirrors(server, monkeypatch):
    """Pone como espejos los que se portan como dicen los nombres."""

    def choose(*kinds):
        server.asked.clear()
        base = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(
            _mnist_files, "MIRRORS", [f"{base}/{kind}/" for kind in kinds]
        )
        return server.asked

    return choose


def assert_is_small_mnist(pair):
    images, labels = pair
    assert (images.dtype, labels.dtype) == (np.uint8, np.int64)
    np.testing.assert_array_equal(images, PIXELS)
    np.testing.assert_array_equal(labels, [7, 0, 9])


def test_reads_gzip_files_of_the_given_root(folder):
    assert_is_small_mnist(load_mnist("train", root=folder))


def test_reads_plain_files_of_the_given_root(tmp_path):
    for name, raw in CONTENT.items():
        (tmp_path / name).write_bytes(raw)

    assert_is_small_mnist(load_mnist("train", root=str(tmp_path)))


def test_any_compression_of_the_same_data_is_good(folder):
    (folder / f"{IMAGES}.gz").write_bytes(gzip.compress(CONTENT[IMAGES], 0))

    assert_is_small_mnist(load_mnist("train", root=folder))


def test_reads_the_folder_of_the_environment_variable(folder, monkeypatch):
    monkeypatch.setenv("APUNTES_DATA", str(folder))

    assert_is_small_mnist(load_mnist("train"))


def test_root_wins_over_the_environment_variable(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("APUNTES_DATA", str(tmp_path / "no-existe"))

    assert_is_small_mnist(load_mnist("train", root=folder))


def test_the_images_can_be_written(folder):
    images, labels = load_mnist("train", root=folder)

    images[0], labels[0] = 0, 1


def truncated(raw):
    return raw[:-20]


def scrambled(raw):
    return raw[:20] + bytes([raw[20] ^ 0xFF]) + raw[21:]


def undecodable(raw):
    return raw[:10] + b"\xff" + raw[11:]


def recompressed(raw):
    return gzip.compress(gzip.decompress(raw)[:-1] + b"!")


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (truncated, "un gzip incompleto o corrupto"),
        (scrambled, "un gzip incompleto o corrupto"),
        (undecodable, "un gzip incompleto o corrupto"),
        (recompressed, "se recibió 2368 bytes con [0-9a-f]{64}$"),
        (lambda raw: b"", "se recibió 0 bytes"),
        (lambda raw: CONTENT[IMAGES][:-1], "se recibió 2367 bytes"),
        (lambda raw: GOOD[LABELS], "se recibió 11 bytes"),
    ],
    ids=[
        "truncado",
        "revuelto",
        "ilegible",
        "otro-byte",
        "vacio",
        "plano-truncado",
        "etiquetas",
    ],
)
def test_a_bad_file_says_which_and_what_to_do(folder, damage, found):
    path = folder / f"{IMAGES}.gz"
    path.write_bytes(damage(GOOD[IMAGES]))

    with pytest.raises(ValueError, match=found) as caught:
        load_mnist("train", root=folder)

    assert f"borra {path} y descárgalo otra vez" in str(caught.value)


@pytest.mark.parametrize("where", ["root", "APUNTES_DATA"])
@pytest.mark.parametrize("name", ["", "no-existe"], ids=["vacia", "inexistente"])
def test_a_given_folder_without_files_is_an_error_and_downloads_nothing(
    where, name, tmp_path, monkeypatch, mirrors, cache
):
    asked, given = mirrors("bueno"), tmp_path / name
    if where == "APUNTES_DATA":
        monkeypatch.setenv(where, str(given))

    with pytest.raises(
        FileNotFoundError, match=f"falta {IMAGES} .*se recibió"
    ) as caught:
        load_mnist("train", root=given if where == "root" else None)

    assert str(given) in str(caught.value)
    assert asked == []
    assert not cache.exists()


def test_without_download_only_what_is_already_here_is_read(mirrors, cache):
    asked = mirrors("bueno")

    with pytest.raises(FileNotFoundError, match=f"falta {IMAGES}"):
        load_mnist("train", download=False)

    assert asked == []
    load_mnist("train")
    assert_is_small_mnist(load_mnist("train", download=False))


def test_downloads_once_with_a_bar_and_reads_the_cache_afterwards(
    mirrors, cache, capsys
):
    asked = mirrors("bueno")
    first = load_mnist("train")
    bars = capsys.readouterr().err

    assert_is_small_mnist(first)
    assert_is_small_mnist(load_mnist("train"))
    assert asked == [f"/bueno/{IMAGES}.gz", f"/bueno/{LABELS}.gz"]
    assert f"{IMAGES}.gz: 100%" in bars
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == {
        f"{name}.gz": raw for name, raw in GOOD.items()
    }


@pytest.mark.parametrize("bad", ["404", "otro", "pagina", "cortado"])
def test_tries_the_next_mirror_when_one_fails(bad, mirrors, cache):
    asked = mirrors(bad, "bueno")

    assert_is_small_mnist(load_mnist("train"))
    assert asked[:2] == [f"/{bad}/{IMAGES}.gz", f"/bueno/{IMAGES}.gz"]
    assert len(list(cache.iterdir())) == 2


def test_when_every_mirror_fails_it_names_each_and_leaves_no_file(mirrors, cache):
    mirrors("404", "otro", "cortado")

    with pytest.raises(
        ConnectionError, match=r"comprueba la red.*mnist_sample"
    ) as error:
        load_mnist("train")

    for reason in (
        "/404/",
        "404 Client Error",
        "/otro/",
        "lo sirve mal",
        "9 bytes",
        "/cortado/",
    ):
        assert reason in str(error.value)
    assert not cache.exists()


def test_without_network_it_says_what_to_do(monkeypatch, cache):
    # Nadie escucha en el puerto 9 de esta máquina: la conexión se rechaza.
    monkeypatch.setattr(_mnist_files, "MIRRORS", ["http://127.0.0.1:9/"])

    with pytest.raises(ConnectionError, match=r"no se pudo descargar .* APUNTES_DATA"):
        load_mnist("train")

    assert not cache.exists()


def test_a_failed_write_leaves_nothing_behind(mirrors, cache, monkeypatch):
    """Si el disco falla al poner el nombre definitivo, no queda el provisional."""
    mirrors("bueno")
    (cache / f"{IMAGES}.gz" / "ocupado").mkdir(parents=True)

    with pytest.raises(OSError, match=IMAGES):
        load_mnist("train")

    assert [path.name for path in cache.iterdir()] == [f"{IMAGES}.gz"]


def test_a_corrupt_file_in_the_cache_is_reported_too(mirrors, cache):
    mirrors("bueno")
    load_mnist("train")
    (cache / f"{LABELS}.gz").write_bytes(b"\x1f\x8bbasura")

    with pytest.raises(ValueError, match=f"no es el {LABELS} de MNIST: borra"):
        load_mnist("train")
