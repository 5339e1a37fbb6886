# Two commands on a fresh machine do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt

# Overridden on the command line, for instance: make bench FIND_DATA=/data/find.jsonl D3_DATA=/data JOBS=8
FIND_DATA ?=
D3_DATA ?=
JOBS ?= 2
PYTEST_ARGS ?=

.PHONY: demo test check slow bench format clean help
.DEFAULT_GOAL := help

help:  ## Show what can be run
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "error: expected Python 3.11 or newer as '$(PYTHON)', got $$($(PYTHON) --version 2>&1);" \
	         "pass one with: make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "error: $(PYTHON) cannot make a virtual environment;" \
	         "install its venv module (Debian and Ubuntu: apt install python3-venv)" >&2; exit 2; }

# The stamps make a second run quick: pip runs again only when what is installed has changed.
$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing zetetic into $(VENV) (torch and friends: some minutes the first time)"
	@$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing zetetic and what its tests need into $(VENV) (some minutes the first time)"
	@$(PIP_INSTALL) -e '.[dev,wasm,mcp,openai]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed  ## Explain a shipped example and say where the report is
	@mkdir -p reports
	@$(BIN)/zetetic explain python:examples/thermostat.py:reading --domain=-30:40 --seed 0 --report reports/thermostat.html

test: $(VENV)/.installed-dev  ## Run the tests (those marked slow apart: make slow)
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

slow: $(VENV)/.installed-dev  ## Run the tests that take minutes
	@$(BIN)/python -m pytest -m slow $(PYTEST_ARGS)

check: $(VENV)/.installed-dev  ## Lint, format, types, public face and import direction
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_house.py

format: $(VENV)/.installed-dev  ## Format the code and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.installed  ## Run every benchmark; FIND_DATA=PATH adds FIND's numeric functions, D3_DATA=PATH the folder with d3/
	@$(BIN)/python -m zetetic.benchmarks.speed
	@$(BIN)/python -m zetetic.benchmarks.sandbox
	@$(BIN)/python -m zetetic.benchmarks.formulas
	@$(BIN)/python -m zetetic.benchmarks.relu
	@$(BIN)/python -m zetetic.benchmarks.generality
	@$(BIN)/python -m zetetic.benchmarks.text_modules
	@$(BIN)/python -m zetetic.benchmarks.patchscope_speed
	@$(BIN)/python -m zetetic.benchmarks.qa_emb_speed
	@if [ -n "$(FIND_DATA)" ]; then \
	  $(BIN)/zetetic bench find --category numeric --data "$(FIND_DATA)" --jobs $(JOBS); \
	else echo "FIND left out: pass its data with make bench FIND_DATA=PATH"; fi
	@if [ -n "$(D3_DATA)" ]; then \
	  $(BIN)/zetetic bench sasc --data "$(D3_DATA)" && \
	  $(BIN)/zetetic bench qa-emb --data "$(D3_DATA)/d3" && \
	  $(BIN)/python -m zetetic.benchmarks.dataset_explanation --data "$(D3_DATA)"; \
	else echo "D3 left out: pass the folder that holds d3/ with make bench D3_DATA=PATH"; fi

clean:  ## Remove what was built here, the environment included
	@rm -rf $(VENV) dist build reports results .mypy_cache .ruff_cache .pytest_cache
