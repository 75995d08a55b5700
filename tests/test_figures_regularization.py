"""Las figuras del capítulo 13 dibujan lo que dicen sus pies."""

import numpy as np
import pytest

from apuntes.figures import (
    augmentation,
    overfitting,
    regularization,
    subnetworks,
    weight_average,
)
from apuntes.figures._results import measured
from apuntes.shrinkage import ridge_shrinkage


def test_bias_falls_and_variance_grows_with_the_degree():
    table = overfitting.errors(draws=40)

    assert np.all(np.diff(table["seen"]) < 1e-9)
    assert np.all(np.diff(table["variance"]) > 0)
    assert table["bias"][0] > 100 * table["bias"][4]
    assert 3 <= 1 + table["unseen"].argmin() <= 5
    assert table["unseen"][-1] > 3 * table["unseen"].min()


def test_double_descent_peaks_where_neurons_equal_examples():
    runs = measured("doble-descenso")
    plain = runs["error_pct"]["sin_penalizar"]["media"]
    peak = runs["anchuras"].index(runs["ejemplos"])

    assert np.argmax(plain) == peak
    assert min(plain[peak:]) == plain[-1] < min(plain[:peak])
    assert np.max(np.diff(runs["error_pct"]["lambda_1e-05"]["media"])) < 1
    assert runs["coste_entrenamiento"][peak] < 1e-6


def test_descent_goes_to_the_closest_solution():
    for start in ((0, 0), (-0.6, 2.6), (3.2, 2.6)):
        path = overfitting.descent_to_line(start)
        line = np.array([2.0, 1.0])
        closest = start + (5 - line @ start) / (line @ line) * line

        np.testing.assert_allclose(path[-1], closest, atol=1e-4)


def test_the_noise_of_the_batch_shrinks_with_its_size():
    spreads = [overfitting.companions(size, draws=500).std() for size in (8, 32, 128)]

    assert spreads[0] > 1.5 * spreads[1] > 2 * spreads[2]


def test_only_the_proximal_step_reaches_zero():
    rough = regularization.toward_zero(proximal=False)
    exact = regularization.toward_zero(proximal=True)

    assert not np.any(rough == 0)
    assert rough[10:].min() < 0 < rough[10:].max()
    assert np.all(exact[6:] == 0)
    zeros = measured("ceros-l1")["debil"]
    assert zeros["subgradiente_ceros_pct"] < 1 < 30 < zeros["proximal_ceros_pct"]


def test_noisy_inputs_give_the_slope_of_the_penalty():
    moment = np.array([np.mean(np.linspace(-1.5, 1.5, 20) ** 2)])
    for std in (0.0, 0.5, 1.0):
        exact = 2 * ridge_shrinkage(moment, lam=std**2)[0]
        assert regularization.noisy_slope(std) == pytest.approx(exact, rel=0.03)


def test_smoothed_loss_is_lowest_at_the_ideal_margin():
    for epsilon in (0.05, 0.1, 0.3):
        best = regularization.ideal_margin(epsilon)
        lowest = regularization.margin_loss(best, epsilon)
        assert lowest < regularization.margin_loss(best - 0.1, epsilon)
        assert lowest < regularization.margin_loss(best + 0.1, epsilon)


def test_what_the_chapter_says_of_the_measures():
    rows = measured("regularizacion")["estrategias"]
    gain = {
        name: row["ventaja"]["media"] for name, row in rows.items() if name != "nada"
    }
    more = measured("combinacion")

    assert max(gain, key=gain.get) == "traslaciones_y_giros"
    assert gain["combinacion"] < gain["traslaciones"] < more["sola"]["ventaja"]["media"]
    assert gain["parada_apartando"] < -1 < -0.5 < gain["parada_regalada"]
    assert gain["lote_completo"] == min(gain.values())
    assert rows["suavizado"]["perdida"]["media"] > rows["nada"]["perdida"]["media"]
    assert rows["l2"]["perdida"]["media"] < 0.9 * rows["nada"]["perdida"]["media"]
    for name in ("ruido_entradas", "suavizado", "multitarea_mas_datos"):
        assert rows[name]["ventaja"]["gana"] == 10
    for name in ("l1", "swa", "ruido_pesos", "ruido_etiquetas", "parada_regalada"):
        assert abs(gain[name]) <= 2 * rows[name]["ventaja"]["error_tipico"]
    errors = [
        100 - row["exactitud_pct"]["media"] for row in (rows["nada"], more["ensamble"])
    ]
    assert errors[1] < 0.5 * errors[0]


def test_contribution_is_sorted():
    table = regularization.gains()

    assert [row[1] for row in table] == sorted((row[1] for row in table), reverse=True)
    assert len(table) == len(regularization.NAMES) - 1


def test_cost_turns_and_accuracy_does_not():
    runs = measured("regularizacion")["curvas"]
    best = int(np.argmin(runs["validacion"]))

    assert runs["validacion"][-1] > 1.1 * runs["validacion"][best]
    assert runs["exactitud_pct"][-1] >= runs["exactitud_pct"][best]


def test_the_average_ends_closer_to_the_minimum_than_the_cloud():
    path, means = weight_average.cloud_and_average()

    assert np.linalg.norm(means[-1]) < 0.2
    assert np.median(np.linalg.norm(path[50:], axis=1)) > 5 * np.linalg.norm(means[-1])


def test_augmented_digits_start_with_the_untouched_image():
    tiles = augmentation.versions()
    rows = tiles.reshape(4, 6, 28, 28)

    assert np.all(rows[:, 0] == np.round(rows[:, 0]))
    for row in rows:
        assert len({image.tobytes() for image in row}) == 6


def test_every_subnetwork_is_drawn_once():
    axes = subnetworks.sixteen_subnets().axes
    crossed = [sum(line.get_marker() == "x" for line in panel.lines) for panel in axes]

    assert len(axes) == 16
    assert np.bincount(crossed).tolist() == [1, 4, 6, 4, 1]
