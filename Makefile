# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
HOME_  := $(or $(PANHUO_HOME),$(CURDIR)/var)
OUT    ?= out
export PANHUO_HOME := $(HOME_)

.PHONY: run upgrade test check demo bench setup setup-dev lock clean

run: setup
	@$(BIN)/python -m desk.first_run
	@exec $(BIN)/panhuo serve

# After `git pull`: backs the record up, brings it to the newest schema and verifies it. `make run` does so too.
upgrade: setup
	@$(BIN)/panhuo upgrade

test: setup-dev
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m bench.schema_check
	$(BIN)/panhuo rules check
	$(BIN)/python docs/build_rules.py --check
	$(BIN)/python docs/build_modes.py --check
	$(BIN)/python docs/build_policy.py --check

demo: setup
	@$(BIN)/python -m desk.demo $(OUT)

bench: setup-dev
	$(BIN)/python -m bench.advance
	$(BIN)/python -m bench.unmet
	$(BIN)/python -m bench.next_steps
	$(BIN)/python -m bench.inbox
	$(BIN)/python -m bench.officers
	$(BIN)/python -m bench.engines
	$(BIN)/python -m bench.due_dates
	$(BIN)/python -m bench.packs
	$(BIN)/python -m bench.imports
	$(BIN)/python -m bench.archive
	$(BIN)/python -m bench.pdf
	$(BIN)/python -m bench.annex
	$(BIN)/python -m bench.bulk
	$(BIN)/python -m bench.start
	$(BIN)/python -m bench.sweep
	$(BIN)/python -m bench.outbox
	$(BIN)/python -m bench.click
	$(BIN)/python -m bench.idle
	$(BIN)/python -m bench.growth
	$(BIN)/python -m bench.durability --database both --kills 100

setup: $(VENV)/.ready fonts
setup-dev: $(VENV)/.ready-dev fonts

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m desk.provision system
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready
	$(PYTHON) -m desk.provision system --tests
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m desk.provision browser
	touch $@

.PHONY: fonts
fonts:
	@$(BIN)/python -m contracts.fonts.build "$(HOME_)/fonts"

# Writes the lock files anew; needs uv. Hashes, no addresses.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-dev.lock

clean:
	rm -rf $(VENV) build *.egg-info
