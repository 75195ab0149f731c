#!/usr/bin/env python3
"""Measures one section and prints one JSON line per figure (schema liandong.bench/1).

The figures come from `Benchmarks/<section>/run`, a program that is called as

    run --liandong PROGRAM --work DIRECTORY --floor PROGRAM

and prints lines of the schema on stdout. It runs the floor (Floor/floor.c) itself, before, between
and after what is compared with it, since the goals are ratios within one run. Exit: 0 measured; 1
with STRICT=1 and a missed goal; 69 a figure could not be measured, which is said on stderr and
never left out in silence.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCHEMA = "liandong.bench/1"
KEYS = ["schema", "section", "metric", "n", "value", "unit", "ratio", "goal", "ok", "runs", "note"]
# What a section must report before it counts as measured.
METRICS = {
    "sync": [
        "floor", "catchup_single", "catchup_batch100", "catchup_500k_second_half", "live_p50",
        "live_p95", "live_p99", "rss_idle_township", "rss_hub", "wire_bytes",
    ],
    "casework": [
        "start", "queue_p99", "filter_p99", "timeline_p99", "warning_list_p99", "act_p99", "rss",
        "sweep",
    ],
}
SYNC_LIMIT_SECONDS = 600
OTHER_LIMIT_SECONDS = 6 * 3600
OTHER_FREE_BYTES = 20 << 30
UNMEASURED = 69


def say(text):
    print(f"bench: {text}", file=sys.stderr)


def emit(line):
    print(json.dumps({key: line.get(key) for key in KEYS}, ensure_ascii=False), flush=True)


def forward(section, command, limit):
    """Runs the section's program and passes its lines on; returns them."""
    lines = []
    child = subprocess.Popen(
        ["timeout", "--kill-after=20", str(limit), *command], stdout=subprocess.PIPE, text=True
    )
    for text in child.stdout:
        try:
            line = json.loads(text)
            wrong = line.get("schema") != SCHEMA or line.get("section") != section
        except (ValueError, AttributeError):
            wrong = True
        if wrong:
            say(f"not a line of this section: {text.strip()[:200]}")
            continue
        lines.append(line)
        emit(line)
    status = child.wait()
    if status == 124:
        say(f"stopped after {limit} seconds")
    elif status != 0:
        say(f"{command[0]} ended with {status}")
    return lines, status


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--section", default="sync")
    parser.add_argument("--liandong", required=True, help="the release binary")
    parser.add_argument("--floor", required=True, help="the compiled floor")
    given = parser.parse_args()
    section = given.section

    program = HERE / section / "run"
    runnable = section.isidentifier() and os.access(program, os.X_OK)
    if not runnable and section not in METRICS:
        say(f"no section is called {section}: there is no program {program.relative_to(HERE.parent)}")
        return 64

    store = HERE.parent / ".bench"
    store.mkdir(exist_ok=True)
    if section != "sync" and shutil.disk_usage(store).free < OTHER_FREE_BYTES:
        say(f"section {section} needs 20 GB free below {store.name}/")
        return 74

    lines, status = [], 0
    with tempfile.TemporaryDirectory(dir=store, prefix=f"{section}-") as work:
        if runnable:
            limit = SYNC_LIMIT_SECONDS if section == "sync" else OTHER_LIMIT_SECONDS
            folder = work if section == "sync" else str(store)
            command = [str(program), "--liandong", str(Path(given.liandong).resolve()),
                       "--work", folder, "--floor", str(Path(given.floor).resolve())]
            lines, status = forward(section, command, limit)

    reported = {line.get("metric") for line in lines}
    missing = [metric for metric in METRICS.get(section, []) if metric not in reported]
    if missing:
        say(f"not measured: {', '.join(missing)}")
    if missing or status != 0 or not lines:
        return UNMEASURED
    missed = [line["metric"] for line in lines if line.get("ok") is not True]
    if missed:
        say(f"goals missed: {', '.join(missed)}")
    return 1 if missed and os.environ.get("STRICT") == "1" else 0


if __name__ == "__main__":
    sys.exit(main())
