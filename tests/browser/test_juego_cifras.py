"""La red que se juega es la de `apuntes`, y ve lo que vería `like_mnist`."""

import base64
from unittest import mock

import numpy as np
import pytest

from apuntes.activations import softmax
from apuntes.data import flatten_images, mnist_sample
from apuntes.figures._results import measured
from apuntes.figures.games import network_from
from apuntes.mnist_gpu import picture

# De números de un byte, en base64, a lo que contesta la red a cada imagen.
RESPONDER = """(f, texto) => {
    const bytes = Uint8Array.from(atob(texto), c => c.charCodeAt(0));
    return Array.from({ length: bytes.length / 784 }, (_, n) =>
        f.juego.responder(Array.from(bytes.slice(784 * n, 784 * (n + 1)), p => p / 255)));
}"""


@pytest.fixture(scope="module")
def red():
    """La red publicada, en el paquete."""
    return network_from(measured("juego-cifras")["red"])


@pytest.fixture
def cifras(abrir):
    """El juego, con el papel en blanco y encajando lo que se dibuje."""
    figura = abrir("02").locator("[data-juego=cifras]")
    figura.get_by_label("Encajar y centrar").check()
    figura.get_by_role("button", name="Borrar").click()
    yield figura
    assert figura.page.quejas == []


def contestado(red, images):
    """Activaciones ocultas y probabilidades, según `apuntes`."""
    x = flatten_images(images, dtype=np.float64)
    return red[1].forward(red[0].forward(x)), softmax(red.forward(x))


def encajada(tinta: np.ndarray) -> np.ndarray:
    """Lo que hace `like_mnist` con una tinta que no hay que buscar: no hay papel."""
    filas, columnas = (np.flatnonzero(tinta.any(axis=eje)) for eje in (1, 0))
    recorte = tinta[filas[0] : filas[-1] + 1, columnas[0] : columnas[-1] + 1]
    with mock.patch.object(picture, "find_ink", return_value=recorte):
        return picture.like_mnist(tinta).astype(int)


def trazar(figura, *puntos):
    """Un trazo con el ratón; los puntos, en partes del papel."""
    papel, raton = figura.locator(".papel"), figura.page.mouse
    papel.evaluate("p => p.scrollIntoView({ block: 'center', behavior: 'instant' })")
    caja = papel.bounding_box()
    for i, (x, y) in enumerate(puntos):
        raton.move(caja["x"] + x * caja["width"], caja["y"] + y * caja["height"])
        if i == 0:
            raton.down()
    raton.up()


def vista(figura) -> np.ndarray:
    """La imagen que ve la red."""
    return np.array(figura.evaluate("f => f.juego.pixeles()")).reshape(28, 28)


def contesta(figura) -> str:
    return figura.locator(".veredicto").text_content().replace("\xa0", " ")


def numero(texto: str) -> float:
    return float(texto.replace("−", "-").replace(",", "."))


def test_a_thousand_test_images_get_the_answer_of_the_package(cifras, red):
    images, labels = mnist_sample("test")
    texto = base64.b64encode(images.tobytes()).decode()
    dado = cifras.evaluate(RESPONDER, texto)
    ocultas, probabilidades = contestado(red, images)
    suyas = np.array([d["probabilidades"] for d in dado])

    assert len(images) == 1000
    np.testing.assert_array_equal(suyas.argmax(axis=1), probabilidades.argmax(axis=1))
    np.testing.assert_allclose(suyas, probabilidades, rtol=1e-9)
    np.testing.assert_allclose([d["ocultas"] for d in dado], ocultas, rtol=1e-9)
    # De las 10 000 acierta el 95,2 %; con mil, el error típico es 0,7 puntos.
    medida = measured("juego-cifras")["exactitud_desplazada"]["0"]
    assert np.mean(suyas.argmax(axis=1) == labels) == pytest.approx(medida, abs=0.02)


def test_the_published_network_is_the_measured_one(cifras):
    publicada = cifras.page.evaluate("Juegos.red")
    medida = measured("juego-cifras")["red"]

    assert {clave: publicada[clave] for clave in medida} == medida


def test_any_drawing_becomes_what_the_package_makes_of_it(cifras, rng):
    for alto, ancho in ((90, 60), (40, 120), (33, 33), (9, 8), (12, 60)):
        tinta = np.zeros((alto, ancho), dtype=np.float32)
        arriba, izquierda = alto // 4, ancho // 3
        dentro = rng.uniform(size=(alto // 2, ancho // 3)) ** 3
        tinta[arriba : arriba + alto // 2, izquierda : izquierda + ancho // 3] = dentro
        suya = cifras.evaluate("(f, t) => f.juego.comoMnist(t)", tinta.tolist())

        np.testing.assert_allclose(np.reshape(suya, (28, 28)), encajada(tinta), atol=1)


def test_what_is_drawn_is_fitted_as_the_package_does(cifras, red):
    trazar(cifras, (0.2, 0.1), (0.5, 0.15), (0.3, 0.6), (0.6, 0.9))
    papel = np.array(cifras.evaluate("f => f.juego.leer()"), dtype=np.float32)

    np.testing.assert_allclose(vista(cifras), encajada(papel), atol=1)
    # Como foto, con la tinta por encontrar, `like_mnist` da casi la misma imagen.
    foto = picture.like_mnist(1 - papel).astype(int)
    assert np.corrcoef(vista(cifras).ravel(), foto.ravel())[0, 1] > 0.95


def test_an_example_is_seen_as_it_is(cifras, red):
    images, labels = mnist_sample("test")
    for cifra in (0, 3, 7):
        cifras.get_by_role("button", name=f"Ejemplo: un {cifra}").click()
        imagen = images[labels == cifra][0]

        np.testing.assert_array_equal(vista(cifras), imagen)
        assert contesta(cifras).startswith(f"Contesta {cifra} (")


def test_the_explanation_says_what_the_network_answers(cifras):
    texto = cifras.page.locator("details:has-text('Sin un solo trazo')").text_content()

    assert (
        contesta(cifras)
        == "Sin un solo trazo, contesta 5 (62,6 %); después, 7 (24,2 %)."
    )
    assert "contesta 5, con el 63\u00a0%" in texto


def test_where_the_stroke_is_matters_unless_it_is_centred(cifras):
    trazar(cifras, (0.07, 0.15), (0.07, 0.85))
    assert contesta(cifras).startswith("Contesta 1 (")

    cifras.get_by_label("Encajar y centrar").uncheck()
    assert not contesta(cifras).startswith("Contesta 1 (")


def test_a_three_closed_on_the_left_is_an_eight(cifras, red):
    """Lo que cuenta «Lo que se ve» de las neuronas."""

    def activas():
        textos = cifras.locator(".neuronas .cuanto").all_text_contents()
        return np.array([numero(t) for t in textos])

    def que_mas_suman():
        suman = np.array(
            [numero(t) for t in cifras.locator(".aporta").all_text_contents()]
        )
        return list(np.argsort(-suman))

    cifras.get_by_role("button", name="Ejemplo: un 3").click()
    antes, imagen = activas(), vista(cifras)
    assert que_mas_suman()[:4] == [11, 7, 9, 3]
    quieta = cifras.locator("svg.figura").get_attribute("aria-label")
    assert "cinco de ellas por encima de 0,7" in quieta
    assert np.sum(antes > 0.7) == 5
    trazar(cifras, (0.33, 0.35), (0.42, 0.52), (0.5, 0.57))
    trazar(cifras, (0.47, 0.6), (0.35, 0.73), (0.4, 0.9))

    assert contesta(cifras).startswith("Contesta 8 (")
    cambio = activas() - antes
    assert activas()[3] < 0.1
    assert np.all(cambio[[3, 11, 7]] < -0.3)
    assert np.all(cambio[[2, 8]] > 0.6)
    assert set(que_mas_suman()[:3]) == {2, 8, 9}
    nueva = np.clip(vista(cifras) - imagen, 0, None).ravel()
    assert np.sign(red[0].weight[[3, 2, 8]] @ nueva).tolist() == [-1, 1, 1]


def test_what_each_neuron_adds_is_its_weight_times_its_activation(cifras, red):
    cifras.get_by_role("button", name="Ejemplo: un 3").click()
    images, labels = mnist_sample("test")
    ocultas, _ = contestado(red, images[labels == 3][:1])
    suma, lista = cifras.locator(".aporta"), cifras.get_by_label("suma al logit")
    for opcion, cifra in (("", 3), ("8", 8)):
        lista.select_option(opcion)
        dicho = [numero(t) for t in suma.all_text_contents()]
        aporta = red[2].weight[cifra] * ocultas[0]
        np.testing.assert_allclose(dicho, aporta, atol=0.0501)
    lista.select_option("")


def test_maps_show_the_weights_or_what_each_pixel_adds(cifras):
    opacos = """f => { const mapa = f.querySelector('.neuronas canvas');
        const { data } = mapa.getContext('2d').getImageData(0, 0, 28, 28);
        return data.filter((_, i) => i % 4 === 3 && data[i]).length; }"""
    assert cifras.evaluate(opacos) > 300

    cifras.get_by_label("Cada mapa").select_option("sumas")
    assert cifras.evaluate(opacos) == 0  # sin tinta no se suma nada
    cifras.get_by_role("button", name="Ejemplo: un 1").click()
    assert 0 < cifras.evaluate(opacos) <= np.count_nonzero(vista(cifras))
    cifras.get_by_label("Cada mapa").select_option("pesos")


def test_keys_draw_and_only_a_finished_stroke_is_spoken(cifras):
    papel, voz = cifras.locator(".papel"), cifras.get_by_role("status")
    papel.press("Space")  # baja el lápiz, que está en medio
    dicho = voz.text_content()
    for _ in range(8):
        papel.press("ArrowDown")
    alto = np.flatnonzero(vista(cifras).any(axis=1))

    assert len(alto) == 20
    assert cifras.locator(".veredicto").text_content() != dicho
    assert voz.text_content() == dicho
    papel.press("Space")
    assert voz.text_content() == cifras.locator(".veredicto").text_content()
    levantado = vista(cifras)
    papel.press("ArrowLeft")
    assert np.array_equal(vista(cifras), levantado)
    papel.press("Delete")
    assert not vista(cifras).any()


def test_a_finger_draws(cifras):
    cifras.locator(".papel").tap(position={"x": 50, "y": 50})

    assert vista(cifras).any()
