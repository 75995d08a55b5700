"""El candado: una seña publicada no desaparece ni pasa a nombrar otra cosa."""

from dataclasses import replace
from pathlib import Path

import pytest

from sitio.indice import SenaError
from sitio.senas import Mudanza, Sena, cerrar, direccion, problemas, publicadas

PAGINA = """<html><body><header><h2 id="menu">Menú</h2></header><article>
<h1 id="red"><span class="numero">2.</span> Red<a class="headerlink" href="#red">#</a></h1>
<h2 id="coste"><span class="numero">2.1</span> El coste</h2>
<div class="ecuacion" id="ec-a" data-implementa="losses.mse_loss"><math></math></div>
<div class="ecuacion" id="ec-b"><math><annotation>x = {b}</annotation></math></div>
<figure class="figura" id="fig-a" data-dibujo="losses.huber"><svg aria-label="x"></svg></figure>
<section class="ejercicio" id="ej-a"><p class="rotulo"><a class="rotulo">Ejercicio 2.1</a>. A mano</p><p>z</p></section>
<figure class="tabla" id="tab-a"><figcaption><p><a class="rotulo">Tabla 2.1</a>. Pie</p></figcaption><table></table></figure>
{mas}</article></body></html>"""
CORTA = Sena("capitulos/02-red/", "coste", "seccion", "El coste")


@pytest.fixture
def sitio(tmp_path):
    """Función que escribe un sitio de una página y lee sus señas."""

    def escribir(mas: str = "", b: str = "1", **otras: str):
        carpeta = tmp_path / "capitulos/02-red"
        carpeta.mkdir(parents=True, exist_ok=True)
        (carpeta / "index.html").write_text(PAGINA.format(mas=mas, b=b))
        for nombre, cuerpo in otras.items():
            (tmp_path / nombre).mkdir(exist_ok=True)
            texto = f"<article>{cuerpo}</article>"
            (tmp_path / nombre / "index.html").write_text(texto)
        return publicadas(tmp_path)

    return escribir


def test_everything_citable_is_read_from_the_page(sitio):
    leidas = {s.sena: (s.clase, s.titulo) for s in sitio().values()}

    assert leidas == {
        "red": ("capitulo", "Red"),
        "coste": ("seccion", "El coste"),
        "ec-a": ("ecuacion", "losses.mse_loss"),
        "ec-b": ("ecuacion", "x=1"),
        "fig-a": ("figura", "losses.huber"),
        "ej-a": ("ejercicio", "A mano"),
        "tab-a": ("tabla", "Pie"),
    }


def test_what_stays_is_no_problem(sitio):
    senas = sitio()

    assert problemas(list(senas.values()), senas, []) == []


def test_what_disappears_is_missed(sitio):
    senas = sitio()
    perdida = replace(CORTA, sena="perdida")

    assert problemas([*senas.values(), perdida], senas, []) == [
        "/capitulos/02-red/#perdida ya no existe: anota en mudanzas.csv adónde fue"
    ]


@pytest.mark.parametrize("cambio", [{"titulo": "Otra cosa"}, {"clase": "figura"}])
def test_what_names_something_else_is_noticed(sitio, cambio):
    senas = sitio()
    candado = [s for s in senas.values() if s.sena != "coste"]

    aviso = problemas([*candado, replace(CORTA, **cambio)], senas, [])

    assert len(aviso) == 1
    assert "/capitulos/02-red/#coste nombraba" in aviso[0]


@pytest.mark.parametrize(
    ("titulo", "avisos"), [("graficas.huber", 0), ("losses.otra", 1)]
)
def test_a_figure_is_its_function_whatever_the_module(sitio, titulo, avisos):
    senas = sitio()
    clave = "capitulos/02-red/", "fig-a"
    candado = [s for s in senas.values() if s.sena != "fig-a"]

    aviso = problemas([*candado, replace(senas[clave], titulo=titulo)], senas, [])

    assert len(aviso) == avisos


def test_a_changed_formula_is_noticed(sitio):
    antes = list(sitio().values())

    aviso = problemas(antes, sitio(b="2"), [])

    assert "nombraba ecuacion «x=1» y ahora ecuacion «x=2»" in aviso[0]


def test_an_acknowledged_title_is_no_problem(sitio):
    senas = sitio()
    candado = [s for s in senas.values() if s.sena != "coste"]
    candado.append(replace(CORTA, titulo="Antes"))
    anotada = Mudanza(CORTA.pagina, "coste", "coste", "El coste", "más corto")

    assert problemas(candado, senas, [anotada]) == []
    # Lo anotado es el título nuevo: si vuelve a cambiar, se nota.
    otra = replace(anotada, titulo="Otro")
    assert len(problemas(candado, senas, [otra])) == 1


def test_a_moved_id_leads_somewhere(sitio):
    antes = [*sitio().values(), replace(CORTA, sena="vieja", titulo="Vieja")]
    mudada = '<p class="mudanza" id="vieja"><a href="../../otra/#{}">aquí</a></p>'
    nueva = '<h2 id="nueva">Vieja</h2>'

    bien = sitio(mas=mudada.format("nueva"), otra=nueva)
    mal = sitio(mas=mudada.format("nada"), otra=nueva)

    pendiente = "/otra/#nueva es nueva: ejecuta `make senas` y confirma senas.csv"
    assert problemas(antes, bien, []) == [pendiente]
    assert "se mudó a ../../otra/#nada, que no existe" in problemas(antes, mal, [])[0]


def test_lock_only_grows(sitio, tmp_path):
    sitio()
    candado = tmp_path / "senas.csv"
    vieja = "capitulos/01-x/,vieja,seccion,Una\n"
    candado.write_text(f"pagina,sena,clase,titulo\n{vieja}")

    assert cerrar(tmp_path, candado) == 7
    assert cerrar(tmp_path, candado) == 0
    assert vieja in candado.read_text()
    assert len(candado.read_text().splitlines()) == 9


@pytest.mark.parametrize(
    ("pagina", "esperada"),
    [
        ("index.md", ""),
        ("glosario.md", "glosario/"),
        ("capitulos/02-red.md", "capitulos/02-red/"),
        ("laboratorios/06-x.py", "laboratorios/06-x/"),
    ],
)
def test_address_of_a_page(pagina, esperada):
    assert direccion(pagina) == esperada


@pytest.fixture
def mudanzas(tmp_path) -> Path:
    """Fichero de mudanzas con una seña que se fue del capítulo 2 al 3."""
    ruta = tmp_path / "mudanzas.csv"
    ruta.write_text(
        "pagina,sena,destino,titulo,motivo\n"
        "capitulos/02-red/,vieja,fin,,va mejor allí\n"
        "capitulos/02-red/,coste,coste,El coste,otro título\n"
    )
    return ruta


def test_the_old_page_keeps_the_id_with_a_link(componer, mudanzas):
    html = componer("Texto.", mudanzas=str(mudanzas))

    assert 'class="mudanza" id="vieja"' in html
    assert '<a href="03-otro.md#fin">§3.1</a>' in html
    assert html.count("mudanza") == 1


def test_a_moved_id_cannot_stay(componer, mudanzas):
    mudanzas.write_text(mudanzas.read_text().replace(",vieja,fin", ",coste,catalogo"))

    with pytest.raises(SenaError, match="se recibió 'coste'"):
        componer("Texto.", mudanzas=str(mudanzas))


def test_a_move_to_nowhere_stops_the_build(componer, mudanzas):
    mudanzas.write_text(mudanzas.read_text().replace("fin", "nada"))

    with pytest.raises(SenaError, match=r"'nada' en mudanzas\.csv"):
        componer("Texto.", mudanzas=str(mudanzas))
