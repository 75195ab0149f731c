#!/usr/bin/env python3
"""Other people's reading of EXIF data: of each file named, one JSON line per reader that is here.

Readers are Pillow and exiftool (libimage-exiftool-perl). Times are milliseconds, places degrees.
"""
import calendar
import json
import shutil
import subprocess
import sys
import time


def milliseconds(text, fraction=""):
    seconds = calendar.timegm(time.strptime(text, "%Y:%m:%d %H:%M:%S"))
    return seconds * 1000 + int((str(fraction or "0") + "00")[:3])


def pillow(paths):
    try:
        from PIL import Image
    except ImportError:
        return

    def degrees(values, side):
        total = sum(float(value) / 60**power for power, value in enumerate(values))
        return -total if side in ("S", "W") else total

    for path in paths:
        if not path.endswith((".jpeg", ".png")):
            continue
        with Image.open(path) as image:
            exif = image.getexif()
            details, place = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
        hours, minutes, seconds = (float(value) for value in place[7])
        yield {
            "reader": "Pillow", "path": path,
            "wall": milliseconds(details[0x9003], details.get(0x9291)),
            "offset": details.get(0x9011),
            "latitude": degrees(place[2], place[1]), "longitude": degrees(place[4], place[3]),
            "satellite": milliseconds(place[0x1D] + " 00:00:00")
            + round((hours * 3600 + minutes * 60 + seconds) * 1000),
        }


def exiftool(paths):
    program = shutil.which("exiftool")
    if not program:
        return
    words = [program, "-j", "-n", "-api", "struct=0", "-ExifIFD:all", "-Composite:all"]
    answer = subprocess.run(words + paths, check=True, capture_output=True).stdout
    for entry in json.loads(answer):
        moment = entry["GPSDateTime"].rstrip("Z").split(".")
        yield {
            "reader": "exiftool", "path": entry["SourceFile"],
            "wall": milliseconds(entry["DateTimeOriginal"], entry.get("SubSecTimeOriginal")),
            "offset": entry.get("OffsetTimeOriginal"),
            "latitude": entry["GPSLatitude"], "longitude": entry["GPSLongitude"],
            "satellite": milliseconds(moment[0], moment[1] if len(moment) > 1 else ""),
        }


for reader in (pillow, exiftool):
    for line in reader(sys.argv[1:]):
        print(json.dumps(line))
