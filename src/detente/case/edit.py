"""A case with some of its entries changed, in the file itself, so that comments and layout stay.

An entry is put into the text where it stands, or after the last of its block, and no other character changes. Where that cannot
be done (a block in place of a number, an alias), the whole file is written again from what it says: comments stay, lines are
broken anew. Which of the two it may be is decided by reading what came out: it must say what was asked for and nothing else.
That reading is the one from which the changed case is checked.
"""

from __future__ import annotations

import contextlib
import copy
import io
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from detente.base.bounds import BeyondError, limit
from detente.base.text import Path, Reading, read_yaml
from detente.case.case import Case, steps_of
from detente.case.load import read_case
from detente.case.value import Value, plain
from detente.errors import CaseError, InputError

__all__ = ["changed", "document_of", "rewritten", "written"]


def changed(case: Case, entries: Mapping[str, object]) -> Case:
    """The case with other entries, checked again as a whole.

    Parameters
    ----------
    entries : mapping of path to plain data
        ``{"parties.us.trust.dprk": 0.3, "demands[0].firm": "low"}``. A key that the path ends in may be new, and so may the
        place after the last of a list; everything above it must stand in the file.

    Raises
    ------
    CaseError
        If a path leads nowhere, or if what comes out is no case.
    """
    text, reading = rewritten(case, entries)
    return read_case(text, case.source, reading=reading)


def rewritten(case: Case, entries: Mapping[str, object]) -> tuple[str, Reading]:
    """The text of a case with other entries, and what it says, which nobody has checked yet; otherwise as `changed`."""
    return _with(case.text, case._origin.reading, {path: _plain(entry) for path, entry in entries.items()}, case.source)


def _with(text: str, said: Reading, entries: Mapping[str, object], source: str) -> tuple[str, Reading]:
    """The text with other entries, and what it says now. said : what the text says."""
    data = copy.deepcopy(said.data)
    for path, entry in entries.items():
        _set(data, path, _as_read(entry), source)
    spliced, reading = _spliced(text, entries), None
    if spliced is not None:
        with contextlib.suppress(InputError):
            reading = read_yaml(spliced, source)
            if reading.data == data:
                return spliced, reading
    document = document_of(text)
    for path, entry in entries.items():
        _set(document, path, entry, source)
    whole = written(document)
    other = read_yaml(whole, source)
    if spliced is not None and reading is not None and reading.data == other.data:
        return spliced, reading  # an entry that stands for another, too
    return whole, other


def _spliced(text: str, entries: Mapping[str, object]) -> str | None:
    """The text with the entries in their places, whatever it says then; None: one has no such place."""
    edits = list[_Edit]()
    for path, entry in entries.items():
        edit = _edit(text, steps_of(path), entry)
        if edits and (edit is None or any(edit.start <= other.end and other.start <= edit.end for other in edits)):
            text, edits = _applied(text, edits), []  # a place that the entries before it have made or moved
            edit = _edit(text, steps_of(path), entry)
        if edit is None:
            return None
        edits.append(edit)
    return _applied(text, edits)


class _Edit(NamedTuple):
    """Other characters in place of those from `start` to before `end`."""

    start: int
    end: int
    put: str


def _applied(text: str, edits: list[_Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.put + text[edit.end :]
    return text


def _edit(text: str, steps: Path, entry: object) -> _Edit | None:
    """How an entry comes into its place; None: it has none."""
    node = _node(text)
    for step in steps[:-1]:
        node = _child(node, step)
    found = _child(node, steps[-1])
    if found is not None:
        if found.id != "scalar" and not found.flow_style:
            return None
        return _Edit(found.start_mark.index, found.end_mark.index, _on_a_line(entry))
    if node is None or node.id != "mapping" or not node.value:
        return None
    last = node.value[-1][1]
    added = f"{steps[-1]}: {_on_a_line(entry)}"
    if node.flow_style:
        at = last.end_mark.index
        return _Edit(at, at, f", {added}")
    end = text.find("\n", _end_of(last))
    at = len(text) if end < 0 else end
    return _Edit(at, at, f"\n{' ' * node.value[0][0].start_mark.column}{added}")


@lru_cache(maxsize=4)  # while somebody types, the same text is changed again and again
def _node(text: str) -> Any:
    """A text as nodes with their places, which are not to be changed; None: it is no YAML."""
    from ruamel.yaml.error import YAMLError

    from detente.base.compose import compose

    try:
        return compose(text, limit("entries"), limit("depth"))[0]
    except (YAMLError, BeyondError):
        return None


def _child(node: Any, step: str | int) -> Any:
    """What stands under a key or at a place of a node; None: nothing."""
    if node is None:
        return None
    if node.id == "sequence" and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if node.id == "mapping":
        return next((value for key, value in node.value if key.value == step), None)
    return None


def _end_of(node: Any) -> int:
    """Where the last thing of a node ends; a block itself ends only where the next one begins."""
    while node.id != "scalar" and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if node.id == "mapping" else last
    return int(node.end_mark.index)


def _on_a_line(entry: object) -> str:
    """An entry as YAML on one line."""
    yaml = _yaml()
    yaml.default_flow_style = True
    stream = io.StringIO()
    yaml.dump({"_": entry}, stream)
    return " ".join(stream.getvalue().split("\n")).strip().removeprefix("{_: ").removesuffix("}")


def document_of(text: str) -> Any:
    """A YAML text as what can be changed and written again with its comments and layout."""
    return _yaml().load(text)


def written(document: Any) -> str:
    """The text of a changed document."""
    stream = io.StringIO()
    _yaml().dump(document, stream)
    return stream.getvalue()


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096  # never break a line that the analyst did not break
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _set(document: Any, path: str, entry: object, source: str) -> None:
    block = document
    try:
        *above, last = steps_of(path)
        for step in above:
            block = block[step]
        if isinstance(block, list) and last == len(block):
            block.append(entry)
        else:
            block[last] = entry
    except (KeyError, IndexError, TypeError, ValueError):
        raise CaseError(f"{source}: the path {path!r} leads nowhere in this case", source=source) from None


def _plain(entry: object) -> object:
    if isinstance(entry, Value):
        return entry.to_plain()
    return plain(entry) if isinstance(entry, Fraction) else entry


def _as_read(entry: object) -> object:
    """An entry as `read_yaml` gives it."""
    if isinstance(entry, dict):
        return {key: _as_read(value) for key, value in entry.items()}
    if isinstance(entry, list):
        return [_as_read(value) for value in entry]
    return Decimal(str(entry)) if isinstance(entry, float) else entry
