"""Celdas de un cuaderno y lo que escriben, en el formato de Jupyter (nbformat 4)."""

import ast
import doctest


def celda(tipo: str, fuente: str) -> dict:
    """Una celda; quien la junta con otras le pone su seña."""
    return {"cell_type": tipo, "metadata": {}, "source": fuente}


def de_codigo(fuente: str, *salidas: dict) -> dict:
    """Una celda de código con sus salidas."""
    nueva = celda("code", fuente.strip("\n"))
    return nueva | {"execution_count": None, "outputs": list(salidas)}


def escrito(texto: str) -> dict:
    """Lo que escribe un `print`."""
    return {"output_type": "stream", "name": "stdout", "text": f"{texto}\n"}


def resultado(datos: dict[str, str]) -> dict:
    """Lo que vale la última línea de una celda."""
    tipo = {"output_type": "execute_result", "execution_count": None}
    return tipo | {"data": datos, "metadata": {}}


def ensenado(texto: str) -> dict:
    """Un valor que se pide con `display`."""
    datos = {"text/plain": texto}
    return {"output_type": "display_data", "data": datos, "metadata": {}}


def error(ejemplo: doctest.Example) -> dict:
    """El de un ejemplo que enseña un `Traceback`."""
    nombre, _, mensaje = ejemplo.exc_msg.strip().partition(": ")
    traza = {"traceback": ejemplo.want.rstrip("\n").split("\n")}
    return {"output_type": "error", "ename": nombre, "evalue": mensaje} | traza


def no_devuelve(nodo: ast.stmt) -> bool:
    """Si es una función que acaba sin un valor: lo que haga, lo escribe."""
    devuelve = [n for n in ast.walk(nodo) if isinstance(n, ast.Return) and n.value]
    return isinstance(nodo, ast.FunctionDef) and not devuelve
