"""A slow line between two network namespaces: forwards IP packets between two TUN devices.

Each direction is a modem: a bucket that lets packets out at a fixed rate one after another, a
bounded queue before it, a fixed delay behind it, and loss by a seeded draw. A packet that is lost
has used the line like any other.
"""

import collections
import fcntl
import os
import random
import select
import struct
import threading
import time
from dataclasses import dataclass, field

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
# What a packet and its link-layer frame may hold at most.
PACKET_BYTES = 65_536
IPV4, TCP = 4, 6


def open_tun(name):
    """Makes a TUN device; it goes when the descriptor is closed, wherever it was moved."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        request = struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI)
        fcntl.ioctl(descriptor, TUNSETIFF, request)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def tcp_payload(packet):
    """The bytes that an IPv4 packet carries for TCP, without headers; 0 for anything else."""
    if len(packet) < 40 or packet[9] != TCP:
        return 0
    header = (packet[0] & 0x0F) * 4
    if len(packet) < header + 20:
        return 0
    return max(0, int.from_bytes(packet[2:4]) - header - (packet[header + 12] >> 4) * 4)


@dataclass(frozen=True)
class Line:
    """What a line can do; the same in both directions."""

    bits_per_second: float | None = None
    one_way_seconds: float = 0.0
    loss: float = 0.0
    # What the modem holds while it sends.
    queue_bytes: int = 16 * 1024


@dataclass
class Direction:
    """One direction of the line, with what it carried and dropped."""

    out: int
    chance: random.Random
    line: Line = Line()
    counts: collections.Counter = field(default_factory=collections.Counter)
    under_way: collections.deque = field(default_factory=collections.deque)
    # When the modem has sent all that it holds.
    free_at: float = 0.0

    def offer(self, packet, now, is_up):
        if not is_up:
            self.count("down", packet)
            return
        self.free_at = max(self.free_at, now)
        rate = self.line.bits_per_second
        if rate:
            if (self.free_at - now) * rate / 8 + len(packet) > self.line.queue_bytes:
                self.count("overflow", packet)
                return
            self.free_at += len(packet) * 8 / rate
        if self.chance.random() < self.line.loss:
            self.count("lost", packet)
            return
        self.under_way.append((self.free_at + self.line.one_way_seconds, packet))

    def deliver(self, now):
        while self.under_way and self.under_way[0][0] <= now:
            _, packet = self.under_way.popleft()
            try:
                os.write(self.out, packet)
            except OSError:
                # The device is gone, or its namespace takes nothing now: to the sender it is loss.
                self.count("overflow", packet)
                continue
            self.count("carried", packet)
            self.counts["carried_tcp_payload_bytes"] += tcp_payload(packet)

    def count(self, what, packet):
        self.counts[f"{what}_packets"] += 1
        self.counts[f"{what}_bytes"] += len(packet)


class Relay:
    """The line between two TUN devices; a thread of its own carries the packets."""

    def __init__(self, upper, lower, seed):
        self._descriptors = {"up": lower, "down": upper}
        self._directions = {
            "up": Direction(upper, random.Random(f"{seed} up")),
            "down": Direction(lower, random.Random(f"{seed} down")),
        }
        self._lock = threading.Lock()
        self._is_up = False
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    def raise_line(self, line):
        """The line comes up; what it counts begins anew."""
        with self._lock:
            for direction in self._directions.values():
                direction.line, direction.free_at = line, 0.0
                direction.counts.clear()
            self._is_up = True

    def cut(self):
        """The line goes down; what was under way is lost."""
        with self._lock:
            self._is_up = False
            for direction in self._directions.values():
                direction.under_way.clear()

    def counts(self):
        """What each direction carried and dropped since the line came up."""
        names = [f"{what}_{unit}" for what in ("carried", "lost", "overflow")
                 for unit in ("packets", "bytes")]
        with self._lock:
            return {
                name: {key: direction.counts[key] for key in
                       [*names, "carried_tcp_payload_bytes"]}
                for name, direction in self._directions.items()
            }

    def end(self):
        self._is_over = True
        os.write(self._wake_write, b"x")
        self._thread.join(5)
        for descriptor in [*self._descriptors.values(), self._wake_read, self._wake_write]:
            os.close(descriptor)

    def _run(self):
        poll = select.poll()
        sources = {self._descriptors[name]: direction
                   for name, direction in self._directions.items()}
        for descriptor in [*sources, self._wake_read]:
            poll.register(descriptor, select.POLLIN)
        wait = None
        while not self._is_over:
            ready = poll.poll(wait)
            now = time.monotonic()
            with self._lock:
                for descriptor, _ in ready:
                    if descriptor in sources:
                        self._read(descriptor, sources[descriptor], now)
                wait = self._deliver(now)

    def _read(self, descriptor, direction, now):
        # A bound, so that one busy side does not starve the other.
        for _ in range(64):
            try:
                packet = os.read(descriptor, PACKET_BYTES)
            except OSError:
                return
            if packet and packet[0] >> 4 == IPV4:
                direction.offer(packet, now, self._is_up)

    def _deliver(self, now):
        """Delivers what is due; the milliseconds until the next packet is."""
        for direction in self._directions.values():
            direction.deliver(now)
        due = [direction.under_way[0][0] for direction in self._directions.values()
               if direction.under_way]
        return max(0, (min(due) - now) * 1000) if due else None
