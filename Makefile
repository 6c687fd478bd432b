# Two commands for everyone: `make demo` and `make test`. Both make .venv first.
PYTHON ?= python3
ARGS ?=
PYTEST = $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)

.PHONY: demo test check fmt clean fuzz audit torture

.venv/.done: requirements-dev.lock pyproject.toml
	@echo "Setting up .venv (once, about a minute) ..."
ifdef UV
	@uv venv --quiet --allow-existing --python $(PYTHON) .venv
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@$(PYTHON) -c 'import sys; sys.exit("Threadline needs Python 3.11 or later.") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@

demo: .venv/.done
	@$(BIN)/threadline demo $(ARGS)

test: .venv/.done
	@$(PYTEST) $(ARGS)

check: .venv/.done
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright
	@$(BIN)/lint-imports
ifndef OFFLINE
	@said=$$($(MAKE) --no-print-directory audit 2>&1) && echo "$$said" || { echo "$$said" | tail -n 20; \
		! echo "$$said" | grep -q '^Found .* known vulnerabilit' && echo "The dependencies could not be audited now."; }
endif
	@$(PYTEST) --cov --cov-report=term:skip-covered $(ARGS)

fmt: .venv/.done
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf .venv .coverage* .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Tries to break what reads strangers' bytes and words, an hour long. ARGS="--minutes 5 --only extract" for less.
fuzz: .venv/.done
	@$(BIN)/python tests/fuzz $(ARGS)

# Asks PyPI's advisories about every pinned dependency, over the network. `make check OFFLINE=1` does without.
audit: .venv/.done
	@test -x .venv/audit/bin/pip-audit || { $(PYTHON) -m venv .venv/audit && .venv/audit/bin/python -m pip install --quiet pip-audit; }
	@.venv/audit/bin/pip-audit --disable-pip --require-hashes --strict --requirement requirements.lock $(ARGS)

# Kills the bot a thousand times on SQLite and on PostgreSQL; an hour or so. ARGS="--points 50" for less.
torture: .venv/.done
	@$(BIN)/python -m tests.torture $(ARGS)
