"""Erratas E4: lo que dice la lección 004 frente a un juez independiente."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from apuntes.activations import relu, sigmoid
from apuntes.data import mnist_sample
from apuntes.gradcheck import numerical_gradient
from apuntes.losses import quadratic_cost
from apuntes.minibatch import gradient_variance, minibatches


def test_e4_01_la_suma_no_es_el_coste():
    """El ejemplo suma 0,07 y cuesta 0,035; sumar 2,27 no es costar 2,27."""
    a = np.array([[0.9, 0.1, 0.1, 0.2, 0, 0, 0, 0, 0, 0]])
    y = np.eye(10)[[0]]
    assert np.sum((y - a) ** 2) == pytest.approx(0.07)
    assert quadratic_cost(a, y) == pytest.approx(0.035)

    n = 10
    targets = np.eye(10)
    outputs = targets + np.sqrt(2.27 / targets.size)
    assert np.sum((targets - outputs) ** 2) == pytest.approx(2.27)
    assert quadratic_cost(outputs, targets) != pytest.approx(2.27)
    assert quadratic_cost(outputs, targets) == pytest.approx(2.27 / (2 * n))


def test_e4_01_contestar_siempre_ceros_cuesta_medio():
    """Un coste de 2,27 es cuatro veces peor que no contestar nada."""
    targets = np.eye(10)

    assert quadratic_cost(np.zeros((10, 10)), targets) == 0.5
    assert 4 * quadratic_cost(np.zeros((10, 10)), targets) < 2.27


def test_e4_02_el_coste_puede_ser_cero():
    """Si la salida es la deseada no hay nada positivo que sumar."""
    y = np.eye(10)

    assert not quadratic_cost(y, y) > 0
    assert quadratic_cost(y, y) == 0


def test_e4_03_tres_programas_y_tres_errores_cuadraticos_medios():
    """Suma, mitad y media de componentes: 0,07, 0,035 y 0,007."""
    a = np.array([[0.9, 0.1, 0.1, 0.2, 0, 0, 0, 0, 0, 0]])
    y = np.eye(10)[[0]]
    suma = np.sum((y - a) ** 2, axis=1).mean()
    pytorch = nn.MSELoss()(torch.tensor(a), torch.tensor(y)).item()

    assert suma == pytest.approx(0.07)
    assert quadratic_cost(a, y) == pytest.approx(suma / 2)
    assert pytorch == pytest.approx(suma / 10)


def test_e4_04_repetir_los_datos_dobla_la_suma_y_no_el_coste():
    """La C de la lección es una media: no depende de cuántos datos haya."""
    rng = np.random.default_rng(0)
    a, y = rng.random((5, 10)), np.eye(10)[:5]
    twice_a, twice_y = np.tile(a, (2, 1)), np.tile(y, (2, 1))

    assert np.sum((twice_y - twice_a) ** 2) == pytest.approx(2 * np.sum((y - a) ** 2))
    assert quadratic_cost(twice_a, twice_y) == pytest.approx(quadratic_cost(a, y))


def test_e4_05_una_sigmoide_se_acerca_a_coste_cero_sin_llegar():
    """Con logits ±z el coste baja al crecer z y sigue siendo positivo."""
    y = np.eye(10)
    costs = [quadratic_cost(sigmoid(z * (2 * y - 1)), y) for z in (2.0, 5, 10, 20)]

    assert costs == sorted(costs, reverse=True)
    assert 0 < costs[-1] < 1e-15
    z = np.array([36.0, 37.0])
    assert (sigmoid(z) < 1).tolist() == [True, False]  # en float64 se redondea a 1


def test_e4_06_los_pixeles_son_grises_y_el_fondo_es_cero():
    """Hay más de dos valores, y el que más abunda, el del fondo, es 0."""
    images, _ = mnist_sample("train")
    values, counts = np.unique(images, return_counts=True)

    assert len(values) == 256
    assert values[counts.argmax()] == 0
    assert images[:, 0, 0].max() == 0  # la esquina, donde nunca hay trazo


def test_e4_07_por_epoca_cuesta_lo_mismo_con_cualquier_lote():
    """Cambia lo que cuesta cada paso y cuánto se equivoca su gradiente."""
    rng = np.random.default_rng(0)
    grads = rng.normal(size=(10_240, 1))
    for m in (16, 64, 256):
        batches = list(minibatches(10_240, m, rng))
        assert len(batches[0]) == m
        assert sum(map(len, batches)) == 10_240

    error = {m: np.sqrt(gradient_variance(grads, m)) for m in (16, 64)}
    assert error[16] / error[64] == pytest.approx(2, rel=0.01)  # √(64/16)


def test_e4_08_938_pasos_de_64_no_dicen_cuantos_datos_hay():
    """Salen los mismos entre 59 969 y 60 032 ejemplos."""
    rng = np.random.default_rng(0)

    def sizes(n):
        return [len(batch) for batch in minibatches(n, 64, rng)]

    assert len(sizes(59_968)) == 937
    assert len(sizes(59_969)) == len(sizes(60_032)) == 938
    assert len(sizes(60_033)) == 939
    assert sizes(60_000) == 937 * [64] + [32]


def test_e4_09_quedarse_con_la_mejor_epoca_de_prueba_la_infla():
    """De veinte épocas igual de buenas (65 %), la mejor parece más."""
    rng = np.random.default_rng(0)
    epochs = rng.binomial(1000, 0.65, size=(2000, 20)) / 1000
    best = epochs.argmax(axis=1)
    con_prueba = epochs.max(axis=1).mean()
    fresh = rng.binomial(1000, 0.65, size=(2000, 20)) / 1000
    con_datos_nuevos = fresh[np.arange(2000), best].mean()

    assert con_prueba > 0.65 + 0.02
    assert con_datos_nuevos == pytest.approx(0.65, abs=0.002)


def test_e4_10_elegir_con_la_prueba_hace_acertar_al_azar():
    """Doscientos modelos que tiran una moneda y mil ejemplos."""
    rng = np.random.default_rng(0)
    val, test = rng.binomial(1000, 0.5, size=(2, 1000, 200)) / 1000
    rows = np.arange(1000)
    elegido_con_prueba = test[rows, test.argmax(axis=1)].mean()
    elegido_con_validacion = test[rows, val.argmax(axis=1)].mean()

    assert elegido_con_prueba > 0.54
    assert elegido_con_validacion == pytest.approx(0.5, abs=0.002)


def test_e4_11_con_lotes_de_512_hay_20_actualizaciones_por_epoca():
    """Cuenta las veces que el optimizador mueve el parámetro."""
    rng = np.random.default_rng(0)

    def updates(batch_size):
        param = nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.SGD([param], lr=1.0)
        for batch in minibatches(10_240, batch_size, rng):
            param.grad = torch.full_like(param, -len(batch) / batch_size)
            optimizer.step()
        return param.item()

    assert updates(512) == 20
    assert updates(10_240) == 1


def test_e4_12_la_perdida_de_entrenamiento_sola_no_ve_el_sobreajuste():
    """Un polinomio de grado 15 baja una y dispara la de validación."""
    rng = np.random.default_rng(0)
    x, x_val = rng.uniform(-1, 1, size=(2, 20))
    y, y_val = (np.sin(3 * t) + 0.2 * rng.normal(size=20) for t in (x, x_val))

    def losses(degree):
        fit = np.polynomial.Polynomial.fit(x, y, degree, domain=[-1, 1])
        return np.mean((fit(x) - y) ** 2), np.mean((fit(x_val) - y_val) ** 2)

    (train_3, val_3), (train_15, val_15) = losses(3), losses(15)
    assert train_15 < train_3
    assert val_15 > 10 * val_3


def test_e4_13_curvas_juntas_no_piden_mas_capas():
    """Una recta con ruido y un seno: la capa solo ayuda en el seno."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, size=(4000, 1))
    hidden = relu(x @ rng.normal(size=(1, 50)) + rng.normal(size=50))

    def losses(features, y):  # mínimos cuadrados
        design = np.hstack([features, np.ones((4000, 1))])
        weight = np.linalg.lstsq(design[:2000], y[:2000])[0]
        errors = (design @ weight - y) ** 2
        return errors[:2000].mean(), errors[2000:].mean()

    noise = 0.5 * rng.normal(size=4000)
    for y, helps in ((2 * x[:, 0] + noise, False), (np.sin(9 * x[:, 0]) + noise, True)):
        train, val = losses(x, y)
        _, val_deeper = losses(hidden, y)
        assert train == pytest.approx(val, rel=0.1)  # las dos curvas, juntas
        assert (val_deeper < 0.9 * val) == helps


def test_e4_14_el_gradiente_entero_cuesta_otra_pasada():
    """Operaciones que cuenta PyTorch, y evaluaciones sin la cadena."""
    net = nn.Sequential(nn.Linear(784, 15), nn.Sigmoid(), nn.Linear(15, 10))
    x = torch.zeros(64, 784)
    with FlopCounterMode(display=False) as forward:
        loss = (net(x) ** 2).mean()
    with FlopCounterMode(display=False) as backward:
        loss.backward()
    ratio = backward.get_total_flops() / forward.get_total_flops()
    assert ratio == pytest.approx(1.01, abs=0.01)

    calls = []
    theta = np.zeros(sum(p.numel() for p in net.parameters()))
    numerical_gradient(lambda theta: calls.append(1) or 0.0, theta)
    assert len(theta) == 11_935
    assert len(calls) == 2 * 11_935


def test_e4_16_la_puerta_sin_self_no_funciona():
    """Tal como está escrita falla al llamarla; con `self` da −12, −8 y 6."""
    source = """
class Gate:
    def forward({0}x, y):
        self.x, self.y = x, y
        return x * y

    def backward({0}dz):
        return [self.y * dz, self.x * dz]
"""
    dicha, correcta = {}, {}
    exec(source.format(""), dicha)
    exec(source.format("self, "), correcta)
    with pytest.raises(TypeError, match="2 positional arguments but 3"):
        dicha["Gate"]().forward(3, -4)
    with pytest.raises(NameError, match="self"):
        dicha["Gate"].forward(3, -4)

    gate = correcta["Gate"]()
    assert gate.forward(3, -4) == -12
    assert gate.backward(2) == [-8, 6]


def test_e4_18_en_un_empate_no_hay_una_mayor():
    """El máximo de 2 y 2 no tiene derivada; cada función elige."""
    lateral = [(max(2 + step, 2) - 2) / step for step in (-1e-6, 1e-6)]
    assert lateral == pytest.approx([0, 1])

    def shares(function):
        x, y = torch.tensor([2.0, 2.0], requires_grad=True)
        return [g.item() for g in torch.autograd.grad(function(x, y), (x, y))]

    assert shares(torch.maximum) == [0.5, 0.5]
    assert shares(torch.fmax) == [1.0, 0.0]


def test_e4_19_el_segundo_grafo_es_dos_por_xy_mas_el_maximo():
    """La reconstrucción da los dos productos de las diapositivas."""
    values = torch.tensor([3.0, -4.0, 2.0, -1.0], requires_grad=True)
    x, y, z, w = values
    f = 2 * (x * y + torch.maximum(z, w))
    [grad] = torch.autograd.grad(f, values)

    assert f.item() == -20
    assert grad.tolist() == [2 * -4, 2 * 3, 2, 0]


def test_e4_20_en_un_pico_la_cadena_puede_no_dar_la_derivada():
    """relu(x) − relu(−x) es x, de derivada 1, y autograd da 0 en 0."""

    def identity(x):
        return torch.relu(x) - torch.relu(-x)

    x = torch.tensor([-1.5, 0.0, 2.0], requires_grad=True)
    assert torch.equal(identity(x), x)
    [grad] = torch.autograd.grad(identity(x).sum(), x)
    numeric = numerical_gradient(
        lambda x: identity(torch.tensor(x)).sum().item(), np.array([-1.5, 0.0, 2.0])
    )

    assert numeric == pytest.approx([1, 1, 1])
    assert grad.tolist() == [1, 0, 1]
