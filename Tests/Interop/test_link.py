"""Two ends of a link without a socket: greeting, both directions, cuts, repairs, hostile input."""

import os
import sqlite3
import tempfile
import unittest

import canonical
import liandong_pb2 as pb
import wire
from audience import judge
from city import City
from ledger import (
    BULK, FRESH, LANES, URGENT, VOID, Commit, Stamp, encode_event, event_hash, stamp_hash)
from link import Link


class Wire:
    """Carries frames between two links until nothing is left or `budget` frames have passed."""

    def __init__(self, child, parent, peers=("hub", "east")):
        self.told = []
        tell = lambda what, **facts: self.told.append((what, facts))
        self.links = [Link(child, peers[0], "child", tell), Link(parent, peers[1], "parent", tell)]
        self.queues = [[], []]  # frames on their way to child, parent
        for side, link in enumerate(self.links):
            self.post(side, link.opened(0))

    def post(self, side, frames):
        self.queues[1 - side] += [frame.SerializeToString() for frame in frames]

    def run(self, budget=10_000, change=lambda side, frame: frame):
        while budget > 0 and any(self.queues):
            for side in 0, 1:
                if self.queues[side] and budget > 0:
                    budget -= 1
                    frame = pb.Frame.FromString(self.queues[side].pop(0))
                    self.post(side, self.links[side].received(change(side, frame), 0))
        return self

    def grew(self, side):
        self.post(side, self.links[side].grew(0))
        return self.run()

    def ends(self):
        return [link.ended and pb.Goodbye.Reason.Name(link.ended.reason) for link in self.links]


def lead(store, title, lane=BULK):
    body = canonical.encode({"title": title})
    return store.author([(b"", "lead.reported", [], [store.identity.region], body)], lane).events[0]


def held(store):
    return {event.hash for _, event in store.events_of()}


def settle(child, parent, peers=("hub", "east"), sessions=6):
    """Links again and again, as a node does, until a session goes through to its end."""
    for _ in range(sessions):
        session = Wire(child, parent, peers).run()
        if session.ends() == [None, None]:
            return session
    raise AssertionError(f"no session stood: {session.ends()}")


class LinkTests(unittest.TestCase):
    def setUp(self):
        self.city = City()
        self.hub, self.east = self.city.store("hub"), self.city.store("east")
        self.city.publish(self.hub)

    def assert_same(self):
        self.assertEqual(held(self.hub), held(self.east))
        for store, peer in (self.hub, "east"), (self.east, "hub"):
            for lane in LANES:
                other, mine = (self.east, "hub") if store is self.hub else (self.hub, "east")
                self.assertEqual(store.cursor(peer, lane).position, other.head(mine, lane).position)

    def test_new_child_learns_the_tree_and_then_both_directions_flow(self):
        first = lead(self.east, "dust")
        session = Wire(self.east, self.hub).run()
        self.assertIn("REASON_TREE_CHANGED", session.ends())
        self.assertTrue(self.east.newest_tree())
        session = settle(self.east, self.hub)
        self.assertTrue(self.hub.holds(first.hash))
        order = self.hub.author(
            [(b"", "directive.issued", [], ["east"], canonical.encode({"title": "dust"}))], URGENT)
        session.grew(1)
        self.assertTrue(self.east.holds(order.events[0].hash))
        head = self.hub.head("east", URGENT).position
        self.assertEqual(self.hub.acknowledged("east", URGENT), head)

    def test_event_for_another_district_stays_above(self):
        settle(self.east, self.hub)
        other = self.hub.author(
            [(b"", "directive.issued", [], ["west"], canonical.encode({}))], URGENT).events[0]
        settle(self.east, self.hub)
        self.assertFalse(self.east.holds(other.hash))

    def test_cut_session_resumes_where_it_stood_and_sends_nothing_twice(self):
        settle(self.east, self.hub)
        leads = [lead(self.east, f"lead {number}") for number in range(300)]
        Wire(self.east, self.hub).run(budget=7)
        before = self.hub.cursor("east", BULK).position
        self.assertGreater(before, 0)
        session = settle(self.east, self.hub)
        taken = [facts["event"] for what, facts in session.told if what == "taken"]
        self.assertEqual(len(taken), len(set(taken)))
        self.assertTrue(all(self.hub.holds(one.hash) for one in leads))
        self.assertNotIn("repair_began", [what for what, _ in session.told])

    def test_restored_child_gets_its_lost_commits_back_and_keeps_its_new_ones(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "child.db")
            self.east = self.city.store("east", path)
            settle(self.east, self.hub)
            backup = sqlite3.connect(":memory:")
            self.east.db.backup(backup)
            lost = [lead(self.east, f"lost {number}") for number in range(200)]
            settle(self.east, self.hub)
            self.east.db.close()
            for end in "", "-wal", "-shm":
                if os.path.exists(path + end):
                    os.remove(path + end)
            target = sqlite3.connect(path)
            backup.backup(target)
            target.close()
            self.east = self.city.store("east", path)
            self.assertEqual(self.east.incarnation, 2)
            new = lead(self.east, "written after the restore")
            session = settle(self.east, self.hub)
            self.assertTrue(all(self.east.holds(one.hash) for one in lost))
            self.assertTrue(self.hub.holds(new.hash))
            self.assertIn("repair_settled", [what for what, _ in session.told])
            self.assert_same()
            self.east.db.close()

    def test_silently_replaced_store_opens_a_new_incarnation_when_a_cursor_contradicts_it(self):
        settle(self.east, self.hub)
        backup = sqlite3.connect(":memory:")
        self.east.db.backup(backup)
        lost = lead(self.east, "lost")
        settle(self.east, self.hub)
        backup.backup(self.east.db)
        session = Wire(self.east, self.hub).run()
        self.assertIn("REASON_NEW_INCARNATION", session.ends())
        self.assertEqual(self.east.incarnation, 2)
        settle(self.east, self.hub)
        self.assertTrue(self.east.holds(lost.hash))
        self.assert_same()

    def test_repair_that_is_cut_leaves_void_cursors_and_begins_again(self):
        settle(self.east, self.hub)
        more = [lead(self.east, f"lead {number}") for number in range(400)]
        self.east.begin_repair("hub")
        void, told = 0, []
        for budget in 4, 7, 11, 14:
            told += Wire(self.east, self.hub).run(budget=budget).told
            void += self.hub.cursor("east", BULK) == VOID
            self.assert_cursor_implies_content(self.hub, "east", self.east, "hub")
            self.assert_cursor_implies_content(self.east, "hub", self.hub, "east")
        self.assertGreater(void, 0)
        told += settle(self.east, self.hub).told
        self.assertIn("repair_settled", [what for what, _ in told])
        self.assertTrue(all(self.hub.holds(one.hash) for one in more))
        self.assert_same()

    def assert_cursor_implies_content(self, store, peer, other, mine):
        for lane in LANES:
            cursor = store.cursor(peer, lane)
            if cursor in (FRESH, VOID) or cursor.incarnation != other.incarnation:
                continue
            rows = other.db.execute(
                "SELECT event FROM outbox WHERE peer = ? AND lane = ? AND position <= ?"
                " AND event IS NOT NULL", (mine, lane, cursor.position))
            for (event,) in rows:
                self.assertTrue(store.holds(event))

    def test_data_written_during_a_repair_flows_and_is_not_lost(self):
        settle(self.east, self.hub)
        for number in range(300):
            lead(self.east, f"lead {number}")
        self.hub.begin_repair("east")
        session = Wire(self.east, self.hub)
        written = []
        for round_ in range(40):
            session.run(budget=3)
            written.append(lead(self.east, f"during {round_}"))
            session.post(0, session.links[0].grew(0))
        session.run()
        self.assertEqual(session.ends(), [None, None])
        self.assertTrue(all(self.hub.holds(one.hash) for one in written))
        self.assert_same()

    def test_altered_commit_is_set_aside_and_the_rest_goes_on(self):
        settle(self.east, self.hub)
        leads = [lead(self.east, f"lead {number}") for number in range(5)]
        touched = []

        def alter(side, frame):
            if frame.WhichOneof("kind") == "batch" and side == 1 and not touched:
                commit = frame.batch.items[2].commit
                commit.events[0] = commit.events[0][:-1] + b"X"
                touched.append(commit)
            return frame

        session = Wire(self.east, self.hub)
        session.run(change=alter)
        # An altered event has another hash, and so has all that the running hash covers: the cursor
        # contradicts its outbox at the next hello, which costs an incarnation and a repair.
        aside = [facts for what, facts in session.told if what == "set_aside"]
        self.assertEqual(len(aside), 1)
        good = [one for one in leads if self.hub.holds(one.hash)]
        self.assertEqual(len(good), 4)
        settle(self.east, self.hub)
        self.assertTrue(all(self.hub.holds(one.hash) for one in leads))

    def test_foreign_stamp_is_set_aside(self):
        settle(self.east, self.hub)
        stamp = Stamp("west", 1, 1, 9 << 16, "x", "y", 1, self.east.identity.key, BULK)
        event = encode_event(b"", "lead.reported", [], [], bytes(16), b"")
        forged = Commit.seal(self.east.private_key, stamp, bytes(32), [event])
        fresh, aside = self.hub.take("east", [forged], [])
        self.assertEqual((fresh, len(aside)), ([], 1))
        self.assertFalse(self.hub.holds(event_hash(stamp_hash(stamp.encoded()), event)))

    def test_urgent_event_takes_its_unsent_ancestors_along(self):
        settle(self.east, self.hub)
        first = lead(self.east, "slow")
        for number in range(50):
            lead(self.east, f"other {number}")
        body = canonical.encode({})
        second = self.east.author(
            [(first.entity, "lead.progressed", [first.hash], [], body)], URGENT).events[0]
        session = Wire(self.east, self.hub)
        order = []

        def watch(side, frame):
            if frame.WhichOneof("kind") == "batch" and side == 1:
                order.extend(wire.from_items(frame.batch.items)[1])
            return frame

        session.run(change=watch)
        self.assertEqual(order[:2], [first.hash, second.hash])

    def test_protocol_faults_end_the_session(self):
        settle(self.east, self.hub)
        hello = Link(self.hub, "east", "parent").opened(0)[0]
        cases = {
            "data before the greeting": [pb.Frame(want=pb.Want())],
            "a second hello": [hello, hello],
            "asked for events without": [hello, pb.Frame(want=pb.Want(hashes=bytes(32)))],
            "never sent": [hello, pb.Frame(acknowledgement=pb.Acknowledgement(
                lane=pb.LANE_BULK, position=99_999))],
            "out of turn": [hello, pb.Frame(compare=pb.Compare())],
            "no known kind": [pb.Frame()],
        }
        for message, frames in cases.items():
            with self.subTest(message):
                link = Link(self.east, "hub", "child")
                link.opened(0)
                for frame in frames:
                    link.received(frame, 0)
                self.assertEqual(link.ended.reason, pb.Goodbye.REASON_VIOLATION)
                self.assertIn(message, link.ended.message)

    def test_silence_ends_the_session_and_quiet_is_broken_by_a_ping(self):
        link = Link(self.east, "hub", "child")
        link.opened(0)
        self.assertEqual(link.tick(9), [])
        self.assertEqual(link.tick(10)[0].WhichOneof("kind"), "ping")
        self.assertEqual(link.tick(45)[0].WhichOneof("kind"), "goodbye")

    def test_void_widening_adds_nothing(self):
        settle(self.east, self.hub)
        first = self.hub.author(
            [(b"", "lead.reported", [], [], canonical.encode({}))], BULK).events[0]
        self.assertEqual(self.hub.judge_audience(first.entity), ({"hub"}, set()))
        own = lead(self.east, "ours")
        self.east.author([(own.entity, "lead.dispatched", [own.hash], ["town"], b"\xa0")], BULK)
        self.assertEqual(self.east.judge_audience(own.entity), ({"east", "town"}, set()))
        stamp = Stamp("west", 1, 1, 9 << 16, "x", "y", 1, bytes(16), BULK)
        facts = {
            b"a": (True, (), ("east",), "east"), b"b": (False, (b"a",), ("west",), stamp.region)}
        trees = [tree for _, tree in self.hub.trees().values()]
        self.assertEqual(judge(facts, trees), ({"east"}, {b"b"}))


if __name__ == "__main__":
    unittest.main()
