"""Computes the rule table of a process file by a reading of its own and compares it, cell by cell,
with what `liandong process table FILE --json` says.

Usage: rule_table.py FILE CELLS
The last line tells how many cells there were. Exit 0 if all agree and none is missing.
"""

import json
import re
import sys

TIERS = ["city", "district", "township"]
PLACES = ["handler", "giver", "founder", "elsewhere"]


class Flow:
    """Flow-style YAML: maps, lists and plain words."""

    def __init__(self, text):
        self.words = re.findall(r"[{}\[\],]|:(?=\s|$)|(?:[^{}\[\],:]|:(?!\s|$))+", text)
        self.words = [w.strip() for w in self.words if w.strip()]

    def value(self):
        word = self.words.pop(0)
        if word == "{":
            found = {}
            while self.words[0] != "}":
                key = self.words.pop(0)
                assert self.words.pop(0) == ":", key
                found[key] = self.value()
                if self.words[0] == ",":
                    self.words.pop(0)
            self.words.pop(0)
            return found
        if word == "[":
            found = []
            while self.words[0] != "]":
                found.append(self.value())
                if self.words[0] == ",":
                    self.words.pop(0)
            self.words.pop(0)
            return found
        return word


def read(path):
    """Roles, and by family its stages and acts, in the order of the file."""
    roles, families = [], {}
    section = family = part = None
    name, pending = None, ""
    for line in open(path, encoding="utf-8"):
        line = line.split(" #")[0].rstrip()
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        text = line.strip()
        if pending or (indent >= 8 and name):
            pending += " " + text
        elif indent == 0:
            section = text.split(":")[0]
            continue
        elif indent == 2 and section == "roles":
            roles.append(text.split(":")[0])
            continue
        elif indent == 2 and section == "families":
            family = families.setdefault(text.rstrip(":"), {"stages": {}, "acts": {}})
            continue
        elif indent == 4 and section == "families":
            part = text.split(":")[0]
            continue
        elif indent == 6 and section == "families" and part in ("stages", "acts"):
            name, pending = text.split(":", 1)
            pending = pending.strip()
            if not pending:
                continue
        else:
            continue
        if pending and pending.count("{") == pending.count("}"):
            family[part][name] = Flow(pending).value()
            name, pending = None, ""
    return roles, families


def as_list(value):
    return value if isinstance(value, list) else [value]


def expected(act, role, stage, tier, place, same):
    """The code of the refusal, or None where the act may be done."""
    by = act.get("by", {})
    if tier not in as_list(by.get("tiers", TIERS)):
        return "tier"
    if "roles" in by and role not in as_list(by["roles"]):
        return "role"
    if stage is None:
        return None
    answers = "above" in by
    if "places" in by and place not in as_list(by["places"]) and not (answers and tier == "city"):
        return "place"
    at = as_list(act.get("from", act.get("at", [])))
    if at and stage not in at:
        return "stage"
    if by.get("another") == "true" and same:
        return "same_person"
    # The table is asked as if a township had asked; only who stands above it answers.
    if answers and TIERS.index(tier) >= TIERS.index("township"):
        return "not_above"
    return None


def all_cells(roles, families):
    for family, parts in families.items():
        for kind, act in parts["acts"].items():
            for role in roles:
                for stage in [None] if "found" in act else parts["stages"]:
                    keeps = stage and parts["stages"][stage].get("keeps_actor") == "true"
                    points = {}
                    for tier in TIERS:
                        for place in PLACES if stage else ["elsewhere"]:
                            for same in (False, True) if keeps else (False,):
                                name = f"{tier}:{place}" + (":same" if same else "")
                                points[name] = expected(act, role, stage, tier, place, same)
                    yield (family, kind, role, stage), points


def main(path, cells):
    roles, families = read(path)
    assert roles and families, "no role or no family was read"
    said = {}
    for line in open(cells, encoding="utf-8"):
        cell = json.loads(line)
        key = (cell["family"], cell["act"], cell["role"], cell.get("stage"))
        assert key not in said, f"twice: {key}"
        said[key] = cell
    count = allowing = 0
    codes = {}
    for key, points in all_cells(roles, families):
        cell = said.pop(key, None)
        assert cell, f"not told: {key}"
        allowed = sorted(name for name, code in points.items() if code is None)
        refused = {name: code for name, code in points.items() if code}
        assert sorted(cell["allowed"]) == allowed, f"{key}: {cell['allowed']}, not {allowed}"
        assert cell["refused"] == refused, f"{key}: {cell['refused']}, not {refused}"
        if not allowed:
            assert cell["code"] in refused.values() and cell["reason"], f"{key}: no reason"
            codes[cell["code"]] = codes.get(cell["code"], 0) + 1
        count += 1
        allowing += bool(allowed)
    assert not said, f"told, but not in the file: {next(iter(said))}"
    assert allowing and codes.get("role") and codes.get("stage"), "a table without refusals proves nothing"
    reasons = ", ".join(f"{codes[code]} by {code}" for code in sorted(codes))
    print(f"{count} cells of role, stage and act agree: {allowing} allow something, refused {reasons}")


if __name__ == "__main__":
    main(*sys.argv[1:])
