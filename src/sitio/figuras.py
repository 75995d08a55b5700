"""Dibuja las figuras que una página pide y guarda las que no han cambiado.

Cada SVG lleva delante la clave de lo que lo produjo: el módulo de la figura,
los del paquete que ese módulo importa y las cifras medidas que leen. Se dibuja
en otros procesos, así que la construcción ve siempre el código recién guardado;
cuando falta una se empiezan a dibujar, por orden, todas las que faltan en el curso,
y la página espera solo a la suya.
"""

import ast
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import apuntes

PAQUETE = Path(apuntes.__file__).parent
CACHE = Path(".cache/figuras")
RESULTADOS = Path("results")
PROCESOS = 2
_dibujantes: list[subprocess.Popen] = []


def leer(nombre: str, curso: Iterable[str] = ()) -> str:
    """SVG de la figura `modulo.funcion`, dibujada solo si algo suyo cambió.

    `curso` son las demás figuras: si falta esta, se dibujan las que falten.

    Raises:
        ValueError: si no existe o falla al dibujarse; dice por qué.
    """
    empezado = False
    while (svg := guardada(nombre)) is None:
        if any(dibujante.poll() is None for dibujante in _dibujantes):
            time.sleep(0.02)
        elif empezado:
            quejas = (CACHE / "quejas.txt").read_text(encoding="utf-8")
            raise ValueError(f"no se pudo dibujar {nombre!r}\n{quejas}")
        else:
            empezar([nombre, *curso])
            empezado = True
    return svg


def empezar(nombres: Iterable[str]) -> None:
    """Pone a varios procesos a dibujar las que no están guardadas."""
    faltan = [n for n in dict.fromkeys(nombres) if guardada(n) is None]
    orden = [sys.executable, "-m", "sitio.dibujante", str(CACHE)]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "quejas.txt").open("w", encoding="utf-8") as quejas:
        _dibujantes[:] = [
            subprocess.Popen([*orden, *parte], stderr=quejas)
            for i in range(PROCESOS)
            if (parte := faltan[i::PROCESOS])
        ]


def dibujar(nombres: Iterable[str]) -> None:
    """Dibuja las que faltan y espera a que estén todas."""
    nombres = list(nombres)
    for nombre in nombres:
        leer(nombre, nombres)


def guardada(nombre: str) -> str | None:
    """SVG guardado de una figura, si lo que lo produjo sigue igual."""
    fichero = CACHE / f"{nombre}.svg"
    if not fichero.exists():
        return None
    marca, _, svg = fichero.read_text(encoding="utf-8").partition("\n")
    return svg if marca == f"<!-- {clave(nombre)} -->" else None


def guardar(nombre: str, clave: str, svg: str, carpeta: Path) -> None:
    """Deja el SVG entero de una vez: otra construcción puede estar leyéndolo."""
    carpeta.mkdir(parents=True, exist_ok=True)
    borrador = carpeta / f"{nombre}.{os.getpid()}"
    borrador.write_text(f"<!-- {clave} -->\n{svg}", encoding="utf-8")
    borrador.replace(carpeta / f"{nombre}.svg")


def clave(nombre: str) -> str:
    """Huella de todo lo que produce una figura."""
    return resumen(PAQUETE / "figures" / f"{nombre.split('.')[0]}.py")


def resumen(modulo: Path) -> str:
    """Huella de un módulo con lo que importa de `apuntes` y las cifras que lee."""
    fuentes = [_fuente(ruta, _fecha(ruta)) for ruta in sorted(dependencias(modulo))]
    todo = b"".join(fuentes)
    fuentes += [
        ruta.read_bytes()
        for ruta in sorted(RESULTADOS.glob("*.json"))
        if f'"{ruta.stem}'.encode() in todo
    ]
    return hashlib.sha256(b"".join(fuentes)).hexdigest()


def dependencias(ruta: Path) -> set[Path]:
    """Ficheros de `apuntes` que un módulo importa, directa o indirectamente."""
    vistas, pendientes = set(), [ruta]
    while pendientes:
        ruta = pendientes.pop()
        if ruta not in vistas and ruta.exists():
            vistas.add(ruta)
            pendientes += _importados(ruta, _fecha(ruta))
    return vistas


def _fecha(ruta: Path) -> int:
    return ruta.stat().st_mtime_ns


@cache
def _fuente(ruta: Path, fecha: int) -> bytes:
    return ruta.read_bytes()


@cache
def _importados(ruta: Path, fecha: int) -> list[Path]:
    """Dónde puede estar lo que un fichero importa de `apuntes`."""
    candidatas = []
    for nodo in ast.walk(ast.parse(_fuente(ruta, fecha))):
        if isinstance(nodo, ast.ImportFrom) and (nodo.module or "").startswith(
            "apuntes"
        ):
            base = PAQUETE.joinpath(*nodo.module.split(".")[1:])
            candidatas += [base.with_suffix(".py"), base / "__init__.py"]
            candidatas += [base / f"{a.name}.py" for a in nodo.names]
    return candidatas


def de_curso(indice) -> list[str]:
    """Nombres de todas las figuras que piden las páginas."""
    figuras = (e for e in indice.values() if e.clase == "figura")
    return [e.opciones["dibujo"] for e in figuras if "dibujo" in e.opciones]


if __name__ == "__main__":
    from sitio.indice import leer_curso

    dibujar(de_curso(leer_curso("docs")))
