# Needs only make and Python 3.11 or newer; everything else is installed into .venv by `make install`.
PYTHON ?= python3
WORKERS ?= 2
BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help install run demo test trials check format bench lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

install: $(INSTALLED)  ## make .venv with everything the other targets need

# The marker is newer than the lock and the project file, so a second run has nothing to do.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.12 install")'
	@echo "installing into .venv, about a minute the first time"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(INSTALLED)

run: $(INSTALLED)  ## start the service over an example municipality, and tell how to sign in
	@$(BIN)/queue-service serve

demo: $(INSTALLED)  ## show a queue being ordered and a place in it explained
	@$(BIN)/python -m queue_engine.demo

test: $(INSTALLED)  ## run every test, with coverage
	$(BIN)/python -m pytest -n $(WORKERS) --cov

trials: $(INSTALLED)  ## attack the public files, break the engine, vary machines and histories: in full, up to an hour
	$(BIN)/python -m tests.trials --workers $(WORKERS)

check: $(INSTALLED)  ## lint, formatting, types, direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(INSTALLED)  ## format the code and mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(INSTALLED)  ## time the engine beside its peers
	$(BIN)/python -m benchmarks

lock: $(INSTALLED)  ## write requirements.lock anew from pyproject.toml, with the newest versions
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--upgrade --quiet --output-file requirements.lock

clean:  ## remove what install and the tools made
	rm -rf .venv .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
