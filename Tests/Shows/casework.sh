#!/usr/bin/env bash
# The shows of the issue on casework. Usage: casework.sh [NUMBER]
# shellcheck source=runner.bash
. "$(dirname "$0")/runner.bash"

paths() {
  local log="$WORK/suite.log"
  make .bench/dropsync.so >&2
  LIANDONG_WARNED_PATHS=1 LIANDONG_DROPSYNC="$PWD/.bench/dropsync.so" \
    swift test --filter CaseworkPathTests >"$log" 2>&1 ||
    refuse "$(grep -m 1 -E '✘|error:' "$log" || tail -n 1 "$log")"
  grep -E '^[0-9]+ paths;' "$log" || refuse "no path was gone"
}

rule_table() {
  local binary
  binary=$(program)
  "$binary" process table topology/process.yaml --json >"$WORK/cells" || refuse "no table"
  python3 -B Tests/CommandTests/rule_table.py topology/process.yaml "$WORK/cells"
}

# The clocks against the day-by-day computation, and what a node that was down finds out.
deadlines() {
  local log="$WORK/suite.log" cases
  swift test --filter 'DeadlineOracleTests|WorkingCalendarTests|WarningTests' >"$log" 2>&1 ||
    refuse "$(grep -m 1 -E '✘|error:' "$log" || tail -n 1 "$log")"
  ! grep -q '^skipped' "$log" || refuse "$(grep -m 1 '^skipped' "$log")"
  cases=$(grep -oE '[0-9]+ cases.*' "$log" | tail -n 1)
  echo "clocks agree with Python: ${cases:?nothing was compared}"
}

published_figures() {
  local log="$WORK/suite.log"
  swift test --filter CommandsFigureTests >"$log" 2>&1 ||
    refuse "$(grep -m 1 -E '✘|error:' "$log" || tail -n 1 "$log")"
  grep -E '^97876 leads' "$log" || refuse "the whole city was not counted"
}

# A contact is in no byte outside its audience; forged commits touch nothing.
protected() {
  local contacts forged
  contacts=$(swift_suite ContactTests)
  forged=$(swift_suite HostilePeerTests)
  echo "$contacts; $forged"
}

custody() { swift_suite CustodyTests; }

new_kinds() {
  make mutants >"$WORK/mutants" || [ -s "$WORK/mutants" ] || refuse "make mutants did not run"
  look mutants "$WORK/mutants"
  make soak MINUTES=15 >"$WORK/soak.json" 2>"$WORK/table" ||
    refuse "make soak: $(grep -m 1 'soak: [^0-9]' "$WORK/table" || tail -n 1 "$WORK/table")"
  cat "$WORK/table" >&2
  local kinds
  kinds=$(grep -oE '^soak: [0-9]+ kinds.*' "$WORK/table") || refuse "no kind of the shipped process was written"
  echo "$(tail -n 1 "$WORK/mutants" | cut -c 1-120); soak of 15 minutes clean; ${kinds#soak: }"
}

show 1 1200 paths
show 2 1800 rule_table
show 3 1800 deadlines
show 4 2400 published_figures
show 5 1200 protected
show 6 1200 custody
show 7 7200 new_kinds
run_shows casework "$@"
