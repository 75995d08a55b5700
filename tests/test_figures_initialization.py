"""Las figuras del capítulo 10 dibujan lo que dicen sus pies."""

import numpy as np
import pytest
from dibujos import drawn

from apuntes.activations import relu, sigmoid, tanh
from apuntes.figures import initialization, weight_draws
from apuntes.figures._results import measured
from apuntes.initialization import kaiming_normal
from apuntes.layers import ReLU, Tanh

# -- la señal, capa a capa -------------------------------------------------------


def test_a_small_scale_divides_signal_and_gradient_by_ten_in_each_layer():
    top, bottom = drawn("initialization.fixed_scales").axes
    signal, gradient = (axes.lines[0].get_ydata() for axes in (top, bottom))

    np.testing.assert_allclose(signal[1:] / signal[:-1], 0.1, rtol=0.15)
    np.testing.assert_allclose(gradient[:-1] / gradient[1:], 0.1, rtol=0.15)


def test_a_large_scale_saturates_and_its_gradient_grows_with_a_tiny_median():
    top, bottom = drawn("initialization.fixed_scales").axes
    signal, gradient, median = (
        top.lines[2].get_ydata(),
        *(line.get_ydata() for line in bottom.lines[2:4]),
    )

    assert (signal > 0.95).all()
    assert (gradient[:-1] > gradient[1:]).all()
    assert 500 < gradient[0] < 1000
    assert (gradient / median > 1e4).all()


def test_signals_are_those_of_forward_and_backward():
    """El gradiente que se dibuja es el de las z: da los de los sesgos."""
    network = initialization.deep_network(initialization.FIXED[0.1], Tanh, depth=2)
    outputs, deltas = initialization.signals(network)

    assert [h.shape for h in outputs] == [(300, 100)] * 2
    np.testing.assert_array_equal(outputs[1], network[3]._saved)
    for delta, layer in zip(deltas, (network[0], network[2]), strict=True):
        np.testing.assert_allclose(delta.sum(axis=0), layer.gradients()[1])


def test_the_right_width_for_a_tenth_is_two_hundred():
    ends = [
        line.get_ydata()[-1]
        for line in drawn("initialization.same_scale").axes[0].lines
    ]

    assert ends[0] < 1e-4 < 1e-2 < ends[1] < 0.1 < 0.5 < ends[2] < 2 < 10 < ends[3]


def test_quadrature_keeps_a_half_with_relu_and_what_a_series_says_with_tanh():
    variance = np.array([1e-4, 0.3, 4.0])
    exact = np.linspace(-12, 12, 400_001)
    weight = np.exp(-(exact**2) / 2) / np.sqrt(2 * np.pi)

    np.testing.assert_allclose(initialization.kept(relu, variance), variance / 2)
    assert initialization.kept(tanh, variance)[0] == pytest.approx(
        1e-4 - 2e-8, rel=1e-7
    )
    for function in (tanh, sigmoid):
        integral = [
            np.trapezoid(function(v**0.5 * exact) ** 2 * weight, exact)
            for v in variance
        ]
        np.testing.assert_allclose(
            initialization.kept(function, variance), integral, rtol=1e-4
        )


def test_tanh_decays_like_one_over_the_root_and_settles_with_gain():
    slow, predicted, fixed, _, root = drawn("initialization.tanh_decay").axes[0].lines

    assert slow.get_ydata()[-1] == pytest.approx(root.get_ydata()[-1], rel=0.1)
    assert predicted.get_ydata()[-1] == pytest.approx(root.get_ydata()[-1], rel=0.05)
    np.testing.assert_allclose(fixed.get_ydata()[10:], 0.65, atol=0.02)


def test_each_mode_keeps_its_own_side_of_the_funnel():
    forward, backward = (
        [line.get_ydata() for line in axes.lines]
        for axes in drawn("initialization.funnel").axes
    )

    np.testing.assert_allclose(forward[0], 1, rtol=0.1)
    np.testing.assert_allclose(backward[1], 1, rtol=0.1)
    assert forward[1][-1] == pytest.approx(16, rel=0.1)
    assert backward[0][0] == pytest.approx(1 / 16, rel=0.1)
    assert forward[2][-1] == pytest.approx((4 / 3) ** 4, rel=0.1)
    assert backward[2][0] == pytest.approx((2 / 3) ** 4, rel=0.1)


def test_linear_of_pytorch_keeps_its_size_and_forgets_the_image():
    he, he_own, torch, torch_own = (
        line.get_ydata()
        for line in drawn("initialization_training.torch_default").axes[0].lines
    )

    np.testing.assert_allclose(he, 0.33, atol=0.05)
    assert he_own[-1] > 0.3 * he[-1]
    np.testing.assert_allclose(torch[3:], 0.045, atol=0.012)
    assert torch_own[-1] < 1e-3 * torch[-1]


# -- los pesos sorteados ---------------------------------------------------------


def test_only_equal_starts_give_equal_neurons():
    same, different = (
        weight_draws.trained(init, epochs=1)[0].weight
        for init in (weight_draws.constant, kaiming_normal)
    )

    np.testing.assert_allclose(same, np.tile(same[0], (15, 1)), atol=1e-12)
    assert np.ptp(same[0]) > 0.01
    assert np.abs(np.corrcoef(different) - np.eye(15)).max() < 0.9


def test_rounding_separates_the_neurons_late_and_badly():
    runs = measured("inicializacion")["simetria"]
    double, single, noise = (runs[k] for k in ("float64", "float32", "milesima"))
    first = [
        next(i for i, d in enumerate(run["distancia"]) if d > 0.1)
        for run in (noise, single, double)
    ]

    assert double["distancia"][0] == single["distancia"][0] == 0
    assert 0 < double["distancia"][1] < 1e-15 < 1e-9 < single["distancia"][1] < 1e-6
    assert first == sorted(first)
    assert double["aciertos_pct"][-1] < single["aciertos_pct"][-1]
    assert single["aciertos_pct"][-1] < noise["aciertos_pct"][-1]


def test_the_formula_needs_only_the_hypotheses_it_names():
    ratios = list(weight_draws.variance_ratios(10_000).values())

    np.testing.assert_allclose(ratios[:3], 1, atol=0.05)
    assert min(ratios[3:]) > 1.2
    # Iguales por parejas y tras una ReLU: 1 + E[h]²/E[h²] = 1 + 1/π.
    assert ratios[4] == pytest.approx(1 + 1 / np.pi, rel=0.05)
    assert ratios[5] == pytest.approx(1 + 49 / np.pi, rel=0.05)


def test_bells_have_the_variance_of_the_formula():
    axes = drawn("weight_draws.one_neuron").axes[0]
    for line in axes.lines:
        z, density = line.get_xdata(), line.get_ydata()
        width = z[1] - z[0]
        assert density.sum() * width == pytest.approx(1, abs=0.01)
    tallest = [line.get_ydata().max() for line in axes.lines]
    np.testing.assert_allclose(tallest[0] / np.array(tallest), (1, 2, 4), rtol=1e-6)


def test_relu_histograms_leave_out_the_zeros():
    outputs, _ = initialization.signals(
        initialization.deep_network(kaiming_normal, ReLU)
    )

    assert 0.4 < np.mean(outputs[0] == 0) < 0.6


# -- los entrenamientos ----------------------------------------------------------


def test_the_best_rate_is_not_the_last_one_tried_but_where_the_page_says_so():
    results = measured("inicializacion")
    runs = {
        ("784-15-10", k): v
        for k, v in results["una_capa"].items()
        if isinstance(v, dict)
    }
    for depth, table in results["profundidad"]["capas"].items():
        runs |= {(depth, name): run for name, run in table.items()}
    learnt = {k: run for k, run in runs.items() if run["validacion_media"][-1] < 2.2}
    edges = {key for key, run in learnt.items() if run["lr"] in (0.01, 3.0)}

    assert edges == {("30", "he"), ("784-15-10", "uno")}
    assert len(learnt) == len(runs) - 5


def test_scale_decides_in_a_deep_network_and_hardly_matters_in_a_shallow_one():
    results = measured("inicializacion")
    deep = {
        k: v["prueba_media"] for k, v in results["profundidad"]["capas"]["10"].items()
    }
    shallow = results["una_capa"]
    hits = [shallow[k]["prueba_media"] for k in ("glorot", "he", "pytorch", "decima")]

    assert deep["he"] > 90 > 20 > deep["centesima"]
    assert np.ptp(hits) < 1
