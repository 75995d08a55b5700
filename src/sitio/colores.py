"""El código resaltado con una sola etiqueta por color, y ninguna donde nada distingue.

Pygments distingue unas setenta clases de símbolos y el tema, diez colores, dos de ellos
casi el de los nombres: las etiquetas que sobran son 5 KB de un capítulo comprimido.
"""

import re

# La clase que queda de cada color del tema, y las de Pygments que lo comparten. Los
# nombres y los signos, que son casi todo, van con la tinta del código.
COLORES = {
    "": "kc n o ow p sa w",
    "c": "c1 ch cm cs sd",
    "k": "kd kn kp kr kt nd ni nl nt",
    "m": "il mb mf mh mi mo",
    "nb": "bp no",
    "nf": "nc ne nn",
    "s": "cpf l s1 s2 sb sc si ss",
}
CLASE = {clase: color for color, clases in COLORES.items() for clase in clases.split()}
ETIQUETA = re.compile(r'<span class="(\w+)">([^<]*)</span>')
SEGUIDAS = re.compile(
    r'(<span class="(c|k|m|nb|nf|s)">[^<]*)</span>( *)<span class="\2">([^<]*)'
)


def por_color(html: str) -> str:
    """El mismo código, con los mismos colores y menos etiquetas."""
    html, unidas = ETIQUETA.sub(_coloreado, html), 1
    while unidas:
        html, unidas = SEGUIDAS.subn(r"\1\3\4", html)
    return html


def _coloreado(etiqueta: re.Match) -> str:
    color = CLASE.get(etiqueta[1], etiqueta[1])
    return f'<span class="{color}">{etiqueta[2]}</span>' if color else etiqueta[2]
