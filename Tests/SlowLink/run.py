#!/usr/bin/env python3
"""Measures real nodes across a slow, lossy line; one JSON object (liandong.slow_link/1) on stdout.

Leads wait at a township while its line is down; then the line comes up. The case `slow` loses 5% of
the packets: all leads must arrive within twice the line's theoretical time, and a directive from the
hub and an urgent lead from the township must arrive before half of the leads did. `faded` is the same
with a session that stands from when the line was fast; all must arrive within the same time. `lossy`
loses 30%: the link must make progress. The theoretical time is the TCP payload that the same number
of leads took upward over an unhindered line, from its raising to the last lead, over the rate.

Exit: 0 all holds; 1 a goal is missed; 69 it cannot run here, said on stderr as `skipped: reason` and
in the JSON as "skipped"; 70 the measurement itself went wrong.
"""

import argparse
import json
import os
import shutil
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

from office import LOWER, UPPER, Fault, Namespace, Office, wait_for
from relay import Line, Relay, open_tun
from trial import Overtaking, Trial, rounded, say

SCHEMA = "liandong.slow_link/1"
GOOD, MISSED, UNMEASURED, FAULT = 0, 1, 69, 70
LOSSES = {"slow": 0.05, "faded": 0.05, "lossy": 0.30}
# The leads arrive in at most so many times the line's theoretical time.
GOAL_RATIO = 2.0
# Beyond its goal a trial is watched for so much longer, to know by how much it was missed.
PATIENCE = 3.0
LEAST_SECONDS = 60
UNHINDERED_SECONDS = 60
# Longer than any measurement may take.
NAMESPACE_SECONDS = 7_200
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def hindrance():
    """Why it cannot run here; `None` where it can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    missing = [tool for tool in ("ip", "nsenter", "setpriv", "sysctl", "unshare")
               if not shutil.which(tool)]
    if missing:
        return f"no {', '.join(missing)}; install iproute2, procps and util-linux"
    try:
        os.close(open_tun(device("x")))
    except OSError as error:
        return f"no TUN device: {error}"
    return None


def end(number, _):
    """Ends the run; a second signal does not disturb the clearing up."""
    for name in SIGNALS:
        signal.signal(name, signal.SIG_IGN)
    sys.exit(128 + number)


def device(side):
    """A name that no other run has now."""
    return f"lds{side}{os.getpid()}"


def lay_line(stack, given):
    """Two namespaces and the line between them, which is down."""
    tuns, spaces = [], []
    for side, address in (("a", UPPER), ("b", LOWER)):
        space = Namespace(NAMESPACE_SECONDS)
        stack.callback(space.end)
        tuns.append(open_tun(device(side)))
        space.take(device(side), address, given.congestion)
        spaces.append(space)
    relay = Relay(*tuns, given.seed)
    stack.callback(relay.end)
    return relay, spaces


def judged(case, seen, given, payload_bytes):
    theoretical = payload_bytes * 8 / (given.rate * 1000)
    answer = {"case": case, "loss": LOSSES[case], "theoretical_seconds": rounded(theoretical), **seen}
    share = seen["arrived"] / seen["leads"]
    taken = seen["seconds"] or seen["watched_seconds"]
    # What arrived, as a share of what the line could have carried in that time.
    answer["share_of_line"] = rounded(share * theoretical / taken, 3)
    if case == "lossy":
        return answer | {"ok": seen["arrived"] > 0}
    ratio = seen["seconds"] and seen["seconds"] / theoretical
    is_prompt = case == "faded" or (seen["directive"]["ok"] and seen["urgent_lead"]["ok"])
    return answer | {"ratio": rounded(ratio, 2), "goal_ratio": GOAL_RATIO,
                     "ok": ratio is not None and ratio <= GOAL_RATIO and is_prompt}


def settle(office, relay):
    """What the nodes have to say to each other at their first meeting is said before."""
    relay.raise_line(Line())
    wait_for("nothing waits below", UNHINDERED_SECONDS, office.is_settled)
    relay.cut()
    office.restart_lake()


def measure(given, stack):
    relay, spaces = lay_line(stack, given)
    office = Office(given.liandong)
    stack.callback(office.end)
    if given.logs:
        stack.callback(office.keep_logs, given.logs)
    office.start(*spaces)
    settle(office, relay)
    unhindered = Trial(office, relay, given.leads, given.seed).run(Line(), UNHINDERED_SECONDS)
    if unhindered["arrived"] < given.leads:
        raise Fault(f"not even an unhindered line brought the leads: {unhindered}")
    payload_bytes = unhindered["line"]["up"]["carried_tcp_payload_bytes"]
    theoretical = payload_bytes * 8 / (given.rate * 1000)
    cases = []
    for number, case in enumerate(given.case or LOSSES, start=1):
        say(f"{case}: {given.rate} kbit/s, {given.rtt} ms there and back, {LOSSES[case]:.0%} loss")
        if case != "faded":
            office.restart_lake()
        trial = Trial(office, relay, given.leads, given.seed + number)
        line = Line(given.rate * 1000, given.rtt / 2000, LOSSES[case])
        seconds = (given.lossy_minutes * 60 if case == "lossy"
                   else max(LEAST_SECONDS, PATIENCE * GOAL_RATIO * theoretical))
        overtaking = None if case == "lossy" else Overtaking(office)
        cases.append(judged(case, trial.run(line, seconds, overtaking), given, payload_bytes))
    return {"schema": SCHEMA, "ok": all(case["ok"] for case in cases), "leads": given.leads,
            "rate_kbit": given.rate, "rtt_ms": given.rtt, "seed": given.seed,
            "queue_bytes": Line().queue_bytes, "unhindered": unhindered, "cases": cases}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--liandong", required=True, type=Path, help="the program")
    parser.add_argument("--probe", action="store_true", help="only say whether it can run here")
    parser.add_argument("--leads", type=int, default=300)
    parser.add_argument("--rate", type=float, default=50, help="kbit/s each way")
    parser.add_argument("--rtt", type=float, default=800, help="milliseconds there and back")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", action="append", choices=LOSSES, help="all of them without it")
    parser.add_argument("--lossy-minutes", type=float, default=20)
    parser.add_argument("--congestion", default="reno", help="TCP's congestion control")
    parser.add_argument("--logs", type=Path, help="a folder that keeps the nodes' logs")
    given = parser.parse_args()
    given.liandong = given.liandong.resolve()
    reason = hindrance()
    if reason:
        say(f"skipped: {reason}")
        print(json.dumps({"schema": SCHEMA, "skipped": reason}))
        return UNMEASURED
    if given.probe:
        print(json.dumps({"schema": SCHEMA, "skipped": None}))
        return GOOD
    for name in SIGNALS:
        signal.signal(name, end)
    try:
        with ExitStack() as stack:
            answer = measure(given, stack)
    except (Fault, OSError) as error:
        say(f"the measurement went wrong: {error}")
        return FAULT
    print(json.dumps(answer, ensure_ascii=False))
    return GOOD if answer["ok"] else MISSED


if __name__ == "__main__":
    sys.exit(main())
