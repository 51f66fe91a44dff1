"""What a change to a roadmap does, as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from detente.base.parts import Part, Table, strong
from detente.base.words import signed_figure
from detente.case.case import Case
from detente.case.naming import NamingIn
from detente.plan.telling import show_certificate
from detente.plan.whatif import Break, WhatIf

__all__ = ["show_places", "show_whatif", "verdict_in_words"]

_VERDICTS = {"impossible": "cannot be", "breaks": "does not hold", "loses": "holds, and helps no more", "holds": "holds"}
_SHOWN = 5  # rows that were broken before, or are mended, and are told one by one


def verdict_in_words(found: WhatIf, roadmap: str = "The roadmap") -> str:
    """The verdict as a sentence. roadmap : what it is said of."""
    why = ": somebody is worse off than without any deal, or nobody better" if found.verdict == "loses" else ""
    return f"{roadmap} {_VERDICTS[found.verdict]}{why}."


def show_whatif(found: WhatIf, case: Case) -> Iterator[Part]:
    """What a change does: whether it can be, which rows it breaks and mends, what it is worth to whom, and the demands."""
    counts = f" {found.certificate.rows} rows checked: {len(found.broken)} broken by the change, {len(found.mended)} mended, "
    counts += f"{len(found.still)} broken before it and still."
    yield strong(verdict_in_words(found, "The changed roadmap") + (counts if found.change else " It changes nothing."))
    if found.reasons:
        yield "\n".join(b.words for b in found.reasons)
    changes = Table("The change", "Step", "Phase", "From", "Now phase", "From")
    for m, (old, new) in found.change.items():
        changes.add(found.instance.measure[m].title, *_when(case, old), *_when(case, new))
    yield changes
    if found.reasons:
        return
    if found.broken:
        yield strong("Broken by the change")
        by_change = replace(found.certificate, broken=tuple(sorted((b.row for b in found.broken), key=lambda r: r.phase)))
        _, *table = show_certificate(by_change, found.roadmap, NamingIn(case, found.instance))
        yield from table
    for title, breaks in (("Broken before it and still", found.still), ("Mended by it", found.mended)):
        if breaks:
            yield strong(title)
            yield "\n".join(_lines(breaks))
    gains = Table("Gain over no deal, each in its own units", "Party", "Before", "Now", "Difference")
    for i, now in found.gain.items():
        before = found.gain_before[i]
        gains.add(case.parties[i].name, *map(signed_figure, (before, now, now - before)))
    yield gains
    for verb, demands in (("given up", found.gives_up), ("met", found.meets)):
        if demands:
            yield f"Demands that are now {verb}: {', '.join(demands)}"


def show_places(found: Sequence[WhatIf], case: Case) -> Iterator[Part]:
    """Every place of a step in turn, with the worst that it breaks or the reason against it."""
    out = Table("", "Phase", "From", "The roadmap", "Rows broken", "Why, or the worst of them")
    for t, place in enumerate(found):
        when = _when(case, t if t < place.instance.phases else None)
        here = "" if place.change else " (as it is)"
        count = "" if place.reasons else str(len(place.broken) or "")
        out.add(*when, _VERDICTS[place.verdict] + here, count, place.broken[0].words if place.broken else "")
    yield out


def _lines(breaks: Sequence[Break]) -> Iterator[str]:
    """The worst of some rows, a line each."""
    yield from (f"phase {b.row.phase}: {b.words}" for b in breaks[:_SHOWN])
    if len(breaks) > _SHOWN:
        yield f"and {len(breaks) - _SHOWN} more"


def _when(case: Case, phase: int | None) -> tuple[str, str]:
    """A phase and the date from which it runs."""
    return ("never", "") if phase is None else ("in force", "") if phase < 0 else (str(phase), str(case.phase_date(phase)))
