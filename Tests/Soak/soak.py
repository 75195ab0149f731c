#!/usr/bin/env python3
"""Runs simulated cities from fresh seeds over all profiles, a process on each core.

For so many minutes or so many seeds. Every second process has its cities work by the shipped process file
in all of its acts, the others by those that the simulation brings along. The last line on stdout sums up; a failure's report goes to
stderr with its seed, which repeats it. Exit 0 only without a failure.
"""
import argparse
import collections
import concurrent.futures
import itertools
import json
import os
import subprocess
import sys
import threading
import time

PROFILES = ("calm", "rural", "storm", "hostile", "upgrade", "move")
SECONDS_OF_A_YEAR = 365 * 24 * 3600
BATCH = len(PROFILES)  # seeds of one process
LIMIT = 900  # seconds for one process
PROCESS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "topology", "process.yaml")


class Sum:
    """What all seeds together came to."""

    def __init__(self):
        self.seeds = self.events = self.virtual_seconds = self.failures = 0
        self.kinds_least = self.events_least = self.nodes_least = None
        self.faults = collections.Counter()
        self.checks = collections.Counter()
        self.profiles = collections.Counter()
        self.kinds = collections.Counter()
        self.lock = threading.Lock()

    def add(self, report):
        with self.lock:
            self.seeds += 1
            self.events += report["events"]
            self.virtual_seconds += report["virtual_seconds"]
            self.faults.update(report["faults"])
            self.checks.update({name: check["checked"] for name, check in report["checks"].items()})
            self.profiles[report["profile"]] += 1
            self.kinds.update(report.get("kinds", {}))

            def least(former, value):
                return value if former is None else min(former, value)

            self.kinds_least = least(self.kinds_least, len(report["faults"]))
            self.events_least = least(self.events_least, report["events"])
            self.nodes_least = least(self.nodes_least, report["nodes"])
            if report["result"] != "good":
                self.fail(json.dumps(report, ensure_ascii=False))

    def fail(self, what):
        self.failures += 1
        print(f"soak: {what}", file=sys.stderr, flush=True)


def run_batch(options, first, total, deadline):
    if deadline is not None and time.monotonic() >= deadline:
        return
    command = [options.liandong, "simulate", "--json", "--seed", str(first), "--count", str(BATCH),
               "--profile", "all", "--nodes", options.nodes, "--hours", str(options.hours)]
    if first // BATCH % 2:
        command += ["--process", PROCESS]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        with total.lock:
            total.fail(f"seeds {first} to {first + BATCH - 1} took more than {LIMIT} s")
        return
    reports = []
    for line in done.stdout.splitlines():
        try:
            reports.append(json.loads(line))
        except ValueError:
            break  # A process that died in the middle of a line; told below by what is missing.
    for report in reports:
        total.add(report)
    if any(report["result"] != "good" for report in reports):
        print(done.stderr, file=sys.stderr)
    if len(reports) < BATCH:
        with total.lock:
            total.fail(f"seeds {first} to {first + BATCH - 1} ended with {done.returncode} after "
                       f"{len(reports)}: {done.stderr[-400:]}")


def table(total):
    width = max(map(len, total.faults), default=0)
    for name, count in sorted(total.faults.items()):
        print(f"{name:<{width}}  {count}", file=sys.stderr)
    if total.kinds:
        rarest = min(total.kinds.items(), key=lambda item: (item[1], item[0]))
        print(f"soak: {len(total.kinds)} kinds of the shipped process, {total.kinds.total()} events, the rarest "
              f"{rarest[0]} {rarest[1]} times", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--liandong", required=True)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seeds", type=int, help="instead of a time: at least so many")
    parser.add_argument("--first", type=int, help="the first seed, else one that follows from the time")
    parser.add_argument("--nodes", default="1x3x9")
    parser.add_argument("--hours", type=int, default=72)
    parser.add_argument("--details", help="a file for what the sum leaves out")
    options = parser.parse_args()
    if (options.minutes is None) == (options.seeds is None):
        parser.error("give either --minutes or --seeds")
    first = options.first if options.first is not None else time.time_ns() // 1_000_000
    total = Sum()
    deadline = None if options.minutes is None else time.monotonic() + options.minutes * 60
    count = None if options.seeds is None else -(-options.seeds // BATCH)
    starts = itertools.count(first, BATCH) if count is None else range(first, first + count * BATCH, BATCH)
    workers = os.cpu_count() or 1
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(max_workers=workers) as pool:
        pending = set()
        for start in starts:
            if deadline is not None and time.monotonic() >= deadline:
                break
            pending.add(pool.submit(run_batch, options, start, total, deadline))
            if len(pending) >= 2 * workers:
                done, pending = concurrent.futures.wait(
                    pending, return_when=concurrent.futures.FIRST_COMPLETED)
                for future in done:
                    future.result()
                print(f"soak: {total.seeds} seeds, {total.events} events, {total.failures} failures, "
                      f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        for future in pending:
            future.result()
    table(total)
    if options.details:
        with open(options.details, "w", encoding="utf8") as file:
            json.dump({"first": first, "kinds_least": total.kinds_least, "events_least": total.events_least,
                       "nodes_least": total.nodes_least, "checks": total.checks,
                       "profiles": total.profiles, "kinds": total.kinds, "wall_seconds": time.monotonic() - began}, file)
    print(json.dumps({"schema": "liandong.soak/1", "seeds": total.seeds,
                      "virtual_years": round(total.virtual_seconds / SECONDS_OF_A_YEAR, 2),
                      "events": total.events, "faults": dict(sorted(total.faults.items())),
                      "failures": total.failures}))
    return 0 if total.failures == 0 and total.seeds > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
