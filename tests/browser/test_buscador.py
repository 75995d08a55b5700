"""El buscador, como lo usa quien lee: escribe en la caja y mira lo primero que sale."""

import pytest

# Lo que se escribe y la sección que debe estar entre las tres primeras.
CONSULTAS = {
    # el término del curso, con tildes y sin ellas, en singular y en plural
    "tasa de aprendizaje": "#la-tasa-de-aprendizaje",
    "tasas de aprendizaje": "#la-tasa-de-aprendizaje",
    "retropropagación": "07-retropropagacion/",
    "retropropagacion": "07-retropropagacion/",
    "entropía cruzada": "#entropia-cruzada",
    "entropias cruzadas": "#entropia-cruzada",
    "normalización por lotes": "#normalizacion-por-lotes",
    "normalizacion por lotes": "#normalizacion-por-lotes",
    "parada temprana": "#paro-temprano",
    "perceptron": "#regla-de-rosenblatt",
    "puntos silla": "#sillas",
    "punto de silla": "#sillas",
    "números de condición": "#numero-de-condicion",
    "regla de la cadena": "08-regla-de-la-cadena/",
    "decaimiento de los pesos": "#adamw",
    "época": "#epoca-y-bucle",
    "sobreajuste": "#complejidad",
    "desvanecimiento del gradiente": "#desvanecimiento-y-explosion",
    "gradientes que se desvanecen": "09-activaciones-y-gradientes/",
    "inicializacion de he": "#he",
    # en inglés, entero o a medias
    "learning rate": "#la-tasa-de-aprendizaje",
    "learning rates": "#la-tasa-de-aprendizaje",
    "backprop": "07-retropropagacion/",
    "cross-entropy": "#entropia-cruzada",
    "batch norm": "#normalizacion-por-lotes",
    "momentum": "#momento-y-nesterov",
    "early stopping": "#paro-temprano",
    "label smoothing": "#suavizado-de-etiquetas",
    "vanishing gradients": "#desvanecimiento-y-explosion",
    "gradient clipping": "#recorte-de-gradiente",
    "skip connection": "#conexiones-residuales",
    "saddle point": "#sillas",
    "overfitting": "#complejidad",
    "loss function": "#catalogo-de-perdidas",
    "warmup": "#programaciones-que-suben",
    "dropout": "#dropout",
    # nombres del paquete y de PyTorch
    "cross_entropy": "#entropia-cruzada",
    "kaiming_uniform": "#he",
    "clip_grad_norm": "#recorte-por-la-norma",
    "huber_loss": "#huber",
    "BatchNorm1d": "#bn-tres-formulas",
    "gradient_descent": "03-descenso-de-gradiente/",
    "AdamW": "#adamw",
    "relu": "#la-relu",
    # autores
    "He": "#he",
    "Glorot": "#glorot",
    "Rosenblatt": "#regla-de-rosenblatt",
    "Nesterov": "#nesterov",
    "Polyak": "#polyak-y-swa",
    "Ioffe": "#suelo-se-mueve",
    "Kingma": "#adam-la-formula",
    # símbolos
    "ℓ2": "#penalizacion",
    "Δ": "#recursion-delta",
}

# Por orden de puntuación: el tema encabeza cada grupo con su página, aunque puntúe menos.
BUSCAR = """async consulta => {
const caja = document.querySelector('.md-search__input');
const lista = document.querySelector('.md-search-result__list');
const escribir = async (texto, basta) => {
    caja.value = texto;
    caja.dispatchEvent(new KeyboardEvent('keyup'));
    for (let i = 0; i < 1000 && !basta(); i++)
        await new Promise(sigue => setTimeout(sigue, 5));
};
await escribir('', () => lista.children.length === 0);
await escribir(consulta, () => lista.children.length > 0);
return [...lista.querySelectorAll('[data-md-score]')]
    .sort((a, b) => b.dataset.mdScore - a.dataset.mdScore)
    .map(ficha => ({
        href: ficha.parentNode.href,
        titulo: ficha.querySelector('h1, h2').textContent,
        texto: ficha.textContent,
    }));
}"""


@pytest.fixture(scope="module")
def resultados(navegador, direccion) -> dict[str, list[dict[str, str]]]:
    """Lo que contesta el buscador a cada consulta, en el orden en que se lee."""
    pagina = navegador.new_page()
    pagina.goto(f"{direccion}/404.html?q=softmax")
    pagina.locator(".md-search-result__item").first.wait_for(state="attached")
    resultados = {
        q: pagina.evaluate(BUSCAR, q) for q in [*CONSULTAS, "pérdida", "perdidas"]
    }
    pagina.close()
    return resultados


def test_the_index_waits_for_someone_to_search(navegador, direccion):
    pagina = navegador.new_page()
    pedido = []
    pagina.on("request", lambda peticion: pedido.append(peticion.url))
    pagina.goto(f"{direccion}/404.html", wait_until="networkidle")
    assert not [url for url in pedido if "search_index" in url]

    pagina.keyboard.press("f")
    pagina.keyboard.type("softmax")
    pagina.locator(".md-search-result__item").first.wait_for()
    assert len([url for url in pedido if "search_index" in url]) == 1
    pagina.close()


def test_the_right_section_is_among_the_first_three(resultados):
    fallos = {
        consulta: [
            r["href"].rpartition("/")[2] or r["href"] for r in resultados[consulta][:3]
        ]
        for consulta, esperada in CONSULTAS.items()
        if not any(r["href"].endswith(esperada) for r in resultados[consulta][:3])
    }

    assert fallos == {}


def test_accents_and_plurals_change_nothing(resultados):
    assert resultados["pérdida"]
    assert resultados["pérdida"] == resultados["perdidas"]


def test_results_say_in_which_section_they_are(resultados):
    titulos = {r["href"]: r["titulo"] for r in resultados["learning rate"]}
    [titulo] = [
        t for href, t in titulos.items() if href.endswith("#la-tasa-de-aprendizaje")
    ]
    assert titulo == "3.5 La tasa de aprendizaje"


def test_excerpts_are_text(resultados):
    for fichas in resultados.values():
        for ficha in fichas:
            assert not set("\\$¶\u2061") & set(ficha["texto"]), ficha["href"]
