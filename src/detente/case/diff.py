"""What changed from one version of a case to another, entry by entry, by id.

Compared is what the files say once they are read and checked: keys with their defaults, lists that name things by their ids,
and not comments, layout or the order of entries. An entry that only one of the two has is one change, whatever it holds; in an
entry that both have every key is one. A value in words is compared as the word; what words stand for is under `grades` and
`rough`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from detente.base.frozen import Frozen, FrozenDict, thawed
from detente.base.words import as_written
from detente.case.case import Case

__all__ = ["WHOLE", "Change", "changes", "counts"]

_LONGEST = 90  # characters of a text that are shown
_ENTRIES = {
    "parties": "party", "measures": "measure", "demands": "demand", "agreements": "agreement", "orders": "order",
    "risks": "risk", "supports": "support", "positions": "question", "sources": "source", "evidence": "evidence",
}  # fmt: skip
WHOLE = "The case"
"""What a change is about that belongs to no entry."""
_ABSENT = "not given"


@dataclass(frozen=True)
class Change(Frozen):
    """One entry that differs.

    block, entry : its block and its id there; None: not by id. path : of the key, such as
    ``measures.relief.value.a``. kind : "added", "dropped" or "changed". old, new : plain data as in the file; None: not there.
    subject, key : in words, what it is about and which key of it, "" for the whole. was, now : in words.
    """

    block: str
    entry: str | None
    path: str
    kind: str
    old: Any
    new: Any
    subject: str
    key: str
    was: str
    now: str

    @property
    def words(self) -> str:
        """The change as a line."""
        if not self.key:
            return f"{self.subject}: {self.kind}"
        return f"{self.subject}, {self.key}: {self.was} -> {self.now}"

    def to_dict(self) -> dict[str, object]:
        return {
            "block": self.block,
            "id": self.entry,
            "path": self.path,
            "kind": self.kind,
            "old": thawed(self.old),
            "new": thawed(self.new),
            "words": self.words,
        }


def changes(old: Case, new: Case) -> tuple[Change, ...]:
    """Every difference, in the order of the blocks and of the new version; what was dropped comes last in its block."""
    plain = [case.model_dump(mode="json", by_alias=True, exclude_defaults=True) for case in (old, new)]
    names = {**_names(old), **_names(new)}
    return tuple(_change(path, was, now, names) for path, was, now in _differing((), *plain))


def counts(found: Sequence[Change]) -> Mapping[str, Mapping[str, int]]:
    """How many changes there are by block and kind."""
    out: dict[str, dict[str, int]] = {}
    for change in found:
        block = out.setdefault(change.block, {})
        block[change.kind] = block.get(change.kind, 0) + 1
    return FrozenDict({block: FrozenDict(kinds) for block, kinds in out.items()})


def _names(case: Case) -> dict[tuple[str, str], str]:
    """Names of parties and titles of measures and agreements, by block and id."""
    names = {("parties", i): spec.name for i, spec in case.parties.items()}
    names |= {("measures", m): spec.title for m, spec in case.measures.items()}
    return names | {("agreements", a): spec.title for a, spec in case.agreements.items()}


def _differing(path: tuple[str, ...], old: Any, new: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """The shortest paths at which two pieces of plain data differ, with what stands there; None: nothing."""
    old, new = _by_id(old), _by_id(new)
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if old != new:
            yield path, old, new
        return
    for key in (*new, *(key for key in old if key not in new)):
        if not path and key in _ENTRIES:  # a block that is not there is one without entries
            yield from _differing((key,), old.get(key, {}) or {}, new.get(key, {}) or {})
        else:
            yield from _differing((*path, key), old.get(key), new.get(key))


def _by_id(data: Any) -> Any:
    """A list of entries as a mapping by their ids, or by their place where they have none; anything else as it is."""
    if not isinstance(data, list) or not data or not all(isinstance(x, dict) for x in data):
        return data
    if all("id" in x for x in data) and len({x["id"] for x in data}) == len(data):
        return {str(x["id"]): {key: value for key, value in x.items() if key != "id"} for x in data}
    return {f"[{n}]": x for n, x in enumerate(data)}


def _change(path: tuple[str, ...], old: Any, new: Any, names: Mapping[tuple[str, str], str]) -> Change:
    block, entry = path[0], path[1] if path[0] in _ENTRIES and len(path) > 1 else None
    below = path[2:] if entry is not None else path[1:]
    if entry is None:
        subject, key = WHOLE, _key((block, *below), names)
    else:
        name = names.get((block, entry))
        subject = f"{name} ({entry})" if name else f"{_ENTRIES[block].capitalize()} {entry}"
        key = _key(below, names)
    kind = "added" if old is None else "dropped" if new is None else "changed"
    if key and kind != "changed" and entry is not None:
        kind = "changed"  # the entry is there, and one of its keys is new or gone
    dotted = ".".join(path).replace(".[", "[")
    return Change(block, entry, dotted, kind, old, new, subject, key, _shown(old, names), _shown(new, names))


def _key(path: Sequence[str], names: Mapping[tuple[str, str], str]) -> str:
    return ", ".join(_named(step, names) for step in path)


def _named(step: str, names: Mapping[tuple[str, str], str]) -> str:
    """A key in words: a party or measure by its name."""
    found = names.get(("parties", step)) or names.get(("measures", step))
    if found:
        return found
    return f"no. {int(step[1:-1]) + 1}" if step.startswith("[") else step.replace("_", " ")


def _shown(data: Any, names: Mapping[tuple[str, str], str]) -> str:
    """Plain data in words, cut where it is long."""
    if data is None:
        return _ABSENT
    if isinstance(data, bool):
        return "yes" if data else "no"
    if isinstance(data, list):
        if len(data) == 3 and all(isinstance(x, int | float) for x in data) and all(a <= b for a, b in pairwise(data)):
            return f"{as_written(data[1])} ({as_written(data[0])} to {as_written(data[2])})"
        text = ", ".join(_shown(x, names) for x in data) or "none"
    elif isinstance(data, dict):
        text = "; ".join(f"{_named(key, names)} {_shown(x, names)}" for key, x in data.items())
    else:
        text = as_written(data) if isinstance(data, int | float) else names.get(("measures", str(data)), str(data))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
