# Each target sets up .venv by itself; the exact versions are in constraints.txt.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Tests run in so many processes; FLAGS go to pytest.
WORKERS ?= 2
FLAGS ?=
# One OpenMP thread a process: two spin against each other on small machines.
export OMP_NUM_THREADS ?= 1
export TOKENIZERS_PARALLELISM ?= false

.PHONY: env demo test slow slurm lint sbom audit docs gallery questions attack bench clean
.DEFAULT_GOAL := test

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,lab]'
	touch $@

env: $(STAMP)

demo: env  ## the whole job offline, in a workspace of its own
	$(BIN)/synth demo --into demo-workspace

test: env  ## the default suite, a file of tests at a time in each process
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(FLAGS)

slow: env  ## what takes minutes: the laboratory at full synthetic size, kill tests of every stage
	$(BIN)/python -m pytest -m slow

slurm: env  ## install Debian's Slurm, as root, and run the tests that need it
	@test "$$(id -u)" = 0 || { echo "Only root can install and start Slurm: sudo make slurm"; exit 2; }
	apt-get install --yes --no-install-recommends slurm-wlm munge
	$(BIN)/python -m pytest tests/repro/run/test_slurm.py

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

sbom: env  ## bill of materials (CycloneDX) into sbom.json; fails on a licence that the AGPL cannot be combined with
	$(BIN)/python -m tests.dependencies.bill sbom.json

audit: env  ## known vulnerabilities of the installed packages; needs a network, ends with 3 where it has none
	$(BIN)/python -m tests.dependencies.audit

docs: env  ## command docs from --help, schema docs from the migrated database
	$(BIN)/python docs/generate.py

gallery: env  ## the demo's report into reports/gallery/
	$(BIN)/python docs/gallery.py

questions: env  ## reports on five research questions, into reports/gallery/
	$(BIN)/python docs/questions.py

attack: env  ## damaged files, kills, a full disk: figures into docs/reliability.md; under half an hour
	$(BIN)/python -m tests.attack --write

bench: env  ## measured, never asserted
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) demo-workspace
