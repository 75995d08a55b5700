"""`python -m apuntes.mnist_gpu` y la orden `apuntes-mnist`."""

import sys
import time

START = time.perf_counter()  # antes de importar PyTorch, que también se espera
# Qué hay que instalar para cada módulo que puede faltar.
OPTIONAL = ("PIL", "safetensors", "torch")


def main(arguments: list[str] | None = None) -> int:
    """Ejecuta una orden; 0 si todo fue bien, 1 si no, 2 si se pidió mal."""
    try:
        from apuntes.mnist_gpu.cli import run
    except KeyboardInterrupt:
        return 130
    except ModuleNotFoundError as error:
        if error.name not in OPTIONAL:
            raise
        sys.stderr.write(
            "error: hace falta PyTorch, con sus compañeros: "
            f'pip install "apuntes[mnist]"; no se encontró {error.name}\n'
        )
        return 2
    return run(arguments, start=START)


if __name__ == "__main__":
    sys.exit(main())
