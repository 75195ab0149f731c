#!/usr/bin/env bash
# The shows of the issue on conflicts and the slow link. Usage: conflicts.sh [NUMBER]
# shellcheck source=runner.bash
. "$(dirname "$0")/runner.bash"

conflicts() { swift_suite ConflictTests; }

moved_township() { swift_suite MoveTests; }

slow_link() {
  make slow-link >"$WORK/slow.json" || [ -s "$WORK/slow.json" ] ||
    refuse "make slow-link could not measure: $(tail -n 1 "$WORK/stderr")"
  look slow_link "$WORK/slow.json"
}

show 4 1200 conflicts
show 5 1200 moved_township
show 6 4200 slow_link
show 7 2400 bench_goals
run_shows conflicts "$@"
