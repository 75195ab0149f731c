#!/usr/bin/env bash
# The shows of the issue "A city in one command". Usage: city.sh [NUMBER]
# shellcheck source=runner.bash
. "$(dirname "$0")/runner.bash"

readonly sample=../shared/data/complaints-sample.tsv sample_rows=391 demo_nodes=7

# Leaves a demo running whose every file lies below $CITY, its summary in $WORK/demo.json.
keep_demo() {
  local binary=$1
  TMPDIR="$CITY" setsid "$binary" demo --keep --json "$WORK/demo.json" \
    >"$WORK/demo.out" 2>"$WORK/demo.err" &
  local demo=$!
  until python3 -m json.tool "$WORK/demo.json" >/dev/null 2>&1; do
    if ! kill -0 "$demo" 2>/dev/null && [ ! -s "$WORK/demo.json" ]; then
      refuse "demo --keep ended without its JSON: $(tail -n 1 "$WORK/demo.err")"
    fi
    sleep 0.5
  done
  look demo "$WORK/demo.json" >&2
}

homes() { find "$CITY" -name node.yaml -printf '%h\n' | sort; }

fresh_clone() {
  local began clone="$WORK/clone"
  git clone --quiet . "$clone"
  cd "$clone"
  make demo ARGS="--json out.json" >&2
  cd - >/dev/null
  look demo "$clone/out.json" >"$WORK/seen"
  rm -rf "$clone/.build" "$clone/.bench"
  began=$SECONDS
  (cd "$clone" && .ci/run) >&2 || refuse ".ci/run failed in the clone"
  [ $((SECONDS - began)) -lt 2400 ] || refuse ".ci/run took $((SECONDS - began)) s"
  echo "$(cat "$WORK/seen"); cold .ci/run with make test passed in $((SECONDS - began)) s"
}

real_input() {
  [ -f "$sample" ] || refuse "there is no $sample"
  make demo ARGS="--input $sample --json $WORK/out.json" >&2
  look demo "$WORK/out.json" --rows "$sample_rows"
}

altered_byte() {
  local binary home count=0 part status
  binary=$(program)
  keep_demo "$binary"
  end_leftovers
  for home in $(homes); do
    "$binary" verify --json --home "$home" >"$WORK/verify.json" || refuse "verify failed in $home"
    look verified "$WORK/verify.json"
    count=$((count + 1))
  done
  [ "$count" -eq "$demo_nodes" ] || refuse "$count stores, expected $demo_nodes"
  home=$(homes | head -n 1)
  for part in first middle last; do
    rm -rf "$WORK/altered"
    cp -a "$home" "$WORK/altered"
    look alter "$WORK/altered" "$part" >"$WORK/altered.json"
    status=0
    "$binary" verify --json --home "$WORK/altered" >"$WORK/failed-$part.json" || status=$?
    [ "$status" -eq 1 ] || refuse "verify ended with $status after $(cat "$WORK/altered.json")"
  done
  look named "$WORK"/failed-{first,middle,last}.json
  echo "$count stores verify; each of 3 altered rows is named by its commit"
}

killed_nodes() {
  Tests/Crash/check.sh >&2 || refuse "the crash shim does not do what it says"
  swift_suite CrashTests
}

mutual_tls() {
  local binary port
  binary=$(program)
  keep_demo "$binary"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj /CN=stranger -keyout "$WORK/foreign.key" -out "$WORK/foreign.crt" 2>/dev/null
  port=""
  for candidate in $(look ports "$CITY/"); do
    # The server's verdict on the client comes after the handshake, so the input stays open.
    sleep 2 | timeout 10 openssl s_client -connect "127.0.0.1:$candidate" -alpn h2 \
      >"$WORK/bare" 2>&1 || true
    grep -q 'TLSv1.3' "$WORK/bare" && grep -q 'alert number 116' "$WORK/bare" || continue
    port=$candidate
    break
  done
  [ -n "$port" ] || refuse "no port of a node answers TLS 1.3 with alert 116"
  sleep 2 | timeout 10 openssl s_client -connect "127.0.0.1:$port" -alpn h2 \
    -cert "$WORK/foreign.crt" -key "$WORK/foreign.key" >"$WORK/foreign" 2>&1 || true
  grep -qE 'alert number [0-9]+' "$WORK/foreign" || refuse "a foreign certificate got no alert"
  end_leftovers
  swift_suite LinkRefusalTests >"$WORK/seen"
  echo "TLS 1.3; no certificate: alert 116; foreign:" \
    "$(grep -oE 'alert number [0-9]+' "$WORK/foreign" | head -n 1); $(cat "$WORK/seen")"
}

older_backup() { swift_suite RestoreTests; }

python_child() { swift_suite InteropTests; }

show 1 6000 fresh_clone
show 2 1800 real_input
show 3 1800 altered_byte
show 4 2400 killed_nodes
show 5 1800 mutual_tls
show 6 1200 older_backup
show 7 1200 python_child
show 8 2400 bench_goals
run_shows city "$@"
