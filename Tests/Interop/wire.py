"""Frames to and from the messages of liandong.proto; every bound is checked on the way in."""

import liandong_pb2 as pb
from canonical import Malformed
from ledger import FRESH, VOID, ZERO, Commit, Cursor, Event

MESSAGE_BYTES, BATCH_BYTES, FIRST_BATCH_BYTES = 2 << 20, 1 << 20, 16 << 10
PROTOCOLS = range(1, 2)
KEY_BYTES, HASHES_PER_FRAME = 40, 4096


def rows(data, size):
    if len(data) % size:
        raise Malformed(f"{len(data)} bytes, no multiple of {size}")
    return [bytes(data[start:start + size]) for start in range(0, len(data), size)]


def from_lane(lane):
    if lane not in (pb.LANE_URGENT, pb.LANE_BULK):
        raise Malformed("unknown lane")
    return lane - 1  # The wire counts from 1, the stamp from 0.


def from_cursor(message):
    if not message.incarnation or len(message.running) != 32:
        raise Malformed("ill-formed cursor")
    return Cursor(message.incarnation, message.position, message.running)


def to_cursor(cursor):
    return pb.Cursor(
        incarnation=cursor.incarnation, position=cursor.position, running=cursor.running)


def from_held(message):
    kind = message.WhichOneof("kind")
    if kind is None:
        raise Malformed("a held cursor of no known kind")
    return {"fresh": FRESH, "void": VOID}.get(kind) or from_cursor(message.at)


def to_held(held):
    if held in (FRESH, VOID):
        return pb.HeldCursor(**{held: pb.Nothing()})
    return pb.HeldCursor(at=to_cursor(held))


def to_commit(commit):
    message = pb.Commit(
        stamp=commit.stamp_bytes, signature=commit.signature,
        previous=b"" if commit.previous == ZERO else commit.previous)
    for place, entry in enumerate(commit.entries):
        if isinstance(entry, Event):
            message.events.append(entry.data)
        else:
            message.withheld.add(place=place, hash=entry)
    return message


def from_commit(message):
    if len(message.previous) not in (0, 32) or len(message.stamp) > 1024:
        raise Malformed("previous or stamp of another length")
    parts = [("event", data) for data in message.events]
    for absent in message.withheld:
        if absent.place > len(parts) or len(absent.hash) != 32:
            raise Malformed("a withheld event out of place")
        parts.insert(absent.place, ("withheld", absent.hash))
    return Commit.of(message.stamp, message.previous or ZERO, parts, message.signature)


def to_shipment(commits, chains):
    return pb.Shipment(
        commits=[to_commit(commit) for commit in commits],
        chains=[pb.CertificateChain(certificates=chain) for chain in chains])


def from_chains(messages):
    return [list(message.certificates) for message in messages]


def to_batch(lane, start, items, chains):
    message = pb.Batch(lane=lane + 1, start=to_cursor(start))
    message.chains.extend(pb.CertificateChain(certificates=chain) for chain in chains)
    for kind, item in items:
        if kind == "mark":
            message.items.add(mark=item)
        else:
            message.items.add(commit=to_commit(item))
    return message


def from_items(messages):
    """Batch items as ("commit", Commit) and ("mark", bytes), and the hashes of their entries."""
    items, entries = [], []
    for message in messages:
        kind = message.WhichOneof("kind")
        if kind == "commit":
            commit = from_commit(message.commit)
            items.append(("commit", commit))
            entries += [event.hash for event in commit.events]
        elif kind == "mark" and len(message.mark) == 32:
            items.append(("mark", message.mark))
            entries.append(message.mark)
        else:
            raise Malformed("a batch item of no known kind")
    return items, entries


def to_compare(claims):
    message = pb.Compare()
    for lower, upper, kind, content in claims:
        claim = message.claims.add(lower=lower, upper=upper)
        if kind == "fingerprint":
            count, high, low = content
            claim.fingerprint.CopyFrom(pb.Fingerprint(count=count, high=high, low=low))
        else:
            setattr(claim, kind, b"".join(content))
    return message


def from_compare(message):
    claims = []
    for claim in message.claims:
        kind = claim.WhichOneof("content")
        if kind is None or len(claim.lower) != KEY_BYTES or len(claim.upper) not in (0, KEY_BYTES):
            raise Malformed("an ill-formed claim")
        if kind == "fingerprint":
            print_ = claim.fingerprint
            content = print_.count, print_.high, print_.low
        else:
            content = rows(getattr(claim, kind), KEY_BYTES)
        claims.append((claim.lower, claim.upper, kind, content))
    return claims
