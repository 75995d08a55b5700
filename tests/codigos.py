"""Los bloques de código de una página: lo que da su botón de copiar, y lo que enseñan."""

import doctest
from dataclasses import dataclass

from bs4 import Tag

# Ejecuta el preludio y comprueba que cada salida es la que se ve.
PRUEBA = """\
import doctest
nombres = {{"__name__": "__main__"}}
exec({preludio!r}, nombres)
prueba = doctest.DocTestParser().get_doctest({codigo!r}, nombres, "bloque", None, 0)
opciones = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
corredor = doctest.DocTestRunner(verbose=False, optionflags=opciones)
assert corredor.run(prueba).failed == 0
"""


@dataclass(frozen=True)
class Bloque:
    """Un bloque con botón de copiar."""

    preludio: str  # lo que se copia y no se ve
    codigo: str
    python: bool
    consola: bool  # con indicadores y salidas, que no se copian
    plegado: bool  # dentro de una solución

    @property
    def copiado(self) -> str:
        """Lo que da el botón."""
        if not self.consola:
            return self.preludio + self.codigo
        ejemplos = doctest.DocTestParser().get_examples(self.codigo)
        return self.preludio + "".join(ejemplo.source for ejemplo in ejemplos)

    @property
    def programa(self) -> str:
        """Lo que da el botón; en una consola, comparando cada salida con la que se ve."""
        if not self.consola:
            return self.copiado
        return PRUEBA.format(preludio=self.preludio, codigo=self.codigo)


def bloques(articulo: Tag) -> list[Bloque]:
    """Los bloques de una página, en su orden."""
    return [
        _bloque(codigo)
        for codigo in articulo.select("div.highlight:not(.no-copy) > pre > code")
    ]


def _bloque(codigo: Tag) -> Bloque:
    oculto = codigo.find(class_="preludio")
    preludio = oculto.get_text() if oculto else ""
    return Bloque(
        preludio=preludio,
        codigo=codigo.get_text().removeprefix(preludio),
        python=codigo.select_one(".gp, .kn, .k, .n, .nb") is not None,
        consola=codigo.select_one(".gp") is not None,
        plegado=codigo.find_parent("details") is not None,
    )
