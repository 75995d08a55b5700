"""El curso sin conexión: un zip que se abre desde el disco, sin servidor y sin red.

Parte del sitio terminado, de modo que lleva las mismas páginas, y cambia solo lo que
un navegador no permite en `file://`: que un enlace a una carpeta abra su `index.html`,
guardar un cuaderno en vez de enseñarlo, pedir una fuente o un JSON y arrancar un
`Worker` por su dirección.

    python -m sitio.paquete site dist
"""

import base64
import json
import posixpath
import re
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

from bs4 import BeautifulSoup

ENLACE = re.compile(r'(?<=\s)(?P<atributo>href|src)="(?P<destino>[^"]*)"')
PRECARGA = re.compile(r'\s*<link rel="preload"[^>]* as="font"[^>]*>')
CUADERNO = re.compile(r'href="(?P<nombre>[^"/]+\.ipynb)" download(?=>)')
FUENTE = re.compile(r'url\("(?P<ruta>fuentes/[^"]+\.woff2)"\)')
PROGRAMA = re.compile(r'<script defer src="(?P<base>[^"]*)assets/javascripts/bundle\.')
BUSCADOR = "search/trabajador.js"
# Lo que solo sirve con un servidor, o ya va dentro de otro fichero.
SOBRA = ("404.html", "sitemap.xml*", "*.map", "lunr", "search_index.json")
# En `file://` el tema lee el índice de un guion; el `Worker`, de un texto que va aquí.
TRABAJADOR = """\
// El buscador, para leer desde el disco (sitio.paquete).
self.Worker = class extends Worker {{
  constructor() {{
    super(URL.createObjectURL(new Blob([{texto}], {{ type: "text/javascript" }})));
  }}
}};
"""


def al_disco(html: str, pagina: str, sitio: Path) -> str:
    """La página con sus enlaces a ficheros y el buscador delante del tema.

    Args:
        html: la página terminada.
        pagina: su ruta en el sitio, `capitulos/02-red-datos-coste/index.html`.
        sitio: carpeta del sitio, para saber qué destinos son carpetas.
    """

    def explicito(enlace: re.Match) -> str:
        destino = con_fichero(enlace["destino"], posixpath.dirname(pagina), sitio)
        return f'{enlace["atributo"]}="{destino}"'

    html = PRECARGA.sub("", html)
    html = CUADERNO.sub(partial(con_cuaderno, (sitio / pagina).parent), html)
    html = PROGRAMA.sub(rf'<script src="\g<base>{BUSCADOR}"></script>\g<0>', html)
    return ENLACE.sub(explicito, html)


def con_fichero(destino: str, carpeta: str, sitio: Path) -> str:
    """El mismo enlace, con `index.html` si lleva a una carpeta del sitio."""
    partes = urlsplit(destino)
    if partes.scheme or partes.netloc or not partes.path:
        return destino
    if not (sitio / carpeta / partes.path / "index.html").is_file():
        return destino
    return partes._replace(path=posixpath.join(partes.path, "index.html")).geturl()


def con_cuaderno(carpeta: Path, enlace: re.Match) -> str:
    """El enlace con el cuaderno dentro, para que el navegador lo guarde."""
    celdas = json.loads((carpeta / enlace["nombre"]).read_bytes())
    texto = quote(json.dumps(celdas, ensure_ascii=False, separators=(",", ":")))
    datos = f"data:application/x-ipynb+json,{texto}"
    return f'href="{datos}" download="{enlace["nombre"]}"'


def indice_del_buscador(indice: dict) -> str:
    """El índice como guion: los resultados llevan a ficheros."""
    for entrada in indice["docs"]:
        pagina, almohadilla, sena = entrada["location"].partition("#")
        entrada["location"] = f"{pagina}index.html{almohadilla}{sena}"
    return f"var __index = {json.dumps(indice, ensure_ascii=False)};\n"


def trabajador(sitio: Path) -> str:
    """El guion que arranca el buscador del tema sin pedir nada por su dirección."""
    carpeta = sitio / "assets/javascripts"
    (programa,) = carpeta.glob("workers/search.*.min.js")
    idiomas = [
        (carpeta / f"lunr/min/lunr.{nombre}.min.js").read_text(encoding="utf-8")
        for nombre in ("stemmer.support", "es")
    ]
    # El programa pide sus idiomas con `importScripts` cuando ya tiene a mano `lunr`.
    texto = f"importScripts = () => {{ {';'.join(idiomas)} }};\n"
    texto += programa.read_text(encoding="utf-8").split("//# sourceMappingURL")[0]
    return TRABAJADOR.format(texto=json.dumps(texto, ensure_ascii=False))


def con_fuentes(hoja: Path) -> str:
    """La hoja con sus fuentes dentro: en el disco, cada fichero es de otro sitio."""

    def dentro(fuente: re.Match) -> str:
        octetos = (hoja.parent / fuente["ruta"]).read_bytes()
        return f'url("data:font/woff2;base64,{base64.b64encode(octetos).decode()}")'

    return FUENTE.sub(dentro, hoja.read_text(encoding="utf-8"))


def version(sitio: Path) -> str:
    """La versión con que se citan las páginas."""
    html = BeautifulSoup((sitio / "index.html").read_bytes(), "html.parser")
    return html.find("meta", {"name": "cita:version"})["content"]


def preparar(sitio: Path, destino: Path) -> None:
    """Copia el sitio en `destino` de modo que se abra desde el disco."""
    shutil.copytree(sitio, destino, ignore=shutil.ignore_patterns(*SOBRA))
    for ruta in destino.rglob("*.html"):
        pagina = ruta.relative_to(destino).as_posix()
        html = al_disco(ruta.read_text(encoding="utf-8"), pagina, destino)
        ruta.write_text(html, encoding="utf-8")
    hoja = destino / "recursos/estilo.css"
    hoja.write_text(con_fuentes(hoja), encoding="utf-8")
    indice = json.loads((sitio / "search/search_index.json").read_bytes())
    guiones = {
        "search/search_index.js": indice_del_buscador(indice),
        BUSCADOR: trabajador(sitio),
    }
    for nombre, texto in guiones.items():
        (destino / nombre).write_text(texto, encoding="utf-8")


def empaquetar(sitio: Path, dist: Path) -> Path:
    """Escribe `apuntes-VERSION.zip`, con una sola carpeta dentro, y da su ruta."""
    nombre = f"apuntes-{version(sitio)}"
    with tempfile.TemporaryDirectory() as carpeta:
        preparar(sitio, Path(carpeta) / nombre)
        return Path(shutil.make_archive(str(dist / nombre), "zip", carpeta, nombre))


if __name__ == "__main__":
    print(empaquetar(Path(sys.argv[1]), Path(sys.argv[2])))  # noqa: T201  (es una orden)
