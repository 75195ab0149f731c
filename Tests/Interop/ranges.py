"""Fingerprints of ranges, and the comparison of two noted sets. A key is 40 bytes: time and hash."""

from bisect import bisect_left

LOWEST = bytes(40)
ITEMS_PER_CLAIM, BRANCHING, CLAIMS_PER_FRAME, ITEMS_PER_ANSWER = 64, 16, 16, 1024
MODULUS = 1 << 64


def key_of(time, digest):
    return time.to_bytes(8, "big") + digest


class NotedSet:
    """The keys exchanged with a peer at one instant, with sums over every prefix."""

    def __init__(self, keys):
        self.keys = sorted(set(keys))
        self.sums = [(0, 0)]
        for key in self.keys:
            high, low = self.sums[-1]
            self.sums.append((
                (high + int.from_bytes(key[8:16], "big")) % MODULUS,
                (low + int.from_bytes(key[16:24], "big")) % MODULUS))

    def places(self, lower, upper):
        first = bisect_left(self.keys, lower)
        last = bisect_left(self.keys, upper) if upper else len(self.keys)
        return first, max(first, last)

    def fingerprint(self, first, last):
        (high, low), (high_before, low_before) = self.sums[last], self.sums[first]
        return last - first, (high - high_before) % MODULUS, (low - low_before) % MODULUS

    def __contains__(self, key):
        place = bisect_left(self.keys, key)
        return place < len(self.keys) and self.keys[place] == key


class Comparison:
    """One side of a comparison. A claim is (lower, upper or b"", kind, content)."""

    def __init__(self, noted):
        self.set, self.open, self.missing, self.complete = noted, [], set(), False

    def begin(self):
        everything = self.set.fingerprint(0, len(self.set.keys))
        return [(LOWEST, b"", "fingerprint", everything)]

    def proceed(self, answer):
        """The driver's next frame; empty when nothing is left."""
        for claim in answer:
            self.open += self._reply(claim)
        frame = self.open[-CLAIMS_PER_FRAME:]
        del self.open[-CLAIMS_PER_FRAME:]
        self.complete = not frame
        return frame

    def answer(self, claims):
        """The responder's answer to a frame; None to the last one, which has no claims."""
        if not claims:
            self.complete = True
            return None
        return [reply for claim in claims for reply in self._reply(claim)]

    def _note(self, keys):
        self.missing.update(key[8:] for key in keys if key not in self.set)

    def _reply(self, claim):
        lower, upper, kind, content = claim
        first, last = self.set.places(lower, upper)
        keys = self.set.keys
        if kind == "fingerprint":
            if self.set.fingerprint(first, last) == content:
                return []
            if last - first <= ITEMS_PER_CLAIM:
                return [(lower, upper, "items", keys[first:last])]
            return self._divide(lower, upper, first, last)
        self._note(content)
        if kind == "answer":
            return []
        listed = min(last, first + ITEMS_PER_ANSWER)
        if listed == last:
            return [(lower, upper, "answer", keys[first:last])]
        return [
            (lower, keys[listed], "answer", keys[first:listed]),
            (keys[listed], upper, "fingerprint", self.set.fingerprint(listed, last))]

    def _divide(self, lower, upper, first, last):
        step, claims = -(-(last - first) // BRANCHING), []
        for start in range(first, last, step):
            end = min(start + step, last)
            above = upper if end == last else self.set.keys[end]
            claims.append((lower, above, "fingerprint", self.set.fingerprint(start, end)))
            lower = above
        return claims
