"""YAML text as plain data, with the place of every key and value.

Read as YAML 1.2: `no` and `on` stay text, a key given twice is a fault. Numbers keep their decimals: whole ones become
`int`, all others `decimal.Decimal`, never a float. Dates stay text. Anchors and aliases work; what they expand to is bounded,
as are size and depth (`base.bounds`), so that a hostile file ends in a message and not in a full memory. A tag says nothing
here that the value does not say, and makes nothing run. No text may hold what steers a terminal (`legible`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from detente.base.bounds import BeyondError, limit, within
from detente.base.legible import steering
from detente.base.wording import TAG, shown
from detente.errors import CaseError, Fault, InputError

__all__ = ["Path", "Place", "Reading", "dotted", "read_yaml"]

Path = tuple[str | int, ...]
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST = 1000  # characters outside YAML that are looked for; a file of other content has millions
_STEP = 100  # characters of a key that a path shows


@dataclass(frozen=True)
class Place:
    """Where an entry stands: line and column of its value, and of its key (of the value again, in a list); 1-based."""

    value: tuple[int, int]
    key: tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """What a text holds: plain data, the places by path, and the faults that did not stop the reading."""

    data: Any
    places: Mapping[Path, Place]
    faults: tuple[Fault, ...] = ()

    def place(self, path: Path) -> Place:
        """The place of the path, or of the nearest entry above it that stands in the text."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place((1, 1), (1, 1)))


def dotted(path: Path) -> str:
    """A path as text: ``demands[0].by``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{_short(step)}" for step in path).removeprefix(".")


def _short(step: str) -> str:
    return step if len(step) <= _STEP else f"{step[:_STEP]}.."


def read_yaml(text: str, source: str, *, error: type[InputError] = CaseError, what: str = "case") -> Reading:
    """Read one YAML document; `what`: how errors call what it holds.

    Raises
    ------
    CaseError
        Or `error`, if the text is no YAML, empty, too large, too deep, or expands without end.
    """
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    from detente.base.compose import compose

    def _unreadable(source: str, place: tuple[int, int], message: str, hint: str) -> InputError:
        faults = [Fault(*place, "", message, hint)]
        return error(f"{source}: cannot be read as a {what}", source=source, faults=faults)

    within("bytes", len(text), source, error=error)
    faults = list(_outside_yaml(text))
    if faults:
        raise error(f"{source}: cannot be read as a {what}", source=source, faults=faults)
    try:
        bounds = limit("entries"), limit("depth")
        root, tagged = compose(text, *bounds)
        if root is None:
            hint = "`detente schema` prints the format" if what == "case" else "begin with `conflict: <slug>`"
            raise _unreadable(source, (0, 0), f"empty: there is no {what} in it", hint)
        tree = _Tree(*bounds, {id(node) for node in tagged})
        data = tree.read(root, ())
    except RecursionError:  # where the bound was raised above what the machine can do
        raise _unreadable(source, (0, 0), "nested too deeply", f"a {what} needs fewer than ten levels") from None
    except BeyondError as err:
        within(err.name, err.got, source, error=error, fault=Fault(*err.place, "", ""))
        raise
    except MarkedYAMLError as err:
        mark = err.problem_mark or err.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise _unreadable(source, place, f"not YAML: {_problem(err)}", _advice(text, place)) from None
    except ReaderError as err:
        raise _unreadable(source, (0, 0), f"not YAML: {err.reason}", "remove it") from None
    except (YAMLError, ValueError) as err:  # ValueError: a character by a number that there is not
        raise _unreadable(source, (0, 0), f"not YAML: {err}", "") from None
    return Reading(data, tree.places, tuple(tree.faults))


def _outside_yaml(text: str) -> Iterator[Fault]:
    """The characters that no YAML text may hold, not even in a comment."""
    line, begin = 1, 0
    for found in islice(_NOT_YAML.finditer(text), _MOST):
        at = found.start()
        line, begin = line + text.count("\n", begin, at), max(begin, text.rfind("\n", begin, at) + 1)
        message = f"the character U+{ord(found[0]):04X} is not allowed in YAML"
        yield Fault(line, at - begin + 1, "", message, "remove it")


def _problem(err: Any) -> str:
    parts = [part for part in (err.problem, err.context) if part]
    return ", ".join(" ".join(str(part).split()) for part in parts)


def _advice(text: str, place: tuple[int, int]) -> str:
    lines = text.splitlines()
    line = lines[place[0] - 1] if 0 < place[0] <= len(lines) else ""
    if "\t" in line:
        return "indent with spaces, not with tabs"
    if line.count(": ") > 1:
        return "put text that holds a colon in quotes"
    return "look at this line and the one above it"


@dataclass
class _Tree:
    """Turns composed nodes into plain data and notes where each one stands."""

    entries: int
    depth: int
    tagged: set[int]
    places: dict[Path, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def read(self, node: Any, path: Path, key: tuple[int, int] | None = None) -> Any:
        here = _start(node)
        if path in self.places:  # an entry given twice: the first stands
            return None
        self.places[path] = Place(here, key or here)
        if len(self.places) > self.entries:
            raise BeyondError("entries", len(self.places), here)
        if len(path) > self.depth:
            raise BeyondError("depth", len(path), here)
        self._check(node, path)
        if node.id == "scalar":
            return _scalar(node)
        if node.id == "sequence":
            return [self.read(item, (*path, n)) for n, item in enumerate(node.value)]
        return dict(self._entries(node, path))

    def _check(self, node: Any, path: Path) -> None:
        plain = node.id == "scalar"
        found = steering(str(node.value)) if plain else ""
        if found:
            message = f"got {found}, wanted text without control characters and marks that turn the direction of writing"
            self.faults.append(Fault(*_start(node), dotted(path), message, "take it out"))
        if id(node) in self.tagged:
            tag = shown(str(node.tag).replace(TAG, "!!"))
            message = f"got {shown(str(node.value)) if plain else f'a {node.id}'} under the tag {tag}"
            self.faults.append(Fault(*_start(node), dotted(path), message, "take the tag out"))

    def _entries(self, node: Any, path: Path) -> Iterator[tuple[str, Any]]:
        for key_node, value_node in node.value:
            place = _start(key_node)
            if key_node.id != "scalar":
                self.faults.append(Fault(*place, dotted(path), "got a list or mapping as a key, wanted a name"))
                continue
            name = str(key_node.value)
            self._check(key_node, (*path, name))
            if (*path, name) in self.places:
                first = self.places[*path, name].key[0]
                message = f"the key {shown(name)} is given twice, first in line {first}"
                self.faults.append(Fault(*place, dotted((*path, name)), message, "keep one of them"))
                continue
            yield name, self.read(value_node, (*path, name), place)


def _start(node: Any) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _scalar(node: Any) -> Any:
    tag, text = str(node.tag).removeprefix(TAG), str(node.value)
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in ("true", "yes", "on")
    try:
        if tag == "int":
            return int(text)
        if tag == "float":
            return Decimal(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    except (ValueError, InvalidOperation):
        return text  # a notation that is no decimal number, such as 0x1F
    return text
