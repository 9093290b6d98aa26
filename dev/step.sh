#!/usr/bin/env bash
# One step of the checks: step.sh lint|unit|sandbox|vendors|integration|sanity|package|build|docs|format|bench
# A line that starts with "-> " goes into the summary of dev/check.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=dev/env.sh
source "$here/env.sh"

# ---------------------------------------------------------------------------------------------------------- lint

failed=()

# Runs a linter, shows its output only if it complains, and goes on to the next.
lint_with() { # TITLE COMMAND...
  local title=$1 begin=$SECONDS status=0
  shift
  "$@" >"$BUILD/logs/lint-one.log" 2>&1 || status=$?
  if [ "$status" = 0 ]; then
    printf 'ok      %-32s %3s s\n' "$title" "$((SECONDS - begin))"
  else
    printf 'FAILED  %-32s %3s s\n' "$title" "$((SECONDS - begin))"
    cat "$BUILD/logs/lint-one.log"
    failed+=("$title")
  fi
}

# Text that must not be in the repository. The brackets keep the patterns from finding themselves.
forbidden_text() {
  if known_files | xargs -0 grep -nIiE -e 'py[p]i\.org|python[h]osted\.org|registry\.n[p]mjs|index[-]url' \
    -e '(\.\./|/work/)sha[r]ed' -e '/hom[e]/[a-z]+/|/roo[t]/' -- /dev/null | grep .; then
    echo "Package indexes and folders of one machine do not belong into the repository."
    return 1
  fi
}

no_ignore_files() {
  if known_files 'tests/sanity/ignore*' | grep -q .; then
    echo "Sanity errors are fixed, not ignored: tests/sanity/ignore*.txt must not exist."
    return 1
  fi
}

shell_scripts() {
  known_files '*.sh' .ci/run | xargs -0 shellcheck -x
}

step_lint() {
  lint_with "ruff check" ruff check --output-format concise .
  lint_with "ruff format" ruff format --check .
  lint_with "yamllint" yamllint --strict .
  lint_with "shellcheck" shell_scripts
  lint_with "forbidden text" forbidden_text
  lint_with "no sanity ignore files" no_ignore_files
  lint_with "antsibull-changelog" antsibull-changelog lint
  lint_with "ansible-lint" ansible-lint --nocolor --offline --strict --profile production
  lint_with "antsibull-docs" antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all \
    --skip-rstcheck .
  if [ "${#failed[@]}" -gt 0 ]; then
    note "$(printf '%s, ' "${failed[@]}" | sed 's/, $//')"
    return 1
  fi
}

# --------------------------------------------------------------------------------------------------------- tests

run_pytest() { # FOLDER [ARGUMENT...]
  local folder=$1
  shift
  # ARGS comes from the command line of make: words, on purpose
  # shellcheck disable=SC2086
  python -m pytest "$folder" "$@" ${ARGS:-}
}

step_unit() {
  run_pytest tests/unit
  [ -z "${ARGS:-}" ] || return 0 # somebody looks for something: one Python will do
  unit_on_oldest_python
  unit_on_oldest_core
}

unit_on_oldest_python() {
  printf '\n-- the modules on Python 3.9 with the lowest requests\n'
  if ! bash dev/find-python.sh 3.9 >/dev/null; then
    note "skipped: units on Python 3.9, which was not found"
    return 0
  fi
  ansible_test dev "$BUILD/copy/units" units --venv --python 3.9
}

unit_on_oldest_core() {
  local python
  if ! python=$(python_for_oldest_core); then
    note "skipped: units on ansible-core 2.18, which needs Python 3.11 to 3.13"
    return 0
  fi
  ensure_venv core-2.18 "$python" dev/oldest-requirements.txt
  printf '\n-- %s\n' "$(describe core-2.18)"
  "$BUILD/core-2.18/bin/python" -m pytest tests/unit
}

# These two wait more than they compute: WORKERS of them at a time. Whoever gives ARGS wants to see one after another.
run_pytest_in_parallel() { # FOLDER
  if [ -n "${ARGS:-}" ]; then run_pytest "$1"; else run_pytest "$1" -n "${WORKERS:-3}"; fi
}

step_sandbox() { run_pytest_in_parallel tests/sandbox; }
step_integration() { run_pytest_in_parallel tests/integration; }

# The clients hold back packages that the development environment has newer.
step_vendors() {
  local python
  python=$("$BUILD/dev/bin/python" -c 'import sys; print(sys._base_executable)')
  if ! ensure_venv vendors "$python" dev/vendor-requirements.txt; then
    note "skipped: the vendors' clients, which cannot be installed with $python"
    return 0
  fi
  note "$("$BUILD/vendors/bin/python" -c '
from importlib.metadata import version
print(", ".join(f"{name} {version(name)}" for name in ("huaweicloudsdklts", "otcextensions", "openstacksdk")))')"
  PATH=$BUILD/vendors/bin:$PATH run_pytest tests/vendors
}

step_bench() {
  install_into "$BUILD/dev" dev/bench-requirements.txt
  # shellcheck disable=SC2086 # words, on purpose, as in run_pytest
  PYTHONPATH=tests/support python tests/benchmarks ${ARGS:-}
}

# ------------------------------------------------------------------------------------------------- ansible-test

python_for_oldest_core() {
  local minor
  for minor in 3.13 3.12 3.11; do bash dev/find-python.sh "$minor" && return 0; done
  return 1
}

# .build/pythons: every Python that runs, under the name that ansible-test looks for.
link_pythons() {
  local minor python
  rm -rf "$BUILD/pythons"
  mkdir -p "$BUILD/pythons"
  for minor in 3.9 3.10 3.11 3.12 3.13 3.14; do
    if python=$(bash dev/find-python.sh "$minor"); then ln -s "$python" "$BUILD/pythons/python$minor"; fi
  done
}

# A copy of the tree as ansible-test wants it: below ansible_collections, and a git repository of its own (in a folder
# that git ignores it would find nothing to test, and say that all is well).
copy_tree() { # FOLDER
  local copy=$1/$COLLECTION_PATH
  rm -rf "$1"
  mkdir -p "$copy"
  known_files . ':!dev' ':!.*' ':!Makefile' ':!ansible.cfg' ':!pyproject.toml' |
    while IFS= read -r -d '' file; do
      mkdir -p "$copy/$(dirname "$file")"
      cp -P "$file" "$copy/$file"
    done
  git -C "$copy" init --quiet
  git -C "$copy" add --all
}

# Puts dev/get_pip.py where ansible-test would cache the script that it downloads otherwise. Which pip it wants is
# written in ansible-test itself.
place_get_pip() { # ENVIRONMENT
  local cache=$HOME/.ansible/test/cache version
  mkdir -p "$cache"
  "$BUILD/$1/bin/python" - <<'PY' | while read -r version; do cp dev/get_pip.py "$cache/get_pip_${version//./_}.py"; done
import pathlib
import re

import ansible_test

source = pathlib.Path(ansible_test.__file__).parent.joinpath("_internal", "python_requirements.py").read_text()
versions = set(re.findall(r"""\bpip\W{1,6}(\d+(?:\.\d+)+)""", source))
print("\n".join(sorted(versions)))
PY
}

# Leaves out what pip says while ansible-test makes its environments.
without_pip() {
  grep --line-buffered -vE \
    '^ *(Looking in|Collecting|Getting requirements|Downloading|Processing|Installing|Successfully|Using cached|Preparing|Building|━|$)' |
    grep --line-buffered -vE '^(WARNING: Location|Requirement already|  (Created|Stored)|ERROR: pip.s dependency|INFO: pip is looking)' || true
}

ansible_test() { # ENVIRONMENT FOLDER-OF-THE-COPY ARGUMENT...
  local environment=$1 folder=$2 path log status=0
  shift 2
  path=$(tr : '\n' <<<"$PATH" | grep -v '/shims$' | paste -sd : -) # a shim can be found and yet not run
  log=$BUILD/logs/ansible-test-$environment-$1.log
  link_pythons
  copy_tree "$folder"
  place_get_pip "$environment"
  (
    cd "$folder/$COLLECTION_PATH"
    PATH=$BUILD/$environment/bin:$BUILD/pythons:$path LC_ALL=C.UTF-8 ansible-test "$@" --color no
  ) 2>&1 | tee "$log" | without_pip || status=$?
  if grep -q 'All targets skipped' "$log"; then
    echo "ansible-test saw nothing to test."
    return 1
  fi
  return "$status"
}

sanity_with() { # ENVIRONMENT
  local log=$BUILD/logs/ansible-test-$1-sanity.log python minor tested=()
  printf '\n-- %s\n' "$(describe "$1")"
  ansible_test "$1" "$BUILD/copy/sanity-$1" sanity
  for python in "$BUILD"/pythons/*; do
    minor=${python##*/python}
    if grep -q "^Running sanity test \"import\" on Python $minor\$" "$log"; then tested+=("$minor"); fi
  done
  note "$(describe "$1" | sed 's/.*, //') on Python $(printf '%s\n' "${tested[@]}" | sort -t. -k2n | paste -sd ' ' -)"
}

step_sanity() {
  local python
  sanity_with dev
  if python=$(python_for_oldest_core); then
    ensure_venv core-2.18 "$python" dev/oldest-requirements.txt
    sanity_with core-2.18
  else
    note "skipped: ansible-core 2.18, which needs Python 3.11 to 3.13"
  fi
}

# ------------------------------------------------------------------------------------------------------- package

# Builds .build/dist/saasops-jobs-VERSION.tar.gz and looks at what is in it.
build_tarball() {
  rm -rf "$BUILD/dist"
  ansible-galaxy collection build --force --output-path "$BUILD/dist" . >/dev/null
  TARBALL=$(printf '%s\n' "$BUILD/dist"/*.tar.gz)
  known_files >"$BUILD/logs/known-files"
  python dev/check_tarball.py "$TARBALL" "$BUILD/logs/known-files"
}

step_build() {
  build_tarball
  note "${TARBALL#"$ROOT"/}"
}

step_package() {
  local installed=$BUILD/installed python importer=$BUILD/importer
  build_tarball
  rm -rf "$installed"
  export ANSIBLE_COLLECTIONS_PATH=$installed
  ansible-galaxy collection install --offline -p "$installed" "$TARBALL"
  ansible-galaxy collection verify --offline "$COLLECTION"
  ansible-doc -l "$COLLECTION"
  ansible-doc -t role -l "$COLLECTION"

  printf '\n-- galaxy-importer\n'
  python=$("$BUILD/dev/bin/python" -c 'import sys; print(sys._base_executable)')
  ensure_venv importer "$python" dev/importer-requirements.txt
  mkdir -p "$BUILD/import"
  cat >"$BUILD/import/importer.cfg" <<'CFG'
[galaxy-importer]
CHECK_CHANGELOG = True
CHECK_REQUIRED_TAGS = True
INFRA_LOCAL_DOCKER = False
RUN_ANSIBLE_DOC = True
RUN_ANSIBLE_LINT = False
RUN_ANSIBLE_TEST = False
RUN_FLAKE8 = False
CFG
  (
    cd "$BUILD/import"
    rm -f importer_result.json
    PATH=$importer/bin:$PATH VIRTUAL_ENV=$importer \
      GALAXY_IMPORTER_CONFIG=$BUILD/import/importer.cfg \
      "$importer/bin/python" -m galaxy_importer.main "$TARBALL"
  ) 2>&1 | tee "$BUILD/logs/importer.log"
  if grep -E '(ERROR|CRITICAL|Traceback|importer error)' "$BUILD/logs/importer.log" ||
    [ ! -s "$BUILD/import/importer_result.json" ]; then
    echo "The importer does not accept the tarball."
    return 1
  fi
}

# ---------------------------------------------------------------------------------------------------- docs, format

step_docs() {
  local site=$BUILD/docs
  install_into "$BUILD/dev" dev/docs-requirements.txt
  rm -rf "$site"
  mkdir -m 755 "$site"
  antsibull-docs sphinx-init --use-current --squash-hierarchy --lenient --dest-dir "$site" "$COLLECTION"
  (cd "$site" && bash build.sh)
  note "${site#"$ROOT"/}/build/html/index.html"
}

step_format() {
  ruff check --fix-only .
  ruff format .
}

# ------------------------------------------------------------------------------------------------------------ go

case ${1:-} in
lint | unit | sandbox | vendors | integration | sanity | package | build | docs | format | bench)
  use_temporary_folder
  trap remove_temporary_folder EXIT
  use_dev >/dev/null
  "step_$1"
  ;;
*)
  echo "usage: step.sh lint|unit|sandbox|vendors|integration|sanity|package|build|docs|format|bench" >&2
  exit 2
  ;;
esac
