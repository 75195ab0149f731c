"""A child node: dials its parent, reports leads, takes what comes down, prints what it did.

One JSON object per line on stdout: {"what": ...}. Ends with exit 0 when all that was asked for has
happened, 1 when time is up first, 77 when the parent or its certificate is refused.
"""

import argparse
import json
import os
import queue
import secrets
import signal
import sys
import threading
import time

import canonical
import certificates
import grpc
import liandong_pb2 as pb
import liandong_pb2_grpc as stubs
import wire
from canonical import Malformed
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from ledger import BULK, URGENT, sha256
from link import Link
from store import Store

TICK_SECONDS = 1.0
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.25, 30.0
OPTIONS = [
    ("grpc.max_send_message_length", wire.MESSAGE_BYTES),
    ("grpc.max_receive_message_length", wire.MESSAGE_BYTES),
    ("grpc.default_authority", "liandong"),
]


def wall_milliseconds():
    return time.time_ns() // 1_000_000


def tell(what, **facts):
    print(json.dumps({"what": what, **facts}, ensure_ascii=False), flush=True)


def open_store(home, path):
    """The store of the node whose node.key, node.pem and root.pem are in `home`."""
    with open(f"{home}/node.key", "rb") as file:
        private_key = load_pem_private_key(file.read(), None)
    chain = [certificates.der(one) for one in certificates.load_pem(f"{home}/node.pem")]
    roots = certificates.load_pem(f"{home}/root.pem")
    identity = certificates.judge(chain, roots)
    store = Store(path, identity, private_key, chain, roots, wall_milliseconds)
    if store.meta("sequence", 0) == 0:
        body = {"chain": chain, "seal": b""}
        store.author([(b"", "origin.opened", [], [identity.region], canonical.encode(body))], BULK)
    return store


def report_lead(store, title, number, rules):
    """Writes a lead; `rules` is the 32-byte name of the process that it pins."""
    body = {
        "number": number, "channel": "phone", "reported": wall_milliseconds(), "title": title,
        "text": title, "types": [], "rules": rules}
    region = store.identity.region
    commit = store.author(
        [(b"", "lead.reported", [], [region], canonical.encode(body))], BULK, "duty", "duty")
    tell("wrote", kind="lead.reported", title=title, entity=commit.events[0].entity.hex(),
         event=commit.events[0].hash.hex(), commit=commit.hash.hex())


def receive_lines(store, answered):
    """Signs for receipt lines of directives that name this region."""
    for _, event in list(store.events_of(kind="receipt.opened")):
        body = canonical.decode(event.body)
        if event.entity in answered or body.get("to") != [store.identity.region]:
            continue
        answered.add(event.entity)
        if any(e.kind == "receipt.received" for _, e in store.events_of(event.entity)):
            continue
        heads = store.heads_of(event.entity)
        commit = store.author(
            [(event.entity, "receipt.received", heads, [], canonical.encode({}))], URGENT, "duty",
            "duty")
        tell("wrote", kind="receipt.received", entity=event.entity.hex(),
             event=commit.events[0].hash.hex(), commit=commit.hash.hex())


class Child:
    def __init__(self, store, arguments):
        self.store, self.arguments, self.answered = store, arguments, set()
        self.seen, self.stop = set(), threading.Event()
        self.leads = list(arguments.report)
        self.wait = FIRST_WAIT_SECONDS

    def rules(self):
        """The process that newly founded entities pin: as given, else what the parent pins."""
        if self.arguments.rules:
            return bytes.fromhex(self.arguments.rules)
        for stamp, event in self.store.events_of():
            if stamp.region == self.store.identity.region:
                continue
            try:
                rules = canonical.decode(event.body).get("rules")
            except (Malformed, AttributeError):
                continue
            if isinstance(rules, bytes) and len(rules) == 32:
                return rules
        return None

    def write(self):
        """Writes what is due; leads wait until a process is known."""
        rules = self.rules()
        while self.leads and rules:
            index = len(self.arguments.report) - len(self.leads)
            serial = f"{self.arguments.region_number:04}{self.store.incarnation}{index + 1:06}"
            number = f"{serial[:4]}-{serial[4:-6]}-{serial[-6:]}-{check_digit(serial)}"
            report_lead(self.store, self.leads.pop(0), number, rules)
        if self.arguments.receive:
            receive_lines(self.store, self.answered)

    def note(self, what, **facts):
        if what == "taken" or what == "repaired":
            self.seen.add(facts["kind"])
        tell(what, **facts)

    def is_done(self):
        peer = self.parent_region
        sent = all(
            self.store.acknowledged(peer, lane) == self.store.head(peer, lane).position
            for lane in (URGENT, BULK))
        return (sent and not self.leads and set(self.arguments.until) <= self.seen
                and bool(self.arguments.until or self.arguments.report))

    def run(self, deadline):
        while time.monotonic() < deadline and not self.stop.is_set():
            try:
                retry = self.session(deadline)
            except certificates.Refused as error:
                tell("refused", message=str(error))
                return 77
            except (OSError, grpc.RpcError) as error:
                tell("disconnected", message=str(error)[:300])
                retry = None
            if retry == "done":
                return 0
            self.wait = min(self.wait * 2, LONGEST_WAIT_SECONDS)
            jittered = self.wait * (0.5 + secrets.randbelow(500) / 1000)
            self.stop.wait(min(jittered if retry is None else min(retry, 60), 60))
        return 1

    def channel(self):
        host, port = self.arguments.parent.rsplit(":", 1)
        home = self.arguments.home
        peer, leaf = certificates.fetch_peer(host.strip("[]"), int(port), home)
        if peer.uri != self.arguments.parent_name:
            raise certificates.Refused(f"the parent proves to be {peer.uri}")
        self.parent_region = peer.region
        with open(f"{home}/node.key", "rb") as key, open(f"{home}/node.pem", "rb") as chain:
            # This one certificate alone: what was looked at is what answers.
            credentials = grpc.ssl_channel_credentials(
                leaf.public_bytes(Encoding.PEM), key.read(), chain.read())
        names = leaf.extensions.get_extension_for_class(
            certificates.x509.SubjectAlternativeName).value
        hosts = names.get_values_for_type(certificates.x509.DNSName) + [
            str(ip) for ip in names.get_values_for_type(certificates.x509.IPAddress)]
        options = list(OPTIONS)
        if hosts:
            options.append(("grpc.ssl_target_name_override", hosts[0]))
        return grpc.secure_channel(self.arguments.parent, credentials, options)

    def session(self, deadline):
        with self.channel() as channel:
            inputs, outgoing = queue.Queue(), queue.Queue()
            call = stubs.LinkStub(channel).Exchange(iter(outgoing.get, None))
            reader = threading.Thread(target=pump, args=(call, inputs), daemon=True)
            reader.start()
            link = Link(self.store, self.parent_region, "child", self.note)
            send(outgoing, link.opened(time.monotonic()))
            try:
                return self.converse(link, inputs, outgoing, deadline)
            finally:
                outgoing.put(None)
                reader.join(2)
                call.cancel()

    def converse(self, link, inputs, outgoing, deadline):
        while time.monotonic() < deadline and not self.stop.is_set():
            try:
                frame = inputs.get(timeout=TICK_SECONDS)
            except queue.Empty:
                frame = None
            now = time.monotonic()
            if isinstance(frame, Exception):
                raise frame
            if frame is END:
                return None
            send(outgoing, link.received(frame, now) if frame is not None else link.tick(now))
            if link.ended:
                goodbye = link.ended
                return goodbye.retry_after_seconds if goodbye.HasField("retry_after_seconds") \
                    else None
            if link.phase == "streaming":
                self.wait = FIRST_WAIT_SECONDS
                self.write()
                send(outgoing, link.grew(now))
                if self.is_done() and link.repair is None:
                    farewell = pb.Goodbye(reason=pb.Goodbye.REASON_STOPPING, message="done")
                    send(outgoing, [pb.Frame(goodbye=farewell)])
                    return "done"
        return None


END = object()


def pump(call, inputs):
    """Carries what the parent sends into a queue."""
    try:
        for frame in call:
            inputs.put(frame)
        inputs.put(END)
    except grpc.RpcError as error:
        inputs.put(error)


def send(outgoing, frames):
    for frame in frames:
        outgoing.put(frame)


def check_digit(digits):
    """ISO/IEC 7064 MOD 11,10."""
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10
        product = (total or 10) * 2 % 11
    return (11 - product) % 10


def digest(store):
    """SHA-256 over the sorted hashes of all events that are held."""
    return sha256(*sorted(row[0] for row in store.db.execute("SELECT hash FROM events"))).hex()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", required=True, help="folder of node.key, node.pem, root.pem")
    parser.add_argument("--store", help="SQLite file; default HOME/child.db")
    parser.add_argument("--parent", required=True, help="HOST:PORT")
    parser.add_argument("--parent-name", required=True, help="liandong://DEPLOYMENT/TIER/REGION")
    parser.add_argument("--report", action="append", default=[], metavar="TITLE")
    parser.add_argument("--region-number", type=int, default=9999, help="of the lead number")
    parser.add_argument("--rules", help="hex name of the process that leads pin")
    parser.add_argument("--receive", action="store_true", help="sign for receipt lines")
    parser.add_argument("--until", action="append", default=[], metavar="KIND")
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    store = open_store(arguments.home, arguments.store or os.path.join(arguments.home, "child.db"))
    child = Child(store, arguments)
    signal.signal(signal.SIGTERM, lambda *_: child.stop.set())
    code = child.run(time.monotonic() + arguments.seconds)
    tell("finished", code=code, events=digest(store), incarnation=store.incarnation)
    return code


if __name__ == "__main__":
    sys.exit(main())
