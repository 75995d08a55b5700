"""Aumento de datos en el dispositivo, un lote de una vez.

Girar, estirar, inclinar y mover es una sola transformación afín por imagen: cada píxel
del resultado mira de dónde viene (capítulo 13, `rotate_images`).
"""

import torch
from torch import Tensor
from torch.nn import functional

# Hasta dónde se gira (radianes), se estira, se inclina y se mueve (medias imágenes).
ANGLE, SCALE, SHEAR, SHIFT = 0.2, 0.1, 0.15, 2 / 14
NUMBERS = 5  # que hacen falta por imagen


# --8<-- [start:warp]
def warp(x: Tensor, noise: Tensor) -> Tensor:
    """Deforma cada imagen según sus cinco números entre -1 y 1.

    Args:
        x: imágenes `(N, 1, H, W)` con 0 de fondo.
        noise: `(N, 5)`: giro, estirón, inclinación, y cuánto baja y va a la derecha.
    """
    angle, stretch, shear = (
        ANGLE * noise[:, 0],
        SCALE * noise[:, 1],
        SHEAR * noise[:, 2],
    )
    cos, sin = torch.cos(angle) * (1 + stretch), torch.sin(angle) * (1 + stretch)
    rows = torch.stack([cos, shear * cos - sin, sin, shear * sin + cos], dim=1)
    shift = SHIFT * noise[:, 3:].flip(1)
    theta = torch.cat([rows.view(-1, 2, 2), shift[:, :, None]], dim=2)
    grid = functional.affine_grid(theta, list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, align_corners=False)
    # --8<-- [end:warp]
