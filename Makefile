# Two commands do everything: `make demo` and `make test`. Both set up first; `make help` lists all.
#   STACK=classic    OpenMMLab's own packages in .venv-classic, instead of the maintained forks in .venv
#   PYTHON=...       the Python that the environment is made with: 3.10 to 3.13, classic 3.10 or 3.11
#   VENV=...         its folder, for several beside each other: make test PYTHON=python3.12 VENV=.venv-3.12
#   ARGS=...         more arguments for pytest (make test); '-n 0' runs in one process
STACK ?= current
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell command -v python3.11 || command -v python3 || echo python3.11)
endif
VENV := .venv$(patsubst %,-%,$(filter-out current,$(STACK)))
READY := $(VENV)/.ready
NAMED_PYTHON := $(if $(filter-out file,$(origin PYTHON)),$(PYTHON))

# The scripts in tools/ call `python`, and so do some tests.
RUN := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" python
REQUIREMENTS := requirements.txt $(wildcard requirements/*.txt)

.DEFAULT_GOAL := help
.PHONY: help env same-python test faults demo docs lint format

help: ## show this list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 14
	@sed -nE '2,5s/^# ?//p' Makefile

env: same-python $(READY) ## set up; takes seconds when nothing changed
	@echo 'The environment $(VENV) is ready.'

same-python: # an environment that is there keeps its Python
	@[ -z '$(NAMED_PYTHON)' ] || [ ! -x '$(VENV)/bin/python' ] || \
	[ "$$('$(NAMED_PYTHON)' -V)" = "$$('$(VENV)/bin/python' -V)" ] || \
	{ echo "$(VENV) has $$('$(VENV)/bin/python' -V), not '$(NAMED_PYTHON)': name another, VENV=.venv-3.12" >&2; exit 1; }

$(READY): $(REQUIREMENTS) pyproject.toml setup.py tools/misc/setup_env.sh | same-python
	@tools/misc/setup_env.sh '$(STACK)' '$(VENV)' '$(PYTHON)'
	@touch $@

test: $(READY) ## set up, then run the tests, on all cores
	$(RUN) -m pytest -n logical --maxprocesses 8 --dist worksteal tests $(ARGS)

faults: $(READY) ## set up, then kill a hundred runs and compare their ends; about ten minutes
	$(RUN) -m tests.faults $(ARGS)

demo: $(READY) ## set up, then train and evaluate the demo
	$(RUN) demo/run_demo.py

docs: $(READY) ## build the site of the documentation in build/docs
	$(RUN) -m pip install -q --disable-pip-version-check -r requirements/docs.txt
	$(RUN) -m mkdocs build --strict

lint: $(READY) ## check style, spelling and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m codespell_lib
	$(RUN) -m mypy sr4ir_mm tools

format: $(READY) ## fix what can be fixed automatically
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
