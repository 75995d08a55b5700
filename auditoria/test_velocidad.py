"""Lo que pesa y lo que tarda cada página, y lo que tarda en construirse el sitio."""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request

import pytest
from browser.conftest import OPCIONES
from servidor import ROOT

LARGO = "capitulos/12-optimizacion-avanzada/"
LABORATORIO = "laboratorios/06-entrenar-y-diagnosticar/"
EXIGIDO = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
PASADAS = 5
# La que aún no cabe en los 120 KB: lleva los mapas de bits de las cuencas. Solo baja.
PENDIENTES = {"capitulos/03-descenso-de-gradiente/": 140}
KB = 1000


@pytest.mark.parametrize(
    ("clase", "ruta"),
    [("portada", ""), ("capitulo", LARGO), ("laboratorio", LABORATORIO)],
)
def test_lighthouse_is_satisfied_on_a_phone(
    clase, ruta, direccion, chromium, node, medido, tmp_path
):
    """Cinco veces con el perfil móvil de Lighthouse; vale la mediana."""
    url = f"{direccion}/{ruta}"
    notas = [pasar(url, chromium, node, tmp_path) for _ in range(PASADAS)]
    mediana = {clave: statistics.median(n[clave] for n in notas) for clave in notas[0]}
    rendimientos = [n["performance"] for n in notas]
    medido.setdefault("lighthouse", {})[clase] = mediana | {"pasadas": rendimientos}

    assert {
        clave: mediana[clave] for clave in EXIGIDO if mediana[clave] < EXIGIDO[clave]
    } == {}
    assert mediana["cls"] < 0.02


def pasar(url, chromium, node, carpeta) -> dict[str, float]:
    """Las notas de Lighthouse, de 0 a 100, y los tiempos que las explican."""
    informe = carpeta / "informe.json"
    orden = [
        *("node", node / "lighthouse/cli/index.js", url, "--quiet"),
        *("--output=json", f"--output-path={informe}"),
        f"--only-categories={','.join(EXIGIDO)}",
        f"--chrome-flags=--headless=new {' '.join(OPCIONES)}",
    ]
    entorno = os.environ | {"CHROME_PATH": chromium}
    subprocess.run(orden, env=entorno, check=True, capture_output=True)
    datos = json.loads(informe.read_text(encoding="utf-8"))
    notas = {c: round(100 * datos["categories"][c]["score"]) for c in EXIGIDO}
    medidas = {n: datos["audits"][n]["numericValue"] for n in TIEMPOS}
    return notas | {
        "primera_pintura_ms": round(medidas["first-contentful-paint"]),
        "pintura_mayor_ms": round(medidas["largest-contentful-paint"]),
        "bloqueo_ms": round(medidas["total-blocking-time"]),
        "cls": round(medidas["cumulative-layout-shift"], 4),
    }


TIEMPOS = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
)


@pytest.fixture(scope="module")
def pesos(navegador, alojamiento, direccion, rutas, medido) -> dict[str, dict]:
    """Los KB que viajan, comprimidos, en la primera visita a cada página y después."""
    pesos = {}
    contexto = navegador.new_context()
    visitar(contexto, f"{direccion}/404.html", alojamiento)
    visitar(contexto, f"{direccion}/{LARGO}", alojamiento)
    for ruta in rutas:
        nuevo = navegador.new_context()
        sin_buscar, primera = visitar(nuevo, f"{direccion}/{ruta}", alojamiento)
        _, despues = visitar(contexto, f"{direccion}/{ruta}?", alojamiento)
        pesos[ruta] = {
            "sin_buscar": sin_buscar,
            "primera": primera,
            "despues": despues,
        }
        nuevo.close()
    contexto.close()
    medido["pesos_kb"] = {"paginas": pesos} | {
        clase: maximos(p for ruta, p in pesos.items() if ruta.startswith(clase))
        for clase in ("capitulos", "laboratorios")
    }
    return pesos


def visitar(contexto, url: str, alojamiento) -> tuple[float, float]:
    """Los KB que pide una página, y con los que pide luego su buscador."""
    alojamiento.enviado.clear()
    pagina = contexto.new_page()
    pagina.goto(url, wait_until="networkidle")
    leer = viajado(alojamiento)
    pagina.keyboard.press("f")
    pagina.keyboard.type("softmax")
    pagina.locator(".md-search-result__item").first.wait_for(state="attached")
    pagina.wait_for_load_state("networkidle")
    pagina.close()
    return leer, viajado(alojamiento)


def viajado(alojamiento) -> float:
    return round(sum(octetos for _, octetos in alojamiento.enviado) / KB, 1)


def maximos(pesos) -> dict[str, float]:
    pesos = list(pesos)
    return {clave: max(p[clave] for p in pesos) for clave in pesos[0]}


@pytest.mark.parametrize(
    ("clase", "cuando", "tope"),
    [
        ("capitulos/", "primera", 500),
        ("laboratorios/", "sin_buscar", 250),
        ("", "despues", 120),
    ],
)
def test_pages_are_light_the_first_time_and_lighter_afterwards(
    pesos, clase, cuando, tope
):
    """La primera vez, un capítulo trae además las fuentes y el índice del buscador."""
    topes = PENDIENTES if cuando == "despues" else {}
    de_mas = {r: p[cuando] for r, p in pesos.items() if p[cuando] > topes.get(r, tope)}

    assert {r: peso for r, peso in de_mas.items() if r.startswith(clase)} == {}


@pytest.fixture(scope="module")
def copia(tmp_path_factory):
    """Una copia del proyecto sin cachés, para construirla y cambiarla."""
    destino = tmp_path_factory.mktemp("copia")
    orden = [
        "git",
        "-C",
        ROOT,
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    ficheros = subprocess.run(orden, capture_output=True, text=True, check=True).stdout
    for nombre in filter(None, ficheros.split("\0")):
        if (ROOT / nombre).is_file():
            (destino / nombre).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / nombre, destino / nombre)
    return destino


@pytest.fixture(scope="module")
def en_frio(copia) -> float:
    """Segundos de construirlo todo desde cero, figuras y laboratorios incluidos."""
    inicio = time.monotonic()
    with mkdocs(copia, "build", "--strict", "--quiet") as construccion:
        construccion.communicate()
    return time.monotonic() - inicio


def mkdocs(copia, *orden):
    """Una orden de MkDocs en la copia, con su propio paquete."""
    entorno = os.environ | {
        "PYTHONPATH": str(copia / "src"),
        "NO_MKDOCS_2_WARNING": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "mkdocs", *orden],
        cwd=copia,
        env=entorno,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_whole_site_builds_in_a_minute(en_frio, copia, medido):
    assert (copia / "site/index.html").exists()
    medido.setdefault("construccion", {})["en_frio_s"] = round(en_frio, 1)

    assert en_frio < 60


def test_a_word_changed_while_serving_is_read_in_three_seconds(en_frio, copia, medido):
    """De guardar el fichero a que el servidor da la página con la palabra nueva."""
    puerto = 8971
    capitulo = copia / "docs" / f"{LARGO.rstrip('/')}.md"
    url = f"http://127.0.0.1:{puerto}/{LARGO}"
    orden = ("serve", "--strict", "--livereload", "--dev-addr", f"127.0.0.1:{puerto}")
    with mkdocs(copia, *orden) as servidor:
        try:
            esperar(url, "Optimización")
            tiempos = [cambiar(capitulo, url, f"cambiado{i}") for i in range(5)]
        finally:
            servidor.terminate()
    medido.setdefault("construccion", {})["tras_un_cambio_s"] = round(
        statistics.median(tiempos), 2
    )

    assert statistics.median(tiempos) < 3


def cambiar(fichero, url, palabra) -> float:
    texto = re.sub(r"\n\nPalabra \w+\.\n$", "", fichero.read_text(encoding="utf-8"))
    inicio = time.monotonic()
    fichero.write_text(f"{texto}\n\nPalabra {palabra}.\n", encoding="utf-8")
    esperar(url, palabra)
    return time.monotonic() - inicio


def esperar(url: str, palabra: str, plazo: float = 120) -> None:
    """Espera a que la página lleve la palabra."""
    limite = time.monotonic() + plazo
    while time.monotonic() < limite:
        try:
            with urllib.request.urlopen(url, timeout=60) as respuesta:
                if palabra in respuesta.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError(f"no aparece; se recibió {palabra!r} en {url}")
