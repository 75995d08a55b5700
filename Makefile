# Solo hacen falta Python >= 3.11 (con venv), git y make. `make help` lista las órdenes.
PYTHON ?= python3
PUERTO ?= 8000
TORCH ?= torch==2.13.0
# Con quién se compara `make bench`; ni el curso ni sus pruebas lo necesitan.
RIVALES ?= micrograd==0.1.0 scikit-learn==1.9.1
# Rueda de CPU, del índice oficial de PyTorch; si PIP_FIND_LINKS está puesto, manda la configuración de pip.
TORCH_INDEX ?= $(if $(PIP_FIND_LINKS),,https://download.pytorch.org/whl/cpu)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Material anuncia el final de MkDocs 1 en cada construcción; ya lo sabemos (CONTRIBUTING.md).
export NO_MKDOCS_2_WARNING := 1
# Los cuadernos no deben avisar de que el depurador no ve módulos congelados.
export PYDEVD_DISABLE_FILE_VALIDATION := 1
# Con matrices tan pequeñas, repartirlas entre hilos cuesta más que multiplicarlas.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.PHONY: help serve build paquete pdf test audit bench senas bloqueo clean

help: ## muestra esta lista
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' Makefile

.venv/.sitio: pyproject.toml requisitos/sitio.txt
	$(PYTHON) -m venv .venv
	$(PIP) -r requisitos/sitio.txt
	$(PIP) --no-deps -e .
	@touch $@

.venv/.pruebas: .venv/.sitio requisitos/pruebas.txt
	$(PIP) -r requisitos/pruebas.txt
	$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	@touch $@

serve: .venv/.sitio ## construye el sitio en modo estricto y lo sirve mientras escribes
	$(BIN)/mkdocs serve --strict --livereload --dev-addr 127.0.0.1:$(PUERTO)

build: .venv/.sitio ## deja el sitio terminado en site/
	$(BIN)/mkdocs build --strict

paquete: build ## deja en dist/ un zip que se lee desde el disco, sin servidor ni red
	$(BIN)/python -m sitio.paquete site dist

pdf: build ## deja en dist/ el curso entero en un PDF (necesita Chromium o Chrome)
	$(BIN)/python -m sitio.pdf site dist

test: .venv/.pruebas ## instala lo que piden las pruebas y las pasa todas
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m sitio.figuras
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

auditoria/node_modules/.listo: auditoria/package-lock.json
	@command -v npm >/dev/null || { echo "make audit necesita Node 20 o posterior, con npm: https://nodejs.org" >&2; exit 1; }
	npm ci --prefix auditoria --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

audit: .venv/.pruebas auditoria/node_modules/.listo ## mide lo largo: cada página con axe, Lighthouse, pesos y construcción
	$(BIN)/python -m pytest auditoria

.venv/.bancos: .venv/.pruebas
	$(PIP) $(RIVALES)
	@touch $@

bench: .venv/.bancos ## mide velocidad y memoria con MNIST entero, y lo apunta en results/ (un cuarto de hora)
	for b in epoca_mlp paso_optimizador grafo_escalar crecimiento; do $(BIN)/python benchmarks/$$b.py || exit 1; done

senas: build ## apunta en el candado las señas nuevas, que desde entonces no se pierden
	$(BIN)/python -m sitio.senas site

bloqueo: ## renueva requisitos/*.txt (necesita uv)
	for g in sitio pruebas; do uv pip compile --quiet --universal --upgrade --python-version 3.11 \
	  --group $$g pyproject.toml --no-emit-index-url --no-annotate --custom-compile-command "make bloqueo" -o requisitos/$$g.txt; done

clean: ## borra el entorno, el sitio y las cachés
	rm -rf .venv site dist .cache docs/figuras auditoria/node_modules
