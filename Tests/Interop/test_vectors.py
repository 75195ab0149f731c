"""The vectors of docs/PROTOCOL.md against this implementation, which was written from that page."""

import unittest

import canonical
import ledger
import liandong_pb2 as pb
import ranges
import vectors
import wire
from cryptography.hazmat.primitives.asymmetric import ec

BLOCKS = vectors.load()


def block(name):
    return dict(BLOCKS[name])


def unhex(text):
    return bytes.fromhex(text)


def example(number):
    time = (1000 * (number // 3)) << 16 | number % 2
    return ranges.key_of(time, ledger.sha256(b"liandong.example.%d\n" % number))


class Vectors(unittest.TestCase):
    def test_every_block_of_the_page_is_known_here(self):
        known = {
            "key", "canonical", "refused", "stamp", "founding event", "later event", "first commit",
            "second commit", "running hash", "frames", "fingerprints", "comparison"}
        self.assertEqual(set(BLOCKS), known)

    def test_canonical_values(self):
        self.assertGreater(len(BLOCKS["canonical"]), 20)
        for data, text in BLOCKS["canonical"]:
            value = canonical.decode(unhex(data))
            self.assertEqual(canonical.describe(value), text)
            self.assertEqual(canonical.encode(value).hex(), data)

    def test_other_forms_are_refused(self):
        for data, reason in BLOCKS["refused"]:
            with self.assertRaises(canonical.Malformed, msg=reason):
                canonical.decode(unhex(data))

    def test_stamp(self):
        facts = block("stamp")
        stamp = ledger.Stamp.decode(unhex(facts["bytes"]))
        self.assertEqual(stamp.encoded().hex(), facts["bytes"])
        self.assertEqual(ledger.stamp_hash(unhex(facts["bytes"])).hex(), facts["hash"])
        for name in "region", "incarnation", "sequence", "time", "actor", "role", "tier", "lane":
            self.assertEqual(str(getattr(stamp, name)), facts[name])
        self.assertEqual(stamp.key.hex(), facts["key"])
        time = int(facts["milliseconds"]) << 16 | int(facts["counter"])
        self.assertEqual(str(time), facts["time"])

    def test_events(self):
        milliseconds = int(block("stamp")["milliseconds"])
        for name in "founding event", "later event":
            facts = block(name)
            founding = name == "founding event"
            data = ledger.encode_event(
                b"" if founding else unhex(facts["entity"].replace("-", "")), facts["kind"],
                [unhex(one) for one in facts["parents"].split()], facts["audience"].split(),
                unhex(facts["salt"]), unhex(facts["body"]))
            self.assertEqual(data.hex(), facts["bytes"])
            event = ledger.Event.decode(data, unhex(facts["stamp_hash"]), milliseconds)
            self.assertEqual(event.hash.hex(), facts["hash"])
            self.assertEqual(event.entity.hex(), facts["entity"].replace("-", ""))

    def test_commits_and_their_signatures(self):
        key = block("key")
        point = unhex(key["point"])
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        self.assertEqual(ledger.key_name(public).hex(), key["name"])
        for name in "first commit", "second commit":
            facts = block(name)
            parts = [("withheld", unhex(one)) for one in facts["events"].split()]
            commit = ledger.Commit.of(
                unhex(facts["stamp"]), unhex(facts["previous"]), parts, unhex(facts["signature"]))
            self.assertEqual(ledger.stamp_hash(commit.stamp_bytes).hex(), facts["stamp_hash"])
            self.assertEqual(ledger.list_hash([p for _, p in parts]).hex(), facts["list_hash"])
            self.assertEqual(commit.preimage.hex(), facts["preimage"])
            self.assertEqual(commit.hash.hex(), facts["hash"])
            self.assertTrue(ledger.verifies(public, commit.signature, commit.preimage))
            altered = bytes([commit.signature[0] ^ 1]) + commit.signature[1:]
            self.assertFalse(ledger.verifies(public, altered, commit.preimage))
        self.assertEqual(block("second commit")["previous"], block("first commit")["hash"])

    def test_running_hash(self):
        running = ledger.ZERO
        for position, line in BLOCKS["running hash"]:
            *entry, wanted = line.split()
            for one in entry:
                running = ledger.running_hash(running, unhex(one))
            self.assertEqual(running.hex(), wanted, position)

    def test_frames(self):
        frames = block("frames")
        for name, data in frames.items():
            frame = pb.Frame.FromString(unhex(data))
            self.assertEqual(frame.SerializeToString(deterministic=True).hex(), data, name)
        hello = pb.Frame.FromString(unhex(frames["hello"])).hello
        self.assertEqual((hello.region, hello.incarnation), ("xugou-jiedao", 2))
        self.assertEqual(wire.from_held(hello.urgent), ledger.FRESH)
        self.assertEqual(wire.from_held(hello.bulk).position, 2)
        resumed = pb.Frame.FromString(unhex(frames["hello that resumes nothing"])).hello
        self.assertEqual(wire.from_held(resumed.urgent), ledger.VOID)

    def test_batch_holds_the_commits_of_the_page(self):
        message = pb.Frame.FromString(unhex(block("frames")["batch"])).batch
        items, entries = wire.from_items(message.items)
        lines = dict(BLOCKS["running hash"])
        self.assertEqual([one.hex() for one in entries], [lines[n].split()[0] for n in "123"])
        end = wire.from_cursor(message.start).after(entries)
        self.assertEqual((end.position, end.running.hex()), (3, lines["3"].split()[1]))
        self.assertEqual(items[0][1].hash.hex(), block("first commit")["hash"])
        partial = items[2][1]
        self.assertEqual(partial.hash.hex(), block("second commit")["hash"])
        self.assertIsInstance(partial.entries[1], bytes)
        self.assertEqual(wire.to_commit(partial), message.items[2].commit)

    def test_fingerprints(self):
        facts, noted = block("fingerprints"), ranges.NotedSet(map(example, range(80)))
        for number in 0, 41, 79:
            self.assertEqual(example(number).hex(), facts[f"key {number}"])
        ends = {"all": (ranges.LOWEST, b""), "41 to 60": (example(41), example(60)),
                "none": (example(41), example(41))}
        for name, (lower, upper) in ends.items():
            count, high, low = noted.fingerprint(*noted.places(lower, upper))
            self.assertEqual(f"{count} {high:016x} {low:016x}", facts[name])

    def test_comparison(self):
        driver = ranges.Comparison(ranges.NotedSet(example(n) for n in range(80) if n != 7))
        responder = ranges.Comparison(
            ranges.NotedSet(example(n) for n in range(80) if n not in (41, 60)))
        lines = BLOCKS["comparison"]
        frame = driver.begin()
        for side, line in lines[:-2]:
            data = pb.Frame(compare=wire.to_compare(frame)).SerializeToString()
            self.assertEqual(line.split()[0], ledger.sha256(data).hex(), side)
            frame = responder.answer(frame) if side == "driver" else driver.proceed(frame)
        self.assertTrue(driver.complete and responder.complete)
        for (name, line), side in zip(lines[-2:], (driver, responder)):
            self.assertEqual(sorted(one.hex() for one in side.missing), line.split(), name)


class ValidityByRun(unittest.TestCase):
    def setUp(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.commits, previous = [], ledger.ZERO
        for sequence in range(1, 6):
            stamp = ledger.Stamp(
                "a", 1, sequence, sequence << 16, "x", "y", 2,
                ledger.key_name(self.key.public_key()), 1)
            event = ledger.encode_event(b"", "k", [], [], bytes(16), b"")
            self.commits.append(ledger.Commit.seal(self.key, stamp, previous, [event]))
            previous = self.commits[-1].hash

    def verdicts(self, commits):
        asked = []
        def signed(commit):
            asked.append(commit.stamp.sequence)
            return ledger.verifies(self.key.public_key(), commit.signature, commit.preimage)
        return ledger.verdicts(commits, signed), asked

    def test_run_costs_one_verification(self):
        self.assertEqual(self.verdicts(self.commits), ([True] * 5, [5]))

    def test_gap_costs_one_more(self):
        self.assertEqual(self.verdicts(self.commits[:2] + self.commits[3:]), ([True] * 4, [5, 2]))

    def test_altered_commit_is_alone_in_its_fall(self):
        bad = self.commits[2]
        other = ledger.encode_event(b"", "k", [], [], bytes(16), b"other")
        self.commits[2] = ledger.Commit.of(
            bad.stamp_bytes, bad.previous, [("event", other)], bad.signature)
        self.assertEqual(self.verdicts(self.commits)[0], [True, True, False, True, True])


class Clock(unittest.TestCase):
    def test_time_grows_when_the_wall_steps_back(self):
        self.assertEqual(ledger.tick(5 << 16 | 0xFFFF, 3), 6 << 16)

    def test_clock_far_ahead_is_not_followed(self):
        self.assertEqual(ledger.observe(7, 700_001 << 16, 100_000), 7)
        self.assertEqual(ledger.observe(7, 700_000 << 16, 100_000), 700_000 << 16)


if __name__ == "__main__":
    unittest.main()
