"""What only shows when the supports of a case are held against its measures.

A measure that a support opens is not there without it. So nothing that is tried, demanded or promised without supports may name
it: orders, demands, answers, provisions, comparisons, risks, governments. A measure that needs it has to be opened as well, or have
an alternative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.base.text import Path
from detente.case.model import MeasureSpec
from detente.case.risk import Support

__all__ = ["support_faults"]

Found = tuple[Path, str, str]

_NAMING = {
    "demands": ("first", "before", "reading"),
    "answers": ("if", "holds"),
    "orders": ("steps",),
    "comparisons": ("prefers", "to"),
    "risks": ("of", "on", "value"),
}


def support_faults(
    supports: Mapping[int, Support], measures: Mapping[str, MeasureSpec], data: Mapping[str, Any]
) -> Iterator[Found]:
    """The faults, each with its path.

    Parameters
    ----------
    supports : by their place in the list. measures : those that are sound. data : the raw case.
    """
    opened: dict[str, str] = {}
    for n, support in supports.items():
        for m in support.opens or ():
            opened.setdefault(m, support.id)
            if m in measures and measures[m].in_force:
                yield ("supports", n, "opens"), f"{m} is in force already, so nothing has to open it", "take it out"
        for m in support.of or () if support.slices is not None else ():
            count, finer = measures[m].slices if m in measures else 1, support.slices or 0
            if finer == count or finer % count:
                message = f"got {finer} slices for {m}, which has {count}; wanted a multiple, such as {2 * count}"
                yield ("supports", n, "slices"), message, "each slice of the case is cut into equal parts"
    if measures and set(measures) <= set(opened):
        yield ("supports",), "every measure waits for a support, so that nothing is left to plan with", "open fewer of them"
    yield from _needing(opened, measures)
    yield from _named(opened, data)


def _needing(opened: Mapping[str, str], measures: Mapping[str, MeasureSpec]) -> Iterator[Found]:
    for m, spec in measures.items():
        for k, q in enumerate(spec.requires):
            wholes = {n.partition("/")[0] for n in q.any}
            if m not in opened and wholes <= opened.keys():
                named = " or ".join(q.any)
                message = f"{m} requires {named}, which is there only with the support {opened[min(wholes)]}"
                yield ("measures", m, "requires", k), message, f"let a support open {m} too, or give an alternative"


def _named(opened: Mapping[str, str], data: Mapping[str, Any]) -> Iterator[Found]:
    for block, keys in _NAMING.items():
        entries = data.get(block)
        for n, entry in enumerate(entries if isinstance(entries, list) else ()):
            for key in keys if isinstance(entry, dict) else ():
                given = entry.get(key)
                meant = list(given.values()) if key == "reading" and isinstance(given, dict) else given  # by party
                yield from _closed(meant, opened, (block, n, key))
    parties = data.get("parties")
    for name, party in parties.items() if isinstance(parties, dict) else ():
        governments = party.get("governments") if isinstance(party, dict) else None
        if isinstance(governments, dict):
            yield from _closed(governments.get("value"), opened, ("parties", name, "governments", "value"))
    agreements = data.get("agreements")
    for name, agreement in agreements.items() if isinstance(agreements, dict) else ():
        provisions = agreement.get("provisions") if isinstance(agreement, dict) else None
        for n, provision in enumerate(provisions if isinstance(provisions, list) else ()):
            if isinstance(provision, dict):
                yield from _closed(provision.get("measures"), opened, ("agreements", name, "provisions", n, "measures"))


def _closed(given: Any, opened: Mapping[str, str], path: Path) -> Iterator[Found]:
    """The opened measures within an id, a list of lists of ids, or a mapping by id."""
    if isinstance(given, str):
        whole = given.partition("/")[0]
        if whole in opened:
            message = f"{given} is there only with the support {opened[whole]}, and this is judged without supports"
            yield path, message, "take it out, or take it out of `opens`"
    elif isinstance(given, list | dict):
        for inner in given:
            yield from _closed(inner, opened, path)
