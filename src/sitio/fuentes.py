r"""Las fuentes del curso, `docs/recursos/fuentes/apuntes-*.woff2`: solo lo que se usa.

Se recortan de Latin Modern Math 1.959 (`fonts-lmodern`, en Debian), de la que queda la
tabla MATH, sin la que el navegador no sabe estirar un paréntesis, y de los subconjuntos
«latin» de Source Serif 4 que distribuye Fontsource. Llevan otro nombre porque sus
licencias piden que lo derivado no use el de la original. Para rehacerlas, en un entorno
con `fonttools` y `brotli`, que el del sitio no lleva:

    python src/sitio/fuentes.py latinmodern-math.otf \
        source-serif-4-latin-{400-normal,400-italic,600-normal}.woff2

Si una fórmula pide un carácter que aquí falta, el navegador lo toma de otra fuente y
una prueba lo dice: añádelo y rehaz los ficheros.
"""
# ruff: noqa: RUF001  (los caracteres que se parecen a otros son aquí el contenido)

import sys
from pathlib import Path
from string import ascii_letters, digits, punctuation

RAIZ = Path(__file__).resolve().parents[2]
CARPETA = RAIZ / "docs/recursos/fuentes"
COMUNES = ascii_letters + digits + punctuation + " \u00a0\u2009áéíóúñ…±×·"

TEXTO = COMUNES + "ÁÉÍÓÚÑÜüÀàÇçÈèÄäÖöÅåôŷ¡¿ªº«»°§¹²³¼½¾´¨\u00ad\u202f–—‘’“”•−"
FORMULAS = (
    COMUNES
    + "".join(map(chr, range(0x1D434, 0x1D468)))  # latín en cursiva
    + "".join(map(chr, range(0x1D6FC, 0x1D71C)))  # griego en cursiva: las minúsculas
    + "ℎ𝚤𝚥ΓΔΘΛΞΠΣΦΨΩ𝒜ℬ𝒞𝒟ℒ𝒩𝒫ℓℕℙℝ𝔼𝕀𝕍𝟏𝟙"
    + "\u2061\u2062\u2063\u2064¨¯´ˆˇ˘˙˜\u0302\u0303\u0304\u0305\u0307\u0338"
    + "←↑→↓↔↦⇐⇒⇔⏞⏟°†′″‖∀∂∃∅∇∈∉∏∑−∓∖∗∘√∝∞∣∥∧∨∩∪∫≃≈≔≠≡≤≥≪≫⊂⊆⊙⊤⊥⋅⋆⋮⋯⋱⌈⌉⌊⌋⟨⟩⩽⩾"
)
AJUSTES = "--no-hinting --desubroutinize --flavor=woff2"
# De cada original: qué se queda de ella, qué rasgos y con qué nombre.
RASGOS_DEL_TEXTO = "kern,liga,locl,ccmp,mark,lnum,tnum"
RECORTES = (
    ("apuntes-math", FORMULAS, "ssty", "Apuntes Math"),
    ("apuntes-serif", TEXTO, RASGOS_DEL_TEXTO, "Apuntes Serif"),
    ("apuntes-serif-cursiva", TEXTO, RASGOS_DEL_TEXTO, "Apuntes Serif"),
    ("apuntes-serif-seminegra", TEXTO, RASGOS_DEL_TEXTO, "Apuntes Serif"),
)


def recortar(origen, destino: Path, letras: str, rasgos: str, nombre: str) -> None:
    """Escribe en `destino`, en woff2, las `letras` y los `rasgos` de `origen`."""
    from fontTools import subset  # solo hace falta para rehacer las fuentes

    opciones = subset.Options()
    opciones.parse_opts([*AJUSTES.split(), f"--layout-features={rasgos}"])
    fuente = subset.load_font(origen, opciones)
    if "MATH" in fuente:
        _dejar_solo_primas(fuente)
    recortador = subset.Subsetter(opciones)
    recortador.populate(text=letras)
    recortador.subset(fuente)
    _renombrar(fuente, nombre)
    subset.save_font(fuente, str(destino), opciones)


def _dejar_solo_primas(fuente) -> None:
    """De los dibujos para índices (`ssty`) deja los de las primas; eran la mitad.

    Chromium no los usa; Firefox pone en su lugar la letra del texto, más pequeña.
    """
    letras = fuente.getBestCmap()
    primas = {letras[ord(prima)] for prima in "′″"}
    alternativas = 3  # el tipo de tabla en que están
    for tabla in fuente["GSUB"].table.LookupList.Lookup:
        for parte in tabla.SubTable if tabla.LookupType == alternativas else ():
            de = parte.alternates
            parte.alternates = {letra: de[letra] for letra in primas & de.keys()}


def _renombrar(fuente, nombre: str) -> None:
    """Cambia los nombres que la licencia reserva; el aviso de autoría (0) se queda."""
    compacto = nombre.replace(" ", "")
    version = f"{compacto}: subconjunto"
    nombres = {1: nombre, 3: version, 4: nombre, 6: compacto, 16: nombre}
    for registro in fuente["name"].names:
        registro.string = nombres.get(registro.nameID, registro.string)
    if "CFF " in fuente:
        tabla = fuente["CFF "].cff
        tabla.fontNames = [compacto]
        tabla[0].FullName = tabla[0].FamilyName = nombre


if __name__ == "__main__":
    for original, (fichero, *como) in zip(sys.argv[1:], RECORTES, strict=True):
        recortar(original, CARPETA / f"{fichero}.woff2", *como)
