"""Adelgaza un SVG de Matplotlib sin que se note: lo mismo pintado, con menos bytes."""

import base64
import io
import re
import zlib
from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from PIL import Image

from apuntes.figures._strokes import shorter, tenths, through, tight

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
# Lo que Matplotlib repite en cada texto, y lo que hereda de la raíz en su lugar:
# la letra con que se midió y la que, donde no está, tiene sus mismas anchuras.
FONTS = (
    "'DejaVu Sans', 'Bitstream Vera Sans', 'Computer Modern Sans Serif', "
    "'Lucida Grande', 'Verdana', 'Geneva', 'Lucid', 'Arial', 'Helvetica', "
    "'Avant Garde', sans-serif"
)
FAMILY = "'DejaVu Sans',Verdana,sans-serif"
# En un eje, primero la rejilla, luego las marcas y al final los números.
AXIS_ORDER = [SVG + "path", SVG + "defs", SVG + "use"]
# Con más colores, una imagen es un relieve con luces y admite pérdida.
FEW = 600
# Las opacidades que se distinguen en un punto suelto, de nada a todo.
OPACITIES = 16
REFERENCE = re.compile(r"(?<=url\(#)[^)]+|(?<=^#).+")


def slim(svg: str) -> str:
    """El mismo dibujo con menos bytes."""
    ElementTree.register_namespace("", SVG[1:-1])
    root = ElementTree.fromstring(svg)
    _prune(root)
    for i, parent in enumerate(list(root.iter())):
        _gather(parent, f"marks-{i}")
    marks = set(root.iterfind(f".//{SVG}defs/{SVG}path"))
    for element in root.iter():
        _lighten(element, exact=element in marks)
    root.attrib |= {"font-family": FAMILY, "stroke-linejoin": "round"}
    # Dos dibujos en una página no pueden compartir señas.
    _rename(root, f"f{zlib.crc32(svg.encode()):x}-")
    return ElementTree.tostring(root, encoding="unicode")


def _prune(parent: Element) -> None:
    """Quita lo que no pinta: sangrías, grupos sin atributos, marcos transparentes."""
    kept = []
    for child in parent:
        _prune(child)
        if child.tag == SVG + "g" and set(child.keys()) <= {"id"}:
            kept.extend(child)
        elif not _is_invisible(child):
            kept.append(child)
    is_axis = parent.get("id", "").startswith("matplotlib.axis")
    parent[:] = _axis(kept) if is_axis else kept
    parent.tail = None
    if parent.tag not in (SVG + "text", SVG + "tspan"):
        parent.text = None


def _axis(children: list[Element]) -> list[Element]:
    """Lo de un eje, por clases; las líneas de su rejilla, que no se cruzan, en una."""
    order = {tag: i for i, tag in enumerate(AXIS_ORDER)}
    return _joined(sorted(children, key=lambda e: order.get(e.tag, len(order))))


def _joined(children: Iterable[Element]) -> list[Element]:
    """Los trazos iguales seguidos, en uno solo."""
    kept: list[Element] = []
    for child in children:
        if child.tag == SVG + "path" and kept and _alike(child, kept[-1]):
            kept[-1].set("d", f"{kept[-1].get('d')} {child.get('d')}")
        else:
            kept.append(child)
    return kept


def _alike(one: Element, other: Element) -> bool:
    return {**one.attrib, "d": ""} == {**other.attrib, "d": ""}


def _is_invisible(element: Element) -> bool:
    if element.tag == SVG + "path":
        style = element.get("style", "")
        return style.startswith("fill: none") and "stroke: " not in style
    return element.tag == SVG + "style" or (
        element.tag in (SVG + "g", SVG + "defs") and not len(element)
    )


def _is_opaque_line(style: str) -> bool:
    """Si da lo mismo pintar dos veces donde se cruza con otra igual."""
    return style.startswith("fill: none") and "opacity" not in style


def _gather(parent: Element, name: str) -> None:
    """Junta lo que va seguido y es igual: líneas opacas, y tres marcas o más."""
    children = []
    for key, run in groupby(parent, lambda e: (e.tag, e.get(HREF), e.get("style"))):
        same = list(run)
        if key[0] == SVG + "use" and len(same) > 2:
            same = _marked(same, f"{name}-{len(children)}")
        elif key[0] == SVG + "path" and _is_opaque_line(key[2] or ""):
            same = _joined(same)
        children += same
    parent[:] = children


def _marked(uses: list[Element], name: str) -> list[Element]:
    """La marca, y un trazo que no se pinta con una en cada vértice."""
    place = {"id": name, "markerUnits": "userSpaceOnUse", "overflow": "visible"}
    marker = Element(SVG + "marker", place)
    mark = {key: value for key, value in uses[0].items() if key not in ("x", "y")}
    marker.append(Element(SVG + "use", mark))
    d = through([(float(use.get("x")), float(use.get("y"))) for use in uses])
    style = f"fill: none; marker: url(#{name})"
    return [marker, Element(SVG + "path", {"d": d, "style": style})]


def _lighten(element: Element, *, exact: bool) -> None:
    """Menos letras en cada atributo; una marca, `exact`, conserva todos sus puntos."""
    for name, value in list(element.items()):
        if name == "d":
            element.set(name, tight(value) if exact else shorter(value))
        elif name == "style":
            element.set(name, _dense(value.replace(f"font-family: {FONTS}; ", "")))
        elif name == HREF:
            element.set("href", _image(element.attrib.pop(HREF)))
        elif name in ("x", "y") and element.tag in (SVG + "use", SVG + "text"):
            element.set(name, tenths([round(10 * float(value))]))
        elif name in ("x", "y", "width", "height", "viewBox", "transform"):
            element.set(name, re.sub(r"(\.\d\d)\d+", r"\1", value))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]


def _dense(style: str) -> str:
    """Un estilo sin los espacios ni las cifras que no hacen falta."""
    return re.sub(r"(?<=[:;,]) |(?<=\.\d\d\d)\d+", "", style)


def _rename(root: Element, prefix: str) -> None:
    """Deja solo las señas a las que algo apunta, y las hace cortas."""
    names: dict[str, str] = {}

    def short(found: re.Match) -> str:
        return names.setdefault(found[0], f"{prefix}{len(names)}")

    for element in root.iter():
        for name in {"href", "clip-path", "style"}.intersection(element.keys()):
            element.set(name, REFERENCE.sub(short, element.get(name)))
    for element in root.iter():
        if (old := element.attrib.pop("id", None)) in names:
            element.set("id", names[old])


def _image(address: str) -> str:
    """Una imagen, en WebP, y si es un relieve solo parecida; una seña, como está."""
    if address.startswith("#"):
        return address
    data = base64.b64decode(address.partition(",")[2])
    picture = Image.open(io.BytesIO(data)).convert("RGBA")
    few = picture.getcolors(FEW) is not None
    if few:
        picture.putalpha(picture.getchannel("A").point(_opacity))
    buffer = io.BytesIO()
    method = 4 if few else 6
    picture.save(buffer, "webp", lossless=few, quality=75, method=method)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def _opacity(alpha: int) -> int:
    """La opacidad más cercana de las pocas que se distinguen."""
    last = OPACITIES - 1
    return round(255 / last * round(last * alpha / 255))
