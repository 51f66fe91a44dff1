"""Two versions of a case as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from detente.base.parts import Part, Table, strong
from detente.base.words import count, signed_figure
from detente.case.case import Case
from detente.case.diff import WHOLE, Change
from detente.case.naming import Naming
from detente.compare.versions import Versions
from detente.plan.telling import show_certificate

__all__ = ["SIDES", "VERDICTS", "show_versions"]

SIDES = {
    "old": "the old, in the old version",
    "carried": "the old, in the new version",
    "new": "the new, in the new version",
}
"""What the roadmaps of `Versions.sides` are called."""
VERDICTS = {"none": "no steps", "broken": "does not hold", "useless": "holds, and helps no more", "holds": "holds"}
"""The verdicts of `Judged` in words."""


def show_versions(found: Versions, old: Case, new: Case) -> Iterator[Part]:
    """What changed, block by block, and what that did to the roadmap where one was asked for."""
    changes = count(len(found.changes), "change")
    yield strong(f"{changes} between the versions." if found.changes else "Nothing changed.")
    for block, inside in groupby(found.changes, key=lambda change: "" if change.subject == WHOLE else change.block):
        yield _changes(block, list(inside))
    if not found.sides:
        return
    yield _roadmaps(found, old, new)
    if found.carried is not None and found.carried.verdict == "broken":
        yield "The old roadmap in the new version:"
        yield from show_certificate(found.carried.certificate, found.carried.roadmap, Naming(new))
    if found.lost:
        titles = ", ".join(old.measure_title(m) for m in found.lost)
        yield f"Of the old roadmap, without a place in the new version: {titles}."
    if found.steps:
        steps = Table("Steps that enter at another time", "Step", "Was", "Is", "")
        for step in found.steps:
            steps.add(step.title, str(step.old or "never"), str(step.new or "never"), step.kind)
        yield steps
    elif found.old is not None and found.new is not None:
        yield "Every step enters when it did."


def _changes(block: str, inside: Sequence[Change]) -> Table:
    out = Table(block.capitalize(), "About", "What", "Was", "Is")
    for change in inside:
        if change.key:
            out.add(change.subject, change.key, change.was, change.now)
        else:
            out.add(change.subject, change.kind, "", "")
    return out


def _roadmaps(found: Versions, old: Case, new: Case) -> Table:
    parties = {i: spec.name for case in (old, new) for i, spec in case.parties.items()}
    names = [f"Gain: {name}" for name in parties.values()]
    out = Table("Roadmaps (gain over no deal, each party in its own units)", "Roadmap", "", "Steps", *names)
    for name, judged in found.sides.items():
        gains = ["" if (x := judged.gain.get(i)) is None else signed_figure(x) for i in parties]
        broken = len(judged.certificate.broken)
        verdict = VERDICTS[judged.verdict] + (f" ({broken} rows broken)" if broken else "")
        out.add(SIDES[name], verdict, str(judged.roadmap.length), *gains)
    return out
