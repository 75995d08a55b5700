"""La misma época, con lo que no es `apuntes`: PyTorch, scikit-learn y un bucle.

Cada función parte de los parámetros `theta`, en el orden de PyTorch, y devuelve los
segundos de la época y los parámetros con que acaba.
"""

import time
import warnings

import numpy as np
import torch
from PIL import Image

SIZES = (784, 15, 10)


def torch_network(theta: np.ndarray) -> torch.nn.Sequential:
    """La red de PyTorch con esos parámetros."""
    inputs, hidden, outputs = SIZES
    layers = torch.nn.Linear(inputs, hidden), torch.nn.Linear(hidden, outputs)
    model = torch.nn.Sequential(layers[0], torch.nn.Sigmoid(), layers[1])
    start = torch.tensor(theta, dtype=torch.float32)
    torch.nn.utils.vector_to_parameters(start, model.parameters())
    return model


def torch_epoch(theta: np.ndarray, batches, *, lr: float):
    """El bucle de siempre: los lotes salen ya como tensores."""
    model = torch_network(theta)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    start = time.perf_counter()
    for x, target in batches:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), target).backward()
        optimizer.step()
    seconds = time.perf_counter() - start
    end = torch.nn.utils.parameters_to_vector(model.parameters())
    return seconds, end.detach().numpy()


def resident(data, batches):
    """Todo en dos tensores; cada lote se saca con sus índices."""
    x, target = map(torch.from_numpy, data)
    indices = [torch.from_numpy(batch) for batch in batches]
    return ((x[index], target[index]) for index in indices)


def tensor_loader(data, batches):
    """`DataLoader` sobre un `TensorDataset`."""
    dataset = torch.utils.data.TensorDataset(*map(torch.from_numpy, data))
    return _loader(dataset, batches)


class Images(torch.utils.data.Dataset):
    """Imágenes que se convierten una a una, como hacen los ejemplos de PyTorch."""

    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        self.images, self.labels = images, labels.tolist()

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int):
        picture = np.asarray(Image.fromarray(self.images[index]))
        tensor = torch.from_numpy(picture.copy()).view(1, 28, 28)
        return tensor.to(torch.float32).div(255).flatten(), self.labels[index]


def image_loader(images: np.ndarray, labels: np.ndarray, batches):
    """`DataLoader` sobre las imágenes."""
    return _loader(Images(images, labels), batches)


def _loader(dataset, batches):
    lists = [batch.tolist() for batch in batches]
    return torch.utils.data.DataLoader(dataset, batch_sampler=lists)


def sklearn_epoch(theta: np.ndarray, data, *, batch_size: int, lr: float, seed: int):
    """Una época de `MLPClassifier`, que baraja por su cuenta y mide la pérdida."""
    from sklearn.neural_network import MLPClassifier

    x, target = data
    model = MLPClassifier(
        hidden_layer_sizes=SIZES[1:-1],
        activation="logistic",
        solver="sgd",
        alpha=0.0,
        batch_size=batch_size,
        learning_rate_init=lr,
        momentum=0.0,
        nesterovs_momentum=False,
        max_iter=1,
        warm_start=True,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # avisa de que una época es poco
        model.fit(x[:1000], target[:1000])  # reserva los arreglos
        for mine, hers in zip(parameters(theta), sklearn_arrays(model), strict=True):
            hers[...] = mine.T
        start = time.perf_counter()
        model.fit(x, target)
        seconds = time.perf_counter() - start
    end = [array.T.ravel() for array in sklearn_arrays(model)]
    return seconds, np.concatenate(end)


def sklearn_arrays(model) -> list[np.ndarray]:
    """Pesos y sesgos, capa a capa; los pesos, traspuestos."""
    pairs = zip(model.coefs_, model.intercepts_, strict=True)
    return [array for pair in pairs for array in pair]


def parameters(theta: np.ndarray) -> list[np.ndarray]:
    """Vistas de `theta`: W1 `(15, 784)`, b1, W2 `(10, 15)` y b2."""
    inputs, hidden, outputs = SIZES
    shapes = (hidden, inputs), (hidden,), (outputs, hidden), (outputs,)
    stops = np.cumsum([np.prod(shape) for shape in shapes])
    parts = np.split(theta, stops[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


def columns(data) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cada ejemplo como dos columnas en float64: la imagen y su vector deseado."""
    x, target = data
    wanted = np.eye(SIZES[-1])
    return [
        (row[:, None], wanted[:, [label]])
        for row, label in zip(x.astype(np.float64), target, strict=True)
    ]


def loop_epoch(theta: np.ndarray, examples, batches, *, lr: float):
    """Retropropagación ejemplo a ejemplo, como se escribe la primera vez."""
    theta = theta.astype(np.float64)
    w1, b1, w2, b2 = parameters(theta)
    b1, b2 = b1[:, None], b2[:, None]
    start = time.perf_counter()
    for batch in batches:
        total = [np.zeros_like(p) for p in (w1, b1, w2, b2)]
        for i in batch:
            x, y = examples[i]
            a = 1 / (1 + np.exp(-(w1 @ x + b1)))
            powers = np.exp(w2 @ a + b2)
            delta2 = powers / powers.sum() - y
            delta1 = (w2.T @ delta2) * a * (1 - a)
            own = delta1 @ x.T, delta1, delta2 @ a.T, delta2
            total = [t + g for t, g in zip(total, own, strict=True)]
        for p, gradient in zip((w1, b1, w2, b2), total, strict=True):
            p -= lr / len(batch) * gradient
    return time.perf_counter() - start, theta
