# Everything a checkout needs: make, and Python 3.11 or newer. Without a `pulumi` on PATH one is built
# with Go; without Go, Pulumi's official installer gets one. The tests also need Go or a `minio`.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Programs under test are processes by the thousand: without bytecode each compiles the package anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
EXTRAS := all sandbox dev
OFFICIAL := $(shell sed -n 's/^\(pulumi-[a-z-]*\) = \[.*/\1/p' pyproject.toml)
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
# MinIO's library takes 64 MB in each call: half of its time goes into giving them back and forth.
KEEPS_MEMORY := MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=268435456
WHOLE := palette_backup_provider/core/*,palette_backup_provider/engine/*
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

.PHONY: help demo test stress docs pictures coverage bench official lint lock clean

help:
	@echo "make demo      one pulumi up on this machine alone: from nothing to a backup location"
	@echo "make test      lint, types, import contracts, and all tests but the long ones"
	@echo "make stress    the tests that take long"
	@echo "make docs      the documentation as a site, in .docs/; a link that leads nowhere fails"
	@echo "make pictures  those of the documentation anew, from terminals and, with Chromium, of pages"
	@echo "make coverage  what unit and contract tests run of each line and branch"
	@echo "make bench     times and counts calls, for 100 and 1,000 backup locations"
	@echo "make official  the examples with Pulumi's own cloud packages, which are 1 GB"
	@echo "make lint      lint, types, import contracts and sentences of docstrings only"
	@echo "make lock      pins every dependency anew, in the two locks"
	@echo "make clean     removes what the other commands put into this folder"
	@echo
	@echo "PALETTE_BACKUP_INSTALL_PULUMI=false forbids Pulumi's official installer, which demo and"
	@echo "test run where neither pulumi nor go is on PATH."

demo: $(READY)
	@$(BIN)/python -m palette_backup_provider.sandbox.demo

test: lint
	@echo "==> Getting a Pulumi engine"
	@engine=$$($(BIN)/python -m palette_backup_provider.sandbox.tools.pulumi); echo "$$engine"
	@echo "==> Getting a MinIO server"
	@$(BIN)/python -m palette_backup_provider.sandbox.tools.minio_build
	@echo "==> Getting Pulumi's language host for YAML"
	@$(BIN)/python -m palette_backup_provider.sandbox.tools.yaml_host
	@echo "==> All tests but the long ones"
	@$(KEEPS_MEMORY) $(BIN)/python -m pytest -n 4 --dist worksteal

stress: $(READY)
	@echo "==> The tests that take long"
	@$(BIN)/python -m pytest -m stress

docs: $(READY)
	@echo "==> Building .docs/index.html"
	@$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --jobs 2 docs .docs

pictures: $(READY)
	@$(BIN)/python -m tests.pictures

coverage: $(READY)
	@$(BIN)/coverage erase
	@echo "==> Unit and contract tests, measured"
	@$(BIN)/coverage run -m pytest -q -n 3 --dist worksteal tests/unit tests/contract
	@$(BIN)/coverage combine --quiet
	@echo "==> core and engine: every line and branch"
	@$(BIN)/coverage report --include='$(WHOLE)' --fail-under=100
	@echo "==> The whole package: at least what pyproject.toml says, in percent"
	@$(BIN)/coverage report --format=total

bench: $(READY)
	@$(BIN)/python -m tests.bench

official: $(READY)
	@.ci/official

lint: $(READY)
	@echo "==> ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "==> mypy"
	@$(BIN)/mypy
	@echo "==> import contracts"
	@$(BIN)/lint-imports
	@echo "==> sentences of docstrings"
	@$(BIN)/python -m tests.contract.sentences

lock: $(READY)
	@echo "==> Pinning every dependency, for every Python and platform"
	@$(COMPILE) $(addprefix --extra=,$(EXTRAS)) --output-file requirements.lock pyproject.toml
	@echo "==> Pinning what Pulumi's own packages need besides"
	@$(COMPILE) $(addprefix --extra=,$(OFFICIAL)) --constraint requirements.lock \
		$$(sed -n 's/^\([a-z0-9._-]*\)==.*/--no-emit-package=\1/p' requirements.lock) \
		--output-file tests/official/requirements.lock pyproject.toml
	@echo "==> Pinning what the policy pack needs, in an environment of its own"
	@grep ^pulumi-policy policy-pack/requirements.txt | $(COMPILE) pyproject.toml - \
		--output-file policy-pack/requirements.lock

clean:
	@echo "==> Removing $(VENV), the site and the tools' caches"
	@rm -rf $(VENV) dist .docs .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*

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
