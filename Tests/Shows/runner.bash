# What every list of shows shares; sourced by city.sh and its like.
#
# A list defines one function per line of its issue's Shows, declares each with
#   show NUMBER LIMIT_SECONDS FUNCTION
# and ends with
#   run_shows NAME "$@"
# A function says on its last line of stdout what it saw, and holds if it returns 0 and said
# something. It runs in a process of its own under `set -euo pipefail`, in the repository's root,
# with an empty folder $WORK, and another one with a short path, $CITY, for nodes, whose sockets need
# one. `refuse REASON` ends it as not shown; so does any failing command.

declare -a SHOWS=()
show() { SHOWS+=("$1 $2 $3"); }

refuse() {
  printf '%s\n' "$*" >"$WORK/reason"
  exit 1
}

# Ends what a show left running: only processes that name its own folders in their arguments.
end_leftovers() {
  local signal pids
  for signal in TERM KILL; do
    pids=$(pgrep -f -- "$WORK/|$CITY/" | grep -vx "$$") || return 0
    # shellcheck disable=SC2086
    kill -"$signal" $pids 2>/dev/null || true
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      pgrep -f -- "$WORK/|$CITY/" | grep -qvx "$$" || return 0
      sleep 0.5
    done
  done
}

# What stands in $WORK is looked at by city.py, which says why it is not as it must be.
look() { python3 Tests/Shows/city.py "$@" || refuse "$(cat "$WORK/why" 2>/dev/null || echo "$*")"; }

program() {
  make release >&2
  echo "$(swift build -c release --show-bin-path)/liandong"
}

# swift_suite NAME: runs the tests of that suite; refuses if there are none, or one was skipped.
swift_suite() {
  local count log="$WORK/$1.log"
  make .bench/dropsync.so >&2
  LIANDONG_DROPSYNC="$PWD/.bench/dropsync.so" swift test --filter "$1" >"$log" 2>&1 ||
    refuse "$1: $(grep -m 1 -E '✘|error:' "$log" || tail -n 1 "$log")"
  count=$(sed -nE 's/.*Test run with ([0-9]+) tests?.* passed.*/\1/p' "$log" | tail -n 1)
  [ "${count:-0}" -gt 0 ] || refuse "no tests are called $1"
  ! grep -qE 'Test .* skipped' "$log" || refuse "$1: $(grep -m 1 -E 'Test .* skipped' "$log")"
  echo "$1: $count tests"
}

bench_goals() {
  make bench >"$WORK/lines" || refuse "make bench could not measure all"
  look goals "$WORK/lines"
}

# One show, started and limited by run_shows.
run_one() {
  set -euo pipefail
  "$1"
}

report() {
  python3 -c '
import json, sys
show, ok, value, began, ended = sys.argv[1:]
print(json.dumps({"show": show, "ok": ok == "true", "value": value[:400],
                  "seconds": round(float(ended) - float(began), 1)}, ensure_ascii=False))' "$@"
}

run_shows() {
  local list=$1 only=${2:-} line number limit function status began ok value failed=0 shown=0
  cd "$(dirname "$0")/../.."
  if [ "$only" = --run ]; then
    run_one "$3"
    return
  fi
  mkdir -p .bench
  for line in "${SHOWS[@]}"; do
    read -r number limit function <<<"$line"
    [ -z "$only" ] || [ "$only" = "$number" ] || continue
    shown=$((shown + 1))
    export WORK CITY
    WORK=$(mktemp -d "$PWD/.bench/show-$list-$number-XXXXXX")
    CITY=$(mktemp -d /tmp/sc-XXXXXX)
    began=$(date +%s.%N) status=0
    timeout --kill-after=20 "$limit" bash "$0" --run "$function" \
      </dev/null >"$WORK/stdout" 2>"$WORK/stderr" || status=$?
    end_leftovers
    ok=false
    value=$(grep -v '^[[:space:]]*$' "$WORK/stdout" | tail -n 1)
    if [ "$status" -eq 0 ] && [ -n "$value" ]; then
      ok=true
    elif [ -f "$WORK/reason" ]; then
      value=$(cat "$WORK/reason")
    elif [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
      value="stopped after $limit seconds"
    elif [ "$status" -eq 0 ]; then
      value="it said nothing"
    else
      value="ended with $status: $(grep -v '^[[:space:]]*$' "$WORK/stderr" | tail -n 1)"
    fi
    report "$list.$number" "$ok" "$value" "$began" "$(date +%s.%N)"
    if [ "$ok" = true ]; then
      rm -rf "$WORK" "$CITY"
    else
      failed=1
      mv "$CITY" "$WORK/city"
      echo "shows: $list.$number: what it wrote is kept in ${WORK#"$PWD"/}" >&2
    fi
  done
  if [ "$shown" -eq 0 ]; then
    echo "shows: the list $list has no show ${only:-at all}" >&2
    return 64
  fi
  return "$failed"
}
