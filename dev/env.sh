# shellcheck shell=bash
# Sourced by the other scripts: where things are, and how environments are made. Everything is written below .build/.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
BUILD=$ROOT/.build
COLLECTION=saasops.jobs
COLLECTION_PATH=ansible_collections/${COLLECTION/.//}
export COLLECTION COLLECTION_PATH

cd "$ROOT" || exit
mkdir -p "$BUILD/cache" "$BUILD/logs"

# Environments hold absolute paths: when the checkout was moved, they are made again.
if [ "$(cat "$BUILD/location" 2>/dev/null)" != "$BUILD" ]; then
  find "$BUILD" -mindepth 1 -maxdepth 1 ! -name cache ! -name logs -exec rm -rf {} +
  mkdir -p "$BUILD/cache" "$BUILD/logs"
  printf '%s\n' "$BUILD" >"$BUILD/location"
fi

export XDG_CACHE_HOME=$BUILD/cache
export PIP_CACHE_DIR=$BUILD/cache/pip
export UV_CACHE_DIR=$BUILD/cache/uv
export UV_PYTHON_DOWNLOADS=never
export PIP_DISABLE_PIP_VERSION_CHECK=1
export ANSIBLE_NOCOWS=1
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME

# The path of uv, installed on first use; fails when it cannot be had.
uv_path() { # PYTHON
  local uv=$BUILD/uv/bin/uv
  if ! "$uv" --version >/dev/null 2>&1; then
    [ ! -e "$BUILD/uv/unavailable" ] || return 1
    rm -rf "$BUILD/uv"
    "$1" -m venv "$BUILD/uv" >/dev/null || return 1
    if ! "$BUILD/uv/bin/python" -m pip install --quiet 'uv>=0.13.9' >"$BUILD/logs/uv.log" 2>&1; then
      touch "$BUILD/uv/unavailable"
      return 1
    fi
  fi
  printf '%s\n' "$uv"
}

# Installs requirement files into an environment: with uv, or with pip where uv is missing or fails. Both read the
# user's own settings for the package index.
install_into() { # FOLDER REQUIREMENTS-FILE...
  local -x HOME=${REAL_HOME:-$HOME}
  local dir=$1 uv files=() file
  shift
  for file in "$@"; do files+=(-r "$file"); done
  if uv=$(uv_path "$dir/bin/python") && "$uv" pip install --quiet --python "$dir/bin/python" "${files[@]}"; then
    return 0
  fi
  echo "uv is of no use here: installing with pip, which takes longer" >&2
  "$dir/bin/python" -m ensurepip --upgrade >/dev/null
  "$dir/bin/python" -m pip install --quiet "${files[@]}"
}

# The text of requirement files, with the text of the files that they name (-r FILE, relative to themselves).
requirements_text() { # REQUIREMENTS-FILE...
  local file text named
  for file in "$@"; do
    text=$(cat "$file")
    printf '%s\n' "$text"
    while read -r named; do requirements_text "${file%/*}/$named"; done < <(sed -n 's/^-r //p' <<<"$text")
  done
}

# Makes the environment .build/NAME unless it is there, runs, and was made from the same requirements and Python.
ensure_venv() { # NAME PYTHON REQUIREMENTS-FILE...
  local dir=$BUILD/$1 python=$2 wanted
  shift 2
  wanted=$(
    printf '# %s\n' "$python"
    requirements_text "$@"
  )
  if [ "$(cat "$dir/made-from" 2>/dev/null)" = "$wanted" ] && "$dir/bin/python" -c '' 2>/dev/null; then
    return 0
  fi
  echo "Making the environment ${dir#"$ROOT"/} with $python" >&2
  rm -rf "$dir"
  "$python" -m venv --without-pip "$dir" || return
  install_into "$dir" "$@" || return
  printf '%s\n' "$wanted" >"$dir/made-from"
}

# Which Python, which ansible-core: one line.
describe() { # ENVIRONMENT
  "$BUILD/$1/bin/python" -c '
import platform
from importlib.metadata import version
print("Python", platform.python_version() + ", ansible-core", version("ansible-core"))'
}

# The development environment. Prints which Python and ansible-core it has.
use_dev() {
  local python
  python=$(bash dev/find-python.sh)
  ensure_venv dev "$python" dev/requirements.txt
  tree
  use_home
  export PATH=$BUILD/dev/bin:$PATH VIRTUAL_ENV=$BUILD/dev
  echo "$(describe dev) ($python)"
}

# Tools leave files in the home folder: they get one of ours. The user's settings for pip and git still hold.
use_home() {
  [ -z "${REAL_HOME:-}" ] || return 0
  export REAL_HOME=$HOME HOME=$BUILD/home
  # Ansible looks up the real home of the user for these files.
  export ANSIBLE_REMOTE_TEMP=$HOME/.ansible/tmp
  export PYENV_ROOT=${PYENV_ROOT:-$REAL_HOME/.pyenv}
  mkdir -p "$HOME/.config/pip"
  local file
  for file in "$REAL_HOME/.pip/pip.conf" "${XDG_CONFIG_HOME:-$REAL_HOME/.config}/pip/pip.conf"; do
    [ ! -e "$file" ] || ln -sfn "$file" "$HOME/.config/pip/pip.conf"
  done
  [ -n "${GIT_CONFIG_GLOBAL:-}" ] || [ ! -e "$REAL_HOME/.gitconfig" ] || export GIT_CONFIG_GLOBAL=$REAL_HOME/.gitconfig
  export ANSIBLE_HOME=$HOME/.ansible
  export ANSIBLE_COLLECTIONS_PATH=$BUILD/tree
}

# .build/tree/ansible_collections/...: the working tree where Ansible looks for collections.
tree() {
  local link=$BUILD/tree/$COLLECTION_PATH
  mkdir -p "$(dirname "$link")"
  ln -sfn "$ROOT" "$link"
}

# The files that git knows or would add, zero-terminated, without those that were deleted; pathspecs may be given.
known_files() { # [PATHSPEC...]
  local file
  git ls-files -co --exclude-standard -z -- "$@" | sort -zu | while IFS= read -r -d '' file; do
    if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
  done
}

# Temporary files of whatever the caller runs end with the caller, also of what was killed. Not below .build/: there are
# sockets among them, whose paths must be short. Pytest's, which help to see why a test failed, are kept there.
use_temporary_folder() {
  TMPDIR=$(mktemp -d)
  export TMPDIR PYTEST_DEBUG_TEMPROOT=$BUILD/tmp
  mkdir -p "$PYTEST_DEBUG_TEMPROOT"
}

remove_temporary_folder() { rm -rf "$TMPDIR"; }

note() { printf -- '-> %s\n' "$*"; }
