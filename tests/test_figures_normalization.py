"""Las figuras del capítulo 11 dibujan lo que dicen sus pies."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from apuntes.figures import (
    normalization,
    normalization_gains,
    normalized_networks,
)
from apuntes.figures._results import measured
from apuntes.figures.style import BLUE
from apuntes.layers import Sigmoid
from apuntes.normalization import BatchNorm1d, LayerNorm

NORMS = ("ninguna", "lotes", "capas")
MODULES = {
    "normalization": normalization,
    "normalization_gains": normalization_gains,
    "normalized_networks": normalized_networks,
}


def test_both_neurons_end_up_in_the_same_place_once_normalized():
    before, hat, after = normalization.batch_by_hand().axes
    first, second = (hat.lines[3 * k + 1].get_xdata() for k in range(2))

    np.testing.assert_allclose(sorted(first), sorted(second), atol=1e-4)
    assert before.lines[4].get_xdata().tolist() == [10, 20, 60, 30]
    assert after.lines[1].get_xdata().mean() == pytest.approx(2)
    assert after.lines[4].get_xdata().std() == pytest.approx(2, rel=1e-4)


def test_what_is_left_of_the_gradient_is_tangent_to_the_circle():
    parts = normalization.projection_parts()

    assert np.sum(parts["hat"] ** 2) == pytest.approx(3)
    assert parts["left"] @ parts["hat"] == pytest.approx(0, abs=1e-14)
    assert parts["left"].sum() == pytest.approx(0, abs=1e-14)
    np.testing.assert_allclose(parts["flat"], parts["along"] + parts["left"])
    np.testing.assert_allclose(parts["grad"], parts["left"])


def test_the_blue_cells_are_those_that_share_statistics():
    """Caras azules: por delante 4 × 5, por arriba 4 × 4 y de lado 4 × 5."""
    blue = {
        axes.get_title(): sum(
            to_hex(face.get_facecolor()) == BLUE for face in axes.patches
        )
        for axes in normalization.averaged_axes().axes
    }

    assert blue == {
        "por lotes": 5 + 4,
        "por capas": 20 + 4 + 5,
        "por instancias": 5 + 1,
        "por grupos (de 2)": 10 + 2,
    }


def test_only_normalizing_by_batch_tells_one_image_from_another():
    x = normalized_networks.sample()[0][:300]
    share = {}
    for norm in (None, LayerNorm, BatchNorm1d):
        network = normalized_networks.deep_network(
            norm, activation=Sigmoid, init=normalized_networks.xavier_normal
        )
        z = normalized_networks.into_activation(network, x, 8)
        share[norm] = normalized_networks.share_of_images(z)

    assert share[None] < 1e-3
    assert share[LayerNorm] < 1e-2
    assert share[BatchNorm1d] > 99


def test_a_normalized_neuron_keeps_its_mean_and_width():
    seen = normalized_networks.drift(BatchNorm1d, epochs=1)

    assert [abs(float(z.mean())) < 0.1 for z in seen] == [True, True]
    assert [0.8 < float(z.std()) < 1.2 for z in seen] == [True, True]


def test_the_moving_average_is_that_of_the_layer():
    values, layer = np.array([3.0, 5.0, 1.0]), BatchNorm1d(1, momentum=0.3)
    for value in values:
        layer.forward(np.array([[value - 1], [value + 1]]))

    path = normalized_networks.moving_average(values, 0.3)
    assert path[-1] == pytest.approx(layer.running_mean[0])


# -- lo que el capítulo cuenta en prosa de lo que hay en `results/` ---------------


def test_the_measures_of_the_batch_are_what_the_text_says():
    few = measured("normalizacion-lotes")
    depth = few["hondura"]["por_capa"]
    modes = few["modos"]
    batch, layer = few["lotes"]["lotes"], few["lotes"]["capas"]

    assert depth["lotes"] == pytest.approx((np.pi / (np.pi - 1)) ** 0.5, rel=0.01)
    assert 0.9 < depth["ninguna"] < 1.05
    assert max(row["media"] for row in modes["por_clases"]) < 25
    assert modes["barajados"][0]["media"] < 30
    assert batch[0]["maximo"] < 20 < layer[0]["minimo"]
    assert few["sin_barajar"]["lotes"]["de_una_clase"]["maximo"] < 15


def test_noise_brings_the_drift_back_and_costs_nothing():
    noise = measured("normalizacion")["ruido"]
    kinds = ("ninguna", "lotes", "ruido")
    moved = {kind: noise[kind]["desplazamiento"] for kind in kinds}
    mean = {kind: noise[kind]["media"] for kind in kinds}

    assert moved["ruido"]["media"] > 0.9 * moved["ninguna"]["media"]
    assert 50 * moved["lotes"]["maximo"] < moved["ruido"]["minimo"]
    assert abs(mean["ruido"] - mean["lotes"]) < 0.7
    assert min(mean["ruido"], mean["lotes"]) > mean["ninguna"] + 1
    assert noise["ninguna"]["minimo"] < 82
    assert noise["ninguna"]["maximo"] > max(mean["ruido"], mean["lotes"])


def test_only_by_batch_there_is_life_after_the_cliff():
    data = measured("normalizacion")["tasas"]
    at = {lr: k for k, lr in enumerate(data["tasas"])}

    assert data["ninguna"][at[0.3]]["minimo"] > 70
    assert data["ninguna"][at[1.0]]["maximo"] < 12
    assert data["lotes"][at[1.0]]["minimo"] > 60


def test_what_is_gained_is_gained_with_the_rate():
    curves = measured("normalizacion")["curvas"]
    plain, batch = curves["ninguna"], curves["lotes"]
    end = {k: (c["validacion_media"][-1], c["validacion_desviacion"][-1]) for k, c in curves.items() if k in normalization_gains.COLORS}  # fmt: skip
    same = [c["busqueda"]["exactitud"][1] for c in (plain, batch)]

    assert all(c["busqueda"]["tasas"][1] == 0.1 for c in (plain, batch))
    assert batch["lr"] == 10 * plain["lr"] == 1
    assert end["lotes"][0] > end["ninguna"][0] + 3 * end["ninguna"][1]
    assert abs(same[0] - same[1]) < 0.3
    assert plain["busqueda"]["exactitud"][-1] < 12


def test_the_start_only_matters_without_normalizing():
    data = measured("normalizacion")["inicio"]
    means = {norm: [row["media"] for row in data[norm]] for norm in NORMS}

    assert [mean > 60 for mean in means["ninguna"]] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert min(means["lotes"] + means["capas"]) > 75


def test_only_by_batch_the_sigmoids_learn_without_a_tailored_start():
    table = measured("normalizacion")["activaciones"]
    sigmoid, tailored = table["sigmoide"], table["sigmoide_a_medida"]

    assert max(sigmoid[k]["maximo"] for k in ("ninguna", "capas")) < 12
    assert sigmoid["lotes"]["media"] > 85
    assert tailored["ninguna"]["media"] > 80
