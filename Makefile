# The sessions are in noxfile.py; everything is built below .build/, which git ignores.
# ARGS="..." is handed on to pytest (make unit ARGS="-k retry") and to the benchmarks (make bench ARGS="--only a,c").
# WORKERS=5: how many tests run at a time. PYTHON=/path: which Python to use.
.DEFAULT_GOAL := help
.PHONY: help demo test lint typing unit sandbox vendors integration events sanity package bench docs build format clean
MAKEFLAGS += --no-print-directory
# Tells antsibull-nox to check the format, and not to change it.
export CI := true
export WORKERS PYTHON
NOX := @$(or $(PYTHON),python3) dev/run.py
WITH_ARGS = $(if $(ARGS),-- $(ARGS))

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## install the collection like a user, start the sandbox and run the demo playbook three times
	$(NOX) -s demo

test: ## everything that continuous integration runs; ARGS=--quick: ruff, unit tests and some more, in two minutes
	$(NOX) $(if $(filter --quick,$(ARGS)),-s quick,--parallel 2)

lint: ## ruff, mypy, yamllint, ansible-lint, documentation, changelog, action groups, shellcheck
	$(NOX) --parallel 2 --no-stop-on-first-error -s lint typing extra-checks license-check docs-check ansible-lint repository

typing: ## mypy --strict on the plugins, on the event source and on the sandbox
	$(NOX) -s typing $(WITH_ARGS)

unit: ## unit tests: newest Python; with ARGS unset also Python 3.9 with the lowest requests, and the lowest ansible-core
	$(NOX) -s unit $(if $(ARGS),$(WITH_ARGS),unit_oldest_python unit_oldest_core)

sandbox: ## conformance of the sandbox with the services' contracts
	$(NOX) -s sandbox $(WITH_ARGS)

vendors: ## the vendors' own clients of LTS and IAM against the sandbox
	$(NOX) -s vendors $(WITH_ARGS)

integration: ## playbooks against the sandbox
	$(NOX) -s integration $(WITH_ARGS)

events: ## the event source and its rulebook in processes of ansible-rulebook
	$(NOX) -s events $(WITH_ARGS)

sanity: ## ansible-test sanity with the newest and the lowest ansible-core, on every Python found
	$(NOX) -s sanity sanity_oldest_core

package: ## build the tarball, install it, verify it and run Galaxy's importer on it
	$(NOX) -s package build-import-check

bench: ## benchmarks, written into docs/benchmarks (ARGS=--quick tries them in three minutes, ARGS=--help tells more)
	$(NOX) -s bench $(WITH_ARGS)

docs: ## HTML documentation in .build/docs
	$(NOX) -s docs

build: ## the collection's tarball in .build/dist
	$(NOX) -s build

format: export CI := false
format: ## format the Python sources
	$(NOX) -s formatters

clean: ## remove all that was built
	rm -rf .build tests/output
