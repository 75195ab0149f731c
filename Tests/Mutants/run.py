#!/usr/bin/env python3
"""Shows that the simulator's checks can fail: each planted fault must be caught in a bounded time.

Builds the simulator alone from a copy of the sources with all faults in it, then runs one fault after
another, two at a time. One JSON line for each mutant, one at the end; exit 0 only if all are caught.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

from catalogue import MUTANTS
from plant import ROOT, Misfit, plant

LIMIT = 60  # seconds for each mutant
WORK = ROOT / ".build-mutants"


def build():
    tree = WORK / "tree"
    tree.mkdir(parents=True, exist_ok=True)
    plant(tree)
    command = ["swift", "build", "-c", "release", "--package-path", str(tree), "--scratch-path",
               str(WORK / "build"), "--product", "MutantRunner"]
    environment = {**os.environ, "LIANDONG_MUTANTS": "1"}
    subprocess.run(command, env=environment, check=True, stdout=sys.stderr)
    found = subprocess.run([*command, "--show-bin-path"], env=environment, check=True,
                           stdout=subprocess.PIPE, text=True).stdout.strip()
    return pathlib.Path(found) / "MutantRunner"


def catch(runner, name, first_seed, limit):
    """Runs one mutant until it is caught or its time is up."""
    command = [str(runner), "--mutant", name, "--seed", str(first_seed), "--seconds", str(limit),
               "--profile", MUTANTS[name].profile]
    if MUTANTS[name].by_shipped:
        command += ["--process", str(ROOT / "topology" / "process.yaml")]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              timeout=limit * 2 + 30, check=False)
    except subprocess.TimeoutExpired:
        return {"mutant": name, "seed": first_seed, "checker": None, "seconds": limit,
                "caught": False}
    if done.returncode < 0:
        # A crash is noticed as well, but by no checker.
        return {"mutant": name, "seed": first_seed, "checker": f"signal {-done.returncode}",
                "seconds": 0, "caught": False}
    return json.loads(done.stdout)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", nargs="*", help="names of mutants")
    chosen = options.parse_args()
    unknown = set(chosen.only or []) - set(MUTANTS)
    if unknown:
        sys.exit(f"mutants: there are no {', '.join(sorted(unknown))}")
    try:
        runner = build()
    except Misfit as misfit:
        sys.exit(f"mutants: {misfit}; bring Tests/Mutants/catalogue.py up to date")
    except subprocess.CalledProcessError as failed:
        sys.exit(f"mutants: the build failed ({failed.returncode})")
    names = chosen.only or list(MUTANTS)
    caught = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for result in pool.map(lambda name: catch(runner, name, chosen.seed, LIMIT), names):
            print(json.dumps(result), flush=True)
            caught += result["caught"]
    print(json.dumps({"schema": "liandong.mutants/1", "mutants": len(names), "caught": caught}))
    return 0 if caught == len(names) else 1


if __name__ == "__main__":
    sys.exit(main())
