"""Erratas E3: lo que dice la lección 003 frente a un juez independiente."""

import itertools

import numpy as np
import pytest
import sympy as sp
import torch
from torch import nn

from apuntes.activations import relu, softmax, tanh, tanh_grad
from apuntes.descent import quadratic_grad
from apuntes.initialization import kaiming_uniform, normal, xavier_uniform
from apuntes.layers import Linear
from apuntes.losses import cross_entropy
from apuntes.optimizers import SGD


def test_e3_01_con_un_medio_delante_l1_recorta_la_mitad():
    """El mínimo de ½(θ−1)²+c|θ| está en 1−c, con c = λ/2 o c = λ."""
    lam = 0.4
    theta = np.linspace(-2, 2, 400_001)
    fit = (theta - 1) ** 2 / 2

    dicho = theta[np.argmin(fit + lam / 2 * abs(theta))]
    corriente = theta[np.argmin(fit + lam * abs(theta))]

    assert dicho == pytest.approx(1 - lam / 2)
    assert corriente == pytest.approx(1 - lam)


def test_e3_01_el_medio_simplifica_l2_y_no_l1():
    """Al derivar, λ/2 deja λθ en ℓ2 y λ/2·signo(θ) en ℓ1."""
    theta = torch.tensor([3.0, -4.0], requires_grad=True)
    [l2] = torch.autograd.grad(0.1 / 2 * (theta**2).sum(), theta)
    [l1] = torch.autograd.grad(0.1 / 2 * theta.abs().sum(), theta)

    assert torch.allclose(l2, 0.1 * theta)
    assert not torch.allclose(l1, 0.1 * theta.sign())
    assert torch.allclose(l1, 0.05 * theta.sign())


def test_e3_02_penalizar_el_sesgo_estropea_un_caso_trivial():
    """Si toda respuesta es 100, acierta quien no penaliza el sesgo."""
    x = np.array([-1.0, 0.0, 1.0])
    design = np.stack([x, np.ones(3)], axis=1)
    target = np.full(3, 100.0)

    def ridge(penalty):
        return np.linalg.solve(design.T @ design + np.diag(penalty), design.T @ target)

    assert ridge([1, 1])[1] == pytest.approx(75)  # 300 / (3 + λ), con λ = 1
    assert ridge([1, 0])[1] == pytest.approx(100)


def test_e3_02_sin_1_n_la_penalizacion_se_diluye_al_llegar_datos():
    """Repetir los datos cambia el mínimo de la suma, no el de la media."""
    x, target, lam = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]), 1.0
    more_x, more_target = np.repeat(x, 10), np.repeat(target, 10)

    def with_sum(x, target):  # mínimo de ½Σ(wx − y)² + ½λw²
        return x @ target / (x @ x + lam)

    def with_mean(x, target):  # mínimo de ½Σ(wx − y)²/n + ½λw²
        return x @ target / (x @ x + len(x) * lam)

    assert with_sum(more_x, more_target) != pytest.approx(with_sum(x, target), rel=0.01)
    assert with_mean(more_x, more_target) == pytest.approx(with_mean(x, target))


def test_e3_03_el_criterio_literal_para_una_red_que_aprende():
    """«No aumenta» corta en plena bajada y deja pasar el sobreajuste."""
    val = [1.0, 0.8, 0.65, 0.55, 0.5, 0.48, 0.49, 0.52, 0.56, 0.61, 0.67]

    def stop(is_bad, patience=3):
        bad = 0
        for epoch in range(1, len(val)):
            bad = bad + 1 if is_bad(epoch) else 0
            if bad == patience:
                return epoch
        return None

    literal = stop(lambda epoch: not val[epoch] > val[epoch - 1])
    correcto = stop(lambda epoch: not val[epoch] < min(val[:epoch]))

    assert literal == 3
    assert val[literal] > min(val)  # se fue antes de lo mejor
    assert correcto == 8
    assert int(np.argmin(val[: correcto + 1])) == 5  # y se restaura la mejor


def test_e3_04_la_mascara_es_r_y_no_su_producto():
    """Solo r es binaria; ỹ = r⊙y lleva las activaciones que quedan."""
    r = np.random.default_rng(0).binomial(1, 0.5, size=6)
    y = np.array([0.7, -1.2, 2.0, 0.4, 3.0, -0.1])

    assert set(r) == {0, 1}
    assert not set(r * y) <= {0, 1}
    assert np.array_equal((r * y)[r == 1], y[r == 1])


def test_e3_05_con_p_0_8_pytorch_apaga_el_80_por_ciento():
    """El p de la lección es de conservar; el de PyTorch, de apagar."""
    torch.manual_seed(0)
    kept = nn.functional.dropout(torch.ones(100_000), p=0.8) != 0
    fraction = kept.double().mean().item()

    assert abs(fraction - 0.8) > 0.5
    assert fraction == pytest.approx(0.2, abs=0.01)


def test_e3_06_el_sesgo_no_se_escala_con_el_dropout():
    """Media exacta de z sobre las ocho máscaras, con p = 0,8."""
    layer = Linear(3, 1, rng=np.random.default_rng(0))
    layer.weight, layer.bias = [[1.0, -2.0, 0.5]], [3.0]
    y, p = np.array([[1.0, 0.5, 2.0]]), 0.8
    mean = 0.0
    for mask in itertools.product((0, 1), repeat=3):
        probability = p ** sum(mask) * (1 - p) ** (3 - sum(mask))
        mean += probability * layer.forward(mask * y)[0, 0]

    z = (y @ layer.weight.T)[0, 0]
    dicho, correcto = p * z + p * layer.bias[0], p * z + layer.bias[0]

    assert mean == pytest.approx(3.8)
    assert dicho == pytest.approx(3.2)
    assert correcto == pytest.approx(mean)


def test_e3_07_con_una_relu_detras_el_escalado_no_es_el_promedio():
    """Las 64 subredes de seis neuronas frente a la red escalada."""
    rng = np.random.default_rng(0)
    h, hidden, out = rng.random(6), rng.normal(size=(4, 6)), rng.normal(size=4)
    masks = np.array(list(itertools.product((0.0, 1.0), repeat=6)))

    lineal = np.mean([out @ (hidden @ (m * h)) for m in masks])
    con_relu = np.mean([out @ relu(hidden @ (m * h)) for m in masks])

    assert lineal == pytest.approx(out @ (hidden @ h) / 2)
    assert con_relu != pytest.approx(out @ relu(hidden @ h / 2), rel=0.05)


def test_e3_07_con_una_softmax_es_la_media_geometrica():
    """Con softmax detrás sale la media geométrica normalizada."""
    rng = np.random.default_rng(0)
    h, weight = rng.random(6), rng.normal(size=(3, 6))
    masks = np.array(list(itertools.product((0.0, 1.0), repeat=6)))
    subnets = softmax((masks * h) @ weight.T)
    geometric = np.exp(np.log(subnets).mean(axis=0))
    scaled = softmax(weight @ h / 2)

    assert not np.allclose(subnets.mean(axis=0), scaled, atol=1e-3)
    np.testing.assert_allclose(geometric / geometric.sum(), scaled)


def test_e3_08_el_suavizado_de_la_leccion_no_es_el_de_pytorch():
    """Sale otra pérdida; se iguala pidiendo a PyTorch ε·k/(k−1)."""
    eps, k = 0.01, 5
    logits, target = torch.tensor([[1.0, -0.5, 2.0, 0.3, -1.0]]).double(), 2
    one_hot = np.eye(k)[[target]]
    dicho = np.where(one_hot == 1, 1 - eps, eps / (k - 1))
    uniforme = (1 - eps) * one_hot + eps / k

    def pytorch(smoothing):
        loss = nn.CrossEntropyLoss(label_smoothing=smoothing)
        return loss(logits, torch.tensor([target])).item()

    assert cross_entropy(logits.numpy(), dicho) != pytest.approx(pytorch(eps), rel=1e-3)
    assert cross_entropy(logits.numpy(), uniforme) == pytest.approx(pytorch(eps))
    assert cross_entropy(logits.numpy(), dicho) == pytest.approx(
        pytorch(eps * k / (k - 1))
    )


def test_e3_09_polyak_y_ruppert_promedian_por_igual():
    """Error típico exacto con gradiente θ−θ*+ruido y tasa ½t^−0,6."""
    n, beta = 4000, 0.99
    error = np.zeros(n)  # coeficiente de cada ruido en θ_t − θ*
    uniform, ema = np.zeros(n), np.zeros(n)
    for t in range(1, n + 1):
        lr = 0.5 * t**-0.6
        error = (1 - lr) * error
        error[t - 1] = -lr
        uniform += error / n
        ema = beta * ema + (1 - beta) * error

    best = 1 / np.sqrt(n)  # con ruido normal, la cota de Cramér y Rao
    assert np.linalg.norm(uniform) == pytest.approx(best, rel=0.1)
    assert np.linalg.norm(ema) > 2 * best
    assert np.linalg.norm(error) > 2 * best


def test_e3_10_tras_promediar_pesos_hay_que_rehacer_la_normalizacion():
    """La red promediada no normaliza hasta pasar por `update_bn`."""
    torch.manual_seed(0)
    x = torch.randn(1000, 4)
    net = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3, momentum=None))
    averaged = torch.optim.swa_utils.AveragedModel(net)
    for _ in range(10):
        nn.init.normal_(net[0].weight)  # hace de entrenamiento
        net(x)
        averaged.update_parameters(net)

    sin_rehacer = averaged.eval()(x).std(dim=0)
    torch.optim.swa_utils.update_bn([x], averaged)
    rehecha = averaged.eval()(x).std(dim=0)

    assert (sin_rehacer < 0.6).all()
    torch.testing.assert_close(rehecha, torch.ones(3), atol=1e-3, rtol=0)


def test_e3_12_recortar_por_norma_conserva_la_direccion_y_por_valor_no():
    """La fórmula es la de PyTorch, salvo el 10⁻⁶ del denominador."""
    tau = 1.0  # el umbral, que la lección llama η como otras llaman a la tasa
    param = nn.Parameter(torch.zeros(2, dtype=torch.float64))
    grad = torch.tensor([30.0, 0.4], dtype=torch.float64)

    param.grad = grad.clone()
    nn.utils.clip_grad_norm_([param], tau)
    por_norma = param.grad.clone()
    param.grad = grad.clone()
    nn.utils.clip_grad_value_([param], tau)

    assert torch.allclose(por_norma, tau * grad / grad.norm(), rtol=1e-6)
    assert (por_norma[1] / por_norma[0]).item() == pytest.approx(0.4 / 30)
    assert param.grad.tolist() == [1.0, 0.4]


def test_e3_13_apaga_la_desviacion_0_01_y_no_la_varianza_0_01():
    """Diez capas tanh: con varianza 0,01 la señal sigue viva."""
    rng = np.random.default_rng(0)

    def signal(std, width):
        h = rng.normal(size=(100, width))
        for _ in range(10):
            h = tanh(h @ normal((width, width), std=std, rng=rng))
        return h.std()

    assert signal(0.1, width=500) > 0.7  # lo que dice: varianza 0,01; nσ² = 5
    assert signal(0.01, width=500) < 1e-5  # lo que hay que decir; nσ² = 0,05
    assert signal(0.1, width=20) < 1e-2  # con menos de 100 entradas, nσ² < 1


def test_e3_14_tau_cuadrado_es_el_momento_y_no_la_varianza():
    """Varianza exacta de Σ w_j x_j con w = ±σ y x de 0 o 1, caso por caso."""
    d, sigma = 3, 0.5
    cases = [
        np.dot(w, x)
        for w in itertools.product((-sigma, sigma), repeat=d)
        for x in itertools.product((0.0, 1.0), repeat=d)
    ]
    moment, variance = 1 / 2, 1 / 4  # de un x que vale 0 o 1 a cara o cruz

    assert np.mean(cases) == 0
    assert np.var(cases) != pytest.approx(d * sigma**2 * variance)
    assert np.var(cases) == pytest.approx(d * sigma**2 * moment)


def test_e3_14_con_pesos_de_media_no_nula_la_formula_falla():
    """Con w de 0 o 1 y x de 0 o 1, V[a] no es d·V[w]·E[x²] ni E[a] es 0."""
    d = 3
    bits = list(itertools.product((0.0, 1.0), repeat=d))
    cases = [np.dot(w, x) for w in bits for x in bits]

    assert np.mean(cases) == d / 4
    assert np.var(cases) != pytest.approx(d * (1 / 4) * (1 / 2))
    assert np.var(cases) == pytest.approx(d * (1 / 4 - 1 / 4**2))  # E[w²x²] − E[wx]²


def test_e3_15_la_cota_de_he_uniforme_lleva_un_6():
    """La varianza de U(−c,c) es c²/3: solo c² = 6/n da 2/n."""
    n, c, u = sp.symbols("n c u", positive=True)
    variance = sp.integrate(u**2 / (2 * c), (u, -c, c))

    assert sp.simplify(variance.subs(c, sp.sqrt(2 / n)) - 2 / n) != 0
    assert sp.simplify(variance.subs(c, sp.sqrt(6 / n)) - 2 / n) == 0

    torch.manual_seed(0)
    weight = nn.init.kaiming_uniform_(torch.empty(500, 500), nonlinearity="relu")
    assert weight.max() > np.sqrt(2 / 500)
    assert weight.max() == pytest.approx(np.sqrt(6 / 500), rel=1e-3)


def test_e3_15_con_un_2_cada_capa_deja_un_tercio_de_la_senal():
    """En diez capas ReLU, E[h²] aguanta con √(6/n) y cae 3¹⁰ con √(2/n)."""

    def signal(shrink):
        rng = np.random.default_rng(0)
        h = rng.normal(size=(200, 256))
        for _ in range(10):
            h = relu(h @ (shrink * kaiming_uniform((256, 256), rng=rng)).T)
        return np.mean(h**2)

    correcto, dicho = signal(1.0), signal(np.sqrt(1 / 3))
    assert 0.3 < correcto < 3
    assert correcto / dicho == pytest.approx(3**10)
    assert dicho < 1e-4


def test_e3_16_glorot_y_he_no_saben_iniciar_un_sesgo():
    """Un sesgo no tiene entradas y salidas que contar."""
    bias = torch.zeros(15)
    with pytest.raises(ValueError, match="fan"):
        nn.init.xavier_uniform_(bias)
    with pytest.raises(ValueError, match="fan"):
        nn.init.kaiming_uniform_(bias)
    with pytest.raises(ValueError, match="out, in"):
        xavier_uniform((15,), rng=np.random.default_rng(0))

    assert not Linear(784, 15, rng=np.random.default_rng(0)).bias.any()  # empieza en 0
    assert nn.Linear(784, 15).bias.abs().max() <= 1 / np.sqrt(784)  # el de PyTorch, no


def test_e3_17_el_lote_divide_entre_m_y_la_poblacion_entre_m_menos_1():
    """PyTorch normaliza con 1/m y guarda la varianza insesgada."""
    x = torch.tensor([[1.0], [2.0], [3.0], [6.0]])
    norm = nn.BatchNorm1d(1, momentum=1.0)  # que recuerde solo este lote
    out = norm(x).detach()
    con_m = torch.sqrt(x.var(unbiased=False) + norm.eps)
    con_m_menos_1 = torch.sqrt(x.var() + norm.eps)

    assert torch.allclose(out, (x - x.mean()) / con_m)
    assert not torch.allclose(out, (x - x.mean()) / con_m_menos_1, atol=0.1)
    assert norm.running_var.item() == pytest.approx(x.var().item())
    assert torch.allclose(norm.eval()(x), (x - x.mean()) / con_m_menos_1, atol=1e-6)


def test_e3_18_sin_epsilon_una_capa_constante_da_nan():
    """La fórmula literal es 0/0 si todas las neuronas valen lo mismo."""
    a = np.array([[1.0, 2.0, 3.0, 6.0], [5.0, 5.0, 5.0, 5.0]])
    mean, var = a.mean(axis=1, keepdims=True), a.var(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        dicho = (a - mean) / np.sqrt(var)
    correcto = (a - mean) / np.sqrt(var + 1e-5)
    pytorch = nn.LayerNorm(4, dtype=torch.float64)(torch.tensor(a)).detach()

    assert np.isfinite(dicho[0]).all()
    assert np.isnan(dicho[1]).all()
    np.testing.assert_allclose(correcto, pytorch)


def test_e3_19_el_promedio_de_la_leccion_repite_el_primer_dato():
    """Al desarrollar, e₂ = s₁ y el promedio «en t» no usa s_t."""
    beta, *s = sp.symbols("beta s1:5")
    e = [s[0]]
    for t in range(3):
        e.append(sp.expand(beta * e[-1] + (1 - beta) * s[t]))

    assert e[1] == s[0]
    assert s[3] not in e[3].free_symbols
    assert sp.expand(e[3].coeff(s[0]) - beta**2) == 0  # y no (1 − β)β²


def test_e3_19_el_promedio_que_usa_adam_empieza_en_cero_y_se_corrige():
    """Frente a la memoria de `torch.optim.Adam`, con cinco gradientes."""
    series, beta = [10.0, 12.0, 11.0, 15.0, 14.0], 0.9
    param = nn.Parameter(torch.zeros(1, dtype=torch.float64))
    adam = torch.optim.Adam([param], betas=(beta, 0.999))
    dicho, correcto = series[0], 0.0
    for t, value in enumerate(series):
        dicho = beta * dicho + (1 - beta) * series[t - 1] if t else dicho
        correcto = beta * correcto + (1 - beta) * value
        param.grad = torch.full_like(param, value)
        adam.step()

    memory = adam.state[param]["exp_avg"].item()
    assert dicho == pytest.approx(10.752)
    assert correcto == pytest.approx(memory)
    assert correcto / (1 - beta**5) == pytest.approx(12.629484)


def test_e3_21_las_dos_formas_del_momento_divergen_si_cambia_la_tasa():
    """Diez pasos sobre la cuadrática del capítulo 3, de las dos formas."""

    def both(rates, mu=0.9):
        theta, m = np.array([1.0, -1.0]), np.zeros(2)
        other = theta.copy()
        optimizer = SGD([other], lr=rates[0], momentum=mu)
        for lr in rates:
            m = mu * m - lr * quadratic_grad(theta)  # la tasa, dentro de la velocidad
            theta = theta + m
            optimizer.lr = lr
            optimizer.step([quadratic_grad(other)])  # la tasa, fuera
        return theta, other

    np.testing.assert_allclose(*both([0.01] * 10))
    theta, other = both([0.05] * 5 + [0.005] * 5)
    assert abs(theta - other).max() > 0.8


def test_e3_22_el_nesterov_de_pytorch_guarda_el_punto_adelantado():
    """Con tasa fija, lo que PyTorch llama θ es el θ+μm de la lección."""
    mu, lr = 0.9, 0.01
    theta, m = np.array([1.0, -1.0]), np.zeros(2)
    param = nn.Parameter(torch.tensor(theta))
    optimizer = torch.optim.SGD([param], lr=lr, momentum=mu, nesterov=True)
    for _ in range(10):
        m = mu * m - lr * quadratic_grad(theta + mu * m)
        theta = theta + m
        param.grad = torch.tensor(quadratic_grad(param.detach().numpy()))
        optimizer.step()

    assert not np.allclose(param.detach(), theta, atol=0.05)
    np.testing.assert_allclose(param.detach(), theta + mu * m)


def test_e3_23_con_epsilon_dentro_de_la_raiz_un_gradiente_pequeno_no_mueve():
    """Primer paso, en tasas, con un gradiente de 10⁻⁶ y ε = 10⁻⁸."""
    grad, eps, beta = 1e-6, 1e-8, 0.9
    v = (1 - beta) * grad**2
    dicho = grad / np.sqrt(v + eps)
    fuera = grad / (np.sqrt(v) + eps)

    param = nn.Parameter(torch.zeros(1, dtype=torch.float64))
    param.grad = torch.full_like(param, grad)
    torch.optim.RMSprop([param], lr=1.0, alpha=beta, eps=eps).step()

    assert dicho == pytest.approx(0.01, rel=1e-4)
    assert fuera == pytest.approx(3.07, abs=0.01)
    assert fuera == pytest.approx(-param.item())


def test_e3_24_el_exponente_t_mas_1_es_correcto_si_t_empieza_en_0():
    """Diez pasos iguales a los de PyTorch; con t se divide por 0."""
    lr, b1, b2, eps = 0.1, 0.9, 0.999, 1e-8
    theta, m, v = np.array([1.0, -1.0]), np.zeros(2), np.zeros(2)
    param = nn.Parameter(torch.tensor(theta))
    adam = torch.optim.Adam([param], lr=lr)
    for t in range(10):
        g = quadratic_grad(theta)
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        m_hat, v_hat = m / (1 - b1 ** (t + 1)), v / (1 - b2 ** (t + 1))
        theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
        param.grad = torch.tensor(quadratic_grad(param.detach().numpy()))
        adam.step()

    np.testing.assert_allclose(theta, param.detach())
    assert 1 - b1**0 == 0  # con exponente t, el denominador del primer paso


def test_e3_27_con_varianza_1_el_gradiente_crece_y_su_mediana_es_minima():
    """Diez capas tanh de cien neuronas, hacia delante y hacia atrás."""

    def size(values):
        return np.sqrt(np.mean(values**2))

    rng = np.random.default_rng(0)
    weights = [normal((100, 100), std=1, rng=rng) for _ in range(10)]
    h, slopes = rng.normal(size=(200, 100)), []
    for w in weights:
        z = h @ w.T
        h = tanh(z)
        slopes.append(tanh_grad(z))
    saturated = np.mean(np.abs(h) > 0.95)
    delta = last = rng.normal(size=h.shape) * slopes[-1]
    for w, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        delta = (delta @ w) * slope

    assert saturated > 0.8
    assert size(delta) > 1000 * size(last)
    assert size(delta) > 1e5 * np.median(np.abs(delta))
