"""MNIST con PyTorch, deprisa, en CUDA, en MPS o en la CPU.

Capítulo: 14-mnist-con-todo

Es la única parte del curso que importa PyTorch, y nada de este módulo lo hace: así la
orden `apuntes-mnist` puede decir con claridad que falta. Cada módulo es una pieza:
`settings` (qué se entrena), `data` y `augment` (los datos, que viven en el
dispositivo), `nets`, `optim` y `averages`, `steps` (una época), `train` (todas),
`checkpoint` y `report` (lo que queda en disco), `evaluate`, `predict` y `bench`.
"""
