#!/usr/bin/env bash
# Prints the path of a Python to build environments with.
#
#   find-python.sh           the newest one that ansible-core's own tools can use: 3.11 to 3.14
#   find-python.sh 3.9       a Python 3.9
#
# Every candidate is RUN: a pyenv shim can be on the PATH and yet refuse to start, and some distributions ship a Python
# without venv. PYTHON=/path/to/python decides the first form. Exit status 1: there is none.
set -euo pipefail

candidates() { # MINOR
  printf '%s\n' "python3.$1"
  local dir
  for dir in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3."$1".*/bin "$HOME"/.local/share/uv/python/cpython-3."$1".*/bin \
    /usr/bin /usr/local/bin /opt/homebrew/bin; do
    [ -x "$dir/python3.$1" ] && printf '%s\n' "$dir/python3.$1"
  done
  printf '%s\n' python3
}

# Prints the real path of the given interpreter if it runs, is 3.MINOR (any 3.11+ if empty) and can make environments.
runs() { # PYTHON [MINOR]
  "$1" -c '
import ensurepip, sys, venv
want = sys.argv[1]
ok = sys.version_info[:2] == (3, int(want)) if want else sys.version_info >= (3, 11)
if ok:
    print(getattr(sys, "_base_executable", None) or sys.executable)
else:
    sys.exit(1)' "${2:-}" 2>/dev/null
}

find_minor() { # MINOR
  local candidate
  while read -r candidate; do
    runs "$candidate" "$1" && return 0
  done < <(candidates "$1")
  return 1
}

if [ $# -gt 0 ]; then
  find_minor "${1#3.}"
  exit
fi
if [ -n "${PYTHON:-}" ]; then
  runs "$PYTHON" || {
    echo "PYTHON=$PYTHON does not run, is older than 3.11, or has no venv module" >&2
    exit 1
  }
  exit
fi
for minor in 14 13 12 11; do
  find_minor "$minor" && exit
done
echo "No Python 3.11 to 3.14 that runs and has the venv module was found. Set PYTHON=/path/to/python3." >&2
exit 1
