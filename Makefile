# Besuk. `make help` lists what there is. Needs Python 3.11 or newer and make; the rest is fetched by set-up.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
DEMO_DIR ?= build/demo
LAN ?=
BIN := .venv/bin
NPM = $(PYTHON) -m tools.toolchains
# Tests that drive real windows or real media measure time: they run alone, one after another.
REAL := browser or media
WORKERS ?= 2

.PHONY: help setup demo test lint types unit units-postgres real bench soak lock docs clean
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name words; do \
		printf '  make %-15s %s\n' "$$name" "$$words"; done

setup: ## Prepare everything: packages, browser files, media server, what tests need
	@$(PYTHON) -m tools.setup test

demo: ## Run a whole site with made-up people (PORT=8000, DEMO_DIR=build/demo, LAN=1 for a phone)
	@$(PYTHON) -m tools.setup demo
	@exec $(BIN)/besuk demo --port $(PORT) --dir $(DEMO_DIR) $(if $(LAN),--lan)

test: setup lint types unit units-postgres real ## Check and test everything (about half an hour on two cores)

lint: ## Style, layers and templates
	@$(PYTHON) -m tools.setup check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint src/besuk --lint --quiet

types: ## Types of Python and of TypeScript
	@$(PYTHON) -m tools.setup check
	$(BIN)/mypy
	@$(NPM) run --silent types

unit: ## Tests without browser and media, on SQLite, and the browser code's own
	@$(PYTHON) -m tools.setup check
	@$(NPM) run --silent test
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile -m "not ($(REAL))"

units-postgres: ## The same Python tests on a throwaway PostgreSQL
	@$(PYTHON) -m tools.setup check
	$(BIN)/python -m tools.postgres -- $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile \
		-m "not ($(REAL))" --ignore tests/architecture

real: ## Tests with real Chromium windows and the real media server
	@$(PYTHON) -m tools.setup test
	$(BIN)/python -m pytest -q -m "$(REAL)"

bench: ## Measure what docs/measures.md names (writes build/bench.json; ONLY=name,name for some)
	@$(PYTHON) -m tools.setup bench
	$(BIN)/python -m bench

soak: ## Twenty live calls for twenty minutes: nothing missed, memory flat (MINUTES=20 CALLS=20 WALLS=1)
	@$(PYTHON) -m tools.setup bench
	$(BIN)/python -m bench.soak

lock: ## Pin the newest allowed versions of all Python packages, by hash, without addresses
	@$(PYTHON) -m tools.setup check
	$(BIN)/python -m tools.lock

docs: ## Write the generated pages (docs/lifecycles.md)
	@$(PYTHON) -m tools.setup check
	$(BIN)/python -m tools.lifecycles

clean: ## Remove build output (not .venv, not node_modules, not the media server)
	rm -rf build dist src/besuk/web/static/besuk src/besuk/locale/*/LC_MESSAGES .pytest_cache .mypy_cache .ruff_cache
