"""The ledger's canonical encoding: the deterministic subset of CBOR that PROTOCOL.md describes."""

import unicodedata

MAXIMUM_DEPTH = 16
SMALLEST, LARGEST = -(1 << 63), (1 << 63) - 1


class Malformed(ValueError):
    """Bytes that are not the one canonical form."""


def _head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for short, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * width):
            return bytes([major << 5 | short]) + number.to_bytes(width, "big")
    raise Malformed("number out of range")


def encode(value):
    """The canonical bytes of None, bool, int, bytes, str, list and dict with str keys."""
    if value is None:
        return b"\xf6"
    if value is True or value is False:
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, (bytes, bytearray)):
        return _head(2, len(value)) + bytes(value)
    if isinstance(value, str):
        text = value.encode("utf-8")
        return _head(3, len(text)) + text
    if isinstance(value, (list, tuple)):
        return _head(4, len(value)) + b"".join(encode(element) for element in value)
    if isinstance(value, dict):
        pairs = sorted((encode(key), encode(element)) for key, element in value.items())
        return _head(5, len(pairs)) + b"".join(key + element for key, element in pairs)
    raise TypeError(f"{type(value).__name__} has no canonical form")


class Reader:
    """Reads canonical items one after another. `unsigned` reaches 2^64 - 1, `value` only Int64."""

    def __init__(self, data):
        self.data, self.offset = bytes(data), 0

    def _take(self, count):
        if count > len(self.data) - self.offset:
            raise Malformed("bytes end too soon")
        part = self.data[self.offset : self.offset + count]
        self.offset += count
        return part

    def _head(self):
        first = self._take(1)[0]
        major, short = first >> 5, first & 31
        if short < 24:
            return major, short
        if short > 27:
            raise Malformed("indefinite length")
        if major == 7:
            raise Malformed("a type that the ledger does not use")
        width = 1 << (short - 24)
        number = int.from_bytes(self._take(width), "big")
        if number < (24 if width == 1 else 1 << (4 * width)):
            raise Malformed("number not in its shortest form")
        return major, number

    def _length(self, major, what):
        found, length = self._head()
        if found != major:
            raise Malformed(f"{what} expected")
        if length > len(self.data) - self.offset:
            raise Malformed(f"{what} longer than its bytes")
        return length

    def unsigned(self):
        major, number = self._head()
        if major != 0:
            raise Malformed("unsigned number expected")
        return number

    def byte_string(self):
        return self._take(self._length(2, "byte string"))

    def text(self):
        try:
            return self._take(self._length(3, "text")).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("text that is not UTF-8") from error

    def array(self):
        return self._length(4, "array")

    def finish(self):
        if self.offset != len(self.data):
            raise Malformed("bytes after the end")

    def value(self, depth=0):
        if depth >= MAXIMUM_DEPTH:
            raise Malformed("values nested too deep")
        if self.offset == len(self.data):
            raise Malformed("bytes end too soon")
        major = self.data[self.offset] >> 5
        if major in (0, 1):
            _, number = self._head()
            if number > LARGEST:
                raise Malformed("number out of range")
            return number if major == 0 else -1 - number
        if major == 2:
            return self.byte_string()
        if major == 3:
            return self.text()
        if major == 4:
            return [self.value(depth + 1) for _ in range(self.array())]
        if major == 5:
            return self._map(depth)
        simple = self._take(1)[0]
        if simple in (0xF4, 0xF5):
            return simple == 0xF5
        if simple == 0xF6:
            return None
        raise Malformed("a type that the ledger does not use")

    def _map(self, depth):
        entries, last, composed = {}, None, set()
        for _ in range(self._length(5, "map")):
            start = self.offset
            key = self.text()
            encoded = self.data[start : self.offset]
            if last is not None and last >= encoded:
                raise Malformed("map keys out of order or doubled")
            last = encoded
            # Some languages take equivalent texts for equal; two such keys would become one there.
            if unicodedata.normalize("NFC", key) in composed:
                raise Malformed("map keys that only differ in their Unicode form")
            composed.add(unicodedata.normalize("NFC", key))
            entries[key] = self.value(depth + 1)
        return entries


def decode(data):
    """Reads the one value that takes up all of `data`."""
    reader = Reader(data)
    value = reader.value()
    reader.finish()
    return value


def describe(value):
    """RFC 8949's diagnostic notation, as the vectors of PROTOCOL.md use it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return f"h'{value.hex()}'"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(map(describe, value)) + "]"
    return "{" + ", ".join(f"{describe(k)}: {describe(v)}" for k, v in value.items()) + "}"
