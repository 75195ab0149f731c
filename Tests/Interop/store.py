"""The child's ledger in one SQLite file: what is held, outboxes, cursors, keys and trees.

Every method that changes something is one transaction; what it returns is durable then.
"""

import json
import os
import sqlite3

import audience
import canonical
import certificates
import ledger
from canonical import Malformed
from ledger import BULK, FRESH, URGENT, ZERO, Commit, Event, Stamp
from outboxes import Outboxes

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value);
CREATE TABLE IF NOT EXISTS commits (
  hash BLOB PRIMARY KEY, stamp BLOB, previous BLOB, signature BLOB, hashes BLOB);
CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY, hash BLOB UNIQUE, commit_hash BLOB, place INTEGER, entity BLOB, kind TEXT,
  data BLOB);
CREATE INDEX IF NOT EXISTS events_by_entity ON events (entity);
CREATE TABLE IF NOT EXISTS outbox (
  peer TEXT, lane INTEGER, position INTEGER, event BLOB, mark BLOB, running BLOB,
  PRIMARY KEY (peer, lane, position));
CREATE INDEX IF NOT EXISTS outbox_by_event ON outbox (event);
CREATE TABLE IF NOT EXISTS acknowledged (
  peer TEXT, lane INTEGER, position INTEGER, PRIMARY KEY (peer, lane));
CREATE TABLE IF NOT EXISTS taken (peer TEXT, event BLOB, PRIMARY KEY (peer, event));
CREATE TABLE IF NOT EXISTS cursors (
  peer TEXT, lane INTEGER, void INTEGER, incarnation INTEGER, position INTEGER, running BLOB,
  PRIMARY KEY (peer, lane));
CREATE TABLE IF NOT EXISTS keys (name BLOB PRIMARY KEY, region TEXT, tier INTEGER, chain BLOB);
CREATE TABLE IF NOT EXISTS set_aside (hash BLOB PRIMARY KEY, origin TEXT, reason TEXT);
"""


class NotAtCursor(Exception):
    """A batch that does not begin where the cursor stands."""


class Store(Outboxes):
    """`identity`: the Certified of this node; `roots`: the trusted root certificates."""

    def __init__(self, path, identity, private_key, chain, roots, wall):
        self.identity, self.private_key, self.roots, self.wall = identity, private_key, roots, wall
        self.chain, self.alarms, self.public_keys = chain, [], {}
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.executescript(SCHEMA)
        self._start(None if path == ":memory:" else path + ".starts")

    # -- the node's own chain --------------------------------------------------------------------

    def meta(self, name, default=None):
        row = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else default

    def _set(self, name, value):
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    @property
    def incarnation(self):
        return self.meta("incarnation", 0)

    def _start(self, beside_path):
        """A counter beside the store tells a store that was copied back from a backup."""
        self.beside_path, beside = beside_path, None
        if beside_path and os.path.exists(beside_path):
            with open(beside_path, encoding="utf-8") as file:
                beside = json.load(file)
        inside = [self.meta("starts", 0), self.incarnation]
        # The count alone misses a backup that was made since the last start.
        sequence = beside.pop() if beside else 0
        same = not beside_path or (
            inside == (beside or [0, 0]) and self.meta("sequence", 0) >= sequence)
        starts = max(inside[0], (beside or inside)[0]) + 1
        incarnation = max(inside[1], (beside or inside)[1])
        opens = not same or incarnation == 0
        self._count(starts, incarnation + (1 if opens else 0), opens)
        self._learn(self.chain)

    def _count(self, starts, incarnation, opens):
        # First the file: a crash in between uses no incarnation twice.
        self._write_beside(starts, incarnation, 0 if opens else self.meta("sequence", 0))
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            self._set("starts", starts)
            self._set("incarnation", incarnation)
            if opens:
                self._set("sequence", 0)
                self._set("head", ZERO)

    def _write_beside(self, starts, incarnation, sequence):
        if not self.beside_path:
            return
        with open(self.beside_path + ".new", "w", encoding="utf-8") as file:
            json.dump([starts, incarnation, sequence], file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.beside_path + ".new", self.beside_path)

    def open_incarnation(self):
        self._count(self.meta("starts"), self.incarnation + 1, True)

    def author(self, events, lane, actor="system", role="system"):
        """Seals events into this node's next commit. An event: (entity or b"", kind, parents,
        audience, body); the salt is drawn here."""
        time = ledger.tick(self.meta("clock", 0), self.wall())
        stamp = Stamp(
            self.identity.region, self.incarnation, self.meta("sequence", 0) + 1, time, actor,
            role, self.identity.tier, self.identity.key, lane)
        data = [
            ledger.encode_event(entity, kind, parents, added, os.urandom(16), body)
            for entity, kind, parents, added, body in events]
        commit = Commit.seal(self.private_key, stamp, self.meta("head", ZERO), data)
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            self._set("clock", time)
            self._set("sequence", stamp.sequence)
            self._set("head", commit.hash)
            self._route(self._accept(commit, None))
        # Before anybody is sent the commit, so that no sequence can be used twice.
        self._write_beside(self.meta("starts"), stamp.incarnation, stamp.sequence)
        return commit

    # -- accepting -------------------------------------------------------------------------------

    def _accept(self, commit, source):
        self.db.execute(
            "INSERT OR IGNORE INTO commits VALUES (?, ?, ?, ?, ?)",
            (commit.hash, commit.stamp_bytes, commit.previous, commit.signature,
             b"".join(commit.event_hashes)))
        fresh = []
        for place, event in enumerate(commit.entries):
            if not isinstance(event, Event):
                continue
            if source:
                self.db.execute("INSERT OR IGNORE INTO taken VALUES (?, ?)", (source, event.hash))
            added = self.db.execute(
                "INSERT OR IGNORE INTO events (hash, commit_hash, place, entity, kind, data)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (event.hash, commit.hash, place, event.entity, event.kind, event.data)).rowcount
            if added:
                fresh.append(event)
        return fresh

    def take(self, peer, commits, chains, cursor=None, lane=None, expected=None):
        """Verifies and stores commits. With `cursor` the peer's cursor moves there too, from
        `expected`. Returns the fresh events and the commits set aside as (commit, reason)."""
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            if cursor:
                held = self.cursor(peer, lane)
                if held != expected and not (held == FRESH and expected.position == 0):
                    raise NotAtCursor(f"the batch begins at {expected.position}")
            for chain in chains:
                self._learn(chain)
            aside, fresh, clock = [], [], self.meta("clock", 0)
            for commit, reason in zip(commits, self._judge(commits)):
                if reason:
                    aside.append((commit, reason))
                    self.db.execute(
                        "INSERT OR IGNORE INTO set_aside VALUES (?, ?, ?)",
                        (commit.hash, str(commit.stamp.origin), reason))
                    continue
                clock = ledger.observe(clock, commit.stamp.time, self.wall())
                fresh += self._accept(commit, peer)
            self._set("clock", clock)
            self._route(fresh)
            if cursor:
                self._set_cursor(peer, lane, cursor)
        return fresh, aside

    def _judge(self, commits):
        def signed(commit):
            known = self._key(commit.stamp.key)
            return known is not None and ledger.verifies(
                known.public_key, commit.signature, commit.preimage)
        for commit, good in zip(commits, ledger.verdicts(commits, signed)):
            known = self._key(commit.stamp.key)
            if known is None:
                yield "the key is certified by no chain that came along"
            elif (known.region, known.tier) != (commit.stamp.region, commit.stamp.tier):
                yield "the key is certified for another region or tier"
            else:
                yield None if good else "the signature is not that of the key"

    def _learn(self, chain):
        try:
            certified = certificates.judge(chain, self.roots)
        except certificates.Refused as error:
            self.alarms.append(f"a certificate chain is refused: {error}")
            return
        self.db.execute(
            "INSERT OR IGNORE INTO keys VALUES (?, ?, ?, ?)",
            (certified.key, certified.region, certified.tier, canonical.encode(list(chain))))

    def _key(self, name):
        if name not in self.public_keys:
            row = self.db.execute("SELECT chain FROM keys WHERE name = ?", (name,)).fetchone()
            if not row:
                return None
            self.public_keys[name] = certificates.judge(canonical.decode(row[0]), self.roots)
        return self.public_keys[name]

    def chain_of(self, name):
        row = self.db.execute("SELECT chain FROM keys WHERE name = ?", (name,)).fetchone()
        return canonical.decode(row[0]) if row else None

    # -- trees and routing -----------------------------------------------------------------------

    def trees(self):
        """Every hub-signed tree held as {event hash: (version, tree)}."""
        found = {}
        for digest in self.db.execute("SELECT hash FROM events WHERE kind = 'tree.published'"):
            commit = self.commit_of([digest[0]])
            tree = read_tree(commit.stamp, commit.events[0])
            if tree:
                version = commit.stamp.incarnation, commit.stamp.sequence, digest[0]
                found[digest[0]] = version, tree
        return found

    def newest_tree(self):
        trees = self.trees().values()
        return max(trees)[1] if trees else None

    def neighbours(self):
        tree = self.newest_tree() or {}
        mine = self.identity.region
        parent = tree.get(mine, (0, None))[1]
        children = [region for region, entry in tree.items() if entry[1] == mine]
        return ([parent] if parent else []) + sorted(children)

    def _route(self, fresh):
        tree = self.newest_tree()
        if tree is None:
            return
        entities = None
        if any(event.kind != "tree.published" for event in fresh) or not fresh:
            entities = {event.entity for event in fresh}
        if any(event.kind == "tree.published" for event in fresh):
            entities = {row[0] for row in self.db.execute("SELECT DISTINCT entity FROM events")}
        for entity in entities or ():
            regions, _ = self.judge_audience(entity)
            for peer in self.neighbours():
                if audience.concerns(tree, self.identity.region, peer, regions):
                    self._queue(entity, peer)

    def judge_audience(self, entity):
        trees = [tree for _, tree in self.trees().values()]
        facts = {
            event.hash: (event.founding, event.parents, event.audience, stamp.region)
            for stamp, event in self.events_of(entity)}
        return audience.judge(facts, trees)

    def _queue(self, entity, peer):
        held = {event.hash: (stamp, event) for stamp, event in self.events_of(entity)}
        for stamp, event in parents_first(held):
            exchanged = self.db.execute(
                "SELECT 1 FROM outbox WHERE peer = ?1 AND event = ?2"
                " UNION ALL SELECT 1 FROM taken WHERE peer = ?1 AND event = ?2",
                (peer, event.hash)).fetchone()
            if exchanged:
                continue
            if stamp.lane == URGENT:
                self._take_along(event, held, peer)
            self._append(peer, stamp.lane, event=event.hash)

    def _take_along(self, event, held, peer):
        """An urgent event takes its ancestors along that are still unsent in the bulk lane."""
        known, ancestors, todo = self.acknowledged(peer, BULK), set(), list(event.parents)
        while todo:
            parent = todo.pop()
            if parent in held and parent not in ancestors:
                ancestors.add(parent)
                todo += held[parent][1].parents
        for _, parent in parents_first({h: held[h] for h in ancestors}):
            lanes = dict(self.db.execute(
                "SELECT lane, MAX(position) FROM outbox WHERE peer = ? AND event = ? GROUP BY lane",
                (peer, parent.hash)))
            if URGENT not in lanes and lanes.get(BULK, 0) > known:
                self._append(peer, URGENT, event=parent.hash)

    # -- reading ---------------------------------------------------------------------------------

    def commit_of(self, event_hashes):
        """A commit with these of its events; the others stand there as hashes."""
        found = self.db.execute(
            "SELECT c.stamp, c.previous, c.signature, c.hashes FROM events e"
            " JOIN commits c ON c.hash = e.commit_hash WHERE e.hash = ?",
            (event_hashes[0],)).fetchone()
        stamp, previous, signature, joined = found
        parts = []
        for start in range(0, len(joined), 32):
            digest = joined[start:start + 32]
            if digest in event_hashes:
                data = self.db.execute("SELECT data FROM events WHERE hash = ?", (digest,))
                parts.append(("event", data.fetchone()[0]))
            else:
                parts.append(("withheld", digest))
        return Commit.of(stamp, previous, parts, signature)

    def commits_of(self, event_hashes):
        """The commits of these events, in the order in which they were accepted."""
        by_commit = {}
        for digest in event_hashes:
            row = self.db.execute(
                "SELECT id, commit_hash FROM events WHERE hash = ?", (digest,)).fetchone()
            if row:
                by_commit.setdefault(row[1], []).append((row[0], digest))
        ordered = sorted(by_commit.values(), key=min)
        return [self.commit_of([digest for _, digest in group]) for group in ordered]

    def holds(self, event_hash):
        found = self.db.execute("SELECT 1 FROM events WHERE hash = ?", (event_hash,)).fetchone()
        return found is not None

    def events_of(self, entity=None, kind=None):
        """(stamp, event) of an entity or of a kind, in the order of acceptance."""
        rows = self.db.execute(
            "SELECT e.data, c.stamp FROM events e JOIN commits c ON c.hash = e.commit_hash"
            " WHERE (?1 IS NULL OR e.entity = ?1) AND (?2 IS NULL OR e.kind = ?2) ORDER BY e.id",
            (entity, kind)).fetchall()
        for data, stamp_bytes in rows:
            stamp = Stamp.decode(stamp_bytes)
            yield stamp, Event.decode(data, ledger.stamp_hash(stamp_bytes), stamp.milliseconds)

    def heads_of(self, entity):
        events = [event for _, event in self.events_of(entity)]
        named = {parent for event in events for parent in event.parents}
        return [event.hash for event in events if event.hash not in named]


def parents_first(held):
    """(stamp, event) pairs of {hash: pair}, parents before children."""
    done, waiting = set(), dict(sorted(held.items()))
    while waiting:
        ready = [h for h, (_, event) in waiting.items()
                 if all(p in done or p not in held for p in event.parents)]
        for digest in ready:
            done.add(digest)
            yield waiting.pop(digest)
        if not ready:  # Hashes make a circle impossible.
            raise Malformed("events name each other as parents")


def read_tree(stamp, event):
    """The tree {region: (tier, parent, address)} that an event carries, or None."""
    try:
        rows = canonical.decode(event.body)["regions"]
        tree = {row[0]: (row[1], row[2], row[3]) for row in rows if len(row) == 4}
    except (Malformed, KeyError, TypeError, IndexError):
        return None
    hubs = [region for region, entry in tree.items() if entry[1] is None]
    lower = all(e[1] is None or (e[1] in tree and tree[e[1]][0] < e[0]) for e in tree.values())
    if stamp.tier != 0 or hubs != [stamp.region] or not lower or len(tree) != len(rows):
        return None
    return tree
