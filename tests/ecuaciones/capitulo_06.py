"""Capítulo 6: el laboratorio que entrena la red."""

from apuntes import minibatch
from ecuaciones import ecuacion


@ecuacion("ec-pasos-por-epoca")
def pasos_por_epoca(rng):
    lotes = list(minibatch.minibatches(23, 5, rng))
    return {r"\text{pasos}": float(len(lotes)), "n": 23.0, "m": 5.0}
