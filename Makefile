# `make` alone lists what there is. Everything runs in the project's own virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EVERYTHING := -n 2 --dist worksteal --share-databases
export FLASK_APP := webapp.wsgi

.DEFAULT_GOAL := help
.PHONY: help demo run worker test check coverage lint mutants bench format lock messages

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The locks are whole, so pip resolves nothing (--no-deps): an older pip looks for the newest release of what is
# asked for with an extra (`coverage[toml]`), finds no hash for it and gives up on the day one comes out.
$(VENV)/.installed-run: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.installed-run

demo: $(VENV)/.installed-run ## a lifelike programme on this machine: server, worker, sign-in details
	$(BIN)/mosaic-admin demo

run: $(VENV)/.installed-run ## the web server alone (DATABASE_URL, QUEUE_URL, PORT)
	$(BIN)/mosaic-admin serve

worker: $(VENV)/.installed-run ## the background worker alone
	$(BIN)/mosaic-admin worker

test: lint ## everything: static checks, then all tests on SQLite and PostgreSQL
	$(BIN)/python -m pytest $(EVERYTHING)

# Apart from the tests themselves, for it takes a third to a half as long again. No bound hangs on the figure: it is read.
coverage: $(VENV)/.installed-dev ## all tests, and which lines and branches none of them reaches
	$(BIN)/python -m pytest $(EVERYTHING) --cov --cov-report=term:skip-covered

check: lint ## static checks and unit tests, under 90 seconds
	$(BIN)/python -m pytest -q -n 2 tests/unit

lint: $(VENV)/.installed-dev ## static checks alone
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint webapp/templates
	$(BIN)/codespell

mutants: $(VENV)/.installed-dev ## change the engine's core line by line: does a test notice? half an hour
	$(BIN)/mutmut run --max-children 2
	$(BIN)/mutmut results

bench: $(VENV)/.installed-dev ## measure the engine and the pages; JSON on standard output
	$(BIN)/python -m bench

format: $(VENV)/.installed-dev ## put the code in shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.installed-dev ## resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group build --group dev -o requirements-dev.lock

messages: $(VENV)/.installed-run ## collect the texts for translators
	mkdir -p webapp/translations
	$(BIN)/pybabel -q extract -F pyproject.toml --ignore-dirs='.*' -k _l -o webapp/translations/messages.pot .
