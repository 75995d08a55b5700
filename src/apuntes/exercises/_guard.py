"""Corre código ajeno con reloj, sin teclado y sin que escriba por la pantalla.

El código va en un hilo. Pasado el tiempo se le lanza una excepción por dentro y, si la
esquiva, se le deja atrás: quien llama recupera el control en todos los sistemas y desde
cualquier hilo, también en un cuaderno, donde no se puede pasar la función a otro
proceso. Solo escapa una operación única de C que no suelta el intérprete, como
`10**10**10`; de esa protege la corrección de ficheros, que usa procesos.
"""

import builtins
import contextlib
import contextvars
import ctypes
import io
import threading
import time
import warnings
from collections.abc import Callable

INSISTENCE = 1.0  # segundos intentando parar a quien no para


class TimeUpError(BaseException):
    """Se acabó el tiempo; no la atrapa un `except Exception`."""


class Sink(io.TextIOBase):
    """Se traga lo que se escribe; solo cuenta cuánto fue."""

    def __init__(self):
        self.written = 0

    def writable(self) -> bool:
        """Se puede escribir."""
        return True

    def write(self, text: str) -> int:
        """Lo cuenta y lo olvida."""
        self.written += len(text)
        return len(text)


def guarded(work: Callable[[], None], seconds: float) -> bool:
    """Ejecuta `work` como mucho `seconds` segundos; dice si escribió algo.

    `work` debe apuntar fuera lo que vaya sabiendo, porque puede no acabar, y dejar
    pasar `TimeUpError`.
    """
    sink = Sink()
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(sink))
        stack.enter_context(contextlib.redirect_stderr(sink))
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(_no_keyboard())
        warnings.simplefilter("ignore")
        _in_thread(work, seconds)
    return sink.written > 0


def _in_thread(work: Callable[[], None], seconds: float) -> None:
    context = contextvars.copy_context()
    failures = []

    def target() -> None:
        try:
            context.run(work)
        except TimeUpError:
            pass
        except BaseException as error:  # de `work` y no de lo que prueba
            failures.append(error)

    thread = threading.Thread(target=target, daemon=True, name="ejercicio")
    try:
        thread.start()
    except RuntimeError:  # sin hilos, como en un navegador: sin reloj
        work()
        return
    try:
        thread.join(seconds)
    finally:  # también si quien espera pulsa Ctrl-C
        _stop(thread)
    if failures:
        raise failures[0]


def _stop(thread: threading.Thread) -> None:
    """Insiste un rato, por si el código atrapa también la excepción con que se para."""
    deadline = time.monotonic() + INSISTENCE
    while thread.is_alive() and time.monotonic() < deadline:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(TimeUpError)
        )
        thread.join(0.05)


@contextlib.contextmanager
def _no_keyboard():
    """Un `input()` no se queda esperando a nadie."""
    original = builtins.input

    def no_input(*args: object) -> str:
        raise EOFError("un ejercicio no puede pedir datos por teclado")

    builtins.input = no_input
    try:
        yield
    finally:
        builtins.input = original
