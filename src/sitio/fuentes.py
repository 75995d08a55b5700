r"""Las fuentes del curso, `docs/recursos/fuentes/apuntes-*.woff2`: solo lo que se usa.

Se recortan de Latin Modern Math 1.959 (`fonts-lmodern`, en Debian), de la que queda la
tabla MATH, sin la que el navegador no sabe estirar un paréntesis, con las raíces y los
paréntesis grandes más estrechos, y de los subconjuntos «latin» de Source Serif 4 que
distribuye Fontsource. Llevan otro nombre porque sus licencias piden que lo derivado no
use el de la original. Para rehacerlas, en un entorno con `fonttools` y `brotli`, que el
del sitio no lleva:

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
    + "ℎΔΘΛΣΦℒ𝒩𝒫ℓℙℝ𝔼𝕍𝟏"
    + "\u2061\u2062\u2063\u2064¯ˆ˙˜\u0302\u0303\u0304\u0305\u0307"
    + "←→⇒⏟′″‖∂∇∈∏∑−∓∗∘√∞∫≈≠≤≥≪≫⊙⊤⋅⋆⋮⋯⌈⌉⌊⌋⟨⟩"
)
AJUSTES = "--no-hinting --desubroutinize --flavor=woff2"
ANCHO_DE_RAIZ = 720  # milésimas de cuadratín; la menor de la original ocupa 833
ALTURA_DE_RAIZ = 0.8  # de la menor, que es la de √m
RASGOS_DEL_TEXTO = "kern,liga,locl,ccmp,mark,lnum,tnum"
# De cada original: qué se queda de ella, qué rasgos y con qué nombre.
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
    if "MATH" in fuente:
        _igualar_anchos(fuente)
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


def _igualar_anchos(fuente) -> None:
    """Hace igual de anchas las tallas de una raíz y, desde la cuarta, de un paréntesis.

    Chromium reserva siempre el ancho de la mayor, que dejaba un hueco alrededor. La
    raíz de una letra es además más baja: cuelga de su raya, y bajaba medio renglón.
    """
    for signo in "()[]{}⌈⌉⌊⌋⟨⟩":
        tallas, partes = _tallas(fuente, signo)
        cuarta = fuente["hmtx"][tallas[3].VariantGlyph][0]
        for nombre in [*(t.VariantGlyph for t in tallas[4:]), *partes]:
            _dibujar(fuente, nombre, min(cuarta, fuente["hmtx"][nombre][0]))
    (menor, *tallas), partes = _tallas(fuente, "√")
    menor.AdvanceMeasurement = round(menor.AdvanceMeasurement * ALTURA_DE_RAIZ)
    _dibujar(fuente, menor.VariantGlyph, ANCHO_DE_RAIZ, ALTURA_DE_RAIZ)
    for nombre in [*(t.VariantGlyph for t in tallas), *partes]:
        _dibujar(fuente, nombre, ANCHO_DE_RAIZ)


def _tallas(fuente, signo: str) -> tuple[list, list[str]]:
    """Los tamaños en que viene un signo que se estira y los trozos del mayor."""
    variantes = fuente["MATH"].table.MathVariants
    letra = fuente.getBestCmap()[ord(signo)]
    cual = variantes.VertGlyphCoverage.glyphs.index(letra)
    dibujos = variantes.VertGlyphConstruction[cual]
    montaje = dibujos.GlyphAssembly
    partes = [parte.glyph for parte in montaje.PartRecords] if montaje else []
    return dibujos.MathGlyphVariantRecord, partes


def _dibujar(fuente, nombre: str, ancho: int, alto: float = 1) -> None:
    """Vuelve a dibujar una letra con otro ancho y otra altura."""
    from fontTools.pens.t2CharStringPen import T2CharStringPen
    from fontTools.pens.transformPen import TransformPen

    antes, lado = fuente["hmtx"][nombre]
    letras = fuente["CFF "].cff[0].CharStrings
    pluma = T2CharStringPen(ancho, None)
    escala = TransformPen(pluma, (ancho / antes, 0, 0, alto, 0, 0))
    fuente.getGlyphSet()[nombre].draw(escala)
    letra = letras[nombre]
    letras[nombre] = pluma.getCharString(letra.private, letra.globalSubrs)
    fuente["hmtx"][nombre] = ancho, round(lado * ancho / antes)


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
