"""La varianza de una media de errores: a mano, sorteada y leyes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apuntes.regularization import ensemble_variance


def test_by_hand():
    assert ensemble_variance(4.0, correlation=0.25, count=3) == 2.0
    assert ensemble_variance(4.0, correlation=0.0, count=4) == 1.0
    assert ensemble_variance(4.0, correlation=1.0, count=9) == 4.0
    assert ensemble_variance(4.0, correlation=0.3, count=1) == 4.0


def test_is_the_variance_of_the_mean_of_equally_correlated_errors():
    v, rho, count = 2.0, 0.4, 5
    covariance = v * (rho * np.ones((count, count)) + (1 - rho) * np.eye(count))
    mean = np.full(count, 1 / count)

    assert ensemble_variance(v, correlation=rho, count=count) == pytest.approx(
        mean @ covariance @ mean
    )


@given(st.floats(0.1, 9), st.floats(0, 1), st.integers(1, 50))
def test_more_networks_never_hurt_and_never_go_below_what_they_share(v, rho, count):
    one, more = (
        ensemble_variance(v, correlation=rho, count=n) for n in (count, count + 1)
    )

    assert rho * v <= more + 1e-12 <= one + 2e-12 <= v + 3e-12


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"variance": -1.0, "correlation": 0.5, "count": 2}, "variance"),
        ({"variance": 1.0, "correlation": 1.5, "count": 2}, "correlation"),
        ({"variance": 1.0, "correlation": -0.5, "count": 2}, "correlation"),
        ({"variance": 1.0, "correlation": 0.5, "count": 0}, "count"),
    ],
)
def test_what_it_refuses(options, match):
    with pytest.raises(ValueError, match=match):
        ensemble_variance(**options)
