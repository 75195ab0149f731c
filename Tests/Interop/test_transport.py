"""The child as a process against a parent over mutual TLS; the parent is this implementation too."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent import futures

import canonical
import certificates
import grpc
import liandong_pb2_grpc as stubs
from city import TREE, Authority, City
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from ledger import BULK, URGENT
from link import Link
from store import Store

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT_SECONDS = 60
RULES = bytes(range(32))


class Parent(stubs.LinkServicer):
    """A hub that answers one child and issues a directive when a lead has come."""

    def __init__(self, city, folder):
        roots = certificates.load_pem(f"{folder}/root.pem")
        with open(f"{folder}/node.key", "rb") as file:
            key = load_pem_private_key(file.read(), None)
        chain = [certificates.der(one) for one in certificates.load_pem(f"{folder}/node.pem")]
        identity = certificates.judge(chain, roots)
        wall = lambda: time.time_ns() // 1_000_000
        self.store = Store(":memory:", identity, key, chain, roots, wall)
        city.publish(self.store)
        self.ordered = False
        self.lock = threading.Lock()

    def Exchange(self, requests, context):
        with self.lock:
            link = Link(self.store, "east", "parent")
            outgoing = queue.Queue()
            for frame in link.opened(0):
                outgoing.put(frame)
            threading.Thread(target=self.read, args=(requests, link, outgoing), daemon=True).start()
            yield from iter(outgoing.get, None)

    def read(self, requests, link, outgoing):
        try:
            for frame in requests:
                for answer in link.received(frame, 0):
                    outgoing.put(answer)
                self.order()
                for answer in link.grew(0):
                    outgoing.put(answer)
                if link.ended:
                    break
        except grpc.RpcError:
            pass
        outgoing.put(None)

    def order(self):
        if self.ordered or not list(self.store.events_of(kind="lead.reported")):
            return
        self.ordered = True
        self.store.author([
            (b"", "directive.issued", [], ["east"], canonical.encode({"title": "check"})),
            (b"", "receipt.opened", [], ["east"], canonical.encode({"to": ["east"]}))], URGENT)


class Process(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.city = City()
        for region, entry in TREE.items():
            self.city.authority.write(f"{self.folder}/{region}", region, entry[0])
        self.parent = Parent(self.city, f"{self.folder}/hub")
        body = canonical.encode({"rules": RULES})
        self.parent.store.author([(b"", "origin.opened", [], ["hub", "*"], body)], BULK)
        self.server = grpc.server(futures.ThreadPoolExecutor(4))
        stubs.add_LinkServicer_to_server(self.parent, self.server)

        def read(name):
            with open(f"{self.folder}/hub/{name}", "rb") as file:
                return file.read()

        credentials = grpc.ssl_server_credentials(
            [(read("node.key"), read("node.pem"))], read("root.pem"), require_client_auth=True)
        self.port = self.server.add_secure_port("127.0.0.1:0", credentials)
        self.server.start()
        self.addCleanup(lambda: self.server.stop(0).wait())

    def child(self, home, *more, parent="liandong://example/city/hub"):
        command = [
            sys.executable, f"{HERE}/liandong_child.py", "--home", f"{self.folder}/{home}",
            "--parent", f"127.0.0.1:{self.port}", "--parent-name", parent, "--seconds", "30", *more]
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
        return ran, [json.loads(line) for line in ran.stdout.splitlines()]

    def test_lead_goes_up_and_directive_comes_down_and_its_receipt_goes_up(self):
        ran, lines = self.child(
            "east", "--report", "夜间异味", "--receive", "--until", "receipt.opened")
        self.assertEqual(ran.returncode, 0, ran.stderr[-2000:] + ran.stdout[-2000:])
        written = [line for line in lines if line["what"] == "wrote"]
        self.assertEqual([line["kind"] for line in written], ["lead.reported", "receipt.received"])
        for line in written:
            self.assertTrue(self.parent.store.holds(bytes.fromhex(line["event"])))
        taken = {line["kind"] for line in lines if line["what"] in ("taken", "repaired")}
        self.assertLessEqual({"directive.issued", "receipt.opened"}, taken)

    def test_child_refuses_a_parent_that_proves_another_name(self):
        ran, lines = self.child("east", "--report", "x", parent="liandong://example/district/west")
        self.assertEqual(ran.returncode, 77)
        self.assertIn("liandong://example/city/hub", lines[0]["message"])

    def test_child_of_a_foreign_authority_gets_no_session(self):
        Authority().write(f"{self.folder}/foreign", "east", 1)
        ran, lines = self.child("foreign", "--report", "x", "--seconds", "2")
        self.assertEqual(ran.returncode, 1)
        self.assertTrue(lines and all(line["what"] in ("disconnected", "finished")
                                      for line in lines))
        self.assertFalse(list(self.parent.store.events_of(kind="lead.reported")))


if __name__ == "__main__":
    unittest.main()
