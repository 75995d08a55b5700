"""Dónde se entrena y con qué atajos, que no cambian el resultado salvo redondeo."""

import sys
from dataclasses import dataclass

import torch

from apuntes.mnist_gpu.parallel import World
from apuntes.mnist_gpu.settings import Settings

DEVICES = ("auto", "cuda", "mps", "cpu")


@dataclass(frozen=True, kw_only=True)
class Shortcuts:
    """Lo que pide quien entrena; `None` es «donde compense»."""

    amp: bool | None = None
    channels_last: bool | None = None
    graph: bool | None = None
    compile: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """Lo que se hará de verdad.

    Attributes:
        device: dispositivo donde viven la red y los datos.
        amp: precisión mixta, con `bfloat16`.
        channels_last: imágenes y filtros con los canales al final en la memoria.
        graph: un grafo de CUDA por paso, capturado una vez y repetido.
        compile: `torch.compile`.
        notes: lo pedido que no se puede, y por qué.
    """

    device: torch.device
    amp: bool = False
    channels_last: bool = False
    graph: bool = False
    compile: bool = False
    notes: tuple[str, ...] = ()

    @property
    def layout(self) -> torch.memory_format:
        """Cómo van en la memoria las imágenes y los filtros."""
        last = self.channels_last
        return torch.channels_last if last else torch.contiguous_format


def find_device(name: str, world: World = World()) -> torch.device:  # noqa: B008
    """El dispositivo de ese nombre; `auto` es el más rápido que haya.

    Raises:
        ValueError: si no hay, o hay menos GPU que procesos.
    """
    if name not in DEVICES:
        raise ValueError(
            f"--device debe ser uno de {', '.join(DEVICES)}; se recibió {name!r}"
        )
    gpus, mps = torch.cuda.device_count(), torch.backends.mps.is_available()
    if name == "auto":
        name = "cuda" if gpus else "mps" if mps and world.size == 1 else "cpu"
    if name == "cuda":
        _require(gpus > 0, name, "PyTorch no ve ninguna GPU de NVIDIA en esta máquina")
        enough = world.local_rank < gpus
        _require(enough, name, f"hay más procesos que GPU, que son {gpus}")
        return torch.device("cuda", world.local_rank)
    if name == "mps":
        _require(world.size == 1, name, "Apple solo admite un proceso")
        _require(mps, name, "esta máquina no tiene una GPU de Apple que PyTorch vea")
    return torch.device(name)


def _require(condition: bool, name: str, problem: str) -> None:
    if not condition:
        raise ValueError(f"{problem}: usa --device cpu; se recibió --device {name}")


def decide(
    device: torch.device, settings: Settings, shortcuts: Shortcuts, world: World
) -> Runtime:
    """Qué atajos se toman: los pedidos que se pueda o, si no se dijo, los que valen."""
    on_gpu, on_mps, notes = device.type == "cuda", device.type == "mps", []
    graph = on_gpu and world.size == 1
    if shortcuts.graph and not graph:
        notes.append("los grafos son de CUDA y de un solo proceso: se va paso a paso")
    convolutional = settings.recipe != "curso"
    # En GPU una red pequeña tarda lo que se tarda en lanzarla, y convertir la retrasa.
    pays = settings.recipe == "precisa" if on_gpu else convolutional
    if on_gpu:
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.benchmark = True  # los tamaños no cambian
    return Runtime(
        device=device,
        amp=_or(shortcuts.amp, pays and has_bfloat16(device)),
        channels_last=convolutional and _or(shortcuts.channels_last, not on_mps),
        graph=graph and _or(shortcuts.graph, True),
        compile=bool(shortcuts.compile),
        notes=tuple(notes),
    )


def has_bfloat16(device: torch.device) -> bool:
    """Si el dispositivo multiplica en `bfloat16` sin imitarlo."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "mps":
        return False
    # Lo dice PyTorch desde hace poco; si no lo dice, como si no.
    known = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))


def _or(asked: bool | None, default: bool) -> bool:
    return default if asked is None else asked


def synchronize(device: torch.device) -> None:
    """Espera a que el dispositivo acabe lo que tiene pendiente."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def peak_memory(device: torch.device) -> int:
    """Bytes que se llegaron a ocupar: de la GPU o, en CPU, de todo el proceso.

    En Windows, que no lo dice, 0.
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    try:
        import resource
    except ModuleNotFoundError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
