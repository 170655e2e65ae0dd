# Everything a checkout needs: make, Python 3.11 or newer, and (without a `pulumi` on PATH) Go.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Programs under test are processes by the thousand: without bytecode each compiles the package anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/palette-backup
EXTRAS := aws minio gcp azure sandbox dev
OFFICIAL := pulumi-aws pulumi-gcp pulumi-azure-native
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade \
	--generate-hashes --strip-extras --no-config --no-emit-index-url --no-emit-trusted-host \
	--no-emit-find-links
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

.PHONY: help demo test stress bench official lint lock clean

help:
	@echo "make demo      one pulumi up on this machine alone: from nothing to a backup location"
	@echo "make test      lint, types, import contracts, and all tests but the long ones"
	@echo "make stress    the tests that take long"
	@echo "make bench     times and counts calls, for 100 backup locations"
	@echo "make official  the examples with Pulumi's own cloud packages, which are 1 GB"
	@echo "make lint      lint, types and import contracts only"
	@echo "make lock      pins every dependency anew, in the two locks"
	@echo "make clean     removes what the other commands put into this folder"

demo: $(READY)
	@$(BIN)/python -m palette_backup_provider.sandbox.demo

test: lint
	@echo "==> Getting a Pulumi engine"
	@engine=$$($(BIN)/python -m palette_backup_provider.sandbox.engine); echo "$$engine"
	@echo "==> Getting a MinIO server"
	@$(BIN)/python -m palette_backup_provider.sandbox.minio_build
	@.ci/newest-python "$(CACHE)"
	@echo "==> All tests but the long ones"
	@$(BIN)/python -m pytest -n 3 --dist worksteal

stress: $(READY)
	@echo "==> The tests that take long"
	@$(BIN)/python -m pytest -m stress

bench: $(READY)
	@$(BIN)/python -m tests.bench

official: $(READY)
	@.ci/official "$(CACHE)"

lint: $(READY)
	@echo "==> ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "==> mypy"
	@$(BIN)/mypy
	@echo "==> import contracts"
	@$(BIN)/lint-imports

lock: $(READY)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "The lock is made for the oldest Python: make $(VENV) with Python 3.11." >&2; exit 1; }
	@echo "==> Pinning every dependency (a minute)"
	@$(COMPILE) --allow-unsafe $(addprefix --extra=,$(EXTRAS)) \
		--output-file requirements.lock pyproject.toml
	@echo "==> Pinning what Pulumi's own packages need besides (so it may warn of what is not there)"
	@$(COMPILE) $(addprefix --extra=,$(OFFICIAL)) --constraint requirements.lock \
		$$(sed -n 's/^\([a-z0-9._-]*\)==.*/--unsafe-package=\1/p' requirements.lock) \
		--output-file tests/official/requirements.lock pyproject.toml

clean:
	@echo "==> Removing $(VENV) and the tools' caches"
	@rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Python of the environment: the first on this machine that is new enough. An environment that is
# broken, or of a Python that is too old, is made anew.
$(READY): requirements.lock pyproject.toml
	@if ! $(BIN)/python -c '$(NEW_ENOUGH)' 2>/dev/null || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		python=$$(for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
			if $$each -c '$(NEW_ENOUGH)' 2>/dev/null; then echo $$each; break; fi; done); \
		if [ -z "$$python" ]; then echo "No Python 3.11 or newer on PATH. Install one and try again." >&2; exit 1; fi; \
		echo "==> Making $(VENV) with $$($$python --version)"; \
		rm -rf $(VENV); $$python -m venv $(VENV); \
	fi
	@echo "==> Installing what requirements.lock pins into $(VENV) (a minute or two)"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
