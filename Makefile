# The two commands: `make run` and `make test`. Both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.make

.PHONY: run test lint types contracts notebooks docs schemas bench lock clean

run: $(STAMPS)/run
	$(BIN)/bildungsbedarf run bildungsbefragung

test: $(STAMPS)/dev
	$(BIN)/bildungsbedarf run bildungsbefragung
	$(BIN)/python -m pytest -n 2 tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-current-env notebooks docs/tutorials

lint: $(STAMPS)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMPS)/dev
	$(BIN)/mypy

contracts: $(STAMPS)/dev
	$(BIN)/lint-imports

# Execute the committed notebooks anew, after a change that alters what they show.
notebooks: $(STAMPS)/dev
	$(BIN)/bildungsbedarf run bildungsbefragung
	$(BIN)/python -m bildungsbedarf.run.refresh
	$(BIN)/python docs/run_tutorials.py

# The handbook as a site: docs/, the reference from docstrings, the tutorials. Every warning is an error.
docs: $(STAMPS)/dev
	$(BIN)/python -m sphinx -q -W --keep-going docs build/docs

# Ratios against peers in the same run; writes benchmarks/results.md. R's survey and svy take part where they are.
bench: $(STAMPS)/dev
	$(BIN)/python benchmarks/bench.py

# Write the JSON Schemas of what people write and what a run writes.
schemas: $(STAMPS)/dev
	$(BIN)/python docs/write_schemas.py

# Renew the locks; without the addresses of any index.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url pyproject.toml --extra lab --extra setup --extra keyring -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url pyproject.toml --extra lab --extra setup --extra keyring --extra docs --extra fast --extra cluster --extra dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) results data/waves dist

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; v = sys.version.split()[0]; sys.exit('Python 3.11 or later is needed, found ' + v) if sys.version_info < (3, 11) else 0"
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q bildungsbedarf
	mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q bildungsbedarf
	mkdir -p $(STAMPS) && touch $(STAMPS)/run $@
