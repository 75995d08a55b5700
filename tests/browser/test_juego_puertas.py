"""El grafo que se recorre da los mismos números que `Value`, puerta a puerta."""

import math

import numpy as np
import pytest

from apuntes.graph import Value

PUERTAS = {
    "+": lambda x, y: x + y,
    "×": lambda x, y: x * y,
    "máx": lambda x, y: x.maximum(y),
    "σ": lambda x: x.sigmoid(),
}
# Lo que dice la lista que calcula cada grafo.
FORMULAS = {
    "2(xy + máx(z, w))": lambda x, y, z, w, dos: dos * (x * y + max(z, w)),
    "(x + y) z": lambda x, y, z: (x + y) * z,
    "xy + x": lambda x, y: x * y + x,
    "σ(w₀x₀ + w₁x₁ + w₂)": lambda w0, x0, w1, x1, w2: (
        1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ),
}


@pytest.fixture
def puertas(abrir):
    """El juego, como recién cargado."""
    figura = abrir("07").locator("[data-juego=puertas]")
    figura.locator("select").select_option(next(iter(FORMULAS)))
    yield figura
    assert figura.page.quejas == []


@pytest.fixture
def grafos(puertas) -> dict[str, list]:
    return puertas.evaluate("f => f.juego.GRAFOS")


def recorrido(figura, grafo, entradas):
    """Los pasos del juego."""
    return figura.evaluate(
        "(f, [grafo, entradas]) => f.juego.recorrer(grafo, entradas)", [grafo, entradas]
    )


def con_value(nodos, entradas) -> dict[str, Value]:
    """Cada nodo del grafo, con `Value`, tras la vuelta."""
    valores = {}
    for nombre, que, *_ in nodos:
        if isinstance(que, list):
            puerta, *de = que
            valores[nombre] = PUERTAS[puerta](*(valores[d] for d in de))
        else:
            valores[nombre] = Value(entradas.get(nombre, que))
    valores[nodos[-1][0]].backward()
    return valores


def entradas_de(nodos) -> dict[str, float]:
    return {nombre: que for nombre, que, *_ in nodos if not isinstance(que, list)}


def a_la_vista(figura, clase) -> list[str]:
    return figura.locator(f".grafo .{clase}").all_text_contents()


def avanzar(figura, veces=99):
    """Adelante, hasta el final si hace falta."""
    boton = figura.get_by_role("button", name="Adelante")
    while veces and boton.is_enabled():
        boton.click()
        veces -= 1


@pytest.mark.parametrize("grafo", FORMULAS)
def test_values_and_derivatives_are_those_of_the_package(puertas, grafos, grafo, rng):
    nombres = entradas_de(grafos[grafo])
    muestras = [nombres, dict.fromkeys(nombres, 1.5)]  # en la segunda, empata el máximo
    muestras += [dict(zip(nombres, rng.normal(size=9), strict=False)) for _ in range(5)]
    for entradas in muestras:
        fin = recorrido(puertas, grafo, entradas)[-1]
        suyos = con_value(grafos[grafo], entradas)

        assert fin["valores"].keys() == fin["derivadas"].keys() == suyos.keys()
        for nombre, nodo in suyos.items():
            assert fin["valores"][nombre] == pytest.approx(nodo.data, rel=1e-12)
            assert fin["derivadas"][nombre] == pytest.approx(nodo.grad, rel=1e-12)
        salida = fin["valores"][grafos[grafo][-1][0]]
        assert salida == pytest.approx(FORMULAS[grafo](*entradas.values()), rel=1e-12)


@pytest.mark.parametrize("grafo", FORMULAS)
def test_each_step_adds_one_gate_and_then_gives_it_back(puertas, grafos, grafo):
    pasos = recorrido(puertas, grafo, {})
    nodos = grafos[grafo]
    orden = [nombre for nombre, que, *_ in nodos if isinstance(que, list)]

    assert [p["activa"] for p in pasos] == [None, *orden, orden[-1], *orden[::-1]]
    sabidos = [sum(v is not None for v in p["valores"].values()) for p in pasos]
    ida = range(len(nodos) - len(orden), len(nodos) + 1)
    assert sabidos == [*ida, *[len(nodos)] * (len(orden) + 1)]
    assert all(p["derivadas"] == {} for p in pasos[: len(orden) + 1])
    assert pasos[len(orden) + 1]["derivadas"] == {orden[-1]: 1}


def test_the_steps_are_walked_with_the_keyboard(puertas):
    adelante = puertas.get_by_role("button", name="Adelante")
    atras = puertas.get_by_role("button", name="Atrás")
    estado = puertas.get_by_role("status")
    assert (atras.is_enabled(), a_la_vista(puertas, "atras")) == (False, [])

    adelante.focus()
    puertas.page.keyboard.press("Enter")
    assert "p = 3 · (−4) = −12" in estado.text_content()
    assert "p = −12" in a_la_vista(puertas, "delante")
    for _ in range(4):
        puertas.page.keyboard.press("Enter")
    assert "la derivada de f respecto de sí misma es 1" in estado.text_content()
    assert a_la_vista(puertas, "atras") == ["1"]
    for _ in range(4):
        puertas.page.keyboard.press("Enter")
    assert (
        "A x le llega 2 · (−4) = −8. A y le llega 2 · 3 = 6." in estado.text_content()
    )
    assert "El producto da a cada entrada el valor de la otra" in estado.text_content()
    # Al final no se puede avanzar: el foco pasa a «Atrás».
    assert adelante.is_disabled()
    assert atras.evaluate("b => b === document.activeElement")
    puertas.page.keyboard.press("Enter")
    assert puertas.locator(".cuantos").text_content() == "8/9"
    puertas.get_by_role("button", name="Reiniciar").click()
    assert puertas.locator(".cuantos").text_content() == "0/9"


def test_the_picture_is_also_told(puertas):
    puertas.locator("select").select_option("xy + x")
    dibujo = puertas.locator(".grafo")
    assert dibujo.get_attribute("aria-label") == (
        "Valores: x, 3; y, 4. Derivadas: aún ninguna."
    )

    avanzar(puertas)
    assert dibujo.get_attribute("aria-label") == (
        "Valores: x, 3; y, 4; p, 12; f, 15. Derivadas: f, 1; p, 1; x, 5; y, 3."
    )
    # Sobre las aristas, lo que vuelve por cada una, solo de un nodo que alimenta a varios.
    assert sorted(a_la_vista(puertas, "atras")) == ["1", "1", "1", "3", "4", "5"]


def test_what_is_typed_is_used_unless_it_is_not_a_number(puertas):
    puertas.locator("select").select_option("(x + y) z")
    avanzar(puertas)
    campo, dibujo = puertas.get_by_label("z ="), puertas.locator(".grafo")
    for texto, valor in (("0.25", "0,25"), ("", "0,25"), ("1e9", "0,25"), ("-7", "−7")):
        campo.fill(texto)
        assert f"z, {valor};" in dibujo.get_attribute("aria-label")
    assert "f, −21. Derivadas: f, 1; q, −7; z, 3; x, −7; y, −7." in (
        dibujo.get_attribute("aria-label")
    )


def test_the_explanation_says_what_happens(puertas, grafos):
    """Lo que se lee en «Lo que se ve», al pie del juego."""

    def derivadas(grafo, **cambios):
        return recorrido(puertas, grafo, cambios)[-1]["derivadas"]

    primero, *_, neurona = FORMULAS
    for w, partes in ((1.8, (2, 0)), (1.9, (2, 0)), (2, (1, 1)), (2.1, (0, 2))):
        d = derivadas(primero, w=w)
        assert (d["z"], d["w"]) == partes
    assert [derivadas("xy + x", x=x, y=-1)["x"] for x in (-3, 0.5, 8)] == [0, 0, 0]
    for w2 in (6, -14):
        d = derivadas(neurona, **{"w₂": w2})
        assert d.pop("a") == 1
        assert max(np.abs(list(d.values()))) < 1e-3
        assert d["z"] == pytest.approx(0.0000454, abs=1e-7)
