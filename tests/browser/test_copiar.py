"""Copiar = ejecutar: lo que da cada botón de copiar corre tal cual."""

import re

import pytest
from interprete import ejecutar_todos


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


COPIAR = """async b => {
const pestana = b.closest('.tabbed-block');
if (pestana) {
    const caja = pestana.closest('.tabbed-set');
    const n = [...pestana.parentNode.children].indexOf(pestana);
    caja.querySelectorAll(':scope > input')[n].click();
}
b.scrollIntoView({block: 'center', behavior: 'instant'});
const esperar = async que => {
    for (let i = 0; i < 300; i++) {
        const valor = await que();
        if (valor) return valor;
        await new Promise(sigue => setTimeout(sigue, 10));
    }
    throw new Error('no se copia: ' + b.textContent.slice(0, 80));
};
// El tema pone el botón cuando el bloque llega a verse.
const boton = await esperar(() =>
    b.querySelector('button[data-md-type="copy"], .md-clipboard'));
await navigator.clipboard.writeText('');
boton.click();
return {
    texto: await esperar(() => navigator.clipboard.readText()),
    python: b.querySelector('.gp, .kn, .k, .n, .nb') !== null,
    error: b.textContent.includes('Traceback'),
};
}"""


def copiar(pagina, bloque) -> tuple[str, str]:
    """Pulsa el botón de un bloque, abriendo antes su pestaña, y lee el portapapeles."""
    copiado = bloque.evaluate(COPIAR)
    clase = "error" if copiado["error"] else "python"
    return (clase if copiado["python"] else "otro"), copiado["texto"]


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


def test_what_the_copy_button_gives_runs_in_a_fresh_interpreter(copiados, tmp_path):
    codigos = [copiado for copiado in copiados if copiado[1] != "otro"]
    assert len(codigos) > 100

    resultados = ejecutar_todos([texto for _, _, texto in codigos], tmp_path)

    for (url, clase, texto), (bien, salida) in zip(codigos, resultados, strict=True):
        assert bien == (clase != "error"), f"{url}\n{texto}\n{salida}"


def test_copied_text_has_neither_prompts_nor_outputs(copiados):
    for url, _, texto in copiados:
        # Sangrado, dentro de un docstring, es parte del código.
        assert not re.search(r"^(>>>|\.\.\.) ", texto, re.MULTILINE), (url, texto)
        assert texto.strip(), url
