"""Solo con el teclado: se llega a todo, el foco se ve, nada lo tapa y nada lo atrapa."""

from contextlib import contextmanager

import pytest

# El que tiene el foco, o `null` si el tabulador ya salió de la página.
FOCO = """async () => {
    const foco = document.activeElement;
    if (foco === document.body) return null;
    const busca = foco.matches('.md-search__input');  // se le abre un panel
    while (busca && foco.getBoundingClientRect().top < 0)
        await new Promise(requestAnimationFrame);
    // El de una pestaña o el cambio de esquema se pinta en su etiqueta.
    const n = [...foco.parentNode.querySelectorAll(':scope > input')].indexOf(foco);
    const pintado = foco.matches('.tabbed-set > input')
        ? foco.parentNode.querySelector('.tabbed-labels').children[n]
        : foco.matches('.md-option') ? foco.nextElementSibling : foco;
    const caja = pintado.getBoundingClientRect();
    const contorno = getComputedStyle(pintado);
    const cabecera = document.querySelector('.md-header');
    const encima = foco.closest('.md-header, .md-sidebar, .md-skip')
        ? 0 : cabecera.getBoundingClientRect().bottom;
    foco.dataset.visto = '';
    return {
        nombre: foco.getAttribute('aria-label') || foco.textContent.trim(),
        donde: foco.outerHTML.slice(0, 90),
        enfocado: contorno.outlineStyle !== 'none' && parseFloat(contorno.outlineWidth) > 0
            || busca,
        dentro: caja.width > 1 && caja.height > 1 && caja.left >= 0 && caja.left < innerWidth
            && caja.bottom > encima && caja.top < innerHeight
            && (caja.top >= encima || caja.height > 200),
    };
}"""
SIN_VISITAR = """() => [...document.querySelectorAll(
        'a[href], button, summary, select, input, [tabindex="0"]')]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('[inert]')
        && e.tabIndex >= 0 && e.dataset.visto === undefined
        && (e.type !== 'radio' || e.checked))
    .map(e => e.outerHTML.slice(0, 90))"""


@contextmanager
def abierta(navegador, url, ancho=1280):
    """Una página sin movimiento, para no esperar a que acabe."""
    contexto = navegador.new_context(
        viewport={"width": ancho, "height": 844}, reduced_motion="reduce"
    )
    contexto.set_default_timeout(120_000)
    pagina = contexto.new_page()
    pagina.goto(url)
    pagina.evaluate("document.fonts.ready.then(() => true)")
    yield pagina
    contexto.close()


@pytest.fixture
def portada(direccion) -> str:
    return f"{direccion}/"


def recorrido(pagina) -> list[dict]:
    """Dónde para el foco hasta salir de la página; si no sale, es una trampa."""
    paradas = []
    while len(paradas) < 200:
        pagina.keyboard.press("Tab")
        foco = pagina.evaluate(FOCO)
        if foco is None:
            return paradas
        paradas.append(foco)
    raise AssertionError(f"el foco no sale; se recibió {paradas[-3:]}")


@pytest.mark.parametrize("ancho", [1280, 390])
def test_the_tab_key_visits_everything_in_sight_and_leaves(navegador, portada, ancho):
    with abierta(navegador, portada, ancho) as pagina:
        ida, vuelta = recorrido(pagina), []
        olvidado = pagina.evaluate(SIN_VISITAR)
        for _ in ida:
            pagina.keyboard.press("Shift+Tab")
            vuelta.append(pagina.evaluate(FOCO))

    assert olvidado == []
    assert [p["donde"] for p in ida + vuelta if not p["enfocado"]] == []
    assert [p["donde"] for p in ida + vuelta if not p["dentro"]] == []
    assert [p["nombre"] for p in reversed(vuelta)] == [p["nombre"] for p in ida]
    assert ida[0]["nombre"] == "Saltar al contenido"
    assert len(ida) > 30


def test_the_first_stop_jumps_over_the_menu(navegador, portada):
    with abierta(navegador, portada) as pagina:
        for tecla in ("Tab", "Enter", "Tab"):
            pagina.keyboard.press(tecla)

        assert pagina.evaluate("!!document.activeElement.closest('article h1')")


def test_the_menu_of_a_phone_opens_and_closes_with_the_keyboard(navegador, portada):
    with abierta(navegador, portada, 390) as pagina:

        def pulsar(*teclas):
            for tecla in teclas:
                pagina.keyboard.press(tecla)
            return pagina.evaluate(FOCO)

        abierto = pagina.locator("#__drawer").is_checked
        assert pulsar("Tab", "Tab")["nombre"] == "Menú"
        pulsar("Enter")
        assert abierto()
        while pulsar("Tab")["nombre"] != "Capítulos":
            assert abierto()
        assert (
            pulsar("Enter")["nombre"] == "Capítulos"
        )  # el título del panel, que vuelve
        assert pulsar("Tab")["nombre"].startswith("0. Presentación")
        assert pulsar("Shift+Tab", "Space")["nombre"] == "Capítulos"
        assert pulsar("Tab")["nombre"] == "Consulta"
        assert pulsar("Escape")["nombre"] == "Menú"
        assert not abierto()
        pulsar("Enter", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab")
        assert not abierto()  # salir de él también lo cierra


def test_search_and_colours_answer_to_the_keyboard(navegador, portada):
    with abierta(navegador, portada) as pagina:
        buscador = pagina.locator("#__search")
        pagina.keyboard.press("/")
        pagina.keyboard.type("momento")
        pagina.locator(".md-search-result__item").first.wait_for()
        pagina.keyboard.press("ArrowDown")
        assert "search-result" in pagina.evaluate("document.activeElement.className")
        assert buscador.is_checked()
        pagina.keyboard.press("Escape")
        assert not buscador.is_checked()

        pagina.locator("input[name=__palette]").first.focus()
        esquemas = []
        for _ in range(3):
            pagina.keyboard.press("Space")
            esquemas.append(pagina.evaluate("document.body.dataset.mdColorScheme"))
        assert esquemas[:2] == ["default", "slate"]


def test_tabs_change_with_the_arrows_and_show_the_focus(navegador, urls):
    with abierta(navegador, next(url for url in urls if "/02-" in url)) as pagina:
        pestanas = pagina.locator(".tabbed-set").first.locator(":scope > input")
        pestanas.first.focus()
        for tecla, n in (("ArrowRight", 1), ("ArrowLeft", 0)):
            pagina.evaluate("new Promise(l => setTimeout(l, 200))")  # el tema desplaza
            pagina.keyboard.press(tecla)
            foco = pagina.evaluate(FOCO)
            assert pestanas.nth(n).is_checked()
            assert foco["enfocado"]
            assert foco["dentro"]


def test_nothing_moves_for_whoever_asks_for_less_motion(navegador, urls):
    dura = """() => [...document.querySelectorAll('*')].flatMap(e => ['', '::before', '::after']
        .map(falso => getComputedStyle(e, falso || null))
        .filter(c => [c.transitionDuration, c.transitionDelay, c.animationDuration, c.animationDelay]
            .some(t => t.split(', ').some(s => parseFloat(s) > 0.001))
            || c.scrollBehavior !== 'auto')
        .map(() => e.outerHTML.slice(0, 90)))"""
    with abierta(navegador, urls[-1], 390) as pagina:
        pagina.evaluate(
            "document.querySelectorAll('.md-toggle').forEach(t => t.click())"
        )
        assert pagina.evaluate(dura) == []
        pagina.emulate_media(reduced_motion="no-preference")
        assert pagina.evaluate(dura) != []
