"""YAML text as plain data, with the place of every key and value.

Read as YAML 1.2: `no` and `on` stay text, a key given twice is a fault. Numbers keep their decimals: whole ones become
`int`, all others `decimal.Decimal`, never a float. Dates stay text. Anchors and aliases work; what they expand to is limited,
as are size and depth, so that a hostile file ends in a message and not in a full memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from detente.errors import CaseError, Fault, InputError

__all__ = ["Path", "Place", "Reading", "dotted", "read_yaml"]

MAX_CHARACTERS = 2_000_000
MAX_NODES = 200_000
MAX_DEPTH = 40

Path = tuple[str | int, ...]
_TAG = "tag:yaml.org,2002:"


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
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def read_yaml(text: str, source: str, *, error: type[InputError] = CaseError, what: str = "case") -> Reading:
    """Read one YAML document; `what`: how errors call what it holds.

    Raises
    ------
    CaseError
        Or `error`, if the text is no YAML, empty, too large, too deep, or expands without end.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    def _unreadable(source: str, place: tuple[int, int], message: str, hint: str) -> InputError:
        faults = [Fault(*place, "", message, hint)]
        return error(f"{source}: cannot be read as a {what}", source=source, faults=faults)

    if len(text) > MAX_CHARACTERS:
        raise _unreadable(source, (0, 0), f"longer than {MAX_CHARACTERS:,} characters", f"split the {what}")
    try:
        root = YAML(typ="safe", pure=True).compose(io.StringIO(text))
        if root is None:
            hint = "`detente schema` prints the format" if what == "case" else "begin with `conflict: <slug>`"
            raise _unreadable(source, (0, 0), f"empty: there is no {what} in it", hint)
        tree = _Tree()
        data = tree.read(root, ())
    except RecursionError:
        raise _unreadable(
            source, (0, 0), f"nested more than {MAX_DEPTH} levels deep", f"a {what} needs fewer than ten"
        ) from None
    except _LimitError as err:
        raise _unreadable(source, err.place, str(err), "write it out without aliases") from None
    except MarkedYAMLError as err:
        mark = err.problem_mark or err.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise _unreadable(source, place, f"not YAML: {_problem(err)}", _advice(text, place)) from None
    except ReaderError as err:
        line = text.count("\n", 0, err.position) + 1
        column = err.position - text.rfind("\n", 0, err.position)
        character = f"U+{ord(err.character) if isinstance(err.character, str) else err.character:04X}"
        raise _unreadable(source, (line, column), f"the character {character} is not allowed in YAML", "remove it") from None
    except YAMLError as err:
        raise _unreadable(source, (0, 0), f"not YAML: {err}", "") from None
    return Reading(data, tree.places, tuple(tree.faults))


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


class _LimitError(Exception):
    def __init__(self, message: str, place: tuple[int, int]) -> None:
        self.place = place
        super().__init__(message)


@dataclass
class _Tree:
    """Turns composed nodes into plain data and notes where each one stands."""

    places: dict[Path, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def read(self, node: Any, path: Path, key: tuple[int, int] | None = None) -> Any:
        here = _start(node)
        if path in self.places:  # an entry given twice: the first stands
            return None
        self.places[path] = Place(here, key or here)
        if len(self.places) > MAX_NODES:
            raise _LimitError(f"expands to more than {MAX_NODES:,} entries", here)
        if len(path) > MAX_DEPTH:
            raise _LimitError(f"nested more than {MAX_DEPTH} levels deep", here)
        if node.id == "scalar":
            return _scalar(node)
        if node.id == "sequence":
            return [self.read(item, (*path, n)) for n, item in enumerate(node.value)]
        return dict(self._entries(node, path))

    def _entries(self, node: Any, path: Path) -> Iterator[tuple[str, Any]]:
        for key_node, value_node in node.value:
            place = _start(key_node)
            if key_node.id != "scalar":
                self.faults.append(Fault(*place, dotted(path), "got a list or mapping as a key, wanted a name"))
                continue
            name = str(key_node.value)
            if (*path, name) in self.places:
                first = self.places[*path, name].key[0]
                message = f"the key {name!r} is given twice, first in line {first}"
                self.faults.append(Fault(*place, dotted((*path, name)), message, "keep one of them"))
                continue
            yield name, self.read(value_node, (*path, name), place)


def _start(node: Any) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _scalar(node: Any) -> Any:
    tag, text = str(node.tag).removeprefix(_TAG), str(node.value)
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
