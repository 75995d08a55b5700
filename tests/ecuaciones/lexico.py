"""Los símbolos de una fórmula escrita en LaTeX, y cómo se parte por ellos."""

import re

TOKEN = re.compile(
    r"\d+(?:\{,\}|\.)\d+|\\(?:begin|end|text)\{[^}]*\}|\\[a-zA-Z]+|\\.|[^\s]"
)
NOMBRE = re.compile(r"\\(?:operatorname|mathrm|mathit)\0\{\0((?:\w\0)+)\}")
MUDOS = {r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\biggl", r"\biggr", r"\!"}
MUDOS |= {r"\left", r"\right", r"\,", r"\;", r"\:"}
MUDOS |= {r"\displaystyle", r"\limits", r"\begin{aligned}", r"\end{aligned}"}
PUNTOS = {".", ",", ";"}
HUECOS = {r"\quad", r"\qquad"}


def trocear(latex: str) -> list[str]:
    r"""Los símbolos de una fórmula; `\hat{y}` y `\hat y` dan los mismos."""
    tokens = TOKEN.findall(re.sub(r"\\label\{[^}]*\}|\{\}", "", latex))
    texto = "\0".join(t for t in tokens if t not in MUDOS)
    texto = NOMBRE.sub(lambda m: f"\\operatorname{{{m[1]}}}".replace("\0", ""), texto)
    return re.sub(r"(?:^|(?<=\0))\{\0([^\0{}]+)\0\}", r"\1", texto).split("\0")


def partir(tokens: list[str], *cortes: str) -> list[list[str]]:
    """Trozos entre los `cortes` que no están dentro de llaves, paréntesis ni entornos."""
    trozos, hondo = [[]], 0
    for token in tokens:
        hondo += (token in ("{", "(", "[")) + token.startswith(r"\begin")
        hondo -= (token in ("}", ")", "]")) + token.startswith(r"\end")
        if hondo == 0 and token in cortes:
            trozos.append([])
        else:
            trozos[-1].append(token)
    return trozos


def sin_puntos(tokens: list[str]) -> list[str]:
    """Sin la puntuación ni los huecos de los extremos."""
    while tokens and tokens[-1] in PUNTOS | HUECOS:
        tokens = tokens[:-1]
    while tokens and tokens[0] in HUECOS:
        tokens = tokens[1:]
    return tokens


def cadena(tokens: list[str], signos) -> tuple[list[list[str]], list[str]]:
    """Los miembros de `a = b < c` y los signos que los separan."""
    miembros, lugar, vistos = partir(tokens, *signos), 0, []
    for miembro in miembros[:-1]:
        lugar += len(miembro)
        vistos.append(tokens[lugar])
        lugar += 1
    return miembros, vistos
