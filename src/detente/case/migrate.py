"""A case file of an earlier format in today's, comments and layout kept.

on     of a performance risk or a support is `of` now. YAML 1.1 takes `on` for the value true, so that tools which write it
   made `true:` of it; that is put right as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.text import Path, Reading, read_yaml
from detente.case.load import read_case
from detente.errors import CaseError, Fault

__all__ = ["migrated"]

_BLOCKS = ("risks", "supports")
_EARLIER = ("on", "true")


def migrated(text: str, source: str, *, slug: str | None = None) -> tuple[str, int]:
    """The text of a case file in today's format, and how many keys were changed in it.

    Raises
    ------
    CaseError
        With every fault, if what comes out is no case.
    """
    lines = text.splitlines(keepends=True)
    places = sorted(_earlier(read_yaml(text, source)), reverse=True)  # from the end, so that columns stay
    for line, column, name in places:
        old = lines[line - 1]
        at = column - 1 + (old[column - 1 : column] in ("'", '"'))
        if not old.startswith(name, at):  # an anchor or a tag before the key
            fault = Fault(line, column, "", f"cannot rename the key {name!r} here", "write `of` in its place by hand")
            raise CaseError(f"{source}: cannot be migrated", source=source, faults=[fault])
        lines[line - 1] = old[:at] + "of" + old[at + len(name) :]
    found = "".join(lines)
    read_case(found, source, slug=slug)
    return found, len(places)


def _earlier(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Where keys of an earlier format stand: line, column, name."""
    data = reading.data if isinstance(reading.data, dict) else {}
    for block in _BLOCKS:
        entries = data.get(block)
        for n, entry in enumerate(entries if isinstance(entries, list) else ()):
            for name in _EARLIER:
                if isinstance(entry, dict) and name in entry and "of" not in entry:
                    path: Path = (block, n, name)
                    yield *reading.place(path).key, name
