"""axe-core sobre cada página, en claro y oscuro, en ordenador y en teléfono."""

from itertools import product

from browser.conftest import SIN_APLAZAR

ANCHOS = {"ordenador": 1280, "telefono": 390}
# Axe no lee MathML: una cabecera que es una fórmula le parece vacía, y no lo está.
AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .flatMap(v => v.nodes
        .filter(n => v.id !== 'empty-table-header'
            || !document.querySelector(n.target.join(' ')).querySelector('math :is(mi, mo, mn)'))
        .map(n => `${v.id}: ${n.target.join(' ')} ${n.html.slice(0, 90)}`))"""


def test_axe_finds_nothing_wrong_in_any_page(navegador, direccion, rutas, node, medido):
    contexto = navegador.new_context(bypass_csp=True, reduced_motion="reduce")
    pagina = contexto.new_page()
    guion = (node / "axe-core/axe.min.js").read_text(encoding="utf-8")
    faltas = {}
    for ruta in rutas:
        pagina.goto(f"{direccion}/{ruta}")
        pagina.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        for figura in pagina.locator("figure[data-juego]").all():
            figura.scroll_into_view_if_needed()  # el juego se monta al acercarse
            figura.locator(".tablero").wait_for()
        pagina.add_style_tag(content=SIN_APLAZAR)
        pagina.evaluate(guion)
        for esquema, (nombre, ancho) in product(("light", "dark"), ANCHOS.items()):
            pagina.emulate_media(color_scheme=esquema)
            pagina.set_viewport_size({"width": ancho, "height": 900})
            if encontradas := pagina.evaluate(AXE):
                faltas[ruta, esquema, nombre] = encontradas
    contexto.close()
    cuantas = sum(map(len, faltas.values()))
    medido["axe"] = {"paginas": len(rutas), "vistas": 4 * len(rutas), "faltas": cuantas}

    assert faltas == {}
