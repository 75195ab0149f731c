#!/usr/bin/env bash
# Shows that the dropsync shim loses what was not synced, and nothing else.
# Usage: check.sh [dropsync.so]   (built here when it is not named)
set -euo pipefail
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shim=${1:-$work/dropsync.so}
[ -f "$shim" ] || make -s -C ../.. SHIM="$shim" "$shim" >&2
cc -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -o "$work/driver" driver.c -lsqlite3

readonly rows=300 before=7
failures=0

# run NAME JOURNAL SYNCHRONOUS ENDING [VARIABLE=VALUE...]: one file, laid down durably with $before
# rows; prints how many rows stand in it afterwards, read without the shim.
run() {
  local name=$1 journal=$2 synchronous=$3 ending=$4 file="$work/$1.sqlite" status=0
  shift 4
  sqlite3 "$file" "PRAGMA journal_mode=$journal; PRAGMA synchronous=FULL;
    CREATE TABLE fact(id INTEGER PRIMARY KEY, body TEXT NOT NULL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $before)
    INSERT INTO fact SELECT -i, 'before' FROM n;" >/dev/null
  env "$@" "$work/driver" "$file" "$journal" "$synchronous" "$rows" "$ending" \
    >"$work/$name.out" 2>"$work/$name.err" || status=$?
  case "$ending:$status" in
    close:0 | kill:137) ;;
    *) echo "driver ended with $status: $(cat "$work/$name.err")"; return ;;
  esac
  grep -qx "committed $rows" "$work/$name.out" || { echo "not all rows were committed"; return; }
  [ "$(sqlite3 "$file" 'PRAGMA integrity_check')" = ok ] || { echo "the file is damaged"; return; }
  sqlite3 "$file" 'SELECT count(*) FROM fact'
}

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

expect() {
  if [ "$2" = "$3" ]; then
    echo "ok: $1: $2 rows"
  else
    fail "$1: expected $3 rows, got: $2"
  fi
}

preload=LD_PRELOAD=$shim mark=DROPSYNC_MARK=$work/mark
for journal in WAL DELETE; do
  expect "$journal OFF, killed, no shim: the page cache keeps all" \
    "$(run "$journal-bare" $journal OFF kill)" $rows
  expect "$journal OFF, killed, with the shim: all is lost, what stood before is not" \
    "$(run "$journal-off" $journal OFF kill "$preload" "$mark")" $before
  expect "$journal FULL, killed, with the shim: nothing is lost" \
    "$(run "$journal-full" $journal FULL kill "$preload" "$mark")" $rows
  expect "$journal OFF, closed in order, with the shim: nothing is lost" \
    "$(run "$journal-close" $journal OFF close "$preload" "$mark")" $rows
  expect "$journal OFF, closed with the crash flag: all is lost" \
    "$(run "$journal-drop" $journal OFF close "$preload" "$mark" DROPSYNC_CRASH=1)" $before
  for ending in close full; do
    cmp -s <(sqlite3 "$work/$journal-bare.sqlite" .dump) \
      <(sqlite3 "$work/$journal-$ending.sqlite" .dump) ||
      fail "$journal-$ending differs from the run without the shim"
  done
done
marks=$(wc -l <"$work/mark")
[ "$marks" -eq 8 ] || fail "8 runs with the shim, but $marks marks of it"
[ "$failures" -eq 0 ]
