# The two that a newcomer needs: `make run` and `make test`. Each does all its own set-up.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
LOCK_FLAGS ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SYSTEM_PACKAGES := python3-venv postgresql chromium fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

.DEFAULT_GOAL := help
.PHONY: help env ocr run test check lint types migrations trace bench screening-report screening-weights pictures lock system clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

env: $(STAMP) ## make .venv from the lock files, and nothing else (PYTHON=python3.12 chooses another interpreter)

$(STAMP): requirements/dev.lock
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	  echo "Python 3.11 or newer is needed; name one with: make env PYTHON=/path/to/python3.x" >&2; exit 1; fi
	@"$(PYTHON)" -m venv --clear $(VENV) || { \
	  echo "This Python cannot make environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

ocr: env ## add what recognises the characters of scanned agreements to .venv (about 375 MB; works offline afterwards)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/ocr.lock

run: env ## serve on 127.0.0.1:8000, with the demonstration where the database is empty (PORT=8001)
	$(BIN)/flask db upgrade
	$(BIN)/flask demo load
	@echo "http://127.0.0.1:$(PORT)"
	PUBLIC_URL=$${PUBLIC_URL:-http://127.0.0.1:$(PORT)} $(BIN)/gunicorn --bind 127.0.0.1:$(PORT) --worker-class gthread --workers 1 --threads 8 wsgi:app

# Both parts always run; under CI=true a test that could not run is a failure (tests/completeness.py).
test: env ## run all tests; says loudly what was skipped for want of PostgreSQL or Chromium
	@failed=0; \
	MUST_RUN=$(if $(filter true,$(CI)),postgresql) $(BIN)/pytest -n auto --dist loadgroup -m 'not browser' || failed=1; \
	MUST_RUN=$(if $(filter true,$(CI)),browser) $(BIN)/pytest -n 2 -m browser || failed=1; \
	exit $$failed

check: lint types migrations test ## everything a change must pass

lint: env ## format, lint and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: env ## mypy --strict
	$(BIN)/mypy

migrations: env ## the migrations make the schema that the models describe
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && export DATABASE_URL="sqlite:///$$folder/check.db" && \
	$(BIN)/flask db upgrade && $(BIN)/flask db check

trace: env ## clause, the rules that carry it out, and their tests
	$(BIN)/python -m tests.codebase.clauses

bench: env ## measure; writes to bench/out
	$(BIN)/python -m bench

screening-report: env ## how well agreements are judged: by label, each author left out, the part kept aside
	$(BIN)/python -m evaluations.screening.report

screening-weights: env ## make config/screening/weights.tsv anew, after a change of the vocabulary or the labelled clauses
	$(BIN)/python -m evaluations.screening.train

pictures: env ## take docs/pictures anew, from a demonstration of its own (needs Chromium)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && unset DATABASE_URL MASTER_SECRET_FILE && \
	export MODE=demonstration INSTANCE="$$folder" && \
	$(BIN)/flask db upgrade && $(BIN)/flask demo load && $(BIN)/python -m docs.take_pictures

# This machine's pip settings stay out: only names, versions and the hashes of the published files go in. Run it with the
# oldest Python that is supported: a newer one leaves out what only the older needs.
lock: ## make the lock files anew from pyproject.toml (LOCK_FLAGS=--upgrade takes newer versions)
	@"$(PYTHON)" -m venv --clear var/pip-tools && var/pip-tools/bin/python -m pip install --quiet pip-tools
	@compile() { env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND='make lock' \
	  var/pip-tools/bin/pip-compile --quiet --generate-hashes --strip-extras --no-emit-index-url \
	  --no-emit-trusted-host --no-emit-find-links $(LOCK_FLAGS) "$$@" pyproject.toml; }; \
	compile --output-file requirements/base.lock && \
	compile --extra pdf --extra dev --constraint requirements/base.lock --output-file requirements/dev.lock && \
	compile --extra ocr --constraint requirements/dev.lock --output-file requirements/ocr.lock

system: ## install what Python cannot bring (Debian 12 or newer; as root, or with sudo)
	@dpkg -s $(SYSTEM_PACKAGES) >/dev/null 2>&1 || { \
	  as_root=$$([ "$$(id -u)" = 0 ] || echo sudo) && export DEBIAN_FRONTEND=noninteractive && \
	  $$as_root apt-get update --quiet && $$as_root apt-get install --yes --quiet --no-install-recommends $(SYSTEM_PACKAGES); }

clean: ## remove the environment and the caches, never the data
	rm -rf $(VENV) var/pip-tools .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage* bench/out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
