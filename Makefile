# Jiugong: everything a reader of the README does. Needs make and Python >= 3.11; `make` alone says what there is.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
HOME_OF_DEMO ?= $(or $(JIUGONG_HOME),./var/demo)
BIN := .venv/bin

.PHONY: help setup dev demo run test check bench soak fix spark vendor messages

help:            ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: .venv/.setup   ## make .venv with the product in it (.venv/bin/jiugong); quick when nothing changed

dev: .venv/.dev       ## the same, with what tests and checks need

demo: setup           ## load the park of story D and serve it; prints the address
	JIUGONG_DEMO=1 JIUGONG_HOME="$(HOME_OF_DEMO)" $(BIN)/jiugong demo

run: setup            ## make the database and keys in JIUGONG_HOME (default ./var) and serve them
	$(BIN)/jiugong setup
	$(BIN)/jiugong serve

test: dev .venv/.spark ## every test, on SQLite and on PostgreSQL, the browser included
	@tools/system-packages.sh test
	@tools/run-tests.sh

check: dev            ## style, types, floors, templates, policy packs, migrations, house rules
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint jiugong --lint --quiet --allow-empty-input
	$(BIN)/jiugong policy check
	$(BIN)/jiugong manage makemigrations --check --dry-run
	$(BIN)/python -m pytest -q tests/test_house.py tests/test_reference.py tests/test_translations.py

bench: dev .venv/.spark ## the measurements of docs/, beside their peers
	$(BIN)/python -m bench

soak: dev .venv/.spark ## the long forms of the measurements and trials
	$(BIN)/python -m bench --soak
	OFFLINE_SCANS=5000 $(BIN)/python -m pytest -q tests/browser/test_offline.py -k four_hours
	ANY_REQUESTS=100 $(BIN)/python -m pytest -q tests/test_any_request.py
	SPARK_ROWS=200000 $(BIN)/python -m pytest -q tests/test_spark.py
	ANY_REQUESTS=100 JIUGONG_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q tests/test_any_request.py

fix: dev              ## put right what a machine can: style, templates, the generated reference, translations
	$(BIN)/ruff check --fix .
	$(BIN)/python -m tools.messages
	$(BIN)/python -m tools.reference

spark: .venv/.spark   ## the second engine of the history, for regions (needs Java 17)

vendor: dev           ## fetch again what jiugong/static/vendor holds (needs npm)
	$(BIN)/python tools/vendor.py

messages: dev         ## collect the sentences to translate into jiugong/locale
	$(BIN)/python -m tools.messages

# --- stamps -----------------------------------------------------------------------------------------------------------

.venv/.setup: requirements.lock pyproject.toml
	@tools/make-venv.sh "$(PYTHON)"
	@echo "Installing what the product needs (requirements.lock) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.setup
	@echo "Installing what tests and checks need (requirements-dev.lock) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.spark: requirements-spark.lock .venv/.setup
	@echo "Installing the second engine of the history, for tests and measurements (requirements-spark.lock; 450 MB) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation -r requirements-spark.lock
	@touch $@
