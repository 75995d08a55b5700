"""Los bloques `pycon` de las páginas son pruebas: Sybil los ejecuta."""

import os
import tempfile
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE

from sybil import Sybil
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.parsers.markdown import CodeBlockParser

# Las pruebas no tocan el progreso en los ejercicios de quien las pasa.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="apuntes-")
# Los cuadernos no son módulos: los ejecuta la construcción.
collect_ignore_glob = ["docs/laboratorios/*.py"]


class PyconParser:
    """Cada `>>>` de un bloque `pycon` es una prueba; el estado dura la página."""

    def __init__(self, optionflags: int = 0):
        self._blocks = CodeBlockParser("pycon", evaluator=lambda example: None)
        self._doctest = DocTestStringParser(DocTestEvaluator(optionflags))

    def __call__(self, document):
        """Da las regiones del documento que hay que evaluar."""
        for block in self._blocks(document):
            for region in self._doctest(block.parsed, document.path):
                region.adjust(block, block.parsed)
                yield region


pytest_collect_file = Sybil(
    parsers=[PyconParser(optionflags=ELLIPSIS | NORMALIZE_WHITESPACE)],
    patterns=["docs/*.md", "docs/**/*.md", "README.md"],
).pytest()
