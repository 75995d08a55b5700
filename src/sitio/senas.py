"""El candado de las señas: lo que se publicó una vez, se encuentra siempre.

`senas.csv` guarda cada seña publicada con su página y lo que nombra; solo crece
(`make senas`). `mudanzas.csv` dice adónde fue lo que cambió de sitio: la página
vieja conserva la seña con un enlace, y así vale también sin JavaScript. Lee el
HTML construido, de modo que no depende del generador.
"""

import csv
import re
import sys
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from posixpath import join, normpath
from urllib.parse import urldefrag

from bs4 import BeautifulSoup, Tag

CANDADO = Path(__file__).with_name("senas.csv")
MUDANZAS = Path(__file__).with_name("mudanzas.csv")
CLASES = {
    "h1": "capitulo",
    ":is(h2, h3, h4)": "seccion",
    ".ecuacion": "ecuacion",
    "figure.figura": "figura",
    "figure.tabla": "tabla",
    "figure.codigo": "codigo",
    ".ejercicio": "ejercicio",
    ".entrada": "termino",
    ".errata": "errata",
    ".obras > li": "obra",
    ".mudanza": "mudanza",
}


@dataclass(frozen=True)
class Sena:
    """Algo publicado: dónde está y qué nombra."""

    pagina: str  # su dirección en el sitio, `capitulos/02-red-datos-coste/`
    sena: str
    clase: str
    titulo: str


@dataclass(frozen=True)
class Mudanza:
    """Adónde fue una seña; con `destino` igual a ella, solo cambió de título."""

    pagina: str
    sena: str
    destino: str
    titulo: str
    motivo: str


def direccion(pagina: str) -> str:
    """Dirección en el sitio de un fichero de `docs/`."""
    camino = re.sub(r"(^|/)index\.md$|\.(md|py)$", r"\1", pagina)
    return camino if camino.endswith("/") or not camino else f"{camino}/"


def titulo(elemento: Tag, clase: str) -> str:
    """Lo que nombra una seña, y que no cambia porque se pula su pie."""
    for atributo in ("data-dibujo", "data-implementa", "data-objeto"):
        if valor := elemento.get(atributo):
            return valor
    if clase == "mudanza":
        return elemento.find("a")["href"]
    if clase == "obra":
        return elemento["id"]  # una referencia se corrige sin que sea otra obra
    if clase == "ecuacion":
        return re.sub(r"\s+", "", elemento.find("annotation").get_text())
    if clase == "figura":
        return elemento.find("svg")["aria-label"]
    texto = BeautifulSoup(str(elemento), "html.parser")
    for sobra in texto.select(".headerlink, .numero, a.rotulo, figcaption ~ *"):
        sobra.decompose()
    nombre = texto.select_one(".rotulo, .nombre, figcaption") or texto
    return re.sub(r"\s+", " ", nombre.get_text()).strip(" .")


def publicadas(sitio: Path) -> dict[tuple[str, str], Sena]:
    """Las señas de un sitio construido, por página y seña."""
    senas = {}
    for ruta in sorted(sitio.rglob("index.html")):
        pagina = ruta.relative_to(sitio).as_posix().removesuffix("index.html")
        html = sin_dibujos(ruta.read_text(encoding="utf-8"))
        articulo = BeautifulSoup(html, "html.parser").find("article")
        senas |= de_articulo(articulo, pagina) if articulo else {}
    return senas


def sin_dibujos(html: str) -> str:
    """La página sin el interior de sus SVG, que son casi todo lo que pesa."""
    return re.sub(r"(<svg\b[^>]*>).*?(?=</svg>)", r"\1", html, flags=re.DOTALL)


def de_articulo(articulo: Tag, pagina: str) -> dict[tuple[str, str], Sena]:
    """Las señas de una página."""
    senas = {}
    for elemento in articulo.find_all(id=True):
        for selector, clase in CLASES.items():
            if elemento.css.match(selector):
                nombre = titulo(elemento, clase)
                sena = Sena(pagina, elemento["id"], clase, nombre)
                senas[pagina, sena.sena] = sena
                break
    return senas


def leer(ruta: Path, tipo: type) -> list:
    """Filas de un CSV como objetos de `tipo`."""
    with ruta.open(encoding="utf-8", newline="") as fichero:
        return [tipo(**fila) for fila in csv.DictReader(fichero)]


def problemas(
    candado: list[Sena],
    sitio: dict[tuple[str, str], Sena],
    mudanzas: list[Mudanza],
) -> list[str]:
    """Lo que un enlace de hace años ya no encontraría, dicho para quien lo arregla."""
    avisos = []
    retitulos = {
        (m.pagina, m.sena): m.titulo
        for m in mudanzas
        if m.destino == m.sena and m.titulo
    }
    for antes in candado:
        clave = antes.pagina, antes.sena
        ahora = sitio.get(clave)
        donde = f"/{antes.pagina}#{antes.sena}"
        if ahora is None:
            avisos.append(f"{donde} ya no existe: anota en mudanzas.csv adónde fue")
        elif ahora.clase == "mudanza":
            pagina, sena = urldefrag(join(antes.pagina, ahora.titulo))
            if (re.sub(r"^\.$", "", normpath(pagina)) + "/", sena) not in sitio:
                avisos.append(f"{donde} se mudó a {ahora.titulo}, que no existe")
        elif (ahora.clase, _nombre(ahora.titulo)) != (
            antes.clase,
            _nombre(retitulos.get(clave, antes.titulo)),
        ):
            avisos.append(
                f"{donde} nombraba {antes.clase} «{antes.titulo}» y ahora "
                f"{ahora.clase} «{ahora.titulo}»: si es lo mismo, anótalo en "
                "mudanzas.csv con su título nuevo; si no, dale otra seña"
            )
    vistas = {(s.pagina, s.sena) for s in candado}
    avisos += [
        f"/{pagina}#{sena} es nueva: ejecuta `make senas` y confirma senas.csv"
        for pagina, sena in sitio
        if (pagina, sena) not in vistas
    ]
    return avisos


def _nombre(titulo: str) -> str:
    """El título; de `modulo.funcion`, la función, que puede cambiar de módulo."""
    return titulo.rpartition(".")[2] if re.fullmatch(r"[\w.]+", titulo) else titulo


def cerrar(sitio: Path, candado: Path = CANDADO) -> int:
    """Añade al candado las señas nuevas de `sitio`; nunca toca las que ya están."""
    guardadas = leer(candado, Sena) if candado.exists() else []
    vistas = {(s.pagina, s.sena) for s in guardadas}
    nuevas = [s for clave, s in publicadas(sitio).items() if clave not in vistas]
    with candado.open("w", encoding="utf-8", newline="") as fichero:
        escritor = csv.writer(fichero, lineterminator="\n")
        escritor.writerow(campo.name for campo in fields(Sena))
        escritor.writerows(sorted(astuple(s) for s in guardadas + nuevas))
    return len(nuevas)


if __name__ == "__main__":
    from sitio.ejercicios import escribir  # que usa este módulo

    escribir()  # los números de los ejercicios, para el paquete
    print(f"{cerrar(Path(sys.argv[1]))} señas nuevas")  # noqa: T201  (es una orden)
