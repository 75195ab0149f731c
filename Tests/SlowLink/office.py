"""The nodes on the two sides of the slow line: a hub and a district above, a township below."""

import json
import random
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

UPPER, LOWER = "10.77.0.1", "10.77.0.2"
TOPOLOGY = f"""\
deployment: trial
regions:
  - {{id: hub, no: 1, tier: city, names: 市, address: "{UPPER}:7420"}}
  - {{id: east, no: 10, tier: district, names: 东区, parent: hub, address: "{UPPER}:7421"}}
  - {{id: lake, no: 101, tier: township, names: 湖镇, parent: east}}
"""
# The longest that one command of a node may take, in seconds.
COMMAND_SECONDS = 120
PHRASES = [
    "夜间施工噪声影响休息", "工地未设围挡扬尘较大", "沿街餐饮油烟直排", "河道有异味水色发黑",
    "渣土车未覆盖沿路遗撒", "厂区排气筒冒黑烟", "空地露天焚烧秸秆", "雨水口排出生活污水",
]


class Fault(Exception):
    """The measurement itself went wrong; says where and how."""


def bound(*words):
    """A command whose process ends with this one, whatever ends this one."""
    return ["setpriv", "--pdeathsig", "KILL", *words]


class Namespace:
    """A network namespace that stands as long as the process that holds it."""

    def __init__(self, seconds):
        self._holder = subprocess.Popen(bound("unshare", "--net", "sleep", str(seconds)))
        own = Path("/proc/self/ns/net").readlink()
        self._path = Path(f"/proc/{self._holder.pid}/ns/net")
        wait_for("a network namespace", 10, lambda: self._path.readlink() != own)

    def words(self, *words):
        return bound("nsenter", f"--net={self._path}", *words)

    def take(self, device, address, congestion):
        """Moves a TUN device here and gives it an address."""
        run("ip", "link", "set", device, "netns", str(self._holder.pid))
        run(*self.words("ip", "address", "add", f"{address}/24", "dev", device))
        for name in (device, "lo"):
            run(*self.words("ip", "link", "set", name, "up"))
        # A namespace begins with what the machine has; reno is allowed by every kernel.
        run(*self.words("sysctl", "-qw", f"net.ipv4.tcp_congestion_control={congestion}"))

    def end(self):
        self._holder.kill()
        self._holder.wait()


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, timeout=COMMAND_SECONDS)
    if done.returncode != 0:
        raise Fault(f"`{' '.join(map(str, words))}` ended with {done.returncode}: {done.stderr}")
    return done.stdout


def wait_for(what, seconds, condition, pause=0.2):
    """Waits until the condition gives something true, and gives it."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise Fault(f"within {seconds} s it did not come about: {what}")
        time.sleep(pause)
    return found


class Node:
    """One node: its folder and, while it serves, its process."""

    def __init__(self, program, home):
        self.program, self.home = program, home
        self._process = None

    def start(self, namespace):
        log = open(self.home / "serve.log", "ab")
        with log:
            self._process = subprocess.Popen(
                namespace.words(self.program, "serve", "--home", self.home, "--lang", "en"),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(f"{self.home.name} takes commands", 30, self._answers)

    def _answers(self):
        if self._process.poll() is not None:
            log = (self.home / "serve.log").read_text(errors="replace")
            raise Fault(f"{self.home.name} ended: {log[-600:]}")
        try:
            return self.ask("status")
        except OSError:
            return None

    def ask(self, command, **arguments):
        """What the running node answers over its control socket; `None` where it refuses."""
        request = {"command": command, "arguments": arguments, "actor": "clerk",
                   "role": "platform_office", "language": "en"}
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(COMMAND_SECONDS)
            connection.connect(str(self.home / "run/control.sock"))
            connection.sendall(json.dumps(request).encode() + b"\n")
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        lines = [json.loads(line) for line in answer.splitlines()]
        return lines[0] if lines and lines[-1] == {"exit": 0} else None

    def command(self, *words):
        """Runs the command line on the node's folder; its only JSON object."""
        return json.loads(run(self.program, *words, "--home", self.home, "--lang", "en", "--json"))

    def figures(self):
        """The counts of the ledger, from the node's status."""
        return self.ask("status")["ledger"]

    def link(self, peer):
        links = self.ask("status")["links"]
        return next((link for link in links if link["peer"] == peer), None)

    def end(self):
        if self._process:
            self._process.kill()
            self._process.wait()


class Office:
    """A provisioned city of three nodes in a folder of its own."""

    def __init__(self, program):
        self.folder = Path(tempfile.mkdtemp(prefix="slow-link-"))
        try:
            (self.folder / "t.yaml").write_text(TOPOLOGY, encoding="utf-8")
            run(program, "provision", self.folder / "t.yaml", "--out", self.folder / "city",
                "--host", UPPER, "--json")
            self.hub, self.east, self.lake = (
                Node(program, self.folder / "city" / name) for name in ("hub", "east", "lake"))
            for node in (self.east, self.lake):
                node.command("node", "init")
        except BaseException:
            self.end()
            raise

    def start(self, above, below):
        self._below = below
        for node, namespace in ((self.hub, above), (self.east, above), (self.lake, below)):
            node.start(namespace)

    def end(self):
        for name in ("lake", "east", "hub"):
            if node := getattr(self, name, None):
                node.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep_logs(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        for node in (self.hub, self.east, self.lake):
            shutil.copy(node.home / "serve.log", folder / f"{node.home.name}.log")

    def is_settled(self):
        """Whether the line stands and all that the township wrote was acknowledged, durably known."""
        link = self.lake.link("east")
        return link and link["state"] == "connected" and link["backlog_events"] == 0

    def restart_lake(self):
        """The township's machine goes off and on again: it has no session any more."""
        self.lake.end()
        self.lake.start(self._below)

    def queue(self, count, seed):
        """Imports made-up leads below, each an event of about 600 bytes in a commit of its own."""
        chance = random.Random(seed)
        file = self.folder / f"leads-{seed}.csv"
        rows = ["reported_at,title,body"]
        for number in range(count):
            body = "。".join(chance.choices(PHRASES, k=11))
            title = f"{chance.choice(PHRASES)} {seed}-{number}"
            rows.append(f"2026-03-01 08:00:00,{title},{body}")
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        before = self.lake.figures()["commits"]
        answer = self.lake.command(
            "import", "leads", file, "--channel", "hotline_12345", "--chunk", "1")
        made = self.lake.figures()["commits"] - before
        if answer["leads"] != count or made != count:
            raise Fault(f"{count} leads were to be queued, and the import says {answer}")
