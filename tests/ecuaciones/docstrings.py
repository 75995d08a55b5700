"""Las fórmulas con que empiezan los docstrings de activaciones, pérdidas, pesos y penalizaciones.

Cada fila da `F`, lo que devuelve la función, y los símbolos de su fórmula. Si no declara
índices, la fórmula se lee número a número.
"""

import importlib
import inspect
import math
import re

import numpy as np

from apuntes import activations
from ecuaciones import comprobar, docstring, evaluar

N, K = 3, 4
X = np.array([-3.0, -0.8, 0.6, 2.0])
RAMA = r"(?:\$[^$]+\$|\d)"
MEDIA = r"\text{media}"
CASOS = re.compile(rf"({RAMA}) si \$([^$]+)\$(?:,| y) ({RAMA}) si no")


def formula(objeto: str) -> str:
    """La fórmula del resumen de un docstring, que es la más larga.

    «A si C, B si no» son dos ramas; «entre $nD$» divide, y «media de» promedia.
    """
    modulo, nombre = objeto.split(".")
    f = getattr(importlib.import_module(f"apuntes.{modulo}"), nombre)
    resumen = inspect.getdoc(f).split("\n\n")[0]
    resumen = re.sub(r"`(\w+)`\$", r"$\\operatorname{\1}", resumen)
    resumen = re.sub(r"`(\w+)` si no", r"$\\operatorname{\1}$ si no", resumen)
    if casos := CASOS.search(resumen):
        si, cuando, no = (trozo.strip("$") for trozo in casos.groups())
        latex = rf"\begin{{cases}}{si}&\text{{si }}{cuando}\\{no}&\text{{si no}}\end{{cases}}"
    else:
        latex = max(re.findall(r"\$([^$]+)\$", resumen), key=len)
    if divisor := re.search(r", entre \$([^$]+)\$", resumen):
        *antes, latex = latex.split("=")
        latex = "=".join(rf"\frac{{{m}}}{{{divisor[1]}}}" for m in [*antes, latex])
    return MEDIA + latex if "media de $" in resumen else latex


def comprobar_formula(latex: str, simbolos: dict) -> None:
    """Exige que `F` sea la fórmula: número a número, salvo que declare índices."""
    datos = {s: v for s, v in simbolos.items() if isinstance(v, np.ndarray)}
    arreglos = {s: v for s, v in datos.items() if s != "F"}
    indices = any(isinstance(valor, range) for valor in simbolos.values())
    if indices or not arreglos:
        izquierda = simbolos.get("=", "F")
        comprobar(f"{izquierda}={latex}" if "F" in simbolos else latex, simbolos)
        return
    numeros = [
        simbolos | {s: v.flat[c] for s, v in arreglos.items()}
        for c in range(next(iter(arreglos.values())).size)
    ]
    if MEDIA in latex:
        valores = [evaluar(latex.replace(MEDIA, ""), uno) for uno in numeros]
        np.testing.assert_allclose(simbolos["F"], np.mean(valores), rtol=1e-9)
        return
    for c, uno in enumerate(numeros):
        if "F" in simbolos:
            comprobar(f"F={latex}", uno | {"F": simbolos["F"].flat[c]})
        else:
            comprobar(latex, uno)


def _devuelve(objeto: str, *args, **opciones):
    modulo, nombre = objeto.split(".")
    return getattr(importlib.import_module(f"apuntes.{modulo}"), nombre)(
        *args, **opciones
    )


@docstring("activations.sigmoid", "activations.tanh", "activations.relu")
@docstring("activations.gelu", "activations.silu", "activations.softplus")
@docstring("activations.leaky_relu", "activations.elu")
@docstring("activations.sigmoid_grad", "activations.tanh_grad", "activations.relu_grad")
@docstring("activations.gelu_grad", "activations.silu_grad")
@docstring("activations.softplus_grad")
@docstring("activations.leaky_relu_grad", "activations.elu_grad")
def activacion(rng, objeto):
    pendientes = {"leaky_relu": "negative_slope", "elu": "alpha"}
    opcion = pendientes.get(objeto.split(".")[1].removesuffix("_grad"))
    return {
        "F": _devuelve(objeto, X, **({opcion: 1.7} if opcion else {})),
        "x": X,
        r"\sigma": activations.sigmoid,
        r"\Phi": lambda x: math.erfc(-x / math.sqrt(2)) / 2,
        r"\Phi'": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
        r"\alpha": 1.7,
        r"\operatorname{negative_slope}": 1.7,
    }


@docstring("activations.softmax", "activations.log_softmax")
def por_filas(rng, objeto):
    salida = _devuelve(objeto, X)
    indices = {"j": range(K), "k": range(K)}
    if objeto.endswith("log_softmax"):
        return indices | {"x": X, "F": salida, "=": "F_k"}  # escribe el componente k
    return indices | {"x": X, "p": salida}


@docstring("activations.softmax_grad", "activations.log_softmax_grad")
def por_filas_grad(rng, objeto):
    g = rng.normal(size=K)
    salida = {"F": _devuelve(objeto, X, g), "p": activations.softmax(X)}
    return salida | {"g": g, "k": range(K)}


@docstring("losses.huber_loss", "losses.hinge_loss")
@docstring("losses.huber_loss_grad", "losses.hinge_loss_grad")
def con_ramas(rng, objeto):
    """Residuos y márgenes a los dos lados de cada quiebre."""
    y = np.where(np.arange(12) % 2, -1.0, 1.0).reshape(N, K)
    pred = np.linspace(-2.0, 3.0, 12).reshape(N, K) * y
    opciones = {"delta": 0.7} if "huber" in objeto else {}
    simbolos = {"r": pred - y, r"\hat y": pred, "y": y, r"\delta": 0.7, "n": N, "D": K}
    return simbolos | {"F": _devuelve(objeto, pred, y, **opciones)}


@docstring("losses.mse_loss", "losses.l1_loss")
@docstring("losses.mse_loss_grad", "losses.l1_loss_grad")
@docstring("losses.binary_cross_entropy", "losses.binary_cross_entropy_grad")
@docstring("losses.binary_cross_entropy_with_logits_grad")
def por_componentes(rng, objeto):
    pred, y = rng.uniform(0.1, 0.9, size=(2, N, K))
    simbolos = {r"\hat y": pred, "p": pred, "z": pred, "y": y, "n": N, "D": K}
    simbolos |= {r"\sigma": activations.sigmoid, "F": _devuelve(objeto, pred, y)}
    if objeto in ("losses.mse_loss", "losses.l1_loss"):
        return simbolos | {"i": range(1, N + 1), "d": range(K)}
    return simbolos


@docstring("losses.quadratic_cost", "losses.quadratic_cost_grad")
def coste_cuadratico(rng, objeto):
    a, y = rng.normal(size=(2, N, K))
    simbolos = {"F": _devuelve(objeto, a, y), "n": N}
    if objeto.endswith("_grad"):
        return simbolos | {"a": a, "y": y}
    return simbolos | {"x": range(N), "y": lambda x: y[x], "a": lambda x: a[x]}


@docstring("losses.cross_entropy", "losses.cross_entropy_grad")
def entropia_cruzada(rng, objeto):
    z, y = rng.normal(size=(N, K)), rng.dirichlet(np.ones(K), size=N)
    softmax = {r"\operatorname{softmax}": activations.softmax}
    indices = {"n": N, "i": range(1, N + 1), "k": range(K)}
    return softmax | indices | {"z": z, "y": y, "F": _devuelve(objeto, z, y)}


@docstring("initialization.xavier_uniform", "initialization.kaiming_uniform")
def uniformes(rng, objeto):
    """La cota sale de dividir entre la uniforme en (-1, 1) del mismo generador."""
    opcion = {"gain": 1.7} if "xavier" in objeto else {"a": 0.3}
    pesos = _devuelve(objeto, (N, K), rng=np.random.default_rng(0), **opcion)
    c = pesos / np.random.default_rng(0).uniform(-1, 1, size=(N, K))
    return {"c": c, "g": 1.7, "a": 0.3, "n": K, "n_{in}": K, "n_{out}": N}


@docstring("initialization.xavier_normal", "initialization.kaiming_normal")
def normales(rng, objeto):
    opcion = {"gain": 1.7} if "xavier" in objeto else {"a": 0.3}
    pesos = _devuelve(objeto, (N, K), rng=np.random.default_rng(0), **opcion)
    z = np.random.default_rng(0).standard_normal((N, K))
    simbolos = {"F": pesos, "N": lambda media, var: media + math.sqrt(var) * z}
    return simbolos | {"g": 1.7, "a": 0.3, "n": K, "n_{in}": K, "n_{out}": N}


@docstring("gradients.clip_grad_norm", "gradients.clip_grad_value")
def recortes(rng, objeto):
    """Gradientes de un solo número: así la misma fórmula pasa por las dos ramas."""
    if objeto.endswith("norm"):
        salidas = [_devuelve(objeto, [x[None]], max_norm=1.3)[0] for x in X]
    else:
        salidas = [_devuelve(objeto, [x[None]], clip_value=1.3) for x in X]
    g = {"g" if objeto.endswith("norm") else "g_k": X}
    return g | {"F": np.array(salidas).ravel(), r"\tau": 1.3}


@docstring("gradients.grad_norm")
def norma_del_gradiente(rng, objeto):
    g = rng.normal(size=K)
    return {"F": _devuelve(objeto, [g[:1], g[1:]]), "g": g, "k": range(K)}


@docstring("schedules.step_decay", "schedules.polynomial_decay")
@docstring("schedules.exponential_decay", "schedules.cosine_decay")
def tasas(rng, objeto):
    opciones = {
        "step_decay": {"step_size": 3, "gamma": 0.7},
        "polynomial_decay": {"total_iters": 9, "power": 2.5},
        "exponential_decay": {"gamma": 0.7},
        "cosine_decay": {"t_max": 9, "eta_min": 0.3},
    }
    t, nombre = np.arange(8.0), objeto.split(".")[1]
    programa = _devuelve(objeto, lr=2.0, **opciones[nombre])
    simbolos = {"t": t, r"\gamma": 0.7, "T_0": 3, "T": 9, "p": 2.5, r"\eta_0": 2.0}
    simbolos |= {
        r"\eta_t" if nombre != "cosine_decay" else "F": np.array(
            [programa(int(k)) for k in t]
        )
    }
    return simbolos | {r"\eta_{\min}": 0.3}


@docstring("regularization.l1_penalty", "regularization.l2_penalty")
@docstring("regularization.l1_penalty_grad", "regularization.l2_penalty_grad")
def penalizaciones(rng, objeto):
    w = np.array([-1.3, 0.4, 2.2, -0.7])
    simbolos = {"F": _devuelve(objeto, w, lam=0.3), "w": w, r"\lambda": 0.3}
    return simbolos if objeto.endswith("_grad") else simbolos | {"k": range(K)}


@docstring("regularization.smooth_labels")
def etiquetas_suaves(rng, objeto):
    clases = np.array([1, 3, 0])
    suaves = _devuelve(objeto, clases, num_classes=K, epsilon=0.3)
    indices = {"i": range(1, N + 1), "k": range(K)}
    simbolos = {"F": suaves, "=": "F_{ik}", "y": np.eye(K)[clases], "K": K}
    return indices | simbolos | {r"\varepsilon": 0.3}
