"""Las figuras del curso: una función por figura, un módulo por tema.

`losses.huber_family` nombra la función `huber_family` de
`apuntes/figures/losses.py`. `python -m apuntes.figures` las dibuja.
"""
