"""El curso en una sola página, para imprimirlo: portada, índice y todos los capítulos.

Une el cuerpo de cada página terminada, en el orden de la navegación, con lo que la
pantalla tiene y el papel no: los enlaces entre páginas pasan a ser internos, las
soluciones van al final de su capítulo y cada línea de código sabe cuánto sangra, para
partirse sin perderse. La figura que no cabe en su hoja la baja `libro.js` al abrirlo.
Las señas son únicas en todo el curso, así que no cambian: la de la web sirve también en
el PDF.
"""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from sitio.papel import al_final, preparar

HOJA = Path(__file__).with_name("libro.css")
MAQUETA = Path(__file__).with_name("libro.js")
ORIGEN = "http://sitio/"
HUECO = re.compile(r'<span class="folio" data-de="([\w-]+)">')
PLANTILLA = """\
<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<title>{titulo}</title>
{hojas}
<style>{estilo}</style>
</head>
<body class="libro" data-md-color-scheme="default" data-md-color-primary="custom" \
data-md-color-accent="custom" dir="ltr">
<div class="md-typeset">
{portada}
{indice}
{paginas}
</div>
<script>
{maqueta}</script>
</body>
</html>
"""


@dataclass
class Pagina:
    """Una página del curso, y dónde cae en la navegación."""

    camino: str  # `capitulos/02-red-datos-coste/`; la portada, ``
    parte: str  # «Capítulos», «Consulta»
    html: BeautifulSoup
    cuerpo: Tag

    @property
    def titulo(self) -> Tag:
        """Su título, con su número."""
        return self.cuerpo.h1


@dataclass
class Libro:
    """El libro compuesto."""

    html: str
    titulos: list[str]  # en orden, los que Chromium pone en los marcadores
    autor: str


def leer_paginas(sitio: Path) -> list[Pagina]:
    """Las páginas del sitio, en el orden de su navegación; la primera, la portada."""
    inicio = BeautifulSoup((sitio / "index.html").read_bytes(), "html.parser")
    paginas, parte = [], ""
    for entrada in inicio.select(".md-nav--primary .md-nav__link"):
        if entrada.name != "a":
            parte = entrada.get_text(strip=True)
        elif not entrada["href"].startswith("#"):
            camino = entrada["href"].removeprefix(".")
            ruta = sitio / camino / "index.html"
            html = BeautifulSoup(ruta.read_bytes(), "html.parser")
            paginas.append(Pagina(camino, parte, html, html.article))
    return paginas


def componer(sitio: Path) -> Libro:
    """El libro entero, con los números del índice por poner."""
    portada, *paginas = leer_paginas(sitio)
    for pagina in paginas:
        preparar(pagina.cuerpo)
        al_final(pagina.cuerpo)
    enlazar(portada, paginas)
    html = PLANTILLA.format(
        titulo=escape(meta(portada, "obra")),
        hojas="\n".join(map(str, hojas(portada, sitio))),
        estilo=HOJA.read_text(encoding="utf-8") + cabeceras(paginas),
        portada=cubierta(portada),
        indice=indice(paginas),
        paginas="\n".join(map(seccion, paginas)),
        maqueta=MAQUETA.read_text(encoding="utf-8"),
    )
    titulos = [
        texto_de(titulo)
        for pagina in paginas
        for titulo in pagina.cuerpo.find_all(re.compile("^h[1-6]$"))
    ]
    titulos = [texto_de(portada.titulo), "Índice", *titulos]
    return Libro(html, titulos, meta(portada, "autor"))


def numerar(html: str, numeros: dict[str, int]) -> str:
    """Escribe en el índice en qué página del PDF cae cada título."""
    return HUECO.sub(lambda hueco: f"{hueco[0]}{numeros[hueco[1]]}", html)


def enlazar(portada: Pagina, paginas: list[Pagina]) -> None:
    """Hace internos los enlaces entre páginas; los demás llevan a lo publicado.

    Raises:
        ValueError: si un enlace lleva a una seña que no está en el libro.
    """
    publicada = portada.html.find("link", rel="canonical")["href"]
    titulos = {pagina.camino: pagina.titulo["id"] for pagina in paginas}
    senas = {e["id"] for pagina in paginas for e in pagina.cuerpo.find_all(id=True)}
    for pagina in paginas:
        for enlace in pagina.cuerpo.find_all("a", href=True):
            destino = urljoin(f"{ORIGEN}{pagina.camino}", enlace["href"])
            if not destino.startswith(ORIGEN):
                continue
            camino, _, sena = destino.removeprefix(ORIGEN).partition("#")
            if camino not in titulos:
                enlace["href"] = urljoin(publicada, destino.removeprefix(ORIGEN))
                continue
            sena = sena or titulos[camino]
            if sena not in senas:
                raise ValueError(
                    "un enlace del libro lleva a una seña suya; "
                    f"se recibió {enlace['href']!r} en {pagina.camino}"
                )
            enlace["href"] = f"#{sena}"


def meta(portada: Pagina, nombre: str) -> str:
    """Un dato de la cita: obra, autor, versión o fecha."""
    return portada.html.find("meta", {"name": f"cita:{nombre}"})["content"]


def hojas(portada: Pagina, sitio: Path) -> list[Tag]:
    """Las hojas de estilo del sitio, por su dirección en el disco."""
    enlaces = portada.html.find_all("link", rel="stylesheet")
    for enlace in enlaces:
        enlace["href"] = urljoin(f"{sitio.resolve().as_uri()}/", enlace["href"])
    return enlaces


def texto_de(titulo: Tag) -> str:
    """Un título en una línea, «2. Red, datos y función de coste»."""
    copia = BeautifulSoup(str(titulo), "html.parser")
    for formula in copia.find_all("annotation"):
        formula.decompose()
    return re.sub(r"\s+", " ", copia.get_text()).strip()


def cabeceras(paginas: list[Pagina]) -> str:
    """Una clase de hoja por página, con su título arriba."""
    reglas = []
    for pagina in paginas:
        titulo = texto_de(pagina.titulo).replace("\\", "\\\\").replace('"', '\\"')
        sena = pagina.titulo["id"]
        reglas.append(f'@page {sena} {{ @top-right {{ content: "{titulo}"; }} }}')
        reglas.append(f'[data-hoja="{sena}"] {{ page: {sena}; }}')
    return "\n".join(reglas)


def cubierta(portada: Pagina) -> str:
    """La portada: título, lema, figura, autoría, versión, licencia y dirección."""
    titulo = portada.titulo
    for enlace in titulo.select(".headerlink"):
        enlace.decompose()
    lema = portada.cuerpo.select_one(".lema")
    dibujo = portada.cuerpo.select_one("figure svg")
    direccion = portada.html.find("link", rel="canonical")["href"]
    ano, mes, dia = meta(portada, "fecha").split("-")
    derechos = portada.html.select_one(".md-copyright__highlight").get_text(strip=True)
    return f"""<header class="cubierta">
<h1>{titulo.decode_contents()}</h1>
<p class="lema">{lema.decode_contents()}</p>
{dibujo or ""}
<p class="autoria">{escape(meta(portada, "autor"))}</p>
<p>Versión {escape(meta(portada, "version"))}, {int(dia)}-{int(mes)}-{ano}<br>
<a href="{direccion}">{re.sub("^https?://|/$", "", direccion)}</a></p>
<p class="derechos">{derechos}</p>
</header>"""


def indice(paginas: list[Pagina]) -> str:
    """El índice, con un hueco para el número de página de cada título."""

    def fila(titulo: Tag) -> str:
        sena = titulo["id"]
        return (
            f'<li class="{titulo.name}"><a href="#{sena}">'
            f"<span>{escape(texto_de(titulo))}</span>"
            '<span class="puntos"></span>'
            f'<span class="folio" data-de="{sena}"></span></a></li>'
        )

    filas, parte = [], ""
    for pagina in paginas:
        if pagina.parte != parte:
            parte = pagina.parte
            filas.append(f'<li class="parte">{escape(parte)}</li>')
        filas.append(fila(pagina.titulo))
        # Lo demás está en los marcadores; aquí, lo que se busca hojeando.
        filas += map(fila, pagina.cuerpo.select("h2:has(.numero), h2[id$=-soluciones]"))
    lista = "\n".join(filas)
    return f'<nav class="indice"><h1>Índice</h1><ul>\n{lista}\n</ul></nav>'


def seccion(pagina: Pagina) -> str:
    """El cuerpo de una página en su clase de hoja."""
    sena = pagina.titulo["id"]
    dentro = pagina.cuerpo.decode_contents()
    clases = "pagina md-content__inner"
    return f'<section class="{clases}" data-hoja="{sena}">{dentro}</section>'
