"""Pruebas de las erratas de la lección S0."""

import numpy as np

from apuntes.descent import quadratic, quadratic_grad


def test_e0_01_seguir_el_gradiente_sube_la_perdida():
    """Un paso a favor del gradiente sube g; en contra, la baja."""
    w = np.array([1.5, -0.5])
    a_favor = w + 0.1 * quadratic_grad(w)
    en_contra = w - 0.1 * quadratic_grad(w)
    assert quadratic(a_favor) > quadratic(w) > quadratic(en_contra)
