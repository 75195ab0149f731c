"""One session of a link, at either end: frames in, frames out. Storing is done in between.

The child's end is what a node needs; the parent's end is here so that the tests need no other
program.
"""

import liandong_pb2 as pb
import ranges
import wire
from canonical import Malformed
from ledger import FRESH, LANES, VOID, Cursor
from store import NotAtCursor

UNACKNOWLEDGED_BATCHES = 8
KEEP_ALIVE_SECONDS, SILENCE_SECONDS = 10, 45


class Violation(Exception):
    """The peer broke the protocol."""


class Repair:
    """From the first mismatch until both sides hold what the other noted."""

    def __init__(self):
        self.theirs = self.ours = self.noted = self.comparison = self.unasked = None
        self.outstanding, self.taken = set(), None
        self.settled = self.peer_settled = False


class Link:
    def __init__(self, store, peer, side="child", tell=lambda what, **facts: None):
        self.store, self.peer, self.side, self.tell = store, peer, side, tell
        self.phase, self.ended = "greeting", None
        self.receiving, self.next = [None, None], [None, None]
        self.in_flight, self.known_rate, self.peer_incarnation = [], False, 0
        self.carried, self.repair, self.has_repaired = set(), None, False
        self.heard = self.spoke = None

    # -- inputs ----------------------------------------------------------------------------------

    def opened(self, now):
        self.heard = self.spoke = now
        cursors = [self.store.cursor(self.peer, lane) for lane in LANES]
        self.hello = pb.Hello(
            lowest_protocol=wire.PROTOCOLS.start, highest_protocol=wire.PROTOCOLS.stop - 1,
            region=self.store.identity.region, incarnation=self.store.incarnation,
            software="interop child", trees=b"".join(sorted(self.store.trees())),
            urgent=wire.to_held(cursors[0]), bulk=wire.to_held(cursors[1]))
        self.cursors = cursors
        return [pb.Frame(hello=self.hello)]

    def received(self, frame, now):
        """The frames to send; `ended` is set when the session is over."""
        self.heard = now
        if self.ended:
            return []
        try:
            frames = self._received(frame)
        except (Violation, Malformed) as error:
            frames = self._end(pb.Goodbye.REASON_VIOLATION, str(error))
        if frames:
            self.spoke = now
        return frames

    def grew(self, now):
        """Call after the store has authored something."""
        frames = [] if self.ended else self._pump()
        if frames:
            self.spoke = now
        return frames

    def tick(self, now):
        if self.ended:
            return []
        if now - self.heard >= SILENCE_SECONDS:
            return self._end(pb.Goodbye.REASON_STOPPING, "nothing heard")
        if now - self.spoke >= KEEP_ALIVE_SECONDS:
            self.spoke = now
            return [pb.Frame(ping=pb.Ping())]
        return []

    # -- dispatch --------------------------------------------------------------------------------

    def _received(self, frame):
        kind = frame.WhichOneof("kind")
        if kind is None:
            raise Malformed("a frame of no known kind")
        message = getattr(frame, kind)
        if kind == "goodbye":
            self.ended = message
            self.tell("goodbye", reason=pb.Goodbye.Reason.Name(message.reason),
                      message=message.message)
            return []
        if kind == "ping":
            return []
        if kind == "hello":
            return self._greeted(message)
        if kind == "trees":
            return self._learn(message)
        if self.phase == "learning":
            return []
        if self.phase != "streaming":
            raise Violation("data before the greeting")
        return getattr(self, "_" + kind)(message)

    def _end(self, reason, text, retry=None):
        goodbye = pb.Goodbye(reason=reason, message=text[:300], retry_after_seconds=retry)
        self.ended = goodbye
        self.tell("ended", reason=pb.Goodbye.Reason.Name(reason), message=text)
        return [pb.Frame(goodbye=goodbye)]

    # -- greeting --------------------------------------------------------------------------------

    def _greeted(self, theirs):
        if self.phase != "greeting":
            raise Violation("a second hello")
        if theirs.region != self.peer:
            raise Violation(f"the hello names {theirs.region}, the certificate {self.peer}")
        low = max(theirs.lowest_protocol, wire.PROTOCOLS.start)
        if low > min(theirs.highest_protocol, wire.PROTOCOLS.stop - 1):
            return self._end(pb.Goodbye.REASON_PROTOCOL_VERSION, "no protocol number in common")
        mine, named = set(self.store.trees()), set(wire.rows(theirs.trees, 32))
        frames = self._ship(sorted(mine - named))
        if named - mine:
            self.phase = "learning"
            return frames
        if mine and self.peer not in self.store.neighbours():
            return frames + self._end(pb.Goodbye.REASON_NOT_NEIGHBOURS, "not parent and child")
        self.phase = "streaming"
        self.tell("greeted", peer=self.peer, incarnation=theirs.incarnation,
                  software=theirs.software)
        self._expect(theirs.incarnation)
        return frames + self._judge([wire.from_held(theirs.urgent), wire.from_held(theirs.bulk)])

    def _expect(self, incarnation):
        self.peer_incarnation = incarnation
        for lane in LANES:
            held = self.cursors[lane]
            if held == FRESH:
                self.receiving[lane] = Cursor(incarnation, 0, bytes(32))
            elif held != VOID and held.incarnation == incarnation:
                self.receiving[lane] = held

    def _judge(self, theirs):
        places = [self.store.judge_cursor(self.peer, lane, theirs[lane]) for lane in LANES]
        if "contradicts" in places:
            self.store.open_incarnation()
            return self._end(
                pb.Goodbye.REASON_NEW_INCARNATION, "this store was replaced by an older one", 0)
        if "mismatch" in places:
            return self._start_repair()
        self.next = list(places)
        for lane in LANES:
            self.store.note_acknowledged(self.peer, lane, places[lane])
        return self._pump()

    def _ship(self, trees):
        if not trees:
            return []
        commits = self.store.commits_of(trees)
        return [pb.Frame(trees=wire.to_shipment(commits, self._chains(commits)))]

    def _learn(self, message):
        before = len(self.store.trees())
        commits = [wire.from_commit(commit) for commit in message.commits]
        self.store.take(self.peer, commits, wire.from_chains(message.chains))
        if len(self.store.trees()) > before:
            return self._end(pb.Goodbye.REASON_TREE_CHANGED, "a tree was learned", 0)
        # A tree that cannot be read here must not make the link dial without a pause.
        return self._end(pb.Goodbye.REASON_TREE_CHANGED, "a tree is not understood", 60) \
            if self.phase == "learning" else []

    # -- sending ---------------------------------------------------------------------------------

    def _chains(self, commits):
        names = {commit.stamp.key for commit in commits}
        return [chain for chain in map(self.store.chain_of, sorted(names)) if chain]

    def _pump(self):
        frames = []
        while self.phase == "streaming" and len(self.in_flight) < UNACKNOWLEDGED_BATCHES:
            if self.in_flight and not self.known_rate:
                break
            lanes = [lane for lane in LANES if self.next[lane] is not None
                     and self.next[lane] < self.store.head(self.peer, lane).position]
            if not lanes:
                break
            frames.append(self._next_batch(lanes[0]))
        return frames

    def _next_batch(self, lane):
        limit = wire.BATCH_BYTES // 4 if self.known_rate else wire.FIRST_BATCH_BYTES
        start, items = self.store.read_outbox(self.peer, lane, self.next[lane], limit)
        commits = [item for kind, item in items if kind == "commit"]
        entries = sum(len(item.events) if kind == "commit" else 1 for kind, item in items)
        keys = {commit.stamp.key for commit in commits} - self.carried
        self.carried |= keys
        chains = [chain for chain in map(self.store.chain_of, sorted(keys)) if chain]
        self.next[lane] = start.position + entries
        self.in_flight.append((lane, self.next[lane]))
        return pb.Frame(batch=wire.to_batch(lane, start, items, chains))

    def _acknowledgement(self, message):
        lane = wire.from_lane(message.lane)
        if self.next[lane] is None or message.position > self.next[lane]:
            raise Violation("acknowledgement of what was never sent")
        self.known_rate = True
        self.in_flight = [
            (l, end) for l, end in self.in_flight if l != lane or end > message.position]
        if message.moves_cursor:
            self.store.note_acknowledged(self.peer, lane, message.position)
        self.tell("acknowledged", lane=lane, position=message.position,
                  moves_cursor=message.moves_cursor)
        return self._pump()

    # -- receiving -------------------------------------------------------------------------------

    def _batch(self, message):
        lane, start = wire.from_lane(message.lane), wire.from_cursor(message.start)
        if self.receiving[lane] is None:
            return []  # Before the peer's heads are known; the comparison covers it.
        if start != self.receiving[lane]:
            raise Violation(f"the batch begins at {start.position}")
        items, entries = wire.from_items(message.items)
        end = start.after(entries)
        self.receiving[lane] = end
        moves = self.repair is None or self.repair.settled
        try:
            fresh, aside = self.store.take(
                self.peer, [item for kind, item in items if kind == "commit"],
                wire.from_chains(message.chains), end if moves else None, lane, start)
        except NotAtCursor as error:
            raise Violation(str(error)) from error
        if self.repair and self.repair.taken:
            self.repair.taken[lane] = end
        for event in fresh:
            self.tell("taken", event=event.hash.hex(), entity=event.entity.hex(), kind=event.kind)
        ack = pb.Acknowledgement(lane=lane + 1, position=end.position, moves_cursor=moves)
        learned = any(event.kind == "tree.published" for event in fresh)
        frames = self._notices(aside) + [pb.Frame(acknowledgement=ack)]
        if learned:
            return frames + self._end(pb.Goodbye.REASON_TREE_CHANGED, "a tree was learned", 0)
        return frames + self._pump()

    def _notices(self, aside):
        if not aside:
            return []
        message = pb.SetAside()
        for commit, reason in aside:
            self.tell("set_aside", commit=commit.hash.hex(), reason=reason)
            message.notices.add(
                commit=commit.hash, region=commit.stamp.region, reason=reason,
                incarnation=commit.stamp.incarnation, sequence=commit.stamp.sequence)
        return [pb.Frame(set_aside=message)]

    def _set_aside(self, message):
        for notice in message.notices:
            self.tell("peer_set_aside", commit=notice.commit.hex(), reason=notice.reason)
        return []

    # -- repair ----------------------------------------------------------------------------------

    def _start_repair(self):
        self.repair = repair = self.repair or Repair()
        if repair.theirs is None:
            self.receiving = [None, None]
        repair.ours, repair.noted = self.store.begin_repair(self.peer)
        repair.comparison = ranges.Comparison(repair.noted)
        self.next = [head.position for head in repair.ours]
        self.in_flight = []
        # Batches with these chains may have been passed over, so they are carried again.
        self.carried = set()
        self.tell("repair_began", noted=len(repair.noted.keys))
        noted = pb.NotedHeads(
            urgent=wire.to_cursor(repair.ours[0]), bulk=wire.to_cursor(repair.ours[1]),
            count=len(repair.noted.keys))
        return [pb.Frame(noted=noted)] + self._begin_comparison()

    def _noted(self, message):
        if self.has_repaired or (self.repair and self.repair.theirs):
            raise Violation("a second repair")
        heads = [wire.from_cursor(message.urgent), wire.from_cursor(message.bulk)]
        if any(head.incarnation != self.peer_incarnation for head in heads):
            raise Violation("noted heads of another incarnation")
        self.repair = self.repair or Repair()
        self.repair.theirs, self.receiving = heads, list(heads)
        self.repair.taken = list(heads)
        return self._begin_comparison() if self.repair.ours else self._start_repair()

    def _begin_comparison(self):
        if self.side != "child" or not (self.repair.ours and self.repair.theirs):
            return []
        return [self._compare_frame(self.repair.comparison.begin())]

    def _compare_frame(self, claims):
        return pb.Frame(compare=wire.to_compare(claims))

    def _compare(self, message):
        repair = self.repair
        if not repair or not repair.ours or not repair.theirs:
            raise Violation("comparison out of turn")
        claims = wire.from_compare(message)
        if self.side == "child":
            if repair.comparison.complete:
                raise Violation("an answer that was not asked for")
            frames = [self._compare_frame(repair.comparison.proceed(claims))]
        else:
            answer = repair.comparison.answer(claims)
            frames = [] if answer is None else [self._compare_frame(answer)]
        return frames + self._ask_or_settle()

    def _ask_or_settle(self):
        repair = self.repair
        if not repair.comparison.complete or repair.settled or repair.outstanding:
            return []
        if repair.unasked is None:
            repair.unasked = sorted(repair.comparison.missing)
        if repair.unasked:
            part = repair.unasked[-wire.HASHES_PER_FRAME:]
            del repair.unasked[-wire.HASHES_PER_FRAME:]
            repair.outstanding = set(part)
            return [pb.Frame(want=pb.Want(hashes=b"".join(part)))]
        repair.settled = True
        self.store.finish_repair(self.peer, repair.taken)
        self.tell("repair_settled", positions=[cursor.position for cursor in repair.taken])
        frames = [pb.Frame(want=pb.Want())]
        return frames + self._end_repair()

    def _end_repair(self):
        if self.repair.settled and self.repair.peer_settled:
            self.repair, self.has_repaired = None, True
            return self._pump()
        return []

    def _want(self, message):
        repair = self.repair
        if not repair or repair.noted is None:
            raise Violation("asked for events without a repair")
        hashes = wire.rows(message.hashes, 32)
        if not hashes:
            repair.peer_settled = True
            return self._end_repair()
        noted = {key[8:] for key in repair.noted.keys}
        if not noted.issuperset(hashes):
            raise Violation("asked for events that are not in the set")
        frames, part, size = [], [], 0
        for commit in self.store.commits_of(hashes):
            part.append(commit)
            size += sum(len(event.data) for event in commit.events)
            if size > wire.BATCH_BYTES // 2:
                frames.append(pb.Frame(repair=wire.to_shipment(part, self._chains(part))))
                part, size = [], 0
        if part:
            frames.append(pb.Frame(repair=wire.to_shipment(part, self._chains(part))))
        return frames

    def _repair(self, message):
        repair = self.repair
        commits = [wire.from_commit(commit) for commit in message.commits]
        arrived = {event.hash for commit in commits for event in commit.events}
        if not repair or repair.settled or not arrived <= repair.outstanding:
            raise Violation("events that were not asked for")
        fresh, aside = self.store.take(self.peer, commits, wire.from_chains(message.chains))
        for event in fresh:
            self.tell("repaired", event=event.hash.hex(), kind=event.kind)
        repair.outstanding -= arrived
        return self._notices(aside) + self._ask_or_settle()
