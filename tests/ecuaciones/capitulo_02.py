"""Capítulo 2: la red, el coste cuadrático, las seis pérdidas y la última capa."""

import numpy as np
import torch

from apuntes import activations, layers, losses
from ecuaciones import ecuacion

N, K, D, H = 4, 3, 5, 2
INDICES = {"n": N, "K": K, "i": range(1, N + 1), "k": range(K), "j": range(K)}


@ecuacion("ec-red-784-15-10")
def red(rng):
    capas = layers.Linear(D, H, rng=rng), layers.Linear(H, K, rng=rng)
    x = rng.normal(size=D)
    for capa in capas:
        capa.bias = rng.normal(size=len(capa.bias))
    h = activations.sigmoid(capas[0].forward(x[None]))
    simbolos = {"x": x, "h": h[0], r"\sigma": activations.sigmoid}
    simbolos["a"] = activations.sigmoid(capas[1].forward(h))[0]
    for numero, capa in enumerate(capas, start=1):
        simbolos |= {f"W^{{({numero})}}": capa.weight, f"b^{{({numero})}}": capa.bias}
    return simbolos


@ecuacion("ec-sigmoide")
def sigmoide(rng):
    return {"z": rng.normal(size=N), r"\sigma": activations.sigmoid}


@ecuacion("ec-coste-cuadratico", "ec-coste-cuadratico-grad")
def coste_cuadratico(rng):
    a, y = rng.normal(size=(2, N, K))
    derivada = losses.quadratic_cost_grad(a, y)
    coste = {
        r"J(\theta)": losses.quadratic_cost(a, y),
        r"\partial J/\partial a": derivada,
    }
    return INDICES | coste | {"a": a, "y": y}


@ecuacion("ec-coste")
def objetivo(rng):
    pred, y = rng.normal(size=(2, N))
    cada_una = [losses.mse_loss(pred[[i]], y[[i]]) for i in range(N)]
    coste = {r"J(\theta)": losses.mse_loss(pred, y), r"L": lambda theta: cada_una}
    return INDICES | coste | {r"\theta": 0.0}


def perdida(nombre, pred, y, letra=r"\hat y", **opciones):
    """Símbolos de una pérdida de un número por ejemplo: sin el 1/n de la media."""
    f, grad = getattr(losses, nombre), getattr(losses, f"{nombre}_grad")
    cada_una = [f(pred[[i]], y[[i]], **opciones) for i in range(len(y))]
    derivada = len(y) * grad(pred, y, **opciones)
    return INDICES | {
        "L": cada_una,
        rf"\partial L/\partial {letra}": derivada,
        letra: pred,
        "y": y,
    }


@ecuacion("ec-mse")
def mse(rng):
    return perdida("mse_loss", *rng.normal(size=(2, N)))


@ecuacion("ec-l1")
def l1(rng):
    return perdida("l1_loss", *rng.normal(size=(2, N)))


@ecuacion("ec-huber", "ec-huber-grad")
def huber(rng):
    r, y = np.array([0.3, -0.5, 2.0, -3.0]), rng.normal(size=N)
    simbolos = perdida("huber_loss", y + r, y, delta=0.7)
    return simbolos | {"r": r, r"\delta": 0.7}


@ecuacion("ec-bisagra")
def bisagra(rng):
    y = np.array([1.0, -1.0, 1.0, -1.0])
    return perdida("hinge_loss", y * [0.4, 1.6, -2.0, 3.0], y)


@ecuacion("ec-bce", "ec-bce-grad")
def bce(rng):
    return perdida("binary_cross_entropy", *rng.uniform(0.1, 0.9, size=(2, N)), "p")


@ecuacion("ec-bce-logits")
def bce_logits(rng):
    z, y = rng.normal(size=N), rng.uniform(size=N)
    simbolos = perdida("binary_cross_entropy_with_logits", z, y, "z")
    p = activations.sigmoid(z)
    return simbolos | {r"\sigma": activations.sigmoid, "p": p}


def derivar(f, x):
    """Derivada exacta de `f`, que recibe y da tensores, por PyTorch."""
    return torch.autograd.functional.jacobian(f, torch.from_numpy(x)).numpy()


@ecuacion("ec-entropia-cruzada")
def entropia_cruzada(rng):
    z, y = rng.normal(size=(N, K)), rng.dirichlet(np.ones(K), size=N)
    p, objetivos = activations.softmax(z), torch.from_numpy(y)
    derivada = derivar(lambda p: -(objetivos * p.log()).sum(), p)
    cada_una = [losses.cross_entropy(z[[i]], y[[i]]) for i in range(N)]
    return INDICES | {"L": cada_una, "p": p, "y": y, r"\partial L/\partial p": derivada}


@ecuacion("ec-softmax")
def softmax(rng):
    z = rng.normal(size=K)
    funcion = {r"\operatorname{softmax}": activations.softmax}
    return INDICES | funcion | {"z": z, "p": activations.softmax(z)}


@ecuacion("ec-cadena-escalar")
def cadena_escalar(rng):
    """Una neurona sigmoide con entropía cruzada binaria, que pasa por las dos."""
    w, x, y = rng.normal(size=K), rng.normal(size=(N, K)), rng.uniform(size=N)
    z = x @ w
    p = activations.sigmoid(z)
    de_p = N * losses.binary_cross_entropy_grad(p, y)
    de_z = N * losses.binary_cross_entropy_with_logits_grad(z, y)
    entradas, objetivos = torch.from_numpy(x), torch.from_numpy(y)
    bce = torch.nn.functional.binary_cross_entropy_with_logits
    return INDICES | {
        r"\partial L/\partial w": derivar(
            lambda w: bce(entradas @ w, objetivos, reduction="none"), w
        ),
        r"\partial L/\partial\hat y": de_z,
        r"\partial\hat y/\partial w": x,
        r"\partial L/\partial p": de_p,
        r"\partial p/\partial w": activations.sigmoid_grad(z)[:, None] * x,
    }


def jacobiano(z):
    """Fila k: derivada de $p_k$ respecto de cada logit."""
    return np.array([activations.softmax_grad(z, fila) for fila in np.eye(K)])


@ecuacion("ec-cadena-vectorial")
def cadena_vectorial(rng):
    """Logits que son M w, con una matriz M por ejemplo."""
    w, y = rng.normal(size=K), rng.dirichlet(np.ones(K), size=N)
    m = rng.normal(size=(N, K, K))
    z = m @ w
    de_z = N * losses.cross_entropy_grad(z, y)
    return INDICES | {
        r"\partial L/\partial w": np.einsum("ik,ikj->ij", de_z, m),
        r"\partial L/\partial p": -y / activations.softmax(z),
        r"\partial p/\partial w": np.array([jacobiano(z[i]) @ m[i] for i in range(N)]),
    }


@ecuacion("ec-softmax-jacobiano")
def softmax_jacobiano(rng):
    z = rng.normal(size=K)
    derivada = {r"\partial p/\partial z": jacobiano(z)}
    return INDICES | derivada | {"p": activations.softmax(z)}


@ecuacion("ec-p-menos-y")
def p_menos_y(rng):
    z, y = rng.normal(size=K), rng.dirichlet(np.ones(K))
    derivada = losses.cross_entropy_grad(z[None], y[None])[0]
    return {r"\partial L/\partial z": derivada, "p": activations.softmax(z), "y": y}


@ecuacion("ec-gradiente-ultima-capa")
def ultima_capa(rng):
    capa, h = layers.Linear(H, K, rng=rng), rng.normal(size=(N, H))
    y, z = rng.dirichlet(np.ones(K), size=N), capa.forward(h)
    capa.backward(losses.cross_entropy_grad(z, y))
    de_w, de_b = capa.gradients()
    derivadas = {r"\partial J/\partial W": de_w, r"\partial J/\partial b": de_b}
    return INDICES | derivadas | {"p": activations.softmax(z), "y": y, "h": h}


@ecuacion("ec-log-softmax")
def log_softmax(rng):
    z = rng.normal(size=K)
    return INDICES | {"z": z, r"\ln p": activations.log_softmax(z), "u": 0.7}
