"""Los juegos calculan lo mismo que `apuntes` y se usan con teclado, ratón y dedo."""

import functools

import numpy as np
import pytest

from apuntes import descent
from apuntes.optimizers import SGD, Adagrad, Adam, RMSprop
from apuntes.trajectories import trajectory

# ── Descenso ──────────────────────────────────────────────────────────────────────

OPTIMIZADORES = {
    "SGD": SGD,
    "momento": functools.partial(SGD, momentum=0.9),
    "Nesterov": functools.partial(SGD, momentum=0.9, nesterov=True),
    "Adagrad": Adagrad,
    "RMSprop": RMSprop,
    "Adam": Adam,
}
FUNCIONES = {
    "q": (descent.quadratic, descent.quadratic_grad),
    "himmelblau": (descent.himmelblau, descent.himmelblau_grad),
}
# Lo que dice «Lo que se ve», al pie del juego.
VEREDICTOS = [
    ("q", "SGD", 0.46, (1, -1), {"clase": "llega", "paso": 341}),
    ("q", "SGD", 0.47, (1, -1), {"clase": "diverge"}),
    ("q", "momento", 0.47, (1, -1), {"clase": "llega", "paso": 141}),
    ("himmelblau", "SGD", 0.01, (0, -1), {"clase": "llega"}),
    ("himmelblau", "SGD", 0.02, (0, -1), {"clase": "salta", "periodo": 2}),
    ("himmelblau", "SGD", 0.02, (0, 1), {"clase": "llega", "minimo": [3, 2]}),
    ("himmelblau", "SGD", 1, (0, -1), {"clase": "diverge", "paso": 3}),
    ("himmelblau", "momento", 1, (0, -1), {"clase": "diverge", "paso": 3}),
    ("himmelblau", "Nesterov", 1, (0, -1), {"clase": "diverge", "paso": 3}),
    (
        *("himmelblau", "Adagrad", 1, (0, -1)),
        {"clase": "llega", "minimo": [3, 2], "paso": 13},
    ),
    (
        *("himmelblau", "Adam", 1, (0, -1)),
        {"clase": "llega", "minimo": [3, 2], "paso": 148},
    ),
    ("himmelblau", "RMSprop", 1, (0, -1), {"clase": "vueltas"}),
    # Los que no salen en el texto.
    ("q", "Adagrad", 0.01, (1, -1), {"clase": "va"}),
    ("q", "SGD", 0.1, (0, 0), {"clase": "llega", "paso": 0}),
]


def camino(funcion, optimizador, tasa, salida, pasos):
    """La trayectoria de `apuntes`."""
    theta = np.array(salida, dtype=float)
    hecho = OPTIMIZADORES[optimizador]([theta], lr=tasa)
    return trajectory(hecho, FUNCIONES[funcion][1], steps=pasos)


@pytest.fixture
def bajada(abrir):
    """El juego del descenso, como recién cargado."""
    figura = abrir("03").locator("[data-juego=descenso]")
    figura.evaluate("""f => f.juego.cambiar({
        funcion: 'q', optimizador: 'SGD', tasa: 0.1, salida: [1, -1], pasos: 50})""")
    yield figura
    assert figura.page.quejas == []


def preguntar(figura, que, **eleccion):
    """Lo que contesta una función del juego."""
    return figura.evaluate(f"(f, eleccion) => f.juego.{que}(eleccion)", eleccion)


@pytest.mark.parametrize("optimizador", OPTIMIZADORES)
@pytest.mark.parametrize(
    ("funcion", "salida"), [("q", (1, -1)), ("himmelblau", (0, -1))]
)
def test_paths_are_those_of_the_package(bajada, funcion, salida, optimizador):
    for tasa in (0.001, 0.003, 0.01):
        dibujado = preguntar(
            bajada,
            "trayectoria",
            funcion=funcion,
            optimizador=optimizador,
            tasa=tasa,
            salida=salida,
            pasos=100,
        )

        suyo = camino(funcion, optimizador, tasa, salida, 100)
        np.testing.assert_allclose(dibujado, suyo, rtol=1e-9)


def test_heights_and_minima_are_those_of_the_package(bajada, rng):
    for funcion, (valor, gradiente) in FUNCIONES.items():
        for punto in rng.uniform(-5, 5, size=(5, 2)):
            [altura, minimos] = bajada.evaluate(
                """(f, [nombre, p]) => { const funcion = f.juego.FUNCIONES[nombre];
                return [funcion.valor(...p), funcion.minimos]; }""",
                [funcion, punto.tolist()],
            )
            assert altura == pytest.approx(valor(punto), rel=1e-12)
        for minimo in np.array(minimos, dtype=float):
            assert np.linalg.norm(gradiente(minimo)) < 1e-12
        assert len(minimos) == {"q": 1, "himmelblau": 4}[funcion]


@pytest.mark.parametrize(
    ("funcion", "optimizador", "tasa", "salida", "esperado"), VEREDICTOS
)
def test_the_verdict_is_what_the_page_says(
    bajada, funcion, optimizador, tasa, salida, esperado
):
    dado = preguntar(
        bajada,
        "veredicto",
        funcion=funcion,
        optimizador=optimizador,
        tasa=tasa,
        salida=salida,
    )
    puntos = camino(funcion, optimizador, tasa, salida, 2000)

    assert esperado.items() <= dado.items()
    if dado["clase"] == "llega":
        falta = np.linalg.norm(puntos - dado["minimo"], axis=1)
        assert falta[dado["paso"] :].max() < 1e-3
        assert dado["paso"] == 0 or falta[dado["paso"] - 1] >= 1e-3
    elif dado["clase"] == "diverge":
        lejos = ~(np.hypot(*puntos.T) < 1e6)
        assert lejos.argmax() == dado["paso"]
    elif dado["clase"] == "salta":
        assert np.allclose(puntos[-20:-2], puntos[-18:])


def test_the_explanation_of_the_descent_quotes_the_verdicts(bajada):
    texto = bajada.page.locator("details:has-text('Lo que se ve')").text_content()

    for numero in ("341 pasos", "llega en 141", "en 13 y Adam, en 148", "tres pasos"):
        assert numero in texto


def test_the_start_moves_with_keys_mouse_and_finger(bajada):
    def salida():
        campos = bajada.get_by_label("Salida,").all()
        return [float(campo.input_value()) for campo in campos]

    mapa, asa = bajada.locator(".mapa"), bajada.locator(".asa")
    mapa.focus()
    for tecla in ("ArrowUp", "ArrowLeft", "Shift+ArrowLeft"):
        mapa.press(tecla)
    assert salida() == [0.89, -0.9]

    caja = mapa.bounding_box()
    medio = caja["x"] + caja["width"] / 2, caja["y"] + caja["height"] / 2
    bajada.page.touchscreen.tap(*medio)
    assert np.abs(salida()).max() < 0.2

    asa.hover(force=True)
    bajada.page.mouse.down()
    bajada.page.mouse.move(medio[0] + 60, medio[1] - 60, steps=3)
    bajada.page.mouse.up()
    assert np.all(np.array(salida()) > 0.3)


def test_each_control_redraws_and_says_so(bajada):
    aviso, estado = bajada.get_by_role("status"), bajada.locator(".estado")
    assert aviso.text_content() == "Llega al mínimo (0; 0) en el paso 90."
    assert estado.text_content() == "Paso 50: (0,0172; 0,00521), J = 0,000113"

    bajada.get_by_label("Función").select_option("himmelblau")
    assert aviso.text_content() == "Llega al mínimo (3,58; −1,85) en el paso 33."
    bajada.get_by_label("Tasa de aprendizaje", exact=True).fill("0.02")
    assert "acaba saltando entre 2 puntos" in aviso.text_content()
    bajada.get_by_label("Optimizador").select_option("Adam")
    assert aviso.text_content() == "Llega al mínimo (3; 2) en el paso 260."
    bajada.get_by_label("escala logarítmica").press("End")
    assert bajada.get_by_label("Tasa de aprendizaje", exact=True).input_value() == "10"
    bajada.get_by_role("slider", name="Pasos").press("Home")
    assert estado.text_content().startswith("Paso 1:")
    bajada.get_by_role("slider", name="Pasos").press("ArrowRight")
    assert len(bajada.locator(".puntos").get_attribute("d").split("M")) == 4


def test_the_path_grows_unless_less_motion_is_asked_for(bajada):
    bajada.evaluate("f => f.juego.cambiar({ pasos: 5 })")
    linea, pulsar = (
        bajada.locator(".linea"),
        """f => { f.querySelector('.botones-juego button').click();
        return f.querySelector('.linea').getAttribute('d'); }""",
    )
    entera = linea.get_attribute("d")

    bajada.page.emulate_media(reduced_motion="reduce")
    assert bajada.evaluate(pulsar) == entera
    bajada.page.emulate_media(reduced_motion="no-preference")
    assert bajada.evaluate(pulsar) == entera.split("L")[0]
    bajada.page.wait_for_function(
        "d => document.querySelector('.linea').getAttribute('d') === d", arg=entera
    )


# ── Todos ─────────────────────────────────────────────────────────────────────────

JUEGOS = {"02": "cifras", "03": "descenso", "07": "puertas"}


@pytest.mark.parametrize("capitulo", JUEGOS)
def test_the_game_fits_in_the_place_kept_for_it(abrir, capitulo):
    """Si cabe en el hueco reservado, nada salta cuando el guion lo monta."""
    pagina = abrir(capitulo)
    dibujo = pagina.locator(f"[data-juego={JUEGOS[capitulo]}] .dibujo")
    for ancho in (360, 390, 1280):
        pagina.set_viewport_size({"width": ancho, "height": 844})
        hueco, tablero, fija = dibujo.evaluate(
            """d => [parseFloat(getComputedStyle(d).minHeight),
            d.querySelector('.tablero').getBoundingClientRect().height,
            (d.querySelector('svg.figura').style.display = 'block',
             d.querySelector('svg.figura').getBoundingClientRect().height)]"""
        )
        dibujo.evaluate("d => d.querySelector('svg.figura').style.display = ''")
        assert max(tablero, fija) <= hueco + 1, ancho
        assert hueco < 1.1 * tablero, ancho
        ancha = pagina.evaluate("document.documentElement.scrollWidth")
        assert ancha <= ancho
    pagina.set_viewport_size({"width": 390, "height": 844})


@pytest.mark.parametrize("capitulo", JUEGOS)
def test_on_paper_there_is_a_picture_instead_of_a_game(abrir, capitulo):
    pagina = abrir(capitulo)
    figura = pagina.locator(f"[data-juego={JUEGOS[capitulo]}]")
    fija, tablero = figura.locator("svg.figura"), figura.locator(".tablero")

    assert (fija.is_visible(), tablero.is_visible()) == (False, True)
    pagina.emulate_media(media="print")
    assert (fija.is_visible(), tablero.is_visible()) == (True, False)
    assert figura.locator(".sin-juego").is_visible()
    assert not figura.locator(".con-juego").is_visible()
    pagina.emulate_media(media="screen")


def test_games_load_only_where_they_are_and_when_they_are_near(abrir, sitio):
    paginas = {
        ruta.parent.name[:2]: ruta.read_text(encoding="utf-8")
        for ruta in sitio.glob("capitulos/*/index.html")
    }
    con_juego = {capitulo for capitulo, html in paginas.items() if "juegos/" in html}

    assert con_juego == set(JUEGOS)
    for capitulo in JUEGOS:
        pagina = abrir(capitulo)
        assert pagina.arriba == 1  # comun.js
        abajo = {"cifras": 3}.get(JUEGOS[capitulo], 2)  # el de las cifras trae la red
        assert pagina.locator("script[src*='/juegos/']").count() == abajo


def test_each_script_is_small(sitio):
    pesos = {r.name: r.stat().st_size for r in sitio.glob("recursos/juegos/*.js")}

    assert len(pesos) > len(JUEGOS)
    assert max(pesos.values()) <= 30_000
