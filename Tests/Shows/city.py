#!/usr/bin/env python3
"""What the shows look at. Prints what was seen; exit 1 with the reason in $WORK/why."""

import json
import os
import sqlite3
import sys
from pathlib import Path


def refuse(reason):
    Path(os.environ["WORK"], "why").write_text(reason + "\n", encoding="utf-8")
    sys.exit(1)


def load(path):
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        refuse(f"{path}: {error}")


def demo(path, *options):
    """The demo's summary: every scope's holders agree, every store verified, the count adds up."""
    seen = load(path)
    if seen.get("schema") != "liandong.demo/1" or seen.get("ok") is not True:
        refuse(f"the demo says ok = {seen.get('ok')}, schema = {seen.get('schema')}")
    scopes = seen["scopes"]
    for scope in scopes:
        digests = set(scope["digests"])
        if len(digests) != 1 or len(scope["digests"]) != len(scope["holders"]) or not scope["agree"]:
            refuse(f"the holders of {scope['region']} disagree: {scope}")
    if not any(len(scope["holders"]) >= 3 for scope in scopes):
        refuse("no region has three holders, so their agreement shows little")
    unverified = [node["region"] for node in seen["nodes"] if node["verified"] is not True]
    if unverified or len(seen["nodes"]) != 7:
        refuse(f"{len(seen['nodes'])} nodes, not verified: {unverified}")
    if not seen["kills"]:
        refuse("no node was killed")
    rows = seen["input"]
    if rows["rows"] != rows["leads"] + rows["rejected"] + rows["duplicate"]:
        refuse(f"the rows do not add up: {rows}")
    if "--rows" in options and rows["rows"] != int(options[options.index("--rows") + 1]):
        refuse(f"{rows['rows']} rows were read")
    if "1.3" not in str(seen["tls"]):
        refuse(f"the links speak {seen['tls']}")
    print(f"{len(scopes)} scopes agree, {rows['rows']} rows = {rows['leads']} leads + "
          f"{rows['rejected']} rejected + {rows['duplicate']} duplicate")


def verified(path):
    seen = load(path)
    if seen.get("schema") != "liandong.verify/1" or seen["ok"] is not True or seen["failures"]:
        refuse(f"verify says {seen}")
    if seen["commits"] < 1 or seen["signatures"] < 1:
        refuse(f"verify looked at nothing: {seen}")


def alter(home, part):
    """Changes one byte in the middle of the longest blob of a ledger row."""
    stores = [file for file in Path(home).rglob("*") if file.is_file()
              and file.open("rb").read(15) == b"SQLite format 3"]
    if not stores:
        refuse(f"no SQLite file in {home}")
    store = max(stores, key=lambda file: file.stat().st_size)
    database = sqlite3.connect(store)
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
              if name.lower() in ("event", "events", "commit", "commits", "ledger")]
    for table in sorted(tables):
        ids = [row[0] for row in database.execute(f'SELECT rowid FROM "{table}" ORDER BY rowid')]
        if len(ids) < 3:
            continue
        rowid = {"first": ids[0], "middle": ids[len(ids) // 2], "last": ids[-1]}[part]
        cursor = database.execute(f'SELECT * FROM "{table}" WHERE rowid = ?', (rowid,))
        names, row = [column[0] for column in cursor.description], cursor.fetchone()
        blobs = [(len(value), name, value) for name, value in zip(names, row)
                 if isinstance(value, bytes) and value]
        if not blobs:
            continue
        _, name, value = max(blobs, key=lambda blob: blob[:2])
        at = len(value) // 2
        changed = value[:at] + bytes([value[at] ^ 1]) + value[at + 1:]
        with database:
            database.execute(f'UPDATE "{table}" SET "{name}" = ? WHERE rowid = ?', (changed, rowid))
        database.close()
        print(json.dumps({"table": table, "column": name, "row": rowid, "byte": at}))
        return
    refuse(f"no ledger table with three rows among {tables} in {store}")


def named(*paths):
    """Three altered rows: each time a commit is named, and not always the same."""
    firsts = []
    for path in paths:
        seen = load(path)
        # What follows from an altered commit, such as a projection that is no longer its fold, names none.
        commits = [failure["commit"] for failure in seen.get("failures", []) if failure.get("commit")]
        if seen.get("ok") is not False or not commits:
            refuse(f"{path}: no commit is named")
        if any(len(commit) != 64 or set(commit) - set("0123456789abcdef") for commit in commits):
            refuse(f"{path}: not hashes: {commits[:3]}")
        firsts.append(tuple(commits))
    if len(set(firsts)) != len(firsts):
        refuse("different rows were altered, but the same commits named")


def ports(mark):
    """The TCP ports on which processes listen whose arguments contain `mark`."""
    inodes = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() not in (process / "cmdline").read_bytes():
                continue
            for descriptor in (process / "fd").iterdir():
                inodes.add(os.readlink(descriptor))
        except OSError:
            continue
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and f"socket:[{words[9]}]" in inodes:
                found.add(int(words[1].rsplit(":", 1)[1], 16))
    if not found:
        refuse("no node of the kept demo listens on a TCP port")
    print(*sorted(found))


def goals(path):
    lines = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()
             if line.startswith("{")]
    judged = [line for line in lines if line["goal"] is not None]
    if not judged:
        refuse("no figure has a goal")
    missed = [f"{line['metric']} {line['value']} {line['unit']} (goal {line['goal']})"
              for line in lines if line["ok"] is not True]
    if missed:
        refuse("missed: " + "; ".join(missed))
    print(f"{len(lines)} figures, all {len(judged)} goals met")


def slow_link(path):
    """Both lossy lines carried all they had to, in time; urgent things came before the bulk."""
    seen = load(path)
    if seen.get("schema") != "liandong.slow_link/1" or "cases" not in seen:
        refuse(f"the slow link was not measured: {seen.get('skipped', seen)}")
    cases = {case["case"]: case for case in seen["cases"]}
    slow, lossy = cases["slow"], cases["lossy"]
    if slow["arrived"] != slow["leads"] or slow["leads"] < 300:
        refuse(f"{slow['arrived']} of {slow['leads']} leads arrived")
    if slow["seconds"] > 2 * slow["theoretical_seconds"]:
        refuse(f"{slow['seconds']} s, the line's own time is {slow['theoretical_seconds']} s")
    for urgent in ("directive", "urgent_lead"):
        came = slow[urgent]["arrived_at_leads"]
        if came is None or came >= slow["leads"] / 2:
            refuse(f"the {urgent} arrived after {came} leads")
    if not lossy["arrived"] or seen["ok"] is not True:
        refuse(f"ok = {seen['ok']}, at 30% loss {lossy['arrived']} leads arrived")
    print(f"{slow['leads']} leads in {slow['seconds']} s = {slow['ratio']} x the line's own time; "
          f"directive after {slow['directive']['seconds']} s, urgent lead after "
          f"{slow['urgent_lead']['seconds']} s; at 30% loss {lossy['arrived']} in "
          f"{lossy['seconds'] or lossy['watched_seconds']} s")


def soak(path, details, least):
    """So many cities of at least 13 nodes, 72 hours, 2,000 events and 5 kinds of fault, none failed."""
    seen, more = load(path), load(details)
    if seen["failures"] or seen["seeds"] < int(least):
        refuse(f"{seen['failures']} failures in {seen['seeds']} seeds")
    for name, bound in (("nodes_least", 13), ("events_least", 2_000), ("kinds_least", 5)):
        if more[name] < bound:
            refuse(f"{name} is {more[name]}")
    rare = {name: count for name, count in seen["faults"].items() if count < 100}
    if rare or len(seen["faults"]) < 28:
        refuse(f"{len(seen['faults'])} kinds of fault, seldom: {rare}")
    speed = seen["events"] / more["wall_seconds"] * 60 / (os.cpu_count() or 1)
    print(f"{seen['seeds']} seeds from {more['first']}, {seen['events']} events in "
          f"{seen['virtual_years']} years, {sum(more['checks'].values())} checks, no failure; "
          f"{len(seen['faults'])} kinds of fault, each at least {min(seen['faults'].values())} times; "
          f"{speed:.0f} events a minute and core")


def mutants(path):
    """Every planted fault was caught within a minute, by a check and not by a crash."""
    lines = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    single = [line for line in lines if "mutant" in line]
    late = [line["mutant"] for line in single if not line["caught"] or line["seconds"] > 60]
    if late or len(single) < 25 or lines[-1].get("caught") != len(single):
        refuse(f"{len(single)} mutants, not caught in time: {late}")
    slowest = max(single, key=lambda line: line["seconds"])
    print(f"{len(single)} mutants, all caught by {len({line['checker'] for line in single})} checks; "
          f"the slowest, {slowest['mutant']}, in {slowest['seconds']} s")


def same_digest(*answers):
    """Two runs of one seed say the same of everything but the time that they took."""
    runs = [json.loads(answer) for answer in answers]
    for run in runs:
        del run["wall_seconds"]
    if runs[0] != runs[1] or len(runs[0]["state_digest"]) != 64:
        refuse(f"seed {runs[0]['seed']} gave {[run['state_digest'] for run in runs]}")


COMMANDS = {"same_digest": same_digest, "soak": soak, "mutants": mutants, "demo": demo, "verified": verified, "alter": alter, "named": named, "ports": ports,
            "goals": goals, "slow_link": slow_link}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
