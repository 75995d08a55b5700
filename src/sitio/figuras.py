"""Dibuja las figuras que una página pide y guarda las que no han cambiado.

Cada SVG lleva delante la clave de lo que lo produjo: el módulo de la figura,
los del paquete que ese módulo importa y las cifras medidas que leen. Se dibuja
en otros procesos, así que la construcción ve siempre el código recién guardado;
cuando falta una se dibujan de una vez todas las que faltan en el curso.
"""

import ast
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import apuntes

PAQUETE = Path(apuntes.__file__).parent
CACHE = Path(".cache/figuras")
RESULTADOS = Path("results")
PROCESOS = 2


def leer(nombre: str, curso: Iterable[str] = ()) -> str:
    """SVG de la figura `modulo.funcion`, dibujada solo si algo suyo cambió.

    `curso` son las demás figuras: si falta esta, se dibujan las que falten.

    Raises:
        ValueError: si no existe o falla al dibujarse; dice por qué.
    """
    if (svg := _guardada(nombre)) is None:
        dibujar([nombre, *(n for n in curso if n != nombre)])
        svg = _guardada(nombre)
    return svg


def dibujar(nombres: Iterable[str]) -> None:
    """Dibuja las que no están guardadas, repartidas entre varios procesos."""
    faltan = [n for n in dict.fromkeys(nombres) if _guardada(n) is None]
    if not faltan:
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as carpeta:
        orden = [sys.executable, "-m", "apuntes.figures", carpeta]
        trabajos = [
            subprocess.Popen(
                [*orden, *parte], stderr=subprocess.PIPE, text=True, encoding="utf-8"
            )
            for i in range(PROCESOS)
            if (parte := faltan[i::PROCESOS])
        ]
        errores = [trabajo.communicate()[1].strip() for trabajo in trabajos]
        for nombre in faltan:
            dibujada = Path(carpeta, f"{nombre}.svg")
            if dibujada.exists():
                clave = f"<!-- {_clave(nombre)} -->\n"
                texto = clave + dibujada.read_text(encoding="utf-8")
                dibujada.write_text(texto, encoding="utf-8")
                # Otra construcción puede estar leyendo la vieja.
                os.replace(dibujada, CACHE / dibujada.name)
    if any(trabajo.returncode for trabajo in trabajos):
        fallos = "\n".join(filter(None, errores))
        raise ValueError(f"no se pudo dibujar; se recibió {faltan}\n{fallos}")


def _guardada(nombre: str) -> str | None:
    """SVG guardado de una figura, si lo que lo produjo sigue igual."""
    fichero = CACHE / f"{nombre}.svg"
    if not fichero.exists():
        return None
    clave, _, svg = fichero.read_text(encoding="utf-8").partition("\n")
    return svg if clave == f"<!-- {_clave(nombre)} -->" else None


def _clave(nombre: str) -> str:
    return resumen(PAQUETE / "figures" / f"{nombre.split('.')[0]}.py")


def resumen(modulo: Path) -> str:
    """Huella de un módulo con lo que importa de `apuntes` y las cifras que lee."""
    fuentes = [ruta.read_bytes() for ruta in sorted(dependencias(modulo))]
    todo = b"".join(fuentes)
    fuentes += [
        ruta.read_bytes()
        for ruta in sorted(RESULTADOS.glob("*.json"))
        if f'"{ruta.stem}' in todo.decode()
    ]
    return hashlib.sha256(b"".join(fuentes)).hexdigest()


def dependencias(ruta: Path, vistas: set[Path] | None = None) -> set[Path]:
    """Ficheros de `apuntes` que un módulo importa, directa o indirectamente."""
    vistas = set() if vistas is None else vistas
    if ruta in vistas or not ruta.exists():
        return vistas
    vistas.add(ruta)
    for candidata in _importa(ruta, ruta.stat().st_mtime_ns):
        dependencias(candidata, vistas)
    return vistas


@cache
def _importa(ruta: Path, _mtime: int) -> list[Path]:
    """Los ficheros que pueden ser lo que `ruta` importa de `apuntes`."""
    candidatas = []
    for nodo in ast.walk(ast.parse(ruta.read_text(encoding="utf-8"))):
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
