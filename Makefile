# Two commands for a newcomer: `make demo` and `make test`. Everything is installed into .venv, nothing globally.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What is installed: RUN for whoever uses the archive, DEV with what tests and lint need besides.
RUN := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
# Commands start in a third of the time when their bytecode is kept.
export PYTHONDONTWRITEBYTECODE :=
UV := $(shell command -v uv 2>/dev/null)

.PHONY: help demo test docs lock clean kills sim-year bench-reading bench-search bench-ingest bench-web bench-polite

help:
	@echo "make demo    crawl the five sample sources from fixtures/ into demo/archive.db and look at the result"
	@echo "make test    lint, types and the whole test suite, offline"
	@echo "make docs    write the commands' help and the demo's output into the README"
	@echo "make bench-reading CORPUS=DIR   this reader against others on labelled pages"
	@echo "make bench-search N=200000      search against LIKE on a made-up archive"
	@echo "make bench-ingest N=1000        documents a second against sqlite-utils with FTS5 trigram triggers"
	@echo "make bench-web N=200000         the reading room's pages on a made-up archive"
	@echo "make kills N=1000               kill a writer N times; nothing committed may be lost"
	@echo "make sim-year N=1000            a year of daily runs of a made-up site of N notices: cost, and nothing missed"
	@echo "make lock    pin the dependencies of pyproject.toml again (needs uv)"
	@echo "make clean   remove .venv, demo/ and caches"

# $(call install,LOCK): exactly what the lock file pins, then this checkout itself.
ifneq ($(UV),)
define install
	@test -x $(BIN)/python || uv venv --quiet --python '>=3.11' $(VENV)
	@echo "Installing $(1) into $(VENV) (a minute or two, once) ..." >&2
	@uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(1)
	@uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@
endef
else
define install
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; found " + sys.version.split()[0] + ": make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing $(1) into $(VENV) (a minute or two, once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@
endef
endif

$(RUN): requirements.lock pyproject.toml
	$(call install,requirements.lock)

$(DEV): requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)

demo: $(RUN)
	@$(BIN)/scrapy demo

# A crawl forces every commit to disk, and the suite crawls some two hundred times: where memory can serve as a disk
# (4 GB free of it), nobody waits for that.
MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 {print "/dev/shm"}')

test: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@folder=$$(mktemp -d "$(or $(MEMORY),$${TMPDIR:-/tmp})/gongbao-test.XXXXXX") && trap 'rm -rf "$$folder"' EXIT && \
	TMPDIR=$$folder $(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

docs: $(DEV)
	@$(BIN)/python -m cogapp -r README.md docs/cli.md

# The other tools live in a virtual environment of their own: nothing of the project needs them.
bench-reading: $(DEV)
	@test -n "$(CORPUS)" || { echo "usage: make bench-reading CORPUS=DIR (a folder with gold.jsonl and score.py)"; exit 2; }
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@PYTHONPATH=. .venv-bench/bin/python benchmarks/bench_reading.py $(CORPUS)

bench-search: $(RUN)
	@$(BIN)/python benchmarks/bench_search.py $(or $(N),200000)

bench-ingest: $(RUN)
	@PYTHONPATH=. $(BIN)/python benchmarks/bench_ingest.py $(or $(N),1000)

bench-web: $(RUN)
	@PYTHONPATH=. $(BIN)/python benchmarks/bench_web.py $(or $(N),200000)

# How many requests of a crawl were not welcome at the servers that got them.
bench-polite: $(DEV)
	@$(BIN)/pytest -q -n 0 tests/crawler/test_polite.py

# The suite kills a writer a few times; this does it a thousand times (hours).
kills: $(DEV)
	@GONGBAO_KILLS=$(or $(N),1000) $(BIN)/pytest -s -q tests/archive/test_crash.py

sim-year: $(DEV)
	@YEAR_SIZE=$(or $(N),1000) YEAR_DAYS=365 $(BIN)/pytest -s -q -p no:xdist tests/crawler/test_year.py

lock:
	uv pip compile pyproject.toml --universal --generate-hashes --quiet --custom-compile-command "make lock" -o requirements.lock
	uv pip compile pyproject.toml --all-extras -c requirements.lock --universal --generate-hashes --quiet --custom-compile-command "make lock" -o requirements-dev.lock

clean:
	rm -rf $(VENV) demo build .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
