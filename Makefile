# Three commands, set-up included:
#
#     make brief      the brief of the bundled case, as us-dprk-2019.html
#     make serve      the workbench: pages to work on the cases of the folder `workbench`, opened in a browser
#     make test       everything that must be green: ruff, mypy, pytest (with the documentation)
#
# Needed: Python 3.11 or newer, pip, make. Everything else goes into .venv; PYTHON=... chooses another Python.

SHELL := /bin/sh
CASE ?= us-dprk-2019
WORKSPACE ?= workbench
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check

# A .venv serves again if its Python still starts and finds Détente in this very clone (not so after either has moved).
FINDS := import importlib.util, pathlib; \
	pathlib.Path(importlib.util.find_spec("detente").origin).resolve().relative_to(pathlib.Path("src").resolve())
ifneq ($(wildcard .venv/installed),)
STALE := $(shell $(PY) -c '$(FINDS)' 2>/dev/null || echo stale)
endif

# Plays are compiled once, beside the checks, and not by each process of the tests at the same time.
COMPILE := $(PY) -c 'from detente.assess.compiling import serve; serve()'

.PHONY: help brief serve test docs clean chromium stale
help:
	@sed -n '/^#  /s/^# *//p' Makefile
	@echo 'make docs       the documentation, as docs/_build/html/index.html'
	@echo 'make clean      remove .venv and whatever was built'

brief: .venv/installed
	@.venv/bin/detente brief "$(CASE)"

serve: .venv/installed-for-serving
	@mkdir -p "$(WORKSPACE)"
	@.venv/bin/detente serve "$(WORKSPACE)"

test: .venv/installed-for-tests chromium
	$(COMPILE) & $(PY) -m ruff check && $(PY) -m ruff format --check && $(PY) -m mypy && wait
	$(PY) -m pytest --numprocesses auto --maxprocesses 8 --dist loadgroup

docs: .venv/installed-for-tests
	$(PY) docs/commands.py
	$(PY) docs/errors.py
	$(PY) -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo 'Open docs/_build/html/index.html.'

clean:
	rm -rf .venv docs/_build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/installed: pyproject.toml $(STALE)
	@if [ -z "$(PYTHON)" ]; then \
		echo 'Détente needs Python 3.11 or newer, and none was found.' >&2; \
		echo 'On Debian and Ubuntu: apt-get install python3 python3-venv. Another Python: make brief PYTHON=/path/to/python3' >&2; \
		exit 2; \
	fi
	@if [ -n "$(STALE)" ]; then \
		echo 'The Python in .venv is gone or belongs to another clone: .venv is made again.'; \
		rm -rf .venv; \
	fi
	@if ! $(PY) -c 'import pip' 2>/dev/null; then \
		rm -rf .venv; \
		if "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then \
			"$(PYTHON)" -m venv .venv; \
		elif "$(PYTHON)" -c 'import pip, venv' 2>/dev/null; then \
			"$(PYTHON)" -m venv --without-pip .venv && \
			"$(PYTHON)" -m pip --python $(PY) --quiet --disable-pip-version-check install pip; \
		else \
			echo 'This Python can make no virtual environment with pip in it. On Debian and Ubuntu: apt-get install python3-venv' >&2; \
			exit 2; \
		fi; \
	fi
	@echo 'Installing Détente into .venv (once; a minute or so) ...'
	@$(PIP) install --editable . || { echo 'The installation failed: is a package index within reach?' >&2; exit 2; }
	@touch $@

.venv/installed-for-serving: .venv/installed
	@echo 'Installing what the workbench needs into .venv (once; a minute or so) ...'
	@$(PIP) install --editable '.[serve]' || { echo 'The installation failed: is a package index within reach?' >&2; exit 2; }
	@touch $@

.venv/installed-for-tests: .venv/installed
	@echo 'Installing what the tests need into .venv (once; a minute or so) ...'
	@$(PIP) install --editable '.[test]' || { echo 'The installation failed: is a package index within reach?' >&2; exit 2; }
	@touch $@

# The browser tests drive Chromium. Its absence is said aloud and is no error here: those tests then say so too.
chromium: | .venv/installed
	@for browser in chromium chromium-browser google-chrome; do command -v $$browser >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'Installing Chromium for the browser tests (once; some minutes) ...'; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update && apt-get install -y --no-install-recommends chromium; } >.venv/chromium.log 2>&1 || { \
			tail -n 5 .venv/chromium.log; \
			echo 'WARNING: Chromium could not be installed (.venv/chromium.log says why): the browser tests cannot run.'; }; \
	else \
		echo 'WARNING: there is no Chromium: the browser tests cannot run. On Debian, as root: apt-get install chromium'; \
	fi >&2
