"""Lo que el papel pide a una página: sin botones, desplegada y con líneas de código.

El código se parte por donde respira; las soluciones van al final de su capítulo.
"""

import re
from html import escape

from bs4 import BeautifulSoup, Tag

# Lo que en papel no sirve.
SOBRA = (
    ".headerlink, .md-content__button, .cuaderno, .avisar, .cita-impresa, .preludio,"
    ".filtro, .con-juego, input"
)
MARCA = re.compile(r"(<[^>]+>|\n)")


def preparar(cuerpo: Tag) -> None:
    """Quita lo que en papel no sirve y abre lo que nace plegado."""
    for elemento in cuerpo.select(SOBRA):
        elemento.decompose()
    for codigo in cuerpo.select("pre > code"):
        # Dentro de `pre`, o se perdería la sangría al leerlo.
        lineas = f"<pre>{por_lineas(codigo.decode_contents())}</pre>"
        codigo.clear()
        codigo.extend([*BeautifulSoup(lineas, "html.parser").pre.contents])
    # Cien pruebas enteras serían otro libro: se dice dónde están.
    for prueba in cuerpo.select("details.prueba"):
        fichero = prueba.select_one(".filename")
        prueba.clear()
        prueba.name, prueba["class"] = "p", "datos"
        prueba.append("Prueba: ")
        prueba.append(BeautifulSoup(f"<code>{fichero.text}</code>", "html.parser"))
    for plegado in cuerpo.select("details"):
        desplegar(plegado)


def desplegar(plegado: Tag) -> None:
    """Convierte lo plegado en una caja corriente, con su rótulo: así se parte bien."""
    clases = plegado.get("class", [])
    plegado.name = "div"
    plegado["class"] = [*clases, "admonition"] if clases else "lista"
    plegado.summary["class"] = "admonition-title" if clases else "rotulo"
    plegado.summary.name = "p"


def por_lineas(codigo: str) -> str:
    """Cada línea del código en su caja, con las marcas que la cruzan repetidas.

    La sangría de la línea va en `--sangria`: si no cabe, sigue más adentro. Las que
    van tras una en blanco o empiezan una orden son `corte`: ahí se puede pasar de hoja.
    """
    cajas, abiertas, linea, visto = [], [], [], "nada"
    for trozo in [*MARCA.split(codigo.rstrip("\n")), "\n"]:
        if trozo == "\n":
            texto = "".join(linea) + "</span>" * len(abiertas)
            antes, visto = visto, re.sub(r"<[^>]+>", "", texto).replace("&gt;", ">")
            sangria = len(re.match(r"(?:>>>|\.\.\.)?\s*", visto)[0])
            clase = "linea" if antes and not visto.startswith(">>>") else "linea corte"
            cajas.append(
                f'<span class="{clase}" style="--sangria: {sangria}ch">{texto}</span>'
            )
            linea = [*abiertas]
            continue
        if trozo.startswith("</"):
            abiertas.pop()
        elif trozo.startswith("<"):
            abiertas.append(trozo)
        linea.append(trozo)
    return "".join(cajas)


def al_final(cuerpo: Tag) -> None:
    """Lleva las soluciones al final del capítulo, cada una con su enlace de vuelta."""
    soluciones = cuerpo.select(".solucion")
    if not soluciones:
        return
    sena = f"{cuerpo.h1['id']}-soluciones"
    cuerpo.append(BeautifulSoup(f'<h2 id="{sena}">Soluciones</h2>', "html.parser"))
    for solucion in soluciones:
        ejercicio = solucion.find_previous_sibling("section", class_="ejercicio")
        solucion.name = "section"
        solucion["class"] = "solucion"
        solucion.p["class"] = "rotulo"
        texto = solucion.p.get_text()
        solucion.p.string = ""
        vuelta = f'<a href="#{ejercicio["id"]}">{escape(texto)}</a>'
        solucion.p.append(BeautifulSoup(vuelta, "html.parser"))
        cuerpo.append(solucion.extract())
