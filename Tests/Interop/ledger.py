"""Stamps, events, commits, hashes, signatures, entity ids and the clock, from PROTOCOL.md alone."""

import hashlib
import re
from dataclasses import dataclass
from typing import Optional

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature, encode_dss_signature)

from canonical import Malformed, Reader, encode

ZERO = bytes(32)
LANES = (0, 1)
URGENT, BULK = LANES
EVERYONE = "*"
BODY_BYTES, COMMIT_BYTES, COMMIT_EVENTS = 64 * 1024, 256 * 1024, 256
PARENTS, AUDIENCE_ADDED, WORD_BYTES = 32, 1024, 64
SIGNED_MAXIMUM = (1 << 63) - 1
CLOCK_TOLERANCE_MILLISECONDS = 600_000
_REGION = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def stamp_hash(stamp_bytes):
    return sha256(b"liandong.stamp.1\n", stamp_bytes)


def event_hash(stamp_digest, event_bytes):
    return sha256(b"liandong.event.1\n", stamp_digest, event_bytes)


def list_hash(event_hashes):
    return sha256(b"liandong.events.1\n", *event_hashes)


def preimage(stamp_digest, previous, list_digest):
    return b"liandong.commit.1\n" + stamp_digest + previous + list_digest


def running_hash(before, entry):
    return sha256(b"liandong.outbox.1\n", before, entry)


def entity_id(founding_hash, milliseconds):
    """UUIDv7: the stamp's milliseconds, then 12 and 62 bits of the founding event's hash."""
    high = int.from_bytes(founding_hash[:8], "big")
    low = int.from_bytes(founding_hash[8:16], "big")
    first = (milliseconds & (1 << 48) - 1) << 16 | 0x7000 | high >> 52
    return (first << 64 | 1 << 63 | low >> 2).to_bytes(16, "big")


def key_name(public_key):
    spki = public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return sha256(spki)[:16]


def sign(private_key, message):
    r, s = decode_dss_signature(private_key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verifies(public_key, signature, message):
    pair = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public_key.verify(encode_dss_signature(*pair), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def check_region(text):
    if not _REGION.fullmatch(text):
        raise Malformed("ill-formed region id")
    return text


def _word(reader, what):
    word = reader.text()
    if not 1 <= len(word.encode()) <= WORD_BYTES:
        raise Malformed(f"{what} empty or too long")
    return word


@dataclass(frozen=True)
class Stamp:
    region: str
    incarnation: int
    sequence: int
    time: int
    actor: str
    role: str
    tier: int
    key: bytes
    lane: int

    @property
    def origin(self):
        return self.region, self.incarnation

    @property
    def milliseconds(self):
        return self.time >> 16

    def encoded(self):
        return encode([
            self.region, self.incarnation, self.sequence, self.time, self.actor, self.role,
            self.tier, self.key, self.lane])

    @classmethod
    def decode(cls, data):
        reader = Reader(data)
        if reader.array() != 9:
            raise Malformed("stamp of another length")
        stamp = cls(
            check_region(reader.text()), reader.unsigned(), reader.unsigned(), reader.unsigned(),
            _word(reader, "actor"), _word(reader, "role"), reader.unsigned(), reader.byte_string(),
            reader.unsigned())
        reader.finish()
        if not (1 <= stamp.incarnation < 1 << 32 and 1 <= stamp.sequence <= SIGNED_MAXIMUM
                and stamp.time <= SIGNED_MAXIMUM and stamp.tier <= 2 and len(stamp.key) == 16
                and stamp.lane in LANES):
            raise Malformed("a field of the stamp is out of range")
        return stamp


def encode_event(entity, kind, parents, audience, salt, body):
    """The bytes of an event; `entity` is empty for one that founds."""
    return encode([
        entity, kind, sorted(set(parents)), sorted(set(audience), key=str.encode), salt, body])


@dataclass(frozen=True)
class Event:
    data: bytes
    hash: bytes
    entity: bytes
    founding: bool
    kind: str
    parents: tuple
    audience: tuple
    body: bytes

    @classmethod
    def decode(cls, data, stamp_digest, milliseconds):
        reader = Reader(data)
        if reader.array() != 6:
            raise Malformed("event of another length")
        entity, kind = reader.byte_string(), _word(reader, "kind")
        parents = [reader.byte_string() for _ in range(reader.array())]
        audience = [reader.text() for _ in range(reader.array())]
        salt, body = reader.byte_string(), reader.byte_string()
        reader.finish()
        if len(parents) > PARENTS or len(audience) > AUDIENCE_ADDED or len(salt) != 16:
            raise Malformed("a bound of the event is exceeded")
        if len(body) > BODY_BYTES or any(len(parent) != 32 for parent in parents):
            raise Malformed("a part of the event has a wrong length")
        for region in audience:
            if region != EVERYONE:
                check_region(region)
        for row in parents, [region.encode() for region in audience]:
            if any(a >= b for a, b in zip(row, row[1:])):
                raise Malformed("a list of the event is out of order")
        digest = event_hash(stamp_digest, data)
        if not entity:
            if parents:
                raise Malformed("founding event with parents")
            name = entity_id(digest, milliseconds)
        else:
            if len(entity) != 16 or entity[6] >> 4 != 7 or entity[8] >> 6 != 2 or not parents:
                raise Malformed("ill-formed entity id, or no parents")
            name = entity
        return cls(
            bytes(data), digest, name, not entity, kind, tuple(parents), tuple(audience), body)


@dataclass(frozen=True)
class Commit:
    stamp: Stamp
    stamp_bytes: bytes
    previous: bytes
    entries: tuple  # Event, or the 32 bytes of one that is not here
    signature: bytes
    preimage: bytes
    hash: bytes

    @classmethod
    def of(cls, stamp_bytes, previous, parts, signature):
        """`parts`: ("event", bytes) or ("withheld", hash), in the commit's order."""
        stamp, digest = Stamp.decode(stamp_bytes), stamp_hash(stamp_bytes)
        if len(signature) != 64 or not 1 <= len(parts) <= COMMIT_EVENTS:
            raise Malformed("signature or number of events")
        if (stamp.sequence == 1) != (previous == ZERO):
            raise Malformed("previous commit does not fit the sequence")
        if sum(len(data) for kind, data in parts if kind == "event") > COMMIT_BYTES:
            raise Malformed("commit too large")
        entries = tuple(
            Event.decode(data, digest, stamp.milliseconds) if kind == "event" else bytes(data)
            for kind, data in parts)
        hashes_ = [e.hash if isinstance(e, Event) else e for e in entries]
        image = preimage(digest, previous, list_hash(hashes_))
        return cls(
            stamp, bytes(stamp_bytes), previous, entries, bytes(signature), image, sha256(image))

    @classmethod
    def seal(cls, private_key, stamp, previous, events):
        """Signs the encoded `events` as one commit."""
        data, digest = stamp.encoded(), stamp_hash(stamp.encoded())
        image = preimage(digest, previous, list_hash([event_hash(digest, e) for e in events]))
        return cls.of(data, previous, [("event", e) for e in events], sign(private_key, image))

    @property
    def events(self):
        return [entry for entry in self.entries if isinstance(entry, Event)]

    @property
    def event_hashes(self):
        return [e.hash if isinstance(e, Event) else e for e in self.entries]


def verdicts(commits, is_signed):
    """Validity by run: a good commit vouches for the one that it names as its predecessor."""
    good, vouched = [False] * len(commits), {}
    for index in reversed(range(len(commits))):
        commit = commits[index]
        good[index] = vouched.get(commit.stamp.origin) == commit.hash or is_signed(commit)
        vouched[commit.stamp.origin] = commit.previous if good[index] else None
    return good


def tick(last, wall_milliseconds):
    """The next time of a clock whose last one was `last`."""
    return max(wall_milliseconds << 16, last + 1)


def observe(last, time, wall_milliseconds):
    """The clock's last time after one arrived; unmoved by one from too far ahead."""
    if time >> 16 > wall_milliseconds + CLOCK_TOLERANCE_MILLISECONDS:
        return last
    return max(last, time)


@dataclass(frozen=True)
class Cursor:
    incarnation: int
    position: int
    running: bytes

    def after(self, entries):
        position, running = self.position, self.running
        for entry in entries:
            position, running = position + 1, running_hash(running, entry)
        return Cursor(self.incarnation, position, running)


FRESH, VOID = "fresh", "void"
