"""Extensiones de Python-Markdown y generadores que componen el sitio."""
