"""Índice del curso: qué señas hay, qué nombran, qué número llevan y en qué página.

Lee el Markdown de `docs/` sin convertirlo, de modo que cualquier página puede
citar a cualquier otra. El mismo índice da los números al componer cada página.
"""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

CABECERA = re.compile(r"^(#{1,6})\s+(.+?)\s*\{\s*(.*?#[\w-]+.*?)\s*\}\s*$")
ETIQUETA = re.compile(r"\\label\{(?P<sena>[^}]+)\}[ \t]*(?:%[ \t]*(?P<objeto>[\w.]+))?")
# Una fórmula aparte con etiqueta: entre dos `$$` seguidos.
FORMULA = re.compile(
    r"\$\$(?P<latex>(?:(?!\$\$).)*?\\label\{(?P<sena>[^}]+)\}.*?)\$\$", re.DOTALL
)
SIN_CODIGO = ("definición", "propiedad")
BLOQUE = re.compile(r"^\s*/{3,}\s*(\w+)\s*\|\s*(.+?)\s*$")
OPCION = re.compile(r"^ {4,}(\w+):\s*(.+?)\s*$")
CERCA = re.compile(r"^\s*(`{3,}|~{3,})")
FRAGMENTO = re.compile(r'^--8<--\s+"(?P<ruta>[\w/-]+\.md)"\s*$', re.MULTILINE)
SECCION = re.compile(r'--8<--\s+"apuntes/(?P<modulo>[\w/]+)\.py:(?P<nombre>\w+)"')
# Bloques con número o seña, y el prefijo que su seña debe llevar.
PREFIJOS = {
    "ecuacion": "ec-",
    "figura": "fig-",
    "tabla": "tab-",
    "codigo": "cod-",
    "ejercicio": "ej-",
    "termino": "g-",
    "errata": "err-",
}
ROTULOS = {
    "capitulo": "capítulo {}",
    "seccion": "§{}",
    "ecuacion": "ec. ({})",
    "figura": "figura {}",
    "tabla": "tabla {}",
    "codigo": "código {}",
    "ejercicio": "ejercicio {}",
    "errata": "errata {}",
}


class SenaError(ValueError):
    """Una seña mal escrita, repetida o que no existe."""


@dataclass(frozen=True)
class Entrada:
    """Algo del curso que se puede citar."""

    sena: str
    clase: str
    pagina: str  # ruta desde docs/, con su extensión
    numero: str = ""
    titulo: str = ""
    temario: tuple[str, ...] = ()
    objeto: str = ""  # `losses.mse_loss`, en ecuaciones y códigos
    latex: str = ""  # el de una ecuación, sin su etiqueta
    opciones: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def rotulo(self) -> str:
        """Cómo se la nombra en el texto: «§2.3», «ec. (2.7)», «figura 2.3»."""
        if self.clase == "termino":
            return self.opciones.get("es", self.sena)
        return ROTULOS[self.clase].format(self.numero) if self.numero else self.titulo


class Indice(dict[str, Entrada]):
    """Las entradas de todo el curso, por seña."""

    def anadir(self, entrada: Entrada) -> None:
        """Guarda `entrada`; una seña repetida o sin su prefijo es un error."""
        prefijo = PREFIJOS.get(entrada.clase, "")
        if not re.fullmatch(rf"{prefijo}[a-z0-9][a-z0-9-]*", entrada.sena):
            raise SenaError(
                f"una seña de clase {entrada.clase} se escribe «{prefijo}…», con "
                "minúsculas, cifras y guiones; "
                f"se recibió {entrada.sena!r} en {entrada.pagina}"
            )
        if entrada.sena in self:
            raise SenaError(
                f"seña repetida: {entrada.sena!r} está en {self[entrada.sena].pagina} "
                f"y se recibió otra vez en {entrada.pagina}"
            )
        self[entrada.sena] = entrada

    def buscar(self, sena: str, pagina: str = "") -> Entrada:
        """La entrada de `sena`; si no existe, un error que dice dónde se cita."""
        try:
            return self[sena]
        except KeyError:
            donde = f" en {pagina}" if pagina else ""
            raise SenaError(
                f"no hay nada con esa seña en el curso; se recibió {sena!r}{donde}"
            ) from None

    def de_pagina(self, pagina: str, clase: str) -> list[Entrada]:
        """Las entradas de una clase en una página, por orden de aparición."""
        return [e for e in self.values() if e.pagina == pagina and e.clase == clase]


def leer_texto(ruta: Path) -> str:
    """El Markdown de una página; de un cuaderno, el de sus celdas y figuras."""
    texto = ruta.read_text(encoding="utf-8")
    if ruta.suffix != ".py":
        return FRAGMENTO.sub(
            lambda m: (ruta.parent / m["ruta"]).read_text(encoding="utf-8"), texto
        )
    import jupytext

    partes = []
    for celda in jupytext.reads(texto, fmt="py:percent").cells:
        if celda.cell_type == "markdown":
            partes.append(celda.source)
        elif "fig" in celda.metadata:
            partes.append(f"/// figura | {celda.metadata['fig']}\n///")
    return "\n\n".join(partes)


def numerar(texto: str, pagina: str) -> list[Entrada]:
    """Recorre una página y da sus entradas, numeradas si es un capítulo."""
    capitulo = re.match(r"(?:capitulos|laboratorios)/(\d\d)-", pagina)
    numero = str(int(capitulo[1])) if capitulo else ""
    cuentas: dict[str, int] = {}
    entradas: list[Entrada] = []

    def siguiente(clase: str) -> str:
        cuentas[clase] = cuentas.get(clase, 0) + 1
        return f"{numero}.{cuentas[clase]}" if numero else ""

    formulas = {f["sena"]: f["latex"] for f in FORMULA.finditer(texto)}
    cerca, bloque = None, None
    for linea in texto.splitlines():
        if marca := CERCA.match(linea):
            if cerca is None:
                cerca = marca[1]
            elif (
                linea.strip() == cerca[0] * len(linea.strip())
                and linea.strip() >= cerca
            ):
                cerca = None
            continue
        if cerca is not None:
            seccion = SECCION.search(linea)
            if seccion and bloque == "codigo" and not entradas[-1].objeto:
                modulo = seccion["modulo"].replace("/", ".")
                entradas[-1] = replace(
                    entradas[-1], objeto=f"{modulo}.{seccion['nombre']}"
                )
        elif cabecera := CABECERA.match(linea):
            entradas.append(_de_cabecera(cabecera, numero, pagina, cuentas))
        elif etiqueta := ETIQUETA.search(linea):
            ecuacion = Entrada(
                etiqueta["sena"], "ecuacion", pagina, siguiente("ecuacion")
            )
            entradas.append(_con_codigo(ecuacion, etiqueta, formulas))
        elif (inicio := BLOQUE.match(linea)) and inicio[1] in PREFIJOS:
            bloque, sena = inicio[1], inicio[2]
            propio = siguiente(bloque)
            if bloque == "errata":  # lleva su número en la seña: `err-e0-01`
                propio = sena.removeprefix("err-").upper()
            entradas.append(Entrada(sena, bloque, pagina, propio))
        elif bloque and entradas and (opcion := OPCION.match(linea)):
            entradas[-1].opciones[opcion[1]] = opcion[2]
            if opcion[1] == "titulo":
                entradas[-1] = replace(entradas[-1], titulo=opcion[2])
        elif linea.strip() == "///":
            bloque = None
        elif bloque == "termino" and linea.strip():
            opciones = entradas[-1].opciones
            opciones["texto"] = f"{opciones.get('texto', '')} {linea.strip()}".strip()
    return entradas


def sin_etiqueta(latex: str) -> str:
    """El LaTeX de una fórmula, sin su etiqueta ni el comentario que la sigue."""
    return ETIQUETA.sub("", latex, count=1).strip()


def _con_codigo(
    ecuacion: Entrada, etiqueta: re.Match, formulas: dict[str, str]
) -> Entrada:
    """La ecuación con su LaTeX y con quien la implementa, o por qué no la hay."""
    latex, objeto = formulas.get(ecuacion.sena, ""), etiqueta["objeto"] or ""
    clase = objeto if objeto in SIN_CODIGO else ""
    return replace(
        ecuacion,
        latex=sin_etiqueta(latex),
        objeto="" if clase else objeto,
        opciones={"sin_codigo": clase} if clase else {},
    )


def _de_cabecera(
    cabecera: re.Match, numero: str, pagina: str, cuentas: dict[str, int]
) -> Entrada:
    """Entrada de un título; las secciones llevan número hasta el tercer nivel."""
    nivel, titulo, atributos = len(cabecera[1]), cabecera[2], cabecera[3]
    sena = re.search(r"#([\w-]+)", atributos)[1]
    temario = re.search(r'data-temario="([^"]*)"', atributos)
    elementos = tuple(temario[1].split()) if temario else ()
    clase = "capitulo" if nivel == 1 else "seccion"
    propio = ""
    if numero and nivel == 1:
        propio = numero
    elif numero and nivel <= 3 and ".sin-numero" not in atributos:
        cuentas[f"h{nivel}"] = cuentas.get(f"h{nivel}", 0) + 1
        if nivel == 2:
            cuentas["h3"] = 0
        propio = f"{numero}.{cuentas['h2']}" + (
            f".{cuentas['h3']}" if nivel == 3 else ""
        )
    return Entrada(sena, clase, pagina, propio, titulo, elementos)


def del_ingles(indice: Indice) -> list[tuple[str, Entrada]]:
    """Parejas de nombre inglés y término; `en: gradient descent, GD` da dos."""
    parejas = [
        (ingles, entrada)
        for entrada in indice.values()
        if entrada.clase == "termino"
        for ingles in entrada.opciones.get("en", entrada.rotulo).split(", ")
    ]
    return sorted(parejas, key=lambda pareja: (pareja[0].casefold(), pareja[1].rotulo))


def leer_curso(docs: str | Path) -> Indice:
    """Índice de todas las páginas de `docs`; se rehace si alguna cambia."""
    docs = Path(docs)
    rutas = sorted([*docs.rglob("*.md"), *docs.glob("laboratorios/*.py")])
    return _leer(docs, tuple((ruta, ruta.stat().st_mtime_ns) for ruta in rutas))


@lru_cache(maxsize=1)
def _leer(docs: Path, rutas: tuple[tuple[Path, int], ...]) -> Indice:
    indice = Indice()
    for ruta, _ in rutas:
        if ruta.parent.with_suffix(".md").exists():
            continue  # un fragmento: `erratas/s0.md` es parte de `erratas.md`
        pagina = ruta.relative_to(docs).as_posix()
        for entrada in numerar(leer_texto(ruta), pagina):
            indice.anadir(entrada)
    return indice
