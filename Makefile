# Everything is one of: demo, test, check, fix, bench, docs, lock. Each sets up what it needs.
PYTHON ?= python3
BIN := .venv/bin
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-input

.PHONY: demo test check fix bench docs lock clean

## publish the example study and say where to look
demo: .venv/run
	$(BIN)/saklig publish examples/kommun/study.toml --out out/kommun

## every test, the import contracts, the types and the style among them
test: .venv/test chromium
	$(BIN)/pytest -n 2

## what must be so before a change lands: the tests and the formatting
check: .venv/test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(MAKE) test

fix: .venv/test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/test
	$(BIN)/python -m bench

## the reference pages that are made from the code
docs: .venv/test
	$(BIN)/python docs/make_reference.py

## pin every dependency anew, with hashes
lock:
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/pip install --quiet uv
	for set in run test; do \
	  .cache/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --custom-compile-command "make lock" --upgrade --group build $$(test $$set = run || echo --extra test --extra fast) \
	    --output-file constraints/$$set.txt pyproject.toml || exit 1; done

clean:
	rm -rf .venv .cache out

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "saklig needs Python 3.11 or newer; $$($(PYTHON) --version) was found. Say which to use: make PYTHON=python3.13 $(MAKECMDGOALS)" >&2; exit 2; }
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python constraints/run.txt pyproject.toml
	$(INSTALL) --require-hashes -r constraints/run.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test: .venv/run constraints/test.txt
	$(INSTALL) --require-hashes -r constraints/test.txt
	@touch $@

# The browser tests need a Chromium: Debian's is installed where this may be done; otherwise those tests say that they skip.
.PHONY: chromium
chromium:
ifeq ($(CHROMIUM),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "No Chromium found and no right to install it: the browser tests will skip. (Debian: apt-get install chromium)"; fi
endif
