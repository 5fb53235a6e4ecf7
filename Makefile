# Needs Python 3.11 with venv, and make. `make run` starts the application; everything lives in .venv/ and var/.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 8000
export PORT

.PHONY: run test lint bench demo lock soak help
.DEFAULT_GOAL := help

help: ## Say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 20

run: .venv/installed ## Start everything on this machine: http://localhost:8000
	@deploy/entry prepare --demo
	@exec $(BIN)/python deploy/supervise.py

demo: .venv/installed ## Make the demo company anew in an empty database (SIZE=tiny|small|mid|large)
	@deploy/entry prepare
	$(BIN)/python manage.py make_demo --size $(or $(SIZE),small)

test: .venv/installed-dev ## Run the whole suite
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

soak: .venv/installed-dev ## Run the long tests with their full counts
	SOP_SOAK=1 $(BIN)/pytest -m soak $(ARGS)

lint: .venv/installed-dev ## Check style, types, layers, templates, migrations and the deployment settings
	deploy/lint

bench: .venv/installed-dev ## Measure, and print ratios
	$(BIN)/python -m benchmarks

lock: .venv/installed-dev ## Resolve requirements*.in into pinned versions with hashes
	$(BIN)/python -m venv .venv/lock && .venv/lock/bin/pip install --quiet uv
	for name in requirements requirements-dev; do \
	  .venv/lock/bin/uv pip compile --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    --quiet $$name.in --output-file $$name.txt; done

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; say which: make PYTHON=/path/to/python3.11 run"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch .venv/installed $@
