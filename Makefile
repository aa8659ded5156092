# Two commands matter: `make run` and `make test`. Everything else is listed by `make help`.
# Only Python 3.11 or newer, venv, pip and make are assumed.

PY ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST ?=
WORKERS ?= 2
CODE := network groups facilitators funding translations
CATALOGS := translations/catalogs
PO := $(wildcard $(CATALOGS)/*/LC_MESSAGES/messages.po)

# A stamp carries the hash of its lock file, so a changed lock file installs again and nothing else does.
hash = $(shell $(PY) -c "import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest()[:12])" $(1))
FOR_RUN := $(VENV)/.for-run-$(call hash,requirements.txt)
FOR_TEST := $(VENV)/.for-test-$(call hash,requirements-test.txt)
COUNTERS := var/counters
FOR_BENCH := $(COUNTERS)/.for-bench-$(call hash,tests/bench/counters.txt)

# $(1) = lock file, $(2) = name of the stamp. uv is quicker where its wheel installs; pip does the same.
define install
	@$(PY) -c "import sys; sys.version_info >= (3, 11) or sys.exit('Pamoja needs Python 3.11 or newer; this is ' + sys.version.split()[0] + '. Try: make PY=python3.12 run')"
	@echo "Installing what $(1) lists into $(VENV) (only when it changed) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PY) -m venv --clear $(VENV)
	@$(BIN)/uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install -q --disable-pip-version-check --only-binary :all: uv >/dev/null 2>&1 || true
	@if $(BIN)/uv --version >/dev/null 2>&1 && $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $(1) 2>/dev/null; then :; \
	 else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi
	@rm -f $(VENV)/.for-$(2)-*
	@touch $@
endef

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help words run test swahili browser check lint types contracts catalogues messages bench storm lock clean

##@ Every day
run: $(FOR_RUN) ## Start everything on this machine (HOST=127.0.0.1 PORT=8000); Ctrl-C stops it
	@$(MAKE) -s words
	@$(BIN)/python -m network.servers run --stop-with-parent

test: $(FOR_TEST) browser ## Run every test against real servers (PYTEST="-k name" to choose)
	@$(MAKE) -s words
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(PYTEST)

swahili: $(FOR_TEST) ## The tests once more, with Swahili as the default language
	@$(MAKE) -s words
	DEFAULT_LANGUAGE=sw $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not browser" --ignore=tests/network/servers --ignore=tests/house $(PYTEST)

##@ Before handing work over
check: lint types contracts catalogues test swahili ## Everything CI runs, in the same order

lint: $(FOR_TEST) ## Style and likely mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(FOR_TEST) ## Types
	$(BIN)/mypy $(CODE) $(wildcard wsgi.py)

contracts: $(FOR_TEST) ## Which package may import which
	$(BIN)/lint-imports

catalogues: $(FOR_TEST) ## Every sentence is collected, and what is translated is sound and complete
	$(BIN)/python -m translations.check

browser: $(FOR_TEST)
	@$(BIN)/python -m tests.support.browser

##@ Now and then
messages: $(FOR_TEST) ## Collect the sentences of all packages for the translators
	$(BIN)/python -m translations.messages

bench: $(FOR_TEST) $(FOR_BENCH) ## Speed as ratios, measured in one run, also beside other people's counters
	@$(BIN)/python -m tests.bench

storm: $(FOR_TEST) ## 20,000 acts by 8 workers over three books, with processes killed and connections cut (about a quarter of an hour)
	@$(BIN)/python -m tests.funding.storm

lock: $(FOR_TEST) ## Choose versions anew from pyproject.toml (needs uv and the network)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --extra local --extra test -q pyproject.toml -o requirements-test.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --extra local -c requirements-test.txt -q pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q tests/bench/counters.in -o tests/bench/counters.txt

clean: ## Remove what can be made again (never var/, which holds your data)
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis

help: ## This list
	@$(PY) -c "import re; [print('\n' + m[1] if m[1] else '  make %-11s %s' % (m[2], m[3])) for m in re.finditer(r'^##@ (.+)|^([a-z]+):.*?## (.+)', open('Makefile').read(), re.M)]"

$(FOR_RUN): requirements.txt
	$(call install,requirements.txt,run)

$(FOR_TEST): requirements-test.txt
	$(call install,requirements-test.txt,test)

# Other people's counters of votes live in a folder of their own: nothing else may depend on them.
$(FOR_BENCH): VENV := $(COUNTERS)
$(FOR_BENCH): BIN := $(COUNTERS)/bin
$(FOR_BENCH): tests/bench/counters.txt
	$(call install,tests/bench/counters.txt,bench)

# The translated words in the form that gettext reads; made again when a .po changed.
words: $(PO:.po=.mo)

%.mo: %.po
	@$(BIN)/pybabel -q compile -i $< -o $@
