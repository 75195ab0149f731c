"""Folds many graphs with the executable model of the merge, for the differential test.

Usage: fold_many.py MODEL_FOLDER INPUT OUTPUT. INPUT is a JSON list of graphs; a graph is a list of
{"hash", "kind", "parents", "tier", "time", "value"}. The hashes are the implementation's own, so
that the last tie-breaker is the same on both sides. OUTPUT is a list of the model's answers.
"""
import json
import sys
from dataclasses import dataclass

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import merge  # noqa: E402


@dataclass(frozen=True)
class Given(merge.Event):
    given: str = ""

    @property
    def hash(self):
        return self.given


def answer(graph):
    events = [
        Given(e["kind"], tuple(e["parents"]), e["tier"], e["time"], e["value"], given=e["hash"])
        for e in graph
    ]
    r = merge.Graph(events).fold()
    return {
        "slots": {slot: list(value) for slot, value in r["slots"].items()},
        "facts": r["facts"],
        "outcome": r["outcome"],
        "conflicts": [list(c) for c in r["conflicts"]],
        "review": r["review"],
        "heads": r["heads"],
    }


with open(sys.argv[2], encoding="utf8") as source:
    graphs = json.load(source)
with open(sys.argv[3], "w", encoding="utf8") as target:
    json.dump([answer(g) for g in graphs], target)
