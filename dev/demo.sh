#!/usr/bin/env bash
# Installs the collection as a user would, starts the sandbox that it brings along, and runs the demo playbook against it
# three times: check mode, for real, and for real again (nothing may change then). Ends with a table of what happened.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=dev/env.sh
source "$here/env.sh"

demo=$BUILD/demo
collections=$demo/collections
sandbox=

stop_sandbox() {
  [ -n "$sandbox" ] || return 0
  kill "$sandbox" 2>/dev/null || true
  wait "$sandbox" 2>/dev/null || true
  sandbox=
}
end() {
  stop_sandbox
  remove_temporary_folder
}
use_temporary_folder
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
  printf '\nFAILED: %s\n' "$*"
  exit 1
}

install_collection() {
  rm -rf "$demo"
  mkdir -p "$demo"
  export ANSIBLE_COLLECTIONS_PATH=$collections
  if ! {
    ansible-galaxy collection build --output-path "$demo" . &&
      ansible-galaxy collection install --offline -p "$collections" "$demo"/*.tar.gz
  } >"$demo/install.log" 2>&1; then
    cat "$demo/install.log"
    fail "the collection cannot be built and installed"
  fi
}

# Sets sandbox (its process id) and url.
start_sandbox() {
  local port_file=$demo/port log=$demo/sandbox.log tries
  python "$collections/$COLLECTION_PATH/roles/sandbox/files/run_sandbox.py" --port 0 --port-file "$port_file" \
    --parent-pid $$ >"$log" 2>&1 </dev/null &
  sandbox=$!
  for ((tries = 0; tries < 300; tries++)); do
    if [ -s "$port_file" ]; then
      url=http://127.0.0.1:$(cat "$port_file")
      return 0
    fi
    kill -0 "$sandbox" 2>/dev/null || break
    sleep 0.1
  done
  cat "$log"
  fail "the sandbox does not start"
}

# Runs the demo playbook; its output goes into a file, only the recap and what failed are shown.
play() { # NAME TITLE ARGUMENT...
  local name=$1 title=$2 log=$demo/$1.log status=0 begin=$SECONDS
  shift 2
  ansible-playbook "$COLLECTION.demo" -e sandbox_url="$url" -e demo_report="$demo/$name.json" "$@" \
    >"$log" 2>&1 </dev/null || status=$?
  printf '\n== %s (%s s, all of it in %s)\n' "$title" "$((SECONDS - begin))" "${log#"$ROOT"/}"
  grep -E -A 12 '^(fatal|failed|\[?ERROR|ERROR)' "$log" || true
  sed -n '/^PLAY RECAP/,$p' "$log" | grep -E 'ok=' || true
  [ "$status" = 0 ] || fail "$title: the playbook ended with status $status"
}

echo "== Python and ansible-core"
use_dev
echo
echo "== Installing the collection and starting its sandbox"
install_collection
start_sandbox
echo "The sandbox listens on $url"
play check "Check mode" --check
play real "For real"
play again "For real, again"
echo
python dev/demo_recap.py "$demo/check.json" "$demo/real.json" "$demo/again.json"
grep -qE 'ok=.* changed=0 ' "$demo/again.log" || fail "the third run changed something"
printf '\nAll three runs succeeded, and the third one had nothing left to change (%s s)\n' "$SECONDS"
