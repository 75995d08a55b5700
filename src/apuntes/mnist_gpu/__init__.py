"""MNIST con PyTorch, deprisa, en CUDA, en MPS o en la CPU.

Capítulo: 14-mnist-con-todo

Es la única parte del curso que importa PyTorch, y nada de este módulo lo hace: así la
orden `apuntes-mnist` puede decir con claridad que falta. Cada módulo es una pieza:

- qué se entrena: `settings`, `nets`, `data`, `augment`, `optim` y `averages`;
- cómo: `plan` sortea una época, `steps` da un paso, `capture` lo hace grafo, `trainer`
  lleva las épocas, `runtime` elige dispositivo y atajos, y `parallel` reparte el lote;
- lo que queda en disco y en pantalla: `session`, `checkpoint`, `report` y `curves`;
- las órdenes: `cli`, que llama a `start` (`train`), `evaluate`, `predict` y `bench`.
"""
