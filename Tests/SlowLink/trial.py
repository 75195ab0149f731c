"""One trial of a slow line: leads wait below, the line comes up, and they arrive above."""

import sys
import time

PAUSE_SECONDS = 0.25
# Urgent things are written when so much of the bulk has arrived, and must be there before so much.
FROM_SHARE, UNTIL_SHARE = 0.1, 0.5
# The parts of the bulk whose arrival is told.
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)


def say(text):
    print(f"slow-link: {text}", file=sys.stderr, flush=True)


def rounded(number, digits=1):
    return None if number is None else round(number, digits)


class Urgent:
    """Something urgent that is written at one end while the bulk is under way.

    `write` gives a key, by which `has_arrived` finds it at the other end.
    """

    def __init__(self, write, has_arrived):
        self._write, self._has_arrived = write, has_arrived
        self._key = self._written = self._arrived = None

    def look(self, now, leads):
        if self._written is None:
            self._key = self._write()
            self._written = (now, leads)
        elif self._arrived is None and self._has_arrived(self._key):
            self._arrived = (now, leads)
            say(f"{now:6.1f} s: urgent, after {now - self._written[0]:.1f} s")

    @property
    def is_there(self):
        return self._arrived is not None

    def answer(self, leads):
        """When it was written and came, in leads that had arrived by then, and how long it took."""
        return {
            "written_at_leads": self._written and self._written[1],
            "arrived_at_leads": self._arrived and self._arrived[1],
            "seconds": self._arrived and rounded(self._arrived[0] - self._written[0]),
            "ok": self.is_there and self._arrived[1] < UNTIL_SHARE * leads,
        }


class Overtaking:
    """A directive from the hub to the township, and an urgent lead from there to the district."""

    def __init__(self, office):
        hub, east, lake = office.hub, office.east, office.lake
        self.directive = Urgent(
            lambda: hub.ask("directive issue", title="重污染天气应急", text="两小时内签收", to=[], leads=[],
                            attachments=[], toAll=True)["id"],
            lambda key: lake.ask("directive show", directive=key))
        self.lead = Urgent(
            lambda: lake.ask("lead report", channel="phone", title="罐区泄漏", text="有刺鼻气味",
                             urgent=True)["number"],
            lambda key: east.ask("lead show", lead=key))

    def look(self, now, leads):
        self.directive.look(now, leads)
        self.lead.look(now, leads)

    def answer(self, leads):
        return {"directive": self.directive.answer(leads), "urgent_lead": self.lead.answer(leads)}


class Trial:
    """Leads are queued when it is made; `run` has them cross the line."""

    def __init__(self, office, relay, leads, seed):
        self._office, self._relay, self._leads = office, relay, leads
        self._held = office.east.figures()["leads"]
        say(f"{leads} leads are queued while the line is down")
        office.queue(leads, seed)

    def run(self, line, seconds, overtaking=None):
        """Raises the line until all arrived, or the time is over; says what was seen."""
        self._relay.raise_line(line)
        began, connected, curve = time.monotonic(), None, [(0.0, 0)]
        while (now := time.monotonic() - began) < seconds:
            if connected is None and self._office.lake.link("east")["state"] == "connected":
                connected = now
                say(f"{now:6.1f} s: linked")
            if overtaking and curve[-1][1] >= FROM_SHARE * self._leads:
                overtaking.look(now, curve[-1][1])
            total = self._office.east.figures()["leads"] - self._held
            bulk = total - (overtaking is not None and overtaking.lead.is_there)
            if bulk > curve[-1][1]:
                curve.append((now, bulk))
                say(f"{now:6.1f} s: {bulk} of {self._leads}")
            if total >= self._leads + (overtaking is not None):
                break
            time.sleep(PAUSE_SECONDS)
        seen = self._seen(curve, connected, now)
        if overtaking:
            seen |= overtaking.answer(self._leads)
        self._relay.cut()
        return seen

    def _seen(self, curve, connected, now):
        def reached(share):
            times = [at for at, leads in curve if leads >= share * self._leads]
            return rounded(times[0]) if times else None

        return {
            "leads": self._leads, "arrived": min(curve[-1][1], self._leads),
            "seconds": reached(1.0), "watched_seconds": rounded(now),
            "connected_after_seconds": rounded(connected),
            "seconds_until_share": {str(share): reached(share) for share in SHARES},
            "line": self._relay.counts(),
        }
