#!/usr/bin/env bash
# Runs steps of dev/step.sh one after another, with times and a summary; stops at the first one that fails.
#
#   check.sh lint unit ...       the named steps
#
# Steps that need nothing from the others (BACKGROUND) are started at once in a second lane, one after another, and their
# output is shown when it is their turn.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=dev/env.sh
source "$here/env.sh"

BACKGROUND=(sanity package)
steps=("$@")
results=()
pytest_lines=()
lane=  # process group of the background steps
front= # process group of the step on screen

# Process groups of their own, so that each can be stopped with all that it started.
stop() {
  local group
  for group in $lane $front; do kill -TERM -- "-$group" 2>/dev/null || true; done
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs a step with its output in .build/logs/STEP.log; leaves status and seconds beside it.
run_quietly() { # STEP
  local begin=$SECONDS status=0
  bash dev/step.sh "$1" >"$BUILD/logs/$1.log" 2>&1 || status=$?
  printf '%s %s\n' "$status" "$((SECONDS - begin))" >"$BUILD/logs/$1.status.new"
  mv "$BUILD/logs/$1.status.new" "$BUILD/logs/$1.status"
  return "$status"
}

in_background() { # STEP
  [ "${#steps[@]}" -gt 2 ] && [[ " ${BACKGROUND[*]} " == *" $1 "* ]]
}

start_lane() {
  local step chosen=()
  for step in "${steps[@]}"; do
    rm -f "$BUILD/logs/$step.status"
    if in_background "$step"; then chosen+=("$step"); fi
  done
  [ "${#chosen[@]}" -gt 0 ] || return 0
  set -m
  (
    set +m
    for step in "${chosen[@]}"; do run_quietly "$step" || break; done
  ) </dev/null &
  lane=$!
  set +m
}

summary() {
  local line
  printf '\n== Summary\n'
  printf '%s\n' "${results[@]}"
  for line in ${pytest_lines[@]+"${pytest_lines[@]}"}; do printf '%s\n' "$line"; done
}

finish_step() { # STEP STATUS SECONDS
  local log=$BUILD/logs/$1.log notes verdict=passed line
  [ "$2" = 0 ] || verdict=FAILED
  notes=$(sed -n -E -e 's/^-> //p' -e 's/^=+ (.* in [0-9.]+s( \([0-9:]+\))?) =+$/\1/p' "$log" | paste -sd ';' - | sed 's/;/; /g')
  results+=("$(printf '%-12s %-7s %4s s  %s' "$1" "$verdict" "$3" "$notes")")
  while IFS= read -r line; do
    pytest_lines+=("$line")
  done < <(grep -E '^=+ .*(passed|failed|skipped|errors?).* in [0-9.]+s.* =+$' "$log" || true)
  if [ "$2" != 0 ]; then
    summary
    printf '\nFAILED: %s (after %s s). Its output is above and in %s\n' "$1" "$3" "${log#"$ROOT"/}"
    exit 1
  fi
}

# Make the development environment once, before two lanes want it.
use_dev
start_lane
for step in "${steps[@]}"; do
  printf '\n== %s (%s s since the start)\n' "$step" "$SECONDS"
  if in_background "$step"; then
    while [ ! -e "$BUILD/logs/$step.status" ] && kill -0 "$lane" 2>/dev/null; do sleep 0.3; done
    cat "$BUILD/logs/$step.log"
    read -r status seconds <"$BUILD/logs/$step.status" || { status=1 seconds='?'; }
  else
    begin=$SECONDS status=0
    set -m
    (bash dev/step.sh "$step" 2>&1 | tee "$BUILD/logs/$step.log") </dev/null &
    front=$!
    set +m
    wait "$front" || status=$?
    front=
    seconds=$((SECONDS - begin))
  fi
  finish_step "$step" "$status" "$seconds"
done
[ -z "$lane" ] || wait "$lane"
lane=
summary
printf '\nAll passed: %s (%s s)\n' "${steps[*]}" "$SECONDS"
