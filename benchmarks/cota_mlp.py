"""Lo menos que puede tardar en NumPy una época de la red 784-15-10.

Un paso son tres clases de trabajo, y cada una se cronometra por su cuenta: leer las
imágenes del lote, los cinco productos de matrices y las demás operaciones de la
fórmula. Todo escribe en memoria ya reservada, sin capas, comprobaciones ni bucles de
Python alrededor. La suma es la cota: hay que hacer las tres cosas, una detrás de otra.
"""

import time

import numpy as np
from medir import cronometrar

LARGE = 2048  # lado de la matriz con que se mide lo más que da el procesador


class Pieces:
    """Las tres clases de trabajo de una época, con sus arreglos ya reservados."""

    def __init__(self, x: np.ndarray, *, batch_size: int, hidden: int = 15) -> None:
        rng = np.random.default_rng(0)
        self.x, self.batch_size = x, batch_size

        def new(*shape: int) -> np.ndarray:
            return rng.random(shape, dtype=np.float32)

        self.batch = new(batch_size, x.shape[1])
        self.w1, self.w2 = new(hidden, x.shape[1]), new(10, hidden)
        self.g1, self.g2 = new(*self.w1.shape), new(*self.w2.shape)
        self.h, self.dh = new(batch_size, hidden), new(batch_size, hidden)
        self.z, self.dz = new(batch_size, 10), new(batch_size, 10)
        self.column, self.row, self.bias = new(batch_size, 1), new(10), new(hidden)
        self.hot = np.eye(10, dtype=bool)[rng.integers(0, 10, batch_size)]
        size = self.w1.size + self.w2.size + hidden + 10
        self.theta, self.grad, self.move = new(size), new(size), new(size)

    def gather(self, seed: int) -> float:
        """Leer cada imagen una vez, en el orden de una permutación."""
        order = np.random.default_rng(seed).permutation(len(self.x))
        size, batch, stop = self.batch_size, self.batch, len(order)
        start = time.perf_counter()
        for first in range(0, stop - size + 1, size):
            self.x.take(order[first : first + size], axis=0, out=batch, mode="clip")
        return time.perf_counter() - start

    def products(self, seed: int) -> float:
        """Los cinco productos de matrices de cada paso."""
        return self.steps * cronometrar(self._products, self.steps)

    def calls(self, seed: int) -> float:
        """Las demás operaciones de la fórmula, en cada paso."""
        return self.steps * cronometrar(self._calls, self.steps)

    @property
    def steps(self) -> int:
        """Pasos de una época."""
        return -(-len(self.x) // self.batch_size)

    @property
    def flop(self) -> int:
        """Sumas y productos de los cinco productos de matrices de un paso."""
        return 2 * self.batch_size * (2 * self.w1.size + 3 * self.w2.size)

    def _products(self) -> None:
        np.matmul(self.batch, self.w1.T, out=self.h)
        np.matmul(self.h, self.w2.T, out=self.z)
        np.matmul(self.dz.T, self.h, out=self.g2)
        np.matmul(self.dz, self.w2, out=self.dh)
        np.matmul(self.dh.T, self.batch, out=self.g1)

    def _calls(self) -> None:
        h, dh, z, dz, column = self.h, self.dh, self.z, self.dz, self.column
        np.add(h, self.bias, out=h)
        np.negative(h, out=dh)
        np.exp(dh, out=dh)
        np.add(dh, 1, out=dh)
        np.reciprocal(dh, out=h)
        np.add(z, self.row, out=z)
        np.maximum.reduce(z, axis=1, keepdims=True, out=column)
        np.subtract(z, column, out=dz)
        np.exp(dz, out=dz)
        np.add.reduce(dz, axis=1, keepdims=True, out=column)
        np.divide(dz, column, out=dz)
        np.subtract(dz, self.hot, out=dz)
        np.divide(dz, self.batch_size, out=dz)
        np.add.reduce(dz, axis=0, out=self.row)
        np.subtract(1, h, out=dh)
        np.multiply(dh, h, out=dh)
        np.multiply(dh, h, out=dh)
        np.add.reduce(dh, axis=0, out=self.bias)
        np.multiply(self.grad, 0.5, out=self.move)
        np.subtract(self.theta, self.move, out=self.theta)


CALLS = 20  # operaciones de `_calls`


def machine() -> dict:
    """Lo más que da el procesador: sumas y productos, memoria y llamadas."""
    rng = np.random.default_rng(0)
    a, b = (rng.random((LARGE, LARGE), dtype=np.float32) for _ in range(2))
    out, little = np.empty_like(a), np.zeros(1, np.float32)
    np.matmul(a, b, out=out)
    product = min(cronometrar(lambda: np.matmul(a, b, out=out), 1) for _ in range(5))
    long = np.ones(2**26, np.float32)
    reading = min(cronometrar(long.sum, 1) for _ in range(5))
    call = min(
        cronometrar(lambda: np.add(little, little, out=little), 10_000)
        for _ in range(9)
    )
    return {
        "sgemm_gflop_por_s": round(2 * LARGE**3 / product / 1e9, 1),
        "lectura_gb_por_s": round(long.nbytes / reading / 1e9, 1),
        "llamada_microsegundos": round(1e6 * call, 3),
    }
