"""Lo que solo se ve en un navegador: copiar, leer sin guiones, no salir del sitio."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture(scope="module")
def copiados(navegador, urls, direccion) -> list[tuple[str, str, str]]:
    """Lo que da cada botón de copiar: página, clase de bloque y texto."""
    contexto = navegador.new_context()
    contexto.grant_permissions(["clipboard-read", "clipboard-write"], origin=direccion)
    pagina = contexto.new_page()
    encontrados = []
    for url in urls:
        pagina.goto(url)
        pagina.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        for bloque in pagina.locator("article div.highlight:has(pre > code)").all():
            if "no-copy" in (bloque.get_attribute("class") or ""):
                continue
            encontrados.append((url, *copiar(pagina, bloque)))
    contexto.close()
    return encontrados


def copiar(pagina, bloque) -> tuple[str, str]:
    """Pulsa el botón de un bloque, abriendo antes su pestaña, y lee el portapapeles."""
    bloque.evaluate(
        """b => { const p = b.closest('.tabbed-block'); if (!p) return;
        const caja = p.closest('.tabbed-set'), n = [...p.parentNode.children].indexOf(p);
        caja.querySelectorAll(':scope > input')[n].click(); }"""
    )
    boton = bloque.locator('button[data-md-type="copy"], .md-clipboard')
    pagina.evaluate("navigator.clipboard.writeText('')")
    bloque.scroll_into_view_if_needed()
    bloque.hover()
    boton.first.click()
    pagina.wait_for_function("navigator.clipboard.readText().then(t => t !== '')")
    texto = pagina.evaluate("navigator.clipboard.readText()")
    consola = bloque.locator(".gp").count() > 0
    python = consola or bloque.locator(".kn, .k, .n, .nb").count() > 0
    clase = "error" if "Traceback" in bloque.text_content() else "python"
    return (clase if python else "otro"), texto


def ejecutar(texto: str) -> subprocess.CompletedProcess:
    """Ejecuta `texto` en un intérprete nuevo, con la muestra de MNIST y sin red."""
    entorno = {k: v for k, v in os.environ.items() if k != "APUNTES_DATA"}
    # Sin caché de datos, y un hilo de BLAS: ya van dos intérpretes a la vez.
    entorno |= {"XDG_CACHE_HOME": os.devnull}
    entorno |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", texto],
        env=entorno,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_copy_button_gives_runs_in_a_fresh_interpreter(copiados):
    codigos = [copiado for copiado in copiados if copiado[1] != "otro"]
    assert len(codigos) > 30

    with ThreadPoolExecutor(2) as grupo:
        procesos = list(grupo.map(lambda copiado: ejecutar(copiado[2]), codigos))

    for (url, clase, texto), proceso in zip(codigos, procesos, strict=True):
        fallo = proceso.returncode != 0
        assert fallo == (clase == "error"), f"{url}\n{texto}\n{proceso.stderr}"


def test_copied_text_has_neither_prompts_nor_outputs(copiados):
    for url, _, texto in copiados:
        # Sangrado, dentro de un docstring, es parte del código.
        assert not re.search(r"^(>>>|\.\.\.) ", texto, re.MULTILINE), (url, texto)
        assert texto.strip(), url


def test_no_page_asks_anything_outside_nor_complains(navegador, urls, direccion):
    fuera, quejas = [], []
    for esquema in ("light", "dark"):
        contexto = navegador.new_context(color_scheme=esquema)
        pagina = contexto.new_page()
        pagina.on("request", lambda r: fuera.append(r.url))
        pagina.on("console", lambda m: m.type == "error" and quejas.append(m.text))
        pagina.on("pageerror", lambda e: quejas.append(str(e)))
        for url in urls:
            pagina.goto(url, wait_until="networkidle")
        contexto.close()

    ajenas = [u for u in fuera if not u.startswith((direccion, "data:", "blob:"))]
    assert ajenas == []
    assert quejas == []


def test_pages_read_without_javascript(navegador, urls):
    contexto = navegador.new_context(java_script_enabled=False)
    pagina = contexto.new_page()
    for url in urls:
        pagina.goto(url)
        assert pagina.locator("article h1").first.is_visible(), url
        for formula in pagina.locator("article math").all()[:5]:
            assert formula.bounding_box()["height"] > 5, url
    contexto.close()


def test_nothing_overflows_a_phone(navegador, urls):
    contexto = navegador.new_context(viewport={"width": 390, "height": 844})
    pagina = contexto.new_page()
    for url in urls:
        pagina.goto(url)
        ancho = pagina.evaluate("document.documentElement.scrollWidth")
        assert ancho <= 390, f"{url} mide {ancho} px"
    contexto.close()


def test_displayed_formulas_fit_in_the_column(navegador, urls):
    contexto = navegador.new_context(viewport={"width": 1280, "height": 900})
    pagina = contexto.new_page()
    for url in urls:
        pagina.goto(url)
        anchas = pagina.evaluate(
            """[...document.querySelectorAll('.ecuacion .formula')]
            .filter(f => f.scrollWidth > f.clientWidth + 1)
            .map(f => f.querySelector('annotation').textContent)"""
        )
        assert anchas == [], url
    contexto.close()


def test_every_formula_is_set_in_the_course_font(navegador, urls):
    """Un carácter que falte en `apuntes-math.woff2` saldría de otra fuente."""
    contexto = navegador.new_context()
    pagina = contexto.new_page()
    ajenos = []
    for url in urls:
        pagina.goto(url, wait_until="networkidle")
        pagina.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        pagina.evaluate("document.fonts.ready.then(() => true)")
        cdp = contexto.new_cdp_session(pagina)
        for dominio in ("DOM", "CSS"):
            cdp.send(f"{dominio}.enable")
        raiz = cdp.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        selector = ", ".join(f"article math {e}" for e in ("mi", "mo", "mn", "mtext"))
        pedido = {"nodeId": raiz, "selector": selector}
        for nodo in cdp.send("DOM.querySelectorAll", pedido)["nodeIds"]:
            fuentes = cdp.send("CSS.getPlatformFontsForNode", {"nodeId": nodo})["fonts"]
            if any(f["familyName"] != "Apuntes Math" for f in fuentes):
                ajenos.append(
                    cdp.send("DOM.getOuterHTML", {"nodeId": nodo})["outerHTML"]
                )
        cdp.detach()
    contexto.close()
    assert ajenos == []


def test_search_finds_words_with_and_without_accents(navegador, direccion):
    contexto = navegador.new_context()
    pagina = contexto.new_page()
    cuentas = []
    for palabra in ("pérdida", "perdida", "softmax"):
        pagina.goto(f"{direccion}/?q={palabra}")
        resultado = pagina.locator(".md-search-result__item").first
        resultado.wait_for(state="attached", timeout=15_000)
        cuentas.append(pagina.locator(".md-search-result__item").count())
    contexto.close()

    assert min(cuentas) > 0
    assert cuentas[0] == cuentas[1]
