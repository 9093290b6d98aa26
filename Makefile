# Everything is built below .build/, which git ignores. ARGS="..." is handed on to pytest (make unit ARGS="-k retry")
# and to the benchmarks (make bench ARGS="--only a,c").
# WORKERS=3: how many tests of the sandbox and of the integration run at a time. PYTHON=/path: which Python to use.
.DEFAULT_GOAL := help
.PHONY: help demo test lint unit sandbox vendors integration sanity package bench docs build format clean
MAKEFLAGS += --no-print-directory
export ARGS WORKERS PYTHON
CHECK := bash dev/check.sh

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## install the collection like a user, start the sandbox and run the demo playbook three times
	@bash dev/demo.sh

test: ## everything that continuous integration runs, in order
	@$(CHECK) lint unit sandbox vendors integration sanity package

lint: ## ruff, yamllint, shellcheck, ansible-lint, documentation and changelog
	@$(CHECK) lint

unit: ## unit tests: newest Python; Python 3.9 with the lowest requests; lowest ansible-core
	@$(CHECK) unit

sandbox: ## conformance of the sandbox with the services' contracts
	@$(CHECK) sandbox

vendors: ## the vendors' own clients of LTS and IAM against the sandbox
	@$(CHECK) vendors

integration: ## playbooks against the sandbox
	@$(CHECK) integration

sanity: ## ansible-test sanity with the newest and the lowest ansible-core, on every Python found
	@$(CHECK) sanity

package: ## build the tarball, install it, verify it and run Galaxy's importer on it
	@$(CHECK) package

bench: ## benchmarks, written into docs/benchmarks (ARGS=--quick tries them in three minutes, ARGS=--help tells more)
	@bash dev/step.sh bench

docs: ## HTML documentation in .build/docs
	@$(CHECK) docs

build: ## the collection's tarball in .build/dist
	@$(CHECK) build

format: ## format the Python sources
	@bash dev/step.sh format

clean: ## remove all that was built
	rm -rf .build tests/output
