"""Outboxes, cursors and repairs: the part of the store that speaks of peers."""

import os

from ledger import FRESH, LANES, VOID, ZERO, Cursor, Stamp
from ranges import NotedSet, key_of


class Outboxes:
    """Needs `db`, `incarnation` and `commit_of` of the store that it is part of."""

    # -- outboxes and cursors --------------------------------------------------------------------

    def head(self, peer, lane):
        row = self.db.execute(
            "SELECT position, running FROM outbox WHERE peer = ? AND lane = ?"
            " ORDER BY position DESC LIMIT 1", (peer, lane)).fetchone() or (0, ZERO)
        return Cursor(self.incarnation, *row)

    def _append(self, peer, lane, event=None, mark=None):
        head = self.head(peer, lane).after([event or mark])
        self.db.execute(
            "INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?)",
            (peer, lane, head.position, event, mark, head.running))

    def judge_cursor(self, peer, lane, held):
        """A position to go on from, "mismatch", or "contradicts"."""
        if held == FRESH:
            return 0
        if held == VOID or held.incarnation != self.incarnation:
            return "mismatch"
        row = (ZERO,) if held.position == 0 else self.db.execute(
            "SELECT running FROM outbox WHERE peer = ? AND lane = ? AND position = ?",
            (peer, lane, held.position)).fetchone()
        return held.position if row and row[0] == held.running else "contradicts"

    def read_outbox(self, peer, lane, position, maximum_bytes):
        """(start cursor, items) from a position on; an item is ("commit", Commit) or ("mark",
        bytes). The last commit may exceed `maximum_bytes`."""
        running = ZERO if position == 0 else self.db.execute(
            "SELECT running FROM outbox WHERE peer = ? AND lane = ? AND position = ?",
            (peer, lane, position)).fetchone()[0]
        items, group, size = [], [], 0
        rows = self.db.execute(
            "SELECT o.mark, o.event, e.commit_hash, e.place, length(e.data) FROM outbox o LEFT JOIN"
            " events e ON e.hash = o.event WHERE o.peer = ? AND o.lane = ? AND o.position > ?"
            " ORDER BY o.position", (peer, lane, position))
        for mark, event, commit, place, length in rows:
            goes_on = group and commit == group[-1][1] and place > group[-1][2]
            if not goes_on:
                if group:
                    items.append(("commit", [entry[0] for entry in group]))
                    group = []
                if size >= maximum_bytes or len(items) >= 512:
                    break
            if event is None:
                items.append(("mark", mark))
                continue
            group.append((event, commit, place))
            size += length
        if group:
            items.append(("commit", [entry[0] for entry in group]))
        items = [(kind, self.commit_of(v) if kind == "commit" else v) for kind, v in items]
        return Cursor(self.incarnation, position, running), items

    def cursor(self, peer, lane):
        row = self.db.execute(
            "SELECT void, incarnation, position, running FROM cursors WHERE peer = ? AND lane = ?",
            (peer, lane)).fetchone()
        if not row:
            return FRESH
        return VOID if row[0] else Cursor(*row[1:])

    def _set_cursor(self, peer, lane, cursor):
        row = (1, 0, 0, ZERO) if cursor == VOID else (
            0, cursor.incarnation, cursor.position, cursor.running)
        self.db.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?, ?, ?)",
                        (peer, lane, *row))

    def acknowledged(self, peer, lane):
        row = self.db.execute(
            "SELECT position FROM acknowledged WHERE peer = ? AND lane = ?",
            (peer, lane)).fetchone()
        return row[0] if row else 0

    def note_acknowledged(self, peer, lane, position):
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            self.db.execute("INSERT OR REPLACE INTO acknowledged VALUES (?, ?, ?)",
                            (peer, lane, max(position, self.acknowledged(peer, lane))))

    # -- repair ----------------------------------------------------------------------------------

    def begin_repair(self, peer):
        """Voids our cursors, marks our outboxes, notes heads and set, all at one instant."""
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            for lane in LANES:
                self._set_cursor(peer, lane, VOID)
                self._append(peer, lane, mark=os.urandom(32))
            rows = self.db.execute(
                "SELECT c.stamp, e.hash FROM events e JOIN commits c ON c.hash = e.commit_hash"
                " WHERE e.hash IN (SELECT event FROM outbox WHERE peer = ?1 AND event IS NOT NULL"
                " UNION SELECT event FROM taken WHERE peer = ?1)", (peer,))
            noted = NotedSet(key_of(Stamp.decode(stamp).time, digest) for stamp, digest in rows)
            return [self.head(peer, lane) for lane in LANES], noted

    def finish_repair(self, peer, cursors):
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            for lane in LANES:
                self._set_cursor(peer, lane, cursors[lane])
