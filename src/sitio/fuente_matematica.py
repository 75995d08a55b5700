r"""La fuente de las fórmulas: `docs/recursos/fuentes/apuntes-math.woff2`.

Es un subconjunto de Latin Modern Math 1.959 (`fonts-lmodern`, en Debian) que conserva
la tabla MATH, sin la que el navegador no sabe estirar un paréntesis. Lleva otro nombre
porque su licencia, la GUST, pide que lo derivado no use el de la original.
Para rehacerla, en un entorno con `fonttools` y `brotli`, que el del sitio no lleva:

    python src/sitio/fuente_matematica.py latinmodern-math.otf

Si una fórmula pide un carácter que aquí falta, el navegador lo toma de otra fuente:
añádelo y rehaz el fichero. La negrita es la de TeX: `\mathbf{x}` para el latín,
`\boldsymbol{\theta}` para el griego.
"""
# ruff: noqa: RUF001  (los caracteres que se parecen a otros son aquí el contenido)

import sys
from pathlib import Path

NOMBRE = "Apuntes Math"
RAIZ = Path(__file__).resolve().parents[2]
DESTINO = RAIZ / "docs/recursos/fuentes/apuntes-math.woff2"
OPCIONES = "--layout-features=ssty --no-hinting --desubroutinize --flavor=woff2"

# Alfabetos y series seguidas de Unicode, con los dos extremos incluidos.
BLOQUES = (
    (0x0020, 0x007E),  # latín básico
    (0x0391, 0x03A9),  # griego redonda: las mayúsculas; las minúsculas van en cursiva
    (0x2061, 0x2064),  # operadores invisibles
    (0x23DC, 0x23DF),  # llaves y paréntesis tumbados
    (0x27F5, 0x27FE),  # flechas largas
    (0x1D400, 0x1D433),  # latín negrita
    (0x1D434, 0x1D467),  # latín cursiva
    (0x1D49C, 0x1D4B5),  # caligráfica mayúscula
    (0x1D6F0, 0x1D71B),  # griego cursiva
    (0x1D73C, 0x1D755),  # griego negrita cursiva
    (0x1D7CE, 0x1D7D9),  # cifras en negrita, y el 1 de pizarra
)
# Lo demás, carácter a carácter.
SUELTOS = (
    "áéíóúñ…"  # el español dentro de `\text`
    "\u00a0\u2009ıȷ𝚤𝚥¨¯´ˆˇ˘˙˜\u0302\u0303\u0304\u0305\u0306\u0307\u0308"  # acentos
    "\u0332\u0338\u20d7"
    "ℂℋℐℑℒℓℎℏℕ℘ℙℚℛℜℝℤℬℰℱℳ𝔻𝔼𝕀𝕊𝕍𝕏𝕐"
    "←↑→↓↔↕↗↘↙↖↦↪⇀⇌⇐⇑⇒⇓⇔"
    "°·×÷±¬†‡•‖′″‴∀∂∃∅∆∇∈∉∋∏∐∑−∓∖∗∘∙√∝∞∠∣∤∥∦∧∨∩∪∫∬∮∴∵∼≃≅≈≐≔≕≜≝≟≠≡≢≤≥≦≧≪≫≮≯≲≳≺≻"
    "⊂⊃⊄⊆⊇⊈⊊⊕⊖⊗⊘⊙⊢⊤⊥⊨⊸⋀⋁⋂⋃⋄⋅⋆⋮⋯⋰⋱⌈⌉⌊⌋■□△▽○●✓⟦⟧⟨⟩⨀⨁⨂⩽⩾⪯⪰"
)


def caracteres() -> set[int]:
    """Los puntos de código que puede llevar una fórmula del curso."""
    seguidos = {p for inicio, fin in BLOQUES for p in range(inicio, fin + 1)}
    return seguidos | set(map(ord, SUELTOS))


def recortar(origen: Path, destino: Path = DESTINO) -> None:
    """Escribe en `destino` el subconjunto de la fuente `origen`, en woff2."""
    from fontTools import subset  # solo hace falta para rehacer la fuente

    opciones = subset.Options()
    opciones.parse_opts(OPCIONES.split())
    fuente = subset.load_font(str(origen), opciones)
    _dejar_solo_primas(fuente)
    recortador = subset.Subsetter(opciones)
    recortador.populate(unicodes=caracteres())
    recortador.subset(fuente)
    _renombrar(fuente)
    subset.save_font(fuente, str(destino), opciones)


def _dejar_solo_primas(fuente) -> None:
    """De los dibujos para índices (`ssty`) deja los de las primas; eran la mitad.

    Chromium no los usa; Firefox pone en su lugar la letra del texto, más pequeña.
    """
    letras = fuente.getBestCmap()
    primas = {letras[ord(prima)] for prima in "′″‴"}
    alternativas = 3  # el tipo de tabla en que están
    for tabla in fuente["GSUB"].table.LookupList.Lookup:
        for parte in tabla.SubTable if tabla.LookupType == alternativas else ():
            de = parte.alternates
            parte.alternates = {letra: de[letra] for letra in primas & de.keys()}


def _renombrar(fuente) -> None:
    """Cambia los nombres que la licencia reserva; el aviso de autoría (0) se queda."""
    compacto = NOMBRE.replace(" ", "")
    version = f"{compacto}: subconjunto de 1.959"
    nombres = {1: NOMBRE, 3: version, 4: NOMBRE, 6: compacto, 16: NOMBRE}
    for registro in fuente["name"].names:
        registro.string = nombres.get(registro.nameID, registro.string)
    tabla = fuente["CFF "].cff
    tabla.fontNames = [compacto]
    tabla[0].FullName = tabla[0].FamilyName = NOMBRE


if __name__ == "__main__":
    recortar(Path(sys.argv[1]))
