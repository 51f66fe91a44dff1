"""Two changes of one case, made from the same text, put together where they touch different entries.

Let B be the text that both began from, and `changes(B, X)` the set of paths at which X says something else than B: an entry
that is another, new or gone. Two paths *touch* if one begins with the other. If no path of `changes(B, ours)` touches one of
`changes(B, theirs)`, there is one data that has both changes: that of `ours` with the entries of `theirs` set at its paths. The
text is merged by lines (merge3, the algorithm of diff3), which keeps every comment; it counts only if its data are that very
data. Where the lines touch though the entries do not, the entries are set in the text of `ours`; not so if `theirs` has other
comments than B, which would be lost: then it is a conflict.

A list that has grown or shrunk is one entry.
"""

from __future__ import annotations

import re
from typing import Any

from detente.base.text import Path, Reading, dotted, read_yaml
from detente.errors import InputError

__all__ = ["WHOLE", "changes", "merged", "reading_of", "remember"]

WHOLE = ("the whole text",)
"""Where two texts disagree that cannot be told apart by entries."""

_GONE = object()
_AT_HAND = 32  # texts that are in use at once
_LATE: dict[tuple[str, str], Reading] = {}  # what they say, the one asked for last at the end


def merged(base: str | None, ours: str | None, theirs: str | None, source: str = "text") -> tuple[str | None, tuple[str, ...]]:
    """The text with both changes (None: removed) and no paths; or None, and the paths at which they disagree.

    base, ours, theirs : YAML, or None where there is no file. ours : what stands; theirs : what came second. source : the file.
    """
    if ours == theirs or base == theirs:
        return ours, ()
    if base == ours:
        return theirs, ()
    if base is None or ours is None or theirs is None:
        return None, WHOLE
    begun, stands, second = (_data(text, source) for text in (base, ours, theirs))
    if any(data is _GONE for data in (begun, stands, second)):
        return None, WHOLE
    first, other = changes(begun, stands), changes(begun, second)
    clash = sorted({dotted(a) for a in first for b in other if _touch(a, b) and _at(stands, a) != _at(second, a)})
    if clash:
        return None, tuple(clash)
    wanted = _with(stands, second, other)
    text = _lines(base, ours, theirs)
    if text is not None and _data(text, source) == wanted:
        return text, ()
    if _comments(base) == _comments(theirs):
        text = _entries(ours, second, other)
        if text is not None and _data(text, source) == wanted:
            return text, ()
    return None, tuple(sorted({dotted(path) for path in other})) or WHOLE


def changes(base: Any, other: Any, path: Path = ()) -> list[Path]:
    """The paths at which two data differ, as deep down as they can be told apart."""
    if isinstance(base, dict) and isinstance(other, dict):
        keys = [*base, *(key for key in other if key not in base)]
        found = [changes(base.get(k, _GONE), other.get(k, _GONE), (*path, k)) for k in keys]
        return [p for part in found for p in part]
    if isinstance(base, list) and isinstance(other, list) and len(base) == len(other):
        found = [changes(a, b, (*path, n)) for n, (a, b) in enumerate(zip(base, other, strict=True))]
        return [p for part in found for p in part]
    return [] if base is other or (type(base) is type(other) and base == other) else [path]


def _touch(a: Path, b: Path) -> bool:
    short = min(len(a), len(b))
    return a[:short] == b[:short]


def _at(data: Any, path: Path) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return _GONE
    return data


def _with(data: Any, second: Any, paths: list[Path]) -> Any:
    """Plain data with the entries of `second` at these paths."""
    if () in paths:
        return second
    if isinstance(data, dict):
        keys = [*data, *(p[0] for p in paths if p[0] not in data)]
        below = {k: [p[1:] for p in paths if p[0] == k] for k in keys}
        return {
            key: _with(data.get(key), _at(second, (key,)), below[key]) if below[key] else data[key]
            for key in keys
            if not (() in below[key] and _at(second, (key,)) is _GONE)
        }
    if isinstance(data, list):
        parts = [[p[1:] for p in paths if p[0] == n] for n in range(len(data))]
        return [_with(entry, second[n], parts[n]) if parts[n] else entry for n, entry in enumerate(data)]
    return data


def _lines(base: str, ours: str, theirs: str) -> str | None:
    from merge3 import Merge3

    begun, stands, second = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    merge = Merge3(begun, stands, second)
    lines = list[str]()
    for group in merge.merge_groups():
        if group[0] == "conflict":
            return None
        lines += group[1]
    return "".join(lines)


def _entries(ours: str, second: Any, paths: list[Path]) -> str | None:
    """The text of `ours` with the entries of `second`, comments of `ours` kept."""
    from detente.case.edit import document_of, written

    document = document_of(ours)
    try:
        for *above, last in paths:
            block = document
            for step in above:
                block = block[step]
            entry = _at(second, (*above, last))
            if entry is _GONE:
                del block[last]
            else:
                block[last] = _for_yaml(entry)
    except (KeyError, IndexError, TypeError):
        return None
    return written(document)


def _for_yaml(entry: Any) -> Any:
    from decimal import Decimal

    if isinstance(entry, dict):
        return {key: _for_yaml(value) for key, value in entry.items()}
    if isinstance(entry, list):
        return [_for_yaml(value) for value in entry]
    return float(entry) if isinstance(entry, Decimal) else entry


def _comments(text: str) -> list[str]:
    """What stands behind a `#`, in order: the comments of a text, and a few things that only look like them."""
    return re.findall(r"(?:^|\s)(#.*)", text, re.MULTILINE)


def reading_of(text: str, source: str) -> Reading:
    """A text as data, which are not to be changed; it is read once as long as it is in use. Raises as `read_yaml`."""
    found = _LATE.get((text, source)) or read_yaml(text, source)
    remember(text, source, found)
    return found


def remember(text: str, source: str, reading: Reading) -> None:
    """Keep what a text says, as somebody has read it already."""
    _LATE.pop((text, source), None)
    _LATE[text, source] = reading
    while len(_LATE) > _AT_HAND:
        _LATE.pop(next(iter(_LATE)), None)


def _data(text: str, source: str) -> Any:
    """What a text says; `_GONE` if it is not sound."""
    try:
        reading = reading_of(text, source)
    except InputError:
        return _GONE
    return _GONE if reading.faults else reading.data
