"""The vectors of docs/PROTOCOL.md: fenced blocks `vector NAME` of lines `key: value`."""

import os
import re

PAGE = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "PROTOCOL.md")


def load(path=PAGE):
    """{block name: [(key, value)]}, keys may repeat."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    blocks = {}
    for name, body in re.findall(r"^```vector (.+?)\n(.*?)^```$", page, re.M | re.S):
        blocks[name] = [tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), "")
                        for line in body.splitlines()]
    return blocks
