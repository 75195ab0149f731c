"""Computes deadlines and warnings of many cases, day by day and from the rules alone.

Usage: deadlines.py INPUT OUTPUT. INPUT is {"tables": {year: {"off", "work"}}, "cases": [case]}. A case
has limits and levels as text ("4.5wd", "150%", "due+3d"), instants in milliseconds since 1970 UTC,
and the instants "nows" at which to read its clock. OUTPUT is a list of {"marks", "readings"}.

Nothing here was translated from the implementation: days are looked at one after the other, and
hours are found by bisection over a function that says how long the clock has run.
"""
import json
import math
import sys
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

CHINA = timezone(timedelta(hours=8))
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
HOUR, DAY = 3_600_000, 86_400_000
LEVELS = ["reminder", "yellow", "orange", "red"]


class MissingYear(Exception):
    pass


def milliseconds(moment):
    return (moment - EPOCH) // timedelta(milliseconds=1)


def midnight(day):
    """00:00 of the day."""
    return milliseconds(datetime(day.year, day.month, day.day, tzinfo=CHINA))


def local_date(instant):
    return (EPOCH + timedelta(milliseconds=instant)).astimezone(CHINA).date()


def amount_and_unit(text):
    for unit in ("min", "wd", "d", "h"):
        if text.endswith(unit):
            amount = Fraction(text.removesuffix(unit))
            return (amount / 60, "h") if unit == "min" else (amount, unit)
    raise ValueError(text)


class Clock:
    def __init__(self, case, tables):
        self.case, self.tables = case, tables
        self.suspensions = [
            (a, math.inf if b is None else b)
            for a, b in case["suspensions"] if b is None or a < b]
        self.extensions = [amount_and_unit(text) for text in case["extensions"]]
        self.is_limited = True
        self.limit = None
        if case["isOrdered"] and "due" in case:
            return
        text = case.get("limit")
        if case["isUrgent"]:
            text = case.get("urgent", text)
        if text is None:
            self.is_limited = False
        else:
            self.limit = amount_and_unit(text)

    def is_working_day(self, day):
        table = self.tables.get(str(day.year))
        if table is None:
            raise MissingYear(day.year)
        if str(day) in table["work"]:
            return True
        return day.weekday() < 5 and str(day) not in table["off"]

    def is_suspended(self, instant):
        return any(a <= instant < b for a, b in self.suspensions)

    def when_running(self, instant):
        """The instant, or the first one after it that is not suspended."""
        while self.is_suspended(instant):
            instant = max(b for a, b in self.suspensions if a <= instant < b)
        return instant

    def running_spans(self, start):
        """What is not suspended after start, up to the last change."""
        ends = {start} | {e for s in self.suspensions for e in s if start < e < math.inf}
        edges = sorted(ends)
        spans = [(a, b) for a, b in zip(edges, edges[1:]) if not self.is_suspended(a)]
        return spans + [(edges[-1], math.inf)] * (not self.is_suspended(edges[-1]))

    def add_hours(self, start, hours):
        spans = self.running_spans(start)

        def has_run(until):
            return sum(min(b, until) - a for a, b in spans if a < until)

        wanted = hours * HOUR
        ends = [e for s in self.suspensions for e in s if e < math.inf]
        early, late = start, max([start] + ends) + int(wanted) + 1
        if has_run(late) < wanted:
            return math.inf
        while early < late:
            middle = (early + late) // 2
            if has_run(middle) >= wanted:
                late = middle
            else:
                early = middle + 1
        return self.when_running(early)

    def add_days(self, first_not_counted, amount, working):
        day, counted = first_not_counted, 0
        while True:
            day += timedelta(days=1)
            end = midnight(day + timedelta(days=1))
            if self.when_running(end) == math.inf:
                return math.inf
            if self.is_suspended(end) or (working and not self.is_working_day(day)):
                continue
            if counted + 1 > amount:  # this day is the one that the fraction goes into
                return self.when_running(midnight(day) + int((amount - counted) * DAY))
            counted += 1
            if counted == amount:
                return end

    def after(self, limits):
        """Where limits lead one after the other, neighbours of one unit added up."""
        steps = []
        for amount, unit in limits:
            if steps and steps[-1][1] == unit:
                steps[-1] = (steps[-1][0] + amount, unit)
            else:
                steps.append((amount, unit))
        if self.limit is None:
            instant = self.when_running(self.case["due"])
            is_due = True
        else:
            instant, is_due = self.case["entry"], False
        for amount, unit in steps:
            if instant == math.inf:
                break
            if unit == "h":
                instant = self.add_hours(instant, amount)
            else:
                day = local_date(instant)
                if is_due and instant == midnight(day):
                    day -= timedelta(days=1)  # a due time of 00:00 is the 24:00 of the day before
                instant = self.add_days(day, amount, working=unit == "wd")
            is_due = True
        return instant

    def deadline(self):
        return self.after(([self.limit] if self.limit else []) + self.extensions)

    def level(self, point):
        whole = ([self.limit] if self.limit else []) + self.extensions
        if point.startswith("due"):
            return self.after(whole + [amount_and_unit(t) for t in point.split("+")[1:]])
        if point.endswith("%"):
            part = Fraction(int(point[:-1]), 100) * self.limit[0]
            time = (Fraction(math.ceil(part * 1000), 1000), self.limit[1])
        else:
            time = amount_and_unit(point)
        assert time[1] == self.limit[1]
        if time[0] < self.limit[0]:
            return self.after([time] + self.extensions)
        if time[0] == self.limit[0]:
            return self.after(whole)
        return self.after(whole + [(time[0] - self.limit[0], time[1])])

    def marks(self):
        """Instants by name; a MissingYear stands for one that cannot be told."""
        marks = {}
        if not self.is_limited:
            return marks
        asked = {"deadline": self.deadline}
        for name in LEVELS:
            if name in self.case["levels"]:
                asked[name] = lambda name=name: self.level(self.case["levels"][name])
        for name, ask in asked.items():
            try:
                marks[name] = ask()
            except MissingYear as year:
                marks[name] = year
        return marks

    def reading(self, now, marks):
        missing = []
        for mark in marks.values():
            if isinstance(mark, MissingYear):
                year = mark.args[0]
                if now >= midnight(date(year, 1, 1)):
                    return f"missing {year}"
                missing.append(year)
        known = {k: v for k, v in marks.items() if not isinstance(v, MissingYear)}
        state = "running"
        if not self.is_limited:
            state = "notLimited"
        elif self.is_suspended(now):
            state = "suspended"
        reached = [name for name in LEVELS if name in known and known[name] <= now]
        deadline = known.get("deadline", math.inf)
        remaining = "-" if deadline == math.inf else deadline - now
        return f"{state} {'+'.join(reached) or '-'} {remaining} {min(missing, default='-')}"


def text(mark):
    if isinstance(mark, MissingYear):
        return f"missing {mark.args[0]}"
    return "none" if mark == math.inf else str(mark)


def answer(case, tables):
    clock = Clock(case, tables)
    marks = clock.marks()
    return {
        "marks": {name: text(marks.get(name, math.inf)) for name in ["deadline"] + LEVELS},
        "readings": [clock.reading(now, marks) for now in case["nows"]],
    }


with open(sys.argv[1], encoding="utf8") as source:
    question = json.load(source)
with open(sys.argv[2], "w", encoding="utf8") as target:
    json.dump([answer(case, question["tables"]) for case in question["cases"]], target)
