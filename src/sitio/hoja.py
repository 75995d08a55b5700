"""Una sola hoja de estilos: la del tema, la del curso y la de imprimir, juntas.

Un teléfono tarda más en abrir otra conexión que en recibir lo que iría por ella.
La plantilla (`plantillas/main.html`) enlaza solo `recursos/estilo.css`. Del tema va lo
que alguna página o guion puede usar; al escribir, con `make serve`, va entero.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import tinycss2
from tinycss2.ast import Node, QualifiedRule

PALABRA = re.compile(r"[\w-]+")
# Quita el fundido al cambiar de esquema, y al arrancar hace repasar cada elemento.
DE_MAS = "[data-md-color-switching]"
_escribiendo = False


def on_startup(command, dirty):
    """Apunta si es `make serve`, que no puede tardar."""
    global _escribiendo
    _escribiendo = command == "serve"


def on_post_build(config):
    """Junta las hojas en la del curso: delante el tema, detrás el papel."""
    sitio = Path(config.site_dir)
    hoja, papel = sitio / "recursos/estilo.css", sitio / "recursos/imprimir.css"
    tema = [r for n in ("main", "palette") for r in sitio.glob(f"assets/*/{n}.*.css")]
    partes = [parte.read_text(encoding="utf-8") for parte in tema]
    if not _escribiendo:
        usadas = palabras(sitio)
        partes = [aligerar(parte, usadas) for parte in partes]
    partes.append(hoja.read_text(encoding="utf-8"))
    partes.append(f"@media print {{\n{papel.read_text(encoding='utf-8')}}}\n")
    hoja.write_text("\n".join(partes), encoding="utf-8")
    papel.unlink()


def palabras(sitio: Path) -> set[str]:
    """Todo lo que puede ser una clase en las páginas y los guiones."""
    ficheros = [*sitio.rglob("*.html"), *sitio.glob("assets/javascripts/bundle.*.js")]
    ficheros += sitio.glob("recursos/**/*.js")
    return {p for r in ficheros for p in PALABRA.findall(r.read_text(encoding="utf-8"))}


def aligerar(css: str, usadas: set[str]) -> str:
    """Las reglas de `css` que pueden aplicarse con las clases `usadas`.

    Un guion compone clases: `tabbed-control--` y lo que siga valen por cualquiera.
    """
    comienzos = tuple(p for p in usadas if p.endswith(("--", "__")) and len(p) > 2)

    def sirve(selector: list[Node]) -> bool:
        if tinycss2.serialize(selector).startswith(DE_MAS):
            return False
        return all(c in usadas or c.startswith(comienzos) for c in clases(selector))

    reglas = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(podar(reglas, sirve))


def podar(reglas: list[Node], sirve) -> Iterator[str]:
    """El texto de cada regla sin los selectores que no sirven."""
    for regla in reglas:
        if isinstance(regla, QualifiedRule):
            buenos = [s for s in selectores(regla.prelude) if sirve(s)]
            if buenos:
                cabeza = ",".join(tinycss2.serialize(s) for s in buenos)
                yield f"{cabeza}{{{tinycss2.serialize(regla.content)}}}"
        elif regla.content is not None and regla.at_keyword in {"media", "supports"}:
            dentro = tinycss2.parse_rule_list(regla.content, True, True)
            if texto := "".join(podar(dentro, sirve)):
                cabeza = tinycss2.serialize(regla.prelude)
                yield f"@{regla.at_keyword}{cabeza}{{{texto}}}"
        else:
            yield regla.serialize()


def selectores(cabeza: list[Node]) -> list[list[Node]]:
    """Los selectores de una regla, separados por sus comas."""
    partes: list[list[Node]] = [[]]
    for nodo in cabeza:
        if nodo == ",":
            partes.append([])
        else:
            partes[-1].append(nodo)
    return partes


def clases(selector: list[Node]) -> Iterator[str]:
    """Las clases y los valores de atributo que exige; lo de `:not(…)` no se mira."""
    for antes, nodo in zip([None, *selector], selector, strict=False):
        if nodo.type == "ident" and antes == ".":
            yield nodo.value
        elif nodo.type == "[] block" and any(n == "=" for n in nodo.content):
            yield nodo.content[-1].value
