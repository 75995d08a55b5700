"""Que `make serve` enseñe un cambio enseguida: compone solo la página que cambió.

Una página sale de su Markdown, del índice del curso y de los ficheros de fuera de
`docs/` que incluye o lee. Si nada de eso cambió, vale lo que se compuso la otra vez.
"""

import re
from hashlib import sha256
from pathlib import Path

from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.pages import Page

from sitio.indice import leer_curso
from sitio.tipografia import DURO

FUENTES = ("src", "results", "tests", "docs", "mkdocs.yml")
SUFIJOS = {".py", ".csv", ".json", ".j2", ".yml", ".bib", ".html", ".md"}
# Lo que `Page.render` deja en la página.
COMPUESTO = ("content", "toc", "_title_from_render", "present_anchor_ids")
DIBUJOS = re.compile(r"<svg\b.*?</svg>|<math data-search-exclude.*?</math>", re.DOTALL)

_huella = ""
_guardadas: dict[str, tuple[str, dict, dict]] = {}
_buscables: dict[str, tuple[str, list[dict]]] = {}
_componer = Page.render


def on_pre_build(config):
    """Apunta cómo está todo lo que puede cambiar cualquier página."""
    global _huella
    raiz, docs = Path(config.config_file_path).parent, Path(config.docs_dir)
    # `erratas/s0.md` no es una página, sino parte de `erratas.md`.
    paginas = {
        r for r in docs.rglob("*.md") if not r.parent.with_suffix(".md").exists()
    }
    todas = [r for f in FUENTES for r in [raiz / f, *(raiz / f).rglob("*")]]
    otras = sorted(r for r in todas if r.suffix in SUFIJOS and r not in paginas)
    estado = [(str(r), r.stat().st_mtime_ns) for r in otras]
    indice = [(e, e.opciones) for e in leer_curso(docs).values()]
    _huella = sha256(repr((sorted(paginas), estado, indice)).encode()).hexdigest()


def componer(page, config, files):
    """`Page.render`, salvo si esta página ya se compuso igual."""
    ruta = page.file.src_uri
    clave = f"{_huella} {page.markdown}"
    if _guardadas.get(ruta, ("",))[0] != clave:
        _componer(page, config, files)
        partes = {nombre: getattr(page, nombre) for nombre in COMPUESTO}
        enlaces = {
            f.src_uri: anclas for f, anclas in (page.links_to_anchors or {}).items()
        }
        _guardadas[ruta] = clave, partes, enlaces
    else:
        _, partes, enlaces = _guardadas[ruta]
        page.__dict__.update(partes)
        page.links_to_anchors = {
            files.get_file_from_path(f): a for f, a in enlaces.items()
        }


Page.render = componer


@event_priority(100)
def _antes_del_buscador(context, page, config, nav):
    """El buscador lee solo páginas nuevas, y sin lo que iba a saltarse y más pesa."""
    entradas = config.plugins["material/search"].search_index.entries
    leida, suyas = _buscables.get(page.url, ("", []))
    entradas += suyas if leida == page.content else []
    page.entera, page.hasta = page.content, len(entradas)
    buscable = DIBUJOS.sub("", page.content).replace(DURO, " ")
    page.content = "" if leida == page.content else buscable


@event_priority(-100)
def _tras_el_buscador(context, page, config, nav):
    entradas = config.plugins["material/search"].search_index.entries
    if page.content:
        _buscables[page.url] = page.entera, entradas[page.hasta :]
    page.content = page.entera


on_page_context = CombinedEvent(_antes_del_buscador, _tras_el_buscador)
