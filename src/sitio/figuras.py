"""Dibuja las figuras que una página pide y guarda las que no han cambiado.

Cada SVG lleva delante la clave de lo que lo produjo: el módulo de la figura,
los del paquete que ese módulo importa y las cifras medidas. Se dibuja en otro
proceso, así que la construcción ve siempre el código recién guardado.
"""

import ast
import hashlib
import subprocess
import sys
from pathlib import Path

import apuntes

PAQUETE = Path(apuntes.__file__).parent
CACHE = Path(".cache/figuras")
RESULTADOS = Path("results")


def leer(nombre: str) -> str:
    """SVG de la figura `modulo.funcion`, dibujada solo si algo suyo cambió.

    Raises:
        ValueError: si no existe o falla al dibujarse; dice por qué.
    """
    fichero = CACHE / f"{nombre}.svg"
    clave = f"<!-- {_clave(nombre)} -->\n"
    if fichero.exists():
        guardado = fichero.read_text(encoding="utf-8")
        if guardado.startswith(clave):
            return guardado.removeprefix(clave)
    orden = [sys.executable, "-m", "apuntes.figures", str(CACHE), nombre]
    proceso = subprocess.run(orden, capture_output=True, text=True, check=False)
    if proceso.returncode:
        raise ValueError(
            f"no se pudo dibujar; se recibió {nombre!r}\n{proceso.stderr.strip()}"
        )
    svg = fichero.read_text(encoding="utf-8")
    fichero.write_text(clave + svg, encoding="utf-8")
    return svg


def _clave(nombre: str) -> str:
    modulo = PAQUETE / "figures" / f"{nombre.split('.')[0]}.py"
    resumen = hashlib.sha256()
    for ruta in sorted(dependencias(modulo)) + sorted(RESULTADOS.glob("*.json")):
        resumen.update(ruta.read_bytes())
    return resumen.hexdigest()


def dependencias(ruta: Path, vistas: set[Path] | None = None) -> set[Path]:
    """Ficheros de `apuntes` que un módulo importa, directa o indirectamente."""
    vistas = set() if vistas is None else vistas
    if ruta in vistas or not ruta.exists():
        return vistas
    vistas.add(ruta)
    for nodo in ast.walk(ast.parse(ruta.read_text(encoding="utf-8"))):
        if isinstance(nodo, ast.ImportFrom) and (nodo.module or "").startswith(
            "apuntes"
        ):
            base = PAQUETE.joinpath(*nodo.module.split(".")[1:])
            for candidata in (
                base.with_suffix(".py"),
                *(base / f"{a.name}.py" for a in nodo.names),
            ):
                dependencias(candidata, vistas)
    return vistas
