# ---
# modulos: [training, metrics]
# simbolos:
#   q: exactitud, entre 0 y 1
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Entrenar y diagnosticar { #laboratorio-1 }
#
# Has lanzado tu primer entrenamiento y la pantalla escupe esto:
#
# ```text
# 938/938 - 15ms/step - loss: 2.1860 - accuracy: 0.4158
#                     - val_loss: 2.0265 - val_accuracy: 0.5128
# ```
#
# ¿Va bien o va mal?
# ¿Qué son esos 938 pasos?
# ¿Cómo puede la red acertar *más* en los [datos de validación](@g-datos-de-validacion), que no ha visto, que en los de entrenamiento?
# ¿Sigues, paras, subes la tasa o tiras la red y pones otra?
#
# Este laboratorio entrena la red 784-15-10 de [@red-784-15-10] con cifras de verdad, la estropea a propósito de cinco maneras y aprende a reconocer cada avería por la forma de sus curvas.
# Al terminar sabrás separar los datos para no engañarte, leer cualquier registro de entrenamiento, dar un diagnóstico mirando dos curvas y contar un resultado con su incertidumbre.
# Necesitas las pérdidas del [capítulo 2](@red-datos-coste); de momento basta con saber que el [descenso de gradiente](@g-descenso-de-gradiente) baja por la [pérdida](@g-perdida) y que `backward` calcula el [gradiente](@g-gradiente).
#
# Todo es NumPy y corre en un portátil en menos de un minuto.
# Puedes copiar cualquier bloque: lleva dentro lo que necesita de los anteriores.

# %% [markdown]
# ## Entrenamiento, validación y prueba { #tres-conjuntos data-temario="S4-40" }
#
# ### Los datos { #lab-datos }
#
# Si tienes MNIST completo en el disco, el laboratorio lo usa; si no, usa la muestra que viaja con el paquete.
# Llama una vez a `load_mnist("train")`, sin más, y lo descargará.

# %%
import os

# Con matrices tan pequeñas, un solo hilo es lo más rápido.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

from apuntes.data import (
    flatten_images,
    load_mnist,
    mnist_sample,
    split_validation,
)

try:
    images, labels = load_mnist("train", download=False)
    source = "MNIST completo"
except FileNotFoundError:
    images, labels = mnist_sample("train")
    source = "la muestra de MNIST"

x = flatten_images(images)
train_index, validation_index = split_validation(
    len(x), size=1 / 6, rng=np.random.default_rng(0)
)
train = x[train_index], labels[train_index]
validation = x[validation_index], labels[validation_index]
print(f"Se usa {source}:")
print(len(train[0]), "ejemplos para entrenar")
print(len(validation[0]), "ejemplos de validación")

# %% [markdown]
# Las cifras de esta página salen de ejecutar esas celdas, y cambian si cambian los datos: con la muestra hay doce veces menos ejemplos y se acierta menos.
# Lo que el texto afirma vale en los dos casos.
#
# ### Tres conjuntos, tres preguntas { #tres-preguntas }
#
# Los ejemplos se reparten en tres montones porque hay que contestar a tres preguntas, y cada respuesta gasta los datos con los que se contesta.
#
# /// tabla | tab-tres-conjuntos
# Para qué sirve cada conjunto.
#
# | conjunto | pregunta | cuándo se mira |
# | --- | --- | --- |
# | [entrenamiento](@g-datos-de-entrenamiento) | ¿qué pesos? | en cada paso |
# | [validación](@g-datos-de-validacion) | ¿qué tasa, cuántas neuronas, cuántas épocas? | al final de cada [época](@g-epoca), las veces que haga falta |
# | [prueba](@g-datos-de-prueba) | ¿cuánto acertará con datos nuevos? | una vez, al final |
# ///
#
# Un reparto orientativo es 70 % para entrenar, 20 % para validar y 10 % para la prueba; con muchos datos la validación puede ser una parte menor, porque lo que importa es cuántos ejemplos tiene, no qué fracción son.
# En MNIST la prueba viene ya separada, 10 000 imágenes en otro fichero, y de las 60 000 restantes apartamos un sexto al azar.
#
# ### Por qué no basta con dos { #por-que-no-basta }
#
# Es corriente ver programas que miden el conjunto de prueba al final de cada época y eligen con él la tasa o el número de neuronas.
# Parece inocente: nadie entrena con esos datos.
# Pero elegir también es aprender, y quien elige el mejor de muchos resultados se queda con el más afortunado.
#
# El experimento más limpio es uno en el que no hay nada que aprender.
# Toma 200 «modelos» que contestan a cara o cruz un problema de dos clases, mídelos en los mismos 1000 ejemplos y quédate con el mejor.
# Todos aciertan, a la larga, la mitad de las veces.

# %%
coin_rng = np.random.default_rng(0)
scores = coin_rng.binomial(1000, 0.5, size=(300, 200)) / 1000
again = coin_rng.binomial(1000, 0.5, size=300) / 1000

best = scores.max(axis=1)
print(f"el elegido, donde se eligió:  {best.mean():.3f}")
print(f"el mismo, en otros ejemplos:  {again.mean():.3f}")

# %% fig="fig-el-mejor-de-200" alt="Histograma de las exactitudes de 200 modelos al azar, en forma de campana alrededor de 0,5; una raya señala al mejor, cerca de 0,54, y otra, cerca de 0,5, lo que ese modelo acierta con datos nuevos." pie="Las exactitudes de 200 modelos que contestan al azar. El mejor parece saber algo; con datos nuevos vuelve a ser lo que era."
from apuntes.figures.training import best_of_many

best_of_many(scores[0], again=again[0])

# %% [markdown]
# La celda repite el juego 300 veces: el elegido presume de media de más de cuatro puntos que no tiene.
# Nadie ha hecho trampas y la estimación está mal.
# Con la validación pasa exactamente lo mismo, y por eso la [exactitud](@g-exactitud) de validación del modelo elegido tampoco se publica: para eso está la prueba, que no ha elegido nada.
#
# ¿Cuánto importa en la práctica?
# Depende de cuántas veces se elija, entre modelos cuánto de parecidos y con cuántos ejemplos.
# Tras más de veinte años de mirar todos las mismas 10 000 imágenes de prueba de MNIST, [@yadav2019] reconstruyeron otras 50 000 del mismo origen: los errores publicados no eran del todo exactos, pero el orden entre modelos se conservaba.
# [@recht2019] repitieron la experiencia en ImageNet y hallaron una caída de más de diez puntos, también con el mismo orden, que achacan a que las imágenes nuevas eran algo más difíciles y no a lo mucho que se habían mirado las viejas.
# No es una licencia: allí se comparaban, sobre miles de imágenes, modelos que de verdad eran mejores unos que otros.
# Con 200 ejemplos y modelos parecidos, la suerte pesa más que la mejora.

# %% [markdown]
# ## Leer el registro de entrenamiento { #leer-registro }
#
# ### Una época, a mano { #una-epoca-a-mano }
#
# Un [paso](@g-paso) toma un [lote](@g-lote) de ejemplos, calcula el gradiente de su pérdida y mueve los parámetros.
# Una [época](@g-epoca) son los pasos que hacen falta para usar todos los ejemplos una vez.
# Escrita entera cabe en seis líneas:

# %%
from apuntes.layers import Linear, Sequential, Sigmoid
from apuntes.losses import cross_entropy, cross_entropy_grad
from apuntes.minibatch import minibatches
from apuntes.optimizers import SGD

rng = np.random.default_rng(0)
network = Sequential(
    Linear(784, 15, rng=rng, dtype=np.float32),
    Sigmoid(),
    Linear(15, 10, rng=rng, dtype=np.float32),  # da logits
)
optimizer = SGD(network.parameters(), lr=0.5)

losses = []
for batch in minibatches(len(train[0]), 64, rng):
    inputs, target = train[0][batch], train[1][batch]
    logits = network.forward(inputs)
    losses.append(cross_entropy(logits, target))
    network.backward(cross_entropy_grad(logits, target))
    optimizer.step(network.gradients())

print(len(losses), "pasos")
print(f"pérdida del primer lote: {losses[0]:.2f}")
print(f"media de todos:          {np.mean(losses):.2f}")

# %% [markdown]
# El número de pasos de una época es el de ejemplos entre el tamaño del lote, redondeado hacia arriba, porque el último lote puede quedarse corto:
#
# $$
# \text{pasos}=\left\lceil \frac{n}{m}\right\rceil .
# \label{ec-pasos-por-epoca} % minibatch.minibatches
# $$
#
# Los 938 del principio son $\lceil 60\,000/64\rceil$: aquella red se entrenó con los 60 000 ejemplos de MNIST, sin apartar ninguno para validar, así que lo que su registro llama validación era el conjunto de prueba.
# Con un sexto apartado son $\lceil 50\,000/64\rceil=782$; con la muestra, $\lceil 4167/64\rceil=66$.
#
# La pérdida del primer lote también se puede predecir.
# Una red recién nacida reparte la probabilidad más o menos por igual entre las diez clases, y la [entropía cruzada](@g-entropia-cruzada) de contestar $\tfrac1{10}$ a todo es $\ln 10\approx 2{,}303$.
# Si tu primera pérdida es mucho mayor, mira la [inicialización](@g-inicializacion) antes que nada ([@curva-inicializacion]).
#
# ### El mismo bucle, con registro { #bucle-con-registro }
#
# En el paquete, la época es esta función, que además devuelve lo que la red fue contestando:
#
# /// codigo | cod-train-epoch
#
# ```python title="src/apuntes/training.py"
# --8<-- "apuntes/training.py:train_epoch"
# ```
# ///
#
# `apuntes.training.fit` la repite con una barra de progreso y apunta en un historial lo que mide.
# Con ella, esta función construye y entrena una red de sigmoides del tamaño que se pida; la usaremos el resto del laboratorio.

# %%
import itertools

from apuntes.initialization import xavier_uniform
from apuntes.training import fit

CROSS_ENTROPY = cross_entropy, cross_entropy_grad


def train_network(
    *sizes,
    lr,
    epochs,
    examples=None,
    batch_size=64,
    init=xavier_uniform,
    progress=False,
):
    """Entrena una red; la devuelve con su historial."""
    rng = np.random.default_rng(0)
    layers = []
    for shape in itertools.pairwise(sizes):
        layer = Linear(
            *shape, rng=rng, init=init, dtype=np.float32
        )
        layers += [layer, Sigmoid()]
    network = Sequential(*layers[:-1])
    history = fit(
        network,
        SGD(network.parameters(), lr=lr),
        CROSS_ENTROPY,
        (train[0][:examples], train[1][:examples]),
        validation,
        epochs=epochs,
        batch_size=batch_size,
        rng=rng,
        progress=progress,
    )
    return network, history


# %%
_, slow = train_network(
    784, 15, 10, lr=0.01, epochs=3, progress=True
)

steps = slow.steps // 3
for epoch in range(3):
    print(
        f"{steps}/{steps}",
        f"{1000 * slow.seconds[epoch] / steps:.2f}ms/paso",
        f"pérdida {slow.running_loss[epoch]:.3f}",
        f"exactitud {slow.running_accuracy[epoch]:.3f}",
        f"val. {slow.validation_loss[epoch]:.3f}",
        f"{slow.validation_accuracy[epoch]:.3f}",
    )

# %% [markdown]
# Mientras entrena, quien ejecuta ve además una barra que avanza.
# Es el mismo tipo de línea que abría el laboratorio, y se lee de izquierda a derecha:
#
# - **Pasos y tiempo por paso.** Dicen cuántos datos entran y cuánto vas a esperar. Si los pasos no son los de la [@ec-pasos-por-epoca], no estás entrenando con lo que crees.
# - **Pérdida y [exactitud](@g-exactitud).** Medidas en los lotes de entrenamiento *mientras* la red cambiaba.
# - **Pérdida y exactitud de validación.** Medidas al *acabar* la época, con los pesos ya quietos y en ejemplos que no se usan para entrenar.
#
# ### Por qué la validación puede ganar { #validacion-gana }
#
# En las tres líneas la exactitud de validación supera a la de entrenamiento, como en la del principio.
# No es un error ni una red milagrosa: las dos columnas no miden la misma red.
# La de entrenamiento es la media de toda la época, y en esa media pesan igual los primeros lotes, cuando la red sabía menos, que los últimos.
# Basta medir los datos de entrenamiento al acabar la época para verlo.

# %%
for epoch in range(3):
    print(
        f"época {epoch + 1}:",
        f"durante {slow.running_accuracy[epoch]:.3f},",
        f"al acabar {slow.train_accuracy[epoch]:.3f},",
        f"validación {slow.validation_accuracy[epoch]:.3f}",
    )

# %% [markdown]
# En la época que hicimos a mano, con una tasa cincuenta veces mayor, la red mejora tanto por el camino que la diferencia salta a la vista.

# %% fig="fig-media-y-final" alt="La pérdida de cada lote de una época cae desde más de 2 y luego oscila cada vez más abajo; una raya horizontal, su media, queda muy por encima de dos puntos casi juntos a la derecha, las pérdidas de entrenamiento y de validación al acabar." pie="Una época: la pérdida de cada lote, la media que imprimiría el registro y las dos medidas al acabar, casi juntas. No hay ventaja de la validación: hay una media que llega tarde."
from apuntes.figures.training import during_and_after
from apuntes.metrics import evaluate

on_train, _ = evaluate(network, cross_entropy, train)
on_validation, _ = evaluate(network, cross_entropy, validation)
during_and_after(losses, train=on_train, validation=on_validation)

# %% [markdown]
# Cuanto más deprisa aprende la red, más se retrasa la media; cuando la curva se aplana, las dos medidas se juntan.
# Hay otra causa parecida que aquí no se da: si la red lleva *[dropout](@g-dropout)* u otra [regularización](@g-regularizacion) que solo actúa al entrenar, la exactitud de entrenamiento se mide con la red estorbada y la de validación sin estorbo.
# En el resto del laboratorio las curvas de entrenamiento son siempre las medidas al acabar la época.
#
# ### Lo mismo en PyTorch { #bucle-en-pytorch }
#
# El bucle es el mismo línea por línea.
# Cambian los nombres de tres cosas: `zero_grad` hace falta porque PyTorch suma los gradientes en lugar de escribirlos, `backward` se pide a la pérdida y no a la red, y `step` no recibe argumentos.
#
# === "PyTorch"
#
#     ```pycon
#     >>> import torch
#     >>> from torch import nn
#     >>> from apuntes.data import flatten_images, mnist_sample
#     >>> digits, classes = mnist_sample("train")
#     >>> rows = torch.from_numpy(flatten_images(digits))
#     >>> wanted = torch.from_numpy(classes)
#     >>> _ = torch.manual_seed(0)
#     >>> model = nn.Sequential(
#     ...     nn.Linear(784, 15), nn.Sigmoid(), nn.Linear(15, 10)
#     ... )
#     >>> sgd = torch.optim.SGD(model.parameters(), lr=0.5)
#     >>> loss_function = nn.CrossEntropyLoss()
#     >>> for _ in range(5):
#     ...     for chunk in torch.randperm(len(rows)).split(64):
#     ...         sgd.zero_grad()
#     ...         loss = loss_function(model(rows[chunk]), wanted[chunk])
#     ...         loss.backward()
#     ...         sgd.step()
#     >>> right = model(rows).argmax(dim=1) == wanted
#     >>> 0.85 < right.double().mean().item() < 0.95
#     True
#     ```
#
# === "NumPy"
#
#     ```pycon
#     >>> import numpy as np
#     >>> from apuntes.data import flatten_images, mnist_sample
#     >>> from apuntes.layers import Linear, Sequential, Sigmoid
#     >>> from apuntes.losses import cross_entropy_grad
#     >>> from apuntes.metrics import accuracy
#     >>> from apuntes.minibatch import minibatches
#     >>> from apuntes.optimizers import SGD
#     >>> digits, classes = mnist_sample("train")
#     >>> rows = flatten_images(digits, dtype=np.float64)
#     >>> lab_rng = np.random.default_rng(0)
#     >>> model = Sequential(
#     ...     Linear(784, 15, rng=lab_rng), Sigmoid(), Linear(15, 10, rng=lab_rng)
#     ... )
#     >>> sgd = SGD(model.parameters(), lr=0.5)
#     >>> for _ in range(5):
#     ...     for part in minibatches(len(rows), 64, lab_rng):
#     ...         pred = model.forward(rows[part])
#     ...         grad = cross_entropy_grad(pred, classes[part])
#     ...         _ = model.backward(grad)
#     ...         sgd.step(model.gradients())
#     >>> 0.85 < accuracy(model.forward(rows), classes) < 0.95
#     True
#     ```

# %% [markdown]
# ## Leer las curvas de pérdida { #leer-curvas data-temario="S4-41" }
#
# Un registro de cien épocas no se lee: se dibuja.
# La [curva de pérdida](@g-curva-de-perdida) es el electrocardiograma de un entrenamiento, y se mira *mientras* entrena, no después.
# De todas las métricas, la que manda es la pérdida.
# La exactitud es lo que acaba importando, pero va a saltos y no distingue acertar por poco de acertar por mucho ([@por-que-no-contar]); la pérdida avisa antes.
#
# ### Una curva sana { #curva-sana }
#
# Subimos la tasa a 0,2 y damos diez épocas.

# %%
network, healthy = train_network(
    784, 15, 10, lr=0.2, epochs=10, progress=True
)

print(f"{sum(healthy.seconds):.1f} s de entrenamiento")
print(
    f"pérdida de validación:   {healthy.validation_loss[-1]:.3f}"
)
print(
    f"exactitud de validación: {healthy.validation_accuracy[-1]:.3f}"
)

# %% fig="fig-curva-sana" alt="Dos paneles con diez épocas. La pérdida de entrenamiento y la de validación bajan deprisa al principio y despacio después, la de validación algo por encima; las exactitudes suben de la misma manera." pie="Un entrenamiento sano: bajada rápida, codo y cola lenta, con la validación cerca del entrenamiento. El punto señala la época de menor pérdida de validación."
from apuntes.figures.training import loss_curves

loss_curves(healthy)

# %% [markdown]
# Tres rasgos hacen sana a esta curva.
# Baja desde el primer momento.
# Tiene un codo: la mayor parte de la mejora llega en las primeras épocas.
# Y la validación acompaña al entrenamiento, un poco por encima, sin darse la vuelta.
# Ahora la estropearemos.
# Los experimentos que siguen usan solo los primeros 4000 ejemplos de entrenamiento, para que cuesten décimas de segundo y enseñen lo mismo con la muestra que con MNIST completo.
#
# ### Tasa baja y tasa alta { #curva-tasa data-temario="S4-42 S4-43" }
#
# El mismo entrenamiento, veinte épocas, con tres [tasas de aprendizaje](@g-tasa-de-aprendizaje): 0,01, 0,5 y 20.

# %%
rates = {}
for lr in (0.01, 0.5, 20):
    name = f"tasa {lr:g}".replace(".", ",")
    _, rates[name] = train_network(
        784, 15, 10, lr=lr, epochs=20, examples=4000
    )

for name, history in rates.items():
    print(
        f"{name}: pérdida {history.validation_loss[-1]:.2f},",
        f"exactitud {history.validation_accuracy[-1]:.2f}",
    )

# %% fig="fig-tasas" alt="Tres curvas de pérdida de validación en veinte épocas. La de tasa 0,5 baja enseguida a menos de 0,5; la de 0,01 baja en línea casi recta y se queda por encima de 1,5; la de 20 va a saltos y acaba por encima de las otras dos." pie="Tres tasas. La baja desciende sin tropiezos y no llega; la alta salta y no baja."
from apuntes.figures.training import compare_losses

compare_losses({"": rates})

# %% [markdown]
# **Tasa baja.** La curva baja en línea casi recta, sin codo, y al acabar sigue bajando.
# No está rota: va despacio.
# Harían falta del orden de cincuenta veces más épocas para llevarla donde la otra está ya.
# La línea del principio de este laboratorio es de esta clase: una pérdida de 2,19 tras una época entera, cuando el azar es 2,30, es una red que apenas se ha movido.
# Remedio: multiplica la tasa por tres o por diez hasta que aparezca el codo.
#
# **Tasa alta.** La curva salta arriba y abajo, lejos de donde llegan las otras, y puede quedar por encima de 2,30: peor que contestar al azar.
# Cada paso cruza el valle y cae en la otra ladera.
# Con otras pérdidas y otras redes la curva se dispara hasta `nan`; aquí no, porque el gradiente de la entropía cruzada respecto de los logits, $p-y$, está acotado ([@p-menos-y]).
# Remedio: divide la tasa entre tres o entre diez.
#
# Entre las dos hay un intervalo ancho que funciona, y en esta red va de una décima a unas pocas unidades.
# Se busca por órdenes de magnitud y no por decimales.
#
# ### Mala inicialización { #curva-inicializacion data-temario="S4-44" }
#
# A veces la tasa es buena y la curva empieza plana durante muchas épocas.
# La culpa suele ser de los pesos con los que se empieza, la [inicialización](@g-inicializacion), y hay dos maneras contrarias de estropearla.
#
# **Pesos demasiado grandes.** Sortea cada [peso](@g-peso) con [varianza](@g-varianza) 1.
# Una [neurona](@g-neurona) oculta suma 784 productos, y aunque ocho de cada diez píxeles son cero, la suma sale del orden de $\pm10$: la [sigmoide](@g-sigmoide) se [satura](@g-saturacion), su derivada es casi nula y el gradiente que la cruza, también.

# %%
from functools import partial

from apuntes.activations import sigmoid_grad
from apuntes.initialization import normal

unit_variance = partial(normal, std=1.0)
inits = {"Xavier": xavier_uniform, "varianza 1": unit_variance}
for name, init in inits.items():
    rng = np.random.default_rng(0)
    hidden = Linear(784, 15, rng=rng, init=init, dtype=np.float32)
    z = hidden.forward(train[0][:4000])
    print(
        f"{name}: suma ponderada típica {z.std():.1f},",
        f"derivada media {sigmoid_grad(z).mean():.3f}",
    )

# %% [markdown]
# La derivada de la sigmoide vale como mucho 0,25; con varianza 1 la media cae varias veces, y ese factor multiplica el gradiente de casi todos los pesos de la red.
# Con el [coste](@g-coste) cuadrático y sigmoides también a la salida, que es la red de [@red-784-15-10], el factor aparece dos veces y la curva se queda clavada.
#
# **Pesos iguales.** Si todos los pesos son cero, las 15 neuronas calculan lo mismo, reciben el mismo gradiente y siguen iguales: la red tiene una sola neurona oculta repetida quince veces.
# Con pesos muy pequeños y distintos pasa casi lo mismo al principio, hasta que las diferencias crecen.

# %%
from apuntes.losses import quadratic_cost, quadratic_cost_grad


def train_quadratic(init):
    """La red con salida sigmoide y coste cuadrático."""
    rng = np.random.default_rng(0)
    network = Sequential(
        Linear(784, 15, rng=rng, init=init, dtype=np.float32),
        Sigmoid(),
        Linear(15, 10, rng=rng, init=init, dtype=np.float32),
        Sigmoid(),
    )
    one_hot = np.eye(10, dtype=np.float32)
    return fit(
        network,
        SGD(network.parameters(), lr=0.3),
        (quadratic_cost, quadratic_cost_grad),
        (train[0][:4000], one_hot[train[1][:4000]]),
        (validation[0], one_hot[validation[1]]),
        epochs=30,
        batch_size=64,
        rng=rng,
        progress=False,
    )


large = {
    name: train_quadratic(init) for name, init in inits.items()
}

small = {}
for name, init in {
    "Xavier": xavier_uniform,
    "desviación 0,01": partial(normal, std=0.01),
    "todo ceros": partial(normal, std=0.0),
}.items():
    _, small[name] = train_network(
        784, 15, 10, lr=0.1, epochs=20, examples=4000, init=init
    )

# %% fig="fig-inicializacion" alt="Dos paneles. A la izquierda, el coste cuadrático: con Xavier baja de 0,45 a menos de 0,2 en treinta épocas; con varianza 1 se queda alrededor de 0,45. A la derecha, la entropía cruzada: con Xavier baja desde el principio; con desviación 0,01 y con ceros hay una meseta en 2,3, más larga con ceros." pie="Dos mesetas. A la izquierda, pesos de varianza 1 con coste cuadrático: neuronas saturadas. A la derecha, pesos demasiado pequeños o iguales. Las líneas de puntos son la pérdida de contestar siempre lo mismo: $0{,}45$ con el coste cuadrático y $\\ln 10$ con la entropía cruzada."
compare_losses(
    {"coste cuadrático": large, "entropía cruzada": small},
    levels={
        "coste cuadrático": (0.45, "contestar 0,1"),
        "entropía cruzada": (np.log(10), "contestar 1/10"),
    },
)

# %% [markdown]
# Las mesetas no están a una altura cualquiera: están cerca de la pérdida de una red que contesta siempre lo mismo, la probabilidad de cada clase, sin mirar la imagen.
# Con diez salidas de $0{,}1$ el coste cuadrático es $\tfrac12(0{,}9^2+9\cdot0{,}1^2)=0{,}45$.
# Una curva plana a esa altura dice que la red aún no ve la entrada; una curva plana en otro sitio dice otra cosa.
# Remedio: Xavier o He, que eligen la varianza según el número de entradas ([@glorot2010]) y tienen su capítulo, el [10](@inicializacion).
# Fíjate también en que la meseta acaba: la paciencia a veces basta, pero sale cara.
#
# ### Sobreajuste { #curva-sobreajuste data-temario="S4-45" }
#
# Ahora, muy pocos datos: 300 ejemplos para 11 935 parámetros, durante 60 épocas.

# %%
_, memorized = train_network(
    784, 15, 10, lr=1.0, epochs=60, examples=300, batch_size=10
)
turn = int(np.argmin(memorized.validation_loss))
for epoch in (turn, 59):
    print(
        f"época {epoch + 1}: pérdidas {memorized.train_loss[epoch]:.3f}",
        f"y {memorized.validation_loss[epoch]:.3f},",
        f"exactitud {memorized.validation_accuracy[epoch]:.3f}",
    )

# %% fig="fig-sobreajuste" alt="La pérdida de entrenamiento cae a cero; la de validación baja, toca un mínimo hacia la época diez y vuelve a subir. La exactitud de entrenamiento llega a 1 y la de validación se queda plana cerca de 0,8." pie="Sobreajuste con 300 ejemplos. La pérdida de validación se da la vuelta mientras la de entrenamiento se va a cero."
loss_curves(memorized)

# %% [markdown]
# La red se aprende de memoria los 300 ejemplos, y a partir de cierta época cada mejora en ellos empeora la pérdida en los demás: es el [sobreajuste](@g-sobreajuste).
# La forma inconfundible no es que haya separación entre las curvas, que casi siempre la hay, sino que la de validación **se dé la vuelta**.
#
# Mira el panel de la derecha: la exactitud de validación no se hunde, se queda plana.
# No hay contradicción.
# La red falla más o menos las mismas imágenes, pero cada vez con más convicción, y la entropía cruzada castiga la convicción equivocada ([@ej-perdida-sube]).
# Quien solo mira la exactitud no se entera.
#
# La pérdida, pues, no ayuda al sobreajuste ni lo evita: ayuda a **verlo**, y solo si se compara la de entrenamiento con la de validación.
# Remedios: más datos, parar en la época señalada con el punto, o regularizar ([capítulo 13](@regularizacion)).
#
# ### Curvas solapadas { #curvas-solapadas data-temario="S4-46" }
#
# Y si las dos curvas van juntas todo el tiempo, ¿falta red?
# Se oye a menudo que el solape pide más capas.
# Probemos: una red de 2 neuronas ocultas, la misma con otra [capa](@g-capa) de 15 detrás, y la nuestra de 15.

# %%
widths = {
    "784-2-10": (784, 2, 10),
    "784-2-15-10": (784, 2, 15, 10),
    "784-15-10": (784, 15, 10),
}
overlapping = {}
for name, sizes in widths.items():
    _, overlapping[name] = train_network(
        *sizes, lr=0.5, epochs=8, examples=4000
    )

for name, history in overlapping.items():
    print(
        f"{name}: entrenamiento {history.train_loss[-1]:.3f},",
        f"validación {history.validation_loss[-1]:.3f}",
    )

# %% fig="fig-solapadas" alt="Tres paneles con el mismo eje. En 784-2-10 y en 784-2-15-10 las curvas de entrenamiento y validación van casi pegadas y acaban por encima de 1,2; en 784-15-10 bajan por debajo de 0,5 y la de validación queda algo por encima." pie="Curvas pegadas y altas a la izquierda y en el centro; algo separadas y mucho más bajas a la derecha. La capa de más apenas cambia nada; las neuronas de más, mucho."
from apuntes.figures.training import overlapping_curves

overlapping_curves(overlapping)

# %% [markdown]
# Las dos primeras redes tienen las curvas juntas **y altas**: no aprenden ni los ejemplos de entrenamiento.
# Eso sí es [subajuste](@g-subajuste).
# Pero añadir una capa apenas lo cura, porque el cuello de botella son las dos neuronas por las que ha de pasar la imagen; quitarlo lo cura del todo.
# Y la tercera red, la mejor con diferencia, es la única con las curvas separadas: una pequeña brecha no es una enfermedad.
#
# El solape solo dice que no hay brecha.
# Puede significar que la red es demasiado pequeña, que la tasa es baja y falta entrenar (como en el registro de [@bucle-con-registro]) o que ya no hay nada que mejorar.
# El último caso se puede fabricar: datos cuya [etiqueta](@g-etiqueta) es aleatoria, con una probabilidad que depende de la entrada de la manera más sencilla posible.
# Ni un oráculo que conociera esas probabilidades bajaría de cierta pérdida.

# %%
from apuntes.activations import sigmoid
from apuntes.layers import Tanh

noise_rng = np.random.default_rng(0)
true_weights = noise_rng.normal(size=10)
points = noise_rng.normal(size=(24_000, 10))
probability = sigmoid(points @ true_weights)
answers = (noise_rng.random(24_000) < probability).astype(
    np.int64
)


def train_noisy(hidden_layers):
    """Pérdidas finales con ese número de capas de 16."""
    rng = np.random.default_rng(1)
    layers, size = [], 10
    for _ in range(hidden_layers):
        layers += [Linear(size, 16, rng=rng), Tanh()]
        size = 16
    network = Sequential(*layers, Linear(size, 2, rng=rng))
    history = fit(
        network,
        SGD(network.parameters(), lr=0.2),
        CROSS_ENTROPY,
        (points[:20_000], answers[:20_000]),
        (points[20_000:], answers[20_000:]),
        epochs=15,
        batch_size=200,
        rng=rng,
        progress=False,
    )
    return history.train_loss[-1], history.validation_loss[-1]


by_depth = [
    train_noisy(hidden_layers) for hidden_layers in range(4)
]
given = np.where(answers == 1, probability, 1 - probability)
floor = float(-np.log(given[20_000:]).mean())
for depth, (on_train, on_validation) in enumerate(by_depth):
    print(
        f"{depth} capas ocultas: entrenamiento {on_train:.4f},",
        f"validación {on_validation:.4f}",
    )
print(f"modelo verdadero, en validación: {floor:.4f}")

# %% fig="fig-suelo" alt="Pérdida de entrenamiento y de validación de redes con 0, 1, 2 y 3 capas ocultas: todas casi iguales y pegadas a la línea del modelo verdadero." pie="Curvas solapadas sin que falte ninguna capa: la red sin capas ocultas ya está a la altura del modelo que generó los datos. Más capas no pueden bajar la validación."
from apuntes.figures.training import loss_by_depth

loss_by_depth(*zip(*by_depth, strict=True), floor=floor)

# %% [markdown]
# ### El cuadro de diagnósticos { #cuadro-de-diagnosticos }
#
# /// tabla | tab-diagnosticos
# Qué se ve, qué significa y qué se prueba primero.
#
# | lo que se ve | diagnóstico | primero prueba |
# | --- | --- | --- |
# | baja en línea recta y sigue bajando | tasa baja, o pocas épocas | tasa ×3 o ×10 |
# | salta y no baja; `nan` | tasa alta | tasa ÷3 o ÷10 |
# | meseta al principio, a la altura de contestar siempre lo mismo | mala inicialización | Xavier o He; luego, la tasa |
# | la validación se da la vuelta | sobreajuste | más datos, parar antes, regularizar |
# | juntas y altas | subajuste | más neuronas, más épocas, otra tasa |
# | juntas y bajas | nada que curar | medir en la prueba y acabar |
# | validación por debajo, al principio | media durante la época | medir el entrenamiento al acabar |
# ///
#
# Es un cuadro de síntomas y no de certezas: dos causas pueden dar la misma curva.
# Por eso cada diagnóstico acaba en un experimento que cambia **una sola cosa**.

# %% [markdown]
# ## El laboratorio completo { #laboratorio-completo data-temario="S4-48" }
#
# Las curvas dicen que la red del apartado [@curva-sana] aprende.
# Falta mirarla por dentro, ver en qué falla, elegir en serio sus hiperparámetros y dar una cifra que se pueda publicar.
#
# ### Qué mira cada neurona { #mapas-de-pesos }

# %% fig="fig-mapas-de-pesos" alt="Quince imágenes de 28 por 28 con los pesos de cada neurona oculta: manchas naranjas y azules en la zona central y bordes casi vacíos." pie="Los 784 pesos de cada una de las 15 neuronas ocultas (naranja, positivos; azul, negativos). Los bordes, donde nunca hay trazo, se han quedado como nacieron: casi a cero."
from apuntes.figures.training import weight_maps

weight_maps(network[0].weight)

# %% [markdown]
# Cada mapa es una plantilla: la neurona se enciende si el trazo pasa por lo naranja y evita lo azul.
# Casi ninguna tiene nombre, y es lo esperable: quince neuronas se reparten diez cifras, y lo que cuenta es el patrón de las quince a la vez ([@capa-oculta]).
# Un mapa con aspecto de nieve en la zona central sería mala señal: una neurona que no ha aprendido.
#
# ### En qué se equivoca { #en-que-se-equivoca }
#
# La [matriz de confusión](@g-matriz-de-confusion) cuenta, para cada cifra verdadera, qué contestó la red.
# La hacemos con la validación y no con la prueba: quien mira los errores acaba cambiando algo por ellos, y eso también es elegir.

# %%
from apuntes.activations import softmax
from apuntes.metrics import predict

probs = softmax(predict(network, validation[0]))
pairs = 10 * validation[1] + probs.argmax(axis=1)
counts = np.bincount(pairs, minlength=100).reshape(10, 10)
recall = counts.diagonal() / counts.sum(axis=1)
print(f"exactitud: {counts.trace() / counts.sum():.3f}")
print(
    f"la que mejor se lee: el {recall.argmax()}, {recall.max():.3f}"
)
print(
    f"la que peor se lee:  el {recall.argmin()}, {recall.min():.3f}"
)

# %% fig="fig-confusion" alt="Tabla de diez por diez con la cuenta de cada par de cifra verdadera y cifra contestada; los números grandes están en la diagonal y los fallos, teñidos de naranja, se concentran en unas pocas parejas." pie="Matriz de confusión en validación: fila, la cifra verdadera; columna, la contestada. Más naranja, más fallos. Busca las parejas que se confunden en los dos sentidos."
from apuntes.figures.training import confusion_matrix

confusion_matrix(counts)

# %% [markdown]
# Los fallos no se reparten por igual.
# Se juntan en parejas de cifras que comparten trazos, como 3 y 5 o 7 y 9, y entre la cifra que mejor se lee y la que peor hay muchos puntos de diferencia.
# Una exactitud global esconde esas diferencias: si tu programa solo leyera ochos, esa cifra no sería la tuya.

# %% fig="fig-peores" alt="Diez cifras manuscritas, cada una con su etiqueta, la respuesta equivocada de la red y la probabilidad que le daba, alta en varias de ellas." pie="Los diez peores errores de validación: aquellos en los que la red daba menos probabilidad a la respuesta correcta. Algunos también los fallarías tú; otros, no."
from apuntes.figures.training import worst_mistakes

worst_mistakes(images[validation_index], validation[1], probs)

# %% [markdown]
# Ver los peores errores es la media hora mejor empleada de un proyecto.
# Enseña tres cosas distintas: imágenes que nadie leería, etiquetas que quizá estén mal y fallos que no tienen disculpa.
# Y enseña también que la probabilidad que da la red no es su fiabilidad: algunas de estas respuestas equivocadas llevaban más de un 80 %.
#
# ### Elegir con la validación { #elegir-con-validacion }
#
# Quedan por decidir la tasa y una pequeña novedad, `weight_decay`: en cada paso, además de bajar por la pérdida, se encoge un poco cada peso, lo que frena el sobreajuste ([@penalizacion]).
# También hacemos que la tasa baje en línea recta hasta cero, para que los últimos pasos afinen en lugar de saltar ([@programacion-de-la-tasa]).
# Se prueban seis combinaciones y decide la pérdida de validación.


# %%
def train_candidate(lr, weight_decay, epochs=10):
    """La red con tasa decreciente y pesos que encogen."""
    rng = np.random.default_rng(0)
    network = Sequential(
        Linear(784, 15, rng=rng, dtype=np.float32),
        Sigmoid(),
        Linear(15, 10, rng=rng, dtype=np.float32),
    )
    steps = epochs * -(-len(train[0]) // 64)
    history = fit(
        network,
        SGD(
            network.parameters(), lr=lr, weight_decay=weight_decay
        ),
        CROSS_ENTROPY,
        train,
        validation,
        epochs=epochs,
        batch_size=64,
        rng=rng,
        schedule=lambda step: lr * (1 - step / steps),
        evaluate_train=False,
        progress=False,
    )
    return network, history


candidates = {
    settings: train_candidate(*settings)
    for settings in itertools.product(
        (0.25, 1.0, 4.0), (0.0, 1e-4)
    )
}
for (lr, weight_decay), (_, history) in candidates.items():
    print(
        f"tasa {lr:4}, weight_decay {weight_decay:<6g}:",
        f"pérdida {history.validation_loss[-1]:.4f},",
        f"exactitud {history.validation_accuracy[-1]:.4f}",
    )

# %% [markdown]
# Ya está elegida.
# Ahora, y solo ahora, se abre el fichero de prueba.


# %%
def final_loss(settings):
    """Pérdida de validación al acabar, con esos ajustes."""
    _, history = candidates[settings]
    return history.validation_loss[-1]


chosen = min(candidates, key=final_loss)
best_network, best_history = candidates[chosen]

if source == "MNIST completo":
    test_images, test_labels = load_mnist("test", download=False)
else:
    test_images, test_labels = mnist_sample("test")
test = flatten_images(test_images), test_labels

_, hits = evaluate(best_network, cross_entropy, test)
error = np.sqrt(hits * (1 - hits) / len(test_labels))
print(f"elegida: tasa {chosen[0]}, weight_decay {chosen[1]:g}")
print(f"validación: {best_history.validation_accuracy[-1]:.4f}")
print(f"prueba:     {hits:.4f} ± {error:.4f}")
print(f"medida en {len(test_labels)} imágenes")

# %% [markdown]
# El $\pm$ es el error típico por haber medido en un número finito de imágenes, $\sqrt{q(1-q)/N}$ con exactitud $q$: dos décimas con 10 000 imágenes y casi un punto con 1000.
# Diferencias menores que eso no significan nada.
# Hay además otra incertidumbre que esa fórmula no ve: la de la [semilla](@g-semilla), que cambia los pesos iniciales y el orden de los lotes.
#
# /// tabla | tab-registro
# La medida de este laboratorio: [=laboratorio-1:prueba.n] semillas en MNIST completo, 50 000 ejemplos para entrenar, 10 000 de validación y 10 000 de prueba.
#
# | ajustes | prueba, media (%) | desviación | peor y mejor (%) | segundos |
# | --- | --- | --- | --- | --- |
# | tasa 0,5 constante, 5 épocas | [=laboratorio-1:sencillo.prueba.media:.2f] | [=laboratorio-1:sencillo.prueba.desviacion:.2f] | [=laboratorio-1:sencillo.prueba.minimo:.2f] y [=laboratorio-1:sencillo.prueba.maximo:.2f] | [=laboratorio-1:sencillo.segundos.total:.1f] |
# | elegidos con validación | [=laboratorio-1:prueba.media:.2f] | [=laboratorio-1:prueba.desviacion:.2f] | [=laboratorio-1:prueba.minimo:.2f] y [=laboratorio-1:prueba.maximo:.2f] | [=laboratorio-1:segundos.total:.1f] |
# ///
#
# Los ajustes elegidos son una tasa de [=laboratorio-1:elegido.lr:g] que baja en línea recta hasta cero en [=laboratorio-1:elegido.epochs] épocas, con `weight_decay` de [=laboratorio-1:elegido.weight_decay:g]; los dio una búsqueda de [=laboratorio-1:busqueda.combinaciones] combinaciones, con [=laboratorio-1:busqueda.semillas] semillas cada una, que solo miró la validación.
# Una época cuesta [=laboratorio-1:segundos.epoca:.2f] s en un hilo de un [=laboratorio-1:acta.procesador].
# Todo lo hace `benchmarks/laboratorio_1.py` y queda escrito en `results/laboratorio-1.json`.
#
# ### Los conceptos vistos { #conceptos-vistos data-temario="S4-32 S4-47" }
#
# /// tabla | tab-conceptos
# Lo que ya debes saber decir en una frase.
#
# | concepto | en una frase | dónde |
# | --- | --- | --- |
# | [capa](@g-capa) | neuronas que reciben las mismas entradas y calculan a la vez | [@red-784-15-10] |
# | [pérdida](@g-perdida) y [coste](@g-coste) | el error en un ejemplo, y su media en todos | [@dos-palabras] |
# | error cuadrático medio, *MSE*{ lang=en } | media de los cuadrados de las diferencias | [@error-cuadratico] |
# | [entropía cruzada](@g-entropia-cruzada) | menos el logaritmo de la probabilidad dada a lo correcto | [@entropia-cruzada] |
# | [descenso de gradiente](@g-descenso-de-gradiente), *GD*{ lang=en } | mover los parámetros contra el gradiente del coste | [@un-paso] |
# | [tasa de aprendizaje](@g-tasa-de-aprendizaje) | cuánto se avanza en cada paso | [@curva-tasa] |
# | [lote](@g-lote) y [época](@g-epoca) | los ejemplos de un paso, y los pasos que usan todos los ejemplos | [@una-epoca-a-mano] |
# | [descenso estocástico](@g-descenso-estocastico), *SGD* | descenso con el gradiente de un lote al azar | [@una-epoca-a-mano] |
# | entrenamiento, validación y prueba | ajustar, elegir y medir, cada cosa con sus datos | [@tres-conjuntos] |
# | [sobreajuste](@g-sobreajuste) y [subajuste](@g-subajuste) | aprender de memoria, o no aprender ni eso | [@curva-sobreajuste], [@curvas-solapadas] |
# ///

# %% [markdown]
# ## Errores frecuentes { #laboratorio-1-errores .sin-numero }
#
# /// error | Pasar el conjunto de prueba como validación
# En el programa del que sale la línea del principio, los datos de validación eran los de prueba.
# Mientras nadie decida nada con ellos no pasa nada; en cuanto se para antes, se cambia la tasa o se elige la mejor época, la exactitud de prueba deja de ser una estimación honrada.
# Lo mismo vale para la frase «los datos de prueba se usan para ajustar los hiperparámetros»: se ajustan con la validación, y la prueba se mira una vez, al final.
# ///
#
# /// error | Creer que la pérdida evita el sobreajuste
# La pérdida de entrenamiento no evita nada: minimizarla sin freno es justo lo que sobreajusta.
# Lo que permite *detectarlo* es comparar esa pérdida con la de validación.
# ///
#
# /// error | Añadir capas porque las curvas se solapan
# El solape indica que no hay brecha.
# Solo si además las dos pérdidas son altas hay subajuste, y las capas no son ni el único remedio ni el primero ([@curvas-solapadas]).
# ///
#
# /// error | Alarmarse porque la validación supera al entrenamiento
# La cifra de entrenamiento de un registro es la media de una época en la que la red iba mejorando; la de validación se toma al final ([@validacion-gana]).
# ///
#
# /// error | Comparar dos redes con una semilla cada una
# Si la diferencia es menor que la desviación entre semillas, o que el error típico de la medida, no has medido nada.
# Repite con varias semillas y da la media con su desviación ([@ej-varias-semillas]).
# ///
#
# /// error | Escalar con los datos de prueba
# Si restas la media y divides por la desviación, calcúlalas solo con los datos de entrenamiento y aplícalas a los tres conjuntos.
# Aquí se divide entre 255, que no depende de ningún dato.
# ///

# %% [markdown]
# ## Ejercicios { #laboratorio-1-ejercicios .sin-numero }
#
# /// ejercicio | ej-contar-pasos
#     titulo: Cuántos pasos, cuántos datos
# Un registro dice `750/750` con lotes de 64.
# ¿Entre qué dos números está el tamaño del conjunto de entrenamiento?
# ¿Qué reparto de los 60 000 ejemplos de MNIST es compatible con él?
# ///
#
# /// solucion | ej-contar-pasos
# Si $\lceil n/64\rceil=750$, entonces $749\cdot64<n\le750\cdot64$: de 47 937 a 48 000.
# Es lo que sale de apartar el 20 % de 60 000 para validación.
#
# ```pycon
# >>> import math
# >>> sizes = [n for n in range(60_001) if math.ceil(n / 64) == 750]
# >>> sizes[0], sizes[-1], round(60_000 * 0.8)
# (47937, 48000, 48000)
# ```
# ///
#
# /// ejercicio | ej-media-de-la-epoca
#     titulo: La media que llega tarde
# Una época tiene cuatro lotes iguales y la exactitud en ellos, según se entrenaba, fue 0,1, 0,4, 0,6 y 0,7.
# ¿Qué exactitud imprime el registro?
# Si el último lote tuviera la mitad de ejemplos, ¿cuál imprimiría?
# Al acabar, la validación da 0,72: ¿qué concluyes?
# ///
#
# /// solucion | ej-media-de-la-epoca
# La media es $0{,}45$; si el último lote pesa la mitad, $(0{,}1+0{,}4+0{,}6+0{,}7/2)/3{,}5\approx0{,}414$.
# Que la validación sea mayor no dice nada: el $0{,}45$ es de una red que ya no existe.
# Comparable con $0{,}72$ sería la exactitud en los datos de entrenamiento al acabar.
#
# ```pycon
# >>> import numpy as np
# >>> hits = np.array([0.1, 0.4, 0.6, 0.7])
# >>> round(float(np.average(hits)), 3)
# 0.45
# >>> round(float(np.average(hits, weights=[1, 1, 1, 0.5])), 3)
# 0.414
# ```
# ///
#
# /// ejercicio | ej-el-mejor-de-dos
#     titulo: El mejor de dos, a mano
# Dos modelos contestan a cara o cruz un solo ejemplo de dos clases, y eliges el que acierta.
# ¿Qué exactitud esperas del elegido en ese ejemplo, y en uno nuevo?
# Calcula después, simulando, cuánto exagera el mejor de 2, 20 y 200 modelos medidos en 1000 ejemplos.
# ///
#
# /// solucion | ej-el-mejor-de-dos
# El elegido acierta salvo que fallen los dos: $1-\tfrac14=\tfrac34$.
# En un ejemplo nuevo, $\tfrac12$: un cuarto de exageración.
# Con 1000 ejemplos la exageración es menor y crece despacio con el número de modelos, porque crece como la raíz del logaritmo.
#
# ```pycon
# >>> import numpy as np
# >>> rng = np.random.default_rng(0)
# >>> for k in (2, 20, 200):
# ...     scores = rng.binomial(1000, 0.5, size=(2000, k)) / 1000
# ...     print(k, round(scores.max(axis=1).mean() - 0.5, 3))
# 2 0.009
# 20 0.029
# 200 0.044
# ```
# ///
#
# /// ejercicio | ej-diagnostica
#     titulo: Diagnostica
# Cuatro redes de diez clases, entrenadas con entropía cruzada.
# Se da la pérdida de entrenamiento y la de validación en las épocas 1, 5, 20 y 50.
# Di qué le pasa a cada una y qué probarías primero.
#
# | red | entrenamiento | validación |
# | --- | --- | --- |
# | A | 2,29 · 2,24 · 2,08 · 1,75 | 2,29 · 2,24 · 2,08 · 1,76 |
# | B | 0,61 · 0,20 · 0,02 · 0,00 | 0,70 · 0,45 · 0,58 · 0,79 |
# | C | 2,30 · 2,30 · 2,30 · 2,30 | 2,30 · 2,30 · 2,30 · 2,30 |
# | D | 1,40 · 1,31 · 1,30 · 1,30 | 1,41 · 1,33 · 1,32 · 1,32 |
# ///
#
# /// solucion | ej-diagnostica
# **A**: baja sin codo y sin separación: tasa baja; multiplícala por diez.
# **B**: la validación se da la vuelta: sobreajuste; para hacia la época 5, busca más datos o regulariza.
# **C**: plana en $\ln10$: la red contesta lo mismo a todo. Mira primero la inicialización (¿pesos iguales?), y después que el gradiente llegue y que las etiquetas correspondan a las imágenes.
# **D**: juntas, altas y ya quietas: subajuste; más neuronas. Si al aumentar la red tampoco baja, sospecha de que los datos no dan más de sí, como en la [@fig-suelo].
# ///
#
# /// ejercicio | ej-perdida-sube
#     titulo: La pérdida sube y la exactitud no baja
# Cinco ejemplos de validación.
# En la época 10 la red da a la respuesta correcta las probabilidades 0,9, 0,8, 0,7, 0,6 y 0,3; en la 60, 0,99, 0,98, 0,97, 0,9 y 0,001.
# Con dos clases, ¿cuántos acierta en cada época? ¿Cuánto vale la entropía cruzada media?
# ///
#
# /// solucion | ej-perdida-sube
# Con dos clases se acierta si la probabilidad de lo correcto pasa de 0,5: cuatro de cinco, las dos veces.
# La pérdida pasa de $0{,}48$ a $1{,}41$: lo ganado en los cuatro aciertos es poco y lo perdido en el fallo, mucho.
#
# ```pycon
# >>> import numpy as np
# >>> early = np.array([0.9, 0.8, 0.7, 0.6, 0.3])
# >>> late = np.array([0.99, 0.98, 0.97, 0.9, 0.001])
# >>> [float((p > 0.5).mean()) for p in (early, late)]
# [0.8, 0.8]
# >>> [round(float(-np.log(p).mean()), 2) for p in (early, late)]
# [0.48, 1.41]
# ```
# ///
#
# /// ejercicio | ej-varias-semillas
#     titulo: Una cifra con su incertidumbre
# Entrena la red 784-15-10 con la muestra, tasa 0,5 y quince épocas, con cinco semillas distintas.
# Da la media y la desviación típica de la exactitud de prueba, y compárala con el error típico de medir en 1000 imágenes.
# ¿Puedes afirmar que esta red es mejor que otra que acertara medio punto menos?
# ///
#
# /// solucion | ej-varias-semillas
# Las dos incertidumbres son parecidas y de casi un punto: con estos datos, medio punto de diferencia no se puede afirmar.
# Para distinguirlo hace falta el conjunto de prueba completo, cuyo error típico es tres veces menor, y varias semillas.
#
# ```pycon
# >>> import numpy as np
# >>> from apuntes.data import flatten_images, mnist_sample
# >>> from apuntes.layers import Linear, Sequential, Sigmoid
# >>> from apuntes.losses import cross_entropy, cross_entropy_grad
# >>> from apuntes.metrics import evaluate
# >>> from apuntes.optimizers import SGD
# >>> from apuntes.training import fit
# >>> images, labels = mnist_sample("train")
# >>> test_images, test_labels = mnist_sample("test")
# >>> train = flatten_images(images), labels
# >>> test = flatten_images(test_images), test_labels
# >>> def test_accuracy(seed):
# ...     rng = np.random.default_rng(seed)
# ...     first = Linear(784, 15, rng=rng, dtype=np.float32)
# ...     last = Linear(15, 10, rng=rng, dtype=np.float32)
# ...     network = Sequential(first, Sigmoid(), last)
# ...     optimizer = SGD(network.parameters(), lr=0.5)
# ...     loss = cross_entropy, cross_entropy_grad
# ...     _ = fit(network, optimizer, loss, train, epochs=15,
# ...             batch_size=64, rng=rng, progress=False)
# ...     return evaluate(network, cross_entropy, test)[1]
# >>> hits = np.array([test_accuracy(seed) for seed in range(5)])
# >>> bool(0.91 < hits.mean() < 0.94)
# True
# >>> bool(0.004 < hits.std(ddof=1) < 0.014)
# True
# >>> sampling_error = np.sqrt(hits.mean() * (1 - hits.mean()) / 1000)
# >>> round(float(sampling_error), 3)
# 0.008
# ```
# ///
#
# /// ejercicio | ej-parar-a-tiempo
#     titulo: Parar a tiempo
# Escribe una función que reciba las pérdidas de validación, época a época, y una paciencia $r$, y diga en qué época se habría parado si se para cuando $r$ épocas seguidas no mejoran el mínimo, y con qué pesos habría que quedarse.
# Pruébala con `[0.9, 0.6, 0.5, 0.55, 0.52, 0.45, 0.5]` y paciencias 1, 2 y 3.
# ///
#
# /// solucion | ej-parar-a-tiempo
# Hay que quedarse con los pesos de la mejor época, no con los de la parada, así que hay que guardarlos por el camino.
# Con paciencia 2 se para en la época 5 y se pierde el mínimo de la 6: la paciencia es otro [hiperparámetro](@g-hiperparametro).
#
# ```pycon
# >>> def stop(losses, patience):
# ...     best, best_epoch = float("inf"), 0
# ...     for epoch, loss in enumerate(losses, start=1):
# ...         if loss < best:
# ...             best, best_epoch = loss, epoch
# ...         elif epoch - best_epoch == patience:
# ...             return epoch, best_epoch
# ...     return len(losses), best_epoch
# >>> losses = [0.9, 0.6, 0.5, 0.55, 0.52, 0.45, 0.5]
# >>> [stop(losses, patience) for patience in (1, 2, 3)]
# [(4, 3), (5, 3), (7, 6)]
# ```
# ///
#
# /// ejercicio | ej-rompe-la-red
#     titulo: Rompe la red
# Descarga este laboratorio como cuaderno y provoca, cambiando una sola cosa cada vez, cada una de las filas de la [@tab-diagnosticos].
# Después, sin mirar el texto, pide a otra persona que te enseñe tres de tus curvas y diagnostícalas.
# ///
#
# /// solucion | ej-rompe-la-red
# No hay una respuesta única, pero sí una trampa que conviene haber pisado: etiquetas barajadas.
# La red aprende de memoria si es grande o se queda en $\ln10$ si es pequeña, y ninguna curva distingue esa avería de una mala inicialización; la distingue mirar diez ejemplos con su etiqueta.
# Aquí, con la red de 15 neuronas y las etiquetas al azar, la validación no mejora el azar:
#
# ```pycon
# >>> import numpy as np
# >>> from apuntes.data import flatten_images, mnist_sample
# >>> from apuntes.layers import Linear, Sequential, Sigmoid
# >>> from apuntes.losses import cross_entropy, cross_entropy_grad
# >>> from apuntes.optimizers import SGD
# >>> from apuntes.training import fit
# >>> images, labels = mnist_sample("train")
# >>> x, rng = flatten_images(images), np.random.default_rng(0)
# >>> shuffled = rng.permutation(labels)
# >>> first = Linear(784, 15, rng=rng, dtype=np.float32)
# >>> last = Linear(15, 10, rng=rng, dtype=np.float32)
# >>> network = Sequential(first, Sigmoid(), last)
# >>> optimizer = SGD(network.parameters(), lr=0.5)
# >>> loss = cross_entropy, cross_entropy_grad
# >>> known = x[:4000], shuffled[:4000]
# >>> unknown = x[4000:], shuffled[4000:]
# >>> history = fit(network, optimizer, loss, known, unknown, epochs=10,
# ...               batch_size=64, rng=rng, progress=False)
# >>> min(history.validation_loss) > 2.29
# True
# ```
# ///

# %% [markdown]
# ## Resumen { #laboratorio-1-resumen .sin-numero }
#
# 1. Entrenamiento para los pesos, validación para elegir, prueba una sola vez para medir: elegir también gasta los datos.
# 2. Un registro se lee por columnas: los pasos dicen cuántos datos hay, y la media durante la época llega tarde respecto de la validación.
# 3. Línea recta, tasa baja; saltos, tasa alta; meseta a la altura de contestar siempre lo mismo, mala inicialización; validación que se da la vuelta, sobreajuste.
# 4. Curvas juntas solo dicen que no hay brecha: altas, subajuste; bajas, trabajo acabado. Las capas no son el remedio de oficio.
# 5. Una exactitud se da con cuántas semillas, qué desviación y en cuántos ejemplos; y antes de creerla se miran los errores.
#
# ## Fuentes { #laboratorio-1-fuentes .sin-numero }
#
# De las lecciones: la división de los datos, las formas de las curvas, las listas de conceptos y el propio laboratorio son S4-32 y S4-40 a S4-48, corregidos según la fe de erratas: la validación no es la prueba (E4-09, E4-10), la pérdida detecta el sobreajuste y no lo favorece (E4-12), el solape no pide capas (E4-13) y la validación puede superar al entrenamiento (E4-25).
#
# Para seguir: el capítulo 8 de [@prince2023], el 3 de [@nielsen2015] y el 11 de [@goodfellow2016], que tratan el diagnóstico con más casos.
# MNIST se describe en [@lecun1998]; lo que pasa al gastar un conjunto de prueba lo miden [@recht2019] y [@yadav2019]; la varianza de los pesos iniciales es de [@glorot2010].
