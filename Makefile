# Each target first makes sure that the environment is there (bot/bootstrap.py), then does its one thing.
PYTHON := $(shell for p in python3.11 python3; do $$p -c "" 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check train environment

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

run: environment ## set up, train if need be, and run the assistant on this machine
	@$(BIN)/assistant run

# Two processes share the files with tests; those that kill processes under load then have the machine to themselves.
test: environment ## set up, then the linter, the type checker and all tests
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pytest -m "not kills" -n 2 --dist loadfile --no-loadscope-reorder
	@$(BIN)/pytest -m kills

check: environment ## check content and configuration, with file and line
	@$(BIN)/assistant check

train: environment ## train a model if content, configuration or code changed
	@$(BIN)/assistant train

environment:
ifeq ($(PYTHON),)
	@echo "Python 3.11 is needed; this machine has none. On Debian 12: sudo apt-get install python3.11." >&2; exit 1
else
	@$(PYTHON) bot/bootstrap.py
endif
