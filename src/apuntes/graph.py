r"""Grafos de números: valores hacia delante, derivadas hacia atrás.

Capítulo: 07-retropropagacion
Capítulo: 08-regla-de-la-cadena

Cada `Value` guarda su número, los nodos de los que viene y la derivada local
respecto de cada uno, calculada al pasar hacia delante. `backward` recorre el grafo
desde la salida y reparte $\Delta$, la derivada de la salida, por las aristas.
"""

import math
from collections.abc import Callable
from numbers import Real
from typing import NoReturn


# --8<-- [start:Value]
class Value:
    """Un número que recuerda de qué puerta salió.

    Se opera con otros `Value` y con números, que pasan a serlo (menos el exponente
    de `**`, que se queda en la puerta). `data` es el número, `grad` la derivada que
    suma cada `backward` y `op` el nombre de la puerta, vacío en una entrada.

    Raises:
        TypeError: si algo no es un número real.
        ValueError: si la operación, o su derivada, no tiene valor ahí.

    Examples:
        >>> x, y, z = Value(-2), Value(5), Value(-4)
        >>> f = (x + y) * z
        >>> f.backward()
        >>> f.data, x.grad, y.grad, z.grad
        (-12.0, -4.0, -4.0, 3.0)
    """

    # De cero a dos entradas, cada una con su derivada local; sin listas, que cuestan.
    __slots__ = ("_a", "_b", "_da", "_db", "_delta", "_uses", "data", "grad", "op")
    __array_ufunc__ = None  # `np.float64(2) * v` se resuelve aquí, en `__rmul__`

    def __init__(self, data, op="", a=None, da=0.0, b=None, db=0.0):
        self.data = _number(data) if a is None else data
        self.grad, self.op, self._uses = 0.0, op, 0
        self._a, self._da = a, da
        self._b, self._db = b, db

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, "+", self, 1.0, other, 1.0)

    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data - other.data, "−", self, 1.0, other, -1.0)

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        x, y = self.data, other.data
        return Value(x * y, "×", self, y, other, x)

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        x, y = self.data, other.data
        inverse = _evaluate("/", math.pow, y, -1)
        return Value(x / y, "/", self, inverse, other, -x / y * inverse)

    def __pow__(self, other):
        x, n = self.data, other.data if isinstance(other, Value) else _number(other)
        power = _evaluate("**", math.pow, x, n)
        slope = n * _evaluate("**", math.pow, x, n - 1) if n else 0.0
        if not isinstance(other, Value):
            return Value(power, f"^{n:g}", self, slope)
        return Value(
            power, "^", self, slope, other, power * _evaluate("**", math.log, x)
        )

    def maximum(self, other):
        """El mayor de los dos; en un empate, la derivada se reparte a medias."""
        other = other if isinstance(other, Value) else Value(other)
        x, y = self.data, other.data
        share = 0.5 if x == y else float(x > y)
        return Value(x if x >= y or x != x else y, "máx", self, share, other, 1 - share)

    def exp(self):
        """Exponencial."""
        power = _evaluate("exp", math.exp, self.data)
        return Value(power, "exp", self, power)

    def log(self):
        """Logaritmo natural."""
        return Value(_evaluate("log", math.log, self.data), "ln", self, 1 / self.data)

    def sigmoid(self):
        """Sigmoide."""
        small = math.exp(-abs(self.data))  # de un número negativo: nunca desborda
        s = (1 if self.data >= 0 else small) / (1 + small)
        return Value(s, "σ", self, s * (1 - s))

    def tanh(self):
        """Tangente hiperbólica."""
        t = math.tanh(self.data)
        return Value(t, "tanh", self, 1 - t * t)

    def relu(self):
        """Rectificador; en 0, derivada 0."""
        x = self.data
        return Value(0.0, "relu", self) if x <= 0 else Value(x, "relu", self, 1.0)

    def __neg__(self):
        return Value(-self.data, "neg", self, -1.0)

    def __rsub__(self, other):
        return Value(other) - self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __rpow__(self, other):
        return Value(other) ** self

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        r"""Suma a `grad` de cada nodo la derivada de este respecto de él.

        Suma, como PyTorch: dos llamadas dan el doble, y entre pasos se pone a cero
        `grad` de los parámetros. Las aristas de derivada 0 no se recorren.

        Raises:
            ValueError: si el grafo tiene un ciclo.
        """
        found, ready = self._count_uses(), [self]
        for node in ready:  # reparte quien ya ha recibido de todos los que alimenta
            node.grad += node._delta
            for source, slope in ((node._a, node._da), (node._b, node._db)):
                if slope:
                    source._delta += node._delta * slope
                    source._uses -= 1
                    if not source._uses:
                        ready.append(source)
        if len(ready) != len(found):
            for node in found:
                node._uses = 0
            reject_cycle(self)

    def _count_uses(self):
        """Nodos por los que pasa la vuelta; `_uses` cuenta a cuántos alimenta."""
        found, self._delta = [self], 1.0
        for node in found:  # la lista crece mientras se recorre
            for source, slope in ((node._a, node._da), (node._b, node._db)):
                if slope:
                    if not source._uses:
                        source._delta = 0.0
                        found.append(source)
                    source._uses += 1
        return found
        # --8<-- [end:Value]

    @property
    def inputs(self) -> tuple[tuple["Value", float], ...]:
        """Nodos de los que viene, cada uno con su derivada local."""
        pairs = (self._a, self._da), (self._b, self._db)
        return tuple(pair for pair in pairs if pair[0] is not None)

    def __repr__(self) -> str:
        """Su número y su derivada."""
        return f"Value(data={self.data}, grad={self.grad})"


def _number(data: float) -> float:
    if not isinstance(data, Real):
        kind = type(data).__name__
        raise TypeError(f"Value opera con números reales; se recibió {kind}")
    return float(data)


def _evaluate(name: str, function: Callable[..., float], *arguments: float) -> float:
    try:
        return function(*arguments)
    except (ValueError, ArithmeticError) as error:
        raise ValueError(
            f"{name}, o su derivada, no tiene ahí un valor finito; se recibió "
            + ", ".join(map(str, arguments))
        ) from error


def reject_cycle(output: Value) -> NoReturn:
    """Lanza el error de un grafo que vuelve sobre sí mismo."""
    raise ValueError(f"el grafo no puede tener ciclos; se recibió el de {output!r}")
