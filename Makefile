# The lab's verbs, for those who type `make`. Each is a thin word over `labctl`, and each sees to it
# first that there is a virtual environment; see labctl/features/provision/ for the rest of the set-up.
#
#   LAB=NAME        another lab than the default one:    make up LAB=ana
#   ARGS='...'      anything more for labctl or pytest:  make check ARGS='--service echo'

LAB ?=
ARGS ?=
MAKE_VENV := labctl/features/provision/make-venv
BIN := .venv/bin
CHECKED := labctl services tests

.DEFAULT_GOAL := help
.PHONY: help up down status reset check shell logs test test-unit test-latest bench lint lock clean \
	venv venv-dev venv-bench set-up

help: ## this list
	@echo 'make VERB [LAB=NAME] [ARGS=...]'
	@sed -n 's/^\([a-z-]*\):.*## /  \1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 15

up: venv ## bring the lab up, from a bare machine on; what runs well is unchanged
	@$(BIN)/labctl up $(LAB) $(ARGS)

down: venv ## take the lab away; the learner's work is kept
	@$(BIN)/labctl down $(LAB) $(ARGS)

status: venv ## a row for each service
	@$(BIN)/labctl status $(LAB) $(ARGS)

reset: venv ## back to pristine
	@$(BIN)/labctl reset $(LAB) $(ARGS)

check: venv ## is every server right?
	@$(BIN)/labctl check $(LAB) $(ARGS)

shell: venv ## a shell in the toolbox
	@$(BIN)/labctl shell $(LAB) $(ARGS)

logs: venv ## what the servers have logged
	@$(BIN)/labctl logs $(LAB) $(ARGS)

test-unit: venv-dev ## the unit tests alone: no Engine, seconds
	$(BIN)/pytest -n auto tests/unit $(ARGS)

test-latest: ## lint and unit tests on the newest releases of all packages, not the locked ones
	@$(MAKE_VENV) latest
	@$(MAKE) --no-print-directory lint test-unit BIN=.cache/latest/bin MAKE_VENV=:

test: test-unit ## unit tests, the integration tests against real containers, a storm of faults
	@$(MAKE) --no-print-directory set-up
	@set -e; config=$$($(BIN)/python -m tests.provide_compose); set -x; \
	DOCKER_CONFIG=$$config $(BIN)/pytest tests/integration $(ARGS); \
	$(BIN)/pytest tests/storm $(ARGS)

bench: venv-bench set-up ## what takes how long, beside docker compose and the bare Engine
	@set -e; config=$$($(BIN)/python -m tests.provide_compose); set -x; \
	DOCKER_CONFIG=$$config $(BIN)/python -m tests.bench $(ARGS)

lint: venv-dev ## ruff and mypy
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy $(CHECKED)

lock: ## renew the lock files: the newest packages that pyproject.toml allows, with their hashes
	@labctl/features/provision/renew-lock

clean: ## remove the virtual environment and all caches; labs, work and images stay
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	find $(CHECKED) -name __pycache__ -prune -exec rm -rf {} +

venv:
	@$(MAKE_VENV) run

venv-dev:
	@$(MAKE_VENV) dev

venv-bench:
	@$(MAKE_VENV) bench

set-up: venv # Engine and images, as `up` would bring them, but no lab
	@$(BIN)/labctl doctor --mend
