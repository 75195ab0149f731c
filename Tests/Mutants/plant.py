"""Plants the faults of the catalogue in a copy of the sources, each chosen when the program runs."""
import pathlib
import shutil
import sys

from catalogue import MUTANTS

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLANTED = """/// The planted fault that this run has.
package enum Planted {
  /// 0 for none. Set once, before the run's only thread reads it.
  package nonisolated(unsafe) static var number = 0
  package static let names: [String] = [%s]
}
"""


class Misfit(Exception):
    pass


def split(edit):
    """The text before, within and after the brackets."""
    before, rest = edit.text.split("[[", 1)
    within, after = rest.rsplit("]]", 1)
    return before, within, after


def sites():
    """By file and place: the original text, and the mutants that replace it."""
    found = {}
    for number, (name, mutant) in enumerate(MUTANTS.items(), start=1):
        for edit in mutant.edits:
            path = ROOT / "Sources" / edit.file
            source = path.read_text(encoding="utf8")
            before, within, after = split(edit)
            whole = before + within + after
            if source.count(whole) != 1:
                raise Misfit(f"{name}: its text stands {source.count(whole)} times in {edit.file}")
            start = source.index(whole) + len(before)
            site = found.setdefault(edit.file, {}).setdefault((start, start + len(within)), [])
            site.append((number, edit))
    for file, places in found.items():
        ordered = sorted(places)
        for (_, end), (start, _) in zip(ordered, ordered[1:]):
            if start < end:
                raise Misfit(f"two mutants overlap in {file}")
    return found


def replacement(original, edits):
    if edits[0][1].is_expression:
        text = f"({original})"
        for number, edit in edits:
            text = f"(Planted.number == {number} ? ({edit.fault}) : {text})"
        return text
    text = f"do {{ {original} }}" if len(edits) > 1 else original
    for number, edit in edits:
        text = f"if Planted.number == {number} {{ {edit.fault} }} else {{ {text} }}"
    return text


def plant(tree):
    """Makes `tree` a copy of the package with all faults in it."""
    found = sites()
    names = ", ".join(f'"{name}"' for name in MUTANTS)
    wanted = {"Regions/Planted.swift": PLANTED % names}
    for source in sorted((ROOT / "Sources").rglob("*")):
        if source.is_dir():
            continue
        relative = str(source.relative_to(ROOT / "Sources"))
        text = source.read_bytes()
        if relative in found:
            text = text.decode("utf8")
            for (start, end), edits in sorted(found[relative].items(), reverse=True):
                text = text[:start] + replacement(text[start:end], edits) + text[end:]
            if "import Regions" not in text and not relative.startswith("Regions/"):
                text = "import Regions\n" + text
            text = text.encode("utf8")
        wanted[relative] = text
    for relative, text in wanted.items():
        target = tree / "Sources" / relative
        data = text.encode("utf8") if isinstance(text, str) else text
        # What did not change keeps its time, so that it is not compiled again.
        if not target.exists() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    for stale in (tree / "Sources").rglob("*"):
        if stale.is_file() and str(stale.relative_to(tree / "Sources")) not in wanted:
            stale.unlink()
    shutil.copyfile(ROOT / "Package.swift", tree / "Package.swift")
    for name in ("Package.resolved",):
        if (ROOT / name).exists():
            shutil.copyfile(ROOT / name, tree / name)
    for name in ("Tests", "Benchmarks"):
        link = tree / name
        if not link.is_symlink():
            link.symlink_to(ROOT / name)


if __name__ == "__main__":
    try:
        plant(pathlib.Path(sys.argv[1]))
    except Misfit as misfit:
        sys.exit(f"mutants: {misfit}; bring Tests/Mutants/catalogue.py up to date")
