# Two commands for a newcomer: `make demo` and `make test`. Everything is installed into .venv, nothing globally.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Commands start in a third of the time when their bytecode is kept.
export PYTHONDONTWRITEBYTECODE :=
UV := $(shell command -v uv 2>/dev/null)

.PHONY: help demo test docs lock clean bench-reading bench-search

help:
	@echo "make demo    crawl the five sample sources from fixtures/ into demo/archive.db and look at the result"
	@echo "make test    lint, types and the whole test suite, offline"
	@echo "make docs    write the commands' help and the demo's output into the README"
	@echo "make bench-reading CORPUS=DIR   this reader against others on labelled pages"
	@echo "make bench-search N=200000      search against LIKE on a made-up archive"
	@echo "make lock    pin the dependencies of pyproject.toml again (needs uv)"
	@echo "make clean   remove .venv, demo/ and caches"

$(STAMP): requirements.lock pyproject.toml
ifneq ($(UV),)
	@test -x $(BIN)/python || uv venv --quiet --python '>=3.11' $(VENV)
	@uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@uv pip install --quiet --python $(BIN)/python --no-deps -e .
else
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; found " + sys.version.split()[0] + ": make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
endif
	@touch $@

demo: $(STAMP)
	@$(BIN)/scrapy demo

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadfile

docs: $(STAMP)
	@$(BIN)/cog -r README.md

# The other tools live in a virtual environment of their own: nothing of the project needs them.
bench-reading: $(STAMP)
	@test -n "$(CORPUS)" || { echo "usage: make bench-reading CORPUS=DIR (a folder with gold.jsonl and score.py)"; exit 2; }
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@PYTHONPATH=. .venv-bench/bin/python benchmarks/bench_reading.py $(CORPUS)

bench-search: $(STAMP)
	@$(BIN)/python benchmarks/bench_search.py $(or $(N),200000)

lock:
	uv pip compile pyproject.toml --all-extras --universal --generate-hashes --quiet --custom-compile-command "make lock" -o requirements.lock

clean:
	rm -rf $(VENV) demo build .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
