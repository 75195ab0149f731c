#!/usr/bin/env bash
# The shows of the issue on conflicts and the slow link. Usage: conflicts.sh [NUMBER]
# shellcheck source=runner.bash
. "$(dirname "$0")/runner.bash"

readonly seeds=1000

thousand_seeds() {
  make soak SEEDS=$seeds DETAILS="$WORK/details.json" >"$WORK/soak.json" 2>"$WORK/table" ||
    refuse "make soak: $(grep -m 1 'soak: [^0-9]' "$WORK/table" || tail -n 1 "$WORK/table")"
  cat "$WORK/table" >&2
  look soak "$WORK/soak.json" "$WORK/details.json" "$seeds"
}

planted_faults() {
  make mutants >"$WORK/mutants" || [ -s "$WORK/mutants" ] || refuse "make mutants did not run"
  look mutants "$WORK/mutants"
}

# Every process has a hash seed of its own.
same_digest() {
  local binary profile first second count=0
  binary=$(program)
  for profile in calm rural storm hostile upgrade move; do
    first=$("$binary" simulate --seed 4711 --profile "$profile" --json) || refuse "$profile: $first"
    second=$("$binary" simulate --seed 4711 --profile "$profile" --json) || refuse "$profile: $second"
    look same_digest "$first" "$second"
    count=$((count + 1))
  done
  echo "$count profiles: two processes of one seed give the same state_digest"
}

conflicts() { swift_suite ConflictTests; }

moved_township() { swift_suite MoveTests; }

slow_link() {
  make slow-link >"$WORK/slow.json" || [ -s "$WORK/slow.json" ] ||
    refuse "make slow-link could not measure: $(tail -n 1 "$WORK/stderr")"
  look slow_link "$WORK/slow.json"
}

show 1 7200 thousand_seeds
show 2 3600 planted_faults
show 3 900 same_digest
show 4 1200 conflicts
show 5 1200 moved_township
show 6 4200 slow_link
show 7 2400 bench_goals
run_shows conflicts "$@"
