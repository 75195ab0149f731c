"""Makes the table of an older system, a mapping for it, and what an import of it must come to.

Usage: histories.py PROCESS SEED ROWS NOW FOLDER. Writes mapping.yaml, table.csv and expected.json into
FOLDER. NOW is the import's time in milliseconds since 1970 UTC.

The importer is one person of the district `east`, a platform office who is also of a department and holds
the field officer's role. Steps that the platform office may not do name one of these roles. Histories walk
at random through all acts of the process that such a person may do; then faults are put in, and each row is
judged anew from its text alone, by a reading of the process file that shares no code with the product.
"""

import csv
import json
import os
import random
import sys
from datetime import datetime, timedelta, timezone

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "CommandTests"))
from rule_table import as_list, expected as refusal_of, read  # noqa: E402

ROLE, TIER, HOME = "platform_office", "district", "east"
OTHER_ROLES = ["department", "field_officer"]
CHINA = timezone(timedelta(hours=8))
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MINUTE, DAY = 60_000, 86_400_000
UNITS = {"老湖镇": "lake0", "湖1镇": "lake1", "本区": HOME, "西山区": "west"}
NOT_IMPORTABLE = {"lead.reported", "lead.described", "lead.merged", "lead.warned"}
# Acts that a history may have more than once.
AGAIN = ["dispatched", "signed", "rectification_ordered", "inspected", "evidence_added", "triaged",
         "rectified", "rechecked", "fed_back", "found_untrue", "reopened", "returned"]
# How likely acts are, so that the ends are reached; others have 2.
WEIGHTS = {"registered": 20, "triaged": 20, "dispatched": 20, "signed": 20, "evidence_added": 5,
           "inspected": 9, "rectification_ordered": 9, "rectified": 30, "rechecked": 30, "fed_back": 30,
           "found_untrue": 9, "closed": 30, "archived": 9, "disclosed": 9, "reopened": 4,
           "void_proposed": 0.2, "rejection_proposed": 0.7, "filing_started": 6, "filed": 30,
           "penalised": 30, "executed": 30, "penalty_noticed": 9, "withdrawn": 1}
WRITINGS = ["%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y年%m月%d日%H:%M:%S"]
NONE = ["", "", "", "-", "无"]


def text_of(instant, form):
    moment = (EPOCH + timedelta(milliseconds=instant)).astimezone(CHINA)
    if form == "serial":
        days = (moment.replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1)
        return f"{days:.9f}"
    if form == "day":
        return f"{moment.year}-{moment.month}-{moment.day}"
    return moment.strftime(form)


def day_of(instant):
    return (instant + 8 * 60 * MINUTE) // DAY


def in_order(steps):
    """Steps as (instant, place in the mapping, ...), in the order in which they count as done."""
    ordered = []
    for day in sorted({day_of(step[0]) for step in steps}):
        group = [step for step in steps if day_of(step[0]) == day]
        has_whole_day = any((step[0] + 8 * 60 * MINUTE) % DAY == 0 for step in group)
        ordered += group if has_whole_day else sorted(group, key=lambda s: (s[0], s[1]))
    return ordered


def role_of(act):
    """The role that the mapping names for an act; None for the importer's own."""
    roles = as_list(act.get("by", {}).get("roles", [ROLE]))
    return None if ROLE in roles else next((r for r in OTHER_ROLES if r in roles), None)


class Case:
    """What a lead has come to."""

    def __init__(self, stages):
        self.stages = stages
        self.stage, self.handler, self.giver = next(iter(stages)), [HOME], HOME
        self.due, self.department, self.spent = None, None, set()
        self.events = {}

    def refusal(self, kind, act):
        by = act.get("by", {})
        if TIER not in as_list(by.get("tiers", [TIER])):
            return "tier"
        role = role_of(act) or ROLE
        if "roles" in by and role not in as_list(by["roles"]):
            return "role"
        # Relations overlap here, so each is asked for by itself.
        places = {"handler": HOME in self.handler, "giver": self.giver == HOME, "founder": True}
        if "places" in by and not any(places[p] for p in as_list(by["places"])):
            return "place"
        if kind in self.spent:
            return "spent"
        # The importer is always the person before.
        return refusal_of({**act, "by": {**by, "places": ["founder"]}}, role, self.stage, TIER,
                          "founder", True)

    def take(self, kind, act, units, department, due):
        self.events[kind] = self.events.get(kind, 0) + 1
        if "to" not in act:
            return
        if "once" in act:
            self.spent.add(kind)
        handover = act.get("handler", "keeps")
        if handover == "named":
            self.handler, self.giver = units, HOME
            self.department, self.due = department, due
        elif handover == "ordered":
            self.due = due
        elif handover in ("giver", "actor"):
            self.handler = [self.giver if handover == "giver" else HOME]
            self.giver, self.department, self.due = HOME, None, None
        self.stage = act["to"]


def shape(demand):
    """Name of the shape, and the fewest of it."""
    word = demand.rstrip("?").split(" ")
    return word[0], 0 if demand.endswith("?") else int(word[1]) if len(word) > 1 else 1


class Maker:
    def __init__(self, process, seed, now):
        _, families = read(process)
        self.stages, acts = families["lead"]["stages"], families["lead"]["acts"]
        self.acts = {k: a for k, a in acts.items() if k not in NOT_IMPORTABLE and "clock" not in a}
        self.chance, self.now = random.Random(seed), now
        self.steps = [(kind, 1) for kind in self.acts]
        self.steps += [("lead." + name, 2) for name in AGAIN]
        assert len(self.steps) <= 64
        names = {name for a in self.acts.values() for name in a.get("takes", {})}
        self.entries = sorted(names - {"due", "source_id"})
        self.columns = ["工单", "渠道", "受理", "题名", "诉求", "属地", "联系人", "手机", "备注", "现状", "经办"]
        self.columns += [self.at(step) for step in self.steps]
        self.columns += ["内容:" + name for name in self.entries]
        self.columns += ["交:" + step[0] + str(step[1]) for step in self.steps if self.names_units(step)]
        self.columns += ["承办处", "限期"]

    @staticmethod
    def at(step):
        return f"时间:{step[0][5:]}{step[1]}"

    def handover(self, step):
        act = self.acts[step[0]]
        return act.get("handler", "keeps") if "to" in act else None

    def names_units(self, step):
        return self.handover(step) == "named"

    # The mapping.

    def mapping(self):
        lines = [
            "mapping: 1", "none: ['-', 无]", "lead:", "  source_id: 工单",
            "  channel: {column: 渠道, values: {热线: hotline_12345}, constant: phone}",
            "  reported_at: 受理", "  title: 题名", "  body: 诉求",
            "  region: {column: 属地, values: {老湖镇: lake0, 本区: east}}",
            "  reporter_name: 联系人", "  reporter_contact: 手机", "stage:", "  column: 现状",
            "  values:",
        ]
        lines += [f"    '在{stage}': {stage}" for stage in self.stages]
        lines += ["    完了: [closed, disclosed, archived]", "steps:"]
        for step in self.steps:
            kind, act = step[0], self.acts[step[0]]
            lines.append(f"  - act: {kind}")
            lines.append(f"    at: '{self.at(step)}'")
            lines.append("    by: 经办")
            if role_of(act):
                lines.append(f"    role: {role_of(act)}")
            if self.names_units(step):
                table = ", ".join(f"{a}: {b}" for a, b in UNITS.items() if a in ("老湖镇", "本区"))
                lines.append(
                    f"    to: [{{column: '交:{kind}{step[1]}', values: {{{table}}}}}, {{constant: east}}]")
                lines.append("    department: 承办处")
            if self.handover(step) in ("named", "ordered"):
                lines.append("    due: 限期")
            takes = {n: shape(d) for n, d in act.get("takes", {}).items()}
            plain = [n for n in takes if takes[n][0] != "hashes" and n in self.entries]
            if plain:
                lines.append("    set:")
                lines += [f"      {n}: '内容:{n}'" for n in plain]
            hashes = [n for n in takes if takes[n][0] == "hashes"]
            if hashes:
                lines.append("    events:")
                lines += [f"      {n}: evidence_added" for n in hashes]
        return "\n".join(lines) + "\n"

    # The table.

    def value(self, name):
        chance = self.chance
        return {
            "types": lambda: chance.choice(["噪声", "大气、水", "噪声;固废"]),
            "officers": lambda: chance.choice(["甲,乙", "丙、丁", "戊,己,庚"]),
            "items": lambda: "加盖,洒水", "bytes": lambda: str(chance.randrange(1, 10**6)),
            "score": lambda: str(chance.randrange(6)), "days": lambda: "15", "since": lambda: "2024/1/1 09:00", "amount": lambda: "500",
             "agrees": lambda: chance.choice("是否"),
            "region": lambda: "湖1镇", "location": lambda: "34.5,119.2", "incident": lambda: "无此",
        }.get(name, lambda: f"{name}之{chance.randrange(1000)}")()

    def time(self, instant):
        form = self.chance.choice(WRITINGS * 4 + ["serial", "serial", "day"])
        return text_of(instant, form)

    def row(self, number):
        """A history that the process allows, as a table's row."""
        chance, case = self.chance, Case(self.stages)
        row = {column: chance.choice(NONE) for column in self.columns}
        at = self.now - chance.randrange(400, 2500) * DAY
        at -= at % 1000
        row.update({
            "工单": f"G{number}", "渠道": chance.choice(["热线", "phone", ""]), "受理": self.time(at),
            "题名": f"旧案 G{number}", "诉求": chance.choice(["噪音", "多行\n“引号\"”,逗号", "河水发黑"]),
            "属地": chance.choice(list(UNITS)), "联系人": "某人", "手机": f"139{number:08}",
            "经办": chance.choice(["李四", "王五(科长)", ""]),
        })
        for name in self.entries:
            if name not in ("taken", "from", "until", "department") and chance.random() < 0.97:
                row["内容:" + name] = self.value(name)
        row["承办处"] = chance.choice(["", "", "ecology"])
        if chance.random() < 0.5:
            row["限期"] = self.time(self.now + chance.randrange(-900, 900) * DAY)
        unused, length = list(self.steps), chance.choice([0, 1, 2, 4, 8, 12, 16, 24, 32])
        for _ in range(length):
            open_steps = [s for s in unused if self.can(case, s, row)]
            weights = [WEIGHTS.get(s[0][5:], 2) for s in open_steps]
            if not open_steps:
                break
            step = chance.choices(open_steps, weights)[0]
            unused.remove(step)
            at += chance.choice([1, 7, 300, 1500, 20000]) * MINUTE + chance.randrange(60) * 1000
            row[self.at(step)] = self.time(at)
            if self.names_units(step):
                row[f"交:{step[0]}{step[1]}"] = chance.choice(list(UNITS) + ["湖1镇、西山区"])
            case.take(step[0], self.acts[step[0]], [HOME], None, None)
        row["现状"] = chance.choice(["完了"] if case.stage in ("closed", "archived") else ["在" + case.stage])
        return row

    def can(self, case, step, row):
        kind, act = step[0], self.acts[step[0]]
        if case.refusal(kind, act):
            return False
        return all(self.meets(n, d, row, case) for n, d in act.get("takes", {}).items())

    def meets(self, name, demand, row, case):
        kind, least = shape(demand)
        if kind == "hashes":
            return case.events.get("lead.evidence_added", 0) >= least
        if name in ("due", "source_id") or least == 0:
            return True
        value = row["内容:" + name].strip()
        return value not in ("", "-", "无") and (kind != "texts" or self.count(value) >= least)

    @staticmethod
    def count(value):
        for mark in "、;,":
            value = value.replace(mark, " ")
        return len(set(value.split()))

    def spoil(self, row):
        """Puts one fault in, or something that looks like one."""
        chance = self.chance
        done = [s for s in self.steps if row[self.at(s)] not in ("", "-", "无")]
        kind = chance.randrange(9)
        if kind == 0 and done:
            row[self.at(chance.choice(done))] = ""
        elif kind == 1:
            row["内容:" + chance.choice(self.entries)] = ""
        elif kind == 2:
            row["现状"] = chance.choice(["在closed", "在inspect", "不明", "", "完了"])
        elif kind == 3 and len(done) > 1:
            a, b = chance.sample(done, 2)
            row[self.at(a)], row[self.at(b)] = row[self.at(b)], row[self.at(a)]
        elif kind == 4:
            step = chance.choice(self.steps)
            row[self.at(step)] = self.time(self.now - chance.randrange(1, 300) * DAY)
        elif kind == 5 and done:
            at = self.now + DAY * 30 if chance.random() < 0.5 else self.now - 2800 * DAY
            row[self.at(chance.choice(done))] = text_of(at, WRITINGS[0])
        elif kind == 6 and done:
            row[self.at(chance.choice(done))] = chance.choice(["昨天", "2019-02-30", "20190228"])
        elif kind == 7:
            row["承办处"] = "天上"
        else:
            for step in self.steps:
                if self.names_units(step) and row[f"交:{step[0]}{step[1]}"]:
                    row[f"交:{step[0]}{step[1]}"] = "无名地"
        return row

    # What it must come to.

    def instant(self, text):
        """The instant of a text; None for one that is no time."""
        try:
            days = float(text)
            if not 1 <= days < 100_000:
                return None
            moment = datetime(1899, 12, 30, tzinfo=CHINA) + timedelta(days=days)
            return round((moment - EPOCH) / timedelta(milliseconds=1))
        except ValueError:
            pass
        for form in WRITINGS + ["%Y-%m-%d"]:
            try:
                moment = datetime.strptime(text, form).replace(tzinfo=CHINA)
                return (moment - EPOCH) // timedelta(milliseconds=1)
            except ValueError:
                continue
        return None

    def judge(self, row):
        """A rejection's code, or what the lead must be."""
        row = {c: "" if t.strip() in ("-", "无") else t.strip() for c, t in row.items()}
        steps = []
        for place, step in enumerate(self.steps):
            if row[self.at(step)]:
                at = self.instant(row[self.at(step)])
                if at is None:
                    return {"code": "bad_time", "is_read": False}
                steps.append((at, place, step))
        reported = self.instant(row["受理"])
        if not row["现状"]:
            return {"code": "missing_field", "is_read": False}
        if row["现状"] == "完了":
            stages = ["closed", "disclosed", "archived"]
        elif row["现状"][1:] in self.stages:
            stages = [row["现状"][1:]]
        else:
            return {"code": "unknown_stage", "is_read": False}
        due = self.instant(row["限期"]) if row["限期"] else None
        if due is not None and due <= self.now:
            due = None
        steps = in_order(steps)
        bodies = []
        for at, _, step in steps:
            if at > self.now + 10 * MINUTE or day_of(at) < day_of(reported):
                return {"code": "bad_field"}
            units = []
            if self.names_units(step):
                for name in row[f"交:{step[0]}{step[1]}"].split("、") + [HOME]:
                    if not name:
                        continue
                    if name != HOME and name not in UNITS:
                        return {"code": "unknown_region"}
                    unit = UNITS.get(name, name)
                    if unit not in units:
                        units.append(unit)
                if row["承办处"] not in ("", "ecology"):
                    return {"code": "bad_field"}
            bodies.append(units)
        case = Case(self.stages)
        for (_, _, (kind, _)), units in zip(steps, bodies):
            act = self.acts[kind]
            code = case.refusal(kind, act)
            if code:
                return {"code": code}
            for name, demand in act.get("takes", {}).items():
                if not self.meets(name, demand, row, case):
                    return {"code": "evidence"}
            case.take(kind, act, units, row["承办处"] or None, due)
        if case.stage not in stages:
            return {"code": "unknown_stage"}
        stage = self.stages[case.stage]
        is_over = "true" in (stage.get("ends"), stage.get("closes"))
        return {
            "stage": case.stage, "handler": case.handler, "department": case.department,
            "due": case.due, "reported": reported, "warns": not is_over or "limit" in stage,
            "channel": {"热线": "hotline_12345", "": "phone"}.get(row["渠道"], row["渠道"]),
            "region": UNITS[row["属地"]] if row["属地"] else None, "by": row["经办"] or None,
            "acts": [{"kind": kind, "at": at, "role": role_of(self.acts[kind]) or ROLE}
                     for at, _, (kind, _) in steps],
        }


def main(process, seed, rows, now, folder):
    maker = Maker(process, int(seed), int(now))
    expected = []
    with open(os.path.join(folder, "table.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, maker.columns)
        writer.writeheader()
        made, known, line = [], set(), 2
        for number in range(int(rows)):
            row = dict(maker.chance.choice(made)) if number % 40 == 39 else maker.row(number)
            if maker.chance.random() < 0.25:
                row = maker.spoil(row)
            writer.writerow(row)
            made.append(row)
            answer = maker.judge(row)
            # What cannot be read is rejected before anybody asks whether it is known.
            if answer.get("is_read", True) and row["工单"] in known:
                answer = {"code": "duplicate"}
            if "code" not in answer:
                known.add(row["工单"])
            expected.append({"id": row["工单"], "line": line, "title": row["题名"], **answer})
            line += 1 + sum(text.count("\n") for text in row.values())
    with open(os.path.join(folder, "mapping.yaml"), "w", encoding="utf-8") as file:
        file.write(maker.mapping())
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        json.dump(expected, file, ensure_ascii=False)


main(*sys.argv[1:])
