"""Lo que solo se ve en un navegador: leer sin guiones, caber, citar, no salir del sitio."""

from dataclasses import dataclass
from datetime import date

import bibtexparser
import pytest
from browser.conftest import DOS_CUADROS, SIN_APLAZAR
from bs4 import BeautifulSoup
from codigos import bloques
from servidor import ROOT

from sitio.formulas import a_mathml
from sitio.indice import leer_curso


@dataclass
class Visita:
    """Lo que se vio en una página, con todo desplegado."""

    pedido: list[str]
    quejas: list[str]
    formulas_anchas: list[str]  # las que no caben en la columna de un ordenador
    ajenos: list[str]  # símbolos de fórmulas que no están en la fuente del curso
    copiado: list[str]  # lo que da cada botón de copiar
    ancho: int  # de la página en un teléfono


@pytest.fixture(scope="module")
def visitas(navegador, urls, direccion) -> dict[str, Visita]:
    """Una visita a cada página: en claro y ordenador, y luego en oscuro y teléfono."""
    contexto = navegador.new_context()
    contexto.grant_permissions(["clipboard-read", "clipboard-write"], origin=direccion)
    contexto.set_default_timeout(120_000)  # una máquina ocupada no es un fallo
    pagina = contexto.new_page()
    pedido, quejas = [], []
    pagina.on("request", lambda r: pedido.append(r.url))
    pagina.on("console", lambda m: m.type == "error" and quejas.append(m.text))
    pagina.on("pageerror", lambda e: quejas.append(str(e)))
    visitas, vistos = {}, []
    for url in urls:
        pedido.clear()
        quejas.clear()
        pagina.emulate_media(color_scheme="light")
        pagina.set_viewport_size({"width": 1280, "height": 900})
        pagina.goto(url)
        pagina.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        copiado = [b.evaluate(COPIAR) for b in pagina.query_selector_all(BLOQUES)]
        pagina.add_style_tag(content=SIN_APLAZAR)
        anchas = pagina.evaluate(FORMULAS_ANCHAS)
        vistos = pagina.evaluate(MARCAR_SIMBOLOS, vistos)
        pagina.evaluate("document.fonts.ready.then(() => true)")
        ajenos = simbolos_ajenos(pagina)
        pagina.emulate_media(color_scheme="dark")
        pagina.set_viewport_size({"width": 360, "height": 800})
        ancho = pagina.evaluate("document.documentElement.scrollWidth")
        pagina.wait_for_load_state("networkidle")
        visitas[url] = Visita([*pedido], [*quejas], anchas, ajenos, copiado, ancho)
    contexto.close()
    assert len(vistos) > 100
    return visitas


FORMULAS_ANCHAS = """[...document.querySelectorAll('.ecuacion .formula')]
    .filter(f => f.scrollWidth > f.clientWidth + 1)
    .map(f => f.querySelector('annotation').textContent)"""

# Basta mirar una vez cada símbolo del curso.
MARCAR_SIMBOLOS = """vistos => { const ya = new Set(vistos);
    for (const e of document.querySelectorAll('article math :is(mi, mo, mn, mtext)')) {
        const clave = e.tagName + e.textContent;
        if (!ya.has(clave)) { ya.add(clave); e.dataset.nuevo = ''; }
    }
    return [...ya]; }"""


# Un bloque por llamada: pasados unos segundos, el navegador deja de tener la página
# por recién tocada y no la deja copiar.
BLOQUES = "article div.highlight:not(.no-copy):has(> pre > code)"
# Lo que da el botón de copiar de un bloque, abriendo antes su pestaña.
COPIAR = """async bloque => {
const esperar = async que => {
    const limite = performance.now() + 60000;  // una máquina ocupada no es un fallo
    while (performance.now() < limite) {
        const valor = await que();
        if (valor) return valor;
        await new Promise(sigue => setTimeout(sigue, 10));
    }
    throw new Error('no se copia: ' + bloque.textContent.slice(0, 80));
};
const pestana = bloque.closest('.tabbed-block');
if (pestana) {
    const caja = pestana.closest('.tabbed-set');
    const n = [...pestana.parentNode.children].indexOf(pestana);
    caja.querySelectorAll(':scope > input')[n].click();
}
// El tema pone el botón cuando el bloque llega a verse.
const boton = await esperar(() => {
    bloque.scrollIntoView({block: 'center', behavior: 'instant'});
    return bloque.querySelector('button[data-md-type="copy"], .md-clipboard');
});
await navigator.clipboard.writeText('');
// Y un instante después lo atiende.
return await esperar(() => {
    boton.click();
    return navigator.clipboard.readText();
});
}"""


def simbolos_ajenos(pagina) -> list[str]:
    """Los símbolos marcados que el navegador pinta con otra fuente."""
    cdp = pagina.context.new_cdp_session(pagina)
    for dominio in ("DOM", "CSS"):
        cdp.send(f"{dominio}.enable")
    raiz = cdp.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    pedido = {"nodeId": raiz, "selector": "[data-nuevo]"}
    ajenos = []
    for nodo in cdp.send("DOM.querySelectorAll", pedido)["nodeIds"]:
        fuentes = cdp.send("CSS.getPlatformFontsForNode", {"nodeId": nodo})["fonts"]
        if any(f["familyName"] != "Apuntes Math" for f in fuentes):
            ajenos.append(cdp.send("DOM.getOuterHTML", {"nodeId": nodo})["outerHTML"])
    cdp.detach()
    return ajenos


def test_no_page_asks_anything_outside(visitas, direccion):
    propias = (direccion, "data:", "blob:")
    ajenas = {
        url: [u for u in visita.pedido if not u.startswith(propias)]
        for url, visita in visitas.items()
    }
    assert all(visita.pedido for visita in visitas.values())
    assert {url: pedido for url, pedido in ajenas.items() if pedido} == {}


def test_no_page_complains(visitas):
    assert {url: v.quejas for url, v in visitas.items() if v.quejas} == {}


def test_nothing_overflows_a_phone(visitas):
    assert {url: v.ancho for url, v in visitas.items() if v.ancho > 360} == {}


def test_displayed_formulas_fit_in_the_column(visitas):
    anchas = {url: v.formulas_anchas for url, v in visitas.items()}
    assert {url: formulas for url, formulas in anchas.items() if formulas} == {}


def test_every_formula_is_set_in_the_course_font(visitas):
    """Un carácter que falte en `apuntes-math.woff2` saldría de otra fuente."""
    assert {url: v.ajenos for url, v in visitas.items() if v.ajenos} == {}


def test_a_link_to_the_middle_of_a_long_chapter_lands_on_it(navegador, urls):
    """Aunque lo de antes aún no se haya compuesto y ocupe lo que no es."""
    contexto = navegador.new_context(viewport={"width": 390, "height": 800})
    pagina = contexto.new_page()
    url = next(url for url in urls if "/12-" in url).removesuffix("index.html")
    pagina.goto(url)
    alto = pagina.evaluate("document.documentElement.scrollHeight")
    senas = pagina.evaluate(
        "[...document.querySelectorAll('article :is(h3, .ecuacion, figure)[id]')]"
        ".map(e => e.id)"
    )
    pagina.add_style_tag(content=SIN_APLAZAR)
    assert alto != pagina.evaluate("document.documentElement.scrollHeight")
    for sena in senas[4::9]:
        pagina.goto("about:blank")
        pagina.goto(f"{url}#{sena}")
        pagina.evaluate(DOS_CUADROS)
        arriba = pagina.evaluate(
            "s => document.getElementById(s).getBoundingClientRect().top", sena
        )
        assert 0 < arriba < 120, sena
    contexto.close()


def test_roots_and_brackets_leave_no_gap(navegador, direccion):
    """Chromium reserva el ancho de la talla mayor: en la fuente, todas son parecidas."""
    pagina = navegador.new_page()
    pagina.goto(f"{direccion}/")
    ancho, hueco = pagina.evaluate(HUECOS, a_mathml(r"\bigl(\sqrt m\bigr)"))
    pagina.close()

    assert 0.4 < ancho < 0.6
    assert abs(hueco) < 0.05


# Lo que ocupa el paréntesis y lo que sobra tras la raíz, en cuadratines.
HUECOS = """async formula => {
    await document.fonts.load('20px "Apuntes Math"');
    document.querySelector('article p').innerHTML = formula;
    const [raiz, letra] = document.querySelectorAll('article p :is(msqrt, mi)');
    const caja = e => e.getBoundingClientRect(), em = parseFloat(getComputedStyle(raiz).fontSize);
    return [caja(document.querySelector('article p mo')).width / em,
            (caja(raiz).right - caja(letra).right) / em];
}"""


def test_the_copy_button_gives_what_test_site_runs(visitas, direccion, sitio):
    """Copiar = ejecutar: el preludio y el código, sin indicadores ni salidas."""
    for url, visita in visitas.items():
        html = (sitio / url.removeprefix(f"{direccion}/")).read_text(encoding="utf-8")
        articulo = BeautifulSoup(html, "html.parser").find("article")
        for copiado, bloque in zip(visita.copiado, bloques(articulo), strict=True):
            assert lineas(copiado) == lineas(bloque.copiado), url


def lineas(texto: str) -> list[str]:
    """Las que no están en blanco."""
    return [linea.rstrip() for linea in texto.splitlines() if linea.strip()]


def test_the_copy_button_answers_to_the_mouse(navegador, urls, direccion):
    contexto = navegador.new_context()
    contexto.grant_permissions(["clipboard-read", "clipboard-write"], origin=direccion)
    pagina = contexto.new_page()
    pagina.goto(next(url for url in urls if "/02-" in url))
    bloque = pagina.locator("article div.highlight:has(.gp)").first
    bloque.hover()
    bloque.locator('button[data-md-type="copy"], .md-clipboard').first.click()
    pagina.wait_for_function("navigator.clipboard.readText().then(t => t !== '')")
    texto = pagina.evaluate("navigator.clipboard.readText()")
    contexto.close()

    assert "import" in texto
    assert ">>>" not in texto


def test_pages_read_without_javascript(navegador, urls):
    contexto = navegador.new_context(java_script_enabled=False)
    pagina = contexto.new_page()
    for url in urls:
        pagina.goto(url)
        assert pagina.locator("article h1").first.is_visible(), url
        for formula in pagina.locator("article math").all()[:5]:
            assert formula.bounding_box()["height"] > 5, url
    contexto.close()


@pytest.fixture(scope="module")
def citas(navegador, urls) -> list[dict[str, str]]:
    """Lo que dice el diálogo de «Citar» de cada cosa de una página, sin usar ratón."""
    contexto = navegador.new_context()
    pagina = contexto.new_page()
    pagina.goto(next(url for url in urls if "/02-" in url))
    citas = []
    for enlace in pagina.locator("article a[aria-haspopup=dialog]").all():
        enlace.focus()
        pagina.keyboard.press("Enter")
        cita = pagina.evaluate(
            """() => Object.fromEntries([
            ['titulo', document.querySelector('.citar-dialogo h2').textContent],
            ...[...document.querySelectorAll('.citar-dialogo section')].map(
                s => [s.querySelector('h3').textContent,
                      s.querySelector('.texto').textContent])])"""
        )
        pagina.keyboard.press("Escape")
        # Al cerrar, el foco vuelve a donde estaba.
        assert enlace.evaluate("e => e === document.activeElement")
        citas.append(cita | {"sena": enlace.evaluate("e => e.hash.slice(1)")})
    contexto.close()
    return citas


def test_one_press_copies_each_reference(navegador, urls, direccion):
    contexto = navegador.new_context()
    contexto.grant_permissions(["clipboard-read", "clipboard-write"], origin=direccion)
    pagina = contexto.new_page()
    pagina.goto(next(url for url in urls if "/02-" in url))
    pagina.locator(".ejercicio a.rotulo").first.click()
    filas = pagina.locator(".citar-dialogo section")
    assert filas.count() == 4
    for fila in filas.all():
        pagina.evaluate("navigator.clipboard.writeText('')")
        fila.get_by_role("button").press("Enter")
        pagina.wait_for_function("navigator.clipboard.readText().then(t => t !== '')")
        texto = pagina.evaluate("navigator.clipboard.readText()")
        assert texto == fila.locator(".texto").text_content()
        assert "Copiado" in pagina.locator(".citar-dialogo [role=status]").inner_text()
    contexto.close()


def test_without_permission_the_reference_is_left_selected(navegador, urls):
    contexto = navegador.new_context()
    pagina = contexto.new_page()
    pagina.add_init_script("delete Navigator.prototype.clipboard")
    pagina.goto(next(url for url in urls if "/02-" in url))
    pagina.locator(".ejercicio a.rotulo").first.click()
    fila = pagina.locator(".citar-dialogo section").first
    fila.get_by_role("button").click()

    elegido = pagina.evaluate("getSelection().toString()")
    assert elegido == fila.locator(".texto").text_content()
    assert "Ctrl+C" in pagina.locator(".citar-dialogo [role=status]").inner_text()
    contexto.close()


def test_everything_with_a_number_can_be_cited(citas):
    pagina = "capitulos/02-red-datos-coste.md"
    propias = {e.sena: e for e in leer_curso(ROOT / "docs").values() if e.numero}
    propias = {s: e for s, e in propias.items() if e.pagina == pagina}

    citadas = {cita["sena"]: cita for cita in citas}

    assert set(propias) <= set(citadas)
    for sena, entrada in propias.items():
        assert entrada.numero in citadas[sena]["titulo"], entrada


def test_each_reference_says_what_version_when_and_where(citas):
    hoy = date.today()
    for cita in citas:
        direccion = cita["Dirección permanente"]
        portada = direccion.endswith("/")
        assert portada or direccion.endswith(f"/#{cita['sena']}")
        assert "AUTORES DE APUNTES. " in cita["ISO 690"]
        assert cita["ISO 690"].endswith(f"Disponible en: {direccion}")
        assert f"[consulta: {hoy.day} de " in cita["ISO 690"]
        assert f"Autores de apuntes. ({hoy.year}). " in cita["APA 7"]
        assert cita["APA 7"].endswith(f", de {direccion}")
        for formato in ("ISO 690", "APA 7"):
            assert "ersión 0.1.0" in cita[formato]
            assert "undefined" not in cita[formato]


def test_bibtex_is_bibtex(citas):
    textos = "\n\n".join(cita["BibTeX"] for cita in citas)

    obras = bibtexparser.loads(textos).entries

    assert len(obras) == len(citas)
    for obra, cita in zip(obras, citas, strict=True):
        assert obra["ID"] == f"apuntes-{cita['sena']}"
        assert obra["url"] == cita["Dirección permanente"]
        assert obra["urldate"] == date.today().isoformat()
        assert obra["title"].startswith("{")


def test_a_permanent_link_is_a_link_without_javascript(navegador, urls):
    contexto = navegador.new_context(java_script_enabled=False)
    pagina = contexto.new_page()
    pagina.goto(next(url for url in urls if "/02-" in url))
    enlace = pagina.locator(".ecuacion[id] > a.numero").first
    enlace.click()

    assert pagina.url.endswith(enlace.get_attribute("href"))
    contexto.close()


def test_a_moved_id_takes_the_reader_to_its_new_place(navegador, direccion):
    def mudar(ruta):
        cuerpo = ruta.fetch().text()
        mudada = '<p class="mudanza" id="vieja"><a href="../notacion/#notacion-red">'
        ruta.fulfill(body=cuerpo.replace("</article>", f"{mudada}§</a></p></article>"))

    contexto = navegador.new_context()
    pagina = contexto.new_page()
    pagina.route("**/glosario/", mudar)
    pagina.goto(f"{direccion}/glosario/#vieja")
    pagina.wait_for_url("**/notacion/#notacion-red")
    contexto.close()
